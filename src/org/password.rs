//! Passwords: what is a good one, and how it is kept (argon2id, 19 MiB, two passes: the first choice of OWASP's cheat sheet).
//!
//! Hashing takes tens of milliseconds on purpose, so callers run [`hash`] and [`verify`] off the async threads.

use std::fmt;
use std::sync::LazyLock;

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};

use super::error::OrgError;
use crate::kernel::Random;

/// Characters in the shortest password.
pub const SHORTEST: usize = 8;

/// Bytes in the longest: hashing is no way to keep the machine busy.
const LONGEST: usize = 256;

/// Letters and digits that nobody takes for one another on paper.
const ALPHABET: &[u8; 32] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";

/// What everybody tries first, in small letters.
const KNOWN: [&str; 24] = [
    "password1",
    "password123",
    "passw0rd",
    "p@ssw0rd",
    "qwerty123",
    "abc12345",
    "abcd1234",
    "a1234567",
    "a12345678",
    "a123456789",
    "aa123456",
    "aa12345678",
    "1q2w3e4r",
    "1qaz2wsx",
    "qaz12345",
    "qwer1234",
    "asdf1234",
    "zxcv1234",
    "admin123",
    "admin1234",
    "admin888",
    "woaini1314",
    "woaini520",
    "test1234",
];

/// A password as somebody typed it. It never shows in logs.
#[derive(Clone, PartialEq, Eq, serde::Deserialize)]
#[serde(transparent)]
pub struct Password(String);

impl Password {
    /// What was typed.
    pub fn typed(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// Twelve letters and digits in three groups, to be told once and changed at the first login.
    pub fn one_time(random: &dyn Random) -> Self {
        let mut bytes = [0; 12];
        random.fill(&mut bytes);
        let letters: Vec<char> = bytes.iter().map(|byte| char::from(ALPHABET[usize::from(byte % 32)])).collect();
        Self(letters.chunks(4).map(String::from_iter).collect::<Vec<_>>().join("-"))
    }

    /// The secret itself, for the one who shall hold it.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// Whether somebody called `names` (login, name, number, mobile) may have it as their own.
    pub fn check(&self, names: &[&str]) -> Result<(), OrgError> {
        let length = self.0.chars().count();
        if length < SHORTEST || self.0.len() > LONGEST {
            return Err(OrgError::PasswordLength { shortest: SHORTEST });
        }
        let kinds = [char::is_alphabetic as fn(char) -> bool, |c| c.is_ascii_digit(), |c| !c.is_alphanumeric()];
        if kinds.iter().filter(|kind| self.0.contains(**kind)).count() < 2 {
            return Err(OrgError::PasswordPlain);
        }
        let folded = self.0.to_lowercase();
        let named = names.iter().any(|name| name.chars().count() > 2 && folded.contains(&name.to_lowercase()));
        if named || KNOWN.contains(&folded.as_str()) { Err(OrgError::PasswordGuessable) } else { Ok(()) }
    }

    /// The PHC text that is stored.
    pub fn hash(&self, random: &dyn Random) -> Result<String, OrgError> {
        let mut salt = [0; 16];
        random.fill(&mut salt);
        let hash = Argon2::default().hash_password_with_salt(self.0.as_bytes(), &salt);
        hash.map(|hash: PasswordHash| hash.to_string()).map_err(|error| OrgError::Hashing(error.to_string()))
    }

    /// Whether `stored` was made of it. Without a stored one it takes as long and says no, so that a stopwatch does not tell who
    /// has a login.
    pub fn matches(&self, stored: Option<&str>) -> bool {
        if self.0.len() > LONGEST {
            return false;
        }
        let nobody = NOBODY.as_str();
        let fits = PasswordHash::new(stored.unwrap_or(nobody))
            .is_ok_and(|hash| Argon2::default().verify_password(self.0.as_bytes(), &hash).is_ok());
        fits && stored.is_some()
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(…)")
    }
}

/// A stored password that belongs to nobody, with the same cost as any other.
static NOBODY: LazyLock<String> = LazyLock::new(|| {
    let hash = Argon2::default().hash_password_with_salt(b"nobody", b"nobody's own salt");
    hash.map(|hash: PasswordHash| hash.to_string()).unwrap_or_default()
});

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::{SeededRandom, SystemRandom};

    #[test]
    fn a_password_matches_only_what_was_stored_of_it() {
        let stored = Password::typed("Liuyi-2026").hash(&SystemRandom).unwrap();
        assert!(stored.starts_with("$argon2id$"));
        assert!(Password::typed("Liuyi-2026").matches(Some(&stored)));
        assert!(!Password::typed("liuyi-2026").matches(Some(&stored)));
        assert!(!Password::typed("").matches(Some(&stored)));
    }

    #[test]
    fn nobody_has_a_password() {
        assert!(!Password::typed("nobody").matches(None));
        assert!(PasswordHash::new(&NOBODY).is_ok());
    }

    #[test]
    fn the_same_password_is_stored_differently_for_two_people() {
        let random = SeededRandom::new(1);
        let password = Password::typed("Liuyi-2026");
        assert_ne!(password.hash(&random).unwrap(), password.hash(&random).unwrap());
    }

    #[test]
    fn a_password_is_long_enough_mixed_and_not_the_persons_name() {
        let check = |text: &str| Password::typed(text).check(&["zhangsan", "张三", "A001", "13800138000"]);
        assert!(check("Liuyi-2026").is_ok());
        assert!(check("六月初一下大雨 1").is_ok());
        assert!(matches!(check("Ab1"), Err(OrgError::PasswordLength { .. })));
        assert!(matches!(check("abcdefghij"), Err(OrgError::PasswordPlain)));
        assert!(matches!(check("20260601"), Err(OrgError::PasswordPlain)));
        for guessable in ["Zhangsan1", "x13800138000", "Admin888", "P@ssw0rd"] {
            assert!(matches!(check(guessable), Err(OrgError::PasswordGuessable)), "{guessable}");
        }
    }

    #[test]
    fn a_one_time_password_can_be_read_from_paper() {
        let password = Password::one_time(&SeededRandom::new(7));
        assert_eq!(password.reveal().len(), 14);
        assert!(!password.reveal().contains(['0', 'O', '1', 'I']));
        assert_ne!(password, Password::one_time(&SeededRandom::new(8)));
        assert_eq!(format!("{password:?}"), "Password(…)");
    }
}
