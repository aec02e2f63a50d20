-- What administrators write before it is published, and what was published by whom.

-- One open draft an author and workflow; a proposal is a draft that a second person looks at.
CREATE TABLE workflow_draft (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    workflow TEXT NOT NULL,
    author INTEGER NOT NULL,
    -- The version that it began from; nothing for a new workflow.
    base BLOB CHECK (length(base) = 32) REFERENCES workflow_version (version),
    source TEXT NOT NULL,
    scenarios TEXT NOT NULL,
    note TEXT NOT NULL,
    state TEXT NOT NULL,
    -- Under which hash it was proposed.
    proposed BLOB CHECK (length(proposed) = 32),
    -- Who declined it last, and why.
    answered_by INTEGER,
    answer TEXT NOT NULL,
    version INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;

CREATE UNIQUE INDEX workflow_draft_workflow_author_key ON workflow_draft (workflow, author) WHERE state <> 'published';
CREATE INDEX workflow_draft_open ON workflow_draft (state, updated_at) WHERE state <> 'published';

-- Each time that a version became the current one: an older one can again.
CREATE TABLE workflow_publication (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    workflow TEXT NOT NULL,
    version BLOB NOT NULL CHECK (length(version) = 32) REFERENCES workflow_version (version),
    -- The proposal that it came from; nothing for what ships with the program or came from the command line.
    draft INTEGER REFERENCES workflow_draft (id),
    published_by INTEGER,
    -- What its author said where there was no second person.
    alone_because TEXT,
    published_at INTEGER NOT NULL
) STRICT;

CREATE INDEX workflow_publication_workflow ON workflow_publication (workflow, id);

-- What is current was published last, whatever the order was.
INSERT INTO workflow_publication (workflow, version, published_by, published_at)
SELECT name, version, published_by, published_at FROM workflow_version
ORDER BY CASE WHEN version IN (SELECT version FROM workflow) THEN 1 ELSE 0 END, published_at, version;
