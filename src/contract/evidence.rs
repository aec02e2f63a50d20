//! Whether what was submitted still is what was submitted: each version against its hash and the version before it. It only reads.

use std::collections::BTreeMap;

use super::ContractError;
use super::document::{ClauseText, fill};
use super::store::versions::{self, Frozen, Version};
use super::template::Template;
use crate::approval::KeptContent;
use crate::db::{Conn, Db, DbError};
use crate::i18n::{Message, msg};
use crate::kernel::Manifest;
use crate::kernel::manifest::{ManifestError, PartOf};

/// Versions that are read at once.
const A_PAGE: i64 = 200;

/// What was looked at, and what is wrong with it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct VerifiedVersions {
    /// Versions of contracts.
    pub versions: usize,
    /// What is wrong.
    pub flaws: Vec<VersionFlaw>,
}

/// A version that is not as it was submitted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum VersionFlaw {
    /// Its content is not that of its hash.
    Altered {
        /// The number of the contract.
        contract: String,
        /// The number of the version.
        no: i64,
    },
    /// It does not name the version before it.
    OutOfLine {
        /// The number of the contract.
        contract: String,
        /// The number of the version.
        no: i64,
    },
}

impl VersionFlaw {
    /// What is wrong and where, with what to do.
    pub fn message(&self) -> Message {
        match self {
            Self::Altered { contract, no } => msg!("contract.flaw.altered", contract = contract, no = *no),
            Self::OutOfLine { contract, no } => msg!("contract.flaw.out_of_line", contract = contract, no = *no),
        }
    }
}

/// Looks at every version of every contract.
pub async fn verify(db: &Db) -> Result<VerifiedVersions, ContractError> {
    let mut verified = VerifiedVersions::default();
    let (mut last, mut newest) = (0, BTreeMap::new());
    loop {
        let page = db.read(async move |c: &mut Conn<'_>| versions::frozen(c, last, A_PAGE).await).await?;
        let Some(end) = page.last() else { return Ok(verified) };
        last = end.id;
        for version in page {
            verified.versions += 1;
            let (contract, no) = (version.number.clone(), version.no);
            if !is_intact(&version) {
                verified.flaws.push(VersionFlaw::Altered { contract: contract.clone(), no });
            }
            if newest.insert(version.contract, version.content_hash) != version.previous_hash {
                verified.flaws.push(VersionFlaw::OutOfLine { contract, no });
            }
        }
    }
}

/// The manifest has the hash, and each clause its line in the manifest.
fn is_intact(version: &Frozen) -> bool {
    let Ok(manifest) = version.manifest.parse::<Manifest>() else { return false };
    manifest.hash() == version.content_hash && version.clauses.iter().all(|clause| is_in(&manifest, clause))
}

fn is_in(manifest: &Manifest, clause: &ClauseText) -> bool {
    let (path, part) = clause_part(clause);
    manifest.holds(&path, &part)
}

/// A clause as a part of the content.
fn clause_part((name, text): &ClauseText) -> (String, PartOf) {
    let text = text.split_once('\n').map_or("", |(_title, text)| text);
    (format!("clauses/{name}"), PartOf::Text(text.to_owned()))
}

/// A version as evidence: its clauses as they were frozen, and the values of the draft as far as they still are those that were
/// hashed.
pub(super) fn kept(version: Version, template: Option<&Template>) -> Result<KeptContent, DbError> {
    let manifest: Manifest =
        version.manifest.parse().map_err(|error: ManifestError| DbError::Check(error.to_string()))?;
    let filled = template.and_then(|template| fill(template, &version.draft).ok()).and_then(|it| it.parts().ok());
    let values = filled.unwrap_or_default().into_iter().filter(|(path, _)| !path.starts_with("clauses/"));
    let parts = values.filter(|(path, part)| manifest.holds(path, part)).chain(version.clauses.iter().map(clause_part));
    Ok(KeptContent {
        version: version.no,
        author: version.author,
        at: version.at,
        reason: version.reason,
        previous: version.previous_hash,
        parts: parts.collect(),
        manifest,
    })
}
