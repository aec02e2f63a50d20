//! What was handed in or decided on of a record, as evidence.

use crate::approval::KeptContent;
use crate::db::{Conn, DbError};
use crate::kernel::Ref;
use crate::record::{self, Submission};

/// Every content that is kept, the oldest first, with its lines worked out anew from its fields.
pub(super) async fn kept(c: &mut Conn<'_>, subject: &Ref) -> Result<Vec<KeptContent>, DbError> {
    let (mut all, mut previous) = (Vec::new(), None);
    for submission in record::submissions(c, subject).await? {
        let parts = submission.parts().collect();
        let manifest = submission.manifest().map_err(|error| DbError::Check(error.to_string()))?;
        let Submission { version, content, author, reason, at, .. } = submission;
        all.push(KeptContent { version, author, at, reason, previous, manifest, parts });
        previous = Some(content);
    }
    Ok(all)
}
