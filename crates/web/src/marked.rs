//! A document's text with its claims marked: spans may touch, overlap and lie in one another.

use std::collections::BTreeSet;

use crate::markup::Words;
use crate::markup::escape;

/// Words of the text that one or more claims, or a proposal, quote. Unicode code points, `end` exclusive.
#[derive(Clone, Debug, Default)]
pub struct Span {
    pub start: usize,
    pub end: usize,
    /// What is printed after it.
    pub number: usize,
    /// Anchors that lead to it: the addresses of its claims.
    pub anchors: Vec<String>,
    /// Where its number leads, and how that is read out; without it, to the claims beside the text.
    pub to: Option<(String, String)>,
    /// Whether these are the words in hand.
    pub now: bool,
}

/// A paragraph, ready to be set.
pub struct Paragraph {
    pub html: Words,
    pub heading: bool,
    /// The code point of the text that it begins with.
    pub at: usize,
}

/// The text's paragraphs from code point `from` to `to`, with the spans marked and numbered.
///
/// A span that runs over the end of a paragraph is marked in both; its number stands at its end.
#[must_use]
pub fn paragraphs(text: &str, from: usize, to: usize, spans: &[Span]) -> Vec<Paragraph> {
    let chars: Vec<char> = text.chars().collect();
    let to = to.min(chars.len());
    let mut out = Vec::new();
    let mut at = from.min(to);
    while at < to {
        while at < to && chars[at].is_whitespace() {
            at += 1;
        }
        let end = paragraph_end(&chars, at, to);
        if at < end {
            let heading = chars[at] == '#';
            // A heading is set as one: its mark is not printed, and still counts.
            while heading && at < end && matches!(chars[at], '#' | ' ') {
                at += 1;
            }
            out.push(Paragraph { html: marked(&chars, at, end, spans), heading, at });
        }
        at = end;
    }
    out
}

/// Where the paragraph that begins here ends: before an empty line, or at the end.
#[must_use]
pub fn paragraph_end(chars: &[char], from: usize, to: usize) -> usize {
    let mut at = from;
    while at < to {
        if chars[at] == '\n' {
            let next = (at + 1..to).find(|next| !matches!(chars[*next], ' ' | '\t' | '\r'));
            if next.is_none_or(|next| chars[next] == '\n') {
                return at;
            }
        }
        at += 1;
    }
    to
}

fn marked(chars: &[char], from: usize, to: usize, spans: &[Span]) -> Words {
    let here: Vec<&Span> =
        spans.iter().filter(|span| span.start < to && span.end > from && span.start < span.end).collect();
    let mut cuts: BTreeSet<usize> = [from, to].into();
    for span in &here {
        cuts.insert(span.start.clamp(from, to));
        cuts.insert(span.end.clamp(from, to));
    }
    let cuts: Vec<usize> = cuts.into_iter().collect();
    let mut html = Vec::new();
    for cut in cuts.windows(2) {
        let [start, end] = cut else { continue };
        let segment: String = chars[*start..*end].iter().collect();
        // A browser would take a return with its line feed for one character, and count what follows wrongly.
        let words = Words::of(&segment).to_string().replace('\r', "&#13;");
        let covering: Vec<&&Span> = here.iter().filter(|span| span.start <= *start && span.end >= *end).collect();
        if covering.is_empty() {
            html.push(words);
            continue;
        }
        let anchors: Vec<&String> =
            covering.iter().filter(|span| span.start == *start).flat_map(|span| &span.anchors).collect();
        let mut piece = String::new();
        for anchor in &anchors {
            piece.push_str("<span id=\"c-");
            escape(anchor, &mut piece);
            piece.push_str("\">");
        }
        piece.push_str(if covering.iter().any(|span| span.now) { "<mark class=\"now\">" } else { "<mark>" });
        piece.push_str(&words);
        piece.push_str("</mark>");
        piece.push_str(&"</span>".repeat(anchors.len()));
        let mut ending: Vec<&&&Span> = covering.iter().filter(|span| span.end == *end).collect();
        ending.sort_by_key(|span| span.number);
        for span in ending {
            let n = span.number;
            let (to, label) = span.to.clone().unwrap_or_else(|| (format!("#s-{n}"), format!("claims {n}")));
            piece.push_str("<a class=\"n\" href=\"");
            escape(&to, &mut piece);
            piece.push_str("\" aria-label=\"");
            escape(&label, &mut piece);
            piece.push_str(&format!("\">{n}</a>"));
        }
        html.push(piece);
    }
    Words::ready(html.concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(start: usize, end: usize, number: usize) -> Span {
        Span { start, end, number, anchors: vec![format!("x{number}")], ..Span::default() }
    }

    fn one(text: &str, spans: &[Span]) -> String {
        paragraphs(text, 0, usize::MAX, spans).iter().map(|p| format!("[{}]", p.html)).collect()
    }

    #[test]
    fn a_span_is_marked_and_numbered() {
        assert_eq!(
            one("a bc d", &[span(2, 4, 1)]),
            "[a <span id=\"c-x1\"><mark>bc</mark></span><a class=\"n\" href=\"#s-1\" aria-label=\"claims 1\">1</a> d]"
        );
    }

    #[test]
    fn overlapping_spans_are_cut_where_they_cross() {
        let html = one("abcdef", &[span(0, 4, 1), span(2, 6, 2)]);
        assert_eq!(html.matches("<mark>").count(), 3);
        assert!(
            html.contains("<mark>ab</mark>") && html.contains("<mark>cd</mark>") && html.contains("<mark>ef</mark>")
        );
        assert!(html.find(">1</a>").unwrap() < html.find(">2</a>").unwrap());
        assert_eq!(
            (html.matches("id=\"c-x1\"").count(), html.matches("id=\"c-x2\"").count()),
            (1, 1),
            "an anchor is there once"
        );
    }

    #[test]
    fn positions_count_code_points_and_text_is_escaped() {
        assert!(one("រ៉ុង <b>", &[span(5, 8, 1)]).contains("<mark>&lt;b&gt;</mark>"));
    }

    #[test]
    fn a_span_over_two_paragraphs_is_marked_in_both() {
        let html = one("ab\n\ncd", &[span(1, 5, 1)]);
        assert!(html.contains("[a<span id=\"c-x1\"><mark>b</mark></span>]"), "{html}");
        assert!(html.contains("[<mark>c</mark>"), "{html}");
        assert_eq!(html.matches(">1</a>").count(), 1);
    }

    #[test]
    fn offsets_are_the_text_s_own_in_a_browser_too() {
        let all = paragraphs("# One\r\n\r\ntwo\r\nthree", 0, usize::MAX, &[]);
        let told: Vec<(usize, String)> = all.iter().map(|p| (p.at, p.html.to_string())).collect();
        assert_eq!(told, [(2, "One&#13;".to_owned()), (9, "two&#13;\nthree".into())]);
    }

    #[test]
    fn a_span_outside_the_text_marks_nothing() {
        assert_eq!(one("ab", &[span(5, 9, 1), span(1, 1, 2)]), "[ab]");
    }
}
