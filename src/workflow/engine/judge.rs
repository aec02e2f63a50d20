//! Conditions over facts: every part in order, without short cuts; one error makes the whole an error.

use std::borrow::Cow;

use super::super::{Condition, Facts, Read, Script, ScriptFault, ScriptProblem, Value};

/// What the approval amount is called among the fields read.
const APPROVAL_AMOUNT: &str = "approval_amount";
/// What having no ceiling is called among the fields read.
const WITHOUT_CEILING: &str = "without_ceiling";
/// Before the marks of the other party among the fields read.
const MARK: &str = "mark:";

/// What became of a condition, and what was read for it, whether or not it could be answered.
pub struct Judged {
    /// Whether it holds.
    pub holds: Result<bool, ScriptFault>,
    /// Every field read, each once, in order.
    pub reads: Vec<Read>,
}

/// Whether a condition holds.
pub fn judge(condition: &Condition, script: &dyn Script, facts: &Facts) -> Judged {
    let mut reading = Reading { script, facts, reads: Vec::new() };
    let holds = reading.holds(condition);
    Judged { holds, reads: reading.reads }
}

/// Evaluates and remembers what was read.
pub(super) struct Reading<'a> {
    pub(super) script: &'a dyn Script,
    pub(super) facts: &'a Facts,
    pub(super) reads: Vec<Read>,
}

impl Reading<'_> {
    fn holds(&mut self, condition: &Condition) -> Result<bool, ScriptFault> {
        match condition {
            Condition::AmountFrom { amount } => Ok(self.amount()?.is_none_or(|ours| ours >= *amount)),
            Condition::AmountBelow { amount } => Ok(self.amount()?.is_some_and(|ours| ours < *amount)),
            Condition::Deviates => match self.filled("deviates")? {
                Value::Bool(deviates) => Ok(deviates),
                other => Err(incomparable(&other, &Value::Bool(true))),
            },
            Condition::CategoryIs { categories } => Ok(categories.contains(&self.category(&categories.join("|"))?)),
            Condition::FieldIs { field, value } => {
                let ours = self.filled(field)?;
                if std::mem::discriminant(&ours) == std::mem::discriminant(value) {
                    Ok(ours == *value)
                } else {
                    Err(incomparable(&ours, value))
                }
            }
            Condition::OtherPartyIs { mark } => {
                let marked = self.facts.subject.marks.contains(mark);
                self.note(&format!("{MARK}{mark}"), &Value::Bool(marked));
                Ok(marked)
            }
            Condition::Has { field } => Ok(self.field(field)? != Value::Empty),
            Condition::AllOf { parts } => Ok(self.each(parts)?.into_iter().all(|holds| holds)),
            Condition::AnyOf { parts } => Ok(self.each(parts)?.into_iter().any(|holds| holds)),
            Condition::Not { part } => Ok(!self.holds(part)?),
            Condition::Expert { script } => {
                let answer = self.script.guard(*script, self.facts)?;
                for read in answer.reads {
                    self.note(&read.field, &read.value);
                }
                Ok(answer.value)
            }
        }
    }

    /// Every part, even after one has failed, so that the event names all fields.
    fn each(&mut self, parts: &[Condition]) -> Result<Vec<bool>, ScriptFault> {
        let answers: Vec<_> = parts.iter().map(|part| self.holds(part)).collect();
        answers.into_iter().collect()
    }

    /// The approval amount; `None` has no ceiling.
    pub(super) fn amount(&mut self) -> Result<Option<crate::kernel::Amount>, ScriptFault> {
        let subject = &self.facts.subject;
        if subject.without_ceiling {
            self.note(WITHOUT_CEILING, &Value::Bool(true));
            return Ok(None);
        }
        self.note(APPROVAL_AMOUNT, &subject.approval_amount.map_or(Value::Empty, Value::Amount));
        subject.approval_amount.map(Some).ok_or_else(|| fault(ScriptProblem::NoApprovalAmount))
    }

    /// The category; `among` says what it is compared with.
    pub(super) fn category(&mut self, among: &str) -> Result<String, ScriptFault> {
        match self.filled("category")? {
            Value::Text(category) => Ok(category),
            other => Err(incomparable(&other, &Value::Text(among.to_owned()))),
        }
    }

    /// A field that must not be empty.
    pub(super) fn filled(&mut self, name: &str) -> Result<Value, ScriptFault> {
        match self.field(name)? {
            Value::Empty => Err(fault(ScriptProblem::EmptyField { field: name.to_owned() })),
            value => Ok(value),
        }
    }

    pub(super) fn field(&mut self, name: &str) -> Result<Value, ScriptFault> {
        let Some(value) = self.facts.subject.fields.get(name) else {
            return Err(fault(ScriptProblem::UnknownField { field: name.to_owned() }));
        };
        self.note(name, value);
        Ok(value.clone())
    }

    pub(super) fn note(&mut self, field: &str, value: &Value) {
        if !self.reads.iter().any(|read| read.field == field) {
            self.reads.push(Read { field: field.to_owned(), value: value.clone() });
        }
    }
}

/// Whether something that was read then has another value now. Marks of the other party are facts, read when a node is entered, and
/// never move a case.
pub(super) fn touched(reads: &[Read], facts: &Facts) -> bool {
    let subject = &facts.subject;
    reads.iter().any(|read| match read.field.as_str() {
        WITHOUT_CEILING => read.value != Value::Bool(subject.without_ceiling),
        APPROVAL_AMOUNT => {
            subject.without_ceiling || read.value != subject.approval_amount.map_or(Value::Empty, Value::Amount)
        }
        field if field.starts_with(MARK) => false,
        field => subject.fields.get(field).is_some_and(|now| *now != read.value),
    })
}

/// The facts with the marks as they were when these fields were read.
pub(super) fn with_marks_of<'a>(reads: &[Read], facts: &'a Facts) -> Cow<'a, Facts> {
    let mut facts = Cow::Borrowed(facts);
    for read in reads {
        let Some(mark) = read.field.strip_prefix(MARK) else { continue };
        let then = read.value == Value::Bool(true);
        if facts.subject.marks.contains(mark) != then {
            let marks = &mut facts.to_mut().subject.marks;
            if then {
                marks.insert(mark.to_owned());
            } else {
                marks.remove(mark);
            }
        }
    }
    facts
}

fn fault(problem: ScriptProblem) -> ScriptFault {
    ScriptFault { place: None, problem }
}

fn incomparable(left: &Value, right: &Value) -> ScriptFault {
    fault(ScriptProblem::Incomparable { left: format!("{left:?}"), right: format!("{right:?}") })
}
