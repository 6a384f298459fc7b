#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
use super::*;
use crate::document::BlockKind;

fn told(document: &Document) -> Vec<(BlockKind, String)> {
    let mut slices = crate::count::Slices::new(&document.text);
    document.blocks.iter().map(|block| (block.kind, slices.slice(block.start, block.end).to_owned())).collect()
}

#[test]
fn a_letter_is_read_with_its_list_table_and_notes() {
    let document = read(include_bytes!("../../tests/files/letter.docx"), &Options::default()).unwrap();
    let blocks = told(&document);
    let has =
        |kind: BlockKind, words: &str| assert!(blocks.contains(&(kind, words.to_owned())), "{words}: {blocks:#?}");
    has(BlockKind::Title, "Joint open letter");
    has(BlockKind::Heading(1), "Requests");
    has(BlockKind::Item, "1. Adopt a resolution.");
    has(BlockKind::Item, "2. Renew the mandate.");
    has(BlockKind::Row, "Chhim Sithar\t2 years");
    has(BlockKind::Paragraph, "Inserted words stay.");
    has(BlockKind::Note, "[1] A/HRC/RES/48/23.");
    assert!(!document.text.contains("deleted"), "{}", document.text);
    assert!(!document.text.contains("hidden"), "{}", document.text);
    let note = &document.notes[0];
    let (start, end) = note.mark.unwrap();
    assert_eq!(crate::count::Slices::new(&document.text).slice(start, end), "[1]");
    assert!(document.about.contains(&("Author".to_owned(), "Sok Dara".to_owned())));
    assert!(document.text.contains("ខ្មែរ"));
    document.check().unwrap();
}
