//! What is worth asking next: pairs that nobody has judged, in the order of what an answer would tell.

use std::collections::{BTreeMap, BTreeSet};

use figures::Figure;
use ledger::{Reader, Verdict};
use schema::EntityId;

use crate::Error;
use crate::gather::People;
use crate::learn::Learnt;
use crate::rows::{self, Part, Scored};

/// Pairs less likely than this are not asked about: there would be no end of them.
const LEAST: f64 = 0.2;

/// How two stand to each other by the judgements so far.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    Open,
    /// Somebody looked, and could not tell.
    Unsure,
    Same,
    Different,
}

/// A pair that may be one.
#[derive(Clone, Debug)]
pub struct Question {
    /// The two entries whose words are most alike, each perhaps one of several that were judged to be one.
    pub a: EntityId,
    pub b: EntityId,
    /// Evidence in bits: log₂ of how many times likelier the words are if the two are one than if they are not, prior included.
    pub weight: f64,
    /// Between 0 and 1: by the engine, moved by what was learnt from judgements.
    pub probability: f64,
    /// What the weight is made of.
    pub parts: Vec<Part>,
    pub standing: Standing,
    /// Titles of figures that count both: there an answer changes the number.
    pub counted: Vec<String>,
    /// What it is ordered by: nearness to the threshold, and the change of a figure that it makes probable.
    pub worth: f64,
}

impl Question {
    /// How likely it is, in words.
    #[must_use]
    pub fn words(&self) -> &'static str {
        match self.probability {
            p if p >= 0.99 => "almost certainly the same",
            p if p >= 0.9 => "very likely the same",
            p if p >= 0.6 => "likely the same",
            p if p >= 0.4 => "could be either",
            p if p >= 0.1 => "probably different",
            _ => "hardly the same",
        }
    }
}

/// What is known of all people, and every pair worth asking about. Kept between questions: only what is new is read.
#[derive(Default)]
pub struct Questions {
    people: People,
    scored: Vec<Scored>,
    trained: String,
    fresh: bool,
}

impl Questions {
    /// Brings itself up to the reader's position. The reader's view must be the same each time.
    ///
    /// # Errors
    /// As the ledger says; [`Error::Linkage`] where the comparison fails.
    pub fn follow(&mut self, reader: &Reader<'_>) -> Result<(), Error> {
        if !self.fresh || self.people.follow(reader)? {
            if !self.fresh {
                self.people = People::gather(reader)?;
            }
            let told = rows::score(reader, &self.people)?;
            self.scored = told.pairs;
            self.trained = told.trained;
            self.fresh = true;
        }
        Ok(())
    }

    /// What is known of each.
    #[must_use]
    pub fn people(&self) -> &People {
        &self.people
    }

    /// What an entity itself is called, whatever it was judged to be the same as.
    ///
    /// # Errors
    /// As the ledger says.
    pub fn name(&self, reader: &Reader<'_>, id: EntityId) -> Result<String, Error> {
        match self.people.get(id).and_then(|known| known.names.first()) {
            Some(name) => Ok(name.text.clone()),
            None => Ok(reader.label(id)?),
        }
    }

    /// How the parameters were come by, in words.
    #[must_use]
    pub fn trained(&self) -> &str {
        &self.trained
    }

    /// The pairs that nobody has settled, the worthiest first; each cluster against each other once.
    ///
    /// # Errors
    /// As the ledger says.
    pub fn open(&self, reader: &Reader<'_>, figures: &[&Figure]) -> Result<Vec<Question>, Error> {
        let learnt = self.learnt(reader)?;
        let counted: Vec<(&str, BTreeSet<EntityId>)> = figures
            .iter()
            .map(|figure| (&*figure.title, figure.items.iter().map(|item| item.entity).collect()))
            .collect();
        let mut best: BTreeMap<(EntityId, EntityId), Question> = BTreeMap::new();
        for scored in &self.scored {
            let (x, y) = (reader.shown_as(scored.a), reader.shown_as(scored.b));
            if x == y || learnt.probability(scored.weight) < LEAST || reader.kept_apart(scored.a, scored.b)?.is_some() {
                continue;
            }
            let key = (x.min(y), x.max(y));
            if best.get(&key).is_some_and(|known| known.weight >= scored.weight) {
                continue;
            }
            let standing = if reader.unsure(scored.a, scored.b) { Standing::Unsure } else { Standing::Open };
            let both = counted.iter().filter(|(_, items)| items.contains(&x) && items.contains(&y));
            let counted: Vec<String> = both.map(|(title, _)| (*title).to_owned()).collect();
            let probability = learnt.probability(scored.weight);
            // 4p(1−p) is 1 at even odds and 0 where the answer is known; a figure that counts both changes with probability p.
            let doubt = 4.0 * probability * (1.0 - probability);
            let stake = if counted.is_empty() { 0.0 } else { 2.0 * probability };
            let asked = if standing == Standing::Unsure { 0.1 } else { 1.0 };
            best.insert(
                key,
                Question {
                    a: scored.a,
                    b: scored.b,
                    weight: scored.weight,
                    probability,
                    parts: scored.parts.clone(),
                    standing,
                    counted,
                    worth: (doubt + stake) * asked,
                },
            );
        }
        let mut open: Vec<Question> = best.into_values().collect();
        open.sort_by(|p, q| {
            q.worth.total_cmp(&p.worth).then(q.weight.total_cmp(&p.weight)).then((p.a, p.b).cmp(&(q.a, q.b)))
        });
        Ok(open)
    }

    /// One pair, whatever was judged of it; a pair too unlike to be asked about is compared all the same.
    ///
    /// # Errors
    /// As [`Questions::open`].
    pub fn pair(&self, reader: &Reader<'_>, a: EntityId, b: EntityId) -> Result<Option<Question>, Error> {
        let scored = match self.scored.iter().find(|s| (s.a, s.b) == (a, b) || (s.a, s.b) == (b, a)) {
            Some(scored) => scored.clone(),
            None => match rows::compare(reader, &self.people, a, b)? {
                Some(scored) => scored,
                None => return Ok(None),
            },
        };
        let standing = if reader.shown_as(a) == reader.shown_as(b) {
            Standing::Same
        } else if reader.kept_apart(a, b)?.is_some() {
            Standing::Different
        } else if reader.unsure(a, b) {
            Standing::Unsure
        } else {
            Standing::Open
        };
        Ok(Some(Question {
            a,
            b,
            weight: scored.weight,
            probability: self.learnt(reader)?.probability(scored.weight),
            parts: scored.parts,
            standing,
            counted: Vec::new(),
            worth: 0.0,
        }))
    }

    /// What the judgements so far say about the scores.
    ///
    /// # Errors
    /// As the ledger says.
    pub fn learnt(&self, reader: &Reader<'_>) -> Result<Learnt, Error> {
        let mut latest = BTreeMap::new();
        for (judge, _) in reader.judgements()? {
            latest.insert((judge.a.min(judge.b), judge.a.max(judge.b)), judge.verdict);
        }
        let weights: BTreeMap<(EntityId, EntityId), f64> = self
            .scored
            .iter()
            .map(|scored| ((scored.a.min(scored.b), scored.a.max(scored.b)), scored.weight))
            .collect();
        let told = latest.iter().filter_map(|(pair, verdict)| match verdict {
            Verdict::Same => Some((*weights.get(pair)?, true)),
            Verdict::Different => Some((*weights.get(pair)?, false)),
            _ => None,
        });
        Ok(Learnt::from(told.collect()))
    }
}
