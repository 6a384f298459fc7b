//! ActualText: what a stretch of glyphs says, where its glyphs do not say it themselves.
//!
//! Producers use it for scripts whose glyphs are no letters (Khmer clusters), for ligatures and for hyphens at
//! line ends. The interpreter names each marked stretch but not its properties, so they are read here first, in
//! the same order; should the two walks disagree, none of the page's is used.

use hayro_syntax::content::TypedIter;
use hayro_syntax::content::ops::TypedInstruction;
use hayro_syntax::object::dict::keys::{RESOURCES, SUBTYPE};
use hayro_syntax::object::{self, Dict, Name, Stream, dict_or_stream};
use hayro_syntax::page::{Page, Resources};

/// One marked stretch, in drawing order.
pub struct Stretch {
    pub tag: Vec<u8>,
    pub text: Option<String>,
}

const MAX_DEPTH: usize = 12;
const MAX_STRETCHES: usize = 500_000;
/// Operations looked at on one page, those of its forms included.
const MAX_OPERATIONS: usize = 5_000_000;

pub fn read(page: &Page<'_>) -> Vec<Stretch> {
    let mut stretches = Vec::new();
    let marked = page.page_stream().is_some_and(|stream| crate::detect::find(stream, b"BDC").is_some());
    if marked {
        let mut left = MAX_OPERATIONS;
        walk(page.typed_operations(), page.resources(), &mut stretches, 0, &mut left);
    }
    if stretches.iter().any(|stretch| stretch.text.is_some()) { stretches } else { Vec::new() }
}

fn walk(
    mut operations: TypedIter<'_>,
    resources: &Resources<'_>,
    stretches: &mut Vec<Stretch>,
    depth: usize,
    left: &mut usize,
) {
    while let Some(operation) = operations.next() {
        *left = left.saturating_sub(1);
        if stretches.len() >= MAX_STRETCHES || *left == 0 {
            return;
        }
        match operation {
            TypedInstruction::BeginMarkedContent(mark) => {
                stretches.push(Stretch { tag: mark.0.as_ref().to_vec(), text: None })
            }
            TypedInstruction::BeginMarkedContentWithProperties(mark) => {
                let text = |dict: &Dict<'_>| {
                    dict.get::<object::String<'_>>(b"ActualText".as_slice()).map(|text| string(&text))
                };
                let named = mark.1.clone().into_name().and_then(|name| resources.properties.get::<Dict<'_>>(name));
                let text = match dict_or_stream(mark.1) {
                    Some((dict, _)) => text(dict),
                    None => named.as_ref().and_then(text),
                };
                stretches.push(Stretch { tag: mark.0.as_ref().to_vec(), text });
            }
            TypedInstruction::XObject(draw) if depth < MAX_DEPTH => {
                let Some(form) = resources.get_x_object(draw.0) else { continue };
                if form.dict().get::<Name<'_>>(SUBTYPE).is_none_or(|kind| kind.as_ref() != b"Form") {
                    continue;
                }
                // Unpacking a form costs as much as a thousand operations.
                *left = left.saturating_sub(1000);
                walk_form(&form, resources, stretches, depth + 1, left);
            }
            _ => {}
        }
    }
}

fn walk_form(
    form: &Stream<'_>,
    resources: &Resources<'_>,
    stretches: &mut Vec<Stretch>,
    depth: usize,
    left: &mut usize,
) {
    let Ok(decoded) = form.decoded() else { return };
    let own = form.dict().get::<Dict<'_>>(RESOURCES).unwrap_or_default();
    walk(TypedIter::new(decoded.as_ref()), &Resources::from_parent(own, resources.clone()), stretches, depth, left);
}

/// A PDF text string: UTF-16 or UTF-8 with a mark, else PDFDocEncoding, which is Latin-1 for what people write.
pub fn string(bytes: &[u8]) -> String {
    if let Some(wide) = bytes.strip_prefix(&[0xFE, 0xFF]) {
        crate::decode::with(encoding_rs::UTF_16BE, wide)
    } else if let Some(wide) = bytes.strip_prefix(&[0xFF, 0xFE]) {
        crate::decode::with(encoding_rs::UTF_16LE, wide)
    } else if let Some(utf8) = bytes.strip_prefix(&[0xEF, 0xBB, 0xBF]) {
        crate::decode::with(encoding_rs::UTF_8, utf8)
    } else if !bytes.is_ascii() && std::str::from_utf8(bytes).is_ok() {
        crate::decode::with(encoding_rs::UTF_8, bytes)
    } else {
        bytes
            .iter()
            .map(|byte| match byte {
                0x80 => '•',
                0x83 => '…',
                0x84 => '—',
                0x85 => '–',
                0x8D => '“',
                0x8E => '”',
                0x8F => '‘',
                0x90 => '’',
                0xA0 => '€',
                other => char::from(*other),
            })
            .collect()
    }
}
