//! The page as a plain tree: an arena in document order, built once, so that walking it is simple and bounded.

use dom_query::{Document, NodeRef};

/// Nodes beyond this are not read: a page of a million elements is no document.
pub const MAX_NODES: usize = 1_000_000;

pub struct Node {
    pub tag: String,
    /// Of a text node; empty for elements.
    pub text: String,
    pub attributes: Vec<(String, String)>,
    pub parent: usize,
    pub children: Vec<usize>,
    pub depth: u32,
    /// One past the last descendant, in document order.
    pub end: usize,
}

pub struct Tree {
    pub nodes: Vec<Node>,
    pub deepest: u32,
    pub cut: bool,
    /// Sums up to each node, so that any part's share is had by subtraction: letters, letters in links, marks of notes.
    sums: Vec<[u32; 3]>,
}

impl Tree {
    /// Copies the parsed page, numbering its elements in the attribute `data-rapporteur` so that a copy which
    /// others rearrange can be traced back.
    pub fn new(page: &Document, number: bool) -> Self {
        let mut tree = Self { nodes: Vec::new(), deepest: 0, cut: false, sums: Vec::new() };
        tree.nodes.push(Node::new("#root", 0, 0));
        let mut stack: Vec<(NodeRef<'_>, usize)> =
            page.root().children().into_iter().rev().map(|node| (node, 0)).collect();
        while let Some((node, parent)) = stack.pop() {
            if tree.nodes.len() >= MAX_NODES {
                tree.cut = true;
                break;
            }
            let depth = tree.nodes[parent].depth + 1;
            let index = tree.nodes.len();
            if node.is_text() {
                let mut new = Node::new("", parent, depth);
                new.text = node.text().to_string();
                tree.nodes.push(new);
            } else if node.is_element() {
                let name = node.node_name().unwrap_or_default().to_ascii_lowercase();
                let mut new = Node::new(&name, parent, depth);
                new.attributes = node
                    .attrs()
                    .into_iter()
                    .take(64)
                    .map(|attribute| {
                        (attribute.name.local.to_string().to_ascii_lowercase(), attribute.value.to_string())
                    })
                    .collect();
                tree.nodes.push(new);
                if number {
                    node.set_attr("data-rapporteur", &index.to_string());
                }
                stack.extend(node.children().into_iter().rev().map(|child| (child, index)));
            } else {
                continue;
            }
            tree.nodes[parent].children.push(index);
            tree.deepest = tree.deepest.max(depth);
        }
        for index in (0..tree.nodes.len()).rev() {
            let end = tree.nodes[index].children.last().map_or(index + 1, |last| tree.nodes[*last].end);
            tree.nodes[index].end = end;
        }
        tree.sum();
        tree
    }

    fn sum(&mut self) {
        let mut sums = Vec::with_capacity(self.nodes.len() + 1);
        let (mut sum, mut link_end) = ([0_u32; 3], 0);
        sums.push(sum);
        for (index, node) in self.nodes.iter().enumerate() {
            if node.tag == "a" {
                link_end = link_end.max(node.end);
            }
            let letters = u32::try_from(node.text.trim().len()).unwrap_or(u32::MAX);
            sum[0] = sum[0].saturating_add(letters);
            if index < link_end {
                sum[1] = sum[1].saturating_add(letters);
            }
            sum[2] += u32::from(node.attributes.iter().any(|(name, value)| {
                let value = value.to_ascii_lowercase();
                matches!(name.as_str(), "class" | "id" | "role" | "name")
                    && (value.contains("footnote")
                        || value.contains("endnote")
                        || value.starts_with("fn")
                        || value.starts_with("_ftn"))
            }));
            sums.push(sum);
        }
        self.sums = sums;
    }

    fn total(&self, index: usize, which: usize) -> u32 {
        self.sums[self.nodes[index].end][which] - self.sums[index][which]
    }

    /// Bytes of text below a node.
    pub fn letters(&self, index: usize) -> u32 {
        self.total(index, 0)
    }

    /// Bytes of text below a node that lie in links.
    pub fn linked(&self, index: usize) -> u32 {
        self.total(index, 1)
    }

    /// Whether something below a node is named as a footnote.
    pub fn has_notes(&self, index: usize) -> bool {
        self.total(index, 2) > 0
    }

    pub fn tag(&self, index: usize) -> &str {
        &self.nodes[index].tag
    }

    pub fn attribute(&self, index: usize, name: &str) -> Option<&str> {
        self.nodes[index].attributes.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// Descendants (and the node itself) in document order.
    pub fn within(&self, index: usize) -> std::ops::Range<usize> {
        index..self.nodes[index].end
    }

    /// All words below a node, white space collapsed.
    pub fn words(&self, index: usize) -> String {
        let mut out = String::new();
        for below in self.within(index) {
            let node = &self.nodes[below];
            if !node.tag.is_empty() {
                if node.tag == "br" || is_block(&node.tag) {
                    out.push(' ');
                }
            } else if !matches!(self.tag(node.parent), "script" | "style" | "noscript" | "template") {
                out.push_str(&node.text);
            }
        }
        crate::writer::collapse(&out)
    }

    pub fn ancestors(&self, index: usize) -> impl Iterator<Item = usize> + '_ {
        let mut at = index;
        std::iter::from_fn(move || {
            (at != 0).then(|| {
                at = self.nodes[at].parent;
                at
            })
        })
    }

    pub fn first(&self, tag: &str) -> Option<usize> {
        (0..self.nodes.len()).find(|index| self.tag(*index) == tag)
    }
}

impl Node {
    fn new(tag: &str, parent: usize, depth: u32) -> Self {
        Self {
            tag: tag.to_owned(),
            text: String::new(),
            attributes: Vec::new(),
            parent,
            children: Vec::new(),
            depth,
            end: 0,
        }
    }
}

/// Elements that begin a new line.
pub fn is_block(tag: &str) -> bool {
    matches!(
        tag,
        "address"
            | "article"
            | "aside"
            | "blockquote"
            | "body"
            | "caption"
            | "center"
            | "dd"
            | "details"
            | "dialog"
            | "dir"
            | "div"
            | "dl"
            | "dt"
            | "fieldset"
            | "figcaption"
            | "figure"
            | "footer"
            | "form"
            | "h1"
            | "h2"
            | "h3"
            | "h4"
            | "h5"
            | "h6"
            | "header"
            | "hgroup"
            | "hr"
            | "html"
            | "li"
            | "main"
            | "menu"
            | "nav"
            | "ol"
            | "p"
            | "pre"
            | "search"
            | "section"
            | "summary"
            | "table"
            | "tbody"
            | "td"
            | "tfoot"
            | "th"
            | "thead"
            | "tr"
            | "ul"
    )
}

/// Elements whose words no reader sees, or that are tools rather than words.
pub fn is_mute(tag: &str) -> bool {
    matches!(
        tag,
        "head"
            | "script"
            | "style"
            | "noscript"
            | "template"
            | "iframe"
            | "object"
            | "embed"
            | "svg"
            | "math"
            | "canvas"
            | "audio"
            | "video"
            | "button"
            | "input"
            | "select"
            | "textarea"
            | "option"
            | "datalist"
            | "dialog"
            | "map"
            | "link"
            | "meta"
    )
}
