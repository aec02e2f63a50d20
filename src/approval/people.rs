//! Where the directory comes from: the people of the installation, or those of a log.

use std::sync::Arc;

use async_trait::async_trait;

use crate::db::DbError;
use crate::org::{Org, OrgError};
use crate::workflow::Directory;

/// Who can be asked.
#[async_trait]
pub trait People: Send + Sync {
    /// Everybody, at this version of the directory or a later one.
    async fn at_version(&self, version: i64) -> Result<Arc<Directory>, DbError>;
}

#[async_trait]
impl People for Org {
    async fn at_version(&self, version: i64) -> Result<Arc<Directory>, DbError> {
        let known = self.directory();
        if known.version >= version {
            return Ok(known);
        }
        let read = self.refresh().await.map_err(|error| match error {
            OrgError::Db(error) => error,
            other => DbError::Gone(other.to_string()),
        })?;
        Ok(Arc::clone(read.directory()))
    }
}

/// As they were read once, for a command that only reads.
#[async_trait]
impl People for Arc<Directory> {
    async fn at_version(&self, _version: i64) -> Result<Arc<Directory>, DbError> {
        Ok(Arc::clone(self))
    }
}
