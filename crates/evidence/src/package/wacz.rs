//! WACZ 1.1.1: a zip file of web archives, a list of pages, indexes, and a list of digests.

use serde_json::Value;

use super::{Kind, Package, StatedHash, short, warc};
use crate::archive::{Entry, unzip};
use crate::{Error, Finding, Limits};

const WHAT: &str = "WACZ file";

pub(super) fn is(names: &[String]) -> bool {
    names.iter().any(|name| name == "datapackage.json") && names.iter().any(|name| name.starts_with("archive/"))
}

pub(super) fn open(bytes: &[u8], limits: &Limits) -> Result<Package, Error> {
    let entries = unzip(bytes, WHAT, limits, |_| true)?;
    let find = |name: &str| entries.iter().find(|entry| entry.name == name);
    let mut package = Package { kind: Kind::Wacz, pieces: Vec::new(), about: Vec::new(), findings: Vec::new() };
    let list = find("datapackage.json").ok_or_else(|| Error::broken(WHAT, "datapackage.json", "it is missing"))?;
    match serde_json::from_slice::<Value>(&list.bytes) {
        Ok(value) => describe(&value, &entries, &mut package),
        Err(error) => package.findings.push(Finding::new(
            "datapackage.json",
            format!("it is no JSON ({error}), so that nothing could be checked against it"),
        )),
    }
    if let Some(digest) = find("datapackage-digest.json") {
        of_list(&digest.bytes, &list.bytes, &mut package);
    }
    let mut left =
        limits.allowance(bytes.len()).saturating_sub(entries.iter().map(|entry| entry.bytes.len() as u64).sum());
    for entry in &entries {
        if entry.name.starts_with("archive/") && (entry.name.ends_with(".warc") || entry.name.ends_with(".warc.gz")) {
            warc::read(&entry.bytes, &entry.name, limits, &mut left, &mut package)?;
        }
    }
    let mut pages = Vec::new();
    for entry in entries.iter().filter(|entry| entry.name.starts_with("pages/") && entry.name.ends_with(".jsonl")) {
        let listed = titles(entry, limits, &mut package);
        // The other lists are of pages that were only passed through.
        if entry.name == "pages/pages.jsonl" {
            pages = listed;
        }
    }
    warc::mark(&mut package.pieces, &pages);
    Ok(package)
}

fn describe(list: &Value, entries: &[Entry], package: &mut Package) {
    for (key, label) in [
        ("title", "Title"),
        ("description", "Description"),
        ("created", "Created"),
        ("modified", "Modified"),
        ("software", "Software"),
        ("wacz_version", "WACZ version"),
        ("mainPageUrl", "Main page"),
        ("mainPageURL", "Main page"),
        ("mainPageDate", "Main page's date"),
    ] {
        if let Some(text) = list.get(key).and_then(Value::as_str) {
            package.about.push((label.into(), short(text, 1_000)));
        }
    }
    let resources = list.get("resources").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let mut listed = Vec::new();
    for resource in resources.iter().take(10_000) {
        let Some(path) = resource.get("path").and_then(Value::as_str) else { continue };
        listed.push(path);
        let Some(entry) = entries.iter().find(|entry| entry.name == path) else {
            package.findings.push(Finding::new(short(path, 300), "the list of contents names it, and it is not there"));
            continue;
        };
        let Some((algorithm, digest)) =
            resource.get("hash").and_then(Value::as_str).and_then(|hash| hash.split_once(':'))
        else {
            package.findings.push(Finding::new(short(path, 300), "the list of contents gives no digest of it"));
            continue;
        };
        let hash = StatedHash::check(algorithm, digest, &[&entry.bytes]);
        match hash.holds {
            Some(true) => package.about.push((entry.name.clone(), format!("{} holds", hash.algorithm))),
            Some(false) => package.findings.push(Finding::new(
                &entry.name,
                format!(
                    "the {} digest in the list of contents does not hold: it was changed or damaged",
                    hash.algorithm
                ),
            )),
            None => package.findings.push(Finding::new(
                &entry.name,
                format!("its digest is of a kind that is not known here ({})", hash.algorithm),
            )),
        }
    }
    for entry in entries {
        if !entry.name.starts_with("datapackage") && !listed.contains(&entry.name.as_str()) {
            package
                .findings
                .push(Finding::new(&entry.name, "the list of contents does not name it: it may have been added later"));
        }
    }
}

/// `datapackage-digest.json`: the digest of the list itself, at times signed.
fn of_list(digest: &[u8], list: &[u8], package: &mut Package) {
    let here = "datapackage-digest.json";
    let Ok(value) = serde_json::from_slice::<Value>(digest) else {
        package.findings.push(Finding::new(here, "it is no JSON"));
        return;
    };
    let stated = value.get("hash").and_then(Value::as_str).and_then(|hash| hash.split_once(':'));
    match stated.map(|(algorithm, digest)| StatedHash::check(algorithm, digest, &[list]).holds) {
        Some(Some(true)) => package.about.push(("datapackage.json".into(), "digest holds".into())),
        Some(Some(false)) => package.findings.push(Finding::new(
            "datapackage.json",
            "the digest of the list of contents does not hold: the list was changed or damaged",
        )),
        _ => package.findings.push(Finding::new(here, "it gives no digest that could be checked")),
    }
    if let Some(signed) = value.get("signedData") {
        let by = ["domain", "publicKey"]
            .iter()
            .find_map(|key| signed.get(key).and_then(Value::as_str))
            .unwrap_or("somebody not named");
        package.about.push(("Signature".into(), format!("by {}; not judged here", short(by, 200))));
    }
}

/// Gives the pieces their titles from a list of pages, and its addresses.
fn titles(entry: &Entry, limits: &Limits, package: &mut Package) -> Vec<String> {
    let mut pages = Vec::new();
    for (index, line) in entry.bytes.split(|byte| *byte == b'\n').enumerate().take(limits.entries) {
        if line.iter().all(u8::is_ascii_whitespace) {
            continue;
        }
        let Ok(value) = serde_json::from_slice::<Value>(line) else {
            package.findings.push(Finding::new(format!("{}, line {}", entry.name, index + 1), "it is no JSON"));
            continue;
        };
        // The first line is the list's own head.
        let Some(url) = value.get("url").and_then(Value::as_str) else { continue };
        pages.push(url.to_owned());
        let Some(title) = value.get("title").and_then(Value::as_str).filter(|title| !title.trim().is_empty()) else {
            continue;
        };
        for piece in package.pieces.iter_mut().filter(|piece| super::is_document(&piece.media_type)) {
            if piece.url.as_deref().is_some_and(|other| warc::same(url, other))
                && piece.about.iter().all(|(key, _)| key != "Title")
            {
                piece.about.push(("Title".into(), short(title, 500)));
            }
        }
    }
    pages
}
