-- Each content of a record that was handed in or decided on, counted from 1, with whoever brought it in.

CREATE TABLE record_submission_counted (
    kind TEXT NOT NULL,
    id INTEGER NOT NULL,
    version INTEGER NOT NULL,
    content BLOB NOT NULL CHECK (length(content) = 32),
    fields TEXT NOT NULL,
    -- Not known of what was kept before it was written down.
    author INTEGER,
    reason TEXT NOT NULL CHECK (reason IN ('submitted', 'resubmitted', 'suggestion')),
    at INTEGER NOT NULL,
    PRIMARY KEY (kind, id, version)
) STRICT;

INSERT INTO record_submission_counted (kind, id, version, content, fields, author, reason, at)
SELECT kind, id, place, content, fields, NULL, CASE WHEN place = 1 THEN 'submitted' ELSE 'resubmitted' END, at
FROM (
    SELECT kind, id, content, fields, at, ROW_NUMBER() OVER (PARTITION BY kind, id ORDER BY at, content) AS place
    FROM record_submission
) AS counted;

DROP TABLE record_submission;

ALTER TABLE record_submission_counted RENAME TO record_submission;
