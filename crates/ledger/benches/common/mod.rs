//! A ledger of any size from a seed: the same size and seed give the same claims on any machine.
//!
//! A hundred entities to a thousand claims, in one entry: ten documents, forty-five persons, forty-five acts. Every entity has ten
//! claims. Half rest on two documents of their own entry, the rest on any earlier one, so that sources reach across the whole ledger.
//! Three claims in twenty are for insiders only, and one person in twenty is. One claim in a hundred is assessed afterwards.
#![allow(dead_code)]

use std::time::{Duration, Instant};

use ledger::{Assess, Author, Claim, ClaimId, Clearance, EntityItem, Error, Item, Ledger, Level, Locator, Target};
use schema::{EntityId, Registry};

/// The seed of every measurement that is written down.
pub const SEED: u64 = 2020;
/// Claims in one entry.
pub const BATCH: u64 = 1_000;
/// Entities in one entry.
pub const ENTITIES: u64 = BATCH / 10;
const DOCUMENTS: u64 = BATCH / 100;
const PERSONS: u64 = 45;

/// SplitMix64 (Steele, Lea and Flood, 2014): small, and the same everywhere.
pub struct Random(u64);

impl Random {
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Random(seed)
    }

    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `bound`.
    pub fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound.max(1)
    }

    fn of<'a>(&mut self, words: &[&'a str]) -> &'a str {
        words[self.below(words.len() as u64) as usize]
    }

    /// True so many times in a hundred.
    fn percent(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }
}

const SYLLABLES: [&str; 24] = [
    "sok", "chan", "rith", "vann", "dara", "pheap", "srey", "mony", "kim", "heng", "leak", "nary", "bopha", "thy",
    "sam", "nang", "oeun", "chhun", "rong", "phal", "keo", "sar", "vichea", "long",
];
const KHMER: [&str; 8] = ["សុខ", "ចាន់", "រិទ្ធ", "វណ្ណ", "ដារ៉ា", "ភាព", "ស្រី", "មុនី"];
const WORDS: [&str; 28] = [
    "police",
    "court",
    "arrested",
    "the",
    "union",
    "leader",
    "of",
    "garment",
    "workers",
    "in",
    "front",
    "ministry",
    "said",
    "witness",
    "held",
    "without",
    "warrant",
    "for",
    "three",
    "days",
    "before",
    "release",
    "on",
    "bail",
    "village",
    "land",
    "protest",
    "newspaper",
];
const ACTS: [&str; 8] =
    ["arrest", "detention", "charge", "harassment", "summons", "conviction", "threat", "house-arrest"];

/// The `n`th entity that the generator makes.
#[must_use]
pub fn entity(n: u64) -> EntityId {
    EntityId::derive("generated", &n.to_string())
}

/// How many entities so many claims are about.
#[must_use]
pub fn entities(claims: u64) -> u64 {
    claims / BATCH * ENTITIES
}

/// A name like the people of the demonstration bear; some have been borne before.
pub fn name(random: &mut Random) -> String {
    let mut word = |most: u64| {
        let mut text = String::new();
        for _ in 0..=random.below(most) {
            text.push_str(random.of(&SYLLABLES));
        }
        let mut letters = text.chars();
        letters.next().map(|first| first.to_uppercase().chain(letters).collect::<String>()).unwrap_or_default()
    };
    format!("{} {}", word(2), word(3))
}

fn sentence(random: &mut Random, words: u64) -> String {
    (0..words).map(|_| random.of(&WORDS)).collect::<Vec<_>>().join(" ")
}

fn date(random: &mut Random) -> String {
    let (year, month, day) = (2015 + random.below(10), 1 + random.below(12), 1 + random.below(28));
    match random.below(10) {
        0 => format!("{year}"),
        1 | 2 => format!("{year}-{month:02}"),
        _ => format!("{year}-{month:02}-{day:02}"),
    }
}

/// Makes one entry's items after another.
pub struct Generator<'a> {
    registry: &'a Registry,
    random: Random,
    /// Entities made so far.
    made: u64,
}

impl<'a> Generator<'a> {
    #[must_use]
    pub fn new(registry: &'a Registry, seed: u64) -> Self {
        Generator { registry, random: Random::new(seed), made: 0 }
    }

    fn document_of(&mut self, batch: u64) -> EntityId {
        entity(batch * ENTITIES + self.random.below(DOCUMENTS))
    }

    fn claim(
        &mut self,
        about: EntityId,
        schema: &str,
        property: &str,
        text: &str,
        source: EntityId,
    ) -> Result<Item, Error> {
        let value = self.registry.parse(schema, property, text, None)?;
        let length = 6 + self.random.below(8);
        let inside = self.random.percent(15);
        let start = self.random.below(20_000);
        Ok(Item::Claim(Claim {
            locator: Some(Locator {
                exact: sentence(&mut self.random, length),
                start: Some(start),
                end: Some(start + length * 6),
                ..Locator::default()
            }),
            clearance: if inside { Clearance::internal() } else { Clearance::public() },
            ..Claim::new(about, property, &value, source)
        }))
    }

    /// The next entry's items: a hundred entities and a thousand claims.
    ///
    /// # Errors
    /// When the schemata no longer know what the generator says.
    pub fn batch(&mut self) -> Result<Vec<Item>, Error> {
        let batch = self.made / ENTITIES;
        let mut items = Vec::with_capacity((BATCH + ENTITIES) as usize);
        for n in self.made..self.made + ENTITIES {
            let (schema, inside) = match n % ENTITIES {
                place if place < DOCUMENTS => ("Document", false),
                place if place < DOCUMENTS + PERSONS => ("Person", self.random.percent(5)),
                _ => ("Act", false),
            };
            let clearance = if inside { Clearance::internal() } else { Clearance::public() };
            items.push(Item::Entity(EntityItem { id: entity(n), schema: schema.into(), clearance, key: None }));
        }
        for n in self.made..self.made + ENTITIES {
            match n % ENTITIES {
                place if place < DOCUMENTS => self.document(entity(n), &mut items)?,
                place if place < DOCUMENTS + PERSONS => self.person(batch, entity(n), &mut items)?,
                _ => self.act(batch, entity(n), &mut items)?,
            }
        }
        self.made += ENTITIES;
        Ok(items)
    }

    fn sources(&mut self, batch: u64) -> [EntityId; 3] {
        let earlier = self.random.below(batch + 1);
        [self.document_of(batch), self.document_of(batch), self.document_of(earlier)]
    }

    fn document(&mut self, id: EntityId, items: &mut Vec<Item>) -> Result<(), Error> {
        let number = self.random.below(1_000_000);
        let texts = [
            ("title", format!("{} {number}", sentence(&mut self.random, 5))),
            ("kind", self.random.of(&["news-report", "agency-report", "radio-broadcast", "blog-post"]).into()),
            ("author", name(&mut self.random)),
            ("published", date(&mut self.random)),
            ("language", self.random.of(&["km", "en", "fr"]).into()),
            ("fileName", format!("report-{number}.txt")),
            ("summary", sentence(&mut self.random, 14)),
            ("note", sentence(&mut self.random, 8)),
            ("alias", sentence(&mut self.random, 3)),
            ("sourceUrl", format!("https://example.org/{number}")),
        ];
        for (property, text) in texts {
            items.push(self.claim(id, "Document", property, &text, id)?);
        }
        Ok(())
    }

    fn person(&mut self, batch: u64, id: EntityId, items: &mut Vec<Item>) -> Result<(), Error> {
        let [a, b, c] = self.sources(batch);
        let first = name(&mut self.random);
        let khmer = format!("{} {}", self.random.of(&KHMER), self.random.of(&KHMER));
        let texts = [
            ("name", first.clone(), a),
            ("name", if self.random.percent(70) { first } else { name(&mut self.random) }, b),
            ("alias", khmer, a),
            ("gender", self.random.of(&["female", "male"]).into(), a),
            ("birthDate", date(&mut self.random), a),
            ("birthDate", date(&mut self.random), c),
            ("occupation", sentence(&mut self.random, 2), b),
            ("position", sentence(&mut self.random, 3), c),
            ("nationality", "Cambodian".into(), c),
            ("summary", sentence(&mut self.random, 18), c),
        ];
        for (property, text, source) in texts {
            items.push(self.claim(id, "Person", property, &text, source)?);
        }
        Ok(())
    }

    fn act(&mut self, batch: u64, id: EntityId, items: &mut Vec<Item>) -> Result<(), Error> {
        let [a, b, c] = self.sources(batch);
        let any = self.random.below(batch + 1);
        let victim = entity(batch * ENTITIES + DOCUMENTS + self.random.below(PERSONS));
        let perpetrator = entity(any * ENTITIES + DOCUMENTS + self.random.below(PERSONS));
        let on = date(&mut self.random);
        let texts = [
            ("type", self.random.of(&ACTS).into(), a),
            ("victim", victim.to_string(), a),
            ("victim", victim.to_string(), c),
            ("date", on.clone(), a),
            ("date", if self.random.percent(60) { on } else { date(&mut self.random) }, b),
            ("perpetrator", perpetrator.to_string(), b),
            ("statedReason", sentence(&mut self.random, 9), b),
            ("method", sentence(&mut self.random, 4), c),
            ("account", sentence(&mut self.random, 25), c),
            ("note", sentence(&mut self.random, 6), c),
        ];
        for (property, text, source) in texts {
            items.push(self.claim(id, "Act", property, &text, source)?);
        }
        Ok(())
    }
}

/// What generating took: the time that the ledger needed for each entry, without that of making it up.
pub struct Appended {
    pub claims: u64,
    pub entries: Vec<Duration>,
}

/// Fills a ledger with so many claims, a thousand to an entry.
///
/// # Errors
/// As the ledger says.
pub fn fill(ledger: &Ledger, author: &Author, claims: u64, mut told: impl FnMut(u64)) -> Result<Appended, Error> {
    let registry = ledger.registry().clone();
    let mut generator = Generator::new(&registry, SEED);
    let mut random = Random::new(SEED + 1);
    let mut entries = Vec::new();
    for batch in 0..claims / BATCH {
        let items = generator.batch()?;
        let begun = Instant::now();
        let receipt = ledger.append(author, items)?;
        entries.push(begun.elapsed());
        // Ten assessments an entry, in an entry of their own every tenth time.
        if batch % 10 == 9 {
            ledger.append(author, assessments(&receipt.claims, &mut random))?;
        }
        told((batch + 1) * BATCH);
    }
    Ok(Appended { claims: claims / BATCH * BATCH, entries })
}

fn assessments(items: &[ClaimId], random: &mut Random) -> Vec<Item> {
    let mut one = || {
        let claim = items[(ENTITIES + random.below(BATCH)) as usize];
        Item::Assess(Assess {
            target: Target::Claim(claim),
            verification: Some(
                random.of(&["corroborated", "verified", "partially-corroborated", "contradicted"]).into(),
            ),
            standard: None,
            reliability: None,
            credibility: None,
            reason: "compared with the court’s record".into(),
            origin: None,
        })
    };
    (0..100).map(|_| one()).collect()
}

/// The circles that lists are measured for.
pub const READERS: [Level; 2] = [Level::Public, Level::Internal];

/// The value that so many of a hundred are not above.
#[must_use]
pub fn percentile(times: &[Duration], percent: usize) -> Duration {
    let mut sorted = times.to_vec();
    sorted.sort_unstable();
    sorted.get((sorted.len() * percent / 100).min(sorted.len().saturating_sub(1))).copied().unwrap_or_default()
}
