//! The closures of a file, called with a frozen snapshot.

use std::sync::Arc;

use rhai::{Dynamic, EvalAltResult};

use super::loading::Closure;
use super::operators::kind_of;
use super::record::Record;
use super::sandbox;
use super::syntax::place;
use crate::workflow::inline::Inlined;
use crate::workflow::{Answer, Effect, Facts, Place, Script, ScriptFault, ScriptId, ScriptProblem, Who};

/// The closures of one file. Cheap to clone, shared by every case of the version.
#[derive(Clone, Debug)]
pub struct RhaiScript {
    closures: Arc<[Closure]>,
}

impl RhaiScript {
    pub(super) fn new(closures: Vec<Closure>) -> Self {
        Self { closures: closures.into() }
    }

    /// Its closures as they stand within another file.
    pub(super) fn within(&self, outer: &Inlined) -> impl Iterator<Item = Closure> {
        self.closures.iter().map(|one| Closure { inlined: one.inlined.within(outer), ..one.clone() })
    }

    /// What a closure says in the file, with the values that it captured.
    pub fn text(&self, id: ScriptId) -> Option<&str> {
        self.closures.get(id.0 as usize).map(|closure| closure.text.as_str())
    }

    fn call<T>(
        &self,
        id: ScriptId,
        facts: &Facts,
        read: impl Fn(Dynamic, &Inlined) -> Result<T, String>,
    ) -> Result<Answer<T>, ScriptFault> {
        let closure = self.closures.get(id.0 as usize);
        let closure = closure
            .ok_or(ScriptFault { place: None, problem: ScriptProblem::WrongAnswer { got: format!("#{}", id.0) } })?;
        let record = Record::of(facts);
        let engine = sandbox::for_call(record.clone());
        let value = closure
            .function
            .call::<Dynamic>(&engine, &closure.ast, (record.clone(),))
            .map_err(|error| fault(&error, closure.place))?;
        let value = read(value, &closure.inlined)
            .map_err(|got| ScriptFault { place: Some(closure.place), problem: ScriptProblem::WrongAnswer { got } })?;
        Ok(Answer { value, reads: record.reads() })
    }
}

impl Script for RhaiScript {
    fn guard(&self, id: ScriptId, facts: &Facts) -> Result<Answer<bool>, ScriptFault> {
        self.call(id, facts, |value, _| value.as_bool().map_err(|_| kind_of(&value).to_owned()))
    }

    fn people(&self, id: ScriptId, facts: &Facts) -> Result<Answer<Who>, ScriptFault> {
        self.call(id, facts, |value, inlined| {
            let mut who = people(value)?;
            inlined.who(&mut who);
            Ok(who)
        })
    }

    fn effects(&self, id: ScriptId, facts: &Facts) -> Result<Answer<Vec<Effect>>, ScriptFault> {
        self.call(id, facts, |value, inlined| {
            if value.is_unit() {
                return Ok(Vec::new());
            }
            let items = if value.is_array() { value.into_array().unwrap_or_default() } else { vec![value] };
            let mut effects: Vec<Effect> = items.into_iter().map(one).collect::<Result<_, _>>()?;
            for effect in &mut effects {
                inlined.effect(effect);
            }
            Ok(effects)
        })
    }
}

/// A rule, or a list of rules of which any counts.
fn people(value: Dynamic) -> Result<Who, String> {
    if !value.is_array() {
        return one(value);
    }
    let rules: Result<Vec<Who>, String> = value.into_array().unwrap_or_default().into_iter().map(people).collect();
    rules.map(|rules| Who::AnyOf { rules })
}

fn one<T: Clone + Send + Sync + 'static>(value: Dynamic) -> Result<T, String> {
    let kind = kind_of(&value).to_owned();
    value.flatten().try_cast::<T>().ok_or(kind)
}

/// What a failed call says, with the place in the file that Rhai hides behind the call.
pub(super) fn fault(error: &EvalAltResult, call: Place) -> ScriptFault {
    let inner = error.unwrap_inner();
    let at = place(inner.position());
    let place = Some(if at.line == 0 { call } else { at });
    ScriptFault { place, problem: problem(inner) }
}

fn problem(error: &EvalAltResult) -> ScriptProblem {
    match error {
        EvalAltResult::ErrorRuntime(value, _) => value
            .clone()
            .try_cast::<ScriptProblem>()
            .unwrap_or_else(|| ScriptProblem::Failed { message: value.to_string() }),
        EvalAltResult::ErrorTerminated(..)
        | EvalAltResult::ErrorTooManyOperations(_)
        | EvalAltResult::ErrorStackOverflow(_)
        | EvalAltResult::ErrorDataTooLarge(..)
        | EvalAltResult::ErrorTooManyVariables(_) => ScriptProblem::TooLong,
        EvalAltResult::ErrorPropertyNotFound(field, _) | EvalAltResult::ErrorDotExpr(field, _) => {
            ScriptProblem::UnknownField { field: field.clone() }
        }
        other => {
            let text = other.to_string();
            let words = text.split(" (line ").next().unwrap_or(&text);
            ScriptProblem::Failed { message: words.to_owned() }
        }
    }
}
