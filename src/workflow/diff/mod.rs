//! What changed between two versions of a workflow, node by node: as values, and as sentences.
//!
//! Nodes are known by name: a node of another name is another node. Options are compared as they are stored, closures by their text,
//! so that lines, comments and the order of options change nothing.

mod facets;
mod place;

pub use place::Spot;

use facets::Facet;
use place::Placed;

use super::explain::Names;
use super::explain::sentences::step;
use super::language::Loaded;
use super::{Node, NodeName};
use crate::i18n::{Arg, Message, msg};

/// One thing that changed.
#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    /// An option says something else.
    Option {
        /// Whose.
        of: Whose,
        /// The word of the language.
        option: &'static str,
        /// What it said; nothing where it was not written.
        old: Option<Arg>,
        /// What it says now; nothing where it is no longer written.
        new: Option<Arg>,
    },
    /// A node that was not there.
    Added {
        /// Which.
        node: Called,
        /// Where it stands.
        at: Spot,
        /// What it does.
        does: Message,
    },
    /// A node that is no longer there.
    Removed {
        /// Which.
        node: Called,
        /// Where it stood.
        from: Spot,
    },
    /// A node that stands elsewhere.
    Moved {
        /// Which.
        node: Called,
        /// Where it stood.
        from: Spot,
        /// Where it stands.
        to: Spot,
    },
    /// A way of a construct that was not there.
    WayAdded {
        /// The construct.
        construct: Called,
        /// What the way is called.
        way: String,
        /// When it is taken; nothing for a way that is always taken.
        condition: Option<Message>,
    },
    /// A way of a construct that is no longer there.
    WayRemoved {
        /// The construct.
        construct: Called,
        /// What the way was called.
        way: String,
    },
}

/// Whose option changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Whose {
    /// The workflow's own.
    Workflow,
    /// A node's.
    Node(Called),
    /// That of a way.
    Way {
        /// The construct.
        construct: Called,
        /// What the way is called now.
        way: String,
    },
}

/// A node as people and files call it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Called {
    /// Its name.
    pub name: NodeName,
    /// Its title.
    pub title: String,
}

impl Called {
    fn of(node: &Node) -> Self {
        Self { name: node.name.clone(), title: node.title.clone() }
    }

    fn message(&self) -> Message {
        if self.title == self.name {
            msg!("workflow.diff.untitled", name = &self.name)
        } else {
            msg!("workflow.diff.node", title = &self.title, name = &self.name)
        }
    }
}

/// One of the two versions.
#[derive(Clone, Copy)]
struct Version<'a> {
    loaded: &'a Loaded,
    names: Names<'a>,
}

impl<'a> Version<'a> {
    fn of(loaded: &'a Loaded, names: Names<'a>) -> Self {
        Self { loaded, names: Names { script: Some(&loaded.script), ..names } }
    }
}

/// What changed from one version to another: the workflow's own options, then nodes that are gone, then the nodes in the order of the
/// new file, then what happens at the ends.
pub fn diff(old: &Loaded, new: &Loaded, names: Names<'_>) -> Vec<Change> {
    let (old, new) = (Version::of(old, names), Version::of(new, names));
    let mut changes = options(&Whose::Workflow, &facets::of_workflow(old), &facets::of_workflow(new));
    let (before, after) = place::placed(old.loaded, new.loaded);
    let gone = before.iter().filter(|placed| find(&after, &placed.node.name).is_none());
    changes.extend(gone.map(|placed| Change::Removed { node: Called::of(placed.node), from: placed.spot.clone() }));
    for placed in &after {
        match find(&before, &placed.node.name) {
            None => {
                let does = step(placed.node, new.names);
                changes.push(Change::Added { node: Called::of(placed.node), at: placed.spot.clone(), does });
            }
            Some(earlier) => changes.extend(node((old, earlier), (new, placed))),
        }
    }
    changes.extend(options(&Whose::Workflow, &facets::of_hooks(old), &facets::of_hooks(new)));
    changes
}

fn find<'p, 'a>(placed: &'p [Placed<'a>], name: &str) -> Option<&'p Placed<'a>> {
    placed.iter().find(|placed| placed.node.name == name)
}

/// What changed of a node that is in both.
fn node((old, before): (Version<'_>, &Placed<'_>), (new, after): (Version<'_>, &Placed<'_>)) -> Vec<Change> {
    let mut changes = Vec::new();
    if after.moved {
        let (from, to) = (before.spot.clone(), after.spot.clone());
        changes.push(Change::Moved { node: Called::of(after.node), from, to });
    }
    let whose = Whose::Node(Called::of(after.node));
    changes.extend(options(&whose, &facets::of_node(before.node, old), &facets::of_node(after.node, new)));
    let matched = place::matched(before.node, after.node);
    let (were, are) = (place::ways(before.node), place::ways(after.node));
    // A node of another kind has ways of its own, of which its kind says enough.
    if were.is_empty() || are.is_empty() {
        return changes;
    }
    let construct = Called::of(after.node);
    for (number, way) in were.iter().enumerate() {
        if matched.get(number).copied().flatten().is_none() {
            changes.push(Change::WayRemoved { construct: construct.clone(), way: way.label.clone() });
        }
    }
    for (number, way) in are.iter().enumerate() {
        let earlier = matched.iter().position(|taken| *taken == Some(number)).and_then(|index| were.get(index));
        let Some(earlier) = earlier else {
            let condition = facets::way_condition(way, new.names);
            changes.push(Change::WayAdded { construct: construct.clone(), way: way.label.clone(), condition });
            continue;
        };
        let whose = Whose::Way { construct: construct.clone(), way: way.label.clone() };
        changes.extend(options(&whose, &facets::of_way(earlier, old), &facets::of_way(way, new)));
    }
    changes
}

/// Options that say something else.
fn options(of: &Whose, old: &[Facet], new: &[Facet]) -> Vec<Change> {
    let mut changes = Vec::new();
    for facet in new {
        let before = old.iter().find(|one| one.option == facet.option);
        if before.is_none_or(|before| before.value != facet.value) {
            let old = before.and_then(|before| before.said.clone());
            if old.is_some() || facet.said.is_some() {
                changes.push(Change::Option { of: of.clone(), option: facet.option, old, new: facet.said.clone() });
            }
        }
    }
    for facet in old.iter().filter(|one| !new.iter().any(|other| other.option == one.option) && one.said.is_some()) {
        changes.push(Change::Option { of: of.clone(), option: facet.option, old: facet.said.clone(), new: None });
    }
    changes
}

impl Change {
    /// As a sentence.
    pub fn message(&self) -> Message {
        match self {
            Self::Option { of, option, old, new } => {
                let of = of.message();
                match (old.clone(), new.clone()) {
                    (Some(old), Some(new)) => {
                        msg!("workflow.diff.changed", of = of, option = *option, old = old, new = new)
                    }
                    (None, Some(new)) => msg!("workflow.diff.set", of = of, option = *option, new = new),
                    (old, _) => {
                        let old = old.unwrap_or_else(|| msg!("workflow.say.nothing").into());
                        msg!("workflow.diff.unset", of = of, option = *option, old = old)
                    }
                }
            }
            Self::Added { node, at, does } => {
                msg!("workflow.diff.added", node = node.message(), at = at.message(), does = does.clone())
            }
            Self::Removed { node, from } => {
                msg!("workflow.diff.removed", node = node.message(), from = from.message())
            }
            Self::Moved { node, from, to } => {
                msg!("workflow.diff.moved", node = node.message(), from = from.message(), to = to.message())
            }
            Self::WayAdded { construct, way, condition: Some(condition) } => {
                let condition = condition.clone();
                msg!("workflow.diff.way_added", node = construct.message(), way = way, condition = condition)
            }
            Self::WayAdded { construct, way, condition: None } => {
                msg!("workflow.diff.way_added_always", node = construct.message(), way = way)
            }
            Self::WayRemoved { construct, way } => {
                msg!("workflow.diff.way_removed", node = construct.message(), way = way)
            }
        }
    }
}

impl Whose {
    fn message(&self) -> Message {
        match self {
            Self::Workflow => msg!("workflow.diff.workflow"),
            Self::Node(node) => node.message(),
            Self::Way { construct, way } => msg!("workflow.diff.way", node = construct.message(), way = way),
        }
    }
}

#[cfg(test)]
mod tests;
