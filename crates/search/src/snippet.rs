//! The words in which something was found, with what stands around them.

use crate::plan::Wanted;
use crate::words::{Word, normal, words};

/// Code points before the first mark, and in all.
const BEFORE: usize = 70;
const LENGTH: usize = 240;
/// Words of one text that are looked at for marks.
const MOST_WORDS: usize = 60_000;

/// A text with what was asked for marked in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Marked {
    pub text: String,
    /// Code points of `text`, end exclusive, in order.
    pub marks: Vec<(usize, usize)>,
}

/// Some words around a hit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snippet {
    /// The property's label; `None`: the text of the source itself.
    pub of: Option<String>,
    pub words: Marked,
    /// Where they begin in the source's text, in code points.
    pub start: Option<usize>,
    /// Whether the text goes on before, and after.
    pub cut: (bool, bool),
}

/// Bytes that are to be marked.
fn marks(text: &str, wanted: &Wanted, most: usize) -> Vec<(usize, usize)> {
    let longest = wanted.phrases.iter().map(Vec::len).max().unwrap_or(0);
    let mut last: Vec<Word> = Vec::new();
    let mut found: Vec<(usize, usize)> = Vec::new();
    let mut seen = 0;
    words(text, |word| {
        seen += 1;
        let here = wanted.forms.contains(&normal(&word.exact))
            || wanted.beginnings.iter().any(|beginning| word.exact.starts_with(beginning.as_str()));
        if here {
            found.push((word.place.start, word.place.end));
        }
        if longest > 0 {
            if last.len() == longest {
                last.remove(0);
            }
            last.push(word);
            for phrase in &wanted.phrases {
                if let Some(from) = last.len().checked_sub(phrase.len())
                    && let Some(tail) = last.get(from..)
                    && tail.iter().map(|word| &word.exact).eq(phrase)
                {
                    found.extend(tail.iter().map(|word| (word.place.start, word.place.end)));
                }
            }
        }
        seen < MOST_WORDS && found.len() < most
    });
    found.sort_unstable();
    found.dedup();
    found
}

/// A whole text with its marks.
pub(crate) fn marked(text: &str, wanted: &Wanted) -> Marked {
    Marked { text: text.to_owned(), marks: in_code_points(text, &marks(text, wanted, 64)) }
}

fn in_code_points(text: &str, bytes: &[(usize, usize)]) -> Vec<(usize, usize)> {
    let mut points = Vec::with_capacity(bytes.len());
    let (mut at, mut count) = (0, 0);
    let mut point = |byte: usize| {
        count += text.get(at..byte).map_or(0, |between| between.chars().count());
        at = byte;
        count
    };
    for (start, end) in bytes {
        let start = point(*start);
        points.push((start, point(*end)));
    }
    points
}

/// The stretch of a text with the most different marks in it; `None` when there is nothing to mark.
pub(crate) fn snippet(of: Option<&str>, text: &str, wanted: &Wanted) -> Option<Snippet> {
    let marks = marks(text, wanted, 2_000);
    // From each mark, how many different words stand within reach of it.
    let best = (0..marks.len()).max_by_key(|nth| {
        let (first, _) = marks[*nth];
        let near = marks.iter().skip(*nth).take_while(|(start, _)| start - first < LENGTH - BEFORE);
        let different: std::collections::BTreeSet<String> = near
            .filter_map(|(start, end)| text.get(*start..*end))
            .map(|word| normal(&crate::words::exact(word)))
            .collect();
        (different.len(), std::cmp::Reverse(*nth))
    })?;
    let (first, _) = marks[best];
    let before = text.get(..first).unwrap_or_default();
    let mut from = before.char_indices().rev().take(BEFORE).last().map_or(first, |(at, _)| at);
    if from > 0 {
        // Not from the middle of a word, where there are spaces.
        let skipped = text.get(from..first).and_then(|near| near.find(char::is_whitespace));
        from += skipped.map_or(0, |at| at + 1);
    }
    // A paragraph's end is the end of what belongs together.
    if let Some(paragraph) = text.get(from..first).and_then(|near| near.rfind("\n\n")) {
        from += paragraph + 2;
    }
    while !text.is_char_boundary(from) {
        from += 1;
    }
    let rest = text.get(from..).unwrap_or_default();
    let mut length = rest.char_indices().nth(LENGTH).map_or(rest.len(), |(at, _)| at);
    if length < rest.len() {
        let space = rest.get(..length).and_then(|piece| piece.rfind(char::is_whitespace));
        length = space.filter(|at| *at > length / 2).unwrap_or(length);
    }
    let piece = rest.get(..length).unwrap_or_default();
    let within: Vec<(usize, usize)> = marks
        .iter()
        .filter(|(start, end)| *start >= from && *end <= from + length)
        .map(|(start, end)| (start - from, end - from))
        .collect();
    Some(Snippet {
        start: of.is_none().then(|| text.get(..from).map_or(0, |before| before.chars().count())),
        of: of.map(str::to_owned),
        words: Marked { marks: in_code_points(piece, &within), text: piece.to_owned() },
        cut: (from > 0, from + length < text.len()),
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn wanted(words: &[&str], phrases: &[&[&str]]) -> Wanted {
        Wanted {
            forms: words.iter().map(|word| normal(word)).collect(),
            phrases: phrases.iter().map(|phrase| phrase.iter().map(|word| (*word).to_owned()).collect()).collect(),
            beginnings: Vec::new(),
        }
    }

    #[test]
    fn words_are_marked_where_they_stand() {
        let marked = marked("តុលាការ arrested Rong Chhun; arrests", &wanted(&["arrest"], &[&["rong", "chhun"]]));
        let chars: Vec<char> = marked.text.chars().collect();
        let told: Vec<String> = marked.marks.iter().map(|(start, end)| chars[*start..*end].iter().collect()).collect();
        assert_eq!(told, ["arrested", "Rong", "Chhun", "arrests"]);
    }

    #[test]
    fn a_snippet_is_where_most_of_it_is() {
        let text = format!("arrest {} the union leader was under arrest {}", "x ".repeat(300), "y ".repeat(300));
        let snippet = snippet(None, &text, &wanted(&["arrest", "union"], &[])).unwrap();
        assert!(snippet.words.text.contains("the union leader was under arrest"));
        assert_eq!(snippet.cut, (true, true));
        let chars: Vec<char> = text.chars().collect();
        let start = snippet.start.unwrap();
        let length = snippet.words.text.chars().count();
        assert_eq!(chars[start..start + length].iter().collect::<String>(), snippet.words.text);
        assert_eq!(super::snippet(None, "nothing", &wanted(&["arrest"], &[])), None);
    }

    proptest::proptest! {
        #[test]
        fn a_snippet_s_marks_lie_in_it(text in "(arrest|union|\\PC{0,9}| |\n\n){0,80}") {
            if let Some(snippet) = snippet(None, &text, &wanted(&["arrest", "union"], &[&["arrest", "union"]])) {
                let length = snippet.words.text.chars().count();
                proptest::prop_assert!(!snippet.words.marks.is_empty());
                for (start, end) in &snippet.words.marks {
                    proptest::prop_assert!(start < end && *end <= length);
                }
            }
        }
    }
}
