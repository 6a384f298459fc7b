//! From the parser's events to nodes.

use std::borrow::Cow;
use std::sync::Arc;

use saphyr_parser::{Event, Parser, ScalarStyle, Span};

use super::{Content, DataError, Entry, Node, Spot};

/// Deeper than any file that a person writes; shallow enough that no stack overflows.
const DEEPEST: usize = 64;

/// Reads one YAML document.
///
/// An empty file gives an empty node ([`Node::is_empty`]).
///
/// # Errors
/// The first thing that is not YAML or not allowed here, with its place.
pub fn parse(file_name: &str, text: &str) -> Result<Node, DataError> {
    let file: Arc<str> = file_name.into();
    let mut builder = Builder { file: Arc::clone(&file), open: Vec::new(), root: None, documents: 0 };
    for event in Parser::new_from_str(text) {
        let (event, span) = event.map_err(|e| {
            let mark = e.marker();
            Spot { file: Arc::clone(&file), path: builder.path(), line: mark.line(), column: mark.col() + 1 }.error(
                format!("this is not YAML: {}", e.info()),
                "Look at the indentation, and put text that holds “: ” or “ #”, or that begins \
                 with one of [ { & * ! | > ' \" % @ `, in double quotes.",
            )
        })?;
        builder.take(event, span)?;
    }
    Ok(builder
        .root
        .unwrap_or(Node { at: Spot { file, path: String::new(), line: 1, column: 1 }, content: Content::Empty }))
}

/// A list or mapping whose end has not come yet.
struct Open {
    node: Node,
    /// In a mapping: the key whose value comes next.
    key: Option<(String, Spot)>,
}

struct Builder {
    file: Arc<str>,
    open: Vec<Open>,
    root: Option<Node>,
    documents: usize,
}

impl Builder {
    fn take(&mut self, event: Event<'_>, span: Span) -> Result<(), DataError> {
        match event {
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentEnd => Ok(()),
            Event::DocumentStart(_) => {
                self.documents += 1;
                if self.documents > 1 {
                    return Err(self
                        .spot(span)
                        .error("a second document begins here", "Keep one document a file: take the line “---” out."));
                }
                Ok(())
            }
            Event::Alias(_) => Err(self.anchor(span)),
            Event::Scalar(text, style, anchor, tag) => {
                self.plain(span, anchor, tag.is_some())?;
                self.scalar(text, style, span)
            }
            Event::SequenceStart(anchor, tag) => {
                self.plain(span, anchor, tag.is_some())?;
                self.begin(Content::List(Vec::new()), span)
            }
            Event::MappingStart(anchor, tag) => {
                self.plain(span, anchor, tag.is_some())?;
                self.begin(Content::Map(Vec::new()), span)
            }
            Event::SequenceEnd | Event::MappingEnd => match self.open.pop() {
                Some(open) => {
                    self.put(open.node);
                    Ok(())
                }
                None => Ok(()),
            },
        }
    }

    /// Refuses anchors and tags.
    fn plain(&self, span: Span, anchor: usize, tagged: bool) -> Result<(), DataError> {
        if anchor != 0 {
            return Err(self.anchor(span));
        }
        if tagged {
            return Err(self.spot(span).error(
                "tags (!) are not used here",
                "Take the tag out; text that begins with “!” goes in double quotes.",
            ));
        }
        Ok(())
    }

    fn anchor(&self, span: Span) -> DataError {
        self.spot(span).error(
            "anchors (&) and aliases (*) are not used here",
            "Write the value out; text that begins with & or * goes in double quotes.",
        )
    }

    fn scalar(&mut self, text: Cow<'_, str>, style: ScalarStyle, span: Span) -> Result<(), DataError> {
        let at = self.spot(span);
        if let Some(Open { node: Node { content: Content::Map(entries), .. }, key: key @ None }) = self.open.last_mut()
        {
            if let Some(first) = entries.iter().find(|e| e.key == text) {
                return Err(at.error(
                    format!("“{text}” stands here twice, first on line {}", first.line()),
                    "Keep one; several values go in a list.",
                ));
            }
            *key = Some((text.into_owned(), at));
            return Ok(());
        }
        let content = if text.is_empty() && style == ScalarStyle::Plain {
            Content::Empty
        } else {
            Content::Scalar(text.into_owned())
        };
        self.put(Node { at, content });
        Ok(())
    }

    fn begin(&mut self, content: Content, span: Span) -> Result<(), DataError> {
        let at = self.spot(span);
        if self.open.len() >= DEEPEST {
            return Err(
                at.error(format!("this is nested more than {DEEPEST} deep"), "Look for brackets that are not closed.")
            );
        }
        if let Some(Open { node, key: None }) = self.open.last()
            && node.is_map()
        {
            return Err(at.error("a key must be a text", "Write “key: value”; a list or mapping can only be a value."));
        }
        self.open.push(Open { node: Node { at, content }, key: None });
        Ok(())
    }

    /// Puts a finished node where it belongs.
    fn put(&mut self, node: Node) {
        match self.open.last_mut() {
            None => self.root = Some(node),
            Some(open) => match &mut open.node.content {
                Content::List(members) => members.push(node),
                Content::Map(entries) => {
                    if let Some((key, mut at)) = open.key.take() {
                        at.path.clone_from(&node.at.path);
                        entries.push(Entry { key, at, value: node });
                    }
                }
                Content::Empty | Content::Scalar(_) => {}
            },
        }
    }

    fn spot(&self, span: Span) -> Spot {
        Spot {
            file: Arc::clone(&self.file),
            path: self.path(),
            line: span.start.line().max(1),
            column: span.start.col() + 1,
        }
    }

    /// The path of whatever comes next.
    fn path(&self) -> String {
        let mut path = String::new();
        for open in &self.open {
            match (&open.node.content, &open.key) {
                (Content::List(members), _) => path.push_str(&format!("[{}]", members.len())),
                (Content::Map(_), Some((key, _))) => {
                    if !path.is_empty() {
                        path.push('.');
                    }
                    path.push_str(key);
                }
                _ => {}
            }
        }
        path
    }
}
