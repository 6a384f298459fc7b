//! How like two names are: the same words in another order, a letter apart, or written by another ear.

use schema::fold;

/// How two names are alike, the closest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Likeness {
    Same,
    OtherOrder,
    /// A letter apart, or doubled: Sithar and Sithor, Sokha and Sokkha.
    Spelling,
    /// All words of one are in the other: Malin, Chin Malin.
    Part,
}

impl Likeness {
    pub(crate) fn why(self) -> &'static str {
        match self {
            Likeness::Same => "the same name",
            Likeness::OtherOrder => "the same names in another order",
            Likeness::Spelling => "spelled a little differently",
            Likeness::Part => "shares a name",
        }
    }
}

/// Titles that stand before a name in English texts: nobody is told apart by them.
const TITLES: [&str; 12] =
    ["mr", "mrs", "ms", "miss", "dr", "prof", "professor", "samdech", "oknha", "he", "general", "gen"];
/// Words of organisations' names that say nothing.
const EMPTY: [&str; 6] = ["the", "of", "and", "for", "in", "a"];

/// A name's words for comparison: folded, without titles, punctuation and what stands in brackets.
pub(crate) fn words(name: &str) -> Vec<String> {
    let folded = fold(name);
    let plain = match folded.split_once('(') {
        Some((before, _)) if !before.trim().is_empty() => before.to_owned(),
        _ => folded,
    };
    let all: Vec<String> = plain
        .split(|c: char| c.is_whitespace() || matches!(c, ',' | '-' | '‐' | '–' | '/' | ':' | ';'))
        .map(|word| word.chars().filter(|c| c.is_alphanumeric() || ('\u{1780}'..='\u{17ff}').contains(c)).collect())
        .filter(|word: &String| !word.is_empty() && !EMPTY.contains(&word.as_str()))
        .collect();
    let without: Vec<String> = all.iter().skip_while(|word| TITLES.contains(&word.as_str())).cloned().collect();
    if without.is_empty() { all } else { without }
}

/// How like two names are; `None`: not at all.
pub(crate) fn likeness(a: &str, b: &str) -> Option<Likeness> {
    let (a, b) = (words(a), words(b));
    if a.is_empty() || b.is_empty() {
        return None;
    }
    if a == b {
        return Some(Likeness::Same);
    }
    let (mut x, mut y) = (a.clone(), b.clone());
    x.sort();
    y.sort();
    if x == y || (a.concat() == b.concat()) {
        return Some(Likeness::OtherOrder);
    }
    if a.len() == b.len() && paired(&a, &b) {
        return Some(Likeness::Spelling);
    }
    let (fewer, more) = if a.len() < b.len() { (&a, &b) } else { (&b, &a) };
    if fewer.len() < more.len() && fewer.iter().all(|word| more.contains(word)) {
        return Some(Likeness::Part);
    }
    None
}

/// Whether the words of both can be paired, each with its like; at least one of a name of several must be the very same.
fn paired(a: &[String], b: &[String]) -> bool {
    let mut free: Vec<&String> = b.iter().collect();
    let mut same = 0;
    for word in a {
        let Some(at) =
            free.iter().position(|other| *other == word).or_else(|| free.iter().position(|other| near(word, other)))
        else {
            return false;
        };
        same += usize::from(free.remove(at) == word);
    }
    same > 0 || a.len() == 1 || a.iter().map(|word| word.chars().count()).sum::<usize>() >= 9
}

/// Of one sound, or a letter apart.
fn near(a: &str, b: &str) -> bool {
    let short = a.chars().count().min(b.chars().count());
    short >= 3 && (names::sound(a) == names::sound(b) || (short >= 4 && one_apart(a, b)))
}

/// One letter put in, left out, or in the place of another.
fn one_apart(a: &str, b: &str) -> bool {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let (short, long) = if a.len() <= b.len() { (&a, &b) } else { (&b, &a) };
    if long.len() - short.len() > 1 {
        return false;
    }
    let front = short.iter().zip(long.iter()).take_while(|(x, y)| x == y).count();
    let back = short.iter().rev().zip(long.iter().rev()).take_while(|(x, y)| x == y).count();
    front + back + 1 >= long.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_may_mean_the_same_person() {
        for (a, b, like) in [
            ("Chhim Sithar", "CHHIM Sithar", Some(Likeness::Same)),
            ("H.E. Chin Malin", "Chin Malin", Some(Likeness::Same)),
            ("Theary Seng", "Seng Theary", Some(Likeness::OtherOrder)),
            ("Chhim Sithar", "Chhim Sithor", Some(Likeness::Spelling)),
            ("Kem Sokha", "Kem Sokkha", Some(Likeness::Spelling)),
            ("Mohammed", "Muhammad", Some(Likeness::Spelling)),
            ("Malin", "Chin Malin", Some(Likeness::Part)),
            ("Sok Kong Kea", "Sok Kongkea", Some(Likeness::OtherOrder)),
            ("Rong Chhun", "Kem Sokha", None),
            ("Sok", "Sak", None),
            ("Hay Sopheap", "Muong Sopheak", None),
            ("International Commission of Jurists (ICJ)", "International Commission of Jurists", Some(Likeness::Same)),
        ] {
            assert_eq!(likeness(a, b), like, "{a}, {b}");
            assert_eq!(likeness(b, a), like, "{b}, {a}");
        }
    }
}
