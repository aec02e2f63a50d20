//! People, for administrators.

use axum::Router;
use axum::extract::State;
use axum::routing::{get, post};
use serde::{Deserialize, Serialize};

use super::choices::{self, Choice, chosen};
use super::{
    AdministerUsers, CreateUsers, CurrentUser, EditUsers, NewUserPath, Permission, ReadUsers, UserAbsencesPath,
    UserActivePath, UserPasswordPath, UserPath, UsersPath,
};
use crate::i18n::{Lang, msg};
use crate::kernel::UserId;
use crate::org::{Action, Org, Password, ROLE, USER, User, UserFields, UserFilter};
use crate::web::{self, Address as _, Form, FormState, Note, Page, Query};

#[derive(Clone, Serialize)]
struct UsersPage {
    filter: FormState,
    users: Vec<ShownUser>,
    departments: Vec<Choice>,
    roles: Vec<Choice>,
    next: String,
    new: Option<String>,
}

#[derive(Clone, Serialize)]
struct ShownUser {
    user: User,
    path: String,
    department: String,
    roles: Vec<String>,
}

#[derive(Clone, Serialize)]
struct UserPage {
    form: FormState,
    user: Option<User>,
    departments: Vec<Choice>,
    people: Vec<Choice>,
    roles: Vec<Choice>,
    may_edit: bool,
    may_give_roles: bool,
    upkeep: Option<Upkeep>,
    action: String,
}

/// What who administers accounts can do with one.
#[derive(Clone, Serialize)]
struct Upkeep {
    active: String,
    password: String,
    absences: String,
    oneself: bool,
}

/// A password that somebody has to be told; shown now and never again.
#[derive(Clone, Serialize)]
struct OneTimePage {
    name: String,
    login: String,
    password: String,
    back: String,
}

impl Page for UsersPage {
    const TEMPLATE: &'static str = "org/users.html";
}

impl Page for UserPage {
    const TEMPLATE: &'static str = "org/user.html";
}

impl Page for OneTimePage {
    const TEMPLATE: &'static str = "org/one_time.html";
}

#[derive(Default, Deserialize, Serialize)]
#[serde(default)]
struct ListQuery {
    q: String,
    department: String,
    role: String,
    state: String,
    after: String,
}

#[derive(Deserialize)]
struct UserForm {
    login: String,
    name: String,
    #[serde(default)]
    number: String,
    #[serde(default)]
    mobile: String,
    #[serde(default)]
    email: String,
    #[serde(default)]
    department: String,
    #[serde(default)]
    manager: String,
    #[serde(default)]
    roles: Vec<String>,
    #[serde(default)]
    password: String,
    #[serde(default)]
    version: i64,
}

#[derive(Deserialize)]
struct AccountForm {
    version: i64,
    #[serde(default)]
    active: String,
}

pub(super) fn routes() -> Router<Org> {
    Router::new()
        .route(UsersPath::PATTERN, get(list))
        .route(NewUserPath::PATTERN, get(blank).post(create))
        .route(UserPath::PATTERN, get(show).post(save))
        .route(UserActivePath::PATTERN, post(set_active))
        .route(UserPasswordPath::PATTERN, post(reset_password))
}

async fn list(user: Permission<ReadUsers>, State(org): State<Org>, Query(query): Query<ListQuery>) -> web::Result {
    let filter = UserFilter {
        text: query.q.clone(),
        department: chosen(&query.department),
        role: (!query.role.is_empty()).then(|| query.role.clone()),
        active: match query.state.as_str() {
            "active" => Some(true),
            "disabled" => Some(false),
            _ => None,
        },
        after: (!query.after.is_empty()).then(|| query.after.clone()),
    };
    let (users, more) = org.users(&user.scope, &filter).await?;
    let (tree, roles) = (org.departments().await?, org.roles().await?);
    let shown_filter = FormState::of(&query)?;
    let last = users.last().filter(|_| more).map(|user| user.login.clone());
    let next = match last {
        Some(after) => UsersPath {}.with_query(&ListQuery { after, ..query }).map_err(web::Error::internal)?,
        None => String::new(),
    };
    let directory = org.directory();
    let shown = users.into_iter().map(|one| ShownUser {
        path: UserPath { id: one.id }.to_string(),
        department: one
            .department
            .and_then(|id| directory.departments.get(&id))
            .map_or_else(String::new, |it| it.name.clone()),
        roles: roles
            .iter()
            .filter(|role| one.roles.contains(&role.name))
            .map(|role| choices::title(role, user.lang()).to_owned())
            .collect(),
        user: one,
    });
    let users = shown.collect();
    let new = user.session().may(&USER, Action::Create).then(|| NewUserPath {}.to_string());
    let (departments, roles) = (choices::departments(&tree), choices::roles(&roles, user.lang()));
    user.page(&UsersPage { filter: shown_filter, users, departments, roles, next, new })
}

async fn blank(user: Permission<CreateUsers>, State(org): State<Org>) -> web::Result {
    user.page(&page(&user, &org, FormState::empty(), None).await?)
}

async fn create(user: Permission<CreateUsers>, State(org): State<Org>, form: Form<UserForm>) -> web::Result {
    let initial = (!form.value.password.is_empty()).then(|| Password::typed(&form.value.password));
    let fields = fields(&form.value);
    let (name, login) = (fields.name.trim().to_owned(), fields.login.trim().to_lowercase());
    match org.create_user(user.session(), fields, initial).await {
        Ok((id, password)) => {
            let (password, back) = (password.reveal().to_owned(), UserPath { id }.to_string());
            user.page(&OneTimePage { name, login, password, back })
        }
        Err(error) => user.page_again(&page(&user, &org, form.typed.refused(error)?, None).await?),
    }
}

async fn show(user: Permission<ReadUsers>, UserPath { id }: UserPath, State(org): State<Org>) -> web::Result {
    let shown = org.user(&user.scope, id).await?;
    user.page(&page(&user, &org, FormState::of(&shown)?, Some(shown)).await?)
}

async fn save(
    user: Permission<EditUsers>,
    UserPath { id }: UserPath,
    State(org): State<Org>,
    form: Form<UserForm>,
) -> web::Result {
    let known = org.user(&user.scope, id).await?;
    let mut fields = fields(&form.value);
    if !user.session().may(&ROLE, Action::Administer) {
        // The form of who may not give roles does not show them.
        fields.roles.clone_from(&known.roles);
    }
    match org.edit_user(user.session(), id, form.value.version, fields).await {
        Ok(()) => Ok(user.go_with(UserPath { id }, &Note::done(user.text(&msg!("org.saved"))))),
        Err(error) => user.page_again(&page(&user, &org, form.typed.refused(error)?, Some(known)).await?),
    }
}

async fn set_active(
    user: Permission<AdministerUsers>,
    UserActivePath { id }: UserActivePath,
    State(org): State<Org>,
    form: Form<AccountForm>,
) -> web::Result {
    let active = form.value.active == "yes";
    org.set_user_active(user.session(), id, form.value.version, active).await?;
    let said = if active { msg!("org.user_enabled") } else { msg!("org.user_disabled") };
    Ok(user.go_with(UserPath { id }, &Note::done(user.text(&said))))
}

async fn reset_password(
    user: Permission<AdministerUsers>,
    UserPasswordPath { id }: UserPasswordPath,
    State(org): State<Org>,
    form: Form<AccountForm>,
) -> web::Result {
    let password = org.reset_password(user.session(), id, form.value.version).await?;
    let User { name, login, .. } = org.user(&user.scope, id).await?;
    let (password, back) = (password.reveal().to_owned(), UserPath { id }.to_string());
    user.page(&OneTimePage { name, login, password, back })
}

fn fields(form: &UserForm) -> UserFields {
    UserFields {
        login: form.login.clone(),
        name: form.name.clone(),
        number: form.number.clone(),
        mobile: form.mobile.clone(),
        email: form.email.clone(),
        department: chosen(&form.department),
        manager: chosen(&form.manager),
        roles: form.roles.iter().filter(|role| !role.is_empty()).cloned().collect(),
    }
}

async fn page(by: &CurrentUser, org: &Org, form: FormState, user: Option<User>) -> Result<UserPage, web::Error> {
    let (tree, roles) = (org.departments().await?, org.roles().await?);
    let id: Option<UserId> = user.as_ref().map(|user| user.id);
    let session = by.session();
    let upkeep = id.filter(|_| session.may(&USER, Action::Administer)).map(|id| Upkeep {
        active: UserActivePath { id }.to_string(),
        password: UserPasswordPath { id }.to_string(),
        absences: UserAbsencesPath { id }.to_string(),
        oneself: session.user_id() == id,
    });
    let needed = if id.is_some() { Action::Edit } else { Action::Create };
    let lang: Lang = by.lang();
    Ok(UserPage {
        form,
        departments: choices::departments(&tree),
        people: choices::people(&org.directory(), id),
        roles: choices::roles(&roles, lang),
        may_edit: session.may(&USER, needed),
        may_give_roles: session.may(&ROLE, Action::Administer),
        upkeep,
        action: id.map_or_else(|| NewUserPath {}.to_string(), |id| UserPath { id }.to_string()),
        user,
    })
}

/// Somebody, for the pages' tests.
#[cfg(test)]
pub(super) fn sample() -> User {
    User {
        id: UserId::new(2),
        login: "zhang".into(),
        name: "Zhang".into(),
        number: Some("A-1".into()),
        mobile: None,
        email: None,
        department: None,
        manager: None,
        active: true,
        language: Lang::En,
        must_change_password: false,
        activated_at: None,
        roles: ["legal".to_owned()].into(),
        version: 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::testing::renders;

    fn page(user: Option<User>, upkeep: Option<Upkeep>) -> UserPage {
        UserPage {
            form: user.as_ref().map_or_else(FormState::empty, |user| FormState::of(user).unwrap()),
            user,
            departments: vec![Choice::new(1, "Sales")],
            people: vec![Choice::new(1, "Li")],
            roles: vec![Choice::new("legal", "Legal")],
            may_edit: true,
            may_give_roles: true,
            upkeep,
            action: "/admin/users/2".into(),
        }
    }

    #[tokio::test]
    async fn people_render() {
        let path = |path: &str| path.to_owned();
        let upkeep = Upkeep { active: path("/a"), password: path("/b"), absences: path("/c"), oneself: false };
        renders(page(None, None)).await;
        renders(page(Some(sample()), None)).await;
        renders(page(Some(sample()), Some(upkeep))).await;
        let (name, login, password, back) = ("Zhang".into(), "zhang".into(), "AAAA-BBBB-CCCC".into(), path("/"));
        renders(OneTimePage { name, login, password, back }).await;
    }

    #[tokio::test]
    async fn the_list_of_people_renders() {
        let shown = ShownUser {
            user: sample(),
            path: "/admin/users/2".into(),
            department: "Sales".into(),
            roles: vec!["Legal".into()],
        };
        let page = |users| UsersPage {
            filter: FormState::of(&ListQuery::default()).unwrap(),
            users,
            departments: Vec::new(),
            roles: Vec::new(),
            next: "/admin/users?after=zhang".into(),
            new: Some("/admin/users/new".into()),
        };
        renders(page(vec![shown])).await;
        renders(page(Vec::new())).await;
    }
}
