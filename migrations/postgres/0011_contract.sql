-- Contracts: our entities and their seals, templates, contracts with their versions.

-- Our legal entities (我方主体).
CREATE TABLE our_entity (
    id                   BIGINT NOT NULL PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    code                 TEXT COLLATE "C"    NOT NULL, -- stands in contract numbers
    name                 TEXT COLLATE "C"    NOT NULL,
    credit_code          TEXT COLLATE "C"    NOT NULL,
    address              TEXT COLLATE "C"    NOT NULL,
    legal_representative TEXT COLLATE "C"    NOT NULL,
    contact              TEXT COLLATE "C"    NOT NULL,
    phone                TEXT COLLATE "C"    NOT NULL,
    email                TEXT COLLATE "C"    NOT NULL,
    bank                 TEXT COLLATE "C"    NOT NULL,
    bank_account         TEXT COLLATE "C"    NOT NULL,
    department           BIGINT,
    active               BOOLEAN NOT NULL,
    version              BIGINT NOT NULL,
    created_at           BIGINT NOT NULL,
    updated_at           BIGINT NOT NULL,
    CONSTRAINT our_entity_code_key UNIQUE (code),
    CONSTRAINT our_entity_credit_code_key UNIQUE (credit_code)
);

CREATE TABLE seal (
    id         BIGINT NOT NULL PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    entity     BIGINT NOT NULL REFERENCES our_entity (id),
    kind       TEXT COLLATE "C"    NOT NULL, -- 公章, 合同专用章, 财务专用章, 法定代表人章
    keeper     BIGINT NOT NULL,
    active     BOOLEAN NOT NULL,
    version    BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    CONSTRAINT seal_entity_kind_key UNIQUE (entity, kind)
);

-- Every published version of a template; the one marked current is drafted from.
CREATE TABLE contract_template (
    version      BYTEA    NOT NULL PRIMARY KEY CHECK (length(version) = 32),
    name         TEXT COLLATE "C"    NOT NULL,
    title        TEXT COLLATE "C"    NOT NULL,
    definition   TEXT COLLATE "C"    NOT NULL, -- template.toml
    body         TEXT COLLATE "C"    NOT NULL, -- body.md
    current      BOOLEAN NOT NULL,
    published_by BIGINT,
    published_at BIGINT NOT NULL
);
CREATE INDEX contract_template_name ON contract_template (name);

CREATE TABLE contract (
    id               BIGINT NOT NULL PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    number           TEXT COLLATE "C",             -- given at the first submission, kept for ever
    number_pattern   TEXT COLLATE "C"    NOT NULL,
    title            TEXT COLLATE "C"    NOT NULL,
    template         TEXT COLLATE "C"    NOT NULL,
    template_version BYTEA    NOT NULL REFERENCES contract_template (version),
    category         TEXT COLLATE "C"    NOT NULL,
    entity           BIGINT NOT NULL REFERENCES our_entity (id),
    entity_code      TEXT COLLATE "C"    NOT NULL,
    our_role         TEXT COLLATE "C"    NOT NULL,
    other_party      TEXT COLLATE "C"    NOT NULL,
    customer         BIGINT,
    opportunity      BIGINT,
    currency         TEXT COLLATE "C"    NOT NULL,
    gross            BIGINT,
    net              BIGINT,
    tax              BIGINT,
    starts_on        TEXT COLLATE "C",
    expires_on       TEXT COLLATE "C",
    signed_on        TEXT COLLATE "C",
    effective_on     TEXT COLLATE "C",
    ended_on         TEXT COLLATE "C",
    end_reason       TEXT COLLATE "C"    NOT NULL,
    state            TEXT COLLATE "C"    NOT NULL CHECK (state IN ('draft', 'in_approval', 'approved', 'sealing', 'waiting', 'signed',
                         'in_force', 'completed', 'expired', 'terminated', 'void')),
    owner            BIGINT NOT NULL,
    drafter          BIGINT NOT NULL,
    department       BIGINT,
    department_code  TEXT COLLATE "C"    NOT NULL,
    content          TEXT COLLATE "C"    NOT NULL, -- what was filled in, as it is drafted now
    unread           TEXT COLLATE "C"    NOT NULL, -- what was typed and is no value yet, by field
    editor           TEXT COLLATE "C"    NOT NULL, -- the page that saved it last: it may save again over itself
    manifest         TEXT COLLATE "C"    NOT NULL, -- of the content
    content_hash     BYTEA    NOT NULL CHECK (length(content_hash) = 32),
    clauses          TEXT COLLATE "C"    NOT NULL, -- the text of the content, clause by clause
    facts            TEXT COLLATE "C"    NOT NULL, -- what workflows read of the content
    last_version     BIGINT NOT NULL, -- 0 before the first submission
    approved_version BIGINT,
    approval_case    BIGINT,
    parent           BIGINT REFERENCES contract (id),
    archive_number   TEXT COLLATE "C",
    created_at       BIGINT NOT NULL,
    updated_at       BIGINT NOT NULL,
    version          BIGINT NOT NULL,
    CONSTRAINT contract_number_key UNIQUE (number),
    CHECK (state IN ('draft', 'void') OR number IS NOT NULL),
    CHECK (state NOT IN ('approved', 'sealing', 'waiting', 'signed', 'in_force') OR approved_version IS NOT NULL)
);
CREATE INDEX contract_owner ON contract (owner, updated_at);
CREATE INDEX contract_department ON contract (department, updated_at);
CREATE INDEX contract_updated ON contract (updated_at);
CREATE INDEX contract_state ON contract (state, expires_on);
CREATE INDEX contract_customer ON contract (customer);
CREATE INDEX contract_parent ON contract (parent);

-- Which state may follow which; the trigger refuses every other move, whoever tries it.
CREATE TABLE contract_move (
    from_state TEXT COLLATE "C" NOT NULL,
    to_state   TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (from_state, to_state)
);
INSERT INTO contract_move (from_state, to_state) VALUES
    ('draft', 'in_approval'), ('draft', 'void'),
    ('in_approval', 'approved'), ('in_approval', 'draft'),
    ('approved', 'in_approval'), ('approved', 'draft'), ('approved', 'sealing'), ('approved', 'void'),
    ('sealing', 'waiting'), ('sealing', 'void'),
    ('waiting', 'signed'), ('waiting', 'void'),
    ('signed', 'in_force'), ('signed', 'terminated'),
    ('in_force', 'completed'), ('in_force', 'expired'), ('in_force', 'terminated'),
    ('expired', 'completed');

CREATE FUNCTION contract_moves() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM contract_move WHERE from_state = old.state AND to_state = new.state) THEN
        RAISE EXCEPTION 'contract_moves' USING ERRCODE = 'check_violation';
    END IF;
    RETURN new;
END $$;
CREATE TRIGGER contract_moves BEFORE UPDATE OF state ON contract
FOR EACH ROW WHEN (new.state <> old.state) EXECUTE FUNCTION contract_moves();

-- What was submitted. Never changed.
CREATE TABLE contract_version (
    id               BIGINT NOT NULL PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    contract         BIGINT NOT NULL REFERENCES contract (id),
    no               BIGINT NOT NULL,
    author           BIGINT,
    at               BIGINT NOT NULL,
    reason           TEXT COLLATE "C"    NOT NULL,
    content_hash     BYTEA    NOT NULL CHECK (length(content_hash) = 32),
    previous_hash    BYTEA,
    template_version BYTEA    NOT NULL,
    content          TEXT COLLATE "C"    NOT NULL,
    manifest         TEXT COLLATE "C"    NOT NULL,
    clauses          TEXT COLLATE "C"    NOT NULL, -- the text, clause by clause
    CONSTRAINT contract_version_contract_no_key UNIQUE (contract, no)
);
