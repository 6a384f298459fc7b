//! Whom a noun phrase means: pronouns, numbers and definite descriptions.

use super::super::{Entity, Sentence, describe, followed_by_of};
use super::{GENERIC, MANY, Memory, gender_of, numbered};
use crate::names::Registry;
use crate::numbers::Bounds;
use crate::phrase::{Np, NpKind};

impl Memory {
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
                let object = matches!(word, "him" | "her");
                // “struck her off on 2 Feb. Her partner, Mona Sabry, was”: who comes in the next sentence is not meant.
                let at = sentence.items.get(item).map_or(0, |i| i.start);
                let later = self.here.is_some()
                    && self.here_at > at
                    && (at..self.here_at).any(|i| sentence.norm(i) == "." || sentence.norm(i).ends_with('.') && object);
                if self.here.is_none()
                    && !object
                    && let Some(somebody) = &self.somebody
                {
                    return vec![somebody.clone()];
                }
                // “The whereabouts of X are unknown since he was taken”
                let near = self
                    .inside
                    .iter()
                    .rev()
                    .find(|(n, t)| *t < at && self.can_be(n, female) && !(object && self.barred.contains(n)));
                if let (None, Some((name, _))) = (&self.here, near) {
                    return vec![Entity::Person(name.clone())];
                }
                self.refer(female, object, later).map(Entity::Person).or_else(|| self.one.clone()).into_iter().collect()
            }
            NpKind::It => {
                let barred = |e: &Entity| matches!(e, Entity::Organisation(n) if self.barred.contains(n));
                let other = || self.bodies.iter().rev().find(|e| !barred(e)).cloned();
                self.organisation.clone().filter(|e| !barred(e)).or_else(other).into_iter().collect()
            }
            NpKind::Pronoun { plural: true }
                if self.here_many.as_ref().is_some_and(|(list, at)| {
                    let token = sentence.items.get(item).map_or(0, |i| i.start);
                    *at < token && (sentence.norm(token) != "both" || list.len() == 2)
                }) =>
            {
                self.here_many.iter().flat_map(|(list, _)| list.clone()).collect()
            }
            NpKind::Pronoun { plural: true }
                if sentence.items.get(item).is_some_and(|i| sentence.norm(i.start) == "both") =>
            {
                let at = sentence.items.get(item).map_or(0, |i| i.start);
                let mut here: Vec<Entity> = Vec::new();
                for (name, _) in self.inside.iter().filter(|(_, t)| *t < at) {
                    let one = Entity::Person(name.clone());
                    if !here.contains(&one) {
                        here.push(one);
                    }
                }
                self.together(Some(2)).unwrap_or(if here.len() == 2 { here } else { Vec::new() })
            }
            NpKind::Pronoun { plural: true } => self.together(None).unwrap_or_else(|| {
                let several = self.victims.len() > 1 || self.victims.iter().any(Entity::is_many);
                if several { self.victims.clone() } else { Vec::new() }
            }),
            NpKind::Number => {
                let Some(number) = np.number else { return Vec::new() };
                if np.other
                    && let Some(all) = &Some(&self.many)
                    && all.len() as u64 > number.value
                    && self.one.as_ref().is_some_and(|one| all.contains(one))
                {
                    let rest: Vec<Entity> = all.iter().filter(|e| Some(*e) != self.one.as_ref()).cloned().collect();
                    if rest.len() as u64 == number.value {
                        return rest;
                    }
                }
                // “The other three”, of four told of together, one of whom was freed since.
                if np.other
                    && np.definite
                    && let Some(one) = &self.one
                    && let Some(all) = self
                        .together
                        .iter()
                        .rev()
                        .take(8)
                        .find(|l| l.contains(one) && l.len() as u64 == number.value + 1)
                {
                    return all.iter().filter(|e| *e != one).cloned().collect();
                }
                if np.definite
                    && !np.partitive
                    && let Some(list) = self.together(Some(number.value)).filter(|list| {
                        // “A got six years …; the other two walked free”: others than those just told of.
                        !np.other || !list.iter().any(|e| self.recent.iter().rev().take(3).any(|(r, _)| r == e))
                    })
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

    /// Whether a plural can mean those spoken of together: “the men”, or the noun they were called by.
    fn takes_up(&self, np: &Np) -> bool {
        let same = |head: &str| {
            head == np.head
                || head.strip_suffix('s') == Some(np.head.as_str())
                || np.head.strip_suffix('s') == Some(head)
        };
        MANY.contains(&np.head.as_str())
            || np.number.is_some()
            || self.many.iter().any(|e| match e {
                Entity::Group { description, .. } => description.to_lowercase().split_whitespace().any(same),
                Entity::Person(name) => self.roles.iter().any(|(h, n)| n == name && same(h)),
                Entity::Organisation(_) => false,
            })
    }

    fn common(&self, np: &Np, sentence: &Sentence, item: usize, text: &str) -> Vec<Entity> {
        let organisation = np.is_organisation();
        if let Some(one) = numbered(sentence, item).and_then(|role| self.by_role(&role)) {
            return vec![one];
        }
        let described = describe(np, sentence, item, text);
        // “my husband”, “her brother”: who has been named with that word.
        // “Her client was beaten”: the one whom the story is about.
        if np.owned
            && np.head == "client"
            && let Some(one) = self.singular()
        {
            return vec![one];
        }
        if np.owned
            && !np.plural
            && np.number.is_none()
            && let Some(one) = self.by_role(&np.head)
        {
            return vec![one];
        }
        if !organisation
            && !np.owned
            && sentence.items.get(item).is_some_and(|i| sentence.norm(i.start) == "both")
            && let Some(list) = self.together(Some(2))
        {
            return list;
        }
        if np.definite && !np.owned && !np.other {
            if organisation && !np.plural && np.number.is_none() {
                let apart =
                    sentence.items.get(item).is_some_and(|i| i.start > 0 && sentence.tokens[i.start - 1].possessive);
                let fits = |e: &&Entity| match e {
                    Entity::Organisation(name) => {
                        !matches!(np.head.as_str(), "party" | "union") || name.to_lowercase().contains(&np.head)
                    }
                    _ => true,
                };
                let named = self.organisation.iter().chain(self.bodies.iter().rev()).find(fits);
                if let Some(org) = named.filter(|_| !apart) {
                    return vec![org.clone()];
                }
            } else if np.plural && !organisation && self.takes_up(np) {
                if let Some(list) = self.together(np.number.map(|n| n.value)) {
                    return list;
                }
            } else if !organisation && np.number.is_none() && !followed_by_of(sentence, item) {
                let same = self.one.clone().filter(|e| matches!(e, Entity::Group { description, .. } if description.split_whitespace().any(|w| w == np.head)));
                let generic = (GENERIC.contains(&np.head.as_str()) || np.head.ends_with("-year-old")) && !np.is_agent();
                // “the old man”: whom “he” would mean.
                if let Some(female) = gender_of(&np.head).filter(|_| generic && self.by_role(&np.head).is_none())
                    && let Some(name) = self.refer(Some(female), false, false)
                {
                    return vec![Entity::Person(name)];
                }
                let before = self
                    .here
                    .as_ref()
                    .filter(|_| self.here_at < sentence.items.get(item).map_or(0, |i| i.start))
                    .or(self.before.as_ref().filter(|(_, p)| *p == self.paragraph).map(|(n, _)| n))
                    .filter(|n| generic && self.can_be(n, None))
                    .map(|n| Entity::Person(n.clone()));
                if let Some(one) =
                    self.by_role(&np.head).or(same).or(before).or_else(|| self.singular().filter(|_| generic))
                {
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
