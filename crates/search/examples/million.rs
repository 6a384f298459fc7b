//! How fast: so many short documents indexed and asked. `cargo run --release -p search --example million -- 1000000 FOLDER [SEED [ONLY]]`
//!
//! ONLY asks those questions alone whose name has it in it (`either`).
//!
//! Documents have a name of 400,000 possible ones as their label, 12 to 40 words of a vocabulary of 60,000 in the frequencies of a
//! language (Zipf's law), a date of some precision, one of ten schemata, a level and a step of verification. Questions are words of
//! documents drawn at random, so frequent words are asked for as frequently as they stand: one of eleven of them is in nearly every
//! document.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::path::PathBuf;
use std::time::{Duration, Instant};

use ledger::Level;
use schema::{Date, EntityId, Registry};
use search::bench::Bare;
use search::{Document, Facet, Query};

const VOCABULARY: usize = 60_000;
const SCHEMATA: [&str; 10] =
    ["Act", "Act", "Act", "Person", "Person", "Document", "Incident", "ProceedingStep", "Organization", "Proceeding"];

/// SplitMix64 (Steele, Lea and Flood, 2014): the same seed gives the same documents.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, bound: usize) -> usize {
        (self.next() % bound as u64) as usize
    }

    fn part(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }
}

fn syllables(mut number: usize, least: usize) -> String {
    const ONSETS: [&str; 16] = ["b", "ch", "d", "g", "k", "l", "m", "n", "p", "r", "s", "t", "v", "th", "ph", "sr"];
    const RIMES: [&str; 12] = ["a", "e", "i", "o", "u", "an", "en", "ok", "ar", "im", "ot", "ei"];
    let mut word = String::new();
    let mut count = 0;
    while number > 0 || count < least {
        word += ONSETS[number % 16];
        number /= 16;
        word += RIMES[number % 12];
        number /= 12;
        count += 1;
    }
    word
}

/// Names sound otherwise than the words of the vocabulary: as in life, few words of a text are spellings of a name.
fn name_part(number: usize) -> String {
    const ENDS: [&str; 5] = ["oeung", "ieb", "uoch", "aem", "yng"];
    format!("{}{}", syllables(number / 5, 1), ENDS[number % 5])
}

struct World {
    words: Vec<String>,
    /// Sums of the words' frequencies.
    sums: Vec<f64>,
    seed: u64,
}

impl World {
    fn new(seed: u64) -> World {
        let words = (0..VOCABULARY).map(|n| syllables(n, 2)).collect();
        let mut sum = 0.0;
        let sums = (1..=VOCABULARY)
            .map(|rank| {
                sum += 1.0 / rank as f64;
                sum
            })
            .collect();
        World { words, sums, seed }
    }

    fn word(&self, random: &mut Random) -> &str {
        let at = random.part() * self.sums.last().unwrap();
        &self.words[self.sums.partition_point(|sum| *sum < at)]
    }

    fn document(&self, number: u64) -> Document {
        let mut random = Random(self.seed.wrapping_mul(0x1000_0001).wrapping_add(number * 7919));
        let mut bytes = [0; 16];
        bytes[..8].copy_from_slice(&random.next().to_be_bytes());
        bytes[8..].copy_from_slice(&random.next().to_be_bytes());
        let schema = SCHEMATA[random.below(SCHEMATA.len())];
        let name =
            format!("{} {}", capital(&name_part(random.below(400))), capital(&name_part(400 + random.below(1000))));
        let mut document = Document::new(EntityId::from_bytes(bytes), schema, &name);
        document.part = matches!(schema, "Act" | "ProceedingStep");
        if matches!(schema, "Person" | "Organization") {
            document.names = vec![name];
        }
        let length = 12 + random.below(29);
        let words: Vec<&str> = (0..length).map(|_| self.word(&mut random)).collect();
        document.values = vec![("Account".into(), words.join(" "))];
        let (year, month, day) = (2000 + random.below(25), 1 + random.below(12), 1 + random.below(28));
        let date = match random.below(10) {
            0 => None,
            1 => Some(format!("{year}")),
            2 => Some(format!("{year}-{month:02}")),
            3 => Some(format!("{year}-{month:02}~")),
            _ => Some(format!("{year}-{month:02}-{day:02}")),
        };
        document.date = date.map(|date| Date::parse(&date).unwrap());
        if schema == "Document" {
            document.languages = vec![["en", "km", "fr"][random.below(3)].into()];
            document.kind = Some(["news-report", "open-letter", "court-record", "statement"][random.below(4)].into());
        }
        document.level = [Level::Public, Level::Public, Level::Partners, Level::Internal][random.below(4)];
        document.verification = ["unverified", "unverified", "corroborated", "verified"][random.below(4)].into();
        document
    }
}

fn capital(word: &str) -> String {
    word[..1].to_uppercase() + &word[1..]
}

fn main() {
    let mut arguments = std::env::args().skip(1);
    let documents: u64 = arguments.next().and_then(|n| n.parse().ok()).unwrap_or(100_000);
    let folder = arguments.next().map_or_else(|| std::env::temp_dir().join("search-million"), PathBuf::from);
    let world = World::new(arguments.next().and_then(|n| n.parse().ok()).unwrap_or(1));
    let registry = Registry::builtin().unwrap();
    let index = Bare::new(&folder);
    if index.size().is_none() {
        let begun = Instant::now();
        index.index(documents, &|number| world.document(number)).unwrap();
        let rate = documents as f64 / begun.elapsed().as_secs_f64();
        println!(
            "indexed {documents} in {:.1} s, merges and all: {rate:.0} documents/s; memory then {}",
            begun.elapsed().as_secs_f64(),
            memory()
        );
    }
    let begun = Instant::now();
    let (segments, there, profiles) = index.size().unwrap();
    println!(
        "opened {there} documents in {segments} segments, {profiles} profiles, in {:.2} s; {}",
        begun.elapsed().as_secs_f64(),
        on_disk(&folder)
    );
    let mut random = Random(99);
    let mut words = |count: usize, together: bool| -> Vec<String> {
        let document = world.document(random.next() % documents);
        let text = &document.values[0].1;
        let all: Vec<&str> = text.split(' ').collect();
        let from = random.below(all.len() - count);
        if together {
            return all[from..from + count].iter().map(|word| (*word).to_owned()).collect();
        }
        (0..count).map(|_| all[random.below(all.len())].to_owned()).collect()
    };
    let mut sets: Vec<(&str, Vec<Query>)> = Vec::new();
    sets.push(("one word", (0..1000).map(|_| Query::new(&words(1, false)[0], &registry)).collect()));
    sets.push(("two words", (0..1000).map(|_| Query::new(&words(2, false).join(" "), &registry)).collect()));
    sets.push((
        "phrase of two",
        (0..1000).map(|_| Query::new(&format!("\"{}\"", words(2, true).join(" ")), &registry)).collect(),
    ));
    sets.push((
        "phrase of three",
        (0..1000).map(|_| Query::new(&format!("\"{}\"", words(3, true).join(" ")), &registry)).collect(),
    ));
    let faceted = (0..1000).map(|n| Query {
        chosen: vec![(Facet::Type, SCHEMATA[n % 10].into()), (Facet::Year, (2000 + n % 25).to_string())],
        ..Query::new(&words(1, false)[0], &registry)
    });
    sets.push(("word, type and year", faceted.collect()));
    let dated = (0..500).map(|n| {
        Query::new(&format!("{} date:{}-03..{}-09", words(1, false)[0], 2000 + n % 25, 2000 + n % 25), &registry)
    });
    sets.push(("word and window", dated.collect()));
    sets.push(("either of two", (0..500).map(|_| Query::new(&words(2, false).join(" OR "), &registry)).collect()));
    sets.push((
        "name",
        (0..500).map(|n| Query::new(&format!("name:{}", name_part(400 + n % 1000)), &registry)).collect(),
    ));
    sets.push(("everything", (0..50).map(|_| Query::new("", &registry)).collect()));
    println!(
        "{:<22}{:>8}{:>9}{:>9}{:>9}{:>9}{:>12}{:>9}",
        "", "number", "p50 ms", "p95 ms", "p99 ms", "most ms", "found (p50)", "CPU ms"
    );
    let only = arguments.next().unwrap_or_default();
    for (name, queries) in sets.iter().filter(|(name, _)| name.contains(&only)) {
        let before = processor_seconds();
        let mut times: Vec<(Duration, u64)> = Vec::with_capacity(queries.len());
        for query in queries {
            let begun = Instant::now();
            let (total, _, _) = index.ask(query, &registry).unwrap();
            times.push((begun.elapsed(), total));
        }
        let mut found: Vec<u64> = times.iter().map(|(_, total)| *total).collect();
        found.sort_unstable();
        times.sort_unstable();
        let at = |part: f64| times[((times.len() - 1) as f64 * part) as usize].0.as_secs_f64() * 1000.0;
        let processor = (processor_seconds() - before) * 1000.0 / times.len() as f64;
        let middle = found[found.len() / 2];
        println!(
            "{name:<22}{:>8}{:>9.2}{:>9.2}{:>9.2}{:>9.2}{middle:>12}{processor:>9.2}",
            times.len(),
            at(0.5),
            at(0.95),
            at(0.99),
            at(1.0)
        );
    }
    println!("memory: {}", memory());
}

/// Seconds that this process has computed, on all threads: on a busy machine this says more than the clock. Linux counts hundredths.
fn processor_seconds() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let ticks = stat.rsplit(')').next().unwrap_or_default().split_whitespace().skip(11).take(2);
    ticks.filter_map(|ticks| ticks.parse::<f64>().ok()).sum::<f64>() / 100.0
}

/// Of this process, as Linux tells it.
fn memory() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = |name: &str| {
        status
            .lines()
            .find(|line| line.starts_with(name))
            .map(|line| line.split_whitespace().nth(1).unwrap_or("?").parse::<u64>().unwrap_or(0) / 1024)
    };
    format!("{} MB resident, {} MB at most", line("VmRSS:").unwrap_or(0), line("VmHWM:").unwrap_or(0))
}

fn on_disk(folder: &std::path::Path) -> String {
    let bytes: u64 = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().metadata().unwrap().len()).sum();
    format!("{} MB on the disk", bytes >> 20)
}
