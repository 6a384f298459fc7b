//! How alike two words in Latin letters are, when some letters take each other's place easily.
//!
//! A weighted edit distance (Wagner & Fischer 1974, with the swap of neighbours of Damerau 1964) whose substitutions are of any
//! length and come from `alike.yaml`; 1 is the same word. Costs are whole hundredths, so that both directions give one result.

use std::fmt::Write as _;

use schema::yaml::{DataError, Node};

/// Bytes of a word that are looked at: no name has more.
const LONGEST: usize = 64;
/// Words up to here need no memory of their own.
const SHORT: usize = 24;

/// Letters of one side of a pair: what fits into a comparison of four bytes.
const SIDE: usize = 4;

/// One substitution that costs less than its letters; sides are the last four bytes up to a place, with a mask.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Pair {
    from: (u32, u32),
    to: (u32, u32),
    letters: (u8, u8),
    at_start: bool,
    at_end: bool,
    cost: u16,
}

/// Letters that may be left out at a place of a word.
struct LeftOut {
    /// Bytes of the word up to and with them.
    end: usize,
    letters: usize,
    cost: u16,
    at_start: bool,
    at_end: bool,
}

impl LeftOut {
    /// Whether the other word is where it must be.
    fn fits(&self, other: usize, other_ends: bool) -> bool {
        (!self.at_start || other == 0) && (!self.at_end || other_ends)
    }
}

/// The costs as they were read.
#[derive(Clone, Debug)]
pub(super) struct Costs {
    consonant: u16,
    vowel: u16,
    mixed: u16,
    left_out_consonant: u16,
    left_out_vowel: u16,
    doubled: u16,
    swapped: u16,
    first: u16,
    /// By the last letters of both sides: 27 × 27, where 0 is nothing.
    pairs: Vec<Vec<Pair>>,
}

/// Costs of one language's pairs: what a data file says, and what [`learn`](super::learn::learn) finds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table {
    pub language: String,
    /// Where the pairs were found.
    pub source: String,
    /// Two spellings (the second may be empty: left out), and the cost in hundredths of a letter; cheapest first.
    pub pairs: Vec<(String, String, u16)>,
}

impl Table {
    /// The table as an entry under `languages:` of `alike.yaml`.
    #[must_use]
    pub fn yaml(&self) -> String {
        let quoted = |text: &str| format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', " "));
        let mut out =
            format!("  - language: {}\n    source: {}\n    costs:\n", quoted(&self.language), quoted(&self.source));
        if self.pairs.is_empty() {
            return out.replace("costs:\n", "costs: []\n");
        }
        let mut at = 0;
        while let Some((_, _, cost)) = self.pairs.get(at) {
            let same: Vec<String> = self
                .pairs
                .iter()
                .skip(at)
                .take_while(|(_, _, other)| other == cost)
                .map(|(from, to, _)| format!("{from}/{to}"))
                .collect();
            let _ = writeln!(out, "      - {{cost: {cost}, pairs: [{}]}}", same.join(", "));
            at += same.len();
        }
        out
    }

    /// Reads one entry in the form of [`yaml`](Table::yaml).
    ///
    /// # Errors
    /// When it has another form: the file (by the name given), line and what to write.
    pub fn from_yaml(file_name: &str, text: &str) -> Result<Table, DataError> {
        let file = schema::yaml::parse(file_name, text)?;
        match file.list()? {
            [only] => Table::read(only),
            _ => Err(file.error("one language is expected", "Give one entry of the list.")),
        }
    }

    /// Reads one entry under `languages:`.
    pub(super) fn read(node: &Node) -> Result<Table, DataError> {
        node.known_keys(&["language", "source", "costs"])?;
        let mut table = Table {
            language: node.require("language")?.str()?.to_owned(),
            source: node.require("source")?.str()?.to_owned(),
            pairs: Vec::new(),
        };
        for line in node.require("costs")?.list()? {
            line.known_keys(&["cost", "pairs"])?;
            let cost = u16::try_from(line.require("cost")?.number()?).unwrap_or(u16::MAX);
            if cost > 100 {
                return Err(line.error("a cost is 0 to 100", "Write hundredths of a letter."));
            }
            for pair in line.require("pairs")?.strings()? {
                let sides = pair.split_once('/').filter(|(from, to)| {
                    [from, to].iter().all(|side| {
                        let bare = side.trim_matches(['^', '$']);
                        bare.len() <= SIDE && bare.bytes().all(|byte| byte.is_ascii_lowercase())
                    })
                });
                let Some((from, to)) = sides else {
                    return Err(line.error(
                        format!("“{pair}” is no pair of spellings"),
                        "Write twice at most four small letters with a stroke between, as in th/t; h/ is h left out.",
                    ));
                };
                table.pairs.push((from.to_owned(), to.to_owned(), cost));
            }
        }
        Ok(table)
    }
}

impl Costs {
    pub(super) fn read(file: &Node) -> Result<Costs, DataError> {
        file.known_keys(&["letters", "languages"])?;
        let letters = file.require("letters")?;
        let cost = |key: &str| -> Result<u16, DataError> {
            Ok(u16::try_from(letters.require(key)?.number()?).unwrap_or(u16::MAX).min(1000))
        };
        let mut costs = Costs {
            consonant: cost("consonant")?,
            vowel: cost("vowel")?,
            mixed: cost("mixed")?,
            left_out_consonant: cost("left_out_consonant")?,
            left_out_vowel: cost("left_out_vowel")?,
            doubled: cost("doubled")?,
            swapped: cost("swapped")?,
            first: cost("first")?,
            pairs: vec![Vec::new(); 27 * 27],
        };
        for language in file.require("languages")?.list()? {
            costs.add(&Table::read(language)?);
        }
        Ok(costs)
    }

    /// Adds a language's pairs to those there are; of two costs for one pair the lower stands.
    pub(super) fn add(&mut self, table: &Table) {
        for (from, to, cost) in &table.pairs {
            let at_start = from.starts_with('^') || to.starts_with('^');
            let at_end = from.ends_with('$') || to.ends_with('$');
            let bare = |side: &str| side.trim_matches(['^', '$']).as_bytes().to_vec();
            let (from, to) = (bare(from), bare(to));
            for (from, to) in [(&from, &to), (&to, &from)] {
                let letters = (from.len() as u8, to.len() as u8);
                let pair = Pair { from: side(from), to: side(to), letters, at_start, at_end, cost: *cost };
                let place = place(from.last().copied(), to.last().copied());
                let Some(pairs) = self.pairs.get_mut(place).filter(|_| letters != (0, 0)) else { continue };
                let same = |other: &&mut Pair| Pair { cost: 0, ..**other } == Pair { cost: 0, ..pair };
                match pairs.iter_mut().find(same) {
                    Some(other) => other.cost = other.cost.min(pair.cost),
                    None => pairs.push(pair),
                }
            }
        }
    }

    /// 1 for the same word, towards 0 the less they have in common.
    pub(super) fn alike(&self, a: &str, b: &str) -> f32 {
        if a == b {
            return 1.0;
        }
        let (a, b) = (a.as_bytes(), b.as_bytes());
        let (a, b) = (a.get(..LONGEST).unwrap_or(a), b.get(..LONGEST).unwrap_or(b));
        let longer = a.len().max(b.len());
        if a.is_empty() || b.is_empty() {
            return 0.0;
        }
        let cost = if longer <= SHORT {
            self.distance(a, b, &mut [0; (SHORT + 1) * (SHORT + 1)])
        } else {
            self.distance(a, b, &mut vec![0; (a.len() + 1) * (b.len() + 1)])
        };
        // The longest words cost a few thousand hundredths: exact in f32.
        let (cost, whole) = (f32::from(cost), f32::from(u16::try_from(longer * 100).unwrap_or(u16::MAX)));
        // Only the same word is the same, however free its changes are.
        (1.0 - cost / whole).clamp(0.0, 0.995)
    }

    /// In hundredths of a letter. `grid` has room for (|a| + 1) × (|b| + 1).
    fn distance(&self, a: &[u8], b: &[u8], grid: &mut [u16]) -> u16 {
        let width = b.len() + 1;
        // Nobody drops and adds more than this in one name.
        let band = a.len().abs_diff(b.len()) + SIDE;
        let (out_a, out_b) = (self.left_out_of(a), self.left_out_of(b));
        let mut last_a = 0u32;
        for i in 0..=a.len() {
            last_a = if i == 0 { 0 } else { last_a << 8 | u32::from(a.get(i - 1).copied().unwrap_or(0)) };
            let mut last_b = 0u32;
            for j in 0..=b.len() {
                last_b = if j == 0 { 0 } else { last_b << 8 | u32::from(b.get(j - 1).copied().unwrap_or(0)) };
                let ends = i == a.len() && j == b.len();
                let best = match (i, j) {
                    (0, 0) => 0,
                    _ if i.abs_diff(j) > band => u16::MAX,
                    _ => {
                        let before =
                            |di: usize, dj: usize| grid.get((i - di) * width + (j - dj)).copied().unwrap_or(u16::MAX);
                        let mut best = self.step((last_a, last_b), (i, j), ends, before);
                        for out in out_a.iter().filter(|out| out.end == i && out.fits(j, j == b.len())) {
                            best = best.min(before(out.letters, 0).saturating_add(out.cost));
                        }
                        for out in out_b.iter().filter(|out| out.end == j && out.fits(i, i == a.len())) {
                            best = best.min(before(0, out.letters).saturating_add(out.cost));
                        }
                        best
                    }
                };
                if let Some(cell) = grid.get_mut(i * width + j) {
                    *cell = best;
                }
            }
        }
        grid.get(a.len() * width + b.len()).copied().unwrap_or(u16::MAX)
    }

    /// The cheapest way to a cell; `last` holds the four bytes before it on both sides.
    fn step(&self, last: (u32, u32), (i, j): (usize, usize), ends: bool, before: impl Fn(usize, usize) -> u16) -> u16 {
        let [.., x2, x] = last.0.to_be_bytes();
        let [.., y2, y] = last.1.to_be_bytes();
        let mut best = u16::MAX;
        let mut take = |cost: u16| best = best.min(cost);
        if i > 0 && j > 0 {
            if x == y {
                take(before(1, 1));
            } else {
                let first = if i == 1 && j == 1 { self.first } else { 0 };
                take(before(1, 1).saturating_add(self.instead(x, y)).saturating_add(first));
                if i > 1 && j > 1 && x2 == y && y2 == x {
                    take(before(2, 2).saturating_add(self.swapped));
                }
            }
        }
        if i > 0 {
            let twice = i > 1 && x2 == x;
            take(before(1, 0).saturating_add(if twice { self.doubled } else { self.left_out(x) }));
        }
        if j > 0 {
            let twice = j > 1 && y2 == y;
            take(before(0, 1).saturating_add(if twice { self.doubled } else { self.left_out(y) }));
        }
        if i > 0 && j > 0 {
            for pair in self.pairs.get(place(Some(x), Some(y))).into_iter().flatten() {
                if last.0 & pair.from.1 == pair.from.0 && last.1 & pair.to.1 == pair.to.0 {
                    let (m, n) = (usize::from(pair.letters.0), usize::from(pair.letters.1));
                    if m <= i && n <= j && (!pair.at_start || i == m && j == n) && (!pair.at_end || ends) {
                        take(before(m, n).saturating_add(pair.cost));
                    }
                }
            }
        }
        best
    }

    /// What may be left out of a word cheaply, wherever the other word is.
    fn left_out_of(&self, word: &[u8]) -> Vec<LeftOut> {
        let mut found = Vec::new();
        let mut last = 0u32;
        for (at, byte) in word.iter().enumerate() {
            last = last << 8 | u32::from(*byte);
            for pair in self.pairs.get(place(Some(*byte), None)).into_iter().flatten() {
                let (letters, end) = (usize::from(pair.letters.0), at + 1);
                let stands = last & pair.from.1 == pair.from.0 && letters <= end;
                if stands && (!pair.at_start || end == letters) && (!pair.at_end || end == word.len()) {
                    found.push(LeftOut { end, letters, cost: pair.cost, at_start: pair.at_start, at_end: pair.at_end });
                }
            }
        }
        found
    }

    fn instead(&self, x: u8, y: u8) -> u16 {
        match (is_vowel(x), is_vowel(y)) {
            (true, true) => self.vowel,
            (false, false) => self.consonant,
            _ => self.mixed,
        }
    }

    fn left_out(&self, x: u8) -> u16 {
        if is_vowel(x) { self.left_out_vowel } else { self.left_out_consonant }
    }
}

/// The last four bytes that a side asks for, and their mask.
fn side(letters: &[u8]) -> (u32, u32) {
    letters.iter().fold((0, 0), |(bytes, mask), byte| (bytes << 8 | u32::from(*byte), mask << 8 | 0xFF))
}

fn place(x: Option<u8>, y: Option<u8>) -> usize {
    let letter = |byte: Option<u8>| match byte {
        Some(byte @ b'a'..=b'z') => usize::from(byte - b'a') + 1,
        _ => 0,
    };
    letter(x) * 27 + letter(y)
}

pub(super) fn is_vowel(byte: u8) -> bool {
    matches!(byte, b'a' | b'e' | b'i' | b'o' | b'u' | b'y')
}
