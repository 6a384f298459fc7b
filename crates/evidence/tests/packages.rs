//! Packages of other tools, taken apart, whole and broken.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use evidence::package::{Kind, Package, Piece, open};
use evidence::{Error, Limits};
use proptest::prelude::*;

fn file(name: &str) -> Vec<u8> {
    std::fs::read(format!("{}/tests/files/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

fn taken(name: &str, bytes: &[u8]) -> Package {
    open(bytes, name, &Limits::default()).unwrap().unwrap_or_else(|| panic!("{name} is a package"))
}

fn about<'a>(list: &'a [(String, String)], key: &str) -> Option<&'a str> {
    list.iter().find(|(name, _)| name == key).map(|(_, value)| value.as_str())
}

fn by_url<'a>(package: &'a Package, url: &str) -> &'a Piece {
    package.pieces.iter().find(|piece| piece.url.as_deref() == Some(url)).unwrap()
}

fn problems(package: &Package) -> Vec<String> {
    package.findings.iter().map(|finding| format!("{}: {}", finding.place, finding.problem)).collect()
}

fn replaced(bytes: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    assert_eq!(from.len(), to.len());
    let mut bytes = bytes.to_vec();
    let at = bytes.windows(from.len()).position(|window| window == from).unwrap();
    bytes[at..at + to.len()].copy_from_slice(to);
    bytes
}

const PAGE: &str = "https://example.org/news/arrests?id=1";

#[test]
fn a_web_archive_gives_what_the_server_meant() {
    for name in ["page.warc.gz", "page.warc"] {
        let package = taken(name, &file(name));
        assert_eq!((package.kind, package.pieces.len()), (Kind::Warc, 4), "{name}");
        assert_eq!(about(&package.about, "operator"), Some("Documentation desk"));
        let page = by_url(&package, PAGE);
        assert!(
            String::from_utf8_lossy(&page.bytes).contains("<p>Nineteen people were arrested.</p>"),
            "unpacked and joined"
        );
        assert_eq!(
            (page.name.as_str(), page.media_type.as_str(), page.captured.as_deref(), page.main),
            ("arrests.html", "text/html", Some("2023-08-16T09:30:05Z"), true)
        );
        assert_eq!(page.stated.len(), 2, "payload and block");
        assert!(
            package.pieces.iter().flat_map(|piece| &piece.stated).all(|hash| hash.holds == Some(true)),
            "{name}: {:?}",
            package.pieces.iter().map(|p| &p.stated).collect::<Vec<_>>()
        );
        assert_eq!(about(&page.about, "HTTP status"), Some("200"));
        let mains: Vec<&str> =
            package.pieces.iter().filter(|piece| piece.main).map(|piece| piece.name.as_str()).collect();
        assert_eq!(mains, ["arrests.html"], "neither the picture nor the advertisement's frame");
        let letter = package.pieces.iter().find(|piece| piece.media_type == "application/pdf").unwrap();
        assert_eq!(letter.bytes, b"%PDF-1.4 not really");
        assert_eq!(package.findings.len(), 1, "{:?}", problems(&package));
        assert!(problems(&package)[0].contains("unchanged since an earlier visit"));
    }
}

#[test]
fn a_changed_record_is_found_and_the_rest_is_read() {
    let bytes = replaced(&file("page.warc"), b"<p>buy</p>", b"<p>pay</p>");
    let package = taken("page.warc", &bytes);
    assert_eq!(package.pieces.len(), 4);
    let changed = by_url(&package, "https://ads.example.net/frame");
    assert!(changed.stated.iter().all(|hash| hash.holds == Some(false)));
    assert!(problems(&package).iter().any(|problem| problem.contains("does not hold")), "{:?}", problems(&package));
    let bytes = replaced(&file("page.warc"), b"Content-Length: 19", b"Content-Length: xx");
    let package = taken("page.warc", &bytes);
    assert!(
        package.pieces.len() == 3 && problems(&package).iter().any(|problem| problem.contains("does not say how long")),
        "{:?}",
        problems(&package)
    );
    let whole = file("page.warc.gz");
    let package = taken("page.warc.gz", &whole[..whole.len() - 30]);
    assert!(
        package.pieces.len() >= 3 && problems(&package).iter().any(|problem| problem.contains("cannot be unpacked"))
    );
    let lying = "WARC/1.0\r\nWARC-Type: resource\r\nContent-Length: 99999999999999\r\n\r\nabc";
    assert!(matches!(open(lying.as_bytes(), "x.warc", &Limits::default()), Err(Error::Broken { .. })));
}

#[test]
fn a_bomb_in_a_web_archive_costs_an_error() {
    use std::io::Write;
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    packed.write_all(b"WARC/1.0\r\nWARC-Type: resource\r\nContent-Length: 60000000\r\n\r\n").unwrap();
    packed.write_all(&vec![0; 60_000_000]).unwrap();
    let bytes = packed.finish().unwrap();
    let error = open(&bytes, "x.warc.gz", &Limits::default()).unwrap_err();
    assert!(matches!(error, Error::TooLarge { .. }), "{error}");
    // A bomb within: the answer's own compression.
    let mut body = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    body.write_all(&vec![0; 60_000_000]).unwrap();
    let body = body.finish().unwrap();
    let mut record = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n".to_vec();
    record.extend(&body);
    let mut bytes = format!("WARC/1.0\r\nWARC-Type: response\r\nContent-Type: application/http\r\nWARC-Date: 2023-08-16T09:30:05Z\r\nWARC-Target-URI: https://example.org/\r\nContent-Length: {}\r\n\r\n", record.len()).into_bytes();
    bytes.extend(record);
    let package = taken("x.warc", &bytes);
    assert_eq!(package.pieces[0].bytes, body, "the bytes as they are");
    assert!(problems(&package)[0].contains("more than"), "{:?}", problems(&package));
}

#[test]
fn a_wacz_file_is_checked_against_its_list() {
    let package = taken("site.wacz", &file("site.wacz"));
    assert_eq!((package.kind, package.pieces.len()), (Kind::Wacz, 4));
    assert_eq!(about(&package.about, "Title"), Some("A visit"));
    assert_eq!(about(&package.about, "Description"), Some("Collected for the file"));
    assert!(package.about.iter().filter(|(_, value)| value.ends_with("holds")).count() >= 4, "{:?}", package.about);
    let page = by_url(&package, PAGE);
    assert_eq!(about(&page.about, "Title"), Some("Announcement"));
    assert_eq!(package.pieces.iter().filter(|piece| piece.main).count(), 1);
    assert!(page.main);
    assert_eq!(package.findings.len(), 1, "{:?}", problems(&package));
}

/// Rewrites one entry of a zip archive.
fn rezipped(bytes: &[u8], change: impl Fn(&str, Vec<u8>) -> Option<Vec<u8>>, add: Option<(&str, &[u8])>) -> Vec<u8> {
    use std::io::{Cursor, Read, Write};
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    for index in 0..archive.len() {
        let mut entry = archive.by_index(index).unwrap();
        let name = entry.name().unwrap().into_owned();
        let mut content = Vec::new();
        entry.read_to_end(&mut content).unwrap();
        if let Some(content) = change(&name, content) {
            writer.start_file(name.as_str(), options).unwrap();
            writer.write_all(&content).unwrap();
        }
    }
    if let Some((name, content)) = add {
        writer.start_file(name, options).unwrap();
        writer.write_all(content).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

#[test]
fn what_was_changed_added_or_taken_out_of_a_wacz_file_is_named() {
    let whole = file("site.wacz");
    let changed = rezipped(
        &whole,
        |name, content| {
            Some(if name == "pages/pages.jsonl" {
                replaced(&content, b"Announcement", b"Nnnouncement")
            } else {
                content
            })
        },
        None,
    );
    assert!(
        problems(&taken("site.wacz", &changed))
            .iter()
            .any(|problem| problem.starts_with("pages/pages.jsonl: the sha256 digest"))
    );
    let without = rezipped(&whole, |name, content| (!name.starts_with("indexes/index.cdx")).then_some(content), None);
    assert!(problems(&taken("site.wacz", &without)).iter().any(|problem| problem.contains("it is not there")));
    let added = rezipped(&whole, |_, content| Some(content), Some(("archive/other.warc", &file("page.warc"))));
    let package = taken("site.wacz", &added);
    assert!(
        problems(&package)
            .iter()
            .any(|problem| problem.starts_with("archive/other.warc: the list of contents does not name it"))
    );
    let list = rezipped(
        &whole,
        |name, content| {
            Some(if name == "datapackage.json" { replaced(&content, b"A visit", b"B visit") } else { content })
        },
        None,
    );
    assert!(
        problems(&taken("site.wacz", &list))
            .iter()
            .any(|problem| problem.contains("the digest of the list of contents does not hold")),
        "{:?}",
        problems(&taken("site.wacz", &list))
    );
}

#[test]
fn a_proof_holds_or_not() {
    let package = taken("proof.zip", &file("proof.zip"));
    assert_eq!(
        (package.kind, package.pieces.len(), package.findings.len()),
        (Kind::ProofMode, 1, 0),
        "{:?}",
        problems(&package)
    );
    let piece = &package.pieces[0];
    assert_eq!(
        (piece.name.as_str(), piece.media_type.as_str(), piece.captured.as_deref()),
        ("IMG_0816.jpg", "image/jpeg", Some("2023-08-16T09:30:09Z"))
    );
    assert_eq!(piece.stated.iter().map(|hash| hash.holds).collect::<Vec<_>>(), [Some(true)]);
    assert_eq!(about(&piece.about, "Location.Latitude"), Some("11.5564"));
    assert_eq!(about(&piece.about, "Manufacturer"), Some("Nokia"));
    assert!(about(&piece.about, "OpenPGP signature").unwrap().ends_with("not judged here"));
    assert!(about(&package.about, "OpenPGP key").is_some());
    let package = taken("proof-changed.zip", &file("proof-changed.zip"));
    assert_eq!(package.pieces[0].stated.iter().map(|hash| hash.holds).collect::<Vec<_>>(), [Some(false)]);
    assert!(
        problems(&package).iter().any(|problem| problem.contains("the one or the other was changed")),
        "{:?}",
        problems(&package)
    );
    let without = rezipped(&file("proof.zip"), |name, content| (name != "IMG_0816.jpg").then_some(content), None);
    assert!(problems(&taken("proof.zip", &without)).iter().all(|problem| problem.contains("which is not here")));
    let more = rezipped(&file("proof.zip"), |_, content| Some(content), Some(("IMG_0817.jpg", b"\xff\xd8\xff")));
    assert_eq!(problems(&taken("proof.zip", &more)), ["IMG_0817.jpg: there is no proof of it"]);
}

#[test]
fn the_auto_archivers_sheet_is_taken_row_by_row() {
    let digest = "ab".repeat(32);
    let sheet = format!(
        "Link,Archive status,Destination folder,Archive location,Archive date,Thumbnail,Upload timestamp,Upload title,Text content,Screenshot,Hash,Perceptual hashes,WACZ,ReplayWebpage,Our note\n\
         https://example.org/video/1,telethon_extractor: success,protest,https://store.example.org/1.html,2023-08-17T04:00:00.123456+00:00,\"=IMAGE(\"\"https://store.example.org/t.jpg\"\")\",2023-08-16T09:30:05+00:00,At the gate,\"Line one\nline two\",https://store.example.org/s.png,SHA-256:{digest},,https://store.example.org/1.wacz,,seen\n\
         https://example.org/video/2,Archive in progress,,,,,,,,,,,,,\n\
         https://example.org/video/3,Archive failed timeout,,,,,,,,,,,,,\n\
         ,,,,,,,,,,,,,,\n\
         no address,wayback: success,,https://store.example.org/4.html,,,,,,,,,,,\n\
         https://example.org/5,wayback: no luck,,https://store.example.org/5.html,yesterday,,,,,,zz,,,,\n\
         https://example.org/6,,,,,,,,,,,,,,\n"
    );
    let package = taken("sheet.csv", sheet.as_bytes());
    assert_eq!((package.kind, package.pieces.len()), (Kind::AutoArchiver, 2));
    let first = &package.pieces[0];
    assert_eq!(
        (first.name.as_str(), first.url.as_deref(), first.captured.as_deref(), first.bytes.len(), first.main),
        ("At the gate", Some("https://example.org/video/1"), Some("2023-08-17T04:00:00Z"), 0, true)
    );
    assert_eq!(
        (first.stated[0].algorithm.as_str(), first.stated[0].hex.as_str(), first.stated[0].holds),
        ("sha256", digest.as_str(), None)
    );
    for (key, value) in [
        ("Archive location", "https://store.example.org/1.html"),
        ("Thumbnail", "https://store.example.org/t.jpg"),
        ("Screenshot", "https://store.example.org/s.png"),
        ("WACZ", "https://store.example.org/1.wacz"),
        ("Text", "Line one\nline two"),
        ("Our note", "seen"),
        ("Uploaded", "2023-08-16T09:30:05+00:00"),
    ] {
        assert_eq!(about(&first.about, key), Some(value), "{key}");
    }
    let said = problems(&package);
    assert_eq!(said.len(), 7, "{said:#?}");
    assert!(
        said[0].starts_with("line 4: not taken: the archiver had not finished"),
        "lines count as in the file: {said:#?}"
    );
    assert!(said[1].contains("Archive failed timeout"));
    assert!(said[2].contains("its address is none"));
    assert!(said[6].contains("not come to it yet"));
}

#[test]
fn the_auto_archivers_own_table_is_taken() {
    let table = format!(
        "status,metadata,media\n\
         generic_extractor: success,\"{{'_processed_at': datetime.datetime(2025, 3, 4, 5, 6, 7, 8, tzinfo=datetime.timezone.utc), 'url': 'https://example.org/7', 'title': \"\"Dara's video\"\"}}\",\"[{{'filename': 'a.mp4', '_key': 'a.mp4', 'urls': ['https://store.example.org/a.mp4'], 'properties': {{'hash': 'SHA3-512:{}'}}}}, {{'filename': 'f.html', 'urls': ['/data/f.html'], 'properties': {{'id': '_final_media'}}}}]\"\n\
         no archiver,\"{{'url': 'https://example.org/8'}}\",[]\n\
         nonsense,{{,[]\n",
        "cd".repeat(64)
    );
    let package = taken("db.csv", table.as_bytes());
    assert_eq!(package.pieces.len(), 1, "{:?}", problems(&package));
    let first = &package.pieces[0];
    assert_eq!(
        (first.name.as_str(), first.captured.as_deref(), first.stated[0].algorithm.as_str()),
        ("Dara's video", Some("2025-03-04T05:06:07Z"), "sha3-512")
    );
    assert!(about(&first.about, "Media").unwrap().starts_with("https://store.example.org/a.mp4"));
    assert_eq!(package.findings.len(), 2);
    for other in ["url,status\nhttps://example.org,ok\n", "name,age\nA,1\n", "", "status"] {
        assert_eq!(
            open(other.as_bytes(), "other.csv", &Limits::default()).unwrap(),
            None,
            "{other:?} is another's table"
        );
    }
}

#[test]
fn a_saved_page_and_a_message_are_taken_apart() {
    let package = taken("page.mhtml", &file("page.mhtml"));
    assert_eq!(
        (package.kind, package.pieces.len(), package.findings.len()),
        (Kind::Mhtml, 2, 0),
        "{:?}",
        problems(&package)
    );
    let page = &package.pieces[0];
    assert_eq!(
        (page.url.as_deref(), page.captured.as_deref(), page.main, page.name.as_str()),
        (Some(PAGE), Some("2023-08-16T16:30:05+07:00"), true, "arrests.html")
    );
    assert!(String::from_utf8_lossy(&page.bytes).contains("<title>សេចក្តីប្រកាស</title>"));
    assert!(
        package.pieces[1].bytes.starts_with(b"\x89PNG")
            && package.pieces[1].bytes.len() == 600
            && !package.pieces[1].main
    );
    let package = taken("message.eml", &file("message.eml"));
    assert_eq!(package.kind, Kind::Email);
    assert_eq!(about(&package.about, "Subject"), Some("ការចាប់ខ្លួន: three arrests"));
    assert_eq!(about(&package.about, "From"), Some("Sok Dara <dara@example.org>"));
    assert_eq!(about(&package.about, "Date in ISO 8601"), Some("2023-08-16T16:30:05+07:00"));
    assert!(about(&package.about, "Received").is_some());
    let names: Vec<(&str, &str, bool)> =
        package.pieces.iter().map(|piece| (piece.name.as_str(), piece.media_type.as_str(), piece.main)).collect();
    assert_eq!(
        names,
        [
            ("part 3.txt", "text/plain", false),
            ("message.html", "text/html", true),
            ("ការប្រកាស.pdf", "application/pdf", false),
            ("part 6.eml", "message/rfc822", false)
        ]
    );
    assert_eq!(package.pieces[2].bytes, b"%PDF-1.4 x");
    assert!(String::from_utf8_lossy(&package.pieces[3].bytes).contains("earlier words"));
}

#[test]
fn other_files_are_no_packages() {
    for (name, bytes) in [
        ("a.txt", &b"To: be or not\n\nto be"[..]),
        ("a.pdf", b"%PDF-1.4"),
        ("a.docx", &file("draft.docx")),
        ("a.gz", b"\x1f\x8b"),
        ("a", b""),
        ("a.zip", b"PK"),
    ] {
        assert_eq!(open(bytes, name, &Limits::default()).unwrap(), None, "{name}");
    }
}

const FILES: &[&str] = &["page.warc.gz", "page.warc", "site.wacz", "proof.zip", "page.mhtml", "message.eml"];

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn damage_is_survived(which in 0..FILES.len(), flips in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..12), cut in prop::option::of(any::<prop::sample::Index>())) {
        let mut bytes = file(FILES[which]);
        for (at, value) in flips {
            let at = at.index(bytes.len());
            bytes[at] = value;
        }
        if let Some(cut) = cut {
            bytes.truncate(cut.index(bytes.len()));
        }
        let limits = Limits { entries: 100, entry: 1 << 20, total: 4 << 20, ratio: 100 };
        if let Ok(Some(package)) = open(&bytes, FILES[which], &limits) {
            let total: usize = package.pieces.iter().map(|piece| piece.bytes.len()).sum();
            prop_assert!(total as u64 <= limits.total);
        }
    }
}
