//! Authority grids in words: what a row is for, who holds it, and whom a grid names at an amount.

use super::Names;
use super::phrases::{band_said, one_by_one, who_said};
use crate::i18n::{Message, msg};
use crate::kernel::Amount;
use crate::workflow::{Band, GridRow, GridScope, Holder, Who};

/// What a row is for; a department as it stands in the scope, by name in a reason.
pub fn scope_said(scope: &GridScope) -> Message {
    let band = match scope.band {
        Band { from: None, below: None } => msg!("workflow.say.whatever_amount"),
        band => band_said(band),
    };
    match wide_said(scope) {
        Some(wide) => msg!("workflow.say.grid_scope", wide = wide, band = band),
        None => band,
    }
}

/// The category and the department; none where both are every one.
fn wide_said(scope: &GridScope) -> Option<Message> {
    match (&scope.category, &scope.department) {
        (None, None) => None,
        (Some(category), None) => Some(msg!("workflow.say.grid_category", category = category)),
        (None, Some(department)) => Some(msg!("workflow.say.department", name = department)),
        (Some(category), Some(department)) => Some(msg!(
            "workflow.say.grid_scope",
            wide = msg!("workflow.say.grid_category", category = category),
            band = msg!("workflow.say.department", name = department)
        )),
    }
}

/// Who holds the authority of a row.
pub fn holder_said(holder: &Holder, names: Names<'_>) -> Message {
    who_said(&holder.rule(), names)
}

/// Whom a grid names: its people at the amount that is spoken of, else that the grid is asked.
pub(super) fn by_authority_said(name: &str, names: Names<'_>) -> Message {
    let Some((grid, version)) = names.grid(name) else { return msg!("workflow.say.by_authority", grid = name) };
    let Some(version) = version else { return msg!("workflow.say.by_authority", grid = &grid.title) };
    let Some(amount) = names.amount else {
        return msg!("workflow.say.by_authority_version", grid = &grid.title, version = version.number);
    };
    let rows: Vec<&GridRow> = version.rows.iter().filter(|row| row.scope.band.holds(Some(amount))).collect();
    match rows.as_slice() {
        [] => msg!("workflow.say.grid_nobody"),
        [first, others @ ..] if others.iter().all(|row| row.who == first.who) => who_said(&first.rule(), names),
        _ => one_by_one(rows.into_iter().map(|row| {
            let scope = names.directory.map_or_else(|| row.scope.clone(), |directory| row.scope.named(directory));
            let wide = wide_said(&scope).unwrap_or_else(|| msg!("workflow.say.grid_otherwise"));
            msg!("workflow.say.grid_people", scope = wide, people = who_said(&row.rule(), names))
        })),
    }
}

/// The amounts at which the grids that a rule asks name others.
pub(super) fn limits(who: &Who, names: Names<'_>) -> Vec<Amount> {
    match who {
        Who::ByAuthority { grid } => {
            let version = names.grid(grid).and_then(|(_, version)| version);
            let rows = version.into_iter().flat_map(|version| &version.rows);
            rows.flat_map(|row| [row.scope.band.from, row.scope.band.below]).flatten().collect()
        }
        Who::FirstOf { rules } | Who::AnyOf { rules } => rules.iter().flat_map(|rule| limits(rule, names)).collect(),
        _ => Vec::new(),
    }
}
