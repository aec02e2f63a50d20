-- Contracts after approval: changes, seals, papers, signatures, events, originals, the archive, warnings.
-- `subject` is the contract itself or one of its changes; both are sealed, signed and archived.

-- A change of a signed contract: a supplement, or its termination.
CREATE TABLE contract_change (
    id              BIGINT NOT NULL PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    contract        BIGINT NOT NULL REFERENCES contract (id),
    kind            TEXT COLLATE "C"    NOT NULL CHECK (kind IN ('supplement', 'termination')),
    number          TEXT COLLATE "C",             -- given when it is approved, kept for ever
    title           TEXT COLLATE "C"    NOT NULL,
    content         TEXT COLLATE "C"    NOT NULL, -- why, and what changes
    manifest        TEXT COLLATE "C"    NOT NULL,
    content_hash    BYTEA    NOT NULL CHECK (length(content_hash) = 32),
    approval_amount BIGINT,          -- the total with it, in the base currency
    state           TEXT COLLATE "C"    NOT NULL CHECK (state IN ('draft', 'in_approval', 'approved', 'sealing', 'waiting', 'signed',
                        'in_force', 'void')),
    replaced        TEXT COLLATE "C",             -- the terms before it, once it is in force
    signed_on       TEXT COLLATE "C",
    effective_on    TEXT COLLATE "C",
    approval_case   BIGINT,
    drafter         BIGINT NOT NULL,
    created_at      BIGINT NOT NULL,
    updated_at      BIGINT NOT NULL,
    version         BIGINT NOT NULL,
    CONSTRAINT contract_change_number_key UNIQUE (number),
    CHECK (state IN ('draft', 'in_approval', 'void') OR number IS NOT NULL),
    CHECK (state NOT IN ('signed', 'in_force') OR (signed_on IS NOT NULL AND effective_on IS NOT NULL))
);
CREATE INDEX contract_change_contract ON contract_change (contract, id);
CREATE INDEX contract_change_updated ON contract_change (updated_at, id);
CREATE INDEX contract_change_effective ON contract_change (effective_on) WHERE state = 'signed';

CREATE TRIGGER contract_change_moves BEFORE UPDATE OF state ON contract_change
FOR EACH ROW WHEN (new.state <> old.state) EXECUTE FUNCTION contract_moves();

-- Files that came after approval: signed scans, authorisations, photos, evidence.
CREATE TABLE contract_paper (
    id           BIGINT NOT NULL PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    contract     BIGINT NOT NULL REFERENCES contract (id),
    subject_kind TEXT COLLATE "C"    NOT NULL,
    subject_id   BIGINT NOT NULL,
    purpose      TEXT COLLATE "C"    NOT NULL CHECK (purpose IN ('signed', 'authorisation', 'seal_photo', 'delivered', 'accepted',
                     'evidence')),
    hash         BYTEA    NOT NULL CHECK (length(hash) = 32),
    name         TEXT COLLATE "C"    NOT NULL,
    media_type   TEXT COLLATE "C"    NOT NULL,
    added_by     BIGINT,
    added_at     BIGINT NOT NULL
);
CREATE INDEX contract_paper_contract ON contract_paper (contract, id);

-- 用印申请; a sealed one is a line of the seal ledger (印章台账) and never changes again.
CREATE TABLE seal_request (
    id               BIGINT NOT NULL PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    subject_kind     TEXT COLLATE "C"    NOT NULL,
    subject_id       BIGINT NOT NULL,
    contract         BIGINT NOT NULL REFERENCES contract (id),
    seal             BIGINT NOT NULL REFERENCES seal (id),
    document_version BIGINT NOT NULL, -- the approved one
    content_hash     BYTEA    NOT NULL CHECK (length(content_hash) = 32),
    copies           BIGINT NOT NULL CHECK (copies BETWEEN 1 AND 99),
    across_pages     BOOLEAN NOT NULL, -- 骑缝
    purpose          TEXT COLLATE "C"    NOT NULL,
    state            TEXT COLLATE "C"    NOT NULL CHECK (state IN ('requested', 'sealed', 'cancelled')),
    effect           TEXT COLLATE "C",             -- the effect that asked for it
    requested_by     BIGINT,
    requested_at     BIGINT NOT NULL,
    ledger_number    TEXT COLLATE "C",
    sealed_on        TEXT COLLATE "C",
    sealed_by        BIGINT,
    ended_at         BIGINT,
    photo            BIGINT REFERENCES contract_paper (id),
    note             TEXT COLLATE "C"    NOT NULL,
    version          BIGINT NOT NULL,
    CONSTRAINT seal_request_ledger_number_key UNIQUE (ledger_number),
    CONSTRAINT seal_request_effect_key UNIQUE (effect),
    CHECK (state <> 'sealed' OR (ledger_number IS NOT NULL AND sealed_on IS NOT NULL AND sealed_by IS NOT NULL))
);
-- One open request for one seal on one document.
CREATE UNIQUE INDEX seal_request_subject_kind_subject_id_seal_key ON seal_request (subject_kind, subject_id, seal)
    WHERE state = 'requested';
CREATE INDEX seal_request_waiting ON seal_request (seal, id) WHERE state = 'requested';
CREATE INDEX seal_request_contract ON seal_request (contract, id);

-- Only an open request moves on, and only the approved version of a document is sealed.
CREATE FUNCTION seal_request_moves() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF old.state <> 'requested' OR (new.state = 'sealed' AND NOT (
        (new.subject_kind = 'contract' AND EXISTS (
            SELECT 1 FROM contract AS k WHERE k.id = new.subject_id AND k.state = 'sealing'
                AND k.approved_version = new.document_version AND k.content_hash = new.content_hash))
        OR (new.subject_kind = 'contract_change' AND EXISTS (
            SELECT 1 FROM contract_change AS g WHERE g.id = new.subject_id AND g.state = 'sealing'
                AND g.content_hash = new.content_hash)))) THEN
        RAISE EXCEPTION 'seal_request_moves' USING ERRCODE = 'check_violation';
    END IF;
    RETURN new;
END $$;
CREATE TRIGGER seal_request_moves BEFORE UPDATE OF state ON seal_request
FOR EACH ROW WHEN (new.state <> old.state) EXECUTE FUNCTION seal_request_moves();

-- Who signed for a party, and in which capacity.
CREATE TABLE contract_signature (
    id            BIGINT NOT NULL PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    subject_kind  TEXT COLLATE "C"    NOT NULL,
    subject_id    BIGINT NOT NULL,
    party         TEXT COLLATE "C"    NOT NULL,
    party_name    TEXT COLLATE "C"    NOT NULL,
    signatory     TEXT COLLATE "C"    NOT NULL,
    capacity      TEXT COLLATE "C"    NOT NULL CHECK (capacity IN ('representative', 'agent', 'oneself')),
    authorisation BIGINT REFERENCES contract_paper (id),
    signed_on     TEXT COLLATE "C"    NOT NULL,
    recorded_by   BIGINT,
    recorded_at   BIGINT NOT NULL,
    CONSTRAINT contract_signature_subject_kind_subject_id_party_key UNIQUE (subject_kind, subject_id, party),
    CHECK (capacity <> 'agent' OR authorisation IS NOT NULL)
);

-- What happened to a document: signed, effective, delivered, accepted.
CREATE TABLE contract_event (
    subject_kind TEXT COLLATE "C"    NOT NULL,
    subject_id   BIGINT NOT NULL,
    name         TEXT COLLATE "C"    NOT NULL,
    happened_on  TEXT COLLATE "C"    NOT NULL,
    paper        BIGINT REFERENCES contract_paper (id),
    copies       BIGINT,
    note         TEXT COLLATE "C"    NOT NULL,
    recorded_by  BIGINT,
    recorded_at  BIGINT NOT NULL,
    PRIMARY KEY (subject_kind, subject_id, name)
);

-- The event at which a contract's payment plan starts, where a workflow names another one than its signing.
CREATE TABLE contract_plan_start (
    contract BIGINT NOT NULL PRIMARY KEY REFERENCES contract (id),
    event    TEXT COLLATE "C"    NOT NULL
);

-- Originals that are expected back from the other side.
CREATE TABLE contract_original (
    id           BIGINT NOT NULL PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    subject_kind TEXT COLLATE "C"    NOT NULL,
    subject_id   BIGINT NOT NULL,
    contract     BIGINT NOT NULL REFERENCES contract (id),
    due_on       TEXT COLLATE "C"    NOT NULL,
    back_on      TEXT COLLATE "C",
    copies       BIGINT CHECK (copies IS NULL OR copies BETWEEN 1 AND 99),
    recorded_by  BIGINT,
    recorded_at  BIGINT,
    version      BIGINT NOT NULL,
    CONSTRAINT contract_original_subject_kind_subject_id_key UNIQUE (subject_kind, subject_id)
);
CREATE INDEX contract_original_contract ON contract_original (contract);
CREATE INDEX contract_original_due ON contract_original (due_on, id) WHERE back_on IS NULL;

-- One task a document: somebody who may claims it, ticks its list off, and says where the folder stands.
CREATE TABLE archive_task (
    id             BIGINT NOT NULL PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    subject_kind   TEXT COLLATE "C"    NOT NULL,
    subject_id     BIGINT NOT NULL,
    contract       BIGINT NOT NULL REFERENCES contract (id),
    claimers       TEXT COLLATE "C"    NOT NULL, -- roles and people who may claim it
    claimed_by     BIGINT,
    state          TEXT COLLATE "C"    NOT NULL CHECK (state IN ('open', 'archived')),
    archive_number TEXT COLLATE "C",
    box            TEXT COLLATE "C"    NOT NULL,
    shelf          TEXT COLLATE "C"    NOT NULL,
    copies         BIGINT,
    archived_on    TEXT COLLATE "C",
    archived_by    BIGINT,
    created_at     BIGINT NOT NULL,
    version        BIGINT NOT NULL,
    CONSTRAINT archive_task_subject_kind_subject_id_key UNIQUE (subject_kind, subject_id),
    CONSTRAINT archive_task_archive_number_key UNIQUE (archive_number),
    CHECK (state = 'open' OR (archive_number IS NOT NULL AND archived_on IS NOT NULL AND archived_by IS NOT NULL))
);
CREATE INDEX archive_task_contract ON archive_task (contract);

CREATE TABLE archive_item (
    task       BIGINT NOT NULL REFERENCES archive_task (id),
    position   BIGINT NOT NULL,
    label      TEXT COLLATE "C"    NOT NULL,
    checked_by BIGINT,
    checked_at BIGINT,
    PRIMARY KEY (task, position)
);

-- What was archived stays so, and nothing is archived before its list is ticked off.
CREATE FUNCTION archive_task_moves() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF old.state <> 'open'
        OR EXISTS (SELECT 1 FROM archive_item AS i WHERE i.task = new.id AND i.checked_at IS NULL) THEN
        RAISE EXCEPTION 'archive_task_moves' USING ERRCODE = 'check_violation';
    END IF;
    RETURN new;
END $$;
CREATE TRIGGER archive_task_moves BEFORE UPDATE OF state ON archive_task
FOR EACH ROW WHEN (new.state <> old.state) EXECUTE FUNCTION archive_task_moves();

-- What a workflow wants to be warned of, kept so that the warning moves when the date moves.
CREATE TABLE contract_warning (
    id       BIGINT NOT NULL PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    contract BIGINT NOT NULL REFERENCES contract (id),
    date     TEXT COLLATE "C"    NOT NULL, -- expires, or a date field
    spans    TEXT COLLATE "C"    NOT NULL,
    hearers  TEXT COLLATE "C"    NOT NULL,
    effect   TEXT COLLATE "C"    NOT NULL,
    CONSTRAINT contract_warning_effect_key UNIQUE (effect)
);
CREATE INDEX contract_warning_contract ON contract_warning (contract);
