//! What people see of approvals: the four boxes, the decision page, links in messages, figures, stuck cases, workflows.

mod acts;
mod case;
mod figures;
mod grid_impact;
mod handover;
mod inbox;
mod link;
mod path;
mod phrases;
mod powers;
mod records;
pub(super) mod sheet;
mod shown;
mod stuck;
mod workflows;

use std::collections::BTreeMap;

use axum::Router;
use serde::Serialize;

use super::{Desk, EffectId, RecordDesk, TOPIC_OF};
use crate::i18n::{Message, msg};
use crate::kernel::{CaseId, Hash, Kind};
use crate::web::{NavEntry, NavGroup};

pub use acts::{ActForm, act_of};
pub(super) use path::{StepShown, steps};
pub(super) use stuck::AdministerApprovals;
pub(super) use workflows::{AdministerWorkflows, ReadWorkflows};

crate::paths! {
    /// The four boxes.
    pub BoxesPath = "/approvals" {}
    /// How much waits, for the navigation.
    pub CountPath = "/approvals/count" {}
    /// Hands a record of any kind in.
    pub HandInRecordPath = "/approvals/of/{kind}/{id}" { kind: String, id: i64 }
    /// Several decisions at once.
    pub BatchPath = "/approvals/batch" {}
    /// What people often write.
    pub PhrasesPath = "/approvals/phrases" {}
    /// How approvals go.
    pub FiguresPath = "/approvals/figures" {}
    /// The same as an Excel workbook.
    pub ExcelPath = "/approvals/figures.xlsx" {}
    /// The decision page.
    pub CasePath = "/approvals/{case}" { case: CaseId }
    /// A command on a case.
    pub ActPath = "/approvals/{case}/{act}" { case: CaseId, act: String }
    /// Takes a decision back.
    pub UndoPath = "/approvals/{case}/decisions/{decision}/undo" { case: CaseId, decision: u32 }
    /// A file of the record under approval.
    pub CaseFilePath = "/approvals/{case}/files/{hash}" { case: CaseId, hash: Hash }
    /// The approval sheet, for the printer.
    pub SheetPath = "/approvals/{case}/sheet" { case: CaseId }
    /// The same as PDF.
    pub SheetPdfPath = "/approvals/{case}/sheet.pdf" { case: CaseId }
    /// Everything that proves a case.
    pub BundlePath = "/approvals/{case}/evidence.zip" { case: CaseId }
    /// The link in a message.
    pub LinkPath = "/a/{token}" { token: String }
    /// A command through the link in a message.
    pub LinkActPath = "/a/{token}/{act}" { token: String, act: String }
    /// A file of the record, through the link in a message.
    pub LinkFilePath = "/a/{token}/files/{hash}" { token: String, hash: Hash }
    /// Cases and effects that cannot go on.
    pub StuckPath = "/admin/stuck" {}
    /// Tries a case again.
    pub RetryCasePath = "/admin/stuck/cases/{case}/retry" { case: CaseId }
    /// Tries an effect again.
    pub RetryEffectPath = "/admin/stuck/effects/{effect}/retry" { effect: EffectId }
    /// Everything of somebody who leaves.
    pub HandoverPath = "/admin/handover" {}
}

/// Every page of this room.
pub fn routes(desk: Desk, records: RecordDesk) -> Router {
    Router::new()
        .merge(inbox::routes())
        .merge(case::routes())
        .merge(figures::routes())
        .merge(link::routes())
        .merge(phrases::routes())
        .merge(sheet::routes())
        .merge(stuck::routes())
        .merge(handover::routes())
        .merge(workflows::routes())
        .merge(grid_impact::routes())
        .with_state(desk)
        .merge(records::routes(records))
}

/// The lines of the navigation.
pub fn nav() -> Vec<NavEntry> {
    vec![
        NavEntry::new(NavGroup::Work, msg!("approval.title"), "checks", &BoxesPath {})
            .primary()
            .live(&CountPath {}, TOPIC_OF),
        NavEntry::new(NavGroup::Insight, msg!("approval.figures.nav"), "hourglass", &FiguresPath {}),
        NavEntry::new(NavGroup::Admin, msg!("approval.workflows"), "route", &workflows::WorkflowsPath {})
            .needs("workflow.read"),
        NavEntry::new(NavGroup::Admin, msg!("approval.stuck_list"), "alert-triangle", &StuckPath {})
            .needs("approval.administer"),
        NavEntry::new(NavGroup::Admin, msg!("approval.handover"), "send", &HandoverPath {})
            .needs("approval.administer"),
    ]
}

/// A line of a list that opens.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Choice {
    pub(super) value: String,
    pub(super) label: String,
}

impl Choice {
    pub(super) fn new(value: impl std::fmt::Display, label: impl Into<String>) -> Self {
        Self { value: value.to_string(), label: label.into() }
    }
}

impl Desk {
    /// What people call each kind of record that can be approved.
    pub(super) fn kind_titles(&self) -> BTreeMap<Kind, Message> {
        let registry = self.approvals().registry();
        let granted =
            |kind: &Kind| self.org().kinds().iter().find(|one| one.kind == *kind).map(|one| Message::of(one.title));
        let title = |kind: &Kind| granted(kind).or_else(|| registry.subject(kind)?.kind_title());
        registry.schemas().filter_map(|schema| Some((schema.kind.clone(), title(&schema.kind)?))).collect()
    }
}
