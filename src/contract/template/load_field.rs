//! One `[[field]]` becomes a [`Field`].

use std::str::FromStr;

use serde_json::Value as Json;
use toml::Spanned;

use crate::kernel::{Amount, Currency, Rate};

use super::expression::Expression;
use super::fault::Problem;
use super::field::{Computed, Field, FieldKind, Limit};
use super::load::Faults;
use super::names::nearest;
use super::source::FieldSource;
use super::value::FieldValue;

/// How long a text may be where the template does not say.
const TEXT: usize = 200;
const LONG_TEXT: usize = 4_000;
/// What stands in the document where an optional blank stays empty and the template does not say.
const EMPTY: &str = "／";

/// Reads one field; what is wrong goes to `faults`, and the field is left out only where its type is unknown.
pub(super) fn field(source: &FieldSource, currency: Currency, faults: &mut Faults<'_>) -> Option<Field> {
    let kind = kind(source, faults)?;
    let default = source.default.as_ref().and_then(|default| self::default(&kind, default, currency, faults));
    let at_most = source.at_most.as_ref().and_then(|text| {
        let expression = expression(text, faults)?;
        Some(Limit { text: text.get_ref().clone(), expression })
    });
    Some(Field {
        name: source.name.get_ref().clone(),
        label: source.label.clone(),
        group: source.group.clone(),
        required: source.required.unwrap_or(true) && !matches!(kind, FieldKind::Computed { .. }),
        kind,
        empty: source.empty.clone().unwrap_or_else(|| EMPTY.to_owned()),
        hint: source.hint.clone(),
        default,
        from: source.from.clone(),
        not_before: source.not_before.as_ref().map(|other| other.get_ref().clone()),
        at_most,
    })
}

fn kind(source: &FieldSource, faults: &mut Faults<'_>) -> Option<FieldKind> {
    Some(match source.kind.get_ref().as_str() {
        "text" => FieldKind::Text { max: length(source, faults, TEXT), pattern: pattern(source, faults) },
        "long text" => FieldKind::LongText { max: length(source, faults, LONG_TEXT) },
        "number" => FieldKind::Number {
            min: bound(source.min.as_ref(), str::parse, faults),
            max: upper(source, str::parse, faults),
            decimals: source.decimals.unwrap_or(6),
        },
        "percent" => FieldKind::Percent {
            min: bound(source.min.as_ref(), Rate::parse, faults),
            max: upper(source, Rate::parse, faults),
        },
        "money" => FieldKind::Money {
            min: bound(source.min.as_ref(), Amount::from_str, faults),
            max: upper(source, Amount::from_str, faults),
        },
        "date" => FieldKind::Date,
        "choice" => FieldKind::Choice(options(source, faults)),
        "choices" => FieldKind::Choices(options(source, faults)),
        "customer" => FieldKind::Customer,
        "contact" => FieldKind::Contact,
        "user" => FieldKind::User,
        "department" => FieldKind::Department,
        "product lines" => FieldKind::Lines,
        "payment plan" => FieldKind::Plan,
        "file" => FieldKind::File,
        "yes/no" => FieldKind::YesNo,
        "computed" => computed(source, faults)?,
        other => {
            let nearest = nearest(other, FieldKind::NAMES);
            faults.add(source.kind.span().start, Problem::UnknownType { found: other.to_owned(), nearest });
            return None;
        }
    })
}

fn computed(source: &FieldSource, faults: &mut Faults<'_>) -> Option<FieldKind> {
    let (Some(text), Some(result)) = (&source.expression, &source.result) else {
        let key = if source.expression.is_none() { "expression" } else { "result" };
        faults.add(source.kind.span().start, needed(source, key));
        return None;
    };
    let kind = match result.get_ref().as_str() {
        "money" => Computed::Money,
        "percent" => Computed::Percent,
        "number" => Computed::Number(source.decimals.unwrap_or(6)),
        other => {
            let nearest = nearest(other, ["money", "number", "percent"]);
            faults.add(result.span().start, Problem::UnknownType { found: other.to_owned(), nearest });
            return None;
        }
    };
    Some(FieldKind::Computed { expression: expression(text, faults)?, result: kind })
}

fn expression(text: &Spanned<String>, faults: &mut Faults<'_>) -> Option<Expression> {
    Expression::parse(text.get_ref())
        .map_err(|_| faults.add(text.span().start, Problem::BadExpression(text.get_ref().clone())))
        .ok()
}

fn needed(source: &FieldSource, key: &str) -> Problem {
    Problem::KeyNeeded { kind: source.kind.get_ref().clone(), key: key.to_owned() }
}

fn options(source: &FieldSource, faults: &mut Faults<'_>) -> Vec<String> {
    match &source.options {
        Some(options) if !options.is_empty() => options.clone(),
        _ => {
            faults.add(source.kind.span().start, needed(source, "options"));
            Vec::new()
        }
    }
}

fn pattern(source: &FieldSource, faults: &mut Faults<'_>) -> Option<(String, String)> {
    let pattern = source.pattern.as_ref()?;
    if regex::Regex::new(pattern.get_ref()).is_err() {
        faults.add(pattern.span().start, Problem::BadValue { text: pattern.get_ref().clone() });
        return None;
    }
    let Some(hint) = source.pattern_hint.clone() else {
        faults.add(pattern.span().start, needed(source, "pattern_hint"));
        return None;
    };
    Some((pattern.get_ref().clone(), hint))
}

fn length(source: &FieldSource, faults: &mut Faults<'_>, otherwise: usize) -> usize {
    let Some(max) = &source.max else { return otherwise };
    match max.get_ref().as_integer().and_then(|max| usize::try_from(max).ok()) {
        Some(max) if max > 0 => max,
        _ => {
            faults.add(max.span().start, Problem::BadValue { text: written(max.get_ref()) });
            otherwise
        }
    }
}

fn upper<T, E>(source: &FieldSource, parse: impl Fn(&str) -> Result<T, E>, faults: &mut Faults<'_>) -> Option<T> {
    let max = source.max.as_ref()?;
    let parsed = max.get_ref().as_str().and_then(|text| parse(text).ok());
    if parsed.is_none() {
        faults.add(max.span().start, Problem::BadValue { text: written(max.get_ref()) });
    }
    parsed
}

fn bound<T, E>(
    text: Option<&Spanned<String>>,
    parse: impl Fn(&str) -> Result<T, E>,
    faults: &mut Faults<'_>,
) -> Option<T> {
    let text = text?;
    parse(text.get_ref())
        .map_err(|_| faults.add(text.span().start, Problem::BadValue { text: text.get_ref().clone() }))
        .ok()
}

/// A value as it stands in the file, without quotes.
pub(super) fn written(value: &toml::Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), ToOwned::to_owned)
}

fn default(
    kind: &FieldKind,
    default: &Spanned<toml::Value>,
    currency: Currency,
    faults: &mut Faults<'_>,
) -> Option<FieldValue> {
    let read = serde_json::to_value(default.get_ref()).ok().map(|json: Json| kind.read_json(&json, currency));
    if let Some(Ok(value)) = read {
        return value;
    }
    faults.add(default.span().start, Problem::BadValue { text: written(default.get_ref()) });
    None
}
