-- Contracts after approval: changes, seals, papers, signatures, events, originals, the archive, warnings.
-- `subject` is the contract itself or one of its changes; both are sealed, signed and archived.

-- A change of a signed contract: a supplement, or its termination.
CREATE TABLE contract_change (
    id              INTEGER PRIMARY KEY AUTOINCREMENT,
    contract        INTEGER NOT NULL REFERENCES contract (id),
    kind            TEXT    NOT NULL CHECK (kind IN ('supplement', 'termination')),
    number          TEXT,             -- given when it is approved, kept for ever
    title           TEXT    NOT NULL,
    content         TEXT    NOT NULL, -- why, and what changes
    manifest        TEXT    NOT NULL,
    content_hash    BLOB    NOT NULL CHECK (length(content_hash) = 32),
    approval_amount INTEGER,          -- the total with it, in the base currency
    state           TEXT    NOT NULL CHECK (state IN ('draft', 'in_approval', 'approved', 'sealing', 'waiting', 'signed',
                        'in_force', 'void')),
    replaced        TEXT,             -- the terms before it, once it is in force
    signed_on       TEXT,
    effective_on    TEXT,
    approval_case   INTEGER,
    drafter         INTEGER NOT NULL,
    created_at      INTEGER NOT NULL,
    updated_at      INTEGER NOT NULL,
    version         INTEGER NOT NULL,
    CONSTRAINT contract_change_number_key UNIQUE (number),
    CHECK (state IN ('draft', 'in_approval', 'void') OR number IS NOT NULL),
    CHECK (state NOT IN ('signed', 'in_force') OR (signed_on IS NOT NULL AND effective_on IS NOT NULL))
) STRICT;
CREATE INDEX contract_change_contract ON contract_change (contract, id);
CREATE INDEX contract_change_updated ON contract_change (updated_at, id);
CREATE INDEX contract_change_effective ON contract_change (effective_on) WHERE state = 'signed';

CREATE TRIGGER contract_change_moves BEFORE UPDATE OF state ON contract_change
WHEN new.state <> old.state
    AND NOT EXISTS (SELECT 1 FROM contract_move WHERE from_state = old.state AND to_state = new.state)
BEGIN
    SELECT RAISE(ABORT, 'contract_moves');
END;

-- Files that came after approval: signed scans, authorisations, photos, evidence.
CREATE TABLE contract_paper (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    contract     INTEGER NOT NULL REFERENCES contract (id),
    subject_kind TEXT    NOT NULL,
    subject_id   INTEGER NOT NULL,
    purpose      TEXT    NOT NULL CHECK (purpose IN ('signed', 'authorisation', 'seal_photo', 'delivered', 'accepted',
                     'evidence')),
    hash         BLOB    NOT NULL CHECK (length(hash) = 32),
    name         TEXT    NOT NULL,
    media_type   TEXT    NOT NULL,
    added_by     INTEGER,
    added_at     INTEGER NOT NULL
) STRICT;
CREATE INDEX contract_paper_contract ON contract_paper (contract, id);

-- 用印申请; a sealed one is a line of the seal ledger (印章台账) and never changes again.
CREATE TABLE seal_request (
    id               INTEGER PRIMARY KEY AUTOINCREMENT,
    subject_kind     TEXT    NOT NULL,
    subject_id       INTEGER NOT NULL,
    contract         INTEGER NOT NULL REFERENCES contract (id),
    seal             INTEGER NOT NULL REFERENCES seal (id),
    document_version INTEGER NOT NULL, -- the approved one
    content_hash     BLOB    NOT NULL CHECK (length(content_hash) = 32),
    copies           INTEGER NOT NULL CHECK (copies BETWEEN 1 AND 99),
    across_pages     INTEGER NOT NULL, -- 骑缝
    purpose          TEXT    NOT NULL,
    state            TEXT    NOT NULL CHECK (state IN ('requested', 'sealed', 'cancelled')),
    effect           TEXT,             -- the effect that asked for it
    requested_by     INTEGER,
    requested_at     INTEGER NOT NULL,
    ledger_number    TEXT,
    sealed_on        TEXT,
    sealed_by        INTEGER,
    ended_at         INTEGER,
    photo            INTEGER REFERENCES contract_paper (id),
    note             TEXT    NOT NULL,
    version          INTEGER NOT NULL,
    CONSTRAINT seal_request_ledger_number_key UNIQUE (ledger_number),
    CONSTRAINT seal_request_effect_key UNIQUE (effect),
    CHECK (state <> 'sealed' OR (ledger_number IS NOT NULL AND sealed_on IS NOT NULL AND sealed_by IS NOT NULL))
) STRICT;
-- One open request for one seal on one document.
CREATE UNIQUE INDEX seal_request_subject_kind_subject_id_seal_key ON seal_request (subject_kind, subject_id, seal)
    WHERE state = 'requested';
CREATE INDEX seal_request_waiting ON seal_request (seal, id) WHERE state = 'requested';
CREATE INDEX seal_request_contract ON seal_request (contract, id);

-- Only an open request moves on, and only the approved version of a document is sealed.
CREATE TRIGGER seal_request_moves BEFORE UPDATE OF state ON seal_request
WHEN new.state <> old.state AND (old.state <> 'requested' OR (new.state = 'sealed' AND NOT (
    (new.subject_kind = 'contract' AND EXISTS (
        SELECT 1 FROM contract AS k WHERE k.id = new.subject_id AND k.state = 'sealing'
            AND k.approved_version = new.document_version AND k.content_hash = new.content_hash))
    OR (new.subject_kind = 'contract_change' AND EXISTS (
        SELECT 1 FROM contract_change AS g WHERE g.id = new.subject_id AND g.state = 'sealing'
            AND g.content_hash = new.content_hash)))))
BEGIN
    SELECT RAISE(ABORT, 'seal_request_moves');
END;

-- Who signed for a party, and in which capacity.
CREATE TABLE contract_signature (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    subject_kind  TEXT    NOT NULL,
    subject_id    INTEGER NOT NULL,
    party         TEXT    NOT NULL,
    party_name    TEXT    NOT NULL,
    signatory     TEXT    NOT NULL,
    capacity      TEXT    NOT NULL CHECK (capacity IN ('representative', 'agent', 'oneself')),
    authorisation INTEGER REFERENCES contract_paper (id),
    signed_on     TEXT    NOT NULL,
    recorded_by   INTEGER,
    recorded_at   INTEGER NOT NULL,
    CONSTRAINT contract_signature_subject_kind_subject_id_party_key UNIQUE (subject_kind, subject_id, party),
    CHECK (capacity <> 'agent' OR authorisation IS NOT NULL)
) STRICT;

-- What happened to a document: signed, effective, delivered, accepted.
CREATE TABLE contract_event (
    subject_kind TEXT    NOT NULL,
    subject_id   INTEGER NOT NULL,
    name         TEXT    NOT NULL,
    happened_on  TEXT    NOT NULL,
    paper        INTEGER REFERENCES contract_paper (id),
    copies       INTEGER,
    note         TEXT    NOT NULL,
    recorded_by  INTEGER,
    recorded_at  INTEGER NOT NULL,
    PRIMARY KEY (subject_kind, subject_id, name)
) STRICT;

-- The event at which a contract's payment plan starts, where a workflow names another one than its signing.
CREATE TABLE contract_plan_start (
    contract INTEGER NOT NULL PRIMARY KEY REFERENCES contract (id),
    event    TEXT    NOT NULL
) STRICT;

-- Originals that are expected back from the other side.
CREATE TABLE contract_original (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    subject_kind TEXT    NOT NULL,
    subject_id   INTEGER NOT NULL,
    contract     INTEGER NOT NULL REFERENCES contract (id),
    due_on       TEXT    NOT NULL,
    back_on      TEXT,
    copies       INTEGER CHECK (copies IS NULL OR copies BETWEEN 1 AND 99),
    recorded_by  INTEGER,
    recorded_at  INTEGER,
    version      INTEGER NOT NULL,
    CONSTRAINT contract_original_subject_kind_subject_id_key UNIQUE (subject_kind, subject_id)
) STRICT;
CREATE INDEX contract_original_contract ON contract_original (contract);
CREATE INDEX contract_original_due ON contract_original (due_on, id) WHERE back_on IS NULL;

-- One task a document: somebody who may claims it, ticks its list off, and says where the folder stands.
CREATE TABLE archive_task (
    id             INTEGER PRIMARY KEY AUTOINCREMENT,
    subject_kind   TEXT    NOT NULL,
    subject_id     INTEGER NOT NULL,
    contract       INTEGER NOT NULL REFERENCES contract (id),
    claimers       TEXT    NOT NULL, -- roles and people who may claim it
    claimed_by     INTEGER,
    state          TEXT    NOT NULL CHECK (state IN ('open', 'archived')),
    archive_number TEXT,
    box            TEXT    NOT NULL,
    shelf          TEXT    NOT NULL,
    copies         INTEGER,
    archived_on    TEXT,
    archived_by    INTEGER,
    created_at     INTEGER NOT NULL,
    version        INTEGER NOT NULL,
    CONSTRAINT archive_task_subject_kind_subject_id_key UNIQUE (subject_kind, subject_id),
    CONSTRAINT archive_task_archive_number_key UNIQUE (archive_number),
    CHECK (state = 'open' OR (archive_number IS NOT NULL AND archived_on IS NOT NULL AND archived_by IS NOT NULL))
) STRICT;
CREATE INDEX archive_task_contract ON archive_task (contract);

CREATE TABLE archive_item (
    task       INTEGER NOT NULL REFERENCES archive_task (id),
    position   INTEGER NOT NULL,
    label      TEXT    NOT NULL,
    checked_by INTEGER,
    checked_at INTEGER,
    PRIMARY KEY (task, position)
) STRICT;

-- What was archived stays so, and nothing is archived before its list is ticked off.
CREATE TRIGGER archive_task_moves BEFORE UPDATE OF state ON archive_task
WHEN new.state <> old.state AND (old.state <> 'open'
    OR EXISTS (SELECT 1 FROM archive_item AS i WHERE i.task = new.id AND i.checked_at IS NULL))
BEGIN
    SELECT RAISE(ABORT, 'archive_task_moves');
END;

-- What a workflow wants to be warned of, kept so that the warning moves when the date moves.
CREATE TABLE contract_warning (
    id       INTEGER PRIMARY KEY AUTOINCREMENT,
    contract INTEGER NOT NULL REFERENCES contract (id),
    date     TEXT    NOT NULL, -- expires, or a date field
    spans    TEXT    NOT NULL,
    hearers  TEXT    NOT NULL,
    effect   TEXT    NOT NULL,
    CONSTRAINT contract_warning_effect_key UNIQUE (effect)
) STRICT;
CREATE INDEX contract_warning_contract ON contract_warning (contract);
