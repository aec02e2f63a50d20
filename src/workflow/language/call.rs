//! A call of one of the language's words: its arguments, where each was written, and what is wrong with them.

use rhai::{Dynamic, FnPtr, ImmutableString};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::fault::Finding;
use super::loading::Loading;
use super::operators::{kind_of, number};
use super::syntax::Site;
use super::values::{Broken, PlainWord};
use crate::i18n::{Message, msg};
use crate::kernel::{Amount, Span};
use crate::workflow::{Condition, Effect, EffectSpec, Place, Who};

/// A value with the place at which it was written.
#[derive(Clone, Debug)]
pub(super) struct Arg {
    pub value: Dynamic,
    pub place: Place,
    site: Site,
}

/// A call in progress. Faults are collected, so that one reading of a file finds all of them.
pub(super) struct Call<'a> {
    /// The word, or the option that is being read.
    pub word: &'static str,
    /// Where it stands.
    pub place: Place,
    /// What has been built so far; closures that run later build nothing.
    pub loading: Option<&'a mut Loading>,
    /// What is wrong.
    pub findings: Vec<Finding>,
    args: Vec<Option<Arg>>,
}

impl<'a> Call<'a> {
    /// A call with its arguments.
    pub(super) fn new(
        word: &'static str,
        place: Place,
        values: Vec<Dynamic>,
        loading: Option<&'a mut Loading>,
    ) -> Self {
        let sites = loading
            .as_ref()
            .and_then(|loading| loading.sites(place))
            .filter(|sites| sites.len() == values.len())
            .cloned();
        let mut sites = sites.unwrap_or_default().into_iter();
        let args = values.into_iter().map(|value| Some(Arg::new(value, place, sites.next()))).collect();
        Self { word, place, loading, findings: Vec::new(), args }
    }

    /// How many arguments it has.
    pub(super) fn count(&self) -> usize {
        self.args.len()
    }

    /// The argument with that number, once.
    pub(super) fn arg(&mut self, index: usize) -> Option<Arg> {
        self.args.get_mut(index).and_then(Option::take)
    }

    /// Notes a fault.
    pub(super) fn fault(&mut self, finding: Finding) {
        self.findings.push(finding);
    }

    /// Notes that a value is of another type than is needed, and gives nothing.
    pub(super) fn expected<T>(&mut self, arg: &Arg, expected: Message) -> Option<T> {
        if !arg.is_broken() {
            let got = kind_word(arg);
            self.fault(Finding::error(
                arg.place,
                msg!("workflow.fault.wrong_type", word = self.word, expected = expected, got = got),
            ));
        }
        None
    }

    /// A text that is not empty.
    pub(super) fn text(&mut self, arg: Option<Arg>) -> Option<String> {
        let arg = arg?;
        match arg.value.read_lock::<ImmutableString>().map(|text| text.trim().to_owned()) {
            Some(text) if !text.is_empty() => Some(text),
            Some(_) => {
                self.fault(Finding::error(arg.place, msg!("workflow.fault.empty_text", word = self.word)));
                None
            }
            None => self.expected(&arg, msg!("workflow.kind.text")),
        }
    }

    /// A whole number within bounds.
    pub(super) fn count_within(&mut self, arg: Option<Arg>, least: u32, most: u32) -> Option<u32> {
        let arg = arg?;
        let Some(found) = number(&arg.value) else { return self.expected(&arg, msg!("workflow.kind.number")) };
        let count = found.to_u32().filter(|count| Decimal::from(*count) == found && (least..=most).contains(count));
        if count.is_none() {
            let problem = msg!(
                "workflow.fault.out_of_bounds",
                word = self.word,
                least = least,
                most = most,
                got = found.to_string()
            );
            self.fault(Finding::error(arg.place, problem));
        }
        count
    }

    /// Yes or no.
    pub(super) fn yes(&mut self, arg: Option<Arg>) -> Option<bool> {
        let arg = arg?;
        match arg.value.as_bool() {
            Ok(yes) => Some(yes),
            Err(_) => self.expected(&arg, msg!("workflow.kind.bool")),
        }
    }

    /// An amount in the base currency: `"100万"`, `"100,000.50"`, `100_000`, `money("100万")`.
    pub(super) fn amount(&mut self, arg: Option<Arg>) -> Option<(Amount, String)> {
        let arg = arg?;
        if let Some(text) = arg.value.read_lock::<ImmutableString>().map(|text| text.to_string()) {
            return match Amount::parse(&text) {
                Ok(amount) => Some((amount, text)),
                Err(error) => {
                    let finding = Finding::error(arg.place, msg!("workflow.fault.bad_amount", text = &text));
                    self.fault(finding.hint(crate::i18n::Explain::message(&error)));
                    None
                }
            };
        }
        match number(&arg.value).and_then(amount_of) {
            Some(amount) => Some((amount, amount.to_string())),
            None => self.expected(&arg, msg!("workflow.kind.amount")),
        }
    }

    /// A list of texts.
    pub(super) fn texts(&mut self, arg: Option<Arg>) -> Vec<String> {
        listed(arg).into_iter().filter_map(|item| self.text(Some(item))).collect()
    }

    /// A value of one of the language's own types.
    pub(super) fn own<T: Clone + Send + Sync + 'static>(&mut self, arg: Option<Arg>, expected: Message) -> Option<T> {
        let arg = arg?;
        match arg.value.clone().try_cast::<T>() {
            Some(value) => Some(value),
            None => self.expected(&arg, expected),
        }
    }

    /// A span of time.
    pub(super) fn span(&mut self, arg: Option<Arg>) -> Option<Span> {
        self.own(arg, msg!("workflow.kind.span"))
    }

    /// A rule that finds people; several are any of them.
    pub(super) fn who(&mut self, arg: Option<Arg>) -> Option<Who> {
        let arg = arg?;
        if arg.value.is_array() {
            let items = arg.items();
            if items.is_empty() {
                self.fault(Finding::error(arg.place, msg!("workflow.fault.nobody_named", word = self.word)));
                return None;
            }
            let count = items.len();
            let mut rules: Vec<Who> = items.into_iter().filter_map(|item| self.who(Some(item))).collect();
            return if count == 1 { rules.pop() } else { Some(Who::AnyOf { rules }) };
        }
        if arg.value.is_fnptr() {
            return self.closure(&arg).map(|script| Who::Expert { script });
        }
        self.own(Some(arg), msg!("workflow.kind.who"))
    }

    /// Several rules that find people.
    pub(super) fn whos(&mut self, arg: Option<Arg>) -> Vec<Who> {
        listed(arg).into_iter().filter_map(|item| self.who(Some(item))).collect()
    }

    /// A condition, or a closure over the record.
    pub(super) fn condition(&mut self, arg: Option<Arg>) -> Option<Condition> {
        let arg = arg?;
        if arg.value.is_fnptr() {
            return self.closure(&arg).map(|script| Condition::Expert { script });
        }
        if arg.value.is_array() {
            let problem = msg!("workflow.fault.list_as_condition", word = self.word);
            self.fault(Finding::error(arg.place, problem).hint(msg!("workflow.hint.all_or_any")));
            return None;
        }
        self.own(Some(arg), msg!("workflow.kind.condition"))
    }

    /// Effects, or closures that give them.
    pub(super) fn effects(&mut self, arg: Option<Arg>) -> Vec<EffectSpec> {
        let mut effects = Vec::new();
        for item in listed(arg) {
            if item.value.is_fnptr() {
                effects.extend(self.closure(&item).map(|script| EffectSpec::Expert { script }));
            } else {
                effects.extend(self.own::<Effect>(Some(item), msg!("workflow.kind.effect")).map(EffectSpec::Value));
            }
        }
        effects
    }

    /// One of several plain words.
    pub(super) fn choice<T: Copy>(&mut self, arg: Option<Arg>, choices: &[(&'static str, T)]) -> Option<T> {
        let arg = arg?;
        let word = arg.value.clone().try_cast::<PlainWord>();
        if let Some((_, chosen)) = word.and_then(|PlainWord(word)| choices.iter().find(|(name, _)| *name == word)) {
            return Some(*chosen);
        }
        let names: Vec<String> = choices.iter().map(|(name, _)| format!("{name}()")).collect();
        self.expected(&arg, msg!("workflow.kind.one_of", words = names.join(", ")))
    }

    fn closure(&mut self, arg: &Arg) -> Option<crate::workflow::ScriptId> {
        let function = arg.value.clone().try_cast::<FnPtr>()?;
        match self.loading.as_mut() {
            Some(loading) => match loading.closure(function, arg.place) {
                Ok(id) => Some(id),
                Err(finding) => {
                    self.findings.push(finding);
                    None
                }
            },
            None => self.expected(arg, msg!("workflow.kind.value")),
        }
    }
}

impl Arg {
    fn new(value: Dynamic, call: Place, site: Option<Site>) -> Self {
        let site = site.unwrap_or_default();
        let place = if site.place.line == 0 { call } else { site.place };
        Self { value, place, site }
    }

    /// Its fault has been reported already.
    pub(super) fn is_broken(&self) -> bool {
        self.value.is::<Broken>()
    }

    /// The items of a list.
    pub(super) fn items(&self) -> Vec<Self> {
        let Ok(items) = self.value.as_array_ref() else { return Vec::new() };
        let sites = (self.site.items.len() == items.len()).then_some(&self.site.items);
        items
            .iter()
            .enumerate()
            .map(|(index, item)| {
                Self::new(item.clone().flatten(), self.place, sites.and_then(|sites| sites.get(index)).cloned())
            })
            .collect()
    }

    /// The entries of a map: key, place of the key, value.
    pub(super) fn entries(&self) -> Option<Vec<(String, Place, Self)>> {
        let entries = self.value.as_map_ref().ok()?;
        Some(
            entries
                .iter()
                .map(|(key, value)| {
                    let site = self.site.keys.iter().find(|(known, _, _)| known == key.as_str());
                    let place = site.map_or(self.place, |(_, place, _)| *place);
                    let value = Self::new(value.clone().flatten(), place, site.map(|(_, _, site)| site.clone()));
                    (key.to_string(), place, value)
                })
                .collect(),
        )
    }
}

/// The items of a list, or a single value where one is enough.
pub(super) fn listed(arg: Option<Arg>) -> Vec<Arg> {
    let Some(arg) = arg else { return Vec::new() };
    if arg.value.is_array() { arg.items() } else { vec![arg] }
}

/// The number as an amount, if it has no more than four decimals and is not too large.
pub(super) fn amount_of(number: Decimal) -> Option<Amount> {
    let scaled = number.checked_mul(Decimal::from(10_000))?;
    scaled.is_integer().then(|| scaled.to_i128()).flatten().and_then(|count| Amount::from_ten_thousandths(count).ok())
}

/// An amount as closures compute with it.
pub(super) fn decimal_of(amount: Amount) -> Decimal {
    Decimal::try_from_i128_with_scale(amount.ten_thousandths(), 4).map_or(Decimal::MAX, |number| number.normalize())
}

fn kind_word(arg: &Arg) -> Message {
    if let Some(PlainWord(word)) = arg.value.clone().try_cast::<PlainWord>() {
        return msg!("workflow.kind.word", word = word);
    }
    kind_message(kind_of(&arg.value))
}

/// The name of a type, for people.
pub(super) fn kind_message(kind: &str) -> Message {
    match kind {
        "empty" => msg!("workflow.kind.empty"),
        "text" => msg!("workflow.kind.text"),
        "number" => msg!("workflow.kind.number"),
        "float" => msg!("workflow.kind.float"),
        "bool" => msg!("workflow.kind.bool"),
        "list" => msg!("workflow.kind.list"),
        "map" => msg!("workflow.kind.map"),
        "closure" => msg!("workflow.kind.closure"),
        "date" => msg!("workflow.kind.date"),
        _ => msg!("workflow.kind.value"),
    }
}
