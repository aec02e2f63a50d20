//! A PostgreSQL of the test's own, which it can stop and start.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use qiyue::db::DatabaseUrl;
use tempfile::TempDir;

use super::skip::{Extent, Missing, skip};

/// Ends the server when its standard input ends, which it does with the test, however that ends.
const SCRIPT: &str = r#"
    . scripts/postgres.sh
    start_postgres "$1" -c fsync=off || exit 1
    trap stop_postgres EXIT
    echo "$QIYUE_TEST_POSTGRES"
    while read -r word; do
      case $word in
        stop) stop_postgres ;;
        start) resume_postgres ;;
      esac
      echo "$word"
    done
"#;

/// A running server, or one that was stopped.
pub(crate) struct PrivatePostgres {
    pub(crate) url: DatabaseUrl,
    process: Child,
    words: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
    _folder: TempDir,
}

impl PrivatePostgres {
    /// Starts one, or skips this part of the test.
    #[track_caller]
    pub(crate) fn start() -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let mut process = Command::new("bash")
            .args(["-c", SCRIPT, "postgres"])
            .arg(folder.path())
            .env_remove("QIYUE_TEST_POSTGRES")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let words = process.stdin.take();
        let mut answers = BufReader::new(process.stdout.take().unwrap());
        let mut address = String::new();
        answers.read_line(&mut address).unwrap();
        let Ok(url) = address.trim().parse() else {
            process.wait().unwrap();
            skip(
                Extent::Part,
                Missing::Program,
                "PostgreSQL: initdb and pg_ctl are not here; `make test` installs them",
            );
            return None;
        };
        Some(Self { url, process, words, answers, _folder: folder })
    }

    /// Ends it at once, as a crash does.
    pub(crate) fn stop(&mut self) {
        self.say("stop");
    }

    /// Starts it again with the same data, at the same address.
    pub(crate) fn resume(&mut self) {
        self.say("start");
    }

    fn say(&mut self, word: &str) {
        writeln!(self.words.as_mut().unwrap(), "{word}").unwrap();
        let mut done = String::new();
        self.answers.read_line(&mut done).unwrap();
        assert_eq!(done.trim(), word);
    }
}

impl Drop for PrivatePostgres {
    fn drop(&mut self) {
        drop(self.words.take());
        drop(self.process.wait());
    }
}
