//! SQL and rows of approval, a file a subject.

pub(super) mod cases;
pub(super) mod effects;
pub(super) mod inbox;
pub(super) mod keys;
pub(super) mod workflows;

/// Every statement of this room, for the test that prepares them on both engines.
pub const STATEMENTS: &[&str] = &joined();

const PARTS: [&[&str]; 5] =
    [cases::STATEMENTS, effects::STATEMENTS, inbox::STATEMENTS, keys::STATEMENTS, workflows::STATEMENTS];

const COUNT: usize = {
    let (mut count, mut part) = (0, 0);
    while part < PARTS.len() {
        count += PARTS[part].len();
        part += 1;
    }
    count
};

const fn joined() -> [&'static str; COUNT] {
    let mut all = [""; COUNT];
    let (mut count, mut part) = (0, 0);
    while part < PARTS.len() {
        let mut one = 0;
        while one < PARTS[part].len() {
            all[count] = PARTS[part][one];
            (count, one) = (count + 1, one + 1);
        }
        part += 1;
    }
    all
}

/// A number of events as a column holds it.
pub(super) fn column(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
