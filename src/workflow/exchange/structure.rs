//! From a graph to sequences within each other: where ways split and meet again, and which flows lead back.

use std::collections::{BTreeMap, BTreeSet};

use super::model::{Flow, Kind, Process};
use super::people::{mends, turns_down};
use crate::i18n::{Message, msg};

/// Places of elements and flows are those in the lists of the process.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Structured {
    pub(super) items: Vec<Item>,
    /// What a rejection does, by the element at which it is decided.
    pub(super) rejections: BTreeMap<usize, Rejection>,
}

/// One node, with what lies within it.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Item {
    Step(usize),
    /// Ways with the flow that leads to each.
    Choice {
        at: usize,
        inclusive: bool,
        ways: Vec<(usize, Vec<Item>)>,
    },
    Parallel {
        at: usize,
        ways: Vec<Vec<Item>>,
    },
}

/// What a rejection does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rejection {
    BackTo(usize),
    BackToDrafter,
}

/// Brings a process into sequences; what does not fit is noted.
pub(super) fn structure(process: &Process, notes: &mut Vec<Message>) -> Structured {
    let Some(start) = start(process, notes) else { return Structured::default() };
    let mut graph = Graph { process, live: vec![true; process.flows.len()], left_out: BTreeSet::new() };
    let rejections = graph.cut_loops(start, notes);
    graph.cut_ends_of_rejections();
    let meets = graph.meets(start);
    let mut builder = Builder { graph: &graph, meets, seen: BTreeSet::new(), notes };
    let (items, _) = builder.sequence(start, None);
    let seen = builder.seen;
    for (place, element) in process.elements.iter().enumerate() {
        if !seen.contains(&place) && !graph.left_out.contains(&place) && element.is_step() {
            notes.push(element.note(msg!("workflow.exchange.unreached")));
        }
    }
    Structured { items, rejections }
}

/// Where it begins: at its start event, or at what nothing leads to.
fn start(process: &Process, notes: &mut Vec<Message>) -> Option<usize> {
    let is_start = |place: &usize| matches!(process.elements[*place].kind, Kind::Start);
    let mut starts = (0..process.elements.len()).filter(is_start);
    let first = starts.next();
    notes.extend(starts.map(|other| process.elements[other].note(msg!("workflow.exchange.another_start"))));
    let entered = |place: usize| process.flows.iter().any(|flow| flow.to == place);
    first.or_else(|| (0..process.elements.len()).find(|place| process.elements[*place].is_step() && !entered(*place)))
}

struct Graph<'p> {
    process: &'p Process,
    /// Which flows are still to be followed.
    live: Vec<bool>,
    /// Elements that became an option of another.
    left_out: BTreeSet<usize>,
}

impl<'p> Graph<'p> {
    fn flows(&self) -> impl Iterator<Item = (usize, &'p Flow)> {
        self.process.flows.iter().enumerate().filter(|(number, _)| self.live[*number])
    }

    fn outgoing(&self, place: usize) -> Vec<(usize, &'p Flow)> {
        self.flows().filter(|(_, flow)| flow.from == place).collect()
    }

    fn incoming(&self, place: usize) -> Vec<(usize, &'p Flow)> {
        self.flows().filter(|(_, flow)| flow.to == place).collect()
    }

    /// The decision whose outcome a gateway asks: the only thing that leads to it.
    fn decided_before(&self, gateway: usize) -> Option<usize> {
        if !matches!(self.process.elements[gateway].kind, Kind::Exclusive) {
            return None;
        }
        match self.incoming(gateway)[..] {
            [(_, flow)] if self.process.elements[flow.from].decides() => Some(flow.from),
            _ => None,
        }
    }

    /// The decision that a flow leads to, past what is no node.
    fn decision_from(&self, mut place: usize) -> Option<usize> {
        for _ in 0..self.process.elements.len() {
            if self.process.elements[place].decides() {
                return Some(place);
            }
            match self.outgoing(place)[..] {
                [(_, flow)] => place = flow.to,
                _ => return None,
            }
        }
        None
    }

    /// Elements from `start`, each after everything that follows it, and the flows that lead back.
    fn walk(&self, start: usize) -> (Vec<usize>, Vec<usize>) {
        let (mut order, mut back) = (Vec::new(), Vec::new());
        let (mut open, mut done) = (BTreeSet::from([start]), BTreeSet::new());
        let mut path = vec![(start, self.outgoing(start).into_iter())];
        while let Some((place, rest)) = path.last_mut() {
            match rest.next() {
                Some((number, flow)) if open.contains(&flow.to) => back.push(number),
                Some((_, flow)) if done.contains(&flow.to) => {}
                Some((_, flow)) => {
                    open.insert(flow.to);
                    path.push((flow.to, self.outgoing(flow.to).into_iter()));
                }
                None => {
                    let place = *place;
                    open.remove(&place);
                    done.insert(place);
                    order.push(place);
                    path.pop();
                }
            }
        }
        (order, back)
    }

    /// Takes flows that lead back out of the graph: what a rejection does, where they say that.
    fn cut_loops(&mut self, start: usize, notes: &mut Vec<Message>) -> BTreeMap<usize, Rejection> {
        let mut rejections = BTreeMap::new();
        for number in self.walk(start).1 {
            let flow = &self.process.flows[number];
            let found = self.rejections_of(number);
            self.live[number] = false;
            if found.is_empty() {
                notes.push(flow.note(msg!("workflow.exchange.goes_back")));
            }
            for (place, rejection) in found {
                rejections.entry(place).or_insert(rejection);
            }
        }
        rejections
    }

    /// What a flow that leads back says of the decisions before it.
    fn rejections_of(&mut self, number: usize) -> Vec<(usize, Rejection)> {
        let Flow { from, to, .. } = self.process.flows[number];
        let elements = &self.process.elements;
        let decided = self.decided_before(from);
        // Whoever submitted mends it and hands it in again.
        let mending =
            Some(from).filter(|from| mends(&elements[*from])).or(decided.filter(|one| mends(&elements[*one])));
        if let Some(mending) = mending {
            let gates = self.incoming(mending);
            let from: Vec<usize> = gates.iter().filter_map(|(_, flow)| self.decided_before(flow.from)).collect();
            if from.len() != gates.len() || from.is_empty() {
                return Vec::new();
            }
            for (number, _) in gates {
                self.live[number] = false;
            }
            self.left_out.insert(mending);
            return from.into_iter().map(|place| (place, Rejection::BackToDrafter)).collect();
        }
        let Some(decided) = decided else { return Vec::new() };
        let to_the_drafter = matches!(elements[to].kind, Kind::Start) || mends(&elements[to]);
        match self.decision_from(to) {
            _ if to_the_drafter => vec![(decided, Rejection::BackToDrafter)],
            Some(target) if target != decided => vec![(decided, Rejection::BackTo(target))],
            _ => Vec::new(),
        }
    }

    /// A decision that is turned down ends the case, unless the file says otherwise: no way has to say so.
    fn cut_ends_of_rejections(&mut self) {
        for gateway in 0..self.process.elements.len() {
            if self.decided_before(gateway).is_none() {
                continue;
            }
            for (number, flow) in self.outgoing(gateway) {
                let ends = matches!(self.process.elements[flow.to].kind, Kind::End);
                if ends && self.outgoing(gateway).len() > 1 && turns_down(&flow.name, flow.condition.as_deref()) {
                    self.live[number] = false;
                }
            }
        }
    }

    /// Where the ways from each element meet again: the next element that every one of them passes.
    fn meets(&self, start: usize) -> BTreeMap<usize, usize> {
        let mut passed: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
        let mut meets = BTreeMap::new();
        for place in self.walk(start).0 {
            let mut ways =
                self.outgoing(place).into_iter().map(|(_, flow)| passed.get(&flow.to).cloned().unwrap_or_default());
            let first = ways.next().unwrap_or_default();
            let mut all = ways.fold(first, |all, way| &all & &way);
            // The next one passes all the others, too.
            let next = all.iter().max_by_key(|one| passed.get(*one).map_or(0, BTreeSet::len));
            meets.extend(next.map(|next| (place, *next)));
            all.insert(place);
            passed.insert(place, all);
        }
        meets
    }
}

struct Builder<'g, 'p, 'n> {
    graph: &'g Graph<'p>,
    meets: BTreeMap<usize, usize>,
    seen: BTreeSet<usize>,
    notes: &'n mut Vec<Message>,
}

impl Builder<'_, '_, '_> {
    /// What stands from `at` on before `until`, and whether it leads there.
    fn sequence(&mut self, mut at: usize, until: Option<usize>) -> (Vec<Item>, bool) {
        let mut items = Vec::new();
        loop {
            if until == Some(at) {
                return (items, true);
            }
            let element = &self.graph.process.elements[at];
            if !self.seen.insert(at) {
                self.notes.push(element.note(msg!("workflow.exchange.shared")));
                return (items, false);
            }
            if element.is_step() {
                items.push(Item::Step(at));
            }
            let out = self.graph.outgoing(at);
            at = match out[..] {
                [] => return (items, false),
                [(_, flow)] => flow.to,
                _ => {
                    let meet = self.meets.get(&at).copied();
                    items.extend(self.split(at, &out, meet, until));
                    match meet {
                        Some(meet) => meet,
                        None => return (items, until.is_some()),
                    }
                }
            };
        }
    }

    fn split(&mut self, at: usize, out: &[(usize, &Flow)], meet: Option<usize>, until: Option<usize>) -> Option<Item> {
        let mut ways = Vec::new();
        for (number, flow) in out {
            let (items, reached) = self.sequence(flow.to, meet.or(until));
            if meet.is_none() && until.is_some() && !reached {
                self.notes.push(flow.note(msg!("workflow.exchange.ends_inside")));
            }
            ways.push((*number, items));
        }
        let element = &self.graph.process.elements[at];
        if ways.iter().all(|(_, items)| items.is_empty()) {
            self.notes.push(element.note(msg!("workflow.exchange.empty")));
            return None;
        }
        let parallel = match element.kind {
            Kind::Parallel => true,
            Kind::Exclusive | Kind::Inclusive => false,
            // Without a gateway every flow without a condition is taken.
            _ => out.iter().all(|(_, flow)| flow.condition.is_none()),
        };
        if parallel {
            let ways = ways.into_iter().map(|(_, items)| items).filter(|items| !items.is_empty()).collect();
            return Some(Item::Parallel { at, ways });
        }
        Some(Item::Choice { at, inclusive: !matches!(element.kind, Kind::Exclusive), ways })
    }
}
