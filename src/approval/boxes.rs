//! The four boxes: what waits for me, what I handled, what I started, what I got a copy of.

use super::concern::acts_for;
use super::{ApprovalError, Approvals};
use crate::db::{Conn, Count, Cursor, DbError, FromRow, Key, Page, Query, Row, Sort};
use crate::kernel::{Amount, CaseId, Currency, Hash, Kind, Money, Timestamp, UserId};
use crate::params;
use crate::workflow::Directory;

/// Which box.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum BoxKind {
    /// 待我审批: open tasks, as a deputy too, and questions that nobody has answered.
    #[default]
    Waiting,
    /// 我已处理.
    Handled,
    /// 我发起的.
    Started,
    /// 抄送我的.
    Copied,
}

impl BoxKind {
    /// All of them in the order of their tabs.
    pub const ALL: [Self; 4] = [Self::Waiting, Self::Handled, Self::Started, Self::Copied];

    /// Its name in addresses.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Handled => "handled",
            Self::Started => "started",
            Self::Copied => "copied",
        }
    }

    /// The box of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.name() == name)
    }
}

/// What a box is narrowed to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BoxFilter {
    /// Only records of this kind.
    pub kind: Option<Kind>,
    /// Words of the title or the other party.
    pub words: String,
    /// Only what is overdue.
    pub overdue: bool,
    /// Only copies that are not read.
    pub unread: bool,
}

/// A line of a box.
#[derive(Clone, Debug, PartialEq)]
pub struct BoxRow {
    /// The case.
    pub case: CaseId,
    /// Why it is there: `task`, `question`, `decision`, `case` or `copy`.
    pub what: String,
    /// The number of the task, question or decision.
    pub number: u32,
    /// Whose task it is: the reader, or somebody for whom they act.
    pub person: Option<UserId>,
    /// What the record is called.
    pub title: String,
    /// The kind of record.
    pub kind: Kind,
    /// Who is on the other side.
    pub other_party: String,
    /// How much.
    pub amount: Option<Money>,
    /// Who drafted it.
    pub drafter: UserId,
    /// Where the case stands.
    pub status: String,
    /// The content that is under approval.
    pub content: Option<Hash>,
    /// At which node.
    pub node_title: String,
    /// The question, or the opinion.
    pub note: String,
    /// What was decided.
    pub choice: String,
    /// Since when, or when.
    pub at: Timestamp,
    /// Until when.
    pub due: Option<Timestamp>,
    /// A copy that was read.
    pub read: bool,
}

impl FromRow for BoxRow {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let amount: Option<Amount> = row.get("amount")?;
        let currency: Option<Currency> = row.get("currency")?;
        let read: i64 = row.get("seen")?;
        Ok(Self {
            case: row.get("case_id")?,
            what: row.get("what")?,
            number: row.get("number")?,
            person: row.get("person")?,
            title: row.get("title")?,
            kind: row.get("subject_kind")?,
            other_party: row.get("other_party")?,
            amount: amount.zip(currency).map(|(amount, currency)| Money::new(amount, currency)),
            drafter: row.get("drafter")?,
            status: row.get("status")?,
            content: row.get("content")?,
            node_title: row.get("node_title")?,
            note: row.get("note")?,
            choice: row.get("choice")?,
            at: row.get("at")?,
            due: row.get("due")?,
            read: read != 0,
        })
    }
}

const COLUMNS: &str = "w.case_id, w.what, w.number, w.person, w.node_title, w.note, w.choice, w.at, w.due, w.seen, c.title, \
    c.subject_kind, c.other_party, c.amount, c.currency, c.drafter, c.status, c.content";

const WAITING: &str = "(SELECT case_id, 'task' AS what, task AS number, person, node_title, '' AS note, '' AS choice, \
    opened_at AS at, due, COALESCE(due, 9223372036854775807) AS due_key, claimed_by, CAST(0 AS BIGINT) AS seen \
    FROM approval_task WHERE open UNION ALL \
    SELECT case_id, 'question', question, whom, '', text, '', asked_at, NULL, asked_at, NULL, CAST(0 AS BIGINT) \
    FROM approval_question WHERE answered_at IS NULL) AS w JOIN approval_case AS c ON c.id = w.case_id";
/// One line a case: the person's last decision.
const HANDLED: &str = "(SELECT case_id, 'decision' AS what, decision AS number, person, node_title, opinion AS note, choice, \
    at, CAST(NULL AS BIGINT) AS due, CAST(0 AS BIGINT) AS seen FROM approval_decision AS d WHERE NOT EXISTS (SELECT 1 \
    FROM approval_decision AS later WHERE later.case_id = d.case_id AND later.person = d.person \
    AND later.decision > d.decision)) AS w JOIN approval_case AS c ON c.id = w.case_id";
const STARTED: &str = "(SELECT id AS case_id, 'case' AS what, CAST(0 AS BIGINT) AS number, submitter AS person, \
    '' AS node_title, '' AS note, '' AS choice, updated_at AS at, CAST(NULL AS BIGINT) AS due, CAST(0 AS BIGINT) AS seen \
    FROM approval_case) AS w JOIN approval_case AS c ON c.id = w.case_id";
const COPIED: &str = "(SELECT case_id, 'copy' AS what, CAST(0 AS BIGINT) AS number, person, node AS node_title, '' AS note, \
    '' AS choice, sent_at AS at, CAST(NULL AS BIGINT) AS due, \
    CASE WHEN read_at IS NULL THEN CAST(0 AS BIGINT) ELSE CAST(1 AS BIGINT) END AS seen FROM approval_copy) AS w \
    JOIN approval_case AS c ON c.id = w.case_id";

const URGENT_FIRST: &[Sort] = &[Sort {
    name: "urgent",
    keys: &[Key::rising("w.due_key"), Key::rising("w.case_id"), Key::rising("w.number"), Key::rising("w.what")],
}];
const NEWEST_FIRST: &[Sort] =
    &[Sort { name: "newest", keys: &[Key::falling("w.at"), Key::falling("w.case_id"), Key::falling("w.node_title")] }];
const LAST_STARTED: &[Sort] = &[Sort { name: "started", keys: &[Key::falling("w.case_id")] }];

/// Lines on a page of a box.
const A_PAGE: u32 = 50;
/// How far a number beside a tab is counted.
const COUNTED: u32 = 99;

impl Approvals {
    /// A page of a box of `person`.
    pub async fn page_of(
        &self,
        which: BoxKind,
        person: UserId,
        filter: &BoxFilter,
        after: Option<Cursor>,
    ) -> Result<(Page<BoxRow>, Count), ApprovalError> {
        let list = self.list(which, person, filter).await?;
        let read = async move |c: &mut Conn<'_>| {
            let page = list.page(c, A_PAGE, after.as_ref()).await?;
            Ok::<_, ApprovalError>((page, list.count(c, 10_000).await?))
        };
        self.0.db.read(read).await
    }

    /// How much stands in a box, counted to [`COUNTED`]; of copies only those that are not read.
    pub async fn count_of(&self, which: BoxKind, person: UserId) -> Result<Count, ApprovalError> {
        let list =
            self.list(which, person, &BoxFilter { unread: which == BoxKind::Copied, ..BoxFilter::default() }).await?;
        Ok(self.0.db.read(async move |c| list.count(c, COUNTED).await).await?)
    }

    /// The most urgent line of what waits for `person`, in another case than `but`.
    pub async fn next_of(&self, person: UserId, but: CaseId) -> Result<Option<BoxRow>, ApprovalError> {
        let mut list = self.list(BoxKind::Waiting, person, &BoxFilter::default()).await?;
        list.filter("w.case_id <> ?", params![but]);
        let page: Page<BoxRow> = self.0.db.read(async move |c| list.page(c, 1, None).await).await?;
        Ok(page.rows.into_iter().next())
    }

    async fn list(&self, which: BoxKind, person: UserId, filter: &BoxFilter) -> Result<Query, ApprovalError> {
        let now = self.0.clock.now();
        let directory = self.directory().await?;
        Ok(list(which, person, filter, &directory, now))
    }
}

/// The list of a box.
pub(super) fn list(which: BoxKind, person: UserId, filter: &BoxFilter, directory: &Directory, now: Timestamp) -> Query {
    let mut list = match which {
        BoxKind::Waiting => Query::new(COLUMNS, WAITING),
        BoxKind::Handled => Query::new(COLUMNS, HANDLED),
        BoxKind::Started => Query::new(COLUMNS, STARTED),
        BoxKind::Copied => Query::new(COLUMNS, COPIED),
    };
    if which == BoxKind::Waiting {
        let (mut people, only) = acts_for(directory, person, now);
        people.push(person);
        if only.is_empty() {
            list.one_of("w.person", &people);
        } else {
            let only: Vec<String> = only.iter().map(|(absent, workflow)| format!("{absent}/{workflow}")).collect();
            list.one_of_either(("w.person", &people), ("CAST(w.person AS TEXT) || '/' || c.workflow", &only));
        }
        list.filter("w.what = 'task' OR w.person = ?", params![person]);
        list.filter("w.claimed_by IS NULL OR w.claimed_by = ?", params![person]);
    } else {
        list.filter("w.person = ?", params![person]);
    }
    if let Some(kind) = &filter.kind {
        list.filter("c.subject_kind = ?", params![kind]);
    }
    if !filter.words.trim().is_empty() {
        list.filter("c.words LIKE ?", params![format!("%{}%", filter.words.trim().to_lowercase())]);
    }
    if filter.overdue {
        list.filter("w.due < ?", params![now]);
    }
    if filter.unread {
        list.filter("w.seen = 0", params![]);
    }
    match which {
        BoxKind::Waiting => list.sort(URGENT_FIRST, "urgent"),
        BoxKind::Started => list.sort(LAST_STARTED, "started"),
        BoxKind::Handled | BoxKind::Copied => list.sort(NEWEST_FIRST, "newest"),
    }
    list
}

/// Every box with every filter.
pub(super) fn lists() -> Vec<Query> {
    let kind = Some(Kind::of("contract"));
    let all = BoxFilter { kind, words: "words".to_owned(), overdue: true, unread: true };
    let (person, now) = (UserId::new(1), Timestamp::from_micros(0));
    let of = |filter: &BoxFilter| BoxKind::ALL.map(|which| list(which, person, filter, &Directory::default(), now));
    [of(&BoxFilter::default()), of(&all)].concat()
}
