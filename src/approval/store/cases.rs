//! Cases and the chain of their events.

use crate::approval::Glance;
use crate::db::{Conn, DbError, FromRow, Row};
use crate::kernel::{CaseId, Hash, Kind, Ref, Timestamp, UserId};
use crate::params;
use crate::workflow::{Case, Definition, Event, Sight};

macro_rules! columns {
    () => {
        "SELECT id, subject_kind, subject_id, workflow, definition, title, seq, head, over, created_at, updated_at \
         FROM approval_case "
    };
}

const BY_ID: &str = concat!(columns!(), "WHERE id = $1");
const BY_SUBJECT: &str = concat!(columns!(), "WHERE subject_kind = $1 AND subject_id = $2 ORDER BY id DESC LIMIT 1");
const STUCK: &str = concat!(columns!(), "WHERE stuck ORDER BY id LIMIT $1");
const RUNNING_OF: &str =
    concat!(columns!(), "WHERE NOT over AND subject_kind = $1 AND (drafter = $2 OR submitter = $2) ORDER BY id");
const SUBMITTED: &str = concat!(
    columns!(),
    "WHERE subject_kind = $1 AND round > 0 AND NOT EXISTS (SELECT 1 FROM approval_case AS later \
     WHERE later.subject_kind = approval_case.subject_kind AND later.subject_id = approval_case.subject_id \
     AND later.id > approval_case.id AND later.round > 0) ORDER BY id DESC LIMIT $2"
);
const RUNNING: &str = concat!(columns!(), "WHERE workflow = $1 AND round > 0 AND NOT over ORDER BY id DESC LIMIT $2");
const INSERT: &str = "INSERT INTO approval_case (subject_kind, subject_id, workflow, definition, title, other_party, amount, \
    currency, drafter, words, content, status, round, submitter, over, stuck, next_timer, seq, head, created_at, updated_at) \
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $20) RETURNING id";
const UPDATE: &str = "UPDATE approval_case SET title = $3, other_party = $4, amount = $5, currency = $6, drafter = $7, \
    words = $8, content = $9, status = $10, round = $11, submitter = $12, over = $13, stuck = $14, next_timer = $15, seq = $16, \
    head = $17, updated_at = $18, definition = $19 WHERE id = $1 AND seq = $2";
const INSERT_EVENT: &str = "INSERT INTO approval_event (case_id, seq, at, body, hash) VALUES ($1, $2, $3, $4, $5)";
const INSERT_FOUR: &str = "INSERT INTO approval_event (case_id, seq, at, body, hash) VALUES ($1, $3, $2, $4, $5), \
    ($1, $6, $2, $7, $8), ($1, $9, $2, $10, $11), ($1, $12, $2, $13, $14)";
const EVENTS: &str = "SELECT seq, at, body, hash FROM approval_event WHERE case_id = $1 AND seq > $2 ORDER BY seq";
const NOT_OVER: &str = concat!(columns!(), "WHERE NOT over AND id > $1 ORDER BY id LIMIT $2");
const ON_OTHER_VERSIONS: &str =
    concat!(columns!(), "WHERE workflow = $1 AND NOT over AND definition <> $2 ORDER BY id LIMIT $3");
const DUE: &str = "SELECT id FROM approval_case WHERE next_timer <= $1 ORDER BY next_timer, id LIMIT $2";
const PUT_OFF: &str = "UPDATE approval_case SET next_timer = $3 WHERE id = $1 AND next_timer <= $2";

const MAKE_WAY: &str = "UPDATE approval_case SET over = TRUE WHERE id = $1 AND seq = $2";

pub(super) const STATEMENTS: &[&str] = &[
    BY_ID,
    BY_SUBJECT,
    STUCK,
    RUNNING_OF,
    SUBMITTED,
    RUNNING,
    NOT_OVER,
    MAKE_WAY,
    ON_OTHER_VERSIONS,
    INSERT,
    UPDATE,
    INSERT_EVENT,
    INSERT_FOUR,
    EVENTS,
    DUE,
    PUT_OFF,
];

/// A case as it is stored.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::approval) struct StoredCase {
    pub(in crate::approval) id: CaseId,
    pub(in crate::approval) subject: Ref,
    pub(in crate::approval) workflow: String,
    pub(in crate::approval) definition: Hash,
    pub(in crate::approval) title: String,
    pub(in crate::approval) seq: i64,
    pub(in crate::approval) head: Hash,
    /// Whether nothing more comes of it: it ended, or it was taken back and another took its place.
    pub(in crate::approval) over: bool,
    pub(in crate::approval) created_at: Timestamp,
    pub(in crate::approval) updated_at: Timestamp,
}

/// An event as it is stored: the exact bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredEvent {
    /// Counted from 1 in its case.
    pub seq: i64,
    /// When it happened.
    pub at: Timestamp,
    /// The text that is hashed.
    pub body: String,
    /// The hash of the chain up to here.
    pub hash: Hash,
}

/// What a command leaves in the row of its case.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::approval) struct CaseRow {
    /// The version that it runs on.
    pub(in crate::approval) definition: Hash,
    pub(in crate::approval) glance: Glance,
    pub(in crate::approval) content: Option<Hash>,
    pub(in crate::approval) status: &'static str,
    pub(in crate::approval) round: u32,
    pub(in crate::approval) submitter: Option<UserId>,
    pub(in crate::approval) over: bool,
    pub(in crate::approval) stuck: bool,
    pub(in crate::approval) next_timer: Option<Timestamp>,
    pub(in crate::approval) seq: i64,
    pub(in crate::approval) head: Hash,
}

impl FromRow for StoredCase {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let kind: Kind = row.get("subject_kind")?;
        Ok(Self {
            id: row.get("id")?,
            subject: kind.reference(row.get("subject_id")?),
            workflow: row.get("workflow")?,
            definition: row.get("definition")?,
            title: row.get("title")?,
            seq: row.get("seq")?,
            head: row.get("head")?,
            over: row.get("over")?,
            created_at: row.get("created_at")?,
            updated_at: row.get("updated_at")?,
        })
    }
}

impl FromRow for StoredEvent {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        Ok(Self { seq: row.get("seq")?, at: row.get("at")?, body: row.get("body")?, hash: row.get("hash")? })
    }
}

impl StoredEvent {
    /// What happened.
    pub fn event(&self) -> Result<Event, DbError> {
        serde_json::from_str(&self.body).map_err(|error| unreadable("approval_event.body", &error))
    }

    /// Leaves out what is not seen; the hash stays that of the whole event.
    pub(in crate::approval) fn seen(&mut self, sight: &Sight, within: (&Definition, &Case)) -> Result<(), DbError> {
        let seen = serde_json::to_string(&sight.of_event(within, self.event()?));
        self.body = seen.map_err(|error| unreadable("approval_event.body", &error))?;
        Ok(())
    }
}

fn unreadable(column: &str, error: &serde_json::Error) -> DbError {
    DbError::Column { column: column.to_owned(), problem: error.to_string() }
}

impl StoredCase {
    /// Whether it was taken back, and another case of its record took its place.
    pub(in crate::approval) fn made_way(&self, state: &Case) -> bool {
        self.over && !state.status.over()
    }

    /// Where it stands.
    pub(in crate::approval) async fn state(&self, c: &mut Conn<'_>) -> Result<Case, DbError> {
        super::states::get(c, self).await
    }
}

pub(in crate::approval) async fn by_id(c: &mut Conn<'_>, id: CaseId) -> Result<Option<StoredCase>, DbError> {
    c.maybe(BY_ID, params![id]).await
}

/// The newest case of a record.
pub(in crate::approval) async fn by_subject(c: &mut Conn<'_>, subject: &Ref) -> Result<Option<StoredCase>, DbError> {
    c.maybe(BY_SUBJECT, params![subject.kind, subject.id]).await
}

/// Cases that cannot go on.
pub(in crate::approval) async fn stuck(c: &mut Conn<'_>, limit: i64) -> Result<Vec<StoredCase>, DbError> {
    c.all(STUCK, params![limit]).await
}

/// Cases that are not over, after one, by id.
pub(in crate::approval) async fn not_over(
    c: &mut Conn<'_>,
    after: CaseId,
    limit: i64,
) -> Result<Vec<StoredCase>, DbError> {
    c.all(NOT_OVER, params![after, limit]).await
}

/// Cases of a workflow that are not over and run on another version than this.
pub(in crate::approval) async fn on_other_versions(
    c: &mut Conn<'_>,
    workflow: &str,
    version: Hash,
    limit: i64,
) -> Result<Vec<StoredCase>, DbError> {
    c.all(ON_OTHER_VERSIONS, params![workflow, version, limit]).await
}

/// Cases of a kind of record under way that the person drafted or handed in.
pub(in crate::approval) async fn running_of(
    c: &mut Conn<'_>,
    kind: &Kind,
    person: UserId,
) -> Result<Vec<StoredCase>, DbError> {
    c.all(RUNNING_OF, params![kind, person]).await
}

/// The newest case of each record of a kind that was ever handed in, the newest first.
pub(in crate::approval) async fn submitted(
    c: &mut Conn<'_>,
    kind: &Kind,
    limit: i64,
) -> Result<Vec<StoredCase>, DbError> {
    c.all(SUBMITTED, params![kind, limit]).await
}

/// Cases of a workflow that were handed in and are not over, the newest first.
pub(in crate::approval) async fn running(
    c: &mut Conn<'_>,
    workflow: &str,
    limit: i64,
) -> Result<Vec<StoredCase>, DbError> {
    c.all(RUNNING, params![workflow, limit]).await
}

pub(in crate::approval) async fn insert(
    c: &mut Conn<'_>,
    subject: &Ref,
    workflow: &str,
    row: &CaseRow,
    at: Timestamp,
) -> Result<CaseId, DbError> {
    let (amount, currency) = (row.glance.amount.map(|it| it.amount), row.glance.amount.map(|it| it.currency));
    let values = params![
        subject.kind,
        subject.id,
        workflow,
        row.definition,
        row.glance.title,
        row.glance.other_party,
        amount,
        currency,
        row.glance.drafter,
        row.glance.words(),
        row.content,
        row.status,
        row.round,
        row.submitter,
        row.over,
        row.stuck,
        row.next_timer,
        row.seq,
        row.head,
        at
    ];
    let (id,) = c.one(INSERT, values).await?;
    Ok(id)
}

/// Another case of its record takes the place of one that was taken back; whether that still stood at event `seq`.
pub(in crate::approval) async fn make_way(c: &mut Conn<'_>, id: CaseId, seq: i64) -> Result<bool, DbError> {
    Ok(c.exec(MAKE_WAY, params![id, seq]).await? == 1)
}

/// Whether the case still stood at event `seq`.
pub(in crate::approval) async fn update(
    c: &mut Conn<'_>,
    id: CaseId,
    seq: i64,
    row: &CaseRow,
    at: Timestamp,
) -> Result<bool, DbError> {
    let (amount, currency) = (row.glance.amount.map(|it| it.amount), row.glance.amount.map(|it| it.currency));
    let values = params![
        id,
        seq,
        row.glance.title,
        row.glance.other_party,
        amount,
        currency,
        row.glance.drafter,
        row.glance.words(),
        row.content,
        row.status,
        row.round,
        row.submitter,
        row.over,
        row.stuck,
        row.next_timer,
        row.seq,
        row.head,
        at,
        row.definition
    ];
    Ok(c.exec(UPDATE, values).await? == 1)
}

/// The events of one command happen at one instant; four go with a statement.
pub(in crate::approval) async fn append(
    c: &mut Conn<'_>,
    case: CaseId,
    at: Timestamp,
    events: &[StoredEvent],
) -> Result<(), DbError> {
    let (fours, rest) = events.as_chunks::<4>();
    for [one, two, three, four] in fours {
        let values = params![
            case, at, one.seq, one.body, one.hash, two.seq, two.body, two.hash, three.seq, three.body, three.hash,
            four.seq, four.body, four.hash
        ];
        c.exec(INSERT_FOUR, values).await?;
    }
    for event in rest {
        c.exec(INSERT_EVENT, params![case, event.seq, at, event.body, event.hash]).await?;
    }
    Ok(())
}

pub(in crate::approval) async fn events(c: &mut Conn<'_>, case: CaseId) -> Result<Vec<StoredEvent>, DbError> {
    events_after(c, case, 0).await
}

/// The events of a case after one of them, oldest first.
pub(super) async fn events_after(c: &mut Conn<'_>, case: CaseId, seq: i64) -> Result<Vec<StoredEvent>, DbError> {
    c.all(EVENTS, params![case, seq]).await
}

/// Cases with a timer that ran out.
pub(in crate::approval) async fn due(c: &mut Conn<'_>, now: Timestamp, limit: i64) -> Result<Vec<CaseId>, DbError> {
    let rows: Vec<(CaseId,)> = c.all(DUE, params![now, limit]).await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// Looks at a timer again at `next`; it was due at `now` and could not fire. The timer itself stays as it is.
pub(in crate::approval) async fn put_off(
    c: &mut Conn<'_>,
    case: CaseId,
    now: Timestamp,
    next: Timestamp,
) -> Result<(), DbError> {
    c.exec(PUT_OFF, params![case, now, next]).await.map(drop)
}
