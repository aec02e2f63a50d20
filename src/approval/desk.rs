//! What the pages and the API of this room stand on.

use std::sync::Arc;

use super::approvals::RACES;
use super::links::Guesses;
use super::{
    ApprovalError, Approvals, Ask, Done, Impact, Look, Ready, Target, Viewer, Workflow, WorkflowVersion, impact,
    workflows,
};
use crate::db::Conn;
use crate::files::Files;
use crate::i18n::Lang;
use crate::kernel::{CaseId, Hash, Token, UserId};
use crate::org::Org;
use crate::workflow::check::check;
use crate::workflow::language::{Fault, Severity, Shelf};
use crate::workflow::{Act, Directory, SubjectSchema, SuggestionNumber};

/// Cases, people and files together; cheap to clone.
#[derive(Clone)]
pub struct Desk(Arc<Inner>);

struct Inner {
    approvals: Approvals,
    org: Org,
    files: Files,
    guesses: Guesses,
}

impl Desk {
    /// The desk.
    pub fn new(approvals: Approvals, org: Org, files: Files) -> Self {
        Self(Arc::new(Inner { approvals, org, files, guesses: Guesses::default() }))
    }

    /// Cases.
    pub fn approvals(&self) -> &Approvals {
        &self.0.approvals
    }

    /// People.
    pub fn org(&self) -> &Org {
        &self.0.org
    }

    pub(super) fn files(&self) -> &Files {
        &self.0.files
    }

    /// Who looks, with what they may read.
    pub fn viewer(&self, person: UserId) -> Viewer {
        Viewer { person, authority: self.0.org.authority() }
    }

    /// A case, if it is any business of theirs.
    pub async fn look(&self, case: CaseId, person: UserId, lang: Lang) -> Result<Look, ApprovalError> {
        self.0.approvals.look(case, &self.viewer(person), lang, None).await
    }

    /// The evidence bundle of a case, if it is any business of theirs and nothing in it is hidden from them.
    pub async fn bundle(&self, case: CaseId, person: UserId) -> Result<Vec<u8>, ApprovalError> {
        if !self.0.approvals.may_see(case, &self.viewer(person)).await?.is_whole() {
            return Err(ApprovalError::SeesParts);
        }
        self.0.approvals.bundle(case, &self.0.files).await
    }

    /// Carries a command out; whoever has nothing to do with the case learns nothing of it. Who may do something has to do with the
    /// case, so that only refusals are looked into.
    pub async fn act(&self, ask: Ask) -> Result<Done, ApprovalError> {
        let (approvals, target, reader) = (&self.0.approvals, ask.target.clone(), ask.actor.user);
        let done = match (&target, &ask.act) {
            (Target::Case(case), Act::TakeSuggestion { suggestion, .. }) => {
                approvals.take_suggestion(*case, *suggestion, &ask).await
            }
            _ => approvals.act(ask).await,
        };
        let refused = matches!(&done, Err(error) if !matches!(error, ApprovalError::Db(_) | ApprovalError::NoCase(_)));
        if let (true, Target::Case(case), Some(person)) = (refused, target, reader) {
            approvals.may_see(case, &self.viewer(person)).await?;
        }
        done
    }

    /// The link behind a token; an address that guesses is stopped.
    pub(super) async fn link(&self, token: &str, address: &str) -> Result<(Token, super::LinkSeen), ApprovalError> {
        let now = self.0.approvals.0.clock.now();
        if self.0.guesses.too_many(address, now) {
            return Err(ApprovalError::TooManyLinks);
        }
        let found = match Token::parse(token) {
            Ok(token) => self.0.approvals.link(&token).await.map(|seen| (token, seen)),
            Err(_) => Err(ApprovalError::NoLink),
        };
        if matches!(found, Err(ApprovalError::NoLink)) {
            self.0.guesses.count(address, now);
        }
        found
    }

    /// What is wrong with a workflow file, warnings included, against the records and the people that there are.
    pub async fn check(&self, source: &str, file: &str) -> Result<Vec<Fault>, ApprovalError> {
        let shelf = self.0.approvals.shelf().await?;
        Ok(check(source, file, &shelf, &self.schemas(), Some(&self.directory())))
    }

    /// What publishing a workflow that has no errors would do, tried on the newest `last` records; for whoever may administer workflows.
    pub async fn impact(&self, source: &str, file: &str, last: usize) -> Result<Impact, ApprovalError> {
        impact::of_draft(&self.0.approvals, source, file, &self.directory(), last).await
    }

    /// What workflows may name.
    pub fn schemas(&self) -> Vec<SubjectSchema> {
        self.0.approvals.registry().schemas().cloned().collect()
    }

    pub(super) fn directory(&self) -> Arc<Directory> {
        self.0.org.directory()
    }
}

/// Stores a version of a workflow in which `check` finds no error, for the owner of the machine: people go through a proposal.
pub async fn publish(
    approvals: &Approvals,
    source: &str,
    file: &str,
    directory: &Directory,
) -> Result<Hash, ApprovalError> {
    let (workflow, version) = publishable(approvals, source, file, directory, None).await?;
    approvals.make_current(workflow, version).await
}

/// A file in which `check` finds no error and whose effects can be carried out.
pub(super) async fn publishable(
    approvals: &Approvals,
    source: &str,
    file: &str,
    directory: &Directory,
    by: Option<UserId>,
) -> Result<(Workflow, WorkflowVersion), ApprovalError> {
    let shelf = approvals.shelf().await?;
    without_errors(approvals, source, file, &shelf, directory)?;
    let (workflow, version) = workflows::read(source, file, &shelf, by, approvals.now())?;
    approvals.effects_possible(&workflow.definition, directory)?;
    Ok((workflow, version))
}

/// Refuses a file in which `check` finds an error.
pub(super) fn without_errors(
    approvals: &Approvals,
    source: &str,
    file: &str,
    shelf: &Shelf,
    directory: &Directory,
) -> Result<(), ApprovalError> {
    let schemas: Vec<SubjectSchema> = approvals.registry().schemas().cloned().collect();
    let faults = check(source, file, shelf, &schemas, Some(directory));
    if faults.iter().any(|fault| fault.severity == Severity::Error) {
        return Err(ApprovalError::Faults { file: file.to_owned(), faults });
    }
    Ok(())
}

impl Approvals {
    /// The drafter takes a suggestion. Where the record's room can write the text into that part, the edit goes with it in the same
    /// write: under approval it voids what it touches and asks anew, after a return it is part of the drafter's work. Else it is noted,
    /// and the drafter does it by hand in the next round.
    pub async fn take_suggestion(
        &self,
        case: CaseId,
        suggestion: SuggestionNumber,
        ask: &Ask,
    ) -> Result<Done, ApprovalError> {
        for _ in 0..RACES {
            let mut ask = ask.clone();
            if let Some((rewrite, running)) = self.rewritten(case, suggestion).await? {
                let edited = if running { rewrite.paths.clone() } else { Vec::new() };
                ask = Ask { act: Act::TakeSuggestion { suggestion, edited }, ..ask }.rewriting(rewrite);
            }
            let prepared = match self.prepare(&ask).await? {
                Ready::Nothing(done) => return Ok(done),
                Ready::ToStore(prepared) => prepared,
            };
            match self.0.db.write(async move |c: &mut Conn<'_>| prepared.store(c).await).await {
                Err(ApprovalError::LostRace) => {}
                stored => return stored,
            }
        }
        Err(ApprovalError::LostRace)
    }
}
