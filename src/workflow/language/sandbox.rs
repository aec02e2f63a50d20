//! Rhai with nothing in it that reads a clock, a file or the network, and with a bound on everything.

use std::any::TypeId;
use std::collections::BTreeSet;
use std::sync::LazyLock;
use std::time::Duration;

use rhai::packages::{
    BasicArrayPackage, BasicIteratorPackage, BasicMapPackage, BasicStringPackage, MoreStringPackage, Package,
};
use rhai::{Dynamic, Engine, Module, OptimizationLevel, Position, Shared};

use super::operators::{self, fail, raw};
use super::record;
use super::values::Broken;
use super::words::{self, SharedLoading};
use crate::kernel::Stopwatch;
use crate::workflow::ScriptProblem;

/// Operations that reading a file may take.
const FILE_OPERATIONS: u64 = 500_000;
/// Operations that one call of a closure may take.
const CALL_OPERATIONS: u64 = 20_000;
/// How long reading a file may take.
const FILE_TIME: Duration = Duration::from_secs(2);
/// How long one call of a closure may take.
const CALL_TIME: Duration = Duration::from_millis(20);
/// The clock is looked at once in so many operations, so that a short guard on a busy machine never sees it.
const OPERATIONS_BETWEEN_LOOKS: u64 = 512;
/// Words of Rhai that have no place here. `try` would hide empty fields, `Fn` would name functions by text.
const DISABLED: [&str; 10] = ["eval", "import", "export", "Fn", "try", "catch", "throw", "print", "debug", "is_def_fn"];
/// Functions that other packages bring along and that must never answer.
const FORBIDDEN: [(&str, usize); 4] = [("sleep", 1), ("timestamp", 0), ("exit", 0), ("exit", 1)];

static PACKAGES: LazyLock<Vec<Shared<Module>>> = LazyLock::new(|| {
    let mut own = Module::new();
    operators::register(&mut own);
    for (name, count) in FORBIDDEN {
        raw(&mut own, name, &vec![TypeId::of::<Dynamic>(); count], move |_, _| {
            fail(ScriptProblem::Failed { message: name.to_owned() }, Position::NONE)
        });
    }
    vec![
        BasicIteratorPackage::new().as_shared_module(),
        BasicStringPackage::new().as_shared_module(),
        MoreStringPackage::new().as_shared_module(),
        BasicArrayPackage::new().as_shared_module(),
        BasicMapPackage::new().as_shared_module(),
        own.into(),
    ]
});

/// Names and numbers of arguments of everything that Rhai's own packages bring.
static NATIVE: LazyLock<BTreeSet<(String, usize)>> = LazyLock::new(|| {
    let engine = bounded(CALL_OPERATIONS, CALL_TIME);
    engine
        .collect_fn_metadata(None, |info| Some((info.metadata.name.to_string(), info.metadata.num_params)), true)
        .into_iter()
        .filter(|(name, count)| !FORBIDDEN.contains(&(name.as_str(), *count)))
        .chain(
            [("curry", 2), ("call", 1), ("call", 2), ("type_of", 1), ("is_shared", 1)]
                .map(|(name, count)| (name.to_owned(), count)),
        )
        .collect()
});

/// The engine that reads a file. `unknown` are functions that are not there: their faults are noted already, and reading goes on.
pub(super) fn for_file(loading: SharedLoading, unknown: &BTreeSet<(String, usize)>) -> Engine {
    let mut engine = bounded(FILE_OPERATIONS, FILE_TIME);
    engine.register_global_module(words::for_files());
    let mut missing = Module::new();
    for (name, count) in unknown {
        raw(&mut missing, name, &vec![TypeId::of::<Dynamic>(); *count], |_, _| Ok(Dynamic::from(Broken)));
    }
    engine.register_global_module(missing.into());
    engine.set_default_tag(Dynamic::from(loading));
    engine
}

/// The engine that parses, for outlines: without optimisation, or constants have vanished.
pub(super) fn for_parsing() -> Engine {
    let mut engine = bounded(FILE_OPERATIONS, FILE_TIME);
    engine.set_optimization_level(OptimizationLevel::None);
    engine
}

/// The engine of one call of a closure over `record`.
pub(super) fn for_call(record: record::Record) -> Engine {
    let mut engine = bounded(CALL_OPERATIONS, CALL_TIME);
    engine.register_global_module(words::for_closures());
    engine.register_global_module(record::functions());
    engine.set_default_tag(Dynamic::from(record));
    engine
}

/// The engine of scenario files: the words for people and spans, and those of scenarios.
pub(super) fn for_scenarios(words: Shared<Module>, tag: Dynamic) -> Engine {
    let mut engine = bounded(FILE_OPERATIONS, FILE_TIME);
    engine.register_global_module(words::for_closures());
    engine.register_global_module(words);
    engine.set_default_tag(tag);
    engine
}

/// Whether Rhai's own packages know a function.
pub(super) fn knows(name: &str, arguments: usize) -> bool {
    NATIVE.contains(&(name.to_owned(), arguments))
}

/// The names that Rhai's own packages bring, for "did you mean".
pub(super) fn native_names() -> impl Iterator<Item = &'static str> {
    NATIVE.iter().map(|(name, _)| name.as_str()).filter(|name| name.starts_with(|c: char| c.is_ascii_lowercase()))
}

fn bounded(operations: u64, time: Duration) -> Engine {
    let mut engine = Engine::new_raw();
    engine
        .set_fast_operators(false)
        .set_strict_variables(true)
        .set_fail_on_invalid_map_property(true)
        .set_max_operations(operations)
        .set_max_call_levels(16)
        .set_max_expr_depths(64, 32)
        .set_max_functions(200)
        .set_max_variables(500)
        .set_max_modules(0)
        .set_max_string_size(64 * 1024)
        .set_max_array_size(2_000)
        .set_max_map_size(200);
    for word in DISABLED {
        engine.disable_symbol(word);
    }
    for package in PACKAGES.iter() {
        engine.register_global_module(package.clone());
    }
    let watch = Stopwatch::start();
    engine.on_progress(move |count| {
        (count % OPERATIONS_BETWEEN_LOOKS == 0 && watch.elapsed() > time).then(|| Dynamic::from(ScriptProblem::TooLong))
    });
    engine
}

#[cfg(test)]
#[path = "sandbox_tests.rs"]
mod tests;
