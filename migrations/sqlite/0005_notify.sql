-- Messages to people.

-- Written with what they tell about; may leave once `not_before` has passed.
CREATE TABLE message (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    key TEXT NOT NULL,
    person INTEGER NOT NULL,
    kind TEXT NOT NULL,
    subject_kind TEXT,
    subject_id INTEGER,
    headline TEXT NOT NULL,
    lines TEXT NOT NULL,
    -- Where it leads after a login.
    path TEXT,
    -- Where it leads without one, with the token in it; to be blanked once no mail will carry it any more.
    action_path TEXT,
    urgency TEXT NOT NULL CHECK (urgency IN ('urgent', 'normal', 'reminder')),
    not_before INTEGER NOT NULL,
    -- When it was handed out; until then it can be withdrawn.
    out_at INTEGER,
    read_at INTEGER,
    CONSTRAINT message_key_key UNIQUE (key)
) STRICT;

CREATE INDEX message_due ON message (not_before, id) WHERE out_at IS NULL;
CREATE INDEX message_inbox ON message (person, out_at, id) WHERE out_at IS NOT NULL;
CREATE INDEX message_unread ON message (person) WHERE out_at IS NOT NULL AND read_at IS NULL;
