//! Finds a locator's words again after the extraction has changed (W3C text-quote selector).
//!
//! Three ways, each more lenient: the words as they are; as for matching; with the small differences that a
//! better reader makes (hyphenation undone, ligatures split, a few letters of OCR corrected), and then only
//! where the words around agree. A wrong place is worse than none: numbers never differ.

use crate::count::Points;
use crate::matching::{for_matching, zero_width};

/// What a locator remembers of its words.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Selector<'a> {
    /// The words.
    pub exact: &'a str,
    /// The words before them.
    pub prefix: Option<&'a str>,
    /// The words after them.
    pub suffix: Option<&'a str>,
    /// Where they began, in code points.
    pub start: Option<u64>,
}

/// Where they are now, in code points, end exclusive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Found {
    /// First code point.
    pub start: u32,
    /// One past the last.
    pub end: u32,
    /// Whether the words there are the same, code point for code point.
    pub exactly: bool,
}

/// Finds the place, or says that it cannot: `None` rather than a wrong one. Of several equal places the one
/// whose surroundings agree best is taken, then the nearest to `start`; with neither to go by, none is.
pub fn find_again(text: &str, selector: &Selector<'_>) -> Option<Found> {
    if selector.exact.trim().is_empty() {
        return None;
    }
    let context = Context::new(selector);
    let mut points = Points::new(text);
    let exact: Vec<(u32, u32)> = text
        .match_indices(selector.exact)
        .take(MOST)
        .map(|(at, hit)| (points.at(at), points.at(at + hit.len())))
        .collect();
    let squeezed = Squeezed::new(text);
    if let Some((start, end)) = context.choose(&exact, &squeezed, selector) {
        return Some(Found { start, end, exactly: true });
    }
    if !exact.is_empty() {
        return None;
    }
    let (plain, map) = for_matching(text);
    let (wanted, _) = for_matching(selector.exact);
    if wanted.is_empty() {
        return None;
    }
    let mut points = Points::new(&plain);
    let alike: Vec<(u32, u32)> = plain
        .match_indices(&wanted)
        .take(MOST)
        .filter_map(|(at, hit)| {
            let (from, to) = (points.at(at) as usize, points.at(at + hit.len()) as usize);
            Some((*map.get(from)?, map.get(to.checked_sub(1)?)? + 1))
        })
        .collect();
    if let Some((start, end)) = context.choose(&alike, &squeezed, selector) {
        return Some(Found { start, end, exactly: false });
    }
    if !alike.is_empty() {
        return None;
    }
    let wanted = Squeezed::new(selector.exact);
    let near = nearly(&squeezed, &wanted, &context, selector);
    context.choose(&near, &squeezed, selector).map(|(start, end)| Found { start, end, exactly: false })
}

/// More places than this, and the words are too common to look at each.
const MOST: usize = 4096;

/// A text without anything that a reader may add or drop: spaces, hyphens, quotation marks, case, ligatures.
struct Squeezed {
    letters: Vec<char>,
    map: Vec<u32>,
}

impl Squeezed {
    fn new(text: &str) -> Self {
        let (mut letters, mut map) = (Vec::new(), Vec::new());
        let (plain, origin) = for_matching(text);
        for (character, at) in plain.chars().zip(origin) {
            if character.is_whitespace() || zero_width(character) || character.is_ascii_punctuation() {
                continue;
            }
            let split = match character {
                'ﬀ' => "ff",
                'ﬁ' => "fi",
                'ﬂ' => "fl",
                'ﬃ' => "ffi",
                'ﬄ' => "ffl",
                'ﬅ' | 'ﬆ' => "st",
                _ => "",
            };
            let mut add = |letter: char| {
                letters.push(letter);
                map.push(at);
            };
            if split.is_empty() {
                character.to_lowercase().for_each(&mut add);
            } else {
                split.chars().for_each(&mut add);
            }
        }
        Self { letters, map }
    }

    /// Index of the first letter that comes from `point` or later.
    fn index(&self, point: u32) -> usize {
        self.map.partition_point(|at| *at < point)
    }
}

/// The words around, squeezed.
struct Context {
    before: Vec<char>,
    after: Vec<char>,
}

impl Context {
    fn new(selector: &Selector<'_>) -> Self {
        let squeeze = |text: Option<&str>| Squeezed::new(text.unwrap_or("")).letters;
        Self { before: squeeze(selector.prefix), after: squeeze(selector.suffix) }
    }

    fn is_empty(&self) -> bool {
        self.before.is_empty() && self.after.is_empty()
    }

    /// How many letters of the words around agree at a place.
    fn agreement(&self, start: u32, end: u32, text: &Squeezed) -> usize {
        let (from, to) = (text.index(start), text.index(end));
        let before =
            text.letters[..from].iter().rev().zip(self.before.iter().rev()).take_while(|(a, b)| a == b).count();
        let after = text.letters[to..].iter().zip(&self.after).take_while(|(a, b)| a == b).count();
        before + after
    }

    /// Whether enough of the words around agree to be no accident.
    fn agrees(&self, agreement: usize) -> bool {
        let most = self.before.len() + self.after.len();
        agreement >= most.min(8).max(most / 3)
    }

    fn choose(&self, places: &[(u32, u32)], text: &Squeezed, selector: &Selector<'_>) -> Option<(u32, u32)> {
        let distance = |start: u32| selector.start.map_or(0, |wanted| wanted.abs_diff(u64::from(start)));
        let mut scored: Vec<(usize, u64, (u32, u32))> =
            places.iter().map(|place| (self.agreement(place.0, place.1, text), distance(place.0), *place)).collect();
        scored.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
        let best = *scored.first()?;
        match scored.get(1) {
            None => {
                // One place only; a short word that stands alone among other words may be another one.
                let short = selector.exact.chars().count() < 8;
                (self.is_empty() || !short || self.agrees(best.0) || best.1 == 0 && selector.start.is_some())
                    .then_some(best.2)
            }
            Some(second) => {
                let told_by_context = !self.is_empty() && best.0 > second.0 && self.agrees(best.0);
                let told_by_place =
                    selector.start.is_some() && best.1 < second.1 && (self.is_empty() || self.agrees(best.0));
                (told_by_context || told_by_place).then_some(best.2)
            }
        }
    }
}

/// Places where the words stand with small differences.
fn nearly(text: &Squeezed, wanted: &Squeezed, context: &Context, selector: &Selector<'_>) -> Vec<(u32, u32)> {
    let length = wanted.letters.len();
    if !(4..=6000).contains(&length) || text.letters.is_empty() {
        return Vec::new();
    }
    // Same letters, other spaces, hyphens or ligatures.
    let same: Vec<(u32, u32)> = occurrences(&text.letters, &wanted.letters)
        .filter_map(|at| Some((*text.map.get(at)?, text.map.get(at + length - 1)? + 1)))
        .collect();
    if !same.is_empty() {
        return same;
    }
    // Some letters differ. Without words around to confirm it, fewer may.
    let most = if context.is_empty() { length / 25 } else { length / 10 };
    if most == 0 || (context.is_empty() && length < 50) {
        return Vec::new();
    }
    // With `most` differences, one of `most + 1` pieces stands unchanged.
    let piece = length / (most + 1);
    let mut starts: Vec<usize> = Vec::new();
    for number in 0..=most {
        let offset = number * piece;
        let Some(letters) = wanted.letters.get(offset..offset + piece) else { continue };
        starts.extend(occurrences(&text.letters, letters).map(|at| at.saturating_sub(offset + most)));
    }
    starts.sort_unstable();
    starts.dedup_by(|b, a| *b - *a <= most);
    if let Some(wanted_start) = selector.start {
        let at = text.index(u32::try_from(wanted_start).unwrap_or(u32::MAX));
        starts.sort_by_key(|start| start.abs_diff(at));
    }
    let mut budget = 60_000_000_usize;
    let mut places: Vec<(usize, (u32, u32))> = Vec::new();
    for start in starts {
        let window = &text.letters[start..(start + length + 3 * most + 2).min(text.letters.len())];
        budget = match budget.checked_sub(window.len() * length) {
            Some(rest) => rest,
            None => break,
        };
        let Some((differences, from, to)) = align(window, &wanted.letters, most) else { continue };
        let found = &window[from..to];
        if digits(found) != digits(&wanted.letters) {
            continue;
        }
        let (Some(first), Some(last)) = (text.map.get(start + from), text.map.get(start + to - 1)) else { continue };
        let place = (*first, last + 1);
        if !context.is_empty() && !context.agrees(context.agreement(place.0, place.1, text)) {
            continue;
        }
        if !places.iter().any(|(_, known)| known.0 < place.1 && place.0 < known.1) {
            places.push((differences, place));
        }
    }
    let least = places.iter().map(|(differences, _)| *differences).min().unwrap_or(0);
    places.into_iter().filter(|(differences, _)| *differences == least).map(|(_, place)| place).collect()
}

fn digits(letters: &[char]) -> String {
    letters.iter().filter(|letter| letter.is_numeric()).collect()
}

fn occurrences<'a>(letters: &'a [char], wanted: &'a [char]) -> impl Iterator<Item = usize> + 'a {
    let first = wanted.first().copied();
    let reach = letters.len().checked_sub(wanted.len()).map_or(0, |last| last + 1);
    (0..reach).filter(move |at| letters.get(*at).copied() == first && letters[*at..].starts_with(wanted)).take(MOST)
}

/// The stretch of `window` with the fewest differences from `wanted` (Sellers 1980): their number, its start and end.
fn align(window: &[char], wanted: &[char], most: usize) -> Option<(usize, usize, usize)> {
    // A row holds, for each letter of the window, the cost of ending there and where that stretch began.
    let mut row: Vec<(usize, usize)> = (0..=window.len()).map(|start| (0, start)).collect();
    for (index, letter) in wanted.iter().enumerate() {
        let mut diagonal = row[0];
        row[0] = (index + 1, 0);
        for column in 1..row.len() {
            let replaced = (diagonal.0 + usize::from(window[column - 1] != *letter), diagonal.1);
            let dropped = (row[column].0 + 1, row[column].1);
            let added = (row[column - 1].0 + 1, row[column - 1].1);
            diagonal = row[column];
            row[column] = replaced.min(dropped).min(added);
        }
        if row.iter().all(|(cost, _)| *cost > most) {
            return None;
        }
    }
    let (end, (cost, start)) = row.into_iter().enumerate().min_by_key(|(_, (cost, _))| *cost)?;
    (cost <= most && start < end).then_some((cost, start, end))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(
        text: &str,
        exact: &str,
        prefix: Option<&str>,
        suffix: Option<&str>,
        start: Option<u64>,
    ) -> Option<String> {
        let found = find_again(text, &Selector { exact, prefix, suffix, start })?;
        Some(text.chars().skip(found.start as usize).take((found.end - found.start) as usize).collect())
    }

    #[test]
    fn words_are_found_though_the_reader_improved() {
        let text = "The Court sen-\ntenced nine “activists” to ﬁve years. Others were not sentenced.";
        assert_eq!(
            found(text, "sentenced nine \"activists\" to five", None, None, None).as_deref(),
            Some("sen-\ntenced nine “activists” to ﬁve")
        );
    }

    #[test]
    fn of_two_places_the_words_around_or_the_start_decide() {
        let text = "He was arrested in May. She was arrested in June.";
        assert_eq!(find_again(text, &Selector { exact: "was arrested", ..Selector::default() }), None);
        let near = find_again(text, &Selector { exact: "was arrested", prefix: Some("She "), ..Selector::default() });
        assert_eq!(near.map(|found| found.start), Some(28));
        let near = find_again(
            text,
            &Selector { exact: "was arrested", prefix: Some("in May. She "), suffix: Some(" in June."), start: None },
        );
        assert_eq!(near.map(|found| found.start), Some(28));
        let near = find_again(text, &Selector { exact: "was arrested", start: Some(30), ..Selector::default() });
        assert_eq!(near.map(|found| found.start), Some(28));
    }

    #[test]
    fn a_few_letters_may_differ_where_the_words_around_agree_but_never_a_number() {
        let text =
            "Witnesses said that the polioe arrested 21 human rights defenders in Phnom Penh on Friday, a lawyer said.";
        let exact = "the police arrested 21 human rights defenders in Phnom Penh";
        assert!(found(text, exact, Some("Witnesses said that "), Some(" on Friday, a lawyer"), None).is_some());
        assert!(
            found(text, &exact.replace("21", "27"), Some("Witnesses said that "), Some(" on Friday"), None).is_none()
        );
        assert!(found(text, exact, Some("Nobody denied that "), Some(" on Sunday"), None).is_none());
    }
}
