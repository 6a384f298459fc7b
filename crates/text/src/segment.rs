//! Sentences and words, by Unicode's rules and ICU's knowledge of scripts written without spaces.

use crate::count::Points;
use icu_segmenter::options::{SentenceBreakInvariantOptions, WordBreakInvariantOptions};
use icu_segmenter::{SentenceSegmenter, WordSegmenter};

/// Ends that are none: the dot belongs to the abbreviation, and a name or number follows.
const ABBREVIATIONS: [&str; 60] = [
    "mr", "mrs", "ms", "dr", "prof", "gen", "lt", "col", "maj", "capt", "sgt", "brig", "gov", "sen", "rep", "hon",
    "rev", "st", "no", "nos", "art", "arts", "para", "paras", "sec", "ch", "vol", "p", "pp", "fig", "ed", "eds", "al",
    "cf", "vs", "v", "e.g", "i.e", "viz", "approx", "ca", "c", "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep",
    "sept", "oct", "nov", "dec", "u.s", "u.n", "adm", "jr", "dep", "cpl",
];

/// Spans of the sentences of a text, in code points, white space at their ends left out. A line end inside a
/// paragraph is no end of a sentence when the line before it is a full one (a text wrapped by hand); an empty
/// line always is. `lang` is BCP 47 and only decides which abbreviations end no sentence.
pub fn sentences(text: &str, lang: Option<&str>) -> Vec<(u32, u32)> {
    let soft = unwrap_lines(text);
    let latin =
        lang.is_none_or(|lang| !matches!(lang.split('-').next(), Some("km" | "lo" | "my" | "th" | "zh" | "ja" | "ko")));
    let segmenter = SentenceSegmenter::new(SentenceBreakInvariantOptions::default());
    let mut spans = Vec::new();
    let mut points = Points::new(text);
    let mut start = 0;
    for end in segmenter.segment_str(&soft).skip(1) {
        let piece = &soft[start..end];
        if latin && end < soft.len() && !piece.ends_with('\n') && goes_on(piece, &soft[end..]) {
            continue;
        }
        let trimmed = piece.trim_start();
        let from = end - trimmed.len();
        let to = from + trimmed.trim_end().len();
        if from < to {
            spans.push((points.at(from), points.at(to)));
        }
        start = end;
    }
    spans
}

/// Whether the sentence goes on behind what looks like its end.
fn goes_on(piece: &str, rest: &str) -> bool {
    let piece = piece.trim_end();
    let Some(body) = piece.strip_suffix('.') else { return false };
    let last =
        body.rsplit(|c: char| c.is_whitespace() || matches!(c, '(' | '[' | '“' | '"' | '‘')).next().unwrap_or("");
    let mut letters = last.chars();
    // An initial: "Phil K. Robertson". A lone "I." ends a list's number, not a sentence.
    if let (Some(initial), None) = (letters.next(), letters.next())
        && initial.is_uppercase()
    {
        return body.len() > last.len();
    }
    let known = ABBREVIATIONS.contains(&last.to_lowercase().as_str());
    let next = rest.trim_start().chars().next();
    known && next.is_some_and(|next| next.is_alphanumeric() || matches!(next, '(' | '§'))
        // "in Nov." at the end of a sentence is followed by a capital; "Nov. 16" by its day.
        && (!is_month(last) || next.is_some_and(|next| next.is_ascii_digit()))
        && (last.to_lowercase() != "no" || next.is_some_and(|next| next.is_ascii_digit()))
}

fn is_month(word: &str) -> bool {
    ["jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec"]
        .contains(&word.to_lowercase().as_str())
}

/// The text with the line ends of wrapped paragraphs made spaces; as many bytes as before.
fn unwrap_lines(text: &str) -> String {
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let mut out = String::with_capacity(text.len());
    for (index, line) in lines.iter().enumerate() {
        let body = line.trim_end_matches(['\n', '\r']);
        let next = lines.get(index + 1).map_or("", |next| next.trim());
        let starts_item = next.starts_with(['•', '-', '*', '–', '[', '#', '>', '|'])
            || next
                .split_once(['.', ')'])
                .is_some_and(|(number, _)| number.len() <= 3 && number.bytes().all(|b| b.is_ascii_digit()));
        if body.chars().count() >= 50 && !next.is_empty() && !starts_item {
            out.push_str(body);
            out.extend(std::iter::repeat_n(' ', line.len() - body.len()));
        } else {
            out.push_str(line);
        }
    }
    out
}

/// Spans of the words of a text, in code points; punctuation and white space are no words. Khmer, Burmese, Lao
/// and Thai, written without spaces, are split by ICU's models.
pub fn words(text: &str) -> Vec<(u32, u32)> {
    let segmenter = WordSegmenter::new_auto(WordBreakInvariantOptions::default());
    let mut spans = Vec::new();
    let mut points = Points::new(text);
    let mut breaks = segmenter.segment_str(text);
    let Some(mut start) = breaks.next() else { return spans };
    while let Some(end) = breaks.next() {
        if breaks.is_word_like() {
            spans.push((points.at(start), points.at(end)));
        }
        start = end;
    }
    spans
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slices(text: &str, spans: Vec<(u32, u32)>) -> Vec<String> {
        let characters: Vec<char> = text.chars().collect();
        spans.into_iter().map(|(start, end)| characters[start as usize..end as usize].iter().collect()).collect()
    }

    #[test]
    fn abbreviations_and_wrapped_lines_end_no_sentence() {
        let text = "Gen. Hok Lundy spoke on Nov. 16. He left.\n\nA line that is long enough to have been wrapped by a program\nends here. Done";
        assert_eq!(
            slices(text, sentences(text, Some("en"))),
            [
                "Gen. Hok Lundy spoke on Nov. 16.",
                "He left.",
                "A line that is long enough to have been wrapped by a program\nends here.",
                "Done"
            ]
        );
    }

    #[test]
    fn khmer_sentences_and_words_are_found_without_spaces() {
        let text = "ខ្ញុំស្រឡាញ់ប្រទេសកម្ពុជា។ អ្នកការពារសិទ្ធិមនុស្ស។";
        assert_eq!(sentences(text, Some("km")).len(), 2);
        let found = slices(text, words(text));
        assert!(found.len() > 5, "{found:?}");
        assert!(found.iter().any(|word| word.contains("កម្ពុជា")), "{found:?}");
    }
}
