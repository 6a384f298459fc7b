//! The letter as PDF: PDF/A-2a for the archive and PDF/UA-1 for readers with assistive technology, both at once.
//!
//! The letter goes into the typesetter as data (`/data.json`), never as markup: there is nothing in a name or a quotation
//! that could be taken for a command. The typesetter's world holds two files and the shipped fonts; it has no file system,
//! no network, no packages and no clock, so the same letter gives the same bytes on every machine.

use std::sync::LazyLock;

use serde_json::{Value as Json, json};
use typst::diag::{FileError, FileResult, SourceDiagnostic};
use typst::foundations::{Bytes, Datetime, Duration, Smart};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards, Timestamp};

use crate::Error;
use crate::model::{Composed, plain};

const TEMPLATE: &str = include_str!("../templates/letter.typ");

static FONT_FILES: [&[u8]; 6] = [
    include_bytes!("../fonts/NotoSerif-Regular.ttf"),
    include_bytes!("../fonts/NotoSerif-Italic.ttf"),
    include_bytes!("../fonts/NotoSerif-Bold.ttf"),
    include_bytes!("../fonts/NotoSans-Regular.ttf"),
    include_bytes!("../fonts/NotoSerifKhmer-Regular.ttf"),
    include_bytes!("../fonts/NotoSerifKhmer-Bold.ttf"),
];

static FONTS: LazyLock<Vec<Font>> =
    LazyLock::new(|| FONT_FILES.iter().flat_map(|file| Font::iter(Bytes::new(*file))).collect());

/// The PDF file's bytes. The same letter gives the same bytes.
///
/// Characters that the shipped fonts do not have are printed as their code points (`[U+1F600]`): PDF/A forbids empty boxes,
/// and leaving them out would alter what was said. The HTML has the characters themselves.
///
/// # Errors
/// When the typesetter refuses the letter; the message says why.
pub fn pdf(letter: &Composed) -> Result<Vec<u8>, Error> {
    let mut data = serde_json::to_value(letter).map_err(|error| Error::Internal(error.to_string()))?;
    if let Some(fields) = data.as_object_mut() {
        let (year, month, day) = ymd(&letter.date)?;
        fields.insert("year".into(), json!(year));
        fields.insert("month".into(), json!(month));
        fields.insert("day".into(), json!(day));
        fields.insert("foot".into(), json!(letter.foot()));
        fields.insert("digest".into(), json!(letter.digest));
        fields.insert("title_plain".into(), json!(plain(&letter.title)));
        fields.insert("author_plain".into(), json!(plain(&letter.from)));
    }
    printable(&mut data);

    let world = Sealed::new(&data)?;
    let result = typeset(&world, letter);
    // A server that makes letters all day must not keep every one of them.
    typst::comemo::evict(0);
    result
}

fn typeset(world: &Sealed, letter: &Composed) -> Result<Vec<u8>, Error> {
    let refused = |errors: &[SourceDiagnostic]| Error::Typeset {
        letter: letter.name.clone(),
        problem: errors
            .iter()
            .map(|error| std::iter::once(error.message.as_str()).chain(error.hints.iter().map(|hint| hint.v.as_str())))
            .map(|parts| parts.collect::<Vec<_>>().join(" — "))
            .collect::<Vec<_>>()
            .join("; "),
    };
    let document: PagedDocument = typst::compile(world).output.map_err(|errors| refused(&errors))?;
    let (year, month, day) = ymd(&letter.date)?;
    let standards = PdfStandards::new(&[PdfStandard::A_2a, PdfStandard::Ua_1])
        .map_err(|error| Error::Internal(error.message().to_string()))?;
    let options = PdfOptions {
        ident: Smart::Custom(format!("rapporteur/{}/{}", letter.name, letter.digest)),
        creator: Smart::Custom(Some("Rapporteur".into())),
        timestamp: Datetime::from_ymd_hms(year, month, day, 0, 0, 0).map(Timestamp::new_utc),
        standards,
        ..PdfOptions::default()
    };
    typst_pdf::pdf(&document, &options).map_err(|errors| refused(&errors))
}

/// Year, month and day of a date that [`crate::Draft`] has checked.
fn ymd(date: &str) -> Result<(i32, u8, u8), Error> {
    let mut parts = date.split('-');
    let (year, month, day) = (parts.next(), parts.next(), parts.next());
    match (
        year.and_then(|text| text.parse().ok()),
        month.and_then(|text| text.parse().ok()),
        day.and_then(|text| text.parse().ok()),
    ) {
        (Some(year), Some(month), Some(day)) => Ok((year, month, day)),
        _ => Err(Error::Internal(format!("“{date}” is no date of the form 2023-09-15"))),
    }
}

/// Makes every string of the data printable with the shipped fonts.
fn printable(data: &mut Json) {
    match data {
        Json::String(text) => {
            if let Some(better) = printable_text(text) {
                *text = better;
            }
        }
        Json::Array(items) => items.iter_mut().for_each(printable),
        Json::Object(fields) => fields.values_mut().for_each(printable),
        _ => {}
    }
}

/// `None` when the text can stay as it is.
fn printable_text(text: &str) -> Option<String> {
    if text.chars().all(|c| c.is_ascii_graphic() || c == ' ' || c == '\n') {
        return None;
    }
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            ' ' | '\n' => out.push(c),
            '\t' | '\u{2028}' | '\u{2029}' => out.push(' '),
            _ if is_invisible(c) => {}
            _ if has_glyph(c) => out.push(c),
            _ => out.push_str(&format!("[U+{:04X}]", u32::from(c))),
        }
    }
    Some(out)
}

/// Controls and marks that have no shape of their own. U+200B to U+200D stay: Khmer is broken and joined by them.
fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(u32::from(c), 0xAD | 0x61C | 0x180E | 0x200E..=0x200F | 0x202A..=0x202E | 0x2060..=0x206F
            | 0xFE00..=0xFE0F | 0xFEFF | 0xFFF0..=0xFFFB | 0xFFFE..=0xFFFF | 0xE0000..=0xE0FFF)
}

fn has_glyph(c: char) -> bool {
    // The private area has no meaning outside a font; PDF/A-2a forbids it.
    let private = matches!(u32::from(c), 0xE000..=0xF8FF | 0xF0000..=0x10FFFF);
    !private && FONTS.iter().any(|font| font.info().coverage.contains(u32::from(c)))
}

/// The typesetter's whole world: a template, the letter's data, the fonts.
struct Sealed {
    library: LazyHash<Library>,
    book: LazyHash<FontBook>,
    template: Source,
    data_id: FileId,
    data: Bytes,
}

impl Sealed {
    fn new(data: &Json) -> Result<Self, Error> {
        let id = |path: &str| {
            VirtualPath::new(path)
                .map(|path| RootedPath::new(VirtualRoot::Project, path).intern())
                .map_err(|_| Error::Internal(format!("{path} is no path of the typesetter")))
        };
        Ok(Sealed {
            library: LazyHash::new(Library::default()),
            book: LazyHash::new(FontBook::from_fonts(FONTS.iter())),
            template: Source::new(id("/letter.typ")?, TEMPLATE.into()),
            data_id: id("/data.json")?,
            data: Bytes::from_string(data.to_string()),
        })
    }
}

impl World for Sealed {
    fn library(&self) -> &LazyHash<Library> {
        &self.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &self.book
    }

    fn main(&self) -> FileId {
        self.template.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == self.template.id() { Ok(self.template.clone()) } else { Err(FileError::AccessDenied) }
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        if id == self.data_id { Ok(self.data.clone()) } else { Err(FileError::AccessDenied) }
    }

    fn font(&self, index: usize) -> Option<Font> {
        FONTS.get(index).cloned()
    }

    /// There is no clock: a letter's date is in the letter.
    fn today(&self, _offset: Option<Duration>) -> Option<Datetime> {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn six_fonts_are_shipped_and_cover_khmer() {
        assert_eq!(FONTS.len(), 6);
        assert!("Rong Chhun រ៉ុង ឈុន ១២៣ “–” é ở \u{200b}".chars().all(has_glyph));
    }

    #[test]
    fn a_character_without_a_glyph_is_named_never_dropped() {
        assert_eq!(printable_text("plain"), None);
        assert_eq!(printable_text("a 😀 b\u{fe0f}").as_deref(), Some("a [U+1F600] b"));
        assert_eq!(printable_text("\u{e000}\u{0}x").as_deref(), Some("[U+E000]x"));
        assert_eq!(printable_text("រ៉ុង\u{200b}ឈុន").as_deref(), Some("រ៉ុង\u{200b}ឈុន"));
    }
}
