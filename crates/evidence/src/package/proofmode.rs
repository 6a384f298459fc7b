//! ProofMode's zip files: for each picture, video or recording a proof with its SHA-256 and what the phone knew (place,
//! time, device, network), as CSV and JSON, and OpenPGP signatures, which are named and not judged.

use serde_json::Value;

use super::{Kind, Package, Piece, StatedHash, moments, short, sniffed};
use crate::archive::{Entry, unzip};
use crate::{Error, Finding, Limits, hashing};

const WHAT: &str = "ProofMode file";
const HASH: &str = "File Hash SHA256";

pub(super) fn is(names: &[String]) -> bool {
    names.iter().any(|name| name.ends_with(".proof.csv") || name.ends_with(".proof.json"))
}

/// What belongs to the proofs and is no media.
fn beside(name: &str) -> bool {
    let file = name.rsplit('/').next().unwrap_or_default().to_ascii_lowercase();
    [".asc", ".csv", ".json", ".ots", ".gst", ".devicecheck", ".txt", ".sig", ".nostr"]
        .iter()
        .any(|end| file.ends_with(end))
        || file.starts_with('.')
        || name.starts_with("__MACOSX/")
}

/// One row of a proof.
struct Proof {
    place: String,
    /// The name without `.proof.csv` or `.proof.json`.
    stem: String,
    fields: Vec<(String, String)>,
}

impl Proof {
    fn get(&self, name: &str) -> Option<&str> {
        self.fields
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
            .filter(|value| !value.is_empty())
    }

    fn is_of(&self, entry: &Entry) -> bool {
        let file = |path: &str| path.rsplit(['/', '\\']).next().unwrap_or_default().to_owned();
        self.get("File Path").is_some_and(|path| file(path) == file(&entry.name))
            || file(&self.stem) == file(&entry.name)
    }
}

pub(super) fn open(bytes: &[u8], limits: &Limits) -> Result<Package, Error> {
    let entries = unzip(bytes, WHAT, limits, |_| true)?;
    let mut package = Package { kind: Kind::ProofMode, pieces: Vec::new(), about: Vec::new(), findings: Vec::new() };
    let mut proofs = Vec::new();
    for entry in &entries {
        if let Some(stem) = entry.name.strip_suffix(".proof.json") {
            json(entry, stem, &mut proofs, &mut package);
        }
    }
    for entry in &entries {
        if let Some(stem) = entry.name.strip_suffix(".proof.csv") {
            table(entry, stem, &mut proofs, &mut package);
        }
    }
    if let Some(key) = entries.iter().find(|entry| entry.name.ends_with("pubkey.asc")) {
        package.about.push((
            "OpenPGP key".into(),
            format!("{} (SHA-256 {})", key.name, hashing::hex(&hashing::sha256(&key.bytes))),
        ));
    }
    let mut used = vec![false; proofs.len()];
    for entry in entries.iter().filter(|entry| !beside(&entry.name)) {
        package.pieces.push(piece(entry, &entries, &proofs, &mut used, &mut package.findings));
    }
    for (proof, _) in proofs.iter().zip(used).filter(|(_, used)| !used) {
        package.findings.push(Finding::new(
            &proof.place,
            format!("it is the proof of {}, which is not here", short(proof.get("File Path").unwrap_or("a file"), 200)),
        ));
    }
    Ok(package)
}

fn piece(entry: &Entry, entries: &[Entry], proofs: &[Proof], used: &mut [bool], findings: &mut Vec<Finding>) -> Piece {
    let own = hashing::hex(&hashing::sha256(&entry.bytes));
    let by_hash = proofs.iter().position(|proof| proof.get(HASH).is_some_and(|hash| hash.eq_ignore_ascii_case(&own)));
    let found = by_hash.or_else(|| proofs.iter().position(|proof| proof.is_of(entry)));
    let mut about = Vec::new();
    let mut stated = Vec::new();
    let mut captured = None;
    match found {
        None => findings.push(Finding::new(&entry.name, "there is no proof of it")),
        Some(at) => {
            let proof = &proofs[at];
            for (other, used) in proofs.iter().zip(used.iter_mut()) {
                let same = other.get(HASH).is_some() && other.get(HASH) == proof.get(HASH);
                if same || other.is_of(entry) {
                    *used = true;
                    let hash = StatedHash::check("sha256", other.get(HASH).unwrap_or_default(), &[&entry.bytes]);
                    if hash.holds == Some(false) {
                        findings.push(Finding::new(
                            &other.place,
                            format!("its SHA-256 is not that of {}: the one or the other was changed", entry.name),
                        ));
                    }
                    if !stated.contains(&hash) {
                        stated.push(hash);
                    }
                }
            }
            captured = proof.get("Proof Generated").or_else(|| proof.get("File Created")).and_then(moments::iso);
            about.extend(proof.fields.iter().filter(|(key, value)| key != HASH && !value.is_empty()).cloned());
            for (end, what) in [
                (".asc", "OpenPGP signature"),
                (".proof.csv.asc", "OpenPGP signature of the proof"),
                (".proof.json.asc", "OpenPGP signature of the proof"),
                (".ots", "OpenTimestamps"),
                (".gst", "Google's attestation of the device"),
                (".devicecheck", "Apple's attestation of the device"),
            ] {
                let names = [format!("{}{end}", proof.stem), format!("{own}{end}"), format!("{}{end}", entry.name)];
                if let Some(there) = entries.iter().find(|other| names.contains(&other.name)) {
                    about.push((what.into(), format!("{}; not judged here", short(&there.name, 200))));
                }
            }
        }
    }
    let name = short(entry.name.rsplit('/').next().unwrap_or_default(), 150);
    Piece {
        name,
        media_type: sniffed(&entry.bytes).into(),
        bytes: entry.bytes.clone(),
        url: None,
        captured,
        stated,
        about,
        main: true,
    }
}

fn json(entry: &Entry, stem: &str, proofs: &mut Vec<Proof>, package: &mut Package) {
    match serde_json::from_slice::<Value>(&entry.bytes) {
        Ok(Value::Object(map)) => {
            let fields = map
                .iter()
                .take(200)
                .map(|(key, value)| {
                    let text = value
                        .as_str()
                        .map_or_else(|| if value.is_null() { String::new() } else { value.to_string() }, str::to_owned);
                    (short(key, 60), short(&text, 1_000))
                })
                .collect();
            keep(Proof { place: entry.name.clone(), stem: stem.into(), fields }, proofs, package);
        }
        Ok(_) => package.findings.push(Finding::new(&entry.name, "it is no proof")),
        Err(error) => package.findings.push(Finding::new(&entry.name, format!("it is no JSON: {error}"))),
    }
}

fn table(entry: &Entry, stem: &str, proofs: &mut Vec<Proof>, package: &mut Package) {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(entry.bytes.as_slice());
    let mut head: Vec<String> = Vec::new();
    let mut rows = 0;
    for record in reader.byte_records().take(1_000) {
        let Ok(record) = record else {
            package.findings.push(Finding::new(&entry.name, "it is no table"));
            return;
        };
        let cells: Vec<String> = record.iter().map(|cell| short(&String::from_utf8_lossy(cell), 1_000)).collect();
        // Each time that a proof is made again, the head is written again.
        if cells.iter().any(|cell| cell == HASH) {
            head = cells;
        } else if !head.is_empty() {
            rows += 1;
            let fields = head.iter().cloned().zip(cells).filter(|(key, _)| !key.is_empty()).collect();
            let place = if rows == 1 { entry.name.clone() } else { format!("{}, row {rows}", entry.name) };
            keep(Proof { place, stem: stem.into(), fields }, proofs, package);
        }
    }
    if rows == 0 {
        package.findings.push(Finding::new(&entry.name, format!("it has no column {HASH:?}, or no row")));
    }
}

fn keep(proof: Proof, proofs: &mut Vec<Proof>, package: &mut Package) {
    let Some(hash) = proof.get(HASH) else {
        package.findings.push(Finding::new(&proof.place, "it does not say of which file it is: there is no SHA-256"));
        return;
    };
    // Proofs are named after the hash of what they prove.
    let file = proof.stem.rsplit('/').next().unwrap_or_default();
    if file.len() == 64 && hashing::unhex(file).is_some() && !file.eq_ignore_ascii_case(hash) {
        package.findings.push(Finding::new(&proof.place, "it is named after another hash than the one in it"));
    }
    proofs.push(proof);
}
