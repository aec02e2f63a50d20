//! SQL and rows of contracts, a file a subject.

pub(super) mod contracts;
pub(super) mod entities;
pub(super) mod templates;
pub(super) mod versions;

/// Every statement of this room, for the test that prepares them on both engines.
pub const STATEMENTS: &[&str] = &joined();

const PARTS: [&[&str]; 4] = [contracts::STATEMENTS, entities::STATEMENTS, templates::STATEMENTS, versions::STATEMENTS];

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
