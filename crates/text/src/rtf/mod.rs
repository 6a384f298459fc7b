//! RTF 1.9: groups, control words, `\'hh` in code pages and `\uN`.

mod names;
mod reader;
mod words;

use crate::document::{Document, Options};
use crate::error::Error;
use crate::writer::Writer;

pub const FORMAT: &str = "rtf";

pub fn read(bytes: &[u8], _options: &Options) -> Result<Document, Error> {
    let mut writer = Writer::new();
    reader::read(bytes, &mut writer)?;
    let mut document = writer.finish(FORMAT)?;
    crate::odt::settle(&mut document);
    Ok(document)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;
    use crate::document::BlockKind;

    #[test]
    fn an_rtf_letter_is_read_with_its_codes_notes_and_table() {
        let rtf = concat!(
            r"{\rtf1\ansi\ansicpg1252\deff0{\fonttbl{\f0\fcharset0 Times;}{\f1\fcharset204 Cyr;}}",
            r"{\stylesheet{\s0 Normal;}{\s1 heading 1;}}{\info{\title A letter}{\author Sok Dara}}",
            r"{\header Running head}\pard\s1 The arrests\par\pard\plain Nine people were s\'e9v\'e8rement punis.",
            r"{\super\chftn{\footnote\pard\plain {\super\chftn} A/HRC/51/66.}} \u6017?\u6098? {\f1\'cf\'f0}\par",
            r"{\pict\wmetafile8 0102030405}{\*\unknown gone}{\v hidden}{\deleted away}\pard\trowd\intbl Name\cell Months\cell\row\trowd\intbl Kem Sokha\cell 324\cell\row\pard",
            r"{\listtext\tab 1.\tab}Release them.\par}"
        );
        let document = read(rtf.as_bytes(), &Options::default()).unwrap();
        let mut slices = crate::count::Slices::new(&document.text);
        let blocks: Vec<(BlockKind, String)> =
            document.blocks.iter().map(|block| (block.kind, slices.slice(block.start, block.end).to_owned())).collect();
        let expected = [
            (BlockKind::Heading(1), "The arrests"),
            (BlockKind::Paragraph, "Nine people were sévèrement punis.[1] ខ្ Пр"),
            (BlockKind::Row, "Name\tMonths"),
            (BlockKind::Row, "Kem Sokha\t324"),
            (BlockKind::Item, "1. Release them."),
            (BlockKind::Note, "[1] A/HRC/51/66."),
        ];
        let expected: Vec<(BlockKind, String)> =
            expected.into_iter().map(|(kind, words)| (kind, words.to_owned())).collect();
        assert_eq!(blocks, expected, "{:?}", document.text);
        assert!(document.notes[0].mark.is_some());
        assert_eq!(document.title.as_deref(), Some("A letter"));
        document.check().unwrap();
    }
}
