//! Links on which alone a cluster hangs.

use super::{Link, WeakLink};

/// Finds the links on which alone a cluster hangs (bridges of its graph; Tarjan 1974). `clusters`
/// says for each row of the component its cluster.
pub(super) fn bridges(component: &[u32], links: &[Link], clusters: &[u32], least: f32, weak: &mut Vec<WeakLink>) {
    if component.len() < 3 {
        return;
    }
    let n = component.len();
    let index = |row: u32| component.binary_search(&row).unwrap_or(0);
    let mut next: Vec<Vec<(usize, usize)>> = vec![Vec::new(); n];
    let of = |row: u32| clusters[index(row)];
    let inside = |l: &&Link| l.weight >= least && of(l.a) == of(l.b);
    let edges: Vec<&Link> = links.iter().filter(inside).collect();
    for (e, link) in edges.iter().enumerate() {
        next[index(link.a)].push((index(link.b), e));
        next[index(link.b)].push((index(link.a), e));
    }
    let (mut order, mut low, mut below, mut clock) = (vec![0u32; n], vec![0u32; n], vec![1u32; n], 0u32);
    for start in 0..n {
        if order[start] != 0 {
            continue;
        }
        let mut found: Vec<(usize, u32)> = Vec::new();
        let mut stack = vec![(start, usize::MAX, 0usize)];
        let mut size = 0;
        while let Some(&mut (v, by, ref mut k)) = stack.last_mut() {
            if *k == 0 {
                clock += 1;
                size += 1;
                order[v] = clock;
                low[v] = clock;
            }
            if let Some(&(w, e)) = next[v].get(*k) {
                *k += 1;
                if e == by {
                } else if order[w] == 0 {
                    stack.push((w, e, 0));
                } else {
                    low[v] = low[v].min(order[w]);
                }
            } else {
                stack.pop();
                if let Some(&(parent, ..)) = stack.last() {
                    low[parent] = low[parent].min(low[v]);
                    below[parent] += below[v];
                    if low[v] > order[parent] {
                        found.push((by, below[v]));
                    }
                }
            }
        }
        if size >= 3 {
            weak.extend(found.into_iter().map(|(e, part)| {
                let rest = size - part;
                WeakLink { link: *edges[e], cluster: of(edges[e].a), smaller: part.min(rest), larger: part.max(rest) }
            }));
        }
    }
}
