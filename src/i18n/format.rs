//! Dates, numbers and money as each language writes them.

use std::sync::LazyLock;

use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use super::Lang;
use crate::kernel::time::{DEFAULT_ZONE, zone};
use crate::kernel::{Amount, Currency, Date, Money, Timestamp};

static HERE: LazyLock<TimeZone> = LazyLock::new(|| zone(DEFAULT_ZONE));

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// How much of an instant is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shown {
    /// `2026年3月1日 18:00`.
    Full,
    /// `3月1日 18:00`, for lists that speak of the near past and future.
    Short,
    /// `18:00`.
    TimeOfDay,
}

/// `2026年3月1日`, `1 March 2026`.
pub fn date(lang: Lang, date: Date) -> String {
    match lang {
        Lang::Zh => format!("{}年{}月{}日", date.year(), date.month(), date.day()),
        Lang::En => format!("{} {} {}", date.day(), month(date), date.year()),
    }
}

/// Date and time of day in the default zone: `2026年3月1日 18:00`, `1 March 2026, 18:00`.
pub fn timestamp(lang: Lang, at: Timestamp) -> String {
    local_time(lang, at, &HERE, Shown::Full)
}

/// An instant as the clocks in `zone` show it.
pub fn local_time(lang: Lang, at: Timestamp, zone: &TimeZone, shown: Shown) -> String {
    let there: DateTime = zone.to_datetime(at.into());
    let time = format!("{:02}:{:02}", there.hour(), there.minute());
    let day = there.date();
    match (shown, lang) {
        (Shown::TimeOfDay, _) => time,
        (Shown::Full, Lang::Zh) => format!("{} {time}", date(lang, day)),
        (Shown::Full, Lang::En) => format!("{}, {time}", date(lang, day)),
        (Shown::Short, Lang::Zh) => format!("{}月{}日 {time}", day.month(), day.day()),
        (Shown::Short, Lang::En) => format!("{} {}, {time}", day.day(), month(day)),
    }
}

/// `1,234,567`.
pub fn number(count: i64) -> String {
    let text = Amount::from_units(count).to_string();
    text.strip_suffix(".00").unwrap_or(&text).to_owned()
}

/// `1,280,000.00`.
pub fn amount(amount: Amount) -> String {
    amount.to_string()
}

/// `¥1,280,000.00`, `USD 1,280,000.00`; never rounded.
pub fn money(money: Money) -> String {
    money.to_string()
}

/// For lists and messages, rounded: `¥128.00万`, `¥1.28 million`; in full below ten thousand (a million in English).
pub fn money_short(lang: Lang, money: Money) -> String {
    let million = Amount::from_units(1_000_000);
    let short = match lang {
        Lang::Zh if money.amount.abs() >= Amount::from_units(10_000) => money.amount.abs().in_wan(),
        Lang::En if money.amount.abs() >= million => format!("{} million", money.amount.abs().in_units_of(1_000_000)),
        Lang::Zh | Lang::En => return money.to_string(),
    };
    let sign = if money.amount.is_negative() { "-" } else { "" };
    match money.currency {
        Currency::CNY => format!("{sign}¥{short}"),
        other => format!("{other} {sign}{short}"),
    }
}

/// `张三、李四和王五`, `a, b and c`.
pub fn list(lang: Lang, items: impl IntoIterator<Item = String>) -> String {
    let mut items: Vec<String> = items.into_iter().collect();
    let (comma, and) = match lang {
        Lang::Zh => ("、", "和"),
        Lang::En => (", ", " and "),
    };
    let Some(last) = items.pop() else { return String::new() };
    if items.is_empty() { last } else { format!("{}{and}{last}", items.join(comma)) }
}

fn month(date: Date) -> &'static str {
    usize::try_from(date.month() - 1).ok().and_then(|place| MONTHS.get(place)).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_language_writes_dates_its_own_way() {
        let day = jiff::civil::date(2026, 3, 1);
        assert_eq!(date(Lang::Zh, day), "2026年3月1日");
        assert_eq!(date(Lang::En, day), "1 March 2026");
    }

    #[test]
    fn instants_are_shown_where_the_company_is() {
        let at: Timestamp = "2026-03-01T10:05:00Z".parse().unwrap();
        assert_eq!(timestamp(Lang::Zh, at), "2026年3月1日 18:05");
        assert_eq!(timestamp(Lang::En, at), "1 March 2026, 18:05");
        assert_eq!(local_time(Lang::Zh, at, &HERE, Shown::Short), "3月1日 18:05");
        assert_eq!(local_time(Lang::En, at, &zone("UTC"), Shown::Short), "1 March, 10:05");
        assert_eq!(local_time(Lang::En, at, &HERE, Shown::TimeOfDay), "18:05");
    }

    #[test]
    fn short_money_counts_in_the_units_of_the_language() {
        let money = Money::new(Amount::from_units(-1_280_000), Currency::CNY);
        assert_eq!(money_short(Lang::Zh, money), "-¥128.00万");
        assert_eq!(money_short(Lang::En, money), "-¥1.28 million");
        let small = Money::new(Amount::from_units(9_999), Currency::from_code("USD").unwrap());
        assert_eq!(money_short(Lang::Zh, small), "USD 9,999.00");
    }

    #[test]
    fn lists_are_joined_as_they_are_spoken() {
        let names = |count: usize| ["a", "b", "c"].map(ToOwned::to_owned).into_iter().take(count);
        assert_eq!(list(Lang::En, names(0)), "");
        assert_eq!(list(Lang::En, names(1)), "a");
        assert_eq!(list(Lang::Zh, names(2)), "a和b");
        assert_eq!(list(Lang::En, names(3)), "a, b and c");
    }

    #[test]
    fn numbers_have_separators() {
        assert_eq!(number(-1_234_567), "-1,234,567");
        assert_eq!(number(0), "0");
    }
}
