//! Hierarchical log-linear models: which interactions of lists a model has, and all the models there are.

use crate::table::Table;

/// A hierarchical model: always the constant and each list's own effect; `terms` are its interactions of two lists or
/// more, as bits, sorted by order and then bits. Where an interaction is in, all that are contained in it are too.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Model {
    width: usize,
    terms: Vec<u32>,
}

impl Model {
    /// The model of independent lists.
    pub fn independence(width: usize) -> Self {
        Self { width, terms: Vec::new() }
    }

    /// The model with these interactions and all that are contained in them.
    pub fn new(width: usize, interactions: &[u32]) -> Self {
        let mut terms: Vec<u32> = Vec::new();
        for of in interactions {
            let mut part = *of;
            while part > 0 {
                if part.count_ones() >= 2 && !terms.contains(&part) {
                    terms.push(part);
                }
                part = (part - 1) & of;
            }
        }
        terms.sort_by_key(|term| (term.count_ones(), *term));
        Self { width, terms }
    }

    /// How many lists.
    pub fn width(&self) -> usize {
        self.width
    }

    /// The interactions.
    pub fn terms(&self) -> &[u32] {
        &self.terms
    }

    /// How many lists its highest interaction joins; 1 where there is none.
    pub fn order(&self) -> usize {
        self.terms.last().map_or(1, |term| term.count_ones() as usize)
    }

    /// Every parameter, as bits: the constant (0), each list, each interaction.
    pub fn parameters(&self) -> Vec<u32> {
        let mut all = vec![0];
        all.extend((0..self.width).map(|j| 1 << j));
        all.extend(&self.terms);
        all
    }

    /// How many parameters, also those that the table puts at minus infinity.
    pub fn size(&self) -> usize {
        1 + self.width + self.terms.len()
    }

    /// The interactions that are contained in no other: they name the model.
    pub fn generators(&self) -> Vec<u32> {
        let inside = |term: &u32| self.terms.iter().any(|other| other != term && other & term == *term);
        let mut out: Vec<u32> = self.terms.iter().filter(|term| !inside(term)).copied().collect();
        out.extend((0..self.width).map(|j| 1 << j).filter(|one| !self.terms.iter().any(|term| term & one != 0)));
        out
    }

    /// The model in words, as in `[EXH·ABA·OSCE][EXH·HRW]`.
    pub fn name(&self, table: &Table) -> String {
        self.generators().iter().map(|of| format!("[{}]", table.names(*of))).collect()
    }
}

/// All hierarchical models of these lists with interactions of up to `order` lists, never of all lists at once, which no
/// table can identify. In a fixed order, the model of independence first. 8 for three lists; 113 for four, 6,893 for five.
pub fn all_models(width: usize, order: usize) -> Vec<Model> {
    let order = order.min(width.saturating_sub(1));
    let mut found = vec![Vec::new()];
    for level in 2..=order {
        let of_level: Vec<u32> = (0..1_u32 << width).filter(|set| set.count_ones() as usize == level).collect();
        let mut next = Vec::new();
        for terms in &found {
            // An interaction may be added where all that it contains are in: of those that may, every choice.
            let may: Vec<u32> = of_level
                .iter()
                .filter(|set| {
                    level == 2 || (0..width).all(|j| **set >> j & 1 == 0 || terms.contains(&(**set & !(1 << j))))
                })
                .copied()
                .collect();
            for choice in 0..1_u64 << may.len() {
                let mut larger: Vec<u32> = terms.clone();
                larger.extend(may.iter().enumerate().filter(|(bit, _)| choice >> bit & 1 == 1).map(|(_, set)| *set));
                next.push(larger);
            }
        }
        found = next;
    }
    found.into_iter().map(|terms| Model { width, terms }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_many_models_as_are_published() {
        assert_eq!(all_models(3, 2).len(), 8);
        assert_eq!(all_models(4, 3).len(), 113);
        assert_eq!(all_models(5, 2).len(), 1024);
        assert_eq!(all_models(5, 4).len(), 6893);
    }

    #[test]
    fn a_model_holds_what_its_interactions_contain() {
        let model = Model::new(4, &[0b0111, 0b1001]);
        assert_eq!(model.terms(), [0b0011, 0b0101, 0b0110, 0b1001, 0b0111]);
        assert_eq!(model.generators(), [0b1001, 0b0111]);
        assert_eq!(model.size(), 10);
    }
}
