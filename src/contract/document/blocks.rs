//! The text of a clause as blocks: the only things a contract's text can be. HTML and PDF are written from these, so nothing
//! that is not here can reach either: no HTML, no links, no images.

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};
use serde::Serialize;

use crate::contract::template::FRAME;

/// A paragraph, a list or a table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "block")]
pub enum Block {
    /// Text with line breaks as they were written.
    Paragraph {
        /// Its parts.
        content: Vec<Inline>,
    },
    /// A list.
    List {
        /// The number of the first item; nothing for a list without numbers.
        start: Option<u64>,
        /// Its items.
        items: Vec<Vec<Block>>,
    },
    /// A table; the first row is its head.
    Table {
        /// Which columns are set to the right.
        right: Vec<bool>,
        /// Cells by row.
        rows: Vec<Vec<Vec<Inline>>>,
    },
}

/// A run of text.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Inline {
    /// The text; LF is a line break.
    pub text: String,
    /// Whether it is strong.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub strong: bool,
    /// The blank that it fills.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// Whether that blank is still empty.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub empty: bool,
}

/// Reads a clause's Markdown, framed or not.
pub fn blocks(markdown: &str) -> Vec<Block> {
    let mut options = Options::empty();
    options.insert(Options::ENABLE_TABLES);
    let mut reader = Reader { stack: vec![Frame::Blocks(Vec::new())], ..Reader::default() };
    for event in Parser::new_ext(markdown, options) {
        reader.event(event);
    }
    reader.end_paragraph();
    match reader.stack.into_iter().next() {
        Some(Frame::Blocks(blocks)) => blocks,
        _ => Vec::new(),
    }
}

/// What is open while reading.
enum Frame {
    Blocks(Vec<Block>),
    List(Option<u64>, Vec<Vec<Block>>),
    Table(Vec<bool>, Vec<Vec<Vec<Inline>>>),
}

#[derive(Default)]
struct Reader {
    stack: Vec<Frame>,
    inline: Vec<Inline>,
    strong: bool,
    field: Option<String>,
    /// The name of a blank whose frame is open, while it is read.
    name: Option<String>,
}

impl Reader {
    fn event(&mut self, event: Event<'_>) {
        match event {
            Event::Start(tag) => self.start(&tag),
            Event::End(tag) => self.end(tag),
            Event::Text(text) | Event::Code(text) | Event::Html(text) | Event::InlineHtml(text) => self.text(&text),
            Event::SoftBreak | Event::HardBreak => self.text("\n"),
            _ => {}
        }
    }

    fn start(&mut self, tag: &Tag<'_>) {
        match tag {
            Tag::List(start) => {
                self.end_paragraph();
                self.stack.push(Frame::List(*start, Vec::new()));
            }
            Tag::Item => self.stack.push(Frame::Blocks(Vec::new())),
            Tag::Table(alignment) => {
                self.end_paragraph();
                let right = alignment.iter().map(|column| *column == pulldown_cmark::Alignment::Right).collect();
                self.stack.push(Frame::Table(right, Vec::new()));
            }
            Tag::TableHead | Tag::TableRow => {
                if let Some(Frame::Table(_, rows)) = self.stack.last_mut() {
                    rows.push(Vec::new());
                }
            }
            Tag::Strong => self.strong = true,
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Item => {
                self.end_paragraph();
                if let Some(Frame::Blocks(item)) = self.stack.pop()
                    && let Some(Frame::List(_, items)) = self.stack.last_mut()
                {
                    items.push(item);
                }
            }
            TagEnd::List(_) => {
                if let Some(Frame::List(start, items)) = self.stack.pop() {
                    self.block(Block::List { start, items });
                }
            }
            TagEnd::TableCell => {
                let cell = std::mem::take(&mut self.inline);
                if let Some(Frame::Table(_, rows)) = self.stack.last_mut()
                    && let Some(row) = rows.last_mut()
                {
                    row.push(cell);
                }
            }
            TagEnd::Table => {
                if let Some(Frame::Table(right, rows)) = self.stack.pop() {
                    self.block(Block::Table { right, rows });
                }
            }
            TagEnd::Strong => self.strong = false,
            TagEnd::Paragraph | TagEnd::Heading(_) | TagEnd::CodeBlock | TagEnd::HtmlBlock | TagEnd::BlockQuote(_) => {
                self.end_paragraph();
            }
            _ => {}
        }
    }

    fn end_paragraph(&mut self) {
        let mut content = std::mem::take(&mut self.inline);
        if let Some(last) = content.last_mut() {
            last.text.truncate(last.text.trim_end_matches('\n').len());
        }
        content.retain(|run| !run.text.is_empty());
        if !content.is_empty() {
            self.block(Block::Paragraph { content });
        }
    }

    fn block(&mut self, block: Block) {
        if let Some(Frame::Blocks(blocks)) = self.stack.last_mut() {
            blocks.push(block);
        }
    }

    /// Adds text, opening and closing the frames of blanks as they come.
    fn text(&mut self, text: &str) {
        let [open, middle, close] = FRAME;
        for c in text.chars() {
            match (c, &mut self.name) {
                (c, _) if c == open => self.name = Some(String::new()),
                (c, _) if c == middle => self.field = self.name.take(),
                (c, _) if c == close => self.field = None,
                (c, Some(name)) => name.push(c),
                (c, None) => self.push(c),
            }
        }
    }

    fn push(&mut self, c: char) {
        let name = self.field.as_deref();
        let empty = name.is_some_and(|name| name.starts_with('?'));
        let field = name.map(|name| name.trim_start_matches('?'));
        match self.inline.last_mut() {
            Some(run) if run.strong == self.strong && run.field.as_deref() == field && run.empty == empty => {
                run.text.push(c);
            }
            _ => {
                let field = field.map(ToOwned::to_owned);
                self.inline.push(Inline { text: c.to_string(), strong: self.strong, field, empty });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::template::escape;
    use proptest::prelude::*;

    /// All text of the blocks, run after run.
    fn shown(blocks: &[Block]) -> String {
        let run = |runs: &[Inline]| runs.iter().map(|run| run.text.clone()).collect::<String>();
        blocks
            .iter()
            .map(|block| match block {
                Block::Paragraph { content } => run(content),
                Block::List { items, .. } => items.iter().map(|item| shown(item)).collect(),
                Block::Table { rows, .. } => rows.iter().flatten().map(|cell| run(cell)).collect(),
            })
            .collect()
    }

    #[test]
    fn a_clause_is_paragraphs_lists_and_tables() {
        let read =
            blocks("开头\n第二行\n\n1. 甲\n   - 乙\n2. **丙**\n\n| 名称 | 金额 |\n| --- | ---: |\n| 电机 | 5.00 |");
        assert!(matches!(&read[0], Block::Paragraph { content } if content[0].text == "开头\n第二行"));
        let Block::List { start: Some(1), items } = &read[1] else { panic!("{read:?}") };
        assert!(matches!(&items[0][1], Block::List { start: None, .. }));
        assert!(matches!(&items[1][0], Block::Paragraph { content } if content[0].strong));
        assert!(matches!(&read[2], Block::Table { right, rows } if *right == [false, true] && rows.len() == 2));
    }

    #[test]
    fn what_people_type_stays_what_they_typed() {
        for text in [
            "**粗**",
            "<script>alert(1)</script>",
            "# 标题",
            "- 项",
            "3. 项",
            "{{ price }}",
            "[a](http://b)",
            "a | b",
            "1) x",
            "+ x",
            "===",
            "`code`",
            "&amp;",
            "\\*",
        ] {
            assert_eq!(shown(&blocks(&escape(text))), text);
            assert_eq!(shown(&blocks(&format!("1. 说明：{}", escape(text)))), format!("说明：{text}"), "in a list");
        }
    }

    proptest! {
        #[test]
        fn no_text_becomes_markup(lines in prop::collection::vec("[ -~甲，。#*_<>&|\\[\\]`~=+.)0-9-]{1,30}", 1..4)) {
            let text: Vec<&str> = lines.iter().map(|line| line.trim()).filter(|line| !line.is_empty()).collect();
            let text = text.join("\n");
            let read = blocks(&format!("约定：{}", escape(&text)));
            prop_assert!(read.len() == 1 && matches!(read[0], Block::Paragraph { .. }), "{:?}", read);
            prop_assert_eq!(shown(&read), format!("约定：{text}"));
        }
    }
}
