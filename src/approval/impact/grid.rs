//! What a version of an authority grid would do once it is in force, tried on the newest records that were handed in. It only reads.

use std::sync::Arc;

use super::super::store::{self, cases};
use super::super::workflows::Workflow;
use super::super::{ApprovalError, Approvals};
use super::words::tried;
use super::{Figures, MOST, RecordImpact};
use crate::db::Conn;
use crate::i18n::{Message, msg};
use crate::kernel::Kind;
use crate::workflow::impact::{Rules, fate_among_others};
use crate::workflow::{Directory, Facts};

/// What a version of a grid would do.
#[derive(Clone, Debug, PartialEq)]
pub struct GridImpact {
    /// What people call the grid.
    pub title: String,
    /// Every record that was looked at, kind by kind, the newest case first.
    pub records: Vec<RecordImpact>,
}

impl GridImpact {
    /// How many records each thing happens to.
    pub fn figures(&self) -> Figures {
        Figures::of(&self.records)
    }

    /// The records whose way changes, the newest case first.
    pub fn changed(&self) -> impl Iterator<Item = &RecordImpact> {
        self.records.iter().filter(|record| record.fate.word() == "changed")
    }
}

/// Tries a version of a grid on the newest `last` records of each kind that published workflows take; nothing where there is no such
/// version.
pub async fn of_grid(
    approvals: &Approvals,
    directory: &Directory,
    (name, number): (&str, u32),
    last: usize,
) -> Result<Option<GridImpact>, ApprovalError> {
    let grid = directory.grids.get(name).and_then(|grid| grid.with_only(number, approvals.today()));
    let Some(grid) = grid else { return Ok(None) };
    let title = grid.title.clone();
    let mut directory = directory.clone();
    directory.grids.insert(name.to_owned(), grid);
    let after = Arc::new(directory);
    let mut records = Vec::new();
    for kind in approvals.registry().schemas().map(|schema| schema.kind.clone()).collect::<Vec<_>>() {
        records.extend(approvals.among(&kind, &after, last).await?);
    }
    Ok(Some(GridImpact { title, records }))
}

/// How many records change their way and reach nobody, and what becomes of what runs.
pub fn grid_summary(impact: &GridImpact) -> Vec<Message> {
    let mut said = tried(&impact.title, impact.figures(), impact.records.len());
    said.push(msg!("approval.impact.rounds_stay"));
    said
}

impl Approvals {
    /// What becomes of the newest records of a kind among other people.
    async fn among(
        &self,
        kind: &Kind,
        others: &Arc<Directory>,
        last: usize,
    ) -> Result<Vec<RecordImpact>, ApprovalError> {
        let (last, of_kind) = (store::column(last.min(MOST) as u64), kind.clone());
        let ground = async move |c: &mut Conn<'_>| {
            let current = store::workflows::current_of(c, &of_kind).await?;
            Ok::<_, ApprovalError>((current, cases::submitted(c, &of_kind, last).await?))
        };
        let (current, submitted) = self.0.db.read(ground).await?;
        let mut published: Vec<Arc<Workflow>> = Vec::new();
        for version in current {
            published.push(self.workflow(version).await?);
        }
        let rules: Vec<Rules<'_>> = published.iter().map(|workflow| super::rules(workflow)).collect();
        self.each(&submitted, |state, facts| {
            let after = Facts { directory: Arc::clone(others), ..facts.clone() };
            fate_among_others(&rules, state, facts, &after)
        })
        .await
    }
}
