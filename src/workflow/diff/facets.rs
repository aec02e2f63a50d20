//! What a version says, option by option: the value that is compared, and how it is said.

use serde::Serialize;
use serde_json::Value as Json;

use super::Version;
use super::place::WayOf;
use crate::i18n::{Arg, Message, msg};
use crate::workflow::explain::Names;
use crate::workflow::explain::phrases::{
    condition_said, effect_said, entry_said, on_reject_said, one_by_one, overdue_said, rule_said, short, span_said,
    wait_said, who_said, whos_said,
};
use crate::workflow::language::RhaiScript;
use crate::workflow::{
    Allowance, AmountRule, DecisionOptions, DrafterIsApprover, EffectSpec, Entry, FileNeed, HookAt, LoginNeed, Node,
    NodeKind, OnReturn, Opinion, SamePersonAgain, ScriptId, StepKind, WithdrawRule,
};

/// One option.
pub(super) struct Facet {
    /// The word of the language.
    pub(super) option: &'static str,
    /// What is compared.
    pub(super) value: Json,
    /// How it is said; nothing where it says nothing.
    pub(super) said: Option<Arg>,
}

/// Collects the options of one thing.
struct Facets<'a> {
    version: Version<'a>,
    found: Vec<Facet>,
}

impl<'a> Facets<'a> {
    fn of(version: Version<'a>) -> Self {
        Self { version, found: Vec::new() }
    }

    fn names(&self) -> Names<'a> {
        self.version.names
    }

    fn put(&mut self, option: &'static str, value: &impl Serialize, said: Option<impl Into<Arg>>) {
        // A definition always has a JSON: it is stored as one.
        let mut value = serde_json::to_value(value).unwrap_or_default();
        spell_out(&mut value, &self.version.loaded.script);
        self.found.push(Facet { option, value, said: said.map(Into::into) });
    }

    /// Parts of the document, names of files: what is listed as it is.
    fn list(&mut self, option: &'static str, parts: &[String]) {
        self.put(option, &parts, (!parts.is_empty()).then(|| parts.iter().collect::<Arg>()));
    }

    fn needs(&mut self, needs: &[FileNeed]) {
        let names = self.names();
        let said = needs.iter().map(|need| match &need.when {
            Some(when) => {
                msg!("workflow.diff.file_if", condition = condition_said(when, names), file = &need.label)
            }
            None => msg!("workflow.diff.file", file = &need.label),
        });
        self.put("needs", &needs, (!needs.is_empty()).then(|| one_by_one(said)));
    }
}

/// Numbers of closures become what the closures say.
fn spell_out(value: &mut Json, script: &RhaiScript) {
    match value {
        Json::Object(parts) => {
            for (name, part) in parts {
                let number = part.as_u64().filter(|_| name == "script").and_then(|number| u32::try_from(number).ok());
                match number.and_then(|number| script.text(ScriptId(number))) {
                    Some(text) => *part = Json::String(text.to_owned()),
                    None => spell_out(part, script),
                }
            }
        }
        Json::Array(items) => items.iter_mut().for_each(|item| spell_out(item, script)),
        _ => {}
    }
}

/// What `workflow(…)` says.
pub(super) fn of_workflow(version: Version<'_>) -> Vec<Facet> {
    let (definition, names) = (&version.loaded.definition, version.names);
    let mut facets = Facets::of(version);
    facets.put("workflow", &definition.name, Some(&definition.name));
    facets.put("title", &definition.title, Some(&definition.title));
    facets.put("subject", &definition.subject, Some(definition.subject.as_str()));
    facets.put("takes", &definition.takes, definition.takes.as_ref().map(|takes| condition_said(takes, names)));
    let amount = match definition.amount {
        AmountRule::TotalWithSupplements => "total_with_supplements()",
        AmountRule::OwnTotal => "own_total()",
    };
    facets.put("amount", &definition.amount, Some(amount));
    facets.needs(&definition.needs);
    let drafter = match definition.drafter_is_approver {
        DrafterIsApprover::AskTheirManager => "ask_their_manager()",
        DrafterIsApprover::Allow => "allow_drafter()",
    };
    facets.put("drafter_is_approver", &definition.drafter_is_approver, Some(drafter));
    let again = match definition.same_person_again {
        SamePersonAgain::AskAgain => "ask_again()",
        SamePersonAgain::SkipIfNextToEachOther => "skip_if_next_to_each_other()",
    };
    facets.put("same_person_again", &definition.same_person_again, Some(again));
    facets.put("nobody_found", &definition.nobody_found, Some(who_said(&definition.nobody_found, names)));
    let withdraw = match definition.withdraw {
        WithdrawRule::BeforeFirstDecision => "before_first_decision()",
        WithdrawRule::AnyTime => "any_time()",
    };
    facets.put("withdraw", &definition.withdraw, Some(withdraw));
    facets.found
}

/// What happens at the ends.
pub(super) fn of_hooks(version: Version<'_>) -> Vec<Facet> {
    let mut facets = Facets::of(version);
    for hook in &version.loaded.definition.hooks {
        let option = match hook.at {
            HookAt::Submitted => "on_submitted",
            HookAt::Approved => "on_approved",
            HookAt::Rejected => "on_rejected",
            HookAt::Withdrawn => "on_withdrawn",
            HookAt::Signed => "on_signed",
            HookAt::Ended => "on_ended",
        };
        let said = effects_said(&hook.effects, version.names);
        facets.put(option, &hook.effects, Some(said));
    }
    facets.found
}

fn effects_said(effects: &[EffectSpec], names: Names<'_>) -> Message {
    one_by_one(effects.iter().map(|effect| effect_said(effect, names)))
}

/// What a node says, but for what its ways say.
pub(super) fn of_node(node: &Node, version: Version<'_>) -> Vec<Facet> {
    let names = version.names;
    let mut facets = Facets::of(version);
    let word = word(node);
    facets.put("kind", &word, Some(word));
    facets.put("title", &node.title, Some(&node.title));
    facets.put("when", &node.when, node.when.as_ref().map(|when| condition_said(when, names)));
    match &node.kind {
        NodeKind::Approve { by, free_flow, options } => {
            facets.put("by", by, Some(who_said(by, names)));
            facets.put("next", free_flow, free_flow.then_some("chosen_by_approver()"));
            decision(&mut facets, options);
        }
        NodeKind::Countersign { entries, rule, veto, options } => {
            facets.put("by", entries, Some(one_by_one(entries.iter().map(|entry| vote_said(entry, names)))));
            facets.put("rule", rule, Some(rule_said(rule)));
            facets.put("veto", veto, (!veto.is_empty()).then(|| whos_said(veto, names)));
            decision(&mut facets, options);
        }
        NodeKind::CopyTo { to } => facets.put("to", to, Some(whos_said(to, names))),
        NodeKind::Wait { what, may_return, on_return } => {
            facets.put("wait", what, Some(wait_said(what, names)));
            facets.put("may_return", may_return, (!may_return.is_empty()).then(|| whos_said(may_return, names)));
            facets.put("on_return", on_return, Some(return_word(*on_return)));
        }
        NodeKind::Act { effects } => facets.put("act", effects, Some(effects_said(effects, names))),
        NodeKind::Run { workflow, version: used, .. } => {
            facets.put("run", workflow, Some(workflow));
            facets.put("version", used, Some(used.short()));
        }
        NodeKind::Branch { .. } | NodeKind::Parallel { .. } => {}
    }
    facets.found
}

/// The word that declares the node.
fn word(node: &Node) -> &'static str {
    match &node.kind {
        NodeKind::Branch { inclusive: true, .. } => "every_way_that",
        NodeKind::Branch { ways, .. } if ways.iter().any(|way| way.band.is_some()) => "by_amount",
        kind => StepKind::of(kind).word(),
    }
}

fn vote_said(entry: &Entry, names: Names<'_>) -> Message {
    let said = entry_said(entry, names);
    match entry {
        Entry::OneOf { weight: 1, .. } | Entry::EveryoneIn { weight: 1, .. } => said,
        Entry::OneOf { weight, .. } | Entry::EveryoneIn { weight, .. } => {
            msg!("workflow.diff.weight", entry = said, weight = *weight)
        }
    }
}

fn return_word(on_return: OnReturn) -> &'static str {
    match on_return {
        OnReturn::AskOnlyAffected => "ask_only_affected()",
        OnReturn::AskAllBetween => "ask_all_between()",
        OnReturn::StraightBack => "straight_back()",
    }
}

/// The options of nodes at which somebody decides.
fn decision(facets: &mut Facets<'_>, options: &DecisionOptions) {
    let names = facets.names();
    facets.put("within", &options.within, options.within.map(span_said));
    let overdue = one_by_one(options.overdue.iter().map(|step| overdue_said(step, names)));
    facets.put("overdue", &options.overdue, (!options.overdue.is_empty()).then_some(overdue));
    let rejected = on_reject_said(&options.on_reject).unwrap_or_else(|| msg!("workflow.diff.ends"));
    facets.put("on_reject", &options.on_reject, Some(rejected));
    facets.put("on_return", &options.on_return, Some(return_word(options.on_return)));
    facets.list("may_suggest", &options.may_suggest);
    facets.list("may_edit", &options.may_edit);
    facets.list("scope", &options.scope);
    facets.list("may_see", &options.may_see);
    let opinion = match options.opinion {
        Opinion::Required => "required()",
        Opinion::OnReject => "on_reject()",
        Opinion::Optional => "optional()",
    };
    facets.put("opinion", &options.opinion, Some(opinion));
    let login: Arg = match &options.login {
        LoginNeed::LinkIsEnough => "false".into(),
        LoginNeed::Always => "true".into(),
        LoginNeed::FromAmount { amount } => msg!("workflow.say.amount_from", amount = short(*amount)).into(),
    };
    facets.put("login", &options.login, Some(login));
    let allowed = options.allow.iter().map(|allowance| match allowance {
        Allowance::Transfer => "transfer()",
        Allowance::Delegate => "delegate()",
        Allowance::Add => "add()",
        Allowance::Remove => "remove()",
        Allowance::Withdraw => "withdraw()",
    });
    let allowed: Vec<&str> = allowed.collect();
    facets.put("allow", &options.allow, Some(format!("[{}]", allowed.join(", "))));
    facets.needs(&options.needs);
}

/// What a way says; what it is called changes with the band.
pub(super) fn of_way(way: &WayOf<'_>, version: Version<'_>) -> Vec<Facet> {
    let mut facets = Facets::of(version);
    if way.condition.is_some() && way.band.is_none() {
        facets.put("way", &way.label, Some(&way.label));
    }
    facets.put("condition", &way.condition, way_condition(way, version.names));
    facets.found
}

/// When a way is taken.
pub(super) fn way_condition(way: &WayOf<'_>, names: Names<'_>) -> Option<Message> {
    way.condition.map(|condition| condition_said(condition, names))
}
