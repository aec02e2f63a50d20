-- Messages to people.

-- Written with what they tell about; may leave once `not_before` has passed.
CREATE TABLE message (
    id BIGINT NOT NULL PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    key TEXT COLLATE "C" NOT NULL,
    person BIGINT NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    subject_kind TEXT COLLATE "C",
    subject_id BIGINT,
    headline TEXT COLLATE "C" NOT NULL,
    lines TEXT COLLATE "C" NOT NULL,
    -- Where it leads after a login.
    path TEXT COLLATE "C",
    -- Where it leads without one, with the token in it; to be blanked once no mail will carry it any more.
    action_path TEXT COLLATE "C",
    urgency TEXT COLLATE "C" NOT NULL CHECK (urgency IN ('urgent', 'normal', 'reminder')),
    not_before BIGINT NOT NULL,
    -- When it was handed out; until then it can be withdrawn.
    out_at BIGINT,
    read_at BIGINT,
    CONSTRAINT message_key_key UNIQUE (key)
);

CREATE INDEX message_due ON message (not_before, id) WHERE out_at IS NULL;
CREATE INDEX message_inbox ON message (person, out_at, id) WHERE out_at IS NOT NULL;
CREATE INDEX message_unread ON message (person) WHERE out_at IS NOT NULL AND read_at IS NULL;
