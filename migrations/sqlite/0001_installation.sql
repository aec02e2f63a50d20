-- What belongs to the installation as a whole.

-- Made once; case chains start from it.
CREATE TABLE installation (
    id INTEGER NOT NULL CHECK (id = 1),
    identity BLOB NOT NULL CHECK (length(identity) = 16),
    created_at INTEGER NOT NULL,
    CONSTRAINT installation_pkey PRIMARY KEY (id)
) STRICT;

CREATE TABLE setting (
    name TEXT NOT NULL,
    value TEXT NOT NULL,
    version INTEGER NOT NULL,
    CONSTRAINT setting_pkey PRIMARY KEY (name)
) STRICT, WITHOUT ROWID;

-- Numbers without gaps: the last one given.
CREATE TABLE counter (
    name TEXT NOT NULL,
    value INTEGER NOT NULL,
    CONSTRAINT counter_pkey PRIMARY KEY (name)
) STRICT, WITHOUT ROWID;

CREATE TABLE audit (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    at INTEGER NOT NULL,
    actor INTEGER,
    on_behalf_of INTEGER,
    channel TEXT NOT NULL,
    subject_kind TEXT NOT NULL,
    subject_id INTEGER NOT NULL,
    action TEXT NOT NULL,
    old TEXT,
    new TEXT
) STRICT;

CREATE INDEX audit_subject ON audit (subject_kind, subject_id, id);
