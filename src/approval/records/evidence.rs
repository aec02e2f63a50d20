//! What was handed in or decided on of a record, as evidence.

use crate::approval::KeptContent;
use crate::db::{Conn, DbError};
use crate::kernel::manifest::PartOf;
use crate::kernel::{Manifest, Ref};
use crate::record::{self, Submission};

/// Every content that is kept, the oldest first, with its lines worked out anew from its fields.
pub(super) async fn kept(c: &mut Conn<'_>, subject: &Ref) -> Result<Vec<KeptContent>, DbError> {
    let (mut all, mut previous) = (Vec::new(), None);
    for submission in record::submissions(c, subject).await? {
        let Submission { version, content, fields, author, reason, at } = submission;
        let fields = fields.into_iter().map(|(name, value)| (format!("fields/{name}"), PartOf::Value(value)));
        let parts: Vec<(String, PartOf)> = fields.collect();
        let mut manifest = Manifest::default();
        for (path, part) in &parts {
            manifest.put(path, part).map_err(|error| DbError::Check(error.to_string()))?;
        }
        all.push(KeptContent { version, author, at, reason, previous, manifest, parts });
        previous = Some(content);
    }
    Ok(all)
}
