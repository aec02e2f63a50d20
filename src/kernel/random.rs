//! The one home of randomness, and the tokens made from it.

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::hash::Hash;

/// A source of random bytes.
pub trait Random: Send + Sync {
    /// Fills `bytes` with random ones.
    fn fill(&self, bytes: &mut [u8]);
}

/// The operating system's randomness.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemRandom;

/// Bytes that follow from a seed, the same every time: for tests, never for secrets.
#[derive(Debug)]
pub struct SeededRandom {
    seed: u64,
    blocks: AtomicU64,
}

/// A secret of 256 random bits, for links, sessions and programs. Only its [`Token::hash`] is ever stored.
#[derive(Clone, PartialEq, Eq)]
pub struct Token([u8; 32]);

/// A text that cannot be a [`Token`]. It does not repeat the text, which may be a secret with a slip.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a token")]
pub struct BadToken;

impl Random for SystemRandom {
    /// # Panics
    /// When the operating system has no randomness to give: going on would hand out guessable secrets.
    #[expect(clippy::disallowed_methods, reason = "this is its one home")]
    fn fill(&self, bytes: &mut [u8]) {
        if let Err(error) = getrandom::fill(bytes) {
            panic!("the operating system gives no randomness: {error}");
        }
    }
}

impl SeededRandom {
    /// The series that belongs to `seed`.
    pub fn new(seed: u64) -> Self {
        Self { seed, blocks: AtomicU64::new(0) }
    }
}

impl Random for SeededRandom {
    fn fill(&self, bytes: &mut [u8]) {
        for part in bytes.chunks_mut(32) {
            let block = self.blocks.fetch_add(1, Ordering::SeqCst);
            let mut source = [0; 16];
            source[..8].copy_from_slice(&self.seed.to_be_bytes());
            source[8..].copy_from_slice(&block.to_be_bytes());
            part.copy_from_slice(&Hash::of(&source).as_bytes()[..part.len()]);
        }
    }
}

impl Token {
    /// A new token.
    pub fn new(random: &dyn Random) -> Self {
        let mut bytes = [0; 32];
        random.fill(&mut bytes);
        Self(bytes)
    }

    /// Reads what [`Token::reveal`] wrote.
    pub fn parse(text: &str) -> Result<Self, BadToken> {
        let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| BadToken)?;
        bytes.try_into().map(Self).map_err(|_| BadToken)
    }

    /// The secret itself as 43 characters of base64url, for the one who shall hold it.
    pub fn reveal(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.0)
    }

    /// SHA-256 of its bytes: what is stored and looked up.
    pub fn hash(&self) -> Hash {
        Hash::of(&self.0)
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_gives_the_same_series_again_and_it_moves_on() {
        let (one, two) = (SeededRandom::new(7), SeededRandom::new(7));
        let first = Token::new(&one);
        assert_eq!(first, Token::new(&two));
        assert_ne!(first, Token::new(&one));
        assert_ne!(first, Token::new(&SeededRandom::new(8)));
    }

    #[test]
    fn a_token_reads_back_from_its_text_and_hides_in_logs() {
        let token = Token::new(&SystemRandom);
        assert_eq!(token.reveal().len(), 43);
        assert_eq!(Token::parse(&token.reveal()), Ok(token.clone()));
        assert_eq!(format!("{token:?}"), "Token(…)");
    }

    #[test]
    fn other_text_is_no_token() {
        for text in ["", "abc", "*", &"A".repeat(44)] {
            assert_eq!(Token::parse(text), Err(BadToken), "{text}");
        }
    }
}
