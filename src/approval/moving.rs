//! One command on many cases: everything that somebody who leaves holds goes to somebody else (离职交接), and running cases move to
//! another version of their workflow (迁移). Each case is a write of its own, and says for itself what became of it.

use super::ask::Ask;
use super::prepared::Prepared;
use super::store::cases::{self, StoredCase};
use super::{ApprovalError, Approvals, Ready};
use crate::db::Conn;
use crate::i18n::{Arg, Message, msg};
use crate::kernel::{Actor, CaseId, Hash, UserId};
use crate::workflow::{Act, Directory, Status};

/// Cases that are read at once.
const PAGE: i64 = 200;
/// Running cases of other versions that are listed.
const LISTED: i64 = 500;

/// What became of one case, or would.
pub struct Moved {
    /// Which.
    pub case: CaseId,
    /// What people call it.
    pub title: String,
    /// What happened; nothing where the command did not concern it.
    pub outcome: Result<Asked, ApprovalError>,
}

/// Where a case stands after a command.
pub struct Asked {
    /// In one word.
    pub status: Status,
    /// Who is asked and was not asked before, with the title of the step.
    pub people: Vec<(String, UserId)>,
    /// Whether anything happened.
    pub moved: bool,
}

impl Asked {
    fn of(prepared: &Prepared) -> Self {
        let asked = prepared.rows.tasks.iter().filter(|row| row.open);
        let people = asked.map(|row| (row.node_title.clone(), row.person)).collect();
        Self { status: prepared.status, people, moved: true }
    }

    /// Who is asked now, in a sentence.
    pub fn said(&self, directory: &Directory) -> Message {
        let step = |(node, person): &(String, UserId)| {
            msg!("approval.then_step", node = node, people = directory.name(*person))
        };
        if self.people.is_empty() {
            return msg!("approval.nobody_new");
        }
        msg!("approval.asked_now", steps = self.people.iter().map(step).collect::<Arg>())
    }
}

impl Approvals {
    /// Gives everything that somebody holds in any running case to somebody else. Cases that do not concern them are left out.
    pub async fn take_over(
        &self,
        by: Actor,
        (from, to): (UserId, UserId),
        reason: &str,
    ) -> Result<Vec<Moved>, ApprovalError> {
        let act = Act::TakeOver { from, to, reason: reason.to_owned() };
        let mut moved = Vec::new();
        let mut after = CaseId::new(0);
        loop {
            let page = self.0.db.read(async move |c: &mut Conn<'_>| cases::not_over(c, after, PAGE).await).await?;
            let Some(last) = page.last() else { return Ok(moved) };
            after = last.id;
            for stored in page {
                let one = self.moved(stored, by, &act, false).await?;
                if one.outcome.as_ref().map_or(true, |asked| asked.moved) {
                    moved.push(one);
                }
            }
        }
    }

    /// Running cases of a workflow that run on another version.
    pub async fn cases_on_other_versions(&self, workflow: &str, version: Hash) -> Result<Vec<CaseId>, ApprovalError> {
        let workflow = workflow.to_owned();
        let read = async move |c: &mut Conn<'_>| cases::on_other_versions(c, &workflow, version, LISTED).await;
        Ok(self.0.db.read(read).await?.into_iter().map(|stored| stored.id).collect())
    }

    /// Moves cases to another version of their workflow, or says what a move would do.
    pub async fn migrate(
        &self,
        by: Actor,
        (cases, to): (&[CaseId], Hash),
        reason: &str,
        dry_run: bool,
    ) -> Result<Vec<Moved>, ApprovalError> {
        let act = Act::migrate(to, reason);
        let mut moved = Vec::new();
        for case in cases {
            let case = *case;
            let stored = self.0.db.read(async move |c: &mut Conn<'_>| cases::by_id(c, case).await).await?;
            moved.push(self.moved(stored.ok_or(ApprovalError::NoCase(case))?, by, &act, dry_run).await?);
        }
        Ok(moved)
    }

    /// One case; what the database cannot do ends all of it.
    async fn moved(&self, stored: StoredCase, by: Actor, act: &Act, dry_run: bool) -> Result<Moved, ApprovalError> {
        let StoredCase { id: case, title, .. } = stored;
        let ask = Ask::of_case(case, by, act.clone());
        let outcome = match self.prepare(&ask).await {
            Ok(Ready::Nothing(done)) => Ok(Asked { status: done.status, people: Vec::new(), moved: false }),
            Ok(Ready::ToStore(prepared)) => {
                let asked = Asked::of(&prepared);
                if dry_run { Ok(asked) } else { self.act(ask).await.map(|done| Asked { status: done.status, ..asked }) }
            }
            Err(refused) => Err(refused),
        };
        match outcome {
            Err(ApprovalError::Db(error)) => Err(error.into()),
            outcome => Ok(Moved { case, title, outcome }),
        }
    }
}
