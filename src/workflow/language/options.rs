//! The options of a call: `#{ title: "…", by: … }`. What nobody took is unknown, and said so at its own place.

use super::call::{Arg, Call};
use super::fault::Finding;
use crate::i18n::msg;
use crate::workflow::Place;

/// The options of one call.
pub(super) struct Options {
    word: &'static str,
    entries: Vec<(String, Place, Option<Arg>)>,
    known: Vec<&'static str>,
}

impl Options {
    /// The options in an argument; none where the argument is missing or is no map.
    pub(super) fn of(call: &mut Call<'_>, arg: Option<&Arg>) -> Self {
        let entries = arg.and_then(Arg::entries);
        if let (Some(arg), None) = (arg, &entries) {
            let _: Option<()> = call.expected(arg, msg!("workflow.kind.options"));
        }
        let entries =
            entries.unwrap_or_default().into_iter().map(|(key, place, value)| (key, place, Some(value))).collect();
        Self { word: call.word, entries, known: Vec::new() }
    }

    /// The option with that name; faults that follow are about it.
    pub(super) fn take(&mut self, call: &mut Call<'_>, name: &'static str) -> Option<Arg> {
        self.known.push(name);
        call.word = name;
        self.entries.iter_mut().find(|(key, _, _)| key == name).and_then(|(_, _, value)| value.take())
    }

    /// The option with that name, which must be there.
    pub(super) fn need(&mut self, call: &mut Call<'_>, name: &'static str) -> Option<Arg> {
        let arg = self.take(call, name);
        if arg.is_none() {
            call.fault(Finding::error(
                call.place,
                msg!("workflow.fault.missing_option", word = self.word, option = name),
            ));
        }
        arg
    }

    /// Where the name of an option stands, or the call where it is not given.
    pub(super) fn place(&self, call: &Call<'_>, name: &str) -> Place {
        self.entries.iter().find(|(key, _, _)| key == name).map_or(call.place, |(_, place, _)| *place)
    }

    /// Names what nobody took.
    pub(super) fn finish(self, call: &mut Call<'_>) {
        call.word = self.word;
        for (key, place, value) in self.entries {
            if value.is_some() && !self.known.contains(&key.as_str()) {
                let problem = msg!("workflow.fault.unknown_option", word = self.word, option = &key);
                let finding = Finding::error(place, problem).did_you_mean(&key, self.known.iter().copied());
                let known = self.known.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
                let finding = if finding.hint.is_some() {
                    finding
                } else {
                    finding.hint(msg!("workflow.hint.options", options = known))
                };
                call.fault(finding);
            }
        }
    }
}
