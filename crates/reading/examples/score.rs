//! Precision, recall and F1 of the rules on a folder of documents with gold coding.
//!
//!     cargo run -p reading --example score -- [FOLDER] [--show KIND]
//!
//! A folder holds `NAME.txt` and `NAME.json`, the gold in the shape of `propose --json`. An act is
//! found when its type is right and its words overlap, or its victim is the same; a count when unit
//! and bounds are right and the words overlap; the rest by overlap.

use std::collections::BTreeMap;
use std::error::Error;
use std::path::{Path, PathBuf};

use reading::{Proposer, Rules, propose_json, read_text};
use serde_json::Value;

#[derive(Default, Clone, Copy)]
struct Tally {
    found: usize,
    proposed: usize,
    gold: usize,
}

impl Tally {
    fn line(self) -> String {
        let share = |n: usize, d: usize| if d == 0 { 1.0 } else { n as f64 / d as f64 };
        let (p, r) = (share(self.found, self.proposed), share(self.found, self.gold));
        let f = if p + r == 0.0 { 0.0 } else { 2.0 * p * r / (p + r) };
        format!("P {p:.2}  R {r:.2}  F1 {f:.2}  ({} of {} proposed, {} gold)", self.found, self.proposed, self.gold)
    }
}

fn text<'a>(v: &'a Value, key: &str) -> &'a str {
    v.get(key).and_then(Value::as_str).unwrap_or_default()
}

fn overlap(a: &Value, b: &Value) -> bool {
    let n = |v: &Value, k: &str| v.get(k).and_then(Value::as_u64).unwrap_or_default();
    n(a, "start") < n(b, "end") && n(b, "start") < n(a, "end")
}

fn same_victim(a: &Value, b: &Value) -> bool {
    let (a, b) = (&a["victim"], &b["victim"]);
    match (a["name"].as_str(), b["name"].as_str()) {
        (Some(a), Some(b)) => {
            let (a, b) = (a.to_lowercase(), b.to_lowercase());
            let shares = a.split(' ').any(|w| b.split(' ').any(|x| x == w));
            a == b || shares
        }
        (None, None) => a["group"]["min"] == b["group"]["min"] && a["group"]["max"] == b["group"]["max"],
        _ => false,
    }
}

/// How well a proposal fits a gold item; `None` if it does not.
fn fit(p: &Value, g: &Value) -> Option<u32> {
    if p["kind"] != g["kind"] {
        return None;
    }
    let near = overlap(p, g);
    match text(g, "kind") {
        "act" => {
            if p["type"] != g["type"] {
                return None;
            }
            let victim = same_victim(p, g);
            let named = !p["victim"]["name"].is_null() && !g["victim"]["name"].is_null();
            match (victim, near) {
                (true, true) => Some(3 + u32::from(p["date"] == g["date"])),
                (true, false) => Some(1 + u32::from(p["date"] == g["date"])),
                // Two names that differ are two people, however near their words.
                (false, true) if !named => Some(1),
                _ => None,
            }
        }
        "count" => {
            let same = p["min"] == g["min"] && p["max"] == g["max"];
            let unit = family(text(p, "unit")) == family(text(g, "unit"));
            (near && same && unit).then_some(2)
        }
        _ => near.then(|| 1 + u32::from(text(p, "quote") == text(g, "quote"))),
    }
}

/// Units that an analyst would call the same.
fn family(unit: &str) -> &str {
    match unit {
        "people" | "persons" | "workers" | "prisoners" => "persons",
        "trials" | "cases" | "proceedings" => "cases",
        "households" | "families" => "families",
        "places" | "places-in-prison" => "places",
        "organisations" | "groups" | "parties" | "outlets" | "media" => "organisations",
        "works" | "letters" | "visits" | "other" => "other",
        other => other,
    }
}

fn documents(folder: &Path) -> Result<Vec<PathBuf>, Box<dyn Error>> {
    let mut out: Vec<PathBuf> = std::fs::read_dir(folder)?
        .filter_map(|e| e.ok().map(|e| e.path()))
        .filter(|p| p.extension().is_some_and(|e| e == "txt") && p.with_extension("json").exists())
        .collect();
    out.sort();
    Ok(out)
}

fn brief(v: &Value) -> String {
    let quote: String = text(v, "quote").chars().take(90).collect();
    let who = v["victim"]["name"].as_str().map_or_else(|| v["victim"]["group"].to_string(), str::to_owned);
    match text(v, "kind") {
        "act" => format!("{} {who} {} «{quote}»", text(v, "type"), v["date"]),
        "count" => format!("{} {}..{} «{quote}»", text(v, "unit"), v["min"], v["max"]),
        _ => format!("{} «{quote}»", text(v, "kind")),
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut args = std::env::args().skip(1);
    let mut folder = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/gold/dev"));
    let mut show: Option<String> = None;
    while let Some(arg) = args.next() {
        match arg.as_str() {
            "--show" => show = args.next(),
            other => folder = PathBuf::from(other),
        }
    }
    let rules = Rules::new()?;
    let mut kinds: BTreeMap<String, Tally> = BTreeMap::new();
    let mut types: BTreeMap<String, Tally> = BTreeMap::new();
    let (mut dates, mut right_dates, mut inexact, mut quotes) = (0usize, 0usize, 0usize, 0usize);
    let mut head: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    let (mut bytes, mut spent) = (0usize, std::time::Duration::ZERO);
    for path in documents(&folder)? {
        let source = std::fs::read(&path)?;
        let gold: Value = serde_json::from_slice(&std::fs::read(path.with_extension("json"))?)?;
        let name = path.file_stem().map(|s| s.to_string_lossy().into_owned()).unwrap_or_default();
        let begun = std::time::Instant::now();
        let reading = read_text(&source, &name)?;
        let proposals = rules.propose(&reading)?;
        spent += begun.elapsed();
        bytes += source.len();
        let ours: Value = serde_json::from_str(&propose_json(&reading, &proposals))?;
        for key in ["title", "published", "language", "kind"] {
            let slot = head.entry(key).or_default();
            slot.1 += 1;
            if ours["document"][key] == gold["document"][key] {
                slot.0 += 1;
            } else if show.as_deref() == Some("document") {
                println!("{name} {key}: {} for {}", ours["document"][key], gold["document"][key]);
            }
        }
        let empty = Vec::new();
        let p = ours["proposals"].as_array().unwrap_or(&empty);
        let g = gold["proposals"].as_array().unwrap_or(&empty);
        let characters: Vec<char> = reading.text.chars().collect();
        for v in p {
            quotes += 1;
            let at = |k: &str| v[k].as_u64().unwrap_or_default() as usize;
            let words: String = characters.get(at("start")..at("end")).unwrap_or_default().iter().collect();
            inexact += usize::from(words != text(v, "quote"));
        }
        let mut pairs: Vec<(u32, usize, usize)> = Vec::new();
        for (i, a) in p.iter().enumerate() {
            for (j, b) in g.iter().enumerate() {
                if let Some(weight) = fit(a, b) {
                    pairs.push((weight, i, j));
                }
            }
        }
        pairs.sort_by_key(|&(w, i, j)| (std::cmp::Reverse(w), i, j));
        let (mut used_p, mut used_g) = (vec![false; p.len()], vec![false; g.len()]);
        for (_, i, j) in pairs {
            if used_p[i] || used_g[j] {
                continue;
            }
            used_p[i] = true;
            used_g[j] = true;
            let kind = text(&g[j], "kind").to_owned();
            kinds.entry(kind.clone()).or_default().found += 1;
            if kind == "act" {
                types.entry(text(&g[j], "type").to_owned()).or_default().found += 1;
                dates += 1;
                if p[i]["date"] == g[j]["date"] {
                    right_dates += 1;
                } else if matches!(show.as_deref(), Some("date" | "all")) {
                    println!("{name} DATE {} for {}: {}", p[i]["date"], g[j]["date"], brief(&g[j]));
                }
            }
        }
        for (list, used, sign) in [(p, &used_p, '+'), (g, &used_g, '-')] {
            for (k, v) in list.iter().enumerate() {
                let kind = text(v, "kind").to_owned();
                let tally = |t: &mut Tally| if sign == '+' { t.proposed += 1 } else { t.gold += 1 };
                tally(kinds.entry(kind.clone()).or_default());
                if kind == "act" {
                    tally(types.entry(text(v, "type").to_owned()).or_default());
                }
                if !used[k] && show.as_deref().is_some_and(|s| s == kind || s == "all") {
                    println!("{name} {sign} {}", brief(v));
                }
            }
        }
    }
    println!("{}", folder.display());
    for (kind, tally) in &kinds {
        println!("{kind:24} {}", tally.line());
    }
    println!();
    for (kind, tally) in &types {
        println!("  {kind:22} {}", tally.line());
    }
    println!();
    println!(
        "dates right in matched acts   {right_dates} of {dates} ({:.2})",
        right_dates as f64 / dates.max(1) as f64
    );
    println!("offsets exact                 {} of {quotes}", quotes - inexact);
    for (key, (right, all)) in head {
        println!("document {key:20} {right} of {all}");
    }
    println!("speed                         {:.0} KB/s", bytes as f64 / 1000.0 / spent.as_secs_f64().max(1e-9));
    Ok(())
}
