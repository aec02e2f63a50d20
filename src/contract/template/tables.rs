//! Product lines and the payment plan as tables in a document's text.

use crate::i18n::{self, Lang};
use crate::kernel::{Amount, Currency};

use super::plan::{Due, EVENTS, Milestone, Part, PlanRow};
use super::span;
use super::text::{UNFILLED, escape, framed};
use super::value::{ProductLine, Totals};

/// A Markdown table; each column says whether it is set to the right.
fn table(header: &[(&str, bool)], rows: &[Vec<String>]) -> String {
    let mut text = String::from("|");
    for (title, _) in header {
        text.extend([" ", title, " |"]);
    }
    text.push_str("\n|");
    for (_, right) in header {
        text.push_str(if *right { " ---: |" } else { " --- |" });
    }
    for row in rows {
        text.push_str("\n|");
        for cell in row {
            text.extend([" ", cell, " |"]);
        }
    }
    text
}

/// The product lines (商品清单); a column in which nothing stands is left out.
pub(super) fn lines(name: &str, lines: &[ProductLine], currency: Currency) -> String {
    let cell = |text: &str| framed(name, &escape(text));
    let (model, specification) =
        (lines.iter().any(|l| !l.model.is_empty()), lines.iter().any(|l| !l.specification.is_empty()));
    let delivery = lines.iter().any(|line| line.delivery.is_some());
    let unit = if currency == Currency::CNY { "元".to_owned() } else { currency.to_string() };
    let (price, amount) = (format!("含税单价（{unit}）"), format!("含税金额（{unit}）"));
    let columns = [
        ("序号", false, true),
        ("名称", false, true),
        ("型号", false, model),
        ("规格", false, specification),
        ("单位", false, true),
        ("数量", true, true),
        (price.as_str(), true, true),
        ("税率", true, true),
        (amount.as_str(), true, true),
        ("交货日期", false, delivery),
    ];
    let shown = |row: Vec<String>| {
        row.into_iter().zip(columns).filter(|(_, (_, _, shown))| *shown).map(|(cell, _)| cell).collect()
    };
    let mut rows: Vec<Vec<String>> = lines
        .iter()
        .enumerate()
        .map(|(at, line)| {
            let amount = line.amount(currency).map_or_else(|_| UNFILLED.to_owned(), |money| money.amount.to_string());
            let delivery = line.delivery.map_or_else(String::new, |date| i18n::date(Lang::Zh, date));
            shown(vec![
                (at + 1).to_string(),
                cell(&line.name),
                cell(&line.model),
                cell(&line.specification),
                cell(&line.unit),
                cell(&line.quantity.to_string()),
                cell(&price_text(line)),
                cell(&line.tax_rate.in_percent()),
                cell(&amount),
                cell(&delivery),
            ])
        })
        .collect();
    let total =
        Totals::of(lines, currency).map_or_else(|_| UNFILLED.to_owned(), |totals| totals.gross.amount.to_string());
    let mut last = vec![String::new(); columns.len()];
    (last[1], last[8]) = ("合计".to_owned(), cell(&total));
    rows.push(shown(last));
    let header: Vec<(&str, bool)> =
        columns.iter().filter(|(_, _, shown)| *shown).map(|(title, right, _)| (*title, *right)).collect();
    table(&header, &rows)
}

/// A unit price as an amount is written; one that is finer than amounts are, with all its decimals.
fn price_text(line: &ProductLine) -> String {
    let text = line.price.to_string();
    text.parse::<Amount>().map_or(text, |amount| amount.to_string())
}

/// The rows of the payment plan that are wanted, by their places from 0.
pub(in crate::contract) fn plan(
    name: &str,
    rows: &[PlanRow],
    milestones: &[Milestone],
    wanted: impl Fn(usize) -> bool,
) -> String {
    let cell = |text: &str| framed(name, &escape(text));
    let header = [("期次", false), ("款项", false), ("付款时间", false), ("比例", true), ("金额", true)];
    let title = |event: &str| rows.iter().find(|row| row.name == event).map(|row| row.title.as_str());
    let rows: Vec<Vec<String>> = rows
        .iter()
        .enumerate()
        .filter(|(at, _)| wanted(*at))
        .map(|(at, row)| {
            let share = match row.part {
                Part::Share(rate) => rate.in_percent(),
                Part::Amount(_) | Part::Rest => "—".to_owned(),
            };
            let amount = match (milestones.get(at), row.part) {
                (Some(milestone), _) => cell(&milestone.amount.gross.to_string()),
                (None, Part::Amount(money)) => cell(&money.to_string()),
                (None, _) => framed(&format!("?{name}"), UNFILLED),
            };
            vec![(at + 1).to_string(), cell(&row.title), cell(&due_text(&row.due, title)), cell(&share), amount]
        })
        .collect();
    table(&header, &rows)
}

/// How the text calls each of [`EVENTS`].
const EVENTS_IN_WORDS: [&str; 4] = ["合同签订", "合同生效", "交付", "验收合格"];

/// A due rule in the words of a contract: `合同签订后10个工作日内`, `验收合格满12个月时`.
fn due_text<'a>(due: &Due, title_of: impl Fn(&str) -> Option<&'a str>) -> String {
    let (event, span) = match due {
        Due::On(date) => return format!("{}前", i18n::date(Lang::Zh, *date)),
        Due::After { event, span } => (event, span),
    };
    let known = EVENTS.iter().zip(EVENTS_IN_WORDS).find(|(name, _)| *name == event).map(|(_, words)| words.to_owned());
    let event = known.unwrap_or_else(|| format!("{}支付", title_of(event).unwrap_or(event)));
    match span {
        None => format!("{event}时"),
        Some(span) => span::in_words(&event, *span),
    }
}
