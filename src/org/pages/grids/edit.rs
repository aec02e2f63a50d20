//! A new grid, and a new version of one: a table that is edited, with the faults in their rows.

use std::collections::BTreeMap;

use axum::Router;
use axum::extract::State;
use axum::routing::get;
use serde::{Deserialize, Serialize};

use super::show::{VersionQuery, at_version};
use super::{GridPath, NewGridPath, NewGridVersionPath};
use crate::i18n::{Message, msg};
use crate::kernel::Date;
use crate::org::pages::choices::Choice;
use crate::org::pages::{AdministerGrids, Permission};
use crate::org::{GridError, GridFields, GridVersionFields, Org, OrgError};
use crate::web::{self, Address as _, Form, FormState, Note, Page, Query, Typed};
use crate::workflow::explain::{Names, holder_said};
use crate::workflow::{Directory, GridFault, Holder, TypedRow, read_rows};

/// How the fields of a row begin: `rows[2].from`.
const ROW: &str = "rows[";

#[derive(Clone, Serialize)]
struct EditPage {
    form: FormState,
    /// Of a grid that is there.
    grid: Option<GridHead>,
    action: String,
    rows: Vec<EditedRow>,
    departments: Vec<Choice>,
    holders: Vec<HolderGroup>,
    /// The rows were looked at and nothing is wrong with them.
    sound: bool,
}

impl Page for EditPage {
    const TEMPLATE: &'static str = "org/grid_edit.html";
}

#[derive(Clone, Serialize)]
struct GridHead {
    title: String,
    path: String,
    newest: u32,
}

/// A row as it was typed, with what is wrong in it.
#[derive(Clone, Serialize)]
struct EditedRow {
    category: String,
    from: String,
    below: String,
    department: String,
    /// Whether it stands among the departments.
    department_listed: bool,
    /// Those who were chosen, and a place for one more.
    who: Vec<EditedHolder>,
    faults: Vec<Message>,
    wrong: Vec<&'static str>,
}

/// Somebody who was chosen.
#[derive(Clone, Serialize)]
struct EditedHolder {
    value: String,
    /// Whether it stands in the list; who left does not.
    listed: bool,
}

/// A part of the list of those who can hold an authority.
#[derive(Clone, Serialize)]
struct HolderGroup {
    label: Message,
    holders: Vec<Choice>,
}

#[derive(Deserialize)]
struct GridForm {
    #[serde(default)]
    name: String,
    #[serde(default)]
    title: String,
    #[serde(default)]
    starts_on: String,
    #[serde(default)]
    note: String,
    #[serde(default)]
    newest: u32,
    /// `add`, `remove:N`, `check`; anything else saves.
    #[serde(default, rename = "do")]
    act: String,
}

pub(super) fn routes() -> Router<Org> {
    Router::new()
        .route(NewGridPath::PATTERN, get(blank).post(create))
        .route(NewGridVersionPath::PATTERN, get(next).post(add))
}

async fn blank(user: Permission<AdministerGrids>, State(org): State<Org>) -> web::Result {
    user.page(&Editor::of(&user, &org, None).page(starting(org.today()), Vec::new()))
}

async fn next(
    user: Permission<AdministerGrids>,
    NewGridVersionPath { name }: NewGridVersionPath,
    State(org): State<Org>,
    Query(query): Query<VersionQuery>,
) -> web::Result {
    let editor = Editor::of(&user, &org, Some(&name));
    let grid = editor.directory.grids.get(&name).ok_or_else(web::Error::not_found)?;
    let version = grid.version(query.number).or_else(|| grid.version(grid.newest()));
    let rows = version.into_iter().flat_map(|version| &version.rows).map(TypedRow::from).collect();
    user.page(&editor.page(starting(org.today()), rows))
}

async fn create(user: Permission<AdministerGrids>, State(org): State<Org>, form: Form<GridForm>) -> web::Result {
    let editor = Editor::of(&user, &org, None);
    let rows = match editor.edited(&form) {
        Edited::Again(page) => return user.page(page.as_ref()),
        Edited::Save(rows) => rows,
    };
    let GridForm { name, title, .. } = &form.value;
    let first = fields(&form.value, rows.clone());
    match org.create_grid(user.session(), GridFields { name: name.clone(), title: title.clone(), first }).await {
        Ok(name) => {
            let note = Note::done(user.text(&msg!("org.grid.made", version = 1)));
            Ok(user.go_with(GridPath { name }, &note))
        }
        Err(error) => user.page_again(&editor.refused(&form.typed, rows, error)?),
    }
}

async fn add(
    user: Permission<AdministerGrids>,
    NewGridVersionPath { name }: NewGridVersionPath,
    State(org): State<Org>,
    form: Form<GridForm>,
) -> web::Result {
    let editor = Editor::of(&user, &org, Some(&name));
    let rows = match editor.edited(&form) {
        Edited::Again(page) => return user.page(page.as_ref()),
        Edited::Save(rows) => rows,
    };
    let version = fields(&form.value, rows.clone());
    match org.add_grid_version(user.session(), &name, form.value.newest, version).await {
        Ok(number) => {
            let note = Note::done(user.text(&msg!("org.grid.made", version = number)));
            Ok(user.go_with(at_version(&GridPath { name }, number), &note))
        }
        Err(error) => user.page_again(&editor.refused(&form.typed, rows, error)?),
    }
}

fn starting(today: Date) -> FormState {
    let mut form = FormState::empty();
    form.put("starts_on", &today.to_string());
    form
}

fn fields(form: &GridForm, rows: Vec<TypedRow>) -> GridVersionFields {
    GridVersionFields { from: form.starts_on.trim().parse().ok(), note: form.note.clone(), rows }
}

/// The rows of the form, in the order of their numbers.
fn typed_rows(typed: &Typed) -> Vec<TypedRow> {
    let mut rows: BTreeMap<usize, TypedRow> = BTreeMap::new();
    for (name, value) in typed.iter() {
        let place = name.strip_prefix(ROW).and_then(|rest| rest.split_once("]."));
        let Some((number, field)) = place.and_then(|(number, field)| Some((number.parse().ok()?, field))) else {
            continue;
        };
        let (row, value) = (rows.entry(number).or_default(), value.to_owned());
        match field {
            "category" => row.category = value,
            "from" => row.from = value,
            "below" => row.below = value,
            "department" => row.department = value,
            "who" if !value.is_empty() => row.who.push(value),
            _ => {}
        }
    }
    rows.into_values().collect()
}

/// What a form that came back asks for.
enum Edited {
    /// The page with the rows as they are now.
    Again(Box<EditPage>),
    /// These rows are to be stored; blank ones are left out.
    Save(Vec<TypedRow>),
}

/// What every page of the editor shows.
struct Editor {
    directory: std::sync::Arc<Directory>,
    grid: Option<GridHead>,
    action: String,
    departments: Vec<Choice>,
    holders: Vec<HolderGroup>,
}

impl Editor {
    fn of(user: &Permission<AdministerGrids>, org: &Org, name: Option<&str>) -> Self {
        let directory = org.directory();
        let names = Names { directory: Some(&directory), lang: user.lang(), ..Names::default() };
        let label = |holder: Holder| Choice::new(&holder, user.text(&holder_said(&holder, names)));
        let of_roles = |make: fn(String) -> Holder| directory.roles.keys().cloned().map(make).map(label).collect();
        let group = |label, holders| HolderGroup { label, holders };
        let logins = directory.people.values().filter(|person| person.active).map(|person| person.login.clone());
        let holders = vec![
            group(msg!("org.grid.by_role"), of_roles(Holder::Role)),
            group(msg!("org.grid.by_line"), vec![label(Holder::Manager), label(Holder::HeadOfDepartment)]),
            group(msg!("org.grid.by_managers"), of_roles(Holder::ManagersUpTo)),
            group(msg!("org.grid.by_role_in_department"), of_roles(Holder::RoleInDepartment)),
            group(msg!("org.grid.by_name"), logins.map(Holder::User).map(label).collect()),
        ];
        let departments = directory.departments.values().map(|one| Choice::new(&one.code, one.name.clone())).collect();
        let grid = name.and_then(|name| directory.grids.get(name)).map(|grid| GridHead {
            title: grid.title.clone(),
            path: GridPath { name: grid.name.clone() }.to_string(),
            newest: grid.newest(),
        });
        let action = name.map_or_else(
            || NewGridPath {}.to_string(),
            |name| NewGridVersionPath { name: name.to_owned() }.to_string(),
        );
        Self { directory, grid, action, departments, holders }
    }

    /// What the button asked for.
    fn edited(&self, form: &Form<GridForm>) -> Edited {
        let mut rows = typed_rows(&form.typed);
        match form.value.act.split_once(':') {
            None if form.value.act == "add" => rows.push(TypedRow::default()),
            Some(("remove", number)) => {
                if let Some(number) = number.parse().ok().filter(|number| *number < rows.len()) {
                    rows.remove(number);
                }
            }
            _ => {
                rows.retain(|row| !row.is_blank());
                if form.value.act != "check" {
                    return Edited::Save(rows);
                }
                let faults = read_rows(&rows, &self.directory).err().unwrap_or_default();
                let page = EditPage { sound: faults.is_empty(), ..self.faulty(form.typed.state(), rows, &faults) };
                return Edited::Again(Box::new(page));
            }
        }
        Edited::Again(Box::new(self.page(form.typed.state(), rows)))
    }

    /// The page again with what the action said.
    fn refused(&self, typed: &Typed, rows: Vec<TypedRow>, error: OrgError) -> Result<EditPage, web::Error> {
        let faults = match &error {
            OrgError::Grid(GridError::Faults(faults)) => faults.clone(),
            _ => Vec::new(),
        };
        Ok(self.faulty(typed.refused(error)?, rows, &faults))
    }

    fn page(&self, form: FormState, rows: Vec<TypedRow>) -> EditPage {
        self.faulty(form, rows, &[])
    }

    fn faulty(&self, mut form: FormState, mut rows: Vec<TypedRow>, faults: &[GridFault]) -> EditPage {
        faults.iter().filter(|fault| fault.row.is_none()).for_each(|fault| form.problem(fault.message()));
        if rows.is_empty() {
            rows.push(TypedRow::default());
        }
        let rows = rows.into_iter().enumerate().map(|(number, row)| {
            let here: Vec<_> = faults.iter().filter(|fault| fault.row == Some(number)).collect();
            self.edited_row(row, &here)
        });
        EditPage {
            form,
            grid: self.grid.clone(),
            action: self.action.clone(),
            rows: rows.collect(),
            departments: self.departments.clone(),
            holders: self.holders.clone(),
            sound: false,
        }
    }

    fn edited_row(&self, row: TypedRow, faults: &[&GridFault]) -> EditedRow {
        let TypedRow { category, from, below, department, who } = row;
        let offered = |value: &str, choices: &[Choice]| value.is_empty() || choices.iter().any(|one| one.is(value));
        let who = who.into_iter().chain([String::new()]).map(|value| EditedHolder {
            listed: value.is_empty() || self.holders.iter().any(|group| offered(&value, &group.holders)),
            value,
        });
        EditedRow {
            category,
            from,
            below,
            department_listed: offered(&department, &self.departments),
            department,
            who: who.collect(),
            faults: faults.iter().map(|fault| fault.message()).collect(),
            wrong: faults.iter().map(|fault| fault.problem.field()).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::testing::renders;

    #[tokio::test]
    async fn the_editor_renders_with_faults_in_their_rows() {
        let holder = HolderGroup { label: msg!("org.grid.by_role"), holders: vec![Choice::new("role:boss", "Boss")] };
        let head = GridHead { title: "Sales".into(), path: "/admin/authority-grids/sales".into(), newest: 2 };
        let mut editor = Editor {
            directory: std::sync::Arc::default(),
            grid: Some(head),
            action: "/admin/authority-grids/sales/versions/new".into(),
            departments: vec![Choice::new("XS", "Sales")],
            holders: vec![holder],
        };
        let row = TypedRow { from: "ten".into(), who: vec!["role:boss".into()], ..TypedRow::default() };
        let rows = vec![row, TypedRow::default()];
        let faults = read_rows(&rows, &editor.directory).unwrap_err();
        let page = editor.faulty(FormState::empty(), rows, &faults);
        assert!(page.rows.iter().all(|row| !row.faults.is_empty()));
        renders(page).await;
        editor.grid = None;
        renders(EditPage { sound: true, ..editor.page(FormState::empty(), Vec::new()) }).await;
    }
}
