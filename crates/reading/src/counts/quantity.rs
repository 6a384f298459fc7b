//! How many of what: a number with its bounds and the noun that it counts (coding rule 8). Ages, sums,
//! terms, dates, article and case numbers are no quantities of ours.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use schema::DataError;
use schema::yaml;

use crate::discourse::Sentence;
use crate::lexicon::{Flags, Lexicon};
use crate::numbers::{self, Bounds};
use crate::token::{Case, Token};

/// What `data/counting.yaml` says.
pub(crate) struct Counting {
    units: HashMap<String, String>,
    sets: HashMap<String, HashSet<String>>,
    /// Of several words, by their key.
    phrases: HashMap<String, Vec<Vec<String>>>,
}

static STANDARD: LazyLock<Result<Counting, DataError>> = LazyLock::new(Counting::load);

impl Counting {
    /// The lists that are compiled in.
    pub fn standard() -> Result<&'static Self, DataError> {
        STANDARD.as_ref().map_err(Clone::clone)
    }

    fn load() -> Result<Self, DataError> {
        let file = yaml::parse("counting.yaml", include_str!("../../data/counting.yaml"))?;
        let lists = [
            "people",
            "actors",
            "uncounted",
            "compounds",
            "records",
            "totals",
            "states",
            "compared",
            "of_number",
            "number_words",
            "capacity",
            "indexes",
            "not_people",
        ];
        let mut known = lists.to_vec();
        known.push("units");
        file.known_keys(&known)?;
        let mut out = Self { units: HashMap::new(), sets: HashMap::new(), phrases: HashMap::new() };
        for entry in file.require("units")?.as_map()? {
            for noun in entry.value().strings()? {
                out.units.insert(noun.to_owned(), entry.key().to_owned());
            }
        }
        for key in lists {
            for cue in file.require(key)?.strings()? {
                let words: Vec<String> = cue.split_whitespace().map(str::to_owned).collect();
                if let [word] = words.as_slice() {
                    out.sets.entry(key.to_owned()).or_default().insert(word.clone());
                } else {
                    out.phrases.entry(key.to_owned()).or_default().push(words);
                }
            }
        }
        Ok(out)
    }

    pub fn has(&self, key: &str, word: &str) -> bool {
        self.sets.get(key).is_some_and(|s| s.contains(word))
    }

    /// The unit that a noun is counted in.
    pub fn unit(&self, noun: &str) -> Option<&str> {
        self.units.get(noun).map(String::as_str)
    }

    /// Whether a word or phrase of a list begins at a token.
    pub fn at(&self, key: &str, s: &Sentence, token: usize) -> bool {
        self.has(key, s.norm(token))
            || self
                .phrases
                .get(key)
                .is_some_and(|list| list.iter().any(|p| p.iter().enumerate().all(|(k, w)| s.norm(token + k) == w)))
    }
}

/// A number and what it counts.
#[derive(Debug, Clone)]
pub(crate) struct Quantity {
    pub found: numbers::Found,
    pub bounds: Bounds,
    /// First token, with “at least”; and the token after the noun.
    pub start: usize,
    pub end: usize,
    pub unit: String,
    /// The noun, where one stands.
    pub head: Option<usize>,
    /// the, these, all: told of before
    pub definite: bool,
    /// “12 of them”
    pub partitive: bool,
    /// Those who act rather than those to whom it is done.
    pub actor: bool,
}

impl Quantity {
    pub fn bounded(&self) -> bool {
        self.bounds.min != self.bounds.max
    }
}

struct Noun {
    head: Option<usize>,
    end: usize,
    unit: Option<String>,
    actor: bool,
    /// A noun that is never counted: years, kilograms, houses.
    rejected: bool,
}

const CLOSED: Flags = Flags::DETERMINER
    .with(Flags::PREPOSITION)
    .with(Flags::CONJUNCTION)
    .with(Flags::BE)
    .with(Flags::HAVE)
    .with(Flags::DO)
    .with(Flags::MODAL)
    .with(Flags::NEGATION)
    .with(Flags::PRONOUN)
    .with(Flags::PRONOUNS)
    .with(Flags::POSSESSIVE)
    .with(Flags::RELATIVE)
    .with(Flags::SUBORDINATOR);

/// The quantities of a sentence, in order. `previous` is the unit counted last in its paragraph.
pub(crate) fn find(s: &Sentence, previous: Option<&str>, lexicon: &Lexicon, counting: &Counting) -> Vec<Quantity> {
    let mut out: Vec<Quantity> = Vec::new();
    let mut k = 0;
    while k < s.tokens.len() {
        let dated = s.dates.iter().find(|d| d.start <= k && k < d.end);
        if let Some(date) = dated {
            // “11 May” is taken; “in 2022” too, but “2022 arrests” would not be one.
            k = date.end.max(k + 1);
            continue;
        }
        let before = out.last().map(|q| q.unit.clone()).or_else(|| previous.map(str::to_owned));
        if let Some(q) = ordinal(s, k, lexicon, counting).or_else(|| one(s, k, before.as_deref(), lexicon, counting)) {
            // “71 of the 83 workers”: the second number is looked at too.
            k = if q.partitive { q.found.end + 1 } else { q.end }.max(k + 1);
            out.push(q);
        } else {
            k = lexicon.numbers.bare(&s.tokens, k).map_or(k + 1, |(_, end)| end.max(k + 1));
        }
    }
    out
}

/// “Land defenders killed since January: 34”: a line of figures.
pub(crate) fn labelled(s: &Sentence, lexicon: &Lexicon, counting: &Counting) -> Option<Quantity> {
    let mut last = s.tokens.len();
    while last > 0 && matches!(s.norm(last - 1), "." | ";" | ",") {
        last -= 1;
    }
    let colon = (last.saturating_sub(6)..last).find(|&i| matches!(s.norm(i), ":" | "–" | "—"))?;
    let number = (colon + 1..last).find(|&i| lexicon.numbers.bare(&s.tokens, i).is_some_and(|(_, end)| end == last))?;
    let found = lexicon.numbers.at(&s.tokens, number).filter(|f| f.start == colon + 1)?;
    let first = (0..3).find(|&i| s.tokens.get(i).is_some_and(Token::is_word))?;
    let noun = scan(s, first, false, lexicon, counting);
    let label = (0..colon).all(|i| !matches!(s.norm(i), ":" | "." | ","));
    let unit = noun.unit.filter(|_| !noun.rejected && label && colon - first <= 14)?;
    Some(Quantity {
        bounds: found.bounds,
        start: first,
        end: last,
        unit,
        head: noun.head,
        definite: false,
        partitive: false,
        actor: false,
        found,
    })
}

/// “the ninth exile to vanish since 2016”: nine of them.
fn ordinal(s: &Sentence, k: usize, lexicon: &Lexicon, counting: &Counting) -> Option<Quantity> {
    // A hundred gatherings are told as “the third march” too, but as no number.
    let value = lexicon.numbers.ordinal(s.norm(k)).or_else(|| {
        let word = s.norm(k);
        let digits = word.trim_end_matches(|c: char| c.is_ascii_alphabetic());
        matches!(&word[digits.len()..], "th" | "st" | "nd" | "rd").then(|| digits.parse().ok())?
    })?;
    let noun = scan(s, k + 1, false, lexicon, counting);
    let unit = noun.unit.filter(|u| !noun.rejected && u == "persons")?;
    let since = (noun.end..(noun.end + 9).min(s.tokens.len())).any(|i| {
        matches!(s.norm(i), "since" | "so" | "year" | "months" | "record")
            || s.dates.iter().any(|d| d.start == i && d.since)
    });
    if value < 2 || !since || !(k > 0 && s.norm(k - 1) == "the") {
        return None;
    }
    let least = k >= 3 && s.norm(k - 2) == "least" && s.norm(k - 3) == "at";
    let bounds = if least { Bounds { min: Some(value), max: None } } else { Bounds::exactly(value) };
    let start = if least { k - 3 } else { k - 1 };
    let found = numbers::Found { bounds, value, start, number: k, end: k + 1 };
    Some(Quantity {
        found,
        bounds,
        start,
        end: noun.end,
        unit,
        head: noun.head,
        definite: false,
        partitive: false,
        actor: noun.actor,
    })
}

fn one(s: &Sentence, k: usize, previous: Option<&str>, lexicon: &Lexicon, counting: &Counting) -> Option<Quantity> {
    let found = lexicon.numbers.at(&s.tokens, k)?;
    if !quantity(s, &found, lexicon, counting) {
        return None;
    }
    let determined = |t: &str| matches!(t, "the" | "all" | "both" | "these" | "those");
    let definite = s.tokens[found.start..found.number].iter().any(|t| determined(&t.norm))
        || found.start > 0
            && (determined(s.norm(found.start - 1))
                || s.norm(found.start - 1) == "undersigned"
                || s.tokens[found.start - 1].is(Flags::POSSESSIVE)
                || s.tokens[found.start - 1].possessive);
    let mut at = found.end;
    let mut partitive = false;
    let mut filler = false;
    while matches!(
        s.norm(at),
        "more" | "other" | "others" | "additional" | "further" | "new" | "separate" | "different" | "such" | "extra"
    ) {
        filler |= matches!(s.norm(at), "more" | "other" | "others");
        at += 1;
    }
    if s.norm(at) == "of" {
        let mut i = at + 1;
        while s.tokens.get(i).is_some_and(|t| t.is(Flags::DETERMINER.with(Flags::POSSESSIVE)))
            || lexicon.numbers.bare(&s.tokens, i).is_some()
        {
            i += 1;
        }
        if matches!(s.norm(i), "them" | "whom" | "us" | "which" | "own")
            || matches!(s.norm(i - 1), "those" | "these") && i > at + 1
        {
            let unit = previous.unwrap_or("persons").to_owned();
            let end = (i + 1).min(s.tokens.len());
            return Some(Quantity {
                bounds: found.bounds,
                start: found.start,
                end,
                unit,
                head: None,
                definite: false,
                partitive: true,
                actor: false,
                found,
            });
        }
        partitive = i > at + 1;
        if partitive {
            at = i;
        } else {
            return None;
        }
    }
    let noun = scan(s, at, found.value == 1 && !partitive, lexicon, counting);
    if noun.rejected {
        return None;
    }
    let capacity = found.value >= 100
        && (found.start.saturating_sub(9)..found.start).any(|i| counting.has("capacity", s.norm(i)))
        && noun.unit.as_deref().is_none_or(|u| u == "persons");
    let (unit, end) = match (noun.unit, noun.head) {
        _ if capacity => ("places-in-prison".to_owned(), noun.head.map_or(found.end, |_| noun.end)),
        (Some(unit), _) => (unit, noun.end),
        (None, Some(_)) => return None,
        (None, None) => (alone(s, &found, at, filler, definite, previous, lexicon, counting)?.to_owned(), at),
    };
    let (bounds, end) = lexicon.numbers.amended(&s.tokens, &found, end).unwrap_or((found.bounds, end));
    Some(Quantity {
        bounds,
        start: found.start,
        end,
        unit,
        head: noun.head.filter(|_| !capacity || noun.head.is_some()),
        definite: definite && !partitive,
        partitive,
        actor: noun.actor,
        found,
    })
}

/// Not an age, a sum, a term, a time, an index.
fn quantity(s: &Sentence, found: &numbers::Found, lexicon: &Lexicon, counting: &Counting) -> bool {
    let (k, end) = (found.number, found.end);
    let before = k.checked_sub(1).map_or("", |i| s.norm(i));
    let next = s.norm(end);
    let word = s.norm(k);
    let digits = word.bytes().all(|b| b.is_ascii_digit());
    if word.contains('/') || word.contains(':') || word.contains('.') && !word.contains(',') && end == k + 1 {
        return false;
    }
    // The number of a list entry, a footnote or a cell.
    if k == 0 && matches!(next, "." | ")" | "|" | ":" | "/")
        || matches!(before, "[" | "/" | "$" | "€" | "£" | "-" | "–" | "(")
            && next != "women"
            && (before != "(" || matches!(next, ")" | "/" | "," | "."))
    {
        return false;
    }
    if found.start == k
        && counting.has("indexes", before)
        && (digits || found.value < 20)
        && !(before == "number" || before == "numbers")
    {
        return false;
    }
    if matches!(next, "%" | "/" | ":" | "percent" | "per" | "°" | "-" | "a.m." | "p.m." | "am" | "pm" | "o'clock") {
        return false;
    }
    if lexicon.numbers.money(&s.tokens, k).is_some()
        || k > 0 && lexicon.numbers.money(&s.tokens, k - 1).is_some()
        || lexicon.numbers.term(&s.tokens, k).is_some()
    {
        return false;
    }
    // “Sok Dara, 41,”; “Eav Somnang (67)”
    let named = |i: usize| s.tokens.get(i).is_some_and(|t| t.capital() || t.possessive);
    if k >= 2
        && found.value < 120
        && found.start == k
        && matches!(before, "," | "(")
        && named(k - 2)
        && matches!(next, "," | ")" | "." | "and" | ";" | "" | "who" | "from")
    {
        return false;
    }
    // “Correctional Centre 2”, “Section 13”
    if digits
        && found.start == k
        && k > 0
        && s.tokens[k - 1].capital()
        && s.tokens[k - 1].is_word()
        && k > 1
        && !s.tokens.get(end).is_some_and(Token::is_word)
    {
        return false;
    }
    // A year.
    let years = [1900..=2100, 2400..=2600, 1300..=1450].iter().any(|r| r.contains(&found.value));
    if digits && years && word.len() == 4 && found.start == k {
        let counted = s.tokens.get(end).is_some_and(|t| t.is(Flags::PERSONS) || t.is(Flags::UNIT));
        if !counted
            || matches!(before, "in" | "since" | "of" | "the" | "by" | "until" | "from" | "and" | "during" | ",")
        {
            return false;
        }
    }
    // “20:15”, “3.14”
    if matches!(before, ":" | ".")
        && k >= 2
        && s.tokens[k - 1].start == s.tokens[k - 2].end
        && s.tokens[k].start == s.tokens[k - 1].end
    {
        return false;
    }
    // “two or more persons”: how laws speak.
    if found.value < 3 && s.norm(k + 1) == "or" && s.norm(k + 2) == "more" {
        return false;
    }
    // “one in three”
    !(before == "in" && k >= 2 && lexicon.numbers.bare(&s.tokens, k - 2).is_some())
        && !(next == "in" && lexicon.numbers.bare(&s.tokens, end + 1).is_some_and(|(n, _)| n < 1900))
}

/// Whether a noun stands for people, by the lists or by its ending: “gravediggers”, “botanists”.
fn people(t: &Token, counting: &Counting) -> bool {
    if t.is(Flags::PERSON.with(Flags::PERSONS)) || counting.has("people", &t.norm) {
        return true;
    }
    const ENDINGS: [&str; 12] =
        ["ers", "ors", "ists", "ians", "ees", "women", "men", "eers", "crats", "folk", "children", "mates"];
    let n = t.norm.as_str();
    n.len() > 5
        && ENDINGS.iter().any(|e| n.ends_with(e))
        && !counting.has("not_people", n)
        && !counting.has("uncounted", n)
        && t.case == Case::Lower
}

fn plural(t: &Token, counting: &Counting) -> bool {
    let n = t.norm.as_str();
    n.ends_with('s') && !n.ends_with("ss") && !n.ends_with("ous") && !n.ends_with("us")
        || n.ends_with("men")
        || n.ends_with("children")
        || n.ends_with("folk")
        || matches!(n, "people" | "police" | "staff" | "media" | "personnel" | "summons" | "clergy" | "crew")
        || counting.has("people", n)
}

/// The noun of the run of words at a token.
fn scan(s: &Sentence, at: usize, singular: bool, lexicon: &Lexicon, counting: &Counting) -> Noun {
    let mut out = Noun { head: None, end: at, unit: None, actor: false, rejected: false };
    let ordinal_head = at > 0 && lexicon.numbers.ordinal(s.norm(at - 1)).is_some();
    let mut i = at;
    while i < at + 9 {
        let Some(t) = s.tokens.get(i) else { break };
        if matches!(t.norm.as_str(), "\"" | "“" | "”" | "‘" | "’" | "'") && out.head.is_none() {
            i += 1;
            continue;
        }
        if !t.is_word() || s.dates.iter().any(|d| d.start <= i && i < d.end) {
            break;
        }
        let noun = people(t, counting) || counting.units.contains_key(&t.norm) || counting.has("uncounted", &t.norm);
        if t.is(CLOSED) && !(noun && !t.is(Flags::DETERMINER.with(Flags::PREPOSITION))) {
            // “land and housing activists”
            let joins = t.is(Flags::CONJUNCTION) && out.head.is_none() && i > at;
            if !joins {
                break;
            }
            i += 1;
            continue;
        }
        if counting
            .phrases
            .get("compounds")
            .is_some_and(|list| list.iter().any(|p| p.iter().enumerate().all(|(k, w)| s.norm(i + k) == w)))
            && s.norm(i) != "human"
        {
            out.rejected = true;
            return out;
        }
        // A verb: “12 gathered”. A participle may stand before its noun: “12 detained workers”.
        let verbal =
            (t.norm.ends_with("ed") || t.norm.ends_with("ing") || t.is(Flags::TRIGGER.with(Flags::SPEECH))) && !noun;
        if verbal {
            let next_noun = (i + 1..i + 4)
                .take_while(|&j| s.tokens.get(j).is_some_and(|n| n.is_word() && !n.is(CLOSED)))
                .any(|j| s.tokens.get(j).is_some_and(|n| people(n, counting) || counting.units.contains_key(&n.norm)));
            if out.head.is_some() || !next_noun {
                break;
            }
            i += 1;
            continue;
        }
        if noun {
            let many = plural(t, counting);
            let fits = singular || many || ordinal_head;
            let modifies = t.possessive && s.tokens.get(i + 1).is_some_and(|n| n.is_word() && !n.is(CLOSED));
            if fits && !modifies {
                out.head = Some(i);
                out.end = i + 1;
                out.rejected = false;
                out.unit = None;
                out.actor = counting.has("actors", &t.norm);
                if counting.has("uncounted", &t.norm) || t.possessive && !modifies && t.full_end > t.end + 1 {
                    out.rejected = counting.has("uncounted", &t.norm);
                } else if let Some(unit) = counting.units.get(&t.norm) {
                    out.unit = Some(unit.clone());
                } else {
                    out.unit = Some("persons".to_owned());
                }
                // “12 farmers’ groups” and “five rights groups” go on; “12 workers gathered” does not.
                let next = s.tokens.get(i + 1);
                let goes_on = next.is_some_and(|n| {
                    n.is_word()
                        && !n.is(CLOSED)
                        && (plural(n, counting) || singular || ordinal_head && !many)
                        && (people(n, counting) || counting.units.contains_key(&n.norm))
                        && n.norm != "others"
                });
                if !goes_on && (many || ordinal_head || singular) {
                    break;
                }
            }
        } else if plural(t, counting) && t.norm != "rights" && t.case == Case::Lower {
            // A noun that nobody has put on a list: counted or not, it ends the phrase.
            let later = s
                .tokens
                .get(i + 1)
                .is_some_and(|n| plural(n, counting) && (people(n, counting) || counting.units.contains_key(&n.norm)));
            if !later {
                out.head = Some(i);
                out.end = i + 1;
                out.unit = None;
                break;
            }
        } else if out.head.is_some() {
            break;
        }
        i += 1;
    }
    out
}

/// A number without a noun: “71 are women”, “down from 171”, “22 who had fled”.
#[allow(clippy::too_many_arguments)]
fn alone<'a>(
    s: &Sentence,
    found: &numbers::Found,
    at: usize,
    filler: bool,
    definite: bool,
    previous: Option<&'a str>,
    lexicon: &Lexicon,
    counting: &Counting,
) -> Option<&'a str> {
    if definite {
        return None;
    }
    let bounded = found.bounds.min != found.bounds.max;
    let next = s.tokens.get(at);
    let norm = next.map_or("", |t| t.norm.as_str());
    if norm == "who" || filler && next.is_some_and(|t| t.is(Flags::BE.with(Flags::HAVE))) {
        return Some(previous.unwrap_or("persons"));
    }
    let verb = next.is_some_and(|t| {
        t.is(Flags::BE.with(Flags::HAVE))
            || counting.has("states", &t.norm)
            || t.norm.ends_with("ed") && t.norm.len() > 4
    });
    // “Room 4 was”, “Section 12 has”: taken care of by their index word.
    if verb && (found.value > 1 || bounded) && (found.start == 0 || !s.tokens[found.start - 1].capital()) {
        return Some(previous.unwrap_or("persons"));
    }
    let ends = next.is_none_or(|t| !t.is_word() || t.is(CLOSED) || t.is(Flags::ADVERB));
    if !ends {
        return None;
    }
    let before = found.start.checked_sub(1).map_or("", |i| s.norm(i));
    // “a girl of fifteen”, “Ms Kunthy is 71”, “aged over 60”
    let person = (found.start.saturating_sub(4)..found.start)
        .any(|i| s.tokens[i].is(Flags::PERSON) || s.tokens[i].capital() && i > 0);
    let spoken = before == "of" && found.start > 1 && s.norm(found.start - 2).starts_with("sp");
    if matches!(before, "of" | "aged" | "turned") && !spoken
        || matches!(before, "is" | "was") && person && found.value < 110
    {
        return None;
    }
    let hedged = s.tokens[found.start..found.number]
        .iter()
        .any(|t| !matches!(t.norm.as_str(), "the" | "all" | "only" | "just" | "another" | "a" | "of"));
    if (bounded || hedged) && found.value >= 5 {
        return Some(previous.unwrap_or("persons"));
    }
    let numbers = (0..found.start).any(|i| counting.has("number_words", s.norm(i)));
    let compared = counting.has("compared", before)
        || numbers && counting.has("of_number", before)
        || s.tokens[found.start..found.number].iter().any(|t| t.norm == "only")
        || found.start == 0 && s.dates.iter().any(|d| d.start == at || d.start == at + 1)
        || s.dates.iter().any(|d| d.start == at) && matches!(before, "," | "and" | ";" | "" | "against");
    let _ = lexicon;
    compared.then_some(previous?)
}
