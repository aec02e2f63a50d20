-- Approval: workflow versions, cases with the chain of their events, and what inboxes read.

-- Every version that was ever published; never changed.
CREATE TABLE workflow_version (
    version BLOB NOT NULL CHECK (length(version) = 32),
    name TEXT NOT NULL,
    subject_kind TEXT NOT NULL,
    title TEXT NOT NULL,
    language INTEGER NOT NULL,
    file TEXT NOT NULL,
    source TEXT NOT NULL,
    structure TEXT NOT NULL,
    published_by INTEGER,
    published_at INTEGER NOT NULL,
    CONSTRAINT workflow_version_pkey PRIMARY KEY (version)
) STRICT;

CREATE INDEX workflow_version_name ON workflow_version (name, published_at);

-- Which version new cases take.
CREATE TABLE workflow (
    name TEXT NOT NULL,
    subject_kind TEXT NOT NULL,
    version BLOB NOT NULL REFERENCES workflow_version (version),
    CONSTRAINT workflow_pkey PRIMARY KEY (name)
) STRICT, WITHOUT ROWID;

CREATE INDEX workflow_subject ON workflow (subject_kind);

-- The state is a cache of the events.
CREATE TABLE approval_case (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    subject_kind TEXT NOT NULL,
    subject_id INTEGER NOT NULL,
    workflow TEXT NOT NULL,
    definition BLOB NOT NULL REFERENCES workflow_version (version),
    title TEXT NOT NULL,
    -- What lists show of the record: other party, amount in ten-thousandths, drafter; and the words they find it by.
    other_party TEXT NOT NULL,
    amount INTEGER,
    currency TEXT,
    drafter INTEGER NOT NULL,
    words TEXT NOT NULL,
    content BLOB CHECK (length(content) = 32),
    status TEXT NOT NULL,
    round INTEGER NOT NULL,
    submitter INTEGER,
    over INTEGER NOT NULL,
    stuck INTEGER NOT NULL,
    next_timer INTEGER,
    seq INTEGER NOT NULL,
    head BLOB NOT NULL CHECK (length(head) = 32),
    state_format INTEGER NOT NULL,
    state TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;

-- A record has one open case.
CREATE UNIQUE INDEX approval_case_subject_kind_subject_id_key ON approval_case (subject_kind, subject_id) WHERE NOT over;
CREATE INDEX approval_case_subject ON approval_case (subject_kind, subject_id, id);
CREATE INDEX approval_case_submitter ON approval_case (submitter, id);
CREATE INDEX approval_case_timer ON approval_case (next_timer) WHERE next_timer IS NOT NULL;
CREATE INDEX approval_case_stuck ON approval_case (id) WHERE stuck;

-- The exact bytes, written once.
CREATE TABLE approval_event (
    case_id INTEGER NOT NULL REFERENCES approval_case (id),
    seq INTEGER NOT NULL,
    at INTEGER NOT NULL,
    body TEXT NOT NULL,
    hash BLOB NOT NULL CHECK (length(hash) = 32),
    CONSTRAINT approval_event_pkey PRIMARY KEY (case_id, seq)
) STRICT, WITHOUT ROWID;

-- One row a task and person who is asked.
CREATE TABLE approval_task (
    case_id INTEGER NOT NULL REFERENCES approval_case (id),
    task INTEGER NOT NULL,
    person INTEGER NOT NULL,
    node TEXT NOT NULL,
    node_title TEXT NOT NULL,
    because TEXT NOT NULL,
    opened_at INTEGER NOT NULL,
    due INTEGER,
    claimed_by INTEGER,
    open INTEGER NOT NULL,
    CONSTRAINT approval_task_pkey PRIMARY KEY (case_id, task, person)
) STRICT, WITHOUT ROWID;

CREATE INDEX approval_task_inbox ON approval_task (person, opened_at, case_id, task) WHERE open;

CREATE TABLE approval_decision (
    case_id INTEGER NOT NULL REFERENCES approval_case (id),
    decision INTEGER NOT NULL,
    task INTEGER NOT NULL,
    node_title TEXT NOT NULL,
    person INTEGER,
    on_behalf_of INTEGER,
    choice TEXT NOT NULL,
    opinion TEXT NOT NULL,
    round INTEGER NOT NULL,
    void INTEGER NOT NULL,
    at INTEGER NOT NULL,
    CONSTRAINT approval_decision_pkey PRIMARY KEY (case_id, decision)
) STRICT, WITHOUT ROWID;

CREATE INDEX approval_decision_person ON approval_decision (person, at, case_id, decision);

CREATE TABLE approval_copy (
    case_id INTEGER NOT NULL REFERENCES approval_case (id),
    node TEXT NOT NULL,
    person INTEGER NOT NULL,
    sent_at INTEGER NOT NULL,
    read_at INTEGER,
    CONSTRAINT approval_copy_pkey PRIMARY KEY (case_id, node, person)
) STRICT, WITHOUT ROWID;

CREATE INDEX approval_copy_person ON approval_copy (person, sent_at, case_id);

CREATE TABLE approval_question (
    case_id INTEGER NOT NULL REFERENCES approval_case (id),
    question INTEGER NOT NULL,
    asked_by INTEGER,
    whom INTEGER NOT NULL,
    text TEXT NOT NULL,
    asked_at INTEGER NOT NULL,
    answered_at INTEGER,
    CONSTRAINT approval_question_pkey PRIMARY KEY (case_id, question)
) STRICT, WITHOUT ROWID;

CREATE INDEX approval_question_whom ON approval_question (whom, asked_at) WHERE answered_at IS NULL;

-- What the files ask for beside decisions: due, done, stuck; in a replay recorded.
CREATE TABLE approval_effect (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    case_id INTEGER NOT NULL REFERENCES approval_case (id),
    seq INTEGER NOT NULL,
    place INTEGER NOT NULL,
    name TEXT NOT NULL,
    effect TEXT NOT NULL,
    origin TEXT NOT NULL,
    state TEXT NOT NULL,
    run_at INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    error TEXT,
    done_at INTEGER,
    CONSTRAINT approval_effect_case_id_seq_place_key UNIQUE (case_id, seq, place)
) STRICT;

CREATE INDEX approval_effect_due ON approval_effect (run_at, id) WHERE state = 'due';
CREATE INDEX approval_effect_stuck ON approval_effect (id) WHERE state = 'stuck';

-- Links in messages: one token, one person, one task.
CREATE TABLE approval_link (
    token BLOB NOT NULL CHECK (length(token) = 32),
    case_id INTEGER NOT NULL REFERENCES approval_case (id),
    task INTEGER NOT NULL,
    person INTEGER NOT NULL,
    made_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    ended_at INTEGER,
    -- The event of the case with which it ended, so that undoing lets it live again.
    ended_seq INTEGER,
    ended_because TEXT,
    CONSTRAINT approval_link_pkey PRIMARY KEY (token)
) STRICT, WITHOUT ROWID;

CREATE INDEX approval_link_task ON approval_link (case_id, task, person);

-- The first answer of a command that may come twice.
CREATE TABLE approval_key (
    key TEXT NOT NULL,
    case_id INTEGER NOT NULL REFERENCES approval_case (id),
    first_seq INTEGER NOT NULL,
    last_seq INTEGER NOT NULL,
    decision INTEGER,
    at INTEGER NOT NULL,
    CONSTRAINT approval_key_pkey PRIMARY KEY (key)
) STRICT, WITHOUT ROWID;

-- RFC 6962 root over the heads of all cases, one a day.
CREATE TABLE approval_root (
    day TEXT NOT NULL,
    root BLOB NOT NULL CHECK (length(root) = 32),
    cases INTEGER NOT NULL,
    at INTEGER NOT NULL,
    CONSTRAINT approval_root_pkey PRIMARY KEY (day)
) STRICT, WITHOUT ROWID;

-- What people often write; their own.
CREATE TABLE approval_phrase (
    person INTEGER NOT NULL,
    place INTEGER NOT NULL,
    text TEXT NOT NULL,
    CONSTRAINT approval_phrase_pkey PRIMARY KEY (person, place)
) STRICT, WITHOUT ROWID;
