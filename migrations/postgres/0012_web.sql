-- Answers to POSTs that carried an Idempotency-Key; `status` is NULL while the first one runs.
CREATE TABLE idempotency (
    owner BIGINT NOT NULL,
    key TEXT COLLATE "C" NOT NULL,
    request BYTEA NOT NULL CHECK (length(request) = 32),
    started_at BIGINT NOT NULL,
    status BIGINT,
    kind TEXT COLLATE "C",
    body BYTEA,
    CONSTRAINT idempotency_pkey PRIMARY KEY (owner, key)
);

CREATE INDEX idempotency_started ON idempotency (started_at);
