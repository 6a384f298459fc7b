#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
use super::*;

fn cells(document: &Document) -> Vec<Vec<String>> {
    let mut slices = crate::count::Slices::new(&document.text);
    let table = &document.tables[0];
    table
        .rows
        .iter()
        .map(|row| row.iter().map(|cell| slices.slice(cell.start, cell.end).to_owned()).collect())
        .collect()
}

#[test]
fn a_workbook_gives_its_cells_as_people_see_them() {
    let document = workbook(include_bytes!("../../tests/files/cases.xlsx"), xlsx::FORMAT).unwrap();
    let rows = cells(&document);
    assert_eq!(rows[1], ["Chhim Sithar", "2022-01-04", "24", "2.5"]);
    assert_eq!(document.tables[0].caption.as_deref(), Some("Cases"));
    assert!(document.about.contains(&("Author".to_owned(), "Sok Dara".to_owned())), "{:?}", document.about);
    document.check().unwrap();
}

#[test]
fn old_workbooks_and_open_ones_are_read() {
    assert_eq!(cells(&xls::read(include_bytes!("../../tests/files/cases.xls")).unwrap())[1], ["Kem Sokha", "324"]);
    assert_eq!(
        cells(&workbook(include_bytes!("../../tests/files/cases.ods"), ods::FORMAT).unwrap()),
        [["Name", "Months"], ["Kem Sokha", "324"]]
    );
}

#[test]
fn a_sheet_that_says_it_is_endless_is_not_believed() {
    let document = workbook(include_bytes!("../../tests/files/endless.xlsx"), xlsx::FORMAT).unwrap();
    assert!(document.warnings[0].contains("the 2 that hold something"), "{:?}", document.warnings);
}

#[test]
fn an_old_workbook_that_says_it_is_endless_is_refused() {
    let mut bytes = include_bytes!("../../tests/files/cases.xls").to_vec();
    // DIMENSIONS: rows 0 to 2, columns 0 to 2.
    let record = [0, 2, 14, 0, 0, 0, 0, 0];
    let at = bytes.windows(record.len()).position(|window| window == record).unwrap();
    bytes[at + 8..at + 12].copy_from_slice(&2_000_000_000_u32.to_le_bytes());
    let error = xls::read(&bytes).unwrap_err();
    assert!(matches!(error, Error::TooLarge { .. }), "{error}");
}

#[test]
fn a_sheet_of_a_thousand_million_cells_is_refused() {
    let error = workbook(&ods_of("<table:table-row table:number-rows-repeated=\"1000000\"><table:table-cell table:number-columns-repeated=\"1000\"><text:p>x</text:p></table:table-cell></table:table-row>"), ods::FORMAT).unwrap_err();
    assert!(error.to_string().contains("1000000 times"), "{error}");
    let error = workbook(&ods_of("<table:table-row table:number-rows-repeated=\"60000\"><table:table-cell table:number-columns-repeated=\"1000\"><text:p>x</text:p></table:table-cell></table:table-row>"), ods::FORMAT).unwrap_err();
    assert!(error.to_string().contains("more than 3000000 cells"), "{error}");
}

fn ods_of(rows: &str) -> Vec<u8> {
    use std::io::Write;
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    zip.start_file("content.xml", zip::write::SimpleFileOptions::default()).unwrap();
    write!(zip, "<office:document-content><office:body><office:spreadsheet><table:table>{rows}</table:table></office:spreadsheet></office:body></office:document-content>").unwrap();
    zip.finish().unwrap().into_inner()
}

#[test]
fn separators_and_quotes_are_told() {
    let read = |text: &str| cells(&csv_file::read(text.as_bytes(), &Options::default()).unwrap());
    assert_eq!(read("name;town\n\"Sok; Dara\";Kampot\n"), [["name", "town"], ["Sok; Dara", "Kampot"]]);
    assert_eq!(read("sep=|\na|b\n1|2\n"), [["a", "b"], ["1", "2"]]);
    assert_eq!(read("a,b\n,2\n"), [["a", "b"], ["", "2"]]);
}

/// What a list takes from a workbook: each cell's own word.
#[derive(Default)]
struct Cells(Vec<Vec<String>>);

impl Rows for Cells {
    fn sheet(&mut self, _name: &str) -> Result<(), Error> {
        Ok(())
    }

    fn row(&mut self, _number: u64, cells: &[Written]) -> Result<(), Error> {
        self.0.push(cells.iter().map(|cell| cell.text.clone()).collect());
        Ok(())
    }

    fn end(&mut self, _merged: usize, _said: u64) -> Result<(), Error> {
        Ok(())
    }
}

fn taken(bytes: &[u8]) -> Vec<Vec<String>> {
    let mut cells = Cells::default();
    sheets(&mut Archive::open(bytes, "zip").unwrap(), &mut cells).unwrap();
    cells.0
}

fn xlsx_of(sheet: &str) -> Vec<u8> {
    use std::io::Write;
    let links = |kind: &str, to: &str, more: &str| {
        format!("<Relationships><Relationship Id=\"r1\" Type=\"x/{kind}\" Target=\"{to}\"/>{more}</Relationships>")
    };
    let styles = "<Relationship Id=\"r2\" Type=\"x/styles\" Target=\"styles.xml\"/>";
    let parts = [
        ("_rels/.rels", links("officeDocument", "xl/workbook.xml", "")),
        ("xl/workbook.xml", "<workbook><sheets><sheet name=\"S\" r:id=\"r1\"/></sheets></workbook>".into()),
        ("xl/_rels/workbook.xml.rels", links("worksheet", "sheet.xml", styles)),
        ("xl/styles.xml", "<styleSheet><numFmts><numFmt numFmtId=\"164\" formatCode=\"yyyy\"/></numFmts><cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"17\"/><xf numFmtId=\"164\"/></cellXfs></styleSheet>".into()),
        ("xl/sheet.xml", format!("<worksheet>{sheet}</worksheet>")),
    ];
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, text) in parts {
        zip.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

#[test]
fn a_formula_that_nobody_has_worked_out_is_its_text() {
    let rows = taken(&xlsx_of(
        "<sheetData><row><c><f>B2&amp;C2</f><v/></c><c><f>1+1</f><v>2</v></c><c t=\"str\"><f>\"\"</f><v></v></c><c><f t=\"shared\" si=\"0\"/></c></row></sheetData>",
    ));
    assert_eq!(rows, [["=B2&C2", "2", "", "=(the formula of another cell)"]]);
    let rows = taken(&ods_of(
        "<table:table-row><table:table-cell table:formula=\"of:=[.B2]\"/><table:table-cell table:formula=\"of:=1+1\" office:value-type=\"float\" office:value=\"2\"><text:p>2</text:p></table:table-cell></table:table-row>",
    ));
    assert_eq!(rows, [["=[.B2]", "2"]]);
}

#[test]
fn a_month_is_no_day() {
    let rows =
        taken(&xlsx_of("<sheetData><row><c s=\"1\"><v>44075</v></c><c s=\"2\"><v>44075</v></c></row></sheetData>"));
    assert_eq!(rows, [["2020-09", "2020"]]);
    let rows = taken(&ods_of(
        "<table:table-row><table:table-cell office:value-type=\"date\" office:date-value=\"2020-09-01\"><text:p>Sep 2020</text:p></table:table-cell></table:table-row>",
    ));
    assert_eq!(rows, [["2020-09"]]);
}
