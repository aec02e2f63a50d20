//! How approvals go: by step, person, department and kind of record, what is overdue, and all of it as an Excel workbook.

use axum::Router;
use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse as _;
use axum::routing::get;
use serde::{Deserialize, Serialize};

use super::{CasePath, Choice, ExcelPath, FiguresPath};
use crate::approval::figures::{Cell, FigureFilter, Names, Table, time_said, workbook};
use crate::approval::{APPROVAL, ApprovalError, Desk};
use crate::i18n::{self, Message, msg};
use crate::kernel::{DepartmentId, Timestamp, UserId};
use crate::org::{Records, Scope};
use crate::web::{self, Address as _, FormState, LoggedIn, Page, Query};

/// What a workbook is sent as.
const EXCEL: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(default)]
struct FiguresQuery {
    from: String,
    to: String,
    workflow: String,
    department: String,
}

#[derive(Clone, Serialize)]
struct FiguresPage {
    whose: Message,
    filter: FormState,
    workflows: Vec<Choice>,
    departments: Vec<Choice>,
    overdue: ShownTable,
    more_overdue: bool,
    tables: Vec<ShownTable>,
    cut: bool,
    excel: String,
}

impl Page for FiguresPage {
    const TEMPLATE: &'static str = "approval/figures.html";
}

#[derive(Clone, Serialize)]
struct ShownTable {
    title: String,
    head: Vec<ShownHead>,
    rows: Vec<ShownRow>,
}

#[derive(Clone, Serialize)]
struct ShownHead {
    name: String,
    /// Whether words stand in its column, rather than numbers.
    words: bool,
}

#[derive(Clone, Serialize)]
struct ShownRow {
    cells: Vec<ShownCell>,
    mark: Option<String>,
    path: Option<String>,
}

#[derive(Clone, Default, Serialize)]
struct ShownCell {
    text: String,
    share: Option<u32>,
    at: Option<Timestamp>,
}

/// What a page and a workbook are made of.
struct Overview {
    tables: Vec<Table>,
    overdue: Table,
    more_overdue: bool,
    cut: bool,
}

pub(super) fn routes() -> Router<Desk> {
    Router::new().route(FiguresPath::PATTERN, get(show)).route(ExcelPath::PATTERN, get(excel))
}

impl FiguresQuery {
    /// What it asks for; a day that is none is as if nothing was said.
    fn filter(&self, desk: &Desk) -> FigureFilter {
        let days = FigureFilter::new(desk.approvals().today(), self.from.parse().ok(), self.to.parse().ok());
        let workflow = Some(self.workflow.clone()).filter(|name| !name.is_empty());
        FigureFilter { workflow, department: self.department.parse().ok().map(DepartmentId::new), ..days }
    }
}

async fn show(visit: LoggedIn, State(desk): State<Desk>, Query(query): Query<FiguresQuery>) -> web::Result {
    let (scope, filter) = (desk.figures_open_to(visit.user()), query.filter(&desk));
    let directory = desk.directory();
    let names = desk.figure_names(&directory).await?;
    let Overview { tables, overdue, more_overdue, cut } =
        overview(&desk, visit.user(), &scope, &filter, &names).await?;
    // What was not said is shown as it was taken.
    let shown = FiguresQuery { from: filter.from.to_string(), to: filter.to.to_string(), ..query };
    let departments =
        directory.departments.values().filter(|one| scope.covers(None, Some(one.id))).map(|one| (one.id, &one.name));
    visit.page(&FiguresPage {
        whose: whose(&scope),
        workflows: names.workflows.iter().map(|(name, title)| Choice::new(name, title)).collect(),
        departments: departments.map(|(id, name)| Choice::new(id, name)).collect(),
        overdue: shown_table(&visit, overdue),
        more_overdue,
        tables: tables.into_iter().map(|table| shown_table(&visit, table)).collect(),
        cut,
        excel: ExcelPath {}.with_query(&shown).map_err(web::Error::internal)?,
        filter: FormState::of(&shown)?,
    })
}

async fn excel(visit: LoggedIn, State(desk): State<Desk>, Query(query): Query<FiguresQuery>) -> web::Result {
    let (scope, filter) = (desk.figures_open_to(visit.user()), query.filter(&desk));
    let directory = desk.directory();
    let names = desk.figure_names(&directory).await?;
    let Overview { tables, overdue, .. } = overview(&desk, visit.user(), &scope, &filter, &names).await?;
    let sheets: Vec<Table> = std::iter::once(overdue).chain(tables).collect();
    let bytes = workbook(&sheets, visit.lang(), desk.approvals().zone()).map_err(web::Error::internal)?;
    let name = format!("attachment; filename=\"approvals-{}-{}.xlsx\"", filter.from, filter.to);
    Ok(([(header::CONTENT_TYPE, EXCEL.to_owned()), (header::CONTENT_DISPOSITION, name)], bytes).into_response())
}

async fn overview(
    desk: &Desk,
    reader: UserId,
    scope: &Scope,
    filter: &FigureFilter,
    names: &Names<'_>,
) -> Result<Overview, ApprovalError> {
    let report = desk.approvals().figures(scope, filter).await?;
    let (tasks, more_overdue) = desk.approvals().overdue(&desk.viewer(reader), scope, filter).await?;
    let overdue = Table::overdue(&tasks, names);
    Ok(Overview { tables: report.tables(names), overdue, more_overdue, cut: report.cut })
}

/// Whose figures somebody sees.
fn whose(scope: &Scope) -> Message {
    match scope.records() {
        Records::All => msg!("approval.figures.of_all"),
        Records::Of { owners, .. } if owners.len() > 1 => msg!("approval.figures.of_some", people = owners.len()),
        Records::Of { .. } => msg!("approval.figures.of_oneself"),
    }
}

fn shown_table(visit: &LoggedIn, table: Table) -> ShownTable {
    let words = |column: usize| {
        table.rows.iter().any(|row| matches!(row.cells.get(column), Some(Cell::Text(_) | Cell::Said(_))))
    };
    let head = table.head.iter().enumerate();
    let head = head.map(|(column, name)| ShownHead { name: visit.text(name), words: words(column) }).collect();
    let rows = table.rows.into_iter().map(|row| ShownRow {
        cells: row.cells.into_iter().map(|cell| shown_cell(visit, &cell)).collect(),
        mark: row.mark.map(|mark| visit.text(&mark)),
        path: row.case.map(|case| CasePath { case }.to_string()),
    });
    ShownTable { title: visit.text(&table.title), head, rows: rows.collect() }
}

fn shown_cell(visit: &LoggedIn, cell: &Cell) -> ShownCell {
    let text = match cell {
        Cell::Empty | Cell::At(_) => String::new(),
        Cell::Text(text) => text.clone(),
        Cell::Said(message) => visit.text(message),
        Cell::Count(count) => i18n::number(i64::try_from(*count).unwrap_or(i64::MAX)),
        Cell::Minutes(minutes) => visit.text(&time_said(*minutes)),
        Cell::Percent(share) | Cell::Share(share) => format!("{share}%"),
    };
    match cell {
        Cell::Share(share) => ShownCell { text, share: Some(*share), at: None },
        Cell::At(at) => ShownCell { text, share: None, at: Some(*at) },
        _ => ShownCell { text, ..ShownCell::default() },
    }
}

impl Desk {
    /// Whose figures somebody may see.
    pub(in crate::approval) fn figures_open_to(&self, reader: UserId) -> Scope {
        self.org().authority().scope_of_figures(reader, &APPROVAL)
    }

    /// What workflows and kinds of records are called.
    pub(in crate::approval) async fn figure_names<'d>(
        &self,
        directory: &'d crate::workflow::Directory,
    ) -> Result<Names<'d>, ApprovalError> {
        let current = self.approvals().current_workflows().await?;
        let workflows = current.into_iter().map(|one| (one.name, one.title)).collect();
        Ok(Names { directory, workflows, kinds: self.kind_titles() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::testing::renders;

    fn table() -> ShownTable {
        let cell = |text: &str| ShownCell { text: text.into(), ..ShownCell::default() };
        let share = ShownCell { share: Some(60), ..cell("60%") };
        let at = ShownCell { at: Some(Timestamp::from_micros(0)), ..ShownCell::default() };
        let (mark, path) = (Some("Bottleneck".to_owned()), Some("/approvals/1".to_owned()));
        let rows = vec![
            ShownRow { cells: vec![cell("Legal"), share, at, cell("")], mark, path },
            ShownRow { cells: vec![cell("Manager")], mark: None, path: None },
        ];
        let head = ["Step", "Share", "Due", "Late"].map(|name| ShownHead { name: name.into(), words: name == "Step" });
        ShownTable { title: "By step".into(), head: head.to_vec(), rows }
    }

    #[tokio::test]
    async fn the_figures_render() {
        let page = FiguresPage {
            whose: msg!("approval.figures.of_some", people = 3),
            filter: FormState::empty(),
            workflows: vec![Choice::new("a", "A"), Choice::new("b", "B")],
            departments: vec![Choice::new(1, "Sales"), Choice::new(2, "Legal")],
            overdue: table(),
            more_overdue: true,
            tables: vec![table()],
            cut: true,
            excel: "/approvals/figures.xlsx".into(),
        };
        let nothing = ShownTable { rows: Vec::new(), ..table() };
        let empty = FiguresPage { tables: Vec::new(), overdue: nothing, cut: false, ..page.clone() };
        renders(page).await;
        renders(empty).await;
    }
}
