//! `NAME.scenarios.rhai`: named scenarios that submit, decide, let time pass and expect.

use std::any::TypeId;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use rhai::{Dynamic, FnPtr, ImmutableString, Module, NativeCallContext, Shared};

use super::run::{Run, Stopped};
use super::world::{GridData, World};
use crate::i18n::{Lang, Message, msg, text};
use crate::kernel::Span;
use crate::workflow::language::Loaded;
use crate::workflow::language::scripting::{
    Fault, Finding, Outcome as Answer, in_file, json, parse, raise, raw, scenario_engine, stopped_at,
};
use crate::workflow::{Act, Next, Place, ReturnTo, SubjectSchema};

/// What became of a scenario.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// As expected.
    Passed,
    /// Otherwise, and where.
    Failed(Box<Fault>),
}

/// One scenario.
#[derive(Clone, Debug, PartialEq)]
pub struct Scenario {
    /// Its name.
    pub name: String,
    /// What became of it.
    pub outcome: Outcome,
}

/// What a scenario file has declared so far, and the scenario that runs.
#[derive(Default)]
struct Stage {
    world: World,
    declared: Vec<(String, Place, FnPtr)>,
    run: Option<Run>,
    /// In which language what fails is said.
    lang: Lang,
}

type SharedStage = Arc<Mutex<Stage>>;
type Word = fn(&mut Stage, &NativeCallContext<'_>, &[Dynamic]) -> Result<(), Message>;

/// The words of scenario files with the numbers of arguments that they take.
const WORDS: &[(&str, &[usize], Word)] = &[
    ("department", &[2], department),
    ("person", &[2], person),
    ("grid", &[2], grid),
    ("record", &[1], record),
    ("now", &[1], now),
    ("scenario", &[2], scenario),
    ("drafted_by", &[1], drafted_by),
    ("submit", &[1, 2], submit),
    ("approve", &[1, 2], approve),
    ("reject", &[2], reject),
    ("abstain", &[1], abstain),
    ("send_back", &[2, 3], send_back),
    ("sign_for", &[1], sign_for),
    ("withdraw", &[2], withdraw),
    ("transfer", &[3], transfer),
    ("edit", &[1], edit),
    ("happens", &[1], happens),
    ("pass", &[1], pass),
    ("expect_status", &[1], expect_status),
    ("expect_asked", &[1], expect_asked),
    ("expect_at", &[1], expect_at),
    ("expect_effect", &[1], expect_effect),
];

/// Runs every scenario of a file against a workflow, or says what is wrong with the file; what fails is said in `lang`.
pub fn scenarios(
    loaded: &Loaded,
    source: &str,
    file: &str,
    schema: Option<&SubjectSchema>,
    lang: Lang,
) -> Result<Vec<Scenario>, Vec<Fault>> {
    let stage: SharedStage = Arc::new(Mutex::new(Stage { lang, ..Stage::default() }));
    let engine = scenario_engine(words(), Dynamic::from(stage.clone()));
    let at = |finding| in_file(file, source, vec![finding]);
    let ast = parse(source).map_err(at)?;
    engine.run_ast(&ast).map_err(|error| at(stopped_at(&error)))?;
    let declared = std::mem::take(&mut lock(&stage).declared);
    if declared.is_empty() {
        return Err(at(Finding::error(Place { line: 1, column: 1 }, msg!("workflow.scenario.none"))));
    }
    let mut found = Vec::new();
    for (name, place, body) in declared {
        let world = lock(&stage).world.clone();
        let run = Run::new(loaded.clone().alone(), schema.cloned(), world)
            .map_err(|bad| at(Finding::error(place, msg!("workflow.scenario.bad_data", reason = bad.to_string()))))?;
        lock(&stage).run = Some(run);
        let failed = body.call::<Dynamic>(&engine, &ast, ()).err();
        lock(&stage).run = None;
        let failed = failed.and_then(|error| at(stopped_at(&error)).pop());
        found
            .push(Scenario { name, outcome: failed.map_or(Outcome::Passed, |fault| Outcome::Failed(Box::new(fault))) });
    }
    Ok(found)
}

fn lock(stage: &SharedStage) -> std::sync::MutexGuard<'_, Stage> {
    stage.lock().unwrap_or_else(PoisonError::into_inner)
}

fn words() -> Shared<Module> {
    static MODULE: LazyLock<Shared<Module>> = LazyLock::new(|| {
        let mut module = Module::new();
        for (name, counts, word) in WORDS {
            for count in *counts {
                raw(&mut module, name, &vec![TypeId::of::<Dynamic>(); *count], move |context, args| {
                    let args: Vec<Dynamic> = args.iter_mut().map(|arg| std::mem::take(*arg).flatten()).collect();
                    call(*word, context, &args)
                });
            }
        }
        raw(&mut module, "expect_refused", &[TypeId::of::<FnPtr>()], |context, args| {
            let step = args.first().and_then(|step| Dynamic::clone(step).try_cast::<FnPtr>());
            // A step that breaks an expectation in it is no refusal of the engine; what it says is shown when it is not refused.
            match step.map(|step| step.call_within_context::<Dynamic>(context, ())) {
                Some(Err(_)) => Ok(Dynamic::UNIT),
                _ => call(not_refused, context, &[]),
            }
        });
        module.into()
    });
    MODULE.clone()
}

fn call(word: Word, context: &NativeCallContext<'_>, args: &[Dynamic]) -> Answer {
    let stage = context.tag().and_then(|tag| tag.read_lock::<SharedStage>().map(|stage| SharedStage::clone(&stage)));
    let Some(stage) = stage else { return Ok(Dynamic::UNIT) };
    let (said, lang) = {
        let mut stage = lock(&stage);
        (word(&mut stage, context, args), stage.lang)
    };
    said.map(|()| Dynamic::UNIT).or_else(|message| raise(text(lang, &message), context.call_position()))
}

#[expect(clippy::needless_pass_by_value, reason = "it stands in map_err")]
fn bad(reason: impl ToString) -> Message {
    msg!("workflow.scenario.bad_data", reason = reason.to_string())
}

fn read<T: serde::de::DeserializeOwned>(value: &Dynamic) -> Result<T, Message> {
    serde_json::from_value(json(value)).map_err(bad)
}

fn word(args: &[Dynamic], index: usize) -> Result<String, Message> {
    let value = args.get(index).and_then(|value| value.read_lock::<ImmutableString>().map(|text| text.to_string()));
    value.ok_or_else(|| bad("text"))
}

fn with(args: &[Dynamic], key: &str) -> Result<serde_json::Value, Message> {
    let mut value = json(args.get(1).unwrap_or(&Dynamic::UNIT));
    let name = word(args, 0)?;
    let map = value.as_object_mut().ok_or_else(|| bad("#{…}"))?;
    map.insert(key.to_owned(), name.into());
    Ok(value)
}

fn department(stage: &mut Stage, _: &NativeCallContext<'_>, args: &[Dynamic]) -> Result<(), Message> {
    stage.world.departments.push(serde_json::from_value(with(args, "code")?).map_err(bad)?);
    Ok(())
}

fn person(stage: &mut Stage, _: &NativeCallContext<'_>, args: &[Dynamic]) -> Result<(), Message> {
    stage.world.people.push(serde_json::from_value(with(args, "login")?).map_err(bad)?);
    Ok(())
}

/// `grid("sales-contract", [#{ below: "100万", who: ["role:general-manager"] }, …])`.
fn grid(stage: &mut Stage, _: &NativeCallContext<'_>, args: &[Dynamic]) -> Result<(), Message> {
    let rows = read(args.get(1).unwrap_or(&Dynamic::UNIT))?;
    stage.world.grids.push(GridData { name: word(args, 0)?, title: String::new(), rows });
    Ok(())
}

fn record(stage: &mut Stage, _: &NativeCallContext<'_>, args: &[Dynamic]) -> Result<(), Message> {
    stage.world.record = read(args.first().unwrap_or(&Dynamic::UNIT))?;
    Ok(())
}

fn now(stage: &mut Stage, _: &NativeCallContext<'_>, args: &[Dynamic]) -> Result<(), Message> {
    stage.world.now = Some(word(args, 0)?);
    stage.world.now().map(drop).map_err(bad)
}

fn scenario(stage: &mut Stage, context: &NativeCallContext<'_>, args: &[Dynamic]) -> Result<(), Message> {
    let body = args.get(1).and_then(|body| body.clone().try_cast::<FnPtr>()).ok_or_else(|| bad("|| { … }"))?;
    let position = context.call_position();
    let count = |n: Option<usize>| n.and_then(|n| u32::try_from(n).ok()).unwrap_or(1);
    let place = Place { line: count(position.line()), column: count(position.position()) };
    stage.declared.push((word(args, 0)?, place, body));
    Ok(())
}

fn running<'a>(stage: &'a mut Stage, context: &NativeCallContext<'_>) -> Result<&'a mut Run, Message> {
    stage.run.as_mut().ok_or_else(|| msg!("workflow.scenario.outside", word = context.fn_name()))
}

/// Takes a step; what stops it is said with where the case stands.
fn step(run: &mut Run, act: impl FnOnce(&mut Run) -> Result<(), Stopped>) -> Result<(), Message> {
    act(run).map_err(|stopped| msg!("workflow.scenario.stopped", reason = stopped.to_string(), summary = run.summary()))
}

fn fields(args: &[Dynamic], index: usize) -> Result<BTreeMap<String, serde_json::Value>, Message> {
    args.get(index).map_or_else(|| Ok(BTreeMap::new()), read)
}

fn submit(stage: &mut Stage, context: &NativeCallContext<'_>, args: &[Dynamic]) -> Result<(), Message> {
    let (login, changed) = (word(args, 0)?, fields(args, 1)?);
    step(running(stage, context)?, |run| run.edit(changed).and_then(|()| run.submit(&login)))
}

fn drafted_by(stage: &mut Stage, context: &NativeCallContext<'_>, args: &[Dynamic]) -> Result<(), Message> {
    let login = word(args, 0)?;
    step(running(stage, context)?, |run| run.drafted_by(&login))
}

fn edit(stage: &mut Stage, context: &NativeCallContext<'_>, args: &[Dynamic]) -> Result<(), Message> {
    let changed = fields(args, 0)?;
    step(running(stage, context)?, |run| run.edit(changed))
}

/// `approve("li")`, and under free flow `approve("li", "finish")`, `approve("li", "pool")`, `approve("li", ["wang"])`.
fn approve(stage: &mut Stage, context: &NativeCallContext<'_>, args: &[Dynamic]) -> Result<(), Message> {
    let login = word(args, 0)?;
    let run = running(stage, context)?;
    let next = match args.get(1) {
        None => None,
        Some(people) if people.is_array() => {
            let logins: Vec<String> = read(people)?;
            let people: Result<Vec<_>, _> = logins.iter().map(|login| run.person(login)).collect();
            Some(Next::People { people: people.map_err(bad)? })
        }
        Some(_) if word(args, 1)? == "finish" => Some(Next::Finish),
        Some(_) => Some(Next::Pool),
    };
    step(run, |run| run.verdict(&login, "", next, Act::Approve))
}

fn reject(stage: &mut Stage, context: &NativeCallContext<'_>, args: &[Dynamic]) -> Result<(), Message> {
    let (login, reason) = (word(args, 0)?, word(args, 1)?);
    step(running(stage, context)?, |run| run.verdict(&login, &reason, None, Act::Reject))
}

fn abstain(stage: &mut Stage, context: &NativeCallContext<'_>, args: &[Dynamic]) -> Result<(), Message> {
    let login = word(args, 0)?;
    step(running(stage, context)?, |run| run.verdict(&login, "弃权", None, Act::Abstain))
}

fn send_back(stage: &mut Stage, context: &NativeCallContext<'_>, args: &[Dynamic]) -> Result<(), Message> {
    let (login, reason) = (word(args, 0)?, word(args, 1)?);
    let to = if args.len() > 2 { ReturnTo::Node { node: word(args, 2)? } } else { ReturnTo::Drafter };
    step(running(stage, context)?, |run| run.send_back(&login, &reason, to))
}

fn sign_for(stage: &mut Stage, context: &NativeCallContext<'_>, args: &[Dynamic]) -> Result<(), Message> {
    let login = word(args, 0)?;
    step(running(stage, context)?, |run| {
        let task = run.task_of(run.person(&login)?);
        run.by(&login, Act::SignFor { task })
    })
}

fn withdraw(stage: &mut Stage, context: &NativeCallContext<'_>, args: &[Dynamic]) -> Result<(), Message> {
    let (login, reason) = (word(args, 0)?, word(args, 1)?);
    step(running(stage, context)?, |run| run.by(&login, Act::Withdraw { reason }))
}

fn transfer(stage: &mut Stage, context: &NativeCallContext<'_>, args: &[Dynamic]) -> Result<(), Message> {
    let (from, to, reason) = (word(args, 0)?, word(args, 1)?, word(args, 2)?);
    step(running(stage, context)?, |run| {
        let to = run.person(&to)?;
        let task = run.task_of(run.person(&from)?).ok_or_else(|| Stopped::NoTask(from.clone()))?;
        run.by(&from, Act::Transfer { task, to, reason })
    })
}

fn happens(stage: &mut Stage, context: &NativeCallContext<'_>, args: &[Dynamic]) -> Result<(), Message> {
    let name = word(args, 0)?;
    step(running(stage, context)?, |run| run.happens(&name))
}

fn pass(stage: &mut Stage, context: &NativeCallContext<'_>, args: &[Dynamic]) -> Result<(), Message> {
    let span = args.first().and_then(|span| span.clone().try_cast::<Span>()).ok_or_else(|| bad("working_days(…)"))?;
    step(running(stage, context)?, |run| run.pass(span))
}

fn expected(expected: impl Into<crate::i18n::Arg>, found: impl Into<crate::i18n::Arg>, run: &Run) -> Message {
    msg!("workflow.scenario.expected", expected = expected, found = found, summary = run.summary())
}

fn expect_status(stage: &mut Stage, context: &NativeCallContext<'_>, args: &[Dynamic]) -> Result<(), Message> {
    let wanted = word(args, 0)?;
    let run = running(stage, context)?;
    if run.status() == wanted { Ok(()) } else { Err(expected(wanted, run.status(), run)) }
}

fn expect_asked(stage: &mut Stage, context: &NativeCallContext<'_>, args: &[Dynamic]) -> Result<(), Message> {
    let wanted: BTreeSet<String> = read(args.first().unwrap_or(&Dynamic::UNIT))?;
    let run = running(stage, context)?;
    same(wanted, run.asked(), run)
}

fn expect_at(stage: &mut Stage, context: &NativeCallContext<'_>, args: &[Dynamic]) -> Result<(), Message> {
    let wanted: BTreeSet<String> = read(args.first().unwrap_or(&Dynamic::UNIT))?;
    let run = running(stage, context)?;
    same(wanted, run.nodes(), run)
}

fn same(wanted: BTreeSet<String>, found: BTreeSet<String>, run: &Run) -> Result<(), Message> {
    let list = |names: BTreeSet<String>| format!("[{}]", names.into_iter().collect::<Vec<_>>().join(", "));
    if wanted == found { Ok(()) } else { Err(expected(list(wanted), list(found), run)) }
}

fn expect_effect(stage: &mut Stage, context: &NativeCallContext<'_>, args: &[Dynamic]) -> Result<(), Message> {
    let wanted = word(args, 0)?;
    let run = running(stage, context)?;
    let found: Vec<&str> = run.effects.iter().map(crate::workflow::Effect::name).collect();
    if found.contains(&wanted.as_str()) { Ok(()) } else { Err(expected(wanted, found.join(", "), run)) }
}

fn not_refused(stage: &mut Stage, context: &NativeCallContext<'_>, _: &[Dynamic]) -> Result<(), Message> {
    let run = running(stage, context)?;
    Err(msg!("workflow.scenario.not_refused", summary = run.summary()))
}
