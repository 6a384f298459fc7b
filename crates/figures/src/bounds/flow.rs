//! The most that passes from one end of a network to the other, by Edmonds and Karp (J. ACM 19, 1972).
//!
//! It answers how many of the acts told one by one can at most be among those told of groups together.

use std::collections::VecDeque;

/// Points, and ways between them that each let so much through. The first point is where everything comes from, the second
/// where it goes.
pub(super) struct Network {
    /// Where a way leads, and how much it still lets through; the way back from it is the next or the one before (`^ 1`).
    ways: Vec<(usize, u64)>,
    /// From each point, its ways.
    from: Vec<Vec<usize>>,
}

pub(super) const SOURCE: usize = 0;
pub(super) const SINK: usize = 1;

impl Network {
    pub(super) fn new() -> Self {
        Network { ways: Vec::new(), from: vec![Vec::new(), Vec::new()] }
    }

    pub(super) fn point(&mut self) -> usize {
        self.from.push(Vec::new());
        self.from.len() - 1
    }

    pub(super) fn way(&mut self, from: usize, to: usize, room: u64) {
        for (from, to, room) in [(from, to, room), (to, from, 0)] {
            if let Some(ways) = self.from.get_mut(from) {
                ways.push(self.ways.len());
            }
            self.ways.push((to, room));
        }
    }

    /// The most that passes.
    pub(super) fn most(mut self) -> u64 {
        let mut passed: u64 = 0;
        while let Some(path) = self.path() {
            let room = |at: &usize| self.ways.get(*at).map_or(0, |(_, room)| *room);
            let more = path.iter().map(room).min().unwrap_or(0);
            for at in path {
                if let Some((_, room)) = self.ways.get_mut(at) {
                    *room -= more;
                }
                if let Some((_, back)) = self.ways.get_mut(at ^ 1) {
                    *back = back.saturating_add(more);
                }
            }
            passed = passed.saturating_add(more);
        }
        passed
    }

    /// A shortest path on which something still passes: its ways, the last first.
    fn path(&self) -> Option<Vec<usize>> {
        let mut reached: Vec<Option<usize>> = vec![None; self.from.len()];
        let mut queue = VecDeque::from([SOURCE]);
        while let Some(point) = queue.pop_front() {
            for at in self.from.get(point).into_iter().flatten() {
                let Some((to, room)) = self.ways.get(*at).copied() else { continue };
                if room == 0 || to == SOURCE {
                    continue;
                }
                if let Some(by @ None) = reached.get_mut(to) {
                    *by = Some(*at);
                    queue.push_back(to);
                }
            }
        }
        let mut path = Vec::new();
        let mut point = SINK;
        while point != SOURCE {
            let by = (*reached.get(point)?)?;
            path.push(by);
            point = self.ways.get(by ^ 1)?.0;
        }
        Some(path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_passes_makes_room_for_what_has_fewer_ways() {
        let mut network = Network::new();
        let points: Vec<usize> = (0..4).map(|_| network.point()).collect();
        // Two givers; the first could go either way, the second only the first way.
        for (from, to) in [(SOURCE, points[0]), (SOURCE, points[1]), (points[2], SINK), (points[3], SINK)] {
            network.way(from, to, 1);
        }
        for (from, to) in [(points[0], points[2]), (points[0], points[3]), (points[1], points[2])] {
            network.way(from, to, 1);
        }
        assert_eq!(network.most(), 2);
        assert_eq!(Network::new().most(), 0);
    }
}
