-- Authority grids (授权额度表): who may approve what, by category, approval amount and department.

CREATE TABLE authority_grids (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    name       TEXT    NOT NULL UNIQUE, -- as workflows write it: by_authority("sales-contract")
    title      TEXT    NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;

-- Rows of a version never change. One that was taken back before its day came stays, marked.
CREATE TABLE authority_versions (
    grid         INTEGER NOT NULL REFERENCES authority_grids (id),
    number       INTEGER NOT NULL, -- from 1, never used twice
    starts_on    TEXT    NOT NULL,
    note         TEXT    NOT NULL,
    made_by      INTEGER REFERENCES users (id),
    made_at      INTEGER NOT NULL,
    withdrawn_at INTEGER,
    PRIMARY KEY (grid, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX authority_versions_made_by ON authority_versions (made_by);

CREATE TABLE authority_rows (
    grid       INTEGER NOT NULL,
    number     INTEGER NOT NULL,
    place      INTEGER NOT NULL, -- the order in which they were written, from 0
    category   TEXT,             -- null is every one
    from_base  INTEGER,          -- in the base currency, included; null is from nothing
    below_base INTEGER,          -- in the base currency, excluded; null has no end
    department INTEGER REFERENCES departments (id), -- null is every one
    who        TEXT    NOT NULL, -- JSON: any one of these, each as role:ROLE, user:LOGIN, manager …
    PRIMARY KEY (grid, number, place),
    FOREIGN KEY (grid, number) REFERENCES authority_versions (grid, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX authority_rows_department ON authority_rows (department);
