//! How the kit and other rooms learn who asks.

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::ops::Deref;
use std::sync::Arc;

use async_trait::async_trait;
use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::request::Parts;

use super::FirstLoginPath;
use crate::i18n::Lang;
use crate::kernel::Token;
use crate::org::{self, Org, Session};
use crate::web::{Error, LoggedIn, People, Person};

/// Whoever knows people, for the kit.
pub fn people(org: Org) -> Arc<dyn People> {
    Arc::new(Known(org))
}

struct Known(Org);

#[async_trait]
impl People for Known {
    async fn by_session(&self, token: &Token) -> Result<Option<Person>, Error> {
        Ok(self.0.by_session(token).await?.map(|session| {
            let powers = session.powers();
            Person { powers, ..person(session) }
        }))
    }

    async fn by_api_token(&self, token: &Token) -> Result<Option<Person>, Error> {
        Ok(self.0.by_api_token(token).await?.map(person))
    }

    async fn choose_language(&self, person: &Person, lang: Lang) -> Result<(), Error> {
        Ok(self.0.choose_language(person.user, lang).await?)
    }
}

/// Whoever it is; what they may do is looked up for those who see a navigation.
fn person(session: Session) -> Person {
    let directory = session.authority().directory();
    let department = session.user.department.and_then(|id| directory.departments.get(&id));
    Person {
        user: session.user_id(),
        name: session.user.name.clone(),
        note: department.map_or_else(|| session.user.login.clone(), |department| department.name.clone()),
        lang: Some(session.user.language),
        powers: BTreeSet::new(),
        first: (!session.user.is_activated()).then(|| FirstLoginPath {}.to_string()),
        proof: Arc::new(session),
    }
}

/// A request of somebody who is signed in, with what `org` knows of them: a page of theirs, or an API call by their token.
#[derive(Clone)]
pub struct CurrentUser {
    visit: LoggedIn,
    session: Arc<Session>,
}

impl CurrentUser {
    /// Who they are and what they may do.
    pub fn session(&self) -> &Session {
        &self.session
    }
}

impl Deref for CurrentUser {
    type Target = LoggedIn;

    fn deref(&self) -> &LoggedIn {
        &self.visit
    }
}

impl<S: Send + Sync> FromRequestParts<S> for CurrentUser {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Error> {
        let visit = LoggedIn::from_request_parts(parts, state).await?;
        let session = visit.person().proof::<Session>().ok_or_else(Error::log_in_first)?;
        Ok(Self { visit, session })
    }
}

/// Where a request comes from.
pub struct Origin(pub org::Origin);

impl<S: Send + Sync> FromRequestParts<S> for Origin {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
        let header = |name: &str| parts.headers.get(name).and_then(|value| value.to_str().ok());
        // Only a proxy on this machine is believed; anybody else could write what they like.
        let forwarded = header("x-forwarded-for").and_then(|list| list.rsplit(',').next()).map(str::trim);
        let address = match (peer, forwarded) {
            (Some(peer), Some(forwarded)) if peer.is_loopback() => forwarded.to_owned(),
            (Some(peer), _) => peer.to_string(),
            (None, _) => String::new(),
        };
        Ok(Self(org::Origin { address, agent: header("user-agent").unwrap_or_default().to_owned() }))
    }
}
