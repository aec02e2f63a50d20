//! Secrets that stand in the database are sealed with a key that does not: AES-256-GCM, the key in a file of the data folder.

use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::MailError;
use crate::kernel::Random;
use crate::kernel::seal::{self, KEY_LEN};

/// The file with the key, made when it is first needed and readable only by its owner. Processes that share a database share it too.
#[derive(Clone, Debug)]
pub struct KeyFile(PathBuf);

impl KeyFile {
    /// The key of the installation whose data is in that folder.
    pub fn in_folder(data: &Path) -> Self {
        Self(data.join("secret"))
    }

    /// `secret` as text that only this key opens, and only for the same `purpose`.
    pub(super) fn seal(&self, purpose: &str, secret: &str, random: &dyn Random) -> Result<String, MailError> {
        let sealed = seal::seal(&self.key(random)?, purpose.as_bytes(), secret.as_bytes(), random);
        sealed.map(|sealed| STANDARD.encode(sealed)).ok_or(MailError::Sealed)
    }

    /// What was sealed.
    pub(super) fn open(&self, purpose: &str, sealed: &str) -> Result<String, MailError> {
        let key = read(&self.0)?.ok_or(MailError::Sealed)?;
        let bytes = STANDARD.decode(sealed).map_err(|_| MailError::Sealed)?;
        let open = seal::open(&key, purpose.as_bytes(), &bytes).ok_or(MailError::Sealed)?;
        String::from_utf8(open).map_err(|_| MailError::Sealed)
    }

    fn key(&self, random: &dyn Random) -> Result<Vec<u8>, MailError> {
        match read(&self.0)? {
            Some(key) => Ok(key),
            None => make(&self.0, random),
        }
    }
}

fn refused(path: &Path, reason: &dyn std::fmt::Display) -> MailError {
    MailError::KeyFile { path: path.display().to_string(), reason: reason.to_string() }
}

fn read(path: &Path) -> Result<Option<Vec<u8>>, MailError> {
    let text = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(refused(path, &error)),
    };
    let key = hex::decode(text.trim()).map_err(|error| refused(path, &error))?;
    if key.len() == KEY_LEN { Ok(Some(key)) } else { Err(refused(path, &"it does not hold a key of 32 bytes")) }
}

/// Writes a new key beside its place and links it there, so that of two processes one wins and nobody reads half a key.
fn make(path: &Path, random: &dyn Random) -> Result<Vec<u8>, MailError> {
    let failed = |error: std::io::Error| refused(path, &error);
    let mut bytes = [0; KEY_LEN];
    random.fill(&mut bytes);
    let mut name = [0; 8];
    random.fill(&mut name);
    let draft = path.with_extension(hex::encode(name));
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&draft).map_err(failed)?;
    let written = writeln!(file, "{}", hex::encode(bytes)).and_then(|()| file.sync_all());
    let linked = written.and_then(|()| fs::hard_link(&draft, path));
    drop(fs::remove_file(&draft));
    match linked {
        Ok(()) => Ok(bytes.to_vec()),
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => read(path)?.ok_or(MailError::Sealed),
        Err(error) => Err(failed(error)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::SeededRandom;
    use std::os::unix::fs::PermissionsExt as _;

    fn key() -> (tempfile::TempDir, KeyFile) {
        let folder = tempfile::tempdir().unwrap();
        let key = KeyFile::in_folder(folder.path());
        (folder, key)
    }

    #[test]
    fn what_was_sealed_opens_again_for_the_same_purpose_only() {
        let (_folder, key) = key();
        let sealed = key.seal("mail a.cn me", "密码", &SeededRandom::new(1)).unwrap();
        assert_eq!(key.open("mail a.cn me", &sealed).unwrap(), "密码");
        assert_eq!(key.open("mail b.cn me", &sealed), Err(MailError::Sealed));
    }

    #[test]
    fn another_key_does_not_open_it_and_no_key_neither() {
        let (_folder, key) = key();
        let sealed = key.seal("mail", "secret", &SeededRandom::new(1)).unwrap();
        let (_other_folder, other) = self::key();
        assert_eq!(other.open("mail", &sealed), Err(MailError::Sealed));
        other.seal("mail", "x", &SeededRandom::new(2)).unwrap();
        assert_eq!(other.open("mail", &sealed), Err(MailError::Sealed));
        assert_eq!(key.open("mail", "no base64"), Err(MailError::Sealed));
    }

    #[test]
    fn the_key_is_its_owners_only_and_stays_the_same() {
        let (_folder, key) = key();
        key.seal("mail", "a", &SeededRandom::new(1)).unwrap();
        let mode = fs::metadata(&key.0).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        let before = fs::read_to_string(&key.0).unwrap();
        key.seal("mail", "b", &SeededRandom::new(2)).unwrap();
        assert_eq!(fs::read_to_string(&key.0).unwrap(), before);
    }

    #[test]
    fn a_broken_key_file_is_told() {
        let (_folder, key) = key();
        fs::write(&key.0, "short").unwrap();
        assert!(matches!(key.seal("mail", "a", &SeededRandom::new(1)), Err(MailError::KeyFile { .. })));
    }
}
