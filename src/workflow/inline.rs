//! The nodes of one workflow within another (子流程): whatever names a node or a closure of its own file names it anew.

use super::{
    Condition, DecisionOptions, DepartmentOf, Effect, EffectSpec, Entry, FileNeed, Node, NodeKind, OnReject, Overdue,
    ScriptId, WITHIN, Who,
};

/// Where the nodes and closures of a workflow stand within another.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Inlined {
    /// The node that runs it; empty where it stands for itself.
    pub(super) node: String,
    /// How many closures stand before its own.
    pub(super) scripts: u32,
}

impl Inlined {
    /// The same, once the workflow around it stands within another one.
    pub(super) fn within(&self, outer: &Self) -> Self {
        Self { node: outer.name(&self.node), scripts: self.scripts + outer.scripts }
    }

    fn name(&self, name: &str) -> String {
        match (self.node.is_empty(), name.is_empty()) {
            (true, _) => name.to_owned(),
            (false, true) => self.node.clone(),
            (false, false) => format!("{}{WITHIN}{name}", self.node),
        }
    }

    fn rename(&self, name: &mut String) {
        *name = self.name(name);
    }

    fn script(&self, ScriptId(number): &mut ScriptId) {
        *number += self.scripts;
    }

    pub(super) fn nodes(&self, nodes: &mut [Node]) {
        for node in nodes {
            self.rename(&mut node.name);
            self.when(&mut node.when);
            self.kind(&mut node.kind);
        }
    }

    fn kind(&self, kind: &mut NodeKind) {
        match kind {
            NodeKind::Approve { by, options, .. } => {
                self.who(by);
                self.options(options);
            }
            NodeKind::Countersign { entries, veto, options, .. } => {
                for Entry::OneOf { who, .. } | Entry::EveryoneIn { who, .. } in entries {
                    self.who(who);
                }
                self.whos(veto);
                self.options(options);
            }
            NodeKind::Branch { ways, .. } => {
                for way in ways {
                    self.when(&mut way.condition);
                    self.nodes(&mut way.nodes);
                }
            }
            NodeKind::Parallel { ways } => ways.iter_mut().for_each(|way| self.nodes(way)),
            NodeKind::Run { nodes, .. } => self.nodes(nodes),
            NodeKind::CopyTo { to } => self.whos(to),
            NodeKind::Wait { may_return, .. } => self.whos(may_return),
            NodeKind::Act { effects } => effects.iter_mut().for_each(|effect| self.spec(effect)),
        }
    }

    fn options(&self, options: &mut DecisionOptions) {
        for step in &mut options.overdue {
            if let Overdue::HandTo { who, .. } = step {
                self.who(who);
            }
        }
        if let OnReject::BackTo { node } = &mut options.on_reject {
            self.rename(node);
        }
        for FileNeed { when, .. } in &mut options.needs {
            self.when(when);
        }
    }

    fn when(&self, condition: &mut Option<Condition>) {
        if let Some(condition) = condition {
            self.condition(condition);
        }
    }

    fn condition(&self, condition: &mut Condition) {
        match condition {
            Condition::AllOf { parts } | Condition::AnyOf { parts } => {
                for part in parts {
                    self.condition(part);
                }
            }
            Condition::Not { part } => self.condition(part),
            Condition::Expert { script } => self.script(script),
            Condition::AmountFrom { .. }
            | Condition::AmountBelow { .. }
            | Condition::Deviates
            | Condition::CategoryIs { .. }
            | Condition::FieldIs { .. }
            | Condition::OtherPartyIs { .. }
            | Condition::Has { .. } => {}
        }
    }

    fn spec(&self, spec: &mut EffectSpec) {
        match spec {
            EffectSpec::Value(effect) => self.effect(effect),
            EffectSpec::Expert { script } => self.script(script),
        }
    }

    pub(super) fn effect(&self, effect: &mut Effect) {
        match effect {
            Effect::ArchiveBy { who, .. } => self.who(who),
            Effect::WarnBefore { to, .. } | Effect::Tell { to, .. } => self.whos(to),
            Effect::RequestSeal { .. } | Effect::PaymentPlanFromContract { .. } | Effect::ExpectOriginalBack { .. } => {
            }
        }
    }

    fn whos(&self, whos: &mut [Who]) {
        for who in whos {
            self.who(who);
        }
    }

    pub(super) fn who(&self, who: &mut Who) {
        match who {
            Who::ApproverOf { node } => self.rename(node),
            Who::Expert { script } => self.script(script),
            Who::ManagerOf { person, .. } | Who::ManagersUpTo { person, .. } => self.who(person),
            Who::RoleIn { department, .. } | Who::HeadOf { department } => {
                if let DepartmentOf::Person { who } = department {
                    self.who(who);
                }
            }
            Who::FirstOf { rules } | Who::AnyOf { rules } => self.whos(rules),
            Who::User { .. }
            | Who::Drafter
            | Who::Owner
            | Who::Role { .. }
            | Who::Field { .. }
            | Who::ChosenBySubmitter
            | Who::ByAuthority { .. } => {}
        }
    }
}
