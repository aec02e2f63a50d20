//! A case as the decision page shows it.

use serde::Serialize;

use super::Choice;
use super::path::{self, Asked, StepShown};
use super::powers::{Powers, allows};
use crate::approval::concern::node;
use crate::approval::look::Look;
use crate::approval::{Brief, Part, refusals, words};
use crate::i18n::{Arg, Message, msg};
use crate::kernel::{Date, Money, Timestamp};
use crate::workflow::{
    Allowance, NodeKind, Opinion, Stage, Status, StepKind, StepState, SuggestionOutcome, Task, TaskNumber, WithdrawRule,
};

/// Sentences of others on the first screen; the rest stand below.
const FIRST: usize = 3;

/// A case for its page; `it` in templates.
#[expect(clippy::struct_excessive_bools, reason = "each is a thing that the reader may or may not do")]
#[derive(Clone, Debug, Serialize)]
pub(super) struct Shown {
    pub(super) base: String,
    pub(super) case: i64,
    pub(super) content: String,
    pub(super) head: String,
    pub(super) title: String,
    pub(super) brief: Option<BriefShown>,
    pub(super) status: Message,
    pub(super) tone: &'static str,
    pub(super) said: Vec<Said>,
    pub(super) more_said: Vec<Said>,
    pub(super) task: Option<TaskShown>,
    pub(super) then: Option<Message>,
    pub(super) questions: Vec<QuestionShown>,
    pub(super) suggestions: Vec<SuggestionShown>,
    pub(super) steps: Vec<StepShown>,
    /// When it will probably be over, or why nobody can say.
    pub(super) expected: Option<Message>,
    pub(super) log: Vec<LineShown>,
    pub(super) people: Vec<Choice>,
    pub(super) returns: Vec<Choice>,
    pub(super) phrases: Vec<String>,
    pub(super) urge: Vec<Choice>,
    pub(super) unread: Vec<String>,
    pub(super) withdraw: bool,
    pub(super) sign_for: bool,
    pub(super) interferes: bool,
    pub(super) comments: bool,
    pub(super) submitter: String,
    powers: Powers,
}

/// What the record's room says of it.
#[derive(Clone, Debug, Serialize)]
pub(super) struct BriefShown {
    number: Option<String>,
    other_party: Option<String>,
    our_entity: Option<String>,
    kind_label: String,
    amount: Option<Money>,
    /// `None` where there is no standard text.
    deviations: Option<Vec<PartShown>>,
    changes: Vec<PartShown>,
    since_seen: bool,
    red_facts: Vec<Message>,
    payment: Option<String>,
    from: Option<Date>,
    until: Option<Date>,
    document: String,
    record: String,
    files: Vec<Choice>,
    parts: Vec<Choice>,
}

#[derive(Clone, Debug, Serialize)]
struct PartShown {
    title: String,
    redline: String,
}

/// What somebody said.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Said {
    who: Message,
    tag: Option<Message>,
    tone: &'static str,
    text: String,
    #[serde(skip)]
    at: Timestamp,
}

/// The task that the reader decides on.
#[expect(clippy::struct_excessive_bools, reason = "each is a thing that the task allows or demands")]
#[derive(Clone, Debug, Serialize)]
pub(super) struct TaskShown {
    number: TaskNumber,
    node: String,
    due: Option<Timestamp>,
    late: bool,
    because: Option<Asked>,
    claimed: bool,
    several: bool,
    free_flow: bool,
    next: Vec<Choice>,
    abstain: bool,
    transfer: bool,
    delegate: bool,
    add: bool,
    /// It is with the reader for their advice: who asked for it, and why.
    advises: Option<Message>,
    opinion_required: bool,
    pub(super) login: bool,
}

#[derive(Clone, Debug, Serialize)]
pub(super) struct QuestionShown {
    number: u32,
    who: Message,
    text: String,
    at: Timestamp,
}

#[derive(Clone, Debug, Serialize)]
pub(super) struct SuggestionShown {
    number: u32,
    who: Message,
    part: String,
    text: String,
    reason: String,
    at: Timestamp,
    outcome: Option<Message>,
    taken: bool,
    may_settle: bool,
}

#[derive(Clone, Debug, Serialize)]
pub(super) struct LineShown {
    head: Message,
    who: Option<Message>,
    text: Option<Message>,
    at: Timestamp,
    tone: &'static str,
}

impl Shown {
    /// The page of a case whose forms post below `base`; `only` is the one task of a link.
    pub(super) fn of(look: &Look, base: &str, only: Option<TaskNumber>, phrases: Vec<String>) -> Self {
        let (concern, person) = (look.concern(), look.person);
        let mut tasks = concern.tasks(person).filter(|(number, _)| only.is_none_or(|only| only == *number));
        let task = tasks.next().map(|(number, task)| TaskShown::of(look, number, task));
        let (said, more_said) = said(look);
        let drafts = only.is_none() && concern.drafts(person);
        let in_approval = look.state.status == Status::InApproval;
        Self {
            base: base.to_owned(),
            case: look.case.get(),
            content: look.content().to_string(),
            head: look.head.short(),
            title: look.facts.subject.title.clone(),
            brief: look.brief.as_ref().map(|brief| BriefShown::of(brief, base)),
            status: refusals::status(look.state.status),
            tone: status_tone(look.state.status),
            said,
            more_said,
            then: then(look),
            questions: if only.is_none() { questions(look) } else { Vec::new() },
            suggestions: suggestions(look, drafts),
            steps: path::steps(look),
            expected: None,
            log: log(look),
            people: people(look),
            returns: returns(look, task.as_ref()),
            phrases,
            urge: if drafts && in_approval { urge(look) } else { Vec::new() },
            unread: if only.is_none() { concern.unread(person) } else { Vec::new() },
            withdraw: drafts && may_withdraw(look),
            sign_for: drafts && look.state.status == Status::Returned,
            interferes: only.is_none() && concern.interferes(person),
            comments: only.is_none() && concern.is_of(person),
            powers: if only.is_none() { Powers::of(look) } else { Powers::default() },
            submitter: look.state.submitter.map(|person| look.name(person)).unwrap_or_default(),
            task,
        }
    }
}

impl BriefShown {
    fn of(brief: &Brief, base: &str) -> Self {
        let parts = |parts: &[Part]| {
            let part = |part: &Part| PartShown { title: part.title.clone(), redline: part.redline.clone() };
            parts.iter().map(part).collect()
        };
        let file = |file: &crate::approval::BriefFile| {
            Choice::new(format!("{base}/files/{}", file.hash), format!("{} · {}", file.label, file.name))
        };
        Self {
            number: brief.number.clone(),
            other_party: brief.other_party.clone(),
            our_entity: brief.our_entity.clone(),
            kind_label: brief.kind_label.clone(),
            amount: brief.amount,
            deviations: brief.deviations.as_deref().map(parts),
            changes: parts(&brief.changes),
            since_seen: brief.since_seen,
            red_facts: brief.red_facts.clone(),
            payment: brief.payment.clone(),
            from: brief.term.and_then(|term| term.0),
            until: brief.term.and_then(|term| term.1),
            document: brief.document.clone(),
            record: brief.path.clone(),
            files: brief.files.iter().map(file).collect(),
            parts: brief.parts.iter().map(|(path, title)| Choice::new(path, title.clone())).collect(),
        }
    }
}

impl TaskShown {
    fn of(look: &Look, number: TaskNumber, task: &Task) -> Self {
        let opened = &task.opened;
        let found = node(&look.workflow.definition, &opened.node);
        let options = found.and_then(|(_, options)| options);
        let theirs = opened.candidates.iter().find(|one| one.person == look.person || one.principal() == look.person);
        let people = opened.candidates.iter().filter(|one| one.person != look.person);
        Self {
            number,
            node: look.title(&opened.node),
            due: opened.due,
            late: opened.due.is_some_and(|due| due < look.facts.now),
            because: theirs.or(opened.candidates.first()).map(|one| path::asked(&look.facts.directory, one)),
            claimed: task.claimed.is_some(),
            several: opened.candidates.len() > 1,
            free_flow: opened.free_flow,
            next: people.map(|one| Choice::new(one.person, look.name(one.person))).collect(),
            abstain: found.is_some_and(|(node, _)| matches!(node.kind, NodeKind::Countersign { .. })),
            transfer: allows(look, number, Allowance::Transfer),
            delegate: allows(look, number, Allowance::Delegate),
            add: allows(look, number, Allowance::Add) && !opened.free_flow,
            advises: task.delegated.as_ref().map(|one| look.actor(one.by)),
            opinion_required: options.is_some_and(|options| options.opinion == Opinion::Required),
            login: opened.login,
        }
    }
}

fn status_tone(status: Status) -> &'static str {
    match status {
        Status::InApproval => "info",
        Status::Approved | Status::Ended => "good",
        Status::Rejected | Status::Terminated => "bad",
        Status::Returned | Status::SignedFor | Status::Withdrawn => "warn",
        Status::Draft => "",
    }
}

/// What others decided, asked, answered and remarked, the newest first: a few for the first screen, and the rest.
fn said(look: &Look) -> (Vec<Said>, Vec<Said>) {
    let mut all: Vec<Said> = Vec::new();
    for one in look.state.decisions.values().filter(|one| !one.void) {
        let Some(by) = one.decided.by.filter(|by| by.user != Some(look.person)) else { continue };
        let (tag, tone) = (Some(words::choice(one.decided.choice)), path::tone(one.decided.choice));
        all.push(Said { who: look.actor(by), tag, tone, text: one.decided.opinion.clone(), at: one.at });
    }
    for one in look.state.tasks.values().flat_map(|task| &task.advice) {
        let tag = Some(msg!("approval.advises", choice = words::choice(one.choice)));
        all.push(Said {
            who: look.actor(one.by),
            tag,
            tone: path::tone(one.choice),
            text: one.text.clone(),
            at: one.at,
        });
    }
    for one in look.state.questions.values() {
        let (who, at) = (look.actor(one.by), one.at);
        let tag = Some(msg!("approval.asks", person = look.name(one.whom)));
        all.push(Said { who, tag, tone: "", text: one.text.clone(), at });
    }
    for stored in &look.events {
        match stored.event() {
            Ok(crate::workflow::Event::Commented { by, text }) => {
                all.push(Said { who: look.actor(by), tag: None, tone: "", text, at: stored.at });
            }
            Ok(crate::workflow::Event::Answered { by, text, .. }) => {
                let tag = Some(msg!("approval.answers"));
                all.push(Said { who: look.actor(by), tag, tone: "info", text, at: stored.at });
            }
            _ => {}
        }
    }
    all.sort_by_key(|said| std::cmp::Reverse(said.at));
    let rest = all.split_off(all.len().min(FIRST));
    (all, rest)
}

/// Where it goes after this: the next nodes at which somebody decides or reads.
fn then(look: &Look) -> Option<Message> {
    let ahead = look.steps.iter().filter(|step| {
        let people = matches!(step.kind, StepKind::Approve | StepKind::Countersign | StepKind::CopyTo);
        people && !step.kept && matches!(step.state, StepState::Ahead | StepState::Stuck(_))
    });
    let steps: Vec<Message> = ahead
        .map(|step| {
            let mut people = step.people.iter().flatten().peekable();
            if people.peek().is_none() {
                return msg!("approval.then_nobody", node = &step.title);
            }
            let people: Arg = people.map(|one| look.name(one.person)).collect();
            msg!("approval.then_step", node = &step.title, people = people)
        })
        .collect();
    if steps.is_empty() {
        return (look.state.status == Status::InApproval).then(|| msg!("approval.then_done"));
    }
    let steps: Arg = steps.into_iter().collect();
    Some(msg!("approval.then", steps = steps))
}

/// Questions that wait for the reader's answer.
fn questions(look: &Look) -> Vec<QuestionShown> {
    let open = look.state.questions.iter().filter(|(_, one)| one.whom == look.person && one.answer.is_none());
    open.map(|(number, one)| QuestionShown {
        number: *number,
        who: look.actor(one.by),
        text: one.text.clone(),
        at: one.at,
    })
    .collect()
}

fn suggestions(look: &Look, drafts: bool) -> Vec<SuggestionShown> {
    let shown = look.state.suggestions.iter().map(|(number, one)| {
        let outcome = words::outcome(&one.outcome);
        SuggestionShown {
            number: *number,
            who: look.actor(one.by),
            part: look.part(&one.path),
            text: one.text.clone(),
            reason: one.reason.clone(),
            at: one.at,
            taken: one.outcome == SuggestionOutcome::Taken,
            may_settle: drafts && outcome.is_none(),
            outcome,
        }
    });
    shown.collect()
}

fn log(look: &Look) -> Vec<LineShown> {
    let lines = look.history().into_iter();
    lines
        .map(|line| LineShown { head: line.head, who: line.who, text: line.text, at: line.at, tone: line.tone })
        .collect()
}

/// Everybody who can be asked or get a task, but for the reader.
fn people(look: &Look) -> Vec<Choice> {
    let people = look.facts.directory.by_name().into_iter().filter(|one| one.active && one.id != look.person);
    people.map(|one| Choice::new(one.id, one.label())).collect()
}

/// Nodes that have decided, to which the case can go back.
fn returns(look: &Look, task: Option<&TaskShown>) -> Vec<Choice> {
    if task.is_none() {
        return Vec::new();
    }
    let passed = look.steps.iter().filter(|step| {
        let decides = matches!(step.kind, StepKind::Approve | StepKind::Countersign);
        decides && look.state.nodes.get(&step.node).is_some_and(|state| state.stage == Stage::Passed)
    });
    passed.map(|step| Choice::new(&step.node, step.title.clone())).collect()
}

fn urge(look: &Look) -> Vec<Choice> {
    let open = look.state.tasks.iter().filter(|(_, task)| task.open);
    open.map(|(number, task)| {
        let names: Vec<String> = task.opened.candidates.iter().map(|one| look.name(one.person)).collect();
        Choice::new(number, format!("{} · {}", look.title(&task.opened.node), names.join(", ")))
    })
    .collect()
}

fn may_withdraw(look: &Look) -> bool {
    if look.state.status.sent_back() {
        return true;
    }
    let decided = look.state.decisions.values().any(|one| !one.void && one.round == look.state.round);
    look.state.status == Status::InApproval && (look.workflow.definition.withdraw == WithdrawRule::AnyTime || !decided)
}
