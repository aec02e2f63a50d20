-- How approvals go: what figures are counted from, written with the events that it is known by.

-- A task while it was with somebody, by the event that ended this.
CREATE TABLE approval_span (
    case_id INTEGER NOT NULL REFERENCES approval_case (id),
    seq INTEGER NOT NULL,
    task INTEGER NOT NULL,
    workflow TEXT NOT NULL,
    subject_kind TEXT NOT NULL,
    node TEXT NOT NULL,
    node_title TEXT NOT NULL,
    -- Who had it, in whose right, and where they worked then; nobody where any of several could have decided and none did.
    person INTEGER,
    principal INTEGER,
    department INTEGER,
    round INTEGER NOT NULL,
    opened_at INTEGER NOT NULL,
    due INTEGER,
    closed_at INTEGER NOT NULL,
    -- Minutes inside office hours; unknown where the calendar does not know a year.
    working INTEGER,
    ending TEXT NOT NULL,
    -- The node that the case went back to; empty for the drafter.
    returned_to TEXT,
    CONSTRAINT approval_span_pkey PRIMARY KEY (case_id, seq)
) STRICT, WITHOUT ROWID;

CREATE INDEX approval_span_closed ON approval_span (closed_at, case_id, seq);
CREATE INDEX approval_span_node ON approval_span (workflow, node, closed_at, case_id, seq);

CREATE TABLE approval_suggestion (
    case_id INTEGER NOT NULL REFERENCES approval_case (id),
    suggestion INTEGER NOT NULL,
    workflow TEXT NOT NULL,
    subject_kind TEXT NOT NULL,
    node TEXT NOT NULL,
    person INTEGER,
    department INTEGER,
    made_at INTEGER NOT NULL,
    -- Whether the drafter took it; unknown until they answered.
    taken INTEGER,
    CONSTRAINT approval_suggestion_pkey PRIMARY KEY (case_id, suggestion)
) STRICT, WITHOUT ROWID;

CREATE INDEX approval_suggestion_made ON approval_suggestion (made_at, case_id, suggestion);

-- How a case was decided last.
CREATE TABLE approval_outcome (
    case_id INTEGER NOT NULL PRIMARY KEY REFERENCES approval_case (id),
    seq INTEGER NOT NULL,
    workflow TEXT NOT NULL,
    subject_kind TEXT NOT NULL,
    drafter INTEGER NOT NULL,
    department INTEGER,
    approved INTEGER NOT NULL,
    rounds INTEGER NOT NULL,
    asked_at INTEGER NOT NULL,
    decided_at INTEGER NOT NULL,
    working INTEGER
) STRICT;

CREATE INDEX approval_outcome_decided ON approval_outcome (decided_at, case_id);

-- Cases from before, whose events are still to be read for it.
CREATE TABLE approval_uncounted (
    case_id INTEGER NOT NULL PRIMARY KEY REFERENCES approval_case (id)
) STRICT;

INSERT INTO approval_uncounted (case_id) SELECT id FROM approval_case;

CREATE INDEX approval_task_due ON approval_task (due, case_id, task, person) WHERE open;
