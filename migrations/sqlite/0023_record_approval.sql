-- Records of any kind that workflows carry: where the approval of each stands, and what was handed in.

CREATE TABLE record_approval (
    kind TEXT NOT NULL,
    id INTEGER NOT NULL,
    approval_case INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('in_approval', 'approved', 'returned', 'withdrawn', 'rejected', 'changed')),
    -- The case has not ended: what was approved is still being carried out.
    open INTEGER NOT NULL,
    -- The content that was handed in last.
    content BLOB NOT NULL CHECK (length(content) = 32),
    -- The fields that approval itself moved, as they were before.
    undo TEXT,
    PRIMARY KEY (kind, id)
) STRICT;

-- What each submission said, so that a reader who decided on it is shown what is different now.
CREATE TABLE record_submission (
    kind TEXT NOT NULL,
    id INTEGER NOT NULL,
    content BLOB NOT NULL CHECK (length(content) = 32),
    fields TEXT NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (kind, id, content)
) STRICT;

-- The stage that approval stands before.
ALTER TABLE opportunity ADD COLUMN target_stage TEXT;
