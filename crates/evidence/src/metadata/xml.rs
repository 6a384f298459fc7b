//! Changing an XML part in passing: elements dropped, attributes changed, texts replaced; the rest as it was.

use quick_xml::events::{BytesStart, BytesText, Event};
use quick_xml::{Reader, Writer};

/// What becomes of an element.
#[derive(Clone, Copy)]
pub(super) enum Act {
    Keep,
    /// The element and all in it.
    Drop,
    /// Its text becomes this; elements in it go.
    Text(&'static str),
    /// It goes, and what is in it stays.
    Unwrap,
}

/// An element as the visitor sees it.
pub(super) struct Element {
    /// Its name without the prefix.
    pub name: String,
    /// Attributes by their full names, unescaped. The visitor may change and remove them.
    pub attributes: Vec<(String, String)>,
    /// The names of the elements around it, without prefixes, from the outermost.
    pub within: Vec<String>,
    /// Where it begins, in bytes: the same in every pass over the same part.
    pub at: u64,
}

impl Element {
    /// An attribute by its name without the prefix.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(key, _)| local(key) == name).map(|(_, value)| value.as_str())
    }
}

pub(super) fn local(name: &str) -> &str {
    name.rsplit(':').next().unwrap_or(name)
}

/// Runs the visitor over every element; the texts of dropped and replaced elements are given to `gone` with its name.
///
/// # Errors
/// In words, if it is no XML in UTF-8.
pub(super) fn edit(
    xml: &[u8],
    visit: &mut dyn FnMut(&mut Element) -> Act,
    gone: &mut dyn FnMut(&str, &str),
) -> Result<Vec<u8>, String> {
    if xml.starts_with(&[0xfe, 0xff]) || xml.starts_with(&[0xff, 0xfe]) {
        return Err("it is written in UTF-16".into());
    }
    let mut reader = Reader::from_reader(xml);
    let mut writer = Writer::new(Vec::with_capacity(xml.len()));
    let mut within: Vec<String> = Vec::new();
    // Depth at which dropping or replacing began, and the element's name and new text.
    let mut gone_from: Option<(usize, String, Option<&'static str>)> = None;
    // Depths of the open elements that go without what is in them.
    let mut unwrapped: Vec<usize> = Vec::new();
    let mut text = String::new();
    loop {
        let at = reader.buffer_position();
        let event = reader
            .read_event()
            .map_err(|error| format!("it is no XML: {error}, at byte {}", reader.error_position()))?;
        match event {
            Event::Eof => break,
            Event::Start(ref start) | Event::Empty(ref start) => {
                let opens = matches!(event, Event::Start(_));
                let full = start.name().as_ref().to_owned();
                if within.len() >= 512 {
                    return Err("its elements are nested more than 512 deep".into());
                }
                if gone_from.is_none() {
                    let mut attributes = Vec::new();
                    for attribute in start.attributes().with_checks(false) {
                        let attribute = attribute.map_err(|error| format!("it is no XML: {error}"))?;
                        let value = attribute.value.clone().into_owned();
                        let value =
                            quick_xml::escape::unescape(&value).map(std::borrow::Cow::into_owned).unwrap_or(value);
                        attributes.push((attribute.key.as_ref().to_owned(), value));
                    }
                    let mut element = Element {
                        name: local(&full).to_owned(),
                        attributes: attributes.clone(),
                        within: std::mem::take(&mut within),
                        at,
                    };
                    let act = visit(&mut element);
                    within = element.within;
                    let changed = if element.attributes == attributes {
                        None
                    } else {
                        let mut changed = BytesStart::new(full.clone());
                        for (key, value) in &element.attributes {
                            changed.push_attribute((key.as_str(), value.as_str()));
                        }
                        Some(changed)
                    };
                    let begin = changed.as_ref().unwrap_or(start).borrow();
                    let mut put = |event: Event<'_>| writer.write_event(event).map_err(|error| error.to_string());
                    match (act, opens) {
                        (Act::Keep, true) | (Act::Text(_), true) => put(Event::Start(begin))?,
                        (Act::Keep | Act::Text(_), false) => put(Event::Empty(begin))?,
                        (Act::Drop | Act::Unwrap, _) => {}
                    }
                    match act {
                        Act::Drop if opens => gone_from = Some((within.len(), element.name, None)),
                        Act::Drop => gone(&element.name, ""),
                        Act::Text(new) if opens => gone_from = Some((within.len(), element.name, Some(new))),
                        Act::Unwrap if opens => unwrapped.push(within.len()),
                        _ => {}
                    }
                    text.clear();
                }
                if opens {
                    within.push(local(&full).to_owned());
                }
            }
            Event::End(end) => {
                within.pop();
                match gone_from.take() {
                    Some((depth, name, new)) if depth == within.len() => {
                        gone(&name, &text);
                        if let Some(new) = new {
                            writer.write_event(Event::Text(BytesText::new(new))).map_err(|error| error.to_string())?;
                            writer.write_event(Event::End(end)).map_err(|error| error.to_string())?;
                        }
                    }
                    Some(still) => gone_from = Some(still),
                    None if unwrapped.last() == Some(&within.len()) => {
                        unwrapped.pop();
                    }
                    None => writer.write_event(Event::End(end)).map_err(|error| error.to_string())?,
                }
            }
            event if gone_from.is_some() => match event {
                Event::Text(part) if text.len() < 10_000 => text.push_str(&part),
                Event::CData(part) if text.len() < 10_000 => text.push_str(&part),
                Event::GeneralRef(reference) => {
                    let reference = format!("&{};", &*reference);
                    text.push_str(&quick_xml::escape::unescape(&reference).unwrap_or_default());
                }
                _ => {}
            },
            // Comments are notes to whoever reads the XML, and processing instructions notes to programs.
            Event::Comment(_) => {}
            event => writer.write_event(event).map_err(|error| error.to_string())?,
        }
    }
    if !within.is_empty() {
        return Err("it is cut short".into());
    }
    Ok(writer.into_inner())
}

/// Shows every element to the visitor, and changes nothing.
///
/// # Errors
/// In words, if it is no XML in UTF-8.
pub(super) fn look(xml: &[u8], visit: &mut dyn FnMut(&Element)) -> Result<(), String> {
    let mut keep = |element: &mut Element| {
        visit(element);
        Act::Keep
    };
    edit(xml, &mut keep, &mut |_, _| {}).map(|_| ())
}

/// The texts of all elements that have no elements in them, by name.
pub(super) fn leaves(xml: &[u8], found: &mut dyn FnMut(&str, &str)) -> Result<(), String> {
    let mut reader = Reader::from_reader(xml);
    let (mut depth, mut leaf, mut text, mut name) = (0usize, false, String::new(), String::new());
    loop {
        match reader.read_event().map_err(|error| format!("it is no XML: {error}"))? {
            Event::Eof => return Ok(()),
            Event::Start(start) => {
                depth += 1;
                leaf = true;
                text.clear();
                name = local(start.name().as_ref()).to_owned();
                // Custom properties have their names in an attribute.
                for attribute in start.attributes().with_checks(false).flatten() {
                    let key = attribute.key.as_ref().to_owned();
                    if local(&key) == "name" {
                        found("property", &attribute.value);
                    }
                }
                if depth > 512 {
                    return Err("its elements are nested more than 512 deep".into());
                }
            }
            Event::End(_) => {
                depth = depth.saturating_sub(1);
                if std::mem::take(&mut leaf) && !text.trim().is_empty() {
                    found(&name, text.trim());
                }
            }
            Event::Empty(start) => {
                for attribute in start.attributes().with_checks(false).flatten() {
                    let key = attribute.key.as_ref().to_owned();
                    if key.starts_with("xmlns") {
                        continue;
                    }
                    found(&format!("{} {}", local(start.name().as_ref()), local(&key)), &attribute.value);
                }
            }
            Event::Text(part) => text.push_str(&part),
            Event::CData(part) => text.push_str(&part),
            Event::GeneralRef(reference) => {
                let reference = format!("&{};", &*reference);
                text.push_str(&quick_xml::escape::unescape(&reference).unwrap_or_default());
            }
            _ => {}
        }
    }
}
