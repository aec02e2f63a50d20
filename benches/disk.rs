//! What the disk can do: each durable commit costs one of these.

use std::io::Write as _;
use std::time::Duration;

use qiyue::kernel::Stopwatch;

use crate::places::disk;

/// 4 KiB appended and `fdatasync`, one after the other, for two seconds.
pub(crate) fn syncs_per_second() -> u64 {
    let mut file = tempfile::tempfile_in(disk()).unwrap();
    let page = [0x5a; 4096];
    let watch = Stopwatch::start();
    let mut syncs = 0;
    while watch.elapsed() < Duration::from_secs(2) {
        file.write_all(&page).unwrap();
        file.sync_data().unwrap();
        syncs += 1;
    }
    syncs / 2
}
