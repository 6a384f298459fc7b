#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
use super::*;

#[test]
fn a_statement_is_read_with_its_list_table_and_note() {
    let document = read(include_bytes!("../../tests/files/statement.odt"), &Options::default()).unwrap();
    let mut slices = crate::count::Slices::new(&document.text);
    let blocks: Vec<(BlockKind, String)> =
        document.blocks.iter().map(|block| (block.kind, slices.slice(block.start, block.end).to_owned())).collect();
    let has =
        |kind: BlockKind, words: &str| assert!(blocks.contains(&(kind, words.to_owned())), "{words}: {blocks:#?}");
    has(BlockKind::Heading(1), "Statement on the arrests");
    has(BlockKind::Paragraph, "Nine defenders were arrested.[1] They are held.");
    has(BlockKind::Item, "1. Release them.");
    has(BlockKind::Row, "Rong Chhun\t20 months");
    has(BlockKind::Note, "[1] LICADHO, 10 September 2020.");
    assert_eq!(document.notes.len(), 1);
    assert!(document.notes[0].mark.is_some());
    document.check().unwrap();
}
