//! Messages to people: inbox, e-mail, and the outbox they leave through.
