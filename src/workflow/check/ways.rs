//! Every way that a record can take: nodes that none reaches, branches that some fall through, ways on which nobody independent
//! decides.

use super::possible::{Possible, assume};
use crate::i18n::{Arg, Message, msg};
use crate::workflow::explain::condition_phrase;
use crate::workflow::language::Finding;
use crate::workflow::{Condition, Definition, DrafterIsApprover, Entry, Node, NodeKind, Place, Way, Who};

/// More cases than this are not followed; then nothing is claimed.
const MOST: usize = 2_000;

/// Who was asked on a way so far.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Asked {
    Nobody,
    OnlyTheDrafter,
    Somebody,
}

/// A record on its way.
#[derive(Clone, Debug, PartialEq)]
struct Case {
    possible: Possible,
    asked: Asked,
}

struct Walk {
    drafter_counts: bool,
    findings: Vec<Finding>,
    gave_up: bool,
}

/// Every way that is wrong.
pub(super) fn check(definition: &Definition, header: Place) -> Vec<Finding> {
    let start = vec![Possible::default()];
    let takes = definition.takes.as_ref().filter(|takes| !takes.is_nothing());
    let start = takes.map_or_else(|| start.clone(), |takes| assume(takes, true, start.clone()));
    if start.is_empty() {
        return vec![Finding::error(header, msg!("workflow.fault.takes_nothing"))];
    }
    let mut walk = Walk {
        drafter_counts: definition.drafter_is_approver == DrafterIsApprover::Allow,
        findings: Vec::new(),
        gave_up: false,
    };
    let start = start.into_iter().map(|possible| Case { possible, asked: Asked::Nobody }).collect();
    let ends = walk.sequence(&definition.nodes, start, &[]);
    if !walk.gave_up {
        for (asked, problem) in [
            (Asked::Nobody, msg!("workflow.fault.nobody_decides")),
            (Asked::OnlyTheDrafter, msg!("workflow.fault.only_the_drafter")),
        ] {
            if let Some(end) = ends.iter().find(|end| end.asked == asked) {
                walk.findings.push(Finding::error(header, problem).hint(such(&end.possible)));
            }
        }
    }
    walk.findings
}

impl Walk {
    /// `after` are the conditions that follow the sequence.
    fn sequence(&mut self, nodes: &[Node], mut cases: Vec<Case>, after: &[&Condition]) -> Vec<Case> {
        for (index, node) in nodes.iter().enumerate() {
            let following = nodes.iter().skip(index + 1).flat_map(conditions);
            let later: Vec<&Condition> = following.chain(after.iter().copied()).collect();
            cases = self.node(node, cases, &later);
            cases = self.forget(cases, &later);
            if self.gave_up {
                return cases;
            }
        }
        cases
    }

    fn node(&mut self, node: &Node, cases: Vec<Case>, later: &[&Condition]) -> Vec<Case> {
        let (inside, mut skipped) = match &node.when {
            None => (cases, Vec::new()),
            Some(when) => (refine(&cases, when, true), refine(&cases, when, false)),
        };
        if inside.is_empty() {
            self.findings.push(Finding::error(node.place, msg!("workflow.fault.unreachable", name = &node.name)));
            return skipped;
        }
        let passed = match &node.kind {
            NodeKind::Branch { ways, inclusive: false } => self.branch(node, ways, inside, later),
            NodeKind::Branch { ways, inclusive: true } => self.inclusive(node, ways, inside, later),
            NodeKind::Parallel { .. } => self.parallel(&node.kind.ways().collect::<Vec<_>>(), inside, later),
            NodeKind::Run { nodes, .. } => self.run(nodes, inside, later),
            NodeKind::Approve { by, .. } => self.asked(inside, only_drafter(by)),
            NodeKind::Countersign { entries, .. } => {
                let all_drafter = entries.iter().all(|entry| {
                    let (Entry::OneOf { who, .. } | Entry::EveryoneIn { who, .. }) = entry;
                    only_drafter(who)
                });
                self.asked(inside, all_drafter)
            }
            NodeKind::CopyTo { .. } | NodeKind::Wait { .. } | NodeKind::Act { .. } => inside,
        };
        skipped.extend(passed);
        skipped
    }

    /// Exactly one way: the first whose condition holds.
    fn branch(&mut self, node: &Node, ways: &[Way], cases: Vec<Case>, later: &[&Condition]) -> Vec<Case> {
        let mut rest = cases;
        let mut out = Vec::new();
        for way in ways {
            let inside = match &way.condition {
                None => std::mem::take(&mut rest),
                Some(condition) => {
                    let inside = refine(&rest, condition, true);
                    rest = refine(&rest, condition, false);
                    inside
                }
            };
            if inside.is_empty() {
                let place = way.nodes.first().map_or(node.place, |first| first.place);
                self.findings.push(Finding::error(
                    place,
                    msg!("workflow.fault.unreachable_way", name = &way.name, branch = &node.name),
                ));
            } else {
                out.extend(self.sequence(&way.nodes, inside, later));
            }
        }
        if let Some(left) = rest.first().filter(|_| !self.gave_up) {
            let problem = msg!("workflow.fault.no_way", name = &node.name);
            let sure = left.possible.only_amount();
            let finding =
                if sure { Finding::error(node.place, problem) } else { Finding::warning(node.place, problem) };
            self.findings.push(finding.hint(such(&left.possible)));
        }
        // Who finds no way is stuck, and passes nothing.
        out
    }

    /// Each way whose condition holds.
    fn inclusive(&mut self, node: &Node, ways: &[Way], mut cases: Vec<Case>, later: &[&Condition]) -> Vec<Case> {
        let mut none = cases.clone();
        let within = ways.iter().flat_map(|way| way.condition.iter().chain(way.nodes.iter().flat_map(conditions)));
        let later: Vec<&Condition> = within.chain(later.iter().copied()).collect();
        for way in ways {
            let (inside, outside) = match &way.condition {
                None => (none.clone(), cases.iter().filter(|case| !none.contains(case)).cloned().collect()),
                Some(condition) => {
                    none = refine(&none, condition, false);
                    (refine(&cases, condition, true), refine(&cases, condition, false))
                }
            };
            if inside.is_empty() {
                let place = way.nodes.first().map_or(node.place, |first| first.place);
                self.findings.push(Finding::error(
                    place,
                    msg!("workflow.fault.unreachable_way", name = &way.name, branch = &node.name),
                ));
            }
            cases = outside;
            cases.extend(self.sequence(&way.nodes, inside, &later));
        }
        cases
    }

    /// All ways, one after the other: their order does not matter for what a record is.
    fn parallel(&mut self, ways: &[&[Node]], cases: Vec<Case>, later: &[&Condition]) -> Vec<Case> {
        let within = ways.iter().copied().flatten().flat_map(conditions);
        let later: Vec<&Condition> = within.chain(later.iter().copied()).collect();
        ways.iter().fold(cases, |cases, way| self.sequence(way, cases, &later))
    }

    /// Another workflow: it was looked at when it was published, and need not use all of its ways here.
    fn run(&mut self, nodes: &[Node], cases: Vec<Case>, later: &[&Condition]) -> Vec<Case> {
        let ours = self.findings.len();
        let cases = self.sequence(nodes, cases, later);
        self.findings.truncate(ours);
        cases
    }

    fn asked(&self, cases: Vec<Case>, only_drafter: bool) -> Vec<Case> {
        // Unless the file lets drafters decide, somebody else is asked in their place.
        let now = if only_drafter && self.drafter_counts { Asked::OnlyTheDrafter } else { Asked::Somebody };
        cases.into_iter().map(|case| Case { asked: case.asked.max(now), ..case }).collect()
    }

    /// Cases that later conditions cannot tell apart are one.
    fn forget(&mut self, cases: Vec<Case>, later: &[&Condition]) -> Vec<Case> {
        let words: Vec<String> = later.iter().map(|condition| format!("{condition:?}")).collect();
        let asks = |needle: &str| words.iter().any(|words| words.contains(needle));
        let amounts = asks("AmountFrom") || asks("AmountBelow");
        let mut found: Vec<Case> = Vec::new();
        for mut case in cases {
            if case.asked == Asked::Somebody {
                if !amounts {
                    (case.possible.from, case.possible.below) = (None, None);
                }
                case.possible.answers.retain(|words, _| asks(words));
                case.possible
                    .fields
                    .retain(|field, _| asks(&format!("{field:?}")) || (field == "category" && asks("CategoryIs")));
            }
            if !found.contains(&case) {
                found.push(case);
            }
        }
        self.gave_up |= found.len() > MOST;
        found
    }
}

fn refine(cases: &[Case], condition: &Condition, answer: bool) -> Vec<Case> {
    let refined = cases.iter().flat_map(|case| {
        let possible = assume(condition, answer, vec![case.possible.clone()]);
        possible.into_iter().map(|possible| Case { possible, asked: case.asked })
    });
    refined.collect()
}

/// Every condition in a node and within it.
fn conditions(node: &Node) -> Vec<&Condition> {
    let mut found: Vec<&Condition> = node.when.iter().collect();
    match &node.kind {
        NodeKind::Branch { ways, .. } => {
            for way in ways {
                found.extend(&way.condition);
                found.extend(way.nodes.iter().flat_map(conditions));
            }
        }
        kind => found.extend(kind.ways().flatten().flat_map(conditions)),
    }
    found
}

fn only_drafter(who: &Who) -> bool {
    match who {
        Who::Drafter => true,
        Who::FirstOf { rules } | Who::AnyOf { rules } => rules.iter().all(only_drafter),
        _ => false,
    }
}

/// For example: amount below 100,000 and no deviation.
fn such(possible: &Possible) -> Message {
    let said: Vec<Message> = possible.conditions().iter().map(condition_phrase).collect();
    if said.is_empty() {
        msg!("workflow.hint.every_record")
    } else {
        msg!("workflow.hint.such_records", such = Arg::from(said))
    }
}
