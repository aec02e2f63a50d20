//! Whether what was handed in of records still is what was handed in. It only reads.

use super::submission::{self, Submission};
use crate::db::{Conn, Db, DbError};
use crate::i18n::{Message, msg};
use crate::kernel::Ref;

/// Contents that are read at once.
const A_PAGE: i64 = 200;

/// What was looked at, and what is wrong with it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct VerifiedSubmissions {
    /// Contents of records that were handed in or decided on.
    pub submissions: usize,
    /// What is wrong.
    pub flaws: Vec<SubmissionFlaw>,
}

/// A content that is not as it was handed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SubmissionFlaw {
    /// Its fields are not those of its hash.
    Altered {
        /// Of which record.
        record: Ref,
        /// Its number.
        version: i64,
    },
    /// The content with that number is missing.
    Missing {
        /// Of which record.
        record: Ref,
        /// Its number.
        version: i64,
    },
}

impl SubmissionFlaw {
    /// What is wrong and where, with what to do.
    pub fn message(&self) -> Message {
        match self {
            Self::Altered { record, version } => {
                msg!("record.flaw.altered", record = record.to_string(), version = *version)
            }
            Self::Missing { record, version } => {
                msg!("record.flaw.missing", record = record.to_string(), version = *version)
            }
        }
    }
}

/// Looks at every content of every record that was handed in or decided on.
pub async fn verify(db: &Db) -> Result<VerifiedSubmissions, DbError> {
    let mut verified = VerifiedSubmissions::default();
    let mut last: Option<(Ref, i64)> = None;
    loop {
        let after = last.clone();
        let page = db.read(async move |c: &mut Conn<'_>| submission::page(c, after.as_ref(), A_PAGE).await).await?;
        if page.is_empty() {
            return Ok(verified);
        }
        for (record, kept) in page {
            verified.look(&record, &kept, last.as_ref());
            last = Some((record, kept.version));
        }
    }
}

impl VerifiedSubmissions {
    fn look(&mut self, record: &Ref, kept: &Submission, before: Option<&(Ref, i64)>) {
        self.submissions += 1;
        let next = before.filter(|(other, _)| other == record).map_or(1, |(_, version)| version + 1);
        let missing = (next..kept.version).map(|version| SubmissionFlaw::Missing { record: record.clone(), version });
        self.flaws.extend(missing);
        if !kept.manifest().is_ok_and(|manifest| manifest.hash() == kept.content) {
            self.flaws.push(SubmissionFlaw::Altered { record: record.clone(), version: kept.version });
        }
    }
}
