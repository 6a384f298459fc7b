//! What files say beside their content, and that a stripped copy says none of it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::io::{Cursor, Read};

use evidence::Error;
use evidence::metadata::{Field, read, strip};
use proptest::prelude::*;

const FILES: &[&str] = &[
    "camera.jpg",
    "progressive.jpg",
    "camera.png",
    "camera.webp",
    "moving.webp",
    "scan.tiff",
    "scan2.tiff",
    "notes.pdf",
    "notes-twice.pdf",
    "draft.docx",
    "cases.xlsx",
    "draft.odt",
];

fn file(name: &str) -> Vec<u8> {
    std::fs::read(format!("{}/tests/files/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

fn value<'a>(fields: &'a [Field], group: &str, key: &str) -> Option<&'a str> {
    fields.iter().find(|field| field.group == group && field.key == key).map(|field| field.value.as_str())
}

/// The file's bytes, and of a zip archive the unpacked bytes too.
fn all_bytes(bytes: &[u8]) -> Vec<u8> {
    let mut all = bytes.to_vec();
    if let Ok(mut archive) = zip::ZipArchive::new(Cursor::new(bytes)) {
        for index in 0..archive.len() {
            let mut entry = archive.by_index(index).unwrap();
            entry.read_to_end(&mut all).unwrap();
        }
    }
    all
}

fn has(bytes: &[u8], words: &str) -> bool {
    bytes.windows(words.len()).any(|window| window == words.as_bytes())
}

#[test]
fn a_stripped_copy_says_nothing_personal() {
    for name in FILES {
        let original = file(name);
        let said = read(&original);
        assert!(said.iter().any(|field| field.personal), "{name} says something");
        assert!(value(&said, "file", "not read").is_none(), "{name}: {said:?}");
        let copy = strip(&original).unwrap_or_else(|error| panic!("{name}: {error}"));
        let left = read(&copy.bytes);
        assert!(left.iter().all(|field| !field.personal), "{name}: {left:?}");
        assert_eq!(
            copy.removed.iter().filter(|field| field.personal).count(),
            said.iter().filter(|field| field.personal).count(),
            "{name}"
        );
        let bytes = all_bytes(&copy.bytes);
        for words in [
            "Sok Dara",
            "Chan Vanna",
            "Nokia",
            "Lumia",
            "2023:08:16",
            "SN-4411",
            "secret maker",
            "private",
            "dara",
            "NGO Phnom Penh",
            "Writer 7",
            "MOTION",
        ] {
            assert!(!has(&bytes, words), "{name} still says {words}");
        }
        let again = strip(&copy.bytes).unwrap();
        assert_eq!(read(&again.bytes), left, "{name}: stripping again changes nothing that is said");
        assert!(again.removed.is_empty(), "{name}: {:?}", again.removed);
    }
}

#[test]
fn a_picture_tells_where_when_who_and_with_what() {
    for (name, groups) in [
        ("camera.jpg", &["exif", "iptc", "xmp", "jpeg", "icc"][..]),
        ("camera.png", &["exif", "xmp", "png", "icc"]),
        ("camera.webp", &["exif", "xmp", "icc"]),
    ] {
        let said = read(&file(name));
        for group in groups {
            assert!(said.iter().any(|field| field.group == *group), "{name}: {group} in {said:#?}");
        }
        assert_eq!(value(&said, "exif", "GPS position"), Some("11.556400, 104.928311"), "{name}");
        assert_eq!(value(&said, "exif", "Artist"), Some("\"Sok Dara\""), "{name}");
        assert_eq!(value(&said, "exif", "DateTimeOriginal"), Some("2023-08-16 09:30:00"), "{name}");
        assert_eq!(value(&said, "xmp", "dc:creator"), Some("Sok Dara & friends"), "{name}");
        assert_eq!(value(&said, "xmp", "xmp:CreatorTool"), Some("Editor 5"), "{name}");
        assert!(said.iter().any(|field| field.key == "Orientation" && !field.personal), "{name}");
    }
    let said = read(&file("camera.jpg"));
    assert_eq!(value(&said, "iptc", "By-line"), Some("Sok Dara"));
    assert_eq!(value(&said, "iptc", "City"), Some("Phnom Penh"));
    assert_eq!(value(&said, "jpeg", "comment"), Some("taken by Dara"));
    assert_eq!(value(&said, "jpeg", "data after the picture"), Some("18 bytes"));
    assert!(value(&read(&file("camera.png")), "png", "tIME") == Some("2023-08-16T09:30:00Z"));
}

#[test]
fn a_turned_picture_stays_turned() {
    for name in ["camera.jpg", "camera.png", "camera.webp", "progressive.jpg"] {
        let copy = strip(&file(name)).unwrap().bytes;
        let left = read(&copy);
        let original = read(&file(name));
        assert_eq!(value(&left, "exif", "Orientation"), value(&original, "exif", "Orientation"), "{name}");
        assert_eq!(left.iter().filter(|field| field.group == "exif").count(), 1, "{name}: {left:?}");
    }
    let copy = strip(&file("scan.tiff")).unwrap().bytes;
    assert!(read(&copy).iter().any(|field| field.key == "Orientation"));
}

#[test]
fn a_pdf_tells_its_author_its_programs_and_its_pictures_places() {
    let said = read(&file("notes.pdf"));
    assert_eq!(value(&said, "pdf", "Author"), Some("Sok Dara"));
    assert_eq!(value(&said, "pdf", "Keywords"), Some("ស្រុក"));
    assert_eq!(value(&said, "pdf", "T"), Some("Sok Dara"));
    assert_eq!(value(&said, "xmp", "dc:creator"), Some("Sok Dara & friends"));
    assert_eq!(value(&said, "exif", "GPS position (picture in the PDF)"), Some("11.556400, 104.928311"));
    assert_eq!(value(&read(&file("notes-twice.pdf")), "pdf", "Author"), Some("Chan Vanna"), "the last version counts");
    let copy = strip(&file("notes.pdf")).unwrap().bytes;
    assert!(has(&copy, "Check this"), "what a comment says is content");
    let document = lopdf::Document::load_mem(&copy).unwrap();
    assert_eq!(document.get_pages().len(), 1);
    assert!(document.extract_text(&[1]).unwrap().contains("The gate was closed at nine."));
    assert_eq!(copy, strip(&file("notes.pdf")).unwrap().bytes, "the same original gives the same copy");
}

#[test]
fn an_office_file_tells_its_authors_and_keeps_its_words() {
    let said = read(&file("draft.docx"));
    for (key, expected) in [
        ("creator", "Sok Dara"),
        ("lastModifiedBy", "Chan Vanna"),
        ("author", "Chan Vanna"),
        ("initials", "CV"),
        ("path on a computer", "file:///C:/Users/dara/Templates/Report.dotm"),
        ("date of a change or comment", "2023-08-16T09:30:00Z"),
    ] {
        assert_eq!(value(&said, "office", key), Some(expected), "{key}: {said:#?}");
    }
    assert_eq!(value(&said, "exif", "GPS position"), Some("11.556400, 104.928311"));
    let copy = all_bytes(&strip(&file("draft.docx")).unwrap().bytes);
    for words in ["The meeting was stopped.", " Twice.", "Report.dotm"] {
        assert!(has(&copy, words), "{words}");
    }
    for words in ["rsid", "who says so?", "<w:comment", "comments.xml", "<w:ins "] {
        assert!(!has(&copy, words), "{words}");
    }
    let copy = all_bytes(&strip(&file("cases.xlsx")).unwrap().bytes);
    assert!(!has(&copy, "count again"), "what was remarked on the side is no content");
    let said = read(&file("draft.odt"));
    assert_eq!(value(&said, "office", "initial-creator"), Some("Sok Dara"));
    let copy = strip(&file("draft.odt")).unwrap().bytes;
    assert_eq!(
        &copy[38..77],
        b"application/vnd.oasis.opendocument.text",
        "the media type is the first entry, not packed"
    );
    assert!(!has(&all_bytes(&copy), "who says so?"));
}

#[test]
fn what_cannot_be_cleaned_is_refused_with_what_to_do() {
    for (bytes, hint) in [
        (&b"\0\0\0\x18ftypheic\0\0\0\0"[..], "JPEG or PNG"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "DOCX"),
        (b"GIF89a", "PNG"),
        (b"plain words", "are"),
    ] {
        let Err(Error::Unsupported { hint: said, .. }) = strip(bytes) else { panic!("{bytes:?}") };
        assert!(said.contains(hint));
    }
    assert!(read(b"plain words").is_empty());
    let cut = &file("camera.jpg")[..2_000];
    assert!(strip(cut).is_err());
    let said = read(cut);
    assert_eq!(value(&said, "exif", "Artist"), Some("\"Sok Dara\""), "a damaged picture still tells");
    assert!(value(&said, "file", "not read").is_some());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn damage_is_survived_and_never_leaks(which in 0..FILES.len(), flips in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..12), cut in prop::option::of(any::<prop::sample::Index>())) {
        let mut bytes = file(FILES[which]);
        for (at, value) in flips {
            let at = at.index(bytes.len());
            bytes[at] = value;
        }
        if let Some(cut) = cut {
            bytes.truncate(cut.index(bytes.len()));
        }
        let _ = read(&bytes);
        if let Ok(copy) = strip(&bytes) {
            let left = read(&copy.bytes);
            prop_assert!(left.iter().all(|field| !field.personal), "{:?}", left);
        }
    }
}
