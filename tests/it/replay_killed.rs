//! A replay whose process is killed three times and started again ends like one that ran through: the same chains, the same lists,
//! the same results. `QIYUE_KILLS` is the seed of the moments; `QIYUE_WHOLE_LOG` takes the whole log instead of its first cases.

use std::os::unix::process::ExitStatusExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use qiyue::db::{Conn, DatabaseUrl, Db, DbError};
use qiyue::kernel::{Random as _, SeededRandom, SystemRandom};

use crate::replay_pure::example;
use crate::support::{TestDatabase, aloud, material};

/// Events of the log that a plain run takes.
const SLICE: usize = 1_500;
const KILLS: usize = 3;

/// Everything that a replay leaves, row by row, without the ids that the order of arrival gives.
const LEFT: [(&str, &str); 10] = [
    (
        "cases",
        "SELECT subject_id || ' ' || workflow || ' ' || title || ' ' || status || ' ' || round || ' ' || seq FROM approval_case",
    ),
    (
        "events",
        "SELECT c.subject_id || ' ' || e.seq || ' ' || e.at || ' ' || e.body FROM approval_event e JOIN approval_case c ON c.id = e.case_id",
    ),
    (
        "states",
        "SELECT c.subject_id || ' ' || s.seq || ' ' || s.state FROM approval_state s JOIN approval_case c ON c.id = s.case_id",
    ),
    (
        "tasks",
        "SELECT c.subject_id || ' ' || t.task || ' ' || t.person || ' ' || t.node || ' ' || t.because || ' ' || t.opened_at FROM approval_task t JOIN approval_case c ON c.id = t.case_id",
    ),
    (
        "decisions",
        "SELECT c.subject_id || ' ' || d.decision || ' ' || d.task || ' ' || d.choice || ' ' || d.opinion || ' ' || d.at FROM approval_decision d JOIN approval_case c ON c.id = d.case_id",
    ),
    (
        "effects",
        "SELECT c.subject_id || ' ' || x.seq || ' ' || x.place || ' ' || x.effect || ' ' || x.origin || ' ' || x.state || ' ' || x.run_at FROM approval_effect x JOIN approval_case c ON c.id = x.case_id",
    ),
    (
        "keys",
        "SELECT k.key || ' ' || c.subject_id || ' ' || k.first_seq || ' ' || k.last_seq || ' ' || k.status FROM approval_key k JOIN approval_case c ON c.id = k.case_id",
    ),
    ("outbox", "SELECT key || ' ' || person || ' ' || headline || ' ' || lines FROM message"),
    ("jobs", "SELECT kind || ' ' || key || ' ' || payload FROM job"),
    (
        "audit",
        "SELECT at || ' ' || coalesce(actor, 0) || ' ' || subject_kind || ' ' || subject_id || ' ' || action FROM audit",
    ),
];
const HEADS: &str = "SELECT subject_id, head FROM approval_case ORDER BY subject_id";
const EVENTS: &str = "SELECT CAST(count(*) AS BIGINT) FROM approval_event";

#[derive(Debug, PartialEq)]
struct Left {
    heads: Vec<(i64, Vec<u8>)>,
    rows: Vec<(&'static str, Vec<String>)>,
    results: String,
}

/// One replay: its log, its database, and where its results go.
struct Replay<'a> {
    log: &'a Path,
    database: &'a TestDatabase,
    out: PathBuf,
}

impl Replay<'_> {
    fn start(&self) -> Child {
        let store = match &self.database.url {
            DatabaseUrl::Sqlite(path) => format!("sqlite:{}", path.display()),
            DatabaseUrl::Postgres(url) => url.clone(),
        };
        let mut command = Command::new(env!("CARGO_BIN_EXE_qiyue"));
        command.arg("replay").arg(self.log).arg("--workflow").arg(example("travel-declaration.rhai"));
        command.arg("--map").arg(example("travel-declaration.map.toml")).arg("--out").arg(&self.out);
        command.args(["--store", &store, "--run", "killed"]).stdout(Stdio::null()).env("RUST_LOG", "error");
        command.spawn().unwrap()
    }

    fn to_the_end(&self) {
        assert!(self.start().wait().unwrap().success());
    }

    /// Starts it and kills it as soon as so many events are stored; how many were.
    async fn killed_at(&self, events: i64) -> i64 {
        let db = Db::open(&self.database.url).await.unwrap();
        let mut process = self.start();
        loop {
            if stored(&db).await >= events {
                process.kill().unwrap();
                let ended = process.wait().unwrap();
                assert_eq!(ended.signal(), Some(9), "it came to its end before it could be killed: {ended}");
                return stored(&db).await;
            }
            assert_eq!(process.try_wait().unwrap(), None, "it ended before {events} events were stored");
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    }

    async fn left(&self) -> Left {
        let db = Db::open(&self.database.url).await.unwrap();
        let read = async |c: &mut Conn<'_>| {
            let heads = c.all(HEADS, &[]).await?;
            let mut rows = Vec::new();
            for (name, sql) in LEFT {
                let found: Vec<(String,)> = c.all(sql, &[]).await?;
                let mut found: Vec<_> = found.into_iter().map(|(row,)| row).collect();
                found.sort_unstable();
                rows.push((name, found));
            }
            Ok::<_, DbError>((heads, rows))
        };
        let (heads, rows) = db.read(read).await.unwrap();
        Left { heads, rows, results: std::fs::read_to_string(&self.out).unwrap() }
    }
}

/// Nothing while the process has not yet made the tables.
async fn stored(db: &Db) -> i64 {
    let count: Result<(i64,), DbError> = db.read(async |c: &mut Conn<'_>| c.one(EVENTS, &[]).await).await;
    count.map_or(0, |(count,)| count)
}

/// The whole log or its first cases, and how many lines it has.
fn log(folder: &Path, into: &Path) -> PathBuf {
    let whole = folder.join("domestic-declarations-part1.events.csv.gz");
    if std::env::var_os("QIYUE_WHOLE_LOG").is_some() {
        return whole;
    }
    let mut text = String::new();
    let mut unpacked = flate2::read::GzDecoder::new(std::fs::File::open(whole).unwrap());
    std::io::Read::read_to_string(&mut unpacked, &mut text).unwrap();
    let slice = into.join("slice.csv");
    let lines: Vec<_> = text.lines().take(SLICE + 1).collect();
    std::fs::write(&slice, lines.join("\n")).unwrap();
    slice
}

async fn killed_three_times(folder: &Path, seed: u64, (through, killed): (&TestDatabase, &TestDatabase)) {
    let scratch = tempfile::tempdir().unwrap();
    let log = log(folder, scratch.path());
    let through = Replay { log: &log, database: through, out: scratch.path().join("through.jsonl") };
    through.to_the_end();
    let expected = through.left().await;
    let events = i64::try_from(expected.rows[1].1.len()).unwrap();

    let killed = Replay { log: &log, database: killed, out: scratch.path().join("killed.jsonl") };
    let mut moments = [0; KILLS];
    let random = SeededRandom::new(seed);
    for moment in &mut moments {
        let mut bytes = [0; 4];
        random.fill(&mut bytes);
        // Never so late that the process could end before the signal reaches it.
        *moment = 1 + i64::from(u32::from_be_bytes(bytes)) % (events * 4 / 5);
    }
    moments.sort_unstable();
    for moment in moments {
        let stored = killed.killed_at(moment).await;
        assert!(stored >= moment && stored < events, "{stored} of {events}");
        aloud(&format!("killed with {stored} of {events} events stored"));
    }
    killed.to_the_end();
    let found = killed.left().await;
    for ((name, found), (_, expected)) in found.rows.iter().zip(&expected.rows) {
        let differs = found.iter().zip(expected).find(|(found, expected)| found != expected);
        assert_eq!((found.len(), differs), (expected.len(), None), "{name} differ");
    }
    assert_eq!(found, expected);
}

fn seed() -> u64 {
    let given = std::env::var("QIYUE_KILLS").ok().and_then(|seed| seed.parse().ok());
    let seed = given.unwrap_or_else(|| {
        let mut bytes = [0; 8];
        SystemRandom.fill(&mut bytes);
        u64::from_be_bytes(bytes)
    });
    aloud(&format!("QIYUE_KILLS={seed}"));
    seed
}

#[tokio::test(flavor = "multi_thread")]
async fn on_sqlite_it_goes_on_where_it_was_killed() {
    let Some(folder) = material("approval-logs") else { return };
    killed_three_times(&folder, seed(), (&TestDatabase::sqlite(), &TestDatabase::sqlite())).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn on_postgresql_it_goes_on_where_it_was_killed() {
    let Some(folder) = material("approval-logs") else { return };
    let Some(through) = TestDatabase::postgres().await else { return };
    let Some(killed) = TestDatabase::postgres().await else { return };
    killed_three_times(&folder, seed(), (&through, &killed)).await;
    through.drop().await;
    killed.drop().await;
}
