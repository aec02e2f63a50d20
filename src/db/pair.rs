//! The statements that must differ between the engines, each pair side by side.

/// A statement that must differ between the engines.
#[derive(Debug)]
pub struct Pair {
    pub(super) sqlite: &'static str,
    pub(super) postgres: &'static str,
}

/// Claims jobs that are due: `$1` now, `$2` the end of the lease, `$3` how many. SQLite has one writer and needs no lock.
pub const CLAIM_JOBS: Pair = Pair {
    sqlite: "
        UPDATE job SET state = 'running', due_at = $2, attempts = attempts + 1
        WHERE id IN (SELECT id FROM job WHERE due_at <= $1 ORDER BY due_at, id LIMIT $3)
        RETURNING id, kind, key, payload, attempts",
    postgres: "
        UPDATE job SET state = 'running', due_at = $2, attempts = attempts + 1
        WHERE id IN (SELECT id FROM job WHERE due_at <= $1 ORDER BY due_at, id LIMIT $3 FOR UPDATE SKIP LOCKED)
        RETURNING id, kind, key, payload, attempts",
};
