//! Decomposable (chordal) graphs of the lists: all of them, each as the sets that its likelihood multiplies and divides by.

use crate::table::Table;

/// A decomposable graph: its cliques count +1, its separators −1 (Dawid & Lauritzen 1993).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Graph {
    /// Sets of lists, as bits, with the power of their marginal likelihood; none is empty.
    pub factors: Vec<(u32, i32)>,
}

impl Graph {
    /// The graph in words, by its cliques: `[EXH·ABA][OSCE][HRW]`.
    pub fn name(&self, table: &Table) -> String {
        self.factors.iter().filter(|(_, power)| *power > 0).map(|(set, _)| format!("[{}]", table.names(*set))).collect()
    }

    /// How many independent groups of lists it has, less one, plus its separators: cliques less separators.
    pub fn balance(&self) -> i32 {
        self.factors.iter().map(|(_, power)| power).sum()
    }
}

/// Every decomposable graph of so many lists, in a fixed order: 8 for three lists, 61 for four, 822 for five, 18,154 for six.
///
/// A graph is decomposable if and only if it can be taken apart by removing, one after the other, a list whose neighbours
/// are all neighbours of each other (Rose 1970). Each removal gives one factor: the list with its neighbours, over the
/// neighbours; what cancels out leaves the cliques over the separators.
pub fn decomposable(width: usize) -> Vec<Graph> {
    let pairs: Vec<(usize, usize)> = (0..width).flat_map(|i| (i + 1..width).map(move |j| (i, j))).collect();
    (0..1_u64 << pairs.len())
        .filter_map(|choice| {
            let mut neighbours = vec![0_u32; width];
            for (bit, (i, j)) in pairs.iter().enumerate() {
                if choice >> bit & 1 == 1 {
                    neighbours[*i] |= 1 << j;
                    neighbours[*j] |= 1 << i;
                }
            }
            take_apart(&neighbours)
        })
        .collect()
}

fn take_apart(neighbours: &[u32]) -> Option<Graph> {
    let width = neighbours.len();
    let mut left = (1_u32 << width) - 1;
    let mut powers = vec![0_i32; 1 << width];
    while left != 0 {
        let simplicial = |v: &usize| {
            let near = neighbours[*v] & left;
            left >> v & 1 == 1 && (0..width).all(|u| near >> u & 1 == 0 || near & !(neighbours[u] | 1 << u) == 0)
        };
        let v = (0..width).find(simplicial)?;
        let near = neighbours[v] & left;
        powers[(near | 1 << v) as usize] += 1;
        powers[near as usize] -= 1;
        left &= !(1 << v);
    }
    let factors = (1_u32..).zip(powers.into_iter().skip(1)).filter(|(_, power)| *power != 0).collect();
    Some(Graph { factors })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_many_as_there_are() {
        // OEIS A058862.
        for (width, count) in [(1, 1), (2, 2), (3, 8), (4, 61), (5, 822), (6, 18_154)] {
            assert_eq!(decomposable(width).len(), count, "{width} lists");
        }
    }

    #[test]
    fn a_path_has_two_cliques_and_a_separator() {
        let path = take_apart(&[0b010, 0b101, 0b010]);
        assert_eq!(path.map(|graph| graph.factors), Some(vec![(0b010, -1), (0b011, 1), (0b110, 1)]));
    }
}
