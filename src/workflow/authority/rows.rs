//! Rows as somebody typed them become rows that can be asked, or every fault with its row and what helps.

use std::collections::BTreeMap;

use super::{GridRow, GridScope, Holder};
use crate::i18n::{Message, msg};
use crate::kernel::Amount;
use crate::workflow::{Band, Directory};

/// Characters that the code of a category may have.
const LONGEST_CATEGORY: usize = 50;

/// A row as it was typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TypedRow {
    /// Code of a category; empty is every one.
    pub category: String,
    /// The lowest approval amount, included (以上); empty is from nothing.
    pub from: String,
    /// Where the band ends, excluded (不满); empty has no end.
    pub below: String,
    /// Code of a department; empty is every one.
    pub department: String,
    /// Who may approve, each as a [`Holder`] is written.
    pub who: Vec<String>,
}

/// What is wrong with a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GridFault {
    /// Which, from 0; `None` is the grid as a whole.
    pub row: Option<usize>,
    /// What is wrong.
    pub problem: GridProblem,
}

/// What can be wrong with the rows of a grid. Amounts are in the base currency.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GridProblem {
    /// There is no row.
    NoRows,
    /// The row names nobody.
    Nobody,
    /// The row names somebody in a way that there is not.
    Holder(String),
    /// There is no such role.
    Role(String),
    /// Nobody who can be asked has the login.
    User(String),
    /// There is no such department.
    Department(String),
    /// The code of the category is too long.
    Category,
    /// Not an amount from nothing up to what can be stored.
    From(String),
    /// The same of the end of the band.
    Below(String),
    /// The band ends before it begins.
    Empty,
    /// Amounts between the band before and this one belong to nobody.
    Gap {
        /// Where the band before ends.
        end: Amount,
        /// Where this one begins.
        begin: Amount,
    },
    /// Amounts belong to an earlier row too.
    Overlap {
        /// The row, from 0.
        other: usize,
    },
    /// The lowest band of these rows does not begin with nothing.
    Starts {
        /// Where it begins.
        begin: Amount,
    },
    /// The highest band of these rows has an end.
    Ends {
        /// Where it ends.
        end: Amount,
    },
}

/// The rows, if every one can be asked: who they name is there, and the bands of one category and department cover every amount
/// exactly once.
pub fn read_rows(typed: &[TypedRow], directory: &Directory) -> Result<Vec<GridRow>, Vec<GridFault>> {
    if typed.is_empty() {
        return Err(vec![GridFault { row: None, problem: GridProblem::NoRows }]);
    }
    let mut faults = Vec::new();
    let rows: Vec<GridRow> = (0..).zip(typed).map(|(at, row)| row.read(at, directory, &mut faults)).collect();
    let mut sets: BTreeMap<_, Vec<usize>> = BTreeMap::new();
    for (at, row) in rows.iter().enumerate() {
        sets.entry(row.scope.set()).or_default().push(at);
    }
    for mut set in sets.into_values() {
        // Where a band is not known, every gap beside it would be called one.
        if !faults.iter().any(|fault| fault.row.is_some_and(|row| set.contains(&row)) && fault.problem.of_band()) {
            set.sort_by_key(|at| rows[*at].scope.band.from);
            cover(&rows, &set, &mut faults);
        }
    }
    faults.sort_by_key(|fault| fault.row);
    if faults.is_empty() { Ok(rows) } else { Err(faults) }
}

/// Every amount falls into exactly one band of a set of rows that ascend.
fn cover(rows: &[GridRow], set: &[usize], faults: &mut Vec<GridFault>) {
    let mut before: Option<(usize, Option<Amount>)> = None;
    for at in set {
        let Band { from, below } = rows[*at].scope.band;
        let problem = match (before, from) {
            (None, Some(begin)) => Some(GridProblem::Starts { begin }),
            (Some((_, Some(end))), Some(begin)) if begin > end => Some(GridProblem::Gap { end, begin }),
            (Some((_, Some(end))), Some(begin)) if begin == end => None,
            (Some((other, _)), _) => Some(GridProblem::Overlap { other }),
            (None, None) => None,
        };
        faults.extend(problem.map(|problem| GridFault { row: Some(*at), problem }));
        // Of two that overlap the one that reaches farther says where the next must begin.
        before = match before {
            Some((other, None)) => Some((other, None)),
            Some((other, Some(end))) if below.is_some_and(|below| below < end) => Some((other, Some(end))),
            _ => Some((*at, below)),
        };
    }
    if let Some((at, Some(end))) = before {
        faults.push(GridFault { row: Some(at), problem: GridProblem::Ends { end } });
    }
}

/// A row as it would be typed.
impl From<&GridRow> for TypedRow {
    fn from(row: &GridRow) -> Self {
        let GridScope { category, band, department } = &row.scope;
        let typed = |amount: Option<Amount>| {
            let text = amount.map(|amount| amount.to_string()).unwrap_or_default();
            text.strip_suffix(".00").map_or_else(|| text.clone(), ToOwned::to_owned)
        };
        Self {
            category: category.clone().unwrap_or_default(),
            from: typed(band.from),
            below: typed(band.below),
            department: department.clone().unwrap_or_default(),
            who: row.who.iter().map(ToString::to_string).collect(),
        }
    }
}

impl TypedRow {
    /// Whether nothing was typed into it.
    pub fn is_blank(&self) -> bool {
        let texts = [&self.category, &self.from, &self.below, &self.department];
        texts.into_iter().chain(&self.who).all(|text| text.trim().is_empty())
    }

    fn read(&self, at: usize, directory: &Directory, faults: &mut Vec<GridFault>) -> GridRow {
        let mut fault = |problem| faults.push(GridFault { row: Some(at), problem });
        let given = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        let category = given(&self.category);
        if category.as_ref().is_some_and(|code| code.chars().count() > LONGEST_CATEGORY) {
            fault(GridProblem::Category);
        }
        let department = given(&self.department);
        if let Some(code) = department.as_ref().filter(|code| directory.by_code(code).is_none()) {
            fault(GridProblem::Department(code.clone()));
        }
        let from = amount(&self.from).unwrap_or_else(|text| {
            fault(GridProblem::From(text));
            None
        });
        let from = from.filter(|from| !from.is_zero());
        let below = amount(&self.below).unwrap_or_else(|text| {
            fault(GridProblem::Below(text));
            None
        });
        if below.is_some_and(|below| below <= from.unwrap_or(Amount::ZERO)) {
            fault(GridProblem::Empty);
        }
        let mut who: Vec<Holder> = Vec::new();
        for text in self.who.iter().filter(|text| !text.trim().is_empty()) {
            match text.parse() {
                Ok(holder) if who.contains(&holder) => {}
                Ok(holder) => who.push(holder),
                Err(_) => fault(GridProblem::Holder(text.clone())),
            }
        }
        who.iter().filter_map(|holder| unknown(holder, directory)).for_each(&mut fault);
        if self.who.iter().all(|text| text.trim().is_empty()) {
            fault(GridProblem::Nobody);
        }
        GridRow { scope: GridScope { category, band: Band { from, below }, department }, who }
    }
}

/// What a person wrote as an amount; nothing is no bound. What cannot be one comes back.
fn amount(text: &str) -> Result<Option<Amount>, String> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let fits = |amount: &Amount| !amount.is_negative() && *amount <= Amount::MAX_STORED;
    Amount::parse(text).ok().filter(fits).map(Some).ok_or_else(|| text.to_owned())
}

fn unknown(holder: &Holder, directory: &Directory) -> Option<GridProblem> {
    match holder {
        Holder::Role(role) | Holder::RoleInDepartment(role) | Holder::ManagersUpTo(role) => {
            (!directory.roles.contains_key(role)).then(|| GridProblem::Role(role.clone()))
        }
        Holder::User(login) => {
            let there = directory.by_login(login).is_some_and(|person| person.active);
            (!there).then(|| GridProblem::User(login.clone()))
        }
        Holder::HeadOfDepartment | Holder::Manager => None,
    }
}

impl GridProblem {
    /// Whether the bounds of the row are not known for it.
    fn of_band(&self) -> bool {
        matches!(self, Self::From(_) | Self::Below(_) | Self::Empty)
    }

    /// Stable for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NoRows => "grid_without_rows",
            Self::Nobody => "grid_names_nobody",
            Self::Holder(_) => "grid_holder_form",
            Self::Role(_) => "role_unknown",
            Self::User(_) => "user_unknown",
            Self::Department(_) => "department_unknown",
            Self::Category => "grid_category_form",
            Self::From(_) | Self::Below(_) => "grid_amount_form",
            Self::Empty => "grid_band_empty",
            Self::Gap { .. } => "grid_gap",
            Self::Overlap { .. } => "grid_overlap",
            Self::Starts { .. } => "grid_starts",
            Self::Ends { .. } => "grid_ends",
        }
    }

    /// The field of the row that it is about.
    pub fn field(&self) -> &'static str {
        match self {
            Self::NoRows => "rows",
            Self::Nobody | Self::Holder(_) | Self::Role(_) | Self::User(_) => "who",
            Self::Department(_) => "department",
            Self::Category => "category",
            Self::From(_) | Self::Gap { .. } | Self::Overlap { .. } | Self::Starts { .. } => "from",
            Self::Below(_) | Self::Empty | Self::Ends { .. } => "below",
        }
    }
}

impl GridFault {
    /// Its place among what was typed: `rows[2].from`.
    pub fn place(&self) -> String {
        let field = self.problem.field();
        self.row.map_or_else(|| field.to_owned(), |row| format!("rows[{row}].{field}"))
    }

    /// The sentence with the row and the remedy.
    pub fn message(&self) -> Message {
        let row = self.row.unwrap_or_default() + 1;
        match &self.problem {
            GridProblem::NoRows => msg!("workflow.grid.no_rows"),
            GridProblem::Nobody => msg!("workflow.grid.nobody", row = row),
            GridProblem::Holder(text) => msg!("workflow.grid.holder", row = row, text = text),
            GridProblem::Role(name) => msg!("workflow.grid.role", row = row, name = name),
            GridProblem::User(login) => msg!("workflow.grid.user", row = row, name = login),
            GridProblem::Department(code) => msg!("workflow.grid.department", row = row, name = code),
            GridProblem::Category => msg!("workflow.grid.category", row = row, longest = LONGEST_CATEGORY),
            GridProblem::From(text) | GridProblem::Below(text) => {
                msg!("workflow.grid.amount", row = row, text = text)
            }
            GridProblem::Empty => msg!("workflow.grid.empty", row = row),
            GridProblem::Gap { end, begin } => msg!("workflow.grid.gap", row = row, end = *end, begin = *begin),
            GridProblem::Overlap { other } => msg!("workflow.grid.overlap", row = row, other = other + 1),
            GridProblem::Starts { begin } => msg!("workflow.grid.starts", row = row, begin = *begin),
            GridProblem::Ends { end } => msg!("workflow.grid.ends", row = row, end = *end),
        }
    }
}
