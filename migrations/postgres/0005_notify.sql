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
    -- What it tells about has come to its end; no mail carries it any more.
    over_at BIGINT,
    -- When its e-mail is to be written; NULL: none is, or it was.
    mail_at BIGINT,
    -- The e-mail that carries it.
    email BIGINT,
    CONSTRAINT message_key_key UNIQUE (key)
);

CREATE INDEX message_due ON message (not_before, id) WHERE out_at IS NULL;
CREATE INDEX message_inbox ON message (person, out_at, id) WHERE out_at IS NOT NULL;
CREATE INDEX message_unread ON message (person) WHERE out_at IS NOT NULL AND read_at IS NULL;
CREATE INDEX message_mail ON message (mail_at, id) WHERE mail_at IS NOT NULL;
CREATE INDEX message_email ON message (email) WHERE email IS NOT NULL;

-- E-mails with one message or several; their text is written when they are sent, so that no secret stands here.
CREATE TABLE email (
    id BIGINT NOT NULL PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    person BIGINT NOT NULL,
    address TEXT COLLATE "C" NOT NULL,
    -- kept: there was no server; failed: it was given up; dropped: what it told about came to its end first.
    state TEXT COLLATE "C" NOT NULL CHECK (state IN ('kept', 'waiting', 'sent', 'failed', 'dropped')),
    -- How often somebody asked for it to be sent; part of the key of its job.
    round BIGINT NOT NULL,
    attempts BIGINT NOT NULL,
    -- The sentence of the last failure, as JSON.
    reason TEXT COLLATE "C",
    created_at BIGINT NOT NULL,
    sent_at BIGINT
);

CREATE INDEX email_state ON email (state, id);

-- By which ways a person wants messages; without a row, by all.
CREATE TABLE message_choice (
    person BIGINT NOT NULL PRIMARY KEY,
    program BOOLEAN NOT NULL,
    email BOOLEAN NOT NULL,
    version BIGINT NOT NULL
);
