-- How approvals go: what figures are counted from, written with the events that it is known by.

-- A task while it was with somebody, by the event that ended this.
CREATE TABLE approval_span (
    case_id BIGINT NOT NULL REFERENCES approval_case (id),
    seq BIGINT NOT NULL,
    task BIGINT NOT NULL,
    workflow TEXT COLLATE "C" NOT NULL,
    subject_kind TEXT COLLATE "C" NOT NULL,
    node TEXT COLLATE "C" NOT NULL,
    node_title TEXT COLLATE "C" NOT NULL,
    -- Who had it, in whose right, and where they worked then; nobody where any of several could have decided and none did.
    person BIGINT,
    principal BIGINT,
    department BIGINT,
    round BIGINT NOT NULL,
    opened_at BIGINT NOT NULL,
    due BIGINT,
    closed_at BIGINT NOT NULL,
    -- Minutes inside office hours; unknown where the calendar does not know a year.
    working BIGINT,
    ending TEXT COLLATE "C" NOT NULL,
    -- The node that the case went back to; empty for the drafter.
    returned_to TEXT COLLATE "C",
    CONSTRAINT approval_span_pkey PRIMARY KEY (case_id, seq)
);

CREATE INDEX approval_span_closed ON approval_span (closed_at, case_id, seq);
CREATE INDEX approval_span_node ON approval_span (workflow, node, closed_at, case_id, seq);

CREATE TABLE approval_suggestion (
    case_id BIGINT NOT NULL REFERENCES approval_case (id),
    suggestion BIGINT NOT NULL,
    workflow TEXT COLLATE "C" NOT NULL,
    subject_kind TEXT COLLATE "C" NOT NULL,
    node TEXT COLLATE "C" NOT NULL,
    person BIGINT,
    department BIGINT,
    made_at BIGINT NOT NULL,
    -- Whether the drafter took it; unknown until they answered.
    taken BOOLEAN,
    CONSTRAINT approval_suggestion_pkey PRIMARY KEY (case_id, suggestion)
);

CREATE INDEX approval_suggestion_made ON approval_suggestion (made_at, case_id, suggestion);

-- How a case was decided last.
CREATE TABLE approval_outcome (
    case_id BIGINT NOT NULL PRIMARY KEY REFERENCES approval_case (id),
    seq BIGINT NOT NULL,
    workflow TEXT COLLATE "C" NOT NULL,
    subject_kind TEXT COLLATE "C" NOT NULL,
    drafter BIGINT NOT NULL,
    department BIGINT,
    approved BOOLEAN NOT NULL,
    rounds BIGINT NOT NULL,
    asked_at BIGINT NOT NULL,
    decided_at BIGINT NOT NULL,
    working BIGINT
);

CREATE INDEX approval_outcome_decided ON approval_outcome (decided_at, case_id);

-- Cases from before, whose events are still to be read for it.
CREATE TABLE approval_uncounted (
    case_id BIGINT NOT NULL PRIMARY KEY REFERENCES approval_case (id)
);

INSERT INTO approval_uncounted (case_id) SELECT id FROM approval_case;

CREATE INDEX approval_task_due ON approval_task (due, case_id, task, person) WHERE open;
