-- Each content of a record that was handed in or decided on, counted from 1, with whoever brought it in.

CREATE TABLE record_submission_counted (
    kind TEXT COLLATE "C" NOT NULL,
    id BIGINT NOT NULL,
    version BIGINT NOT NULL,
    content BYTEA NOT NULL CHECK (length(content) = 32),
    fields TEXT COLLATE "C" NOT NULL,
    -- Not known of what was kept before it was written down.
    author BIGINT,
    reason TEXT COLLATE "C" NOT NULL CHECK (reason IN ('submitted', 'resubmitted', 'suggestion')),
    at BIGINT NOT NULL,
    PRIMARY KEY (kind, id, version)
);

INSERT INTO record_submission_counted (kind, id, version, content, fields, author, reason, at)
SELECT kind, id, place, content, fields, NULL, CASE WHEN place = 1 THEN 'submitted' ELSE 'resubmitted' END, at
FROM (
    SELECT kind, id, content, fields, at, ROW_NUMBER() OVER (PARTITION BY kind, id ORDER BY at, content) AS place
    FROM record_submission
) AS counted;

DROP TABLE record_submission;

ALTER TABLE record_submission_counted RENAME TO record_submission;

ALTER TABLE record_submission RENAME CONSTRAINT record_submission_counted_pkey TO record_submission_pkey;
