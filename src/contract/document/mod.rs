//! A contract as a document: a template filled with a draft, clause by clause. Screen, PDF, hash and redline all start here.

mod blocks;
mod draft;
mod fill;
mod html;
mod redline;
mod redline_html;
mod redline_table;
mod sample;

pub use blocks::{Block, Inline, blocks};
pub use draft::{Draft, FieldError};
pub use fill::{FillError, fill};
pub use html::html;
pub use redline::{ClauseChange, ClauseText, Piece, Redline, compare, compare_texts};
pub use redline_html::redline_html;

use serde::Serialize;

use crate::kernel::hash::NotCanonical;
use crate::kernel::manifest::{ManifestError, PartOf};
use crate::kernel::{Hash, Manifest};

use super::template::{FieldValue, FileValue, Milestone, Party, PlanRow, Values, without_frames};

/// A contract's text with everything that stands in it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Document {
    /// The title: 软件服务合同.
    pub title: String,
    /// The parties in the order of the text.
    pub parties: Vec<Party>,
    /// The clauses in order.
    pub clauses: Vec<DocumentClause>,
    /// The rows of the payment plan.
    pub plan: Vec<PlanRow>,
    /// The same with amounts, once the total is known.
    pub milestones: Vec<Milestone>,
    /// The filled blanks, computed ones included.
    pub values: Values,
    /// The files.
    pub files: Vec<FileValue>,
}

/// One clause of a document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DocumentClause {
    /// The clause's name in the template.
    pub name: String,
    /// Its number, if it is numbered: 第一条 is 1.
    pub number: Option<usize>,
    /// Its title, empty for the opening.
    pub title: String,
    /// Its filled text in Markdown, each blank framed; see [`DocumentClause::text`].
    #[serde(skip)]
    pub(in crate::contract) framed: String,
    /// Where its text comes from.
    pub origin: Origin,
    /// Why it deviates from the standard, if it does.
    pub deviation: Option<Deviation>,
    /// The hash of the standard text that it came from.
    pub standard: Hash,
}

/// Where the text of a clause comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Origin {
    /// The template's one text.
    Locked,
    /// One of the template's alternatives.
    Alternative {
        /// Its section.
        section: String,
        /// What the drafter chose it by.
        label: String,
        /// Whether it is not the first one: listed as 已选备选条款.
        other_than_first: bool,
    },
    /// The drafter's own words, or the standard text where none were written.
    Free,
}

/// Why a clause deviates from the standard.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Deviation {
    /// Its text was changed.
    Changed,
    /// An alternative was taken that the template marks.
    Alternative,
    /// Something was written into a free clause.
    Written,
}

impl Document {
    /// The clause of that name.
    pub fn clause(&self, name: &str) -> Option<&DocumentClause> {
        self.clauses.iter().find(|clause| clause.name == name)
    }

    /// The clauses that deviate from the standard.
    pub fn deviations(&self) -> impl Iterator<Item = &DocumentClause> {
        self.clauses.iter().filter(|clause| clause.deviation.is_some())
    }

    /// The names of the blanks that are still empty, each once, in the order of the text.
    pub fn blanks(&self) -> Vec<String> {
        let mut names: Vec<String> = Vec::new();
        for clause in &self.clauses {
            for name in clause.blanks() {
                if !names.iter().any(|known| known == name) {
                    names.push(name.to_owned());
                }
            }
        }
        names
    }

    /// Whether the field stands in the text that was chosen, filled or not.
    pub fn mentions(&self, field: &str) -> bool {
        let [open, middle, _] = super::template::FRAME;
        let (filled, empty) = (format!("{open}{field}{middle}"), format!("{open}?{field}{middle}"));
        self.clauses.iter().any(|clause| clause.framed.contains(&filled) || clause.framed.contains(&empty))
    }

    /// What is hashed: a line a part, as `architecture.md` fixes it.
    pub fn manifest(&self) -> Result<Manifest, ManifestError> {
        let mut manifest = Manifest::default();
        for (path, part) in self.parts()? {
            manifest.put(&path, &part)?;
        }
        Ok(manifest)
    }

    /// What the lines of the manifest are over, by path.
    pub fn parts(&self) -> Result<Vec<(String, PartOf)>, ManifestError> {
        let mut parts = Vec::new();
        for (name, value) in &self.values {
            match value {
                FieldValue::Lines(lines) => numbered("lines", lines, &mut parts)?,
                FieldValue::Plan(_) => {} // stands under plan/
                value => parts.push((format!("fields/{name}"), PartOf::Value(value.to_json()))),
            }
        }
        parts.extend(self.clauses.iter().map(|one| (format!("clauses/{}", one.name), PartOf::Text(one.text()))));
        numbered("plan", &self.plan, &mut parts)?;
        numbered("parties", &self.parties, &mut parts)?;
        parts.extend(self.files.iter().map(|file| (format!("files/{}", file.name), PartOf::File(file.hash))));
        Ok(parts)
    }
}

/// The path of a row of the plan, by its place from 0.
pub fn plan_part(place: usize) -> String {
    format!("plan/{}", place + 1)
}

/// `lines/1`, `lines/2` …
fn numbered<T: Serialize>(name: &str, items: &[T], parts: &mut Vec<(String, PartOf)>) -> Result<(), ManifestError> {
    for (number, item) in (1..).zip(items) {
        let value = serde_json::to_value(item).map_err(NotCanonical::from)?;
        parts.push((format!("{name}/{number}"), PartOf::Value(value)));
    }
    Ok(())
}

impl DocumentClause {
    /// Its filled text in Markdown: what is hashed and compared.
    pub fn text(&self) -> String {
        without_frames(&self.framed)
    }

    /// `第十一条 违约责任`, or the title alone.
    pub fn heading(&self) -> String {
        match self.number {
            Some(number) => format!("第{}条　{}", chinese(number), self.title),
            None => self.title.clone(),
        }
    }

    /// The names of its empty blanks.
    fn blanks(&self) -> impl Iterator<Item = &str> {
        let [open, middle, _] = super::template::FRAME;
        self.framed.split(open).skip(1).filter_map(move |rest| rest.split(middle).next()?.strip_prefix('?'))
    }
}

/// A number in Chinese, as clauses are counted: 一, 十, 十一, 二十, 一百零一. Beyond 999 in figures.
fn chinese(number: usize) -> String {
    const DIGITS: [&str; 10] = ["", "一", "二", "三", "四", "五", "六", "七", "八", "九"];
    let (hundreds, tens, ones) = (number / 100, number / 10 % 10, number % 10);
    match (hundreds, tens, ones) {
        (10.., ..) => number.to_string(),
        (0, 0, ones) => DIGITS[ones].to_owned(),
        (0, 1, ones) => format!("十{}", DIGITS[ones]),
        (0, tens, ones) => format!("{}十{}", DIGITS[tens], DIGITS[ones]),
        (hundreds, 0, 0) => format!("{}百", DIGITS[hundreds]),
        (hundreds, 0, ones) => format!("{}百零{}", DIGITS[hundreds], DIGITS[ones]),
        (hundreds, tens, ones) => format!("{}百{}十{}", DIGITS[hundreds], DIGITS[tens], DIGITS[ones]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clauses_are_counted_in_chinese() {
        let counted: Vec<_> = [1, 10, 11, 20, 35, 100, 101, 110, 250].map(chinese).into();
        assert_eq!(counted, ["一", "十", "十一", "二十", "三十五", "一百", "一百零一", "一百一十", "二百五十"]);
    }
}
