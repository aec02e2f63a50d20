//! What a change wants, checked, and the terms in force on a day.

use serde::{Deserialize, Serialize};

use super::{ChangeContent, ChangeEdit, ChangeKind, ChangeLine, ChangedRow, ContractChange};
use crate::contract::Contract;
use crate::contract::document::plan_part;
use crate::contract::fulfilment::FulfilmentError;
use crate::kernel::{Currency, Date, Hash, Manifest, Money};
use crate::settlement::{DueRule, Milestone};

/// The longest text of a change.
const LONGEST: usize = 4000;

/// What a contract comes to and how long it runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Terms {
    /// The gross total.
    pub gross: Option<Money>,
    /// First day.
    pub starts_on: Option<Date>,
    /// Last day.
    pub expires_on: Option<Date>,
}

/// The terms on a day, with the supplements that made them.
#[derive(Clone, Debug, PartialEq)]
pub struct TermsOn {
    /// The day.
    pub day: Date,
    /// What applied.
    pub terms: Terms,
    /// The changes in force, the first first.
    pub by: Vec<ContractChange>,
}

impl Terms {
    /// Those that the contract has now.
    pub fn of(contract: &Contract) -> Self {
        Self { gross: contract.total(), starts_on: contract.starts_on, expires_on: contract.expires_on }
    }

    /// The same after a change.
    #[must_use]
    pub fn after(self, change: &ChangeContent) -> Self {
        Self {
            gross: change.amount.or(self.gross),
            starts_on: change.starts_on.or(self.starts_on),
            expires_on: change.expires_on.or(self.expires_on),
        }
    }

    /// The terms on a day. `changes` are those in force, in the order in which they were applied: the first says what was signed, and
    /// each counts from its own day.
    pub fn on(day: Date, now: Self, changes: &[ContractChange]) -> TermsOn {
        let signed = changes.first().and_then(|change| change.replaced).unwrap_or(now);
        let applies = |change: &&ContractChange| change.effective_on.is_some_and(|from| from <= day);
        let by: Vec<ContractChange> = changes.iter().filter(applies).cloned().collect();
        let terms = by.iter().fold(signed, |terms, change| terms.after(&change.content));
        TermsOn { day, terms, by }
    }
}

impl ChangeEdit {
    /// What was written, read: `contract` as it is now, `milestones` of its plan, and the files that the change has.
    pub fn read(
        &self,
        kind: ChangeKind,
        contract: &Contract,
        milestones: &[Milestone],
        before: &ChangeContent,
    ) -> Result<ChangeContent, FulfilmentError> {
        let text = |field: &str, text: &str| {
            let text = text.trim().replace("\r\n", "\n");
            let fits = text.chars().count() <= LONGEST;
            if fits { Ok(text) } else { Err(FulfilmentError::Needed { field: field.to_owned() }) }
        };
        let amount = match self.amount.trim() {
            "" => None,
            amount => Some(Money::parse(amount, contract.currency)?).filter(|one| contract.total() != Some(*one)),
        };
        let moved = |date: Option<Date>, now: Option<Date>| date.filter(|date| Some(*date) != now);
        let plan = rows(&self.plan, milestones, contract.currency)?;
        let as_it_is: Vec<ChangedRow> = milestones.iter().map(row).collect();
        Ok(ChangeContent {
            reason: text("reason", &self.reason)?,
            impact: text("impact", &self.impact)?,
            amount: amount.filter(|_| kind == ChangeKind::Supplement),
            starts_on: moved(self.starts_on, contract.starts_on).filter(|_| kind == ChangeKind::Supplement),
            expires_on: moved(self.expires_on, contract.expires_on),
            plan: plan.filter(|plan| *plan != as_it_is),
            text: text("text", &self.text)?,
            evidence: before.evidence.clone(),
        })
    }
}

/// A milestone as a row that keeps it.
pub(super) fn row(milestone: &Milestone) -> ChangedRow {
    let planned = &milestone.planned;
    ChangedRow {
        name: planned.name.clone(),
        title: planned.title.clone(),
        amount: planned.amount.gross,
        due: planned.due.clone(),
    }
}

/// The lines that were filled in; nothing where no plan was sent.
fn rows(
    lines: &[ChangeLine],
    milestones: &[Milestone],
    currency: Currency,
) -> Result<Option<Vec<ChangedRow>>, FulfilmentError> {
    if lines.is_empty() {
        return Ok(None);
    }
    let mut rows: Vec<ChangedRow> = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        let (title, amount) = (line.title.trim(), line.amount.trim());
        if title.is_empty() && amount.is_empty() {
            continue;
        }
        let broken = || FulfilmentError::PlanLine(at + 1);
        let amount = Money::parse(amount, currency).map_err(|_| broken())?;
        if title.is_empty() || title.chars().count() > 60 || amount.amount.is_negative() || amount.amount.is_zero() {
            return Err(broken());
        }
        let known = milestones.iter().find(|one| one.planned.name == line.name);
        let due = match (line.due_on.trim(), known) {
            ("", Some(known)) => known.planned.due.clone(),
            (date, _) => DueRule::On(date.parse().map_err(|_| broken())?),
        };
        // A date that appeared by an event is not a date of the plan.
        let due = match (due, known) {
            (DueRule::On(on), Some(known)) if known.due_on == Some(on) => known.planned.due.clone(),
            (due, _) => due,
        };
        let name = known.map_or_else(|| fresh(&rows, milestones), |one| one.planned.name.clone());
        rows.push(ChangedRow { name, title: title.to_owned(), amount, due });
    }
    Ok(Some(rows))
}

/// A name that no milestone has.
fn fresh(rows: &[ChangedRow], milestones: &[Milestone]) -> String {
    let taken =
        |name: &str| rows.iter().any(|row| row.name == name) || milestones.iter().any(|one| one.planned.name == name);
    let candidates = 1..=rows.len() + milestones.len() + 1;
    candidates.map(|n| format!("added_{n}")).find(|name| !taken(name)).unwrap_or_default()
}

impl ChangeContent {
    /// What keeps it from being submitted, for a contract as it is now.
    pub fn problem(
        &self,
        kind: ChangeKind,
        contract: &Contract,
        milestones: &[Milestone],
    ) -> Result<(), FulfilmentError> {
        let needed = |field: &str| FulfilmentError::Needed { field: field.to_owned() };
        if self.reason.is_empty() {
            return Err(needed("reason"));
        }
        if kind == ChangeKind::Termination && self.expires_on.is_none() {
            return Err(needed("expires_on"));
        }
        let changes_terms = self.amount.is_some() || self.starts_on.is_some() || self.expires_on.is_some();
        if !changes_terms && self.plan.is_none() && self.text.is_empty() {
            return Err(FulfilmentError::NothingChanges);
        }
        let terms = Terms::of(contract).after(self);
        if let (Some(first), Some(last)) = (terms.starts_on, terms.expires_on)
            && last < first
        {
            return Err(FulfilmentError::EndsBeforeStart);
        }
        if kind == ChangeKind::Supplement {
            self.plan_adds_up(terms, milestones)?;
        }
        Ok(())
    }

    /// The milestones of a supplement come to the new total, to the last fen.
    fn plan_adds_up(&self, terms: Terms, milestones: &[Milestone]) -> Result<(), FulfilmentError> {
        let Some(total) = terms.gross else { return Ok(()) };
        let sum = match &self.plan {
            Some(rows) => Money::sum(rows.iter().map(|row| row.amount), total.currency)?,
            None if milestones.is_empty() => return Ok(()),
            None => Money::sum(milestones.iter().map(|one| one.planned.amount.gross), total.currency)?,
        };
        if sum == total { Ok(()) } else { Err(FulfilmentError::PlanSum(total)) }
    }

    /// What is hashed: a line a part.
    pub fn manifest(&self, kind: ChangeKind, contract: &Contract) -> Result<Manifest, FulfilmentError> {
        let mut manifest = Manifest::default();
        let refused = crate::contract::ContractError::from;
        manifest.value("fields/kind", kind.name()).map_err(refused)?;
        manifest.value("fields/contract", &contract.content_hash).map_err(refused)?;
        manifest.value("fields/reason", &self.reason).map_err(refused)?;
        manifest.value("fields/impact", &self.impact).map_err(refused)?;
        manifest.value("fields/amount", &self.amount).map_err(refused)?;
        manifest.value("fields/starts_on", &self.starts_on).map_err(refused)?;
        manifest.value("fields/expires_on", &self.expires_on).map_err(refused)?;
        manifest.text("clauses/text", &self.text).map_err(refused)?;
        for (place, row) in self.plan.iter().flatten().enumerate() {
            manifest.value(&plan_part(place), row).map_err(refused)?;
        }
        for file in &self.evidence {
            manifest.part(&format!("files/{}", file.name), file.hash).map_err(refused)?;
        }
        Ok(manifest)
    }

    /// Whether a file of that content is among its evidence.
    pub fn has_evidence(&self, hash: Hash) -> bool {
        self.evidence.iter().any(|file| file.hash == hash)
    }
}
