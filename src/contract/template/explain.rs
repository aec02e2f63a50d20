//! What people read when a template or a value is wrong.

use crate::i18n::{ErrorKind, Explain, Lang, Message, msg, text};

use super::fault::{Fault, Problem};
use super::field_problem::FieldProblem;

impl Problem {
    /// What is wrong, and the hint that helps.
    pub fn explanation(&self) -> (Message, Message) {
        match self {
            Self::FileMissing(_) | Self::Toml(_) | Self::Body(_) => self.of_files(),
            Self::TextBeforeFirstClause
            | Self::HeadingWithoutName
            | Self::UnknownClause { .. }
            | Self::UnlistedClause(_)
            | Self::UnknownItem { .. }
            | Self::ItemMissing(_) => self.of_clauses(),
            Self::UnknownEvent { .. }
            | Self::BadSpan(_)
            | Self::ExactlyOne(_)
            | Self::SharesNotWhole { .. }
            | Self::BadNumberPattern(_) => self.of_plan(),
            _ => self.of_fields(),
        }
    }

    fn of_files(&self) -> (Message, Message) {
        match self {
            Self::FileMissing(file) => {
                (msg!("contract.fault_file_missing", file = file), msg!("contract.hint_file_missing"))
            }
            Self::Body(detail) => (
                msg!("contract.fault_body", detail = detail),
                msg!("contract.hint_body", blank = "{{ price }}", condition = "{% if price %}…{% endif %}"),
            ),
            other => (msg!("contract.fault_toml", detail = other.to_string()), msg!("contract.hint_toml")),
        }
    }

    fn of_clauses(&self) -> (Message, Message) {
        match self {
            Self::TextBeforeFirstClause => (
                msg!("contract.fault_text_before_clause"),
                msg!("contract.hint_text_before_clause", example = "## {#parties}"),
            ),
            Self::UnknownClause { found, nearest } => {
                (msg!("contract.fault_unknown_clause", found = found), meant(nearest))
            }
            Self::UnlistedClause(name) => (
                msg!("contract.fault_unlisted_clause", name = name),
                msg!("contract.hint_unlisted_clause", name = name),
            ),
            Self::UnknownItem { found, nearest } => {
                (msg!("contract.fault_unknown_item", found = found), meant(nearest))
            }
            Self::ItemMissing(item) => (
                msg!("contract.fault_item_missing", item = item.label()),
                msg!("contract.hint_item_missing", name = item.name()),
            ),
            _ => (
                msg!("contract.fault_heading_without_name"),
                msg!("contract.hint_heading_without_name", example = "## … {#liability}"),
            ),
        }
    }

    fn of_plan(&self) -> (Message, Message) {
        match self {
            Self::UnknownEvent { found, nearest } => {
                (msg!("contract.fault_unknown_event", found = found), meant(nearest))
            }
            Self::BadSpan(text) => (msg!("contract.fault_bad_span", text = text), msg!("contract.hint_bad_span")),
            Self::SharesNotWhole { sum } => {
                (msg!("contract.fault_shares_not_whole", sum = sum), msg!("contract.hint_shares_not_whole"))
            }
            Self::BadNumberPattern(part) => (
                msg!("contract.fault_bad_number_pattern", part = part),
                msg!(
                    "contract.hint_bad_number_pattern",
                    parts = "{entity} {dept} {year} {month}",
                    sequence = "{seq:4}"
                ),
            ),
            other => {
                let keys = if let Self::ExactlyOne(keys) = other { keys.as_str() } else { "" };
                (msg!("contract.fault_exactly_one", keys = keys), msg!("contract.hint_exactly_one"))
            }
        }
    }

    fn of_fields(&self) -> (Message, Message) {
        match self {
            Self::UnknownKey { found, nearest } => (msg!("contract.fault_unknown_key", found = found), meant(nearest)),
            Self::Twice(name) => (msg!("contract.fault_twice", name = name), msg!("contract.hint_twice")),
            Self::UnknownType { found, nearest } => {
                (msg!("contract.fault_unknown_type", found = found), meant(nearest))
            }
            Self::KeyNeeded { kind, key } => {
                (msg!("contract.fault_key_needed", kind = kind, key = key), msg!("contract.hint_key_needed", key = key))
            }
            Self::BadValue { text } => (msg!("contract.fault_bad_value", text = text), msg!("contract.hint_bad_value")),
            Self::UnknownRole { found, nearest } => {
                (msg!("contract.fault_unknown_role", found = found), meant(nearest))
            }
            Self::UnknownField { found, nearest } => {
                (msg!("contract.fault_unknown_field", found = found), meant(nearest))
            }
            Self::UnknownAttribute { of, found, nearest } => {
                (msg!("contract.fault_unknown_attribute", of = of, found = found), meant(nearest))
            }
            Self::UnusedField(name) => {
                (msg!("contract.fault_unused_field", name = name), msg!("contract.hint_unused_field", name = name))
            }
            Self::UnknownFilter { found, nearest } => {
                (msg!("contract.fault_unknown_filter", found = found), meant(nearest))
            }
            Self::WrongFilter { filter, kind } => {
                (msg!("contract.fault_wrong_filter", filter = filter, kind = kind), msg!("contract.hint_wrong_filter"))
            }
            Self::BadExpression(text) => {
                (msg!("contract.fault_bad_expression", text = text), msg!("contract.hint_bad_expression"))
            }
            other => {
                let name = if let Self::BadName(name) = other { name.as_str() } else { "" };
                (msg!("contract.fault_bad_name", name = name), msg!("contract.hint_bad_name"))
            }
        }
    }
}

fn meant(nearest: &str) -> Message {
    if nearest.is_empty() {
        msg!("contract.hint_nothing_known")
    } else {
        msg!("contract.hint_meant", nearest = nearest)
    }
}

impl Fault {
    /// As `qiyue check` prints it: file, line and column, what is wrong, the line itself, a hint.
    pub fn report(&self, lang: Lang) -> String {
        let (what, hint) = self.problem.explanation();
        let error = text(lang, &msg!("contract.fault_error"));
        let hint_label = text(lang, &msg!("contract.fault_hint"));
        let (what, hint) = (text(lang, &what), text(lang, &hint));
        format!("{}: {error}{what}\n    {}\n    {hint_label}{hint}\n", self.place, self.place.text.trim_end())
    }
}

impl Explain for FieldProblem {
    fn code(&self) -> &'static str {
        match self {
            Self::Missing => "field_missing",
            Self::NoSuchField => "field_unknown",
            Self::IsComputed => "field_computed",
            Self::WrongShape { .. } => "field_shape",
            Self::Money(error) => error.code(),
            Self::NotADate(_) => "field_date",
            Self::BelowMinimum(_) => "field_below_minimum",
            Self::AboveMaximum(_) => "field_above_maximum",
            Self::TooLong(_) => "field_too_long",
            Self::Unprintable => "field_unprintable",
            Self::NotAnOption(_) => "field_option",
            Self::Pattern(_) => "field_pattern",
            Self::TooEarly { .. } => "field_too_early",
            Self::Line(_) => "field_line",
            Self::Milestone(_) => "field_milestone",
            Self::PlanNotWhole => "field_plan_sum",
            Self::UnknownEvent(_) => "field_plan_event",
        }
    }

    fn kind(&self) -> ErrorKind {
        ErrorKind::Invalid
    }

    fn message(&self) -> Message {
        match self {
            Self::Missing => msg!("contract.field_missing"),
            Self::NoSuchField => msg!("contract.field_unknown"),
            Self::IsComputed => msg!("contract.field_computed"),
            Self::WrongShape { expected } => msg!("contract.field_shape", expected = *expected),
            Self::Money(error) => error.message(),
            Self::NotADate(text) => msg!("contract.field_date", text = text),
            Self::BelowMinimum(min) => msg!("contract.field_below_minimum", min = min),
            Self::AboveMaximum(max) => msg!("contract.field_above_maximum", max = max),
            Self::TooLong(max) => msg!("contract.field_too_long", max = *max),
            Self::Unprintable => msg!("contract.field_unprintable"),
            Self::NotAnOption(found) => msg!("contract.field_option", found = found),
            Self::Pattern(hint) => msg!("contract.field_pattern", hint = hint),
            Self::TooEarly { other } => msg!("contract.field_too_early", other = other),
            Self::Line(line) => msg!("contract.field_line", line = *line),
            Self::Milestone(at) => msg!("contract.field_milestone", line = *at),
            Self::PlanNotWhole => msg!("contract.field_plan_sum"),
            Self::UnknownEvent(event) => msg!("contract.field_plan_event", event = event),
        }
    }
}
