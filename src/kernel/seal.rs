//! Secrets that are stored: sealed with AES-256-GCM under a key that stands elsewhere.

use ring::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};

use super::Random;

/// Bytes of a key.
pub const KEY_LEN: usize = 32;

/// `secret` as bytes that only this key opens, and only for the same `purpose`. Nothing where the key is not a key.
pub fn seal(key: &[u8], purpose: &[u8], secret: &[u8], random: &dyn Random) -> Option<Vec<u8>> {
    let mut nonce = [0; NONCE_LEN];
    random.fill(&mut nonce);
    let mut bytes = secret.to_vec();
    let unique = Nonce::assume_unique_for_key(nonce);
    cipher(key)?.seal_in_place_append_tag(unique, Aad::from(purpose), &mut bytes).ok()?;
    Some([nonce.as_slice(), &bytes].concat())
}

/// What was sealed; nothing under another key or for another purpose.
pub fn open(key: &[u8], purpose: &[u8], sealed: &[u8]) -> Option<Vec<u8>> {
    let (nonce, secret) = sealed.split_at_checked(NONCE_LEN)?;
    let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
    let mut secret = secret.to_vec();
    cipher(key)?.open_in_place(nonce, Aad::from(purpose), &mut secret).ok().map(|open| open.to_vec())
}

fn cipher(key: &[u8]) -> Option<LessSafeKey> {
    UnboundKey::new(&AES_256_GCM, key).ok().map(LessSafeKey::new)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::SeededRandom;

    #[test]
    fn what_was_sealed_opens_under_its_key_and_for_its_purpose_only() {
        let sealed = seal(&[1; KEY_LEN], b"one", b"secret", &SeededRandom::new(1)).unwrap();
        assert_eq!(open(&[1; KEY_LEN], b"one", &sealed).as_deref(), Some(b"secret".as_slice()));
        assert_eq!(open(&[1; KEY_LEN], b"other", &sealed), None);
        assert_eq!(open(&[2; KEY_LEN], b"one", &sealed), None);
        assert_eq!(open(&[1; KEY_LEN], b"one", &sealed[..4]), None);
    }
}
