//! What pages and the API read.

use super::department::{Department, as_tree};
use super::permission::Scope;
use super::session::Session;
use super::store::sessions::OpenSession;
use super::store::tokens::ApiToken;
use super::{Absence, Action, Contact, Org, OrgError, Role, USER, User, store};
use crate::db::{Conn, DbError};
use crate::kernel::{DepartmentId, RoleId, UserId};

/// Which people a list shows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UserFilter {
    /// Part of a login, name, number or mobile number.
    pub text: String,
    /// Only this department.
    pub department: Option<DepartmentId>,
    /// Only those with this role.
    pub role: Option<String>,
    /// Only active ones, or only disabled ones.
    pub active: Option<bool>,
    /// The login after which the page begins.
    pub after: Option<String>,
}

/// People on a page of a list.
pub const USERS_A_PAGE: usize = 50;

impl Org {
    /// A page of the people in `scope`, by login, and whether there are more. The directory holds everybody in memory anyway, so this
    /// reads them all and filters here.
    pub async fn users(&self, scope: &Scope, filter: &UserFilter) -> Result<(Vec<User>, bool), OrgError> {
        let all = self.0.db.read(async |c| Ok::<_, OrgError>(store::users::all(c).await?)).await?;
        let after = filter.after.as_deref().unwrap_or_default();
        let seen = all.into_iter().filter(|user| user.login.as_str() > after);
        let mut page: Vec<User> = seen
            .filter(|user| scope.covers(Some(user.id), user.department) && filter.shows(user))
            .take(USERS_A_PAGE + 1)
            .collect();
        let more = page.len() > USERS_A_PAGE;
        page.truncate(USERS_A_PAGE);
        Ok((page, more))
    }

    /// One person in `scope`.
    pub async fn user(&self, scope: &Scope, id: UserId) -> Result<User, OrgError> {
        let find = async move |c: &mut Conn<'_>| store::users::by_id(c, id).await?.ok_or(OrgError::NotFound);
        let user = self.0.db.read(find).await?;
        if scope.covers(Some(user.id), user.department) { Ok(user) } else { Err(OrgError::NotFound) }
    }

    /// How a person is written to, within a unit.
    pub async fn contact(c: &mut Conn<'_>, id: UserId) -> Result<Option<Contact>, DbError> {
        store::users::contact(c, id).await
    }

    /// Themselves.
    pub async fn oneself(&self, session: &Session) -> Result<User, OrgError> {
        let id = session.user_id();
        let find = async move |c: &mut Conn<'_>| store::users::by_id(c, id).await?.ok_or(OrgError::NotFound);
        self.0.db.read(find).await
    }

    /// The departments as a tree from the roots down, each with its depth.
    pub async fn departments(&self) -> Result<Vec<(usize, Department)>, OrgError> {
        Ok(as_tree(self.0.db.read(async |c| Ok::<_, OrgError>(store::departments::all(c).await?)).await?))
    }

    /// One department.
    pub async fn department(&self, id: DepartmentId) -> Result<Department, OrgError> {
        let departments = self.departments().await?;
        departments.into_iter().map(|(_, one)| one).find(|one| one.id == id).ok_or(OrgError::NotFound)
    }

    /// The roles with their grants, those that came with the program first.
    pub async fn roles(&self) -> Result<Vec<Role>, OrgError> {
        self.0.db.read(async |c| Ok(store::roles::all(c).await?)).await
    }

    /// One role.
    pub async fn role(&self, id: RoleId) -> Result<Role, OrgError> {
        self.roles().await?.into_iter().find(|role| role.id == id).ok_or(OrgError::NotFound)
    }

    /// Their own open sessions.
    pub async fn own_sessions(&self, session: &Session) -> Result<Vec<OpenSession>, OrgError> {
        let (user, now) = (session.user_id(), self.now());
        self.0.db.read(async move |c: &mut Conn<'_>| Ok(store::sessions::of_user(c, user, now).await?)).await
    }

    /// Their own tokens.
    pub async fn own_tokens(&self, session: &Session) -> Result<Vec<ApiToken>, OrgError> {
        let user = session.user_id();
        self.0.db.read(async move |c: &mut Conn<'_>| Ok(store::tokens::all(c, Some(user)).await?)).await
    }

    /// The tokens of the people in `scope`.
    pub async fn tokens(&self, scope: &Scope) -> Result<Vec<ApiToken>, OrgError> {
        let directory = self.directory();
        let department = |user: UserId| directory.people.get(&user).and_then(|person| person.department);
        let mut tokens = self.all_tokens().await?;
        tokens.retain(|token| scope.covers(Some(token.user), department(token.user)));
        Ok(tokens)
    }

    /// The absences of a person that are not over, the first first: their own, or of somebody whose account they administer.
    pub async fn absences(&self, session: &Session, user: UserId) -> Result<Vec<Absence>, OrgError> {
        let now = self.now();
        if user != session.user_id() {
            let person = session.authority().directory().people.get(&user).ok_or(OrgError::NotFound)?;
            session.scope(&USER, Action::Administer)?.demand(Some(user), person.department)?;
        }
        let mut all = self.0.db.read(async |c| Ok::<_, OrgError>(store::absences::all(c).await?)).await?;
        all.retain(|one| one.user == user && one.until > now);
        Ok(all)
    }
}

impl UserFilter {
    fn shows(&self, user: &User) -> bool {
        let text = self.text.trim().to_lowercase();
        let named = [Some(&user.login), Some(&user.name), user.number.as_ref(), user.mobile.as_ref()];
        let found = text.is_empty() || named.into_iter().flatten().any(|name| name.to_lowercase().contains(&text));
        found
            && self.department.is_none_or(|one| user.department == Some(one))
            && self.role.as_ref().is_none_or(|role| user.roles.contains(role))
            && self.active.is_none_or(|active| user.active == active)
    }
}
