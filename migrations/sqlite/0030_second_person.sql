-- A version that was confirmed is taken back by two administrators: one asks, another agrees.

ALTER TABLE authority_versions ADD COLUMN withdrawal_by INTEGER REFERENCES users (id); -- null: nobody asks
CREATE INDEX authority_versions_withdrawal_by ON authority_versions (withdrawal_by);

-- Who might administer a kind of record and may no longer, so that nobody makes themselves the only one in order to decide alone.
CREATE TABLE former_administrators (
    kind    TEXT    NOT NULL,
    person  INTEGER NOT NULL REFERENCES users (id),
    left_at INTEGER NOT NULL,
    PRIMARY KEY (kind, person)
) STRICT, WITHOUT ROWID;
CREATE INDEX former_administrators_person ON former_administrators (person);
