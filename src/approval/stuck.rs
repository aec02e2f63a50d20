//! Cases that cannot go on.

use std::collections::{BTreeMap, BTreeSet};

use super::{ApprovalError, Approvals, store};
use crate::db::Conn;
use crate::kernel::CaseId;
use crate::workflow::Stuck;

/// Cases that the list shows at most.
const MOST: i64 = 200;

/// A case that cannot go on.
#[derive(Clone, Debug, PartialEq)]
pub struct StuckCase {
    /// Which.
    pub case: CaseId,
    /// What the record is called.
    pub title: String,
    /// Why; parallel ways may each have their reason.
    pub marks: Vec<Stuck>,
    /// The texts of the workflow that it runs on and of those that this one runs, by file.
    sources: BTreeMap<String, String>,
}

impl StuckCase {
    /// The line that a place `FILE:LINE` means.
    pub fn line(&self, place: &str) -> String {
        let line = place.rsplit_once(':').and_then(|(file, line)| {
            let number: usize = line.parse().ok()?;
            self.sources.get(file)?.lines().nth(number.checked_sub(1)?)
        });
        line.unwrap_or_default().trim().to_owned()
    }
}

impl Approvals {
    /// Cases that cannot go on, for the administrators.
    pub async fn stuck_cases(&self) -> Result<Vec<StuckCase>, ApprovalError> {
        let read = async |c: &mut Conn<'_>| {
            let mut cases = Vec::new();
            for stored in store::cases::stuck(c, MOST).await? {
                let marks = stored.state(c).await?.stuck;
                let texts = store::workflows::with_runs(c, BTreeSet::from([stored.definition])).await?;
                let sources = texts.into_iter().map(|one| (one.file, one.text)).collect();
                cases.push(StuckCase { case: stored.id, title: stored.title, marks, sources });
            }
            Ok::<_, ApprovalError>(cases)
        };
        self.0.db.read(read).await
    }

    /// What the record of a case is called.
    pub(super) async fn title(&self, case: CaseId) -> Result<String, ApprovalError> {
        let read = async move |c: &mut Conn<'_>| store::cases::by_id(c, case).await;
        Ok(self.0.db.read(read).await?.map(|stored| stored.title).unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_leads_to_its_line() {
        let source = "workflow(\"a\", #{\n    title: \"A\",\n});".to_owned();
        let sources = BTreeMap::from([("a.rhai".to_owned(), source)]);
        let stuck = StuckCase { case: CaseId::new(1), title: String::new(), marks: Vec::new(), sources };
        assert_eq!(stuck.line("a.rhai:2"), "title: \"A\",");
        assert_eq!(stuck.line("a.rhai:9"), "");
        assert_eq!(stuck.line("a.rhai:0"), "");
    }
}
