//! The procedure as a picture: boxes from top to bottom, ways side by side. It is SVG without styles of its own; the page's style sheet
//! knows its classes.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::phrases::{condition_said, effect_said, entry_said, one_by_one, span_said, wait_said, who_said, whos_said};
use super::{Names, sentences};
use crate::i18n::{self, Arg, Message, msg};
use crate::workflow::language::width;
use crate::workflow::{Definition, Node, NodeKind, NodeName, Way};

/// Width of a box, in CSS pixels.
const BOX: usize = 208;
/// Height of a line of text.
const LINE: usize = 18;
/// Between the border of a box and its text.
const PADDING: usize = 10;
/// Length of an arrow.
const ARROW: usize = 26;
/// Between two ways.
const BESIDE: usize = 20;
/// From a bar that joins ways to where they begin or end.
const FORK: usize = 12;
/// Columns of half-width letters in a line of a box.
const COLUMNS: usize = 26;
/// Lines that one part of a box takes at most.
const LINES: usize = 4;

/// The picture of a definition; the boxes of the nodes in `way` are marked.
pub fn drawing(definition: &Definition, names: Names<'_>, way: &BTreeSet<NodeName>) -> String {
    let pen = Pen { names, way };
    let start = boxed("end", &[("title", pen.say(&msg!("workflow.say.submit")))]);
    let end = boxed("end", &[("title", pen.say(&msg!("workflow.say.done")))]);
    let whole = stacked(vec![start, pen.sequence(&definition.nodes), end]);
    let told: Vec<String> = sentences(definition, names).iter().map(|one| pen.say(one)).collect();
    format!(
        "<svg class=\"drawing\" xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" \
         height=\"{height}\" role=\"img\" aria-labelledby=\"drawing-title drawing-text\"><title id=\"drawing-title\">{title}\
         </title><desc id=\"drawing-text\">{told}</desc>{body}</svg>",
        width = whole.width + 2,
        height = whole.height + 2,
        title = escaped(&definition.title),
        told = escaped(&told.join(" ")),
        body = moved(1, 1, &whole.body),
    )
}

/// A part of the picture: entered at the middle of its top, left at the middle of its foot.
struct Block {
    width: usize,
    height: usize,
    body: String,
}

/// One way of a fork: what stands over it, and where it leads.
struct Branch {
    label: Option<String>,
    nodes: Block,
}

struct Pen<'a> {
    names: Names<'a>,
    way: &'a BTreeSet<NodeName>,
}

impl Pen<'_> {
    fn say(&self, message: &Message) -> String {
        i18n::text(self.names.lang, message)
    }

    fn sequence(&self, nodes: &[Node]) -> Block {
        stacked(nodes.iter().map(|node| self.node(node)).collect())
    }

    fn node(&self, node: &Node) -> Block {
        let mut parts = vec![("kind", self.say(&kind(node)))];
        if let Some(when) = &node.when {
            parts.push(("when", self.say(&msg!("workflow.say.only_if", condition = condition_said(when, self.names)))));
        }
        parts.push(("title", node.title.clone()));
        parts.extend(self.inside(node).map(|said| ("people", self.say(&said))));
        parts.extend(
            node.kind.options().and_then(|options| options.within).map(|span| ("kind", self.say(&span_said(span)))),
        );
        let class = if self.way.contains(&node.name) { "node is-taken" } else { "node" };
        let head = boxed(class, &parts);
        match &node.kind {
            NodeKind::Branch { ways, .. } => forked(&head, ways.iter().map(|way| self.branch(way)).collect()),
            kind => {
                let ways = kind.ways().map(|way| Branch { label: None, nodes: self.sequence(way) });
                let ways: Vec<_> = ways.collect();
                if ways.is_empty() { head } else { forked(&head, ways) }
            }
        }
    }

    fn branch(&self, way: &Way) -> Branch {
        let label = match (&way.condition, way.band) {
            (Some(condition), Some(_)) => self.say(&condition_said(condition, self.names)),
            (None, _) => self.say(&msg!("workflow.say.otherwise")),
            (Some(_), None) => way.name.clone(),
        };
        Branch { label: Some(label), nodes: self.sequence(&way.nodes) }
    }

    /// Who, what is waited for, or what is done.
    fn inside(&self, node: &Node) -> Option<Message> {
        let names = self.names;
        Some(match &node.kind {
            NodeKind::Approve { by, .. } => who_said(by, names),
            NodeKind::Countersign { entries, .. } => {
                let people: Arg = entries.iter().map(|entry| entry_said(entry, names)).collect();
                msg!("workflow.say.people", people = people)
            }
            NodeKind::CopyTo { to } => msg!("workflow.say.people", people = whos_said(to, names)),
            NodeKind::Wait { what, .. } => wait_said(what, names),
            NodeKind::Act { effects } => one_by_one(effects.iter().map(|effect| effect_said(effect, names))),
            NodeKind::Branch { .. } | NodeKind::Parallel { .. } | NodeKind::Run { .. } => return None,
        })
    }
}

fn kind(node: &Node) -> Message {
    match &node.kind {
        NodeKind::Approve { .. } => msg!("workflow.say.kind_approve"),
        NodeKind::Countersign { .. } => msg!("workflow.say.kind_countersign"),
        NodeKind::Branch { inclusive: false, .. } => msg!("workflow.say.kind_branch"),
        NodeKind::Branch { inclusive: true, .. } => msg!("workflow.say.kind_every_way"),
        NodeKind::Parallel { .. } => msg!("workflow.say.kind_parallel"),
        NodeKind::CopyTo { .. } => msg!("workflow.say.kind_copy_to"),
        NodeKind::Wait { .. } => msg!("workflow.say.kind_wait"),
        NodeKind::Act { .. } => msg!("workflow.say.kind_act"),
        NodeKind::Run { workflow, .. } => msg!("workflow.say.kind_run", workflow = workflow),
    }
}

/// One below the other, joined by arrows.
fn stacked(blocks: Vec<Block>) -> Block {
    let blocks: Vec<Block> = blocks.into_iter().filter(|block| block.height > 0).collect();
    let width = blocks.iter().map(|block| block.width).max().unwrap_or(BOX);
    let mut whole = Block { width, height: 0, body: String::new() };
    for (number, block) in blocks.iter().enumerate() {
        if number > 0 {
            whole.body.push_str(&arrow(width / 2, whole.height, ARROW));
            whole.height += ARROW;
        }
        whole.body.push_str(&moved((width - block.width) / 2, whole.height, &block.body));
        whole.height += block.height;
    }
    whole
}

/// A box with lines in it.
fn boxed(class: &str, parts: &[(&str, String)]) -> Block {
    let lines: Vec<(&str, String)> =
        parts.iter().flat_map(|(class, text)| wrapped(text).into_iter().map(move |line| (*class, line))).collect();
    let height = lines.len() * LINE + 2 * PADDING;
    let mut body = format!("<g class=\"draw-{class}\"><rect width=\"{BOX}\" height=\"{height}\" rx=\"8\"/>");
    text(&mut body, PADDING, &lines);
    body.push_str("</g>");
    Block { width: BOX, height, body }
}

/// A box, and side by side below it the ways that lead on from it and come together again.
fn forked(head: &Block, branches: Vec<Branch>) -> Block {
    let ways: Vec<Block> = branches.into_iter().map(labelled).collect();
    let side_by_side = ways.iter().map(|way| way.width).sum::<usize>() + BESIDE * ways.len().saturating_sub(1);
    let width = side_by_side.max(head.width);
    let tallest = ways.iter().map(|way| way.height).max().unwrap_or(0);
    let (top, foot) = (head.height + FORK, head.height + 2 * FORK + tallest);
    let middle = width / 2;
    let mut body = moved((width - head.width) / 2, 0, &head.body);
    body.push_str(&line(middle, head.height, FORK));
    let mut left = (width - side_by_side) / 2;
    let mut axes = Vec::new();
    for way in &ways {
        let axis = left + way.width / 2;
        body.push_str(&moved(left, top, &way.body));
        body.push_str(&line(axis, top + way.height, foot - top - way.height));
        axes.push(axis);
        left += way.width + BESIDE;
    }
    if let (Some(first), Some(last)) = (axes.first(), axes.last()) {
        for y in [top, foot] {
            let _ = write!(body, "<path class=\"draw-line\" d=\"M{first} {y}H{last}\"/>");
        }
    }
    body.push_str(&line(middle, foot, FORK));
    Block { width, height: foot + FORK, body }
}

/// A way with its condition over it.
fn labelled(branch: Branch) -> Block {
    let Branch { label, nodes } = branch;
    let width = nodes.width;
    let lines: Vec<(&str, String)> =
        label.iter().flat_map(|label| wrapped(label)).map(|line| ("label", line)).collect();
    let mut body = line(width / 2, 0, FORK);
    let mut height = FORK;
    let mut said = String::new();
    text(&mut said, 0, &lines);
    body.push_str(&moved((width - BOX) / 2, height, &said));
    height += lines.len() * LINE;
    if nodes.height == 0 {
        return Block { width, height, body };
    }
    body.push_str(&arrow(width / 2, height, ARROW));
    body.push_str(&moved(0, height + ARROW, &nodes.body));
    Block { width, height: height + ARROW + nodes.height, body }
}

/// Lines in the middle of a box, from `top` on.
fn text(body: &mut String, top: usize, lines: &[(&str, String)]) {
    for (number, (class, line)) in lines.iter().enumerate() {
        let (x, y) = (BOX / 2, top + number * LINE + 13);
        let _ = write!(
            body,
            "<text class=\"draw-{class}\" x=\"{x}\" y=\"{y}\" text-anchor=\"middle\">{}</text>",
            escaped(line)
        );
    }
}

fn line(x: usize, y: usize, length: usize) -> String {
    if length == 0 { String::new() } else { format!("<path class=\"draw-line\" d=\"M{x} {y}v{length}\"/>") }
}

fn arrow(x: usize, y: usize, length: usize) -> String {
    format!("<path class=\"draw-line\" d=\"M{x} {y}v{length}m-4 -6l4 6l4 -6\"/>")
}

fn moved(x: usize, y: usize, body: &str) -> String {
    format!("<g transform=\"translate({x} {y})\">{body}</g>")
}

/// The text in lines that fit into a box: broken at spaces where there are some, between any two letters where not.
fn wrapped(text: &str) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in words(text) {
        let taken = lines.last().map_or(0, |line| width(line));
        if taken > 0 && taken + width(word.trim_end()) > COLUMNS {
            lines.push(String::new());
        }
        if let Some(line) = lines.last_mut() {
            line.push_str(word);
        }
    }
    if lines.len() > LINES {
        lines.truncate(LINES);
        if let Some(last) = lines.last_mut() {
            last.push('…');
        }
    }
    lines.into_iter().map(|line| line.trim_end().to_owned()).collect()
}

/// Where a line may break: after spaces, and around letters that are written without.
fn words(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut begin = 0;
    let mut taken = 0;
    for (at, c) in text.char_indices() {
        let end = at + c.len_utf8();
        taken += width(&text[at..end]);
        let next_is_wide = text[end..].chars().next().is_some_and(|next| width(next.encode_utf8(&mut [0; 4])) > 1);
        if c == ' ' || width(&text[at..end]) > 1 || next_is_wide || taken >= COLUMNS {
            found.push(&text[begin..end]);
            (begin, taken) = (end, 0);
        }
    }
    if begin < text.len() {
        found.push(&text[begin..]);
    }
    found
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workflow::language::load;

    fn drawn(source: &str, way: &[&str]) -> String {
        let Ok(loaded) = load(source, "workflows/w.rhai") else { panic!("{source} has faults") };
        let way = way.iter().map(|name| (*name).to_owned()).collect();
        drawing(&loaded.definition, Names::default(), &way)
    }

    const PLAIN: &str = r#"workflow("w", #{ title: "甲 <乙>", subject: "contract" });
        approve("a", #{ title: "经理审批", by: user("li"), within: working_hours(8) });"#;

    const FORKED: &str = r#"workflow("w", #{ title: "甲", subject: "contract" });
        by_amount("final", [
            below("100万", approve("general", #{ title: "总经理", by: role("general-manager") })),
            from("100万", approve("president", #{ title: "总裁", by: role("president") })),
        ]);"#;

    #[test]
    fn a_picture_has_a_title_and_the_sentences_for_those_who_do_not_see_it() {
        let picture = drawn(PLAIN, &[]);
        assert!(picture.contains("role=\"img\"") && picture.contains(">甲 &lt;乙&gt;</title>"), "{picture}");
        assert!(picture.contains("<desc id=\"drawing-text\">") && picture.contains("经理审批"), "{picture}");
    }

    #[test]
    fn a_box_says_who_decides_and_within_what_time() {
        let picture = drawn(PLAIN, &[]);
        assert!(picture.contains("draw-title") && picture.contains(">li</text>") && picture.contains('8'), "{picture}");
    }

    #[test]
    fn ways_stand_side_by_side_under_their_bands() {
        let (one, two) = (drawn(PLAIN, &[]), drawn(FORKED, &[]));
        let width = |picture: &str| -> usize {
            picture.split_once(" width=\"").unwrap().1.split('"').next().unwrap().parse().unwrap()
        };
        assert_eq!((width(&one), width(&two)), (BOX + 2, 2 * BOX + BESIDE + 2));
        assert!(two.matches("draw-label").count() >= 2, "{two}");
    }

    #[test]
    fn the_way_of_a_record_is_marked() {
        assert_eq!(drawn(FORKED, &["president"]).matches("is-taken").count(), 1);
        assert_eq!(drawn(FORKED, &[]).matches("is-taken").count(), 0);
    }

    #[test]
    fn text_that_is_too_long_for_a_box_is_broken_and_cut() {
        assert_eq!(wrapped("the manager of the drafter of it"), ["the manager of the drafter", "of it"]);
        assert_eq!(wrapped("部门经理或者分管副总经理或者总经理"), ["部门经理或者分管副总经理或", "者总经理"]);
        assert_eq!(wrapped(&"字".repeat(80)).len(), LINES);
        assert!(wrapped(&"x".repeat(200)).iter().all(|line| width(line) <= COLUMNS + 1));
    }
}
