//! Content Credentials (C2PA 1.x and 2.x) in JPEG and PNG: what the manifest says, and whether it is unbroken.
//!
//! Checked: the signature over the claim, the digests that the claim has of its assertions, the digest of the picture
//! (`c2pa.hash.data`), and those of the manifests of what it was made from. **Not judged: the signer.** Anybody can make a
//! certificate and sign anything; [`Manifest::trusted`] is always false, and [`Status::Valid`] means that nothing was changed
//! since somebody signed it, not that the picture shows what was before a camera.

mod cbor;
mod container;
mod cose;
mod jumbf;

use serde::{Deserialize, Serialize};

use crate::{Error, hashing};
use cbor::Value;
use jumbf::Superbox;

/// Whether a manifest is unbroken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Status {
    /// Signature, assertions and picture go together.
    Valid,
    /// Something was changed after it was signed, or was never right.
    Tampered { why: Vec<String> },
    /// Nothing is broken that could be checked, and something could not be.
    NotJudged { why: Vec<String> },
}

/// The active manifest of a picture: that of the last step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    pub status: Status,
    /// The program or camera, as it names itself.
    pub generator: Option<String>,
    pub title: Option<String>,
    /// Whom the certificate names. Nobody has checked that.
    pub signed_by: Option<String>,
    /// From a time-stamp (RFC 3161) over the signature, if there is one and it holds; RFC 3339. Its authority is not judged.
    pub signed_at: Option<String>,
    /// Always false: trust in the signer is not judged.
    pub trusted: bool,
    /// The labels of what is asserted.
    pub assertions: Vec<String>,
}

const WHAT: &str = "C2PA manifest";

/// Reads the manifest of a picture. `None`: it has none.
///
/// # Errors
/// [`Error::Broken`] if there is one that cannot be read at all. What is merely wrong is [`Status::Tampered`].
pub fn read(bytes: &[u8]) -> Result<Option<Manifest>, Error> {
    let Some(store) = container::find(bytes)? else { return Ok(None) };
    let broken = |problem: &str| Error::broken(WHAT, "the manifest store", problem);
    let boxes = jumbf::parse(&store.bytes).map_err(|problem| broken(&problem))?;
    let store_box = boxes.iter().find(|one| one.label == "c2pa").ok_or_else(|| broken("it is no C2PA store"))?;
    let active = store_box
        .children
        .iter()
        .rev()
        .find(|one| one.kind == *b"c2ma" || one.kind == *b"c2um")
        .ok_or_else(|| broken("it holds no manifest"))?;
    let (label, claim) = claim(active).map_err(|problem| broken(&problem))?;
    let said = cbor::parse(claim).map_err(|problem| broken(&format!("its claim cannot be read: {problem}")))?;
    let mut verdict = Verdict::default();
    let names = assertions(active, &said, &mut verdict);
    let signature = signature(active, &said, claim, &mut verdict);
    binding(active, &said, &store, bytes, &mut verdict);
    ingredients(store_box, active, &said, &mut verdict);
    let text = |key: &str| said.get(key).and_then(Value::text).map(short);
    Ok(Some(Manifest {
        status: verdict.status(),
        generator: generator(&said, label),
        title: text("dc:title").filter(|title| !title.is_empty()),
        signed_by: signature.as_ref().and_then(|signature| signature.subject.clone()),
        signed_at: signature.and_then(|signature| signature.time),
        trusted: false,
        assertions: names,
    }))
}

#[derive(Default)]
struct Verdict {
    wrong: Vec<String>,
    open: Vec<String>,
}

impl Verdict {
    fn wrong(&mut self, why: impl Into<String>) {
        self.wrong.push(why.into());
    }

    fn status(self) -> Status {
        match (self.wrong.is_empty(), self.open.is_empty()) {
            (false, _) => Status::Tampered { why: self.wrong },
            (true, false) => Status::NotJudged { why: self.open },
            (true, true) => Status::Valid,
        }
    }
}

fn short(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(500).collect()
}

/// The claim's label and its CBOR, which is what is signed.
fn claim<'a>(manifest: &Superbox<'a>) -> Result<(&'a str, &'a [u8]), String> {
    let mut claims =
        manifest.children.iter().filter(|one| one.label == "c2pa.claim" || one.label.starts_with("c2pa.claim.v"));
    let claim = claims.next().ok_or("the manifest has no claim")?;
    if claims.next().is_some() {
        return Err("the manifest has two claims".into());
    }
    let content = claim.content(*b"cbor").ok_or("the claim is empty")?;
    Ok((claim.label, content))
}

fn generator(claim: &Value<'_>, label: &str) -> Option<String> {
    let info = match claim.get("claim_generator_info") {
        Some(Value::Array(list)) => list.first(),
        other => other,
    };
    let name = info.and_then(|info| info.get("name")).and_then(Value::text);
    let version = info.and_then(|info| info.get("version")).and_then(Value::text);
    let named = name.map(|name| format!("{name} {}", version.unwrap_or_default()).trim().to_owned());
    named
        .or_else(|| {
            if label == "c2pa.claim" {
                claim.get("claim_generator").and_then(Value::text).map(str::to_owned)
            } else {
                None
            }
        })
        .map(|name| short(&name))
}

/// Checks the digest of every assertion, and gives their labels.
fn assertions(manifest: &Superbox<'_>, claim: &Value<'_>, verdict: &mut Verdict) -> Vec<String> {
    let store = manifest.child("c2pa.assertions");
    let held: Vec<&Superbox<'_>> = store.map(|store| store.children.iter().collect()).unwrap_or_default();
    let mut claimed: Vec<&str> = Vec::new();
    for key in ["assertions", "created_assertions", "gathered_assertions"] {
        let Some(Value::Array(list)) = claim.get(key) else { continue };
        for reference in list {
            let Some(url) = reference.get("url").and_then(Value::text) else {
                verdict.wrong("an assertion in the claim has no address");
                continue;
            };
            let Some(label) = within(url, manifest.label).and_then(|path| path.strip_prefix("c2pa.assertions/")) else {
                verdict.wrong(format!("the claim names an assertion of another manifest ({})", short(url)));
                continue;
            };
            claimed.push(label);
            let mut found = held.iter().filter(|one| one.label == label);
            match (found.next(), found.next()) {
                (Some(one), None) => {
                    if !hashes_to(reference, claim, one.payload).unwrap_or(false) {
                        verdict.wrong(format!("the assertion {} was changed after it was signed", short(label)));
                    }
                }
                (None, _) => verdict.wrong(format!("the assertion {} is missing", short(label))),
                _ => verdict.wrong(format!("the assertion {} is there twice", short(label))),
            }
        }
    }
    if claimed.is_empty() {
        verdict.wrong("the claim names no assertion");
    }
    for one in &held {
        if !claimed.contains(&one.label) {
            verdict.wrong(format!("the assertion {} was added and is not in the claim", short(one.label)));
        }
    }
    held.iter().map(|one| short(one.label)).collect()
}

/// The path in this manifest that an address names: `self#jumbf=path` or `self#jumbf=/c2pa/LABEL/path`.
fn within<'a>(url: &'a str, manifest: &str) -> Option<&'a str> {
    let path = url.strip_prefix("self#jumbf=")?;
    match path.strip_prefix('/') {
        None => Some(path),
        Some(path) => path.strip_prefix("c2pa/")?.strip_prefix(manifest)?.strip_prefix('/'),
    }
}

/// Whether a hashed URI's digest is that of these bytes; `None` if that cannot be told.
fn hashes_to(reference: &Value<'_>, claim: &Value<'_>, bytes: &[u8]) -> Option<bool> {
    let name = reference.get("alg").or_else(|| claim.get("alg")).and_then(Value::text).unwrap_or("sha256");
    let stated = reference.get("hash").and_then(Value::bytes)?;
    let algorithm = strong(name)?;
    Some(!stated.is_empty() && stated == hashing::digest(algorithm, bytes))
}

/// The digests that C2PA 2.2 §13.1 allows.
fn strong(name: &str) -> Option<openssl::hash::MessageDigest> {
    let (name, algorithm) = hashing::algorithm(name)?;
    matches!(name, "sha256" | "sha384" | "sha512").then_some(algorithm)
}

fn signature(
    manifest: &Superbox<'_>,
    claim: &Value<'_>,
    signed: &[u8],
    verdict: &mut Verdict,
) -> Option<cose::Signature> {
    let named = claim.get("signature").and_then(Value::text).and_then(|url| within(url, manifest.label));
    if named != Some("c2pa.signature") {
        verdict.wrong("the claim does not name its signature");
    }
    let Some(bytes) = manifest.child("c2pa.signature").and_then(|one| one.content(*b"cbor")) else {
        verdict.wrong("it is not signed");
        return None;
    };
    match cose::verify(bytes, signed) {
        Ok(signature) => {
            if let Some(problem) = &signature.problem {
                verdict.wrong(problem.clone());
            }
            if let Some(problem) = &signature.clock {
                verdict.open.push(problem.clone());
            }
            Some(signature)
        }
        Err(problem) => {
            verdict.wrong(problem);
            None
        }
    }
}

/// Whether the picture is the one that was signed.
fn binding(manifest: &Superbox<'_>, claim: &Value<'_>, store: &container::Store, file: &[u8], verdict: &mut Verdict) {
    let held = manifest.child("c2pa.assertions").map(|store| store.children.as_slice()).unwrap_or_default();
    let mut bound = false;
    for one in held {
        if one.label.starts_with("c2pa.hash.data") {
            bound = true;
            match data_hash(one, claim, store, file) {
                Ok(true) => {}
                Ok(false) => verdict.wrong("the picture was changed after it was signed"),
                Err(Reason::Wrong(why)) => verdict.wrong(why),
                Err(Reason::Open(why)) => verdict.open.push(why),
            }
        } else if one.label.starts_with("c2pa.hash.") {
            bound = true;
            verdict.open.push(format!("the picture is tied to it by {}, which is not handled here", short(one.label)));
        }
    }
    if !bound && manifest.kind == *b"c2um" {
        verdict.open.push("it changes what is said and not the picture; whether the picture is the one that was signed before is not checked here".into());
    } else if !bound {
        verdict.wrong("it does not say to which picture it belongs");
    }
}

enum Reason {
    Wrong(String),
    Open(String),
}

fn data_hash(
    assertion: &Superbox<'_>,
    claim: &Value<'_>,
    store: &container::Store,
    file: &[u8],
) -> Result<bool, Reason> {
    let wrong = |why: &str| Reason::Wrong(why.to_owned());
    let content = assertion.content(*b"cbor").ok_or_else(|| wrong("the digest of the picture is missing"))?;
    let value = cbor::parse(content)
        .map_err(|problem| Reason::Wrong(format!("the digest of the picture cannot be read: {problem}")))?;
    let name = value.get("alg").or_else(|| claim.get("alg")).and_then(Value::text).unwrap_or("sha256");
    let stated =
        value.get("hash").and_then(Value::bytes).ok_or_else(|| wrong("the digest of the picture is missing"))?;
    let algorithm = strong(name).ok_or_else(|| {
        Reason::Open(format!("the digest of the picture is of a kind that is not known here ({})", short(name)))
    })?;
    let mut gaps: Vec<(usize, usize)> = Vec::new();
    if let Some(Value::Array(list)) = value.get("exclusions") {
        for one in list {
            let number =
                |key: &str| one.get(key).and_then(Value::number).and_then(|number| usize::try_from(number).ok());
            let (start, length) = number("start")
                .zip(number("length"))
                .ok_or_else(|| wrong("what its digest leaves out cannot be read"))?;
            gaps.push((start, start.saturating_add(length)));
        }
    }
    gaps.sort_unstable();
    let mut hasher = openssl::hash::Hasher::new(algorithm).map_err(|_| wrong("the digest could not be computed"))?;
    let mut at = 0;
    for (start, end) in &gaps {
        if *start < at || *end > file.len() {
            return Err(wrong("what its digest leaves out overlaps or lies outside the file"));
        }
        hasher.update(&file[at..*start]).map_err(|_| wrong("the digest could not be computed"))?;
        at = *end;
    }
    hasher.update(&file[at..]).map_err(|_| wrong("the digest could not be computed"))?;
    let computed = hasher.finish().map_err(|_| wrong("the digest could not be computed"))?;
    if stated.is_empty() || *computed != *stated {
        return Ok(false);
    }
    // Bytes that are neither hashed nor the manifest's own could hold anything.
    let own = |at: usize| store.places.iter().find(|(start, end)| (*start..*end).contains(&at)).map(|(_, end)| *end);
    for (start, end) in gaps {
        let mut at = start;
        while at < end {
            match own(at) {
                Some(next) => at = next,
                None => {
                    return Err(Reason::Open(format!(
                        "the signer left out bytes that are not the manifest's (from byte {at}); a change there would not be seen"
                    )));
                }
            }
        }
    }
    Ok(true)
}

/// The manifests of what the picture was made from: their digests as this manifest has them.
fn ingredients(store: &Superbox<'_>, manifest: &Superbox<'_>, claim: &Value<'_>, verdict: &mut Verdict) {
    let held = manifest.child("c2pa.assertions").map(|store| store.children.as_slice()).unwrap_or_default();
    for one in held.iter().filter(|one| one.label.starts_with("c2pa.ingredient")) {
        let Some(value) = one.content(*b"cbor").and_then(|content| cbor::parse(content).ok()) else { continue };
        let Some(reference) = value.get("activeManifest").or_else(|| value.get("c2pa_manifest")) else { continue };
        let title = value.get("dc:title").and_then(Value::text).map_or_else(|| "something".to_owned(), short);
        let label = reference.get("url").and_then(Value::text).and_then(|url| url.strip_prefix("self#jumbf=/c2pa/"));
        match label.and_then(|label| store.children.iter().find(|other| other.label == label)) {
            None => verdict.open.push(format!("the manifest of {title}, from which it was made, is not here")),
            Some(other) => {
                if !hashes_to(reference, claim, other.payload).unwrap_or(false) {
                    verdict.wrong(format!("the manifest of {title}, from which it was made, was changed"));
                }
            }
        }
    }
}
