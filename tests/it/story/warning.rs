//! Thirty days before its last day the contract is heard of: on the list of what is due, in the messages, by mail.

use std::time::Duration;

use qiyue::kernel::Timestamp;

use super::office::Office;

/// Reminders of one person wait for each other so long.
const MERGED: Duration = Duration::from_mins(6);

/// The list of what is due has the last day of the contract, long before anybody is warned of it.
pub(super) async fn is_planned(office: &Office, last_day: &str) {
    let sales = office.at("zhangwei");
    office.see(sales, "/deadlines", "合同到期：HT-QY-2026-0001").await;
    let due = sales.text("#due").await;
    assert!(due.contains(last_day), "{due}");
}

/// The list, the messages and the mail name it; by now everybody has to sign in again.
pub(super) async fn before_the_end(office: &Office) {
    office.app.clock.set("2027-08-09T01:00:00Z".parse::<Timestamp>().unwrap());
    let sales = office.sign_in("zhangwei").await;
    office.see(sales, "/messages", "【到期提醒】合同到期：HT-QY-2026-0001").await;
    assert!(sales.text("#messages").await.contains("2027年9月8日（还有 30 天）"));
    office.picture(sales, "messages").await;
    office.see(sales, "/deadlines", "合同到期：HT-QY-2026-0001").await;
    assert!(sales.text("#due").await.contains("还有 30 天"));
    office.picture(sales, "deadlines").await;
    office.goto(sales, "/").await;
    sales.wait_for("合同到期：HT-QY-2026-0001").await;
    office.picture(sales, "home").await;

    office.wait(MERGED);
    for login in ["zhangwei", "liuyang"] {
        let mail = office.mail(login, "【到期提醒】合同到期：HT-QY-2026-0001").await;
        assert!(mail.subject.contains("2027年9月8日（还有 30 天）"), "{}", mail.subject);
    }
}
