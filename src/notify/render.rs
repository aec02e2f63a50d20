//! A message as its reader sees it: the first line, and the e-mail.

use std::sync::LazyLock;

use jiff::civil::Date;
use minijinja::value::Serde;
use minijinja::{Environment, UndefinedBehavior, Value, context};
use serde::Serialize;

use super::{Fact, Headline};
use crate::i18n::{self, Lang, Message, Shown, msg};
use crate::kernel::{OfficeHours, Timestamp};

/// A message as an e-mail carries it.
#[derive(Clone, Debug)]
pub(super) struct Carried {
    pub(super) headline: Headline,
    pub(super) lines: Vec<Message>,
    /// Where it leads after a login.
    pub(super) path: Option<String>,
    /// Where it leads without one, as long as the secret is there.
    pub(super) action_path: Option<String>,
}

/// An e-mail, written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Letter {
    pub(super) subject: String,
    pub(super) text: String,
    pub(super) html: String,
}

/// For whom, when and where from an e-mail is written.
pub(super) struct Reader<'a> {
    pub(super) lang: Lang,
    pub(super) now: Timestamp,
    pub(super) office: &'a OfficeHours,
    /// The address that links begin with.
    pub(super) public: &'a str,
}

#[derive(Serialize)]
struct Item {
    subject: String,
    lines: Vec<String>,
    address: Option<String>,
    secret: bool,
}

static TEMPLATES: LazyLock<Environment<'static>> = LazyLock::new(|| {
    let mut templates = Environment::new();
    templates.set_undefined_behavior(UndefinedBehavior::Strict);
    if let Err(broken) = templates.add_template("mail.html", include_str!("mail.html")) {
        tracing::error!(%broken, "the template of e-mails is broken");
    }
    templates
});

impl Reader<'_> {
    /// `【待审批】软件服务合同 ¥128.00万 · XX科技 · 张三 · 偏离2处 · 今天18:00前`.
    pub(super) fn subject(&self, headline: &Headline) -> String {
        let Headline { label, title, amount, facts } = headline;
        let amount = amount.map(|amount| i18n::money_short(self.lang, amount));
        let first: Vec<&str> =
            [title.trim(), amount.as_deref().unwrap_or_default()].into_iter().filter(|part| !part.is_empty()).collect();
        let facts = facts.iter().map(|fact| self.fact(fact));
        let parts: Vec<String> =
            std::iter::once(first.join(" ")).chain(facts).filter(|part| !part.is_empty()).collect();
        let label = i18n::text(self.lang, label);
        i18n::text(self.lang, &msg!("notify.subject", label = label, rest = parts.join(" · ")))
    }

    fn fact(&self, fact: &Fact) -> String {
        match fact {
            Fact::Text(text) => text.trim().to_owned(),
            Fact::Words(words) => i18n::text(self.lang, words),
            Fact::Due(due) => self.due(*due),
        }
    }

    /// Until when, told from today.
    fn due(&self, due: Timestamp) -> String {
        let (zone, today, day) = (self.office.zone(), self.office.date(self.now), self.office.date(due));
        let shown = |shown| i18n::local_time(self.lang, due, zone, shown);
        let next = |date: Date| date.saturating_add(jiff::Span::new().days(1));
        let moment = if day.year() == today.year() { shown(Shown::Short) } else { shown(Shown::Full) };
        let message = if due <= self.now {
            msg!("notify.overdue", moment = moment)
        } else if day == today {
            msg!("notify.due_today", time = shown(Shown::TimeOfDay))
        } else if day == next(today) {
            msg!("notify.due_tomorrow", time = shown(Shown::TimeOfDay))
        } else {
            msg!("notify.due", moment = moment)
        };
        i18n::text(self.lang, &message)
    }

    /// The e-mail with these messages. Without `secrets` its links lead to pages behind the login.
    pub(super) fn letter(&self, carried: &[Carried], secrets: bool) -> Result<Letter, minijinja::Error> {
        let items: Vec<Item> = carried.iter().map(|one| self.item(one, secrets)).collect();
        let subject = match items.as_slice() {
            [only] => only.subject.clone(),
            several => {
                let first = several.first().map(|item| item.subject.clone()).unwrap_or_default();
                i18n::text(self.lang, &msg!("notify.digest", count = several.len(), first = first))
            }
        };
        let settings = format!("{}/settings/messages", self.public);
        let text = self.plain(&items, &settings);
        let said = |key: &str| i18n::label(self.lang, key);
        let html = TEMPLATES.get_template("mail.html")?.render(context! {
            lang => self.lang.tag(),
            items => Value::from(Serde(items)),
            settings,
            open => said("notify.open"),
            personal => said("notify.personal"),
            why => said("notify.why"),
            choose => said("notify.choose"),
        })?;
        Ok(Letter { subject, text, html })
    }

    fn item(&self, carried: &Carried, secrets: bool) -> Item {
        let secret = carried.action_path.as_ref().filter(|_| secrets);
        let path = secret.or(carried.path.as_ref());
        Item {
            subject: self.subject(&carried.headline),
            lines: carried.lines.iter().map(|line| i18n::text(self.lang, line)).collect(),
            address: path.map(|path| format!("{}{path}", self.public)),
            secret: secret.is_some(),
        }
    }

    fn plain(&self, items: &[Item], settings: &str) -> String {
        let mut lines = Vec::new();
        for item in items {
            lines.push(item.subject.clone());
            lines.extend(item.lines.iter().cloned());
            if let Some(address) = &item.address {
                lines.push(i18n::text(self.lang, &msg!("notify.open_at", address = address)));
            }
            if item.secret {
                lines.push(i18n::label(self.lang, "notify.personal"));
            }
            lines.push(String::new());
        }
        lines.push("-- ".to_owned());
        lines.push(i18n::label(self.lang, "notify.why"));
        lines.push(i18n::text(self.lang, &msg!("notify.choose_at", address = settings)));
        lines.join("\n")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::{Amount, Currency, Money};

    fn at(text: &str) -> Timestamp {
        format!("2026-03-{text}:00+08:00").parse().unwrap()
    }

    fn headline(due: &str) -> Headline {
        Headline {
            label: Message::of("notify.kind"),
            title: "软件服务合同".into(),
            amount: Some(Money::new(Amount::from_units(1_280_000), Currency::CNY)),
            facts: vec![Fact::Text("XX科技".into()), Fact::Text("张三".into()), Fact::Due(at(due))],
        }
    }

    fn reader(lang: Lang, office: &OfficeHours) -> Reader<'_> {
        Reader { lang, now: at("02T09:00"), office, public: "https://qiyue.example.cn" }
    }

    #[test]
    fn a_first_line_tells_what_is_wanted_until_when() {
        let office = OfficeHours::default();
        let zh = |due: &str| reader(Lang::Zh, &office).subject(&headline(due));
        assert_eq!(zh("02T18:00"), "【邮件】软件服务合同 ¥128.00万 · XX科技 · 张三 · 今天18:00前");
        assert!(zh("03T12:00").ends_with("· 明天12:00前"));
        assert!(zh("09T12:00").ends_with("· 3月9日 12:00前"));
        assert!(zh("01T12:00").ends_with("· 已过期（3月1日 12:00）"));
        let en = reader(Lang::En, &office).subject(&headline("02T18:00"));
        assert_eq!(en, "[Mail] 软件服务合同 ¥1.28 million · XX科技 · 张三 · by 18:00 today");
    }

    #[test]
    fn what_the_first_fact_says_needs_no_title() {
        let office = OfficeHours::default();
        let headline = Headline { title: String::new(), amount: None, ..headline("02T18:00") };
        assert_eq!(reader(Lang::Zh, &office).subject(&headline), "【邮件】XX科技 · 张三 · 今天18:00前");
    }

    fn carried() -> Carried {
        Carried {
            headline: headline("02T18:00"),
            lines: vec![Message::of("notify.kind")],
            path: Some("/approvals/7".into()),
            action_path: Some("/a/secret".into()),
        }
    }

    #[test]
    fn the_link_with_the_secret_is_written_only_where_it_shall_be() {
        let office = OfficeHours::default();
        let with = reader(Lang::Zh, &office).letter(&[carried()], true).unwrap();
        assert!(with.text.contains("https://qiyue.example.cn/a/secret"), "{}", with.text);
        assert!(with.html.contains(r#"href="https:&#x2f;&#x2f;qiyue.example.cn&#x2f;a&#x2f;secret""#), "{}", with.html);
        let without = reader(Lang::Zh, &office).letter(&[carried()], false).unwrap();
        assert!(!without.text.contains("secret") && !without.html.contains("secret"));
        assert!(without.text.contains("https://qiyue.example.cn/approvals/7"));
    }

    #[test]
    fn several_messages_make_one_mail() {
        let office = OfficeHours::default();
        let letter = reader(Lang::En, &office).letter(&[carried(), carried()], true).unwrap();
        assert!(letter.subject.starts_with("2 reminders: [Mail]"), "{}", letter.subject);
        assert_eq!(letter.text.matches("/a/secret").count(), 2);
    }

    #[test]
    fn what_people_wrote_is_text_in_html() {
        let office = OfficeHours::default();
        let mut one = carried();
        one.headline.title = "<script>".into();
        let letter = reader(Lang::Zh, &office).letter(&[one], true).unwrap();
        assert!(!letter.html.contains("<script>"));
    }
}
