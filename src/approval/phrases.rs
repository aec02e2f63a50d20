//! What people often write when they decide; their own, or those that come with the program.

use super::{ApprovalError, Approvals, store};
use crate::i18n::{Lang, label};
use crate::kernel::UserId;

/// More phrases than this are no help.
const MOST: usize = 12;
/// Characters of one.
const LONGEST: usize = 200;

impl Approvals {
    /// The phrases of a person; where they have none of their own, some to begin with.
    pub async fn phrases(&self, person: UserId, lang: Lang) -> Result<Vec<String>, ApprovalError> {
        let own = self.0.db.read(async move |c| store::phrases::of(c, person).await).await?;
        if !own.is_empty() {
            return Ok(own);
        }
        let keys = ["approval.phrase.prices", "approval.phrase.payment", "approval.phrase.liability"];
        Ok(keys.map(|key| label(lang, key)).to_vec())
    }

    /// Keeps phrases, one a line.
    pub async fn keep_phrases(&self, person: UserId, text: &str) -> Result<(), ApprovalError> {
        let mut phrases: Vec<String> = Vec::new();
        for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
            let line: String = line.chars().take(LONGEST).collect();
            if !phrases.contains(&line) {
                phrases.push(line);
            }
        }
        phrases.truncate(MOST);
        let unit = async move |c: &mut crate::db::Conn<'_>| store::phrases::put(c, person, &phrases).await;
        Ok(self.0.db.write(unit).await?)
    }
}
