//! A mail server that is missing or does not answer: no mail is lost, the administrator sees what is wrong, and it leaves later.

use std::net::TcpListener;
use std::time::Duration;

use reqwest::{Method, StatusCode};
use serde_json::json;

use super::said::said;
use crate::drafting::firm::Firm;
use crate::support::{Smtp, decoded, on_both_apps};

const MANAGER: &str = "wang@example.cn";

/// Without a server, on the page of mail.
const MISSING: [&str; 2] = [
    "没有邮件服务器时，邮件不发出，保留在下面的列表中，可以打开查看，设置服务器后也可以补发。",
    "Without a mail server mails do not leave. They are kept in the list below, can be read there, and be sent when there is a server.",
];
/// How many there are, on the page of mail.
const UNSENT: [&str; 2] = [
    "有 1 封邮件没有发出，内容都已保存。原因见下面各行；邮件服务器恢复后可重新发送。",
    "1 mails have not left; all of them are kept. Each line below says why; send them again when the mail server is back.",
];
/// Why, beside the mail.
const REFUSED: [(&str, &str); 2] = [
    ("邮件没有发出。服务器的答复：", "。请检查收件地址和“管理 → 邮件”中的服务器设置。"),
    (
        "The mail has not left. The server said: ",
        ". Check the address of its reader and the server under Administration → Mail.",
    ),
];
/// On the first page of an administrator.
const FIRST_PAGE: [&str; 2] = ["未发出的邮件", "Mails that have not left"];

impl Firm<'_> {
    /// A contract is handed in, and its approver is told by mail.
    async fn hand_in(&self) {
        let (_, user) = self.admin.api(Method::GET, &format!("/users/{}", self.manager.id), json!(null)).await;
        let body = json!({"login": "wang", "name": "Wang", "mobile": user["mobile"], "email": MANAGER,
            "roles": ["sales-manager"], "version": user["version"]});
        let (status, said) = self.admin.api(Method::PUT, &format!("/users/{}", self.manager.id), body).await;
        assert!(status.is_success(), "{said}");
        let contract = self.complete().await;
        let path = format!("/contracts/{}/submit", contract["id"]);
        let (status, said) = self.drafter.api(Method::POST, &path, json!({"version": contract["version"]})).await;
        assert_eq!(status, StatusCode::OK, "{said}");
        self.app.clock.advance(Duration::from_secs(11));
    }

    /// Opens a page of the administrator until it shows something, or does not any more; in both languages.
    async fn shows(&self, path: &str, texts: [&str; 2], wanted: bool) {
        for (lang, text) in ["zh", "en"].into_iter().zip(texts) {
            self.admin.reads(lang).await;
            let mut page = String::new();
            for _ in 0..100 {
                page = decoded(&self.admin.html(path).await);
                if page.contains(text) == wanted {
                    break;
                }
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
            assert_eq!(page.contains(text), wanted, "{text} at {path}: {page}");
        }
    }

    async fn names_a_server(&self, port: u16) {
        let port = port.to_string();
        let server = [
            ("host", "127.0.0.1"),
            ("port", port.as_str()),
            ("security", "none"),
            ("user", ""),
            ("password", ""),
            ("sender", "qiyue@example.cn"),
            ("sender_name", "Qiyue"),
            ("version", "0"),
        ];
        assert_eq!(self.admin.post("/admin/mail", &server).await.status(), StatusCode::SEE_OTHER);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_without_a_server_is_kept_shown_and_leaves_when_there_is_one() {
    if Smtp::start().is_none() {
        return;
    }
    on_both_apps(async |app| {
        let firm = Firm::new(app).await;
        firm.hand_in().await;
        firm.shows("/", FIRST_PAGE, true).await;
        firm.shows("/admin/mail", MISSING, true).await;
        firm.shows("/admin/mail", UNSENT, true).await;

        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        firm.names_a_server(port).await;
        assert_eq!(firm.admin.post("/admin/mail/unsent", &[]).await.status(), StatusCode::SEE_OTHER);
        firm.shows("/admin/mail", REFUSED.map(|(begin, _)| begin), true).await;
        firm.shows("/admin/mail", REFUSED.map(|(_, end)| end), true).await;
        firm.shows("/", FIRST_PAGE, true).await;
        for (lang, (begin, end)) in ["zh", "en"].into_iter().zip(REFUSED) {
            firm.admin.reads(lang).await;
            let answer = firm.admin.post("/admin/mail/test", &[("to", "ada@example.cn")]).await;
            assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY);
            let page = answer.text().await.unwrap();
            assert!(said(&page).iter().any(|said| said.starts_with(begin) && said.ends_with(end)), "{:?}", said(&page));
            assert!(page.contains("value=\"ada@example.cn\""), "what was typed stays");
        }

        let server = Smtp::start_at(port).expect("the port is free again");
        app.clock.advance(Duration::from_hours(2));
        server.wait_for(MANAGER, "").await;
        firm.shows("/", FIRST_PAGE, false).await;
        assert_eq!(server.mails().iter().filter(|mail| mail.to == [MANAGER]).count(), 1, "and only once");
    })
    .await;
}
