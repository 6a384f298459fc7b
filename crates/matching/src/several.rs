//! Three records or more that may be one: proposed together, with the link on which alone the group hangs, so that one answer can
//! settle what pair by pair would take many.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use ledger::{Reader, Verdict};
use linkage::cluster::{Bounds, Clusters, cluster};
use linkage::{Judged, Link};
use schema::EntityId;

use crate::Error;
use crate::judged::{Pair, ordered};
use crate::questions::{Question, Questions, Stakes, Standing, worth};
use crate::rows::{KEEP, Part};

/// Records shown together: as many as there are keys from 1 to 9.
const MOST: usize = 9;
/// Weight, in bits, of a link that somebody judged to be the same.
const CERTAIN: f32 = 20.0;

/// Records that may be one, of three persons or more as they are shown now.
#[derive(Clone, Debug)]
pub struct Set {
    /// Each record for itself, those judged to be one already among them.
    pub members: Vec<EntityId>,
    /// Pairs of members that are alike or judged the same; the weakest that the group hangs on come first.
    pub ties: Vec<Tie>,
    /// Pairs of members that are too unlike to have a score.
    pub unlike: usize,
    /// Records of the same group that come once these are judged.
    pub more: usize,
    /// That all of them are one: by the links that are needed for it, each taken for itself.
    pub probability: f64,
    /// Titles of figures in which two of them are counted.
    pub counted: Vec<Arc<str>>,
    pub worth: f64,
}

/// What ties two members.
#[derive(Clone, Debug)]
pub struct Tie {
    pub a: EntityId,
    pub b: EntityId,
    /// Bits, as [`Question::weight`].
    pub weight: f64,
    pub probability: f64,
    pub standing: Standing,
    pub parts: Arc<[Part]>,
    /// Whether “all the same” rests on it: with as few judgements as it takes, along the strongest links.
    pub needed: bool,
    /// Without this link the group falls apart: so many records would stand on the smaller side.
    pub alone: Option<usize>,
}

impl Set {
    /// The links that “all the same” judges.
    pub fn needed(&self) -> impl Iterator<Item = &Tie> {
        self.ties.iter().filter(|tie| tie.needed)
    }

    /// The weakest link on which alone the group hangs.
    #[must_use]
    pub fn weak(&self) -> Option<&Tie> {
        let alone = self.ties.iter().filter(|tie| tie.alone.is_some());
        alone.min_by(|x, y| x.probability.total_cmp(&y.probability))
    }
}

/// One question to a person.
#[derive(Clone, Debug)]
pub enum Asked {
    Pair(Question),
    Several(Set),
}

impl Asked {
    #[must_use]
    pub fn worth(&self) -> f64 {
        match self {
            Asked::Pair(question) => question.worth,
            Asked::Several(set) => set.worth,
        }
    }

    /// Whether it asks about this record.
    #[must_use]
    pub fn holds(&self, id: EntityId) -> bool {
        match self {
            Asked::Pair(question) => question.a == id || question.b == id,
            Asked::Several(set) => set.members.contains(&id),
        }
    }
}

impl Questions {
    /// What is worth asking, the worthiest first: groups whole, and the pairs that are in none; pairs at which somebody looked and
    /// could not tell come last.
    ///
    /// # Errors
    /// As [`Questions::open`].
    pub fn asked(&self, reader: &Reader<'_>, stakes: &Stakes) -> Result<Vec<Asked>, Error> {
        let sets = self.sets(reader, stakes)?;
        let mut place: BTreeMap<EntityId, usize> = BTreeMap::new();
        for (at, set) in sets.iter().enumerate() {
            place.extend(set.members.iter().map(|id| (reader.shown_as(*id), at)));
        }
        let within = |question: &Question| {
            let [a, b] = [question.a, question.b].map(|id| place.get(&reader.shown_as(id)));
            a.is_some() && a == b
        };
        let pairs = self.open_with(reader, stakes)?;
        let pairs = pairs.into_iter().filter(|question| !within(question)).map(Asked::Pair);
        let mut asked: Vec<Asked> = sets.into_iter().map(Asked::Several).chain(pairs).collect();
        // Stable: pairs of one worth stay in their order.
        asked.sort_by(|x, y| y.worth().total_cmp(&x.worth()));
        Ok(asked)
    }

    /// Groups of three persons or more that may be one, the worthiest first.
    ///
    /// # Errors
    /// As [`Questions::open`].
    pub fn sets(&self, reader: &Reader<'_>, stakes: &Stakes) -> Result<Vec<Set>, Error> {
        let ids: Vec<EntityId> = self.people().iter().map(|(id, _)| id).collect();
        let found = self.clusters(reader, &ids)?;
        let alone: BTreeMap<Pair, usize> = found
            .weak
            .iter()
            .filter_map(|weak| {
                let pair = ordered(*ids.get(weak.link.a as usize)?, *ids.get(weak.link.b as usize)?);
                Some((pair, weak.smaller as usize))
            })
            .collect();
        let mut groups: BTreeMap<u32, Vec<EntityId>> = BTreeMap::new();
        for (cluster, id) in found.of.iter().zip(&ids) {
            groups.entry(*cluster).or_default().push(*id);
        }
        let persons =
            |members: &[EntityId]| members.iter().map(|id| reader.shown_as(*id)).collect::<BTreeSet<_>>().len();
        let several = groups.into_values().filter(|members| members.len() > 2 && persons(members) > 2);
        let mut sets: Vec<Set> = several.filter_map(|members| self.set(reader, stakes, members, &alone)).collect();
        sets.sort_by(|x, y| y.worth.total_cmp(&x.worth).then_with(|| x.members.cmp(&y.members)));
        Ok(sets)
    }

    /// The pairs whose judgement makes these records one, as few as it takes and along the strongest links; who has no link to the
    /// others is judged against the first.
    #[must_use]
    pub fn joining(&self, reader: &Reader<'_>, members: &[EntityId]) -> Vec<(EntityId, EntityId)> {
        let set = self.set(reader, &Stakes::default(), members.to_vec(), &BTreeMap::new());
        let mut pairs: Vec<(EntityId, EntityId)> = set.iter().flat_map(Set::needed).map(|tie| (tie.a, tie.b)).collect();
        let mut part: BTreeMap<EntityId, EntityId> = members.iter().map(|id| (*id, reader.shown_as(*id))).collect();
        let mut join = |a: EntityId, b: EntityId| {
            let (Some(&x), Some(&y)) = (part.get(&a), part.get(&b)) else { return false };
            part.values_mut().filter(|known| **known == y).for_each(|known| *known = x);
            x != y
        };
        for (a, b) in &pairs {
            join(*a, *b);
        }
        if let Some((first, rest)) = members.split_first() {
            pairs.extend(rest.iter().filter(|id| join(*first, **id)).map(|id| (*first, *id)));
        }
        pairs
    }

    /// Who may be one, together: by the links that are likelier than not, with what was judged, and nobody with whom they were told apart.
    fn clusters(&self, reader: &Reader<'_>, ids: &[EntityId]) -> Result<Clusters, Error> {
        let row = |id: EntityId| ids.binary_search(&id).ok().and_then(|at| u32::try_from(at).ok());
        let rows = |pair: &Pair| Some((row(pair.0)?, row(pair.1)?));
        let learnt = self.learnt();
        let mut links: Vec<Link> = Vec::new();
        for scored in &self.scored {
            let (x, y) = (reader.shown_as(scored.a), reader.shown_as(scored.b));
            // Who looked and could not tell is not asked again by the way of a third.
            if let Some((a, b)) = rows(&(scored.a, scored.b)).filter(|_| x != y && !self.judged.unsure(x, y)) {
                links.push(Link { a, b, weight: learnt.weight(scored.weight) as f32 });
            }
        }
        let judged = |wanted: Verdict| self.judged.latest.iter().filter(move |(_, verdict)| **verdict == wanted);
        let one = judged(Verdict::Same).filter(|((a, b), _)| reader.shown_as(*a) == reader.shown_as(*b));
        let same: Vec<(u32, u32)> = one.filter_map(|(pair, _)| rows(pair)).collect();
        links.extend(same.iter().map(|(a, b)| Link { a: *a, b: *b, weight: CERTAIN }));
        let different: Vec<(u32, u32)> = judged(Verdict::Different).filter_map(|(pair, _)| rows(pair)).collect();
        // What has no score is as unlike as the least that is kept.
        let unlike = learnt.weight((KEEP / (1.0 - KEEP)).log2()) as f32;
        let judged = Judged { same: &same, different: &different };
        cluster(ids.len(), &links, Bounds::of(0.0), judged, &|pairs| vec![unlike; pairs.len()])
            .map_err(|error| Error::Linkage(error.to_string()))
    }

    fn set(
        &self,
        reader: &Reader<'_>,
        stakes: &Stakes,
        members: Vec<EntityId>,
        alone: &BTreeMap<Pair, usize>,
    ) -> Option<Set> {
        let all = members.len();
        let members = self.nearest(reader, members);
        let learnt = self.learnt();
        let (mut ties, mut unlike) = (Vec::new(), 0);
        for (at, &a) in members.iter().enumerate() {
            for &b in members.iter().skip(at + 1) {
                let one = reader.shown_as(a) == reader.shown_as(b);
                let scored = self.scored_pair(a, b);
                if scored.is_none() && !one {
                    unlike += 1;
                    continue;
                }
                let weight = scored.map_or(0.0, |scored| scored.weight);
                ties.push(Tie {
                    a,
                    b,
                    weight,
                    probability: if one { 1.0 } else { learnt.probability(weight) },
                    standing: match (one, self.judged.unsure(reader.shown_as(a), reader.shown_as(b))) {
                        (true, _) => Standing::Same,
                        (_, true) => Standing::Unsure,
                        _ => Standing::Open,
                    },
                    parts: scored.map_or_else(|| Arc::from([]), |scored| Arc::clone(&scored.parts)),
                    needed: false,
                    alone: if one { None } else { alone.get(&ordered(a, b)).copied() },
                });
            }
        }
        // The strongest first: with each that joins two parts one judgement is needed.
        ties.sort_by(|x, y| y.probability.total_cmp(&x.probability).then((x.a, x.b).cmp(&(y.a, y.b))));
        let mut part: BTreeMap<EntityId, EntityId> = members.iter().map(|id| (*id, reader.shown_as(*id))).collect();
        let (mut probability, mut sum, mut most) = (1.0, 0.0, 0.0_f64);
        let mut counted: Vec<Arc<str>> = Vec::new();
        for tie in ties.iter_mut().filter(|tie| tie.standing != Standing::Same) {
            let (x, y) = (*part.get(&tie.a)?, *part.get(&tie.b)?);
            if x == y {
                continue;
            }
            part.values_mut().filter(|known| **known == y).for_each(|known| *known = x);
            tie.needed = true;
            probability *= tie.probability;
            let figures = stakes.counting(reader.shown_as(tie.a), reader.shown_as(tie.b));
            let worth = worth(tie.probability, !figures.is_empty());
            (sum, most) = (sum + worth, most.max(worth));
            counted.extend(figures);
        }
        counted.sort_unstable();
        counted.dedup();
        ties.sort_by_key(|tie| (tie.alone.is_none(), tie.standing == Standing::Same));
        // All at once with the probability that all are one; otherwise at least what the best pair of them tells.
        let worth = probability * sum + (1.0 - probability) * most;
        Some(Set { more: all - members.len(), members, ties, unlike, probability, counted, worth })
    }

    /// As many as can be shown, tied to each other: from the strongest link on, always the one who is tied most strongly.
    fn nearest(&self, reader: &Reader<'_>, members: Vec<EntityId>) -> Vec<EntityId> {
        if members.len() <= MOST {
            return members;
        }
        let weight = |a: EntityId, b: EntityId| match self.scored_pair(a, b) {
            _ if reader.shown_as(a) == reader.shown_as(b) => f64::from(CERTAIN),
            Some(scored) => scored.weight,
            None => f64::MIN,
        };
        let strongest = |left: &[EntityId], to: &[EntityId]| -> Option<usize> {
            let tied = |id: &EntityId| {
                to.iter().filter(|other| *other != id).map(|other| weight(*id, *other)).fold(f64::MIN, f64::max)
            };
            left.iter().enumerate().max_by(|x, y| tied(x.1).total_cmp(&tied(y.1)).then(y.0.cmp(&x.0))).map(|(at, _)| at)
        };
        let mut left = members.clone();
        let mut near = Vec::new();
        while near.len() < MOST {
            let Some(at) = strongest(&left, if near.is_empty() { &members } else { &near }) else { break };
            near.push(left.remove(at));
        }
        near
    }
}
