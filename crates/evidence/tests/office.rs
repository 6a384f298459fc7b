//! What was deleted and remarked in an Office file is not in a copy for publication, and the copy still opens.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::BTreeMap;
use std::io::{Cursor, Read, Write};

use evidence::metadata::{read, strip};

const W: &str = "xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\" xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"";
const BY: &str = "w:id=\"7\" w:author=\"Chan Vanna\" w:date=\"2023-08-16T09:30:00Z\"";

fn package(parts: &[(&str, String)]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, body) in parts {
        zip.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(body.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn parts(bytes: &[u8]) -> BTreeMap<String, String> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    (0..archive.len())
        .map(|index| {
            let mut entry = archive.by_index(index).unwrap();
            let mut body = String::new();
            entry.read_to_string(&mut body).unwrap();
            (entry.name().unwrap().into_owned(), body)
        })
        .collect()
}

/// Every relationship leads to a part that is there, every declared part is there, and every id that is used is declared.
fn whole(parts: &BTreeMap<String, String>) {
    let values = |body: &str, key: &str| -> Vec<String> {
        body.split(&format!("{key}=\"")).skip(1).map(|rest| rest.split('"').next().unwrap().to_owned()).collect()
    };
    for part in values(&parts["[Content_Types].xml"], "PartName") {
        assert!(parts.contains_key(part.trim_start_matches('/')), "{part} is declared and gone");
    }
    for (name, body) in parts.iter().filter(|(name, _)| name.ends_with(".rels")) {
        let (folder, file) = name.split_once("_rels/").unwrap();
        for target in values(body, "Target") {
            let mut path = format!("{folder}{target}");
            while let Some(at) = path.find("/../") {
                let before = path[..at].rfind('/').map_or(0, |slash| slash + 1);
                path.replace_range(before..at + 4, "");
            }
            assert!(parts.contains_key(path.trim_start_matches('/')), "{name}: {path} is gone");
        }
        let owner = format!("{folder}{}", file.trim_end_matches(".rels"));
        if let Some(owner) = parts.get(&owner) {
            for id in values(owner, "r:id") {
                assert!(values(body, "Id").contains(&id), "{name}: {id} leads nowhere");
            }
        }
    }
}

fn types(overrides: &[&str]) -> String {
    let parts: String =
        overrides.iter().map(|part| format!("<Override PartName=\"{part}\" ContentType=\"x\"/>")).collect();
    format!(
        "<?xml version=\"1.0\"?><Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"><Default Extension=\"xml\" ContentType=\"application/xml\"/><Default Extension=\"rels\" ContentType=\"r\"/>{parts}</Types>"
    )
}

fn relationships(list: &[(&str, &str, &str)]) -> String {
    let list: String = list
        .iter()
        .map(|(id, kind, target)| {
            format!(
                "<Relationship Id=\"{id}\" Type=\"http://schemas.example/relationships/{kind}\" Target=\"{target}\"/>"
            )
        })
        .collect();
    format!(
        "<?xml version=\"1.0\"?><Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">{list}</Relationships>"
    )
}

fn words(bytes: &[u8], name: &str) -> String {
    text::extract(bytes, name, &text::Options::default()).unwrap().text
}

#[test]
fn a_documents_changes_are_accepted_and_its_comments_go() {
    let run = |text: &str| format!("<w:r w:rsidR=\"00AB12CD\"><w:t xml:space=\"preserve\">{text}</w:t></w:r>");
    let gone = |text: &str| format!("<w:r><w:delText xml:space=\"preserve\">{text}</w:delText></w:r>");
    let row = |cells: &str, mark: &str| format!("<w:tr>{mark}{cells}</w:tr>");
    let cell = |text: &str, mark: &str| format!("<w:tc><w:tcPr>{mark}</w:tcPr><w:p>{}</w:p></w:tc>", run(text));
    let body = [
        format!(
            "<w:p><w:pPr><w:rPr><w:ins {BY}/></w:rPr><w:pPrChange {BY}><w:pPr><w:jc w:val=\"left\"/></w:pPr></w:pPrChange></w:pPr><w:commentRangeStart w:id=\"0\"/>{}<w:commentRangeEnd w:id=\"0\"/><w:r><w:commentReference w:id=\"0\"/></w:r><w:del {BY}>{}</w:del><w:ins {BY}>{}<w:del {BY}>{}</w:del></w:ins>{}</w:p>",
            run("The meeting "),
            gone("was led by Sok Dara and "),
            run("was stopped"),
            gone(" by his brother"),
            run(" at nine."),
        ),
        format!(
            "<w:p><w:moveFromRangeStart {BY} w:name=\"move1\"/><w:moveFrom {BY}>{}</w:moveFrom><w:moveFromRangeEnd w:id=\"7\"/></w:p><w:p><w:moveTo {BY}>{}</w:moveTo></w:p>",
            run("SOURCE PLACE "),
            run("Moved here.")
        ),
        format!(
            "<w:tbl>{}{}{}</w:tbl>",
            row(&(cell("kept row", "") + &cell("secret cell", &format!("<w:cellDel {BY}/>"))), ""),
            row(&cell("secret row", ""), &format!("<w:trPr><w:del {BY}/></w:trPr>")),
            row(&cell("secret cells", &format!("<w:cellDel {BY}/>")), ""),
        ),
        "<w:permStart w:id=\"3\" w:ed=\"dara@example.org\"/><w:p><w:r><w:t>The end.</w:t></w:r></w:p><w:permEnd w:id=\"3\"/><w:sectPr w:rsidR=\"00AB12CD\"/>".to_owned(),
    ];
    // The main part lies where no program of the usual ones would put it.
    for folder in ["word", "text"] {
        let comments = format!(
            "<w:comments {W}><w:comment {BY} w:initials=\"CV\"><w:p>{}</w:p></w:comment></w:comments>",
            run("who says so?")
        );
        let file = package(&[
            (
                "[Content_Types].xml",
                types(&[
                    &format!("/{folder}/document.xml"),
                    &format!("/{folder}/comments7.xml"),
                    &format!("/{folder}/people.xml"),
                    "/docProps/custom.xml",
                ]),
            ),
            (
                "_rels/.rels",
                relationships(&[
                    ("rId1", "officeDocument", &format!("{folder}/document.xml")),
                    ("rId2", "custom-properties", "docProps/custom.xml"),
                ]),
            ),
            (
                "docProps/custom.xml",
                "<Properties><property name=\"Client\"><lpwstr>Hidden Client</lpwstr></property></Properties>"
                    .to_owned(),
            ),
            (
                &format!("{folder}/document.xml"),
                format!("<?xml version=\"1.0\"?><w:document {W}><w:body>{}</w:body></w:document>", body.concat()),
            ),
            (
                &format!("{folder}/_rels/document.xml.rels"),
                relationships(&[
                    ("rId1", "comments", "comments7.xml"),
                    ("rId2", "people", "people.xml"),
                    ("rId3", "settings", "settings.xml"),
                ]),
            ),
            (&format!("{folder}/comments7.xml"), comments),
            (&format!("{folder}/_rels/comments7.xml.rels"), relationships(&[])),
            (
                &format!("{folder}/people.xml"),
                format!("<w15:people xmlns:w15=\"p\" {W}><w15:person w15:author=\"Chan Vanna\"/></w15:people>"),
            ),
            (
                &format!("{folder}/settings.xml"),
                format!(
                    "<w:settings {W}><w:trackRevisions/><w:rsids><w:rsid w:val=\"00AB12CD\"/></w:rsids></w:settings>"
                ),
            ),
        ]);
        let said = read(&file);
        let value = |key: &str| said.iter().find(|field| field.key == key).map(|field| field.value.as_str());
        assert_eq!(value("author"), Some("Chan Vanna"));
        assert_eq!(value(&format!("deleted passages in {folder}/document.xml")), Some("6"));
        assert!(
            said.iter().all(|field| !field.value.contains("brother")),
            "deleted words are counted, not told: {said:?}"
        );
        let copy = strip(&file).unwrap();
        let parts = parts(&copy.bytes);
        whole(&parts);
        let all: String = parts.values().map(String::as_str).collect();
        for secret in [
            "Sok Dara",
            "brother",
            "SOURCE",
            "secret",
            "Chan Vanna",
            "who says so",
            "2023-08",
            "rsid",
            "comment",
            "people",
            "Hidden Client",
            "example.org",
            "w:ins",
            "w:moveTo",
            "Change",
        ] {
            assert!(!all.contains(secret), "{folder}: {secret}: {all}");
        }
        if folder == "word" {
            let found = words(&copy.bytes, "a.docx");
            assert!(found.contains("The meeting was stopped at nine."), "{found}");
            for kept in ["Moved here.", "kept row", "The end."] {
                assert!(found.contains(kept), "{kept}: {found}");
            }
        }
        assert_eq!(strip(&copy.bytes).unwrap().bytes, copy.bytes, "nothing is left to take out");
    }
}

#[test]
fn a_sheets_comments_go_with_their_boxes() {
    const S: &str = "xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"";
    let note =
        "<v:shape id=\"_x0000_s1025\"><x:ClientData ObjectType=\"Note\"><x:Row>0</x:Row></x:ClientData></v:shape>";
    let button = "<v:shape id=\"_x0000_s1026\"><x:ClientData ObjectType=\"Button\"/></v:shape>";
    for (shapes, drawing) in [(note.to_owned(), false), (format!("{note}{button}"), true)] {
        let file = package(&[
            ("[Content_Types].xml", types(&["/xl/workbook.xml", "/xl/worksheets/sheet1.xml", "/xl/comments1.xml", "/xl/threadedComments/threadedComment1.xml", "/xl/persons/person.xml"])),
            ("_rels/.rels", relationships(&[("rId1", "officeDocument", "xl/workbook.xml")])),
            ("xl/workbook.xml", format!("<workbook {S}><sheets><sheet name=\"Cases\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>")),
            ("xl/_rels/workbook.xml.rels", relationships(&[("rId1", "worksheet", "worksheets/sheet1.xml"), ("rId2", "person", "persons/person.xml")])),
            ("xl/worksheets/sheet1.xml", format!("<worksheet {S}><sheetData><row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><t>counted</t></is></c></row></sheetData><pageSetup r:id=\"rId4\"/><legacyDrawing r:id=\"rId1\"/></worksheet>")),
            ("xl/worksheets/_rels/sheet1.xml.rels", relationships(&[("rId1", "vmlDrawing", "../drawings/vmlDrawing1.vml"), ("rId2", "comments", "../comments1.xml"), ("rId3", "threadedComment", "../threadedComments/threadedComment1.xml")])),
            ("xl/drawings/vmlDrawing1.vml", format!("<xml xmlns:v=\"v\" xmlns:x=\"x\">{shapes}</xml>")),
            ("xl/comments1.xml", format!("<comments {S}><authors><author>Sok Dara</author></authors><commentList><comment ref=\"A1\" authorId=\"0\"><text><t>count again</t></text></comment></commentList></comments>")),
            ("xl/threadedComments/threadedComment1.xml", "<ThreadedComments><threadedComment ref=\"A1\" dT=\"2023-08-16T09:30:00\" personId=\"{1}\"><text>count again</text></threadedComment></ThreadedComments>".to_owned()),
            ("xl/persons/person.xml", "<personList><person displayName=\"Sok Dara\" userId=\"dara@example.org\" providerId=\"AD\"/></personList>".to_owned()),
        ]);
        assert!(read(&file).iter().any(|field| field.value == "Sok Dara"));
        let copy = strip(&file).unwrap().bytes;
        let parts = parts(&copy);
        whole(&parts);
        let all: String = parts.values().map(String::as_str).collect();
        for secret in ["Sok Dara", "count again", "omments", "person", "example.org", "Note"] {
            assert!(!all.contains(secret), "{secret}: {all}");
        }
        assert_eq!(parts.contains_key("xl/drawings/vmlDrawing1.vml"), drawing, "a button stays");
        assert_eq!(all.contains("legacyDrawing"), drawing);
        assert!(all.contains("pageSetup"));
        assert!(words(&copy, "a.xlsx").contains("counted"));
    }
}

#[test]
fn a_presentations_comments_go_and_its_notes_stay() {
    const P: &str = "xmlns:p=\"p\" xmlns:a=\"a\" xmlns:r=\"r\"";
    let file = package(&[
        ("[Content_Types].xml", types(&["/ppt/presentation.xml", "/ppt/slides/slide1.xml", "/ppt/notesSlides/notesSlide1.xml", "/ppt/comments/modernComment_1.xml", "/ppt/authors.xml"])),
        ("_rels/.rels", relationships(&[("rId1", "officeDocument", "ppt/presentation.xml")])),
        ("ppt/presentation.xml", format!("<p:presentation {P}><p:sldIdLst><p:sldId id=\"256\" r:id=\"rId1\"/></p:sldIdLst></p:presentation>")),
        ("ppt/_rels/presentation.xml.rels", relationships(&[("rId1", "slide", "slides/slide1.xml"), ("rId2", "authors", "authors.xml")])),
        ("ppt/slides/slide1.xml", format!("<p:sld {P}><a:t>Nine arrests</a:t><p:extLst><p:ext uri=\"{{6950BFC3-D8DA-4A85-94F7-54DA5524770B}}\"><p188:commentRel xmlns:p188=\"c\" r:id=\"rId1\"/></p:ext></p:extLst></p:sld>")),
        ("ppt/slides/_rels/slide1.xml.rels", relationships(&[("rId1", "comments", "../comments/modernComment_1.xml"), ("rId2", "notesSlide", "../notesSlides/notesSlide1.xml")])),
        ("ppt/notesSlides/notesSlide1.xml", format!("<p:notes {P}><a:t>say this slowly</a:t></p:notes>")),
        ("ppt/comments/modernComment_1.xml", "<cmLst><cm authorId=\"{1}\" created=\"2023-08-16T09:30:00\"><t>who says so?</t></cm></cmLst>".to_owned()),
        ("ppt/authors.xml", "<authorLst><author id=\"{1}\" name=\"Sok Dara\" initials=\"SD\" userId=\"dara@example.org\" providerId=\"AD\"/></authorLst>".to_owned()),
    ]);
    let copy = strip(&file).unwrap().bytes;
    let parts = parts(&copy);
    whole(&parts);
    let all: String = parts.values().map(String::as_str).collect();
    for secret in ["Sok Dara", "who says so", "uthor", "omment", "example.org"] {
        assert!(!all.contains(secret), "{secret}: {all}");
    }
    assert!(all.contains("Nine arrests") && all.contains("say this slowly"));
}

#[test]
fn an_open_documents_changes_are_accepted_too() {
    let content = "<office:document-content xmlns:office=\"o\" xmlns:text=\"t\" xmlns:dc=\"d\"><office:body><office:text><text:tracked-changes><text:changed-region text:id=\"c1\"><text:deletion><office:change-info><dc:creator>Chan Vanna</dc:creator><dc:date>2023-08-16T09:30:00</dc:date></office:change-info><text:p>by his brother</text:p></text:deletion></text:changed-region></text:tracked-changes><text:p>It was stopped<text:change text:change-id=\"c1\"/><office:annotation><dc:creator>Sok Dara</dc:creator><text:p>who says so?</text:p></office:annotation> <text:change-start text:change-id=\"c2\"/>at nine<text:change-end text:change-id=\"c2\"/>.</text:p></office:text></office:body></office:document-content>";
    let file = package(&[
        ("mimetype", "application/vnd.oasis.opendocument.text".to_owned()),
        ("content.xml", content.to_owned()),
        ("META-INF/manifest.xml", "<manifest/>".to_owned()),
    ]);
    let said = read(&file);
    for author in ["Chan Vanna", "Sok Dara"] {
        assert!(said.iter().any(|field| field.value == author), "{said:?}");
    }
    let copy = strip(&file).unwrap().bytes;
    let all: String = parts(&copy).into_values().collect();
    for secret in ["brother", "who says so", "change", "annotation", "Author"] {
        assert!(!all.contains(secret), "{secret}: {all}");
    }
    assert_eq!(words(&copy, "a.odt").trim(), "It was stopped at nine.");
}
