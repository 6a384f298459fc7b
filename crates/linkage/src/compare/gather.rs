//! Gathering rows: from columns of distinct values to a small local table in which pairs are compared.

use crate::dates::Span;
use crate::table::{Kind, Table};
use crate::tokens::NameValue;

use super::build::spans;
use super::{Births, Comparer};

/// Rows gathered for comparing.
#[derive(Default)]
pub struct Local {
    cells: Vec<u32>,
    pub(super) given: Vec<NameValue>,
    pub(super) family: Vec<NameValue>,
    pub(super) birth: Vec<Span>,
    pub(super) event: Vec<(Span, u8)>,
    pub(super) place: Vec<u32>,
    pub(super) sex: Vec<u8>,
    pub(super) list: Vec<u32>,
    pub(super) words: Vec<Vec<u32>>,
    pub(super) sets: Vec<Vec<u32>>,
}

impl Local {
    fn empty(&mut self) {
        self.given.clear();
        self.family.clear();
        self.birth.clear();
        self.event.clear();
        self.place.clear();
        self.sex.clear();
        self.list.clear();
        self.words.iter_mut().chain(&mut self.sets).for_each(Vec::clear);
    }
}

/// Cells copied at once.
const LANES: usize = 4;
/// Rows turned at once.
const STEP: usize = 1024;

/// The cells row by row, each row filled up to a multiple of four.
pub(super) fn row_major(table: &Table) -> (Vec<u32>, usize) {
    let stride = table.columns.len().div_ceil(LANES).max(1) * LANES;
    let mut cells = vec![0u32; stride * table.rows()];
    for (n, rows) in cells.chunks_mut(STEP * stride).enumerate() {
        for (c, column) in table.columns.iter().enumerate() {
            for (to, &from) in rows.iter_mut().skip(c).step_by(stride).zip(&column.cells[n * STEP..]) {
                *to = from;
            }
        }
    }
    (cells, stride)
}

impl Comparer {
    /// Empties a local table.
    pub fn clear(&self, local: &mut Local) {
        local.empty();
    }

    /// Gathers rows, after those that are there. First the cells, then column by column what they
    /// stand for: so many loads from far memory are under way at once.
    pub fn gather(&self, rows: &[u32], local: &mut Local) {
        local.words.resize(self.words.len(), Vec::new());
        local.sets.resize(self.sets.len(), Vec::new());
        let stride = self.stride;
        let mut cells = std::mem::take(&mut local.cells);
        cells.clear();
        cells.resize(rows.len() * stride, 0);
        for (&row, to) in rows.iter().zip(cells.chunks_exact_mut(stride)) {
            let from = &self.cells[row as usize * stride..][..stride];
            for (to, from) in to.chunks_exact_mut(LANES).zip(from.chunks_exact(LANES)) {
                to.copy_from_slice(from);
            }
        }
        let of = |c: usize| cells.iter().skip(c).step_by(stride).map(|&id| id as usize);
        if let Some((c, column)) = &self.given {
            local.given.extend(of(*c).map(|id| column.values[id]));
        }
        if let Some((c, column)) = &self.family {
            local.family.extend(of(*c).map(|id| column.values[id]));
        }
        match &self.births {
            Some(Births::ByValue(c, spans)) => local.birth.extend(of(*c).map(|id| spans[id])),
            Some(Births::ByRow(spans)) => local.birth.extend(rows.iter().map(|&r| spans[r as usize])),
            None => {}
        }
        if let Some((c, spans, classes)) = &self.events {
            local.event.extend(of(*c).map(|id| (spans[id], classes[id])));
        }
        if let Some((c, _)) = &self.places {
            local.place.extend(of(*c).map(|id| id as u32));
        }
        if let Some((c, codes)) = &self.sexes {
            local.sex.extend(of(*c).map(|id| codes[id]));
        }
        if let Some(c) = &self.lists {
            local.list.extend(of(*c).map(|id| id as u32));
        }
        for ((c, _), to) in self.words.iter().zip(&mut local.words) {
            to.extend(of(*c).map(|id| id as u32));
        }
        for ((c, _), to) in self.sets.iter().zip(&mut local.sets) {
            to.extend(of(*c).map(|id| id as u32));
        }
        local.cells = cells;
    }
}

/// Dates of birth, by distinct value; by row when ages stand in for missing ones.
pub(super) fn births(table: &Table) -> Option<Births> {
    let by_value = table.of_kind(Kind::Birth).map(|c| (c, spans(&table.columns[c])));
    let Some(age) = table.of_kind(Kind::Age) else {
        return by_value.map(|(c, s)| Births::ByValue(c, s));
    };
    let event = table.of_kind(Kind::Event).map(|c| (c, spans(&table.columns[c])));
    let rows = (0..table.rows()).map(|row| {
        if let Some((c, spans)) = &by_value {
            let span = spans[table.columns[*c].cells[row] as usize];
            if !span.is_missing() {
                return span;
            }
        }
        let text = table.cell(row as u32, age);
        let (years, at) = text.split_once('@').unwrap_or((text, ""));
        let at = if at.is_empty() {
            event.as_ref().map_or(Span::MISSING, |(c, spans)| spans[table.columns[*c].cells[row] as usize])
        } else {
            Span::parse(at).unwrap_or(Span::MISSING)
        };
        match years.trim().parse::<i32>() {
            // Someone of 34 completed years was born 34 to 35 years before.
            Ok(years @ 0..=130) if !at.is_missing() => {
                Span::range(at.lo - (years + 1) * 365 - years / 4 - 1, at.hi - years * 365 - years / 4)
            }
            _ => Span::MISSING,
        }
    });
    Some(Births::ByRow(rows.collect()))
}
