//! A full queue, a full disk, a lost server: each is said by its name, and nothing is lost or half stored.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures_util::future::join_all;
use qiyue::db::{Change, Conn, Db, DbError};
use qiyue::params;

use crate::support::TestDatabase;

const PUT: &str = "INSERT INTO setting (name, value, version) VALUES ($1, $2, 1)";
const COUNT: &str = "SELECT CAST(count(*) AS BIGINT) FROM setting";

async fn migrated(database: &TestDatabase) -> Db {
    let db = Db::open(&database.url).await.unwrap();
    db.migrate().await.unwrap();
    db
}

async fn put(db: &Db, name: String) -> Result<u64, DbError> {
    db.write(async move |c: &mut Conn<'_>| c.exec(PUT, params![name, "1"]).await).await
}

async fn count(db: &Db) -> Result<i64, DbError> {
    let row: (i64,) = db.read(async |c: &mut Conn<'_>| c.one(COUNT, &[]).await).await?;
    Ok(row.0)
}

#[tokio::test]
async fn a_full_queue_says_busy_and_stores_what_it_took() {
    let database = TestDatabase::sqlite();
    let db = migrated(&database).await;
    let (go_on, wait) = mpsc::channel::<()>();
    let wait = Mutex::new(wait);
    let slow = {
        let db = db.clone();
        tokio::spawn(async move {
            let unit = async move |_: &mut Conn<'_>| {
                wait.lock().unwrap().recv().unwrap_err();
                Ok::<_, DbError>(())
            };
            db.write(unit).await
        })
    };
    tokio::task::yield_now().await;
    let units = (0..5000).map(|n| put(&db, n.to_string()));
    let (answers, ()) = tokio::join!(join_all(units), async move { drop(go_on) });
    let stored = answers.iter().filter(|answer| **answer == Ok(1)).count();
    let busy = answers.iter().filter(|answer| **answer == Err(DbError::Busy)).count();
    assert_eq!(slow.await.unwrap(), Ok(()));
    assert_eq!(stored + busy, 5000);
    assert!(busy > 0 && stored >= 4096, "{stored} stored, {busy} refused");
    assert_eq!(count(&db).await, Ok(i64::try_from(stored).unwrap()));
}

#[tokio::test]
async fn a_unit_that_waits_for_something_else_is_refused() {
    let database = TestDatabase::sqlite();
    let db = migrated(&database).await;
    let unit = async |c: &mut Conn<'_>| {
        c.exec(PUT, params!["a", "1"]).await?;
        tokio::task::yield_now().await;
        Ok::<_, DbError>(())
    };
    assert_eq!(db.write(unit).await, Err(DbError::Pending));
    assert_eq!(count(&db).await, Ok(0));
}

#[tokio::test]
async fn a_full_disk_stores_nothing_of_the_unit_and_the_next_one_is_stored() {
    let database = TestDatabase::sqlite();
    let db = migrated(&database).await;
    let full = async |c: &mut Conn<'_>| {
        let (pages,): (i64,) = c.one("PRAGMA page_count", &[]).await?;
        assert!(pages < 300);
        c.exec("PRAGMA max_page_count = 300", &[]).await?;
        c.exec(PUT, params!["a", "1"]).await?;
        c.exec(PUT, params!["b", "x".repeat(2_000_000)]).await
    };
    let refused = db.write(full).await;
    assert!(matches!(refused, Err(DbError::NotStored(_))), "{refused:?}");
    assert_eq!(count(&db).await, Ok(0));
    assert_eq!(put(&db, "c".to_owned()).await, Ok(1));
    assert_eq!(count(&db).await, Ok(1));
}

#[tokio::test]
async fn a_disk_that_fills_when_units_run_again_is_said_to_each_of_them() {
    let database = TestDatabase::sqlite();
    let db = migrated(&database).await;
    let (go_on, wait) = mpsc::channel::<()>();
    let (here, begun) = mpsc::channel::<()>();
    let gate = Mutex::new((here, wait));
    let gate = async move |_: &mut Conn<'_>| {
        let (here, wait) = &*gate.lock().unwrap();
        here.send(()).unwrap();
        wait.recv().unwrap_err();
        Ok::<_, DbError>(())
    };
    let gate = tokio::spawn({
        let db = db.clone();
        async move { db.write(gate).await }
    });
    // What comes while the first unit runs makes the next commit together.
    tokio::task::spawn_blocking(move || begun.recv().unwrap()).await.unwrap();
    let runs = AtomicUsize::new(0);
    let fills_later = async move |c: &mut Conn<'_>| {
        let again = runs.fetch_add(1, Ordering::Relaxed) > 0;
        c.exec("PRAGMA max_page_count = 300", &[]).await?;
        c.exec(PUT, params!["a", "x".repeat(if again { 2_000_000 } else { 1 })]).await
    };
    let refuses = async |c: &mut Conn<'_>| {
        c.exec(PUT, params!["c", "1"]).await?;
        Err::<(), _>(DbError::Check("not today".to_owned()))
    };
    let (filled, other, refused, ()) =
        tokio::join!(db.write(fills_later), put(&db, "b".to_owned()), db.write(refuses), async move { drop(go_on) });
    assert_eq!(gate.await.unwrap(), Ok(()));
    let answers = [filled.err(), other.err(), refused.err()];
    assert!(answers.iter().all(|error| matches!(error, Some(DbError::NotStored(_)))), "{answers:?}");
    assert_eq!(count(&db).await, Ok(0));
    assert_eq!(put(&db, "d".to_owned()).await, Ok(1));
}

#[tokio::test]
async fn a_lost_connection_is_said_and_the_next_units_get_new_ones() {
    const END_ALL: &str = "
        SELECT CAST(count(pg_terminate_backend(pid)) AS BIGINT) FROM pg_stat_activity
        WHERE datname = current_database() AND pid <> pg_backend_pid()";
    let Some(database) = TestDatabase::postgres().await else { return };
    let db = migrated(&database).await;
    join_all((0..20).map(|n| put(&db, n.to_string()))).await;
    let stored = count(&db).await.unwrap();

    let own = async |c: &mut Conn<'_>| {
        c.exec(PUT, params!["own", "1"]).await?;
        c.exec("SELECT pg_terminate_backend(pg_backend_pid())", &[]).await
    };
    let lost = db.write(own).await;
    assert!(matches!(lost, Err(DbError::Gone(_))), "{lost:?}");

    let others: Result<(i64,), DbError> = db.read(async |c: &mut Conn<'_>| c.one(END_ALL, &[]).await).await;
    assert!(others.unwrap().0 > 0);
    for answer in join_all((0..20).map(|_| count(&db))).await {
        assert_eq!(answer, Ok(stored));
    }
    database.drop().await;
}

#[tokio::test]
async fn processes_on_one_server_hear_of_each_others_changes() {
    let Some(database) = TestDatabase::postgres().await else { return };
    let (here, there) = (migrated(&database).await, Db::open(&database.url).await.unwrap());
    let mut changes = there.subscribe();
    let heard = tokio::time::timeout(Duration::from_secs(20), async {
        loop {
            let unit = async |c: &mut Conn<'_>| {
                c.notify("inbox:7");
                Ok::<_, DbError>(())
            };
            here.write(unit).await.unwrap();
            // Again until the other one has begun to listen.
            let next = tokio::time::timeout(Duration::from_millis(200), changes.next()).await;
            if next == Ok(Some(Change::Topic(Arc::from("inbox:7")))) {
                return;
            }
        }
    });
    heard.await.unwrap();
    database.drop().await;
}
