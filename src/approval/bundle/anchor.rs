//! How a case hangs on the root of a day: the way from its head up to the root (RFC 6962, section 2.1.1).

use serde::{Deserialize, Serialize};

use crate::approval::evidence::until;
use crate::approval::merkle::{Climb, Side};
use crate::approval::store::cases::StoredEvent;
use crate::approval::store::evidence;
use crate::db::{Conn, DbError};
use crate::kernel::{CaseId, Date, Hash};

/// The root of a day with the way from the head of the case to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Anchor {
    /// The day before whose begin the root was made.
    pub(super) day: String,
    /// The root as it was stored.
    pub(super) root: Hash,
    /// Over how many cases it is.
    pub(super) cases: i64,
    /// The last event of this case that it covers.
    pub(super) seq: i64,
    /// What stands beside the way, from the head up.
    pub(super) way: Vec<Beside>,
}

/// A node beside the way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Beside {
    pub(super) side: Side,
    pub(super) hash: Hash,
}

impl Anchor {
    /// Whether the way leads from that head to the root.
    pub(super) fn holds(&self, head: Hash) -> bool {
        let climb: Vec<_> = self.way.iter().map(|beside| (beside.side, beside.hash)).collect();
        Climb::root(head, &climb) == self.root
    }
}

/// The anchor of a case: the root of the first day that is over all its events, or else of the last one that is over any.
pub(super) async fn of(c: &mut Conn<'_>, case: CaseId, events: &[StoredEvent]) -> Result<Option<Anchor>, DbError> {
    let (Some(first), Some(last)) = (events.first(), events.last()) else { return Ok(None) };
    let mut found = None;
    for (day, root, cases) in evidence::roots(c).await? {
        let Some(until) = day.parse::<Date>().ok().map(until).filter(|until| first.at < *until) else { continue };
        let whole = last.at < until;
        found = Some((day, root, cases, until));
        if whole {
            break;
        }
    }
    let Some((day, root, cases, until)) = found else { return Ok(None) };
    let mut climb = Climb::default();
    let mut after = CaseId::new(0);
    loop {
        let page = evidence::heads(c, after, until).await?;
        let Some((id, _)) = page.last() else { break };
        after = *id;
        for (id, head) in page {
            climb.push(head, id == case);
        }
    }
    let seq = events.iter().rev().find(|event| event.at < until).map_or(0, |event| event.seq);
    let way = climb.way().into_iter().map(|(side, hash)| Beside { side, hash }).collect();
    Ok(Some(Anchor { day, root, cases, seq, way }))
}
