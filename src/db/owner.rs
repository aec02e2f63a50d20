//! `data/lock` names the process that owns the data folder.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read as _, Seek as _, Write as _};
use std::path::Path;

use super::DbError;

/// The data folder is ours until this is dropped; the system drops it with the process, however that ends.
#[derive(Debug)]
pub struct DataLock {
    _file: File,
}

impl DataLock {
    /// Takes `FOLDER/lock`, and writes down `owner` for whoever comes later: `process 4711, qiyue serve`.
    pub fn take(folder: &Path, owner: &str) -> Result<Self, DbError> {
        let path = folder.join("lock");
        let refused = |e: std::io::Error| DbError::Open { path: path.display().to_string(), reason: e.to_string() };
        std::fs::create_dir_all(folder).map_err(refused)?;
        let mut file =
            OpenOptions::new().read(true).write(true).create(true).truncate(false).open(&path).map_err(refused)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let mut owner = String::new();
                file.read_to_string(&mut owner).map_err(refused)?;
                return Err(DbError::Owned { path: path.display().to_string(), owner: owner.trim().to_owned() });
            }
            Err(TryLockError::Error(error)) => return Err(refused(error)),
        }
        file.set_len(0).and_then(|()| file.rewind()).and_then(|()| writeln!(file, "{owner}")).map_err(refused)?;
        Ok(Self { _file: file })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_owner_hears_who_the_first_is() {
        let folder = tempfile::tempdir().unwrap();
        let first = DataLock::take(folder.path(), "process 1, qiyue serve").unwrap();
        let refused = DataLock::take(folder.path(), "process 2, qiyue publish").unwrap_err();
        assert!(matches!(refused, DbError::Owned { owner, .. } if owner == "process 1, qiyue serve"));
        drop(first);
        assert!(DataLock::take(folder.path(), "process 3").is_ok());
    }
}
