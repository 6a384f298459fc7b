//! One component, in which clusters grow by average linkage.

use super::{Bounds, CLIP, Forest, LARGEST, MARGIN};

/// A component while its clusters grow.
pub(super) struct Growth<'a> {
    rows: &'a [u32],
    bounds: Bounds,
    /// Greatest weight between clusters.
    tops: Vec<f32>,
    /// Sum of the weights between clusters, by the smallest index of each.
    sums: Vec<f32>,
    sizes: Vec<u32>,
    forbidden: Vec<bool>,
    /// For each row of the component the smallest index in its cluster.
    pub(super) of: Vec<u32>,
    /// Links by weight, when the component is too large for a matrix.
    list: Vec<(f32, u32, u32)>,
    large: bool,
}

impl<'a> Growth<'a> {
    pub(super) fn new(rows: &'a [u32], bounds: Bounds) -> Self {
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

    pub(super) fn set(&mut self, a: u32, b: u32, weight: f32) {
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

    pub(super) fn forbid(&mut self, i: usize, j: usize) {
        let n = self.rows.len();
        if self.large {
            self.list.push((f32::NEG_INFINITY, i as u32, j as u32));
        } else {
            self.forbidden[i * n + j] = true;
            self.forbidden[j * n + i] = true;
        }
    }

    /// Merges the clusters of two indices.
    pub(super) fn merge(&mut self, i: usize, j: usize) {
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

    pub(super) fn grow(&mut self) {
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
