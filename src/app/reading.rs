//! What commands only read, beside a server that may be running: what an installation can prove, and what a draft would do.

use std::sync::Arc;

use super::{Config, StartError, rooms};
use crate::approval::{self, Approvals, Impact, RecordSubject, Verified, Whom};
use crate::contract::{self, Library, VerifiedVersions};
use crate::crm;
use crate::db::Db;
use crate::files::Files;
use crate::kernel::{CaseId, Clock, SystemClock, SystemRandom};
use crate::org::Org;
use crate::record::{self, VerifiedSubmissions};
use crate::workflow::Directory;

/// What was found of everything that is stored for evidence.
pub struct Stored {
    /// Of cases, workflows and daily roots.
    pub cases: Verified,
    /// Of versions of contracts.
    pub versions: VerifiedVersions,
    /// Of contents of records.
    pub submissions: VerifiedSubmissions,
}

/// Looks at one case, or at every case, every version of a contract and every content of a record. Nothing is made and nothing is
/// changed.
pub async fn verify(config: &Config, only: Option<CaseId>) -> Result<Stored, StartError> {
    let db = opened(config).await?;
    let cases = approval::verify(&db, only).await?;
    if only.is_some() {
        let (versions, submissions) = (VerifiedVersions::default(), VerifiedSubmissions::default());
        return Ok(Stored { cases, versions, submissions });
    }
    Ok(Stored { cases, versions: contract::verify(&db).await?, submissions: record::verify(&db).await? })
}

/// The evidence bundle of a case, for the owner of the machine. Nothing is changed.
pub async fn bundle(config: &Config, case: CaseId) -> Result<Vec<u8>, StartError> {
    let db = opened(config).await?;
    let directory = Org::read_directory(&db).await?;
    let (clock, random): (Arc<dyn Clock>, _) = (Arc::new(SystemClock), Arc::new(SystemRandom));
    let files = Files::reading(rooms::files_folder(config), db.clone(), Arc::clone(&clock), Arc::new(SystemRandom));
    let registry = rooms::registry(&Library::over(db.clone()), &clock, &records(&directory, &clock))?;
    let approvals = Approvals::open(db, clock, random, Arc::new(directory), registry, rooms::practice()).await?;
    Ok(approvals.bundle(case, &files).await?)
}

/// What publishing a workflow file would do, with the people that it would be done to. Nothing is made and nothing is changed.
pub async fn impact(
    config: &Config,
    source: &str,
    file: &str,
    last: usize,
) -> Result<(Impact, Arc<Directory>), StartError> {
    let db = opened(config).await?;
    let directory = Org::read_directory(&db).await?;
    let (clock, random): (Arc<dyn Clock>, _) = (Arc::new(SystemClock), Arc::new(SystemRandom));
    let registry = rooms::registry(&Library::over(db.clone()), &clock, &records(&directory, &clock))?;
    let people = Arc::new(Arc::clone(&directory));
    let approvals = Approvals::open(db, clock, random, people, registry, rooms::practice()).await?;
    let impact = approval::impact::of_draft(&approvals, source, file, &directory, last).await?;
    Ok((impact, directory))
}

/// Records of declared kinds, among the people as they are now.
fn records(directory: &Arc<Directory>, clock: &Arc<dyn Clock>) -> Vec<Arc<RecordSubject>> {
    let whom = Arc::clone(directory);
    RecordSubject::of_all(&crm::kinds(), &(Arc::new(move || Arc::clone(&whom)) as Whom), clock)
}

/// The database of an installation that there is.
async fn opened(config: &Config) -> Result<Db, StartError> {
    let database = config.database();
    // Opening a file that is not there would make it.
    if let Some(file) = database.file().filter(|file| !file.is_file()) {
        return Err(StartError::NoDatabase(file.to_owned()));
    }
    Ok(Db::open(&database).await?)
}
