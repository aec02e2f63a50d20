//! Conditions, people, spans and effects as parts of a sentence.

use super::{Names, grids};
use crate::i18n::{Arg, Message, msg};
use crate::kernel::{Amount, Span};
use crate::workflow::{
    Band, Condition, CountRule, DepartmentOf, Effect, EffectSpec, Entry, OnReject, Overdue, Value, WaitFor, Who,
};

/// A condition, as it stands after "if".
pub fn condition_phrase(condition: &Condition) -> Message {
    condition_said(condition, Names::default())
}

/// A condition with the labels of fields.
pub(in crate::workflow) fn condition_said(condition: &Condition, names: Names<'_>) -> Message {
    match condition {
        Condition::AmountFrom { amount } => msg!("workflow.say.amount_from", amount = short(*amount)),
        Condition::AmountBelow { amount } => msg!("workflow.say.amount_below", amount = short(*amount)),
        Condition::Deviates => msg!("workflow.say.deviates"),
        Condition::CategoryIs { categories } => {
            let categories: Arg = categories.iter().map(|one| names.value("category", one)).collect();
            msg!("workflow.say.category_is", categories = categories)
        }
        Condition::FieldIs { field, value } => {
            msg!("workflow.say.field_is", field = names.field(field), value = value_said(field, value, names))
        }
        Condition::OtherPartyIs { mark } => msg!("workflow.say.other_party_is", mark = mark),
        Condition::Has { field } => msg!("workflow.say.has", field = names.field(field)),
        Condition::AllOf { parts } => {
            joined(parts, names, |one, other| msg!("workflow.say.and", one = one, other = other))
        }
        Condition::AnyOf { parts } => {
            joined(parts, names, |one, other| msg!("workflow.say.or", one = one, other = other))
        }
        Condition::Not { part } => msg!("workflow.say.not", part = condition_said(part, names)),
        Condition::Expert { script } => match names.closure(*script) {
            Some(text) => msg!("workflow.say.closure", text = text),
            None => msg!("workflow.say.expert", number = script.0 + 1),
        },
    }
}

fn joined(parts: &[Condition], names: Names<'_>, join: fn(Message, Message) -> Message) -> Message {
    let mut said = parts.iter().map(|part| condition_said(part, names));
    let first = said.next().unwrap_or_else(|| msg!("workflow.say.always"));
    said.fold(first, join)
}

fn value_said(field: &str, value: &Value, names: Names<'_>) -> Arg {
    match value {
        Value::Text(text) => names.value(field, text),
        Value::Bool(true) => msg!("workflow.say.yes").into(),
        Value::Bool(false) => msg!("workflow.say.no").into(),
        Value::Number(number) => number.to_string().into(),
        Value::Date(date) => (*date).into(),
        Value::Amount(amount) => short(*amount).into(),
        Value::Money(money) => (*money).into(),
        other => format!("{other:?}").into(),
    }
}

/// `1,000,000` for a whole amount, all decimals for another.
pub(in crate::workflow) fn short(amount: Amount) -> String {
    let text = amount.to_string();
    text.strip_suffix(".00").map_or_else(|| text.clone(), ToOwned::to_owned)
}

/// A band of the approval amount.
pub fn band_said(band: Band) -> Message {
    match (band.from, band.below) {
        (None, None) => msg!("workflow.say.any_amount"),
        (None, Some(below)) => msg!("workflow.say.band_below", below = short(below)),
        (Some(from), None) => msg!("workflow.say.band_from", from = short(from)),
        (Some(from), Some(below)) => msg!("workflow.say.band_between", from = short(from), below = short(below)),
    }
}

/// A rule that finds people.
pub(in crate::workflow) fn who_said(who: &Who, names: Names<'_>) -> Message {
    match who {
        Who::User { login } => msg!("workflow.say.user", name = names.person(login)),
        Who::Drafter => msg!("workflow.say.drafter"),
        Who::Owner => msg!("workflow.say.owner"),
        Who::Role { role } => msg!("workflow.say.role", role = names.role(role)),
        Who::RoleIn { role, department } => {
            msg!("workflow.say.role_in", role = names.role(role), department = department_said(department, names))
        }
        Who::ManagerOf { person, level: 1 } => msg!("workflow.say.manager_of", person = who_said(person, names)),
        Who::ManagerOf { person, level } => {
            msg!("workflow.say.manager_above", person = who_said(person, names), level = *level)
        }
        Who::ManagersUpTo { person, role } => {
            msg!("workflow.say.managers_up_to", person = who_said(person, names), role = names.role(role))
        }
        Who::HeadOf { department } => msg!("workflow.say.head_of", department = department_said(department, names)),
        Who::Field { field } => msg!("workflow.say.person_in_field", field = names.field(field)),
        Who::ChosenBySubmitter => msg!("workflow.say.chosen_by_submitter"),
        Who::ApproverOf { node } => msg!("workflow.say.approver_of", node = node),
        Who::FirstOf { rules } => msg!("workflow.say.first_of", people = whos_said(rules, names)),
        Who::AnyOf { rules } => msg!("workflow.say.any_of_people", people = whos_said(rules, names)),
        Who::ByAuthority { grid } => grids::by_authority_said(grid, names),
        Who::Expert { script } => match names.closure(*script) {
            Some(text) => msg!("workflow.say.closure", text = text),
            None => msg!("workflow.say.expert_people", number = script.0 + 1),
        },
    }
}

/// Several rules, joined as the language joins them.
pub(in crate::workflow) fn whos_said(rules: &[Who], names: Names<'_>) -> Arg {
    rules.iter().map(|rule| who_said(rule, names)).collect()
}

fn department_said(department: &DepartmentOf, names: Names<'_>) -> Message {
    match department {
        DepartmentOf::Named { code } => msg!("workflow.say.department", name = names.department(code)),
        DepartmentOf::Person { who } => msg!("workflow.say.department_of", person = who_said(who, names)),
    }
}

/// An entry of a countersign.
pub(in crate::workflow) fn entry_said(entry: &Entry, names: Names<'_>) -> Message {
    match entry {
        Entry::OneOf { who, .. } => msg!("workflow.say.one_of", people = who_said(who, names)),
        Entry::EveryoneIn { who, .. } => msg!("workflow.say.everyone_in", people = who_said(who, names)),
    }
}

/// When a countersign has passed.
pub(in crate::workflow) fn rule_said(rule: &CountRule) -> Message {
    match rule {
        CountRule::All => msg!("workflow.say.rule_all"),
        CountRule::Any => msg!("workflow.say.rule_any"),
        CountRule::Ratio { percent } => msg!("workflow.say.rule_ratio", percent = *percent),
        CountRule::Count { approvals } => msg!("workflow.say.rule_count", approvals = *approvals),
        CountRule::Weighted { pass } => msg!("workflow.say.rule_weighted", pass = *pass),
        CountRule::InOrder => msg!("workflow.say.rule_in_order"),
    }
}

/// A span of time.
pub(in crate::workflow) fn span_said(span: Span) -> Message {
    match span {
        Span::Minutes(minutes) if minutes % 60 == 0 => msg!("workflow.say.hours", count = minutes / 60),
        Span::Minutes(minutes) => msg!("workflow.say.minutes", count = minutes),
        Span::WorkingMinutes(minutes) if minutes % 60 == 0 => msg!("workflow.say.working_hours", count = minutes / 60),
        Span::WorkingMinutes(minutes) => msg!("workflow.say.working_minutes", count = minutes),
        Span::Days(days) => msg!("workflow.say.days", count = days),
        Span::WorkingDays(days) => msg!("workflow.say.working_days", count = days),
        Span::Months(months) => msg!("workflow.say.months", count = months),
        Span::Years(years) => msg!("workflow.say.years", count = years),
        Span::EndOfMonth(months) => msg!("workflow.say.end_of_month", count = months),
    }
}

/// A step when time has run out.
pub(in crate::workflow) fn overdue_said(step: &Overdue, names: Names<'_>) -> Message {
    match step {
        Overdue::Remind => msg!("workflow.say.remind"),
        Overdue::HandTo { who, after } => {
            msg!("workflow.say.hand_to", people = who_said(who, names), after = span_said(*after))
        }
        Overdue::HandToManager { after } => msg!("workflow.say.hand_to_manager", after = span_said(*after)),
        Overdue::Reject => msg!("workflow.say.overdue_reject"),
        Overdue::Approve { because } => msg!("workflow.say.overdue_approve", because = because),
    }
}

/// What a rejection does, where it does not simply end the case.
pub(in crate::workflow) fn on_reject_said(on_reject: &OnReject) -> Option<Message> {
    match on_reject {
        OnReject::End => None,
        OnReject::BackTo { node } => Some(msg!("workflow.say.back_to", node = node)),
        OnReject::BackToPrevious => Some(msg!("workflow.say.back_to_previous")),
        OnReject::BackToDrafter => Some(msg!("workflow.say.back_to_drafter")),
    }
}

/// What a wait waits for.
pub(in crate::workflow) fn wait_said(what: &WaitFor, names: Names<'_>) -> Message {
    match what {
        WaitFor::Event { name } => match names.event(name) {
            Some(known) => msg!("workflow.say.wait_known_event", name = known),
            None => msg!("workflow.say.wait_event", name = name),
        },
        WaitFor::DateField { field } => msg!("workflow.say.wait_date", field = names.field(field)),
        WaitFor::Span { span } => msg!("workflow.say.wait_span", span = span_said(*span)),
    }
}

/// An effect.
pub(in crate::workflow) fn effect_said(effect: &EffectSpec, names: Names<'_>) -> Message {
    let effect = match effect {
        EffectSpec::Value(effect) => effect,
        EffectSpec::Expert { script } => {
            return match names.closure(*script) {
                Some(text) => msg!("workflow.say.closure", text = text),
                None => msg!("workflow.say.expert_effects", number = script.0 + 1),
            };
        }
    };
    match effect {
        Effect::RequestSeal { seal } => msg!("workflow.say.request_seal", seal = seal),
        Effect::PaymentPlanFromContract { on } => {
            msg!("workflow.say.payment_plan", on = names.event(on).unwrap_or_else(|| on.into()))
        }
        Effect::ExpectOriginalBack { within } => msg!("workflow.say.original_back", within = span_said(*within)),
        Effect::ArchiveBy { who, checklist } => {
            let checklist: Arg = checklist.iter().collect();
            msg!("workflow.say.archive_by", people = who_said(who, names), checklist = checklist)
        }
        Effect::WarnBefore { date, before, to } => {
            let before: Arg = before.iter().map(|span| span_said(*span)).collect();
            msg!("workflow.say.warn_before", date = names.field(date), before = before, people = whos_said(to, names))
        }
        Effect::Tell { to, text } => msg!("workflow.say.tell", people = whos_said(to, names), text = text),
    }
}

/// Several things that each may hold a list, kept apart by semicolons.
pub(in crate::workflow) fn one_by_one(said: impl IntoIterator<Item = Message>) -> Message {
    let mut said = said.into_iter();
    let first = said.next().unwrap_or_else(|| msg!("workflow.say.nothing"));
    said.fold(first, |one, other| msg!("workflow.say.then", one = one, other = other))
}
