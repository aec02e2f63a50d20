-- Payment plans that have started, their milestones, and what was paid.

CREATE TABLE payment_plan (
    id BIGINT NOT NULL PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    subject_kind TEXT COLLATE "C" NOT NULL,
    subject_id BIGINT NOT NULL,
    title TEXT COLLATE "C" NOT NULL,
    number TEXT COLLATE "C" NOT NULL,
    other_party TEXT COLLATE "C" NOT NULL,
    path TEXT COLLATE "C" NOT NULL,
    direction TEXT COLLATE "C" NOT NULL CHECK (direction IN ('receivable', 'payable')),
    currency TEXT COLLATE "C" NOT NULL,
    owner BIGINT NOT NULL,
    department BIGINT,
    -- Rises with every event and payment.
    version BIGINT NOT NULL,
    started_at BIGINT NOT NULL,
    CONSTRAINT payment_plan_subject_kind_subject_id_key UNIQUE (subject_kind, subject_id)
);

CREATE TABLE milestone (
    id BIGINT NOT NULL PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    plan BIGINT NOT NULL REFERENCES payment_plan (id),
    position BIGINT NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    title TEXT COLLATE "C" NOT NULL,
    net BIGINT NOT NULL,
    tax BIGINT NOT NULL,
    gross BIGINT NOT NULL,
    rate BIGINT NOT NULL,
    retention BOOLEAN NOT NULL,
    -- When it is due: a rule as JSON, and its date once that is known.
    due_rule TEXT COLLATE "C" NOT NULL,
    due_on TEXT COLLATE "C",
    -- The sum of the allocations that stand.
    paid BIGINT NOT NULL,
    -- A change of the record took it out; nothing of it was paid.
    cancelled BOOLEAN NOT NULL,
    CONSTRAINT milestone_plan_name_key UNIQUE (plan, name)
);

CREATE INDEX milestone_due ON milestone (due_on, id) WHERE due_on IS NOT NULL AND paid < gross;

-- What happened to the record: signed, delivered, accepted.
CREATE TABLE plan_event (
    plan BIGINT NOT NULL REFERENCES payment_plan (id),
    name TEXT COLLATE "C" NOT NULL,
    happened_on TEXT COLLATE "C" NOT NULL,
    recorded_by BIGINT,
    recorded_at BIGINT NOT NULL,
    PRIMARY KEY (plan, name)
);

CREATE TABLE payment (
    id BIGINT NOT NULL PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    plan BIGINT NOT NULL REFERENCES payment_plan (id),
    amount BIGINT NOT NULL CHECK (amount > 0),
    paid_on TEXT COLLATE "C" NOT NULL,
    method TEXT COLLATE "C" NOT NULL,
    note TEXT COLLATE "C" NOT NULL,
    recorded_by BIGINT,
    recorded_at BIGINT NOT NULL,
    -- Nothing is deleted: a payment that was recorded wrongly is reversed, with the reason.
    reversed_at BIGINT,
    reversed_by BIGINT,
    reversal_reason TEXT COLLATE "C"
);

CREATE INDEX payment_plan_payments ON payment (plan, id);

CREATE TABLE allocation (
    payment BIGINT NOT NULL REFERENCES payment (id),
    milestone BIGINT NOT NULL REFERENCES milestone (id),
    amount BIGINT NOT NULL CHECK (amount > 0),
    PRIMARY KEY (payment, milestone)
);

CREATE INDEX allocation_milestone ON allocation (milestone);
