#![no_main]
use libfuzzer_sys::fuzz_target;

// The first byte chooses: an OpenDocument sheet, the parts of a workbook, or an old workbook as it is.
fuzz_target!(|bytes: &[u8]| {
    let Some((first, rest)) = bytes.split_first() else { return };
    match first % 3 {
        0 => {
            let kind: &[u8] = b"application/vnd.oasis.opendocument.spreadsheet";
            fuzz::read(&fuzz::zipped(&[("mimetype", kind), ("content.xml", rest)]), "a.ods");
        }
        1 => {
            let relations: &[u8] = br#"<Relationships><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#;
            let book: &[u8] = br#"<workbook xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="A" sheetId="1" r:id="r1"/></sheets></workbook>"#;
            let mut parts: Vec<(&str, &[u8])> = vec![("xl/workbook.xml", book), ("xl/_rels/workbook.xml.rels", relations)];
            parts.extend(["xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/styles.xml"].into_iter().zip(fuzz::pieces(rest)));
            fuzz::read(&fuzz::zipped(&parts), "a.xlsx");
        }
        _ => fuzz::read(rest, "a.xls"),
    }
});
