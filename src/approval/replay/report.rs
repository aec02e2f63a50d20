//! What conforms.

use std::collections::BTreeMap;
use std::io::Write;

use serde::Serialize;

use super::map::Command;
use super::plan::{Plan, Step};
use crate::i18n::{Explain, Lang, text};
use crate::kernel::Amount;
use crate::workflow::Case;

/// The result of one case, a line of RESULT.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CaseResult {
    /// Its name.
    pub case: String,
    /// Whether every event was accepted.
    pub conforms: bool,
    /// Where it stands; by document where there are several.
    pub state: ByDocument<String>,
    /// How often it was handed in.
    pub submits: u32,
    /// Rejections and returns by role.
    pub rejections: BTreeMap<String, u32>,
    /// Roles that approved in the last round, in order.
    pub approvals_in_last_round: ByDocument<Vec<String>>,
    /// The first event that was refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_refused: Option<FirstRefused>,
    /// The first refused event of each document, where there are several.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub refused: Vec<FirstRefused>,
    /// Why it was refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// A value of the case, or one a document.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum ByDocument<T> {
    /// The case is one document.
    One(T),
    /// The case holds several.
    Each(BTreeMap<String, T>),
}

/// A refused event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FirstRefused {
    /// The document, where there are several.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub document: String,
    /// Number of the event in its case.
    pub seq: u64,
    /// What happened.
    pub activity: String,
    /// Where the case stood.
    pub state_before: String,
}

/// The result of every case.
#[derive(Clone, Debug, PartialEq)]
pub struct Report {
    /// In the order of the file.
    pub cases: Vec<CaseResult>,
    /// Events of the log.
    pub events: usize,
    /// Amounts that had more than four decimals.
    pub rounded: usize,
    /// How many documents are in a state, and their amounts together.
    pub sums: BTreeMap<String, (usize, Amount)>,
}

/// What is known of a document while it is replayed.
#[derive(Clone, Default)]
struct Document {
    amount: Option<Amount>,
    rejections: BTreeMap<String, u32>,
    approvals: Vec<String>,
    refused: Option<(FirstRefused, String)>,
}

/// What is known while a log is replayed.
pub(super) struct Progress {
    documents: Vec<Document>,
}

impl Progress {
    pub(super) fn of(plan: &Plan) -> Self {
        Self { documents: vec![Document::default(); plan.documents.len()] }
    }

    /// Whether an event of the document was refused before.
    pub(super) fn refused(&self, document: usize) -> bool {
        self.documents[document].refused.is_some()
    }

    /// The amount that counts for an event: what the drafter last saved or handed in.
    pub(super) fn amount(&mut self, step: &Step) -> Option<Amount> {
        let known = &mut self.documents[step.document].amount;
        if known.is_none() || matches!(step.command, Command::Save | Command::Submit) {
            *known = step.amount.or(*known);
        }
        *known
    }

    pub(super) fn accept(&mut self, step: &Step) {
        let document = &mut self.documents[step.document];
        match step.command {
            Command::Submit => document.approvals.clear(),
            Command::Approve => document.approvals.push(step.role.clone()),
            Command::Reject | Command::Return => *document.rejections.entry(step.role.clone()).or_default() += 1,
            _ => {}
        }
    }

    pub(super) fn refuse(&mut self, step: &Step, state_before: String, why: &dyn Explain) {
        let refused =
            FirstRefused { document: String::new(), seq: step.seq, activity: step.activity.clone(), state_before };
        let reason = format!("{}: {}", why.code(), text(Lang::En, &why.message()));
        self.documents[step.document].refused = Some((refused, reason));
    }

    pub(super) fn report(self, plan: &Plan, states: &[Case]) -> Report {
        let mut sums: BTreeMap<String, (usize, Amount)> = BTreeMap::new();
        for (document, state) in self.documents.iter().zip(states) {
            let (count, sum) = sums.entry(plan.map.state(state)).or_default();
            *count += 1;
            *sum = sum.plus(document.amount.unwrap_or(Amount::ZERO)).unwrap_or(*sum);
        }
        let cases = plan.cases.iter().map(|case| self.case(plan, states, &case.name, &case.documents)).collect();
        Report { cases, events: plan.event_count(), rounded: plan.rounded, sums }
    }

    fn case(&self, plan: &Plan, states: &[Case], name: &str, documents: &BTreeMap<String, usize>) -> CaseResult {
        let several = documents.keys().any(|document| !document.is_empty());
        let mut refused: Vec<(FirstRefused, String)> = Vec::new();
        let mut rejections: BTreeMap<String, u32> = BTreeMap::new();
        let (mut state, mut approvals, mut submits) = (BTreeMap::new(), BTreeMap::new(), 0);
        for (document, index) in documents {
            let known = &self.documents[*index];
            let first = known.refused.clone();
            refused.extend(first.map(|(one, why)| (FirstRefused { document: document.clone(), ..one }, why)));
            for (role, count) in &known.rejections {
                *rejections.entry(role.clone()).or_default() += count;
            }
            state.insert(document.clone(), plan.map.state(&states[*index]));
            approvals.insert(document.clone(), known.approvals.clone());
            submits += states[*index].round;
        }
        refused.sort_by_key(|(one, _)| one.seq);
        let reason = refused.first().map(|(_, why)| why.clone());
        let refused: Vec<FirstRefused> = refused.into_iter().map(|(one, _)| one).collect();
        CaseResult {
            case: name.to_owned(),
            conforms: refused.is_empty(),
            state: ByDocument::of(several, state),
            submits,
            rejections,
            approvals_in_last_round: ByDocument::of(several, approvals),
            first_refused: refused.first().cloned(),
            refused: if several { refused } else { Vec::new() },
            reason,
        }
    }
}

impl<T: Default> ByDocument<T> {
    fn of(several: bool, mut values: BTreeMap<String, T>) -> Self {
        if several { Self::Each(values) } else { Self::One(values.pop_first().map(|(_, one)| one).unwrap_or_default()) }
    }
}

impl Report {
    /// How many cases conform.
    pub fn conforming(&self) -> usize {
        self.cases.iter().filter(|case| case.conforms).count()
    }

    /// One JSON a line, in the order of the file.
    pub fn write(&self, out: &mut impl Write) -> std::io::Result<()> {
        for case in &self.cases {
            serde_json::to_writer(&mut *out, case)?;
            out.write_all(b"\n")?;
        }
        out.flush()
    }
}
