//! Faults, differences and scenarios as the pages of workflows show them.

use serde::Serialize;

use crate::approval::{DiffLine, Reading, Tested};
use crate::i18n::Message;
use crate::workflow::language::{Fault, Severity};
use crate::workflow::scenario::Outcome;

/// What is wrong with a file.
#[derive(Clone, Default, Serialize)]
pub(super) struct ReadingShown {
    pub(super) faults: Vec<FaultShown>,
    pub(super) errors: usize,
    pub(super) warnings: usize,
    pub(super) mendable: bool,
}

/// A fault with its line.
#[derive(Clone, Serialize)]
pub(super) struct FaultShown {
    pub(super) tone: &'static str,
    /// 0 for the file as a whole.
    pub(super) line: u32,
    pub(super) column: u32,
    /// The line itself.
    pub(super) source: String,
    pub(super) message: Message,
    pub(super) hint: Option<Message>,
}

/// What became of the scenarios.
#[derive(Clone, Serialize)]
pub(super) struct TestedShown {
    pub(super) faults: Vec<FaultShown>,
    pub(super) scenarios: Vec<ScenarioShown>,
    pub(super) passed: usize,
    pub(super) failed: usize,
}

#[derive(Clone, Serialize)]
pub(super) struct ScenarioShown {
    pub(super) name: String,
    /// Where and why it went otherwise than expected.
    pub(super) fault: Option<FaultShown>,
}

/// What differs between two texts.
#[derive(Clone, Serialize)]
pub(super) struct DiffShown {
    pub(super) hunks: Vec<Vec<DiffLine>>,
}

impl ReadingShown {
    pub(super) fn of(reading: &Reading) -> Self {
        Self {
            faults: reading.faults.iter().map(FaultShown::of).collect(),
            errors: reading.count(Severity::Error),
            warnings: reading.count(Severity::Warning),
            mendable: reading.mendable,
        }
    }
}

impl FaultShown {
    pub(super) fn of(fault: &Fault) -> Self {
        Self {
            tone: match fault.severity {
                Severity::Error => "bad",
                Severity::Warning => "warn",
                Severity::Note => "info",
            },
            line: fault.line,
            column: fault.column,
            source: fault.source.clone(),
            message: fault.message.clone(),
            hint: fault.hint.clone(),
        }
    }
}

impl TestedShown {
    /// Nothing where there are no scenarios.
    pub(super) fn of(tested: &Tested) -> Option<Self> {
        let scenario = |one: &crate::workflow::scenario::Scenario| ScenarioShown {
            name: one.name.clone(),
            fault: match &one.outcome {
                Outcome::Passed => None,
                Outcome::Failed(fault) => Some(FaultShown::of(fault)),
            },
        };
        let any = !tested.faults.is_empty() || !tested.scenarios.is_empty();
        any.then(|| Self {
            faults: tested.faults.iter().map(FaultShown::of).collect(),
            scenarios: tested.scenarios.iter().map(scenario).collect(),
            passed: tested.passed(),
            failed: tested.scenarios.len() - tested.passed(),
        })
    }
}

#[cfg(test)]
pub(super) mod samples {
    use super::*;
    use crate::approval::hunks;
    use crate::i18n::msg;

    pub(in crate::approval::pages::workflows) fn fault() -> FaultShown {
        FaultShown {
            tone: "bad",
            line: 2,
            column: 3,
            source: "approve(\"a\", #{ wihtin: 1 });".into(),
            message: msg!("approval.no_case"),
            hint: Some(msg!("approval.no_case")),
        }
    }

    pub(in crate::approval::pages::workflows) fn reading() -> ReadingShown {
        let whole = FaultShown { tone: "warn", line: 0, ..fault() };
        ReadingShown { faults: vec![fault(), whole], errors: 1, warnings: 1, mendable: true }
    }

    pub(in crate::approval::pages::workflows) fn tested() -> TestedShown {
        let passed = ScenarioShown { name: "plain".into(), fault: None };
        let failed = ScenarioShown { name: "large".into(), fault: Some(fault()) };
        TestedShown { faults: vec![fault()], scenarios: vec![passed, failed], passed: 1, failed: 1 }
    }

    pub(in crate::approval::pages::workflows) fn diff() -> DiffShown {
        DiffShown { hunks: hunks("a\nb\nc\n", "a\nB\nc\n") }
    }
}
