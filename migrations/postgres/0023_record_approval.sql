-- Records of any kind that workflows carry: where the approval of each stands, and what was handed in.

CREATE TABLE record_approval (
    kind TEXT COLLATE "C" NOT NULL,
    id BIGINT NOT NULL,
    approval_case BIGINT NOT NULL,
    state TEXT COLLATE "C" NOT NULL
        CHECK (state IN ('in_approval', 'approved', 'returned', 'withdrawn', 'rejected', 'changed')),
    -- The case has not ended: what was approved is still being carried out.
    open BOOLEAN NOT NULL,
    -- The content that was handed in last.
    content BYTEA NOT NULL CHECK (length(content) = 32),
    -- The fields that approval itself moved, as they were before.
    undo TEXT COLLATE "C",
    PRIMARY KEY (kind, id)
);

-- What each submission said, so that a reader who decided on it is shown what is different now.
CREATE TABLE record_submission (
    kind TEXT COLLATE "C" NOT NULL,
    id BIGINT NOT NULL,
    content BYTEA NOT NULL CHECK (length(content) = 32),
    fields TEXT COLLATE "C" NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (kind, id, content)
);

-- The stage that approval stands before.
ALTER TABLE opportunity ADD COLUMN target_stage TEXT COLLATE "C";

-- What people ask for beside contracts.

CREATE TABLE lead (
    id BIGINT NOT NULL PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    name TEXT COLLATE "C" NOT NULL,
    company TEXT COLLATE "C",
    phone TEXT COLLATE "C",
    email TEXT COLLATE "C",
    source TEXT COLLATE "C" NOT NULL,
    status TEXT COLLATE "C" NOT NULL,
    need TEXT COLLATE "C",
    next_step TEXT COLLATE "C",
    note TEXT COLLATE "C",
    owner BIGINT,
    department BIGINT,
    title_key TEXT COLLATE "C" NOT NULL,
    title_sort TEXT COLLATE "C" NOT NULL,
    search_text TEXT COLLATE "C" NOT NULL,
    created_by BIGINT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    deleted_at BIGINT,
    version BIGINT NOT NULL
);

CREATE INDEX lead_owner ON lead (owner, id);
CREATE INDEX lead_department ON lead (department, id);
CREATE INDEX lead_title ON lead (title_sort, id);
CREATE INDEX lead_updated ON lead (updated_at, id);
CREATE INDEX lead_phone ON lead (phone);
CREATE INDEX lead_title_key ON lead (title_key);

CREATE TABLE quote (
    id BIGINT NOT NULL PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    code TEXT COLLATE "C" NOT NULL,
    title TEXT COLLATE "C" NOT NULL,
    customer BIGINT NOT NULL REFERENCES customer (id),
    opportunity BIGINT REFERENCES opportunity (id),
    amount BIGINT NOT NULL,
    amount_currency TEXT COLLATE "C" NOT NULL,
    discount BIGINT,
    valid_until TEXT COLLATE "C" NOT NULL,
    products TEXT COLLATE "C" NOT NULL,
    payment_terms TEXT COLLATE "C",
    note TEXT COLLATE "C",
    owner BIGINT,
    department BIGINT,
    title_key TEXT COLLATE "C" NOT NULL,
    title_sort TEXT COLLATE "C" NOT NULL,
    search_text TEXT COLLATE "C" NOT NULL,
    created_by BIGINT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    deleted_at BIGINT,
    version BIGINT NOT NULL,
    CONSTRAINT quote_code_key UNIQUE (code)
);

CREATE INDEX quote_owner ON quote (owner, id);
CREATE INDEX quote_department ON quote (department, id);
CREATE INDEX quote_title ON quote (title_sort, id);
CREATE INDEX quote_updated ON quote (updated_at, id);
CREATE INDEX quote_customer ON quote (customer, id);
CREATE INDEX quote_opportunity ON quote (opportunity, id);

CREATE TABLE discount (
    id BIGINT NOT NULL PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    code TEXT COLLATE "C" NOT NULL,
    title TEXT COLLATE "C" NOT NULL,
    customer BIGINT NOT NULL REFERENCES customer (id),
    opportunity BIGINT REFERENCES opportunity (id),
    list_price BIGINT NOT NULL,
    list_price_currency TEXT COLLATE "C" NOT NULL,
    amount BIGINT NOT NULL,
    amount_currency TEXT COLLATE "C" NOT NULL,
    percent BIGINT NOT NULL,
    reason TEXT COLLATE "C" NOT NULL,
    valid_until TEXT COLLATE "C",
    owner BIGINT,
    department BIGINT,
    title_key TEXT COLLATE "C" NOT NULL,
    title_sort TEXT COLLATE "C" NOT NULL,
    search_text TEXT COLLATE "C" NOT NULL,
    created_by BIGINT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    deleted_at BIGINT,
    version BIGINT NOT NULL,
    CONSTRAINT discount_code_key UNIQUE (code)
);

CREATE INDEX discount_owner ON discount (owner, id);
CREATE INDEX discount_department ON discount (department, id);
CREATE INDEX discount_title ON discount (title_sort, id);
CREATE INDEX discount_updated ON discount (updated_at, id);
CREATE INDEX discount_customer ON discount (customer, id);
CREATE INDEX discount_opportunity ON discount (opportunity, id);

CREATE TABLE expense (
    id BIGINT NOT NULL PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    code TEXT COLLATE "C" NOT NULL,
    title TEXT COLLATE "C" NOT NULL,
    category TEXT COLLATE "C" NOT NULL,
    amount BIGINT NOT NULL,
    amount_currency TEXT COLLATE "C" NOT NULL,
    spent_on TEXT COLLATE "C" NOT NULL,
    customer BIGINT REFERENCES customer (id),
    receipts BIGINT,
    note TEXT COLLATE "C",
    owner BIGINT,
    department BIGINT,
    title_key TEXT COLLATE "C" NOT NULL,
    title_sort TEXT COLLATE "C" NOT NULL,
    search_text TEXT COLLATE "C" NOT NULL,
    created_by BIGINT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    deleted_at BIGINT,
    version BIGINT NOT NULL,
    CONSTRAINT expense_code_key UNIQUE (code)
);

CREATE INDEX expense_owner ON expense (owner, id);
CREATE INDEX expense_department ON expense (department, id);
CREATE INDEX expense_title ON expense (title_sort, id);
CREATE INDEX expense_updated ON expense (updated_at, id);
CREATE INDEX expense_customer ON expense (customer, id);

CREATE TABLE payment_request (
    id BIGINT NOT NULL PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    code TEXT COLLATE "C" NOT NULL,
    title TEXT COLLATE "C" NOT NULL,
    payee TEXT COLLATE "C" NOT NULL,
    bank TEXT COLLATE "C" NOT NULL,
    bank_account TEXT COLLATE "C" NOT NULL,
    amount BIGINT NOT NULL,
    amount_currency TEXT COLLATE "C" NOT NULL,
    needed_on TEXT COLLATE "C" NOT NULL,
    contract_number TEXT COLLATE "C",
    note TEXT COLLATE "C",
    owner BIGINT,
    department BIGINT,
    title_key TEXT COLLATE "C" NOT NULL,
    title_sort TEXT COLLATE "C" NOT NULL,
    search_text TEXT COLLATE "C" NOT NULL,
    created_by BIGINT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    deleted_at BIGINT,
    version BIGINT NOT NULL,
    CONSTRAINT payment_request_code_key UNIQUE (code)
);

CREATE INDEX payment_request_owner ON payment_request (owner, id);
CREATE INDEX payment_request_department ON payment_request (department, id);
CREATE INDEX payment_request_title ON payment_request (title_sort, id);
CREATE INDEX payment_request_updated ON payment_request (updated_at, id);

CREATE TABLE invoice_request (
    id BIGINT NOT NULL PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    code TEXT COLLATE "C" NOT NULL,
    title TEXT COLLATE "C" NOT NULL,
    customer BIGINT NOT NULL REFERENCES customer (id),
    amount BIGINT NOT NULL,
    amount_currency TEXT COLLATE "C" NOT NULL,
    invoice_kind TEXT COLLATE "C" NOT NULL,
    invoice_title TEXT COLLATE "C" NOT NULL,
    tax_number TEXT COLLATE "C",
    contract_number TEXT COLLATE "C",
    note TEXT COLLATE "C",
    owner BIGINT,
    department BIGINT,
    title_key TEXT COLLATE "C" NOT NULL,
    title_sort TEXT COLLATE "C" NOT NULL,
    search_text TEXT COLLATE "C" NOT NULL,
    created_by BIGINT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    deleted_at BIGINT,
    version BIGINT NOT NULL,
    CONSTRAINT invoice_request_code_key UNIQUE (code)
);

CREATE INDEX invoice_request_owner ON invoice_request (owner, id);
CREATE INDEX invoice_request_department ON invoice_request (department, id);
CREATE INDEX invoice_request_title ON invoice_request (title_sort, id);
CREATE INDEX invoice_request_updated ON invoice_request (updated_at, id);
CREATE INDEX invoice_request_customer ON invoice_request (customer, id);
