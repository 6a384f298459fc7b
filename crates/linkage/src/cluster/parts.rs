//! Rows and links divided into components.

use super::{LARGEST, Link};

/// Rows and links by component.
pub(super) struct Parts {
    /// Rows of components of two or more, in their order within each.
    pub(super) rows: Vec<u32>,
    /// Where each component begins in `rows`, and where the last ends.
    pub(super) starts: Vec<u32>,
    /// Links within components; those between components are below the margin.
    links: Vec<Link>,
    /// The same for `links`.
    link_starts: Vec<u32>,
}

impl Parts {
    /// `root` is for each row the smallest of its component.
    pub(super) fn of(root: &[u32], links: &[Link]) -> Self {
        let mut number = vec![0u32; root.len()];
        root.iter().for_each(|&r| number[r as usize] += 1);
        // Sizes become places among the components of two or more.
        let mut starts = vec![0u32];
        for place in &mut number {
            let size = std::mem::replace(place, u32::MAX);
            if size > 1 {
                *place = starts.len() as u32 - 1;
                starts.push(starts[starts.len() - 1] + size);
            }
        }
        let mut rows = vec![0u32; starts[starts.len() - 1] as usize];
        let mut next = starts.clone();
        for (row, &r) in (0u32..).zip(root) {
            if let Some(to) = next.get_mut(number[r as usize] as usize) {
                rows[*to as usize] = row;
                *to += 1;
            }
        }
        let inside = || links.iter().filter(|l| root[l.a as usize] == root[l.b as usize]);
        let of = |l: &Link| number[root[l.a as usize] as usize] as usize;
        let mut link_starts = vec![0u32; starts.len()];
        inside().for_each(|l| link_starts[of(l) + 1] += 1);
        for c in 1..link_starts.len() {
            link_starts[c] += link_starts[c - 1];
        }
        let mut sorted = vec![Link { a: 0, b: 0, weight: 0.0 }; link_starts[link_starts.len() - 1] as usize];
        let mut next = link_starts.clone();
        for link in inside() {
            let to = &mut next[of(link)];
            sorted[*to as usize] = *link;
            *to += 1;
        }
        for c in link_starts.windows(2) {
            sorted[c[0] as usize..c[1] as usize].sort_unstable_by_key(|l| (l.a, l.b));
        }
        Self { rows, starts, links: sorted, link_starts }
    }

    pub(super) fn rows(&self, c: usize) -> &[u32] {
        &self.rows[self.starts[c] as usize..self.starts[c + 1] as usize]
    }

    pub(super) fn links(&self, c: usize) -> &[Link] {
        &self.links[self.link_starts[c] as usize..self.link_starts[c + 1] as usize]
    }
}

/// Pairs of a component of which no link tells, unless it is too large.
pub(super) fn unknown_pairs(component: &[u32], known: &[Link], unknown: &mut Vec<(u32, u32)>) {
    if component.len() < 3 || component.len() > LARGEST {
        return;
    }
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
