//! The statements of a room whose SQL stands in several files, as one list.

/// How many statements the files of a room have together.
pub const fn counted(parts: &[&[&str]]) -> usize {
    let (mut count, mut part) = (0, 0);
    while part < parts.len() {
        count += parts[part].len();
        part += 1;
    }
    count
}

/// The statements of all files, in their order; `N` is what [`counted`] says of them:
/// `pub const STATEMENTS: &[&str] = &db::joined::<{ db::counted(PARTS) }>(PARTS);`
pub const fn joined<const N: usize>(parts: &[&[&'static str]]) -> [&'static str; N] {
    let mut all = [""; N];
    let (mut count, mut part) = (0, 0);
    while part < parts.len() {
        let mut one = 0;
        while one < parts[part].len() {
            all[count] = parts[part][one];
            (count, one) = (count + 1, one + 1);
        }
        part += 1;
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    const PARTS: &[&[&str]] = &[&["a", "b"], &[], &["c"]];

    #[test]
    fn the_statements_of_all_files_stand_in_one_list() {
        assert_eq!(joined::<{ counted(PARTS) }>(PARTS), ["a", "b", "c"]);
    }
}
