//! Handing in a record.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::approval::{ApprovalError, Ask, Desk, Done, Part, Preview, Reader, Subject};
use crate::db::Conn;
use crate::i18n::{Explain, Lang};
use crate::kernel::{Actor, Hash, UserId};
use crate::org::{Action, Forbidden};
use crate::record::{Hold, Kind, Record, RecordError, Records};
use crate::workflow::{Act, NodeName, Refusal, SubjectFacts};

/// Records and their approval together; cheap to clone.
#[derive(Clone)]
pub struct RecordDesk {
    desk: Desk,
    records: Records,
}

/// What would become of a record that somebody hands in.
pub struct BeforeHandingIn {
    /// As it stands.
    pub record: Record,
    /// What approval knows of it.
    pub hold: Option<Hold>,
    /// Who will be asked and why, or why nobody can be.
    pub preview: Result<Preview, ApprovalError>,
    /// What changed since it was handed in last.
    pub changes: Vec<Part>,
}

impl BeforeHandingIn {
    /// What keeps it from being handed in, the files that the workflow asks for apart.
    pub fn stops(&self) -> (Option<&dyn Explain>, &[String]) {
        match &self.preview {
            Err(error) => (Some(error), &[]),
            Ok(preview) => match &preview.refusal {
                Some(Refusal::FilesMissing { labels }) => (None, labels),
                // They are chosen on the page before it is handed in.
                None | Some(Refusal::PeopleNotChosen { .. }) => (None, &[]),
                Some(refusal) => (Some(refusal), &[]),
            },
        }
    }

    /// Whether it can be handed in as it is.
    pub fn is_ready(&self) -> bool {
        matches!(self.stops(), (None, []))
    }
}

impl RecordDesk {
    /// The desk.
    pub fn new(desk: Desk, records: Records) -> Self {
        Self { desk, records }
    }

    /// Cases.
    pub fn desk(&self) -> &Desk {
        &self.desk
    }

    /// The kind of that name, if its records can be approved.
    pub fn kind(&self, name: &str) -> Result<&'static Kind, ApprovalError> {
        Ok(self.records.kind(name).ok_or(RecordError::NotFound)?)
    }

    /// A record that somebody may read, with what approval knows of it.
    pub async fn standing(
        &self,
        user: UserId,
        kind: &'static Kind,
        id: i64,
    ) -> Result<(Record, Option<Hold>), ApprovalError> {
        let record = self.records.get(user, kind, id).await?;
        let hold = self.records.hold(kind, id).await?;
        Ok((record, hold))
    }

    /// What would become of a record that somebody may change, if they handed it in now.
    pub async fn before(
        &self,
        actor: Actor,
        kind: &'static Kind,
        id: i64,
        lang: Lang,
    ) -> Result<BeforeHandingIn, ApprovalError> {
        let (record, hold) = self.free(actor, kind, id).await?;
        let facts = self.facts(kind, id).await?;
        let preview = self.desk.approvals().preview(actor, facts).await;
        let changes = match &hold {
            Some(hold) => self.changes_since((kind, id), hold.content, lang).await?,
            None => Vec::new(),
        };
        Ok(BeforeHandingIn { record, hold, preview, changes })
    }

    /// Hands a record in, as it was read: it is locked, and everybody who is asked hears of it, in one write.
    pub async fn hand_in(
        &self,
        actor: Actor,
        kind: &'static Kind,
        (id, version): (i64, i64),
        chosen: BTreeMap<NodeName, Vec<UserId>>,
    ) -> Result<Done, ApprovalError> {
        let (record, _) = self.free(actor, kind, id).await?;
        let facts = self.facts(kind, id).await?;
        if record.version != version || facts.version != version {
            return Err(RecordError::Changed.into());
        }
        let ask = Ask::of_subject(kind.reference(id), actor, Act::Submit { chosen }).on(facts);
        self.desk.act(ask).await
    }

    /// A record that somebody may change, and that is free to be handed in.
    async fn free(&self, actor: Actor, kind: &'static Kind, id: i64) -> Result<(Record, Option<Hold>), ApprovalError> {
        let user = actor.user.ok_or(Forbidden { kind: kind.protected(), action: Action::Edit })?;
        let (record, hold) = self.standing(user, kind, id).await?;
        self.records.scope_of(user, kind, Action::Edit)?.demand(record.owner, record.department)?;
        self.records.demand_free(kind, &record, hold.as_ref())?;
        Ok((record, hold))
    }

    fn subject(&self, kind: &Kind) -> Result<Arc<dyn Subject>, ApprovalError> {
        let name = kind.protected();
        let found = self.desk.approvals().registry().subject(&name).cloned();
        found.ok_or(ApprovalError::UnknownKind(name))
    }

    async fn facts(&self, kind: &'static Kind, id: i64) -> Result<SubjectFacts, ApprovalError> {
        let subject = self.subject(kind)?;
        let read = async move |c: &mut Conn<'_>| subject.facts(c, id).await;
        let facts = self.desk.approvals().0.db.read(read).await?;
        facts.ok_or_else(|| ApprovalError::NoSubject(kind.reference(id)))
    }

    /// What changed since that content was handed in.
    async fn changes_since(
        &self,
        (kind, id): (&'static Kind, i64),
        content: Hash,
        lang: Lang,
    ) -> Result<Vec<Part>, ApprovalError> {
        let subject = self.subject(kind)?;
        let read = async move |c: &mut Conn<'_>| subject.brief(c, id, &Reader::of_all(lang, Some(content))).await;
        let brief = self.desk.approvals().0.db.read(read).await?;
        Ok(brief.map(|brief| brief.changes).unwrap_or_default())
    }
}
