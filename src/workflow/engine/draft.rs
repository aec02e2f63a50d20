//! A copy of the case into which every event is folded at once, so that each rule reads the newest state.

use std::borrow::Cow;
use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::sync::Arc;

use super::super::{
    Case, Decision, DecisionNumber, Definition, Event, Facts, Node, NodeState, Person, Reason, Script, Stage, Status,
    Stuck, StuckReason, Task, TaskNumber,
};
use super::evolve::{apply, foresee};
use super::forecast::Ahead;
use super::index::Index;
use crate::kernel::Hash;

/// A case while a command is decided.
pub(super) struct Draft<'a> {
    pub(super) definition: &'a Definition,
    pub(super) script: &'a dyn Script,
    /// As the caller gave them.
    given: &'a Facts,
    /// With the approval amount that the case froze.
    pub(super) facts: Cow<'a, Facts>,
    pub(super) case: Case,
    pub(super) events: Vec<Event>,
    pub(super) index: Index,
    /// Who has which role, once a forecast asked for it.
    by_role: OnceCell<BTreeMap<&'a str, Vec<&'a Person>>>,
    /// What a forecast has found; nothing while a command is decided.
    pub(super) ahead: Option<Ahead>,
    /// Nodes before the place of the walk were reset: it starts again.
    pub(super) again: bool,
}

impl<'a> Draft<'a> {
    pub(super) fn new(definition: &'a Definition, script: &'a dyn Script, case: &Case, facts: &'a Facts) -> Self {
        Self {
            definition,
            script,
            given: facts,
            facts: frozen(facts, case),
            case: case.clone(),
            events: Vec::new(),
            index: Index::of(case),
            by_role: OnceCell::new(),
            ahead: None,
            again: false,
        }
    }

    /// Writes an event and folds it in.
    pub(super) fn push(&mut self, event: Event) {
        self.index.add(&event);
        let freezes = matches!(event, Event::Submitted { .. } | Event::ContentEdited { .. } | Event::Unstuck { .. });
        if self.ahead.is_some() {
            foresee(&mut self.case, event, self.given.now);
        } else {
            apply(&mut self.case, &event, self.given.now);
            self.events.push(event);
        }
        if freezes {
            self.facts = frozen(self.given, &self.case);
        }
    }

    /// The facts as the caller gave them, before the case froze anything.
    pub(super) fn given(&self) -> &'a Facts {
        self.given
    }

    /// Everybody active with a role. A command asks for few roles, a forecast for those of every step.
    pub(super) fn with_role(&self, role: &str) -> Vec<&'a Person> {
        let directory = &self.given.directory;
        if self.ahead.is_none() {
            return directory.with_role(role).collect();
        }
        self.by_role.get_or_init(|| directory.by_role()).get(role).cloned().unwrap_or_default()
    }

    /// Whether the walk goes on: somebody decides, or the approved case is carried out.
    pub(super) fn running(&self) -> bool {
        matches!(self.case.status, Status::InApproval | Status::Approved)
    }

    pub(super) fn state(&self, node: &Node) -> Option<&NodeState> {
        self.case.nodes.get(&node.name).map(Arc::as_ref)
    }

    pub(super) fn stage(&self, node: &Node) -> Option<Stage> {
        self.state(node).map(|state| state.stage)
    }

    /// Decisions that count for tasks of this node, oldest first.
    pub(super) fn counting<'s>(
        &'s self,
        node: &'s str,
    ) -> impl DoubleEndedIterator<Item = (DecisionNumber, &'s Decision)> {
        let known = self.index.decisions(node);
        known
            .filter_map(|number| Some((number, self.case.decisions.get(&number)?)))
            .filter(move |(_, decision)| decision.counts_for.is_some() && decision.decided.node == node)
    }

    /// Tasks of this node at which somebody is asked.
    pub(super) fn open_tasks<'s>(&'s self, node: &'s str) -> impl Iterator<Item = (TaskNumber, &'s Task)> {
        let known = self.index.tasks(node);
        known
            .filter_map(|number| Some((number, self.case.tasks.get(&number)?)))
            .filter(move |(_, task)| task.open && task.opened.node == node)
    }

    /// Hash of the parts in a scope, as the content is now; the empty scope is the whole document.
    pub(super) fn scope_hash(&self, scope: &[String]) -> Hash {
        let content = &self.given.subject.content;
        if scope.is_empty() { content.hash() } else { content.scope(scope) }
    }

    /// The start of a reason: which option of which node asks.
    pub(super) fn reason(&self, node: &Node, option: &str) -> Reason {
        Reason { rule: rule(node, option), place: self.definition.place_of(node), steps: Vec::new() }
    }

    /// Marks a node as stuck, once for one reason.
    pub(super) fn stuck(&mut self, node: &Node, because: StuckReason) {
        let known = |mark: &Stuck| mark.node.as_ref() == Some(&node.name) && mark.because == because;
        if !self.case.stuck.iter().any(known) {
            let place = self.definition.place_of(node);
            self.push(Event::Stuck { node: Some(node.name.clone()), place, because });
        }
    }
}

/// The name of a rule: `review.by`.
pub(super) fn rule(node: &Node, option: &str) -> String {
    [&node.name, ".", option].concat()
}

/// Guards of a running case read the approval amount that was frozen at submission, and again at each edit.
fn frozen<'a>(facts: &'a Facts, case: &Case) -> Cow<'a, Facts> {
    let subject = &facts.subject;
    let running = matches!(case.status, Status::InApproval | Status::Approved);
    if !running || (subject.approval_amount == case.amount && subject.without_ceiling == case.without_ceiling) {
        return Cow::Borrowed(facts);
    }
    let mut frozen = facts.clone();
    frozen.subject.approval_amount = case.amount;
    frozen.subject.without_ceiling = case.without_ceiling;
    Cow::Owned(frozen)
}
