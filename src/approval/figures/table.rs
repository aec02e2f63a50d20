//! Figures as tables: what the page shows and what the workbook holds are the same.

use std::collections::BTreeMap;

use super::overdue::OverdueTask;
use super::report::{Pace, Report, Suggestions};
use super::spread::percent;
use crate::i18n::{Message, msg};
use crate::kernel::{CaseId, DepartmentId, Kind, Timestamp};
use crate::workflow::Directory;

/// A table.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::approval) struct Table {
    pub(in crate::approval) title: Message,
    pub(in crate::approval) head: Vec<Message>,
    pub(in crate::approval) rows: Vec<Row>,
}

/// A row; its first cell is what it is about.
#[derive(Clone, Debug, Default, PartialEq)]
pub(in crate::approval) struct Row {
    pub(in crate::approval) cells: Vec<Cell>,
    /// What makes it stand out.
    pub(in crate::approval) mark: Option<Message>,
    /// The case that it leads to.
    pub(in crate::approval) case: Option<CaseId>,
}

/// A cell.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::approval) enum Cell {
    Empty,
    Text(String),
    Said(Message),
    Count(u64),
    /// Time in minutes.
    Minutes(u64),
    Percent(u32),
    /// A part of a whole in per cent, to be seen at once.
    Share(u32),
    At(Timestamp),
}

impl Cell {
    /// Nothing where there is none.
    fn count(count: u64) -> Self {
        if count == 0 { Self::Empty } else { Self::Count(count) }
    }

    fn minutes(minutes: Option<u64>) -> Self {
        minutes.map_or(Self::Empty, Self::Minutes)
    }

    fn percent(part: u64, whole: u64) -> Self {
        percent(part, whole).map_or(Self::Empty, Self::Percent)
    }

    fn share(part: u64, whole: u64) -> Self {
        percent(part, whole).map_or(Self::Empty, Self::Share)
    }
}

/// What workflows, kinds of records, people and departments are called.
pub(in crate::approval) struct Names<'a> {
    pub(in crate::approval) directory: &'a Directory,
    pub(in crate::approval) workflows: BTreeMap<String, String>,
    pub(in crate::approval) kinds: BTreeMap<Kind, Message>,
}

impl Names<'_> {
    /// What people call a workflow; its name where it is no longer there.
    pub(in crate::approval) fn workflow(&self, name: &str) -> String {
        self.workflows.get(name).cloned().unwrap_or_else(|| name.to_owned())
    }

    fn kind(&self, kind: &Kind) -> Cell {
        self.kinds.get(kind).map_or_else(|| Cell::Text(kind.to_string()), |title| Cell::Said(title.clone()))
    }

    /// What a department is called; nothing for those who work in none, or in one that is no longer there.
    pub(in crate::approval) fn department(&self, department: Option<DepartmentId>) -> Option<String> {
        self.directory.departments.get(&department?).map(|one| one.name.clone())
    }
}

impl Report {
    /// Steps, people, departments, kinds, decided cases, returns; those without rows are left out.
    pub(in crate::approval) fn tables(&self, names: &Names<'_>) -> Vec<Table> {
        let tables = [
            self.steps(names),
            self.people(names),
            self.departments(names),
            self.kinds(names),
            self.cases(names),
            self.returned(names),
        ];
        tables.into_iter().filter(|table| !table.rows.is_empty()).collect()
    }

    fn steps(&self, names: &Names<'_>) -> Table {
        let mut head =
            vec![msg!("approval.figures.step"), msg!("approval.figures.workflow"), msg!("approval.figures.share")];
        head.extend(pace_head());
        head.extend([msg!("approval.figures.again"), msg!("approval.figures.kept")]);
        head.extend(suggestions_head());
        let rows = self.steps.iter().map(|step| {
            let mut cells = vec![Cell::Text(step.title.clone()), Cell::Text(names.workflow(&step.workflow))];
            cells.push(Cell::Share(step.share));
            cells.extend(pace_cells(&step.pace));
            cells.extend([Cell::count(step.pace.asked_again), Cell::count(step.pace.kept)]);
            cells.extend(suggestions_cells(step.pace.suggestions));
            Row { cells, mark: step.bottleneck.then(|| msg!("approval.figures.bottleneck")), case: None }
        });
        Table { title: msg!("approval.figures.by_step"), rows: rows.collect(), head }
    }

    fn people(&self, names: &Names<'_>) -> Table {
        let mut head = vec![msg!("approval.figures.person")];
        head.extend(pace_head());
        head.extend(suggestions_head());
        let rows = self.people.iter().map(|person| {
            let mut cells = vec![Cell::Text(names.directory.name(person.of))];
            cells.extend(pace_cells(&person.pace));
            cells.extend(suggestions_cells(person.pace.suggestions));
            Row { cells, ..Row::default() }
        });
        Table { title: msg!("approval.figures.by_person"), rows: rows.collect(), head }
    }

    fn departments(&self, names: &Names<'_>) -> Table {
        let mut head = vec![msg!("approval.figures.department")];
        head.extend(pace_head());
        let rows = self.departments.iter().map(|department| {
            let name = names.department(department.of);
            let name = name.map_or_else(|| Cell::Said(msg!("approval.figures.no_department")), Cell::Text);
            Row { cells: std::iter::once(name).chain(pace_cells(&department.pace)).collect(), ..Row::default() }
        });
        Table { title: msg!("approval.figures.by_department"), rows: rows.collect(), head }
    }

    fn kinds(&self, names: &Names<'_>) -> Table {
        let mut head = vec![msg!("approval.figures.kind")];
        head.extend(pace_head());
        let rows = self.kinds.iter().map(|kind| {
            let cells = std::iter::once(names.kind(&kind.of)).chain(pace_cells(&kind.pace));
            Row { cells: cells.collect(), ..Row::default() }
        });
        Table { title: msg!("approval.figures.by_kind"), rows: rows.collect(), head }
    }

    fn cases(&self, names: &Names<'_>) -> Table {
        let head = vec![
            msg!("approval.figures.workflow"),
            msg!("approval.figures.rework_rate"),
            msg!("approval.figures.decided"),
            msg!("approval.figures.reworked"),
            msg!("approval.figures.median"),
            msg!("approval.figures.ninetieth"),
        ];
        let rows = self.workflows.iter().map(|one| {
            let known = one.working.count > 0;
            let cells = vec![
                Cell::Text(names.workflow(&one.workflow)),
                Cell::share(one.reworked, one.cases),
                Cell::Count(one.cases),
                Cell::count(one.reworked),
                Cell::minutes(known.then_some(one.working.median)),
                Cell::minutes(known.then_some(one.working.ninetieth)),
            ];
            Row { cells, ..Row::default() }
        });
        Table { title: msg!("approval.figures.by_workflow"), rows: rows.collect(), head }
    }

    fn returned(&self, names: &Names<'_>) -> Table {
        let head = vec![
            msg!("approval.figures.step"),
            msg!("approval.figures.back_to"),
            msg!("approval.figures.count"),
            msg!("approval.figures.workflow"),
        ];
        let rows = self.returns.iter().map(|one| {
            let to = one.to_title.clone().map_or_else(|| Cell::Said(msg!("approval.figures.drafter")), Cell::Text);
            let (from, workflow) = (one.from_title.clone(), names.workflow(&one.workflow));
            Row { cells: vec![Cell::Text(from), to, Cell::Count(one.count), Cell::Text(workflow)], ..Row::default() }
        });
        Table { title: msg!("approval.figures.returns"), rows: rows.collect(), head }
    }
}

fn pace_head() -> [Message; 6] {
    [
        msg!("approval.figures.median"),
        msg!("approval.figures.ninetieth"),
        msg!("approval.figures.total"),
        msg!("approval.figures.count"),
        msg!("approval.figures.late"),
        msg!("approval.figures.sent_back"),
    ]
}

fn pace_cells(pace: &Pace) -> [Cell; 6] {
    let known = pace.working.count > 0;
    [
        Cell::minutes(known.then_some(pace.working.median)),
        Cell::minutes(known.then_some(pace.working.ninetieth)),
        Cell::minutes(known.then_some(pace.working.total)),
        Cell::count(pace.elapsed.count),
        Cell::percent(pace.late, pace.with_due),
        Cell::count(pace.sent_back),
    ]
}

fn suggestions_head() -> [Message; 2] {
    [msg!("approval.figures.suggestions"), msg!("approval.figures.taken")]
}

fn suggestions_cells(suggestions: Suggestions) -> [Cell; 2] {
    let answered = suggestions.taken + suggestions.declined;
    [Cell::count(suggestions.made), Cell::percent(suggestions.taken, answered)]
}

impl Table {
    /// What is overdue now.
    pub(in crate::approval) fn overdue(tasks: &[OverdueTask], names: &Names<'_>) -> Self {
        let head = vec![
            msg!("approval.figures.record"),
            msg!("approval.figures.person"),
            msg!("approval.figures.late_by"),
            msg!("approval.figures.due"),
            msg!("approval.figures.step"),
            msg!("approval.figures.workflow"),
        ];
        let rows = tasks.iter().map(|task| {
            let record = match &task.case {
                Some((_, title)) => Cell::Text(title.clone()),
                None => Cell::Said(msg!("approval.figures.not_open_to_you")),
            };
            let people: Vec<String> = task.people.iter().map(|person| names.directory.name(*person)).collect();
            let cells = vec![
                record,
                Cell::Text(people.join(" / ")),
                Cell::minutes(task.late.map(u64::from)),
                Cell::At(task.due),
                Cell::Text(task.node_title.clone()),
                Cell::Text(names.workflow(&task.workflow)),
            ];
            Row { cells, mark: None, case: task.case.as_ref().map(|(case, _)| *case) }
        });
        Self { title: msg!("approval.figures.overdue"), rows: rows.collect(), head }
    }
}

/// `45 分钟`, `12.5 小时`.
pub(in crate::approval) fn time_said(minutes: u64) -> Message {
    if minutes < 60 {
        return msg!("approval.figures.minutes", minutes = minutes);
    }
    let tenths = (minutes + 3) / 6;
    let hours = i64::try_from(tenths / 10).unwrap_or(i64::MAX);
    msg!("approval.figures.hours", hours = format!("{}.{}", crate::i18n::number(hours), tenths % 10))
}
