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

mod change;
mod conn;
mod database;
mod error;
mod migrate;
mod postgres;
mod row;
mod sqlite;
mod unit;
mod url;
mod value;

pub use change::{Change, Changes};
pub use conn::{Conn, Pair};
pub use database::Db;
pub use error::DbError;
pub use row::{Cell, FromColumn, FromRow, Row};
pub use unit::LockKey;
pub use url::{DatabaseUrl, UrlError};
pub use value::{ToValue, Value};
