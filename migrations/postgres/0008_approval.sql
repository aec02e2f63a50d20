-- Approval: workflow versions, cases with the chain of their events, and what inboxes read.

-- Every version that was ever published; never changed.
CREATE TABLE workflow_version (
    version BYTEA NOT NULL CHECK (length(version) = 32),
    name TEXT COLLATE "C" NOT NULL,
    subject_kind TEXT COLLATE "C" NOT NULL,
    title TEXT COLLATE "C" NOT NULL,
    language BIGINT NOT NULL,
    file TEXT COLLATE "C" NOT NULL,
    source TEXT COLLATE "C" NOT NULL,
    structure TEXT COLLATE "C" NOT NULL,
    published_by BIGINT,
    published_at BIGINT NOT NULL,
    CONSTRAINT workflow_version_pkey PRIMARY KEY (version)
);

CREATE INDEX workflow_version_name ON workflow_version (name, published_at);

-- Which version new cases take.
CREATE TABLE workflow (
    name TEXT COLLATE "C" NOT NULL,
    subject_kind TEXT COLLATE "C" NOT NULL,
    version BYTEA NOT NULL REFERENCES workflow_version (version),
    CONSTRAINT workflow_pkey PRIMARY KEY (name)
);

CREATE INDEX workflow_subject ON workflow (subject_kind);

-- The state is a cache of the events.
CREATE TABLE approval_case (
    id BIGINT NOT NULL PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    subject_kind TEXT COLLATE "C" NOT NULL,
    subject_id BIGINT NOT NULL,
    workflow TEXT COLLATE "C" NOT NULL,
    definition BYTEA NOT NULL REFERENCES workflow_version (version),
    title TEXT COLLATE "C" NOT NULL,
    -- What lists show of the record: other party, amount in ten-thousandths, drafter; and the words they find it by.
    other_party TEXT COLLATE "C" NOT NULL,
    amount BIGINT,
    currency TEXT COLLATE "C",
    drafter BIGINT NOT NULL,
    words TEXT COLLATE "C" NOT NULL,
    content BYTEA CHECK (length(content) = 32),
    status TEXT COLLATE "C" NOT NULL,
    round BIGINT NOT NULL,
    submitter BIGINT,
    over BOOLEAN NOT NULL,
    stuck BOOLEAN NOT NULL,
    next_timer BIGINT,
    seq BIGINT NOT NULL,
    head BYTEA NOT NULL CHECK (length(head) = 32),
    state_format BIGINT NOT NULL,
    state TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);

-- A record has one open case.
CREATE UNIQUE INDEX approval_case_subject_kind_subject_id_key ON approval_case (subject_kind, subject_id) WHERE NOT over;
CREATE INDEX approval_case_subject ON approval_case (subject_kind, subject_id, id);
CREATE INDEX approval_case_submitter ON approval_case (submitter, id);
CREATE INDEX approval_case_timer ON approval_case (next_timer) WHERE next_timer IS NOT NULL;
CREATE INDEX approval_case_stuck ON approval_case (id) WHERE stuck;

-- The exact bytes, written once.
CREATE TABLE approval_event (
    case_id BIGINT NOT NULL REFERENCES approval_case (id),
    seq BIGINT NOT NULL,
    at BIGINT NOT NULL,
    body TEXT COLLATE "C" NOT NULL,
    hash BYTEA NOT NULL CHECK (length(hash) = 32),
    CONSTRAINT approval_event_pkey PRIMARY KEY (case_id, seq)
);

-- One row a task and person who is asked.
CREATE TABLE approval_task (
    case_id BIGINT NOT NULL REFERENCES approval_case (id),
    task BIGINT NOT NULL,
    person BIGINT NOT NULL,
    node TEXT COLLATE "C" NOT NULL,
    node_title TEXT COLLATE "C" NOT NULL,
    because TEXT COLLATE "C" NOT NULL,
    opened_at BIGINT NOT NULL,
    due BIGINT,
    claimed_by BIGINT,
    open BOOLEAN NOT NULL,
    CONSTRAINT approval_task_pkey PRIMARY KEY (case_id, task, person)
);

CREATE INDEX approval_task_inbox ON approval_task (person, opened_at, case_id, task) WHERE open;

CREATE TABLE approval_decision (
    case_id BIGINT NOT NULL REFERENCES approval_case (id),
    decision BIGINT NOT NULL,
    task BIGINT NOT NULL,
    node_title TEXT COLLATE "C" NOT NULL,
    person BIGINT,
    on_behalf_of BIGINT,
    choice TEXT COLLATE "C" NOT NULL,
    opinion TEXT COLLATE "C" NOT NULL,
    round BIGINT NOT NULL,
    void BOOLEAN NOT NULL,
    at BIGINT NOT NULL,
    CONSTRAINT approval_decision_pkey PRIMARY KEY (case_id, decision)
);

CREATE INDEX approval_decision_person ON approval_decision (person, at, case_id, decision);

CREATE TABLE approval_copy (
    case_id BIGINT NOT NULL REFERENCES approval_case (id),
    node TEXT COLLATE "C" NOT NULL,
    person BIGINT NOT NULL,
    sent_at BIGINT NOT NULL,
    read_at BIGINT,
    CONSTRAINT approval_copy_pkey PRIMARY KEY (case_id, node, person)
);

CREATE INDEX approval_copy_person ON approval_copy (person, sent_at, case_id);

CREATE TABLE approval_question (
    case_id BIGINT NOT NULL REFERENCES approval_case (id),
    question BIGINT NOT NULL,
    asked_by BIGINT,
    whom BIGINT NOT NULL,
    text TEXT COLLATE "C" NOT NULL,
    asked_at BIGINT NOT NULL,
    answered_at BIGINT,
    CONSTRAINT approval_question_pkey PRIMARY KEY (case_id, question)
);

CREATE INDEX approval_question_whom ON approval_question (whom, asked_at) WHERE answered_at IS NULL;

-- What the files ask for beside decisions: due, done, stuck; in a replay recorded.
CREATE TABLE approval_effect (
    id BIGINT NOT NULL PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    case_id BIGINT NOT NULL REFERENCES approval_case (id),
    seq BIGINT NOT NULL,
    place BIGINT NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    effect TEXT COLLATE "C" NOT NULL,
    origin TEXT COLLATE "C" NOT NULL,
    state TEXT COLLATE "C" NOT NULL,
    run_at BIGINT NOT NULL,
    attempts BIGINT NOT NULL,
    error TEXT COLLATE "C",
    done_at BIGINT,
    CONSTRAINT approval_effect_case_id_seq_place_key UNIQUE (case_id, seq, place)
);

CREATE INDEX approval_effect_due ON approval_effect (run_at, id) WHERE state = 'due';
CREATE INDEX approval_effect_stuck ON approval_effect (id) WHERE state = 'stuck';

-- Links in messages: one token, one person, one task.
CREATE TABLE approval_link (
    token BYTEA NOT NULL CHECK (length(token) = 32),
    case_id BIGINT NOT NULL REFERENCES approval_case (id),
    task BIGINT NOT NULL,
    person BIGINT NOT NULL,
    made_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    ended_at BIGINT,
    -- The event of the case with which it ended, so that undoing lets it live again.
    ended_seq BIGINT,
    ended_because TEXT COLLATE "C",
    CONSTRAINT approval_link_pkey PRIMARY KEY (token)
);

CREATE INDEX approval_link_task ON approval_link (case_id, task, person);

-- The first answer of a command that may come twice.
CREATE TABLE approval_key (
    key TEXT COLLATE "C" NOT NULL,
    case_id BIGINT NOT NULL REFERENCES approval_case (id),
    first_seq BIGINT NOT NULL,
    last_seq BIGINT NOT NULL,
    decision BIGINT,
    at BIGINT NOT NULL,
    CONSTRAINT approval_key_pkey PRIMARY KEY (key)
);

-- RFC 6962 root over the heads of all cases, one a day.
CREATE TABLE approval_root (
    day TEXT COLLATE "C" NOT NULL,
    root BYTEA NOT NULL CHECK (length(root) = 32),
    cases BIGINT NOT NULL,
    at BIGINT NOT NULL,
    CONSTRAINT approval_root_pkey PRIMARY KEY (day)
);

-- What people often write; their own.
CREATE TABLE approval_phrase (
    person BIGINT NOT NULL,
    place BIGINT NOT NULL,
    text TEXT COLLATE "C" NOT NULL,
    CONSTRAINT approval_phrase_pkey PRIMARY KEY (person, place)
);
