//! Clusters: which records are proposed as one person, together.
//!
//! Connected components alone would join two persons through one unlucky link, so each component
//! is taken apart: clusters grow by average linkage over *all* pairs between them (Sokal and
//! Michener 1958), those that say no as well as those that say yes, and never across a pair that
//! somebody judged different.

mod bridges;
mod growth;
mod parts;

use crate::engine::one_by_one;
use crate::error::Error;

use self::bridges::bridges;
use self::growth::Growth;
use self::parts::{Parts, unknown_pairs};

/// Union–find.
pub struct Forest(Vec<u32>);

impl Forest {
    /// All apart.
    #[must_use]
    pub fn new(n: usize) -> Self {
        Self((0..n as u32).collect())
    }

    /// The representative of a row.
    pub fn find(&mut self, mut x: u32) -> u32 {
        while self.0[x as usize] != x {
            self.0[x as usize] = self.0[self.0[x as usize] as usize];
            x = self.0[x as usize];
        }
        x
    }

    /// Joins two; the smaller number represents both.
    pub fn join(&mut self, a: u32, b: u32) {
        let (a, b) = (self.find(a), self.find(b));
        if a != b {
            self.0[a.max(b) as usize] = a.min(b);
        }
    }
}

/// A pair with its weight.
#[derive(Clone, Copy, PartialEq, Debug, serde::Serialize)]
pub struct Link {
    /// The row with the smaller number.
    pub a: u32,
    /// The other.
    pub b: u32,
    /// Weight in bits; 0 is even odds.
    pub weight: f32,
}

/// A link without which its cluster would fall into two parts.
#[derive(Clone, Copy, PartialEq, Debug, serde::Serialize)]
pub struct WeakLink {
    /// The link.
    pub link: Link,
    /// The cluster.
    pub cluster: u32,
    /// Rows in the smaller of the two parts.
    pub smaller: u32,
    /// Rows in the other.
    pub larger: u32,
}

/// Clusters.
#[derive(Clone, Debug, Default)]
pub struct Clusters {
    /// For each row its cluster: the smallest row number in it.
    pub of: Vec<u32>,
    /// Links on which alone a cluster of three or more hangs, the weakest first.
    pub weak: Vec<WeakLink>,
}

/// What people have judged, by row number.
#[derive(Clone, Copy, Debug, Default)]
pub struct Judged<'a> {
    /// Pairs judged to be the same.
    pub same: &'a [(u32, u32)],
    /// Pairs judged to be different.
    pub different: &'a [(u32, u32)],
}

/// Weights beyond this many bits say no more than this much when averaged.
const CLIP: f32 = 14.0;
/// How far under the threshold a link may be and still bring two rows into one component.
const MARGIN: f32 = 4.0;
/// Components larger than this are clustered by their links alone.
const LARGEST: usize = 300;

/// What two clusters need to become one, in bits.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Bounds {
    /// Weight of at least one link between them.
    pub link: f32,
    /// Mean weight of all pairs between them.
    pub mean: f32,
}

impl Bounds {
    /// One link of at least `link`, where even odds on average are enough.
    #[must_use]
    pub const fn of(link: f32) -> Self {
        Self { link, mean: if link < 0.0 { link } else { 0.0 } }
    }
}

/// Gives the weights of pairs of rows.
pub type Score<'a> = &'a (dyn Fn(&[(u32, u32)]) -> Vec<f32> + Sync);

/// Clusters rows by `links` (each pair once; none more than 4 bits below the bounds is needed).
/// `score` gives weights of pairs that are not among the links.
///
/// # Errors
/// When judgements contradict each other: two rows judged the same (directly or through others)
/// and different.
pub fn cluster(
    rows: usize,
    links: &[Link],
    bounds: Bounds,
    judged: Judged<'_>,
    score: Score<'_>,
) -> Result<Clusters, Error> {
    by_threads(rows, links, bounds, judged, score, 1)
}

/// The same by several threads: components are independent of each other.
///
/// # Errors
/// As [`cluster`].
pub fn by_threads(
    rows: usize,
    links: &[Link],
    bounds: Bounds,
    judged: Judged<'_>,
    score: Score<'_>,
    threads: usize,
) -> Result<Clusters, Error> {
    let mut same = Forest::new(if judged.same.is_empty() { 0 } else { rows });
    for &(a, b) in judged.same {
        same.join(a, b);
    }
    let both_ways = |(a, b): &&(u32, u32)| !judged.same.is_empty() && same.find(*a) == same.find(*b);
    if let Some(&(a, b)) = judged.different.iter().find(both_ways) {
        return Err(Error::Settings(format!(
            "rows {a} and {b} were judged different, and the same through other judgements; one of these must be taken back"
        )));
    }
    let mut together = Forest::new(rows);
    for link in links.iter().filter(|l| l.weight >= bounds.link - MARGIN) {
        together.join(link.a, link.b);
    }
    for &(a, b) in judged.same {
        together.join(a, b);
    }
    let parts = Parts::of(&divide_the_largest(&mut together, rows, links, bounds.link, judged.same), links);
    let mut different = judged.different.iter().map(|&(a, b)| (a.min(b), a.max(b))).collect::<Vec<_>>();
    different.sort_unstable();
    let leaders = (0..same.0.len() as u32).map(|row| same.find(row)).collect();
    let task = Task { parts: &parts, bounds, leaders, different, score };
    let pieces = task.pieces();
    let done = one_by_one(pieces.len(), threads, |n| Some(task.grow(pieces[n])));

    let mut out: Vec<u32> = (0..rows as u32).collect();
    let mut weak = Vec::new();
    let mut members = parts.rows.iter();
    for (clusters, found) in done.into_iter().flatten() {
        for (cluster, &row) in clusters.into_iter().zip(&mut members) {
            out[row as usize] = cluster;
        }
        weak.extend(found);
    }
    weak.sort_by(|x, y| x.link.weight.total_cmp(&y.link.weight).then((x.link.a, x.link.b).cmp(&(y.link.a, y.link.b))));
    Ok(Clusters { of: out, weak })
}

/// Rows that make a piece of work, about.
const PIECE: u32 = 1 << 14;

/// What is to be done with each component.
struct Task<'a> {
    parts: &'a Parts,
    bounds: Bounds,
    /// For each row the first of those judged the same; empty when nothing was.
    leaders: Vec<u32>,
    /// Pairs judged different, sorted.
    different: Vec<(u32, u32)>,
    score: Score<'a>,
}

impl Task<'_> {
    /// Ranges of components.
    fn pieces(&self) -> Vec<(usize, usize)> {
        let (starts, mut out, mut from) = (&self.parts.starts, Vec::new(), 0);
        for c in 1..starts.len() {
            if starts[c] - starts[from] >= PIECE || c + 1 == starts.len() {
                out.push((from, c));
                from = c;
            }
        }
        out
    }

    /// For each row of these components its cluster; and the links on which clusters hang.
    fn grow(&self, (from, to): (usize, usize)) -> (Vec<u32>, Vec<WeakLink>) {
        let (mut unknown, mut ends) = (Vec::new(), Vec::new());
        for c in from..to {
            unknown_pairs(self.parts.rows(c), self.parts.links(c), &mut unknown);
            ends.push(unknown.len());
        }
        let scores = (self.score)(&unknown);
        let mut scored = 0;
        let (mut out, mut weak) = (Vec::new(), Vec::new());
        for (c, end) in (from..to).zip(ends) {
            let (component, known) = (self.parts.rows(c), self.parts.links(c));
            if let ([a, b], [link], true) = (component, known, self.leaders.is_empty() && self.different.is_empty()) {
                let joined = link.weight >= self.bounds.link && link.weight.clamp(-CLIP, CLIP) >= self.bounds.mean;
                out.extend([*a, if joined { *a } else { *b }]);
                continue;
            }
            let mut grown = Growth::new(component, self.bounds);
            for link in known {
                grown.set(link.a, link.b, link.weight);
            }
            for (&(a, b), &weight) in unknown[scored..end].iter().zip(&scores[scored..end]) {
                grown.set(a, b, weight);
            }
            scored = end;
            self.judge(component, &mut grown);
            grown.grow();
            let clusters: Vec<u32> = grown.of.iter().map(|&i| component[i as usize]).collect();
            bridges(component, known, &clusters, self.bounds.mean.min(self.bounds.link), &mut weak);
            out.extend(clusters);
        }
        (out, weak)
    }

    fn judge(&self, component: &[u32], grown: &mut Growth<'_>) {
        for (i, &a) in component.iter().enumerate() {
            let from = self.different.partition_point(|d| d.0 < a);
            for &(_, b) in self.different[from..].iter().take_while(|d| d.0 == a) {
                if let Ok(j) = component.binary_search(&b) {
                    grown.forbid(i, j);
                }
            }
            let leader = self.leaders.get(a as usize).copied().unwrap_or(a);
            if leader != a
                && let Ok(j) = component.binary_search(&leader)
            {
                grown.merge(j, i);
            }
        }
    }
}

/// Components too large to look at every pair of are made again of stronger links alone, and again.
/// Returns for each row the first of its component.
fn divide_the_largest(forest: &mut Forest, rows: usize, links: &[Link], least: f32, same: &[(u32, u32)]) -> Vec<u32> {
    let mut steps = [0.0, 2.0, 4.0, 6.0, 8.0, 10.0, 12.0].into_iter();
    loop {
        let root: Vec<u32> = (0..rows as u32).map(|r| forest.find(r)).collect();
        let mut size = vec![0u32; rows];
        root.iter().for_each(|&r| size[r as usize] += 1);
        let large = |row: u32| size[root[row as usize] as usize] as usize > LARGEST;
        let (Some(step), true) = (steps.next(), size.iter().any(|&n| n as usize > LARGEST)) else { return root };
        for row in (0..rows as u32).filter(|&r| large(r)) {
            forest.0[row as usize] = row;
        }
        for link in links.iter().filter(|l| l.weight >= least + step && large(l.a)) {
            forest.join(link.a, link.b);
        }
        for &(a, b) in same {
            forest.join(a, b);
        }
    }
}

/// Connected components of the links of at least this weight.
#[must_use]
pub fn components(rows: usize, links: &[Link], least: f32) -> Vec<u32> {
    let mut forest = Forest::new(rows);
    for link in links.iter().filter(|l| l.weight >= least) {
        forest.join(link.a, link.b);
    }
    (0..rows as u32).map(|r| forest.find(r)).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use proptest::prelude::*;

    use super::*;

    fn link(a: u32, b: u32, weight: f32) -> Link {
        Link { a, b, weight }
    }

    #[test]
    fn one_unlucky_link_does_not_join_two_persons() {
        let links = [link(0, 1, 9.0), link(0, 2, 9.0), link(1, 2, 9.0), link(3, 4, 9.0), link(2, 3, 3.0)];
        let found = cluster(5, &links, Bounds::of(0.0), Judged::default(), &|p| vec![-10.0; p.len()]).unwrap();
        assert_eq!(found.of, [0, 0, 0, 3, 3]);
    }

    #[test]
    fn a_cluster_that_hangs_on_one_link_is_shown() {
        let links = [link(0, 1, 9.0), link(0, 2, 9.0), link(1, 2, 9.0), link(2, 3, 3.0)];
        let found = cluster(4, &links, Bounds::of(0.0), Judged::default(), &|p| vec![-1.0; p.len()]).unwrap();
        assert_eq!(found.of, [0, 0, 0, 0]);
        assert_eq!(found.weak.len(), 1);
        assert_eq!((found.weak[0].link.a, found.weak[0].link.b, found.weak[0].smaller), (2, 3, 1));
    }

    proptest! {
        #[test]
        fn what_was_judged_different_is_never_joined(
            weights in proptest::collection::vec((0u32..12, 0u32..12, -6.0f32..12.0), 0..60),
            different in proptest::collection::vec((0u32..12, 0u32..12), 0..8),
            same in proptest::collection::vec((0u32..12, 0u32..12), 0..4),
        ) {
            let mut links: Vec<Link> = weights.iter().filter(|w| w.0 != w.1).map(|w| link(w.0.min(w.1), w.0.max(w.1), w.2)).collect();
            links.sort_by_key(|l| (l.a, l.b));
            links.dedup_by_key(|l| (l.a, l.b));
            let different: Vec<_> = different.into_iter().filter(|d| d.0 != d.1).collect();
            let judged = Judged { same: &same, different: &different };
            if let Ok(found) = cluster(12, &links, Bounds::of(0.0), judged, &|p| vec![-3.0; p.len()]) {
                for (a, b) in &different {
                    prop_assert_ne!(found.of[*a as usize], found.of[*b as usize]);
                }
                for (a, b) in &same {
                    prop_assert_eq!(found.of[*a as usize], found.of[*b as usize]);
                }
            }
        }
    }
}
