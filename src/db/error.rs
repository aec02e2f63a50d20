//! What can go wrong between a unit and its database, the same on both engines.

/// Why a unit was not stored or a query was not answered. Nothing of the unit remains.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DbError {
    /// Too much is waiting, or the same rows were fought over for two seconds. Try again later.
    #[error("the database is busy")]
    Busy,
    /// The connection, or the thread that owns the file, is gone.
    #[error("the database is gone: {0}")]
    Gone(String),
    /// The transaction was lost: disk full, read or write error, out of memory, or COMMIT failed.
    #[error("not stored: {0}")]
    NotStored(String),
    /// A unique constraint, named `TABLE_COLUMN_COLUMN_key` or `TABLE_pkey`.
    #[error("there is already a row with the same {constraint}")]
    Unique {
        /// The constraint by the naming convention of the migrations.
        constraint: String,
    },
    /// A reference to a row that does not exist, or a row still referred to.
    #[error("a foreign key does not hold")]
    ForeignKey,
    /// A CHECK or NOT NULL constraint.
    #[error("the schema refuses the row: {0}")]
    Check(String),
    /// `one` found no row.
    #[error("no row for {sql}")]
    NoRow {
        /// The statement.
        sql: String,
    },
    /// A column is missing or holds something else than its type.
    #[error("column {column}: {problem}")]
    Column {
        /// Name of the column, or its position.
        column: String,
        /// What stands there.
        problem: String,
    },
    /// The text names another number of parameters than it was given.
    #[error("{expected} parameters wanted, {given} given: {sql}")]
    Parameters {
        /// The statement.
        sql: String,
        /// The highest `$N` of the text.
        expected: usize,
        /// How many were passed.
        given: usize,
    },
    /// A unit awaited something other than its connection.
    #[error("a unit awaited something other than its connection")]
    Pending,
    /// A unit panicked; the others of its batch were stored.
    #[error("a unit panicked")]
    Panicked,
    /// A unit went on after a failed statement.
    #[error("a unit went on after a failed statement")]
    WentOn,
    /// Any other refusal of a statement; a mistake in the program.
    #[error("{message}: {sql}")]
    Sql {
        /// The statement.
        sql: String,
        /// In the words of the engine.
        message: String,
    },
    /// The database was written by a newer program.
    #[error("the database has step {version}, which this program does not know: it was written by a newer version")]
    Newer {
        /// The unknown migration.
        version: i64,
    },
    /// A migration that ran here has another text now.
    #[error("migration {version} ran here with another text")]
    Changed {
        /// The changed migration.
        version: i64,
    },
    /// A migration failed.
    #[error("migration failed: {0}")]
    Migration(String),
    /// The file cannot be opened.
    #[error("cannot open {path}: {reason}")]
    Open {
        /// The file or server.
        path: String,
        /// In the words of the engine.
        reason: String,
    },
    /// Another process owns the data folder.
    #[error("{path} is in use by {owner}")]
    Owned {
        /// The lock file.
        path: String,
        /// What the owner wrote about itself.
        owner: String,
    },
}

impl DbError {
    /// Whether this is the violation of the unique constraint of that name.
    pub fn is_unique(&self, name: &str) -> bool {
        matches!(self, Self::Unique { constraint } if constraint == name)
    }

    pub(super) fn column(column: impl Into<String>, problem: impl Into<String>) -> Self {
        Self::Column { column: column.into(), problem: problem.into() }
    }

    pub(super) fn no_row(sql: &str) -> Self {
        Self::NoRow { sql: sql.to_owned() }
    }
}
