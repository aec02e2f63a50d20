-- What is written in a contract, apart from the row that every move writes and every decision reads.
CREATE TABLE contract_content (
    contract INTEGER NOT NULL PRIMARY KEY REFERENCES contract (id),
    content  TEXT    NOT NULL, -- what was filled in, as it is drafted now
    unread   TEXT    NOT NULL, -- what was typed and is no value yet, by field
    manifest TEXT    NOT NULL, -- of the content; its hash stands in the row of the contract
    clauses  TEXT    NOT NULL, -- the text of the content, clause by clause
    facts    TEXT    NOT NULL  -- what workflows read of the content
) STRICT;

INSERT INTO contract_content (contract, content, unread, manifest, clauses, facts)
SELECT id, content, unread, manifest, clauses, facts FROM contract;
ALTER TABLE contract DROP COLUMN content;
ALTER TABLE contract DROP COLUMN unread;
ALTER TABLE contract DROP COLUMN manifest;
ALTER TABLE contract DROP COLUMN clauses;
ALTER TABLE contract DROP COLUMN facts;
