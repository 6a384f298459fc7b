//! A plan, run over an index: how many there are of each profile, and the first hits in their order.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tantivy::query::{AllQuery, BooleanQuery, EmptyQuery, EnableScoring, Occur, Query, Weight};
use tantivy::{SegmentReader, Term};

use crate::Error;
use crate::dense::Dense;
use crate::fields::name_term;
use crate::leaf::{Leaf, LeafQuery};
use crate::plan::Plan;
use crate::profile::Fit;
use crate::query::{Facet, Field};
use crate::shelf::{Loaded, Shelf};

/// From so many documents on, a question is worth a second thread.
const WORTH_A_THREAD: u32 = 100_000;

/// A hit's place among all: the better score first, among equals the lower id. It follows from the document alone, so it stays where
/// it is when others come and go.
pub(crate) type Place = (Reverse<u32>, u128);

/// What to collect.
pub(crate) struct Wish<'a> {
    pub(crate) chosen: &'a [(Facet, String)],
    /// Only hits after this place.
    pub(crate) after: Option<Place>,
    pub(crate) limit: usize,
    /// Entities that are passed over, as if they were not in the index.
    pub(crate) without: &'a HashSet<u128>,
}

/// What was found.
#[derive(Debug, Default)]
pub(crate) struct Found {
    /// How many documents of each profile, whatever facets are chosen.
    pub(crate) profiles: Vec<u64>,
    /// The first hits, in their order.
    pub(crate) first: Vec<Place>,
}

/// Runs a plan.
pub(crate) fn run(shelf: &Arc<Shelf>, plan: &Plan, wish: &Wish<'_>) -> Result<Found, Error> {
    let allowed: Vec<bool> = shelf.profiles.choose(wish.chosen).into_iter().map(|fit| fit == Fit::All).collect();
    let job = Job {
        dense: Dense::of(shelf, plan),
        weight: query(shelf, plan).weight(EnableScoring::enabled_from_searcher(&shelf.searcher))?,
    };
    let mut segments: Vec<(&SegmentReader, &Arc<Loaded>)> = shelf.segments().collect();
    segments.sort_by_key(|(reader, _)| Reverse(reader.max_doc()));
    let documents: u32 = segments.iter().map(|(reader, _)| reader.max_doc()).sum();
    let next = AtomicUsize::new(0);
    let work = || -> Result<Collector<'_>, Error> {
        let mut collector = Collector::new(wish, &allowed);
        while let Some((reader, loaded)) = segments.get(next.fetch_add(1, Ordering::Relaxed)) {
            collector.segment(&job, reader, loaded)?;
        }
        Ok(collector)
    };
    let mut collector = if documents < WORTH_A_THREAD || segments.len() < 2 {
        work()?
    } else {
        std::thread::scope(|scope| {
            let other = scope.spawn(work);
            let mut collector = work()?;
            let other = other.join().map_err(|_| Error::Index("a search failed".into()))??;
            collector.take(other);
            Ok::<_, Error>(collector)
        })?
    };
    collector.first.shrink_to_fit();
    Ok(Found {
        first: collector.first.into_sorted_vec(),
        profiles: collector.profiles.into_iter().map(u64::from).collect(),
    })
}

/// How segments are gone through.
struct Job {
    dense: Option<Dense>,
    weight: Box<dyn Weight>,
}

struct Collector<'a> {
    wish: &'a Wish<'a>,
    allowed: &'a [bool],
    profiles: Vec<u32>,
    /// The last of the first on top.
    first: BinaryHeap<Place>,
    /// Its score, once there are as many as are wanted: what is below is none of the first.
    least: u32,
}

impl<'a> Collector<'a> {
    fn new(wish: &'a Wish<'a>, allowed: &'a [bool]) -> Self {
        let first = BinaryHeap::with_capacity(wish.limit + 1);
        Collector { wish, allowed, profiles: vec![0; allowed.len()], first, least: 0 }
    }

    fn segment(&mut self, job: &Job, reader: &SegmentReader, loaded: &Loaded) -> Result<(), Error> {
        let alive = reader.alive_bitset();
        let without = !self.wish.without.is_empty();
        let after = self.wish.after.map_or(u32::MAX, |(Reverse(score), _)| score);
        let mut each = |document: u32, score: u32| {
            let at = document as usize;
            if alive.is_some_and(|alive| !alive.is_alive(document))
                || (without && loaded.ids.get(at).is_none_or(|id| self.wish.without.contains(id)))
            {
                return;
            }
            let Some(profile) = loaded.profiles.get(at) else { return };
            if let Some(count) = self.profiles.get_mut(*profile as usize) {
                *count += 1;
            }
            // Most hits are counted and no more: the ids, most of the columns' bytes, are fetched for the few others.
            if score < self.least || score > after || self.allowed.get(*profile as usize) != Some(&true) {
                return;
            }
            let Some(id) = loaded.ids.get(at) else { return };
            let place = (Reverse(score), *id);
            if self.wish.after.is_none_or(|after| place > after) {
                self.keep(place);
            }
        };
        if let Some(dense) = &job.dense
            && dense.run(reader, loaded, &mut each)?
        {
            return Ok(());
        }
        // Scores are small whole numbers.
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        job.weight.for_each(reader, &mut |document, score| each(document, score as u32))?;
        Ok(())
    }

    fn take(&mut self, other: Collector<'_>) {
        for (count, more) in self.profiles.iter_mut().zip(other.profiles) {
            *count += more;
        }
        other.first.into_iter().for_each(|place| self.keep(place));
    }

    /// Takes a hit among the first, if it is one of them.
    fn keep(&mut self, place: Place) {
        if self.first.len() == self.wish.limit {
            if self.first.peek().is_none_or(|last| place >= *last) {
                return;
            }
            self.first.pop();
        }
        self.first.push(place);
        if self.first.len() == self.wish.limit {
            self.least = self.first.peek().map_or(u32::MAX, |(Reverse(score), _)| *score);
        }
    }
}

/// A plan as Tantivy's query.
pub(crate) fn query(shelf: &Arc<Shelf>, plan: &Plan) -> Box<dyn Query> {
    let fields = &shelf.fields;
    let leaf = |leaf: Leaf| -> Box<dyn Query> { Box::new(LeafQuery { leaf, shelf: Arc::clone(shelf) }) };
    match plan {
        Plan::All => Box::new(AllQuery),
        Plan::Word(forms) => {
            let mut terms =
                forms.iter().map(|(form, weight)| leaf(Leaf::Term(Term::from_field_text(fields.words, form), *weight)));
            match forms.len() {
                1 => terms.next().unwrap_or_else(|| Box::new(EmptyQuery)),
                _ => Box::new(BooleanQuery::new(terms.map(|term| (Occur::Should, term)).collect())),
            }
        }
        Plan::Phrase(words) => {
            let terms: Vec<Term> = words.iter().map(|word| Term::from_field_text(fields.exact, word)).collect();
            match terms.as_slice() {
                [] => Box::new(EmptyQuery),
                [_] => leaf(Leaf::AnyOf(terms, true)),
                _ => leaf(Leaf::Phrase(terms)),
            }
        }
        Plan::Prefix(beginning) => leaf(Leaf::Beginning(Term::from_field_text(fields.exact, beginning))),
        Plan::Name(names) => {
            let terms = names.iter().map(|(key, written)| Term::from_field_text(fields.name, &name_term(key, written)));
            leaf(Leaf::AnyOf(terms.collect(), true))
        }
        Plan::In(field, word) => {
            let field = if *field == Field::Source { fields.source } else { fields.place };
            leaf(Leaf::AnyOf(vec![Term::from_field_text(field, word)], true))
        }
        Plan::Facet(terms) => {
            leaf(Leaf::AnyOf(terms.iter().map(|term| Term::from_field_text(fields.facet, term)).collect(), false))
        }
        Plan::Days(days) => leaf(Leaf::Days(*days)),
        Plan::Or(plans) => {
            Box::new(BooleanQuery::new(plans.iter().map(|plan| (Occur::Should, query(shelf, plan))).collect()))
        }
        Plan::Not(plan) => {
            let clauses: Vec<(Occur, Box<dyn Query>)> =
                vec![(Occur::Must, Box::new(AllQuery)), (Occur::MustNot, query(shelf, plan))];
            Box::new(BooleanQuery::new(clauses))
        }
        Plan::And(plans) => {
            let mut clauses: Vec<(Occur, Box<dyn Query>)> = plans
                .iter()
                .map(|plan| match plan {
                    Plan::Not(plan) => (Occur::MustNot, query(shelf, plan)),
                    plan => (Occur::Must, query(shelf, plan)),
                })
                .collect();
            if clauses.iter().all(|(occur, _)| *occur == Occur::MustNot) {
                clauses.push((Occur::Must, Box::new(AllQuery)));
            }
            Box::new(BooleanQuery::new(clauses))
        }
    }
}
