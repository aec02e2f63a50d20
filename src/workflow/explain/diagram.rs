//! The procedure as a Mermaid flow chart.

use std::fmt::Write;

use super::Names;
use super::phrases::{condition_said, who_said};
use crate::i18n::{self, Message, msg};
use crate::workflow::{Definition, Node, NodeKind};

/// A flow chart in Mermaid's own text.
pub fn mermaid(definition: &Definition, names: Names<'_>) -> String {
    let mut chart = Chart { text: "flowchart TD\n".to_owned(), names, count: 0 };
    let start = chart.shape("([", &chart.say(&msg!("workflow.say.submit")), "])");
    let last = chart.sequence(&definition.nodes, vec![Open { from: start, label: None }]);
    let end = chart.shape("([", &chart.say(&msg!("workflow.say.done")), "])");
    chart.join(&last, &end);
    chart.text
}

/// An arrow that does not know yet where it leads.
#[derive(Clone)]
struct Open {
    from: String,
    label: Option<String>,
}

struct Chart<'a> {
    text: String,
    names: Names<'a>,
    count: usize,
}

impl Chart<'_> {
    fn say(&self, message: &Message) -> String {
        i18n::text(self.names.lang, message)
    }

    fn shape(&mut self, open: &str, words: &str, close: &str) -> String {
        let id = format!("n{}", self.count);
        self.count += 1;
        let _ = writeln!(self.text, "    {id}{open}\"{}\"{close}", quoted(words));
        id
    }

    fn join(&mut self, from: &[Open], to: &str) {
        for arrow in from {
            let _ = match &arrow.label {
                Some(label) => writeln!(self.text, "    {} -->|\"{}\"| {to}", arrow.from, quoted(label)),
                None => writeln!(self.text, "    {} --> {to}", arrow.from),
            };
        }
    }

    fn sequence(&mut self, nodes: &[Node], mut open: Vec<Open>) -> Vec<Open> {
        for node in nodes {
            open = self.node(node, open);
        }
        open
    }

    fn node(&mut self, node: &Node, mut open: Vec<Open>) -> Vec<Open> {
        let mut around = Vec::new();
        if let Some(when) = &node.when {
            let question = self.shape("{", &self.say(&condition_said(when, self.names)), "}");
            self.join(&open, &question);
            around.push(Open { from: question.clone(), label: Some(self.say(&msg!("workflow.say.no"))) });
            open = vec![Open { from: question, label: Some(self.say(&msg!("workflow.say.yes"))) }];
        }
        let id = match &node.kind {
            NodeKind::Approve { by, .. } => {
                self.shape("[", &format!("{}<br/>{}", node.title, self.say(&who_said(by, self.names))), "]")
            }
            NodeKind::Countersign { .. } | NodeKind::Run { .. } => self.shape("[[", &node.title, "]]"),
            NodeKind::Branch { .. } | NodeKind::Parallel { .. } => self.shape("{{", &node.title, "}}"),
            NodeKind::CopyTo { .. } => self.shape("[/", &node.title, "/]"),
            NodeKind::Wait { .. } => self.shape("(", &node.title, ")"),
            NodeKind::Act { .. } => self.shape("[\\", &node.title, "\\]"),
        };
        self.join(&open, &id);
        let mut out = self.within(node, &id);
        out.extend(around);
        out
    }

    fn within(&mut self, node: &Node, id: &str) -> Vec<Open> {
        let arrow = |label: Option<String>| vec![Open { from: id.to_owned(), label }];
        match &node.kind {
            NodeKind::Branch { ways, .. } => {
                let mut out = Vec::new();
                for way in ways {
                    let label = match (&way.condition, way.band) {
                        (Some(condition), Some(_)) => self.say(&condition_said(condition, self.names)),
                        (None, _) => self.say(&msg!("workflow.say.otherwise")),
                        _ => way.name.clone(),
                    };
                    out.extend(self.sequence(&way.nodes, arrow(Some(label))));
                }
                out
            }
            kind => {
                let ways: Vec<_> = kind.ways().collect();
                if ways.is_empty() {
                    return arrow(None);
                }
                ways.into_iter().flat_map(|way| self.sequence(way, arrow(None))).collect()
            }
        }
    }
}

/// Mermaid ends a text at a quote.
fn quoted(text: &str) -> String {
    text.replace('"', "#quot;").replace('\n', " ")
}
