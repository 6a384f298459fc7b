//! Classes of words, as the bits of one number.

/// Classes of a word, as bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Flags(u64);

macro_rules! flags {
    ($($name:ident = $bit:expr, $key:expr;)*) => {
        impl Flags {
            $(pub const $name: Self = Self(1 << $bit);)*
            /// The keys of `words.yaml` and their bits.
            pub const KEYS: &'static [(&'static str, Flags)] = &[$(($key, Self::$name)),*];
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
    /// Forms of verbs: “arrest”, “arrests”, “arrested” as past and as participle, “arresting”.
    pub const BASE: Self = Self(1 << 44);
    pub const THIRD: Self = Self(1 << 45);
    pub const PAST: Self = Self(1 << 46);
    pub const PARTICIPLE: Self = Self(1 << 47);
    pub const GERUND: Self = Self(1 << 48);
    /// A noun rather than a verb, unless its place says otherwise: “protests”.
    pub const NOMINAL: Self = Self(1 << 49);
    /// “I”, “me”: who speaks; “we”, “us”.
    pub const FIRST: Self = Self(1 << 50);

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
