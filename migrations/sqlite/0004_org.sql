-- People: who can sign in, where they work, what they may do, who acts for them.

-- One row. Its version rises in the same write as any change to people, departments, roles or absences.
CREATE TABLE directory (
    id      INTEGER PRIMARY KEY CHECK (id = 1),
    version INTEGER NOT NULL
) STRICT;
INSERT INTO directory (id, version) VALUES (1, 1);

CREATE TABLE departments (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    code       TEXT    NOT NULL UNIQUE,
    name       TEXT    NOT NULL,
    parent     INTEGER REFERENCES departments (id),
    head       INTEGER REFERENCES users (id),
    active     INTEGER NOT NULL,
    version    INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;
CREATE INDEX departments_parent ON departments (parent);
CREATE INDEX departments_head ON departments (head);

CREATE TABLE users (
    id                   INTEGER PRIMARY KEY AUTOINCREMENT,
    login                TEXT    NOT NULL UNIQUE, -- folded to lower case
    name                 TEXT    NOT NULL,
    number               TEXT    UNIQUE,          -- employee number (工号)
    mobile               TEXT    UNIQUE,
    email                TEXT,
    department           INTEGER REFERENCES departments (id),
    manager              INTEGER REFERENCES users (id),
    active               INTEGER NOT NULL,
    language             TEXT    NOT NULL,
    password             TEXT    NOT NULL,        -- argon2id, PHC text
    must_change_password INTEGER NOT NULL,
    activated_at         INTEGER,                 -- own password set and mobile bound
    version              INTEGER NOT NULL,
    created_at           INTEGER NOT NULL,
    updated_at           INTEGER NOT NULL
) STRICT;
CREATE INDEX users_department ON users (department);
CREATE INDEX users_manager ON users (manager);

CREATE TABLE roles (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    name       TEXT    NOT NULL UNIQUE, -- as workflows write it: role("general-manager")
    title_zh   TEXT    NOT NULL,
    title_en   TEXT    NOT NULL,
    shipped    INTEGER NOT NULL,        -- workflows that come with the program name it
    version    INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;

CREATE TABLE grants (
    role   INTEGER NOT NULL REFERENCES roles (id) ON DELETE CASCADE,
    kind   TEXT    NOT NULL,
    action TEXT    NOT NULL,
    reach  TEXT    NOT NULL,
    PRIMARY KEY (role, kind, action)
) STRICT, WITHOUT ROWID;

-- Kinds whose first grants have been given, so that a start never gives back what somebody took away.
CREATE TABLE granted_kinds (
    kind       TEXT    NOT NULL PRIMARY KEY,
    granted_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE user_roles (
    user_id INTEGER NOT NULL REFERENCES users (id),
    role    INTEGER NOT NULL REFERENCES roles (id),
    PRIMARY KEY (user_id, role)
) STRICT, WITHOUT ROWID;
CREATE INDEX user_roles_role ON user_roles (role);

CREATE TABLE sessions (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    token_hash   BLOB    NOT NULL UNIQUE,
    user_id      INTEGER NOT NULL REFERENCES users (id),
    address      TEXT    NOT NULL,
    agent        TEXT    NOT NULL,
    created_at   INTEGER NOT NULL,
    last_seen_at INTEGER NOT NULL,
    expires_at   INTEGER NOT NULL
) STRICT;
CREATE INDEX sessions_user ON sessions (user_id);
CREATE INDEX sessions_expires ON sessions (expires_at);

-- Failed logins within the window of the limit. An attempt is written before its password is looked at.
CREATE TABLE login_attempts (
    id      INTEGER PRIMARY KEY AUTOINCREMENT,
    login   TEXT    NOT NULL,
    address TEXT    NOT NULL,
    at      INTEGER NOT NULL
) STRICT;
CREATE INDEX login_attempts_login ON login_attempts (login, at);
CREATE INDEX login_attempts_address ON login_attempts (address, at);
CREATE INDEX login_attempts_at ON login_attempts (at);

CREATE TABLE api_tokens (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    token_hash   BLOB    NOT NULL UNIQUE,
    user_id      INTEGER NOT NULL REFERENCES users (id),
    name         TEXT    NOT NULL,
    created_at   INTEGER NOT NULL,
    expires_at   INTEGER,
    last_used_at INTEGER,
    revoked_at   INTEGER
) STRICT;
CREATE INDEX api_tokens_user ON api_tokens (user_id);

CREATE TABLE absences (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    user_id    INTEGER NOT NULL REFERENCES users (id),
    starts_at  INTEGER NOT NULL, -- included
    ends_at    INTEGER NOT NULL, -- excluded
    deputy     INTEGER NOT NULL REFERENCES users (id),
    workflow   TEXT,             -- only for this workflow; null is all of them
    created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX absences_user ON absences (user_id, ends_at);
CREATE INDEX absences_deputy ON absences (deputy);
