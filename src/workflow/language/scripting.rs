//! What scenario files need of the sandbox.

use rhai::{AST, Dynamic, Engine, EvalAltResult, ImmutableString, Map, Module, Position, Shared};

use super::parsing::{script_problem, syntax_error};
use super::script;
use super::{sandbox, text};
use crate::workflow::{Place, ScriptProblem};

pub(in crate::workflow) use super::fault::{Fault, Finding, in_file};
pub(in crate::workflow) use super::operators::{Outcome, raw};

/// The sandbox with other words than those of workflow files.
pub(in crate::workflow) fn scenario_engine(words: Shared<Module>, tag: Dynamic) -> Engine {
    sandbox::for_scenarios(words, tag)
}

/// Parses a file with full-width punctuation mended: scenarios are tests, not contracts.
pub(in crate::workflow) fn parse(source: &str) -> Result<AST, Finding> {
    let code = text::mended(source);
    sandbox::for_parsing().compile(&code).map_err(|error| syntax_error(&error, &code))
}

/// Ends a call with a sentence.
pub(in crate::workflow) fn raise(sentence: String, position: Position) -> Outcome {
    super::operators::fail(ScriptProblem::Failed { message: sentence }, position)
}

/// Where and why a script stopped.
pub(in crate::workflow) fn stopped_at(error: &EvalAltResult) -> Finding {
    let fault = script::fault(error, Place { line: 1, column: 1 });
    Finding::error(fault.place.unwrap_or_default(), script_problem(&fault.problem))
}

/// A value as JSON; amounts stay exact as text.
pub(in crate::workflow) fn json(value: &Dynamic) -> serde_json::Value {
    if let Ok(yes) = value.as_bool() {
        return yes.into();
    }
    if let Ok(number) = value.as_int() {
        return number.into();
    }
    if let Ok(number) = value.as_decimal() {
        return number.to_string().into();
    }
    if let Some(text) = value.read_lock::<ImmutableString>() {
        return text.to_string().into();
    }
    if let Ok(items) = value.as_array_ref() {
        return items.iter().map(json).collect::<Vec<_>>().into();
    }
    if let Some(map) = value.read_lock::<Map>() {
        let entries = map.iter().map(|(key, value)| (key.to_string(), json(value)));
        return serde_json::Value::Object(entries.collect());
    }
    serde_json::Value::Null
}
