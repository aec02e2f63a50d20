-- Records of any kind that workflows carry: where the approval of each stands, and what was handed in.

CREATE TABLE record_approval (
    kind TEXT COLLATE "C" NOT NULL,
    id BIGINT NOT NULL,
    approval_case BIGINT NOT NULL,
    state TEXT COLLATE "C" NOT NULL
        CHECK (state IN ('in_approval', 'approved', 'returned', 'withdrawn', 'rejected', 'changed')),
    -- The case has not ended: what was approved is still being carried out.
    open BOOLEAN NOT NULL,
    -- The content that was handed in last.
    content BYTEA NOT NULL CHECK (length(content) = 32),
    -- The fields that approval itself moved, as they were before.
    undo TEXT COLLATE "C",
    PRIMARY KEY (kind, id)
);

-- What each submission said, so that a reader who decided on it is shown what is different now.
CREATE TABLE record_submission (
    kind TEXT COLLATE "C" NOT NULL,
    id BIGINT NOT NULL,
    content BYTEA NOT NULL CHECK (length(content) = 32),
    fields TEXT COLLATE "C" NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (kind, id, content)
);

-- The stage that approval stands before.
ALTER TABLE opportunity ADD COLUMN target_stage TEXT COLLATE "C";
