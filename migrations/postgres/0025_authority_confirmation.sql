-- A version of an authority grid takes force once a second person has confirmed it. Those that were there already stand.

ALTER TABLE authority_versions ADD COLUMN confirmed_by BIGINT REFERENCES users (id);
ALTER TABLE authority_versions ADD COLUMN confirmed_at BIGINT; -- null: it waits
UPDATE authority_versions SET confirmed_at = made_at;
CREATE INDEX authority_versions_confirmed_by ON authority_versions (confirmed_by);
