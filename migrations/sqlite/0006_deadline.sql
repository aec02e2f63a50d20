-- What falls due, and the warnings before it.

CREATE TABLE due_item (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    subject_kind TEXT NOT NULL,
    subject_id INTEGER NOT NULL,
    -- Which due item of the record: expires, milestone/3.
    source TEXT NOT NULL,
    -- A sentence as JSON.
    title TEXT NOT NULL,
    path TEXT NOT NULL,
    due_on TEXT NOT NULL,
    -- The instant from which it is overdue.
    due_at INTEGER NOT NULL,
    owner INTEGER NOT NULL,
    department INTEGER,
    -- The rules for its warnings as JSON: its own, then those that were added.
    warn TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    cleared_at INTEGER,
    CONSTRAINT due_item_subject_kind_subject_id_source_key UNIQUE (subject_kind, subject_id, source)
) STRICT;

CREATE INDEX due_item_open ON due_item (due_at, id) WHERE cleared_at IS NULL;

CREATE TABLE due_warning (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    item INTEGER NOT NULL REFERENCES due_item (id) ON DELETE CASCADE,
    -- Which rule of the item it comes from.
    rule INTEGER NOT NULL,
    -- When it is raised; NULL: the calendar does not know the working days of that year yet.
    at INTEGER,
    -- How long before the due date, or after it, as JSON.
    span TEXT NOT NULL,
    step TEXT NOT NULL CHECK (step IN ('ahead', 'escalation')),
    raised_at INTEGER
) STRICT;

CREATE INDEX due_warning_item ON due_warning (item);
CREATE INDEX due_warning_waiting ON due_warning (at, id) WHERE raised_at IS NULL;
CREATE INDEX due_warning_undated ON due_warning (id) WHERE at IS NULL AND raised_at IS NULL;
