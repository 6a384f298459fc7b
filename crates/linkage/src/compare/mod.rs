//! What of two records is compared, and at which level it agrees.
//!
//! Every distinct value is read once ([`Comparer::build`]); rows are gathered into a small local
//! table ([`Local`]) and compared there, one comparison over many pairs at a time.

mod build;
mod gather;
pub mod names;
pub mod place;
pub mod when;
pub mod words;

use crate::dates::Span;
use crate::intern::Dict;
use crate::tokens::{Memo, NameColumn, Tokens};

pub use self::gather::Local;
use self::names::{Full, Side};
use self::place::Places;
use self::when::{birth, event};
use self::words::Words;

/// A level of a comparison.
#[derive(Clone, Debug)]
pub struct Level {
    /// In words.
    pub words: String,
    /// Levels of one group are alternatives to each other; which group it is says nothing (a
    /// missing value is a group of its own).
    pub group: u8,
    /// How much of its frequency among pairs of one person is left among persons of one event or
    /// household: 1, or less where the level says that it was another event.
    pub shared: f64,
    /// Levels that differ only in how rare the value is have one category.
    pub category: u8,
}

impl Level {
    /// A level.
    #[must_use]
    pub const fn new(words: String, group: u8) -> Self {
        Self { words, group, shared: 1.0, category: 0 }
    }
}

/// What an agreement can mean besides being the same person.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Role {
    /// Two persons agree only by chance.
    Person,
    /// As [`Role::Person`], but namesakes agree too.
    Given,
    /// Relatives agree.
    Kin,
    /// A whole name: relatives agree in a part of it, namesakes in all.
    Whole,
    /// All who were there agree.
    Context,
    /// Says little by itself.
    Neutral,
}

/// A comparison.
#[derive(Clone, Debug)]
pub struct Comparison {
    /// Its name, for people.
    pub name: String,
    /// What an agreement can mean.
    pub role: Role,
    /// Its levels.
    pub levels: Vec<Level>,
    what: What,
}

impl Comparison {
    /// A comparison by itself, of which only the levels matter.
    #[cfg(test)]
    pub(crate) fn plain(name: &str, role: Role, levels: Vec<Level>) -> Self {
        Self { name: name.to_owned(), role, levels, what: What::Lists }
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum What {
    WhereWhen,
    Family,
    Given,
    Whole,
    Birth,
    Sex,
    Lists,
    Words(usize),
    Set(usize),
}

/// Everything that is needed to compare two rows of a table.
pub struct Comparer {
    /// The comparisons, in the order in which they are explained.
    pub comparisons: Vec<Comparison>,
    /// All words of names.
    pub tokens: Tokens,
    /// Given names (or whole names), by number of the distinct value.
    pub given: Option<(usize, NameColumn)>,
    /// Family names.
    pub family: Option<(usize, NameColumn)>,
    births: Option<Births>,
    events: Option<(usize, Vec<Span>, Vec<u8>)>,
    places: Option<(usize, Places)>,
    sexes: Option<(usize, Vec<u8>)>,
    lists: Option<usize>,
    words: Vec<(usize, Words)>,
    sets: Vec<(usize, Vec<Vec<u32>>)>,
    /// Cells row by row: a row is gathered from one place in memory.
    cells: Vec<u32>,
    stride: usize,
}

enum Births {
    ByValue(usize, Vec<Span>),
    ByRow(Vec<Span>),
}

/// Levels of place and time together.
pub const WHERE_WHEN_LEVELS: usize = place::LEVELS * event::LEVELS;

/// What a thread needs while it compares.
#[derive(Default)]
pub struct Scratch {
    memo: Memo,
    place_memo: place::Memo,
    swapped: Vec<bool>,
}

/// The sex of a person in each distinct value of a column, as it is written there: 1 female, 2 male, 3 other, 0 missing.
///
/// Where H stands for men (hombres) and nothing begins with F, M stands for women (mujeres).
#[must_use]
pub fn sex_codes(values: &Dict) -> Vec<u8> {
    let written: Vec<String> = (0..values.len() as u32).map(|id| values.text(id).trim().to_lowercase()).collect();
    let spanish = written.iter().any(|text| text == "h") && !written.iter().any(|text| text.starts_with(['f', 'w']));
    written.iter().map(|text| if spanish && text == "m" { 1 } else { sex_code(text) }).collect()
}

fn sex_code(text: &str) -> u8 {
    match text {
        "" | "u" | "unknown" | "?" | "-" | "n/a" => 0,
        "mujer" => 1,
        _ => match text.chars().next() {
            Some('f' | 'w' | 'ស' | 'ж' | 'أ') => 1,
            Some('m' | 'h' | 'ប' | 'м' | 'ذ') => 2,
            _ => 3,
        },
    }
}

impl Comparer {
    /// How rare the names are that a comparison of names looks at, in a small table.
    #[must_use]
    pub fn rarities(&self, comparison: &Comparison) -> Option<crate::defaults::Rarities> {
        let side = match comparison.what {
            What::Family => &self.family,
            What::Given | What::Whole => &self.given,
            _ => return None,
        };
        let (column, names) = side.as_ref()?;
        let cells: Vec<u32> = self.cells.iter().skip(*column).step_by(self.stride.max(1)).copied().collect();
        crate::defaults::Rarities::of(names, &cells)
    }

    /// Levels of pairs of gathered rows; `out` has one list for each comparison.
    pub fn levels(&self, local: &Local, pairs: &[(u32, u32)], scratch: &mut Scratch, out: &mut [Vec<u8>]) {
        let mut given_at = usize::MAX;
        let mut family_at = usize::MAX;
        for (k, comparison) in self.comparisons.iter().enumerate() {
            match comparison.what {
                What::Family => family_at = k,
                What::Given => given_at = k,
                _ => {}
            }
        }
        if let (Some((_, given)), Some((_, family))) = (&self.given, &self.family)
            && given_at != usize::MAX
        {
            scratch.swapped.clear();
            out[given_at].clear();
            out[family_at].clear();
            for &(i, j) in pairs {
                let (i, j) = (i as usize, j as usize);
                let full = |i: usize| Full {
                    given: Side { value: &local.given[i], column: given },
                    family: Side { value: &local.family[i], column: family },
                };
                let (g, f, swapped) = names::both(&self.tokens, &mut scratch.memo, full(i), full(j));
                out[given_at].push(g);
                out[family_at].push(f);
                scratch.swapped.push(swapped);
            }
            self.rest(local, pairs, scratch, out, given_at, true);
        } else {
            self.rest(local, pairs, scratch, out, given_at, false);
        }
    }

    fn rest(
        &self,
        local: &Local,
        pairs: &[(u32, u32)],
        scratch: &mut Scratch,
        out: &mut [Vec<u8>],
        given_at: usize,
        names_done: bool,
    ) {
        for (k, comparison) in self.comparisons.iter().enumerate() {
            let mut to = std::mem::take(&mut out[k]);
            let each = pairs.iter().map(|&(i, j)| (i as usize, j as usize));
            match comparison.what {
                What::Given | What::Family if names_done => {}
                What::Given | What::Whole | What::Family => {
                    to.clear();
                    let (side, values) = if comparison.what == What::Family {
                        (&self.family, &local.family)
                    } else {
                        (&self.given, &local.given)
                    };
                    if let Some((_, column)) = side {
                        to.extend(each.map(|(i, j)| {
                            let side = |i: usize| Side { value: &values[i], column };
                            names::level(&self.tokens, &mut scratch.memo, side(i), side(j))
                        }));
                    }
                }
                What::WhereWhen => {
                    to.clear();
                    to.extend(each.map(|(i, j)| {
                        let p = self.places.as_ref().map_or(0, |(_, places)| {
                            places.level(local.place[i], local.place[j], &mut scratch.place_memo)
                        });
                        let e = if self.events.is_some() {
                            let (a, b) = (local.event[i], local.event[j]);
                            event::level(a.0, b.0, a.1)
                        } else {
                            0
                        };
                        p * event::LEVELS as u8 + e
                    }));
                }
                What::Birth => {
                    to.clear();
                    to.extend(each.map(|(i, j)| birth::level(local.birth[i], local.birth[j])));
                }
                What::Sex => {
                    to.clear();
                    let given = out.get(given_at);
                    to.extend(each.enumerate().map(|(n, (i, j))| {
                        let (a, b) = (local.sex[i], local.sex[j]);
                        let agrees = given.is_some_and(|g| names::agrees(g[n]));
                        match (a == 0 || b == 0, agrees, a == b) {
                            (true, ..) => 0,
                            (_, true, true) => 1,
                            (_, true, false) => 2,
                            (_, false, true) => 3,
                            (_, false, false) => 4,
                        }
                    }));
                }
                What::Lists => {
                    to.clear();
                    to.extend(each.map(|(i, j)| {
                        let (a, b) = (local.list[i], local.list[j]);
                        if a == 0 || b == 0 { 0 } else { 1 + u8::from(a != b) }
                    }));
                }
                What::Words(w) => {
                    to.clear();
                    let (_, words) = &self.words[w];
                    to.extend(each.map(|(i, j)| words.level(local.words[w][i], local.words[w][j])));
                }
                What::Set(s) => {
                    to.clear();
                    let (_, sets) = &self.sets[s];
                    to.extend(each.map(|(i, j)| {
                        let (a, b) = (&sets[local.sets[s][i] as usize], &sets[local.sets[s][j] as usize]);
                        if a.is_empty() || b.is_empty() {
                            return 0;
                        }
                        match a.iter().filter(|x| b.contains(x)).count() {
                            0 => 3,
                            1 => 2,
                            _ => 1,
                        }
                    }));
                }
            }
            out[k] = to;
        }
    }

    /// The places.
    #[must_use]
    pub const fn places(&self) -> Option<&(usize, Places)> {
        self.places.as_ref()
    }

    /// The folded words of a column.
    #[must_use]
    pub fn words(&self, column: usize) -> Option<&Words> {
        self.words.iter().find(|(c, _)| *c == column).map(|(_, w)| w)
    }
}
