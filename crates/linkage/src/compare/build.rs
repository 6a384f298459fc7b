//! Making a comparer: every distinct value is read once.

use crate::dates::Span;
use crate::intern::Dict;
use crate::table::{Column, Kind, Table};
use crate::tokens::{NameColumn, Tokens, quarter_bits};

use super::gather::{births, row_major};
use super::place::Places;
use super::when::birth;
use super::words::{self, Words};
use super::{Births, Comparer, Comparison, Level, Role, What, names, place, sex_codes};

/// Rows from which on a table says which names, places and days are common.
const KNOWN: usize = 2_000;

/// All that is read of a table but its names.
struct Rest {
    births: Option<Births>,
    events: Option<(usize, Vec<Span>, Vec<u8>)>,
    places: Option<(usize, Places)>,
    sexes: Option<(usize, Vec<u8>)>,
    words: Vec<(usize, Words)>,
    sets: Vec<(usize, Vec<Vec<u32>>)>,
    cells: Vec<u32>,
    stride: usize,
}

impl Rest {
    fn read(table: &Table, threads: usize) -> Self {
        let (cells, stride) = row_major(table);
        let (mut words, mut sets) = (Vec::new(), Vec::new());
        for (c, column) in table.columns.iter().enumerate() {
            match column.kind {
                Kind::Set => sets.push((c, read_sets(column))),
                kind => {
                    if let Some((_, code)) = of_words(kind) {
                        words.push((c, Words::read(column, code, false, threads)));
                    }
                }
            }
        }
        let sexes = table.of_kind(Kind::Sex).map(|c| (c, sex_codes(&table.columns[c].values)));
        let places = table.of_kind(Kind::Place).map(|c| (c, Places::read(&table.columns[c], threads)));
        Self { births: births(table), events: read_events(table), places, sexes, words, sets, cells, stride }
    }
}

/// What an agreement of a column of words means, and whether they are codes.
const fn of_words(kind: Kind) -> Option<(Role, bool)> {
    match kind {
        Kind::Identifier => Some((Role::Person, true)),
        Kind::Code => Some((Role::Context, true)),
        Kind::Text | Kind::Organisation | Kind::Role => Some((Role::Context, false)),
        _ => None,
    }
}

impl Comparer {
    /// Reads the distinct values of a table.
    #[must_use]
    pub fn build(table: &Table, threads: usize) -> Self {
        let given_at = table.of_kind(Kind::GivenName).or_else(|| table.of_kind(Kind::Name));
        let wanted: Vec<usize> = table.of_kind(Kind::FamilyName).into_iter().chain(given_at).collect();
        let columns: Vec<&Column> = wanted.iter().map(|&c| &table.columns[c]).collect();
        let mut tokens = Tokens::default();
        // Names take longest, and in part one thread: the other reads the rest meanwhile.
        let (read, rest) = if threads > 1 {
            std::thread::scope(|scope| {
                let rest = scope.spawn(|| Rest::read(table, 1));
                (tokens.read(&columns, threads), rest.join().ok())
            })
        } else {
            (tokens.read(&columns, threads), None)
        };
        let rest = rest.unwrap_or_else(|| Rest::read(table, threads));
        let mut read: Vec<(usize, NameColumn)> = wanted.into_iter().zip(read).collect();
        let given = given_at.and_then(|_| read.pop());
        let family = read.pop();
        let lists = table.of_kind(Kind::List).filter(|&c| table.columns[c].values.len() > 2 && !table.across_only);
        let comparisons = comparisons(table, &rest, lists.is_some());
        let Rest { births, events, places, sexes, words, sets, cells, stride } = rest;
        Self { comparisons, tokens, given, family, births, events, places, sexes, lists, words, sets, cells, stride }
    }
}

/// The comparisons, in the order in which they are made and explained.
fn comparisons(table: &Table, rest: &Rest, lists: bool) -> Vec<Comparison> {
    let mut out = Vec::new();
    let mut add = |name: &str, role: Role, mut levels: Vec<Level>, what: What| {
        let categories = categories(what, levels.len());
        for (level, category) in levels.iter_mut().zip(categories) {
            level.category = category;
            if table.rows() < KNOWN {
                level.words = without_rarity(&level.words);
            }
        }
        out.push(Comparison { name: name.to_owned(), role, levels, what });
    };
    let where_when = match (&rest.places, &rest.events) {
        (Some(_), Some(_)) => Some("where and when"),
        (Some(_), None) => Some("place"),
        (None, Some(_)) => Some("date of the event"),
        (None, None) => None,
    };
    if let Some(name) = where_when {
        add(name, Role::Context, place::where_when_levels(), What::WhereWhen);
    }
    let (mut words, mut sets) = (0, 0);
    for column in &table.columns {
        if column.kind == Kind::Set {
            let found = ["missing", "two or more the same", "one the same", "none the same"];
            add(&column.name, Role::Context, plain(&column.name, &found), What::Set(sets));
            sets += 1;
        } else if let Some((role, _)) = of_words(column.kind) {
            add(&column.name, role, words::levels(&column.name), What::Words(words));
            words += 1;
        }
    }
    let has = |kind: Kind| table.of_kind(kind).is_some();
    if has(Kind::FamilyName) {
        add("family name", Role::Kin, names::levels("family name"), What::Family);
    }
    if has(Kind::GivenName) {
        add("given name", Role::Given, names::levels("given name"), What::Given);
    } else if has(Kind::Name) {
        add("name", Role::Whole, names::levels("name"), What::Whole);
    }
    if rest.births.is_some() {
        add("birth", Role::Person, birth::levels(), What::Birth);
    }
    if rest.sexes.is_some() {
        let levels = [
            ("sex missing", 0),
            ("the same sex, as the given name said", 1),
            ("another sex with the same given name", 1),
            ("the same sex", 2),
            ("another sex", 2),
        ];
        add("sex", Role::Person, levels.map(|(w, g)| Level::new(w.to_owned(), g)).to_vec(), What::Sex);
    }
    if lists {
        let levels = [("list missing", 0), ("on the same list", 1), ("on two lists", 1)];
        add("lists", Role::Neutral, levels.map(|(w, g)| Level::new(w.to_owned(), g)).to_vec(), What::Lists);
    }
    out
}

/// A name that four rows of a hundred have may be that of one man who stands there four times: labels call nothing common.
fn without_rarity(words: &str) -> String {
    let day = words.replace("a busy day, the same", "the same day");
    [", very common", ", common", ", very rare", ", rare"].iter().fold(day, |plain, rarity| plain.replace(rarity, ""))
}

/// Levels of which the first is a missing value.
fn plain(what: &str, words: &[&str]) -> Vec<Level> {
    words.iter().enumerate().map(|(i, w)| Level::new(format!("{what}: {w}"), u8::from(i > 0))).collect()
}

pub(super) fn spans(column: &Column) -> Vec<Span> {
    (0..column.values.len() as u32).map(|id| Span::parse(column.values.text(id)).unwrap_or(Span::MISSING)).collect()
}

/// The dates of events, and how rare each is: 0 a busy day, 2 a rare one.
fn read_events(table: &Table) -> Option<(usize, Vec<Span>, Vec<u8>)> {
    let c = table.of_kind(Kind::Event)?;
    let column = &table.columns[c];
    let total = column.cells.len() as f64;
    let class = |id: u32| match quarter_bits(f64::from(column.values.count(id)), total) / 4 {
        ..=9 => 0,
        10..=12 => 1,
        _ => 2,
    };
    Some((c, spans(column), (0..column.values.len() as u32).map(class).collect()))
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

fn read_sets(column: &Column) -> Vec<Vec<u32>> {
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
