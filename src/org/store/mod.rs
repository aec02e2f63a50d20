//! SQL and rows of people, a file a subject.

pub(super) mod absences;
pub(super) mod departments;
pub(super) mod directory;
pub(super) mod roles;
pub(super) mod sessions;
pub(super) mod tokens;
pub(super) mod users;

/// Every statement of this room, for the test that prepares them on both engines.
pub const STATEMENTS: &[&str] = &joined();

const PARTS: [&[&str]; 7] = [
    absences::STATEMENTS,
    departments::STATEMENTS,
    directory::STATEMENTS,
    roles::STATEMENTS,
    sessions::STATEMENTS,
    tokens::STATEMENTS,
    users::STATEMENTS,
];

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
