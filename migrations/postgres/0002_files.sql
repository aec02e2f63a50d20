-- Files by the hash of their content; several rows may have the same content.

CREATE TABLE file (
    id BIGINT NOT NULL PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    hash BYTEA NOT NULL CHECK (length(hash) = 32),
    size BIGINT NOT NULL,
    media_type TEXT COLLATE "C" NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    uploaded_by BIGINT,
    uploaded_at BIGINT NOT NULL
);

CREATE INDEX file_hash ON file (hash);
