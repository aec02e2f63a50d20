//! The queue: enqueue in the business transaction, claim with a lease, retry or fail.
