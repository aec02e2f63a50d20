//! What `verify` finds: nothing in a database that the program wrote, and whatever another hand changed in it.

use qiyue::approval::{Flaw, Verified, verify};
use qiyue::db::{Conn, DbError};
use qiyue::kernel::{CaseId, Hash};
use qiyue::params;
use qiyue::workflow::Act;

use super::desk::Desk;
use crate::support::on_both;

/// The day after everything happened, whose root is over all of it.
const NEXT_DAY: &str = "2026-03-03";

/// Three cases: one that ended, one with so many events that a state is kept, one that waits; and the root of the day after.
async fn used(desk: &Desk) -> [CaseId; 3] {
    let ended = desk.submit(1).await;
    desk.approve("fang", ended, 1).await.unwrap();
    desk.approve("wang", ended, 2).await.unwrap();
    let long = desk.submit(2).await;
    for number in 0..40 {
        desk.act("fang", long, Act::Comment { text: number.to_string() }).await.unwrap();
    }
    let waiting = desk.submit(3).await;
    desk.approvals.store_root(NEXT_DAY.parse().unwrap()).await.unwrap();
    [ended, long, waiting]
}

async fn verified(desk: &Desk) -> Verified {
    verify(&desk.db, None).await.unwrap()
}

async fn change(desk: &Desk, sql: &'static str) {
    let done: Result<u64, DbError> = desk.db.write(async move |c: &mut Conn<'_>| c.exec(sql, &[]).await).await;
    assert!(done.unwrap() > 0, "{sql} changes something");
}

#[tokio::test]
async fn nothing_is_found_in_what_the_program_wrote() {
    on_both(async |db| {
        let desk = Desk::new(db).await;
        used(&desk).await;
        let found = verified(&desk).await;
        assert_eq!((found.cases, found.workflows, found.roots, &*found.flaws), (3, 1, 1, &[][..]));
        assert_eq!(
            u64::try_from(found.events).unwrap(),
            desk.count("SELECT CAST(count(*) AS BIGINT) FROM approval_event").await.cast_unsigned()
        );
    })
    .await;
}

#[tokio::test]
async fn a_root_stays_right_while_its_cases_go_on() {
    on_both(async |db| {
        let desk = Desk::new(db).await;
        let [_, _, waiting] = used(&desk).await;
        desk.later(2 * 24 * 3600);
        desk.approve("fang", waiting, 1).await.unwrap();
        desk.submit(4).await;
        desk.approvals.store_root("2026-03-04".parse().unwrap()).await.unwrap();
        let found = verified(&desk).await;
        assert_eq!((found.cases, found.roots, &*found.flaws), (4, 2, &[][..]));
    })
    .await;
}

#[tokio::test]
async fn what_another_hand_changed_is_found_in_its_place() {
    let case = CaseId::new(1);
    let changes = [
        (
            "UPDATE approval_event SET body = REPLACE(body, 'submitted', 'Submitted') WHERE case_id = 1 AND seq = 1",
            vec![Flaw::Altered { case, seq: 1 }],
        ),
        ("UPDATE approval_event SET at = at + 1 WHERE case_id = 1 AND seq = 3", vec![Flaw::Altered { case, seq: 3 }]),
        ("DELETE FROM approval_event WHERE case_id = 1 AND seq = 2", vec![Flaw::Missing { case, seq: 2 }]),
        ("UPDATE approval_case SET status = 'in_approval' WHERE id = 1", vec![Flaw::Row { case }]),
        ("UPDATE approval_case SET content = NULL WHERE id = 1", vec![Flaw::Row { case }]),
        (
            "UPDATE approval_state SET state = REPLACE(state, 'in_approval', 'ended')",
            vec![Flaw::State { case: CaseId::new(2) }],
        ),
    ];
    for (sql, flaws) in changes {
        on_both(async |db| {
            let desk = Desk::new(db).await;
            used(&desk).await;
            change(&desk, sql).await;
            assert_eq!(verified(&desk).await.flaws, flaws, "{sql}");
            let one = verify(&desk.db, Some(case)).await.unwrap();
            assert_eq!(
                (one.cases, one.roots, one.flaws.len()),
                (1, 0, usize::from(flaws.iter().any(|it| of(it) == Some(case))))
            );
        })
        .await;
    }
}

/// The case that a flaw is about.
fn of(flaw: &Flaw) -> Option<CaseId> {
    match flaw {
        Flaw::Missing { case, .. } | Flaw::Altered { case, .. } | Flaw::Row { case } | Flaw::State { case } => {
            Some(*case)
        }
        Flaw::Workflow { .. } | Flaw::Root { .. } => None,
    }
}

#[tokio::test]
async fn another_text_under_the_version_of_a_workflow_is_found() {
    on_both(async |db| {
        let desk = Desk::new(db).await;
        used(&desk).await;
        change(&desk, "UPDATE workflow_version SET source = REPLACE(source, 'legal', 'sales')").await;
        assert_eq!(verified(&desk).await.flaws, [Flaw::Workflow { version: desk.version }]);
    })
    .await;
}

#[tokio::test]
async fn a_case_that_was_written_anew_as_a_whole_is_found_by_the_root_of_its_day() {
    const HASH: &str = "SELECT hash FROM approval_event WHERE case_id = $1 AND seq = $2";
    const CUT: &str = "DELETE FROM approval_event WHERE case_id = $1 AND seq = $2";
    const HEAD: &str = "UPDATE approval_case SET seq = $2, head = $3 WHERE id = $1";
    on_both(async |db| {
        let desk = Desk::new(db).await;
        let [_, long, _] = used(&desk).await;
        let last = desk.row(long).await.seq;
        // The last comment is gone, and everything that is stored of the case agrees.
        let forged = desk.db.write(async move |c: &mut Conn<'_>| {
            let (before,): (Hash,) = c.one(HASH, params![long, last - 1]).await?;
            c.exec(CUT, params![long, last]).await?;
            c.exec(HEAD, params![long, last - 1, before]).await?;
            Ok::<_, DbError>(())
        });
        forged.await.unwrap();
        assert_eq!(verified(&desk).await.flaws, [Flaw::Root { day: NEXT_DAY.to_owned() }]);
    })
    .await;
}

#[tokio::test]
async fn the_root_of_a_day_reaches_to_shortly_before_it_began() {
    on_both(async |db| {
        let desk = Desk::new(db).await;
        desk.submit(1).await;
        // The clock stands on the morning of 2 March: nothing had happened when that day began.
        for (day, cases) in [("2026-03-02", 0), (NEXT_DAY, 1)] {
            let day = day.parse().unwrap();
            desk.approvals.store_root(day).await.unwrap();
            assert_eq!(desk.approvals.root(day).await.unwrap().map(|(_, cases)| cases), Some(cases));
        }
        assert_eq!(verified(&desk).await.flaws, []);
    })
    .await;
}
