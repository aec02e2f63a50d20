//! What pages and the API read of one contract: its documents, differences, files, log.

use super::document::{ClauseText, Document, Redline, compare_texts, fill};
use super::fulfilment::ContractChange;
use super::fulfilment::store::changes;
use super::pdf::{self, Cover};
use super::store::versions::{self, Version};
use super::template::Template;
use super::{CONTRACT, Contract, ContractError, Contracts};
use crate::db::{Audited, Conn, audit_of};
use crate::files::FilesError;
use crate::kernel::{ContractId, Hash, UserId};

/// Lines of the log that go with one answer.
const LINES: u32 = 100;

/// A document as it goes out of the house.
pub struct Printed {
    /// The text.
    pub document: Document,
    /// What stands around it.
    pub cover: Cover,
}

/// Lines of a contract's log.
pub struct Log {
    /// What was done, the newest first.
    pub acts: Vec<Audited>,
    /// The line after which it goes on.
    pub next: Option<i64>,
}

impl Contracts {
    /// What differs between two versions; without `to`, between one and what stands there now.
    pub async fn redline(
        &self,
        user: UserId,
        id: ContractId,
        from: i64,
        to: Option<i64>,
    ) -> Result<Redline, ContractError> {
        let contract = self.get(user, id).await?;
        let versions = self.versions(user, id).await?;
        let old = numbered(&versions, from)?;
        let new = match to {
            Some(to) => numbered(&versions, to)?.clauses.clone(),
            None => self.texts(&contract).await?,
        };
        Ok(compare_texts(&old.clauses, &new))
    }

    /// What changed since the contract was handed in last; nothing where it never was.
    pub async fn changes_since_submission(
        &self,
        contract: &Contract,
        template: &Template,
    ) -> Result<Option<Redline>, ContractError> {
        let id = contract.id;
        let read = async move |c: &mut Conn<'_>| Ok::<_, ContractError>(versions::of(c, id).await?);
        let versions = self.0.db.read(read).await?;
        let Some(last) = versions.first() else { return Ok(None) };
        Ok(Some(compare_texts(&last.clauses, &fill(template, &contract.content.draft)?.texts())))
    }

    async fn texts(&self, contract: &Contract) -> Result<Vec<ClauseText>, ContractError> {
        let template = self.template_of(contract).await?;
        Ok(fill(&template, &contract.content.draft)?.texts())
    }

    /// The document of a version, or as it stands now, with number and verification code.
    pub async fn printed(&self, user: UserId, id: ContractId, no: Option<i64>) -> Result<Printed, ContractError> {
        let contract = self.get(user, id).await?;
        let (draft, template, no, hash) = match no {
            None => (contract.content.draft.clone(), contract.template_version, None, contract.content_hash),
            Some(no) => {
                let versions = self.versions(user, id).await?;
                let version = numbered(&versions, no)?;
                (version.draft.clone(), version.template_version, Some(no), version.content_hash)
            }
        };
        let document = fill(&*self.0.library.version(template).await?, &draft)?;
        // The code stands on what was handed in and is not being written on any more.
        let last = contract.last_version;
        let no = no.or((contract.state != super::State::Draft).then_some(last)).filter(|no| *no > 0);
        let number = contract.number.clone();
        let code = no.and(number.as_deref()).map(|number| Contract::verification_code(number, hash));
        let approved = no.is_some() && no == contract.approved_version;
        let version = u32::try_from(no.unwrap_or(0)).unwrap_or(0);
        Ok(Printed { document, cover: Cover { number, version, verification_code: code, draft: !approved } })
    }

    /// The same as PDF, with a name for the file.
    pub async fn pdf(&self, user: UserId, id: ContractId, no: Option<i64>) -> Result<(String, Vec<u8>), ContractError> {
        let Printed { document, cover } = self.printed(user, id, no).await?;
        let name = format!("{}.pdf", cover.number.clone().unwrap_or_else(|| document.title.clone()));
        let set = tokio::task::spawn_blocking(move || pdf::contract(&document, &cover));
        let bytes = set.await.map_err(|error| ContractError::Json(error.to_string()))??;
        Ok((name, bytes))
    }

    /// The changes of a contract, the first first.
    pub(in crate::contract) async fn supplements(&self, id: ContractId) -> Result<Vec<ContractChange>, ContractError> {
        self.0.db.read(async move |c: &mut Conn<'_>| Ok(changes::of(c, id).await?)).await
    }

    /// A file of the contract, of its content now or of any version.
    pub async fn file(&self, user: UserId, id: ContractId, hash: Hash) -> Result<(String, Vec<u8>), ContractError> {
        let contract = self.get(user, id).await?;
        let named = |draft: &super::document::Draft| {
            draft.files.values().flatten().find(|file| file.hash == hash).map(|file| file.name.clone())
        };
        let name = if let Some(name) = named(&contract.content.draft) {
            name
        } else {
            let versions = self.versions(user, id).await?;
            versions.iter().find_map(|version| named(&version.draft)).ok_or(FilesError::NotFound)?
        };
        Ok((name, self.0.files.read(hash).await?))
    }

    /// What was done to the contract, the newest first, from after the line `after` on.
    pub async fn log(&self, user: UserId, id: ContractId, after: Option<i64>) -> Result<Log, ContractError> {
        self.get(user, id).await?;
        let subject = CONTRACT.reference(id.get());
        let read = async move |c: &mut Conn<'_>| Ok::<_, ContractError>(audit_of(c, &subject, after, LINES + 1).await?);
        let mut acts = self.0.db.read(read).await?;
        // One more than goes with the answer was asked for.
        let more = u32::try_from(acts.len()).is_ok_and(|count| count > LINES);
        if more {
            acts.pop();
        }
        Ok(Log { next: acts.last().filter(|_| more).map(|last| last.id), acts })
    }
}

fn numbered(versions: &[Version], no: i64) -> Result<&Version, ContractError> {
    versions.iter().find(|version| version.no == no).ok_or(ContractError::NoVersion(no))
}
