-- What is written in a contract, apart from the row that every move writes and every decision reads.
CREATE TABLE contract_content (
    contract BIGINT           NOT NULL PRIMARY KEY REFERENCES contract (id),
    content  TEXT COLLATE "C" NOT NULL, -- what was filled in, as it is drafted now
    unread   TEXT COLLATE "C" NOT NULL, -- what was typed and is no value yet, by field
    manifest TEXT COLLATE "C" NOT NULL, -- of the content; its hash stands in the row of the contract
    clauses  TEXT COLLATE "C" NOT NULL, -- the text of the content, clause by clause
    facts    TEXT COLLATE "C" NOT NULL  -- what workflows read of the content
);

INSERT INTO contract_content (contract, content, unread, manifest, clauses, facts)
SELECT id, content, unread, manifest, clauses, facts FROM contract;
ALTER TABLE contract DROP COLUMN content;
ALTER TABLE contract DROP COLUMN unread;
ALTER TABLE contract DROP COLUMN manifest;
ALTER TABLE contract DROP COLUMN clauses;
ALTER TABLE contract DROP COLUMN facts;
