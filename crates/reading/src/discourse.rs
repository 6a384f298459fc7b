//! What the text has spoken of so far: sentences with their analysis, and whom “he”, “the two men”
//! and “the union” mean.

use crate::dates;
use crate::model::{Group, Person, Victim};
use crate::names::Registry;
use crate::numbers::Bounds;
use crate::phrase::{Item, ItemKind, Np, NpKind};
use crate::text::Role;
use crate::token::Token;

/// A sentence with all that the earlier steps found in it.
#[derive(Debug)]
pub(crate) struct Sentence {
    pub paragraph: usize,
    pub role: Role,
    /// Bytes in the text.
    pub start: usize,
    pub end: usize,
    pub tokens: Vec<Token>,
    pub dates: Vec<dates::Found>,
    pub items: Vec<Item>,
    /// The item of each token.
    pub item_of: Vec<usize>,
    /// Whether each token stands inside quotation marks.
    pub quoted: Vec<bool>,
}

impl Sentence {
    pub fn word(&self, item: usize) -> &str {
        match self.items.get(item) {
            Some(Item { kind: ItemKind::Word, start, .. }) => &self.tokens[*start].norm,
            _ => "",
        }
    }

    pub fn np(&self, item: usize) -> Option<&Np> {
        self.items.get(item).and_then(Item::np)
    }

    pub fn norm(&self, token: usize) -> &str {
        self.tokens.get(token).map_or("", |t| t.norm.as_str())
    }

    /// Bytes of a range of tokens.
    pub fn bytes(&self, from: usize, to: usize) -> (usize, usize) {
        let start = self.tokens.get(from).map_or(self.start, |t| t.start);
        let end = to.checked_sub(1).and_then(|k| self.tokens.get(k)).map_or(self.end, |t| t.end);
        (start, end.max(start))
    }

    /// The words of a range of tokens, in one line.
    pub fn words(&self, text: &str, from: usize, to: usize) -> String {
        let (a, b) = self.bytes(from, to);
        text.get(a..b).unwrap_or_default().split_whitespace().collect::<Vec<_>>().join(" ")
    }
}

/// Whom or what an act befell, or who speaks.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Entity {
    Person(String),
    Organisation(String),
    Group { bounds: Option<Bounds>, description: String, organisation: bool, definite: bool },
}

impl Entity {
    pub fn victim(&self) -> Victim {
        match self {
            Self::Person(name) => Victim { name: Some(name.clone()), group: None, is: Person::Person },
            Self::Organisation(name) => Victim { name: Some(name.clone()), group: None, is: Person::Organisation },
            Self::Group { bounds, description, organisation, .. } => Victim {
                name: None,
                group: Some(Group {
                    min: bounds.and_then(|b| b.min),
                    max: bounds.and_then(|b| b.max),
                    description: description.clone(),
                }),
                is: if *organisation { Person::Organisation } else { Person::Person },
            },
        }
    }

    pub const fn is_organisation(&self) -> bool {
        matches!(self, Self::Organisation(_) | Self::Group { organisation: true, .. })
    }

    fn is_many(&self) -> bool {
        match self {
            Self::Group { bounds, .. } => bounds.is_none_or(|b| b.min.is_none_or(|n| n > 1)),
            _ => false,
        }
    }
}

/// What pronouns and definite descriptions can refer to.
#[derive(Debug, Default)]
pub(crate) struct Memory {
    /// The victims of the last act, together.
    pub victims: Vec<Entity>,
    /// The last victim that was one person, and the last that were several.
    pub one: Option<Entity>,
    pub many: Vec<Entity>,
    /// The last named person, as subject rather than in passing.
    pub person: Option<String>,
    pub organisation: Option<Entity>,
    /// Roles told of persons: (head noun, name).
    roles: Vec<(String, String)>,
    /// Persons mentioned as subjects, the last at the end.
    mentioned: Vec<String>,
    /// What titles, kinship and pronouns have told: whether a person is “she”.
    female: Vec<(String, bool)>,
    /// The person who is the subject of this sentence, if not speaking for another.
    pub here: Option<String>,
}

const WOMEN: [&str; 20] = [
    "ms",
    "ms.",
    "mrs",
    "mrs.",
    "miss",
    "daw",
    "madame",
    "wife",
    "mother",
    "sister",
    "daughter",
    "widow",
    "woman",
    "girl",
    "grandmother",
    "niece",
    "aunt",
    "chairwoman",
    "spokeswoman",
    "nun",
];
const MEN: [&str; 18] = [
    "mr",
    "mr.",
    "sir",
    "husband",
    "father",
    "brother",
    "son",
    "uncle",
    "man",
    "boy",
    "monk",
    "venerable",
    "ven.",
    "grandfather",
    "nephew",
    "chairman",
    "spokesman",
    "u",
];

/// “the activist”, “the defendant”: words that take up whoever was spoken of.
const GENERIC: [&str; 36] = [
    "man",
    "woman",
    "boy",
    "girl",
    "activist",
    "defendant",
    "accused",
    "suspect",
    "detainee",
    "victim",
    "prisoner",
    "unionist",
    "journalist",
    "reporter",
    "blogger",
    "monk",
    "student",
    "farmer",
    "teacher",
    "lawyer",
    "leader",
    "politician",
    "organiser",
    "organizer",
    "defender",
    "rapper",
    "artist",
    "writer",
    "worker",
    "campaigner",
    "environmentalist",
    "lawmaker",
    "critic",
    "dissident",
    "film-maker",
    "filmmaker",
];

/// Whether a word says that a person is a woman, or a man.
pub(crate) fn gender_of(word: &str) -> Option<bool> {
    if WOMEN.contains(&word) { Some(true) } else { MEN.contains(&word).then_some(false) }
}

impl Memory {
    pub fn remember_victims(&mut self, victims: &[Entity]) {
        if victims.is_empty() {
            return;
        }
        self.victims = victims.to_vec();
        match victims {
            [one] if one.is_organisation() => self.organisation = Some(one.clone()),
            [one] if !one.is_many() => self.one = Some(one.clone()),
            several => self.many = several.to_vec(),
        }
        if let Some(Entity::Person(name)) = victims.first() {
            self.person = Some(name.clone());
        }
    }

    pub fn remember_role(&mut self, head: &str, name: &str) {
        if !head.is_empty() {
            self.roles.push((head.to_owned(), name.to_owned()));
        }
    }

    /// A person mentioned where subjects stand.
    pub fn mention(&mut self, name: &str) {
        self.mentioned.retain(|m| m != name);
        self.mentioned.push(name.to_owned());
    }

    /// Several who are the subject of a sentence: “Nine members …, among them X, stood trial”.
    pub fn together_are(&mut self, list: Vec<Entity>) {
        if list.len() > 1 || list.iter().any(Entity::is_many) {
            self.many = list;
        }
    }

    pub fn remember_gender(&mut self, name: &str, female: bool) {
        if !self.female.iter().any(|(n, _)| n == name) {
            self.female.push((name.to_owned(), female));
        }
    }

    fn can_be(&self, name: &str, female: Option<bool>) -> bool {
        let known = self.female.iter().find(|(n, _)| n == name).map(|(_, f)| *f);
        match (known, female) {
            (Some(a), Some(b)) => a == b,
            _ => true,
        }
    }

    /// Whom “he” or “she” means: the last victim, unless that cannot be; else the last one mentioned.
    pub fn pronoun(&self, female: Option<bool>) -> Option<String> {
        if let Some(here) = self.here.as_ref().filter(|h| self.can_be(h, female)) {
            return Some(here.clone());
        }
        if let Some(p) = self.person.as_ref().filter(|p| self.can_be(p, female)) {
            // Somebody else whom the pronoun surely fits, mentioned since.
            let sure = |m: &String| female.is_some() && self.female.iter().any(|(n, f)| n == m && Some(*f) == female);
            if !sure(p)
                && let Some(other) = self.mentioned.last().filter(|m| *m != p && sure(m))
            {
                return Some(other.clone());
            }
            return Some(p.clone());
        }
        self.mentioned.iter().rev().find(|m| self.can_be(m, female)).cloned()
    }

    fn by_role(&self, head: &str) -> Option<Entity> {
        self.roles.iter().rev().find(|(h, _)| h == head).map(|(_, n)| Entity::Person(n.clone()))
    }

    fn singular(&self) -> Option<Entity> {
        match (&self.person, &self.one) {
            (Some(p), _) => Some(Entity::Person(p.clone())),
            (None, one) => one.clone(),
        }
    }

    /// Those spoken of together, so many of them.
    fn together(&self, n: Option<u64>) -> Option<Vec<Entity>> {
        let size = |list: &[Entity]| -> u64 {
            list.iter()
                .map(|e| match e {
                    Entity::Group { bounds, .. } => bounds.and_then(|b| b.min).unwrap_or(0),
                    _ => 1,
                })
                .sum()
        };
        let list = &self.many;
        if list.is_empty() {
            return None;
        }
        match n {
            Some(n) if size(list) != n => {
                // “nine members, among them X”: the group alone has the number.
                list.iter().any(|e| size(std::slice::from_ref(e)) == n && n > 1).then(|| list.clone())
            }
            _ => Some(list.clone()),
        }
    }

    /// Whom a noun phrase means. Empty when that cannot be told.
    pub fn resolve(&self, np: &Np, sentence: &Sentence, item: usize, text: &str, registry: &Registry) -> Vec<Entity> {
        let _ = registry;
        match &np.kind {
            NpKind::Person(name) => vec![Entity::Person(name.clone())],
            NpKind::Organisation(name) => vec![Entity::Organisation(name.clone())],
            NpKind::Pronoun { plural: false } => {
                let word = sentence.items.get(item).map_or("", |i| sentence.norm(i.start));
                let female = match word {
                    "she" | "her" | "herself" => Some(true),
                    "he" | "him" | "himself" => Some(false),
                    _ => None,
                };
                self.pronoun(female).map(Entity::Person).or_else(|| self.one.clone()).into_iter().collect()
            }
            NpKind::It => self.organisation.clone().into_iter().collect(),
            NpKind::Pronoun { plural: true } => self.together(None).unwrap_or_else(|| self.victims.clone()),
            NpKind::Number => {
                let Some(number) = np.number else { return Vec::new() };
                if np.other
                    && let Some(all) = &Some(&self.many)
                    && all.len() as u64 > number.value
                {
                    let rest: Vec<Entity> = all.iter().filter(|e| Some(*e) != self.one.as_ref()).cloned().collect();
                    if rest.len() as u64 == number.value {
                        return rest;
                    }
                }
                if np.definite
                    && let Some(list) = self.together(Some(number.value))
                {
                    return list;
                }
                let description = self
                    .many
                    .iter()
                    .find_map(|e| match e {
                        Entity::Group { description, .. } => Some(description.clone()),
                        _ => None,
                    })
                    .unwrap_or_else(|| "persons".to_owned());
                vec![Entity::Group {
                    bounds: Some(number.bounds),
                    description,
                    organisation: false,
                    definite: np.definite,
                }]
            }
            NpKind::Common => self.common(np, sentence, item, text),
            NpKind::Nobody | NpKind::Place(_) | NpKind::Named(_) => Vec::new(),
        }
    }

    fn common(&self, np: &Np, sentence: &Sentence, item: usize, text: &str) -> Vec<Entity> {
        let organisation = np.is_organisation();
        let described = describe(np, sentence, item, text);
        if np.definite && !np.owned && !np.other {
            if organisation && !np.plural && np.number.is_none() {
                if let Some(org) = &self.organisation {
                    return vec![org.clone()];
                }
            } else if np.plural && !organisation {
                if let Some(list) = self.together(np.number.map(|n| n.value)) {
                    return list;
                }
            } else if !organisation && np.number.is_none() && !followed_by_of(sentence, item) {
                let same = self.one.clone().filter(|e| matches!(e, Entity::Group { description, .. } if description.split_whitespace().any(|w| w == np.head)));
                let generic = GENERIC.contains(&np.head.as_str()) && !np.is_agent();
                if let Some(one) = self.by_role(&np.head).or(same).or_else(|| self.singular().filter(|_| generic)) {
                    return vec![one];
                }
            }
        }
        let bounds = match np.number {
            Some(n) => Some(n.bounds),
            None if !np.plural => Some(Bounds::exactly(1)),
            None => None,
        };
        vec![Entity::Group { bounds, description: described, organisation, definite: np.definite }]
    }
}

fn followed_by_of(sentence: &Sentence, item: usize) -> bool {
    sentence.word(item + 1) == "of"
}

/// “members of the Lucky Star casino union”: the noun phrase without its number, and what “of” adds.
pub(crate) fn describe(np: &Np, sentence: &Sentence, item: usize, text: &str) -> String {
    let Some(it) = sentence.items.get(item) else { return np.head.clone() };
    let from = np.described.min(it.end.saturating_sub(1)).max(it.start);
    let mut end = it.end;
    if followed_by_of(sentence, item)
        && let Some(next) = sentence.items.get(item + 2)
        && next.np().is_some()
    {
        end = next.end;
    }
    let words = sentence.words(text, from, end);
    if words.is_empty() { np.head.clone() } else { words }
}
