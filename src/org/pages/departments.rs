//! Departments, for administrators.

use axum::Router;
use axum::extract::State;
use axum::routing::get;
use serde::{Deserialize, Serialize};

use super::choices::{self, Choice, chosen};
use super::{
    CreateDepartments, CurrentUser, DepartmentPath, DepartmentsPath, EditDepartments, NewDepartmentPath, Permission,
    ReadDepartments,
};
use crate::i18n::msg;
use crate::kernel::DepartmentId;
use crate::org::{Action, DEPARTMENT, Department, DepartmentFields, Org};
use crate::web::{self, Address as _, Form, FormState, Note, Page};

#[derive(Clone, Serialize)]
struct DepartmentsPage {
    departments: Vec<ShownDepartment>,
    new: Option<String>,
}

#[derive(Clone, Serialize)]
struct ShownDepartment {
    department: Department,
    depth: usize,
    head: String,
    people: usize,
    path: String,
}

#[derive(Clone, Serialize)]
struct DepartmentPage {
    form: FormState,
    department: Option<Department>,
    parents: Vec<Choice>,
    people: Vec<Choice>,
    may_edit: bool,
    action: String,
}

impl Page for DepartmentsPage {
    const TEMPLATE: &'static str = "org/departments.html";
}

impl Page for DepartmentPage {
    const TEMPLATE: &'static str = "org/department.html";
}

#[derive(Deserialize)]
struct DepartmentForm {
    code: String,
    name: String,
    #[serde(default)]
    parent: String,
    #[serde(default)]
    head: String,
    #[serde(default)]
    closed: String,
    #[serde(default)]
    version: i64,
}

pub(super) fn routes() -> Router<Org> {
    Router::new()
        .route(DepartmentsPath::PATTERN, get(list))
        .route(NewDepartmentPath::PATTERN, get(blank).post(create))
        .route(DepartmentPath::PATTERN, get(show).post(save))
}

async fn list(user: Permission<ReadDepartments>, State(org): State<Org>) -> web::Result {
    let directory = org.directory();
    let departments = org.departments().await?.into_iter().map(|(depth, department)| ShownDepartment {
        depth,
        head: department.head.map_or_else(String::new, |head| directory.name(head)),
        people: directory.people.values().filter(|one| one.active && one.department == Some(department.id)).count(),
        path: DepartmentPath { id: department.id }.to_string(),
        department,
    });
    let departments = departments.collect();
    let new = user.session().may(&DEPARTMENT, Action::Create).then(|| NewDepartmentPath {}.to_string());
    user.page(&DepartmentsPage { departments, new })
}

async fn blank(user: Permission<CreateDepartments>, State(org): State<Org>) -> web::Result {
    user.page(&page(&user, &org, FormState::empty(), None).await?)
}

async fn create(
    user: Permission<CreateDepartments>,
    State(org): State<Org>,
    form: Form<DepartmentForm>,
) -> web::Result {
    match org.create_department(user.session(), fields(&form.value)).await {
        Ok(_) => Ok(user.go_with(DepartmentsPath {}, &Note::done(user.text(&msg!("org.saved"))))),
        Err(error) => user.page_again(&page(&user, &org, form.typed.refused(error)?, None).await?),
    }
}

async fn show(
    user: Permission<ReadDepartments>,
    DepartmentPath { id }: DepartmentPath,
    State(org): State<Org>,
) -> web::Result {
    let department = org.department(id).await?;
    let mut form = FormState::of(&department)?;
    if !department.active {
        form.put("closed", "yes");
    }
    user.page(&page(&user, &org, form, Some(department)).await?)
}

async fn save(
    user: Permission<EditDepartments>,
    DepartmentPath { id }: DepartmentPath,
    State(org): State<Org>,
    form: Form<DepartmentForm>,
) -> web::Result {
    match org.edit_department(user.session(), id, form.value.version, fields(&form.value)).await {
        Ok(()) => Ok(user.go_with(DepartmentsPath {}, &Note::done(user.text(&msg!("org.saved"))))),
        Err(error) => {
            let known = org.department(id).await?;
            user.page_again(&page(&user, &org, form.typed.refused(error)?, Some(known)).await?)
        }
    }
}

fn fields(form: &DepartmentForm) -> DepartmentFields {
    DepartmentFields {
        code: form.code.clone(),
        name: form.name.clone(),
        parent: chosen(&form.parent),
        head: chosen(&form.head),
        active: form.closed.is_empty(),
    }
}

async fn page(
    by: &CurrentUser,
    org: &Org,
    form: FormState,
    department: Option<Department>,
) -> Result<DepartmentPage, web::Error> {
    let id: Option<DepartmentId> = department.as_ref().map(|one| one.id);
    let tree: Vec<_> = org.departments().await?.into_iter().filter(|(_, one)| Some(one.id) != id).collect();
    let needed = if id.is_some() { Action::Edit } else { Action::Create };
    Ok(DepartmentPage {
        form,
        parents: choices::departments(&tree),
        people: choices::people(&org.directory(), None),
        may_edit: by.session().may(&DEPARTMENT, needed),
        action: id.map_or_else(|| NewDepartmentPath {}.to_string(), |id| DepartmentPath { id }.to_string()),
        department,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::testing::renders;

    fn sample() -> Department {
        let (id, code, name) = (DepartmentId::new(1), "XS".into(), "Sales".into());
        Department { id, code, name, parent: None, head: None, active: false, version: 1 }
    }

    #[tokio::test]
    async fn departments_render() {
        let (head, path) = ("Li".to_owned(), "/admin/departments/1".to_owned());
        let shown = ShownDepartment { department: sample(), depth: 1, head, people: 3, path: path.clone() };
        renders(DepartmentsPage { departments: vec![shown], new: None }).await;
        renders(DepartmentsPage { departments: Vec::new(), new: Some(path.clone()) }).await;
        for department in [None, Some(sample())] {
            let (form, action) = (FormState::empty(), path.clone());
            let (parents, people) = (vec![Choice::new(2, "Group")], vec![Choice::new(1, "Li")]);
            renders(DepartmentPage { form, department, parents, people, may_edit: true, action }).await;
        }
    }
}
