//! The words of the language, each with the numbers of arguments it takes and what it makes of them.

#![expect(clippy::unnecessary_wraps, reason = "every word has the signature of `Build`")]

mod bands;
mod conditions;
mod decision;
mod ends;
mod nodes;
mod options;
mod people;
mod plain;

use std::any::TypeId;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use rhai::{Dynamic, Module, Shared};

use super::call::Call;
use super::loading::Loading;
use super::operators::{Outcome, fail, raw};
use super::syntax::place;
use super::values::Broken;
use crate::i18n::{self, Lang};
use crate::workflow::ScriptProblem;

/// What a word makes of its arguments; `None` when a fault has been noted.
type Build = fn(&mut Call<'_>) -> Option<Dynamic>;

/// Where a word may stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stands {
    /// In the file and in closures.
    Anywhere,
    /// Only in the file: it declares something.
    File,
}

/// A word of the language.
pub(super) struct Word {
    /// Its name.
    pub name: &'static str,
    /// Numbers of arguments it takes.
    pub arguments: &'static [usize],
    /// Where it may stand.
    pub stands: Stands,
    build: Build,
}

impl Word {
    const fn anywhere(name: &'static str, arguments: &'static [usize], build: Build) -> Self {
        Self { name, arguments, stands: Stands::Anywhere, build }
    }

    const fn file(name: &'static str, arguments: &'static [usize], build: Build) -> Self {
        Self { name, arguments, stands: Stands::File, build }
    }
}

/// What has been built so far, shared with the engine that runs the file.
pub(super) type SharedLoading = Arc<Mutex<Loading>>;

/// Every word.
pub(super) fn all() -> impl Iterator<Item = &'static Word> {
    [people::WORDS, conditions::WORDS, nodes::WORDS, options::WORDS, ends::WORDS, plain::WORDS].into_iter().flatten()
}

/// The word with that name.
pub(super) fn named(name: &str) -> Option<&'static Word> {
    all().find(|word| word.name == name)
}

/// The words as a file sees them.
pub(super) fn for_files() -> Shared<Module> {
    static MODULE: LazyLock<Shared<Module>> = LazyLock::new(|| module(|_| true));
    MODULE.clone()
}

/// The words as closures see them when they run.
pub(super) fn for_closures() -> Shared<Module> {
    static MODULE: LazyLock<Shared<Module>> = LazyLock::new(|| module(|word| word.stands == Stands::Anywhere));
    MODULE.clone()
}

fn module(takes: impl Fn(&Word) -> bool) -> Shared<Module> {
    let mut module = Module::new();
    for word in all().filter(|word| takes(word)) {
        for &count in word.arguments {
            let types = vec![TypeId::of::<Dynamic>(); count];
            raw(&mut module, word.name, &types, move |context, args| {
                let values = args.iter_mut().map(|value| std::mem::take(*value).flatten()).collect();
                run(word, place(context.call_position()), values, context.tag(), context.call_position())
            });
        }
    }
    module.into()
}

/// Runs a word. While a file is read, faults are noted and reading goes on; in a closure the first one ends the call.
fn run(
    word: &Word,
    place: crate::workflow::Place,
    values: Vec<Dynamic>,
    tag: Option<&Dynamic>,
    position: rhai::Position,
) -> Outcome {
    let loading = tag.and_then(|tag| tag.read_lock::<SharedLoading>().map(|shared| SharedLoading::clone(&shared)));
    let Some(loading) = loading else {
        let mut call = Call::new(word.name, place, values, None);
        let built = (word.build)(&mut call);
        return match (built, call.findings.first()) {
            (Some(value), None) => Ok(value),
            (_, Some(finding)) => {
                fail(ScriptProblem::Failed { message: i18n::text(Lang::Zh, &finding.message) }, position)
            }
            (None, None) => fail(ScriptProblem::Failed { message: word.name.to_owned() }, position),
        };
    };
    let mut loading = loading.lock().unwrap_or_else(PoisonError::into_inner);
    let mut call = Call::new(word.name, place, values, Some(&mut loading));
    let built = (word.build)(&mut call);
    let findings = std::mem::take(&mut call.findings);
    loading.findings.extend(findings);
    Ok(built.unwrap_or_else(|| Dynamic::from(Broken)))
}
