//! A real record on its way through a draft: which one is asked for, and where it would go.

use serde::Serialize;

use super::AdministerWorkflows;
use crate::approval::pages::path::{self, StepShown};
use crate::approval::{ApprovalError, Desk, Listed};
use crate::i18n::{Explain as _, Message};
use crate::kernel::{Kind, UserId};
use crate::org::pages::Permission;
use crate::workflow::language::Loaded;

/// A real record on its way through the draft.
#[derive(Clone, Serialize)]
pub(super) struct ForeseenShown {
    pub(super) title: String,
    pub(super) refusal: Option<Message>,
    pub(super) steps: Vec<StepShown>,
}

/// The way of the record that was asked for, and the nodes that it passes; nothing where there is no such record.
pub(super) async fn foreseen(
    user: &Permission<AdministerWorkflows>,
    desk: &Desk,
    loaded: &Loaded,
    wanted: &str,
) -> Result<Option<(ForeseenShown, Vec<String>)>, ApprovalError> {
    let (person, kind) = (user.user.user(), &loaded.definition.subject);
    let Some(id) = asked_for(desk, kind, wanted, person).await? else { return Ok(None) };
    let found = match desk.foresee(loaded, &kind.reference(id), person).await {
        Ok(found) => found,
        Err(ApprovalError::NoSubject(_)) => return Ok(None),
        Err(error) => return Err(error),
    };
    let way = found.steps.iter().filter(|step| step.on_the_way()).map(|step| step.node.clone()).collect();
    let shown = ForeseenShown {
        steps: path::ahead(&found.steps, &found.directory),
        refusal: found.refusal.map(|refusal| refusal.message()),
        title: found.title,
    };
    Ok(Some((shown, way)))
}

/// The number behind `#`, where one was chosen from the list; else the newest record of that number or title.
async fn asked_for(desk: &Desk, kind: &Kind, wanted: &str, person: UserId) -> Result<Option<i64>, ApprovalError> {
    let chosen = wanted.rsplit_once('#').and_then(|(_, number)| number.parse().ok());
    if chosen.is_some() {
        return Ok(chosen);
    }
    Ok(desk.records(kind, wanted, person).await?.first().map(|one| one.id))
}

/// `KS-2026-0001 软件服务合同 #12`.
pub(super) fn record_said(one: &Listed) -> String {
    let titled = format!("{} #{}", one.title, one.id);
    one.number.as_ref().map_or_else(|| titled.clone(), |number| format!("{number} {titled}"))
}
