//! Customers, contacts, opportunities, follow-ups.
