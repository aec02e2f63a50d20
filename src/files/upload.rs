//! A file on its way in: written beside the store, hashed while it comes, put in its place when it is whole and sound.

use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};
use tokio::fs::File;
use tokio::io::AsyncWriteExt as _;

use super::model::Sample;
use super::{FileKind, FilesError};
use crate::kernel::Hash;

/// How much of each end is looked at to tell a type. The directory of a Word file is smaller than that.
const SAMPLE: usize = 64 * 1024;

/// A file of which some bytes have come.
pub struct Incoming {
    file: File,
    temporary: Temporary,
    name: String,
    kind: FileKind,
    limit: u64,
    size: u64,
    digest: Sha256,
    head: Vec<u8>,
    tail: Vec<u8>,
    text: TextCheck,
}

/// A whole file of a type that is taken; not yet in its place.
pub struct Finished {
    temporary: Temporary,
    /// The hash of its bytes.
    pub hash: Hash,
    /// In bytes.
    pub size: i64,
    /// What it is.
    pub kind: FileKind,
    /// The name it came with, without folders.
    pub name: String,
}

/// Removes the half-written file, however its life ends.
struct Temporary(PathBuf);

impl Drop for Temporary {
    fn drop(&mut self) {
        // Already moved to its place, or cleared away at the next start.
        drop(std::fs::remove_file(&self.0));
    }
}

impl Incoming {
    pub(super) async fn begin(path: PathBuf, name: &str, limit: u64) -> Result<Self, FilesError> {
        // Browsers have sent whole paths; only the last part is a name.
        let name = name.rsplit(['/', '\\']).next().unwrap_or_default().trim().to_owned();
        let kind = FileKind::of_name(&name).ok_or_else(|| FilesError::UnknownType { name: name.clone() })?;
        let file = File::create_new(&path).await.map_err(|e| FilesError::io(&path, &e))?;
        Ok(Self {
            file,
            temporary: Temporary(path),
            name,
            kind,
            limit,
            size: 0,
            digest: Sha256::new(),
            head: Vec::new(),
            tail: Vec::new(),
            text: TextCheck::default(),
        })
    }

    /// Takes the next bytes.
    pub async fn push(&mut self, chunk: &[u8]) -> Result<(), FilesError> {
        self.size += chunk.len() as u64;
        if self.size > self.limit {
            return Err(FilesError::TooLarge { name: self.name.clone(), limit: self.limit });
        }
        self.digest.update(chunk);
        self.text.push(chunk);
        let room = SAMPLE - self.head.len();
        self.head.extend_from_slice(&chunk[..room.min(chunk.len())]);
        self.tail.extend_from_slice(chunk);
        self.tail.drain(..self.tail.len().saturating_sub(SAMPLE));
        self.file.write_all(chunk).await.map_err(|e| FilesError::io(&self.temporary.0, &e))
    }

    /// Checks that it is what its name says, and brings it to the disk.
    pub async fn finish(mut self) -> Result<Finished, FilesError> {
        if self.size == 0 {
            return Err(FilesError::Empty { name: self.name });
        }
        let sample = Sample { head: &self.head, tail: &self.tail, is_text: self.text.is_text() };
        if !self.kind.is_in(sample) {
            return Err(FilesError::WrongContent { name: self.name, expected: self.kind });
        }
        let path = &self.temporary.0;
        self.file.flush().await.map_err(|e| FilesError::io(path, &e))?;
        self.file.sync_all().await.map_err(|e| FilesError::io(path, &e))?;
        let hash = Hash::from_bytes(self.digest.finalize().into());
        let size = i64::try_from(self.size).unwrap_or(i64::MAX);
        Ok(Finished { temporary: self.temporary, hash, size, kind: self.kind, name: self.name })
    }
}

impl Finished {
    /// Moves the bytes to their place; the same content may stand there already, and is the same.
    pub(super) async fn place(&self, to: PathBuf) -> Result<(), FilesError> {
        let from = self.temporary.0.clone();
        let moved = tokio::task::spawn_blocking(move || {
            let refused = |e: std::io::Error| FilesError::io(&to, &e);
            let folder = to.parent().unwrap_or(Path::new("."));
            std::fs::create_dir_all(folder).map_err(refused)?;
            std::fs::rename(&from, &to).map_err(refused)?;
            // The name is durable only with its folder, and the folder with the one above.
            sync(folder).and_then(|()| folder.parent().map_or(Ok(()), sync)).map_err(refused)
        });
        moved.await.unwrap_or_else(|e| Err(FilesError::Io { path: String::new(), reason: e.to_string() }))
    }
}

fn sync(folder: &Path) -> std::io::Result<()> {
    std::fs::File::open(folder)?.sync_all()
}

/// Whether bytes that come in pieces are UTF-8 text.
#[derive(Default)]
struct TextCheck {
    /// The beginning of a character whose rest has not come.
    rest: Vec<u8>,
    broken: bool,
}

impl TextCheck {
    fn push(&mut self, chunk: &[u8]) {
        if self.broken {
            return;
        }
        let mut bytes = std::mem::take(&mut self.rest);
        bytes.extend_from_slice(chunk);
        let valid = match str::from_utf8(&bytes) {
            Ok(text) => text.len(),
            Err(error) if error.error_len().is_none() => error.valid_up_to(),
            Err(_) => return self.broken = true,
        };
        self.broken = bytes[..valid].iter().any(|b| *b < b' ' && !b"\t\n\r\x0c".contains(b));
        self.rest = bytes.split_off(valid);
    }

    fn is_text(&self) -> bool {
        !self.broken && self.rest.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_told_across_chunks() {
        let check = |chunks: &[&[u8]]| {
            let mut check = TextCheck::default();
            for chunk in chunks {
                check.push(chunk);
            }
            check.is_text()
        };
        let name = "契约".as_bytes();
        assert!(check(&[&name[..2], &name[2..]]));
        assert!(!check(&[&name[..2]]));
        assert!(!check(&[b"a\0b"]));
        assert!(!check(&[b"\xff\xfe"]));
    }
}
