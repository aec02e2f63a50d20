//! Lists of choices (数据字典): what administrators edit and records choose from.
//!
//! A record keeps the name of a choice, which never changes; labels, order and whether it is still offered may.

use std::collections::BTreeMap;

use serde::Serialize;

use super::error::RecordError;
use crate::db::{Conn, DbError, FromRow, Row};
use crate::i18n::{Lang, msg};
use crate::kernel::text;
use crate::params;

const ALL: &str = "
    SELECT id, dictionary, name, label_zh, label_en, position, percent, active, version FROM dictionary_entry
    ORDER BY dictionary, position, id";
const ADD: &str = "
    INSERT INTO dictionary_entry (dictionary, name, label_zh, label_en, position, percent, active, version)
    VALUES ($1, $2, $3, $4, $5, $6, $7, 1) RETURNING id";
const CHANGE: &str = "
    UPDATE dictionary_entry SET label_zh = $3, label_en = $4, percent = $5, active = $6, version = version + 1
    WHERE id = $1 AND version = $2";
const PLACE: &str = "UPDATE dictionary_entry SET position = $2 WHERE id = $1";

pub(super) const STATEMENTS: &[&str] = &[ALL, ADD, CHANGE, PLACE];

/// Characters that a label may have.
const LONGEST: usize = 50;

/// A choice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Choice {
    /// Its number.
    pub id: i64,
    /// The list that it stands in.
    pub dictionary: String,
    /// What records keep.
    pub name: String,
    /// What people read in Chinese.
    pub label_zh: String,
    /// What people read in English.
    pub label_en: String,
    /// Where it stands among the others.
    pub position: i64,
    /// How probable it makes that something succeeds, where the list says so.
    pub percent: Option<i64>,
    /// Whether it is still offered.
    pub active: bool,
    /// Rises with every change.
    pub version: i64,
}

/// What an administrator says of a choice.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ChoiceFields {
    /// What people read in Chinese.
    pub label_zh: String,
    /// What people read in English; empty is as in Chinese.
    pub label_en: String,
    /// How probable it makes that something succeeds, in per cent; empty is not said.
    pub percent: String,
    /// Whether it is still offered.
    pub active: bool,
}

/// Every list with its choices in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Dictionaries(BTreeMap<String, Vec<Choice>>);

impl FromRow for Choice {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        Ok(Self {
            id: row.get("id")?,
            dictionary: row.get("dictionary")?,
            name: row.get("name")?,
            label_zh: row.get("label_zh")?,
            label_en: row.get("label_en")?,
            position: row.get("position")?,
            percent: row.get("percent")?,
            active: row.get("active")?,
            version: row.get("version")?,
        })
    }
}

impl Choice {
    /// What a reader of that language sees.
    pub fn label(&self, lang: Lang) -> &str {
        match lang {
            Lang::Zh => &self.label_zh,
            Lang::En => &self.label_en,
        }
    }
}

impl FromIterator<Choice> for Dictionaries {
    fn from_iter<I: IntoIterator<Item = Choice>>(choices: I) -> Self {
        let mut lists: BTreeMap<String, Vec<Choice>> = BTreeMap::new();
        for choice in choices {
            lists.entry(choice.dictionary.clone()).or_default().push(choice);
        }
        Self(lists)
    }
}

impl ChoiceFields {
    /// In one form, or what is wrong with it.
    pub(super) fn checked(mut self) -> Result<(Self, Option<i64>), RecordError> {
        for (field, label) in [("label_zh", &mut self.label_zh), ("label_en", &mut self.label_en)] {
            *label = label.trim().to_owned();
            if label.chars().count() > LONGEST || label.chars().any(char::is_control) {
                return Err(RecordError::field(field, "too_long", msg!("record.problem.too_long", max = LONGEST)));
            }
        }
        if self.label_zh.is_empty() {
            return Err(RecordError::field("label_zh", "required", msg!("record.problem.required")));
        }
        if self.label_en.is_empty() {
            self.label_en.clone_from(&self.label_zh);
        }
        let percent = match self.percent.trim() {
            "" => None,
            typed => {
                let number = typed.parse().ok().filter(|number| (0..=100).contains(number));
                let problem = || msg!("record.problem.number", min = 0, max = 100);
                Some(number.ok_or_else(|| RecordError::field("percent", "number", problem()))?)
            }
        };
        Ok((self, percent))
    }
}

impl Dictionaries {
    /// The choices of a list, those that are no longer offered too.
    pub fn of(&self, dictionary: &str) -> &[Choice] {
        self.0.get(dictionary).map_or(&[], Vec::as_slice)
    }

    /// One of them.
    pub fn choice(&self, dictionary: &str, name: &str) -> Option<&Choice> {
        self.of(dictionary).iter().find(|choice| choice.name == name)
    }

    /// What a reader of that language sees for a kept name; one that no list knows shows itself.
    pub fn label(&self, dictionary: &str, name: &str, lang: Lang) -> String {
        self.choice(dictionary, name).map_or_else(|| name.to_owned(), |choice| choice.label(lang).to_owned())
    }

    /// Whether it can be chosen now.
    pub fn offers(&self, dictionary: &str, name: &str) -> bool {
        self.choice(dictionary, name).is_some_and(|choice| choice.active)
    }

    /// The names of the lists.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// A name for a new choice: the pinyin of its label, with a number where that is taken.
    pub(super) fn name_for(&self, dictionary: &str, label: &str) -> String {
        let plain: String =
            text::pinyin(label).chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).take(40).collect();
        let plain = plain.trim_matches('-').to_owned();
        let plain = if plain.is_empty() { "choice".to_owned() } else { plain };
        let taken = |name: &str| self.choice(dictionary, name).is_some();
        if !taken(&plain) {
            return plain;
        }
        (2..10_000).map(|n| format!("{plain}-{n}")).find(|name| !taken(name)).unwrap_or(plain)
    }
}

/// Every list.
pub async fn load(c: &mut Conn<'_>) -> Result<Dictionaries, DbError> {
    Ok(c.all::<Choice>(ALL, params![]).await?.into_iter().collect())
}

/// A new choice at the end of its list.
pub(super) async fn add(
    c: &mut Conn<'_>,
    (dictionary, name, position): (&str, &str, i64),
    fields: &ChoiceFields,
    percent: Option<i64>,
) -> Result<i64, DbError> {
    let ChoiceFields { label_zh, label_en, active, .. } = fields;
    Ok(c.one::<(i64,)>(ADD, params![dictionary, name, label_zh, label_en, position, percent, active]).await?.0)
}

pub(super) async fn change(
    c: &mut Conn<'_>,
    (id, version): (i64, i64),
    fields: &ChoiceFields,
    percent: Option<i64>,
) -> Result<(), RecordError> {
    let ChoiceFields { label_zh, label_en, active, .. } = fields;
    let changed = c.exec(CHANGE, params![id, version, label_zh, label_en, percent, active]).await?;
    if changed == 1 { Ok(()) } else { Err(RecordError::Changed) }
}

/// Numbers the choices of a list in that order.
pub(super) async fn place(c: &mut Conn<'_>, ids: &[i64]) -> Result<(), DbError> {
    for (position, id) in (1_i64..).zip(ids) {
        c.exec(PLACE, params![id, position]).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn choice(name: &str, active: bool) -> Choice {
        let (dictionary, label_zh, label_en) = ("industry".into(), "制造业".into(), "Manufacturing".into());
        Choice {
            id: 1,
            dictionary,
            name: name.into(),
            label_zh,
            label_en,
            position: 1,
            percent: None,
            active,
            version: 1,
        }
    }

    fn lists() -> Dictionaries {
        Dictionaries(BTreeMap::from([("industry".to_owned(), vec![choice("zhizaoye", true), choice("old", false)])]))
    }

    #[test]
    fn a_disabled_choice_is_read_and_not_offered() {
        assert!(lists().offers("industry", "zhizaoye") && !lists().offers("industry", "old"));
        assert_eq!(lists().label("industry", "old", Lang::En), "Manufacturing");
        assert_eq!(lists().label("industry", "unknown", Lang::En), "unknown");
    }

    #[test]
    fn a_new_choice_gets_a_name_that_nothing_else_has() {
        assert_eq!(lists().name_for("industry", "新能源"), "xinnengyuan");
        assert_eq!(lists().name_for("industry", "制造业"), "zhizaoye-2");
        assert_eq!(lists().name_for("industry", "★"), "choice");
    }

    #[test]
    fn a_choice_needs_a_label_and_a_percentage_within_a_hundred() {
        let fields = |label: &str, percent: &str| ChoiceFields {
            label_zh: label.into(),
            percent: percent.into(),
            ..ChoiceFields::default()
        };
        assert_eq!(fields(" 新能源 ", "30").checked().unwrap().0.label_en, "新能源");
        assert!(fields("", "").checked().is_err());
        assert!(fields("新能源", "101").checked().is_err());
    }
}
