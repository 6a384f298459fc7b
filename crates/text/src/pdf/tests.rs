#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
use super::*;
use crate::document::{Block, BlockKind};

macro_rules! file {
    ($name:literal) => {
        include_bytes!(concat!("../../tests/files/", $name))
    };
}

fn words<'a>(document: &'a Document, block: &Block) -> &'a str {
    crate::count::Slices::new(&document.text).slice(block.start, block.end)
}

#[test]
fn columns_are_read_one_after_the_other_without_running_heads() {
    let document = read(file!("columns.pdf"), &Options::default()).unwrap();
    document.check().unwrap();
    assert_eq!(document.title.as_deref(), Some("Defenders under pressure in the north"));
    let order: Vec<usize> =
        (0..14).map(|number| document.text.find(&format!("Paragraph {number} says")).unwrap()).collect();
    assert!(order.is_sorted(), "{order:?}");
    assert!(!document.text.contains("Annual report"), "the running head");
    assert_eq!(document.pages.len(), 2);
    let second = document.blocks.iter().find(|block| words(&document, block).starts_with("Paragraph 13")).unwrap();
    assert_eq!(second.page, Some(2));
    assert!(document.blocks.iter().any(
        |block| matches!(block.kind, BlockKind::Heading(_)) && words(&document, block) == "Arrests in the capital"
    ));
    assert!(document.text.contains("First column begins.[1] The court"), "{}", &document.text[..200]);
}

#[test]
fn footnotes_at_the_foot_are_linked_to_raised_figures() {
    let document = read(file!("columns.pdf"), &Options::default()).unwrap();
    assert_eq!(document.notes.len(), 2);
    let note = &document.notes[0];
    let (start, end) = note.mark.unwrap();
    assert_eq!(crate::count::Slices::new(&document.text).slice(start, end), "[1]");
    assert_eq!(
        words(&document, &document.blocks[note.body]),
        "[1] A/HRC/51/66, paragraph 12, and the reply of the Government."
    );
}

#[test]
fn tables_give_rows_and_the_date_line_is_seen() {
    let document = read(file!("table.pdf"), &Options::default()).unwrap();
    let row = document.tables[0].rows[2]
        .iter()
        .map(|cell| crate::count::Slices::new(&document.text).slice(cell.start, cell.end).to_owned());
    assert_eq!(row.collect::<Vec<_>>(), ["Kem Sokha", "treason", "27 years"]);
    assert_eq!(document.title.as_deref(), Some("Table of sentences"), "not the file name that the producer put there");
}

#[test]
fn khmer_is_read_in_the_order_of_its_letters() {
    let document = read(file!("khmer.pdf"), &Options::default()).unwrap();
    for phrase in ["សេចក្តីថ្លែងការណ៍រួម", "សិទ្ធិមនុស្សនៅប្រទេសកម្ពុជា", "អ្នកការពារសិទ្ធិមនុស្សចំនួន ២១"]
    {
        assert!(document.text.contains(phrase), "{phrase}: {}", document.text);
    }
}

/// A file of one page that shows `shown` in a font with these entries.
fn page_in(font: &str, shown: &str) -> Vec<u8> {
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        "<< /Type /Page /Parent 2 0 R /Contents 4 0 R /Resources << /Font << /F 5 0 R >> >> /MediaBox [0 0 500 200] >>"
            .to_owned(),
        format!("<< /Length {} >>\nstream\nBT /F 12 Tf 40 150 Td {shown} ET\nendstream", shown.len() + 30),
        format!("<< /Type /Font {font} >>"),
    ];
    let body: String =
        objects.iter().enumerate().map(|(index, object)| format!("{} 0 obj\n{object}\nendobj\n", index + 1)).collect();
    format!("%PDF-1.4\n{body}trailer << /Root 1 0 R >>\n").into_bytes()
}

#[test]
fn fonts_that_the_file_does_not_carry_are_read_by_their_names() {
    for font in [
        "/Subtype /Type1 /BaseFont /Times-Roman",
        "/Subtype /TrueType /BaseFont /ArialMT",
        "/Subtype /Type1 /BaseFont /Nobody",
    ] {
        let font = format!("{font} /Encoding /WinAnsiEncoding");
        // The space is a place: only the letters' widths tell that there is one.
        let file = page_in(&font, "[(D\\351fenders of land rights,) -300 (Ph)1(nom Penh)] TJ");
        let document = read(&file, &Options::default()).unwrap();
        assert_eq!(document.text.trim(), "Défenders of land rights, Phnom Penh", "{font}");
        assert!(document.warnings.is_empty(), "{:?}", document.warnings);
    }
    let greek = read(&page_in("/Subtype /Type1 /BaseFont /Symbol", "(abg) Tj"), &Options::default()).unwrap();
    assert_eq!(greek.text.trim(), "αβγ");
    // Japanese by a predefined encoding.
    let font = "/Subtype /Type0 /BaseFont /Ryumin /Encoding /UniJIS-UTF16-H /DescendantFonts [<< /Type /Font /Subtype /CIDFontType0 /BaseFont /Ryumin /CIDSystemInfo << /Registry (Adobe) /Ordering (Japan1) /Supplement 6 >> >>]";
    let japanese = read(&page_in(font, "<65E5672C> Tj"), &Options::default()).unwrap();
    assert_eq!(japanese.text.trim(), "日本");
}

#[test]
fn what_cannot_be_read_is_said() {
    let scan =
        read(file!("scan.pdf"), &Options { ocr_languages: vec!["none".to_owned()], ..Options::default() }).unwrap();
    assert!(
        scan.warnings[0].starts_with("pages 1–2 are pictures and their words were not read"),
        "{:?}",
        scan.warnings
    );
    assert_eq!(scan.pages, [0, 0]);
    assert_eq!(
        read(file!("locked.pdf"), &Options::default()).unwrap_err(),
        Error::Encrypted { format: "pdf".to_owned() }
    );
    let attached = read(file!("attached.pdf"), &Options::default()).unwrap();
    assert_eq!(attached.attachments[0].name, "letter.md");
}

#[test]
fn a_file_that_refers_to_itself_ends() {
    read(file!("looping.pdf"), &Options::default()).unwrap();
    let deep =
        format!("%PDF-1.4\n1 0 obj\n{}{}\nendobj\ntrailer << /Root 1 0 R >>", "[".repeat(100_000), "]".repeat(100_000));
    assert!(matches!(read(deep.as_bytes(), &Options::default()), Err(Error::TooLarge { .. })));
}

#[test]
fn a_form_that_draws_itself_twice_ends() {
    let form = "<< /Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /X 5 0 R >> >> /Length 11 >>\nstream\n/X Do /X Do\nendstream";
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /Contents 4 0 R /Resources << /XObject << /X 5 0 R >> >> /MediaBox [0 0 200 200] >>",
        "<< /Length 5 >>\nstream\n/X Do\nendstream",
        form,
    ];
    let body: String =
        objects.iter().enumerate().map(|(index, object)| format!("{} 0 obj\n{object}\nendobj\n", index + 1)).collect();
    let document =
        read(format!("%PDF-1.4\n{body}trailer << /Root 1 0 R >>\n").as_bytes(), &Options::default()).unwrap();
    assert!(document.warnings[0].contains("draws without end"), "{:?}", document.warnings);
}
