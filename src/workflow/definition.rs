//! What a workflow file leaves behind: a plain value that the engine walks.
//!
//! The file runs once, in a sandbox, when it is loaded. Structure never depends on data: only guards, approver rules and hooks look
//! at a subject, and those that are not named values are ids into a [`Script`](super::Script).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Condition, DecisionOptions, EffectSpec, Hook, OnReturn, Who};
use crate::kernel::{Amount, Hash, Kind};

/// The number of the language; it rises when a word changes meaning, and enters every version hash.
pub const LANGUAGE: u32 = 1;

/// Between the name of a node that runs another workflow and the name of a node of that workflow.
pub const WITHIN: char = '/';

/// The name of a node, unique in its definition. Nodes are known by name, never by index.
pub type NodeName = String;

/// A place in a workflow file, counted from 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Place {
    /// Line in the file.
    pub line: u32,
    /// Column in the line.
    pub column: u32,
}

/// One version of one workflow, immutable.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Definition {
    /// The name that `workflow("…")` gives.
    pub name: String,
    /// The file the definition was read from, for reasons and messages.
    pub file: String,
    /// Hash of the language number and the source.
    pub version: Hash,
    /// What people call it.
    pub title: String,
    /// The kind of record it carries.
    pub subject: Kind,
    /// Which records of the kind it takes; `None` takes every one.
    pub takes: Option<Condition>,
    /// Which amount bands and guards read.
    pub amount: AmountRule,
    /// Files that must be there before submitting.
    pub needs: Vec<FileNeed>,
    /// What happens when the drafter stands among the candidates.
    pub drafter_is_approver: DrafterIsApprover,
    /// What happens when somebody who decided already is asked again.
    pub same_person_again: SamePersonAgain,
    /// Who is told when a rule finds nobody.
    pub nobody_found: Who,
    /// When the submitter may take the case back.
    pub withdraw: WithdrawRule,
    /// The sequence, in the order of the lines.
    pub nodes: Vec<Node>,
    /// What happens at the ends and at events of the subject.
    pub hooks: Vec<Hook>,
}

impl Definition {
    /// Every node in the order of the file, those within others after them.
    pub fn every_node(&self) -> Vec<&Node> {
        super::engine::all_nodes(&self.nodes)
    }

    /// The node of that name.
    pub fn node(&self, name: &str) -> Option<&Node> {
        super::engine::find_node(&self.nodes, name)
    }

    /// The steps that show whoever decides there only parts of the record.
    pub fn showing_parts(&self) -> impl Iterator<Item = &Node> {
        let shows = |node: &&Node| node.kind.options().is_some_and(|options| !options.may_see.is_empty());
        self.every_node().into_iter().filter(shows)
    }

    /// The file in which a node is written: that of the workflow that it was taken from by `run`, else its own.
    pub fn file_of(&self, node: &str) -> &str {
        let run = node.rsplit_once(WITHIN).and_then(|(run, _)| self.node(run));
        match run.map(|run| &run.kind) {
            Some(NodeKind::Run { file, .. }) => file,
            _ => &self.file,
        }
    }

    /// Where a node is written, `FILE:LINE`.
    pub fn place_of(&self, node: &Node) -> String {
        [self.file_of(&node.name), ":", &node.place.line.to_string()].concat()
    }

    /// Where a node stands in the file itself: one of a workflow that is run, where that is run.
    pub fn written(&self, node: &Node) -> Place {
        let outermost = node.name.split(WITHIN).next().and_then(|name| self.node(name));
        outermost.unwrap_or(node).place
    }

    /// The workflows that its nodes run, each with its version.
    pub fn runs(&self) -> BTreeMap<&str, Hash> {
        let run = |node: &'_ Node| !node.name.contains(WITHIN);
        let own = self.every_node().into_iter().filter(|node| run(node));
        let used = own.filter_map(|node| match &node.kind {
            NodeKind::Run { workflow, version, .. } => Some((workflow.as_str(), *version)),
            _ => None,
        });
        used.collect()
    }
}

/// Which amount counts as the approval amount (审批金额).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AmountRule {
    /// Tax-inclusive total in the base currency: the original and all supplements. The default for contracts.
    #[default]
    TotalWithSupplements,
    /// The record's own amount.
    OwnTotal,
}

/// A file that must be there, by the label of its slot.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FileNeed {
    /// The label of the slot.
    pub label: String,
    /// Only needed where this holds.
    pub when: Option<Condition>,
}

/// Nobody approves alone what they drafted, unless the file says otherwise.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DrafterIsApprover {
    /// The drafter is taken out; only if nobody is left their manager is asked.
    #[default]
    AskTheirManager,
    /// The drafter may decide; written on purpose.
    Allow,
}

/// What happens when somebody who approved already would be asked again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SamePersonAgain {
    /// Nobody is skipped.
    #[default]
    AskAgain,
    /// Two neighbouring approvals with the same person count once; printed as 自动通过 with the reason.
    SkipIfNextToEachOther,
}

/// When the submitter may withdraw.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WithdrawRule {
    /// Until somebody has decided.
    #[default]
    BeforeFirstDecision,
    /// As long as the case is in approval.
    AnyTime,
}

/// One node.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Node {
    /// Unique in the definition.
    pub name: NodeName,
    /// What people read.
    pub title: String,
    /// Where it is declared.
    pub place: Place,
    /// Entered only where this holds.
    pub when: Option<Condition>,
    /// What it does.
    pub kind: NodeKind,
}

/// What a node does.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum NodeKind {
    /// One decision; any one of the people found decides (或签).
    Approve {
        /// Who is asked.
        by: Who,
        /// 自由流转: the approver names who is next.
        free_flow: bool,
        /// Everything else.
        options: DecisionOptions,
    },
    /// Several entries decide (会签).
    Countersign {
        /// One vote each.
        entries: Vec<Entry>,
        /// When it has passed.
        rule: CountRule,
        /// Logins or roles whose rejection fails the node at once.
        veto: Vec<Who>,
        /// Everything else.
        options: DecisionOptions,
    },
    /// Exactly one way, or every way whose condition holds (inclusive).
    Branch {
        /// The ways in the order of the file; at most the last is `otherwise`.
        ways: Vec<Way>,
        /// Every way that holds is taken, instead of the first.
        inclusive: bool,
    },
    /// All ways at once, joined before the next node.
    Parallel {
        /// The ways.
        ways: Vec<Vec<Node>>,
    },
    /// 抄送; never blocks.
    CopyTo {
        /// Who reads.
        to: Vec<Who>,
    },
    /// Waits for something outside.
    Wait {
        /// For what.
        what: WaitFor,
        /// People who may return or reject the case while it waits.
        may_return: Vec<Who>,
        /// Who is asked after such a return.
        on_return: OnReturn,
    },
    /// Effects in the middle of the flow.
    Act {
        /// What is done.
        effects: Vec<EffectSpec>,
    },
    /// 子流程: the nodes of another workflow, as they were when this one was read. Their names begin with that of the node and a slash.
    Run {
        /// Its name.
        workflow: String,
        /// Which version of it.
        version: Hash,
        /// The file it was read from.
        file: String,
        /// Its nodes.
        nodes: Vec<Node>,
    },
}

impl NodeKind {
    /// The sequences inside, each in its order; none of nodes that are no construct.
    pub fn ways(&self) -> impl Iterator<Item = &[Node]> {
        let (chosen, all, run): (&[Way], &[Vec<Node>], Option<&[Node]>) = match self {
            Self::Branch { ways, .. } => (ways, &[], None),
            Self::Parallel { ways } => (&[], ways, None),
            Self::Run { nodes, .. } => (&[], &[], Some(nodes)),
            Self::Approve { .. }
            | Self::Countersign { .. }
            | Self::CopyTo { .. }
            | Self::Wait { .. }
            | Self::Act { .. } => (&[], &[], None),
        };
        chosen.iter().map(|way| way.nodes.as_slice()).chain(all.iter().map(Vec::as_slice)).chain(run)
    }

    /// Whether somebody decides here: the subject is approved when the last such node on the way has passed.
    pub fn decides(&self) -> bool {
        self.options().is_some()
    }

    /// The options of a node at which somebody decides.
    pub fn options(&self) -> Option<&DecisionOptions> {
        match self {
            Self::Approve { options, .. } | Self::Countersign { options, .. } => Some(options),
            _ => None,
        }
    }
}

/// One way of a branch or of an amount table.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Way {
    /// What people read; for an amount band its words, such as `不满 100万`.
    pub name: String,
    /// `None` is `otherwise`.
    pub condition: Option<Condition>,
    /// Set on the ways of `by_amount`: from (included) and up to (excluded).
    pub band: Option<Band>,
    /// What happens on this way.
    pub nodes: Vec<Node>,
}

/// A band of the approval amount in the base currency: 以上 includes the number, 不满 does not (Civil Code, article 1259).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Band {
    /// Included; `None` is no lower bound.
    pub from: Option<Amount>,
    /// Excluded; `None` is no upper bound.
    pub below: Option<Amount>,
}

impl Band {
    /// Whether an amount falls into it; `None` has no ceiling and falls into the highest.
    pub fn holds(&self, amount: Option<Amount>) -> bool {
        match amount {
            None => self.below.is_none(),
            Some(amount) => {
                self.from.is_none_or(|from| amount >= from) && self.below.is_none_or(|below| amount < below)
            }
        }
    }
}

/// One entry of a countersign: one vote.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "entry", rename_all = "snake_case")]
pub enum Entry {
    /// Any one of these people gives the vote.
    OneOf {
        /// Who.
        who: Who,
        /// Votes it weighs under `weighted`.
        weight: u32,
    },
    /// Every one of these people has a vote; frozen when the node is entered.
    EveryoneIn {
        /// Who.
        who: Who,
        /// Votes each weighs under `weighted`.
        weight: u32,
    },
}

/// When a countersign has passed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "rule", rename_all = "snake_case")]
pub enum CountRule {
    /// Every entry approves; the default.
    All,
    /// One approval is enough.
    Any,
    /// approvals × 100 ≥ percent × entries.
    Ratio {
        /// 1 to 100.
        percent: u32,
    },
    /// At least so many approvals.
    Count {
        /// How many.
        approvals: u32,
    },
    /// The weights of the approvals reach the number.
    Weighted {
        /// What they must reach.
        pass: u32,
    },
    /// One after the other, in the order of the entries; every one approves.
    InOrder,
}

/// What a wait waits for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "wait", rename_all = "snake_case")]
pub enum WaitFor {
    /// An outside event by name.
    Event {
        /// Its name.
        name: String,
    },
    /// A date field of the subject.
    DateField {
        /// Name of the field.
        field: String,
    },
    /// A span from the moment the node is entered.
    Span {
        /// How long.
        span: crate::kernel::Span,
    },
}
