-- What all records share: lists of choices that administrators edit, and one timeline for each record.

CREATE TABLE dictionary_entry (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    dictionary TEXT NOT NULL,
    -- What records keep; it never changes.
    name TEXT NOT NULL,
    label_zh TEXT NOT NULL,
    label_en TEXT NOT NULL,
    position INTEGER NOT NULL,
    -- The probability of a stage in per cent; other lists have none.
    percent INTEGER CHECK (percent BETWEEN 0 AND 100),
    -- A disabled choice stays on records that have it and is offered no more.
    active INTEGER NOT NULL,
    version INTEGER NOT NULL,
    CONSTRAINT dictionary_entry_dictionary_name_key UNIQUE (dictionary, name)
) STRICT;

-- What happened to a record, as its page tells it. One row a page that shows it.
CREATE TABLE timeline_entry (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    subject_kind TEXT NOT NULL,
    subject_id INTEGER NOT NULL,
    at INTEGER NOT NULL,
    actor INTEGER,
    -- A message as JSON, read in the language of the reader.
    head TEXT NOT NULL,
    text TEXT NOT NULL,
    path TEXT NOT NULL
) STRICT;

CREATE INDEX timeline_entry_subject ON timeline_entry (subject_kind, subject_id, at, id);
