-- The state of a case is a cache of its events. It is kept once in so many events, apart from the row that every command writes; the
-- events after it are added when it is read.
CREATE TABLE approval_state (
    case_id BIGINT NOT NULL PRIMARY KEY REFERENCES approval_case (id),
    seq BIGINT NOT NULL,
    format BIGINT NOT NULL,
    state TEXT COLLATE "C" NOT NULL
);

ALTER TABLE approval_case DROP COLUMN state;
ALTER TABLE approval_case DROP COLUMN state_format;

-- The first answer of a command that may come twice; `request` is the hash of what a program sent, whose answers are forgotten again.
DROP TABLE approval_key;
CREATE TABLE approval_key (
    key TEXT COLLATE "C" NOT NULL,
    case_id BIGINT NOT NULL REFERENCES approval_case (id),
    first_seq BIGINT NOT NULL,
    last_seq BIGINT NOT NULL,
    decision BIGINT,
    status TEXT COLLATE "C" NOT NULL,
    request BYTEA CHECK (length(request) = 32),
    at BIGINT NOT NULL,
    CONSTRAINT approval_key_pkey PRIMARY KEY (key)
);
CREATE INDEX approval_key_at ON approval_key (at) WHERE request IS NOT NULL;
