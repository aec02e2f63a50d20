//! What there is once: the identity of the installation, and settings.

use super::{Conn, Db, DbError, FromRow, Row};
use crate::kernel::{Random, Timestamp};
use crate::params;

pub(super) const CREATE: &str =
    "INSERT INTO installation (id, identity, created_at) VALUES (1, $1, $2) ON CONFLICT (id) DO NOTHING";
pub(super) const IDENTITY: &str = "SELECT identity FROM installation WHERE id = 1";
pub(super) const SETTING: &str = "SELECT value, version FROM setting WHERE name = $1";
pub(super) const ADD_SETTING: &str =
    "INSERT INTO setting (name, value, version) VALUES ($1, $2, 1) ON CONFLICT (name) DO NOTHING";
pub(super) const CHANGE_SETTING: &str =
    "UPDATE setting SET value = $2, version = version + 1 WHERE name = $1 AND version = $3";

/// 16 random bytes from which every chain of events starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InstallationId([u8; 16]);

impl InstallationId {
    /// The bytes, as they are hashed.
    pub const fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }
}

/// The value of a setting, JSON by convention, with the version to change it by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setting {
    /// What it is set to.
    pub value: String,
    /// Rises with every change, from 1.
    pub version: i64,
}

impl FromRow for Setting {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        Ok(Self { value: row.get("value")?, version: row.get("version")? })
    }
}

impl Db {
    /// The identity of this installation, made when it is first asked for.
    pub async fn installation(&self, random: &dyn Random, now: Timestamp) -> Result<InstallationId, DbError> {
        let mut fresh = [0; 16];
        random.fill(&mut fresh);
        let unit = async move |c: &mut Conn<'_>| {
            c.exec(CREATE, params![fresh, now]).await?;
            let (identity,) = c.one(IDENTITY, &[]).await?;
            Ok(InstallationId(identity))
        };
        self.write(unit).await
    }

    /// The identity of this installation; nothing where none was made yet.
    pub async fn installed(&self) -> Result<Option<InstallationId>, DbError> {
        let found: Option<([u8; 16],)> = self.read(async |c: &mut Conn<'_>| c.maybe(IDENTITY, &[]).await).await?;
        Ok(found.map(|(identity,)| InstallationId(identity)))
    }

    /// Whether this database belongs to an installation already.
    pub async fn is_installed(&self) -> Result<bool, DbError> {
        Ok(self.installed().await?.is_some())
    }
}

/// A setting, if it was ever set.
pub async fn setting(c: &mut Conn<'_>, name: &str) -> Result<Option<Setting>, DbError> {
    c.maybe(SETTING, params![name]).await
}

/// Changes a setting whose version is still `read`, 0 for one that was not there. False: someone else was faster.
pub async fn set_setting(c: &mut Conn<'_>, name: &str, value: &str, read: i64) -> Result<bool, DbError> {
    let changed = if read == 0 {
        c.exec(ADD_SETTING, params![name, value]).await?
    } else {
        c.exec(CHANGE_SETTING, params![name, value, read]).await?
    };
    Ok(changed == 1)
}
