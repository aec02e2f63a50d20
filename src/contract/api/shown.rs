//! A contract as programs read it.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value as Json;
use utoipa::ToSchema;

use crate::contract::document::FieldError;
use crate::contract::{Contract, ContractError, ContractSummary, Contracts, State};
use crate::i18n::Explain as _;
use crate::kernel::{CaseId, CustomerId, Date, DepartmentId, Money, OpportunityId, Timestamp};
use crate::web::{LoggedIn, ProblemField};
use crate::workflow::Directory;

/// A contract with its content.
#[derive(Serialize, ToSchema)]
#[schema(as = Contract)]
pub(super) struct ContractShown {
    id: i64,
    /// Comes back with a change.
    version: i64,
    /// Given at the first submission.
    number: Option<String>,
    title: String,
    template: String,
    /// `sales`, `purchase`, `other`.
    category: String,
    state: State,
    entity: i64,
    our_role: String,
    other_party: String,
    customer: Option<i64>,
    opportunity: Option<i64>,
    amount: Option<Money>,
    net: Option<Money>,
    tax: Option<Money>,
    starts_on: Option<Date>,
    expires_on: Option<Date>,
    signed_on: Option<Date>,
    owner: i64,
    owner_name: String,
    drafter: i64,
    drafter_name: String,
    department: Option<i64>,
    /// The newest version, 0 before the first submission.
    last_version: i64,
    approved_version: Option<i64>,
    /// SHA-256 of the content manifest.
    content_hash: String,
    approval_case: Option<i64>,
    end_reason: String,
    archive_number: Option<String>,
    /// Blanks by the name of their field, computed ones included.
    #[schema(value_type = Object)]
    fields: BTreeMap<String, Json>,
    /// Details of the parties by role.
    parties: BTreeMap<String, BTreeMap<String, String>>,
    /// The section taken for each clause with alternatives.
    choices: BTreeMap<String, String>,
    /// What stands in free clauses.
    free: BTreeMap<String, String>,
    /// What was typed on the drafting page and is no value yet.
    unread: BTreeMap<String, String>,
    /// Files by the names of their places.
    files: BTreeMap<String, Vec<FileShown>>,
    /// Everything that keeps a draft from being submitted.
    problems: Vec<ProblemField>,
    created_at: Timestamp,
    updated_at: Timestamp,
}

/// A file of a contract.
#[derive(Serialize, ToSchema)]
#[schema(as = ContractFile)]
pub(super) struct FileShown {
    name: String,
    /// SHA-256 of its bytes.
    hash: String,
}

/// A line of the ledger.
#[derive(Serialize, ToSchema)]
#[schema(as = ContractSummary)]
pub(super) struct SummaryShown {
    id: i64,
    number: Option<String>,
    title: String,
    other_party: String,
    entity: i64,
    amount: Option<Money>,
    state: State,
    signed_on: Option<Date>,
    expires_on: Option<Date>,
    owner: i64,
    owner_name: String,
    updated_at: Timestamp,
}

impl SummaryShown {
    pub(super) fn of(one: ContractSummary, directory: &Directory) -> Self {
        Self {
            id: one.id.get(),
            number: one.number,
            title: one.title,
            other_party: one.other_party,
            entity: one.entity.get(),
            amount: one.gross,
            state: one.state,
            signed_on: one.signed_on,
            expires_on: one.expires_on,
            owner: one.owner.get(),
            owner_name: directory.name(one.owner),
            updated_at: one.updated_at,
        }
    }
}

impl ContractShown {
    /// The contract with everything that follows from its content.
    pub(super) async fn of(contracts: &Contracts, visit: &LoggedIn, contract: Contract) -> Result<Self, ContractError> {
        let template = contracts.template_of(&contract).await?;
        let values = contract.content.draft.values(&template);
        let problems = match contract.state {
            State::Draft => contracts.problems(&contract, &template)?,
            _ => Vec::new(),
        };
        let money = |amount: Option<crate::kernel::Amount>| amount.map(|amount| Money::new(amount, contract.currency));
        let (draft, directory) = (&contract.content.draft, contracts.org().directory());
        let parties = draft.parties.iter().map(|party| (party.role.name().to_owned(), party.details.clone()));
        let file = |file: &crate::contract::template::FileValue| FileShown {
            name: file.name.clone(),
            hash: file.hash.to_string(),
        };
        let files = draft.files.iter().map(|(slot, files)| (slot.clone(), files.iter().map(file).collect()));
        Ok(Self {
            id: contract.id.get(),
            version: contract.version,
            number: contract.number.clone(),
            title: contract.title.clone(),
            template: contract.template.clone(),
            category: contract.category.clone(),
            state: contract.state,
            entity: contract.entity.get(),
            our_role: contract.our_role.clone(),
            other_party: contract.other_party.clone(),
            customer: contract.customer.map(CustomerId::get),
            opportunity: contract.opportunity.map(OpportunityId::get),
            amount: contract.total(),
            net: money(contract.net),
            tax: money(contract.tax),
            starts_on: contract.starts_on,
            expires_on: contract.expires_on,
            signed_on: contract.signed_on,
            owner: contract.owner.get(),
            owner_name: directory.name(contract.owner),
            drafter: contract.drafter.get(),
            drafter_name: directory.name(contract.drafter),
            department: contract.department.map(DepartmentId::get),
            last_version: contract.last_version,
            approved_version: contract.approved_version,
            content_hash: contract.content_hash.to_string(),
            approval_case: contract.case.map(CaseId::get),
            end_reason: contract.end_reason.clone(),
            archive_number: contract.archive_number.clone(),
            fields: values.iter().map(|(name, value)| (name.clone(), value.to_json())).collect(),
            parties: parties.collect(),
            choices: draft.choices.clone(),
            free: draft.free.clone(),
            unread: contract.content.unread.clone(),
            files: files.collect(),
            problems: problems.iter().map(|one| problem(visit, one)).collect(),
            created_at: contract.created_at,
            updated_at: contract.updated_at,
        })
    }
}

/// A wrong field in the reader's language.
pub(super) fn problem(visit: &LoggedIn, error: &FieldError) -> ProblemField {
    ProblemField { field: error.field.clone(), code: error.code().to_owned(), message: visit.text(&error.message()) }
}
