//! The way of a contract through approval: who was asked, what they said, who comes next and why.

use axum::Router;
use axum::extract::State;
use axum::routing::get;
use serde::Serialize;

use super::WayPath;
use super::frame::{Frame, Part};
use crate::contract::{CONTRACT, Contracts};
use crate::i18n::{Message, msg};
use crate::kernel::Timestamp;
use crate::web::{self, Address as _, LoggedIn, Page};
use crate::workflow::explain::{reason_said, stuck_said};
use crate::workflow::{Candidate, Case, Choice as Decided, Directory, SkipReason, Step, StepKind, StepState};

#[derive(Clone, Serialize)]
struct WayPage {
    frame: Frame,
    steps: Vec<ShownStep>,
    round: u32,
    case: Option<String>,
}

impl Page for WayPage {
    const TEMPLATE: &'static str = "contract/way.html";
}

/// A node on the way.
#[derive(Clone, Debug, Serialize)]
pub(super) struct ShownStep {
    pub(super) node: String,
    title: String,
    depth: usize,
    state: Message,
    tone: &'static str,
    /// Why it is skipped or stuck.
    because: Option<Message>,
    votes: Vec<Vec<Asked>>,
    due: Option<Timestamp>,
    decisions: Vec<Opinion>,
    pub(super) chosen_by_submitter: bool,
    pub(super) on_the_way: bool,
}

/// Somebody who is asked, with the reason.
#[derive(Clone, Debug, Serialize)]
struct Asked {
    name: String,
    deputy_for: Option<String>,
    because: Message,
}

/// What somebody said.
#[derive(Clone, Debug, Serialize)]
struct Opinion {
    by: String,
    what: Message,
    tone: &'static str,
    text: String,
    at: Timestamp,
    void: bool,
}

pub(super) fn routes() -> Router<Contracts> {
    Router::new().route(WayPath::PATTERN, get(show))
}

async fn show(visit: LoggedIn, WayPath { id }: WayPath, State(contracts): State<Contracts>) -> web::Result {
    let contract = contracts.get(visit.user(), id).await?;
    let found = contracts.approvals().way_of(&CONTRACT.reference(id.get())).await?;
    let directory = contracts.org().directory();
    let (steps, round) = match &found {
        Some((case, steps)) => (all(steps, Some(case), &directory), case.round),
        None => (Vec::new(), 0),
    };
    let case = contract.case.map(|case| format!("/approvals/{case}"));
    visit.page(&WayPage { frame: Frame::of(&contracts, &visit, &contract, Part::Way), steps, round, case })
}

/// The steps as a page shows them. A choice of ways is told by the way that was chosen, unless none can be.
pub(super) fn all(steps: &[Step], case: Option<&Case>, directory: &Directory) -> Vec<ShownStep> {
    let told = |step: &&Step| {
        !matches!(step.kind, StepKind::Branch | StepKind::Parallel) || matches!(step.state, StepState::Stuck(_))
    };
    steps.iter().filter(told).map(|step| shown(step, case, directory)).collect()
}

/// A step as a page shows it; with a case, what was decided there too.
fn shown(step: &Step, case: Option<&Case>, directory: &Directory) -> ShownStep {
    let (state, tone) = state(step);
    let because = match &step.state {
        StepState::Skipped(SkipReason::Guard) => Some(msg!("contract.way.guard")),
        StepState::Skipped(SkipReason::SamePerson { person, .. }) => {
            Some(msg!("contract.way.same_person", name = directory.name(*person)))
        }
        StepState::Stuck(because) => Some(stuck_said(because)),
        _ => step.kept.then(|| msg!("contract.way.kept")),
    };
    let asked = |one: &Candidate| Asked {
        name: directory.name(one.person),
        deputy_for: one.deputy_for.map(|absent| directory.name(absent)),
        because: reason_said(&one.because),
    };
    let opinions =
        case.into_iter().flat_map(|case| case.decisions.values()).filter(|one| one.decided.node == step.node);
    let opinions = opinions.map(|one| {
        let (what, tone) = choice(one.decided.choice);
        let by = one.decided.by.and_then(|actor| actor.in_the_name_of()).map(|user| directory.name(user));
        Opinion {
            by: by.unwrap_or_default(),
            what,
            tone,
            text: one.decided.opinion.clone(),
            at: one.at,
            void: one.void,
        }
    });
    ShownStep {
        node: step.node.clone(),
        title: step.title.clone(),
        depth: step.depth,
        state,
        tone,
        because,
        votes: step.people.iter().filter(|_| !step.kept).map(|vote| vote.iter().map(asked).collect()).collect(),
        due: step.due,
        decisions: opinions.collect(),
        chosen_by_submitter: step.chosen_by_submitter,
        on_the_way: step.on_the_way(),
    }
}

fn state(step: &Step) -> (Message, &'static str) {
    match (&step.state, step.kind) {
        (StepState::Done, _) => (msg!("contract.way.done"), "good"),
        (StepState::Now, StepKind::Wait) => (msg!("contract.way.waits"), "info"),
        (StepState::Now, _) => (msg!("contract.way.now"), "info"),
        (StepState::Ahead, StepKind::CopyTo) => (msg!("contract.way.copy"), ""),
        (StepState::Ahead, _) => (msg!("contract.way.ahead"), ""),
        (StepState::Skipped(_), _) => (msg!("contract.way.skipped"), ""),
        (StepState::Stuck(_), _) => (msg!("contract.way.stuck"), "bad"),
    }
}

fn choice(choice: Decided) -> (Message, &'static str) {
    match choice {
        Decided::Approve => (msg!("contract.way.approved"), "good"),
        Decided::Reject => (msg!("contract.way.rejected"), "bad"),
        Decided::Return => (msg!("contract.way.returned"), "warn"),
        Decided::Abstain => (msg!("contract.way.abstained"), ""),
    }
}

#[cfg(test)]
pub(super) fn sample() -> ShownStep {
    let asked = Asked { name: "Li".into(), deputy_for: Some("Wang".into()), because: msg!("contract.way.guard") };
    let opinion = Opinion {
        by: "Li".into(),
        what: msg!("contract.way.approved"),
        tone: "good",
        text: "Fine".into(),
        at: Timestamp::from_micros(0),
        void: true,
    };
    ShownStep {
        node: "manager".into(),
        title: "Manager".into(),
        depth: 1,
        state: msg!("contract.way.now"),
        tone: "info",
        because: Some(msg!("contract.way.guard")),
        votes: vec![vec![asked.clone(), asked]],
        due: Some(Timestamp::from_micros(0)),
        decisions: vec![opinion],
        chosen_by_submitter: true,
        on_the_way: true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::testing::renders;

    #[tokio::test]
    async fn the_way_renders() {
        let frame = Frame::sample();
        renders(WayPage { frame, steps: vec![sample()], round: 2, case: Some("/approvals/1".into()) }).await;
    }
}
