//! What a file says and what is wrong with it, worked out away from the requests of others: a file may take its two seconds.

use crate::approval::{ApprovalError, Desk};
use crate::i18n::Lang;
use crate::workflow::check::check;
use crate::workflow::language::{Fault, Loaded, Severity, load_with, mended};
use crate::workflow::scenario::{Outcome, Scenario, scenarios};

use super::model::file_of;

/// A file as it was read.
#[derive(Clone)]
pub struct Reading {
    /// What is wrong with it, warnings included.
    pub faults: Vec<Fault>,
    /// What it says, where it has no errors.
    pub loaded: Option<Loaded>,
    /// Whether there is full-width punctuation in its code, which one click mends.
    pub mendable: bool,
}

/// What became of the scenarios beside a file.
#[derive(Clone, Debug, Default)]
pub struct Tested {
    /// What is wrong with the scenarios as a file.
    pub faults: Vec<Fault>,
    /// Those that ran.
    pub scenarios: Vec<Scenario>,
}

impl Reading {
    /// How many of its faults are of that severity.
    pub fn count(&self, severity: Severity) -> usize {
        self.faults.iter().filter(|fault| fault.severity == severity).count()
    }
}

impl Tested {
    /// How many scenarios went as expected.
    pub fn passed(&self) -> usize {
        self.scenarios.iter().filter(|one| one.outcome == Outcome::Passed).count()
    }
}

impl Desk {
    /// Reads and checks a file against the records and the people that there are.
    pub async fn reading(&self, source: &str) -> Result<Reading, ApprovalError> {
        let shelf = self.approvals().shelf().await?;
        let (source, schemas, directory) = (source.to_owned(), self.schemas(), self.directory());
        aside(move || {
            let file = file_of(&source);
            let faults = check(&source, &file, &shelf, &schemas, Some(&directory));
            let sound = faults.iter().all(|fault| fault.severity != Severity::Error);
            let loaded = if sound { load_with(&source, &file, &shelf).ok() } else { None };
            Reading { faults, loaded, mendable: mended(&source) != source }
        })
        .await
    }

    /// Runs the scenarios beside a file; nothing where there are none.
    pub async fn tested(&self, loaded: &Loaded, source: &str, lang: Lang) -> Result<Tested, ApprovalError> {
        if source.trim().is_empty() {
            return Ok(Tested::default());
        }
        let (loaded, source, schemas) = (loaded.clone(), source.to_owned(), self.schemas());
        aside(move || {
            let file = loaded.definition.file.replace(".rhai", ".scenarios.rhai");
            let schema = schemas.iter().find(|schema| schema.kind == loaded.definition.subject);
            match scenarios(&loaded, &source, &file, schema, lang) {
                Ok(scenarios) => Tested { faults: Vec::new(), scenarios },
                Err(faults) => Tested { faults, scenarios: Vec::new() },
            }
        })
        .await
    }
}

async fn aside<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, ApprovalError> {
    tokio::task::spawn_blocking(work).await.map_err(|error| ApprovalError::Json(error.to_string()))
}
