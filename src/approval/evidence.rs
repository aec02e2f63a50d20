//! Whether what is stored is what was decided: chains, states, workflow versions and daily roots. It only reads.

use std::time::Duration;

use super::merkle::Tree;
use super::store::cases::{self, StoredEvent};
use super::store::evidence::{self, CaseLine, StoredRoot};
use super::store::states::{self, KeptState};
use super::{ApprovalError, Approvals};
use crate::db::{Conn, Db, DbError};
use crate::i18n::{Message, msg};
use crate::kernel::time::{DEFAULT_ZONE, zone};
use crate::kernel::{CaseId, Date, Hash, Timestamp};
use crate::workflow::{Case, Definition, Event, definition_version, event_hash, evolve, first_prev};

/// Cases that are read at once.
const A_PAGE: i64 = 200;
/// The root of a day is over what happened until so long before it began: all of it is stored by then, whenever the root is made.
const BEFORE_THE_DAY: Duration = Duration::from_mins(5);

/// What was looked at, and what is wrong with it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verified {
    /// Cases.
    pub cases: usize,
    /// Their events.
    pub events: usize,
    /// Versions of workflows.
    pub workflows: usize,
    /// Daily roots.
    pub roots: usize,
    /// What is wrong.
    pub flaws: Vec<Flaw>,
}

/// Something that is not as it was stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Flaw {
    /// The event with that number is missing.
    Missing {
        /// Of which case.
        case: CaseId,
        /// Its number.
        seq: i64,
    },
    /// The hash of an event is not that of its bytes behind the event before it.
    Altered {
        /// Of which case.
        case: CaseId,
        /// Its number.
        seq: i64,
    },
    /// The row of a case says something else than its events.
    Row {
        /// Which.
        case: CaseId,
    },
    /// A state that is kept is not where the events lead.
    State {
        /// Of which case.
        case: CaseId,
    },
    /// The text of a workflow is not that of its version.
    Workflow {
        /// The version.
        version: Hash,
    },
    /// A root is not over the heads of its day.
    Root {
        /// The day.
        day: String,
    },
}

impl Flaw {
    /// What is wrong and where, with what to do.
    pub fn message(&self) -> Message {
        match self {
            Self::Missing { case, seq } => msg!("approval.flaw.missing", case = case.get(), seq = *seq),
            Self::Altered { case, seq } => msg!("approval.flaw.altered", case = case.get(), seq = *seq),
            Self::Row { case } => msg!("approval.flaw.row", case = case.get()),
            Self::State { case } => msg!("approval.flaw.state", case = case.get()),
            Self::Workflow { version } => msg!("approval.flaw.workflow", version = version.short()),
            Self::Root { day } => msg!("approval.flaw.root", day = day),
        }
    }
}

impl Approvals {
    /// Stores the root over the heads of all cases for a day, once: over what happened before it began.
    pub async fn store_root(&self, day: Date) -> Result<(), ApprovalError> {
        // The loop asks at each start, and walking every chain is dear.
        if self.root(day).await?.is_some() {
            return Ok(());
        }
        let (mut tree, mut last, until) = (Tree::default(), CaseId::new(0), until(day));
        loop {
            let page = self.0.db.read(async move |c| evidence::heads(c, last, until).await).await?;
            let Some((id, _)) = page.last() else { break };
            last = *id;
            for (_, head) in page {
                tree.push(head);
            }
        }
        let (root, day, now) = ((tree.root(), tree.leaves()), day.to_string(), self.0.clock.now());
        Ok(self.0.db.write(async move |c| evidence::put_root(c, &day, root, now).await).await?)
    }

    /// The root of a day, and over how many cases it is.
    pub async fn root(&self, day: Date) -> Result<Option<(Hash, i64)>, ApprovalError> {
        let day = day.to_string();
        Ok(self.0.db.read(async move |c| evidence::root(c, &day).await).await?)
    }
}

/// Up to when the root of a day reaches.
pub(super) fn until(day: Date) -> Timestamp {
    Timestamp::start_of(day, &zone(DEFAULT_ZONE)).minus(BEFORE_THE_DAY)
}

/// Looks at one case, or at everything. The installation may run meanwhile: each page of cases is read as it stood at one instant.
pub async fn verify(db: &Db, only: Option<CaseId>) -> Result<Verified, ApprovalError> {
    let mut verified = Verified::default();
    // An installation that was never used has no chain.
    let Some(identity) = db.installed().await? else { return Ok(verified) };
    let identity = *identity.as_bytes();
    if let Some(id) = only {
        let before = CaseId::new(id.get().saturating_sub(1));
        let found = db.read(async move |c| told(c, before, 1).await).await?;
        let case = found.first().filter(|found| found.line.id == id).ok_or(ApprovalError::NoCase(id))?;
        verified.case(identity, case);
        return Ok(verified);
    }
    let ground = async |c: &mut Conn<'_>| Ok::<_, DbError>((evidence::workflows(c).await?, evidence::roots(c).await?));
    let (workflows, roots) = db.read(ground).await?;
    for (version, source, structure) in workflows {
        verified.workflows += 1;
        let published: Option<Definition> = serde_json::from_str(&structure).ok();
        if published.is_none_or(|published| definition_version(&source, &published.runs()) != version) {
            verified.flaws.push(Flaw::Workflow { version });
        }
    }
    let mut days: Vec<Day> = roots.into_iter().map(Day::of).collect();
    let mut last = CaseId::new(0);
    loop {
        let page = db.read(async move |c| told(c, last, A_PAGE).await).await?;
        let Some(end) = page.last() else { break };
        last = end.line.id;
        for case in &page {
            verified.case(identity, case);
            grow(&mut days, &case.events);
        }
    }
    for day in days {
        verified.roots += 1;
        if day.tree.root() != day.root || super::store::column(day.tree.leaves()) != day.cases {
            verified.flaws.push(Flaw::Root { day: day.name });
        }
    }
    Ok(verified)
}

/// A case with everything that is stored of it.
struct Told {
    line: CaseLine,
    events: Vec<StoredEvent>,
    kept: Option<KeptState>,
}

/// Cases after one, by id.
async fn told(c: &mut Conn<'_>, after: CaseId, limit: i64) -> Result<Vec<Told>, DbError> {
    let mut told = Vec::new();
    for line in evidence::cases(c, after, limit).await? {
        let (events, kept) = (cases::events(c, line.id).await?, states::kept_of(c, line.id).await?);
        told.push(Told { line, events, kept });
    }
    Ok(told)
}

impl Verified {
    /// Walks the chain of a case and compares what its events lead to with what is stored.
    fn case(&mut self, identity: [u8; 16], Told { line, events, kept }: &Told) {
        self.cases += 1;
        self.events += events.len();
        let case = line.id;
        let (began, runs_on) = versions(line.definition, events);
        let mut kept_is_so = kept.is_none();
        let walked = walk(first_prev(identity, &line.subject.kind, line.subject.id, began), events, |seq, state| {
            kept_is_so |= kept.as_ref().is_some_and(|kept| kept.seq == seq && is_so(kept, state));
        });
        let (prev, state) = match walked {
            Ok(walked) => walked,
            Err(broken) => {
                self.flaws.push(match broken {
                    Broken::Missing(seq) => Flaw::Missing { case, seq },
                    Broken::Altered(seq) => Flaw::Altered { case, seq },
                });
                return;
            }
        };
        if events.len() as u64 != u64::try_from(line.seq).unwrap_or_default() {
            let seq = super::store::column(events.len() as u64) + 1;
            self.flaws.push(Flaw::Missing { case, seq });
            return;
        }
        let row = (line.head, line.status.as_str(), line.round, line.content, line.definition);
        if row != (prev, state.status.word(), state.round, state.content, runs_on) {
            self.flaws.push(Flaw::Row { case });
        }
        if !kept_is_so {
            self.flaws.push(Flaw::State { case });
        }
    }
}

/// Where a chain breaks.
pub(super) enum Broken {
    /// Another event stands in the place of the one with that number.
    Missing(i64),
    /// The hash is not that of the bytes behind the event before, or the bytes are no event.
    Altered(i64),
}

/// Walks a chain from what it begins with: its head, and where its events lead. `seen` hears of the state after each.
pub(super) fn walk(
    first: Hash,
    events: &[StoredEvent],
    mut seen: impl FnMut(i64, &Case),
) -> Result<(Hash, Case), Broken> {
    let (mut prev, mut state) = (first, Case::default());
    for (seq, event) in (1..).zip(events) {
        if event.seq != seq {
            return Err(Broken::Missing(seq));
        }
        let hash = event_hash(prev, state.seq + 1, event.at, event.body.as_bytes());
        let read = event.event().ok().filter(|_| hash == event.hash).ok_or(Broken::Altered(seq))?;
        prev = hash;
        state = evolve(state, &read, event.at);
        seen(seq, &state);
    }
    Ok((prev, state))
}

/// The version on which a case began, and the one on which it runs since it was moved; `stored` where it never was.
pub(super) fn versions(stored: Hash, events: &[StoredEvent]) -> (Hash, Hash) {
    let mut moves = events.iter().filter_map(|stored| match stored.event() {
        Ok(Event::Migrated { from, to, .. }) => Some((from, to)),
        _ => None,
    });
    match moves.next() {
        None => (stored, stored),
        Some((began, first)) => (began, moves.next_back().map_or(first, |(_, to)| to)),
    }
}

/// Whether what is kept is that state; what another program kept is read by nobody.
fn is_so(kept: &KeptState, state: &Case) -> bool {
    kept.is_foreign() || kept.read().is_some_and(|kept| kept == *state)
}

/// A day whose root was stored, and the tree as it must have been.
struct Day {
    name: String,
    until: Option<Timestamp>,
    root: Hash,
    cases: i64,
    tree: Tree,
}

impl Day {
    fn of((name, root, cases): StoredRoot) -> Self {
        let until = name.parse().ok().map(until);
        Self { name, until, root, cases, tree: Tree::default() }
    }
}

/// Puts the head that the case had on each day into the tree of the day.
fn grow(days: &mut [Day], events: &[StoredEvent]) {
    let mut rest = events.iter().peekable();
    let mut head = None;
    for day in days {
        let Some(until) = day.until else { continue };
        while let Some(event) = rest.next_if(|event| event.at < until) {
            head = Some(event.hash);
        }
        if let Some(head) = head {
            day.tree.push(head);
        }
    }
}
