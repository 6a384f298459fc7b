//! Interviews, transcripts and minutes: paragraphs that begin with who speaks in them, “KS: Until
//! October”, “The MINISTER: I thank the Deputy”.

use crate::discourse::Sentence;
use crate::phrase::NpKind;
use crate::text::Role;

/// Who speaks in a paragraph, and the token after the colon of its first sentence.
#[derive(Debug, Clone)]
pub(super) struct Voice {
    pub speaker: String,
    pub from: usize,
}

/// These voices are the document's own.
const OWN: [&str; 24] = [
    "question",
    "q",
    "q.",
    "interviewer",
    "presenter",
    "reporter",
    "journalist",
    "moderator",
    "host",
    "anchor",
    "announcer",
    "narrator",
    "editor",
    "voice",
    "pr",
    "correspondent",
    "chair",
    "caption",
    "headline",
    "studio",
    "newsreader",
    "we",
    "bbc",
    "vod",
];
/// Labels of matter about the document, of places and sections, rather than of speakers.
const LABELS: [&str; 49] = [
    "present",
    "attending",
    "apologies",
    "case",
    "date",
    "country",
    "place",
    "from",
    "to",
    "re",
    "subject",
    "source",
    "sources",
    "who",
    "what",
    "when",
    "where",
    "why",
    "how",
    "risk",
    "next",
    "note",
    "update",
    "asked",
    "total",
    "totals",
    "court",
    "bench",
    "judge",
    "prosecutor",
    "defence",
    "location",
    "charge",
    "charges",
    "status",
    "contact",
    "photo",
    "background",
    "summary",
    "annex",
    "part",
    "table",
    "signed",
    "addressee",
    "addresses",
    "recommendations",
    "cc",
    "ref",
    "reference",
];

/// The label before the first colon of a paragraph's first sentence, if it can be a speaker's.
fn label(s: &Sentence, text: &str) -> Option<(String, usize)> {
    let mut first = 0;
    // “(a) Kul Dina:”, “• Answer:”
    while first < 4 && s.tokens.get(first).is_some_and(|t| !t.is_word() || t.norm.chars().count() == 1 && !t.capital())
    {
        first += 1;
    }
    // “A. My husband stood”, “Q. Did anyone resist?”
    for (mark, letter) in [("a", "A"), ("q", "Q")] {
        let joined = s.norm(first).strip_suffix('.') == Some(mark);
        let apart = s.norm(first) == mark && matches!(s.norm(first + 1), "." | "–" | "—");
        let from = first + if joined { 1 } else { 2 };
        if (joined || apart) && s.tokens[first].capital() && from < s.tokens.len() {
            return Some((letter.to_owned(), from));
        }
    }
    let colon = (first + 1..(first + 16).min(s.tokens.len())).find(|&k| s.norm(k) == ":")?;
    let end = (first..colon).find(|&k| matches!(s.norm(k), "(" | ",")).unwrap_or(colon);
    // “Ms KELLER (Minister for Foreign Affairs): …”; without brackets a label is short.
    if end == colon && colon > first + 8 || end < colon && s.norm(end) == "," && colon > first + 8 {
        return None;
    }
    let words = &s.tokens[first..end];
    let titled = |w: &str| matches!(w, "the" | "mr" | "ms" | "mrs" | "dr" | "mr." | "ms." | "mrs." | "dr.");
    let named = words.iter().all(|t| t.capital() || titled(&t.norm)) && !words.is_empty();
    // “Answer (Ms Helen Tarrant, Minister):” stands alone above the paragraphs of the answer.
    let above = colon + 1 == s.tokens.len() && matches!(s.norm(first), "answer" | "reply" | "response");
    (named && (colon + 1 < s.tokens.len() || above) && !LABELS.contains(&s.norm(first)))
        .then(|| (s.words(text, first, end), colon + 1))
}

/// The speaker of each paragraph that has one; empty where the document is no such talk.
pub(super) fn find(sentences: &[Sentence], text: &str) -> Vec<Option<Voice>> {
    let mut out: Vec<Option<Voice>> = vec![None; sentences.len()];
    let first = |i: usize| i == 0 || sentences[i - 1].paragraph != sentences[i].paragraph;
    let labels: Vec<Option<(String, usize)>> = sentences
        .iter()
        .enumerate()
        .map(|(i, s)| {
            let fits = first(i) && !matches!(s.role, Role::Title | Role::Boilerplate | Role::Note | Role::Row);
            // “Q: How many families lived there?” on a line of its own looks like a heading.
            let spoken =
                |l: &str| s.role != Role::Heading || l.chars().count() == 1 || OWN.contains(&l.to_lowercase().as_str());
            label(s, text).filter(|(l, _)| fits && spoken(l))
        })
        .collect();
    // Whoever only asks questions is the document's own voice too.
    let asks = |l: &str| {
        let (mut all, mut questions) = (0, 0);
        for (i, _) in labels.iter().enumerate().filter(|(_, x)| x.as_ref().is_some_and(|(o, _)| o == l)) {
            let last = (i..sentences.len()).take_while(|&k| sentences[k].paragraph == sentences[i].paragraph).last();
            all += 1;
            questions += usize::from(last.is_some_and(|k| sentences[k].tokens.last().is_some_and(|t| t.norm == "?")));
        }
        let first = labels.iter().flatten().next().is_some_and(|(o, _)| o == l);
        all == questions && all > 0 && first
    };
    let own = |l: &str| OWN.contains(&l.to_lowercase().as_str()) || asks(l);
    // A talk has turns: some label comes back, or it is one for questions and answers.
    let turns = |l: &str| labels.iter().flatten().filter(|(o, _)| o == l).count();
    let talk =
        labels.iter().flatten().filter(|(l, _)| turns(l) > 1 || own(l) || l.eq_ignore_ascii_case("answer")).count();
    let people = |i: usize| {
        sentences[i].items.iter().take(4).any(|it| {
            it.np().is_some_and(|n| matches!(n.kind, NpKind::Person(_)))
                && it.end < sentences[i].tokens.len()
                && matches!(sentences[i].norm(it.end), ":" | "(")
        })
    };
    let named = (0..sentences.len()).filter(|&i| labels[i].is_some() && people(i)).count();
    for i in 0..sentences.len() {
        let Some((l, from)) = &labels[i] else { continue };
        let quoted = matches!(sentences[i].norm(*from), "“" | "\"");
        let above = *from >= sentences[i].tokens.len();
        if own(l) || !(talk >= 3 || above && talk >= 2 || named >= 2 && people(i) || quoted) {
            continue;
        }
        // “Answer (Ms Helen Tarrant, …):”
        let bracket = (0..*from).find(|&t| sentences[i].norm(t) == "(");
        let inside = bracket.filter(|_| l.eq_ignore_ascii_case("answer") || l.eq_ignore_ascii_case("reply"));
        let inside = inside.and_then(|t| {
            sentences[i].items.iter().filter(|it| it.start > t && it.end <= *from).find_map(|it| match it.np()?.kind {
                NpKind::Person(ref name) => Some(name.clone()),
                _ => None,
            })
        });
        let speaker = inside.unwrap_or_else(|| full(l, sentences));
        for (k, s) in sentences.iter().enumerate().skip(if above { i + 1 } else { i }) {
            let ends = if above {
                labels[k].is_some() || s.role == Role::Heading
            } else {
                s.paragraph != sentences[i].paragraph
            };
            if ends {
                break;
            }
            out[k] = Some(Voice { speaker: speaker.clone(), from: if k == i { *from } else { 0 } });
        }
    }
    out
}

/// “KS” and “Answer” are somebody who is named elsewhere.
fn full(label: &str, sentences: &[Sentence]) -> String {
    let persons = || {
        sentences.iter().flat_map(|s| &s.items).filter_map(|i| match i.np().map(|n| &n.kind) {
            Some(NpKind::Person(name)) => Some(name),
            _ => None,
        })
    };
    let initials = |name: &str| name.split(' ').filter_map(|w| w.chars().next()).collect::<String>();
    let lower = label.to_lowercase();
    if matches!(lower.as_str(), "a" | "a." | "answer" | "interviewee" | "respondent" | "witness") {
        return interviewee(sentences).unwrap_or_else(|| "interviewee".to_owned());
    }
    if label.len() <= 3 && label.chars().all(char::is_uppercase) {
        return persons().find(|n| initials(n) == label).cloned().unwrap_or_else(|| label.to_owned());
    }
    let last = lower.rsplit(' ').next().unwrap_or_default();
    persons().find(|n| n.to_lowercase().split(' ').any(|w| w == last)).cloned().unwrap_or_else(|| label.to_owned())
}

/// Who is asked: “Interviewee: X”, “Interview with X”, or the one person told of at the head.
fn interviewee(sentences: &[Sentence]) -> Option<String> {
    let head = || sentences.iter().take(14);
    let person = |s: &Sentence, from: usize| {
        s.items.iter().filter(|i| i.start >= from).find_map(|i| match i.np().map(|n| &n.kind) {
            Some(NpKind::Person(name)) => Some(name.clone()),
            Some(NpKind::Named(name)) if name.contains(' ') => Some(name.clone()),
            _ => None,
        })
    };
    let cue = |s: &Sentence| {
        (0..s.tokens.len()).find(|&k| {
            matches!(s.norm(k), "interviewee" | "witness" | "respondent")
                || s.norm(k) == "with"
                    && k > 0
                    && matches!(s.norm(k - 1), "interview" | "talk" | "conversation" | "spoke" | "speaks")
                || s.norm(k) == "of" && k > 0 && matches!(s.norm(k - 1), "testimony" | "statement" | "interview")
        })
    };
    head().find_map(|s| person(s, cue(s)? + 1)).or_else(|| {
        head().filter(|s| s.norm(0) != "by" && !s.norm(0).starts_with("interviewer")).take(8).find_map(|s| person(s, 0))
    })
}
