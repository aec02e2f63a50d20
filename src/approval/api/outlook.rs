//! When a running case will probably be over.

use serde::Serialize;
use utoipa::ToSchema;

use crate::approval::figures::{Expected, Unsaid};
use crate::kernel::Timestamp;
use crate::org::pages::CurrentUser;

/// When a case will probably be over, from how long its steps took before.
#[derive(Serialize, ToSchema)]
pub(super) struct ExpectedShown {
    /// Nothing where too little is known.
    at: Option<Timestamp>,
    /// Working days until then; 0 is today.
    working_days: Option<u32>,
    /// The same in words, with what it is known by, or why nobody can say.
    said: String,
}

/// Said to the caller; nothing where knowing why nobody can say would help nobody.
pub(super) fn expected(outlook: Result<Expected, Unsaid>, caller: &CurrentUser) -> Option<ExpectedShown> {
    let (at, working_days, said) = match outlook {
        Ok(one) => (Some(one.at), Some(one.days), one.said()),
        Err(unsaid) => (None, None, unsaid.said()?),
    };
    Some(ExpectedShown { at, working_days, said: caller.text(&said) })
}
