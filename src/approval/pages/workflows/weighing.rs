//! What a second person weighs: what changes node by node, and what it would do to the records and cases that there are.

use serde::Serialize;

use crate::approval::impact::{self, Occasion, USUAL, case_said, grid_summary, record_said, summary};
use crate::approval::{ApprovalError, Desk, file_of};
use crate::i18n::{Lang, Message};
use crate::kernel::{Hash, Kind, UserId};
use crate::org::{Action, Records};
use crate::workflow::diff::{Change, diff};
use crate::workflow::explain::Names;
use crate::workflow::language::{Loaded, load_with};

/// Sentences about single records and cases that are shown.
const SHOWN: usize = 40;

/// What publishing would do.
#[derive(Clone, Serialize)]
pub(in crate::approval::pages) struct ImpactShown {
    summary: Vec<Message>,
    /// What somebody who weighs it must look at, record by record; nothing to those who may not read every record.
    single: Vec<Message>,
    /// How many sentences more there are.
    more: usize,
}

impl ImpactShown {
    fn of(summary: Vec<Message>, mut single: Vec<Message>) -> Self {
        let more = single.len().saturating_sub(SHOWN);
        single.truncate(SHOWN);
        Self { summary, single, more }
    }
}

/// Tries a file without errors on the newest records.
pub(super) async fn impact(desk: &Desk, source: &str, reader: UserId) -> Result<Option<ImpactShown>, ApprovalError> {
    let found = match desk.impact(source, &file_of(source), USUAL).await {
        Ok(found) => found,
        Err(ApprovalError::Faults { .. } | ApprovalError::UnknownKind(_)) => return Ok(None),
        Err(error) => return Err(error),
    };
    let directory = desk.directory();
    let single: Vec<Message> = if reads_all(desk, &found.subject, reader) {
        let records = found.remarkable().flat_map(|record| record_said(record, &directory, Occasion::Publication));
        records.chain(found.unmovable.iter().flat_map(case_said)).collect()
    } else {
        Vec::new()
    };
    Ok(Some(ImpactShown::of(summary(&found), single)))
}

/// Whether somebody may read every record of a kind.
fn reads_all(desk: &Desk, kind: &Kind, reader: UserId) -> bool {
    let read_as = desk.approvals().registry().subject(kind).map(|subject| subject.read_as());
    read_as.is_some_and(|kind| {
        desk.org().scope_of(reader, &kind, Action::Read).is_ok_and(|scope| *scope.records() == Records::All)
    })
}

/// Tries a version of an authority grid on the newest records, with the title of the grid; nothing where there is no such version.
pub(in crate::approval::pages) async fn of_grid(
    desk: &Desk,
    version: (&str, u32),
    reader: UserId,
) -> Result<Option<(String, ImpactShown)>, ApprovalError> {
    let directory = desk.directory();
    let Some(found) = impact::of_grid(desk.approvals(), &directory, version, USUAL).await? else { return Ok(None) };
    let changed = found.changed().filter(|record| reads_all(desk, &record.subject.kind, reader));
    let single = changed.flat_map(|record| record_said(record, &directory, Occasion::Force)).collect();
    Ok(Some((found.title.clone(), ImpactShown::of(grid_summary(&found), single))))
}

/// A workflow as it was published, with the workflows that it ran then, or as it is drafted.
pub(super) enum Text<'a> {
    Published(Hash),
    Drafted(&'a str),
}

impl Text<'_> {
    /// As it can be read.
    async fn loaded(&self, desk: &Desk) -> Result<Option<Loaded>, ApprovalError> {
        let approvals = desk.approvals();
        match self {
            Self::Published(version) => match approvals.workflow(*version).await {
                Ok(workflow) => Ok(Some(workflow.loaded())),
                Err(ApprovalError::Unloadable(_)) => Ok(None),
                Err(error) => Err(error),
            },
            Self::Drafted(text) => Ok(load_with(text, &file_of(text), &approvals.shelf().await?).ok()),
        }
    }
}

/// What changes from one version to another, node by node; nothing where one of them cannot be read.
pub(super) async fn changes(
    desk: &Desk,
    lang: Lang,
    (old, new): (Text<'_>, Text<'_>),
) -> Result<Vec<Message>, ApprovalError> {
    let (Some(old), Some(new)) = (old.loaded(desk).await?, new.loaded(desk).await?) else { return Ok(Vec::new()) };
    let (directory, schemas) = (desk.directory(), desk.schemas());
    let schema = schemas.iter().find(|schema| schema.kind == new.definition.subject);
    let names =
        Names { directory: Some(&directory), schema, lang, day: Some(desk.approvals().today()), ..Names::default() };
    Ok(diff(&old, &new, names).iter().map(Change::message).collect())
}

#[cfg(test)]
pub(in crate::approval::pages) fn sample() -> ImpactShown {
    use crate::i18n::msg;
    ImpactShown { summary: vec![msg!("approval.no_case")], single: vec![msg!("approval.no_case")], more: 2 }
}
