//! What has been built while a file is read.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rhai::{AST, Dynamic, FnPtr};

use super::fault::Finding;
use super::scripting::json;
use super::syntax::{Outline, Shape, Site};
use super::values::NodeHandle;
use super::words::{self, Stands};
use super::{Loaded, Shelf};
use crate::i18n::msg;
use crate::workflow::inline::Inlined;
use crate::workflow::{Definition, Hook, Node, NodeKind, Place, ScriptId};

/// How many values a closure may capture, counting those within others.
const MOST_CAPTURED: usize = 2_000;
/// What follows the name of a node that nothing waits for, in the name of the construct around it and what follows it. No author can
/// write such a name.
const BESIDE: char = '+';
/// The same in its title.
const BESIDE_TITLE: char = '∥';
/// How deep they may lie within each other.
const DEEPEST_CAPTURED: usize = 16;

/// A closure that stands for a condition, a rule or effects.
#[derive(Clone, Debug)]
pub(super) struct Closure {
    /// The file it stands in.
    pub ast: Arc<AST>,
    /// Where that file's nodes stand.
    pub inlined: Inlined,
    /// The function, with captured values that nobody else holds.
    pub function: FnPtr,
    /// Where it is written.
    pub place: Place,
    /// What it says.
    pub text: String,
}

/// A name that was used for something else than declaring it, with its place.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Named {
    /// What kind of name.
    pub what: NameOf,
    /// The name.
    pub name: String,
    /// Where it stands.
    pub place: Place,
}

/// What a name names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum NameOf {
    /// A role.
    Role,
    /// A login.
    User,
    /// The code of a department.
    Department,
    /// An authority grid.
    Grid,
    /// A field of the record.
    Field,
    /// A date field of the record.
    DateField,
    /// A node of the definition.
    Node,
    /// An outside event.
    Event,
    /// A part of the document.
    Part,
    /// An effect.
    Effect,
}

/// What has been built so far.
#[derive(Default)]
pub(super) struct Loading {
    /// What `workflow(…)` said.
    pub header: Option<Definition>,
    /// Where it stands.
    pub header_place: Place,
    /// Effects at the ends.
    pub hooks: Vec<Hook>,
    /// Closures by their id.
    pub closures: Vec<Closure>,
    /// Names that `check` looks up.
    pub names: Vec<Named>,
    /// Steps that approve by silence, and whether the file says why.
    pub silent_approvals: Vec<(Place, bool)>,
    /// Options about parts that whoever has them does not see.
    pub unseen: Vec<Finding>,
    /// What is wrong.
    pub findings: Vec<Finding>,
    /// Nodes that nothing waits for.
    pub beside: BTreeSet<String>,
    /// How many nodes came from other files.
    pub taken_in: usize,
    outline: Arc<Outline>,
    ast: Arc<AST>,
    shelf: Shelf,
    nodes: Vec<Option<Node>>,
    declared: BTreeMap<String, Place>,
}

impl Loading {
    /// Nothing yet, of a file with this outline.
    pub(super) fn of(ast: Arc<AST>, outline: Arc<Outline>, shelf: Shelf) -> Self {
        Self { outline, ast, shelf, ..Self::default() }
    }

    /// The workflows that `run` may name.
    pub(super) fn shelf(&self) -> &Shelf {
        &self.shelf
    }

    /// The nodes of another workflow within `node`, with their closures.
    pub(super) fn take_in(&mut self, node: &str, used: &Loaded) -> Vec<Node> {
        let scripts = u32::try_from(self.closures.len()).unwrap_or(u32::MAX);
        let inlined = Inlined { node: node.to_owned(), scripts };
        self.closures.extend(used.script.within(&inlined));
        let mut nodes = used.definition.nodes.clone();
        inlined.nodes(&mut nodes);
        nodes
    }

    /// A sequence in which what follows a node that nothing waits for happens beside it.
    pub(super) fn side_by_side(&self, mut nodes: Vec<Node>) -> Vec<Node> {
        let alone = nodes.iter().position(|node| self.beside.contains(&node.name));
        let Some(index) = alone.filter(|index| index + 1 < nodes.len()) else { return nodes };
        let following = self.side_by_side(nodes.split_off(index + 1));
        let alone = nodes.split_off(index);
        nodes.extend(alone.first().map(|first| Node {
            name: format!("{}{BESIDE}", first.name),
            title: format!("{} {BESIDE_TITLE}", first.title),
            place: first.place,
            when: None,
            kind: NodeKind::Parallel { ways: vec![alone.clone(), following] },
        }));
        nodes
    }

    /// Where the arguments of the call at `place` stand.
    pub(super) fn sites(&self, place: Place) -> Option<&Vec<Site>> {
        self.outline.sites.get(&place)
    }

    /// Declares a node; its name must be new.
    pub(super) fn declare(&mut self, node: Node, name_place: Place) -> NodeHandle {
        match self.declared.get(&node.name) {
            Some(first) => {
                let problem = msg!("workflow.fault.duplicate_node", name = &node.name, line = first.line);
                self.findings.push(Finding::error(name_place, problem));
            }
            None => {
                self.declared.insert(node.name.clone(), name_place);
            }
        }
        self.nodes.push(Some(node));
        NodeHandle(self.nodes.len() - 1)
    }

    /// A construct takes a node; each node can be taken once.
    pub(super) fn adopt(&mut self, NodeHandle(index): NodeHandle, place: Place) -> Option<Node> {
        let node = self.nodes.get_mut(index).and_then(Option::take);
        if node.is_none() {
            self.findings.push(Finding::error(place, msg!("workflow.fault.adopted_twice")));
        }
        node
    }

    /// What nobody adopted, in the order of the lines.
    pub(super) fn top_level(&mut self) -> Vec<Node> {
        let nodes = std::mem::take(&mut self.nodes).into_iter().flatten().collect();
        self.side_by_side(nodes)
    }

    /// Notes a name for the checks.
    pub(super) fn named(&mut self, what: NameOf, name: &str, place: Place) {
        self.names.push(Named { what, name: name.to_owned(), place });
    }

    /// Keeps a closure. What it captured is copied, so that no two calls share anything.
    pub(super) fn closure(&mut self, mut function: FnPtr, place: Place) -> Result<ScriptId, Finding> {
        let shape = self.outline.functions.get(function.fn_name()).cloned();
        let Some(shape) = shape else { return Err(Finding::error(place, msg!("workflow.fault.not_a_closure"))) };
        if shape.parameters.len() != function.curry().len() + 1 {
            return Err(
                Finding::error(place, msg!("workflow.fault.closure_parameters")).hint(msg!("workflow.hint.closure"))
            );
        }
        let outline = Arc::clone(&self.outline);
        for (_, shape) in outline.reached(function.fn_name()) {
            self.check_closure(shape);
        }
        let mut budget = MOST_CAPTURED;
        for value in function.iter_curry_mut() {
            *value = unshared(std::mem::take(value), DEEPEST_CAPTURED, &mut budget);
        }
        if budget == 0 {
            return Err(Finding::error(place, msg!("workflow.fault.captured_too_much")));
        }
        let captured = shape.parameters.iter().zip(function.curry());
        let captured: Vec<String> = captured.map(|(name, value)| format!("{name} = {}", json(value))).collect();
        let mut text = self.outline.text(function.fn_name());
        if !captured.is_empty() {
            text.extend([" /* ", &captured.join(", "), " */"]);
        }
        self.closures.push(Closure { ast: Arc::clone(&self.ast), inlined: Inlined::default(), function, place, text });
        u32::try_from(self.closures.len() - 1)
            .map(ScriptId)
            .map_err(|_| Finding::error(place, msg!("workflow.fault.too_large")))
    }
}

impl Loading {
    /// Notes the fields that a closure reads, and what it may not do.
    fn check_closure(&mut self, shape: &Shape) {
        for (field, place) in &shape.fields {
            self.named(NameOf::Field, field, *place);
        }
        for (name, place) in &shape.assigned {
            self.findings.push(Finding::error(*place, msg!("workflow.fault.assigned", name = name)));
        }
        for call in shape.calls.iter().filter(|call| !call.method && call.name != "has") {
            if let Some(word) = words::named(&call.name).filter(|word| word.stands == Stands::File) {
                let finding = Finding::error(call.place, msg!("workflow.fault.in_closure", word = word.name));
                self.findings.push(finding.hint(msg!("workflow.hint.in_closure", word = word.name)));
            }
        }
    }
}

/// The value with nothing in it that another value could change. A value that captured itself would never end: the budget ends it.
fn unshared(value: Dynamic, depth: usize, budget: &mut usize) -> Dynamic {
    if depth == 0 || *budget == 0 {
        *budget = 0;
        return Dynamic::UNIT;
    }
    let depth = depth - 1;
    *budget -= 1;
    let value = value.flatten();
    if value.is_array() {
        let items = value.into_array().unwrap_or_default();
        return Dynamic::from_array(items.into_iter().map(|item| unshared(item, depth, budget)).collect());
    }
    if value.is_map() {
        let entries = value.try_cast::<rhai::Map>().unwrap_or_default();
        return Dynamic::from_map(
            entries.into_iter().map(|(key, value)| (key, unshared(value, depth, budget))).collect(),
        );
    }
    match value.clone().try_cast::<FnPtr>() {
        Some(mut function) => {
            for captured in function.iter_curry_mut() {
                *captured = unshared(std::mem::take(captured), depth, budget);
            }
            Dynamic::from(function)
        }
        None => value,
    }
}
