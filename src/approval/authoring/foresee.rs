//! The way of a real record through a file that is not published.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::approval::{ApprovalError, Desk, Listed};
use crate::db::Conn;
use crate::kernel::{Actor, Kind, Ref, UserId};
use crate::org::{Action, Org};
use crate::workflow::language::Loaded;
use crate::workflow::{Act, Case, Command, Directory, Refusal, Step, decide, forecast};

/// Records that a list offers.
const OFFERED: u32 = 30;

/// What would become of a record if it were handed in now, for the first time, and the file were published.
#[derive(Clone, Debug)]
pub struct Foreseen {
    /// What people call the record.
    pub title: String,
    /// The nodes on its way with who will be asked.
    pub steps: Vec<Step>,
    /// Why handing it in would be refused: the file does not take it, a file is missing.
    pub refusal: Option<Refusal>,
    /// The people, for their names.
    pub directory: Arc<Directory>,
}

impl Desk {
    /// The way that a record would take.
    pub async fn foresee(&self, loaded: &Loaded, subject: &Ref, person: UserId) -> Result<Foreseen, ApprovalError> {
        let inner = &self.approvals().0;
        let missing = || ApprovalError::NoSubject(subject.clone());
        let kind = inner.registry.subject(&subject.kind).ok_or_else(missing)?;
        let (known, id) = (Arc::clone(kind), subject.id);
        let read = async move |c: &mut Conn<'_>| {
            Ok::<_, ApprovalError>((known.facts(c, id).await?, Org::directory_version(c).await?))
        };
        let (facts, directory) = inner.db.read(read).await?;
        let facts = facts.filter(|facts| self.viewer(person).may_read(facts, &kind.read_as())).ok_or_else(missing)?;
        let (title, actor) = (facts.title.clone(), Actor { user: Some(facts.drafter), ..Actor::SYSTEM });
        let facts = inner.facts(inner.clock.now(), facts, directory).await?;
        let loaded = loaded.clone().alone();
        let (definition, script, case) = (&loaded.definition, &loaded.script, Case::default());
        let command = Command { actor, act: Act::Submit { chosen: BTreeMap::new() } };
        Ok(Foreseen {
            title,
            steps: forecast(definition, script, &case, &facts),
            refusal: decide(definition, script, &case, &command, &facts).err(),
            directory: facts.directory,
        })
    }

    /// The newest records of a kind that somebody may read, by their number or title; all where nothing is asked for.
    pub async fn records(&self, kind: &Kind, words: &str, person: UserId) -> Result<Vec<Listed>, ApprovalError> {
        let inner = &self.approvals().0;
        let Some(subject) = inner.registry.subject(kind).cloned() else { return Ok(Vec::new()) };
        let Ok(scope) = self.org().scope_of(person, &subject.read_as(), Action::Read) else { return Ok(Vec::new()) };
        let words = words.to_owned();
        let read = async move |c: &mut Conn<'_>| subject.newest(c, &scope, &words, OFFERED).await;
        Ok(inner.db.read(read).await?)
    }
}
