//! What figures are counted from, for cases that were there before anything was counted.

use qiyue::db::{Conn, DbError};
use qiyue::workflow::{Act, ReturnTo};

use super::desk::Desk;
use crate::support::on_both;

/// As a migration leaves a database that has cases.
const BEFORE: [&str; 4] = [
    "DELETE FROM approval_span",
    "DELETE FROM approval_suggestion",
    "DELETE FROM approval_outcome",
    "INSERT INTO approval_uncounted (case_id) SELECT id FROM approval_case",
];
const UNCOUNTED: &str = "SELECT CAST(count(*) AS BIGINT) FROM approval_uncounted";

#[tokio::test]
async fn earlier_cases_are_counted_from_their_events_once() {
    on_both(async |db| {
        let desk = Desk::new(db).await;
        let case = desk.submit(1).await;
        desk.later(600);
        desk.act("fang", case, Act::Transfer { task: 1, to: desk.who("wang"), reason: "出差".into() }).await.unwrap();
        desk.later(600);
        desk.approve("wang", case, 1).await.unwrap();
        desk.later(600);
        let verdict = desk.verdict(case, 2).await;
        desk.act("wang", case, Act::Return { verdict, to: ReturnTo::Drafter }).await.unwrap();
        let counted = desk.figures(case).await;
        assert_eq!(
            counted.0.iter().map(|span| span.4.as_str()).collect::<Vec<_>>(),
            ["transferred", "approve", "return"]
        );
        let unit = async |c: &mut Conn<'_>| {
            for statement in BEFORE {
                c.exec(statement, &[]).await?;
            }
            Ok::<_, DbError>(())
        };
        desk.db.write(unit).await.unwrap();

        assert_eq!(desk.approvals.count_earlier().await.unwrap(), 1);

        assert_eq!((desk.figures(case).await, desk.count(UNCOUNTED).await), (counted, 0));
        assert_eq!(desk.approvals.count_earlier().await.unwrap(), 0);
        desk.holds_together(case).await;
    })
    .await;
}
