//! Writing a change: why, what, and the plan line by line.

use axum::Router;
use axum::extract::{DefaultBodyLimit, State};
use axum::routing::get;
use serde::{Deserialize, Serialize};

use super::{ChangePath, EditChangePath, EvidencePath, UPLOAD};
use crate::contract::Contract;
use crate::contract::fulfilment::change::label;
use crate::contract::fulfilment::{
    ChangeEdit, ChangeId, ChangeKind, ChangeLine, ChangedFiles, ContractChange, Fulfilment, FulfilmentError, Terms,
};
use crate::contract::pages::actor;
use crate::i18n::{Message, msg};
use crate::kernel::{Currency, Date, Money};
use crate::settlement::{DueRule, Milestone};
use crate::web::{self, Address as _, FormState, LoggedIn, Note, Page, Typed, UploadForm};

/// Empty lines that a form offers for new milestones.
const SPARE_LINES: usize = 3;

#[derive(Clone, Serialize)]
struct EditPage {
    back: String,
    title: String,
    kind: Message,
    is_termination: bool,
    number: String,
    currency: Currency,
    before: Terms,
    form: FormState,
    version: i64,
    lines: Vec<LineView>,
    has_plan: bool,
    evidence: Vec<EvidenceView>,
}

impl Page for EditPage {
    const TEMPLATE: &'static str = "contract/change_edit.html";
}

/// A line of the plan in the form.
#[derive(Clone, Debug, Serialize)]
struct LineView {
    name: String,
    title: String,
    amount: String,
    due_on: String,
    /// What stands in the plan now.
    now: Option<NowView>,
}

#[derive(Clone, Debug, Serialize)]
struct NowView {
    amount: Money,
    paid: Money,
    due_on: Option<Date>,
}

#[derive(Clone, Serialize)]
struct EvidenceView {
    name: String,
    path: String,
    hash: String,
}

#[derive(Clone, Deserialize)]
struct ChangeForm {
    #[serde(default)]
    reason: String,
    #[serde(default)]
    impact: String,
    #[serde(default)]
    amount: String,
    #[serde(default)]
    starts_on: String,
    #[serde(default)]
    expires_on: String,
    #[serde(default)]
    text: String,
    version: i64,
}

pub(super) fn routes() -> Router<Fulfilment> {
    Router::new().route(EditChangePath::PATTERN, get(blank).post(save).layer(DefaultBodyLimit::max(UPLOAD)))
}

async fn blank(
    visit: LoggedIn,
    EditChangePath { id }: EditChangePath,
    State(fulfilment): State<Fulfilment>,
) -> web::Result {
    let editing = Editing::of(&visit, &fulfilment, id).await?;
    visit.page(&editing.page(&visit, editing.filled(), editing.lines()))
}

async fn save(
    visit: LoggedIn,
    EditChangePath { id }: EditChangePath,
    State(fulfilment): State<Fulfilment>,
    form: UploadForm<ChangeForm>,
) -> web::Result {
    let files = ChangedFiles {
        added: form.files.iter().map(|file| (file.name.as_str(), &*file.bytes)).collect(),
        removed: form.typed.all("remove").filter_map(|hash| hash.parse().ok()).collect(),
    };
    let saved = async {
        let edit = read(&form)?;
        fulfilment.save_change_with(actor(&visit), id, edit, &files).await
    };
    match saved.await {
        Ok(()) => Ok(visit.go_with(ChangePath { id }, &Note::done(visit.text(&msg!("contract.changes.saved"))))),
        Err(error) => {
            let editing = Editing::of(&visit, &fulfilment, id).await?;
            let lines = editing.typed_lines(&form.typed);
            let state = form.typed.refused(error)?;
            visit.page_again(&editing.page(&visit, state, lines))
        }
    }
}

fn read(form: &UploadForm<ChangeForm>) -> Result<ChangeEdit, FulfilmentError> {
    let it = &form.value;
    let date = |field: &str, text: &str| match text.trim() {
        "" => Ok(None),
        text => text.parse::<Date>().map(Some).map_err(|_| FulfilmentError::Needed { field: field.to_owned() }),
    };
    Ok(ChangeEdit {
        reason: it.reason.clone(),
        impact: it.impact.clone(),
        amount: it.amount.clone(),
        starts_on: date("starts_on", &it.starts_on)?,
        expires_on: date("expires_on", &it.expires_on)?,
        plan: typed_lines(&form.typed),
        text: it.text.clone(),
        version: it.version,
    })
}

fn typed_lines(typed: &Typed) -> Vec<ChangeLine> {
    let column = |name: &'static str| typed.all(name).map(str::to_owned).collect::<Vec<_>>();
    let (names, titles, amounts, dates) =
        (column("line.name"), column("line.title"), column("line.amount"), column("line.due_on"));
    let cell = |of: &[String], at: usize| of.get(at).cloned().unwrap_or_default();
    let line = |at: usize| ChangeLine {
        name: cell(&names, at),
        title: cell(&titles, at),
        amount: cell(&amounts, at),
        due_on: cell(&dates, at),
    };
    (0..titles.len()).map(line).collect()
}

/// A change that is being written, with what it is written for.
struct Editing {
    change: ContractChange,
    contract: Contract,
    milestones: Vec<Milestone>,
}

impl Editing {
    async fn of(visit: &LoggedIn, fulfilment: &Fulfilment, id: ChangeId) -> Result<Self, FulfilmentError> {
        let (change, contract) = fulfilment.change_draft(actor(visit), id).await?;
        let milestones = fulfilment.milestones_of(contract.id).await?;
        Ok(Self { change, contract, milestones })
    }

    /// What was written before.
    fn filled(&self) -> FormState {
        let it = &self.change.content;
        let mut form = FormState::empty();
        form.put("reason", &it.reason);
        form.put("impact", &it.impact);
        form.put("text", &it.text);
        form.put("amount", &it.amount.map(|money| money.amount.to_string()).unwrap_or_default());
        form.put("starts_on", &it.starts_on.map(|date| date.to_string()).unwrap_or_default());
        form.put("expires_on", &it.expires_on.map(|date| date.to_string()).unwrap_or_default());
        form
    }

    /// The plan as it was written, or as it is now; a termination begins with an empty one.
    fn lines(&self) -> Vec<LineView> {
        let mut lines: Vec<LineView> = match &self.change.content.plan {
            Some(rows) => rows
                .iter()
                .map(|row| {
                    let due = match &row.due {
                        DueRule::On(date) => date.to_string(),
                        DueRule::After { .. } => String::new(),
                    };
                    self.line(&row.name, &row.title, &row.amount.amount.to_string(), &due)
                })
                .collect(),
            None if self.change.kind == ChangeKind::Termination => Vec::new(),
            None => self
                .milestones
                .iter()
                .map(|one| {
                    let amount = one.planned.amount.gross.amount.to_string();
                    let due = one.due_on.map(|date| date.to_string()).unwrap_or_default();
                    self.line(&one.planned.name, &one.planned.title, &amount, &due)
                })
                .collect(),
        };
        lines.extend((0..SPARE_LINES).map(|_| self.line("", "", "", "")));
        lines
    }

    /// The lines as they were typed.
    fn typed_lines(&self, typed: &Typed) -> Vec<LineView> {
        let lines = typed_lines(typed);
        lines.iter().map(|one| self.line(&one.name, &one.title, &one.amount, &one.due_on)).collect()
    }

    fn line(&self, name: &str, title: &str, amount: &str, due_on: &str) -> LineView {
        let known = self.milestones.iter().find(|one| one.planned.name == name);
        LineView {
            name: name.to_owned(),
            title: title.to_owned(),
            amount: amount.to_owned(),
            due_on: due_on.to_owned(),
            now: known.map(|one| NowView {
                amount: one.planned.amount.gross,
                paid: Money::new(one.paid, self.contract.currency),
                due_on: one.due_on,
            }),
        }
    }

    fn page(&self, visit: &LoggedIn, form: FormState, lines: Vec<LineView>) -> EditPage {
        let id = self.change.id;
        let evidence = self.change.content.evidence.iter().map(|file| EvidenceView {
            name: file.name.clone(),
            path: EvidencePath { id, hash: file.hash }.to_string(),
            hash: file.hash.to_string(),
        });
        EditPage {
            back: ChangePath { id }.to_string(),
            title: visit.text(&label(self.change.kind)),
            kind: label(self.change.kind),
            is_termination: self.change.kind == ChangeKind::Termination,
            number: self.contract.number.clone().unwrap_or_default(),
            currency: self.contract.currency,
            before: Terms::of(&self.contract),
            form,
            version: self.change.version,
            lines,
            has_plan: !self.milestones.is_empty(),
            evidence: evidence.collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::testing::renders;

    #[tokio::test]
    async fn the_form_of_a_change_renders() {
        let money = Money::parse("60000", Currency::CNY).unwrap();
        let now = NowView { amount: money, paid: money, due_on: "2026-03-16".parse().ok() };
        let line = LineView {
            name: "first".into(),
            title: "First".into(),
            amount: "60,000.00".into(),
            due_on: "2026-03-16".into(),
            now: Some(now),
        };
        let evidence = EvidenceView { name: "a.pdf".into(), path: "/x".into(), hash: "ab".into() };
        let page = EditPage {
            back: "/contract-changes/1".into(),
            title: "Supplement".into(),
            kind: label(ChangeKind::Supplement),
            is_termination: false,
            number: "HT-1".into(),
            currency: Currency::CNY,
            before: Terms { gross: Some(money), starts_on: None, expires_on: "2027-02-28".parse().ok() },
            form: FormState::empty(),
            version: 1,
            lines: vec![line.clone(), LineView { now: None, ..line }],
            has_plan: true,
            evidence: vec![evidence],
        };
        renders(EditPage { is_termination: true, has_plan: false, evidence: Vec::new(), ..page.clone() }).await;
        renders(page).await;
    }
}
