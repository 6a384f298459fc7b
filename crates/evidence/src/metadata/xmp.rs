//! XMP packets (ISO 16684-1): RDF in XML, listed flat.

use quick_xml::Reader;
use quick_xml::events::Event;

use super::Fields;

/// Every attribute and every text, named after the nearest element that is not of RDF itself.
pub(super) fn read(packet: &[u8], found: &mut Fields) {
    let before = found.list.len();
    let mut reader = Reader::from_reader(packet);
    reader.config_mut().check_end_names = false;
    let mut names: Vec<String> = Vec::new();
    let mut text = String::new();
    loop {
        match reader.read_event() {
            Ok(event @ (Event::Start(_) | Event::Empty(_))) => {
                let (Event::Start(start) | Event::Empty(start)) = &event else { continue };
                let name = start.name().as_ref().to_owned();
                for attribute in start.attributes().with_checks(false).flatten() {
                    let key = attribute.key.as_ref().to_owned();
                    if key.starts_with("xmlns")
                        || key.starts_with("rdf:")
                        || key.starts_with("xml:")
                        || key == "x:xmptk"
                    {
                        continue;
                    }
                    let value = &attribute.value;
                    found.personal("xmp", key, unescaped(value));
                }
                if matches!(event, Event::Start(_)) {
                    if names.len() >= 256 {
                        break;
                    }
                    names.push(name);
                }
                text.clear();
            }
            Ok(Event::Text(part)) => text.push_str(&part),
            Ok(Event::CData(part)) => text.push_str(&part),
            Ok(Event::GeneralRef(reference)) => {
                text.push_str(&unescaped(&format!("&{};", &*reference)));
            }
            Ok(Event::End(_)) => {
                if !text.trim().is_empty()
                    && let Some(name) = names.iter().rev().find(|name| !name.starts_with("rdf:"))
                {
                    found.personal("xmp", name.as_str(), text.trim());
                }
                text.clear();
                names.pop();
            }
            Ok(Event::Eof) | Err(_) => break,
            Ok(_) => {}
        }
        if text.len() > 1 << 20 {
            text.clear();
        }
    }
    if found.list.len() == before && !packet.iter().all(u8::is_ascii_whitespace) {
        found.lump("xmp", "packet", packet);
    }
}

fn unescaped(text: &str) -> String {
    quick_xml::escape::unescape(text).map_or_else(|_| text.to_owned(), std::borrow::Cow::into_owned)
}
