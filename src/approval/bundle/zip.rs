//! The ZIP itself.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::{Cursor, Read as _, Write as _};

use zip::result::ZipError;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipArchive, ZipWriter};

use super::{BundleFlaw, SUMS};
use crate::kernel::Hash;

/// Members of a bundle by name.
pub type Members = BTreeMap<String, Vec<u8>>;

/// The bundle with these members and the list of their hashes.
pub fn pack(mut members: Members) -> Result<Vec<u8>, ZipError> {
    members.remove(SUMS);
    let mut sums = String::new();
    for (name, bytes) in &members {
        sums.extend([Hash::of(bytes).to_string().as_str(), "  ", name, "\n"]);
    }
    members.insert(SUMS.to_owned(), sums.into_bytes());
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Stored)
        .last_modified_time(DateTime::default())
        .unix_permissions(0o644);
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in &members {
        writer.start_file(name.as_str(), options)?;
        writer.write_all(bytes)?;
    }
    Ok(writer.finish()?.into_inner())
}

/// The members of a bundle as they are, which [`check`](super::check) then compares with their hashes. Members are stored, and none
/// lies in another or bears the name of another, so that together they are no larger than the bundle.
pub fn unpack(bundle: &[u8]) -> Result<Members, BundleFlaw> {
    let mut archive = ZipArchive::new(Cursor::new(bundle)).map_err(|_| BundleFlaw::NoBundle)?;
    if archive.has_duplicate_names() {
        return Err(BundleFlaw::NoBundle);
    }
    let mut members = Members::new();
    let mut left = bundle.len() as u64;
    for place in 0..archive.len() {
        let mut member = archive.by_index(place).map_err(|_| BundleFlaw::NoBundle)?;
        let Ok(name) = member.name().map(Cow::into_owned) else { return Err(BundleFlaw::NoBundle) };
        let mut bytes = Vec::new();
        let stored = member.compression() == CompressionMethod::Stored;
        let fits = left.checked_sub(member.size());
        left = fits.unwrap_or_default();
        if !stored || fits.is_none() || member.read_to_end(&mut bytes).is_err() {
            return Err(BundleFlaw::Damaged { member: name });
        }
        members.insert(name, bytes);
    }
    Ok(members)
}
