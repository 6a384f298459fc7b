//! The engine's words, from `data/*.yaml`: loaded once, checked, with file and line in every error.

mod flags;
mod forms;

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use schema::DataError;
use schema::yaml::{self, Node};

use crate::dates::Calendar;
use crate::numbers::Numbers;
use crate::triggers::Triggers;

pub(crate) use flags::Flags;
use forms::plural;
pub(crate) use forms::{Forms, Verbs};

/// A sequence of words in lower case.
pub(crate) type Phrase = Vec<String>;

/// Everything that the data files say.
pub(crate) struct Lexicon {
    words: HashMap<String, Flags>,
    /// The unit of a count by its noun.
    pub units: HashMap<String, String>,
    pub calendar: Calendar,
    pub numbers: Numbers,
    pub triggers: Triggers,
    pub verbs: Verbs,
    /// Multi-word cues by their key in `cues.yaml`.
    phrases: HashMap<String, Vec<Phrase>>,
    lists: HashMap<String, Vec<String>>,
    places: HashSet<String>,
    kinds: Vec<Kind>,
    abbreviations: HashSet<String>,
    final_abbreviations: HashSet<String>,
}

struct Kind {
    name: String,
    head: Vec<String>,
    also: Vec<String>,
    anywhere: Vec<String>,
}

static STANDARD: LazyLock<Result<Lexicon, DataError>> = LazyLock::new(Lexicon::load);

impl Lexicon {
    /// The lexicon that is compiled in.
    pub fn standard() -> Result<&'static Self, DataError> {
        STANDARD.as_ref().map_err(Clone::clone)
    }

    pub fn load() -> Result<Self, DataError> {
        let words = yaml::parse("words.yaml", include_str!("../data/words.yaml"))?;
        let calendar_file = yaml::parse("calendar.yaml", include_str!("../data/calendar.yaml"))?;
        let cues = yaml::parse("cues.yaml", include_str!("../data/cues.yaml"))?;
        let document = yaml::parse("document.yaml", include_str!("../data/document.yaml"))?;
        let places = yaml::parse("places.yaml", include_str!("../data/places.yaml"))?;
        let irregular = yaml::parse("irregular.yaml", include_str!("../data/irregular.yaml"))?;
        let triggers = yaml::parse("triggers.yaml", include_str!("../data/triggers.yaml"))?;

        let people = yaml::parse("people.yaml", include_str!("../data/people.yaml"))?;
        let common = yaml::parse("verbs.yaml", include_str!("../data/verbs.yaml"))?;
        let verbs = Verbs::load(&irregular)?;
        let mut lexicon = Self {
            words: HashMap::new(),
            units: HashMap::new(),
            calendar: Calendar::load(&calendar_file)?,
            numbers: Numbers::load()?,
            triggers: Triggers::load(&triggers, &verbs)?,
            verbs,
            phrases: HashMap::new(),
            lists: HashMap::new(),
            places: HashSet::new(),
            kinds: Vec::new(),
            abbreviations: HashSet::new(),
            final_abbreviations: HashSet::new(),
        };
        lexicon.load_words(&words)?;
        lexicon.load_people(&people)?;
        lexicon.load_verbs(&common)?;
        lexicon.load_cues(&cues)?;
        lexicon.load_document(&document)?;
        lexicon.load_places(&places)?;
        // “Sun”, “Sat” and “Mar” are parts of names as often as they are days and months.
        for word in lexicon.calendar.month_words().into_iter().filter(|w| w.len() > 3) {
            lexicon.mark(&word, Flags::MONTH);
        }
        for word in lexicon.calendar.weekday_words().into_iter().filter(|w| w.len() > 4) {
            lexicon.mark(&word, Flags::WEEKDAY);
        }
        for word in lexicon.numbers.words() {
            lexicon.mark(&word, Flags::NUMBER);
        }
        lexicon.mark_triggers();
        for word in ["i", "me", "myself", "we", "us", "ourselves"] {
            lexicon.mark(word, Flags::FIRST);
        }
        Ok(lexicon)
    }

    /// Adds an analyst's own triggers and nouns; see [`crate::Rules::with`].
    pub fn extend(&mut self, file: &Node) -> Result<(), DataError> {
        if file.is_list() {
            self.triggers.add_all(file, &self.verbs, true)?;
        } else {
            file.known_keys(&["triggers", "persons", "agents", "organisations"])?;
            if let Some(triggers) = file.get("triggers") {
                self.triggers.add_all(triggers, &self.verbs, true)?;
            }
            self.add_people(file)?;
        }
        self.mark_triggers();
        Ok(())
    }

    fn mark_triggers(&mut self) {
        for word in self.triggers.first_words() {
            self.mark(&word, Flags::TRIGGER);
        }
        for verb in self.triggers.verbs() {
            self.mark_verb(&verb);
        }
    }

    /// Marks the forms of a verb.
    fn mark_verb(&mut self, base: &str) {
        let forms = self.verbs.forms(base);
        self.mark(&forms.base, Flags::BASE);
        self.mark(&forms.third, Flags::THIRD);
        self.mark(&forms.past, Flags::PAST);
        self.mark(&forms.participle, Flags::PARTICIPLE);
        self.mark(&forms.gerund, Flags::GERUND);
    }

    /// `people.yaml`: nouns in the singular; their plurals by the rules of spelling.
    fn load_people(&mut self, file: &Node) -> Result<(), DataError> {
        file.known_keys(&["persons", "agents", "organisations", "titles"])?;
        for word in file.require("titles")?.strings()? {
            self.mark(word, Flags::TITLE);
        }
        self.add_people(file)
    }

    fn add_people(&mut self, file: &Node) -> Result<(), DataError> {
        for (key, one, many) in [
            ("persons", Flags::PERSON, Flags::PERSONS),
            ("agents", Flags::PERSON.with(Flags::AGENT), Flags::PERSONS.with(Flags::AGENT)),
            ("organisations", Flags::ORGANISATION, Flags::ORGANISATIONS),
        ] {
            let Some(list) = file.get(key) else { continue };
            for word in list.strings()? {
                self.mark(word, one);
                self.mark(&plural(word), many);
            }
        }
        Ok(())
    }

    fn load_verbs(&mut self, file: &Node) -> Result<(), DataError> {
        file.known_keys(&["common", "nominal"])?;
        for word in file.require("common")?.strings()? {
            self.mark_verb(word);
        }
        for word in file.require("nominal")?.strings()? {
            self.mark(word, Flags::NOMINAL);
        }
        Ok(())
    }

    fn mark(&mut self, word: &str, flag: Flags) {
        let flags = self.words.entry(word.to_owned()).or_default();
        *flags = flags.with(flag);
    }

    fn load_words(&mut self, file: &Node) -> Result<(), DataError> {
        let mut known: Vec<&str> = Flags::KEYS.iter().map(|(k, _)| *k).collect();
        known.push("units");
        file.known_keys(&known)?;
        for (key, flag) in Flags::KEYS {
            for word in file.require(key)?.strings()? {
                if *key == "speech_verbs" {
                    self.mark_verb(word);
                    for form in self.verbs.forms(word).all() {
                        self.mark(&form, *flag);
                    }
                } else {
                    self.mark(word, *flag);
                }
            }
        }
        for entry in file.require("units")?.as_map()? {
            for word in entry.value().strings()? {
                self.units.insert(word.to_owned(), entry.key().to_owned());
                self.mark(word, Flags::UNIT);
            }
        }
        Ok(())
    }

    fn load_cues(&mut self, file: &Node) -> Result<(), DataError> {
        const FLAGGED: [(&str, Flags); 6] = [
            ("implicatives", Flags::IMPLICATIVE),
            ("hypotheses", Flags::HYPOTHESIS),
            ("denials", Flags::DENIAL),
            ("wishes", Flags::WISH),
            ("crimes", Flags::CRIME),
            ("addressees", Flags::ADDRESSEE),
        ];
        for entry in file.as_map()? {
            let flag = FLAGGED.iter().find(|(k, _)| *k == entry.key()).map(|(_, f)| *f);
            for cue in entry.value().strings()? {
                let phrase: Phrase = cue.split_whitespace().map(str::to_lowercase).collect();
                if let (Some(flag), [word]) = (flag, phrase.as_slice()) {
                    self.mark(&word.clone(), flag);
                }
                self.phrases.entry(entry.key().to_owned()).or_default().push(phrase);
            }
        }
        Ok(())
    }

    fn load_document(&mut self, file: &Node) -> Result<(), DataError> {
        for kind in file.require("kinds")?.list()? {
            kind.known_keys(&["kind", "head", "also", "anywhere"])?;
            let strings = |key: &str| -> Result<Vec<String>, DataError> {
                Ok(kind.get(key).map_or(Ok(Vec::new()), Node::strings)?.into_iter().map(str::to_owned).collect())
            };
            self.kinds.push(Kind {
                name: kind.require("kind")?.str()?.to_owned(),
                head: strings("head")?,
                also: strings("also")?,
                anywhere: strings("anywhere")?,
            });
        }
        for entry in file.as_map()?.iter().filter(|e| e.key() != "kinds") {
            let list = entry.value().strings()?.into_iter().map(str::to_owned).collect();
            self.lists.insert(entry.key().to_owned(), list);
        }
        self.abbreviations = self.list("abbreviations").iter().cloned().collect();
        self.final_abbreviations = self.list("final_abbreviations").iter().cloned().collect();
        Ok(())
    }

    fn load_places(&mut self, file: &Node) -> Result<(), DataError> {
        file.known_keys(&["countries", "places", "heads", "demonyms"])?;
        for key in ["countries", "places"] {
            for name in file.require(key)?.strings()? {
                self.places.insert(name.to_owned());
                if let Some(first) = name.split(' ').next() {
                    self.mark(first, Flags::PLACE);
                }
            }
        }
        for word in file.require("heads")?.strings()? {
            self.mark(word, Flags::PLACE_HEAD);
        }
        for word in file.require("demonyms")?.strings()? {
            self.mark(word, Flags::DEMONYM);
        }
        Ok(())
    }

    pub fn flags(&self, norm: &str) -> Flags {
        let known = self.words.get(norm).copied().unwrap_or_default();
        // “the 34-year-old was handed”: a person.
        if norm.ends_with("-year-old") {
            known.with(Flags::PERSON)
        } else if norm.ends_with("-year-olds") {
            known.with(Flags::PERSONS)
        } else {
            known
        }
    }

    /// Phrases of a key of `cues.yaml`.
    pub fn phrases(&self, key: &str) -> &[Phrase] {
        self.phrases.get(key).map_or(&[], Vec::as_slice)
    }

    fn list(&self, key: &str) -> &[String] {
        self.lists.get(key).map_or(&[], Vec::as_slice)
    }

    pub fn is_place(&self, name: &str) -> bool {
        self.places.contains(name)
    }

    pub fn is_abbreviation(&self, dotted: &str) -> bool {
        let lower = dotted.to_lowercase();
        // A single initial: “A.” in “Nguyen Van A. was”.
        self.abbreviations.contains(&lower)
            || (lower.chars().count() == 2 && dotted.starts_with(|c: char| c.is_uppercase()))
    }

    pub fn may_end_sentence(&self, dotted: &str) -> bool {
        self.final_abbreviations.contains(&dotted.to_lowercase())
    }

    /// Whether a stretch of text stops at an abbreviation rather than at the end of a sentence.
    pub fn ends_in_abbreviation(&self, text: &str) -> bool {
        let last = text.rsplit(|c: char| c.is_whitespace() || c == '(' || c == '[').next().unwrap_or(text);
        last.ends_with('.') && self.is_abbreviation(last) && !self.may_end_sentence(last)
    }

    fn line_in(&self, key: &str, line: &str) -> bool {
        let lower = line.trim_end_matches([':', '.']).to_lowercase();
        self.list(key).contains(&lower)
    }

    fn line_starts(&self, key: &str, line: &str) -> bool {
        let lower = line.to_lowercase();
        self.list(key).iter().any(|l| lower.starts_with(l.as_str()))
    }

    pub fn is_boilerplate(&self, line: &str) -> bool {
        self.line_in("lines", line) || (line.chars().count() <= 240 && self.line_starts("starts", line))
    }

    pub fn is_menu(&self, line: &str) -> bool {
        self.line_in("menu", line)
    }

    pub fn ends_document(&self, line: &str) -> bool {
        let cut = line.split(['(', ':']).next().unwrap_or(line).trim();
        cut.split_whitespace().count() <= 5 && self.line_in("ends", cut)
    }

    pub fn is_matter(&self, line: &str) -> bool {
        line.chars().count() <= 160 && self.line_starts("matter", line)
    }

    pub fn is_letterhead(&self, line: &str) -> bool {
        self.line_in("letterhead", line)
            || (line.split_whitespace().count() <= 6 && self.line_starts("letterhead", line) && !line.contains(": "))
            || line.split_whitespace().count() <= 1
    }

    pub fn is_finite_auxiliary(&self, word: &str) -> bool {
        let flags = self.flags(&word.to_lowercase());
        flags.any(Flags::HAVE) || (flags.any(Flags::BE) && word != "being" && word != "be")
    }

    pub fn kind_of(&self, head: &str, all: &str) -> Option<String> {
        self.kinds
            .iter()
            .find(|k| {
                (k.head.iter().any(|c| head.contains(c.as_str()))
                    && (k.also.is_empty() || k.also.iter().any(|c| head.contains(c.as_str()))))
                    || k.anywhere.iter().any(|c| all.contains(c.as_str()))
            })
            .map(|k| k.name.clone())
    }
}
