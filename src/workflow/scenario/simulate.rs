//! The way that a record would take: nodes, people with reasons, deadlines.

use serde::Serialize;

use super::world::{BadWorld, World};
use crate::i18n::{self, Lang, Message, msg};
use crate::kernel::Timestamp;
use crate::workflow::explain::reason_said;
use crate::workflow::language::Loaded;
use crate::workflow::{Candidate, Case, Facts, Step, StepState, SubjectSchema, forecast};

/// One node on the way, in words.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Simulation {
    /// Name of the node.
    pub node: String,
    /// What people read.
    pub title: String,
    /// `FILE:LINE`.
    pub place: String,
    /// `approve`, `countersign`, `wait` …
    pub kind: &'static str,
    /// `ahead`, `skipped`, `stuck` …
    pub state: &'static str,
    /// The ways that a branch takes.
    pub ways: Vec<String>,
    /// Who is asked, one list a vote.
    pub people: Vec<Vec<String>>,
    /// Why it is theirs.
    pub because: Vec<String>,
    /// When it should be decided.
    pub due: Option<Timestamp>,
}

/// The way of the record of `world` through a workflow.
pub fn simulate(
    loaded: &Loaded,
    world: &World,
    schema: Option<&SubjectSchema>,
    lang: Lang,
) -> Result<Vec<Simulation>, BadWorld> {
    let facts = world.facts(&loaded.definition, schema)?;
    let steps = forecast(&loaded.definition, &loaded.script, &Case::default(), &facts);
    let place = |step: &Step| loaded.definition.node(&step.node).map(|node| loaded.definition.place_of(node));
    Ok(steps.iter().map(|step| said(step, place(step).unwrap_or_default(), &facts, lang)).collect())
}

fn said(step: &Step, place: String, facts: &Facts, lang: Lang) -> Simulation {
    let name = |one: &Candidate| facts.directory.name(one.person);
    let reason = |one: &Candidate| {
        let reason: Message = msg!("workflow.say.because", name = name(one), reason = reason_said(&one.because));
        i18n::text(lang, &reason)
    };
    Simulation {
        node: step.node.clone(),
        title: step.title.clone(),
        place,
        kind: step.kind.word(),
        state: state(&step.state),
        ways: step.ways.clone(),
        people: step.people.iter().map(|vote| vote.iter().map(name).collect()).collect(),
        because: step.people.iter().flatten().map(reason).collect(),
        due: step.due,
    }
}

fn state(state: &StepState) -> &'static str {
    match state {
        StepState::Done => "done",
        StepState::Now => "now",
        StepState::Ahead => "ahead",
        StepState::Skipped(_) => "skipped",
        StepState::Stuck(_) => "stuck",
    }
}

impl Simulation {
    /// The way as a table for terminals.
    pub fn table(steps: &[Self], lang: Lang) -> String {
        let mut text = String::new();
        for (number, step) in steps.iter().enumerate() {
            let people: Vec<String> = step.people.iter().map(|vote| vote.join(" / ")).collect();
            let mut line = vec![format!("{:>2}. {}", number + 1, step.title), step.state.to_owned()];
            line.extend((!step.ways.is_empty()).then(|| step.ways.join(", ")));
            line.extend((!people.is_empty()).then(|| people.join(" + ")));
            line.extend(step.due.map(|due| i18n::timestamp(lang, due)));
            text.extend([line.join("  |  "), "\n".to_owned()]);
            text.extend(step.because.iter().map(|because| format!("      {because}\n")));
        }
        text
    }

    /// The way as a Mermaid flow chart.
    pub fn mermaid(steps: &[Self]) -> String {
        let on_the_way: Vec<&Self> = steps.iter().filter(|step| step.state != "skipped").collect();
        let mut text = "flowchart TD\n".to_owned();
        for (number, step) in on_the_way.iter().enumerate() {
            let people: Vec<String> = step.people.iter().map(|vote| vote.join(" / ")).collect();
            let words = if people.is_empty() {
                step.title.clone()
            } else {
                format!("{}<br/>{}", step.title, people.join(" + "))
            };
            text.extend([format!("    n{number}[\"{}\"]\n", words.replace('"', "#quot;"))]);
            if number > 0 {
                text.extend([format!("    n{} --> n{number}\n", number - 1)]);
            }
        }
        text
    }
}
