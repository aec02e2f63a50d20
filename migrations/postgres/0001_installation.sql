-- What belongs to the installation as a whole.

-- Made once; case chains start from it.
CREATE TABLE installation (
    id BIGINT NOT NULL CHECK (id = 1),
    identity BYTEA NOT NULL CHECK (length(identity) = 16),
    created_at BIGINT NOT NULL,
    CONSTRAINT installation_pkey PRIMARY KEY (id)
);

CREATE TABLE setting (
    name TEXT COLLATE "C" NOT NULL,
    value TEXT COLLATE "C" NOT NULL,
    version BIGINT NOT NULL,
    CONSTRAINT setting_pkey PRIMARY KEY (name)
);

-- Numbers without gaps: the last one given.
CREATE TABLE counter (
    name TEXT COLLATE "C" NOT NULL,
    value BIGINT NOT NULL,
    CONSTRAINT counter_pkey PRIMARY KEY (name)
);

CREATE TABLE audit (
    id BIGINT NOT NULL PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    at BIGINT NOT NULL,
    actor BIGINT,
    on_behalf_of BIGINT,
    channel TEXT COLLATE "C" NOT NULL,
    subject_kind TEXT COLLATE "C" NOT NULL,
    subject_id BIGINT NOT NULL,
    action TEXT COLLATE "C" NOT NULL,
    old TEXT COLLATE "C",
    new TEXT COLLATE "C"
);

CREATE INDEX audit_subject ON audit (subject_kind, subject_id, id);
