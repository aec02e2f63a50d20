//! The workflow itself, what happens at its ends, and the effects.

use rhai::Dynamic;

use super::people::name;
use super::{Word, decision};
use crate::i18n::msg;
use crate::kernel::{Hash, Kind};
use crate::workflow::language::call::{Arg, Call, listed};
use crate::workflow::language::fault::Finding;
use crate::workflow::language::loading::NameOf;
use crate::workflow::language::options::Options;
use crate::workflow::language::values::StopAndTell;
use crate::workflow::{
    AmountRule, Definition, DrafterIsApprover, Effect, Hook, HookAt, SamePersonAgain, Who, WithdrawRule,
};

pub(super) const WORDS: &[Word] = &[
    Word::file("workflow", &[2], workflow),
    Word::file("on_submitted", &[1], |call| hook(call, HookAt::Submitted)),
    Word::file("on_approved", &[1], |call| hook(call, HookAt::Approved)),
    Word::file("on_rejected", &[1], |call| hook(call, HookAt::Rejected)),
    Word::file("on_withdrawn", &[1], |call| hook(call, HookAt::Withdrawn)),
    Word::file("on_signed", &[1], |call| hook(call, HookAt::Signed)),
    Word::file("on_ended", &[1], |call| hook(call, HookAt::Ended)),
    Word::anywhere("request_seal", &[1], request_seal),
    Word::anywhere("payment_plan_from_contract", &[0, 1], payment_plan),
    Word::anywhere("expect_original_back", &[1], expect_original_back),
    Word::anywhere("archive_by", &[2], archive_by),
    Word::anywhere("warn_before", &[3], warn_before),
    Word::anywhere("tell", &[2], tell),
];

/// Who is told when a rule finds nobody and the file does not say.
const ADMINISTRATOR: &str = "administrator";

fn workflow(call: &mut Call<'_>) -> Option<Dynamic> {
    let (name_arg, options) = (call.arg(0), call.arg(1));
    let name_place = name_arg.as_ref().map_or(call.place, |arg| arg.place);
    let name = call.text(name_arg);
    let mut options = Options::of(call, options.as_ref());
    let title = options.need(call, "title");
    let title = call.text(title);
    let subject = options.need(call, "subject");
    let subject = subject.and_then(|subject| kind(call, subject));
    let takes = options.take(call, "takes");
    let takes = call.condition(takes);
    let amount = options.take(call, "amount");
    let amounts = [("total_with_supplements", AmountRule::TotalWithSupplements), ("own_total", AmountRule::OwnTotal)];
    let amount = call.choice(amount, &amounts);
    let needs = decision::needs(call, &mut options);
    let drafter = options.take(call, "drafter_is_approver");
    let drafters =
        [("ask_their_manager", DrafterIsApprover::AskTheirManager), ("allow_drafter", DrafterIsApprover::Allow)];
    let drafter = call.choice(drafter, &drafters);
    let again = options.take(call, "same_person_again");
    let agains = [
        ("ask_again", SamePersonAgain::AskAgain),
        ("skip_if_next_to_each_other", SamePersonAgain::SkipIfNextToEachOther),
    ];
    let again = call.choice(again, &agains);
    let nobody = options.take(call, "nobody_found");
    let nobody = call.own::<StopAndTell>(nobody, msg!("workflow.kind.stop_and_tell"));
    let withdraw = options.take(call, "withdraw");
    let withdraws = [("before_first_decision", WithdrawRule::BeforeFirstDecision), ("any_time", WithdrawRule::AnyTime)];
    let withdraw = call.choice(withdraw, &withdraws);
    options.finish(call);

    let subject = subject?;
    let default_amount = if subject == "contract" { AmountRule::TotalWithSupplements } else { AmountRule::OwnTotal };
    let definition = Definition {
        name: name?,
        file: String::new(),
        version: Hash::of(b""),
        title: title?,
        subject,
        takes,
        amount: amount.unwrap_or(default_amount),
        needs,
        drafter_is_approver: drafter.unwrap_or_default(),
        same_person_again: again.unwrap_or_default(),
        nobody_found: nobody.map_or_else(|| Who::Role { role: ADMINISTRATOR.to_owned() }, |StopAndTell(who)| who),
        withdraw: withdraw.unwrap_or_default(),
        nodes: Vec::new(),
        hooks: Vec::new(),
    };
    let place = call.place;
    let loading = call.loading.as_mut()?;
    if loading.header.is_some() {
        call.fault(Finding::error(place, msg!("workflow.fault.second_workflow")));
        return None;
    }
    loading.header_place = name_place;
    loading.header = Some(definition);
    Some(Dynamic::UNIT)
}

fn kind(call: &mut Call<'_>, arg: Arg) -> Option<Kind> {
    let place = arg.place;
    let text = call.text(Some(arg))?;
    let kind = text.parse().ok();
    if kind.is_none() {
        call.fault(Finding::error(place, msg!("workflow.fault.bad_subject", name = &text)));
    }
    kind
}

fn hook(call: &mut Call<'_>, at: HookAt) -> Option<Dynamic> {
    let (place, effects) = (call.place, call.arg(0));
    let effects = call.effects(effects);
    let loading = call.loading.as_mut()?;
    if loading.hooks.iter().any(|hook| hook.at == at) {
        call.fault(Finding::error(place, msg!("workflow.fault.second_hook", word = call.word)));
        return None;
    }
    loading.hooks.push(Hook { at, place, effects });
    Some(Dynamic::UNIT)
}

/// An effect, noted for the checks.
fn made(call: &mut Call<'_>, effect: Effect) -> Option<Dynamic> {
    let place = call.place;
    if let Some(loading) = call.loading.as_mut() {
        loading.named(NameOf::Effect, effect.name(), place);
    }
    Some(Dynamic::from(effect))
}

fn request_seal(call: &mut Call<'_>) -> Option<Dynamic> {
    let seal = call.arg(0);
    let seal = call.text(seal)?;
    made(call, Effect::RequestSeal { seal })
}

fn payment_plan(call: &mut Call<'_>) -> Option<Dynamic> {
    let on = call.arg(0);
    let on = if on.is_some() { name(call, on, NameOf::Event)? } else { "signed".to_owned() };
    made(call, Effect::PaymentPlanFromContract { on })
}

fn expect_original_back(call: &mut Call<'_>) -> Option<Dynamic> {
    let within = call.arg(0);
    let within = call.span(within)?;
    made(call, Effect::ExpectOriginalBack { within })
}

fn archive_by(call: &mut Call<'_>) -> Option<Dynamic> {
    let (who, checklist) = (call.arg(0), call.arg(1));
    let who = call.who(who);
    let checklist = call.texts(checklist);
    made(call, Effect::ArchiveBy { who: who?, checklist })
}

fn warn_before(call: &mut Call<'_>) -> Option<Dynamic> {
    let (date, before, to) = (call.arg(0), call.arg(1), call.arg(2));
    let date = name(call, date, NameOf::DateField);
    let before: Vec<_> = listed(before).into_iter().filter_map(|item| call.span(Some(item))).collect();
    let to = call.whos(to);
    made(call, Effect::WarnBefore { date: date?, before, to })
}

fn tell(call: &mut Call<'_>) -> Option<Dynamic> {
    let (to, text) = (call.arg(0), call.arg(1));
    let to = call.whos(to);
    let text = call.text(text);
    made(call, Effect::Tell { to, text: text? })
}
