//! What can go wrong between a command and its case.

use super::{LinkEnd, SubjectRefusal};
use crate::db::DbError;
use crate::files::FilesError;
use crate::i18n::{ErrorKind, Explain, Message, msg};
use crate::kernel::{CaseId, Hash, Kind, Ref};
use crate::org::Forbidden;
use crate::pdf::PdfError;
use crate::record::RecordError;
use crate::workflow::explain::fault_said;
use crate::workflow::{Refusal, ScriptFault};

/// Why a command was not carried out. Nothing of it is stored.
#[derive(Debug, thiserror::Error)]
pub enum ApprovalError {
    /// The engine refuses.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The record refuses.
    #[error("the record refuses: {0:?}")]
    SubjectRefused(Message),
    /// The record could not take what somebody suggests.
    #[error("the record cannot take the suggestion: {0:?}")]
    SuggestionUnfit(Message),
    /// No such case.
    #[error("there is no case {0:?}")]
    NoCase(CaseId),
    /// What they ask for shows the whole record, of which they see parts.
    #[error("it shows the whole record, of which they see parts")]
    SeesParts,
    /// The record was never submitted.
    #[error("{0} has no case")]
    NeverSubmitted(Ref),
    /// No such record.
    #[error("there is no record {0}")]
    NoSubject(Ref),
    /// This kind of record cannot be approved.
    #[error("records of the kind {0} cannot be approved")]
    UnknownKind(Kind),
    /// No published workflow takes the record.
    #[error("no workflow takes {subject}")]
    NoWorkflow {
        /// The record.
        subject: Ref,
    },
    /// The workflow on which the record was sent back does not take it as it is now.
    #[error("{workflow} takes the record no longer")]
    TakenNoLonger {
        /// Its title.
        workflow: String,
    },
    /// The case was taken back, and the record goes another way since.
    #[error("another case of the record took its place")]
    MadeWay,
    /// Several published workflows take the record.
    #[error("{names:?} all take the record")]
    SeveralWorkflows {
        /// Their names.
        names: Vec<String>,
    },
    /// Whether a workflow takes the record cannot be said: a field that it reads is empty, for instance.
    #[error("whether {workflow} takes the record cannot be said: {fault}")]
    CannotChoose {
        /// Its name.
        workflow: String,
        /// What its condition stumbled over.
        fault: ScriptFault,
    },
    /// A published workflow would take records of the new one too.
    #[error("{other} and {name} could take the same record")]
    Overlap {
        /// The new one.
        name: String,
        /// The published one.
        other: String,
    },
    /// The file has faults.
    #[error("{file} has faults")]
    Faults {
        /// The file.
        file: String,
        /// As `check` prints them.
        faults: Vec<crate::workflow::language::Fault>,
    },
    /// A version that a case needs is not stored, or gives another structure than when it was published.
    #[error("the workflow version {0} cannot be loaded as it was published")]
    Unloadable(Hash),
    /// There is no such version to move a case to.
    #[error("there is no version {0}")]
    NoVersion(Hash),
    /// A case stays with its workflow.
    #[error("the case runs on {name}, and the version is of another workflow")]
    OtherWorkflow {
        /// Name of the workflow of the case.
        name: String,
    },
    /// The case runs on that version already.
    #[error("the case runs on that version already")]
    SameVersion,
    /// The file names an effect that nobody carries out for this kind of record.
    #[error("nobody carries out {effect}")]
    NoHandler {
        /// Its name.
        effect: &'static str,
    },
    /// Whoever carries an effect of the file out could not do it as it is written.
    #[error("{effect} cannot be carried out: {reason:?}")]
    EffectRefused {
        /// Its name.
        effect: &'static str,
        /// Why.
        reason: Message,
    },
    /// No such draft, or it is somebody else's.
    #[error("there is no such draft of a workflow")]
    NoDraft,
    /// A workflow that the proposal runs has another version since it was proposed.
    #[error("what the proposal runs was published anew")]
    ProposalOutdated,
    /// The draft is not as it was when it was read.
    #[error("the draft was changed meanwhile")]
    DraftChanged,
    /// The author has another draft of the workflow.
    #[error("there is a draft of {workflow} already")]
    DraftTaken {
        /// Its name.
        workflow: String,
    },
    /// The file does not say which workflow it is.
    #[error("the file does not name its workflow")]
    Unnamed,
    /// Another version was published since the draft was begun.
    #[error("another version of {workflow} was published meanwhile")]
    BaseMoved {
        /// Its name.
        workflow: String,
    },
    /// The text is the one that is current.
    #[error("{workflow} says that already")]
    Unchanged {
        /// Its name.
        workflow: String,
    },
    /// Authors do not answer their own proposals.
    #[error("a second person is needed")]
    SecondPersonNeeded,
    /// A reason is needed.
    #[error("a reason is needed")]
    ReasonMissing,
    /// A case of the author runs through the workflow that they would publish alone.
    #[error("a case of the author runs through the workflow")]
    OwnCaseRuns,
    /// The same key came with another case.
    #[error("the key {0:?} was used for another case")]
    KeyUsed(String),
    /// No such effect on the stuck list.
    #[error("this effect is not stuck")]
    NotStuck,
    /// No such link.
    #[error("there is no such link")]
    NoLink,
    /// The link no longer lets anybody decide.
    #[error("the link has ended: {0:?}")]
    LinkEnded(LinkEnd),
    /// A link went out a moment ago.
    #[error("a link was sent a moment ago")]
    LinkSentAlready,
    /// Too many wrong links from one address.
    #[error("too many links that do not exist")]
    TooManyLinks,
    /// The case has moved on since the version that came with the command.
    #[error("the case has moved on")]
    Moved,
    /// Somebody else was faster, five times.
    #[error("others changed the case at the same time")]
    LostRace,
    /// A value could not be written down.
    #[error("a value has no JSON: {0}")]
    Json(String),
    /// The record's own room refuses.
    #[error(transparent)]
    Record(#[from] RecordError),
    /// A file of the record cannot be read.
    #[error(transparent)]
    Files(#[from] FilesError),
    /// There is no PDF.
    #[error(transparent)]
    Pdf(#[from] PdfError),
    /// The person's roles do not grant this.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// The database.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl From<SubjectRefusal> for ApprovalError {
    fn from(refusal: SubjectRefusal) -> Self {
        match refusal {
            SubjectRefusal::LostRace => Self::LostRace,
            SubjectRefusal::Refused(message) => Self::SubjectRefused(message),
            SubjectRefusal::Db(error) => Self::Db(error),
        }
    }
}

impl From<serde_json::Error> for ApprovalError {
    fn from(error: serde_json::Error) -> Self {
        Self::Json(error.to_string())
    }
}

/// What stands on the stuck list where an effect is not known here.
pub(super) fn effect_unreadable(what: &str) -> Message {
    msg!("approval.effect_unreadable", what = what)
}

impl Explain for ApprovalError {
    fn code(&self) -> &'static str {
        match self {
            Self::Refused(refusal) => refusal.code(),
            Self::SubjectRefused(_) => "subject_refused",
            Self::SuggestionUnfit(_) => "suggestion_unfit",
            Self::NoCase(_) | Self::NeverSubmitted(_) => "case_not_found",
            Self::SeesParts => "sees_parts_only",
            Self::NoSubject(_) => "record_not_found",
            Self::UnknownKind(_) => "kind_not_approvable",
            Self::NoWorkflow { .. } => "no_workflow",
            Self::TakenNoLonger { .. } => "workflow_takes_no_longer",
            Self::MadeWay => "case_made_way",
            Self::SeveralWorkflows { .. } => "several_workflows",
            Self::CannotChoose { .. } => "workflow_undecidable",
            Self::Overlap { .. } => "workflows_overlap",
            Self::Faults { .. } => "workflow_faults",
            Self::Unloadable(_) => "workflow_unloadable",
            Self::NoVersion(_) => "version_not_found",
            Self::OtherWorkflow { .. } => "other_workflow",
            Self::SameVersion => "same_version",
            Self::NoHandler { .. } => "effect_unknown",
            Self::EffectRefused { .. } => "effect_refused",
            Self::NoDraft => "workflow_draft_not_found",
            Self::DraftChanged => "workflow_draft_changed",
            Self::ProposalOutdated => "workflow_proposal_outdated",
            Self::DraftTaken { .. } => "workflow_draft_exists",
            Self::Unnamed => "workflow_unnamed",
            Self::BaseMoved { .. } => "workflow_moved",
            Self::Unchanged { .. } => "workflow_unchanged",
            Self::SecondPersonNeeded => "second_person_needed",
            Self::ReasonMissing => "reason_missing",
            Self::OwnCaseRuns => "own_case_runs",
            Self::KeyUsed(_) => "idempotency_key_reused",
            Self::NotStuck => "effect_not_stuck",
            Self::NoLink => "link_not_found",
            Self::LinkEnded(_) => "link_ended",
            Self::LinkSentAlready => "link_sent_already",
            Self::TooManyLinks => "too_many_links",
            Self::Moved => "version_conflict",
            Self::LostRace => "lost_race",
            Self::Json(_) => "internal",
            Self::Record(error) => error.code(),
            Self::Files(error) => error.code(),
            Self::Pdf(error) => error.code(),
            Self::Forbidden(error) => error.code(),
            Self::Db(error) => error.code(),
        }
    }

    fn kind(&self) -> ErrorKind {
        match self {
            Self::Refused(refusal) => refusal.kind(),
            Self::NoCase(_)
            | Self::NeverSubmitted(_)
            | Self::NoSubject(_)
            | Self::NoLink
            | Self::NoDraft
            | Self::NoVersion(_) => ErrorKind::NotFound,
            Self::SeesParts => ErrorKind::Forbidden,
            Self::LinkSentAlready | Self::TooManyLinks => ErrorKind::TooMany,
            Self::UnknownKind(_)
            | Self::NoWorkflow { .. }
            | Self::SeveralWorkflows { .. }
            | Self::CannotChoose { .. }
            | Self::Overlap { .. }
            | Self::Faults { .. }
            | Self::OtherWorkflow { .. }
            | Self::NoHandler { .. }
            | Self::EffectRefused { .. }
            | Self::Unnamed
            | Self::Unchanged { .. }
            | Self::SuggestionUnfit(_)
            | Self::ReasonMissing => ErrorKind::Invalid,
            Self::SubjectRefused(_)
            | Self::KeyUsed(_)
            | Self::NotStuck
            | Self::Moved
            | Self::SameVersion
            | Self::LinkEnded(_)
            | Self::DraftChanged
            | Self::ProposalOutdated
            | Self::DraftTaken { .. }
            | Self::BaseMoved { .. }
            | Self::SecondPersonNeeded
            | Self::TakenNoLonger { .. }
            | Self::MadeWay
            | Self::OwnCaseRuns => ErrorKind::Conflict,
            Self::LostRace => ErrorKind::Busy,
            Self::Unloadable(_) | Self::Json(_) => ErrorKind::Internal,
            Self::Record(error) => error.kind(),
            Self::Files(error) => error.kind(),
            Self::Pdf(error) => error.kind(),
            Self::Forbidden(error) => error.kind(),
            Self::Db(error) => error.kind(),
        }
    }

    fn message(&self) -> Message {
        match self {
            Self::Refused(refusal) => refusal.message(),
            Self::SubjectRefused(message) | Self::SuggestionUnfit(message) => message.clone(),
            Self::NoCase(_) => msg!("approval.no_case"),
            Self::SeesParts => msg!("approval.sees_parts"),
            Self::NeverSubmitted(_) => msg!("approval.never_submitted"),
            Self::NoSubject(_) => msg!("approval.no_subject"),
            Self::UnknownKind(kind) => msg!("approval.unknown_kind", kind = kind.as_str()),
            Self::NoWorkflow { .. } => msg!("approval.no_workflow"),
            Self::TakenNoLonger { workflow } => msg!("approval.taken_no_longer", workflow = workflow),
            Self::MadeWay => msg!("approval.made_way"),
            Self::SeveralWorkflows { names } => msg!("approval.several_workflows", names = names.join("、")),
            Self::CannotChoose { workflow, fault } => {
                msg!("approval.cannot_choose", workflow = workflow, reason = fault_said(fault))
            }
            Self::Overlap { name, other } => msg!("approval.overlap", name = name, other = other),
            Self::Faults { file, faults } => {
                msg!(
                    "approval.faults",
                    file = file,
                    count = faults.len(),
                    line = faults.first().map_or(0, |one| one.line)
                )
            }
            Self::Unloadable(version) => msg!("approval.unloadable", version = version.short()),
            Self::NoVersion(version) => msg!("approval.no_version", version = version.short()),
            Self::OtherWorkflow { name } => msg!("approval.other_workflow", name = name),
            Self::SameVersion => msg!("approval.same_version"),
            Self::NoHandler { effect } => msg!("approval.no_handler", effect = *effect),
            Self::EffectRefused { effect, reason } => {
                msg!("approval.effect_refused", effect = *effect, reason = reason.clone())
            }
            Self::NoDraft => msg!("approval.no_draft"),
            Self::DraftChanged => msg!("approval.draft_changed"),
            Self::ProposalOutdated => msg!("approval.proposal_outdated"),
            Self::DraftTaken { workflow } => msg!("approval.draft_taken", workflow = workflow),
            Self::Unnamed => msg!("approval.unnamed"),
            Self::BaseMoved { workflow } => msg!("approval.base_moved", workflow = workflow),
            Self::Unchanged { workflow } => msg!("approval.unchanged", workflow = workflow),
            Self::SecondPersonNeeded => msg!("approval.second_person_needed"),
            Self::ReasonMissing => msg!("approval.reason_missing"),
            Self::OwnCaseRuns => msg!("approval.own_case_runs"),
            Self::KeyUsed(_) => msg!("web.idempotency_key_reused"),
            Self::NotStuck => msg!("approval.not_stuck"),
            Self::NoLink => msg!("approval.link.unknown"),
            Self::LinkEnded(end) => end.message(),
            Self::LinkSentAlready => msg!("approval.link.sent_already"),
            Self::TooManyLinks => msg!("approval.link.too_many"),
            Self::Moved => msg!("approval.moved"),
            Self::LostRace => msg!("approval.lost_race"),
            Self::Json(_) => msg!("approval.internal"),
            Self::Record(error) => error.message(),
            Self::Files(error) => error.message(),
            Self::Pdf(error) => error.message(),
            Self::Forbidden(error) => error.message(),
            Self::Db(error) => error.message(),
        }
    }

    fn field(&self) -> Option<&str> {
        matches!(self, Self::SuggestionUnfit(_)).then_some("text")
    }
}
