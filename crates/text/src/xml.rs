//! XML as a tree, bounded in depth and size: what DOCX, ODT and XMP are made of.

use crate::error::Error;
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

/// Deeper than any document that people write (nested tables take ten levels each).
const MAX_DEPTH: usize = 300;
const MAX_NODES: usize = 6_000_000;

/// An element; names and attributes without their namespace prefix.
#[derive(Debug, Default)]
pub struct Element {
    pub name: String,
    pub attributes: Vec<(String, String)>,
    pub children: Vec<Node>,
}

#[derive(Debug)]
pub enum Node {
    Element(Element),
    Text(String),
}

impl Element {
    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    pub fn elements(&self) -> impl Iterator<Item = &Element> {
        self.children.iter().filter_map(|child| match child {
            Node::Element(element) => Some(element),
            Node::Text(_) => None,
        })
    }

    pub fn child(&self, name: &str) -> Option<&Element> {
        self.elements().find(|element| element.name == name)
    }

    /// Follows a path of names.
    pub fn at(&self, path: &[&str]) -> Option<&Element> {
        path.iter().try_fold(self, |element, name| element.child(name))
    }

    /// All text below.
    pub fn all_text(&self) -> String {
        let mut out = String::new();
        self.gather(&mut out);
        out
    }

    fn gather(&self, out: &mut String) {
        for child in &self.children {
            match child {
                Node::Text(text) => out.push_str(text),
                Node::Element(element) => element.gather(out),
            }
        }
    }
}

/// Parses a whole text; entities other than the five of XML are left out (there are no bombs of them).
pub fn parse(text: &str, format: &str) -> Result<Element, Error> {
    let mut reader = Reader::from_str(text);
    reader.config_mut().check_end_names = false;
    let mut stack: Vec<Element> = vec![Element::default()];
    let mut nodes = 0_usize;
    loop {
        let event = reader.read_event().map_err(|error| {
            Error::broken(format, format!("its XML is broken at byte {} ({error})", reader.buffer_position()))
        })?;
        match event {
            Event::Start(start) => {
                if stack.len() > MAX_DEPTH {
                    return Err(Error::too_large(format, "its parts are nested too deeply"));
                }
                stack.push(element(&start));
            }
            Event::Empty(start) => {
                let element = element(&start);
                push(&mut stack, Node::Element(element));
            }
            Event::End(_) => {
                if stack.len() > 1
                    && let Some(done) = stack.pop()
                {
                    push(&mut stack, Node::Element(done));
                }
            }
            Event::Text(text) => {
                add(&mut stack, &text);
            }
            Event::CData(text) => {
                add(&mut stack, &text);
            }
            Event::GeneralRef(name) => {
                let resolved = match name.resolve_char_ref() {
                    Ok(Some(character)) => character.to_string(),
                    _ => match &*name {
                        "lt" => "<".to_owned(),
                        "gt" => ">".to_owned(),
                        "amp" => "&".to_owned(),
                        "quot" => "\"".to_owned(),
                        "apos" => "'".to_owned(),
                        "nbsp" => " ".to_owned(),
                        _ => String::new(),
                    },
                };
                add(&mut stack, &resolved);
            }
            Event::Eof => break,
            _ => {}
        }
        nodes += 1;
        if nodes > MAX_NODES {
            return Err(Error::too_large(format, "it has more than six million parts"));
        }
    }
    // A file cut short: what is open is closed.
    while stack.len() > 1 {
        if let Some(done) = stack.pop() {
            push(&mut stack, Node::Element(done));
        }
    }
    Ok(stack.pop().unwrap_or_default())
}

fn push(stack: &mut [Element], node: Node) {
    if let Some(parent) = stack.last_mut() {
        parent.children.push(node);
    }
}

fn add(stack: &mut [Element], text: &str) {
    let Some(parent) = stack.last_mut() else { return };
    match parent.children.last_mut() {
        Some(Node::Text(last)) => last.push_str(text),
        _ => parent.children.push(Node::Text(text.to_owned())),
    }
}

fn element(start: &BytesStart<'_>) -> Element {
    let name = start.local_name().as_ref().to_owned();
    let attributes = start
        .attributes()
        .with_checks(false)
        .flatten()
        .take(100)
        .map(|attribute| {
            let raw = attribute.value.to_string();
            let value =
                quick_xml::escape::unescape(&raw).map(|value| value.into_owned()).unwrap_or_else(|_| raw.clone());
            (attribute.key.local_name().as_ref().to_owned(), value)
        })
        .collect();
    Element { name, attributes, children: Vec::new() }
}
