//! Pictures: the words on them by tesseract, where it is installed; else none, said plainly.

use crate::document::{BlockKind, Document, Options};
use crate::error::Error;
use crate::writer::Writer;

pub fn read(bytes: &[u8], options: &Options) -> Result<Document, Error> {
    let mut writer = Writer::new();
    match crate::ocr::Reader::find(options) {
        Err(why) => writer.document.warn(format!("this is a picture {}", why.replacen("their words", "its words", 1))),
        Ok(reader) => {
            if let Some(warning) = reader.warning() {
                writer.document.warn(warning);
            }
            match reader.read(bytes) {
                Ok(words) => {
                    for part in words.split("\n\n").filter(|part| !part.trim().is_empty()) {
                        writer.begin(BlockKind::Paragraph);
                        writer.words(part);
                        writer.end();
                    }
                    writer.document.warn("the words were recognised by tesseract; check them against the picture");
                }
                Err(why) => writer.document.warn(format!("the picture could not be read: {why}")),
            }
        }
    }
    writer.finish("image")
}
