//! Each format, from small files made here.

use std::io::Write;

use lists::{FileRules, MadeBy, Mapping, Take};
use zip::write::SimpleFileOptions;

use super::common::*;

pub fn zip_of(parts: &[(&str, &str)]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, text) in parts {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// A workbook of sheets, each of rows of cells as they stand in the XML.
pub fn xlsx(sheets: &[(&str, &str)]) -> Vec<u8> {
    let mut types = String::from(
        r#"<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/>"#,
    );
    let mut book = String::from(
        r#"<?xml version="1.0"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets>"#,
    );
    let mut links = String::from(
        r#"<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rIdS" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/>"#,
    );
    let mut parts = Vec::new();
    for (at, (name, rows)) in sheets.iter().enumerate() {
        let n = at + 1;
        types.push_str(&format!(r#"<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>"#));
        book.push_str(&format!(r#"<sheet name="{name}" sheetId="{n}" r:id="rId{n}"/>"#));
        links.push_str(&format!(r#"<Relationship Id="rId{n}" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet{n}.xml"/>"#));
        let sheet = format!(
            r#"<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{rows}</sheetData></worksheet>"#
        );
        parts.push((format!("xl/worksheets/sheet{n}.xml"), sheet));
    }
    types.push_str("</Types>");
    book.push_str("</sheets></workbook>");
    links.push_str("</Relationships>");
    let styles = r#"<?xml version="1.0"?><styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><numFmts count="1"><numFmt numFmtId="164" formatCode="dd/mm/yyyy"/></numFmts><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="164" applyNumberFormat="1"/></cellXfs></styleSheet>"#;
    let root = r#"<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#;
    let mut all = vec![
        ("[Content_Types].xml", types.as_str()),
        ("_rels/.rels", root),
        ("xl/workbook.xml", book.as_str()),
        ("xl/_rels/workbook.xml.rels", links.as_str()),
        ("xl/styles.xml", styles),
    ];
    all.extend(parts.iter().map(|(name, text)| (name.as_str(), text.as_str())));
    zip_of(&all)
}

pub fn words(cells: &[&str]) -> String {
    let cells: String = cells.iter().map(|cell| format!(r#"<c t="inlineStr"><is><t>{cell}</t></is></c>"#)).collect();
    format!("<row>{cells}</row>")
}

#[test]
fn csv_with_everything_that_kobo_and_excel_do() {
    let (_folder, workspace) = workspace();
    let mapping = map();
    let good = "sep=;\r\nid;name;sex;alias;note;date;place\r\n1;Sok Dara;M;Dara;\"quoted;\nnote\";2020-08;\"Phnom Penh\"\r\n2;ចាន់ ធូ;f;A;;c. 2019;\r\n";
    let bytes: Vec<u8> = [0xff, 0xfe].into_iter().chain(good.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    let file = file_of(&bytes, &mapping);
    let report = take(&workspace, &file, &mapping, "second", Take::All, false);
    assert_eq!((report.done().rows, report.done().rows_whole), (2, 2));
    let reader = reader(&workspace);
    let khmer = reader.of_schema("Person").unwrap().into_iter().find(|id| values(&reader, *id, "name") == ["ចាន់ ធូ"]);
    assert_eq!(reader.values(khmer.unwrap(), "name").unwrap()[0].lang().unwrap().language(), "km");
}

fn file_of(bytes: &[u8], mapping: &Mapping) -> lists::ListFile {
    file("list.csv", bytes, mapping).unwrap()
}

#[test]
fn windows_pages_are_told_from_their_bytes() {
    let (_folder, workspace) = workspace();
    let mapping = map();
    let text = format!(
        "{HEAD}\n1,Hélène Château,F,,arrêtée à Orléans,août 2020,Orléans\n2,François Lefèvre,M,,,13 août 2020,Saint-Étienne\n"
    );
    let (bytes, _, _) = encoding_rs::WINDOWS_1252.encode(&text);
    let file = file_of(&bytes, &mapping);
    let outcome = take(&workspace, &file, &mapping, "arrests", Take::All, false);
    assert_eq!(outcome.done().rows_whole, 2);
    assert_eq!(people(&workspace)["Hélène Château"], ["2020-08"]);
}

#[test]
fn a_claim_quotes_its_row_and_knows_its_place() {
    let (_folder, workspace) = workspace();
    rows(&workspace, "1,Sok Dara,M,,,2020-08-13,Phnom Penh\n2,\"Chea, Thu\",F,,,2020-08,\n", Take::All).done();
    let reader = reader(&workspace);
    let thu = reader
        .of_schema("Person")
        .unwrap()
        .into_iter()
        .find(|id| values(&reader, *id, "name") == ["Chea, Thu"])
        .unwrap();
    let claims = reader.claims_about(thu).unwrap();
    let name = claims.iter().find(|claim| claim.property == "name").unwrap();
    assert_eq!(name.quote(), Some("2,\"Chea, Thu\",F,,,2020-08,"));
    assert_eq!(name.note.as_deref(), Some("row 3"));
    assert_eq!(name.source_label, "arrests");
    assert_eq!(name.asserter_label, "Samaki");
    let locator = name.locator.as_ref().unwrap();
    let text = format!("{HEAD}\n1,Sok Dara,M,,,2020-08-13,Phnom Penh\n2,\"Chea, Thu\",F,,,2020-08,\n");
    let (start, end) = (locator.start.unwrap() as usize, locator.end.unwrap() as usize);
    assert_eq!(&text[start..end], name.quote().unwrap());
    let kept = workspace.vault.read_bytes(&locator.text_of.unwrap().0, 1 << 20).unwrap();
    assert_eq!(kept, text.as_bytes());
}

#[test]
fn workbooks_give_numbers_and_dates_as_they_are() {
    let (_folder, workspace) = workspace();
    let mapping = map();
    let rows = [
        words(&["id", "name", "sex", "alias", "note", "date", "place"]),
        String::new(),
        r#"<row r="4"><c r="A4"><v>1</v></c><c r="B4" t="inlineStr"><is><t>Sok Dara</t></is></c><c r="E4"><v>0.30000000000000004</v></c><c r="F4" s="1"><v>44056</v></c><c r="G4" t="inlineStr"><is><t>Phnom Penh</t></is></c></row>"#.to_owned(),
        r#"<row r="5"><c r="A5"><v>2</v></c><c r="B5" t="str"><f>1+1</f><v>Chea Thu</v></c><c r="F5"><v>44056</v></c></row>"#.to_owned(),
    ]
    .concat();
    let bytes = xlsx(&[("Arrests", &rows), ("Notes", &words(&["anything"]))]);
    let file = file("list.xlsx", &bytes, &mapping).unwrap();
    assert_eq!(file.tables[0].name, "Arrests");
    let outcome = take(&workspace, &file, &mapping, "arrests", Take::Good, false);
    let report = outcome.done();
    assert_eq!((report.rows, report.rows_whole, report.rows_in_part), (2, 1, 1));
    assert_eq!((report.refused[0].row, report.refused[0].column.as_str()), (5, "date"));
    assert!(report.refused[0].reason.contains("count of days"));
    let people = people(&workspace);
    assert_eq!(people["Sok Dara"], ["2020-08-13"]);
    assert_eq!(people["Chea Thu"], Vec::<String>::new());
    let reader = reader(&workspace);
    let dara = reader
        .of_schema("Person")
        .unwrap()
        .into_iter()
        .find(|id| values(&reader, *id, "name") == ["Sok Dara"])
        .unwrap();
    assert_eq!(values(&reader, dara, "note"), ["0.30000000000000004"], "the digits of the file");
}

#[test]
fn open_document_sheets_give_values_not_what_they_show() {
    let cell = |text: &str| {
        format!(r#"<table:table-cell office:value-type="string"><text:p>{text}</text:p></table:table-cell>"#)
    };
    let head: String = HEAD.split(',').map(cell).collect();
    let content = format!(
        r#"<?xml version="1.0"?><office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet><table:table table:name="Feuille1"><table:table-row>{head}</table:table-row><table:table-row table:number-rows-repeated="3"><table:table-cell/></table:table-row><table:table-row><table:table-cell office:value-type="float" office:value="7"><text:p>7,00</text:p></table:table-cell>{}<table:table-cell table:number-columns-repeated="3"/><table:table-cell office:value-type="date" office:date-value="2020-08-13"><text:p>13/08/20</text:p></table:table-cell>{}</table:table-row><table:table-row table:number-rows-repeated="1048000"><table:table-cell table:number-columns-repeated="16000"/></table:table-row></table:table></office:spreadsheet></office:body></office:document-content>"#,
        cell("Sok &amp; Dara"),
        cell("Phnom Penh"),
    );
    let bytes = zip_of(&[("mimetype", "application/vnd.oasis.opendocument.spreadsheet"), ("content.xml", &content)]);
    let (_folder, workspace) = workspace();
    let mapping = map();
    let file = file("list.ods", &bytes, &mapping).unwrap();
    let outcome = take(&workspace, &file, &mapping, "arrests", Take::All, false);
    assert_eq!(outcome.done().rows, 1);
    assert_eq!(people(&workspace)["Sok & Dara"], ["2020-08-13"]);
    let reader = reader(&workspace);
    let id = reader.of_schema("Person").unwrap()[0];
    assert_eq!(reader.claims_about(id).unwrap()[0].note.as_deref(), Some("row 5"));
}

#[test]
fn a_child_opens_workbooks_and_its_limits_hold() {
    // The example serves `lists::extract`, as the program does.
    let test = std::env::current_exe().unwrap();
    let program = test.parent().unwrap().parent().unwrap().join("examples/import");
    let unpacker = lists::Unpacker::child(&program, &["convert".as_ref()]);
    let rows = [words(&["id", "name"]), words(&["1", "Sok Dara"])].concat();
    let whole = xlsx(&[("S", &rows)]);
    let open = |bytes: &[u8]| lists::ListFile::from_bytes("a.xlsx", bytes.to_vec(), &FileRules::default(), &unpacker);
    assert_eq!(open(&whole).unwrap().tables[0].headers, ["id", "name"]);
    let error = open(&whole[..whole.len() / 2]).err().unwrap();
    assert!(error.to_string().contains("sent whole"), "{error}");
}

#[test]
fn json_that_is_one_value() {
    let (_folder, workspace) = workspace();
    let mapping =
        Mapping::read("[[entity]]\nschema = \"Person\"\n[entity.properties]\nname = \"name\"\nnote = \"g.age\"\n", "M")
            .unwrap();
    for text in [
        "[\n  {\"name\": \"Sok Dara\", \"g\": {\"age\": 1.0}},\n  {\"name\": \"Chea Thu\"}\n]",
        "{\"count\": 2, \"results\": [{\"name\": \"Sok Dara\", \"g\": {\"age\": 1.0}}, {\"name\": \"Chea Thu\"}]}",
    ] {
        let list = file("list.json", text.as_bytes(), &mapping).unwrap();
        let outcome = take(&workspace, &list, &mapping, "json", Take::All, false);
        assert_eq!(outcome.done().rows_whole, 2);
    }
    assert_eq!(people(&workspace).len(), 2);
    let cut = file("list.json", b"[\n{\"name\": \"Sok\"},\n{\"name\"", &mapping);
    assert!(cut.is_err() || !take(&workspace, &cut.unwrap(), &mapping, "cut", Take::All, true).done().is_whole());
}

#[test]
fn json_lines_and_followthemoney() {
    let (_folder, workspace) = workspace();
    let mapping = map();
    let lines = "{\"id\":1,\"name\":\"Sok Dara\",\"alias\":[\"Dara\",\"D.\"],\"note\":1.0,\"date\":\"2020-08\"}\n\n{\"id\":2,\"name\":\"Chea Thu\"}\n";
    let jsonl = file("list.jsonl", lines.as_bytes(), &mapping).unwrap();
    assert_eq!(jsonl.format, "json");
    let mapping = Mapping::read(
        &MAP.replace("gender = { column = \"sex\", values = { H = \"male\", M = \"male\" } }\n", "")
            .replace("place = \"place\"\n", ""),
        "M",
    )
    .unwrap();
    take(&workspace, &jsonl, &mapping, "arrests", Take::All, false).done();
    let reading = reader(&workspace);
    let dara = reading
        .of_schema("Person")
        .unwrap()
        .into_iter()
        .find(|id| values(&reading, *id, "name") == ["Sok Dara"])
        .unwrap();
    assert_eq!(values(&reading, dara, "note"), ["1.0"]);
    assert_eq!(values(&reading, dara, "alias").len(), 2);
    drop(reading);

    // What points forwards is taken, too.
    let stream = concat!(
        "{\"id\":\"m1\",\"schema\":\"Membership\",\"properties\":{\"member\":[\"p1\"],\"organization\":[\"o1\"],\"role\":[\"member\"]}}\n",
        "{\"id\":\"p1\",\"schema\":\"Person\",\"properties\":{\"name\":[\"Tha Lavy\",\"ថា ឡាវី\"],\"gender\":[\"male\"],\"birthDate\":[\"1990\"]}}\n",
        "{\"id\":\"o1\",\"schema\":\"Organization\",\"properties\":{\"name\":[\"Khmer Thavrak\"]}}\n",
        "{\"id\":\"x1\",\"schema\":\"Airplane\",\"properties\":{\"name\":[\"A\"]}}\n",
    );
    let ftm = open("entities.ftm.json", stream.as_bytes()).unwrap();
    assert_eq!(ftm.format, "followthemoney");
    let proposal = Mapping::propose(&ftm, workspace.ledger.registry()).unwrap();
    assert!(proposal.remarks.iter().any(|remark| remark.contains("Airplane")), "{:?}", proposal.remarks);
    let again = Mapping::read(&proposal.mapping.write(), "again").unwrap();
    assert_eq!(again.entities.len(), 3);
    let outcome = take(&workspace, &ftm, &again, "stream", Take::Good, false);
    assert_eq!(outcome.done().entities.values().sum::<u64>(), 3);
    let reading = reader(&workspace);
    let tie = reading.of_schema("Relationship").unwrap()[0];
    let (subject, object) = (reading.value(tie, "subject").unwrap(), reading.value(tie, "object").unwrap());
    assert!(subject.is_some() && object.is_some());
}

#[test]
fn uwazi_s_own_way_of_writing() {
    let (_folder, workspace) = workspace();
    let text = "Title,Date added,Template,Aliases,Date of arrest,Place of arrest,Published\nSok Dara,2021-01-01,Person,Dara|D,2020/08/13,Phnom Penh,Yes\nChea Thu,2021-01-01,Person,,2020/08/13:2020/08/15,,Yes\n";
    let uwazi = open("export.csv", text.as_bytes()).unwrap();
    assert_eq!(uwazi.tables[0].made_by, MadeBy::Uwazi);
    let proposal = Mapping::propose(&uwazi, workspace.ledger.registry()).unwrap();
    let toml = proposal.mapping.write();
    assert!(toml.contains("split = \"|\"") && toml.contains("\"arrest\""), "{toml}");
    take(&workspace, &uwazi, &proposal.mapping, "uwazi", Take::All, false).done();
    let people = people(&workspace);
    assert_eq!(people["Sok Dara"], ["2020-08-13"]);
    assert_eq!(people["Chea Thu"], ["2020-08-13/2020-08-15"]);
}

const REPEATS: &str = r#"
[[entity]]
name = "person"
schema = "Person"
[entity.properties]
name = "name"
[[entity]]
name = "act"
schema = "Act"
table = "CHILD"
[entity.properties]
type = "what"
victim = { entity = "person" }
date = "when"
"#;

#[test]
fn odk_central_s_archive_and_its_repeats() {
    let (_folder, workspace) = workspace();
    let bytes = zip_of(&[
        (
            "form-acts.csv",
            "what,when,PARENT_KEY,KEY\narrest,2020-08-13,uuid:1,uuid:1/acts[1]\nbeating,2020-08-14,uuid:1,uuid:1/acts[2]\narrest,2020,uuid:9,uuid:9/acts[1]\n",
        ),
        (
            "form.csv",
            "SubmissionDate,name,meta-instanceID,KEY\n2021-01-01T10:00:00.000Z,Sok Dara,uuid:1,uuid:1\n2021-01-01T10:00:00.000Z,Chea Thu,uuid:2,uuid:2\n",
        ),
        ("media/photo.jpg", "no list"),
    ]);
    let mapping = Mapping::read(&REPEATS.replace("CHILD", "form-acts"), "M").unwrap();
    let odk = file("form.zip", &bytes, &mapping).unwrap();
    assert_eq!((odk.format, odk.tables[0].made_by, odk.tables.len()), ("archive", MadeBy::Odk, 2));
    // A repeat whose submission is not there is told: an act against nobody is none.
    let strict = take(&workspace, &odk, &mapping, "form", Take::All, false);
    let report = strict.not_whole();
    assert_eq!((report.rows_whole, report.rows_in_part), (4, 1), "{}", report.to_text(20));
    assert!(report.refused[0].reason.contains("victim") && report.refused[0].column == "PARENT_KEY");
    let outcome = take(&workspace, &odk, &mapping, "form", Take::Good, false);
    assert_eq!(outcome.done().entities["Act"], 2);
    assert_eq!(people(&workspace)["Sok Dara"], ["2020-08-13", "2020-08-14"]);
    let before = position(&workspace);
    let again = take(&workspace, &odk, &mapping, "form", Take::Good, false);
    assert_eq!(again.done().rows_unchanged, 5);
    assert_eq!(position(&workspace), before);
}

#[test]
fn kobo_s_workbook_and_its_repeats() {
    let (_folder, workspace) = workspace();
    let main = [
        words(&["name", "_id", "_uuid", "_index"]),
        words(&["Sok Dara", "71", "u-1", "1"]),
        words(&["Chea Thu", "72", "u-2", "2"]),
    ]
    .concat();
    let old = [
        words(&["what", "when", "_index", "_parent_index"]),
        words(&["arrest", "2020-08-13", "1", "2"]),
        words(&["beating", "2020-08", "2", "2"]),
    ]
    .concat();
    let mapping = Mapping::read(&REPEATS.replace("CHILD", "acts"), "M").unwrap();
    let kobo = file("kobo.xlsx", &xlsx(&[("form", &main), ("acts", &old)]), &mapping).unwrap();
    assert_eq!(kobo.tables[0].made_by, MadeBy::Kobo);
    take(&workspace, &kobo, &mapping, "form", Take::All, false).done();
    assert_eq!(people(&workspace)["Chea Thu"], ["2020-08", "2020-08-13"]);
    let new = [
        words(&["what", "when", "_index", "_parent_index", "_submission__uuid"]),
        words(&["arrest", "2020-08-13", "1", "1", "u-2"]),
    ]
    .concat();
    let kobo = file("kobo.xlsx", &xlsx(&[("form", &main), ("acts", &new)]), &mapping).unwrap();
    take(&workspace, &kobo, &mapping, "newer", Take::All, false).done();
    assert_eq!(people(&workspace).len(), 2);
}

#[test]
fn a_mapping_is_proposed_in_four_languages() {
    let registry = schema::Registry::builtin().unwrap();
    let lists = [
        "rec_id,Family name,Given name,Sex,Date of birth,Date of arrest,Place of arrest,Arrested by,Organisation,Shoe size\nA1,Sok,Dara,M,31/01/1990,13/08/2020,Phnom Penh,Military police,Khmer Thavrak,42\n",
        "Nom complet;Sexe;Date de naissance;Date d’arrestation;Lieu;Remarques\nSok Dara;F;1990;13/08/2020;Phnom Penh;rien\n",
        "Nombre completo,Sexo,Edad,Fecha de detención,Lugar\nSok Dara,M,30,2020-08-13,Lima\n",
        "ឈ្មោះ,ភេទ,អាយុ,ថ្ងៃចាប់ខ្លួន,ទីកន្លែង\nសុខ តារា,ប្រុស,30,2020-08-13,ភ្នំពេញ\n",
    ];
    for text in lists {
        let file = open("list.csv", text.as_bytes()).unwrap();
        let proposal = Mapping::propose(&file, &registry).unwrap();
        let toml = proposal.mapping.write();
        let mapping = Mapping::read(&toml, "proposed").unwrap_or_else(|error| panic!("{error}\n{toml}"));
        let previews =
            lists::preview(&file, &mapping, "proposed", &registry, 5).unwrap_or_else(|error| panic!("{error}\n{toml}"));
        let row = &previews[0].rows[0];
        let becomes: Vec<&str> =
            row.cells.iter().flat_map(|cell| &cell.becomes).map(|value| value.property.as_str()).collect();
        for wanted in ["name", "gender", "date", "place"] {
            assert!(becomes.contains(&wanted), "{wanted} in {becomes:?}\n{toml}");
        }
        assert!(row.also.iter().any(|value| value.property == "type"), "{toml}");
        for column in &proposal.columns {
            assert!((0.0..=1.0).contains(&column.confidence) && !column.why.is_empty());
        }
    }
    let file = open("list.csv", lists[0].as_bytes()).unwrap();
    let proposal = Mapping::propose(&file, &registry).unwrap();
    assert_eq!(proposal.mapping.file.key, ["rec_id"]);
    assert_eq!(proposal.mapping.file.dates, Some(lists::DateOrder::Day));
    let shoes = proposal.columns.iter().find(|column| column.column == "Shoe size").unwrap();
    assert_eq!(shoes.entity, "");
    assert!(proposal.mapping.write().contains("columns = [\"Family name\", \"Given name\"]"));
}

#[test]
fn rules_for_reading_win_over_guesses() {
    let rules = FileRules { separator: Some("|".into()), header: Some(3), ..FileRules::default() };
    let text = "Arrests\n\nid|name, in full\n1|Sok, Dara\n";
    let file = lists::ListFile::from_bytes("a.csv", text.into(), &rules, &lists::Unpacker::here()).unwrap();
    assert_eq!(file.tables[0].headers, ["id", "name, in full"]);
    let guessed = open("a.csv", b"Arrests of 2020\nid,name,date\n1,Sok,2020\n").unwrap();
    assert_eq!(guessed.tables[0].header_row, 2);
    assert!(guessed.notices.iter().any(|notice| notice.contains("row 2")));
}
