-- Work that is done after the action that asked for it.

CREATE TABLE job (
    id BIGINT NOT NULL PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    kind TEXT COLLATE "C" NOT NULL,
    key TEXT COLLATE "C" NOT NULL,
    payload TEXT COLLATE "C" NOT NULL,
    state TEXT COLLATE "C" NOT NULL CHECK (state IN ('waiting', 'running', 'done', 'failed')),
    -- How often it was claimed; whoever claimed it reports under this number.
    attempts BIGINT NOT NULL,
    -- When it may be claimed: waiting, its time; running, the end of the lease; NULL when it is over.
    due_at BIGINT,
    -- The sentence of the last failure, as JSON.
    reason TEXT COLLATE "C",
    created_at BIGINT NOT NULL,
    ended_at BIGINT,
    CONSTRAINT job_kind_key_key UNIQUE (kind, key)
);

CREATE INDEX job_due ON job (due_at, id) WHERE due_at IS NOT NULL;
CREATE INDEX job_failed ON job (ended_at) WHERE ended_at IS NOT NULL;
