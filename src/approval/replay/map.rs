//! The map: which column holds what, and which command an activity is.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::kernel::{Currency, Kind};
use crate::workflow::{Case, Stage};

/// MAP.toml.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Map {
    /// Names of columns.
    pub columns: Columns,
    /// What the cases are about.
    pub subject: SubjectOf,
    /// Activities and their commands; the first that fits counts.
    pub event: Vec<EventOf>,
    /// What states are called; a state that is not named keeps the engine's word.
    #[serde(default)]
    pub states: BTreeMap<String, String>,
}

/// Names of columns.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Columns {
    /// The case.
    pub case: String,
    /// Number of the event in its case; counted where no column is named.
    pub seq: Option<String>,
    /// The instant, with its offset.
    pub time: String,
    /// What happened.
    pub activity: String,
    /// Who; may be the column of the role.
    pub person: String,
    /// In which role.
    pub role: Option<String>,
    /// The amount.
    pub amount: Option<String>,
}

/// What the cases are about.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SubjectOf {
    /// The kind of record that the workflow carries.
    pub kind: Kind,
    /// Of the amounts.
    pub currency: Currency,
}

/// One activity.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EventOf {
    /// Literal, but for `{role}`, which stands for the role of the event.
    pub activity: String,
    /// The command.
    #[serde(rename = "do")]
    pub command: Command,
    /// Where a freely flowing approval goes.
    #[serde(default)]
    pub next: Option<NextOf>,
    /// Which document of the case, where it holds several.
    #[serde(default)]
    pub document: Option<String>,
}

/// What an activity does.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub enum Command {
    /// The drafter saved.
    Save,
    /// The drafter handed in.
    Submit,
    /// Somebody approved.
    Approve,
    /// Somebody rejected for good.
    Reject,
    /// Somebody sent it back to the drafter.
    Return,
    /// Somebody took it into their hands.
    SignFor,
    /// The submitter took it back.
    Withdraw,
    /// Something happened outside.
    Event(String),
    /// Nothing that the workflow knows.
    Ignore,
}

/// Where a freely flowing approval goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NextOf {
    /// To everybody again.
    Pool,
    /// This was the last one.
    Finish,
}

impl TryFrom<String> for Command {
    type Error = String;

    fn try_from(word: String) -> Result<Self, String> {
        Ok(match word.as_str() {
            "save" => Self::Save,
            "submit" => Self::Submit,
            "approve" => Self::Approve,
            "reject" => Self::Reject,
            "return" => Self::Return,
            "sign_for" => Self::SignFor,
            "withdraw" => Self::Withdraw,
            "ignore" => Self::Ignore,
            other => match other.strip_prefix("event:").filter(|name| !name.is_empty()) {
                Some(name) => Self::Event(name.to_owned()),
                None => {
                    return Err(format!(
                        "`do` is {other:?}; it must be save, submit, approve, reject, return, sign_for, withdraw, event:NAME or ignore"
                    ));
                }
            },
        })
    }
}

impl Map {
    /// The index of the line for an activity by somebody in a role.
    pub fn find(&self, activity: &str, role: &str) -> Option<usize> {
        self.event.iter().position(|one| {
            one.activity == activity
                || (one.activity.contains("{role}") && one.activity.replace("{role}", role) == activity)
        })
    }

    /// What the state of a case is called: `STATUS/NODE` of a node under way where the map names it, the longest first, else `STATUS`.
    pub fn state(&self, case: &Case) -> String {
        let status = case.status.word();
        let under_way = case.nodes.iter().filter(|(_, node)| node.stage == Stage::Active);
        let mut names: Vec<String> = under_way.map(|(name, _)| format!("{status}/{name}")).collect();
        names.sort_by_key(|name| std::cmp::Reverse(name.len()));
        names.push(status.to_owned());
        let named = names.iter().find_map(|name| self.states.get(name));
        named.cloned().unwrap_or_else(|| status.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn map(events: &str) -> Map {
        let head = "columns = { case = 'c', time = 't', activity = 'a', person = 'r', role = 'r' }\n\
            subject = { kind = 'declaration', currency = 'EUR' }\n";
        toml::from_str(&format!("{head}{events}")).unwrap()
    }

    #[test]
    fn the_first_line_that_fits_an_activity_counts() {
        let map = map("event = [{ activity = 'REJECTED by EMPLOYEE', do = 'sign_for' }, \
            { activity = 'REJECTED by {role}', do = 'return' }, { activity = 'Paid', do = 'event:paid' }]");
        assert_eq!(map.find("REJECTED by EMPLOYEE", "EMPLOYEE"), Some(0));
        assert_eq!(map.find("REJECTED by DIRECTOR", "DIRECTOR"), Some(1));
        assert_eq!(map.find("REJECTED by DIRECTOR", "OWNER"), None);
        assert_eq!(map.event[2].command, Command::Event("paid".to_owned()));
    }

    #[test]
    fn a_word_that_is_no_command_is_an_error() {
        let text = "columns = { case = 'c', time = 't', activity = 'a', person = 'r' }\n\
            subject = { kind = 'declaration', currency = 'EUR' }\nevent = [{ activity = 'x', do = 'aprove' }]";
        let error = toml::from_str::<Map>(text).unwrap_err().to_string();
        assert!(error.contains("\"aprove\""), "{error}");
    }

    #[test]
    fn a_state_takes_its_longest_name() {
        let mut map = map("event = []\n[states]\ndraft = 'NEW'\n'draft/wait' = 'WAITING'\n");
        let mut case = Case::default();
        assert_eq!(map.state(&case), "NEW");
        std::sync::Arc::make_mut(&mut case.nodes).insert("wait".to_owned(), std::sync::Arc::default());
        assert_eq!(map.state(&case), "WAITING");
        map.states.clear();
        assert_eq!(map.state(&case), "draft");
    }
}
