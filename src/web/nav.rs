//! What the navigation lists. Rooms say what they have to offer, `app` puts it together, a person sees what is theirs.

use serde::Serialize;

use super::session::Person;
use crate::i18n::{self, Lang, Message};

/// A part of the navigation, in the order in which they stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum NavGroup {
    /// What waits for me: no heading.
    Work,
    /// Contracts and what follows from them.
    Contracts,
    /// Customers and what follows from them.
    Customers,
    /// Numbers.
    Insight,
    /// For administrators.
    Admin,
}

/// One line of the navigation.
#[derive(Clone, Debug)]
pub struct NavEntry {
    /// Where it stands.
    pub group: NavGroup,
    /// Its name.
    pub label: Message,
    /// The name of its icon.
    pub icon: &'static str,
    /// Where it leads.
    pub path: String,
    /// Whether it stands at the foot of a phone; at most four do.
    pub primary: bool,
    /// The permission without which it is not shown.
    pub needs: Option<&'static str>,
    /// The address of a fragment with the number of what waits there, and the event after which it is asked again.
    pub live: Option<(String, &'static str)>,
}

impl NavEntry {
    /// A line that everybody sees.
    #[must_use]
    pub fn new(group: NavGroup, label: Message, icon: &'static str, path: &(impl ToString + ?Sized)) -> Self {
        Self { group, label, icon, path: path.to_string(), primary: false, needs: None, live: None }
    }

    /// Stands at the foot of a phone too.
    #[must_use]
    pub fn primary(mut self) -> Self {
        self.primary = true;
        self
    }

    /// Shown only to people with that permission.
    #[must_use]
    pub fn needs(mut self, permission: &'static str) -> Self {
        self.needs = Some(permission);
        self
    }

    /// Shows the number that the fragment at `address` holds, asked again after each `event`.
    #[must_use]
    pub fn live(mut self, address: &(impl ToString + ?Sized), event: &'static str) -> Self {
        self.live = Some((address.to_string(), event));
        self
    }
}

/// A group as the shell shows it.
#[derive(Debug, Serialize)]
pub(super) struct ShownGroup {
    label: String,
    entries: Vec<ShownEntry>,
}

/// A line as the shell shows it.
#[derive(Debug, Serialize)]
pub(super) struct ShownEntry {
    label: String,
    icon: &'static str,
    path: String,
    primary: bool,
    active: bool,
    live: Option<String>,
    live_event: Option<&'static str>,
}

/// What `person` sees of `entries` while standing at `address`.
pub(super) fn shown(entries: &[NavEntry], person: Option<&Person>, lang: Lang, address: &str) -> Vec<ShownGroup> {
    let Some(person) = person else { return Vec::new() };
    let seen = entries.iter().filter(|entry| entry.needs.is_none_or(|power| person.may(power)));
    let active =
        seen.clone().map(|entry| entry.path.as_str()).filter(|path| leads_to(path, address)).max_by_key(|p| p.len());
    let mut groups: Vec<(NavGroup, ShownGroup)> = Vec::new();
    for entry in seen {
        let shown = one(entry, lang, active == Some(entry.path.as_str()));
        match groups.iter_mut().find(|(group, _)| *group == entry.group) {
            Some((_, group)) => group.entries.push(shown),
            None => groups.push((entry.group, ShownGroup { label: heading(entry.group, lang), entries: vec![shown] })),
        }
    }
    groups.sort_by_key(|(group, _)| *group);
    groups.into_iter().map(|(_, group)| group).collect()
}

fn one(entry: &NavEntry, lang: Lang, active: bool) -> ShownEntry {
    ShownEntry {
        label: i18n::text(lang, &entry.label),
        icon: entry.icon,
        path: entry.path.clone(),
        primary: entry.primary,
        active,
        live: entry.live.as_ref().map(|(address, _)| address.clone()),
        live_event: entry.live.as_ref().map(|(_, event)| *event),
    }
}

/// A line that stands by itself, outside the navigation.
pub(super) fn alone(entry: &NavEntry, lang: Lang, address: &str) -> ShownEntry {
    one(entry, lang, leads_to(&entry.path, address))
}

fn heading(group: NavGroup, lang: Lang) -> String {
    match group {
        NavGroup::Work => String::new(),
        NavGroup::Contracts => i18n::label(lang, "web.nav_contracts"),
        NavGroup::Customers => i18n::label(lang, "web.nav_customers"),
        NavGroup::Insight => i18n::label(lang, "web.nav_insight"),
        NavGroup::Admin => i18n::label(lang, "web.nav_admin"),
    }
}

/// A link of the menu under the reader's name.
#[derive(Debug, Serialize)]
pub(super) struct ShownLink {
    label: String,
    icon: &'static str,
    path: String,
}

/// The menu under the reader's name.
pub(super) fn menu(entries: &[NavEntry], lang: Lang) -> Vec<ShownLink> {
    let link = |entry: &NavEntry| ShownLink {
        label: i18n::text(lang, &entry.label),
        icon: entry.icon,
        path: entry.path.clone(),
    };
    entries.iter().map(link).collect()
}

/// Whether somebody at `address` is in the part that starts at `path`.
fn leads_to(path: &str, address: &str) -> bool {
    let address = address.split(['?', '#']).next().unwrap_or_default();
    let (path, address) = (path.trim_end_matches('/'), address.trim_end_matches('/'));
    address == path || (!path.is_empty() && address.strip_prefix(path).is_some_and(|rest| rest.starts_with('/')))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_is_active_below_its_own_address_only() {
        assert!(leads_to("/customers", "/customers?stage=won"));
        assert!(leads_to("/customers", "/customers/7/edit"));
        assert!(!leads_to("/customers", "/customers-old"));
        assert!(leads_to("/", "/"));
        assert!(!leads_to("/", "/customers"));
    }
}
