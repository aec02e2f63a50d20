-- Answers to POSTs that carried an Idempotency-Key; `status` is NULL while the first one runs.
CREATE TABLE idempotency (
    owner INTEGER NOT NULL,
    key TEXT NOT NULL,
    request BLOB NOT NULL CHECK (length(request) = 32),
    started_at INTEGER NOT NULL,
    status INTEGER,
    kind TEXT,
    body BLOB,
    CONSTRAINT idempotency_pkey PRIMARY KEY (owner, key)
) STRICT, WITHOUT ROWID;

CREATE INDEX idempotency_started ON idempotency (started_at);
