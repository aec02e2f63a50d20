//! Options of nodes at which somebody decides, and how votes are counted.

use crate::i18n::msg;
use crate::kernel::manifest::within;
use crate::workflow::language::call::{Arg, Call, listed};
use crate::workflow::language::fault::Finding;
use crate::workflow::language::loading::NameOf;
use crate::workflow::language::options::Options;
use crate::workflow::language::values::{EntryDraft, NeedDraft, OverdueDraft, RuleDraft};
use crate::workflow::{
    Allowance, Condition, CountRule, DecisionOptions, Entry, FileNeed, LoginNeed, OnReject, OnReturn, Opinion, Overdue,
    Who,
};

/// Reads every option that deciding nodes have beside `title`, `when` and `by`.
pub(super) fn options(call: &mut Call<'_>, options: &mut Options) -> DecisionOptions {
    let within = options.take(call, "within");
    let within = call.span(within);
    let silent = options.take(call, "silent_approval_because");
    let silent = if silent.is_some() { call.text(silent) } else { None };
    let overdue = overdue(call, options, within.is_some(), silent.as_deref());
    let on_reject = options.take(call, "on_reject");
    let on_reject = call.own::<OnReject>(on_reject, msg!("workflow.kind.on_reject"));
    let on_return = on_return(call, options);
    let opinion = options.take(call, "opinion");
    let opinion = call.choice(
        opinion,
        &[("required", Opinion::Required), ("on_reject", Opinion::OnReject), ("optional", Opinion::Optional)],
    );
    let Parts { may_suggest, may_edit, scope, may_see } = seen_parts(call, options);
    DecisionOptions {
        within,
        overdue,
        on_reject: on_reject.unwrap_or_default(),
        on_return,
        may_suggest,
        may_edit,
        scope,
        may_see,
        opinion: opinion.unwrap_or_default(),
        login: login(call, options),
        allow: allow(call, options),
        needs: needs(call, options),
    }
}

/// Who is asked after a return.
pub(super) fn on_return(call: &mut Call<'_>, options: &mut Options) -> OnReturn {
    let on_return = options.take(call, "on_return");
    let choices = [
        ("ask_only_affected", OnReturn::AskOnlyAffected),
        ("ask_all_between", OnReturn::AskAllBetween),
        ("straight_back", OnReturn::StraightBack),
    ];
    call.choice(on_return, &choices).unwrap_or_default()
}

/// Files that must be there.
pub(super) fn needs(call: &mut Call<'_>, options: &mut Options) -> Vec<FileNeed> {
    let needs = options.take(call, "needs");
    let items = listed(needs);
    items
        .into_iter()
        .filter_map(|item| call.own::<NeedDraft>(Some(item), msg!("workflow.kind.need")))
        .map(|need| need.0)
        .collect()
}

/// Entries with the weights that the rule gives them, and the rule itself, which they must be able to meet.
pub(super) fn counted(
    call: &mut Call<'_>,
    drafts: Vec<EntryDraft>,
    rule: Option<RuleDraft>,
) -> (Vec<Entry>, Option<CountRule>) {
    let mut entries: Vec<Entry> = drafts.into_iter().map(|EntryDraft(entry)| entry).collect();
    let Some(draft) = rule else { return (entries, None) };
    let open = entries.iter().any(|entry| matches!(entry, Entry::EveryoneIn { .. }));
    match draft.rule {
        CountRule::Weighted { pass } => {
            for (name, weight) in &draft.weights {
                let named = entries.iter_mut().filter_map(|entry| set_weight(entry, name, *weight)).count();
                if named == 0 {
                    call.fault(Finding::error(draft.place, msg!("workflow.fault.weight_of_nobody", name = name)));
                }
            }
            let sum: u32 = entries.iter().map(weight).sum();
            if !open && !entries.is_empty() && sum < pass {
                call.fault(Finding::error(
                    draft.place,
                    msg!("workflow.fault.never_enough", needed = pass, there = sum),
                ));
            }
        }
        CountRule::Count { approvals } if !open && !entries.is_empty() && entries.len() < approvals as usize => {
            call.fault(Finding::error(
                draft.place,
                msg!("workflow.fault.never_enough", needed = approvals, there = entries.len()),
            ));
        }
        _ => {}
    }
    (entries, Some(draft.rule))
}

fn weight(entry: &Entry) -> u32 {
    match entry {
        Entry::OneOf { weight, .. } | Entry::EveryoneIn { weight, .. } => *weight,
    }
}

fn set_weight(entry: &mut Entry, name: &str, new: u32) -> Option<()> {
    let (Entry::OneOf { who, weight } | Entry::EveryoneIn { who, weight }) = entry;
    let named = match who {
        Who::Role { role } | Who::RoleIn { role, .. } => role == name,
        Who::User { login } => login == name,
        _ => false,
    };
    named.then(|| *weight = new)
}

fn overdue(call: &mut Call<'_>, options: &mut Options, within: bool, silent: Option<&str>) -> Vec<Overdue> {
    let arg = options.take(call, "overdue");
    if let Some(arg) = &arg
        && !within
    {
        let problem = msg!("workflow.fault.overdue_without_within");
        call.fault(Finding::error(options.place(call, "overdue"), problem).hint(msg!("workflow.hint.within")));
        if arg.is_broken() {
            return Vec::new();
        }
    }
    let items = listed(arg);
    let drafts: Vec<OverdueDraft> =
        items.into_iter().filter_map(|item| call.own(Some(item), msg!("workflow.kind.overdue"))).collect();
    let last = drafts.len().saturating_sub(1);
    let mut steps = Vec::new();
    for (index, draft) in drafts.into_iter().enumerate() {
        if index != last && matches!(draft.step, Overdue::Reject | Overdue::Approve { .. }) {
            call.fault(Finding::error(draft.place, msg!("workflow.fault.overdue_ends")));
        }
        steps.push(match draft.step {
            Overdue::Approve { .. } => {
                if let Some(loading) = call.loading.as_mut() {
                    loading.silent_approvals.push((draft.place, silent.is_some()));
                }
                Overdue::Approve { because: silent.unwrap_or_default().to_owned() }
            }
            step => step,
        });
    }
    steps
}

/// The options that name parts of the document.
struct Parts {
    may_suggest: Vec<String>,
    may_edit: Vec<String>,
    scope: Vec<String>,
    may_see: Vec<String>,
}

/// Nobody changes or decides on what they do not see: whoever sees parts only decides on those.
fn seen_parts(call: &mut Call<'_>, options: &mut Options) -> Parts {
    let [may_suggest, may_edit, scope, may_see] =
        ["may_suggest", "may_edit", "scope", "may_see"].map(|name| parts(call, options, name));
    for (name, paths) in [("may_suggest", &may_suggest), ("may_edit", &may_edit), ("scope", &scope)] {
        let hidden = paths.iter().find(|path| !may_see.iter().any(|seen| within(path, seen)));
        if let Some(path) = hidden.filter(|_| !may_see.is_empty()) {
            let problem = msg!("workflow.fault.part_unseen", option = name, part = path);
            let finding = Finding::error(options.place(call, name), problem);
            if let Some(loading) = call.loading.as_mut() {
                loading.unseen.push(finding.hint(msg!("workflow.hint.part_unseen", part = path)));
            }
        }
    }
    Parts { may_suggest, may_edit, scope, may_see }
}

/// Parts of the document, as prefixes of the paths that are hashed.
fn parts(call: &mut Call<'_>, options: &mut Options, name: &'static str) -> Vec<String> {
    let arg = options.take(call, name);
    let mut parts = Vec::new();
    for item in listed(arg) {
        let place = item.place;
        let Some(part) = call.text(Some(item)) else { continue };
        if let Some(loading) = call.loading.as_mut() {
            loading.named(NameOf::Part, &part, place);
        }
        parts.push(part);
    }
    parts
}

/// `signature: true`, `login: true`, `login: amount_from("100万")`.
fn login(call: &mut Call<'_>, options: &mut Options) -> LoginNeed {
    let signature = options.take(call, "signature");
    let signature = call.yes(signature).unwrap_or(false);
    let login = options.take(call, "login");
    let login = login.and_then(|login| login_need(call, &login)).unwrap_or_default();
    if signature { LoginNeed::Always } else { login }
}

fn login_need(call: &mut Call<'_>, arg: &Arg) -> Option<LoginNeed> {
    if let Ok(always) = arg.value.as_bool() {
        return Some(if always { LoginNeed::Always } else { LoginNeed::LinkIsEnough });
    }
    match arg.value.clone().try_cast::<Condition>() {
        Some(Condition::AmountFrom { amount }) => Some(LoginNeed::FromAmount { amount }),
        _ => call.expected(arg, msg!("workflow.kind.login")),
    }
}

fn allow(call: &mut Call<'_>, options: &mut Options) -> Vec<Allowance> {
    let Some(arg) = options.take(call, "allow") else { return DecisionOptions::default().allow };
    let choices = [
        ("transfer", Allowance::Transfer),
        ("delegate", Allowance::Delegate),
        ("add", Allowance::Add),
        ("remove", Allowance::Remove),
        ("withdraw", Allowance::Withdraw),
    ];
    listed(Some(arg)).into_iter().filter_map(|item| call.choice(Some(item), &choices)).collect()
}
