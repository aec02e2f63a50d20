//! Numbers, settings, the audit log and lists, on both engines; and every statement of every room is understood by both.

use std::sync::Arc;

use qiyue::db::{self, AuditEntry, Conn, Count, Cursor, Db, DbError, Key, Page, Query, Sort};
use qiyue::kernel::{Actor, Channel, Ref, SeededRandom, Timestamp, UserId};
use qiyue::params;
use serde_json::json;

use crate::support::on_both;

/// The fixed statements of each room that has some.
const STATEMENTS: &[(&str, &[&str])] = &[
    ("db", db::STATEMENTS),
    ("files", qiyue::files::STATEMENTS),
    ("jobs", qiyue::jobs::STATEMENTS),
    ("web", qiyue::web::STATEMENTS),
    ("org", qiyue::org::STATEMENTS),
    ("deadline", qiyue::deadline::STATEMENTS),
    ("record", qiyue::record::STATEMENTS),
    ("settlement", qiyue::settlement::STATEMENTS),
    ("approval", qiyue::approval::STATEMENTS),
    ("crm", qiyue::crm::STATEMENTS),
    ("contract", qiyue::contract::STATEMENTS),
    ("notify", qiyue::notify::STATEMENTS),
];

#[tokio::test]
async fn every_statement_of_every_room_is_understood() {
    on_both(async |db| {
        for (room, statements) in STATEMENTS {
            for sql in *statements {
                let understood: Result<(), DbError> = db.read(async |c: &mut Conn<'_>| c.prepare(sql).await).await;
                assert_eq!(understood, Ok(()), "{room}");
            }
        }
        let claim: Result<(), DbError> = db
            .write(async |c: &mut Conn<'_>| {
                let sql = c.text(&db::CLAIM_JOBS);
                c.prepare(sql).await
            })
            .await;
        assert_eq!(claim, Ok(()));
    })
    .await;
}

#[tokio::test]
async fn sixty_four_at_once_get_consecutive_numbers_and_failures_leave_no_gap() {
    on_both(async |db| {
        let units = (0..80).map(|n| {
            let db = db.clone();
            tokio::spawn(async move {
                db.write_locked(db::number_lock("contract"), async move |c: &mut Conn<'_>| {
                    let number = db::next_number(c, "contract").await?;
                    // A refusal after the number was taken, as from a rule of a room.
                    if n % 5 == 0 { Err(DbError::ForeignKey) } else { Ok(number) }
                })
                .await
            })
        });
        let mut numbers = Vec::new();
        for unit in units.collect::<Vec<_>>() {
            match unit.await.unwrap() {
                Ok(number) => numbers.push(number),
                Err(error) => assert_eq!(error, DbError::ForeignKey),
            }
        }
        numbers.sort_unstable();
        assert_eq!(numbers, (1..=64).collect::<Vec<_>>());
    })
    .await;
}

#[tokio::test]
async fn an_installation_has_one_identity() {
    on_both(async |db| {
        assert_eq!(db.is_installed().await, Ok(false));
        let first = db.installation(&SeededRandom::new(1), Timestamp::from_micros(1)).await.unwrap();
        let second = db.installation(&SeededRandom::new(2), Timestamp::from_micros(2)).await.unwrap();
        assert_eq!(first, second);
        assert_ne!(first.as_bytes(), &[0; 16]);
        assert_eq!(db.is_installed().await, Ok(true));
    })
    .await;
}

async fn set(db: &Db, value: &'static str, read: i64) -> bool {
    let done: Result<bool, DbError> =
        db.write(async move |c: &mut Conn<'_>| db::set_setting(c, "office", value, read).await).await;
    done.unwrap()
}

#[tokio::test]
async fn a_setting_is_changed_only_by_whom_has_read_it() {
    on_both(async |db| {
        assert!(set(&db, "9-18", 0).await);
        assert!(!set(&db, "8-17", 0).await);
        assert!(set(&db, "10-19", 1).await);
        assert!(!set(&db, "8-17", 1).await);
        let now = db.read(async |c: &mut Conn<'_>| db::setting(c, "office").await).await.unwrap().unwrap();
        assert_eq!((now.value.as_str(), now.version), ("10-19", 2));
    })
    .await;
}

#[tokio::test]
async fn the_audit_log_gives_back_what_was_written() {
    on_both(async |db| {
        let actor = Actor::person(UserId::new(7), Channel::Link).on_behalf_of(UserId::new(3));
        let entry = AuditEntry {
            at: Timestamp::from_micros(5),
            actor,
            subject: Ref::new("contract", 12),
            action: "contract.renamed",
            old: Some(json!({"title": "甲"})),
            new: None,
        };
        let written = entry.clone();
        db.write(async move |c: &mut Conn<'_>| db::record(c, &written).await).await.unwrap();
        let found = db.read(async |c: &mut Conn<'_>| db::audit_of(c, &Ref::new("contract", 12), None, 10).await).await;
        let found = &found.unwrap()[0];
        assert_eq!((found.at, found.actor, found.action.as_str()), (entry.at, actor, entry.action));
        assert_eq!((&found.old, &found.new), (&entry.old, &None));
    })
    .await;
}

const SORTS: &[Sort] = &[
    Sort { name: "value", keys: &[Key::falling("s.value"), Key::rising("s.name")] },
    Sort { name: "name", keys: &[Key::rising("s.name")] },
];

fn list() -> Query {
    Query::new("s.name", "setting AS s")
}

/// Twenty rows named 00 to 19 with four different values.
async fn twenty(db: &Db) {
    const PUT: &str = "INSERT INTO setting (name, value, version) VALUES ($1, $2, $3)";
    let unit = async |c: &mut Conn<'_>| {
        for n in 0..20_i64 {
            c.exec(PUT, params![format!("{n:02}"), format!("value {}", n % 4), n]).await?;
        }
        Ok::<_, DbError>(())
    };
    db.write(unit).await.unwrap();
}

async fn page(db: &Db, list: &Query, after: Option<Cursor>) -> Page<(String,)> {
    let list = list.clone();
    db.read(async move |c: &mut Conn<'_>| list.page(c, 7, after.as_ref()).await).await.map_err(|e: DbError| e).unwrap()
}

#[tokio::test]
async fn pages_follow_one_another_without_gaps_in_orders_of_mixed_direction() {
    on_both(async |db| {
        twenty(&db).await;
        let mut by_value = list();
        by_value.sort(SORTS, "value");
        let (mut names, mut after) = (Vec::new(), None);
        loop {
            let page = page(&db, &by_value, after).await;
            names.extend(page.rows.into_iter().map(|(name,)| name));
            // As it travels through an address.
            after = page.next.map(|cursor| cursor.to_string().parse().unwrap());
            if after.is_none() {
                break;
            }
        }
        let wanted = [3, 2, 1, 0].into_iter().flat_map(|value| (0..5).map(move |n| format!("{:02}", value + 4 * n)));
        assert_eq!(names, wanted.collect::<Vec<_>>());
    })
    .await;
}

#[tokio::test]
async fn filters_add_up_and_counts_are_bounded() {
    on_both(async |db| {
        twenty(&db).await;
        let mut some = list();
        some.sort(SORTS, "name");
        some.filter("s.version >= ? AND s.version < ?", params![4, 16]);
        some.one_of("s.value", &["value 1", "value 3"]);
        let names: Vec<_> = page(&db, &some, None).await.rows.into_iter().map(|(name,)| name).collect();
        assert_eq!(names, ["05", "07", "09", "11", "13", "15"]);
        some.one_of::<&str>("s.name", &[]);
        assert_eq!(page(&db, &some, None).await.rows, []);

        let count = async |bound| {
            let all = list();
            let counted = db.read(async move |c: &mut Conn<'_>| all.count(c, bound).await).await;
            counted.map_err(|e: DbError| e).unwrap()
        };
        assert_eq!(count(100).await, Count { counted: 20, more: false });
        assert_eq!(count(10).await.to_string(), "10+");
    })
    .await;
}

#[tokio::test]
async fn a_filter_with_a_missing_parameter_is_refused() {
    on_both(async |db| {
        let mut wrong = list();
        wrong.filter("s.version > ? AND s.version < ?", params![1]);
        let refused: Result<Count, DbError> = db.read(async move |c: &mut Conn<'_>| wrong.count(c, 10).await).await;
        assert!(matches!(refused, Err(DbError::Parameters { expected: 2, given: 1, .. })), "{refused:?}");
    })
    .await;
}

#[tokio::test]
async fn the_kernels_values_come_back_from_their_columns() {
    use qiyue::kernel::{Amount, Currency, Date, Hash};
    type Row = (Amount, Currency, Date, Hash, Timestamp, Option<UserId>);
    on_both(async |db| {
        let date = jiff::civil::date(2026, 3, 1);
        let values: Row =
            (Amount::MAX_STORED, Currency::CNY, date, Hash::of(b"x"), Timestamp::from_micros(1), Some(UserId::new(9)));
        let stored = params![values.0, values.1, values.2, values.3, values.4, values.5].to_vec();
        let found: Result<Row, DbError> =
            db.read(async move |c: &mut Conn<'_>| c.one("SELECT $1, $2, $3, $4, $5, $6", &stored).await).await;
        assert_eq!(found, Ok(values));
        let beyond: Result<(Amount,), DbError> =
            db.read(async |c: &mut Conn<'_>| c.one("SELECT $1", params![Amount::MAX]).await).await;
        assert!(matches!(beyond, Err(DbError::Check(_))), "{beyond:?}");
    })
    .await;
}

#[tokio::test]
async fn a_page_of_a_list_can_be_prepared_without_rows() {
    on_both(async |db| {
        for sort in SORTS {
            let mut each = list();
            each.sort(SORTS, sort.name);
            each.filter("s.version > ?", params![1]);
            let each = Arc::new(each);
            let understood: Result<(), DbError> = db.read(async move |c: &mut Conn<'_>| each.prepare(c).await).await;
            assert_eq!(understood, Ok(()));
        }
    })
    .await;
}
