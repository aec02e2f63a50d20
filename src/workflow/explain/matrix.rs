//! Who decides, as a table: amount band × everything else that conditions ask.

use super::phrases::{band_said, condition_said, entry_said, who_said};
use super::{Names, grids};
use crate::i18n::{self, Arg, Lang, Message, msg};
use crate::kernel::Amount;
use crate::workflow::{Band, Condition, Definition, Entry, Node, NodeKind};

/// More questions than this do not fit on a page; the first ones are shown.
const MOST_QUESTIONS: usize = 5;

/// The table.
#[derive(Clone, Debug, PartialEq)]
pub struct Matrix {
    /// What is asked beside the amount, one column each.
    pub questions: Vec<Message>,
    /// The rows, amounts ascending.
    pub rows: Vec<Row>,
    /// Whether some questions did not fit and are taken as answered with no.
    pub shortened: bool,
}

/// One row of the table.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Lowest approval amount, included; `None` from nothing.
    pub from: Option<Amount>,
    /// Where the band ends, excluded; `None` has no end.
    pub below: Option<Amount>,
    /// Answers to the questions; `None` where it does not matter.
    pub answers: Vec<Option<bool>>,
    /// Who decides, in order.
    pub steps: Vec<Message>,
}

/// The approval amounts from which a record goes another way or to other people, ascending.
pub fn limits(definition: &Definition, names: Names<'_>) -> Vec<Amount> {
    let mut asked = Asked::default();
    asked.sequence(&definition.nodes, names);
    asked.limits.sort_unstable();
    asked.limits.dedup();
    asked.limits
}

/// The table of a definition; none where everybody goes the same way.
pub fn matrix(definition: &Definition, names: Names<'_>) -> Option<Matrix> {
    let mut asked = Asked::default();
    asked.sequence(&definition.nodes, names);
    asked.limits.sort_unstable();
    asked.limits.dedup();
    if asked.limits.is_empty() && asked.questions.is_empty() {
        return None;
    }
    let shortened = asked.questions.len() > MOST_QUESTIONS;
    asked.questions.truncate(MOST_QUESTIONS);
    let mut bands: Vec<(Option<Amount>, Option<Amount>)> = Vec::new();
    let mut from = None;
    for limit in asked.limits.iter().copied().filter(|limit| *limit > Amount::ZERO) {
        bands.push((from, Some(limit)));
        from = Some(limit);
    }
    bands.push((from, None));
    let mut rows = Vec::new();
    for (from, below) in bands {
        for number in 0..1_usize << asked.questions.len() {
            let answers: Vec<bool> = (0..asked.questions.len()).map(|bit| number >> bit & 1 == 1).collect();
            let case = Case { from, questions: &asked.questions, answers: &answers };
            let mut steps = Vec::new();
            let names = Names { amount: Some(from.unwrap_or(Amount::ZERO)), ..names };
            case.sequence(&definition.nodes, names, &mut steps);
            rows.push(Row { from, below, answers: answers.into_iter().map(Some).collect(), steps });
        }
    }
    let questions = asked.questions.iter().map(|question| condition_said(question, names)).collect();
    Some(Matrix { questions, rows: merged(rows), shortened })
}

/// What the conditions of a definition ask.
#[derive(Default)]
struct Asked {
    limits: Vec<Amount>,
    questions: Vec<Condition>,
}

impl Asked {
    fn sequence(&mut self, nodes: &[Node], names: Names<'_>) {
        for node in nodes
            .iter()
            .filter(|node| !matches!(node.kind, NodeKind::CopyTo { .. } | NodeKind::Act { .. } | NodeKind::Wait { .. }))
        {
            node.when.iter().for_each(|when| self.condition(when));
            match &node.kind {
                NodeKind::Branch { ways, .. } => {
                    for way in ways {
                        way.condition.iter().for_each(|condition| self.condition(condition));
                        self.sequence(&way.nodes, names);
                    }
                }
                kind @ (NodeKind::Parallel { .. } | NodeKind::Run { .. }) => {
                    kind.ways().for_each(|way| self.sequence(way, names));
                }
                NodeKind::Approve { by, .. } => self.limits.extend(grids::limits(by, names)),
                NodeKind::Countersign { entries, .. } => {
                    for Entry::OneOf { who, .. } | Entry::EveryoneIn { who, .. } in entries {
                        self.limits.extend(grids::limits(who, names));
                    }
                }
                NodeKind::CopyTo { .. } | NodeKind::Wait { .. } | NodeKind::Act { .. } => {}
            }
        }
    }

    fn condition(&mut self, condition: &Condition) {
        match condition {
            Condition::AmountFrom { amount } | Condition::AmountBelow { amount } => self.limits.push(*amount),
            Condition::AllOf { parts } | Condition::AnyOf { parts } => {
                for part in parts {
                    self.condition(part);
                }
            }
            Condition::Not { part } => self.condition(part),
            question if !self.questions.contains(question) => self.questions.push(question.clone()),
            _ => {}
        }
    }
}

/// One cell of the full table.
struct Case<'a> {
    from: Option<Amount>,
    questions: &'a [Condition],
    answers: &'a [bool],
}

impl Case<'_> {
    fn holds(&self, condition: &Condition) -> bool {
        match condition {
            Condition::AmountFrom { amount } => self.from.unwrap_or(Amount::ZERO) >= *amount,
            Condition::AmountBelow { amount } => self.from.unwrap_or(Amount::ZERO) < *amount,
            Condition::AllOf { parts } => parts.iter().all(|part| self.holds(part)),
            Condition::AnyOf { parts } => parts.iter().any(|part| self.holds(part)),
            Condition::Not { part } => !self.holds(part),
            question => {
                let asked = self.questions.iter().position(|known| known == question);
                asked.and_then(|asked| self.answers.get(asked)).copied().unwrap_or(false)
            }
        }
    }

    fn sequence(&self, nodes: &[Node], names: Names<'_>, steps: &mut Vec<Message>) {
        for node in nodes.iter().filter(|node| node.when.as_ref().is_none_or(|when| self.holds(when))) {
            let title = &node.title;
            match &node.kind {
                NodeKind::Approve { by, .. } => {
                    steps.push(msg!("workflow.say.cell", title = title, people = who_said(by, names)));
                }
                NodeKind::Countersign { entries, .. } => {
                    let people: Arg = entries.iter().map(|entry| entry_said(entry, names)).collect();
                    steps.push(msg!("workflow.say.cell", title = title, people = people));
                }
                NodeKind::Branch { ways, inclusive } => {
                    let mut taken = ways
                        .iter()
                        .filter(|way| way.condition.as_ref().is_some_and(|condition| self.holds(condition)))
                        .peekable();
                    let otherwise = ways.iter().find(|way| way.condition.is_none());
                    match (taken.peek().is_some(), inclusive) {
                        (false, _) => otherwise.iter().for_each(|way| self.sequence(&way.nodes, names, steps)),
                        (true, true) => taken.for_each(|way| self.sequence(&way.nodes, names, steps)),
                        (true, false) => taken.take(1).for_each(|way| self.sequence(&way.nodes, names, steps)),
                    }
                }
                kind @ (NodeKind::Parallel { .. } | NodeKind::Run { .. }) => {
                    kind.ways().for_each(|way| self.sequence(way, names, steps));
                }
                NodeKind::CopyTo { .. } | NodeKind::Wait { .. } | NodeKind::Act { .. } => {}
            }
        }
    }
}

/// Rows of a band that differ in one answer and go the same way are one; neighbouring bands that are alike are one.
fn merged(rows: Vec<Row>) -> Vec<Row> {
    let mut bands: Vec<Vec<Row>> = Vec::new();
    for row in rows {
        match bands.last_mut().filter(|band| band.first().is_some_and(|first| first.from == row.from)) {
            Some(band) => band.push(row),
            None => bands.push(vec![row]),
        }
    }
    let mut found: Vec<Vec<Row>> = Vec::new();
    for band in bands {
        let band = answers_merged(band);
        match found.last_mut().filter(|before| alike(before, &band)) {
            Some(before) => {
                let below = band.first().and_then(|row| row.below);
                for row in before.iter_mut() {
                    row.below = below;
                }
            }
            None => found.push(band),
        }
    }
    found.into_iter().flatten().collect()
}

fn alike(one: &[Row], other: &[Row]) -> bool {
    one.len() == other.len()
        && one.iter().zip(other).all(|(one, other)| one.answers == other.answers && one.steps == other.steps)
}

fn answers_merged(mut rows: Vec<Row>) -> Vec<Row> {
    'again: loop {
        for one in 0..rows.len() {
            for other in one + 1..rows.len() {
                if let Some(both) = rows.get(one).zip(rows.get(other)).and_then(|(one, other)| merge(one, other)) {
                    rows.remove(other);
                    rows[one] = both;
                    continue 'again;
                }
            }
        }
        return rows;
    }
}

fn merge(one: &Row, other: &Row) -> Option<Row> {
    if one.steps != other.steps {
        return None;
    }
    let differ: Vec<usize> =
        (0..one.answers.len()).filter(|&at| one.answers.get(at) != other.answers.get(at)).collect();
    let [at] = differ[..] else { return None };
    let both_known =
        one.answers.get(at).is_some_and(Option::is_some) && other.answers.get(at).is_some_and(Option::is_some);
    both_known.then(|| {
        let mut both = one.clone();
        both.answers[at] = None;
        both
    })
}

impl Matrix {
    /// As a Markdown table.
    pub fn markdown(&self, lang: Lang) -> String {
        let say = |message: &Message| i18n::text(lang, message);
        let mut heads = vec![say(&msg!("workflow.say.column_amount"))];
        heads.extend(self.questions.iter().map(say));
        heads.push(say(&msg!("workflow.say.column_way")));
        let mut text = format!("| {} |\n|{}\n", heads.join(" | "), "---|".repeat(heads.len()));
        for row in &self.rows {
            let mut cells = vec![say(&row.band())];
            cells.extend(row.answers.iter().map(|answer| match answer {
                None => "—".to_owned(),
                Some(true) => say(&msg!("workflow.say.yes")),
                Some(false) => say(&msg!("workflow.say.no")),
            }));
            let steps: Vec<String> = row.steps.iter().map(say).collect();
            cells.push(if steps.is_empty() { "—".to_owned() } else { steps.join(" → ") });
            text.extend(["| ", &cells.join(" | "), " |\n"]);
        }
        if self.shortened {
            text.extend(["\n", &say(&msg!("workflow.say.shortened")), "\n"]);
        }
        text
    }
}

impl Row {
    /// The band of amounts in words.
    pub fn band(&self) -> Message {
        band_said(Band { from: self.from, below: self.below })
    }
}
