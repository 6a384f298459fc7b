//! Precision, recall and F1 of the rules on a folder of documents with gold coding, judged as an
//! outsider would judge them.
//!
//!     cargo run --release -p reading --example score -- [FOLDER] [--misses] [--false] [--dates] [--document] [--asserters] [--brief]
//!         [--kind KIND] [--only NAME|FROM-TO] [--half odd|even]
//!
//! A folder holds `NAME.txt` and `NAME.json`, the gold in the shape of `propose --json`. One proposal
//! answers to one gold item at most, and the pairs are chosen so that as many as can be are found.
//!
//! | kind | found when |
//! |---|---|
//! | act | the type is the same, the words overlap, and the victims are compatible: names that share all words of the shorter one, or groups with equal bounds |
//! | count | lower and upper bound are equal, the words overlap, and the units are of one family |
//! | citation | the words overlap, or the references are the same |
//! | signatory | the names are the same, but for titles and case |
//! | saying, request | the words overlap |
//!
//! `--misses` lists what the gold has and the rules have not, `--false` the reverse, both with the words
//! around them; `--brief` leaves out the table by act type; `--half` takes every second document, so that one
//! half can check what the other taught.

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
        let (p, r) = (share(self.found, self.proposed), share(self.found, self.gold));
        let f = if p + r == 0.0 { 0.0 } else { 2.0 * p * r / (p + r) };
        format!("P {p:.2}  R {r:.2}  F1 {f:.2}  ({} of {} proposed, {} gold)", self.found, self.proposed, self.gold)
    }
}

#[allow(clippy::cast_precision_loss)] // a gold set is no 2^52 items
fn share(n: usize, d: usize) -> f64 {
    if d == 0 { 1.0 } else { n as f64 / d as f64 }
}

fn text<'a>(v: &'a Value, key: &str) -> &'a str {
    v.get(key).and_then(Value::as_str).unwrap_or_default()
}

fn place(v: &Value, key: &str) -> usize {
    v.get(key).and_then(Value::as_u64).and_then(|n| usize::try_from(n).ok()).unwrap_or_default()
}

fn overlap(a: &Value, b: &Value) -> bool {
    place(a, "start") < place(b, "end") && place(b, "start") < place(a, "end")
}

/// Lower case, letters and digits only, titles left out.
fn words(name: &str) -> Vec<String> {
    const TITLES: [&str; 10] = ["mr", "ms", "mrs", "dr", "prof", "the", "judge", "venerable", "ven", "miss"];
    name.to_lowercase()
        .split(|c: char| !c.is_alphanumeric())
        .filter(|w| !w.is_empty() && !TITLES.contains(w))
        .map(str::to_owned)
        .collect()
}

fn compatible(a: &Value, b: &Value) -> bool {
    match (a["name"].as_str(), b["name"].as_str()) {
        (Some(a), Some(b)) => {
            let (a, b) = (words(a), words(b));
            let (short, long) = if a.len() <= b.len() { (&a, &b) } else { (&b, &a) };
            short.iter().all(|w| long.contains(w))
        }
        (None, None) => a["group"]["min"] == b["group"]["min"] && a["group"]["max"] == b["group"]["max"],
        _ => false,
    }
}

/// Units that an analyst would call the same.
fn family(unit: &str) -> &str {
    match unit {
        "people" | "workers" | "prisoners" | "detentions-of-persons" => "persons",
        "trials" | "proceedings" | "charges" | "convictions" => "cases",
        "households" => "families",
        "places-in-prison" => "places",
        "organisations" | "outlets" | "media" | "media-outlets" | "parties" => "groups",
        "detentions" => "arrests",
        "threats" => "incidents",
        "works" | "letters" | "visits" | "communications" | "signatories" => "other",
        other => other,
    }
}

/// How well a proposal fits a gold item; `None` if it does not.
fn fit(p: &Value, g: &Value) -> Option<u32> {
    if p["kind"] != g["kind"] {
        return None;
    }
    let near = overlap(p, g);
    let exact = u32::from(text(p, "quote") == text(g, "quote"));
    match text(g, "kind") {
        "act" => {
            let fits = p["type"] == g["type"] && near && compatible(&p["victim"], &g["victim"]);
            fits.then(|| 1 + exact + 4 * u32::from(p["date"] == g["date"]))
        }
        "count" => {
            let same = p["min"] == g["min"] && p["max"] == g["max"];
            (near && same && family(text(p, "unit")) == family(text(g, "unit"))).then_some(1 + exact)
        }
        "citation" => {
            let same = words(text(p, "ref")) == words(text(g, "ref"));
            (near || same).then(|| 1 + 4 * u32::from(near) + 2 * u32::from(same) + exact)
        }
        "signatory" => (words(text(p, "name")) == words(text(g, "name"))).then(|| 1 + u32::from(near)),
        _ => near.then_some(1 + exact),
    }
}

/// The gold item of each proposal: as many pairs as possible, the better fits first.
fn pair(p: &[Value], g: &[Value]) -> Vec<Option<usize>> {
    fn place_one(i: usize, fits: &[Vec<usize>], seen: &mut [bool], of_gold: &mut [Option<usize>]) -> bool {
        for &j in &fits[i] {
            if std::mem::replace(&mut seen[j], true) {
                continue;
            }
            if of_gold[j].is_none_or(|k| place_one(k, fits, seen, of_gold)) {
                of_gold[j] = Some(i);
                return true;
            }
        }
        false
    }
    let mut edges: Vec<(u32, usize, usize)> = Vec::new();
    for (i, a) in p.iter().enumerate() {
        for (j, b) in g.iter().enumerate() {
            edges.extend(fit(a, b).map(|w| (w, i, j)));
        }
    }
    edges.sort_by_key(|&(w, i, j)| (std::cmp::Reverse(w), i, j));
    let mut fits = vec![Vec::new(); p.len()];
    let mut of_gold = vec![None; g.len()];
    let mut placed = vec![false; p.len()];
    for &(_, i, j) in &edges {
        fits[i].push(j);
        if !placed[i] && of_gold[j].is_none() {
            of_gold[j] = Some(i);
            placed[i] = true;
        }
    }
    for (i, placed) in placed.iter().enumerate() {
        if !placed {
            place_one(i, &fits, &mut vec![false; g.len()], &mut of_gold);
        }
    }
    let mut out = vec![None; p.len()];
    for (j, i) in of_gold.into_iter().enumerate() {
        if let Some(i) = i {
            out[i] = Some(j);
        }
    }
    out
}

fn documents(folder: &Path, options: &Options) -> Result<Vec<PathBuf>, Box<dyn Error>> {
    let mut out: Vec<PathBuf> = std::fs::read_dir(folder)?
        .filter_map(|e| e.ok().map(|e| e.path()))
        .filter(|p| p.extension().is_some_and(|e| e == "txt") && p.with_extension("json").exists())
        .collect();
    out.sort();
    let mut at = 0;
    out.retain(|p| {
        at += 1;
        let half = options.half.as_deref().is_none_or(|h| (h == "odd") == (at % 2 == 1));
        half && options.only.as_deref().is_none_or(|o| chosen(p, o))
    });
    Ok(out)
}

/// Whether a document is meant by a part of its name, or by numbers: `200-217`.
fn chosen(path: &Path, only: &str) -> bool {
    let name = path.file_stem().map(|s| s.to_string_lossy().into_owned()).unwrap_or_default();
    let number = |s: &str| s.split('-').next().and_then(|n| n.parse::<u32>().ok());
    match only.split_once('-').map(|(a, b)| (a.parse::<u32>(), b.parse::<u32>())) {
        Some((Ok(a), Ok(b))) => number(&name).is_some_and(|n| (a..=b).contains(&n)),
        _ => name.contains(only),
    }
}

fn brief(v: &Value) -> String {
    let who = v["victim"]["name"].as_str().map_or_else(|| v["victim"]["group"].to_string(), str::to_owned);
    match text(v, "kind") {
        "act" => format!("{} | {who} | {}", text(v, "type"), v["date"]),
        "count" => format!("count {} {}..{}", text(v, "unit"), v["min"], v["max"]),
        "citation" => format!("citation {}", text(v, "ref")),
        "saying" => format!("saying of {}", text(v, "asserter")),
        kind => kind.to_owned(),
    }
}

/// The quote between the words around it.
fn shown(v: &Value, characters: &[char]) -> String {
    let line = |a: usize, b: usize| -> String {
        let part = characters.get(a.min(characters.len())..b.min(characters.len())).unwrap_or_default();
        part.iter().map(|c| if c.is_whitespace() { ' ' } else { *c }).collect()
    };
    let (a, b) = (place(v, "start"), place(v, "end"));
    format!("…{}«{}»{}…", line(a.saturating_sub(60), a), line(a, b.min(a + 200)), line(b, b + 50))
}

#[derive(Default)]
struct Options {
    folder: Option<PathBuf>,
    misses: bool,
    wrong: bool,
    dates: bool,
    document: bool,
    brief: bool,
    asserters: bool,
    kind: Option<String>,
    only: Option<String>,
    half: Option<String>,
}

impl Options {
    fn read() -> Self {
        let mut out = Self::default();
        let mut args = std::env::args().skip(1);
        while let Some(arg) = args.next() {
            match arg.as_str() {
                "--misses" => out.misses = true,
                "--false" => out.wrong = true,
                "--dates" => out.dates = true,
                "--document" => out.document = true,
                "--asserters" => out.asserters = true,
                "--brief" => out.brief = true,
                "--kind" => out.kind = args.next(),
                "--only" => out.only = args.next(),
                "--half" => out.half = args.next(),
                folder => out.folder = Some(PathBuf::from(folder)),
            }
        }
        out
    }

    fn shows(&self, v: &Value) -> bool {
        self.kind.as_deref().is_none_or(|k| k == text(v, "kind") || k == text(v, "type"))
    }
}

#[derive(Default)]
struct Score {
    kinds: BTreeMap<String, Tally>,
    types: BTreeMap<String, Tally>,
    dates: (usize, usize),
    asserters: (usize, usize),
    inexact: usize,
    quotes: usize,
    head: BTreeMap<&'static str, (usize, usize)>,
}

impl Score {
    fn add(&mut self, name: &str, ours: &Value, gold: &Value, characters: &[char], options: &Options) {
        for key in ["title", "published", "language", "kind"] {
            let slot = self.head.entry(key).or_default();
            let (a, b) = (&ours["document"][key], &gold["document"][key]);
            slot.1 += 1;
            slot.0 += usize::from(a == b);
            if a != b && options.document {
                println!("{name} {key}: {a} for {b}");
            }
        }
        let empty = Vec::new();
        let p = ours["proposals"].as_array().unwrap_or(&empty);
        let g = gold["proposals"].as_array().unwrap_or(&empty);
        let pairs = pair(p, g);
        for (i, v) in p.iter().enumerate() {
            let quoted: String =
                characters.get(place(v, "start")..place(v, "end")).unwrap_or_default().iter().collect();
            self.quotes += 1;
            self.inexact += usize::from(quoted != text(v, "quote"));
            self.tally(v, |t| t.proposed += 1);
            let Some(j) = pairs[i] else {
                if options.wrong && options.shows(v) {
                    println!("{name} + {}  {}", brief(v), shown(v, characters));
                }
                continue;
            };
            self.tally(v, |t| t.found += 1);
            if text(v, "kind") == "act" {
                let right = v["date"] == g[j]["date"];
                self.dates.0 += usize::from(right);
                self.dates.1 += 1;
                if !right && options.dates {
                    println!("{name} DATE {} for {}  {}", v["date"], brief(&g[j]), shown(&g[j], characters));
                }
            }
            if matches!(text(v, "kind"), "count" | "saying") {
                let same = |key: &str| words(text(v, key)) == words(text(&g[j], key));
                self.asserters.0 += usize::from(same("asserter"));
                if !same("asserter") && options.asserters {
                    println!("{name} ASSERTER {} for {}  {}", v["asserter"], g[j]["asserter"], shown(v, characters));
                }
                self.asserters.1 += 1;
            }
        }
        for (j, v) in g.iter().enumerate() {
            self.tally(v, |t| t.gold += 1);
            if options.misses && options.shows(v) && !pairs.contains(&Some(j)) {
                println!("{name} - {}  {}", brief(v), shown(v, characters));
            }
        }
    }

    fn tally(&mut self, v: &Value, change: impl Fn(&mut Tally)) {
        change(self.kinds.entry(text(v, "kind").to_owned()).or_default());
        if text(v, "kind") == "act" {
            change(self.types.entry(text(v, "type").to_owned()).or_default());
        }
    }

    fn print(&self, brief: bool) {
        for (kind, tally) in &self.kinds {
            println!("{kind:24} {}", tally.line());
        }
        println!();
        for (kind, tally) in self.types.iter().filter(|_| !brief) {
            println!("  {kind:22} {}", tally.line());
        }
        println!();
        let ratio = |(right, all): (usize, usize)| format!("{right} of {all} ({:.2})", share(right, all));
        println!("dates right in matched acts   {}", ratio(self.dates));
        println!("asserters as in the gold      {}", ratio(self.asserters));
        println!("offsets exact                 {} of {}", self.quotes - self.inexact, self.quotes);
        for (key, pair) in &self.head {
            println!("document {key:20} {}", ratio(*pair));
        }
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let options = Options::read();
    let folder =
        options.folder.clone().unwrap_or_else(|| PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/gold/dev")));
    let rules = Rules::new()?;
    let mut score = Score::default();
    let (mut bytes, mut spent) = (0usize, std::time::Duration::ZERO);
    let documents = documents(&folder, &options)?;
    for path in &documents {
        let source = std::fs::read(path)?;
        let gold: Value = serde_json::from_slice(&std::fs::read(path.with_extension("json"))?)?;
        let name = path.file_stem().map(|s| s.to_string_lossy().into_owned()).unwrap_or_default();
        let begun = std::time::Instant::now();
        let reading = read_text(&source, &name)?;
        let proposals = rules.propose(&reading)?;
        spent += begun.elapsed();
        bytes += source.len();
        let ours: Value = serde_json::from_str(&propose_json(&reading, &proposals))?;
        let characters: Vec<char> = reading.text.chars().collect();
        score.add(&name, &ours, &gold, &characters, &options);
    }
    println!("{} ({} documents)", folder.display(), documents.len());
    score.print(options.brief);
    #[allow(clippy::cast_precision_loss)]
    let speed = bytes as f64 / 1000.0 / spent.as_secs_f64().max(1e-9);
    println!("speed                         {speed:.0} KB/s");
    Ok(())
}
