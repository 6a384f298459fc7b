//! Clusters: which records are proposed as one person, together.
//!
//! Connected components alone would join two persons through one unlucky link, so each component
//! is taken apart: clusters grow by average linkage over *all* pairs between them (Sokal and
//! Michener 1958), those that say no as well as those that say yes, and never across a pair that
//! somebody judged different.

mod bridges;

use crate::error::Error;

use self::bridges::bridges;

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
pub type Score<'a> = &'a dyn Fn(&[(u32, u32)]) -> Vec<f32>;

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
    let mut same = Forest::new(rows);
    for &(a, b) in judged.same {
        same.join(a, b);
    }
    if let Some(&(a, b)) = judged.different.iter().find(|(a, b)| same.find(*a) == same.find(*b)) {
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
    divide_the_largest(&mut together, rows, links, bounds.link, judged.same);
    let mut out: Vec<u32> = (0..rows as u32).collect();
    let root: Vec<u32> = (0..rows as u32).map(|r| together.find(r)).collect();
    let mut members: Vec<u32> = {
        let mut size = vec![0u32; rows];
        root.iter().for_each(|&r| size[r as usize] += 1);
        (0..rows as u32).filter(|&r| size[root[r as usize] as usize] > 1).collect()
    };
    members.sort_by_key(|&r| (root[r as usize], r));
    let mut inner: Vec<Link> = links.to_vec();
    inner.sort_by_key(|l| (root[l.a as usize], l.a, l.b));

    // Pairs within components that no link tells of.
    let mut unknown: Vec<(u32, u32)> = Vec::new();
    let mut at = 0;
    for component in members.chunk_by(|a, b| root[*a as usize] == root[*b as usize]) {
        let known = links_of(&inner, &mut at, &root, root[component[0] as usize]);
        if component.len() > 2 && component.len() <= LARGEST {
            let mut next = 0;
            for (i, &a) in component.iter().enumerate() {
                for &b in &component[i + 1..] {
                    while next < known.len() && (known[next].a, known[next].b) < (a, b) {
                        next += 1;
                    }
                    if known.get(next).is_none_or(|l| (l.a, l.b) != (a, b)) {
                        unknown.push((a, b));
                    }
                }
            }
        }
    }
    let scores = score(&unknown);
    let mut different = judged.different.iter().map(|&(a, b)| (a.min(b), a.max(b))).collect::<Vec<_>>();
    different.sort_unstable();

    let (mut at, mut used) = (0, 0);
    let mut weak = Vec::new();
    for component in members.chunk_by(|a, b| root[*a as usize] == root[*b as usize]) {
        let known = links_of(&inner, &mut at, &root, root[component[0] as usize]);
        let mut grown = Growth::new(component, bounds);
        for link in known.iter().filter(|l| root[l.b as usize] == root[l.a as usize]) {
            grown.set(link.a, link.b, link.weight);
        }
        while used < unknown.len() && root[unknown[used].0 as usize] == root[component[0] as usize] {
            let (a, b) = unknown[used];
            grown.set(a, b, scores.get(used).copied().unwrap_or(-CLIP));
            used += 1;
        }
        for (i, &a) in component.iter().enumerate() {
            let from = different.partition_point(|d| d.0 < a);
            for &(_, b) in different[from..].iter().take_while(|d| d.0 == a) {
                if let Ok(j) = component.binary_search(&b) {
                    grown.forbid(i, j);
                }
            }
            let leader = same.find(a);
            if leader != a
                && let Ok(j) = component.binary_search(&leader)
            {
                grown.merge(j, i);
            }
        }
        grown.grow();
        for (i, &row) in component.iter().enumerate() {
            out[row as usize] = component[grown.of[i] as usize];
        }
        bridges(component, known, &out, bounds.mean.min(bounds.link), &mut weak);
    }
    weak.sort_by(|x, y| x.link.weight.total_cmp(&y.link.weight).then((x.link.a, x.link.b).cmp(&(y.link.a, y.link.b))));
    Ok(Clusters { of: out, weak })
}

/// Components too large to look at every pair of are made again of stronger links alone, and again.
fn divide_the_largest(forest: &mut Forest, rows: usize, links: &[Link], least: f32, same: &[(u32, u32)]) {
    for step in [0.0, 2.0, 4.0, 6.0, 8.0, 10.0, 12.0] {
        let root: Vec<u32> = (0..rows as u32).map(|r| forest.find(r)).collect();
        let mut size = vec![0u32; rows];
        root.iter().for_each(|&r| size[r as usize] += 1);
        let large = |row: u32| size[root[row as usize] as usize] as usize > LARGEST;
        let mut any = false;
        for row in (0..rows as u32).filter(|&r| large(r)) {
            forest.0[row as usize] = row;
            any = true;
        }
        if !any {
            return;
        }
        for link in links.iter().filter(|l| l.weight >= least + step && large(l.a)) {
            forest.join(link.a, link.b);
        }
        for &(a, b) in same {
            forest.join(a, b);
        }
    }
}

/// The links of one component; `at` moves on behind them.
fn links_of<'a>(links: &'a [Link], at: &mut usize, root: &[u32], component: u32) -> &'a [Link] {
    while *at < links.len() && root[links[*at].a as usize] < component {
        *at += 1;
    }
    let from = *at;
    while *at < links.len() && root[links[*at].a as usize] == component {
        *at += 1;
    }
    // Links between components are below the margin: they were sorted by the component of `a`.
    &links[from..*at]
}

/// A component while its clusters grow.
struct Growth<'a> {
    rows: &'a [u32],
    bounds: Bounds,
    /// Greatest weight between clusters.
    tops: Vec<f32>,
    /// Sum of the weights between clusters, by the smallest index of each.
    sums: Vec<f32>,
    sizes: Vec<u32>,
    forbidden: Vec<bool>,
    of: Vec<u32>,
    /// Links by weight, when the component is too large for a matrix.
    list: Vec<(f32, u32, u32)>,
    large: bool,
}

impl<'a> Growth<'a> {
    fn new(rows: &'a [u32], bounds: Bounds) -> Self {
        let n = rows.len();
        let large = n > LARGEST;
        let cells = if large { 0 } else { n * n };
        Self {
            rows,
            bounds,
            tops: vec![-CLIP; cells],
            sums: vec![-CLIP; cells],
            sizes: vec![1; n],
            forbidden: vec![false; cells],
            of: (0..n as u32).collect(),
            list: Vec::new(),
            large,
        }
    }

    fn set(&mut self, a: u32, b: u32, weight: f32) {
        if let (Ok(i), Ok(j)) = (self.rows.binary_search(&a), self.rows.binary_search(&b)) {
            if self.large {
                self.list.push((weight, i as u32, j as u32));
            } else {
                let n = self.rows.len();
                let w = weight.clamp(-CLIP, CLIP);
                self.sums[i * n + j] = w;
                self.sums[j * n + i] = w;
                self.tops[i * n + j] = weight;
                self.tops[j * n + i] = weight;
            }
        }
    }

    fn forbid(&mut self, i: usize, j: usize) {
        let n = self.rows.len();
        if self.large {
            self.list.push((f32::NEG_INFINITY, i as u32, j as u32));
        } else {
            self.forbidden[i * n + j] = true;
            self.forbidden[j * n + i] = true;
        }
    }

    /// Merges the clusters of two indices.
    fn merge(&mut self, i: usize, j: usize) {
        let n = self.rows.len();
        let (p, q) = (self.of[i] as usize, self.of[j] as usize);
        let (p, q) = (p.min(q), p.max(q));
        if p == q {
            return;
        }
        for x in self.of.iter_mut().filter(|x| **x as usize == q) {
            *x = p as u32;
        }
        self.sizes[p] += self.sizes[q];
        if !self.large {
            for k in 0..n {
                self.sums[p * n + k] += self.sums[q * n + k];
                self.sums[k * n + p] = self.sums[p * n + k];
                self.tops[p * n + k] = self.tops[p * n + k].max(self.tops[q * n + k]);
                self.tops[k * n + p] = self.tops[p * n + k];
                self.forbidden[p * n + k] |= self.forbidden[q * n + k];
                self.forbidden[k * n + p] |= self.forbidden[q * n + k];
            }
        }
    }

    fn grow(&mut self) {
        if self.large {
            self.grow_by_links();
            return;
        }
        let n = self.rows.len();
        let mut alive: Vec<usize> = (0..n).filter(|&i| self.of[i] as usize == i).collect();
        loop {
            let mut best = (f32::NEG_INFINITY, 0, 0);
            for (x, &i) in alive.iter().enumerate() {
                for &j in &alive[x + 1..] {
                    let mean = self.sums[i * n + j] / (self.sizes[i] * self.sizes[j]) as f32;
                    let linked = self.tops[i * n + j] >= self.bounds.link && !self.forbidden[i * n + j];
                    if linked && mean > best.0 {
                        best = (mean, i, j);
                    }
                }
            }
            if best.0 < self.bounds.mean || best.1 == best.2 {
                return;
            }
            self.merge(best.1, best.2);
            alive.retain(|&i| i != best.2);
        }
    }

    /// Strongest links first, and only where no judgement stands between the two clusters.
    fn grow_by_links(&mut self) {
        let mut list = std::mem::take(&mut self.list);
        let barred: Vec<(u32, u32)> = list.iter().filter(|l| l.0 == f32::NEG_INFINITY).map(|l| (l.1, l.2)).collect();
        list.retain(|l| l.0 >= self.bounds.link + MARGIN);
        list.sort_by(|x, y| y.0.total_cmp(&x.0).then((x.1, x.2).cmp(&(y.1, y.2))));
        let mut forest = Forest::new(self.rows.len());
        for (i, &of) in self.of.iter().enumerate() {
            forest.join(i as u32, of);
        }
        for (_, i, j) in list {
            let (p, q) = (forest.find(i), forest.find(j));
            let mut stands = |&(x, y): &(u32, u32)| {
                let (x, y) = (forest.find(x), forest.find(y));
                (x, y) == (p, q) || (y, x) == (p, q)
            };
            if p != q && !barred.iter().any(&mut stands) {
                forest.join(i, j);
            }
        }
        self.of = (0..self.rows.len() as u32).map(|i| forest.find(i)).collect();
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
