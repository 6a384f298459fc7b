//! Sentences and words, by UAX #29 as ICU4X implements it, and what a text of our field needs
//! beyond that: “Sept. 10” and “Mr. Prum” do not end a sentence, “27-year” and “al-Khawaja” are
//! one word, and a possessive ending is a mark on its word.

use std::ops::Range;

use icu_segmenter::options::{SentenceBreakInvariantOptions, WordBreakInvariantOptions};
use icu_segmenter::{SentenceSegmenter, SentenceSegmenterBorrowed, WordSegmenter, WordSegmenterBorrowed};

use crate::lexicon::{Flags, Lexicon};

/// How a word begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Case {
    /// No letter, or a script without case.
    None,
    Lower,
    /// First letter upper case.
    Title,
    /// Every letter upper case, two at least.
    Upper,
}

/// A word, number or mark, with what the lexicons say of it.
#[derive(Debug, Clone)]
pub(crate) struct Token {
    /// Bytes in the text, without the possessive ending.
    pub start: usize,
    pub end: usize,
    /// Bytes with the possessive ending.
    pub full_end: usize,
    /// Lower case, straight apostrophes.
    pub norm: String,
    pub case: Case,
    pub possessive: bool,
    pub flags: Flags,
}

impl Token {
    pub fn is(&self, flag: Flags) -> bool {
        self.flags.any(flag)
    }

    pub fn is_word(&self) -> bool {
        self.norm.chars().next().is_some_and(char::is_alphanumeric)
    }

    pub fn capital(&self) -> bool {
        matches!(self.case, Case::Title | Case::Upper)
    }
}

/// The two segmenters; their data are compiled in.
pub(crate) struct Segmenter {
    sentences: SentenceSegmenterBorrowed<'static>,
    words: WordSegmenterBorrowed<'static>,
}

impl Segmenter {
    pub fn new() -> Self {
        Self {
            sentences: SentenceSegmenter::new(SentenceBreakInvariantOptions::default()),
            words: WordSegmenter::new_auto(WordBreakInvariantOptions::default()),
        }
    }

    /// The sentences of a paragraph, in bytes of the text, trimmed.
    pub fn sentences(&self, text: &str, paragraph: Range<usize>, lexicon: &Lexicon) -> Vec<Range<usize>> {
        let Some(body) = text.get(paragraph.clone()) else { return Vec::new() };
        // A wrapped line is no end of a sentence; both are one byte.
        let flat = body.replace(['\n', '\r'], " ");
        let mut out: Vec<Range<usize>> = Vec::new();
        let mut from = 0;
        for to in self.sentences.segment_str(&flat).skip(1) {
            let piece = &flat[from..to];
            let goes_on = out.last().is_some_and(|last: &Range<usize>| {
                let before = flat[last.start - paragraph.start..last.end - paragraph.start].trim_end();
                // “5. Calls upon”, “(a)”: a number does not stand alone.
                let numbered = before.chars().count() <= 5
                    && before.chars().filter(|c| c.is_alphabetic()).count() <= 2
                    && !before.contains(' ');
                // “4 Mar. 2021”
                let month = before
                    .rsplit(' ')
                    .next()
                    .and_then(|w| w.strip_suffix('.'))
                    .is_some_and(|w| lexicon.calendar.month(&w.to_lowercase()).is_some())
                    && piece.trim_start().starts_with(|c: char| c.is_ascii_digit());
                // “Accused no. 1: X”
                let number = before
                    .rsplit(' ')
                    .next()
                    .is_some_and(|w| matches!(w.to_lowercase().as_str(), "no." | "nos." | "nr."))
                    && piece.trim_start().starts_with(|c: char| c.is_ascii_digit());
                numbered
                    || number
                    || month
                    || lexicon.ends_in_abbreviation(before)
                    || piece.trim_start().starts_with(|c: char| c.is_lowercase() || ",;)".contains(c))
                    || (piece.trim().chars().count() <= 2 && !piece.trim().chars().any(char::is_alphabetic))
            });
            let start = paragraph.start + from + (piece.len() - piece.trim_start().len());
            let end = paragraph.start + from + piece.trim_end().len();
            if goes_on && let Some(last) = out.last_mut() {
                last.end = end.max(last.end);
            } else if end > start {
                out.push(start..end);
            }
            from = to;
        }
        out
    }

    /// The tokens of a sentence.
    pub fn tokens(&self, text: &str, sentence: Range<usize>, lexicon: &Lexicon) -> Vec<Token> {
        let Some(body) = text.get(sentence.clone()) else { return Vec::new() };
        let mut raw: Vec<Range<usize>> = Vec::new();
        let mut from = 0;
        for to in self.words.segment_str(body).skip(1) {
            if !body[from..to].trim().is_empty() {
                raw.push(from..to);
            }
            from = to;
        }
        let mut out: Vec<Token> = Vec::with_capacity(raw.len());
        let mut i = 0;
        while i < raw.len() {
            let start = raw[i].start;
            let mut end = raw[i].end;
            let word = |r: &Range<usize>| body[r.clone()].chars().next().is_some_and(char::is_alphanumeric);
            let digits = |s: &str| s.chars().all(|c| c.is_ascii_digit() || c == ',' || c == '.');
            // “27-year”, “Al-Haq”: joined; “2020-21” is not.
            while i + 2 < raw.len()
                && word(&raw[i])
                && matches!(&body[raw[i + 1].clone()], "-" | "‑")
                && word(&raw[i + 2])
                && raw[i + 1].start == end
                && raw[i + 2].start == raw[i + 1].end
                && !(digits(&body[raw[i].clone()]) && digits(&body[raw[i + 2].clone()]))
            {
                end = raw[i + 2].end;
                i += 2;
            }
            // “Mr.”, “Aug.”, “U.N.”: the point belongs to the abbreviation.
            if i + 1 < raw.len() && raw[i + 1].start == end && &body[raw[i + 1].clone()] == "." {
                let dotted = format!("{}.", &body[start..end]);
                if lexicon.is_abbreviation(&dotted) && (i + 2 < raw.len() || !lexicon.may_end_sentence(&dotted)) {
                    end = raw[i + 1].end;
                    i += 1;
                }
            }
            out.push(token(body, start, end, sentence.start, lexicon));
            i += 1;
        }
        // “activists’ arrest”: the mark after a plural is a possessive, not a quote.
        for k in 1..out.len() {
            if matches!(out[k].norm.as_str(), "'" | "’")
                && out[k - 1].norm.ends_with('s')
                && out[k - 1].end == out[k].start
                && out.get(k + 1).is_some_and(|next| next.is_word() && next.start > out[k].end)
            {
                let end = out[k].end;
                out[k - 1].possessive = true;
                out[k - 1].full_end = end;
                out[k].norm.clear();
            }
        }
        out.retain(|t| !t.norm.is_empty());
        out
    }
}

fn token(body: &str, start: usize, mut end: usize, offset: usize, lexicon: &Lexicon) -> Token {
    let full_end = end;
    let mut word = &body[start..end];
    let mut possessive = false;
    for suffix in ["'s", "’s", "'S", "’S"] {
        if let Some(stem) = word.strip_suffix(suffix)
            && !stem.is_empty()
            && !matches!(stem.to_lowercase().as_str(), "it" | "he" | "she" | "that" | "there" | "who" | "what" | "let")
        {
            word = stem;
            end = start + stem.len();
            possessive = true;
        }
    }
    let norm = word.to_lowercase().replace('’', "'");
    let letters: Vec<char> = word.chars().filter(|c| c.is_alphabetic()).collect();
    let case = match letters.first() {
        None => Case::None,
        Some(c) if !c.is_uppercase() && !c.is_lowercase() => Case::None,
        Some(_) if letters.len() >= 2 && letters.iter().all(|c| c.is_uppercase()) => Case::Upper,
        Some(c) if c.is_uppercase() => Case::Title,
        Some(_) => Case::Lower,
    };
    let mut flags = lexicon.flags(&norm);
    // “11 May”, “Will Smith”: with a capital inside a sentence it is no auxiliary.
    if case == Case::Title && start > 0 && matches!(norm.as_str(), "may" | "will" | "can" | "might" | "march") {
        flags = flags.without(Flags::MODAL.with(Flags::HYPOTHESIS));
    }
    Token { start: start + offset, end: end + offset, full_end: full_end + offset, norm, case, possessive, flags }
}
