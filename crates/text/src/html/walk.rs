//! Walks the chosen part of the page and writes its words, block by block.

use super::article::{Choice, is_furniture, link_share};
use super::element::{alike, holds_heading, is_byline, is_cited, ordinal, rank};
use super::meta::Meta;
use super::notes::{Notes, is_label};
use super::tree::{Tree, is_block};
use crate::document::{BlockKind, Table};
use crate::writer::{Writer, bare_label, collapse};

/// Elements nested deeper than this give their words as one run.
const MAX_DEPTH: u32 = 250;

struct Walk<'a> {
    tree: &'a Tree,
    choice: &'a Choice,
    notes: &'a Notes,
    writer: &'a mut Writer,
    title: Option<String>,
    titled: bool,
    /// Words owed at the head of the next block: a list item's number.
    prefix: Option<String>,
    /// A note whose first block is being written: id and label.
    note: Option<(String, String)>,
    in_note: bool,
    /// Everything is left out up to the next heading of this rank.
    skipping: Option<u8>,
}

pub fn write(tree: &Tree, choice: &Choice, notes: &Notes, meta: &Meta, writer: &mut Writer) {
    let mut walk = Walk {
        tree,
        choice,
        notes,
        writer,
        title: meta.heading(),
        titled: false,
        prefix: None,
        note: None,
        in_note: false,
        skipping: None,
    };
    walk.opening();
    walk.element(choice.root, BlockKind::Paragraph, 0);
    walk.close();
    walk.late_notes();
    let Walk { titled, title, .. } = walk;
    if titled {
        // The headline as the page prints it.
        let first = writer
            .document
            .blocks
            .iter()
            .find(|block| block.kind == BlockKind::Title)
            .map(|block| (block.start, block.end));
        let words =
            first.map(|(start, end)| crate::count::Slices::new(&writer.document.text).slice(start, end).to_owned());
        writer.document.title = words.or(title);
    }
}

impl Walk<'_> {
    /// The headline, byline and date that stand above the chosen part.
    fn opening(&mut self) {
        let inside = self.tree.within(self.choice.root);
        let Some(title) = self.title.clone() else { return };
        if inside.clone().any(|at| self.tree.tag(at) == "h1") {
            return;
        }
        let above: Vec<usize> = (0..inside.start).filter(|at| self.tree.tag(*at) == "h1").collect();
        let Some(headline) = above.into_iter().find(|at| alike(&self.tree.words(*at), &title)) else { return };
        self.titled = true;
        self.inline_block(headline, BlockKind::Title, 0);
        for at in self.tree.nodes[headline].end..inside.start {
            let named = |words: &[&str]| {
                let names = format!(
                    "{} {} {}",
                    self.tree.attribute(at, "class").unwrap_or(""),
                    self.tree.attribute(at, "rel").unwrap_or(""),
                    self.tree.attribute(at, "itemprop").unwrap_or("")
                );
                let names = names.to_ascii_lowercase();
                names.split(|c: char| !c.is_ascii_alphanumeric()).any(|name| words.contains(&name))
            };
            let short = (1..=120).contains(&self.tree.letters(at));
            let wanted =
                self.tree.tag(at) == "time" || named(&["byline", "author", "dateline", "published", "datepublished"]);
            let nested = self.tree.ancestors(at).any(|up| up >= headline && matches!(self.tree.tag(up), "time"));
            if short && wanted && !nested && !self.tree.within(at).skip(1).any(|below| self.tree.tag(below) == "time") {
                let kind = if self.tree.tag(at) == "time" || named(&["dateline", "published"]) {
                    BlockKind::Paragraph
                } else {
                    BlockKind::Byline
                };
                let words = self.tree.words(at);
                if !self.writer.document.text.contains(words.as_str()) {
                    self.inline_block(at, kind, 0);
                }
            }
        }
    }

    /// Notes that the chosen part marks and that stand outside it.
    fn late_notes(&mut self) {
        let wanted: Vec<String> = self.writer.marks.iter().map(|(id, _)| id.clone()).collect();
        let inside = self.tree.within(self.choice.root);
        let mut bodies: Vec<usize> = self
            .notes
            .bodies
            .iter()
            .filter(|(body, (id, _))| !inside.contains(*body) && wanted.contains(id))
            .map(|(body, _)| *body)
            .collect();
        bodies.sort_unstable();
        self.skipping = None;
        for body in bodies {
            self.element(body, BlockKind::Note, 0);
            self.close();
        }
    }

    fn close(&mut self) {
        let words = self.writer.open_words();
        if words.is_empty() {
            self.writer.end();
            return;
        }
        if crate::furniture::is_furniture(words) && self.note.is_none() {
            self.writer.discard();
            return;
        }
        let index = self.writer.end();
        if let (Some(index), Some((id, label))) = (index, self.note.take()) {
            self.writer.note(&id, index, &label);
        }
    }

    fn open(&mut self, kind: BlockKind) {
        if self.writer.is_open() {
            return;
        }
        self.writer.begin(if self.in_note { BlockKind::Note } else { kind });
        if let Some((_, label)) = &self.note {
            let label = format!("[{label}] ");
            self.prefix = None;
            self.writer.words(&label);
        } else if let Some(prefix) = self.prefix.take() {
            self.writer.words(&prefix);
        }
    }

    fn inline_block(&mut self, index: usize, kind: BlockKind, depth: u32) {
        self.close();
        for child in 0..self.tree.nodes[index].children.len() {
            self.node(self.tree.nodes[index].children[child], kind, depth + 1);
        }
        self.close();
    }

    fn node(&mut self, index: usize, kind: BlockKind, depth: u32) {
        if self.tree.tag(index).is_empty() {
            let tree = self.tree;
            self.text(&tree.nodes[index].text, kind, self.tree.nodes[index].parent);
        } else {
            self.element(index, kind, depth);
        }
    }

    fn text(&mut self, text: &str, kind: BlockKind, parent: usize) {
        if self.skipping.is_some() {
            return;
        }
        if text.trim().is_empty() && !self.writer.is_open() {
            return;
        }
        let mut text = text;
        if let (Some((_, label)), false) = (&self.note, self.writer.is_open()) {
            // The note's own number is written once, as ours.
            let bare = text.trim_start();
            let stripped = bare.trim_start_matches(['[', '(']).strip_prefix(label.as_str());
            if let Some(rest) = stripped.filter(|rest| !rest.starts_with(|c: char| c.is_alphanumeric())) {
                text = rest.trim_start_matches([']', ')', '.', ':']);
            }
            let arrows = text.trim().chars().all(|c| matches!(c, '↩' | '^' | '↑' | '⤴' | '\u{FE0E}' | '\u{FE0F}'));
            if text.trim().is_empty() || arrows {
                return;
            }
        }
        self.open(kind);
        if self.tree.ancestors(parent).take(4).chain(std::iter::once(parent)).any(|at| self.tree.tag(at) == "pre") {
            for line in text.split_inclusive('\n') {
                self.writer.words(line.trim_end_matches('\n'));
                if line.ends_with('\n') {
                    self.writer.line();
                }
            }
        } else {
            self.writer.words(text);
        }
    }

    fn element(&mut self, index: usize, kind: BlockKind, depth: u32) {
        let tree = self.tree;
        let tag = tree.tag(index);
        if self.writer.is_full() || (index != self.choice.root && is_furniture(tree, self.choice, index)) {
            return;
        }
        if depth > MAX_DEPTH {
            let words = tree.words(index);
            self.text(&words, kind, index);
            return;
        }
        if !is_block(tag) {
            self.inline(index, tag, kind, depth);
            return;
        }
        if let Some(level) = rank(tag) {
            self.heading(index, level, depth);
            return;
        }
        if self.skipping.is_some()
            && !self.notes.bodies.contains_key(&index)
            && !tree.has_notes(index)
            && tree.letters(index) > 0
            && !holds_heading(tree, index)
        {
            return;
        }
        self.close();
        let outer = (self.in_note, self.note.take());
        if let Some(note) = self.notes.bodies.get(&index) {
            self.in_note = true;
            self.note = Some(note.clone());
            self.skipping = None;
        } else if outer.0 {
            self.note = outer.1.clone();
        }
        let inner = match tag {
            "blockquote" => BlockKind::Quote,
            "figcaption" | "caption" => BlockKind::Caption,
            "li" => BlockKind::Item,
            _ if is_byline(tree, index) => BlockKind::Byline,
            _ => kind,
        };
        match tag {
            "table" => self.table(index, kind, depth),
            "ul" | "ol" | "menu" | "dir" => self.list(index, tag, depth),
            "hr" => {}
            _ => self.inline_block(index, inner, depth),
        }
        self.close();
        if tag == "li" {
            self.prefix = None;
        }
        let unwritten = self.note.take();
        self.in_note = outer.0;
        self.note = if outer.0 { unwritten } else { outer.1 };
    }

    fn heading(&mut self, index: usize, level: u8, depth: u32) {
        let words = self.tree.words(index);
        if let Some(rank) = self.skipping {
            if level > rank || crate::furniture::opens_related(&words) {
                return;
            }
            self.skipping = None;
        }
        if crate::furniture::opens_related(&words) {
            self.close();
            self.skipping = Some(level);
            return;
        }
        let title = !self.titled && (level == 1 || self.title.as_deref().is_some_and(|title| alike(title, &words)));
        self.titled |= title;
        self.inline_block(index, if title { BlockKind::Title } else { BlockKind::Heading(level) }, depth);
    }

    fn inline(&mut self, index: usize, tag: &str, kind: BlockKind, depth: u32) {
        let tree = self.tree;
        match tag {
            "br" => {
                let next = tree.nodes[tree.nodes[index].parent].children.iter().copied().find(|next| {
                    *next > index && !(tree.tag(*next).is_empty() && tree.nodes[*next].text.trim().is_empty())
                });
                if next.is_some_and(|next| tree.tag(next) == "br") {
                    self.close();
                } else {
                    self.writer.line();
                }
                return;
            }
            "img" | "wbr" => return,
            _ => {}
        }
        if let Some((id, label)) = self.notes.marks.get(&index)
            && self.skipping.is_none()
            && !self.in_note
        {
            self.open(kind);
            self.writer.mark(id, label);
            return;
        }
        if self.in_note && tag == "a" && tree.attribute(index, "href").is_some_and(|href| href.contains('#')) {
            let words = collapse(&tree.words(index));
            let bare = bare_label(&words);
            let own = self.note.as_ref().is_some_and(|(_, label)| *label == bare);
            let arrow = words.chars().all(|c| !c.is_alphanumeric()) || words.to_lowercase().starts_with("back");
            if own
                || arrow
                || (bare.chars().count() == 1 && tree.letters(tree.nodes[index].parent) > 30 && self.writer.has_words())
            {
                return;
            }
        }
        if tag == "sup" {
            let label = bare_label(&tree.words(index));
            let linked = tree.within(index).any(|at| tree.tag(at) == "a");
            if !linked
                && is_label(&label)
                && label.chars().all(|c| c.is_ascii_digit() || "*†‡".contains(c))
                && self.skipping.is_none()
            {
                self.raised(&label, kind);
                return;
            }
        }
        for child in 0..tree.nodes[index].children.len() {
            self.node(tree.nodes[index].children[child], kind, depth + 1);
        }
    }

    /// A raised figure without a link: in a text a mark, at the head of a later block its note.
    fn raised(&mut self, label: &str, kind: BlockKind) {
        let id = format!("sup:{label}");
        if self.note.as_ref().is_some_and(|(_, known)| known == label) {
            return;
        }
        if !self.writer.has_words() && self.writer.marks.iter().any(|(known, _)| *known == id) {
            self.close();
            self.note = Some((id, label.to_owned()));
            self.writer.begin(BlockKind::Note);
            self.writer.words(&format!("[{label}] "));
            return;
        }
        self.open(kind);
        self.writer.mark(&id, label);
    }

    fn list(&mut self, index: usize, tag: &str, depth: u32) {
        let tree = self.tree;
        // A list of nothing but links, inside an article, is a menu or a list of other articles.
        let items = tree.nodes[index].children.iter().filter(|child| tree.tag(**child) == "li").count();
        let long = items > 0 && tree.letters(index) / u32::try_from(items).unwrap_or(1).max(1) > 120;
        if link_share(tree, index) > 0.9 && !long && !tree.has_notes(index) && !self.in_note && !is_cited(tree, index) {
            return;
        }
        let mut number: i64 = tree.attribute(index, "start").and_then(|start| start.trim().parse().ok()).unwrap_or(1);
        let style = tree.attribute(index, "type").unwrap_or("1");
        for child in 0..tree.nodes[index].children.len() {
            let child = tree.nodes[index].children[child];
            if tree.tag(child) == "li" && tag == "ol" {
                number = tree.attribute(child, "value").and_then(|value| value.trim().parse().ok()).unwrap_or(number);
                self.close();
                self.prefix = Some(format!("{}. ", ordinal(number, style)));
                number = number.saturating_add(1);
            }
            self.node(child, BlockKind::Item, depth + 1);
        }
    }

    fn table(&mut self, index: usize, kind: BlockKind, depth: u32) {
        let tree = self.tree;
        let Some(rows) = super::table::rows(tree, self.choice, index) else {
            self.inline_block(index, kind, depth);
            return;
        };
        let caption = tree.nodes[index].children.iter().copied().find(|child| tree.tag(*child) == "caption");
        if let Some(caption) = caption {
            self.inline_block(caption, BlockKind::Caption, depth);
        }
        let caption = caption.map(|caption| tree.words(caption)).filter(|words| !words.is_empty());
        let rows = rows.iter().map(|row| self.writer.row(row)).collect();
        self.writer.table(Table { caption, rows });
    }
}
