//! A document as HTML for the screen: a fragment without styles, each blank marked with its field.

use super::blocks::{Block, Inline, blocks};
use super::{Document, DocumentClause, plan_part};
use crate::contract::template::plan_table;
use crate::i18n::{self, Lang, msg};
use crate::workflow::Sight;

/// Writes the document. Every blank is `<mark data-field="NAME">`, an empty one with the class `empty` too, so that the
/// drafting page can show which blank has the focus.
pub fn html(document: &Document) -> String {
    let mut out = String::with_capacity(16 * 1024);
    out.push_str("<article class=\"contract\"><h1>");
    push_text(&mut out, &document.title);
    out.push_str("</h1>");
    for clause in &document.clauses {
        clause_html(&mut out, clause);
    }
    out.push_str("</article>");
    out
}

impl Document {
    /// The document as far as it is seen: these blanks by their labels, and the clauses and the plan that the sight covers.
    pub(in crate::contract) fn seen_html(&self, blanks: &[(&str, String)], sight: &Sight, lang: Lang) -> String {
        let mut out = String::from("<article class=\"contract\"><h1>");
        push_text(&mut out, &self.title);
        out.push_str("</h1><p class=\"text-muted\">");
        push_text(&mut out, &i18n::text(lang, &msg!("contract.parts_only")));
        out.push_str("</p><dl class=\"facts\">");
        for (label, text) in blanks {
            out.push_str("<div><dt>");
            push_text(&mut out, label);
            out.push_str("</dt><dd class=\"pre\">");
            push_text(&mut out, text);
            out.push_str("</dd></div>");
        }
        out.push_str("</dl>");
        let seen = self.clauses.iter().filter(|clause| sight.covers(&format!("clauses/{}", clause.name)));
        seen.for_each(|clause| clause_html(&mut out, clause));
        out.push_str("</article>");
        out.push_str(&self.plan_html_of(|place| sight.covers(&plan_part(place))));
        out
    }

    /// The payment plan alone, as the text has it; nothing where the contract has none.
    pub fn plan_html(&self) -> String {
        self.plan_html_of(|_| true)
    }

    /// The rows of the plan that are wanted, by their places from 0.
    fn plan_html_of(&self, wanted: impl Fn(usize) -> bool) -> String {
        let mut out = String::new();
        if (0..self.plan.len()).any(&wanted) {
            out.push_str("<article class=\"contract\">");
            push_blocks(&mut out, &blocks(&plan_table("plan", &self.plan, &self.milestones, wanted)), false);
            out.push_str("</article>");
        }
        out
    }
}

impl DocumentClause {
    /// This clause alone as HTML, as [`html`] writes it.
    pub fn html(&self) -> String {
        let mut out = String::new();
        clause_html(&mut out, self);
        out
    }
}

fn clause_html(out: &mut String, clause: &DocumentClause) {
    out.push_str("<section id=\"clause-");
    push_text(out, &clause.name);
    out.push_str("\" data-clause=\"");
    push_text(out, &clause.name);
    out.push('"');
    if clause.deviation.is_some() {
        out.push_str(" class=\"deviates\"");
    }
    out.push('>');
    if !clause.title.is_empty() {
        out.push_str("<h2>");
        push_text(out, &clause.heading());
        out.push_str("</h2>");
    }
    push_blocks(out, &blocks(&clause.framed), false);
    out.push_str("</section>");
}

fn push_blocks(out: &mut String, blocks: &[Block], in_item: bool) {
    for block in blocks {
        match block {
            // The text of an item stands in the item itself, as in a tight list.
            Block::Paragraph { content } if in_item => push_runs(out, content),
            Block::Paragraph { content } => {
                out.push_str("<p>");
                push_runs(out, content);
                out.push_str("</p>");
            }
            Block::List { start, items } => push_list(out, *start, items),
            Block::Table { right, rows } => push_table(out, right, rows),
        }
    }
}

fn push_list(out: &mut String, start: Option<u64>, items: &[Vec<Block>]) {
    let tag = if start.is_some() { "ol" } else { "ul" };
    match start {
        Some(start) if start != 1 => out.extend(["<ol start=\"", &start.to_string(), "\">"]),
        _ => out.extend(["<", tag, ">"]),
    }
    for item in items {
        out.push_str("<li>");
        push_blocks(out, item, true);
        out.push_str("</li>");
    }
    out.extend(["</", tag, ">"]);
}

fn push_table(out: &mut String, right: &[bool], rows: &[Vec<Vec<Inline>>]) {
    out.push_str("<div class=\"table\"><table>");
    for (at, row) in rows.iter().enumerate() {
        let tag = if at == 0 { "th" } else { "td" };
        out.push_str("<tr>");
        for (cell, right) in row.iter().zip(right) {
            let class = if *right { " class=\"right\"" } else { "" };
            out.extend(["<", tag, class, ">"]);
            push_runs(out, cell);
            out.extend(["</", tag, ">"]);
        }
        out.push_str("</tr>");
    }
    out.push_str("</table></div>");
}

fn push_runs(out: &mut String, runs: &[Inline]) {
    for run in runs {
        if let Some(field) = &run.field {
            out.push_str(if run.empty { "<mark class=\"empty\" data-field=\"" } else { "<mark data-field=\"" });
            push_text(out, field);
            out.push_str("\">");
        }
        if run.strong {
            out.push_str("<strong>");
        }
        for (at, line) in run.text.split('\n').enumerate() {
            if at > 0 {
                out.push_str("<br>");
            }
            push_text(out, line);
        }
        if run.strong {
            out.push_str("</strong>");
        }
        if run.field.is_some() {
            out.push_str("</mark>");
        }
    }
}

fn push_text(out: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
}
