-- What falls due, and the warnings before it.

CREATE TABLE due_item (
    id BIGINT NOT NULL PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    subject_kind TEXT COLLATE "C" NOT NULL,
    subject_id BIGINT NOT NULL,
    -- Which due item of the record: expires, milestone/3.
    source TEXT COLLATE "C" NOT NULL,
    -- A sentence as JSON.
    title TEXT COLLATE "C" NOT NULL,
    path TEXT COLLATE "C" NOT NULL,
    due_on TEXT COLLATE "C" NOT NULL,
    -- The instant from which it is overdue.
    due_at BIGINT NOT NULL,
    owner BIGINT NOT NULL,
    department BIGINT,
    -- The rules for its warnings as JSON: its own, then those that were added.
    warn TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL,
    cleared_at BIGINT,
    CONSTRAINT due_item_subject_kind_subject_id_source_key UNIQUE (subject_kind, subject_id, source)
);

CREATE INDEX due_item_open ON due_item (due_at, id) WHERE cleared_at IS NULL;

CREATE TABLE due_warning (
    id BIGINT NOT NULL PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    item BIGINT NOT NULL REFERENCES due_item (id) ON DELETE CASCADE,
    -- Which rule of the item it comes from.
    rule BIGINT NOT NULL,
    -- When it is raised; NULL: the calendar does not know the working days of that year yet.
    at BIGINT,
    -- How long before the due date, or after it, as JSON.
    span TEXT COLLATE "C" NOT NULL,
    step TEXT COLLATE "C" NOT NULL CHECK (step IN ('ahead', 'escalation')),
    raised_at BIGINT
);

CREATE INDEX due_warning_item ON due_warning (item);
CREATE INDEX due_warning_waiting ON due_warning (at, id) WHERE raised_at IS NULL;
CREATE INDEX due_warning_undated ON due_warning (id) WHERE at IS NULL AND raised_at IS NULL;
