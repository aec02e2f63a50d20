//! Values of options: spans, counting, what happens when time runs out, on rejection and on return.

use rhai::Dynamic;

use super::Word;
use super::people::name;
use crate::i18n::msg;
use crate::kernel::Span;
use crate::workflow::language::call::Call;
use crate::workflow::language::fault::Finding;
use crate::workflow::language::loading::NameOf;
use crate::workflow::language::values::{EntryDraft, NeedDraft, OverdueDraft, RuleDraft};
use crate::workflow::{CountRule, Entry, FileNeed, OnReject, Overdue, WaitFor};

pub(super) const WORDS: &[Word] = &[
    Word::anywhere("working_hours", &[1], |call| span(call, |hours| Span::WorkingMinutes(hours * 60))),
    Word::anywhere("working_days", &[1], |call| span(call, Span::WorkingDays)),
    Word::anywhere("hours", &[1], |call| span(call, |hours| Span::Minutes(hours * 60))),
    Word::anywhere("days", &[1], |call| span(call, Span::Days)),
    Word::anywhere("months", &[1], |call| span(call, Span::Months)),
    Word::anywhere("years", &[1], |call| span(call, Span::Years)),
    Word::file("one_of", &[1], one_of),
    Word::file("everyone_in", &[1], everyone_in),
    Word::file("all", &[0], |call| rule(call, CountRule::All)),
    Word::file("any", &[0], |call| rule(call, CountRule::Any)),
    Word::file("in_order", &[0], |call| rule(call, CountRule::InOrder)),
    Word::file("ratio", &[1], ratio),
    Word::file("count", &[1], count),
    Word::file("weighted", &[2], weighted),
    Word::file("remind", &[0], |call| overdue(call, Overdue::Remind)),
    Word::file("reject", &[0], |call| overdue(call, Overdue::Reject)),
    Word::file("hand_to", &[1, 2], hand_to),
    Word::file("hand_to_manager_after", &[1], hand_to_manager_after),
    Word::file("end", &[0], |_| Some(Dynamic::from(OnReject::End))),
    Word::file("back_to", &[1], back_to),
    Word::file("back_to_previous", &[0], |_| Some(Dynamic::from(OnReject::BackToPrevious))),
    Word::file("back_to_drafter", &[0], |_| Some(Dynamic::from(OnReject::BackToDrafter))),
    Word::file("event", &[1], event),
    Word::file("date", &[1], date),
    Word::file("file", &[1], file),
    Word::file("file_if", &[2], file_if),
];

fn span(call: &mut Call<'_>, of: fn(u32) -> Span) -> Option<Dynamic> {
    let count = call.arg(0);
    call.count_within(count, 0, 10_000).map(|count| Dynamic::from(of(count)))
}

fn one_of(call: &mut Call<'_>) -> Option<Dynamic> {
    let who = call.arg(0);
    let who = call.who(who)?;
    Some(Dynamic::from(EntryDraft(Entry::OneOf { who, weight: 1 })))
}

fn everyone_in(call: &mut Call<'_>) -> Option<Dynamic> {
    let who = call.arg(0);
    let who = call.who(who)?;
    Some(Dynamic::from(EntryDraft(Entry::EveryoneIn { who, weight: 1 })))
}

fn rule(call: &mut Call<'_>, rule: CountRule) -> Option<Dynamic> {
    Some(Dynamic::from(RuleDraft { place: call.place, rule, weights: Vec::new() }))
}

fn ratio(call: &mut Call<'_>) -> Option<Dynamic> {
    let percent = call.arg(0);
    let percent = call.count_within(percent, 1, 100)?;
    rule(call, CountRule::Ratio { percent })
}

fn count(call: &mut Call<'_>) -> Option<Dynamic> {
    let approvals = call.arg(0);
    let approvals = call.count_within(approvals, 1, 1_000)?;
    rule(call, CountRule::Count { approvals })
}

/// `weighted(#{ legal: 2, finance: 1 }, 2)`: the weight of each entry by its role or login, and what must be reached.
fn weighted(call: &mut Call<'_>) -> Option<Dynamic> {
    let (weights, pass) = (call.arg(0)?, call.arg(1));
    let pass = call.count_within(pass, 1, 1_000_000);
    let Some(entries) = weights.entries() else { return call.expected(&weights, msg!("workflow.kind.map")) };
    let weights: Vec<(String, u32)> = entries
        .into_iter()
        .filter_map(|(key, _, weight)| Some((key, call.count_within(Some(weight), 0, 1_000)?)))
        .collect();
    let pass = pass?;
    Some(Dynamic::from(RuleDraft { place: call.place, rule: CountRule::Weighted { pass }, weights }))
}

pub(super) fn overdue(call: &mut Call<'_>, step: Overdue) -> Option<Dynamic> {
    Some(Dynamic::from(OverdueDraft { place: call.place, step }))
}

fn hand_to(call: &mut Call<'_>) -> Option<Dynamic> {
    let (who, after) = (call.arg(0), call.arg(1));
    let who = call.who(who);
    let after = if after.is_some() { call.span(after) } else { Some(Span::WorkingMinutes(0)) };
    let step = Overdue::HandTo { who: who?, after: after? };
    overdue(call, step)
}

fn hand_to_manager_after(call: &mut Call<'_>) -> Option<Dynamic> {
    let after = call.arg(0);
    let after = call.span(after)?;
    overdue(call, Overdue::HandToManager { after })
}

fn back_to(call: &mut Call<'_>) -> Option<Dynamic> {
    let node = call.arg(0);
    Some(Dynamic::from(OnReject::BackTo { node: name(call, node, NameOf::Node)? }))
}

fn event(call: &mut Call<'_>) -> Option<Dynamic> {
    let event = call.arg(0);
    let name = name(call, event, NameOf::Event)?;
    let fits = name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    if !fits {
        call.fault(Finding::error(call.place, msg!("workflow.fault.bad_event_name", name = &name)));
        return None;
    }
    Some(Dynamic::from(WaitFor::Event { name }))
}

fn date(call: &mut Call<'_>) -> Option<Dynamic> {
    let field = call.arg(0);
    Some(Dynamic::from(WaitFor::DateField { field: name(call, field, NameOf::DateField)? }))
}

fn file(call: &mut Call<'_>) -> Option<Dynamic> {
    let label = call.arg(0);
    Some(Dynamic::from(NeedDraft(FileNeed { label: call.text(label)?, when: None })))
}

fn file_if(call: &mut Call<'_>) -> Option<Dynamic> {
    let (when, label) = (call.arg(0), call.arg(1));
    let when = call.condition(when);
    let label = call.text(label);
    Some(Dynamic::from(NeedDraft(FileNeed { label: label?, when: Some(when?) })))
}
