//! What is worth asking next: pairs that nobody has judged, in the order of what an answer would tell.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use figures::Figure;
use ledger::{Reader, Verdict};
use schema::EntityId;

use crate::Error;
use crate::gather::People;
use crate::judged::{Judged, Pair, ordered};
use crate::learn::Learnt;
use crate::rows::{self, KEEP, Part, Scored};

/// Pairs less likely than this are not asked about: there would be no end of them.
const LEAST: f64 = 0.2;
/// What was learnt may lower a pair so far and it is still asked about, if the engine alone would: judgements on look-alikes are no
/// reason never to ask about the others.
const LEAST_LEARNT: f64 = 0.05;

/// Whom figures count: there an answer changes a number.
#[derive(Clone, Debug, Default)]
pub struct Stakes {
    /// Each figure's title, with the ids under which its items were shown.
    figures: Vec<(Arc<str>, HashSet<EntityId>)>,
}

impl Stakes {
    /// What these figures count.
    #[must_use]
    pub fn of(figures: &[&Figure]) -> Stakes {
        let each = figures.iter().map(|figure| {
            (Arc::from(&*figure.title), figure.items.iter().map(|item| item.entity).collect::<HashSet<_>>())
        });
        Stakes { figures: each.collect() }
    }

    /// Titles of the figures that count both of these, which the reader shows under these ids.
    #[must_use]
    pub fn counting(&self, a: EntityId, b: EntityId) -> Vec<Arc<str>> {
        let both = self.figures.iter().filter(|(_, items)| items.contains(&a) && items.contains(&b));
        both.map(|(title, _)| Arc::clone(title)).collect()
    }

    /// Whether there is any figure at all.
    #[must_use]
    pub fn any(&self) -> bool {
        !self.figures.is_empty()
    }

    /// The same figures after further judgements, without counting anew: by whom those that were counted are shown now. Good enough to
    /// choose a question by, until they are counted again.
    #[must_use]
    pub fn shown_by(&self, reader: &Reader<'_>) -> Stakes {
        let shown = |items: &HashSet<EntityId>| items.iter().map(|id| reader.shown_as(*id)).collect();
        Stakes { figures: self.figures.iter().map(|(title, items)| (Arc::clone(title), shown(items))).collect() }
    }
}

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
    /// What the weight is made of; nothing where the two are too unlike to be compared at all.
    pub parts: Arc<[Part]>,
    pub standing: Standing,
    /// Titles of figures that count both: there an answer changes the number.
    pub counted: Vec<Arc<str>>,
    /// What it is ordered by: nearness to the threshold, and the change of a figure that it makes probable.
    pub worth: f64,
}

impl Question {
    /// How likely it is, in words.
    #[must_use]
    pub fn words(&self) -> &'static str {
        words(self.probability)
    }
}

/// A probability that some are the same, in words.
#[must_use]
pub fn words(probability: f64) -> &'static str {
    match probability {
        p if p >= 0.99 => "almost certainly the same",
        p if p >= 0.9 => "very likely the same",
        p if p >= 0.6 => "likely the same",
        p if p >= 0.4 => "could be either",
        p if p >= 0.1 => "probably different",
        _ => "hardly the same",
    }
}

/// What is known of all people, and every pair worth asking about. Kept between questions: only what is new is read.
#[derive(Default)]
pub struct Questions {
    people: People,
    /// In the order of their ids.
    pub(crate) scored: Vec<Scored>,
    pub(crate) judged: Judged,
    trained: String,
    fresh: bool,
}

impl Questions {
    /// Brings itself up to the reader's position. The reader's view must be the same each time.
    ///
    /// # Errors
    /// As the ledger says; [`Error::Linkage`] where the comparison fails.
    pub fn follow(&mut self, reader: &Reader<'_>) -> Result<(), Error> {
        self.judged.follow(reader)?;
        if !self.fresh || self.people.follow(reader)? {
            if !self.fresh {
                self.people = People::gather(reader)?;
            }
            // Where it fails, the next one begins anew.
            self.fresh = false;
            let told = rows::score(reader, &self.people)?;
            self.scored = told.pairs;
            self.trained = told.trained;
            self.fresh = true;
        }
        Ok(())
    }

    /// Whether [`Questions::follow`] has nothing to compare: at most judgements came since.
    ///
    /// # Errors
    /// As the ledger says.
    pub fn is_quick(&self, reader: &Reader<'_>) -> Result<bool, Error> {
        let here = self.people.position();
        Ok(self.fresh
            && (here == reader.position() || here < reader.position() && reader.since(here)? == ledger::Since::Judged))
    }

    /// Pairs that somebody of this view judged, and did not take back.
    #[must_use]
    pub fn judged(&self) -> usize {
        self.judged.len()
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
        self.open_with(reader, &Stakes::of(figures))
    }

    /// The same, by who counts whom.
    ///
    /// # Errors
    /// As the ledger says.
    pub fn open_with(&self, reader: &Reader<'_>, stakes: &Stakes) -> Result<Vec<Question>, Error> {
        let learnt = self.learnt();
        let mut best: BTreeMap<Pair, &Scored> = BTreeMap::new();
        for scored in &self.scored {
            let pair = ordered(reader.shown_as(scored.a), reader.shown_as(scored.b));
            if pair.0 == pair.1 || !worth_asking(&learnt, scored.weight) || self.judged.apart(pair.0, pair.1) {
                continue;
            }
            let known = best.entry(pair).or_insert(scored);
            if scored.weight > known.weight {
                *known = scored;
            }
        }
        let questions = best.into_iter().map(|(pair, scored)| {
            let unsure = self.judged.unsure(pair.0, pair.1);
            let standing = if unsure { Standing::Unsure } else { Standing::Open };
            let counted = stakes.counting(pair.0, pair.1);
            let probability = learnt.probability(scored.weight);
            Question {
                a: scored.a,
                b: scored.b,
                weight: scored.weight,
                probability,
                parts: Arc::clone(&scored.parts),
                standing,
                worth: worth(probability, !counted.is_empty()) * if unsure { 0.1 } else { 1.0 },
                counted,
            }
        });
        let mut open: Vec<Question> = questions.collect();
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
        if self.people.get(a).is_none() || self.people.get(b).is_none() {
            return Ok(None);
        }
        let scored = match self.scored_pair(a, b) {
            Some(scored) => Some(scored.clone()),
            None => rows::compare(reader, &self.people, a, b)?,
        };
        let scored =
            scored.unwrap_or_else(|| Scored { a, b, weight: (KEEP / (1.0 - KEEP)).log2(), parts: Arc::from([]) });
        let (x, y) = (reader.shown_as(a), reader.shown_as(b));
        let standing = if x == y {
            Standing::Same
        } else if self.judged.apart(x, y) {
            Standing::Different
        } else if self.judged.unsure(x, y) {
            Standing::Unsure
        } else {
            Standing::Open
        };
        Ok(Some(Question {
            a,
            b,
            weight: scored.weight,
            probability: self.learnt().probability(scored.weight),
            parts: scored.parts,
            standing,
            counted: Vec::new(),
            worth: 0.0,
        }))
    }

    /// The score of two, if they were alike enough to keep it.
    pub(crate) fn scored_pair(&self, a: EntityId, b: EntityId) -> Option<&Scored> {
        let at = self.scored.binary_search_by_key(&ordered(a, b), |scored| (scored.a, scored.b)).ok()?;
        self.scored.get(at)
    }

    /// What the judgements so far say about the scores.
    #[must_use]
    pub fn learnt(&self) -> Learnt {
        let told = self.judged.latest.iter().filter_map(|(pair, verdict)| match verdict {
            Verdict::Same => Some((self.scored_pair(pair.0, pair.1)?.weight, true)),
            Verdict::Different => Some((self.scored_pair(pair.0, pair.1)?.weight, false)),
            _ => None,
        });
        Learnt::from(told.collect())
    }
}

fn worth_asking(learnt: &Learnt, weight: f64) -> bool {
    let told = learnt.probability(weight);
    told >= LEAST || told >= LEAST_LEARNT && Learnt::default().probability(weight) >= LEAST
}

/// What an answer is worth: a figure that counts both changes by one with the probability that they are the same; beyond that it is
/// the more to learn from, the nearer it is to even odds (4p(1−p) is 1 there, and 0 where the answer is known).
pub(crate) fn worth(probability: f64, counted: bool) -> f64 {
    let doubt = 4.0 * probability * (1.0 - probability);
    if counted { 2.0 * probability + DOUBT * doubt } else { doubt }
}

/// How much doubt adds where a figure is at stake: so little that the likelier of two pairs always comes first.
const DOUBT: f64 = 0.4;
