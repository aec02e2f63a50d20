//! A contract as something that can be approved.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;

use super::schema::schema;
use super::store::contracts::{self, SeenContract, Standing};
use super::store::{ledger, states, versions};
use super::template::{NumberParts, NumberPattern};
use super::{CONTRACT, ContractError, Library, Move, brief, rewrite};
use crate::approval::{
    Beside, Brief, CaseAt, KeptContent, Listed, ONE_DEAL_DAYS, Reader, Rewrite, Subject, SubjectChange, SubjectRefusal,
};
use crate::crm::{Crm, Marks, mark};
use crate::db::{Conn, DbError, next_number};
use crate::i18n::Explain as _;
use crate::kernel::time::{DEFAULT_ZONE, zone};
use crate::kernel::{Clock, ContractId, CustomerId, Date, Hash, Recent, Timestamp};
use crate::org::Scope;
use crate::workflow::{SubjectFacts, SubjectSchema};

/// Contracts, for the registry of approval.
pub struct ContractSubject {
    library: Library,
    clock: Arc<dyn Clock>,
    schema: SubjectSchema,
    /// What workflows read of a contract, but for the marks of the other party.
    recent: Recent<(ContractId, i64, Hash), Arc<SubjectFacts>>,
}

/// Contracts that are remembered young, and as many old.
const RECENT: usize = 256;

impl ContractSubject {
    /// The subject over the published templates.
    pub fn new(library: Library, clock: Arc<dyn Clock>) -> Self {
        Self { library, clock, schema: schema(), recent: Recent::new(RECENT) }
    }

    fn today(&self) -> Date {
        self.clock.now().date_in(&zone(DEFAULT_ZONE))
    }
}

#[async_trait(?Send)]
impl Subject for ContractSubject {
    fn schema(&self) -> &SubjectSchema {
        &self.schema
    }

    async fn facts(&self, c: &mut Conn<'_>, id: i64) -> Result<Option<SubjectFacts>, DbError> {
        let id = ContractId::new(id);
        let Some((key, customer)) = contracts::told_apart(c, id).await? else { return Ok(None) };
        let known = if let Some(known) = self.recent.find(&key) {
            known
        } else {
            let Some(contract) = contracts::seen(c, id).await? else { return Ok(None) };
            let facts = Arc::new(facts(contract)?);
            // Worked out once: every copy has it.
            facts.content.hash();
            self.recent.put(key, Arc::clone(&facts));
            facts
        };
        let mut facts = SubjectFacts::clone(&known);
        facts.marks = marks_of(c, customer).await?;
        Ok(Some(facts))
    }

    async fn version(&self, c: &mut Conn<'_>, id: i64) -> Result<Option<i64>, DbError> {
        contracts::version(c, ContractId::new(id)).await
    }

    async fn newest(&self, c: &mut Conn<'_>, scope: &Scope, words: &str, limit: u32) -> Result<Vec<Listed>, DbError> {
        let found = ledger::newest(c, scope, words, limit).await?;
        Ok(found.into_iter().map(|one| Listed { id: one.id.get(), number: one.number, title: one.title }).collect())
    }

    async fn beside(&self, c: &mut Conn<'_>, id: i64) -> Result<Vec<Beside>, DbError> {
        let within = Duration::from_secs(u64::from(ONE_DEAL_DAYS) * 24 * 60 * 60);
        let found = contracts::beside(c, ContractId::new(id), within).await?;
        let counted =
            found.into_iter().filter_map(|one| Some(Beside { number: one.number, amount: one.facts.amount? }));
        Ok(counted.collect())
    }

    async fn apply(
        &self,
        c: &mut Conn<'_>,
        id: i64,
        changes: &[SubjectChange],
        at: &CaseAt,
    ) -> Result<(), SubjectRefusal> {
        for change in changes {
            apply(c, ContractId::new(id), *change, at).await?;
        }
        Ok(())
    }

    async fn brief(&self, c: &mut Conn<'_>, id: i64, reader: &Reader) -> Result<Option<Brief>, DbError> {
        let Some(contract) = contracts::find(c, ContractId::new(id)).await? else { return Ok(None) };
        let template = self.library.within(c, contract.template_version).await.map_err(unreadable)?;
        let Some(template) = template else { return Ok(None) };
        brief::of(c, (&contract, &template), reader, self.today()).await.map(Some)
    }

    async fn kept(&self, c: &mut Conn<'_>, id: i64) -> Result<Vec<KeptContent>, DbError> {
        let mut kept = Vec::new();
        for version in versions::of(c, ContractId::new(id)).await?.into_iter().rev() {
            let template = self.library.within(c, version.template_version).await.map_err(unreadable)?;
            kept.push(super::evidence::kept(version, template.as_deref())?);
        }
        Ok(kept)
    }

    async fn rewritten(
        &self,
        c: &mut Conn<'_>,
        id: i64,
        path: &str,
        text: &str,
    ) -> Result<Option<Rewrite>, SubjectRefusal> {
        let Some(contract) = contracts::find(c, ContractId::new(id)).await? else { return Ok(None) };
        let template = self.library.within(c, contract.template_version).await.map_err(unreadable)?;
        let Some(template) = template else { return Ok(None) };
        let Some(facts) = self.facts(c, id).await? else { return Ok(None) };
        rewrite::rewritten(&template, &contract, facts, (path, text)).map_err(|error| match error {
            ContractError::Db(error) => SubjectRefusal::Db(error),
            other => SubjectRefusal::Refused(other.message()),
        })
    }

    async fn rewrite(&self, c: &mut Conn<'_>, rewrite: &Rewrite, at: &CaseAt) -> Result<(), SubjectRefusal> {
        let contract = contracts::find(c, ContractId::new(rewrite.id)).await?.ok_or(SubjectRefusal::LostRace)?;
        let template = self.library.within(c, contract.template_version).await.map_err(unreadable)?;
        let template = template.ok_or(SubjectRefusal::LostRace)?;
        rewrite::store(c, &template, rewrite, at).await
    }
}

/// The marks of the other party as workflows name them: `other_party_is("关联方")`.
pub(super) async fn marks_of(c: &mut Conn<'_>, customer: Option<CustomerId>) -> Result<BTreeSet<String>, DbError> {
    let Some(customer) = customer else { return Ok(BTreeSet::new()) };
    Ok(marks(&Crm::marks_of(c, customer).await?))
}

fn marks(marks: &Marks) -> BTreeSet<String> {
    let named = [
        (mark::RELATED_PARTY, marks.related_party),
        (mark::BLACK_LIST, marks.is_black_listed()),
        (mark::RED_LIST, marks.red_list_reason.is_some()),
    ];
    named.into_iter().filter(|(_, marked)| *marked).map(|(name, _)| name.to_owned()).collect()
}

/// What a row cannot be read as.
pub(super) fn unreadable(error: ContractError) -> DbError {
    match error {
        ContractError::Db(error) => error,
        other => DbError::Check(other.to_string()),
    }
}

/// What the engine sees of a contract.
fn facts(contract: SeenContract) -> Result<SubjectFacts, DbError> {
    let unreadable = |error: crate::kernel::manifest::ManifestError| DbError::Check(error.to_string());
    Ok(SubjectFacts {
        reference: CONTRACT.reference(contract.id.get()),
        title: contract.title,
        drafter: contract.drafter,
        writer: None,
        owner: contract.owner,
        department: contract.department,
        fields: contract.facts.fields,
        approval_amount: contract.facts.amount,
        without_ceiling: false,
        marks: BTreeSet::new(),
        files: contract.facts.files,
        content: contract.manifest.parse().map_err(unreadable)?,
        version: contract.version,
    })
}

async fn apply(c: &mut Conn<'_>, id: ContractId, change: SubjectChange, at: &CaseAt) -> Result<(), SubjectRefusal> {
    let contract = contracts::standing(c, id).await?.ok_or(SubjectRefusal::LostRace)?;
    let by = match change {
        SubjectChange::Locked => {
            number(c, &contract, at.at).await?;
            if states::next_version(c, id).await? {
                let reason = if contract.last_version == 0 { "submitted" } else { "resubmitted" };
                versions::freeze(c, id, at.actor.in_the_name_of(), at.at, reason).await?;
            }
            states::set_case(c, id, at.case).await?;
            Move::Submit
        }
        SubjectChange::Approved => {
            states::set_approved(c, id, true).await?;
            Move::Approve
        }
        SubjectChange::Reopened => Move::Reopen,
        SubjectChange::Returned | SubjectChange::Withdrawn | SubjectChange::Rejected => Move::Return,
        // The action that edits stores the content itself; what was sent back is a draft already, and the end of a case is not the end
        // of its contract.
        SubjectChange::Edited | SubjectChange::GivenUp | SubjectChange::Ended => return Ok(()),
    };
    let to = contract.state.after(by).map_err(|error| SubjectRefusal::Refused(error.message()))?;
    if !states::go(c, (id, contract.state), (by, to), at.actor, at.at).await? {
        return Err(SubjectRefusal::LostRace);
    }
    if matches!(by, Move::Reopen | Move::Return) {
        states::set_approved(c, id, false).await?;
    }
    Ok(())
}

/// Gives the number at the first submission.
async fn number(c: &mut Conn<'_>, contract: &Standing, at: Timestamp) -> Result<(), SubjectRefusal> {
    if contract.number.is_some() {
        return Ok(());
    }
    let named = series(&contract.number_pattern, contract.codes(), at);
    let (pattern, series) = named.map_err(|error| SubjectRefusal::Refused(error.message()))?;
    let next = next_number(c, &series).await?;
    let number = pattern.number(parts_of_number(contract.codes(), at), u64::try_from(next).unwrap_or_default());
    states::give_number(c, contract.id, &number).await?;
    Ok(())
}

/// The codes of our entity and of the department that stand in a number.
type Codes<'a> = (&'a str, &'a str);

impl Standing {
    fn codes(&self) -> Codes<'_> {
        (&self.entity_code, &self.department_code)
    }
}

/// A pattern for numbers, and the counter that a number of it takes its place from.
pub(super) fn series(pattern: &str, codes: Codes<'_>, at: Timestamp) -> Result<(NumberPattern, String), ContractError> {
    let unreadable = |_| ContractError::Unreadable(pattern.to_owned());
    let pattern: NumberPattern = pattern.parse().map_err(unreadable)?;
    let series = format!("contract:{}", pattern.series(parts_of_number(codes, at)));
    Ok((pattern, series))
}

fn parts_of_number((entity, department): Codes<'_>, at: Timestamp) -> NumberParts<'_> {
    let day = at.date_in(&zone(DEFAULT_ZONE));
    NumberParts { entity, department, year: day.year(), month: day.month() }
}
