//! What an installation can prove, read beside a server that may be running.

use super::{Config, StartError};
use crate::approval::{self, Verified};
use crate::contract::{self, VerifiedVersions};
use crate::db::Db;
use crate::kernel::CaseId;

/// Looks at one case, or at every case and every version of a contract. Nothing is made and nothing is changed.
pub async fn verify(config: &Config, only: Option<CaseId>) -> Result<(Verified, VerifiedVersions), StartError> {
    let database = config.database();
    // Opening a file that is not there would make it.
    if let Some(file) = database.file().filter(|file| !file.is_file()) {
        return Err(StartError::NoDatabase(file.to_owned()));
    }
    let db = Db::open(&database).await?;
    let cases = approval::verify(&db, only).await?;
    let versions = if only.is_none() { contract::verify(&db).await? } else { VerifiedVersions::default() };
    Ok((cases, versions))
}
