//! An approval sheet in one language, for the page and for the PDF.

use serde::Serialize;
use serde_json::Value;

use super::{Entry, Proposed, Sheet, SheetStep};
use crate::i18n::{self, Lang, Message, msg};
use crate::pdf::{PdfError, typeset};

/// An approval sheet in one language.
#[derive(Clone, Debug, Serialize)]
pub struct SheetShown {
    lang: &'static str,
    title: String,
    status: String,
    facts: Vec<(String, String)>,
    steps: Vec<StepShown>,
    suggestions: Vec<ProposedShown>,
    proof: Vec<(String, String)>,
    labels: Labels,
}

/// Headings.
#[derive(Clone, Debug, Serialize)]
struct Labels {
    sheet: String,
    step: String,
    done: String,
    words: String,
    at: String,
    suggestions: String,
    overridden: String,
    open: String,
    proof: String,
    proof_text: String,
}

#[derive(Clone, Debug, Serialize)]
struct StepShown {
    title: String,
    waits_for: Option<String>,
    entries: Vec<EntryShown>,
}

#[derive(Clone, Debug, Serialize)]
struct EntryShown {
    what: String,
    who: Option<String>,
    text: Option<String>,
    about: Option<String>,
    signed: Option<String>,
    at: String,
    round: Option<String>,
    content: Option<String>,
    void: Option<String>,
    overridden: bool,
    tone: &'static str,
}

#[derive(Clone, Debug, Serialize)]
struct ProposedShown {
    part: String,
    text: String,
    reason: String,
    who: String,
    at: String,
    outcome: Option<String>,
}

impl Sheet {
    /// The sheet in a language.
    pub fn shown(&self, lang: Lang) -> SheetShown {
        let text = |message: &Message| i18n::text(lang, message);
        let label = |key: &str| i18n::label(lang, key);
        let proof = [
            ("approval.sheet.case", self.proof.case.to_string()),
            ("approval.sheet.events", self.proof.events.to_string()),
            ("approval.sheet.head", self.proof.head.to_string()),
            ("approval.sheet.content", self.proof.content.map(|hash| hash.to_string()).unwrap_or_default()),
        ];
        SheetShown {
            lang: lang.tag(),
            title: self.title.clone(),
            status: text(&self.status),
            facts: self.facts.iter().map(|(label, value)| (text(label), text(value))).collect(),
            steps: self.steps.iter().map(|step| step.shown(lang, self.rounds)).collect(),
            suggestions: self.suggestions.iter().map(|one| one.shown(lang)).collect(),
            proof: proof.into_iter().map(|(key, value)| (label(key), value)).collect(),
            labels: Labels {
                sheet: label("approval.sheet.title"),
                step: label("approval.sheet.step"),
                done: label("approval.sheet.done"),
                words: label("approval.sheet.words"),
                at: label("approval.sheet.at"),
                suggestions: label("approval.suggestions"),
                overridden: label("approval.sheet.overridden"),
                open: label("approval.sheet.open"),
                proof: label("approval.sheet.proof"),
                proof_text: label("approval.sheet.proof_text"),
            },
        }
    }
}

impl SheetStep {
    fn shown(&self, lang: Lang, rounds: bool) -> StepShown {
        StepShown {
            title: i18n::text(lang, &self.title),
            waits_for: self.waits_for.as_ref().map(|people| i18n::text(lang, people)),
            entries: self.entries.iter().map(|entry| entry.shown(lang, rounds)).collect(),
        }
    }
}

impl Entry {
    fn shown(&self, lang: Lang, rounds: bool) -> EntryShown {
        let text = |message: &Option<Message>| message.as_ref().map(|message| i18n::text(lang, message));
        let of = |key: &str, name: &'static str, value: String| {
            i18n::text(lang, &Message::of(key.to_owned()).with(name, value))
        };
        EntryShown {
            what: i18n::text(lang, &self.what),
            who: text(&self.who),
            text: text(&self.text),
            about: self.about.clone().map(|part| of("approval.sheet.about", "part", part)),
            signed: text(&self.signed),
            at: i18n::timestamp(lang, self.at),
            round: rounds.then(|| of("approval.sheet.in_round", "round", self.round.to_string())),
            content: self.content.map(|hash| of("approval.sheet.of_content", "content", hash.short())),
            void: self
                .void
                .as_ref()
                .map(|reason| i18n::text(lang, &msg!("approval.sheet.void", reason = reason.clone()))),
            overridden: self.overridden,
            tone: self.tone,
        }
    }
}

impl Proposed {
    fn shown(&self, lang: Lang) -> ProposedShown {
        ProposedShown {
            part: self.part.clone(),
            text: self.text.clone(),
            reason: self.reason.clone(),
            who: i18n::text(lang, &self.who),
            at: i18n::timestamp(lang, self.at),
            outcome: self.outcome.as_ref().map(|outcome| i18n::text(lang, outcome)),
        }
    }
}

impl SheetShown {
    /// What such a sheet is called.
    pub fn name(&self) -> &str {
        &self.labels.sheet
    }

    /// The sheet as PDF. Slow (tens of milliseconds): call it outside of transactions and off the async threads.
    pub fn pdf(&self) -> Result<Vec<u8>, PdfError> {
        let mut data = serde_json::to_value(self).map_err(|error| PdfError::Layout(error.to_string()))?;
        loop {
            match typeset(include_str!("sheet.typ"), &data) {
                // What somebody wrote months ago must not keep the sheet from being printed: the character is named in its place.
                Err(PdfError::NoGlyph(c)) if name_in_place(&mut data, c) => {}
                set => return set,
            }
        }
    }
}

/// `[U+1F600]` where the character stood; whether it stood anywhere.
fn name_in_place(data: &mut Value, c: char) -> bool {
    match data {
        Value::String(text) if text.contains(c) => {
            *text = text.replace(c, &format!("[U+{:04X}]", u32::from(c)));
            true
        }
        Value::Array(items) => anywhere(items.iter_mut(), c),
        Value::Object(fields) => anywhere(fields.values_mut(), c),
        _ => false,
    }
}

fn anywhere<'v>(values: impl Iterator<Item = &'v mut Value>, c: char) -> bool {
    let mut stood = false;
    for value in values {
        stood |= name_in_place(value, c);
    }
    stood
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_character_that_no_font_has_is_named_in_its_place() {
        let mut data = json!({ "steps": [{ "text": "好\u{1F600}" }], "facts": [["a", "\u{1F600}"]] });
        assert!(name_in_place(&mut data, '\u{1F600}'));
        assert_eq!(data, json!({ "steps": [{ "text": "好[U+1F600]" }], "facts": [["a", "[U+1F600]"]] }));
        assert!(!name_in_place(&mut data, '\u{1F600}'));
    }
}
