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
    -- What it tells about has come to its end; no mail carries it any more.
    over_at INTEGER,
    -- When its e-mail is to be written; NULL: none is, or it was.
    mail_at INTEGER,
    -- The e-mail that carries it.
    email INTEGER,
    CONSTRAINT message_key_key UNIQUE (key)
) STRICT;

CREATE INDEX message_due ON message (not_before, id) WHERE out_at IS NULL;
CREATE INDEX message_inbox ON message (person, out_at, id) WHERE out_at IS NOT NULL;
CREATE INDEX message_unread ON message (person) WHERE out_at IS NOT NULL AND read_at IS NULL;
CREATE INDEX message_mail ON message (mail_at, id) WHERE mail_at IS NOT NULL;
CREATE INDEX message_email ON message (email) WHERE email IS NOT NULL;

-- E-mails with one message or several; their text is written when they are sent, so that no secret stands here.
CREATE TABLE email (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    person INTEGER NOT NULL,
    address TEXT NOT NULL,
    -- kept: there was no server; failed: it was given up; dropped: what it told about came to its end first.
    state TEXT NOT NULL CHECK (state IN ('kept', 'waiting', 'sent', 'failed', 'dropped')),
    -- How often somebody asked for it to be sent; part of the key of its job.
    round INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    -- The sentence of the last failure, as JSON.
    reason TEXT,
    created_at INTEGER NOT NULL,
    sent_at INTEGER
) STRICT;

CREATE INDEX email_state ON email (state, id);

-- By which ways a person wants messages; without a row, by all.
CREATE TABLE message_choice (
    person INTEGER NOT NULL PRIMARY KEY,
    program INTEGER NOT NULL,
    email INTEGER NOT NULL,
    version INTEGER NOT NULL
) STRICT;
