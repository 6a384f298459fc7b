#![no_main]
use libfuzzer_sys::fuzz_target;

// Parts of the package, parted by 0xFF, so that changes reach the XML and not only the archive around it.
fuzz_target!(|bytes: &[u8]| {
    let names = ["word/document.xml", "word/styles.xml", "word/numbering.xml", "word/footnotes.xml", "word/endnotes.xml", "docProps/core.xml"];
    let parts: Vec<(&str, &[u8])> = names.into_iter().zip(fuzz::pieces(bytes)).collect();
    fuzz::read(&fuzz::zipped(&parts), "a.docx");
    if bytes.starts_with(b"PK") {
        fuzz::read(bytes, "a.docx");
    }
});
