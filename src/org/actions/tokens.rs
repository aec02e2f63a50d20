//! Tokens by which programs act for people: everybody's own, those of others for who administers accounts.

use crate::db::Conn;
use crate::kernel::{Actor, Ref, Timestamp, Token, UserId};
use crate::org::role::Action;
use crate::org::session::{ApiTokenId, Session};
use crate::org::store::tokens::ApiToken;
use crate::org::{Org, OrgError, USER, store, user};

use super::Mark;

impl Org {
    /// A token for a program that acts for the person. The secret is told once.
    pub async fn create_own_token(
        &self,
        by: &Session,
        name: &str,
        expires: Option<Timestamp>,
    ) -> Result<(ApiTokenId, Token), OrgError> {
        self.create_token(by.actor(), by.user_id(), name, expires).await
    }

    /// The same for somebody by their login, from the command line of the machine.
    pub async fn create_token_for(
        &self,
        login: &str,
        name: &str,
        expires: Option<Timestamp>,
    ) -> Result<(ApiTokenId, Token), OrgError> {
        let authority = self.refresh().await?;
        let login = login.trim().to_lowercase();
        let user = authority.directory().by_login(&login).filter(|person| person.active).ok_or(OrgError::NotFound)?;
        self.create_token(Actor::SYSTEM, user.id, name, expires).await
    }

    /// Everybody's tokens, from the command line of the machine.
    pub async fn all_tokens(&self) -> Result<Vec<ApiToken>, OrgError> {
        self.0.db.read(async |c| Ok(store::tokens::all(c, None).await?)).await
    }

    /// Revokes any token, from the command line of the machine.
    pub async fn revoke_any_token(&self, id: ApiTokenId) -> Result<(), OrgError> {
        let token = self.token(id).await?;
        self.revoke(Mark { actor: Actor::SYSTEM, at: self.now() }, token).await
    }

    /// Revokes a token of their own, or of somebody whose account they administer.
    pub async fn revoke_token(&self, by: &Session, id: ApiTokenId) -> Result<(), OrgError> {
        let token = self.token(id).await?;
        if token.user != by.user_id() {
            // Who may not see the token does not learn that there is one.
            let department = by.authority().directory().people.get(&token.user).and_then(|person| person.department);
            let covered =
                by.scope(&USER, Action::Administer).is_ok_and(|scope| scope.covers(Some(token.user), department));
            if !covered {
                return Err(OrgError::NotFound);
            }
        }
        self.revoke(Mark { actor: by.actor(), at: self.now() }, token).await
    }

    async fn create_token(
        &self,
        actor: Actor,
        user: UserId,
        name: &str,
        expires: Option<Timestamp>,
    ) -> Result<(ApiTokenId, Token), OrgError> {
        let name = user::name(name).map_err(|_| OrgError::TokenName)?;
        let mark = Mark { actor, at: self.now() };
        if expires.is_some_and(|expires| expires <= mark.at) {
            return Err(OrgError::TokenExpiry);
        }
        let token = Token::new(&*self.0.random);
        let hash = token.hash();
        let unit = async move |c: &mut Conn<'_>| {
            let id = store::tokens::insert(c, hash, user, &name, mark.at, expires).await?;
            let new = store::tokens::by_id(c, id).await?;
            mark.write(c, &Ref::new("user", user.get()), "user.token_created", None, new.as_ref()).await?;
            Ok::<_, OrgError>(id)
        };
        Ok((self.0.db.write(unit).await?, token))
    }

    async fn token(&self, id: ApiTokenId) -> Result<ApiToken, OrgError> {
        let find = async move |c: &mut Conn<'_>| store::tokens::by_id(c, id).await?.ok_or(OrgError::NotFound);
        self.0.db.read(find).await
    }

    async fn revoke(&self, mark: Mark, token: ApiToken) -> Result<(), OrgError> {
        let unit = async move |c: &mut Conn<'_>| {
            if store::tokens::revoke(c, token.id, mark.at).await? {
                mark.write(c, &Ref::new("user", token.user.get()), "user.token_revoked", Some(&token), None).await?;
            }
            Ok(())
        };
        self.0.db.write(unit).await
    }
}
