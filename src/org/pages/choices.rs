//! What lists that open offer: people, departments, roles.

use serde::Serialize;

use crate::i18n::Lang;
use crate::kernel::UserId;
use crate::org::{Department, Role};
use crate::workflow::Directory;

/// One line of a list that opens.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Choice {
    value: String,
    label: String,
}

impl Choice {
    pub(super) fn new(value: impl std::fmt::Display, label: impl Into<String>) -> Self {
        Self { value: value.to_string(), label: label.into() }
    }

    /// Whether it stands for this value.
    pub(super) fn is(&self, value: &str) -> bool {
        self.value == value
    }
}

/// Everybody active, by name; without `but`.
pub(super) fn people(directory: &Directory, but: Option<UserId>) -> Vec<Choice> {
    let people = directory.by_name().into_iter().filter(|one| one.active && Some(one.id) != but);
    people.map(|one| Choice::new(one.id, one.label())).collect()
}

/// The open departments, indented by their depth.
pub(super) fn departments(tree: &[(usize, Department)]) -> Vec<Choice> {
    let open = tree.iter().filter(|(_, one)| one.active);
    open.map(|(depth, one)| Choice::new(one.id, format!("{}{}", "\u{2003}".repeat(*depth), one.name))).collect()
}

/// The roles by their titles; `value` is the name.
pub(super) fn roles(roles: &[Role], lang: Lang) -> Vec<Choice> {
    roles.iter().map(|role| Choice::new(&role.name, title(role, lang))).collect()
}

/// What a role is called.
pub(super) fn title(role: &Role, lang: Lang) -> &str {
    match lang {
        Lang::Zh => &role.title_zh,
        Lang::En => &role.title_en,
    }
}

/// The number in a list that opens; empty or unfit is none.
pub(super) fn chosen<T: std::str::FromStr>(value: &str) -> Option<T> {
    value.parse().ok()
}
