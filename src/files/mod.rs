//! Files by the hash of their content.
//!
//! The bytes stand in a folder under their SHA-256 and never change; a row says who brought them, when and under what name. What is
//! in a file decides its type, not its name, and only types that we know are taken. A file is read by [`FileId`] or by its
//! hash, never by name; whether someone may read it is known by the room that refers to it.

mod error;
mod model;
mod store;
mod upload;

pub use error::FilesError;
pub use model::{FileKind, StoredFile};
pub use store::STATEMENTS;
pub use upload::{Finished, Incoming};

use std::path::PathBuf;
use std::sync::Arc;

use crate::db::{Conn, Db};
use crate::kernel::{Clock, FileId, Hash, Random, UserId};

/// The store; cheap to clone.
#[derive(Clone)]
pub struct Files {
    folder: Arc<PathBuf>,
    /// In bytes.
    limit: u64,
    db: Db,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
}

impl Files {
    /// Opens the folder, made if it is missing, and clears away what was half written when the last process ended. Only its owner
    /// may do that, see [`crate::db::DataLock`].
    pub async fn open(
        folder: PathBuf,
        limit: u64,
        db: Db,
        clock: Arc<dyn Clock>,
        random: Arc<dyn Random>,
    ) -> Result<Self, FilesError> {
        let files = Self { folder: Arc::new(folder), limit, db, clock, random };
        let incoming = files.incoming_folder();
        match tokio::fs::remove_dir_all(&incoming).await {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(FilesError::io(&incoming, &error));
            }
            _ => {}
        }
        tokio::fs::create_dir_all(&incoming).await.map_err(|e| FilesError::io(&incoming, &e))?;
        Ok(files)
    }

    /// A folder that another process may be writing to: files are only read from it, and none is taken.
    pub fn reading(folder: PathBuf, db: Db, clock: Arc<dyn Clock>, random: Arc<dyn Random>) -> Self {
        Self { folder: Arc::new(folder), limit: 0, db, clock, random }
    }

    /// Begins a file of that name. Chunks go in with [`Incoming::push`], and [`Incoming::finish`] or [`Files::keep`] ends it.
    /// Dropped before that, it leaves nothing.
    pub async fn receive(&self, name: &str) -> Result<Incoming, FilesError> {
        let mut token = [0; 16];
        self.random.fill(&mut token);
        Incoming::begin(self.incoming_folder().join(hex::encode(token)), name, self.limit).await
    }

    /// Checks what came, puts it in its place and writes down whose it is.
    pub async fn keep(&self, incoming: Incoming, uploaded_by: Option<UserId>) -> Result<StoredFile, FilesError> {
        let finished = incoming.finish().await?;
        finished.place(self.path(finished.hash)).await?;
        let now = self.clock.now();
        let unit = async move |c: &mut Conn<'_>| store::insert(c, &finished, uploaded_by, now).await;
        Ok(self.db.write(unit).await?)
    }

    /// [`Files::receive`] and [`Files::keep`] for bytes at hand.
    pub async fn keep_bytes(
        &self,
        name: &str,
        bytes: &[u8],
        uploaded_by: Option<UserId>,
    ) -> Result<StoredFile, FilesError> {
        let mut incoming = self.receive(name).await?;
        incoming.push(bytes).await?;
        self.keep(incoming, uploaded_by).await
    }

    /// What is known of a file.
    pub async fn find(&self, id: FileId) -> Result<StoredFile, FilesError> {
        let found = self.db.read(async move |c: &mut Conn<'_>| store::find(c, id).await).await?;
        found.ok_or(FilesError::NotFound)
    }

    /// Opens the bytes for reading.
    pub async fn content(&self, hash: Hash) -> Result<tokio::fs::File, FilesError> {
        let path = self.path(hash);
        tokio::fs::File::open(&path).await.map_err(|error| match error.kind() {
            std::io::ErrorKind::NotFound => FilesError::ContentMissing(hash),
            _ => FilesError::io(&path, &error),
        })
    }

    /// All bytes, checked against the hash: what lies on the disk may have been touched.
    pub async fn read(&self, hash: Hash) -> Result<Vec<u8>, FilesError> {
        use tokio::io::AsyncReadExt as _;
        let mut bytes = Vec::new();
        let path = self.path(hash);
        self.content(hash).await?.read_to_end(&mut bytes).await.map_err(|e| FilesError::io(&path, &e))?;
        if Hash::of(&bytes) == hash { Ok(bytes) } else { Err(FilesError::ContentChanged(hash)) }
    }

    fn incoming_folder(&self) -> PathBuf {
        self.folder.join("incoming")
    }

    /// `ab/cdef…`, so that no folder holds too many.
    fn path(&self, hash: Hash) -> PathBuf {
        let name = hash.to_string();
        let (folder, rest) = name.split_at(2);
        self.folder.join(folder).join(rest)
    }
}
