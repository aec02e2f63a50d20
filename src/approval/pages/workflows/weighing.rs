//! What a second person weighs: what changes node by node, and what it would do to the records and cases that there are.

use serde::Serialize;

use crate::approval::impact::{USUAL, case_said, record_said, summary};
use crate::approval::{ApprovalError, Desk, file_of};
use crate::i18n::{Lang, Message};
use crate::kernel::UserId;
use crate::org::{Action, Records};
use crate::workflow::diff::{Change, diff};
use crate::workflow::explain::Names;
use crate::workflow::language::load_with;

/// Sentences about single records and cases that are shown.
const SHOWN: usize = 40;

/// What publishing would do.
#[derive(Clone, Serialize)]
pub(super) struct ImpactShown {
    summary: Vec<Message>,
    /// What somebody who weighs it must look at, record by record; nothing to those who may not read every record.
    single: Vec<Message>,
    /// How many sentences more there are.
    more: usize,
}

/// Tries a file without errors on the newest records.
pub(super) async fn impact(desk: &Desk, source: &str, reader: UserId) -> Result<Option<ImpactShown>, ApprovalError> {
    let found = match desk.impact(source, &file_of(source), USUAL).await {
        Ok(found) => found,
        Err(ApprovalError::Faults { .. } | ApprovalError::UnknownKind(_)) => return Ok(None),
        Err(error) => return Err(error),
    };
    let kind = desk.approvals().registry().subject(&found.subject).map(|subject| subject.read_as());
    let reads_all = kind.is_some_and(|kind| {
        desk.org().scope_of(reader, &kind, Action::Read).is_ok_and(|scope| *scope.records() == Records::All)
    });
    let directory = desk.directory();
    let mut single: Vec<Message> = if reads_all {
        let records = found.remarkable().flat_map(|record| record_said(record, &directory));
        records.chain(found.unmovable.iter().flat_map(case_said)).collect()
    } else {
        Vec::new()
    };
    let more = single.len().saturating_sub(SHOWN);
    single.truncate(SHOWN);
    Ok(Some(ImpactShown { summary: summary(&found), single, more }))
}

/// What changes from one text to another, node by node; nothing where one of them cannot be read.
pub(super) async fn changes(desk: &Desk, lang: Lang, old: &str, new: &str) -> Result<Vec<Message>, ApprovalError> {
    let file = file_of(new);
    let shelf = desk.approvals().shelf().await?;
    let (Ok(old), Ok(new)) = (load_with(old, &file, &shelf), load_with(new, &file, &shelf)) else {
        return Ok(Vec::new());
    };
    let (directory, schemas) = (desk.directory(), desk.schemas());
    let schema = schemas.iter().find(|schema| schema.kind == new.definition.subject);
    let names =
        Names { directory: Some(&directory), schema, lang, day: Some(desk.approvals().today()), ..Names::default() };
    Ok(diff(&old, &new, names).iter().map(Change::message).collect())
}

#[cfg(test)]
pub(super) fn sample() -> ImpactShown {
    use crate::i18n::msg;
    ImpactShown { summary: vec![msg!("approval.no_case")], single: vec![msg!("approval.no_case")], more: 2 }
}
