//! A definition as the shapes and flows of BPMN, each with its place in a grid.

use super::{AFTER, JOIN, MESSAGE, SPLIT, WHEN};
use crate::i18n::{self, Message, msg};
use crate::kernel::Span;
use crate::workflow::explain::Names;
use crate::workflow::explain::phrases::condition_said;
use crate::workflow::explain::sentences::of_node;
use crate::workflow::{CountRule, Definition, Entry, Node, NodeKind, WaitFor, Way, Who};

/// A shape.
pub(super) struct Shape {
    pub(super) id: String,
    /// The element.
    pub(super) tag: &'static str,
    pub(super) name: String,
    /// What it does, in a sentence.
    pub(super) documentation: String,
    /// Further attributes: name and value.
    pub(super) attributes: Vec<(&'static str, String)>,
    pub(super) inside: Inside,
    /// Column and row.
    pub(super) cell: (i32, i32),
}

/// What stands inside a shape.
pub(super) enum Inside {
    Nothing,
    /// Several people decide: one after the other or at once, and the expression that ends it early.
    Several {
        in_order: bool,
        ends: Option<String>,
    },
    /// Waits for a message.
    Message(String),
    /// Waits for a date that an expression gives.
    Date(String),
    /// Waits for a span that an expression gives.
    Span(String),
}

/// A flow.
pub(super) struct Flow {
    pub(super) id: String,
    pub(super) from: String,
    pub(super) to: String,
    pub(super) name: Option<String>,
    pub(super) condition: Option<String>,
    /// Taken where no other is.
    pub(super) default: bool,
    /// The row in which it runs.
    pub(super) row: i32,
}

/// A definition as a drawing.
pub(super) struct Drawing<'a> {
    pub(super) shapes: Vec<Shape>,
    pub(super) flows: Vec<Flow>,
    /// Names of the messages that are waited for.
    pub(super) messages: Vec<String>,
    names: Names<'a>,
}

/// A flow that does not know yet where it leads.
struct Open {
    from: String,
    name: Option<String>,
    condition: Option<String>,
    default: bool,
    row: i32,
}

/// How much room something took.
#[derive(Clone, Copy, Default)]
struct Room {
    columns: i32,
    rows: i32,
}

impl<'a> Drawing<'a> {
    /// Draws a definition.
    pub(super) fn of(definition: &Definition, names: Names<'a>) -> Self {
        let mut drawing = Self { shapes: Vec::new(), flows: Vec::new(), messages: Vec::new(), names };
        let (submit, done) = (drawing.say(&msg!("workflow.say.submit")), drawing.say(&msg!("workflow.say.done")));
        drawing.plain("start.event", "startEvent", &submit, (0, 0));
        let start = vec![open("start.event", 0)];
        let (last, room) = drawing.sequence(&definition.nodes, start, (1, 0));
        drawing.plain("end.event", "endEvent", &done, (1 + room.columns, 0));
        drawing.close(last, "end.event");
        drawing
    }

    fn say(&self, message: &Message) -> String {
        i18n::text(self.names.lang, message)
    }

    fn plain(&mut self, id: &str, tag: &'static str, name: &str, cell: (i32, i32)) {
        self.shapes.push(Shape {
            id: id.to_owned(),
            tag,
            name: name.to_owned(),
            documentation: String::new(),
            attributes: Vec::new(),
            inside: Inside::Nothing,
            cell,
        });
    }

    /// Leads flows to a shape.
    fn close(&mut self, open: Vec<Open>, to: &str) {
        for Open { from, name, condition, default, row } in open {
            let id = format!("flow.{}", self.flows.len() + 1);
            self.flows.push(Flow { id, from, to: to.to_owned(), name, condition, default, row });
        }
    }

    fn sequence(&mut self, nodes: &[Node], mut open: Vec<Open>, (column, row): (i32, i32)) -> (Vec<Open>, Room) {
        let mut room = Room { columns: 0, rows: 1 };
        for node in nodes {
            let (after, took) = self.node(node, open, (column + room.columns, row));
            open = after;
            room = Room { columns: room.columns + took.columns, rows: room.rows.max(took.rows) };
        }
        (open, room)
    }

    /// A node; one with `when` between two gateways.
    fn node(&mut self, node: &Node, open: Vec<Open>, (column, row): (i32, i32)) -> (Vec<Open>, Room) {
        let Some(when) = &node.when else { return self.what(node, open, (column, row)) };
        let (split, after) = (format!("{}{WHEN}", id_of(node)), format!("{}{AFTER}", id_of(node)));
        let condition = self.say(&condition_said(when, self.names));
        self.plain(&split, "exclusiveGateway", "", (column, row));
        self.close(open, &split);
        let (yes, no) = (self.say(&msg!("workflow.say.yes")), self.say(&msg!("workflow.say.no")));
        let taken = Open { name: Some(yes), condition: Some(condition), ..self::open(&split, row) };
        let (mut last, room) = self.what(node, vec![taken], (column + 1, row));
        last.push(Open { name: Some(no), default: true, ..self::open(&split, row + room.rows) });
        self.plain(&after, "exclusiveGateway", "", (column + 1 + room.columns, row));
        self.close(last, &after);
        (vec![self::open(&after, row)], Room { columns: room.columns + 2, rows: room.rows + 1 })
    }

    fn what(&mut self, node: &Node, open: Vec<Open>, cell: (i32, i32)) -> (Vec<Open>, Room) {
        match &node.kind {
            NodeKind::Branch { ways, inclusive } => {
                let tag = if *inclusive { "inclusiveGateway" } else { "exclusiveGateway" };
                let sequences = ways.iter().map(|way| (self.way(way), way.nodes.as_slice())).collect();
                self.construct(node, tag, sequences, open, cell)
            }
            NodeKind::Parallel { ways } => {
                let sequences = ways.iter().map(|way| (self::open("", 0), way.as_slice())).collect();
                self.construct(node, "parallelGateway", sequences, open, cell)
            }
            _ => {
                let shape = self.task(node, cell);
                let id = shape.id.clone();
                self.shapes.push(shape);
                self.close(open, &id);
                (vec![self::open(&id, cell.1)], Room { columns: 1, rows: 1 })
            }
        }
    }

    fn way(&self, way: &Way) -> Open {
        let condition = way.condition.as_ref().map(|condition| self.say(&condition_said(condition, self.names)));
        let name = match (&condition, way.band) {
            (Some(condition), Some(_)) => condition.clone(),
            (Some(_), None) => way.name.clone(),
            (None, _) => self.say(&msg!("workflow.say.otherwise")),
        };
        Open { name: Some(name), default: condition.is_none(), condition, ..open("", 0) }
    }

    fn construct(
        &mut self,
        node: &Node,
        tag: &'static str,
        ways: Vec<(Open, &[Node])>,
        open: Vec<Open>,
        (column, row): (i32, i32),
    ) -> (Vec<Open>, Room) {
        let (split, join) = (format!("{}{SPLIT}", id_of(node)), format!("{}{JOIN}", id_of(node)));
        self.plain(&split, tag, &node.title, (column, row));
        self.close(open, &split);
        let (mut last, mut room) = (Vec::new(), Room::default());
        for (way, nodes) in ways {
            let row = row + room.rows;
            let way = Open { from: split.clone(), row, ..way };
            let (after, took) = self.sequence(nodes, vec![way], (column + 1, row));
            last.extend(after);
            room = Room { columns: room.columns.max(took.columns), rows: room.rows + took.rows };
        }
        self.plain(&join, tag, "", (column + 1 + room.columns, row));
        self.close(last, &join);
        (vec![self::open(&join, row)], Room { columns: room.columns + 2, rows: room.rows })
    }

    /// A node that is one shape.
    fn task(&mut self, node: &Node, cell: (i32, i32)) -> Shape {
        let said: Vec<String> = of_node(node, self.names).iter().map(|sentence| self.say(sentence)).collect();
        let (tag, attributes, inside) = match &node.kind {
            NodeKind::Countersign { entries, rule, .. } => {
                let who = entries.iter().map(|entry| match entry {
                    Entry::OneOf { who, .. } | Entry::EveryoneIn { who, .. } => who,
                });
                let inside = Inside::Several { in_order: *rule == CountRule::InOrder, ends: ends(rule) };
                ("userTask", people(who), inside)
            }
            NodeKind::CopyTo { to } => ("sendTask", people(to), Inside::Nothing),
            NodeKind::Wait { what, .. } => ("intermediateCatchEvent", Vec::new(), self.waits(what)),
            NodeKind::Act { .. } => ("serviceTask", Vec::new(), Inside::Nothing),
            NodeKind::Approve { by, .. } => ("userTask", people([by]), Inside::Nothing),
            NodeKind::Run { workflow, .. } => {
                ("callActivity", vec![("calledElement", workflow.clone())], Inside::Nothing)
            }
            NodeKind::Branch { .. } | NodeKind::Parallel { .. } => ("task", Vec::new(), Inside::Nothing),
        };
        Shape {
            id: id_of(node),
            tag,
            name: node.title.clone(),
            documentation: said.join("\n"),
            attributes,
            inside,
            cell,
        }
    }

    fn waits(&mut self, what: &WaitFor) -> Inside {
        match what {
            WaitFor::Event { name } => {
                if !self.messages.contains(name) {
                    self.messages.push(name.clone());
                }
                Inside::Message(format!("{MESSAGE}{name}"))
            }
            WaitFor::DateField { field } => Inside::Date(format!("${{{field}}}")),
            WaitFor::Span { span } => Inside::Span(duration(*span)),
        }
    }
}

fn open(from: &str, row: i32) -> Open {
    Open { from: from.to_owned(), name: None, condition: None, default: false, row }
}

/// The id of a node: its name, where XML takes it as it is.
fn id_of(node: &Node) -> String {
    let fits = node.name.starts_with(|c: char| c.is_alphabetic() || c == '_');
    if fits { node.name.clone() } else { format!("_{}", node.name) }
}

/// Roles and people as other tools know them; rules that look somebody up are told in the documentation only.
fn people<'w>(whos: impl IntoIterator<Item = &'w Who>) -> Vec<(&'static str, String)> {
    let (mut groups, mut users): (Vec<&str>, Vec<&str>) = (Vec::new(), Vec::new());
    for who in whos {
        let parts = match who {
            Who::AnyOf { rules } => rules.as_slice(),
            other => std::slice::from_ref(other),
        };
        for part in parts {
            match part {
                Who::Role { role } => groups.push(role),
                Who::User { login } => users.push(login),
                Who::Drafter => users.push("${drafter}"),
                _ => {}
            }
        }
    }
    let listed = [("camunda:candidateGroups", groups), ("camunda:candidateUsers", users)];
    listed.into_iter().filter(|(_, list)| !list.is_empty()).map(|(name, list)| (name, list.join(","))).collect()
}

/// When a countersign that does not need everybody has passed.
fn ends(rule: &CountRule) -> Option<String> {
    match rule {
        CountRule::All | CountRule::InOrder | CountRule::Weighted { .. } => None,
        CountRule::Any => Some("${nrOfCompletedInstances >= 1}".to_owned()),
        CountRule::Count { approvals } => Some(format!("${{nrOfCompletedInstances >= {approvals}}}")),
        CountRule::Ratio { percent } => Some(format!("${{nrOfCompletedInstances * 100 / nrOfInstances >= {percent}}}")),
    }
}

/// A span as ISO 8601 writes it; one of working time in the words of the language.
fn duration(span: Span) -> String {
    match span {
        Span::Minutes(count) => format!("PT{count}M"),
        Span::Days(count) => format!("P{count}D"),
        Span::Months(count) | Span::EndOfMonth(count) => format!("P{count}M"),
        Span::Years(count) => format!("P{count}Y"),
        Span::WorkingDays(count) => format!("${{working_days({count})}}"),
        Span::WorkingMinutes(count) => format!("${{working_hours({})}}", count / 60),
    }
}
