-- Contracts: our entities and their seals, templates, contracts with their versions.

-- Our legal entities (我方主体).
CREATE TABLE our_entity (
    id                   INTEGER PRIMARY KEY AUTOINCREMENT,
    code                 TEXT    NOT NULL, -- stands in contract numbers
    name                 TEXT    NOT NULL,
    credit_code          TEXT    NOT NULL,
    address              TEXT    NOT NULL,
    legal_representative TEXT    NOT NULL,
    contact              TEXT    NOT NULL,
    phone                TEXT    NOT NULL,
    email                TEXT    NOT NULL,
    bank                 TEXT    NOT NULL,
    bank_account         TEXT    NOT NULL,
    department           INTEGER,
    active               INTEGER NOT NULL,
    version              INTEGER NOT NULL,
    created_at           INTEGER NOT NULL,
    updated_at           INTEGER NOT NULL,
    CONSTRAINT our_entity_code_key UNIQUE (code),
    CONSTRAINT our_entity_credit_code_key UNIQUE (credit_code)
) STRICT;

CREATE TABLE seal (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    entity     INTEGER NOT NULL REFERENCES our_entity (id),
    kind       TEXT    NOT NULL, -- 公章, 合同专用章, 财务专用章, 法定代表人章
    keeper     INTEGER NOT NULL,
    active     INTEGER NOT NULL,
    version    INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    CONSTRAINT seal_entity_kind_key UNIQUE (entity, kind)
) STRICT;

-- Every published version of a template; the one marked current is drafted from.
CREATE TABLE contract_template (
    version      BLOB    NOT NULL PRIMARY KEY CHECK (length(version) = 32),
    name         TEXT    NOT NULL,
    title        TEXT    NOT NULL,
    definition   TEXT    NOT NULL, -- template.toml
    body         TEXT    NOT NULL, -- body.md
    current      INTEGER NOT NULL,
    published_by INTEGER,
    published_at INTEGER NOT NULL
) STRICT;
CREATE INDEX contract_template_name ON contract_template (name);

CREATE TABLE contract (
    id               INTEGER PRIMARY KEY AUTOINCREMENT,
    number           TEXT,             -- given at the first submission, kept for ever
    number_pattern   TEXT    NOT NULL,
    title            TEXT    NOT NULL,
    template         TEXT    NOT NULL,
    template_version BLOB    NOT NULL REFERENCES contract_template (version),
    category         TEXT    NOT NULL,
    entity           INTEGER NOT NULL REFERENCES our_entity (id),
    entity_code      TEXT    NOT NULL,
    our_role         TEXT    NOT NULL,
    other_party      TEXT    NOT NULL,
    customer         INTEGER,
    opportunity      INTEGER,
    currency         TEXT    NOT NULL,
    gross            INTEGER,
    net              INTEGER,
    tax              INTEGER,
    starts_on        TEXT,
    expires_on       TEXT,
    signed_on        TEXT,
    effective_on     TEXT,
    ended_on         TEXT,
    end_reason       TEXT    NOT NULL,
    state            TEXT    NOT NULL CHECK (state IN ('draft', 'in_approval', 'approved', 'sealing', 'waiting', 'signed',
                         'in_force', 'completed', 'expired', 'terminated', 'void')),
    owner            INTEGER NOT NULL,
    drafter          INTEGER NOT NULL,
    department       INTEGER,
    department_code  TEXT    NOT NULL,
    content          TEXT    NOT NULL, -- what was filled in, as it is drafted now
    unread           TEXT    NOT NULL, -- what was typed and is no value yet, by field
    editor           TEXT    NOT NULL, -- the page that saved it last: it may save again over itself
    manifest         TEXT    NOT NULL, -- of the content
    content_hash     BLOB    NOT NULL CHECK (length(content_hash) = 32),
    clauses          TEXT    NOT NULL, -- the text of the content, clause by clause
    facts            TEXT    NOT NULL, -- what workflows read of the content
    last_version     INTEGER NOT NULL, -- 0 before the first submission
    approved_version INTEGER,
    approval_case    INTEGER,
    parent           INTEGER REFERENCES contract (id),
    archive_number   TEXT,
    created_at       INTEGER NOT NULL,
    updated_at       INTEGER NOT NULL,
    version          INTEGER NOT NULL,
    CONSTRAINT contract_number_key UNIQUE (number),
    CHECK (state IN ('draft', 'void') OR number IS NOT NULL),
    CHECK (state NOT IN ('approved', 'sealing', 'waiting', 'signed', 'in_force') OR approved_version IS NOT NULL)
) STRICT;
CREATE INDEX contract_owner ON contract (owner, updated_at);
CREATE INDEX contract_department ON contract (department, updated_at);
CREATE INDEX contract_updated ON contract (updated_at);
CREATE INDEX contract_state ON contract (state, expires_on);
CREATE INDEX contract_customer ON contract (customer);
CREATE INDEX contract_parent ON contract (parent);

-- Which state may follow which; the trigger refuses every other move, whoever tries it.
CREATE TABLE contract_move (
    from_state TEXT NOT NULL,
    to_state   TEXT NOT NULL,
    PRIMARY KEY (from_state, to_state)
) STRICT;
INSERT INTO contract_move (from_state, to_state) VALUES
    ('draft', 'in_approval'), ('draft', 'void'),
    ('in_approval', 'approved'), ('in_approval', 'draft'),
    ('approved', 'in_approval'), ('approved', 'draft'), ('approved', 'sealing'), ('approved', 'void'),
    ('sealing', 'waiting'), ('sealing', 'void'),
    ('waiting', 'signed'), ('waiting', 'void'),
    ('signed', 'in_force'), ('signed', 'terminated'),
    ('in_force', 'completed'), ('in_force', 'expired'), ('in_force', 'terminated'),
    ('expired', 'completed');

CREATE TRIGGER contract_moves BEFORE UPDATE OF state ON contract
WHEN new.state <> old.state
    AND NOT EXISTS (SELECT 1 FROM contract_move WHERE from_state = old.state AND to_state = new.state)
BEGIN
    SELECT RAISE(ABORT, 'contract_moves');
END;

-- What was submitted. Never changed.
CREATE TABLE contract_version (
    id               INTEGER PRIMARY KEY AUTOINCREMENT,
    contract         INTEGER NOT NULL REFERENCES contract (id),
    no               INTEGER NOT NULL,
    author           INTEGER,
    at               INTEGER NOT NULL,
    reason           TEXT    NOT NULL,
    content_hash     BLOB    NOT NULL CHECK (length(content_hash) = 32),
    previous_hash    BLOB,
    template_version BLOB    NOT NULL,
    content          TEXT    NOT NULL,
    manifest         TEXT    NOT NULL,
    clauses          TEXT    NOT NULL, -- the text, clause by clause
    CONSTRAINT contract_version_contract_no_key UNIQUE (contract, no)
) STRICT;
