//! Comparing the given and the family names of two records, also when they changed places.
//!
//! Levels are from the alignment of words, so that a dropped second name, a second surname that
//! contradicts, an initial and a misspelling each have their own weight; and each level that
//! rests on equal words is split by how rare the words are (the rarer of two that nearly agree).

use crate::tokens::{MOST, Memo, NameColumn, NameValue, Relation, Tokens};

use super::Level;

/// Where the ranges of levels begin.
pub mod at {
    /// One of them has no name here.
    pub const MISSING: u8 = 0;
    /// The same name; 14 classes of rarity.
    pub const EXACT: u8 = 1;
    /// One has fewer words, all of which the other has; 8 classes.
    pub const SUBSET: u8 = 15;
    /// All words alike, at least one not the same; 8 classes.
    pub const NEAR: u8 = 23;
    /// One has fewer words, all of which are alike to words of the other; 4 classes.
    pub const SUBSET_NEAR: u8 = 31;
    /// One word the same, another contradicts; 4 classes.
    pub const CONFLICT: u8 = 35;
    /// An initial agrees.
    pub const INITIAL: u8 = 39;
    /// Distantly alike.
    pub const WEAK: u8 = 40;
    /// Two scripts, the same consonants; 6 classes.
    pub const CROSS: u8 = 41;
    /// Two scripts, nearly the same consonants; 3 classes.
    pub const CROSS_NEAR: u8 = 47;
    /// A word alike, another contradicts.
    pub const CONFLICT_NEAR: u8 = 50;
    /// Different.
    pub const DIFFERENT: u8 = 51;
    /// How many levels there are.
    pub const LEVELS: usize = 52;
}

/// Class of rarity: `rarity` in quarter bits, classes `width` bits wide from `from` bits on.
#[inline]
fn class(rarity: u8, from: f32, width: f32, classes: u8) -> u8 {
    let bits = f32::from(rarity) * 0.25;
    (((bits - from) / width).max(0.0) as u8).min(classes - 1)
}

/// Class of rarity of an exact agreement.
#[inline]
#[must_use]
pub fn exact_class(rarity: u8) -> u8 {
    class(rarity, 4.0, 1.25, 14)
}

/// Class of rarity of a subset.
#[inline]
#[must_use]
pub fn subset_class(rarity: u8) -> u8 {
    class(rarity, 4.0, 1.75, 8)
}

/// One side of a comparison: which column the value is of, and the value.
#[derive(Clone, Copy)]
pub struct Side<'a> {
    /// The value.
    pub value: &'a NameValue,
    /// Its column.
    pub column: &'a NameColumn,
}

impl Side<'_> {
    #[inline]
    fn rarity(&self, token: u32) -> u8 {
        // A word never seen in this column (names that changed places) is as rare as can be told.
        self.column.token_rarity.get(token as usize).copied().unwrap_or(72)
    }
}

/// The level of two names.
#[must_use]
pub fn level(tokens: &Tokens, memo: &mut Memo, a: Side<'_>, b: Side<'_>) -> u8 {
    let (x, y) = (a.value, b.value);
    if x.len == 0 || y.len == 0 {
        return at::MISSING;
    }
    if x.same == y.same && std::ptr::eq(a.column, b.column) {
        return at::EXACT + exact_class(x.rarity);
    }
    let (a, b) = if x.len <= y.len { (a, b) } else { (b, a) };
    let (x, y) = (a.value, b.value);
    if x.len == 1 {
        let mut best = (Relation::Different, 0);
        for j in 0..y.len as usize {
            let r = tokens.relation(x, 0, y, j, memo);
            if r > best.0 {
                best = (r, j);
            }
        }
        return one(tokens, a, b, x.tokens[0], y.tokens[best.1], best.0, y.len > 1);
    }
    many(tokens, memo, a, b)
}

/// One word against one of the other's.
fn one(tokens: &Tokens, a: Side<'_>, b: Side<'_>, t: u32, u: u32, relation: Relation, dropped: bool) -> u8 {
    let rarer = || a.rarity(t).max(b.rarity(u));
    match relation {
        Relation::Same if dropped => at::SUBSET + subset_class(a.rarity(t).min(b.rarity(u))),
        Relation::Same => at::EXACT + exact_class(a.rarity(t).min(b.rarity(u))),
        Relation::Near if dropped => at::SUBSET_NEAR + class(rarer(), 7.0, 3.5, 4),
        Relation::Near => at::NEAR + class(rarer(), 5.0, 2.0, 8),
        Relation::Cross => at::CROSS + class(skeleton_rarity(tokens, a, b, t, u), 4.0, 2.0, 6),
        Relation::CrossNear => at::CROSS_NEAR + class(rarer(), 8.0, 4.0, 3),
        Relation::Initial => at::INITIAL,
        Relation::Weak => at::WEAK,
        Relation::Different => at::DIFFERENT,
    }
}

fn skeleton_rarity(tokens: &Tokens, a: Side<'_>, b: Side<'_>, t: u32, u: u32) -> u8 {
    let of = |side: Side<'_>, token: u32| {
        side.column.skeleton_rarity.get(tokens.info(token).skeleton as usize).copied().unwrap_or(72)
    };
    of(a, t).min(of(b, u))
}

/// Two or more words against as many or more.
fn many(tokens: &Tokens, memo: &mut Memo, a: Side<'_>, b: Side<'_>) -> u8 {
    let (x, y) = (a.value, b.value);
    let (n, m) = (x.len as usize, y.len as usize);
    let mut taken = [false; MOST];
    let mut worst = Relation::Same;
    let (mut same, mut close, mut cross, mut apart) = (0, 0, 0, 0);
    let (mut rarest, mut common, mut rarest_same) = (0u8, 0u32, 0u8);
    let mut skeletons = 0u32;
    for (i, &t) in x.tokens[..n].iter().enumerate() {
        let mut best = (Relation::Different, usize::MAX);
        for (j, taken) in taken.iter().enumerate().take(m) {
            if !taken {
                let r = tokens.relation(x, i, y, j, memo);
                if r > best.0 {
                    best = (r, j);
                }
            }
        }
        worst = worst.min(best.0);
        match best.0 {
            Relation::Same => same += 1,
            Relation::Near | Relation::Initial => close += 1,
            Relation::Cross | Relation::CrossNear => cross += 1,
            Relation::Weak | Relation::Different => apart += 1,
        }
        if best.1 != usize::MAX {
            taken[best.1] = true;
            let u = y.tokens[best.1];
            let r = if best.0 == Relation::Same { a.rarity(t).min(b.rarity(u)) } else { a.rarity(t).max(b.rarity(u)) };
            rarest = rarest.max(r);
            common += u32::from(r);
            if best.0 == Relation::Same {
                rarest_same = rarest_same.max(r);
            }
            if best.0 == Relation::Cross {
                skeletons += u32::from(skeleton_rarity(tokens, a, b, t, u));
            }
        }
    }
    let sum = common.min(252) as u8;
    if apart == 0 && cross == 0 {
        return match (close == 0, n == m) {
            // In another order: its words together are no rarer than the name as one of them writes it.
            (true, true) => at::EXACT + exact_class(sum.min(x.rarity.max(y.rarity))),
            (true, false) => at::SUBSET + subset_class(sum),
            (false, true) => at::NEAR + class(rarest.max((sum / 4) * 3), 5.0, 2.0, 8),
            (false, false) => at::SUBSET_NEAR + class(rarest, 7.0, 3.5, 4),
        };
    }
    if apart == 0 {
        return if worst == Relation::Cross {
            at::CROSS + class((skeletons + common / 4).min(252) as u8, 4.0, 2.0, 6)
        } else {
            at::CROSS_NEAR + class(rarest, 8.0, 4.0, 3)
        };
    }
    if same > 0 {
        at::CONFLICT + class(rarest_same, 5.0, 3.0, 4)
    } else if close + cross > 0 {
        at::CONFLICT_NEAR
    } else if worst == Relation::Weak {
        at::WEAK
    } else {
        at::DIFFERENT
    }
}

/// How good a level is, for choosing between the two orders of a name.
#[inline]
const fn goodness(level: u8) -> u8 {
    match level {
        at::EXACT..at::NEAR => 3,
        at::NEAR..at::CONFLICT => 2,
        at::CROSS..at::CROSS_NEAR => 2,
        at::CONFLICT..at::INITIAL => 1,
        at::INITIAL | at::CROSS_NEAR..at::CONFLICT_NEAR => 1,
        _ => 0,
    }
}

/// Given and family name of a record.
#[derive(Clone, Copy)]
pub struct Full<'a> {
    /// Given name.
    pub given: Side<'a>,
    /// Family name.
    pub family: Side<'a>,
}

/// Levels of the given and the family name, and whether they are those of names that changed
/// places.
#[must_use]
pub fn both(tokens: &Tokens, memo: &mut Memo, a: Full<'_>, b: Full<'_>) -> (u8, u8, bool) {
    let given = level(tokens, memo, a.given, b.given);
    let family = level(tokens, memo, a.family, b.family);
    let straight = goodness(given) + goodness(family);
    if straight >= 2 {
        return (given, family, false);
    }
    let given_crossed = level(tokens, memo, a.given, b.family);
    let p = goodness(given_crossed);
    if p < 2 && given_crossed != at::MISSING {
        return (given, family, false);
    }
    let family_crossed = level(tokens, memo, a.family, b.given);
    let q = goodness(family_crossed);
    let crossed_agree =
        p >= 2 && q >= 2 || p == 3 && family_crossed == at::MISSING || q == 3 && given_crossed == at::MISSING;
    if crossed_agree && p + q > straight + 1 { (given_crossed, family_crossed, true) } else { (given, family, false) }
}

/// Whether a level says that the names agree.
#[inline]
#[must_use]
pub const fn agrees(level: u8) -> bool {
    level >= at::EXACT && level < at::CONFLICT || level >= at::CROSS && level < at::CROSS_NEAR
}

/// Up to so many bits of rarity a name is called common: more than one in 180 have it.
const COMMON: f32 = 7.5;
/// From so many on it is called rare: at most one in 5,800. Most names are neither, and of a short
/// list nothing can be said.
const RARE: f32 = 12.5;

/// The levels in words.
#[must_use]
pub fn levels(what: &str) -> Vec<Level> {
    let mut out = vec![Level::new(format!("{what}: missing"), 0)];
    // Classes of rarity are `width` bits wide from `from` bits on, as in the functions above.
    let mut add = |n: u8, text: &str, from: f32, width: f32| {
        for i in 0..n {
            let (least, most) = (from + width * f32::from(i), from + width * f32::from(i + 1));
            let rarity = match n {
                1 => "",
                _ if most <= COMMON => ", common",
                _ if least >= RARE => ", rare",
                _ => "",
            };
            out.push(Level::new(format!("{what} {text}{rarity}"), 1));
        }
    };
    add(14, "the same", 4.0, 1.25);
    add(8, "the same, with a further part on one side", 4.0, 1.75);
    add(8, "nearly the same", 5.0, 2.0);
    add(4, "nearly the same, with a further part on one side", 7.0, 3.5);
    add(4, "the same in one part, another contradicts", 5.0, 3.0);
    add(1, "agrees as an initial", 0.0, 0.0);
    add(1, "distantly alike", 0.0, 0.0);
    add(6, "the same in two scripts", 4.0, 2.0);
    add(3, "nearly the same in two scripts", 8.0, 4.0);
    add(1, "alike in one part, another contradicts", 0.0, 0.0);
    add(1, "different", 0.0, 0.0);
    out
}
