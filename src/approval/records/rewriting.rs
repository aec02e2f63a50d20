//! A record with another text in one field, while it is under approval: what taking a suggestion does to it.

use serde_json::{Map, Value as Json};

use super::RecordSubject;
use crate::approval::{CaseAt, Rewrite, SubjectRefusal};
use crate::db::{Conn, DbError};
use crate::i18n::{Arg, Message, msg};
use crate::kernel::OfficeHours;
use crate::record::{self, FieldProblem, Held, Kind, Record, Value, Values, Wording};

/// Characters of a suggested text that a refusal repeats.
const REPEATED: usize = 40;

/// What the engine will see, and which fields are to be stored.
pub(super) async fn rewritten(
    subject: &RecordSubject,
    c: &mut Conn<'_>,
    id: i64,
    (path, text): (&str, &str),
) -> Result<Option<Rewrite>, SubjectRefusal> {
    let kind = subject.kind();
    let Some(seen) = record::seen(c, kind, id).await? else { return Ok(None) };
    let (lists, directory, office) = (record::load_dictionaries(c).await?, subject.directory(), OfficeHours::default());
    let wording = Wording { lists: &lists, directory: &directory, zone: office.zone(), now: subject.now() };
    let name = path.strip_prefix("fields/").unwrap_or_default();
    let values = record::reword(subject.behaviour(), &seen.record, (name, text), &wording);
    let values = values.map_err(|problem| SubjectRefusal::Refused(refusal(kind, path, text, problem)))?;
    let content = Json::Object(changed(kind, &seen.record.values, &values));
    let facts = |values: &Values, seen: &record::Seen| {
        subject
            .facts_with(seen, &subject.behaviour().proposed(&Record { values: values.clone(), ..seen.record.clone() }))
    };
    let Some(before) = facts(&seen.record.values, &seen)? else { return Ok(None) };
    let after = record::around(c, kind, Record { values: values.clone(), ..seen.record.clone() }).await?;
    let Some(facts) = facts(&values, &after)? else { return Ok(None) };
    let paths: Vec<String> = before.content.changes(&facts.content).into_iter().map(|(path, _)| path).collect();
    Ok(Some(Rewrite { id, facts, paths, content }).filter(|rewrite| !rewrite.paths.is_empty()))
}

/// Stores it over the version that was compared.
pub(super) async fn store(
    subject: &RecordSubject,
    c: &mut Conn<'_>,
    rewrite: &Rewrite,
    at: &CaseAt,
) -> Result<(), SubjectRefusal> {
    let fields: Map<String, Json> =
        serde_json::from_value(rewrite.content.clone()).map_err(|error| DbError::Check(error.to_string()))?;
    let mut held = Held::take(c, subject.behaviour(), rewrite.id, super::subject::held_at(at)).await?;
    Ok(held.rewrite(c, &fields).await?)
}

/// The fields that differ, as they will be; an empty one is null.
fn changed(kind: &Kind, old: &Values, new: &Values) -> Map<String, Json> {
    let differs = kind.stored().filter(|field| old.get(field.name()) != new.get(field.name()));
    differs.map(|field| (field.name().to_owned(), new.get(field.name()).map_or(Json::Null, Value::json))).collect()
}

/// Which field it is, what was suggested, what is wrong with that and how it is written.
fn refusal(kind: &Kind, path: &str, text: &str, problem: FieldProblem) -> Message {
    let field = match kind.field(&problem.field) {
        Some(field) => Arg::from(kind.label(field.name())),
        None => Arg::from(path),
    };
    let mut repeated: String = text.trim().chars().take(REPEATED).collect();
    if text.trim().chars().count() > REPEATED {
        repeated.push('…');
    }
    msg!("approval.records.not_suggested", field = field, text = repeated, problem = problem.message)
}
