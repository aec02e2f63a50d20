//! Follow-ups (跟进): planned with a reminder, started, done with a result. Overdue is computed, never kept.

use async_trait::async_trait;

use super::{contact, customer, opportunity};
use crate::db::{Conn, Key, Query, Sort};
use crate::deadline::{self, Hearer, Moment, NewDue, Warn};
use crate::i18n::{Message, msg};
use crate::kernel::{Span, Timestamp};
use crate::org::Action;
use crate::params;
use crate::record::{
    Act, Asked, Behaviour, CHANGED, Done, Field, FieldProblem, Kind, NEWEST, OwnFilter, Record, RecordError, Stored,
    Tag, Value, Values, choice, instant, long_text, number, record, text,
};

const FIELDS: &[Field] = &[
    text("subject", 100).required().searched(),
    record("customer", &customer::KIND).required(),
    record("contact", &contact::KIND),
    record("opportunity", &opportunity::KIND),
    choice("channel", "channel").required().listed().filtered().starts_with("call"),
    instant("planned_at").required().listed().filtered(),
    choice("priority", "priority").required().listed().filtered().starts_with("normal"),
    number("remind_minutes", 0, 10_080).starts_with("10"),
    text("place", 100),
    long_text("content"),
    long_text("result").section("result"),
    long_text("next_step").section("result"),
    instant("started_at").by_act().section("result"),
    instant("done_at").by_act().section("result"),
];

const SORTS: &[Sort] = &[
    Sort { name: "planned", keys: &[Key::falling("r.planned_at"), Key::falling("r.id")] },
    Sort { name: "earliest", keys: &[Key::rising("r.planned_at"), Key::rising("r.id")] },
    NEWEST,
    CHANGED,
];

/// Planned and recorded follow-ups.
pub(super) static KIND: Kind =
    Kind::new("follow_up", "crm", "/follow-ups", FIELDS).icon("phone").belongs_to(&customer::KIND).sorted(SORTS);

const RESULT: &[Field] = &[long_text("result").required(), long_text("next_step")];

const ACTS: &[Act] = &[
    act("finish", RESULT, "checks", "primary", "follow_up.finish"),
    act("start", &[], "player-play", "plain", "follow_up.start"),
];

const fn act(
    name: &'static str,
    fields: &'static [Field],
    icon: &'static str,
    tone: &'static str,
    code: &'static str,
) -> Act {
    Act { name, action: Action::Edit, fields, icon, tone, code }
}

/// Where a follow-up stands (待处理 / 进行中 / 已完成 / 已逾期).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Standing {
    Pending,
    Started,
    Done,
    Overdue,
}

/// Overdue is what is not done although its time has come (R5).
fn standing(values: &Values, now: Timestamp) -> Standing {
    let started = values.instant("started_at").is_some();
    match values.instant("done_at") {
        Some(_) => Standing::Done,
        None if values.instant("planned_at").is_some_and(|at| at <= now) => Standing::Overdue,
        None if started => Standing::Started,
        None => Standing::Pending,
    }
}

/// What is special about follow-ups.
pub(super) struct FollowUps;

#[async_trait(?Send)]
impl Behaviour for FollowUps {
    fn kind(&self) -> &'static Kind {
        &KIND
    }

    /// One with a result is done; the result of one that is done can be written anew, not taken away.
    fn check(&self, old: Option<&Record>, values: &mut Values, now: Timestamp) -> Vec<FieldProblem> {
        let has_result = values.get("result").is_some();
        if old.is_some_and(|old| old.values.instant("done_at").is_some()) && !has_result {
            return vec![FieldProblem::required("result")];
        }
        if has_result && values.instant("done_at").is_none() {
            values.set("done_at", Value::At(now));
        }
        Vec::new()
    }

    /// What is planned falls due, and its owner is reminded; what is done or deleted is not due any more.
    async fn stored(&self, c: &mut Conn<'_>, stored: &Stored<'_>) -> Result<(), RecordError> {
        let (new, subject) = (stored.new, KIND.reference(stored.new.id));
        let open = new.deleted_at.is_none() && new.values.instant("done_at").is_none();
        let reminder = |record: &Record| record.values.number("remind_minutes");
        if stored.old.is_some_and(|old| reminder(old) != reminder(new)) {
            // What was planned at the same time would keep its reminders.
            deadline::clear(c, &subject, "planned", stored.now).await?;
        }
        match (new.values.instant("planned_at").filter(|_| open), stored.owner()) {
            (Some(at), Some(owner)) => {
                let minutes = new.values.number("remind_minutes").and_then(|minutes| u32::try_from(minutes).ok());
                let due = NewDue {
                    subject,
                    source: "planned".into(),
                    title: msg!("crm.due.follow_up", customer = &new.parent_title, subject = new.title(&KIND)),
                    due: Moment::At(at),
                    owner,
                    department: new.department,
                    warn: Warn {
                        before: minutes.map(Span::Minutes).into_iter().collect(),
                        hearers: vec![Hearer::Owner],
                        escalate_after: None,
                    },
                    path: KIND.page_of(new.id),
                };
                Ok(deadline::put(c, &due, stored.now, stored.office).await?)
            }
            _ => Ok(deadline::clear(c, &subject, "planned", stored.now).await.map(drop)?),
        }
    }

    fn told(&self, record: &Record) -> Option<(Message, String)> {
        let (values, subject) = (&record.values, record.title(&KIND));
        Some(match values.instant("planned_at").filter(|_| values.instant("done_at").is_none()) {
            Some(at) => (msg!("crm.timeline.planned", subject = subject, at = at), values.text("content").to_owned()),
            None => (msg!("crm.timeline.followed_up", subject = subject), spoken(values)),
        })
    }

    fn filters(&self) -> &'static [OwnFilter] {
        &[OwnFilter { name: "standing", words: &["pending", "started", "overdue", "done", "open"] }]
    }

    fn narrow(&self, list: &mut Query, _filter: &str, value: &str, now: Timestamp) {
        match value {
            "pending" => list.filter("r.done_at IS NULL AND r.started_at IS NULL AND r.planned_at > ?", params![now]),
            "started" => {
                list.filter("r.done_at IS NULL AND r.started_at IS NOT NULL AND r.planned_at > ?", params![now]);
            }
            "overdue" => list.filter("r.done_at IS NULL AND r.planned_at <= ?", params![now]),
            "open" => list.filter("r.done_at IS NULL", params![]),
            "done" => list.filter("r.done_at IS NOT NULL", params![]),
            _ => list.filter("1 = 0", params![]),
        }
    }

    fn tags(&self, record: &Record, now: Timestamp) -> Vec<Tag> {
        vec![match standing(&record.values, now) {
            Standing::Pending => Tag { label: msg!("crm.follow_up.filter.standing.pending"), tone: "" },
            Standing::Started => Tag { label: msg!("crm.follow_up.filter.standing.started"), tone: "info" },
            Standing::Overdue => Tag { label: msg!("crm.follow_up.filter.standing.overdue"), tone: "bad" },
            Standing::Done => Tag { label: msg!("crm.follow_up.filter.standing.done"), tone: "good" },
        }]
    }

    fn acts(&self) -> &'static [Act] {
        ACTS
    }

    fn offers(&self, act: &Act, record: &Record, _now: Timestamp) -> bool {
        let values = &record.values;
        values.instant("done_at").is_none() && (act.name != "start" || values.instant("started_at").is_none())
    }

    fn act(&self, asked: &Asked<'_>) -> Result<Done, RecordError> {
        let mut values = asked.record.values.clone();
        let subject = asked.record.title(&KIND);
        if asked.act.name == "start" {
            values.set("started_at", Value::At(asked.now));
            return Ok(Done { values, head: msg!("crm.timeline.started", subject = subject), text: String::new() });
        }
        values.set("result", asked.filled.get("result").cloned());
        values.set("next_step", asked.filled.get("next_step").cloned());
        values.set("done_at", Value::At(asked.now));
        let text = spoken(&values);
        Ok(Done { values, head: msg!("crm.timeline.followed_up", subject = subject), text })
    }
}

/// The result, and the next step below it.
fn spoken(values: &Values) -> String {
    let parts = [values.text("result"), values.text("next_step")];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\n→ ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn planned_at(micros: i64) -> Values {
        let mut values = Values::default();
        values.set("planned_at", Value::At(Timestamp::from_micros(micros)));
        values
    }

    #[test]
    fn r5_overdue_is_what_is_not_done_although_its_time_has_come() {
        let (now, mut values) = (Timestamp::from_micros(10), planned_at(10));
        assert_eq!(standing(&values, now), Standing::Overdue);
        assert_eq!(standing(&planned_at(11), now), Standing::Pending);
        values.set("started_at", Value::At(now));
        assert_eq!(standing(&values, now), Standing::Overdue);
        values.set("done_at", Value::At(now));
        assert_eq!(standing(&values, now), Standing::Done);
        let mut later = planned_at(11);
        later.set("started_at", Value::At(now));
        assert_eq!(standing(&later, now), Standing::Started);
    }

    #[test]
    fn a_follow_up_with_a_result_is_done() {
        let (now, mut values) = (Timestamp::from_micros(10), planned_at(5));
        values.set("result", Value::from("客户同意"));
        assert!(FollowUps.check(None, &mut values, now).is_empty());
        assert_eq!(values.instant("done_at"), Some(now));
    }
}
