-- The state of a case is a cache of its events. It is kept once in so many events, apart from the row that every command writes; the
-- events after it are added when it is read.
CREATE TABLE approval_state (
    case_id BIGINT NOT NULL PRIMARY KEY REFERENCES approval_case (id),
    seq BIGINT NOT NULL,
    format BIGINT NOT NULL,
    state TEXT COLLATE "C" NOT NULL
);

INSERT INTO approval_state (case_id, seq, format, state) SELECT id, seq, state_format, state FROM approval_case;
ALTER TABLE approval_case DROP COLUMN state;
ALTER TABLE approval_case DROP COLUMN state_format;

-- The first answer of a command says where the case stood then; `request` is the hash of what a program sent, whose answers are
-- forgotten again.
ALTER TABLE approval_key ADD COLUMN status TEXT COLLATE "C" NOT NULL DEFAULT 'in_approval';
UPDATE approval_key SET status = (SELECT c.status FROM approval_case AS c WHERE c.id = approval_key.case_id);
ALTER TABLE approval_key ALTER COLUMN status DROP DEFAULT;
ALTER TABLE approval_key ADD COLUMN request BYTEA CHECK (length(request) = 32);
CREATE INDEX approval_key_at ON approval_key (at) WHERE request IS NOT NULL;
