//! Sending e-mail through SMTP.
