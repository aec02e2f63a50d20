//! Roles and what they may do, for administrators.

use axum::Router;
use axum::extract::State;
use axum::routing::{get, post};
use serde::{Deserialize, Serialize};

use super::choices::{self, Choice};
use super::{AdministerRoles, CurrentUser, DeleteRolePath, NewRolePath, Permission, ReadRoles, RolePath, RolesPath};
use crate::i18n::{self, Message, msg};
use crate::org::{ADMINISTRATOR, Action, Grant, Org, ROLE, Reach, Role, RoleFields};
use crate::web::{self, Address as _, Form, FormState, Note, Page};

/// How the fields of grants begin: `grant.contract.read`.
const GRANT: &str = "grant.";

#[derive(Clone, Serialize)]
struct RolesPage {
    roles: Vec<ShownRole>,
    new: Option<String>,
}

#[derive(Clone, Serialize)]
struct ShownRole {
    role: Role,
    title: String,
    people: Vec<String>,
    path: String,
    all: bool,
}

#[derive(Clone, Serialize)]
struct RolePage {
    form: FormState,
    role: Option<Role>,
    kinds: Vec<ShownKind>,
    reaches: Vec<Choice>,
    all: bool,
    may_edit: bool,
    action: String,
    delete: Option<String>,
}

/// A line of the table of grants.
#[derive(Clone, Serialize)]
struct ShownKind {
    title: String,
    actions: Vec<Choice>,
}

impl Page for RolesPage {
    const TEMPLATE: &'static str = "org/roles.html";
}

impl Page for RolePage {
    const TEMPLATE: &'static str = "org/role.html";
}

#[derive(Deserialize)]
struct RoleForm {
    name: String,
    title_zh: String,
    #[serde(default)]
    title_en: String,
    #[serde(default)]
    version: i64,
}

#[derive(Deserialize)]
struct DeleteForm {
    version: i64,
}

pub(super) fn routes() -> Router<Org> {
    Router::new()
        .route(RolesPath::PATTERN, get(list))
        .route(NewRolePath::PATTERN, get(blank).post(create))
        .route(RolePath::PATTERN, get(show).post(save))
        .route(DeleteRolePath::PATTERN, post(delete))
}

async fn list(user: Permission<ReadRoles>, State(org): State<Org>) -> web::Result {
    let directory = org.directory();
    let roles = org.roles().await?.into_iter().map(|role| ShownRole {
        title: choices::title(&role, user.lang()).to_owned(),
        people: directory.with_role(&role.name).map(|person| person.name.clone()).collect(),
        path: RolePath { id: role.id }.to_string(),
        all: role.name == ADMINISTRATOR,
        role,
    });
    let roles = roles.collect();
    let new = user.session().may(&ROLE, Action::Administer).then(|| NewRolePath {}.to_string());
    user.page(&RolesPage { roles, new })
}

async fn blank(user: Permission<AdministerRoles>, State(org): State<Org>) -> web::Result {
    user.page(&page(&user, &org, FormState::empty(), None))
}

async fn create(user: Permission<AdministerRoles>, State(org): State<Org>, form: Form<RoleForm>) -> web::Result {
    match org.create_role(user.session(), fields(&form)).await {
        Ok(_) => Ok(user.go_with(RolesPath {}, &Note::done(user.text(&msg!("org.saved"))))),
        Err(error) => user.page_again(&page(&user, &org, form.typed.refused(error)?, None)),
    }
}

async fn show(user: Permission<ReadRoles>, RolePath { id }: RolePath, State(org): State<Org>) -> web::Result {
    let role = org.role(id).await?;
    let mut form = FormState::empty();
    form.put("name", &role.name);
    form.put("title_zh", &role.title_zh);
    form.put("title_en", &role.title_en);
    form.put("version", &role.version.to_string());
    for grant in &role.grants {
        form.put(&field(grant.kind.as_str(), grant.action), grant.reach.name());
    }
    user.page(&page(&user, &org, form, Some(role)))
}

async fn save(
    user: Permission<AdministerRoles>,
    RolePath { id }: RolePath,
    State(org): State<Org>,
    form: Form<RoleForm>,
) -> web::Result {
    match org.edit_role(user.session(), id, form.value.version, fields(&form)).await {
        Ok(()) => Ok(user.go_with(RolesPath {}, &Note::done(user.text(&msg!("org.saved"))))),
        Err(error) => {
            let known = org.role(id).await?;
            user.page_again(&page(&user, &org, form.typed.refused(error)?, Some(known)))
        }
    }
}

async fn delete(
    user: Permission<AdministerRoles>,
    DeleteRolePath { id }: DeleteRolePath,
    State(org): State<Org>,
    form: Form<DeleteForm>,
) -> web::Result {
    org.delete_role(user.session(), id, form.value.version).await?;
    Ok(user.go_with(RolesPath {}, &Note::done(user.text(&msg!("org.role_deleted")))))
}

fn field(kind: &str, action: Action) -> String {
    format!("{GRANT}{kind}.{}", action.name())
}

/// The form's own fields and one list that opens a kind and action.
fn fields(form: &Form<RoleForm>) -> RoleFields {
    let grant = |(name, value): (&str, &str)| {
        let (kind, action) = name.strip_prefix(GRANT)?.split_once('.')?;
        let (action, reach) = (Action::named(action)?, Reach::named(value)?);
        Some(Grant { kind: kind.parse().ok()?, action, reach })
    };
    RoleFields {
        name: form.value.name.clone(),
        title_zh: form.value.title_zh.clone(),
        title_en: form.value.title_en.clone(),
        grants: form.typed.iter().filter_map(grant).collect(),
    }
}

fn page(by: &CurrentUser, org: &Org, form: FormState, role: Option<Role>) -> RolePage {
    let text = |key: &'static str| i18n::text(by.lang(), &Message::of(key));
    let kinds = org.kinds().iter().map(|one| ShownKind {
        title: text(one.title),
        actions: one
            .actions
            .iter()
            .map(|action| Choice::new(field(one.kind.as_str(), *action), text(action.title())))
            .collect(),
    });
    let reaches = Reach::ALL.iter().map(|reach| Choice::new(reach.name(), text(reach.title())));
    let id = role.as_ref().map(|role| role.id);
    let own = role.as_ref().filter(|role| !role.shipped).map(|role| role.id);
    RolePage {
        form,
        kinds: kinds.collect(),
        reaches: reaches.collect(),
        all: role.as_ref().is_some_and(|role| role.name == ADMINISTRATOR),
        may_edit: by.session().may(&ROLE, Action::Administer),
        action: id.map_or_else(|| NewRolePath {}.to_string(), |id| RolePath { id }.to_string()),
        delete: own.map(|id| DeleteRolePath { id }.to_string()),
        role,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::RoleId;
    use crate::web::testing::renders;

    fn sample() -> Role {
        let (id, name, title) = (RoleId::new(1), "legal".into(), "Legal".to_owned());
        let grants = std::collections::BTreeSet::new();
        Role { id, name, title_zh: title.clone(), title_en: title, shipped: true, grants, version: 1 }
    }

    #[tokio::test]
    async fn roles_render() {
        let (title, path) = ("Legal".to_owned(), "/admin/roles/1".to_owned());
        let shown = ShownRole { role: sample(), title, people: vec!["Li".into()], path: path.clone(), all: false };
        renders(RolesPage { roles: vec![shown], new: Some(path.clone()) }).await;
        for (role, all) in [(None, false), (Some(sample()), false), (Some(sample()), true)] {
            let kind = ShownKind { title: "Users".into(), actions: vec![Choice::new("grant.user.read", "See")] };
            let (form, reaches, action) = (FormState::empty(), vec![Choice::new("own", "Own")], path.clone());
            let delete = role.as_ref().map(|_| path.clone());
            renders(RolePage { form, role, kinds: vec![kind], reaches, all, may_edit: true, action, delete }).await;
        }
    }
}
