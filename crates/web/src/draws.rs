//! What is uncertain in the linkage of lists, drawn: clusterings in which each pair that nobody has judged is one with its
//! probability. What was judged stays as it was judged, and who was judged different is in no draw one, however long the way.
//!
//! The same position gives the same draws on every machine.

use std::collections::{BTreeMap, BTreeSet};

use estimates::Table;
use ledger::Verdict;
use lists::Lists;
use schema::EntityId;

use crate::problem::Problem;
use crate::room::Room;

/// Clusterings that are drawn.
pub const DRAWS: u64 = 20;

/// A table for each draw, and how many pairs were open.
pub struct Drawn {
    pub tables: Vec<Table>,
    pub open: usize,
}

/// The drawn tables of these lists (places in `lists`), by their names.
pub fn drawn(room: &Room<'_>, lists: &Lists, used: &[usize], names: &[String]) -> Result<Drawn, Problem> {
    let reader = &room.reader;
    let mut pairs: Vec<(EntityId, EntityId, f64)> = room.site.matchers.with(room, |questions| {
        let open = questions.open(reader, &[])?;
        let shown = |id| reader.shown_as(id);
        Ok(open.iter().map(|question| (shown(question.a), shown(question.b), question.probability)).collect())
    })?;
    // The likeliest first: where two pairs exclude each other, the better founded is tried before.
    pairs.sort_by(|p, q| q.2.total_cmp(&p.2).then((p.0, p.1).cmp(&(q.0, q.1))));
    let mut apart: BTreeMap<EntityId, BTreeSet<EntityId>> = BTreeMap::new();
    let mut latest = BTreeMap::new();
    for (judge, _) in reader.judgements()? {
        latest.insert((judge.a.min(judge.b), judge.a.max(judge.b)), judge.verdict);
    }
    for ((a, b), verdict) in latest {
        if verdict == Verdict::Different {
            let (a, b) = (reader.shown_as(a), reader.shown_as(b));
            apart.entry(a).or_default().insert(b);
            apart.entry(b).or_default().insert(a);
        }
    }
    let members = members(lists, used);
    let tables = (0..DRAWS).map(|draw| {
        let mut random = Random(reader.position().wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ draw);
        let mut clusters = Clusters::default();
        for (a, b, probability) in &pairs {
            if random.next() < *probability {
                clusters.join(*a, *b, &apart);
            }
        }
        let mut masks: BTreeMap<EntityId, u32> = BTreeMap::new();
        for (id, mask) in &members {
            *masks.entry(clusters.of(*id)).or_default() |= mask;
        }
        Table::from_records(names, masks.into_values())
    });
    Ok(Drawn { tables: tables.collect(), open: pairs.len() })
}

/// On which of the used lists each person is, as bits.
#[must_use]
pub fn members(lists: &Lists, used: &[usize]) -> BTreeMap<EntityId, u32> {
    let mut members = BTreeMap::new();
    for set in lists.overlaps() {
        let mask =
            (0_u32..).zip(used).filter(|(_, at)| set.lists.contains(at)).fold(0, |mask, (bit, _)| mask | 1 << bit);
        if mask != 0 {
            members.extend(lists.on(&set.lists).into_iter().map(|id| (id, mask)));
        }
    }
    members
}

/// Who is one with whom in a draw.
#[derive(Default)]
struct Clusters {
    of: BTreeMap<EntityId, EntityId>,
    members: BTreeMap<EntityId, Vec<EntityId>>,
}

impl Clusters {
    fn of(&self, id: EntityId) -> EntityId {
        self.of.get(&id).copied().unwrap_or(id)
    }

    fn all(&self, cluster: EntityId) -> Vec<EntityId> {
        self.members.get(&cluster).cloned().unwrap_or_else(|| vec![cluster])
    }

    fn join(&mut self, a: EntityId, b: EntityId, apart: &BTreeMap<EntityId, BTreeSet<EntityId>>) {
        let (a, b) = (self.of(a), self.of(b));
        if a == b {
            return;
        }
        let (ours, theirs) = (self.all(a), self.all(b));
        let barred =
            ours.iter().filter_map(|id| apart.get(id)).any(|others| theirs.iter().any(|id| others.contains(id)));
        if barred {
            return;
        }
        for id in &theirs {
            self.of.insert(*id, a);
        }
        self.members.remove(&b);
        self.members.insert(a, ours.into_iter().chain(theirs).collect());
    }
}

/// SplitMix64 (Steele, Lea & Flood 2014, doi 10.1145/2660193.2660195).
struct Random(u64);

impl Random {
    /// Between 0 and 1.
    fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^= z >> 31;
        // 53 bits: as many as a number of this kind holds exactly.
        (z >> 11) as f64 / (1_u64 << 53) as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_draw_joins_who_was_judged_different_not_even_by_a_third() {
        let id = |name: &str| EntityId::derive("draws", name);
        let (a, b, c) = (id("a"), id("b"), id("c"));
        let apart = BTreeMap::from([(a, BTreeSet::from([c])), (c, BTreeSet::from([a]))]);
        let mut clusters = Clusters::default();
        clusters.join(a, b, &apart);
        clusters.join(b, c, &apart);
        assert_eq!(clusters.of(a), clusters.of(b));
        assert_ne!(clusters.of(b), clusters.of(c));
    }

    #[test]
    fn the_same_seed_draws_the_same() {
        let draw = |seed| {
            let mut random = Random(seed);
            (0..1000).map(|_| random.next()).sum::<f64>() / 1000.0
        };
        assert_eq!(draw(7).to_bits(), draw(7).to_bits());
        assert!((draw(7) - 0.5).abs() < 0.03 && (draw(8) - 0.5).abs() < 0.03);
    }
}
