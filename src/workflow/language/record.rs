//! The record as closures see it: it can be read and nothing else, and it remembers what was read.

use std::any::TypeId;
use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use rhai::{Array, Dynamic, ImmutableString, Module, Position, Shared};
use rust_decimal::Decimal;

use super::call::decimal_of;
use super::operators::{Outcome, fail, raw};
use super::values::Day;
use crate::kernel::Amount;
use crate::workflow::{Directory, Facts, Read, ScriptProblem, Value};

/// Rhai's name for reading with an index; a property without a getter ends there too.
const INDEX: &str = "index$get$";
/// The approval amount, beside the fields of the record.
const APPROVAL_AMOUNT: &str = "approval_amount";

/// What having no ceiling is called among the fields read.
const WITHOUT_CEILING: &str = "without_ceiling";

/// The record in a closure.
#[derive(Clone)]
pub(super) struct Record(Arc<Inner>);

struct Inner {
    fields: BTreeMap<String, Value>,
    approval_amount: Option<Amount>,
    without_ceiling: bool,
    directory: Arc<Directory>,
    reads: Mutex<Vec<Read>>,
}

/// A part of a record, such as a product line.
#[derive(Clone)]
struct Part(Record, Arc<BTreeMap<String, Value>>);

impl Record {
    /// The record of these facts, nothing read yet.
    pub(super) fn of(facts: &Facts) -> Self {
        Self(Arc::new(Inner {
            fields: facts.subject.fields.clone(),
            approval_amount: facts.subject.approval_amount,
            without_ceiling: facts.subject.without_ceiling,
            directory: facts.directory.clone(),
            reads: Mutex::default(),
        }))
    }

    /// What was read, in order, each field once.
    pub(super) fn reads(&self) -> Vec<Read> {
        self.0.reads.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn get(&self, field: &str) -> Outcome {
        if field == APPROVAL_AMOUNT {
            return self.approval_amount();
        }
        match self.0.fields.get(field) {
            None => fail(ScriptProblem::UnknownField { field: field.to_owned() }, Position::NONE),
            Some(value) => {
                self.note(field, value.clone());
                self.shown(field, value)
            }
        }
    }

    /// Whether a field is filled.
    fn has(&self, field: &str) -> Outcome<bool> {
        if field == APPROVAL_AMOUNT {
            return Ok(self.0.approval_amount.is_some() || self.0.without_ceiling);
        }
        match self.0.fields.get(field) {
            None => fail(ScriptProblem::UnknownField { field: field.to_owned() }, Position::NONE),
            Some(value) => {
                self.note(field, value.clone());
                Ok(*value != Value::Empty)
            }
        }
    }

    fn approval_amount(&self) -> Outcome {
        if self.0.without_ceiling {
            self.note(WITHOUT_CEILING, Value::Bool(true));
            return Ok(Dynamic::from_decimal(Decimal::MAX));
        }
        match self.0.approval_amount {
            None => fail(ScriptProblem::NoApprovalAmount, Position::NONE),
            Some(amount) => {
                self.note(APPROVAL_AMOUNT, Value::Amount(amount));
                Ok(Dynamic::from_decimal(decimal_of(amount)))
            }
        }
    }

    fn note(&self, field: &str, value: Value) {
        let mut reads = self.0.reads.lock().unwrap_or_else(PoisonError::into_inner);
        if !reads.iter().any(|read| read.field == field) {
            reads.push(Read { field: field.to_owned(), value });
        }
    }

    /// A value as closures compute with it. An empty one is never compared: reading it is an error.
    fn shown(&self, field: &str, value: &Value) -> Outcome {
        Ok(match value {
            Value::Empty => return fail(ScriptProblem::EmptyField { field: field.to_owned() }, Position::NONE),
            Value::Text(text) => Dynamic::from(text.clone()),
            Value::Number(number) => Dynamic::from_decimal(*number),
            Value::Money(money) => Dynamic::from_decimal(decimal_of(money.amount)),
            Value::Amount(amount) => Dynamic::from_decimal(decimal_of(*amount)),
            Value::Date(date) => Dynamic::from(Day(*date)),
            Value::Timestamp(at) => Dynamic::from_decimal(Decimal::from(at.as_micros() / 1_000_000)),
            Value::Bool(yes) => Dynamic::from_bool(*yes),
            Value::User(user) => {
                let login = self.0.directory.people.get(user).map(|person| person.login.clone());
                Dynamic::from(login.unwrap_or_else(|| user.to_string()))
            }
            Value::Department(department) => {
                let code = self.0.directory.departments.get(department).map(|department| department.code.clone());
                Dynamic::from(code.unwrap_or_else(|| department.to_string()))
            }
            Value::List(items) => {
                let items: Outcome<Array> = items.iter().map(|item| self.shown(field, item)).collect();
                Dynamic::from_array(items?)
            }
            Value::Record(parts) => Dynamic::from(Part(self.clone(), Arc::new(parts.clone()))),
        })
    }
}

/// What closures can do with a record.
pub(super) fn functions() -> Shared<Module> {
    static MODULE: LazyLock<Shared<Module>> = LazyLock::new(|| {
        let text = TypeId::of::<ImmutableString>();
        let mut module = Module::new();
        module.set_custom_type::<Record>("record");
        module.set_custom_type::<Part>("part");
        module.set_custom_type::<Day>("date");
        raw(&mut module, INDEX, &[TypeId::of::<Record>(), text], |_, args| with_record(args, Record::get));
        raw(&mut module, INDEX, &[TypeId::of::<Part>(), text], |_, args| part(args));
        raw(&mut module, "has", &[TypeId::of::<Record>(), text], |_, args| {
            with_record(args, |record, field| record.has(field).map(Dynamic::from_bool))
        });
        raw(&mut module, "has", &[text], |context, args| {
            let record = context.tag().and_then(|tag| tag.read_lock::<Record>().map(|record| record.clone()));
            let field =
                args.first().and_then(|field| field.read_lock::<ImmutableString>().map(|field| field.to_string()));
            match (record, field) {
                (Some(record), Some(field)) => record.has(&field).map(Dynamic::from_bool),
                _ => Ok(Dynamic::FALSE),
            }
        });
        module.into()
    });
    MODULE.clone()
}

fn with_record(args: &mut [&mut Dynamic], answer: impl Fn(&Record, &str) -> Outcome) -> Outcome {
    let [record, field] = args else { return Ok(Dynamic::UNIT) };
    let record = record.read_lock::<Record>().map(|record| record.clone());
    let field = field.read_lock::<ImmutableString>().map(|field| field.to_string());
    match (record, field) {
        (Some(record), Some(field)) => answer(&record, &field),
        _ => Ok(Dynamic::UNIT),
    }
}

fn part(args: &mut [&mut Dynamic]) -> Outcome {
    let [part, field] = args else { return Ok(Dynamic::UNIT) };
    let part = part.read_lock::<Part>().map(|part| part.clone());
    let field = field.read_lock::<ImmutableString>().map(|field| field.to_string());
    let (Some(Part(record, parts)), Some(field)) = (part, field) else { return Ok(Dynamic::UNIT) };
    match parts.get(&field) {
        Some(value) => record.shown(&field, value),
        None => fail(ScriptProblem::UnknownField { field }, Position::NONE),
    }
}
