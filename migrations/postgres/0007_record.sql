-- What all records share: lists of choices that administrators edit, and one timeline for each record.

CREATE TABLE dictionary_entry (
    id BIGINT NOT NULL PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    dictionary TEXT COLLATE "C" NOT NULL,
    -- What records keep; it never changes.
    name TEXT COLLATE "C" NOT NULL,
    label_zh TEXT COLLATE "C" NOT NULL,
    label_en TEXT COLLATE "C" NOT NULL,
    position BIGINT NOT NULL,
    -- The probability of a stage in per cent; other lists have none.
    percent BIGINT CHECK (percent BETWEEN 0 AND 100),
    -- A disabled choice stays on records that have it and is offered no more.
    active BOOLEAN NOT NULL,
    version BIGINT NOT NULL,
    CONSTRAINT dictionary_entry_dictionary_name_key UNIQUE (dictionary, name)
);

-- What happened to a record, as its page tells it. One row a page that shows it.
CREATE TABLE timeline_entry (
    id BIGINT NOT NULL PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    subject_kind TEXT COLLATE "C" NOT NULL,
    subject_id BIGINT NOT NULL,
    at BIGINT NOT NULL,
    actor BIGINT,
    -- A message as JSON, read in the language of the reader.
    head TEXT COLLATE "C" NOT NULL,
    text TEXT COLLATE "C" NOT NULL,
    path TEXT COLLATE "C" NOT NULL
);

CREATE INDEX timeline_entry_subject ON timeline_entry (subject_kind, subject_id, at, id);
