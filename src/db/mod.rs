//! The database face: one SQL text on SQLite and PostgreSQL, group commit, migrations. The only room that knows which engine runs.
