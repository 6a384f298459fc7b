//! WARC 1.0 and 1.1 (ISO 28500:2009, 2017): records, one after another, each packed on its own or not at all.

use super::{Kind, Package, Piece, StatedHash, essence, http, is_document, name_of, short};
use crate::archive::member;
use crate::{Error, Finding, Limits};

const WHAT: &str = "web archive";
const GZIP: &[u8] = &[0x1f, 0x8b];

pub(super) fn is(bytes: &[u8]) -> bool {
    if bytes.starts_with(b"WARC/") {
        return true;
    }
    if !bytes.starts_with(GZIP) {
        return false;
    }
    let mut first = [0; 5];
    std::io::Read::read_exact(&mut flate2::bufread::GzDecoder::new(bytes), &mut first).is_ok() && &first == b"WARC/"
}

pub(super) fn open(bytes: &[u8], limits: &Limits) -> Result<Package, Error> {
    let mut package = Package { kind: Kind::Warc, pieces: Vec::new(), about: Vec::new(), findings: Vec::new() };
    let mut left = limits.allowance(bytes.len());
    read(bytes, "", limits, &mut left, &mut package)?;
    if package.pieces.is_empty() && package.about.is_empty() {
        let problem =
            package.findings.first().map_or_else(|| "it holds no record".to_owned(), |finding| finding.problem.clone());
        return Err(Error::broken(WHAT, "its first record", problem));
    }
    mark(&mut package.pieces, &[]);
    Ok(package)
}

/// Which pieces are documents: those in the list of pages, or else those from the host of the first.
pub(super) fn mark(pieces: &mut [Piece], pages: &[String]) {
    let good = |piece: &Piece| {
        is_document(&piece.media_type)
            && piece.about.iter().all(|(key, value)| key != "HTTP status" || value.starts_with('2'))
    };
    if !pages.is_empty() {
        let mut any = false;
        for piece in pieces.iter_mut() {
            piece.main = good(piece) && piece.url.as_ref().is_some_and(|url| pages.iter().any(|page| same(page, url)));
            any |= piece.main;
        }
        if any {
            return;
        }
    }
    let host = |piece: &Piece| {
        piece
            .url
            .as_deref()
            .and_then(|url| url.split('/').nth(2))
            .map(|host| host.trim_start_matches("www.").to_owned())
    };
    let first = pieces.iter().find(|piece| good(piece)).and_then(host);
    for piece in pieces.iter_mut() {
        piece.main = good(piece) && host(piece) == first;
    }
}

pub(super) fn same(one: &str, other: &str) -> bool {
    let plain = |url: &str| {
        url.split('#')
            .next()
            .unwrap_or_default()
            .trim_end_matches('/')
            .trim_start_matches("https")
            .trim_start_matches("http")
            .to_owned()
    };
    plain(one) == plain(other)
}

/// Reads all records of a file into the package; `within` is the file's name if it lies in another.
pub(super) fn read(
    bytes: &[u8],
    within: &str,
    limits: &Limits,
    left: &mut u64,
    package: &mut Package,
) -> Result<(), Error> {
    let place = |number: usize| {
        if within.is_empty() { format!("record {number}") } else { format!("{within}, record {number}") }
    };
    let too_large = |limit: u64| Error::TooLarge { what: "this web archive".into(), limit, unit: "bytes" };
    let mut number = 0;
    if !bytes.starts_with(GZIP) {
        *left = left.checked_sub(bytes.len() as u64).ok_or_else(|| too_large(limits.total))?;
        return records(bytes, &mut number, &place, limits, left, package);
    }
    let mut rest = bytes;
    while rest.starts_with(GZIP) {
        let limit = (*left).min(limits.entry);
        match member(rest, limit) {
            Ok(Some((unpacked, after))) => {
                *left -= unpacked.len() as u64;
                records(&unpacked, &mut number, &place, limits, left, package)?;
                rest = after;
            }
            Ok(None) => return Err(too_large(limit)),
            Err(error) => {
                package.findings.push(Finding::new(
                    place(number + 1),
                    format!("it cannot be unpacked, nor what follows it: {error}"),
                ));
                return Ok(());
            }
        }
    }
    if rest.iter().any(|byte| *byte != 0) {
        package.findings.push(Finding::new(place(number), format!("{} bytes after it are no record", rest.len())));
    }
    Ok(())
}

fn records(
    mut rest: &[u8],
    number: &mut usize,
    place: &dyn Fn(usize) -> String,
    limits: &Limits,
    left: &mut u64,
    package: &mut Package,
) -> Result<(), Error> {
    loop {
        while let [b'\r' | b'\n', after @ ..] = rest {
            rest = after;
        }
        if rest.is_empty() {
            return Ok(());
        }
        *number += 1;
        if *number > limits.entries {
            return Err(Error::TooLarge {
                what: "this web archive".into(),
                limit: limits.entries as u64,
                unit: "records",
            });
        }
        let here = place(*number);
        let begun = rest.starts_with(b"WARC/1.").then(|| http::head(rest)).flatten();
        let Some((lines, block)) = begun else {
            package.findings.push(Finding::new(here, "it does not begin as a record of WARC 1.0 or 1.1"));
            match next(&rest[1..]) {
                Some(at) => rest = &rest[1 + at..],
                None => return Ok(()),
            }
            continue;
        };
        let fields = http::fields(&lines[1..]);
        let length: Option<usize> = http::get(&fields, "content-length").and_then(|value| value.parse().ok());
        let Some(body) = length.and_then(|length| block.get(..length)) else {
            let problem = match length {
                Some(length) => format!("it says that it has {length} bytes, and the file ends after {}", block.len()),
                None => "it does not say how long it is".to_owned(),
            };
            package.findings.push(Finding::new(here, problem));
            match next(block) {
                Some(at) => rest = &block[at..],
                None => return Ok(()),
            }
            continue;
        };
        record(&fields, body, &here, limits, left, package)?;
        rest = &block[body.len()..];
    }
}

/// Where the next record may begin.
fn next(bytes: &[u8]) -> Option<usize> {
    bytes.windows(8).position(|window| window == b"\nWARC/1.").map(|at| at + 1)
}

fn record(
    fields: &[(String, String)],
    block: &[u8],
    here: &str,
    limits: &Limits,
    left: &mut u64,
    package: &mut Package,
) -> Result<(), Error> {
    let get = |name: &str| http::get(fields, name);
    let kind = get("warc-type").unwrap_or_default();
    match kind {
        "warcinfo" => {
            let text = String::from_utf8_lossy(block);
            for line in text.lines().take(100) {
                if let Some((key, value)) = line.split_once(':') {
                    package.about.push((short(key, 60), short(value, 500)));
                }
            }
            return Ok(());
        }
        "response" | "resource" | "conversion" => {}
        "revisit" => {
            let original = get("warc-refers-to-target-uri")
                .or(get("warc-target-uri"))
                .unwrap_or("an address that it does not give");
            package.findings.push(Finding::new(
                here,
                format!(
                    "it says that {} was unchanged since an earlier visit; its bytes are in the record of that visit",
                    short(original, 300)
                ),
            ));
            return Ok(());
        }
        "request" | "metadata" => return Ok(()),
        other => {
            package
                .findings
                .push(Finding::new(here, format!("records of the type {:?} are not read", short(other, 40))));
            return Ok(());
        }
    }
    // Wget and others of version 1.0 put the address in angle brackets.
    let url = get("warc-target-uri").map(|url| short(url.trim_start_matches('<').trim_end_matches('>'), 4_000));
    let record_type = essence(get("content-type").unwrap_or_default());
    let mut about: Vec<(String, String)> = Vec::new();
    let mut stated = Vec::new();
    let limit = (*left).min(limits.entry);
    let message =
        (kind == "response" && record_type == "application/http").then(|| http::response(block, limit)).flatten();
    if kind == "response" && record_type == "application/http" && message.is_none() {
        package.findings.push(Finding::new(
            here,
            "it says that it holds a server's answer, and does not; its bytes are taken as they are",
        ));
    }
    let (media_type, body, payloads): (String, Vec<u8>, Vec<Vec<u8>>) = match message {
        Some(message) => {
            about.push(("HTTP status".into(), message.status.to_string()));
            for (name, label) in [
                ("last-modified", "Last-Modified"),
                ("date", "Date"),
                ("server", "Server"),
                ("location", "Location"),
                ("content-disposition", "Content-Disposition"),
            ] {
                if let Some(value) = http::get(&message.headers, name) {
                    about.push((label.into(), short(value, 500)));
                }
            }
            package.findings.extend(message.problems.iter().map(|problem| Finding::new(here, problem.clone())));
            let media_type = essence(http::get(&message.headers, "content-type").unwrap_or_default());
            (media_type, message.body, std::iter::once(message.raw.to_vec()).chain(message.joined).collect())
        }
        None => (
            if record_type == "application/http" { String::new() } else { record_type },
            block.to_vec(),
            vec![block.to_vec()],
        ),
    };
    *left = left.checked_sub(body.len() as u64).ok_or(Error::TooLarge {
        what: "this web archive".into(),
        limit: limits.total,
        unit: "bytes",
    })?;
    for (name, what) in [("warc-payload-digest", "its content"), ("warc-block-digest", "the record")] {
        let Some((algorithm, digest)) = get(name).and_then(|value| value.split_once(':')) else { continue };
        let bodies: Vec<&[u8]> = if name == "warc-block-digest" {
            vec![block]
        } else {
            payloads.iter().map(Vec::as_slice).chain([body.as_slice()]).collect()
        };
        let hash = StatedHash::check(algorithm, digest, &bodies);
        match hash.holds {
            Some(false) => package.findings.push(Finding::new(
                here,
                format!(
                    "the {} digest that it states for {what} does not hold: something was changed or damaged",
                    hash.algorithm
                ),
            )),
            None => package.findings.push(Finding::new(
                here,
                format!("it states a digest of a kind that is not known here ({})", hash.algorithm),
            )),
            Some(true) => {}
        }
        stated.push(hash);
    }
    for (name, label) in
        [("warc-ip-address", "IP address"), ("warc-record-id", "WARC record"), ("warc-truncated", "Truncated")]
    {
        if let Some(value) = get(name) {
            about.push((label.into(), short(value, 200)));
        }
    }
    if let Some(reason) = get("warc-truncated") {
        package
            .findings
            .push(Finding::new(here, format!("the tool did not keep the whole of it ({})", short(reason, 60))));
    }
    let date = get("warc-date").unwrap_or_default();
    let captured = super::moments::iso(date);
    if captured.is_none() {
        package.findings.push(Finding::new(here, format!("its date is no date: {:?}", short(date, 60))));
    }
    let name = url.as_deref().map_or_else(|| "unnamed".to_owned(), |url| name_of(url, &media_type));
    package.pieces.push(Piece { name, media_type, bytes: body, url, captured, stated, about, main: false });
    Ok(())
}
