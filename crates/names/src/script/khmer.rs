//! Khmer: syllables out of clusters, the vowel by the series of its consonant.
//!
//! A cluster is a consonant with those below it and its vowel. One without a vowel ends the syllable before it, or begins one with the
//! inherent vowel: an even run of them is read in twos, so that សុវណ្ណ is so-vann and សុខ is sok.

use std::collections::HashMap;

use schema::yaml::{DataError, Node};

use super::{ascii_pairs, letter_map};

const BELOW: char = '\u{17D2}';

/// Consonants without a vowel that are counted: no name has more.
const LONGEST_RUN: usize = 16;

struct Consonant {
    onset: String,
    second_series: bool,
    last: String,
}

pub(super) struct Khmer {
    consonants: HashMap<char, Consonant>,
    pairs: Vec<(String, String)>,
    /// Open after the first and second series, closed after the first and second.
    vowels: HashMap<String, [String; 4]>,
    rimes: HashMap<String, [String; 2]>,
    independent: HashMap<char, String>,
    words: HashMap<String, String>,
}

/// One consonant with what hangs on it.
#[derive(Default)]
struct Cluster {
    base: String,
    below: Vec<char>,
    vowel: String,
    /// Series changed by a mark: to the first (false) or the second (true).
    shifted: Option<bool>,
    /// It stands for itself: an independent vowel, a digit.
    whole: Option<String>,
    silent: bool,
    short: bool,
}

impl Cluster {
    fn bare(&self) -> bool {
        self.whole.is_none() && self.vowel.is_empty()
    }
}

impl Khmer {
    pub(super) fn read(file: &Node) -> Result<Khmer, DataError> {
        file.known_keys(&["consonants", "pairs", "vowels", "rimes", "independent", "words"])?;
        let mut khmer = Khmer {
            consonants: HashMap::new(),
            pairs: ascii_pairs(file.require("pairs")?)?,
            vowels: HashMap::new(),
            rimes: HashMap::new(),
            independent: letter_map(file.require("independent")?)?,
            words: ascii_pairs(file.require("words")?)?.into_iter().collect(),
        };
        for entry in file.require("consonants")?.as_map()? {
            let parts = entry.value().strings()?;
            let (Some(letter), [onset, series, last]) = (entry.key().chars().next(), parts.as_slice()) else {
                return Err(entry.error("a consonant has a beginning, a series and an end", "Write ក: [k, a, k]."));
            };
            let consonant =
                Consonant { onset: (*onset).to_owned(), second_series: *series == "o", last: (*last).to_owned() };
            khmer.consonants.insert(letter, consonant);
        }
        for entry in file.require("vowels")?.as_map()? {
            let own = |text: &&str| (*text).to_owned();
            let spellings: Vec<String> = entry.value().strings()?.iter().map(own).collect();
            let four = match spellings.as_slice() {
                [first, second] => [first, second, first, second].map(Clone::clone),
                [a, b, c, d] => [a, b, c, d].map(Clone::clone),
                _ => return Err(entry.error("a vowel has two spellings, or four", "Write ា: [a, ea].")),
            };
            khmer.vowels.insert(entry.key().to_owned(), four);
        }
        for entry in file.require("rimes")?.as_map()? {
            match entry.value().strings()?.as_slice() {
                [first, second] => {
                    khmer.rimes.insert(entry.key().to_owned(), [(*first).to_owned(), (*second).to_owned()]);
                }
                _ => return Err(entry.error("a rime has two spellings", "Write ែវ: [eo, eo].")),
            }
        }
        Ok(khmer)
    }

    pub(super) fn word(&self, word: &str) -> String {
        if let Some(known) = self.words.get(word) {
            return known.clone();
        }
        let mut clusters = self.clusters(word);
        // A short i or u under a last consonant that ends a syllable is not spoken: ជាតិ, សិទ្ធិ.
        let many = clusters.len() > 1;
        if let Some(last) = clusters.last_mut()
            && many
            && (last.vowel == "ិ" || last.vowel == "ុ")
        {
            last.vowel.clear();
        }
        let mut out = String::with_capacity(word.len());
        let mut at = 0;
        while let Some(cluster) = clusters.get(at) {
            at += 1;
            if let Some(whole) = &cluster.whole {
                out.push_str(whole);
                continue;
            }
            let closing = self.closing(&clusters, at, cluster);
            at += usize::from(closing.is_some());
            self.syllable(cluster, closing, at >= clusters.len(), &mut out);
        }
        out
    }

    /// The cluster that ends the syllable which this one begins.
    fn closing<'c>(&self, clusters: &'c [Cluster], at: usize, onset: &Cluster) -> Option<&'c Cluster> {
        let next = clusters.get(at).filter(|next| next.bare())?;
        if onset.vowel.ends_with('ះ') || onset.vowel.ends_with('ៈ') {
            return None;
        }
        let marked = |cluster: &Cluster| cluster.short;
        let run = clusters.iter().skip(at).take(LONGEST_RUN).take_while(|cluster| cluster.bare()).count();
        // A mark of shortness says that its consonant ends a syllable.
        let ends = clusters.get(at + 1).is_none_or(|after| !after.bare()) || marked(next);
        let rime = next.below.is_empty() && self.rimes.contains_key(&format!("{}{}", onset.vowel, next.base));
        (ends || onset.bare() || rime || run % 2 == 1).then_some(next)
    }

    fn syllable(&self, onset: &Cluster, closing: Option<&Cluster>, end: bool, out: &mut String) {
        let second = self.second_series(onset);
        let spelt = self.onset(onset);
        out.push_str(&spelt);
        let last = closing.map(|closing| closing.base.as_str());
        if let Some(last) = last
            && let Some([a, b]) = self.rimes.get(&format!("{}{last}", onset.vowel))
        {
            out.push_str(if second { b } else { a });
            return;
        }
        let place = usize::from(second) + if closing.is_some() { 2 } else { 0 };
        let at_end = (end && closing.is_none()).then(|| self.vowels.get(&format!("{}$", onset.vowel))).flatten();
        let vowel =
            match (at_end.or_else(|| self.vowels.get(&onset.vowel)), onset.vowel.is_empty() && closing.is_none()) {
                // An open syllable with no vowel written: ratana, makara.
                (_, true) => "a",
                (Some(spellings), false) => spellings.get(place).map_or("", String::as_str),
                (None, false) => {
                    // An unknown heap of signs: each for itself.
                    for sign in onset.vowel.chars() {
                        let spellings = self.vowels.get(&sign.to_string());
                        out.push_str(spellings.and_then(|four| four.get(place)).map_or("", String::as_str));
                    }
                    ""
                }
            };
        out.push_str(vowel);
        if let Some(closing) = closing {
            let double = closing.below.first().is_some_and(|below| closing.base.starts_with(*below));
            let last = self.last(closing);
            out.push_str(&last);
            if double && last.len() == 1 {
                out.push_str(&last);
            }
        }
    }

    fn last(&self, closing: &Cluster) -> String {
        let aspirated = closing.below.first().is_some_and(|below| matches!(below, 'ធ' | 'ឋ' | 'ថ'));
        match closing.base.chars().next().and_then(|letter| self.consonants.get(&letter)) {
            Some(letter) if letter.last == "t" && aspirated => "th".to_owned(),
            Some(letter) => letter.last.clone(),
            None => String::new(),
        }
    }

    fn onset(&self, cluster: &Cluster) -> String {
        if let [below] = cluster.below.as_slice() {
            let both = format!("{}{BELOW}{below}", cluster.base);
            if let Some((_, latin)) = self.pairs.iter().find(|(pair, _)| *pair == both) {
                return latin.clone();
            }
        }
        let letter = |c: char| self.consonants.get(&c).map_or("", |consonant| consonant.onset.as_str());
        let mut out: String = cluster.base.chars().map(letter).collect();
        // ប is p with a mark or with something below it.
        if out == "b" && (cluster.shifted == Some(false) || !cluster.below.is_empty()) {
            out = "p".to_owned();
        }
        out.extend(cluster.below.iter().map(|c| letter(*c)));
        out
    }

    fn second_series(&self, cluster: &Cluster) -> bool {
        if let Some(shifted) = cluster.shifted {
            return shifted;
        }
        let series = |c: char| self.consonants.get(&c).is_some_and(|consonant| consonant.second_series);
        // What is below rules, unless it is one of the soft ones.
        let ruling = cluster.below.iter().copied().find(|c| !"ងញនមយរលវ".contains(*c));
        ruling.or_else(|| cluster.base.chars().next()).is_some_and(series)
    }

    fn clusters(&self, word: &str) -> Vec<Cluster> {
        let mut found: Vec<Cluster> = Vec::new();
        let mut below = false;
        for c in word.chars() {
            match c {
                BELOW => below = true,
                c if self.consonants.contains_key(&c) => {
                    match found.last_mut().filter(|last| below && last.whole.is_none()) {
                        Some(last) => last.below.push(c),
                        None => found.push(Cluster { base: c.to_string(), ..Cluster::default() }),
                    }
                    below = false;
                }
                '\u{17B4}' | '\u{17B5}' => {}
                '\u{17B6}'..='\u{17C8}' | '័' => {
                    if let Some(last) = found.last_mut().filter(|last| last.whole.is_none()) {
                        last.vowel.push(c);
                    }
                }
                '៉' | '៊' => {
                    if let Some(last) = found.last_mut() {
                        last.shifted = Some(c == '៊');
                    }
                }
                '់' => {
                    if let Some(last) = found.last_mut() {
                        last.short = true;
                    }
                }
                '៍' => {
                    if let Some(last) = found.last_mut() {
                        last.silent = true;
                    }
                }
                c if let Some(whole) = self.independent.get(&c) => {
                    found.push(Cluster { whole: Some(whole.clone()), ..Cluster::default() });
                }
                '\u{17CA}'..='\u{17D1}' | '\u{17DD}' => {}
                c => {
                    let latin = any_ascii::any_ascii_char(c).to_owned();
                    found.push(Cluster { whole: Some(latin), ..Cluster::default() });
                }
            }
        }
        found.retain(|cluster| !cluster.silent);
        found
    }
}
