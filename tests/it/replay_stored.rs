//! The same log through the store, on both engines: equal results, and the chains of one replay are equal in every database.

use qiyue::approval::replay::{self, ReplayError};
use qiyue::db::{Conn, Db, DbError};
use qiyue::kernel::{SeededRandom, Timestamp};

use crate::replay_pure::{assert_as_expected, example};
use crate::support::{material, on_both};

const HEADS: &str = "SELECT subject_id, head FROM approval_case ORDER BY subject_id";
const EFFECTS: &str = "SELECT CAST(count(*) AS BIGINT) FROM approval_effect";
const EVENTS: &str = "SELECT CAST(count(*) AS BIGINT) FROM approval_event";
const MESSAGES: &str = "SELECT CAST(count(*) AS BIGINT) FROM message";

/// Everything by which two replays of the same name are compared.
#[derive(Debug, PartialEq)]
pub(crate) struct Left {
    heads: Vec<(i64, Vec<u8>)>,
    events: i64,
    effects: i64,
    messages: i64,
}

pub(crate) async fn left(db: &Db) -> Left {
    let read = async |c: &mut Conn<'_>| {
        let heads = c.all(HEADS, &[]).await?;
        let (events,) = c.one(EVENTS, &[]).await?;
        let (effects,) = c.one(EFFECTS, &[]).await?;
        let (messages,) = c.one(MESSAGES, &[]).await?;
        Ok::<_, DbError>(Left { heads, events, effects, messages })
    };
    db.read(read).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_real_log_replays_the_same_through_the_store() {
    let Some(folder) = material("approval-logs") else { return };
    let log = folder.join("domestic-declarations-part1.events.csv.gz");
    let (workflow, map) = (example("travel-declaration.rhai"), example("travel-declaration.map.toml"));
    let plan = replay::plan(&log, &workflow, &map).unwrap();
    let pure = replay::run_pure(&plan);
    let first: std::sync::Mutex<Option<Left>> = std::sync::Mutex::default();
    on_both(async |db| {
        let report = replay::run_stored(&plan, &db, "first").await.unwrap();
        assert_as_expected(&report, &folder);
        assert_eq!(report, pure);
        let stored = left(&db).await;
        assert_eq!(stored.messages, 0, "nobody hears of what happened elsewhere, long ago");
        // Once more under the same name: nothing is done twice.
        assert_eq!(replay::run_stored(&plan, &db, "first").await.unwrap(), pure);
        assert_eq!(left(&db).await, stored);
        let mut first = first.lock().unwrap();
        if let Some(first) = first.as_ref() {
            assert_eq!(first, &stored, "the engines differ");
        }
        *first = Some(stored);
    })
    .await;
}

fn short_plan(folder: &std::path::Path, name: &str) -> replay::Plan {
    let log = folder.join(name);
    let rows = format!(
        "case,seq,timestamp,activity,role,amount\n\
         {name},1,2017-01-09T09:49:50.000+01:00,Declaration SUBMITTED by EMPLOYEE,EMPLOYEE,1\n\
         {name},2,2017-01-09T09:50:50.000+01:00,Declaration APPROVED by SUPERVISOR,SUPERVISOR,1\n"
    );
    std::fs::write(&log, rows).unwrap();
    replay::plan(&log, &example("travel-declaration.rhai"), &example("travel-declaration.map.toml")).unwrap()
}

#[tokio::test]
async fn a_database_of_an_installation_or_of_another_replay_is_refused() {
    on_both(async |db| {
        let folder = tempfile::tempdir().unwrap();
        let (one, other) = (short_plan(folder.path(), "one.csv"), short_plan(folder.path(), "other.csv"));
        replay::run_stored(&one, &db, "first").await.unwrap();
        let refused = replay::run_stored(&other, &db, "first").await;
        assert!(matches!(refused, Err(ReplayError::OtherRun(name)) if name == "first"));
        let refused = replay::run_stored(&one, &db, "second").await;
        assert!(matches!(refused, Err(ReplayError::OtherRun(name)) if name == "first"));
    })
    .await;
    on_both(async |db| {
        let folder = tempfile::tempdir().unwrap();
        db.installation(&SeededRandom::new(1), Timestamp::from_micros(0)).await.unwrap();
        let refused = replay::run_stored(&short_plan(folder.path(), "one.csv"), &db, "first").await;
        assert!(matches!(refused, Err(ReplayError::Installed)));
    })
    .await;
}
