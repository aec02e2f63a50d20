//! Commands on a case, a POST each. A decision names the content that its caller saw; `version` refuses where the case moved on since.

use axum::extract::State;
use axum::response::IntoResponse as _;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::bodies::{
    AddSignersBody, AnswerBody, AskBody, CopiesBody, CopyBody, Decision, JumpBody, MigrateBody, ReasonBody,
    RemoveSignerBody, ReturnBody, RevokeBody, SettleBody, SignForBody, SuggestBody, TakeOverBody, TaskBody, TextBody,
    TransferBody, UndoBody, content, people, version_named,
};
use crate::approval::{Ask, Desk, Done, Key};
use crate::kernel::{Actor, CaseId};
use crate::org::pages::CurrentUser;
use crate::web::api::{Json, Keyed, Path, RequestKey, replayed};
use crate::web::{self, Problem};
use crate::workflow::{Act, ReturnTo, Verdict};

/// What became of a command.
#[derive(Serialize, ToSchema)]
struct Outcome {
    case: i64,
    /// Where the case stands.
    status: String,
    /// Its last event; comes back with the next change.
    version: i64,
    /// The decision that was taken, for undoing it.
    #[serde(skip_serializing_if = "Option::is_none")]
    decision: Option<u32>,
}

impl From<Done> for Outcome {
    fn from(done: Done) -> Self {
        let Done { case, last, decision, status, .. } = done;
        Self { case: case.get(), status: status.word().to_owned(), version: last, decision }
    }
}

/// The key goes into the write of the command, so that a decision is one write and not three.
async fn carry_out(caller: &CurrentUser, desk: &Desk, ask: Ask, key: Option<RequestKey>) -> web::Result {
    let ask = match key {
        Some(it) => ask.once(Key { name: format!("api/{}/{}", caller.user(), it.key), request: Some(it.request) }),
        None => ask,
    };
    let done = desk.act(ask).await?;
    let answer = Json(Outcome::from(done)).into_response();
    Ok(if done.repeated { replayed(answer) } else { answer })
}

/// Declares a command: its path, its body, and the [`Act`] that it means.
macro_rules! commands {
    ($($(#[doc = $doc:literal])+ $name:ident $path:literal $body:ident |$it:ident| $act:expr;)+) => {
        $(
            $(#[doc = $doc])+
            #[utoipa::path(post, path = $path, tag = "approvals", params(("case" = i64, Path)), request_body = $body,
                responses((status = 200, body = Outcome), (status = 403, body = Problem), (status = 404, body = Problem),
                    (status = 409, body = Problem), (status = 422, body = Problem)))]
            async fn $name(
                caller: CurrentUser,
                State(desk): State<Desk>,
                Path(case): Path<i64>,
                Keyed { body: Json($it), key }: Keyed<$body>,
            ) -> web::Result {
                let version = $it.version;
                let act = $act;
                let actor = Actor::person(caller.user(), caller.channel());
                let ask = Ask::of_case(CaseId::new(case), actor, act).seen(version);
                carry_out(&caller, &desk, ask, key).await
            }
        )+

        pub(super) fn routes() -> OpenApiRouter<Desk> {
            OpenApiRouter::new()$(.routes(routes!($name)))+
        }
    };
}

commands! {
    /// Agrees (同意).
    approve "/approvals/{case}/approve" Decision |it| Act::Approve(it.verdict()?);
    /// Rejects (拒绝); the opinion says why.
    reject "/approvals/{case}/reject" Decision |it| Act::Reject(it.verdict()?);
    /// Abstains (弃权), at a countersign.
    abstain "/approvals/{case}/abstain" Decision |it| Act::Abstain(it.verdict()?);
    /// Sends the record back (退回); the case stays open.
    send_back "/approvals/{case}/return" ReturnBody |it| {
        let to = match it.to.as_deref() {
            None | Some("drafter") => ReturnTo::Drafter,
            Some("previous") => ReturnTo::Previous,
            Some(node) => ReturnTo::Node { node: node.to_owned() },
        };
        let shown = content(&it.content)?;
        Act::Return { verdict: Verdict { task: it.task, shown, opinion: it.opinion, path: it.path, next: None }, to }
    };
    /// Signs for it (签收): takes a task of several people, or without one the returned record, into the caller's hands.
    sign_for "/approvals/{case}/sign-for" SignForBody |it| Act::SignFor { task: it.task };
    /// Gives a task back.
    release "/approvals/{case}/release" TaskBody |it| Act::Release { task: it.task };
    /// Takes the record back (撤回), by its submitter.
    withdraw "/approvals/{case}/withdraw" ReasonBody |it| Act::Withdraw { reason: it.reason };
    /// Takes the caller's own decision back, within ten seconds and while nobody has built on it.
    undo "/approvals/{case}/undo" UndoBody |it| Act::UndoDecision { decision: it.decision };
    /// Hands a task to somebody else (转办).
    transfer "/approvals/{case}/transfer" TransferBody |it| Act::Transfer { task: it.task, to: it.to, reason: it.reason };
    /// Asks somebody to advise on a task (委派); it comes back with their advice.
    delegate "/approvals/{case}/delegate" TransferBody |it| Act::Delegate { task: it.task, to: it.to, reason: it.reason };
    /// Takes a delegated task back before the advice has come.
    recall "/approvals/{case}/recall" TaskBody |it| Act::Recall { task: it.task };
    /// Adds people who sign (加签) before, beside or after the caller, as part of the same vote.
    add_signers "/approvals/{case}/add-signers" AddSignersBody |it| {
        Act::AddSigners { task: it.task, people: people(it.people), place: it.place.into(), reason: it.reason }
    };
    /// Removes somebody who was added and has not decided (减签).
    remove_signer "/approvals/{case}/remove-signer" RemoveSignerBody |it| {
        Act::RemoveSigner { node: it.node, signer: it.signer, reason: it.reason }
    };
    /// Takes the caller's own decision back, while nothing has been built on it.
    revoke "/approvals/{case}/revoke" RevokeBody |it| Act::Revoke { decision: it.decision, reason: it.reason };
    /// Sends copies (抄送) by hand.
    copy "/approvals/{case}/copy" CopiesBody |it| Act::Copy { people: people(it.people), text: it.text };
    /// Sends the case to a node, past what lies between (跳转). For administrators; marked in the log.
    jump "/approvals/{case}/jump" JumpBody |it| Act::Jump { to: it.node, reason: it.reason };
    /// Ends the case (终止); the record goes back to its drafter. For administrators; marked in the log.
    terminate "/approvals/{case}/terminate" ReasonBody |it| Act::Terminate { reason: it.reason };
    /// Gives everything that somebody holds in the case to somebody else (离职交接). By themselves or an administrator.
    take_over "/approvals/{case}/take-over" TakeOverBody |it| Act::TakeOver { from: it.from, to: it.to, reason: it.reason };
    /// Moves the case to another version of its workflow (迁移). For administrators; marked in the log.
    migrate "/approvals/{case}/migrate" MigrateBody |it| Act::migrate(version_named(&it.to)?, it.reason);
    /// Asks somebody (问一下), without returning the case.
    ask "/approvals/{case}/ask" AskBody |it| Act::Ask { task: it.task, whom: it.whom, text: it.text };
    /// Answers a question to the caller.
    answer "/approvals/{case}/answer" AnswerBody |it| Act::Answer { question: it.question, text: it.text };
    /// Proposes a change to the drafter.
    suggest "/approvals/{case}/suggest" SuggestBody |it| {
        Act::Suggest { task: it.task, path: it.path, text: it.text, reason: it.reason }
    };
    /// The drafter takes a suggestion.
    take_suggestion "/approvals/{case}/take-suggestion" SettleBody |it| {
        Act::TakeSuggestion { suggestion: it.suggestion, edited: Vec::new() }
    };
    /// The drafter declines a suggestion, and says why.
    decline_suggestion "/approvals/{case}/decline-suggestion" SettleBody |it| {
        Act::DeclineSuggestion { suggestion: it.suggestion, reason: it.reason }
    };
    /// Urges (催办), at most once in four hours.
    urge "/approvals/{case}/urge" TaskBody |it| Act::Urge { task: it.task };
    /// Leaves words.
    comment "/approvals/{case}/comment" TextBody |it| Act::Comment { text: it.text };
    /// Marks a copy as read.
    read_copy "/approvals/{case}/read-copy" CopyBody |it| Act::ReadCopy { node: it.node };
}
