-- Records of any kind that workflows carry: where the approval of each stands, and what was handed in.

CREATE TABLE record_approval (
    kind TEXT NOT NULL,
    id INTEGER NOT NULL,
    approval_case INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('in_approval', 'approved', 'returned', 'withdrawn', 'rejected', 'changed')),
    -- The case has not ended: what was approved is still being carried out.
    open INTEGER NOT NULL,
    -- The content that was handed in last.
    content BLOB NOT NULL CHECK (length(content) = 32),
    -- The fields that approval itself moved, as they were before.
    undo TEXT,
    PRIMARY KEY (kind, id)
) STRICT;

-- What each submission said, so that a reader who decided on it is shown what is different now.
CREATE TABLE record_submission (
    kind TEXT NOT NULL,
    id INTEGER NOT NULL,
    content BLOB NOT NULL CHECK (length(content) = 32),
    fields TEXT NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (kind, id, content)
) STRICT;

-- The stage that approval stands before.
ALTER TABLE opportunity ADD COLUMN target_stage TEXT;

-- What people ask for beside contracts.

CREATE TABLE lead (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL,
    company TEXT,
    phone TEXT,
    email TEXT,
    source TEXT NOT NULL,
    status TEXT NOT NULL,
    need TEXT,
    next_step TEXT,
    note TEXT,
    owner INTEGER,
    department INTEGER,
    title_key TEXT NOT NULL,
    title_sort TEXT NOT NULL,
    search_text TEXT NOT NULL,
    created_by INTEGER,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    deleted_at INTEGER,
    version INTEGER NOT NULL
) STRICT;

CREATE INDEX lead_owner ON lead (owner, id);
CREATE INDEX lead_department ON lead (department, id);
CREATE INDEX lead_title ON lead (title_sort, id);
CREATE INDEX lead_updated ON lead (updated_at, id);
CREATE INDEX lead_phone ON lead (phone);
CREATE INDEX lead_title_key ON lead (title_key);

CREATE TABLE quote (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    code TEXT NOT NULL,
    title TEXT NOT NULL,
    customer INTEGER NOT NULL REFERENCES customer (id),
    opportunity INTEGER REFERENCES opportunity (id),
    amount INTEGER NOT NULL,
    amount_currency TEXT NOT NULL,
    discount INTEGER,
    valid_until TEXT NOT NULL,
    products TEXT NOT NULL,
    payment_terms TEXT,
    note TEXT,
    owner INTEGER,
    department INTEGER,
    title_key TEXT NOT NULL,
    title_sort TEXT NOT NULL,
    search_text TEXT NOT NULL,
    created_by INTEGER,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    deleted_at INTEGER,
    version INTEGER NOT NULL,
    CONSTRAINT quote_code_key UNIQUE (code)
) STRICT;

CREATE INDEX quote_owner ON quote (owner, id);
CREATE INDEX quote_department ON quote (department, id);
CREATE INDEX quote_title ON quote (title_sort, id);
CREATE INDEX quote_updated ON quote (updated_at, id);
CREATE INDEX quote_customer ON quote (customer, id);
CREATE INDEX quote_opportunity ON quote (opportunity, id);

CREATE TABLE discount (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    code TEXT NOT NULL,
    title TEXT NOT NULL,
    customer INTEGER NOT NULL REFERENCES customer (id),
    opportunity INTEGER REFERENCES opportunity (id),
    list_price INTEGER NOT NULL,
    list_price_currency TEXT NOT NULL,
    amount INTEGER NOT NULL,
    amount_currency TEXT NOT NULL,
    percent INTEGER NOT NULL,
    reason TEXT NOT NULL,
    valid_until TEXT,
    owner INTEGER,
    department INTEGER,
    title_key TEXT NOT NULL,
    title_sort TEXT NOT NULL,
    search_text TEXT NOT NULL,
    created_by INTEGER,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    deleted_at INTEGER,
    version INTEGER NOT NULL,
    CONSTRAINT discount_code_key UNIQUE (code)
) STRICT;

CREATE INDEX discount_owner ON discount (owner, id);
CREATE INDEX discount_department ON discount (department, id);
CREATE INDEX discount_title ON discount (title_sort, id);
CREATE INDEX discount_updated ON discount (updated_at, id);
CREATE INDEX discount_customer ON discount (customer, id);
CREATE INDEX discount_opportunity ON discount (opportunity, id);

CREATE TABLE expense (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    code TEXT NOT NULL,
    title TEXT NOT NULL,
    category TEXT NOT NULL,
    amount INTEGER NOT NULL,
    amount_currency TEXT NOT NULL,
    spent_on TEXT NOT NULL,
    customer INTEGER REFERENCES customer (id),
    receipts INTEGER,
    note TEXT,
    owner INTEGER,
    department INTEGER,
    title_key TEXT NOT NULL,
    title_sort TEXT NOT NULL,
    search_text TEXT NOT NULL,
    created_by INTEGER,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    deleted_at INTEGER,
    version INTEGER NOT NULL,
    CONSTRAINT expense_code_key UNIQUE (code)
) STRICT;

CREATE INDEX expense_owner ON expense (owner, id);
CREATE INDEX expense_department ON expense (department, id);
CREATE INDEX expense_title ON expense (title_sort, id);
CREATE INDEX expense_updated ON expense (updated_at, id);
CREATE INDEX expense_customer ON expense (customer, id);

CREATE TABLE payment_request (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    code TEXT NOT NULL,
    title TEXT NOT NULL,
    payee TEXT NOT NULL,
    bank TEXT NOT NULL,
    bank_account TEXT NOT NULL,
    amount INTEGER NOT NULL,
    amount_currency TEXT NOT NULL,
    needed_on TEXT NOT NULL,
    contract_number TEXT,
    note TEXT,
    owner INTEGER,
    department INTEGER,
    title_key TEXT NOT NULL,
    title_sort TEXT NOT NULL,
    search_text TEXT NOT NULL,
    created_by INTEGER,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    deleted_at INTEGER,
    version INTEGER NOT NULL,
    CONSTRAINT payment_request_code_key UNIQUE (code)
) STRICT;

CREATE INDEX payment_request_owner ON payment_request (owner, id);
CREATE INDEX payment_request_department ON payment_request (department, id);
CREATE INDEX payment_request_title ON payment_request (title_sort, id);
CREATE INDEX payment_request_updated ON payment_request (updated_at, id);

CREATE TABLE invoice_request (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    code TEXT NOT NULL,
    title TEXT NOT NULL,
    customer INTEGER NOT NULL REFERENCES customer (id),
    amount INTEGER NOT NULL,
    amount_currency TEXT NOT NULL,
    invoice_kind TEXT NOT NULL,
    invoice_title TEXT NOT NULL,
    tax_number TEXT,
    contract_number TEXT,
    note TEXT,
    owner INTEGER,
    department INTEGER,
    title_key TEXT NOT NULL,
    title_sort TEXT NOT NULL,
    search_text TEXT NOT NULL,
    created_by INTEGER,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    deleted_at INTEGER,
    version INTEGER NOT NULL,
    CONSTRAINT invoice_request_code_key UNIQUE (code)
) STRICT;

CREATE INDEX invoice_request_owner ON invoice_request (owner, id);
CREATE INDEX invoice_request_department ON invoice_request (department, id);
CREATE INDEX invoice_request_title ON invoice_request (title_sort, id);
CREATE INDEX invoice_request_updated ON invoice_request (updated_at, id);
CREATE INDEX invoice_request_customer ON invoice_request (customer, id);
