//! The handle of this room: which server there is, and sending through it.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::send::{Mail, Undelivered, send};
use super::{Account, KeyFile, MailError, Server, ServerFields};
use crate::db::{AuditEntry, Conn, Db, record, set_setting, setting};
use crate::kernel::{Actor, Clock, Kind, Random};

/// The setting that holds the server.
const SETTING: &str = "mail";

/// Mail; cheap to clone.
#[derive(Clone)]
pub struct Mailer(Arc<Inner>);

struct Inner {
    db: Db,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
    key: KeyFile,
    fixed: Option<Account>,
}

/// The server that mail leaves through, without its password.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CurrentServer {
    /// The server, if there is one.
    pub server: Option<Server>,
    /// Whether a password is kept for it.
    pub has_password: bool,
    /// Named where the program is started; pages do not change it.
    pub fixed: bool,
    /// By which it is changed; 0 for one that was never set.
    pub version: i64,
}

/// As it stands in the setting.
#[derive(Serialize, Deserialize)]
struct Kept {
    server: Server,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    password: Option<String>,
}

/// A sealed password opens only for the server and the login it was entered for.
fn purpose(server: &Server) -> String {
    format!("qiyue.mail.1\n{}\n{}\n{}", server.host, server.port, server.user)
}

impl Mailer {
    /// Mail of this database; `fixed` is the server named where the program is started.
    pub fn new(db: Db, clock: Arc<dyn Clock>, random: Arc<dyn Random>, key: KeyFile, fixed: Option<Account>) -> Self {
        Self(Arc::new(Inner { db, clock, random, key, fixed }))
    }

    /// The server, for the page where it is set.
    pub async fn current(&self) -> Result<CurrentServer, MailError> {
        if let Some(Account { server, password }) = &self.0.fixed {
            let (server, has_password) = (Some(server.clone()), password.is_some());
            return Ok(CurrentServer { server, has_password, fixed: true, version: 0 });
        }
        let (kept, version) = self.kept().await?;
        let has_password = kept.as_ref().is_some_and(|kept| kept.password.is_some());
        Ok(CurrentServer { server: kept.map(|kept| kept.server), has_password, fixed: false, version })
    }

    /// Whether there is a server that mail can be handed to.
    pub async fn is_configured(&self) -> Result<bool, MailError> {
        Ok(self.current().await?.server.is_some())
    }

    /// Sets the server that was read at `version`. An empty password keeps the present one, for the same server and login.
    pub async fn save(&self, actor: Actor, fields: &ServerFields, version: i64) -> Result<(), MailError> {
        if self.0.fixed.is_some() {
            return Err(MailError::FixedAtStart);
        }
        let server = fields.checked()?;
        let (before, _) = self.kept().await?;
        let password = if server.user.is_empty() {
            None
        } else if !fields.password.is_empty() {
            Some(self.0.key.seal(&purpose(&server), &fields.password, &*self.0.random)?)
        } else {
            let kept = before.as_ref().and_then(|kept| Some((purpose(&kept.server), kept.password.clone()?)));
            match kept {
                Some((known, password)) if known == purpose(&server) => Some(password),
                Some(_) => return Err(MailError::PasswordAgain),
                None => return Err(MailError::PasswordMissing),
            }
        };
        self.put(actor, "mail.server_set", before.map(|kept| kept.server), Some(Kept { server, password }), version)
            .await
    }

    /// Takes the server away; mail is kept from then on.
    pub async fn remove(&self, actor: Actor, version: i64) -> Result<(), MailError> {
        if self.0.fixed.is_some() {
            return Err(MailError::FixedAtStart);
        }
        let (before, _) = self.kept().await?;
        self.put(actor, "mail.server_removed", before.map(|kept| kept.server), None, version).await
    }

    /// Hands a mail to the server.
    pub async fn send(&self, mail: &Mail) -> Result<(), MailError> {
        let account = self.account().await?.ok_or(MailError::NoServer)?;
        let taken = send(&account, mail).await;
        taken.map_err(|Undelivered { answer, .. }| MailError::Undelivered { answer })
    }

    /// The same for whoever tries again: outer errors and `again` are no fault of the mail.
    pub async fn try_send(&self, mail: &Mail) -> Result<Result<(), Undelivered>, MailError> {
        let account = self.account().await?.ok_or(MailError::NoServer)?;
        Ok(send(&account, mail).await)
    }

    /// Where numbers come from that tell one mail from another.
    pub fn random(&self) -> &dyn Random {
        &*self.0.random
    }

    async fn account(&self) -> Result<Option<Account>, MailError> {
        if let Some(account) = &self.0.fixed {
            return Ok(Some(account.clone()));
        }
        let Some(Kept { server, password }) = self.kept().await?.0 else { return Ok(None) };
        let password = password.map(|sealed| self.0.key.open(&purpose(&server), &sealed)).transpose()?;
        Ok(Some(Account { server, password }))
    }

    async fn kept(&self) -> Result<(Option<Kept>, i64), MailError> {
        let read = async |c: &mut Conn<'_>| Ok::<_, MailError>(setting(c, SETTING).await?);
        let Some(found) = self.0.db.read(read).await? else { return Ok((None, 0)) };
        let kept = serde_json::from_str(&found.value).map_err(|_| MailError::Sealed)?;
        Ok((kept, found.version))
    }

    async fn put(
        &self,
        actor: Actor,
        action: &'static str,
        old: Option<Server>,
        kept: Option<Kept>,
        version: i64,
    ) -> Result<(), MailError> {
        let text = |error: serde_json::Error| crate::db::DbError::Check(error.to_string());
        let json = |server: Option<&Server>| server.map(serde_json::to_value).transpose();
        let entry = AuditEntry {
            at: self.0.clock.now(),
            actor,
            subject: Kind::of("mail").reference(1),
            action,
            old: json(old.as_ref()).map_err(text)?,
            new: json(kept.as_ref().map(|kept| &kept.server)).map_err(text)?,
        };
        let value = serde_json::to_string(&kept).map_err(text)?;
        let unit = async move |c: &mut Conn<'_>| {
            if !set_setting(c, SETTING, &value, version).await? {
                return Err(MailError::Changed);
            }
            Ok(record(c, &entry).await?)
        };
        self.0.db.write(unit).await
    }
}
