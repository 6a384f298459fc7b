//! Memory: whom “he”, “both”, “the two men” and “the union” mean.

mod resolve;

use super::{Entity, Sentence};

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
    /// The paragraph of the last of them.
    mentioned_at: usize,
    /// What titles, kinship and pronouns have told: whether a person is “she”.
    female: Vec<(String, bool)>,
    /// The person who is the subject of this sentence, if not speaking for another.
    pub here: Option<String>,
    /// Victims in the order in which they were told of, with their paragraph; the last at the end.
    recent: Vec<(Entity, usize)>,
    /// The subject of this sentence, if it is one unnamed person: “a monitor of the network”.
    pub somebody: Option<Entity>,
    /// The subject of the sentence before, and its paragraph.
    pub before: Option<(String, usize)>,
    /// Whom the paragraph, the entry or the row is about, and the paragraph.
    pub topic: Option<(Vec<Entity>, usize)>,
    /// The paragraph that is being read.
    pub paragraph: usize,
    /// Those who were spoken of together before, the last at the end.
    together: Vec<Vec<Entity>>,
    /// Whom the document is about: a person of its title or of its first sentence.
    pub hero: Option<String>,
    /// Whether an entry of a chronology is being read.
    pub chronicle: bool,
    /// Judges, prosecutors, spokespersons…: named for what they do, and nobody's victim unless told so.
    officials: Vec<String>,
    /// The persons named in this sentence, with their tokens.
    pub inside: Vec<(String, usize)>,
    /// Bodies in the order in which they were named.
    pub bodies: Vec<Entity>,
    /// The only person named in the sentence before, and its paragraph.
    pub sole: Option<String>,
    /// Where in its sentence the person in `here` stands.
    pub here_at: usize,
    /// The unnamed one of the lead, and who it turned out to be.
    pub alias: Vec<(Entity, String)>,
    /// Named persons who are together the subject of this sentence, and the last of their tokens.
    pub here_many: Option<(Vec<Entity>, usize)>,
    /// The subject of the verb that is being read: “him” is somebody else.
    pub barred: Vec<String>,
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
const GENERIC: [&str; 38] = [
    "appellant",
    "applicant",
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

/// Plurals that take up whoever was spoken of together.
const MANY: [&str; 14] = [
    "men",
    "women",
    "people",
    "defendants",
    "accused",
    "detainees",
    "prisoners",
    "suspects",
    "victims",
    "group",
    "pair",
    "couple",
    "others",
    "arrestees",
];

/// Whether a word says that a person is a woman, or a man.
pub(crate) fn gender_of(word: &str) -> Option<bool> {
    if WOMEN.contains(&word) { Some(true) } else { MEN.contains(&word).then_some(false) }
}

/// “Accused no. 1”: a person by a number in the case.
pub(crate) fn numbered(sentence: &Sentence, item: usize) -> Option<String> {
    let end = sentence.items.get(item)?.end;
    let head = sentence.norm(end.checked_sub(1)?);
    let role = matches!(
        head,
        "accused"
            | "defendant"
            | "applicant"
            | "petitioner"
            | "respondent"
            | "victim"
            | "witness"
            | "suspect"
            | "author"
    );
    let mark = matches!(sentence.norm(end), "no." | "no" | "nr." | "number" | "#");
    let at = if sentence.norm(end + 1) == "." { end + 2 } else { end + 1 };
    let number = sentence.norm(at).trim_end_matches('.');
    (role && mark && !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit()))
        .then(|| format!("{head} {number}"))
}

impl Memory {
    pub fn remember_victims(&mut self, victims: &[Entity]) {
        if victims.is_empty() {
            return;
        }
        self.victims = victims.to_vec();
        for v in victims {
            self.recent.retain(|(e, _)| e != v);
            self.recent.push((v.clone(), self.paragraph));
        }
        match victims {
            [one] if one.is_organisation() => self.organisation = Some(one.clone()),
            [one] if !one.is_many() => self.one = Some(one.clone()),
            several => {
                let mut bodies = several.iter().filter(|e| matches!(e, Entity::Organisation(_)));
                if let (Some(body), None) = (bodies.next(), bodies.next()) {
                    self.organisation = Some(body.clone());
                }
                self.many = several.to_vec();
                self.together.push(self.many.clone());
            }
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

    /// Another story begins: who was told of is no longer near. Roles and genders stay known.
    pub fn leave(&mut self) {
        self.victims.clear();
        self.many.clear();
        self.one = None;
        self.person = None;
        self.before = None;
        self.together.clear();
    }

    /// A person mentioned where subjects stand.
    pub fn mention(&mut self, name: &str) {
        self.mentioned.retain(|m| m != name);
        self.mentioned.push(name.to_owned());
        self.mentioned_at = self.paragraph;
    }

    /// Whose “his” or “her” is: the unnamed subject of this sentence, if it has one, else whom “he” means.
    pub fn possessor(&self, female: Option<bool>) -> Option<Entity> {
        match (&self.here, &self.somebody) {
            (None, Some(somebody)) => Some(somebody.clone()),
            _ => self.pronoun(female).map(Entity::Person),
        }
    }

    /// Several who are the subject of a sentence: “Nine members …, among them X, stood trial”.
    pub fn together_are(&mut self, list: Vec<Entity>) {
        if list.len() > 1 || list.iter().any(Entity::is_many) {
            self.together.push(list.clone());
            self.many = list;
        }
    }

    pub fn remember_gender(&mut self, name: &str, female: bool) {
        if !self.female.iter().any(|(n, _)| n == name) {
            self.female.push((name.to_owned(), female));
        }
    }

    /// A person named in an office or as a speaker for somebody.
    pub fn official(&mut self, name: &str) {
        if !self.officials.iter().any(|o| o == name) {
            self.officials.push(name.to_owned());
        }
    }

    /// The one unnamed victim told of before anybody was named, and its paragraph.
    pub fn unnamed(&self) -> Option<(Entity, usize)> {
        match self.recent.as_slice() {
            [(one @ Entity::Group { organisation: false, .. }, p)] if !one.is_many() => Some((one.clone(), *p)),
            _ => None,
        }
    }

    /// Takes the name of an unnamed one.
    pub fn alias_is(&mut self, one: &Entity, name: &str) {
        if let Entity::Group { description, .. } = one {
            let head = description.split(" of ").next().and_then(|d| d.split_whitespace().last());
            self.remember_role(head.unwrap_or_default(), name);
        }
        self.alias.push((one.clone(), name.to_owned()));
        for (e, _) in &mut self.recent {
            if e == one {
                *e = Entity::Person(name.to_owned());
            }
        }
        for e in &mut self.victims {
            if e == one {
                *e = Entity::Person(name.to_owned());
            }
        }
        self.one = Some(Entity::Person(name.to_owned()));
        self.person = Some(name.to_owned());
    }

    fn can_be(&self, name: &str, female: Option<bool>) -> bool {
        if self.officials.iter().any(|o| o == name)
            && !self.recent.iter().any(|(e, _)| matches!(e, Entity::Person(n) if n == name))
        {
            return false;
        }
        let known = self.female.iter().find(|(n, _)| n == name).map(|(_, f)| *f);
        match (known, female) {
            (Some(a), Some(b)) => a == b,
            _ => true,
        }
    }

    /// Whom “he” or “she” means: the last victim, unless that cannot be; else the last one mentioned.
    pub fn pronoun(&self, female: Option<bool>) -> Option<String> {
        self.refer(female, false, false)
    }

    /// As [`Self::pronoun`]; an object (“him”) is not the subject of its own verb.
    fn refer(&self, female: Option<bool>, object: bool, later: bool) -> Option<String> {
        let free = |name: &&String| !object || !self.barred.contains(name);
        let here = self.here.as_ref().filter(|_| !later);
        if let Some(here) = here.filter(|h| self.can_be(h, female)).filter(free) {
            return Some(here.clone());
        }
        // “Ms. X has known worse. She was hauled in”: whom a title has told, though she speaks for others elsewhere.
        let surely = |m: &String| female.is_some() && self.female.iter().any(|(n, f)| n == m && Some(*f) == female);
        if let Some(last) =
            self.mentioned.last().filter(|m| surely(m) && free(m) && self.mentioned_at == self.paragraph)
            && !self.person.as_ref().is_some_and(surely)
            && !self.before.as_ref().is_some_and(|(b, p)| *p == self.paragraph && self.can_be(b, female))
        {
            return Some(last.clone());
        }
        let told_here = self.recent.last().is_some_and(|(_, p)| *p == self.paragraph);
        if self.chronicle
            && !told_here
            && let Some(hero) = self.hero.as_ref().filter(|h| self.can_be(h, female)).filter(free)
        {
            return Some(hero.clone());
        }
        if let Some((before, p)) = self.before.as_ref()
            && *p == self.paragraph
            && self.can_be(before, female)
            && free(&before)
        {
            return Some(before.clone());
        }
        if let Some(p) = self.person.as_ref().filter(|p| self.can_be(p, female)).filter(free) {
            // Somebody else whom the pronoun surely fits, mentioned since.
            let sure = |m: &String| female.is_some() && self.female.iter().any(|(n, f)| n == m && Some(*f) == female);
            if !sure(p)
                && let Some(other) =
                    self.mentioned.last().filter(|m| *m != p && sure(m) && self.can_be(m, female) && free(m))
            {
                return Some(other.clone());
            }
            return Some(p.clone());
        }
        let victim = self.recent.iter().rev().find_map(|(e, _)| match e {
            Entity::Person(n) if self.can_be(n, female) && free(&n) => Some(n.clone()),
            _ => None,
        });
        victim.or_else(|| self.mentioned.iter().rev().find(|m| self.can_be(m, female) && free(m)).cloned())
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
            // A group and those of it who have names: the group's number.
            let names = list.iter().filter(|e| matches!(e, Entity::Person(_))).count() as u64;
            let most = list
                .iter()
                .filter_map(|e| match e {
                    Entity::Group { bounds, .. } => bounds.and_then(|b| b.min),
                    _ => None,
                })
                .max();
            if let (Some(n), true) = (most.filter(|&n| n > names), names > 0 && list.len() as u64 == names + 1) {
                return n;
            }
            list.iter()
                .map(|e| match e {
                    Entity::Group { bounds, .. } => bounds.and_then(|b| b.min).unwrap_or(0),
                    _ => 1,
                })
                .sum()
        };
        let list = &self.many;
        // “X, who was taken in May, and Y, who was taken in June. Both remain”: those named here, not their number.
        if let Some(n) = n.filter(|&n| (2..=6).contains(&n)) {
            let here: Vec<Entity> = self
                .recent
                .iter()
                .filter(|(e, p)| *p == self.paragraph && matches!(e, Entity::Person(_)))
                .map(|(e, _)| e.clone())
                .collect();
            let unnamed = list.iter().all(|e| !matches!(e, Entity::Person(_)));
            if here.len() as u64 == n && (unnamed || size(list) != n) {
                return Some(here);
            }
        }
        // “The two men”, of a woman and two men told of together.
        if let Some(n) = n.filter(|&n| n > 1 && size(list) == n + 1) {
            let rest: Vec<Entity> = list
                .iter()
                .filter(|e| !matches!(e, Entity::Person(p) if Some(p) == self.hero.as_ref()))
                .cloned()
                .collect();
            if rest.len() < list.len() && size(&rest) == n {
                return Some(rest);
            }
        }
        // “All five”: those told of one after the other in this and the last paragraph.
        if let Some(n) = n.filter(|&n| size(list) != n && n > 1) {
            let near: Vec<Entity> = self
                .recent
                .iter()
                .filter(|(e, p)| self.paragraph.saturating_sub(*p) <= 1 && matches!(e, Entity::Person(_)))
                .map(|(e, _)| e.clone())
                .collect();
            if near.len() as u64 == n || n == 2 && near.len() > 2 {
                return Some(near[near.len() - usize::try_from(n).unwrap_or(near.len())..].to_vec());
            }
        }
        // “2. X and Y, brothers. Both were”: those whom the entry is about.
        if let (Some(n), Some((about, p))) = (n.filter(|&n| n > 1), &self.topic)
            && *p == self.paragraph
            && about.len() as u64 == n
            && size(list) != n
        {
            return Some(about.clone());
        }
        if list.is_empty() {
            return None;
        }
        if let Some(n) = n.filter(|&n| size(list) != n && n > 1)
            && let Some(before) = self.together.iter().rev().take(8).find(|l| size(l) == n)
        {
            return Some(before.clone());
        }
        match n {
            Some(n) if size(list) != n => {
                // “nine members, among them X”: the group alone has the number.
                list.iter().any(|e| size(std::slice::from_ref(e)) == n && n > 1).then(|| list.clone())
            }
            _ => Some(list.clone()),
        }
    }
}
