//! Running approval cases: starting, deciding, inbox, links in messages.
