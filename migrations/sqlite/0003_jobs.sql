-- Work that is done after the action that asked for it.

CREATE TABLE job (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL,
    key TEXT NOT NULL,
    payload TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'running', 'done', 'failed')),
    -- How often it was claimed; whoever claimed it reports under this number.
    attempts INTEGER NOT NULL,
    -- When it may be claimed: waiting, its time; running, the end of the lease; NULL when it is over.
    due_at INTEGER,
    -- The sentence of the last failure, as JSON.
    reason TEXT,
    created_at INTEGER NOT NULL,
    ended_at INTEGER,
    CONSTRAINT job_kind_key_key UNIQUE (kind, key)
) STRICT;

CREATE INDEX job_due ON job (due_at, id) WHERE due_at IS NOT NULL;
CREATE INDEX job_failed ON job (ended_at) WHERE ended_at IS NOT NULL;
