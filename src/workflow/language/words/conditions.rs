//! Conditions as named values, so that they can be checked, edited and put into a sentence.

use rhai::{Dynamic, ImmutableString};

use super::Word;
use super::people::name;
use crate::i18n::msg;
use crate::workflow::language::call::{Arg, Call, decimal_of};
use crate::workflow::language::fault::Finding;
use crate::workflow::language::loading::NameOf;
use crate::workflow::language::operators::number;
use crate::workflow::language::values::Day;
use crate::workflow::{Condition, Value};

pub(super) const WORDS: &[Word] = &[
    Word::file("amount_from", &[1], amount_from),
    Word::file("amount_below", &[1], amount_below),
    Word::file("deviates", &[0], |_| made(Condition::Deviates)),
    Word::file("category_is", &[1, 2, 3, 4, 5, 6], category_is),
    Word::file("field_is", &[2], field_is),
    Word::file("other_party_is", &[1], other_party_is),
    Word::file("has", &[1], has),
    Word::file("all_of", &[1], all_of),
    Word::file("any_of", &[1], any_of),
    Word::file("not", &[1], not),
    Word::file("nothing", &[0], |_| made(Condition::nothing())),
    Word::anywhere("money", &[1], money),
];

fn made(condition: Condition) -> Option<Dynamic> {
    Some(Dynamic::from(condition))
}

fn amount_from(call: &mut Call<'_>) -> Option<Dynamic> {
    let amount = call.arg(0);
    made(Condition::AmountFrom { amount: call.amount(amount)?.0 })
}

fn amount_below(call: &mut Call<'_>) -> Option<Dynamic> {
    let amount = call.arg(0);
    made(Condition::AmountBelow { amount: call.amount(amount)?.0 })
}

fn category_is(call: &mut Call<'_>) -> Option<Dynamic> {
    let args: Vec<Arg> = (0..call.count()).filter_map(|index| call.arg(index)).collect();
    let categories: Vec<String> = args.into_iter().flat_map(|arg| call.texts(Some(arg))).collect();
    (!categories.is_empty()).then(|| Dynamic::from(Condition::CategoryIs { categories }))
}

fn field_is(call: &mut Call<'_>) -> Option<Dynamic> {
    let (field, value) = (call.arg(0), call.arg(1));
    let field = name(call, field, NameOf::Field);
    let value = value.and_then(|value| plain_value(call, &value));
    made(Condition::FieldIs { field: field?, value: value? })
}

fn other_party_is(call: &mut Call<'_>) -> Option<Dynamic> {
    let mark = call.arg(0);
    made(Condition::OtherPartyIs { mark: call.text(mark)? })
}

fn has(call: &mut Call<'_>) -> Option<Dynamic> {
    let field = call.arg(0);
    made(Condition::Has { field: name(call, field, NameOf::Field)? })
}

fn all_of(call: &mut Call<'_>) -> Option<Dynamic> {
    parts(call).map(|parts| Condition::AllOf { parts }).and_then(made)
}

fn any_of(call: &mut Call<'_>) -> Option<Dynamic> {
    parts(call).map(|parts| Condition::AnyOf { parts }).and_then(made)
}

fn not(call: &mut Call<'_>) -> Option<Dynamic> {
    let part = call.arg(0);
    made(Condition::Not { part: Box::new(call.condition(part)?) })
}

/// Every part must be readable, or the condition would mean something else.
fn parts(call: &mut Call<'_>) -> Option<Vec<Condition>> {
    let list = call.arg(0)?;
    if !list.value.is_array() {
        return call.expected(&list, msg!("workflow.kind.list"));
    }
    let items = list.items();
    if items.is_empty() {
        call.fault(Finding::error(list.place, msg!("workflow.fault.empty_list", word = call.word)));
        return None;
    }
    let parts: Vec<Option<Condition>> = items.into_iter().map(|item| call.condition(Some(item))).collect();
    parts.into_iter().collect()
}

/// An exact amount inside closures: `money("100万")`.
fn money(call: &mut Call<'_>) -> Option<Dynamic> {
    let amount = call.arg(0);
    call.amount(amount).map(|(amount, _)| Dynamic::from_decimal(decimal_of(amount)))
}

fn plain_value(call: &mut Call<'_>, arg: &Arg) -> Option<Value> {
    if let Some(number) = number(&arg.value) {
        return Some(Value::Number(number));
    }
    if let Ok(yes) = arg.value.as_bool() {
        return Some(Value::Bool(yes));
    }
    if let Some(Day(date)) = arg.value.clone().try_cast::<Day>() {
        return Some(Value::Date(date));
    }
    match arg.value.read_lock::<ImmutableString>().map(|text| text.to_string()) {
        Some(text) => Some(Value::Text(text)),
        None => call.expected(arg, msg!("workflow.kind.plain")),
    }
}
