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
    match wide_said(scope, Names::default()) {
        Some(wide) => msg!("workflow.say.grid_scope", wide = wide, band = band),
        None => band,
    }
}

/// The category and the department; none where both are every one.
fn wide_said(scope: &GridScope, names: Names<'_>) -> Option<Message> {
    let category = scope.category.as_ref().map(|category| names.value("category", category));
    match (category, &scope.department) {
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
            let wide = wide_said(&scope, names).unwrap_or_else(|| msg!("workflow.say.grid_otherwise"));
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

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use crate::i18n::Lang;
    use crate::kernel::{Date, Timestamp};
    use crate::workflow::explain::{Names, explain};
    use crate::workflow::language::load;
    use crate::workflow::{Definition, Directory, Grid, GridVersion, RoleTitle, TypedRow, read_rows};

    fn definition() -> Definition {
        let source = "workflow(\"a\", #{ title: \"a\", subject: \"contract\" });\n\
            approve(\"final\", #{ title: \"Final\", by: by_authority(\"sales\") });";
        load(source, "a.rhai").unwrap().definition
    }

    fn directory(rows: &[[&str; 4]]) -> Directory {
        let mut directory = Directory {
            roles: ["boss", "president"].map(|role| (role.to_owned(), RoleTitle::plain(role))).into(),
            ..Directory::default()
        };
        let typed = rows.iter().map(|[category, from, below, who]| TypedRow {
            category: (*category).into(),
            from: (*from).into(),
            below: (*below).into(),
            department: String::new(),
            who: vec![(*who).into()],
        });
        let rows = read_rows(&typed.collect::<Vec<_>>(), &directory).unwrap();
        let (note, made_at) = (String::new(), Timestamp::from_micros(0));
        let from = Date::constant(2026, 3, 1);
        let version = GridVersion {
            number: 1,
            from,
            note,
            made_by: None,
            made_at,
            proposed: false,
            confirmed_by: None,
            withdrawal_by: None,
            withdrawn: false,
            rows,
        };
        let grid = Grid { name: "sales".into(), title: "Sales".into(), versions: vec![version] };
        directory.grids = BTreeMap::from([(grid.name.clone(), grid)]);
        directory
    }

    fn said(directory: &Directory, day: Option<Date>) -> String {
        let names = Names { directory: Some(directory), lang: Lang::En, day, ..Names::default() };
        explain(&definition(), names)
    }

    #[test]
    fn the_table_has_the_bands_of_the_version_of_the_day() {
        let directory = directory(&[["", "", "100", "role:boss"], ["", "100", "", "role:president"]]);
        let text = said(&directory, Some(Date::constant(2026, 3, 1)));
        assert!(text.contains("whoever the authority grid Sales (now version 1) names"), "{text}");
        assert!(text.contains("| below 100 | Final (boss) |"), "{text}");
        assert!(text.contains("| 100 and more | Final (president) |"), "{text}");
        let before = said(&directory, Some(Date::constant(2026, 2, 28)));
        assert!(before.contains("whoever the authority grid Sales names") && !before.contains('|'), "{before}");
    }

    #[test]
    fn rows_of_categories_stand_beside_each_other_in_a_cell() {
        let directory = directory(&[["sales", "", "", "role:boss"], ["", "", "", "role:president"]]);
        let text = said(&directory, Some(Date::constant(2026, 3, 1)));
        assert!(!text.contains('|'), "no amount matters: {text}");
        let directory = directory_of_both();
        let text = said(&directory, Some(Date::constant(2026, 3, 1)));
        assert!(text.contains("| below 100 | Final (category sales: boss; all others: president) |"), "{text}");
    }

    fn directory_of_both() -> Directory {
        directory(&[
            ["sales", "", "100", "role:boss"],
            ["sales", "100", "", "role:president"],
            ["", "", "", "role:president"],
        ])
    }
}
