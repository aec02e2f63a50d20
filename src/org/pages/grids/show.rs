//! One grid: a version as a table, and its history with what changed from one version to the next.

use axum::Router;
use axum::extract::State;
use axum::routing::{get, post};
use serde::{Deserialize, Serialize};

use super::{
    ConfirmGridVersionPath, GridImpactPath, GridPath, KeepGridVersionPath, NewGridVersionPath, WithdrawGridVersionPath,
};
use crate::i18n::{Arg, Explain as _, Message, msg};
use crate::kernel::{Date, Timestamp, UserId};
use crate::org::pages::{AdministerGrids, Permission, ReadGrids};
use crate::org::{AUTHORITY_GRID, Action, GridError, GridWithdrawal, Org, Second};
use crate::web::{self, Address, Form, Note, Page, Query};
use crate::workflow::explain::{Names, band_said, holder_said, scope_said};
use crate::workflow::{Grid, GridChange, GridRow, GridStanding, GridVersion, Holder};

#[derive(Clone, Serialize)]
struct ShownGrid {
    title: String,
    name: String,
    shown: ShownVersion,
    rows: Vec<ShownRow>,
    versions: Vec<ShownVersion>,
    edit: Option<String>,
    /// What a version would do that is not in force yet.
    impact: Option<String>,
    /// Where a second person confirms it.
    confirm_at: Option<String>,
    /// The version that it would replace; 0 where there is none.
    replaces: u32,
    /// What it waits for.
    waits: Option<Message>,
    withdraw: Option<Wish>,
    /// Where a version stays that somebody asks to take back.
    keep: Option<String>,
}

/// A button that asks before it does what it says.
#[derive(Clone, Serialize)]
struct Wish {
    path: String,
    label: Message,
    question: Message,
}

impl Page for ShownGrid {
    const TEMPLATE: &'static str = "org/grid.html";
}

#[derive(Deserialize)]
struct ConfirmForm {
    /// The version with which it was compared.
    #[serde(default)]
    replaces: Option<u32>,
}

/// A line of the history.
#[derive(Clone, Serialize)]
struct ShownVersion {
    number: u32,
    from: Date,
    note: String,
    by: Option<String>,
    confirmed_by: Option<String>,
    at: Timestamp,
    standing: Message,
    tone: &'static str,
    path: String,
    /// What changed since the version before; `None` of the first.
    changes: Option<Vec<Message>>,
}

#[derive(Clone, Serialize)]
struct ShownRow {
    category: Option<String>,
    band: Message,
    department: Option<String>,
    who: Vec<Message>,
}

/// Which version is shown.
#[derive(Clone, Copy, Default, Deserialize, Serialize)]
#[serde(default)]
pub(super) struct VersionQuery {
    pub(super) number: u32,
}

pub(super) fn routes() -> Router<Org> {
    Router::new()
        .route(GridPath::PATTERN, get(show))
        .route(ConfirmGridVersionPath::PATTERN, post(confirm))
        .route(WithdrawGridVersionPath::PATTERN, post(withdraw))
        .route(KeepGridVersionPath::PATTERN, post(keep))
}

async fn show(
    user: Permission<ReadGrids>,
    GridPath { name }: GridPath,
    State(org): State<Org>,
    Query(query): Query<VersionQuery>,
) -> web::Result {
    let (directory, today) = (org.directory(), org.today());
    let grid = directory.grids.get(&name).ok_or_else(web::Error::not_found)?;
    let shown = match query.number {
        0 => grid.in_force(today).or_else(|| grid.version(grid.newest())),
        number => grid.version(number),
    };
    let version = shown.ok_or_else(web::Error::not_found)?;
    let names = Names { directory: Some(&directory), lang: user.lang(), ..Names::default() };
    let may = user.session().may(&AUTHORITY_GRID, Action::Administer);
    let (number, reader) = (version.number, user.user.user());
    let standing = grid.standing(version, today);
    let (proposed, ahead) = (standing == GridStanding::Proposed, standing == GridStanding::Ahead);
    let second = org.second_for_grids(reader);
    let waits = waits(version, standing, (reader, second), names);
    let own = version.made_by == Some(reader) && second != Second::Nobody;
    let withdraw_at = WithdrawGridVersionPath { name: name.clone(), number }.to_string();
    let page = ShownGrid {
        title: grid.title.clone(),
        shown: shown_version(grid, version, today, names),
        rows: version.rows.iter().map(|row| shown_row(row, names)).collect(),
        versions: grid.versions.iter().rev().map(|one| shown_version(grid, one, today, names)).collect(),
        edit: may.then(|| at_version(&NewGridVersionPath { name: name.clone() }, number)),
        impact: (proposed || ahead).then(|| GridImpactPath { name: name.clone(), number }.to_string()),
        confirm_at: (may && proposed && !own)
            .then(|| ConfirmGridVersionPath { name: name.clone(), number }.to_string()),
        replaces: grid.before(version, today).map_or(0, |before| before.number),
        waits,
        withdraw: wish(version, standing, (reader, second), withdraw_at).filter(|_| may),
        keep: (may && ahead && version.withdrawal_by.is_some())
            .then(|| KeepGridVersionPath { name: name.clone(), number }.to_string()),
        name,
    };
    user.page(&page)
}

async fn confirm(
    user: Permission<AdministerGrids>,
    ConfirmGridVersionPath { name, number }: ConfirmGridVersionPath,
    State(org): State<Org>,
    form: Form<ConfirmForm>,
) -> web::Result {
    org.confirm_grid_version(user.session(), &name, number, form.value.replaces).await?;
    Ok(user.go_with(
        at_version(&GridPath { name }, number),
        &Note::done(user.text(&msg!("org.grid.confirmed", version = number))),
    ))
}

async fn withdraw(
    user: Permission<AdministerGrids>,
    WithdrawGridVersionPath { name, number }: WithdrawGridVersionPath,
    State(org): State<Org>,
    _form: Form<()>,
) -> web::Result {
    match org.withdraw_grid_version(user.session(), &name, number).await? {
        GridWithdrawal::Done => {
            let note = Note::done(user.text(&msg!("org.grid.withdrawn", version = number)));
            Ok(user.go_with(GridPath { name }, &note))
        }
        GridWithdrawal::Asked => {
            let note = Note::done(user.text(&msg!("org.grid.withdraw_asked", version = number)));
            Ok(user.go_with(at_version(&GridPath { name }, number), &note))
        }
    }
}

async fn keep(
    user: Permission<AdministerGrids>,
    KeepGridVersionPath { name, number }: KeepGridVersionPath,
    State(org): State<Org>,
    _form: Form<()>,
) -> web::Result {
    org.keep_grid_version(user.session(), &name, number).await?;
    let note = Note::done(user.text(&msg!("org.grid.kept", version = number)));
    Ok(user.go_with(at_version(&GridPath { name }, number), &note))
}

/// What a version waits for, said to its reader.
fn waits(
    version: &GridVersion,
    standing: GridStanding,
    (reader, second): (UserId, Second),
    names: Names<'_>,
) -> Option<Message> {
    match (standing, version.withdrawal_by) {
        (GridStanding::Proposed, _) if version.made_by == Some(reader) => match second {
            Second::Needed => Some(msg!("org.grid.waits_for_second")),
            Second::NeededUntil(from) => Some(GridError::AloneFrom { from }.message()),
            Second::Nobody => None,
        },
        (GridStanding::Ahead, Some(person)) => {
            let person = names.directory.map(|directory| directory.name(person)).unwrap_or_default();
            Some(msg!("org.grid.withdrawal_waits", person = person))
        }
        _ => None,
    }
}

/// How the reader takes a version back, where they can.
fn wish(
    version: &GridVersion,
    standing: GridStanding,
    (reader, second): (UserId, Second),
    path: String,
) -> Option<Wish> {
    let at_once = (msg!("org.grid.withdraw"), msg!("org.grid.withdraw_question"));
    let (label, question) = match (standing, version.withdrawal_by) {
        (GridStanding::Proposed, _) => at_once,
        (GridStanding::Ahead, Some(person)) if person != reader => {
            (msg!("org.grid.withdraw_agree"), msg!("org.grid.withdraw_question"))
        }
        (GridStanding::Ahead, _) if second == Second::Nobody => at_once,
        (GridStanding::Ahead, None) => (msg!("org.grid.withdraw_ask"), msg!("org.grid.withdraw_ask_question")),
        _ => return None,
    };
    Some(Wish { path, label, question })
}

fn shown_version(grid: &Grid, version: &GridVersion, today: Date, names: Names<'_>) -> ShownVersion {
    let (standing, tone) = match grid.standing(version, today) {
        GridStanding::Proposed => (msg!("org.grid.proposed"), "warn"),
        GridStanding::Ahead => (msg!("org.grid.ahead"), "info"),
        GridStanding::InForce => (msg!("org.grid.in_force"), "good"),
        GridStanding::Replaced => (msg!("org.grid.replaced"), ""),
        GridStanding::Withdrawn => (msg!("org.grid.taken_back"), "warn"),
    };
    let before = grid.before(version, today);
    let name = |person: UserId| names.directory.map(|directory| directory.name(person));
    ShownVersion {
        number: version.number,
        from: version.from,
        note: version.note.clone(),
        by: version.made_by.and_then(name),
        confirmed_by: version.confirmed_by.and_then(name),
        at: version.made_at,
        standing,
        tone,
        path: at_version(&GridPath { name: grid.name.clone() }, version.number),
        changes: before
            .map(|before| version.changes_since(before).into_iter().map(|change| change_said(change, names)).collect()),
    }
}

pub(super) fn at_version(page: &impl Address, number: u32) -> String {
    page.with_query(&VersionQuery { number }).unwrap_or_else(|_| page.to_string())
}

fn shown_row(row: &GridRow, names: Names<'_>) -> ShownRow {
    let scope = names.directory.map_or_else(|| row.scope.clone(), |directory| row.scope.named(directory));
    ShownRow {
        category: scope.category,
        band: band_said(scope.band),
        department: scope.department,
        who: row.who.iter().map(|holder| holder_said(holder, names)).collect(),
    }
}

fn change_said(change: GridChange, names: Names<'_>) -> Message {
    let who = |who: &[Holder]| who.iter().map(|holder| holder_said(holder, names)).collect::<Arg>();
    let scope = |row: &GridRow| {
        let scope = names.directory.map_or_else(|| row.scope.clone(), |directory| row.scope.named(directory));
        scope_said(&scope)
    };
    match change {
        GridChange::Added(row) => msg!("org.grid.added", scope = scope(&row), people = who(&row.who)),
        GridChange::Removed(row) => msg!("org.grid.removed", scope = scope(&row), people = who(&row.who)),
        GridChange::Moved { from, to } => {
            msg!("org.grid.moved", scope = scope(&to), before = who(&from), after = who(&to.who))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::testing::renders;
    use crate::workflow::{Band, GridScope};

    fn version(number: u32, who: Holder) -> GridVersion {
        let scope =
            GridScope { category: Some("sales".into()), band: Band { from: None, below: None }, department: None };
        let (from, made_at) = (Date::constant(2026, 3, 1), Timestamp::from_micros(0));
        let rows = vec![GridRow { scope, who: vec![who] }];
        GridVersion {
            number,
            from,
            note: "Board".into(),
            made_by: None,
            made_at,
            proposed: false,
            confirmed_by: None,
            withdrawal_by: None,
            withdrawn: false,
            rows,
        }
    }

    #[tokio::test]
    async fn a_grid_renders_with_its_history() {
        let versions = vec![version(1, Holder::Manager), version(2, Holder::Role("boss".into()))];
        let grid = Grid { name: "sales".into(), title: "Sales".into(), versions };
        let names = Names { lang: crate::i18n::Lang::En, ..Names::default() };
        let versions: Vec<_> =
            grid.versions.iter().map(|one| shown_version(&grid, one, Date::constant(2026, 3, 1), names)).collect();
        assert_eq!(versions[1].changes.as_ref().map(Vec::len), Some(1));
        for path in [Some("/admin/authority-grids/sales/versions/new".to_owned()), None] {
            renders(ShownGrid {
                title: grid.title.clone(),
                name: grid.name.clone(),
                shown: versions[1].clone(),
                rows: vec![shown_row(&grid.versions[0].rows[0], names)],
                versions: versions.clone(),
                edit: path.clone(),
                impact: path.clone(),
                confirm_at: path.clone(),
                replaces: 1,
                waits: path.is_none().then(|| msg!("org.grid.waits_for_second")),
                keep: path.clone(),
                withdraw: path.map(|path| Wish {
                    path,
                    label: msg!("org.grid.withdraw"),
                    question: msg!("org.grid.withdraw_question"),
                }),
            })
            .await;
        }
    }
}
