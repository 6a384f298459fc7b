//! Against a truth: pairwise precision, recall and F1 over all true pairs, clusters, B-cubed.

use crate::block::Keys;
use crate::cluster::Link;

/// Precision, recall and their harmonic mean.
#[derive(Clone, Copy, Debug, Default, serde::Serialize)]
pub struct Quality {
    /// Of what was said to be one person, how much is.
    pub precision: f64,
    /// Of what is one person, how much was said.
    pub recall: f64,
    /// Harmonic mean.
    pub f1: f64,
}

impl Quality {
    fn of(hits: f64, said: f64, truth: f64) -> Self {
        let (precision, recall) = (hits / said.max(1.0), hits / truth.max(1.0));
        Self::mean(precision, recall)
    }

    fn mean(precision: f64, recall: f64) -> Self {
        let sum = precision + recall;
        Self { precision, recall, f1: if sum > 0.0 { 2.0 * precision * recall / sum } else { 0.0 } }
    }
}

/// The truth: for each row the number of the person; 0 when not known.
pub struct Truth<'a> {
    /// Numbers of persons by row.
    pub of: &'a [u32],
    /// Files by row, when only pairs across files count.
    pub across: Option<&'a [u8]>,
}

impl Truth<'_> {
    /// Whether two rows are one person.
    #[must_use]
    pub fn same(&self, a: u32, b: u32) -> bool {
        self.of[a as usize] != 0 && self.of[a as usize] == self.of[b as usize]
    }

    /// All true pairs.
    #[must_use]
    pub fn pairs(&self) -> Vec<(u32, u32)> {
        let mut rows: Vec<u32> = (0..self.of.len() as u32).filter(|&r| self.of[r as usize] != 0).collect();
        rows.sort_by_key(|&r| (self.of[r as usize], r));
        let mut out = Vec::new();
        for (i, &a) in rows.iter().enumerate() {
            for &b in rows[i + 1..].iter().take_while(|&&b| self.same(a, b)) {
                if self.across.is_none_or(|s| s[a as usize] != s[b as usize]) {
                    out.push((a, b));
                }
            }
        }
        out
    }
}

/// Quality of the links at each of their weights: the best, and that of a given threshold.
#[must_use]
pub fn pairs(truth: &Truth<'_>, links: &[Link], total: usize, threshold: f32) -> ((f32, Quality), Quality) {
    let mut sorted: Vec<(f32, bool)> = links.iter().map(|l| (l.weight, truth.same(l.a, l.b))).collect();
    sorted.sort_by(|x, y| y.0.total_cmp(&x.0));
    let (mut hits, mut best, mut at) = (0u64, (f32::INFINITY, Quality::default()), Quality::default());
    for (n, &(weight, same)) in sorted.iter().enumerate() {
        hits += u64::from(same);
        if sorted.get(n + 1).is_some_and(|next| next.0 == weight) {
            continue;
        }
        let quality = Quality::of(hits as f64, n as f64 + 1.0, total as f64);
        if quality.f1 > best.1.f1 {
            best = (weight, quality);
        }
        if weight >= threshold {
            at = quality;
        }
    }
    (best, at)
}

/// Quality of clusters: by pairs, and B-cubed (Bagga and Baldwin 1998).
#[must_use]
pub fn clusters(truth: &Truth<'_>, clusters: &[u32], total: usize) -> (Quality, Quality) {
    let mut rows: Vec<(u32, u32, u32)> =
        clusters.iter().zip(truth.of).enumerate().map(|(row, (&c, &t))| (c, t, row as u32)).collect();
    rows.sort_unstable();
    let mut size_of_person: Vec<u32> = Vec::new();
    for &t in truth.of {
        if size_of_person.len() <= t as usize {
            size_of_person.resize(t as usize + 1, 0);
        }
        size_of_person[t as usize] += 1;
    }
    let (mut hits, mut said, mut p, mut r) = (0.0, 0.0, 0.0, 0.0);
    for cluster in rows.chunk_by(|x, y| x.0 == y.0) {
        let n = cluster.len() as f64;
        let pairs = |group: &[(u32, u32, u32)]| match truth.across {
            None => (group.len() * (group.len() - 1) / 2) as f64,
            Some(source) => {
                let mut counts = [0usize; 256];
                for x in group {
                    counts[source[x.2 as usize] as usize] += 1;
                }
                (group.len() * group.len() - counts.iter().map(|c| c * c).sum::<usize>()) as f64 / 2.0
            }
        };
        said += pairs(cluster);
        for person in cluster.chunk_by(|x, y| x.1 == y.1) {
            let m = person.len() as f64;
            if person[0].1 != 0 {
                hits += pairs(person);
            }
            p += m * m / n;
            r += m * m / f64::from(size_of_person[person[0].1 as usize].max(1));
        }
    }
    let rows = rows.len().max(1) as f64;
    (Quality::of(hits, said, total as f64), Quality::mean(p / rows, r / rows))
}

/// Share of the true pairs that share a block.
#[must_use]
pub fn blocking_recall(pairs: &[(u32, u32)], keys: &Keys) -> f64 {
    let found = pairs.iter().filter(|(a, b)| keys.first_rule(*a, *b).is_some()).count();
    found as f64 / pairs.len().max(1) as f64
}
