//! The database face: one SQL text on SQLite and PostgreSQL. The only room that knows which engine runs.
//!
//! A unit is an async closure over a [`Conn`]; it runs in one transaction and may run again, so it is pure SQL:
//!
//! ```text
//! let id = db.write(async move |c| store::insert(c, &customer).await).await?;   // Result<CustomerId, DbError>
//! db.write(async move |c| {                                                     // Result<(), crm::Error>
//!     let row = store::load(c, id).await?.ok_or(Error::NotFound)?;              // a refusal rolls back and comes back typed
//!     store::rename(c, id, row.version, &name).await?;
//!     c.notify("customers");                                                    // heard after the commit
//!     Ok(())
//! }).await
//! ```
//!
//! The error of a unit is any type that is `From<DbError>`. Where the compiler cannot see it, write `Ok::<_, Error>(…)`.
//! On SQLite a unit runs from start to end on a thread of the engine and must await nothing but its connection; on
//! PostgreSQL it is a transaction on a connection of its own. After one failed statement a unit cannot go on, on either.

mod audit;
mod change;
mod conn;
mod database;
mod error;
mod explain;
mod installation;
mod migrate;
mod number;
mod owner;
mod pair;
mod postgres;
mod query;
mod row;
mod sqlite;
mod statements;
mod unit;
mod url;
mod value;

pub use audit::{AuditEntry, Audited, audit_of, record};
pub use change::{Change, Changes};
pub use conn::{Conn, Statement};
pub use database::Db;
pub use error::DbError;
pub use installation::{InstallationId, Setting, set_setting, setting};
pub use number::{next_number, number_lock};
pub use owner::DataLock;
pub use pair::{CLAIM_JOBS, Pair};
pub use query::{BadCursor, Count, Cursor, Key, Page, Query, Sort};
pub use row::{Cell, FromColumn, FromRow, Row};
pub use sqlite::{STATEMENT_CACHE, WRITER_SETTINGS};
pub use statements::{counted, joined};
pub use unit::LockKey;
pub use url::{DatabaseUrl, UrlError};
pub use value::{ToValue, Value};

/// Every statement of this room. Each room has such a list, so that one test prepares all of them on both engines.
pub const STATEMENTS: &[&str] = &[
    audit::RECORD,
    audit::OF_SUBJECT,
    installation::CREATE,
    installation::IDENTITY,
    installation::SETTING,
    installation::ADD_SETTING,
    installation::CHANGE_SETTING,
    number::NEXT,
];
