//! Names of persons, organisations and places: runs of capitalised words, told apart by what is
//! in them and around them, in the whole document rather than in one sentence.

use std::collections::HashMap;

use crate::lexicon::{Flags, Lexicon};
use crate::token::{Case, Token};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NameKind {
    Person,
    Organisation,
    Place,
    Law,
    Other,
}

/// A name in a sentence.
#[derive(Debug, Clone)]
pub(crate) struct Named {
    /// Tokens of the name itself, without title or role.
    pub start: usize,
    pub end: usize,
    /// First token of the title or role before it.
    pub lead: usize,
    pub kind: NameKind,
    /// The fullest form that the document has.
    pub name: String,
}

/// A run before it is known what it names.
#[derive(Debug, Clone)]
struct Run {
    start: usize,
    end: usize,
    lead: usize,
    guess: NameKind,
    /// Evidence for a person; summed over the document.
    score: i32,
}

/// What the document as a whole says of its names.
#[derive(Debug, Default)]
pub(crate) struct Registry {
    /// Evidence by name in lower case.
    scores: HashMap<String, i32>,
    /// Full names of persons, in order of appearance.
    persons: Vec<String>,
    organisations: Vec<String>,
    /// Words that occur in lower case: common words.
    common: std::collections::HashSet<String>,
}

fn text_of<'a>(text: &'a str, tokens: &[Token], start: usize, end: usize) -> &'a str {
    match (tokens.get(start), end.checked_sub(1).and_then(|e| tokens.get(e))) {
        (Some(a), Some(b)) => text.get(a.start..b.end).unwrap_or_default(),
        _ => "",
    }
}

fn spaced(words: &str) -> String {
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}

const FUNCTION: Flags = Flags::DETERMINER
    .with(Flags::PREPOSITION)
    .with(Flags::PRONOUN)
    .with(Flags::PRONOUNS)
    .with(Flags::POSSESSIVE)
    .with(Flags::SUBORDINATOR)
    .with(Flags::RELATIVE)
    .with(Flags::BE)
    .with(Flags::HAVE)
    .with(Flags::DO)
    .with(Flags::MODAL)
    .with(Flags::NEGATION)
    .with(Flags::CONJUNCTION);

/// The capitalised runs of a sentence.
fn runs(tokens: &[Token], taken: &dyn Fn(usize) -> bool, registry: &Registry, lexicon: &Lexicon) -> Vec<Run> {
    let mut out = Vec::new();
    let mut i = 0;
    while i < tokens.len() {
        let starts = |k: usize| {
            tokens.get(k).is_some_and(|t| {
                t.capital() && !taken(k) && (!t.is(FUNCTION) || t.is(Flags::TITLE) && k > 0 && t.norm.ends_with('.'))
            })
        };
        let skip = |k: usize| {
            let t = &tokens[k];
            // “Cambodian activist”, “Monday”, “Police”: no part of a name at its head.
            t.is(Flags::DEMONYM)
                && !tokens[k + 1..].iter().take(5).take_while(|n| n.capital()).any(|n| n.is(Flags::ORG_HEAD.with(Flags::LAW_HEAD)))
                || t.is(Flags::WEEKDAY.with(Flags::NUMBER)) && t.case == Case::Title
                || t.is(Flags::ADVERB) && t.case == Case::Title && (k == 0 || !tokens[k - 1].is_word())
                // “Released this noon”, “Convicted on”, “Gunned down”
                || t.is(Flags::TRIGGER) && t.norm.ends_with("ed") && t.case == Case::Title
                || t.case == Case::Title
                    && t.is(Flags::PAST
                        .with(Flags::PARTICIPLE)
                        .with(Flags::THIRD)
                        .with(Flags::GERUND)
                        .with(Flags::AGENT)
                        .with(Flags::PERSON)
                        .with(Flags::PERSONS))
                    && (k == 0 || !tokens[k - 1].is_word() || tokens[k - 1].norm.starts_with(|c: char| c.is_ascii_digit()))
                    && !tokens.get(k + 1).is_some_and(Token::capital)
                // “Human rights defender Joy Bounmy”: the first word of the sentence alone, before a noun.
                || t.case == Case::Title
                    && t.is(Flags::ORG_HEAD)
                    && (k == 0 || !tokens[k - 1].is_word())
                    && tokens.get(k + 1).is_some_and(|n| {
                        n.case == Case::Lower && !n.is(FUNCTION) && (n.is(Flags::PERSON.with(Flags::PERSONS)) || n.norm == "rights")
                    })
        };
        if !starts(i) || skip(i) {
            i += 1;
            continue;
        }
        let start = i;
        let mut end = i + 1;
        let mut grouped = tokens[i].is(Flags::ORG_HEAD.with(Flags::LAW_HEAD).with(Flags::NOT_NAME));
        let mut linked = false;
        // “Eastern Thread Workers' Union”
        let owns = |end: usize| {
            tokens[end - 1].possessive
                && !(tokens.get(end).is_some_and(|t| t.capital() && t.is(Flags::ORG_HEAD))
                    && tokens[end - 1].is(Flags::ORG_HEAD.with(Flags::PERSONS)))
        };
        while end < tokens.len() && !owns(end) {
            let t = &tokens[end];
            let initial = t.norm.len() == 2 && t.norm.ends_with('.') && t.capital();
            if (t.capital() && !taken(end) && !t.is(FUNCTION.with(Flags::WEEKDAY))) || initial {
                grouped |= t.is(Flags::ORG_HEAD.with(Flags::LAW_HEAD));
                end += 1;
                continue;
            }
            let next_capital = |k: usize| tokens.get(k).is_some_and(|n| n.capital() && !taken(k));
            if t.is(Flags::PARTICLE) && next_capital(end + 1) && !grouped {
                end += 2;
                continue;
            }
            let connector = match t.norm.as_str() {
                "of" | "for" | "on" | "against" | "de" | "pour" => true,
                "and" | "&" => linked || t.norm == "&",
                "to" => tokens[end - 1].norm == "mission" || tokens[end - 1].norm == "ambassador",
                _ => false,
            };
            if connector && grouped {
                let after = if tokens.get(end + 1).is_some_and(|n| n.norm == "the") { end + 2 } else { end + 1 };
                if next_capital(after) && !tokens[after].is(FUNCTION.with(Flags::MONTH).with(Flags::WEEKDAY)) {
                    // “the Ministry of Justice and Rong Chhun” are two.
                    let and = matches!(t.norm.as_str(), "and");
                    let known = and && registry.is_person_at(tokens, after);
                    if !known {
                        linked |= t.norm != "&";
                        end = after + 1;
                        continue;
                    }
                }
            }
            break;
        }
        out.push(run(tokens, start, end, registry, lexicon));
        i = end;
    }
    out
}

fn run(tokens: &[Token], start: usize, end: usize, registry: &Registry, lexicon: &Lexicon) -> Run {
    let slice = &tokens[start..end];
    let lower: Vec<&str> = slice.iter().map(|t| t.norm.as_str()).collect();
    let plain = Flags::NOT_NAME
        .with(Flags::ORG_HEAD)
        .with(Flags::LAW_HEAD)
        .with(Flags::MONTH)
        .with(Flags::WEEKDAY)
        .with(Flags::DEMONYM)
        .with(Flags::PERSON)
        .with(Flags::PERSONS)
        .with(Flags::AGENT);
    // “Ngo Thi Huong” is a person, an NGO is not.
    let family = |t: &Token| t.norm == "ngo" && t.case == Case::Title;
    let joined_by = slice.iter().any(|t| matches!(t.norm.as_str(), "of" | "for" | "on" | "against"));
    // Shouted lines are headings or slogans.
    let shouted = slice.len() > 1 && slice.iter().all(|t| t.case != Case::Title);
    // The longest tail of words that can be a name, after the last title or role.
    let mut lead = end;
    while lead > start {
        let t = &tokens[lead - 1];
        let odd_end = lead == end
            && end - start >= 3
            && t.is(Flags::NOT_NAME)
            && !t.is(Flags::ORG_HEAD.with(Flags::LAW_HEAD).with(Flags::PLACE_HEAD));
        if t.is(plain) && !family(t) && !odd_end
            || t.is(Flags::TITLE) && lead < end && t.norm.ends_with('.')
            || t.norm.contains(['.', '/']) && t.norm.len() > 2
        {
            break;
        }
        if t.is(Flags::TITLE) && !(lead == end && start + 1 < end && lead - start <= 2) {
            break;
        }
        lead -= 1;
    }
    let titled_inside = lead > start && tokens[lead - 1].is(Flags::TITLE.with(Flags::PERSON).with(Flags::PERSONS));
    // “his nephew Tou”: one word is enough.
    let kin = lead == start
        && start >= 2
        && tokens[start - 1].is(Flags::PERSON)
        && tokens[start - 1].case == Case::Lower
        && tokens[start - 2].is(Flags::POSSESSIVE);
    let before = start.checked_sub(1).and_then(|k| tokens.get(k));
    let next = tokens.get(end);
    let titled = titled_inside || (lead == start && before.is_some_and(|t| t.is(Flags::PERSON) && t.is_word()));
    let length = end - lead;
    let person_shape = (1..=5).contains(&length);
    let joined = lower.join(" ");
    let make = |lead: usize, guess: NameKind, score: i32| Run { start: lead, end, lead: start, guess, score };
    if titled
        && person_shape
        && !joined_by
        && !shouted
        && (length >= 2 || titled_inside || kin || registry.knows(&joined))
    {
        return make(lead, NameKind::Person, 4);
    }
    if lexicon.is_place(&joined) {
        return make(start, NameKind::Place, -4);
    }
    if slice.iter().any(|t| t.is(Flags::LAW_HEAD)) && (slice.len() > 1 || lower[0] == "constitution") {
        return make(start, NameKind::Law, -4);
    }
    if slice.iter().any(|t| t.is(Flags::ORG_HEAD) && !family(t))
        && !(slice.len() == 1 && slice[0].case == Case::Title && slice[0].is(Flags::NOT_NAME))
        && !(slice.len() == 1 && !registry.knows_organisation(&joined) && start == 0)
    {
        return make(start, NameKind::Organisation, -4);
    }
    if slice.len() == 1 && slice[0].case == Case::Upper && slice[0].norm.len() >= 2 {
        return make(start, NameKind::Organisation, -4);
    }
    if slice.last().is_some_and(|t| t.is(Flags::PLACE_HEAD)) || slice.first().is_some_and(|t| t.is(Flags::PLACE_HEAD)) {
        return make(start, NameKind::Place, -4);
    }
    // “Golden Needle factory”, “Pur Senchey district”
    if let Some(t) = next.filter(|t| t.case == Case::Lower && !slice[slice.len() - 1].possessive) {
        if t.is(Flags::PLACE_HEAD) && !t.is(Flags::PERSON) {
            return make(start, NameKind::Place, -4);
        }
        if t.is(Flags::ORGANISATION) || t.is(Flags::ORG_HEAD) && !t.is(Flags::PERSON.with(Flags::PERSONS)) {
            return make(start, NameKind::Organisation, -3);
        }
    }
    if before.is_some_and(|t| t.is(Flags::ORGANISATION) && t.case == Case::Lower && !t.is(Flags::PERSON)) {
        return make(start, NameKind::Organisation, -3);
    }
    if lead > start && length == 0 || slice.iter().any(|t| t.is(Flags::MONTH.with(Flags::WEEKDAY))) {
        return make(start, NameKind::Other, -2);
    }
    if joined_by || shouted && !registry.knows(&joined) {
        return make(start, NameKind::Other, -2);
    }
    if slice.iter().enumerate().any(|(i, t)| t.is(plain) && !family(t) && !(i + 1 == slice.len() && lead == start))
        && !(lead > start && length >= 2 && start == 0)
    {
        return make(start, NameKind::Other, -2);
    }
    let from = lead;
    // A common word that begins the sentence: “Despite”, “Villagers”.
    let from = if from == 0 && length >= 2 && registry.common.contains(&tokens[0].norm) { 1 } else { from };
    let length = end - from;
    let mut score = match length {
        2..=4 => 1,
        _ => 0,
    };
    let age = next.is_some_and(|t| t.norm == ",")
        && tokens.get(end + 1).is_some_and(|t| t.norm.len() <= 2 && t.norm.bytes().all(|b| b.is_ascii_digit()))
        && tokens.get(end + 2).is_some_and(|t| matches!(t.norm.as_str(), "," | "." | "and"));
    if age {
        score += 3;
    }
    if next.is_some_and(|t| t.is(Flags::SPEECH) && t.case == Case::Lower) {
        score += 2;
    }
    let before = from.checked_sub(1).and_then(|k| tokens.get(k));
    if before.is_some_and(|t| t.norm == "the") {
        score -= 3;
    }
    if before.is_some_and(|t| matches!(t.norm.as_str(), "in" | "at" | "near" | "from" | "outside")) {
        score -= 2;
    }
    let guess = if length >= 2 && score > 0 { NameKind::Person } else { NameKind::Other };
    Run { start: from, end, lead: from, guess, score }
}

impl Registry {
    fn knows(&self, name: &str) -> bool {
        self.find(name).is_some()
    }

    fn knows_organisation(&self, name: &str) -> bool {
        self.organisations.iter().any(|o| o.to_lowercase() == name)
    }

    fn is_person_at(&self, tokens: &[Token], at: usize) -> bool {
        self.persons.iter().any(|p| {
            let parts: Vec<String> = p.to_lowercase().split(' ').map(str::to_owned).collect();
            parts.iter().enumerate().all(|(k, w)| tokens.get(at + k).is_some_and(|t| t.norm == *w))
        })
    }

    /// The full name behind a full or short one.
    pub fn find(&self, name: &str) -> Option<&str> {
        let lower = name.to_lowercase();
        let exact = self.persons.iter().find(|p| p.to_lowercase() == lower);
        exact
            .or_else(|| {
                let words: Vec<&str> = lower.split(' ').collect();
                self.persons.iter().find(|p| {
                    let full = p.to_lowercase();
                    let full: Vec<&str> = full.split(' ').collect();
                    words.len() < full.len() && words.iter().all(|w| full.contains(w))
                })
            })
            // “Seng Theary” and “Theary Seng”.
            .or_else(|| {
                let mut words: Vec<&str> = lower.split(' ').collect();
                words.sort_unstable();
                self.persons.iter().find(|p| {
                    let full = p.to_lowercase();
                    let mut full: Vec<&str> = full.split(' ').collect();
                    full.sort_unstable();
                    full == words
                })
            })
            .map(String::as_str)
    }

    /// First pass: every name with its evidence. `sentences` are the tokens of body text.
    pub fn learn(text: &str, sentences: &[(&[Token], Vec<bool>)], lexicon: &Lexicon) -> Self {
        let mut registry = Self::default();
        for (tokens, _) in sentences {
            for t in *tokens {
                if t.case == Case::Lower {
                    registry.common.insert(t.norm.clone());
                }
            }
        }
        let mut order: Vec<(String, String)> = Vec::new();
        for (tokens, dated) in sentences {
            let taken = |k: usize| dated.get(k).copied().unwrap_or(false);
            for run in runs(tokens, &taken, &registry, lexicon) {
                let name = spaced(text_of(text, tokens, run.start, run.end));
                let key = name.to_lowercase();
                *registry.scores.entry(key.clone()).or_default() += run.score;
                if run.guess == NameKind::Organisation {
                    registry.organisations.push(name.clone());
                }
                if !order.iter().any(|(k, _)| *k == key) {
                    order.push((key, name));
                }
            }
        }
        // Longer names first become persons; then “Ms Sreymom” finds “Chum Sreymom”.
        for (key, name) in &order {
            if name.contains(' ') && registry.scores.get(key).is_some_and(|s| *s > 0) {
                registry.persons.push(name.clone());
            }
        }
        for (key, name) in &order {
            if !name.contains(' ') && registry.scores.get(key).is_some_and(|s| *s >= 4) && !registry.knows(name) {
                registry.persons.push(name.clone());
            }
        }
        registry
    }

    /// Second pass: the names of a sentence.
    pub fn names(&self, text: &str, tokens: &[Token], taken: &dyn Fn(usize) -> bool, lexicon: &Lexicon) -> Vec<Named> {
        runs(tokens, taken, self, lexicon)
            .into_iter()
            .map(|run| {
                let name = spaced(text_of(text, tokens, run.start, run.end));
                let key = name.to_lowercase();
                let full = match run.guess {
                    NameKind::Organisation | NameKind::Place | NameKind::Law if !self.persons.contains(&name) => None,
                    _ => self.find(&key),
                };
                let kind = match (full, run.guess) {
                    (Some(_), _) => NameKind::Person,
                    (None, NameKind::Person) if run.score >= 4 => NameKind::Person,
                    (None, NameKind::Person) => NameKind::Other,
                    (None, guess) => guess,
                };
                let name = full.map_or(name, str::to_owned);
                Named { start: run.start, end: run.end, lead: run.lead, kind, name }
            })
            .collect()
    }
}
