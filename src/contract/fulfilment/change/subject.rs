//! A change as something that can be approved.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use async_trait::async_trait;

use super::draft::changeable;
use super::{ChangeId, ChangeKind, ContractChange, Terms};
use crate::approval::{Brief, BriefFile, CaseAt, Listed, Part, Reader, Subject, SubjectChange, SubjectRefusal};
use crate::contract::brief::{plan_line, red_facts};
use crate::contract::document::html;
use crate::contract::fulfilment::store::changes;
use crate::contract::fulfilment::{CONTRACT_CHANGE, FulfilmentError, effects, not_found};
use crate::contract::schema::category_words;
use crate::contract::store::contracts;
use crate::contract::subject::marks_of;
use crate::contract::{CONTRACT, Contract, ContractError, Move};
use crate::db::{Conn, DbError, next_number};
use crate::i18n::{self, Explain as _, Lang, Message, msg};
use crate::kernel::time::{DEFAULT_ZONE, zone};
use crate::kernel::{Clock, Date, Kind, Money};
use crate::org::Scope;
use crate::workflow::{FieldKind, FieldSchema, Sight, SubjectFacts, SubjectSchema, Value, WordSchema};

/// The place of its files, as workflows ask for it: `file("变更依据")`, or in English.
const EVIDENCE: [&str; 2] = ["变更依据", "evidence"];

/// Changes of contracts, for the registry of approval.
pub struct ChangeSubject {
    clock: Arc<dyn Clock>,
    schema: SubjectSchema,
}

impl ChangeSubject {
    /// The subject; the clock says what is overdue.
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self { clock, schema: schema() }
    }
}

/// What workflows read of a change.
pub fn schema() -> SubjectSchema {
    use FieldKind::{Amount, Bool, Date, Text};
    let fields = [
        ("kind", "变更类型", "Kind of change", Text),
        ("reason", "变更原因", "Reason", Text),
        ("impact", "影响", "Impact", Text),
        ("category", "合同类别", "Category of the contract", Text),
        ("our_entity", "我方主体", "Our entity", Text),
        ("other_party", "对方", "Other party", Text),
        ("amount", "变更后含税总额", "Gross amount after it", Amount),
        ("starts_on", "变更后起始日", "First day after it", Date),
        ("expires", "变更后到期日", "Last day after it", Date),
        ("changes_amount", "涉及金额", "Changes the amount", Bool),
        ("changes_dates", "涉及期限", "Changes the dates", Bool),
        ("changes_plan", "涉及付款计划", "Changes the payment plan", Bool),
    ];
    let events = ["signed", "effective"].map(|event| WordSchema::of_event(event, change_event_said(event)));
    let kinds = ChangeKind::ALL.map(|kind| WordSchema::of_value("kind", kind.name(), label(kind)));
    SubjectSchema {
        kind: CONTRACT_CHANGE,
        fields: fields.map(|(name, zh, en, kind)| FieldSchema::new(name, zh, en, kind)).into(),
        events: ["signed", "effective"].map(str::to_owned).into(),
        words: category_words().into_iter().chain(kinds).chain(events).collect(),
        effects: effects::OF_CHANGES.to_vec(),
        silence_needs_reason: true,
    }
}

#[async_trait(?Send)]
impl Subject for ChangeSubject {
    fn schema(&self) -> &SubjectSchema {
        &self.schema
    }

    fn read_as(&self) -> Kind {
        CONTRACT
    }

    fn kind_title(&self) -> Option<Message> {
        Some(msg!("contract.changes.title"))
    }

    async fn facts(&self, c: &mut Conn<'_>, id: i64) -> Result<Option<SubjectFacts>, DbError> {
        let Some((change, contract)) = both(c, id).await? else { return Ok(None) };
        let mut facts = facts(&change, &contract)?;
        facts.marks = marks_of(c, contract.customer).await?;
        Ok(Some(facts))
    }

    async fn version(&self, c: &mut Conn<'_>, id: i64) -> Result<Option<i64>, DbError> {
        changes::version(c, ChangeId::new(id)).await
    }

    async fn newest(&self, c: &mut Conn<'_>, scope: &Scope, words: &str, limit: u32) -> Result<Vec<Listed>, DbError> {
        let found = changes::newest(c, scope, words, limit).await?.into_iter().map(|row| row.change);
        Ok(found.map(|one| Listed { id: one.id.get(), number: one.number, title: one.title }).collect())
    }

    async fn apply(
        &self,
        c: &mut Conn<'_>,
        id: i64,
        subject_changes: &[SubjectChange],
        at: &CaseAt,
    ) -> Result<(), SubjectRefusal> {
        for change in subject_changes {
            apply(c, id, *change, at).await?;
        }
        Ok(())
    }

    async fn brief(&self, c: &mut Conn<'_>, id: i64, reader: &Reader) -> Result<Option<Brief>, DbError> {
        let Reader { lang, sight, .. } = reader;
        let lang = *lang;
        let Some((change, contract)) = both(c, id).await? else { return Ok(None) };
        let document = super::document::document(&change, &contract);
        let document = document.map_err(|error| DbError::Check(error.to_string()))?;
        let terms = Terms::of(&contract).after(&change.content);
        let files = change.content.evidence.iter().filter(|file| sight.covers(&format!("files/{}", file.name)));
        let changes = parts(&change, &contract, lang);
        let named = changes.iter().map(|part| (part.path.clone(), part.title.clone())).collect();
        Ok(Some(Brief {
            title: change.title.clone(),
            number: change.number.clone().or_else(|| contract.number.clone()),
            other_party: Some(contract.other_party.clone()).filter(|name| !name.is_empty()),
            our_entity: contract.content.draft.parties.iter().find(|party| party.ours).map(|us| us.name().to_owned()),
            kind_label: i18n::text(lang, &label(change.kind)),
            amount: terms.gross,
            deviations: None,
            changes,
            since_seen: false,
            red_facts: red_facts(c, &contract, self.clock.now().date_in(&zone(DEFAULT_ZONE))).await?,
            payment: payment(&change, sight, lang),
            term: Some((terms.starts_on, terms.expires_on)),
            document: if sight.is_whole() { html(&document) } else { document.seen_html(&[], sight, lang) },
            path: format!("/contract-changes/{id}"),
            files: files
                .map(|file| BriefFile {
                    label: i18n::text(lang, &msg!("contract.papers.evidence")),
                    name: file.name.clone(),
                    hash: file.hash,
                })
                .collect(),
            parts: named,
        }))
    }
}

/// What an event of a change is called.
fn change_event_said(event: &str) -> Message {
    match event {
        "signed" => msg!("contract.after.change_signed"),
        _ => msg!("contract.after.change_effective"),
    }
}

/// What a kind of change is called.
pub(in crate::contract) fn label(kind: ChangeKind) -> Message {
    match kind {
        ChangeKind::Supplement => msg!("contract.after.kind_supplement"),
        ChangeKind::Termination => msg!("contract.after.kind_termination"),
    }
}

async fn both(c: &mut Conn<'_>, id: i64) -> Result<Option<(ContractChange, Contract)>, DbError> {
    let Some(change) = changes::find(c, ChangeId::new(id)).await? else { return Ok(None) };
    let contract = contracts::find(c, change.contract).await?;
    Ok(contract.map(|contract| (change, contract)))
}

pub(super) fn facts(change: &ContractChange, contract: &Contract) -> Result<SubjectFacts, DbError> {
    let terms = Terms::of(contract).after(&change.content);
    let it = &change.content;
    let text = |text: &str| if text.is_empty() { Value::Empty } else { Value::Text(text.to_owned()) };
    let day = |date: Option<Date>| date.map_or(Value::Empty, Value::Date);
    let ours = contract.content.draft.parties.iter().find(|party| party.ours);
    let fields = [
        ("kind", text(change.kind.name())),
        ("reason", text(&it.reason)),
        ("impact", text(&it.impact)),
        ("category", text(&contract.category)),
        ("our_entity", text(ours.map_or("", |us| us.name()))),
        ("other_party", text(&contract.other_party)),
        ("amount", change.approval_amount.map_or(Value::Empty, Value::Amount)),
        ("starts_on", day(terms.starts_on)),
        ("expires", day(terms.expires_on)),
        ("changes_amount", Value::Bool(it.amount.is_some())),
        ("changes_dates", Value::Bool(it.starts_on.is_some() || it.expires_on.is_some())),
        ("changes_plan", Value::Bool(it.plan.is_some())),
    ];
    let files = if it.evidence.is_empty() { BTreeSet::new() } else { EVIDENCE.map(str::to_owned).into() };
    Ok(SubjectFacts {
        reference: CONTRACT_CHANGE.reference(change.id.get()),
        title: change.title.clone(),
        drafter: change.drafter,
        writer: None,
        owner: contract.owner,
        department: contract.department,
        fields: fields.map(|(name, value)| (name.to_owned(), value)).into_iter().collect::<BTreeMap<_, _>>(),
        approval_amount: change.approval_amount,
        without_ceiling: false,
        marks: BTreeSet::new(),
        files,
        content: change
            .manifest
            .parse()
            .map_err(|error: crate::kernel::manifest::ManifestError| DbError::Check(error.to_string()))?,
        version: change.version,
    })
}

async fn apply(c: &mut Conn<'_>, id: i64, subject_change: SubjectChange, at: &CaseAt) -> Result<(), SubjectRefusal> {
    let (change, contract) = both(c, id).await?.ok_or(SubjectRefusal::LostRace)?;
    let by = match subject_change {
        SubjectChange::Locked => {
            changeable(&contract)?;
            if let Some(other) = changes::under_way(c, contract.id).await?.filter(|other| other.id != change.id) {
                return Err(FulfilmentError::ChangeUnderWay(other.title).into());
            }
            changes::set_case(c, change.id, at.case).await?;
            Move::Submit
        }
        SubjectChange::Approved => {
            number(c, &change, &contract).await?;
            Move::Approve
        }
        SubjectChange::Reopened => Move::Reopen,
        SubjectChange::Returned | SubjectChange::Withdrawn | SubjectChange::Rejected => Move::Return,
        SubjectChange::Edited | SubjectChange::GivenUp | SubjectChange::Ended => return Ok(()),
    };
    let to = change.state.after(by).map_err(|error| SubjectRefusal::Refused(error.message()))?;
    if changes::go(c, (change.id, change.state), (by, to), at.actor, at.at).await? {
        Ok(())
    } else {
        Err(SubjectRefusal::LostRace)
    }
}

/// `{parent}-补{n}`, given once.
async fn number(c: &mut Conn<'_>, change: &ContractChange, contract: &Contract) -> Result<(), SubjectRefusal> {
    if change.number.is_some() {
        return Ok(());
    }
    let parent = contract.number.as_deref().ok_or_else(not_found)?;
    let next = next_number(c, &format!("supplement:{}", contract.id)).await?;
    changes::give_number(c, change.id, &format!("{parent}-补{next}")).await?;
    Ok(())
}

/// What changes, each as the old value struck out and the new one.
fn parts(change: &ContractChange, contract: &Contract, lang: Lang) -> Vec<Part> {
    let before = change.replaced.unwrap_or_else(|| Terms::of(contract));
    let it = &change.content;
    let money = |money: Option<Money>| money.map(i18n::money).unwrap_or_default();
    let day = |date: Option<Date>| date.map(|date| i18n::date(lang, date)).unwrap_or_default();
    let mut parts = Vec::new();
    let mut add = |path: &str, title: Message, old: String, new: String| {
        parts.push(Part { path: path.to_owned(), title: i18n::text(lang, &title), redline: redline(&old, &new) });
    };
    if it.amount.is_some() {
        add("fields/amount", msg!("contract.after.total"), money(before.gross), money(it.amount));
    }
    if it.starts_on.is_some() {
        add("fields/starts_on", msg!("contract.after.first_day"), day(before.starts_on), day(it.starts_on));
    }
    if it.expires_on.is_some() {
        add("fields/expires_on", msg!("contract.after.last_day"), day(before.expires_on), day(it.expires_on));
    }
    if !it.text.is_empty() {
        add("clauses/text", msg!("contract.after.other_text"), String::new(), it.text.clone());
    }
    parts
}

fn redline(old: &str, new: &str) -> String {
    let safe = |text: &str| minijinja::HtmlEscape(text).to_string().replace('\n', "<br>");
    let old = if old.is_empty() { String::new() } else { format!("<del>{}</del> ", safe(old)) };
    format!("{old}<ins>{}</ins>", safe(new))
}

/// The new plan in one line, as far as it is seen.
fn payment(change: &ContractChange, sight: &Sight, lang: Lang) -> Option<String> {
    let rows = change.content.plan.iter().flatten();
    plan_line(rows.map(|row| (row.title.as_str(), row.amount)), sight, lang)
}

impl From<ContractError> for SubjectRefusal {
    fn from(error: ContractError) -> Self {
        FulfilmentError::from(error).into()
    }
}
