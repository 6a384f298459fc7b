//! XML as a stream, for sheets whose parts are too long to be held as a tree.

use crate::error::Error;
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

/// Nothing that a spreadsheet program writes is nested deeper.
const DEEPEST: usize = 256;

/// What is told of a part, element by element.
pub trait Walker {
    fn open(&mut self, name: &str, element: &BytesStart<'_>) -> Result<(), Error>;
    fn words(&mut self, _words: &str) {}
    fn shut(&mut self, _name: &str) -> Result<(), Error> {
        Ok(())
    }
}

/// Only what opens is asked for.
pub struct Opened<F>(pub F);

impl<F: FnMut(&str, &BytesStart<'_>)> Walker for Opened<F> {
    fn open(&mut self, name: &str, element: &BytesStart<'_>) -> Result<(), Error> {
        (self.0)(name, element);
        Ok(())
    }
}

pub fn walk(text: &str, format: &'static str, walker: &mut dyn Walker) -> Result<(), Error> {
    let mut reader = Reader::from_str(text);
    let mut depth = 0_usize;
    loop {
        let event =
            reader.read_event().map_err(|error| Error::broken(format, format!("{error}; was it sent whole?")))?;
        match event {
            Event::Start(element) => {
                depth += 1;
                if depth > DEEPEST {
                    return Err(Error::broken(format, "its parts are nested too deeply"));
                }
                walker.open(element.local_name().as_ref(), &element)?;
            }
            Event::Empty(element) => {
                walker.open(element.local_name().as_ref(), &element)?;
                walker.shut(element.local_name().as_ref())?;
            }
            Event::End(element) => {
                depth = depth.saturating_sub(1);
                walker.shut(element.local_name().as_ref())?;
            }
            Event::Text(words) => walker.words(&words),
            Event::CData(words) => walker.words(&words),
            Event::GeneralRef(name) => match (name.resolve_char_ref(), &*name) {
                (Ok(Some(character)), _) => walker.words(character.encode_utf8(&mut [0; 4])),
                (_, "lt") => walker.words("<"),
                (_, "gt") => walker.words(">"),
                (_, "amp") => walker.words("&"),
                (_, "quot") => walker.words("\""),
                (_, "apos") => walker.words("'"),
                _ => {}
            },
            Event::Eof if depth > 0 => {
                return Err(Error::broken(format, "it ends in the middle; was it sent whole?"));
            }
            Event::Eof => return Ok(()),
            _ => {}
        }
    }
}

pub fn attribute(element: &BytesStart<'_>, name: &str) -> Option<String> {
    let found = element.attributes().flatten().find(|attribute| attribute.key.local_name().as_ref() == name)?;
    quick_xml::escape::unescape(&found.value).ok().map(|value| value.into_owned())
}
