//! The engine's words, from `data/*.yaml`: loaded once, checked, with file and line in every error.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use schema::DataError;
use schema::yaml::{self, Node};

use crate::dates::Calendar;
use crate::numbers::Numbers;
use crate::triggers::Triggers;

/// Classes of a word, as bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Flags(u64);

macro_rules! flags {
    ($($name:ident = $bit:expr, $key:expr;)*) => {
        impl Flags {
            $(pub const $name: Self = Self(1 << $bit);)*
            /// The keys of `words.yaml` and their bits.
            const KEYS: &'static [(&'static str, Flags)] = &[$(($key, Self::$name)),*];
        }
    };
}

flags! {
    DETERMINER = 0, "determiners";
    PREPOSITION = 1, "prepositions";
    CONJUNCTION = 2, "conjunctions";
    BE = 3, "be";
    HAVE = 4, "have";
    DO = 5, "do";
    MODAL = 6, "modals";
    NEGATION = 7, "negations";
    PRONOUN = 8, "singular_pronouns";
    PRONOUNS = 9, "plural_pronouns";
    POSSESSIVE = 10, "possessive_pronouns";
    RELATIVE = 11, "relatives";
    SUBORDINATOR = 12, "subordinators";
    ADVERB = 13, "adverbs";
    PERSON = 14, "person";
    PERSONS = 15, "persons";
    AGENT = 16, "agents";
    ORGANISATION = 17, "organisation";
    ORGANISATIONS = 18, "organisations";
    ORG_HEAD = 19, "organisation_heads";
    LAW_HEAD = 20, "law_heads";
    NOT_NAME = 21, "not_names";
    TITLE = 22, "titles";
    PARTICLE = 23, "name_particles";
    SPEECH = 24, "speech_verbs";
    NOT_UNIT = 25, "not_units";
}

impl Flags {
    pub const NONE: Self = Self(0);
    pub const UNIT: Self = Self(1 << 30);
    pub const MONTH: Self = Self(1 << 31);
    pub const WEEKDAY: Self = Self(1 << 32);
    pub const PLACE: Self = Self(1 << 33);
    pub const PLACE_HEAD: Self = Self(1 << 34);
    pub const DEMONYM: Self = Self(1 << 35);
    pub const HYPOTHESIS: Self = Self(1 << 36);
    pub const DENIAL: Self = Self(1 << 37);
    pub const WISH: Self = Self(1 << 38);
    pub const IMPLICATIVE: Self = Self(1 << 39);
    pub const CRIME: Self = Self(1 << 40);
    pub const ADDRESSEE: Self = Self(1 << 41);
    pub const NUMBER: Self = Self(1 << 42);
    /// A form of a verb that triggers an act.
    pub const TRIGGER: Self = Self(1 << 43);

    pub const fn any(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    pub const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    pub const fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

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

    fn load() -> Result<Self, DataError> {
        let words = yaml::parse("words.yaml", include_str!("../data/words.yaml"))?;
        let calendar_file = yaml::parse("calendar.yaml", include_str!("../data/calendar.yaml"))?;
        let cues = yaml::parse("cues.yaml", include_str!("../data/cues.yaml"))?;
        let document = yaml::parse("document.yaml", include_str!("../data/document.yaml"))?;
        let places = yaml::parse("places.yaml", include_str!("../data/places.yaml"))?;
        let irregular = yaml::parse("irregular.yaml", include_str!("../data/irregular.yaml"))?;
        let triggers = yaml::parse("triggers.yaml", include_str!("../data/triggers.yaml"))?;

        let verbs = Verbs::load(&irregular)?;
        let mut lexicon = Self {
            words: HashMap::new(),
            units: HashMap::new(),
            calendar: Calendar::load(&calendar_file)?,
            numbers: Numbers::load(&calendar_file)?,
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
        for word in lexicon.triggers.first_words() {
            lexicon.mark(&word, Flags::TRIGGER);
        }
        Ok(lexicon)
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
        self.words.get(norm).copied().unwrap_or_default()
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

/// The forms of verbs.
pub(crate) struct Verbs {
    irregular: HashMap<String, [String; 4]>,
}

/// base, -s, past, participle, -ing.
#[derive(Debug, Clone)]
pub(crate) struct Forms {
    pub base: String,
    pub third: String,
    pub past: String,
    pub participle: String,
    pub gerund: String,
}

impl Forms {
    pub fn all(&self) -> [String; 5] {
        [&self.base, &self.third, &self.past, &self.participle, &self.gerund].map(Clone::clone)
    }
}

impl Verbs {
    fn load(file: &Node) -> Result<Self, DataError> {
        let mut irregular = HashMap::new();
        for entry in file.as_map()? {
            let forms = entry.value().strings()?;
            let [third, past, participle, gerund] = forms.as_slice() else {
                return Err(entry.error(
                    format!("a verb has four forms besides its base, but {} stand here", forms.len()),
                    "Write [takes, took, taken, taking].",
                ));
            };
            irregular.insert(entry.key().to_owned(), [third, past, participle, gerund].map(|s| (*s).to_owned()));
        }
        Ok(Self { irregular })
    }

    /// Forms of a verb by the spelling rules of English, unless `irregular.yaml` has it.
    pub fn forms(&self, base: &str) -> Forms {
        if let Some([third, past, participle, gerund]) = self.irregular.get(base) {
            return Forms {
                base: base.to_owned(),
                third: third.clone(),
                past: past.clone(),
                participle: participle.clone(),
                gerund: gerund.clone(),
            };
        }
        let vowel = |c: Option<char>| c.is_some_and(|c| "aeiou".contains(c));
        let stem = base.strip_suffix('e');
        let consonant_y = base.ends_with('y') && !vowel(base.chars().rev().nth(1));
        let third = if consonant_y {
            format!("{}ies", &base[..base.len() - 1])
        } else if ["s", "sh", "ch", "x", "z"].iter().any(|e| base.ends_with(e)) {
            format!("{base}es")
        } else {
            format!("{base}s")
        };
        let past = if consonant_y {
            format!("{}ied", &base[..base.len() - 1])
        } else if stem.is_some() {
            format!("{base}d")
        } else {
            format!("{base}ed")
        };
        let gerund = match stem {
            Some(stem) if !stem.ends_with('e') => format!("{stem}ing"),
            _ => format!("{base}ing"),
        };
        Forms { base: base.to_owned(), third, participle: past.clone(), past, gerund }
    }
}
