-- The state of a case is a cache of its events. It is kept once in so many events, apart from the row that every command writes; the
-- events after it are added when it is read.
CREATE TABLE approval_state (
    case_id INTEGER NOT NULL PRIMARY KEY REFERENCES approval_case (id),
    seq INTEGER NOT NULL,
    format INTEGER NOT NULL,
    state TEXT NOT NULL
) STRICT;

ALTER TABLE approval_case DROP COLUMN state;
ALTER TABLE approval_case DROP COLUMN state_format;

-- The first answer of a command that may come twice; `request` is the hash of what a program sent, whose answers are forgotten again.
DROP TABLE approval_key;
CREATE TABLE approval_key (
    key TEXT NOT NULL,
    case_id INTEGER NOT NULL REFERENCES approval_case (id),
    first_seq INTEGER NOT NULL,
    last_seq INTEGER NOT NULL,
    decision INTEGER,
    status TEXT NOT NULL,
    request BLOB CHECK (length(request) = 32),
    at INTEGER NOT NULL,
    CONSTRAINT approval_key_pkey PRIMARY KEY (key)
) STRICT, WITHOUT ROWID;
CREATE INDEX approval_key_at ON approval_key (at) WHERE request IS NOT NULL;
