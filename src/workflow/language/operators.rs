//! Comparison and arithmetic. Rhai answers `5 > "x"` with false; here it is an error with its place.

use std::any::TypeId;
use std::cmp::Ordering;

use rhai::{
    Array, Dynamic, EvalAltResult, FuncRegistration, ImmutableString, Map, Module, NativeCallContext, Position,
    RhaiFunc, Shared,
};
use rust_decimal::Decimal;
use rust_decimal::prelude::FromPrimitive;

use super::values::Day;
use crate::workflow::ScriptProblem;

const COMPARISONS: [&str; 6] = ["==", "!=", "<", "<=", ">", ">="];
const ARITHMETIC: [&str; 5] = ["+", "-", "*", "/", "%"];

/// What Rhai's functions give back.
pub(in crate::workflow) type Outcome<T = Dynamic> = Result<T, Box<EvalAltResult>>;

/// An error of the language, carried through Rhai.
pub(super) fn fail<T>(problem: ScriptProblem, position: Position) -> Outcome<T> {
    Err(Box::new(EvalAltResult::ErrorRuntime(Dynamic::from(problem), position)))
}

/// Registers every operator for every pair of types, so that none of Rhai's own remains.
pub(super) fn register(module: &mut Module) {
    let types = [
        TypeId::of::<Dynamic>(),
        TypeId::of::<i64>(),
        TypeId::of::<f64>(),
        TypeId::of::<Decimal>(),
        TypeId::of::<ImmutableString>(),
        TypeId::of::<bool>(),
        TypeId::of::<()>(),
        TypeId::of::<char>(),
        TypeId::of::<Array>(),
        TypeId::of::<Map>(),
    ];
    for operator in COMPARISONS.into_iter().chain(ARITHMETIC) {
        for left in types {
            for right in types {
                raw(module, operator, &[left, right], move |context, args| {
                    let [left, right] = args else { return Ok(Dynamic::UNIT) };
                    binary(operator, left, right, context.call_position())
                });
            }
        }
    }
    for operator in ["-", "!"] {
        raw(module, operator, &[TypeId::of::<Dynamic>()], move |context, args| {
            let [value] = args else { return Ok(Dynamic::UNIT) };
            unary(operator, value, context.call_position())
        });
    }
}

/// Registers a native function that takes its arguments as they come.
pub(in crate::workflow) fn raw(
    module: &mut Module,
    name: &str,
    types: &[TypeId],
    function: impl Fn(&NativeCallContext<'_>, &mut [&mut Dynamic]) -> Outcome + Send + Sync + 'static,
) {
    FuncRegistration::new(name).in_global_namespace().set_into_module_raw(
        module,
        types,
        RhaiFunc::Method {
            func: Shared::new(move |context: Option<NativeCallContext<'_>>, args: &mut [&mut Dynamic]| match context {
                Some(context) => function(&context, args),
                None => Ok(Dynamic::UNIT),
            }),
            has_context: true,
            is_pure: true,
            is_volatile: true,
        },
    );
}

/// What a person calls the type of a value.
pub(super) fn kind_of(value: &Dynamic) -> &'static str {
    if value.is_unit() {
        "empty"
    } else if value.is_string() || value.is_char() {
        "text"
    } else if value.is_int() || value.is_decimal() {
        "number"
    } else if value.is_float() {
        "float"
    } else if value.is_bool() {
        "bool"
    } else if value.is_array() {
        "list"
    } else if value.is_map() {
        "map"
    } else if value.is_fnptr() {
        "closure"
    } else if value.is::<Day>() {
        "date"
    } else {
        "value"
    }
}

fn binary(operator: &'static str, left: &Dynamic, right: &Dynamic, position: Position) -> Outcome {
    if COMPARISONS.contains(&operator) {
        return compare(operator, left, right, position).map(Dynamic::from_bool);
    }
    if let (Some(left), Some(right)) = (number(left), number(right)) {
        return arithmetic(operator, left, right, position);
    }
    match (operator, left.read_lock::<ImmutableString>(), right.read_lock::<ImmutableString>()) {
        ("+", Some(left), Some(right)) => Ok(format!("{}{}", *left, *right).into()),
        _ => incomparable(left, right, position),
    }
}

fn unary(operator: &'static str, value: &Dynamic, position: Position) -> Outcome {
    match operator {
        "!" if value.is_bool() => value.as_bool().map(|value| (!value).into()).or_else(|_| Ok(Dynamic::UNIT)),
        "-" if value.is_float() => value.as_float().map(|value| (-value).into()).or_else(|_| Ok(Dynamic::UNIT)),
        "-" => match number(value) {
            Some(number) => Ok(shrunk(-number, value.is_int())),
            None => incomparable(value, value, position),
        },
        _ => incomparable(value, &Dynamic::TRUE, position),
    }
}

fn compare(operator: &'static str, left: &Dynamic, right: &Dynamic, position: Position) -> Outcome<bool> {
    let Some(order) = order(left, right) else { return incomparable(left, right, position) };
    let equality = matches!(operator, "==" | "!=");
    let ordered = number(left).is_some() || left.is::<Day>() || right.is::<Day>();
    if !(equality || ordered) {
        return incomparable(left, right, position);
    }
    Ok(match operator {
        "==" => order.is_eq(),
        "!=" => order.is_ne(),
        "<" => order.is_lt(),
        "<=" => order.is_le(),
        ">" => order.is_gt(),
        _ => order.is_ge(),
    })
}

/// How two values of one kind stand to each other; `None` for values that cannot be compared.
fn order(left: &Dynamic, right: &Dynamic) -> Option<Ordering> {
    if let (Some(left), Some(right)) = (number(left), number(right)) {
        return Some(left.cmp(&right));
    }
    if let (Some(left), Some(right)) = (day(left), day(right)) {
        return Some(left.cmp(&right));
    }
    if let (Some(left), Some(right)) = (text(left), text(right)) {
        return Some(left.cmp(&right));
    }
    if let (Ok(left), Ok(right)) = (left.as_bool(), right.as_bool()) {
        return Some(left.cmp(&right));
    }
    if let (Ok(left), Ok(right)) = (left.as_array_ref(), right.as_array_ref()) {
        return (left.len() == right.len())
            .then(|| {
                left.iter()
                    .zip(right.iter())
                    .map(|(left, right)| order(left, right))
                    .find(|order| *order != Some(Ordering::Equal))
            })
            .map_or(Some(Ordering::Less), |first| first.unwrap_or(Some(Ordering::Equal)));
    }
    None
}

/// A date, or a text beside a date that reads as one.
fn day(value: &Dynamic) -> Option<Day> {
    value.read_lock::<Day>().map(|day| *day).or_else(|| text(value)?.parse().ok().map(Day))
}

fn text(value: &Dynamic) -> Option<String> {
    value.read_lock::<ImmutableString>().map(|text| text.to_string()).or_else(|| value.as_char().ok().map(String::from))
}

/// Exact numbers only: a float beside an amount is an error.
pub(super) fn number(value: &Dynamic) -> Option<Decimal> {
    value.as_int().ok().and_then(Decimal::from_i64).or_else(|| value.as_decimal().ok())
}

fn arithmetic(operator: &'static str, left: Decimal, right: Decimal, position: Position) -> Outcome {
    let result = match operator {
        "+" => left.checked_add(right),
        "-" => left.checked_sub(right),
        "*" => left.checked_mul(right),
        "/" => left.checked_div(right),
        _ => left.checked_rem(right),
    };
    match result {
        Some(result) => Ok(shrunk(result, result.is_integer())),
        None => fail(ScriptProblem::Failed { message: format!("{left} {operator} {right}") }, position),
    }
}

/// Whole numbers stay integers, because lists are indexed with them.
fn shrunk(number: Decimal, whole: bool) -> Dynamic {
    match i64::try_from(number) {
        Ok(integer) if whole => Dynamic::from_int(integer),
        _ => Dynamic::from_decimal(number),
    }
}

fn incomparable<T>(left: &Dynamic, right: &Dynamic, position: Position) -> Outcome<T> {
    fail(ScriptProblem::Incomparable { left: kind_of(left).to_owned(), right: kind_of(right).to_owned() }, position)
}
