//! Sales opportunities (商机): they move through stages and are closed once, won or lost, with a reason.

use async_trait::async_trait;

use super::{contact, customer, door};
use crate::db::{Conn, Key, Sort};
use crate::i18n::msg;
use crate::kernel::{OfficeHours, Timestamp};
use crate::org::Action;
use crate::record::{
    Act, Asked, Behaviour, CHANGED, Done, Field, FieldProblem, Kind, NEWEST, Record, RecordError, Stored, Tag, Value,
    Values, choice, date, instant, long_text, money, record, text, word,
};

const OUTCOMES: &[&str] = &["open", "won", "lost"];

const FIELDS: &[Field] = &[
    text("title", 100).required().searched().filtered(),
    record("customer", &customer::KIND).required(),
    record("contact", &contact::KIND),
    choice("stage", "opportunity_stage").required().listed().filtered().then_by_act().starts_with("first-contact"),
    money("amount").listed().filtered(),
    date("expected_on").listed().filtered(),
    text("product", 200).searched().filtered(),
    choice("source", "source").filtered(),
    text("competitor", 200).searched(),
    long_text("need"),
    long_text("next_step"),
    long_text("note"),
    choice("target_stage", "opportunity_stage").by_act(),
    word("outcome", OUTCOMES).by_act().filtered(),
    text("close_reason", 200).by_act(),
    instant("closed_at").by_act(),
];

const SORTS: &[Sort] = &[
    NEWEST,
    CHANGED,
    Sort { name: "expected", keys: &[Key::rising("COALESCE(r.expected_on, '9999-12-31')"), Key::rising("r.id")] },
    Sort { name: "amount", keys: &[Key::falling("COALESCE(r.amount, 0)"), Key::falling("r.id")] },
];

/// Sales opportunities.
pub(super) static KIND: Kind = Kind::new("opportunity", "crm", "/opportunities", FIELDS)
    .icon("target-arrow")
    .belongs_to(&customer::KIND)
    .weighed_by("amount")
    .sorted(SORTS);

const REASON: &[Field] = &[text("reason", 200).required()];
const STAGE: &[Field] = &[choice("stage", "opportunity_stage").required()];

const ACTS: &[Act] = &[
    act("advance", STAGE, "arrow-right", "primary", "opportunity.advance"),
    act("win", REASON, "trophy", "plain", "opportunity.win"),
    act("lose", REASON, "circle-x", "plain", "opportunity.lose"),
    act("reopen", REASON, "refresh", "plain", "opportunity.reopen"),
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

/// What is special about opportunities.
pub(super) struct Opportunities;

#[async_trait(?Send)]
impl Behaviour for Opportunities {
    fn kind(&self) -> &'static Kind {
        &KIND
    }

    fn check(&self, old: Option<&Record>, values: &mut Values, _now: Timestamp) -> Vec<FieldProblem> {
        if old.is_none() {
            values.set("outcome", Value::from("open"));
        }
        Vec::new()
    }

    /// A customer with whom something was won is one with whom a deal was closed.
    async fn stored(&self, c: &mut Conn<'_>, stored: &Stored<'_>) -> Result<(), RecordError> {
        let won = |record: &Record| record.values.text("outcome") == "won";
        if won(stored.new)
            && !stored.old.is_some_and(won)
            && let Some(customer) = stored.new.values.record("customer")
        {
            door::deal_closed(c, customer, stored.by, stored.now).await?;
        }
        Ok(())
    }

    fn tags(&self, record: &Record, now: Timestamp) -> Vec<Tag> {
        let tag = match record.values.text("outcome") {
            "won" => Tag { label: msg!("crm.opportunity.outcome_won"), tone: "good" },
            "lost" => Tag { label: msg!("crm.opportunity.outcome_lost"), tone: "bad" },
            _ if is_late(&record.values, now) => Tag { label: msg!("crm.mark.late"), tone: "warn" },
            _ => return Vec::new(),
        };
        vec![tag]
    }

    /// The stage that was asked for is entered with the approval.
    fn proposed(&self, record: &Record) -> Values {
        let mut values = record.values.clone();
        if let Some(target) = values.get("target_stage").cloned() {
            values.set("stage", target);
            values.set("target_stage", None);
        }
        values
    }

    fn is_closed(&self, record: &Record) -> bool {
        record.values.text("outcome") != "open"
    }

    fn needs_leave(&self, act: &Act) -> bool {
        matches!(act.name, "advance" | "win")
    }

    /// The stage stays, and the one that is asked for stands beside it until it is approved. Winning is a step of its own after that.
    fn ask_first(&self, asked: &Asked<'_>, done: Done) -> Result<Done, RecordError> {
        let target = done.values.get("stage").cloned();
        if asked.act.name == "win" {
            let message = msg!("crm.error.stage_needs_approval");
            return Err(RecordError::NotNow { act: asked.act.name, message });
        }
        let mut values = asked.record.values.clone();
        values.set("target_stage", target);
        let head = msg!("crm.timeline.stage_asked", title = asked.record.title(&KIND));
        Ok(Done { values, head, text: done.text })
    }

    /// A new one cannot begin behind a gate.
    fn starts_ahead(&self, values: &Values) -> Option<(Values, FieldProblem)> {
        let first = KIND.field("stage").map(Field::default)?;
        if values.text("stage") == first {
            return None;
        }
        let mut beginning = values.clone();
        beginning.set("stage", Value::from(first));
        let problem = FieldProblem::new("stage", "stage_needs_approval", msg!("crm.error.stage_at_start"));
        Some((beginning, problem))
    }

    fn acts(&self) -> &'static [Act] {
        ACTS
    }

    fn offers(&self, act: &Act, record: &Record, _now: Timestamp) -> bool {
        (record.values.text("outcome") == "open") == (act.name != "reopen")
    }

    fn act(&self, asked: &Asked<'_>) -> Result<Done, RecordError> {
        let mut values = asked.record.values.clone();
        let (title, reason) = (asked.record.title(&KIND), asked.filled.text("reason").to_owned());
        let head = match asked.act.name {
            "advance" => {
                let stage = asked.filled.text("stage");
                if values.text("stage") == stage {
                    return Err(RecordError::field("stage", "same_stage", msg!("crm.error.same_stage")));
                }
                values.set("stage", Value::from(stage));
                values.set("target_stage", None);
                msg!("crm.timeline.advanced", title = title)
            }
            "win" => {
                close(&mut values, "won", &reason, asked.now);
                values.set("stage", Value::from(door::WON_STAGE));
                values.set("target_stage", None);
                msg!("crm.timeline.won", title = title)
            }
            "lose" => {
                close(&mut values, "lost", &reason, asked.now);
                values.set("target_stage", None);
                msg!("crm.timeline.lost", title = title)
            }
            _ => {
                values.set("outcome", Value::from("open"));
                values.set("close_reason", None);
                values.set("closed_at", None);
                msg!("crm.timeline.reopened", title = title)
            }
        };
        Ok(Done { values, head, text: reason })
    }
}

fn close(values: &mut Values, outcome: &str, reason: &str, now: Timestamp) {
    values.set("outcome", Value::from(outcome));
    values.set("close_reason", Value::from(reason));
    values.set("closed_at", Value::At(now));
}

/// Whether it should have been closed by now.
fn is_late(values: &Values, now: Timestamp) -> bool {
    matches!(values.get("expected_on"), Some(Value::Date(on)) if *on < OfficeHours::default().date(now))
}
