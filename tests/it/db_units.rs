//! Units behave alike on both engines: stored whole or not at all, and every refusal has its name.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use qiyue::db::{Change, Conn, Db, DbError, LockKey};
use qiyue::params;

use crate::support::on_both;

const PUT: &str = "INSERT INTO setting (name, value, version) VALUES ($1, $2, 1)";
const GET: &str = "SELECT value FROM setting WHERE name = $1";
const COUNT: &str = "SELECT CAST(count(*) AS BIGINT) FROM setting";

/// A business error as rooms have them.
#[derive(Debug, PartialEq, thiserror::Error)]
enum Refusal {
    #[error("not today")]
    NotToday,
    #[error(transparent)]
    Db(#[from] DbError),
}

async fn put(c: &mut Conn<'_>, name: &str, value: &str) -> Result<(), DbError> {
    c.exec(PUT, params![name, value]).await.map(drop)
}

async fn count(db: &Db) -> i64 {
    let row: (i64,) = db.read(async |c| c.one(COUNT, &[]).await).await.map_err(|e: DbError| e).unwrap();
    row.0
}

#[tokio::test]
async fn what_a_unit_wrote_is_read_afterwards() {
    on_both(async |db| {
        let done = db.write(async |c| put(c, "a", "甲").await).await;
        assert_eq!(done, Ok(()));
        let found: Result<Option<(String,)>, DbError> = db.read(async |c| c.maybe(GET, params!["a"]).await).await;
        assert_eq!(found, Ok(Some(("甲".to_owned(),))));
    })
    .await;
}

#[tokio::test]
async fn a_refusal_comes_back_typed_and_rolls_back() {
    on_both(async |db| {
        let refused: Result<(), Refusal> = db
            .write(async |c| {
                put(c, "a", "1").await?;
                Err(Refusal::NotToday)
            })
            .await;
        assert_eq!(refused, Err(Refusal::NotToday));
        assert_eq!(count(&db).await, 0);
    })
    .await;
}

#[tokio::test]
async fn one_failed_unit_leaves_the_others_of_its_batch_stored() {
    on_both(async |db| {
        let units = (0..50).map(|n| {
            let db = db.clone();
            tokio::spawn(async move {
                db.write(async move |c| {
                    put(c, &format!("unit {n}"), "1").await?;
                    if n % 5 == 0 { Err(Refusal::NotToday) } else { Ok(()) }
                })
                .await
            })
        });
        let mut stored = 0;
        for unit in units.collect::<Vec<_>>() {
            stored += i64::from(unit.await.unwrap().is_ok());
        }
        assert_eq!(stored, 40);
        assert_eq!(count(&db).await, 40);
    })
    .await;
}

#[tokio::test]
async fn a_panic_in_a_unit_is_an_error_and_the_next_unit_runs() {
    on_both(async |db| {
        let done: Result<(), DbError> = db
            .write(async |c| {
                put(c, "a", "1").await?;
                panic!("a mistake in a unit");
            })
            .await;
        assert_eq!(done, Err(DbError::Panicked));
        assert_eq!(db.write(async |c| put(c, "b", "2").await).await, Ok(()));
        assert_eq!(count(&db).await, 1);
    })
    .await;
}

#[tokio::test]
async fn a_unit_cannot_go_on_after_a_failed_statement() {
    on_both(async |db| {
        let swallowed: Result<(), DbError> = db
            .write(async |c| {
                put(c, "a", "1").await?;
                drop(put(c, "a", "2").await);
                assert_eq!(put(c, "b", "3").await, Err(DbError::WentOn));
                Ok(())
            })
            .await;
        assert_eq!(swallowed, Err(DbError::Unique { constraint: "setting_pkey".to_owned() }));
        assert_eq!(count(&db).await, 0);
    })
    .await;
}

#[tokio::test]
async fn the_number_of_parameters_is_checked() {
    on_both(async |db| {
        let too_few = db.write(async |c| c.exec(PUT, params!["a"]).await).await;
        let too_many = db.write(async |c| c.exec(PUT, params!["a", "b", "c"]).await).await;
        let sql = PUT.to_owned();
        assert_eq!(too_few, Err(DbError::Parameters { sql: sql.clone(), expected: 2, given: 1 }));
        assert_eq!(too_many, Err(DbError::Parameters { sql, expected: 2, given: 3 }));
    })
    .await;
}

#[tokio::test]
async fn parameters_are_bound_by_number_and_may_return_twice() {
    on_both(async |db| {
        const SWAPPED: &str = "SELECT $2, $1, $2 WHERE $1 = 'one'";
        let row: Result<(String, String, String), DbError> =
            db.read(async |c| c.one(SWAPPED, params!["one", "two"]).await).await;
        assert_eq!(row, Ok(("two".to_owned(), "one".to_owned(), "two".to_owned())));
    })
    .await;
}

#[tokio::test]
async fn every_type_and_its_null_come_back_as_they_went() {
    type Row = (Option<i64>, Option<bool>, Option<String>, Option<Vec<u8>>);
    const ECHO: &str = "SELECT $1, $2, $3, $4";
    on_both(async |db| {
        let values: Result<Row, DbError> =
            db.read(async |c| c.one(ECHO, params![i64::MIN, true, "契约", vec![0_u8, 255]]).await).await;
        assert_eq!(values, Ok((Some(i64::MIN), Some(true), Some("契约".to_owned()), Some(vec![0, 255]))));
        let nulls = params![None::<i64>, None::<bool>, None::<&str>, None::<Vec<u8>>].to_vec();
        let values: Result<Row, DbError> = db.read(async move |c| c.one(ECHO, &nulls).await).await;
        assert_eq!(values, Ok((None, None, None, None)));
    })
    .await;
}

#[tokio::test]
async fn a_wrong_column_is_named() {
    on_both(async |db| {
        let null: Result<(String,), DbError> =
            db.read(async |c| c.one("SELECT $1 AS title", params![None::<&str>]).await).await;
        let problem = "text expected, found NULL".to_owned();
        assert_eq!(null, Err(DbError::Column { column: "title".to_owned(), problem }));
    })
    .await;
}

#[tokio::test]
async fn a_reader_cannot_write() {
    on_both(async |db| {
        let done = db.read(async |c| put(c, "a", "1").await).await;
        assert!(matches!(done, Err(DbError::Sql { .. })), "{done:?}");
        assert_eq!(count(&db).await, 0);
    })
    .await;
}

#[tokio::test]
async fn one_without_a_row_says_so() {
    on_both(async |db| {
        let none: Result<(String,), DbError> = db.read(async |c| c.one(GET, params!["a"]).await).await;
        assert_eq!(none, Err(DbError::NoRow { sql: GET.to_owned() }));
    })
    .await;
}

#[tokio::test]
async fn lost_races_are_run_again_until_all_are_counted() {
    const READ: &str = "SELECT value FROM counter WHERE name = 'races'";
    const START: &str = "INSERT INTO counter (name, value) VALUES ('races', 0)";
    const RAISE: &str = "UPDATE counter SET value = $1 WHERE name = 'races'";
    on_both(async |db| {
        db.write(async |c| c.exec(START, &[]).await).await.unwrap();
        let runs = Arc::new(AtomicUsize::new(0));
        let units = (0..8).map(|_| {
            let (db, runs) = (db.clone(), Arc::clone(&runs));
            tokio::spawn(async move {
                db.write(async move |c| {
                    runs.fetch_add(1, Ordering::Relaxed);
                    let (value,): (i64,) = c.one(READ, &[]).await?;
                    c.exec(RAISE, params![value + 1]).await
                })
                .await
            })
        });
        for unit in units.collect::<Vec<_>>() {
            assert_eq!(unit.await.unwrap(), Ok(1));
        }
        let value: Result<(i64,), DbError> = db.read(async |c| c.one(READ, &[]).await).await;
        assert_eq!(value, Ok((8,)));
        assert!(runs.load(Ordering::Relaxed) >= 8);
    })
    .await;
}

#[tokio::test]
async fn a_change_is_heard_after_the_commit_and_not_after_a_rollback() {
    on_both(async |db| {
        let mut changes = db.subscribe();
        let refused: Result<(), Refusal> = db
            .write(async |c| {
                c.notify("never");
                Err(Refusal::NotToday)
            })
            .await;
        assert!(refused.is_err());
        let locked = db.write_locked(LockKey::new("hot"), async |c| {
            put(c, "a", "1").await?;
            c.notify("settings");
            Ok::<_, DbError>(())
        });
        assert_eq!(locked.await, Ok(()));
        let heard = tokio::time::timeout(Duration::from_secs(5), changes.next()).await;
        assert_eq!(heard, Ok(Some(Change::Topic("settings".into()))));
    })
    .await;
}
