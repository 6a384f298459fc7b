//! What of two records is compared, and at which level it agrees.
//!
//! Every distinct value is read once ([`Comparer::build`]); rows are gathered into a small local
//! table ([`Local`]) and compared there, one comparison over many pairs at a time.

mod gather;
pub mod names;
pub mod place;
pub mod when;
pub mod words;

use crate::dates::Span;
use crate::intern::Dict;
use crate::table::{Kind, Table};
use crate::tokens::{Memo, NameColumn, Tokens, quarter_bits};

pub use self::gather::Local;
use self::gather::{births, row_major};
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

/// Reads the sex of a person from how it is written: 1 female, 2 male, 3 other, 0 missing.
#[must_use]
pub fn sex_code(text: &str) -> u8 {
    let text = text.trim().to_lowercase();
    match text.as_str() {
        "" | "u" | "unknown" | "?" | "-" | "n/a" => 0,
        "mujer" => 1,
        _ => match text.chars().next() {
            Some('f' | 'w' | 'ស' | 'ж' | 'أ') => 1,
            Some('m' | 'h' | 'ប' | 'м' | 'ذ') => 2,
            _ => 3,
        },
    }
}

fn spans(column: &crate::table::Column) -> Vec<Span> {
    (0..column.values.len() as u32).map(|id| Span::parse(column.values.text(id)).unwrap_or(Span::MISSING)).collect()
}

impl Comparer {
    /// Reads the distinct values of a table.
    #[must_use]
    #[allow(clippy::too_many_lines)]
    pub fn build(table: &Table, threads: usize) -> Self {
        let rows = table.rows();
        let mut tokens = Tokens::default();
        let mut comparisons = Vec::new();
        let mut add = |name: &str, role: Role, mut levels: Vec<Level>, what: What| {
            let categories = categories(what, levels.len());
            for (level, category) in levels.iter_mut().zip(categories) {
                level.category = category;
            }
            comparisons.push(Comparison { name: name.to_owned(), role, levels, what });
        };
        let column = |kind: Kind| table.of_kind(kind);

        let events = column(Kind::Event).map(|c| {
            let column = &table.columns[c];
            let spans = spans(column);
            let total = column.cells.len() as f64;
            let classes = (0..column.values.len() as u32)
                .map(|id| match quarter_bits(f64::from(column.values.count(id)), total) / 4 {
                    ..=9 => 0,
                    10..=12 => 1,
                    _ => 2,
                })
                .collect();
            (c, spans, classes)
        });
        let places = column(Kind::Place).map(|c| (c, Places::read(&table.columns[c], threads)));
        if events.is_some() || places.is_some() {
            let name = match (&places, &events) {
                (Some(_), Some(_)) => "where and when",
                (Some(_), None) => "place",
                _ => "date of the event",
            };
            add(name, Role::Context, place::where_when_levels(), What::WhereWhen);
        }

        let mut words = Vec::new();
        let mut sets = Vec::new();
        for (c, col) in table.columns.iter().enumerate() {
            let (role, code) = match col.kind {
                Kind::Identifier => (Role::Person, true),
                Kind::Code => (Role::Context, true),
                Kind::Text | Kind::Organisation | Kind::Role => (Role::Context, false),
                Kind::Set => {
                    sets.push((c, read_sets(col)));
                    let words = ["missing", "two or more the same", "one the same", "none the same"];
                    let levels = words
                        .iter()
                        .enumerate()
                        .map(|(i, w)| Level::new(format!("{}: {w}", col.name), u8::from(i > 0)));
                    add(&col.name, Role::Context, levels.collect(), What::Set(sets.len() - 1));
                    continue;
                }
                _ => continue,
            };
            words.push((c, Words::read(col, code, false, threads)));
            add(&col.name, role, words::levels(&col.name), What::Words(words.len() - 1));
        }

        let (given_col, family_col) = (column(Kind::GivenName), column(Kind::FamilyName));
        let family = family_col.map(|c| (c, tokens.read(&table.columns[c], rows, threads)));
        let given =
            given_col.or_else(|| column(Kind::Name)).map(|c| (c, tokens.read(&table.columns[c], rows, threads)));
        if family.is_some() {
            add("family name", Role::Kin, names::levels("family name"), What::Family);
        }
        if given_col.is_some() {
            add("given name", Role::Given, names::levels("given name"), What::Given);
        } else if given.is_some() {
            add("name", Role::Given, names::levels("name"), What::Whole);
        }

        let births = births(table);
        if births.is_some() {
            add("birth", Role::Person, birth::levels(), What::Birth);
        }
        let sexes = column(Kind::Sex).map(|c| {
            let values = &table.columns[c].values;
            (c, (0..values.len() as u32).map(|id| sex_code(values.text(id))).collect())
        });
        if sexes.is_some() {
            let levels = [
                ("sex missing", 0),
                ("the same sex, as the given name said", 1),
                ("another sex with the same given name", 1),
                ("the same sex", 2),
                ("another sex", 2),
            ];
            add("sex", Role::Person, levels.map(|(w, g)| Level::new(w.to_owned(), g)).to_vec(), What::Sex);
        }
        let lists = column(Kind::List).filter(|&c| table.columns[c].values.len() > 2 && !table.across_only);
        if lists.is_some() {
            let levels = [("list missing", 0), ("on the same list", 1), ("on two lists", 1)];
            add("lists", Role::Neutral, levels.map(|(w, g)| Level::new(w.to_owned(), g)).to_vec(), What::Lists);
        }
        let (cells, stride) = row_major(table);
        Self { comparisons, tokens, given, family, births, events, places, sexes, lists, words, sets, cells, stride }
    }

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

    /// Spans of the births of the rows, if there are any (for blocking).
    #[must_use]
    pub fn birth(&self, table: &Table, row: usize) -> Span {
        match &self.births {
            Some(Births::ByValue(c, spans)) => spans[table.columns[*c].cells[row] as usize],
            Some(Births::ByRow(spans)) => spans[row],
            None => Span::MISSING,
        }
    }

    /// Span of the event of a row.
    #[must_use]
    pub fn event(&self, table: &Table, row: usize) -> Span {
        self.events.as_ref().map_or(Span::MISSING, |(c, spans, _)| spans[table.columns[*c].cells[row] as usize])
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

    /// Code of the sex of a row.
    #[must_use]
    pub fn sex(&self, table: &Table, row: usize) -> u8 {
        self.sexes.as_ref().map_or(0, |(c, codes)| codes[table.columns[*c].cells[row] as usize])
    }
}

/// Which levels differ only in how rare the value is.
fn categories(what: What, levels: usize) -> Vec<u8> {
    let runs: &[usize] = match what {
        What::Family | What::Given | What::Whole => &[1, 14, 8, 8, 4, 4, 1, 1, 6, 3, 1, 1],
        What::Words(_) => &[1, 8, 4, 1, 1],
        What::WhereWhen => {
            let place = [0u8, 1, 1, 1, 1, 1, 1, 2, 3, 4, 5];
            let when = [0u8, 1, 1, 1, 2, 3, 4, 5, 6];
            return place.iter().flat_map(|p| when.iter().map(move |w| p * 8 + w)).collect();
        }
        _ => return (0..levels as u8).collect(),
    };
    runs.iter().enumerate().flat_map(|(i, &n)| std::iter::repeat_n(i as u8, n)).collect()
}

fn read_sets(column: &crate::table::Column) -> Vec<Vec<u32>> {
    let mut dict = Dict::default();
    (0..column.values.len() as u32)
        .map(|id| {
            let parts = column.values.text(id).split(';').map(str::trim).filter(|p| !p.is_empty());
            let mut ids: Vec<u32> = parts.map(|p| dict.intern(p.as_bytes())).collect();
            ids.sort_unstable();
            ids.dedup();
            ids
        })
        .collect()
}
