//! Files are taken whole and sound or not at all.

use std::path::Path;
use std::sync::Arc;

use qiyue::db::{Conn, Db, DbError};
use qiyue::files::{FileKind, Files, FilesError};
use qiyue::i18n::{Explain as _, Lang, text};
use qiyue::kernel::{Hash, ManualClock, SeededRandom, Timestamp, UserId};

use crate::support::on_both;

const PDF: &[u8] = b"%PDF-1.7\n1 0 obj\nendobj\n%%EOF\n";

async fn open(folder: &Path, db: &Db) -> Files {
    let clock = Arc::new(ManualClock::at(Timestamp::from_micros(7)));
    let random = Arc::new(SeededRandom::new(1));
    Files::open(folder.to_owned(), 1024 * 1024, db.clone(), clock, random).await.unwrap()
}

/// How many files stand in the folder, and how many rows in the table.
async fn traces(folder: &Path, db: &Db) -> (usize, i64) {
    fn count(folder: &Path) -> usize {
        let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        entries.map(|path| if path.is_dir() { count(&path) } else { 1 }).sum()
    }
    const ROWS: &str = "SELECT CAST(count(*) AS BIGINT) FROM file";
    let rows: Result<(i64,), DbError> = db.read(async |c: &mut Conn<'_>| c.one(ROWS, &[]).await).await;
    (count(folder), rows.unwrap().0)
}

#[tokio::test]
async fn a_file_comes_back_as_it_went() {
    on_both(async |db| {
        let folder = tempfile::tempdir().unwrap();
        let files = open(folder.path(), &db).await;
        let kept = files.keep_bytes("C:\\扫描\\合同.pdf", PDF, Some(UserId::new(4))).await.unwrap();
        assert_eq!((kept.hash, kept.size, kept.name.as_str()), (Hash::of(PDF), 30, "合同.pdf"));
        assert_eq!((kept.media_type.as_str(), kept.uploaded_by), ("application/pdf", Some(UserId::new(4))));
        assert_eq!(files.find(kept.id).await.unwrap(), kept);
        assert_eq!(files.read(kept.hash).await.unwrap(), PDF);
    })
    .await;
}

#[tokio::test]
async fn the_same_content_stands_once_under_several_names() {
    on_both(async |db| {
        let folder = tempfile::tempdir().unwrap();
        let files = open(folder.path(), &db).await;
        files.keep_bytes("a.pdf", PDF, None).await.unwrap();
        files.keep_bytes("b.pdf", PDF, None).await.unwrap();
        assert_eq!(traces(folder.path(), &db).await, (1, 2));
    })
    .await;
}

#[tokio::test]
async fn what_is_not_what_its_name_says_is_refused_with_the_remedy() {
    on_both(async |db| {
        let folder = tempfile::tempdir().unwrap();
        let files = open(folder.path(), &db).await;
        let wrong = files.keep_bytes("合同.pdf", b"MZ\x90\0 a program", None).await.unwrap_err();
        let expected = FileKind::Pdf;
        assert_eq!(wrong, FilesError::WrongContent { name: "合同.pdf".to_owned(), expected });
        assert!(text(Lang::Zh, &wrong.message()).contains("“合同.pdf”的内容不是 PDF 文件"));
        assert!(text(Lang::En, &wrong.message()).contains("“合同.pdf” does not hold a PDF file"));
        for (name, bytes) in [("a.txt", &b"\0\0"[..]), ("a.docx", b"PK\x03\x04 only a zip"), ("a.png", PDF)] {
            let refused = files.keep_bytes(name, bytes, None).await;
            assert!(matches!(refused, Err(FilesError::WrongContent { .. })), "{name}");
        }
        let program = files.keep_bytes("setup.exe", b"MZ", None).await;
        assert_eq!(program.unwrap_err(), FilesError::UnknownType { name: "setup.exe".to_owned() });
        let empty = files.keep_bytes("a.txt", b"", None).await;
        assert_eq!(empty.unwrap_err(), FilesError::Empty { name: "a.txt".to_owned() });
        assert_eq!(traces(folder.path(), &db).await, (0, 0));
    })
    .await;
}

#[tokio::test]
async fn what_is_too_large_is_refused_while_it_comes() {
    on_both(async |db| {
        let folder = tempfile::tempdir().unwrap();
        let files = open(folder.path(), &db).await;
        let mut incoming = files.receive("long.txt").await.unwrap();
        incoming.push(&vec![b'a'; 1024 * 1024]).await.unwrap();
        let refused = incoming.push(b"b").await.unwrap_err();
        assert!(text(Lang::Zh, &refused.message()).contains("超过 1 MB 的上限"), "{refused:?}");
        drop(incoming);
        assert_eq!(traces(folder.path(), &db).await, (0, 0));
    })
    .await;
}

#[tokio::test]
async fn a_half_written_upload_leaves_nothing() {
    on_both(async |db| {
        let folder = tempfile::tempdir().unwrap();
        let files = open(folder.path(), &db).await;
        let mut incoming = files.receive("a.txt").await.unwrap();
        incoming.push(b"half").await.unwrap();
        assert_eq!(traces(folder.path(), &db).await.0, 1);
        // As when the process is killed: no destructor runs.
        std::mem::forget(incoming);
        open(folder.path(), &db).await;
        assert_eq!(traces(folder.path(), &db).await, (0, 0));
    })
    .await;
}

#[tokio::test]
async fn content_that_was_touched_on_the_disk_is_not_given() {
    on_both(async |db| {
        let folder = tempfile::tempdir().unwrap();
        let files = open(folder.path(), &db).await;
        let kept = files.keep_bytes("a.txt", "甲方".as_bytes(), None).await.unwrap();
        let name = kept.hash.to_string();
        let path = folder.path().join(&name[..2]).join(&name[2..]);
        std::fs::write(&path, "乙方").unwrap();
        assert_eq!(files.read(kept.hash).await, Err(FilesError::ContentChanged(kept.hash)));
        std::fs::remove_file(&path).unwrap();
        assert_eq!(files.read(kept.hash).await, Err(FilesError::ContentMissing(kept.hash)));
    })
    .await;
}
