//! The walk: from the start of the definition over what the case remembers, until somebody or something has to act.

use super::super::{
    Condition, Event, Facts, Node, NodeKind, Read, ScriptFault, SkipReason, Stage, Status, StuckReason, WaitFor, Way,
    Who,
};
use super::draft::{Draft, rule};
use super::judge::judge;
use super::{timers, tree};

/// How far the walk came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Progress {
    /// Through; the next node is entered.
    Done,
    /// Somebody or something has to act first.
    Waits,
}

impl<'a> Draft<'a> {
    /// Walks as far as possible; the case is approved when nobody decides any more, and ends when nothing is left.
    pub(super) fn advance(&mut self) {
        let definition = self.definition;
        let mut progress = Progress::Waits;
        while self.running() {
            self.again = false;
            progress = self.sequence(&definition.nodes);
            if !self.again {
                break;
            }
        }
        if self.running() {
            self.approve_when_all_decided();
        }
        if progress == Progress::Done && self.case.status == Status::Approved {
            self.push(Event::Ended);
            self.hook(super::super::HookAt::Ended);
        }
    }

    fn sequence(&mut self, nodes: &'a [Node]) -> Progress {
        for node in nodes {
            if self.node(node) == Progress::Waits {
                return Progress::Waits;
            }
        }
        Progress::Done
    }

    /// A node that fails is marked and waits; other ways go on.
    fn node(&mut self, node: &'a Node) -> Progress {
        let tried = self.try_node(node);
        if self.ahead.is_some() {
            return match self.foreseen(node, tried) {
                Some(progress) => progress,
                None => self.node(node),
            };
        }
        match tried {
            Ok(progress) => progress,
            Err(because) => {
                self.stuck(node, because);
                Progress::Waits
            }
        }
    }

    fn try_node(&mut self, node: &'a Node) -> Result<Progress, StuckReason> {
        if self.again || !self.running() {
            return Ok(Progress::Waits);
        }
        match self.stage(node) {
            Some(Stage::Passed | Stage::Skipped) => return Ok(Progress::Done),
            Some(Stage::Failed) => return Ok(Progress::Waits),
            Some(Stage::Active) => {}
            None => {
                if !self.enter(node)? {
                    return Ok(Progress::Done);
                }
            }
        }
        match &node.kind {
            NodeKind::Approve { by, free_flow, options } => self.approval(node, by, *free_flow, options),
            NodeKind::Countersign { entries, rule, veto, options } => {
                self.countersign(node, entries, rule, veto, options)
            }
            NodeKind::Branch { ways, inclusive } => self.branch(node, ways, *inclusive),
            NodeKind::Parallel { .. } | NodeKind::Run { .. } => Ok(self.join(node, node.kind.ways())),
            NodeKind::CopyTo { to } => self.copy(node, to),
            NodeKind::Wait { what, may_return, .. } => self.wait(node, what, may_return),
            NodeKind::Act { effects } => self.act(node, effects),
        }
    }

    /// Whether the guard lets the case in.
    fn enter(&mut self, node: &'a Node) -> Result<bool, StuckReason> {
        if !tree::decides(node) {
            self.approve_when_all_decided();
        }
        let (enters, reads) = self.guard(node, &self.facts)?;
        let (name, title) = (node.name.clone(), node.title.clone());
        self.push(if enters {
            Event::NodeEntered { node: name, title, reads }
        } else {
            Event::NodeSkipped { node: name, title, because: SkipReason::Guard, reads }
        });
        Ok(enters)
    }

    /// Whether the guard of a node holds over these facts.
    pub(super) fn guard(&self, node: &Node, facts: &Facts) -> Result<(bool, Vec<Read>), StuckReason> {
        let Some(condition) = &node.when else { return Ok((true, Vec::new())) };
        self.holds(node, "when", condition, facts)
    }

    fn holds(
        &self,
        node: &Node,
        option: &str,
        condition: &Condition,
        facts: &Facts,
    ) -> Result<(bool, Vec<Read>), StuckReason> {
        let judged = judge(condition, self.script, facts);
        let fault = |fault: ScriptFault| StuckReason::Fault { rule: rule(node, option), fault };
        judged.holds.map(|holds| (holds, judged.reads)).map_err(fault)
    }

    fn branch(&mut self, node: &'a Node, ways: &'a [Way], inclusive: bool) -> Result<Progress, StuckReason> {
        if self.state(node).is_none_or(|state| state.ways.is_empty()) {
            let (chosen, reads) = self.choose(node, ways, inclusive, &self.facts)?;
            self.push(Event::WayChosen { node: node.name.clone(), ways: chosen, reads });
        }
        let chosen = self.state(node).map(|state| state.ways.clone()).unwrap_or_default();
        let taken = ways.iter().filter(|way| chosen.contains(&way.name)).map(|way| way.nodes.as_slice());
        Ok(self.join(node, taken))
    }

    /// The ways that a branch takes: the first that holds, or each of them; `otherwise` only where no other holds. Every condition is
    /// evaluated.
    pub(super) fn choose(
        &self,
        node: &Node,
        ways: &[Way],
        inclusive: bool,
        facts: &Facts,
    ) -> Result<(Vec<String>, Vec<Read>), StuckReason> {
        let mut chosen = Vec::new();
        let mut reads: Vec<Read> = Vec::new();
        for way in ways {
            let Some(condition) = &way.condition else { continue };
            let (holds, read) = self.holds(node, &way.name, condition, facts)?;
            let fresh: Vec<_> =
                read.into_iter().filter(|one| reads.iter().all(|known| known.field != one.field)).collect();
            reads.extend(fresh);
            if holds && (inclusive || chosen.is_empty()) {
                chosen.push(way.name.clone());
            }
        }
        if chosen.is_empty() {
            let otherwise = ways.iter().find(|way| way.condition.is_none()).ok_or(StuckReason::NoWay)?;
            chosen.push(otherwise.name.clone());
        }
        Ok((chosen, reads))
    }

    /// Walks every way; the node has passed when all of them are through.
    fn join(&mut self, node: &Node, ways: impl Iterator<Item = &'a [Node]>) -> Progress {
        let mut waits = false;
        for way in ways {
            waits |= self.sequence(way) == Progress::Waits;
        }
        if waits { Progress::Waits } else { self.pass(node) }
    }

    pub(super) fn pass(&mut self, node: &Node) -> Progress {
        self.push(Event::NodePassed { node: node.name.clone() });
        Progress::Done
    }

    fn copy(&mut self, node: &Node, to: &[Who]) -> Result<Progress, StuckReason> {
        let people = self.readers(node, "to", to)?;
        self.push(Event::CopySent { node: node.name.clone(), people });
        Ok(self.pass(node))
    }

    fn act(&mut self, node: &Node, effects: &[super::super::EffectSpec]) -> Result<Progress, StuckReason> {
        let effects =
            self.effects(effects).map_err(|fault| StuckReason::Fault { rule: rule(node, "effects"), fault })?;
        let at = super::super::EffectsAt::Node { node: node.name.clone() };
        self.push(Event::EffectsDue { at, effects });
        Ok(self.pass(node))
    }

    /// Opens a wait once; an outside event or a timer passes it.
    fn wait(&mut self, node: &Node, what: &WaitFor, may_return: &[Who]) -> Result<Progress, StuckReason> {
        if self.state(node).is_some_and(|state| state.waits_for.is_some() || state.until.is_some()) {
            return Ok(Progress::Waits);
        }
        let may_return = self.readers(node, "may_return", may_return)?;
        let until = timers::end_of_wait(self, node, what)?;
        let waits_for = if let WaitFor::Event { name } = what { Some(name.clone()) } else { None };
        self.push(Event::WaitOpened { node: node.name.clone(), waits_for, until, may_return });
        if let Some(at) = until {
            timers::set_for_wait(self, node, at);
        }
        Ok(Progress::Waits)
    }

    /// Approves the subject when no deciding node is left on the way. Guards that lie ahead are evaluated now, and their answer stands.
    fn approve_when_all_decided(&mut self) {
        let nodes = &self.definition.nodes;
        if self.case.status != Status::InApproval || self.decides_ahead(nodes) {
            return;
        }
        self.settle_ahead(nodes);
        self.push(Event::Approved);
        self.hook(super::super::HookAt::Approved);
    }

    /// Whether somebody decides, or will on the way as it looks now. A guard that cannot be answered counts: the case has to come there.
    fn decides_ahead(&self, nodes: &[Node]) -> bool {
        // The last ones first: where much lies ahead, one of them says so.
        nodes.iter().rev().filter(|node| tree::decides(node)).any(|node| match self.stage(node) {
            Some(Stage::Passed | Stage::Skipped) => false,
            Some(Stage::Failed) => true,
            Some(Stage::Active) => self.decides_within(node),
            None => match self.guard(node, &self.facts) {
                Ok((enters, _)) => enters && self.decides_within(node),
                Err(_) => true,
            },
        })
    }

    fn decides_within(&self, node: &Node) -> bool {
        let NodeKind::Branch { ways, inclusive } = &node.kind else {
            return node.kind.decides() || node.kind.ways().any(|way| self.decides_ahead(way));
        };
        let known = self.state(node).map(|state| state.ways.clone()).filter(|ways| !ways.is_empty());
        let chosen = match known {
            Some(chosen) => chosen,
            None => match self.choose(node, ways, *inclusive, &self.facts) {
                Ok((chosen, _)) => chosen,
                Err(_) => return true,
            },
        };
        ways.iter().any(|way| chosen.contains(&way.name) && self.decides_ahead(&way.nodes))
    }

    /// Writes down that nobody decides on what lies ahead, so that a mark that changes later cannot bring in a decision after the
    /// approval.
    fn settle_ahead(&mut self, nodes: &'a [Node]) {
        for node in nodes.iter().filter(|node| tree::decides(node)) {
            if matches!(self.stage(node), Some(Stage::Passed | Stage::Skipped)) {
                continue;
            }
            if self.stage(node).is_none() && !self.enter_settled(node) {
                continue;
            }
            let chosen = self.state(node).map(|state| state.ways.clone()).unwrap_or_default();
            match &node.kind {
                NodeKind::Branch { ways, .. } => {
                    for way in ways.iter().filter(|way| chosen.contains(&way.name)) {
                        self.settle_ahead(&way.nodes);
                    }
                }
                kind => {
                    for way in kind.ways() {
                        self.settle_ahead(way);
                    }
                }
            }
        }
    }

    /// Enters or skips a construct ahead of the walk, with its choice of ways.
    fn enter_settled(&mut self, node: &'a Node) -> bool {
        let Ok((enters, reads)) = self.guard(node, &self.facts) else { return false };
        let (name, title) = (node.name.clone(), node.title.clone());
        if !enters {
            self.push(Event::NodeSkipped { node: name, title, because: SkipReason::Guard, reads });
            return false;
        }
        self.push(Event::NodeEntered { node: name.clone(), title, reads });
        if let NodeKind::Branch { ways, inclusive } = &node.kind
            && let Ok((ways, reads)) = self.choose(node, ways, *inclusive, &self.facts)
        {
            self.push(Event::WayChosen { node: name, ways, reads });
        }
        true
    }
}
