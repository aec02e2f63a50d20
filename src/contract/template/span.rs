//! Spans as templates write them: `10 working days`, `30 days`, `12 months`, `1 year`, `end of month`.

use crate::kernel::Span;

/// Reads a span of a due rule; payments are due by the day, so there are no hours here.
pub(super) fn parse(text: &str) -> Option<Span> {
    let text = text.trim();
    if text == "end of month" {
        return Some(Span::EndOfMonth(0));
    }
    let (count, unit) = text.split_once(' ')?;
    let count = count.parse().ok()?;
    match unit.trim() {
        "day" | "days" => Some(Span::Days(count)),
        "working day" | "working days" => Some(Span::WorkingDays(count)),
        "month" | "months" => Some(Span::Months(count)),
        "year" | "years" => Some(Span::Years(count)),
        _ => None,
    }
}

/// How a contract says that something is due so long after `event`: `验收合格后10个工作日内`.
pub(super) fn in_words(event: &str, span: Span) -> String {
    match span {
        Span::Minutes(count) => format!("{event}后{count}分钟内"),
        Span::WorkingMinutes(count) => format!("{event}后{count}个工作分钟内"),
        Span::Days(count) => format!("{event}后{count}日内"),
        Span::WorkingDays(count) => format!("{event}后{count}个工作日内"),
        Span::Months(count) => format!("{event}满{count}个月时"),
        Span::Years(count) => format!("{event}满{count}年时"),
        Span::EndOfMonth(0) => format!("{event}当月月末前"),
        Span::EndOfMonth(count) => format!("{event}后第{count}个月月末前"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_is_written_as_people_say_it() {
        assert_eq!(parse("10 working days"), Some(Span::WorkingDays(10)));
        assert_eq!(parse("1 day"), Some(Span::Days(1)));
        assert_eq!(parse("end of month"), Some(Span::EndOfMonth(0)));
        assert_eq!(parse("5 weeks"), None);
        assert_eq!(parse("days"), None);
    }

    #[test]
    fn a_contract_says_it_in_its_own_words() {
        assert_eq!(in_words("合同签订", Span::WorkingDays(10)), "合同签订后10个工作日内");
        assert_eq!(in_words("验收合格", Span::Months(12)), "验收合格满12个月时");
    }
}
