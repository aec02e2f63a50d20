-- Payment plans that have started, their milestones, and what was paid.

CREATE TABLE payment_plan (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    subject_kind TEXT NOT NULL,
    subject_id INTEGER NOT NULL,
    title TEXT NOT NULL,
    number TEXT NOT NULL,
    other_party TEXT NOT NULL,
    path TEXT NOT NULL,
    direction TEXT NOT NULL CHECK (direction IN ('receivable', 'payable')),
    currency TEXT NOT NULL,
    owner INTEGER NOT NULL,
    department INTEGER,
    -- Rises with every event and payment.
    version INTEGER NOT NULL,
    started_at INTEGER NOT NULL,
    CONSTRAINT payment_plan_subject_kind_subject_id_key UNIQUE (subject_kind, subject_id)
) STRICT;

CREATE TABLE milestone (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    plan INTEGER NOT NULL REFERENCES payment_plan (id),
    position INTEGER NOT NULL,
    name TEXT NOT NULL,
    title TEXT NOT NULL,
    net INTEGER NOT NULL,
    tax INTEGER NOT NULL,
    gross INTEGER NOT NULL,
    rate INTEGER NOT NULL,
    retention INTEGER NOT NULL,
    -- When it is due: a rule as JSON, and its date once that is known.
    due_rule TEXT NOT NULL,
    due_on TEXT,
    -- The sum of the allocations that stand.
    paid INTEGER NOT NULL,
    -- A change of the record took it out; nothing of it was paid.
    cancelled INTEGER NOT NULL,
    CONSTRAINT milestone_plan_name_key UNIQUE (plan, name)
) STRICT;

CREATE INDEX milestone_due ON milestone (due_on, id) WHERE due_on IS NOT NULL AND paid < gross;

-- What happened to the record: signed, delivered, accepted.
CREATE TABLE plan_event (
    plan INTEGER NOT NULL REFERENCES payment_plan (id),
    name TEXT NOT NULL,
    happened_on TEXT NOT NULL,
    recorded_by INTEGER,
    recorded_at INTEGER NOT NULL,
    PRIMARY KEY (plan, name)
) STRICT;

CREATE TABLE payment (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    plan INTEGER NOT NULL REFERENCES payment_plan (id),
    amount INTEGER NOT NULL CHECK (amount > 0),
    paid_on TEXT NOT NULL,
    method TEXT NOT NULL,
    note TEXT NOT NULL,
    recorded_by INTEGER,
    recorded_at INTEGER NOT NULL,
    -- Nothing is deleted: a payment that was recorded wrongly is reversed, with the reason.
    reversed_at INTEGER,
    reversed_by INTEGER,
    reversal_reason TEXT
) STRICT;

CREATE INDEX payment_plan_payments ON payment (plan, id);

CREATE TABLE allocation (
    payment INTEGER NOT NULL REFERENCES payment (id),
    milestone INTEGER NOT NULL REFERENCES milestone (id),
    amount INTEGER NOT NULL CHECK (amount > 0),
    PRIMARY KEY (payment, milestone)
) STRICT;

CREATE INDEX allocation_milestone ON allocation (milestone);
