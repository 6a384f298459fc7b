//! What somebody is asked to do: one for each ask and addressee (coding rule 9).

mod ask;
mod direct;
mod reach;

use std::sync::LazyLock;

use schema::DataError;

use crate::Error;
use crate::acts::quote;
use crate::discourse::Sentence;
use crate::lexicon::{Flags, Lexicon};
use crate::lists::Lists;
use crate::model::Request;
use crate::sayings::Attribution;
use crate::text::{Reading, Role};

static CUES: LazyLock<Result<Lists, DataError>> = LazyLock::new(|| {
    let keys = [
        "strong",
        "weak",
        "that",
        "for",
        "demand",
        "things",
        "modals",
        "done",
        "polite",
        "not_asked",
        "headings",
        "asked",
        "asking",
        "imperatives",
    ];
    Lists::load("asking.yaml", include_str!("../data/asking.yaml"), &keys)
});

/// A list of asks that a line has opened: “We therefore call on your governments to:”.
struct Opened {
    addressee: Option<String>,
    /// The paragraph of the line, then of the last item.
    paragraph: usize,
    /// Opened by a heading: it lasts until the next.
    heading: bool,
}

/// The requests of a document.
///
/// # Errors
/// [`Error::Data`] when `data/asking.yaml` is wrong.
pub(crate) fn read(
    reading: &Reading,
    sentences: &[Sentence],
    said: &[Vec<Attribution>],
    lexicon: &Lexicon,
) -> Result<Vec<Request>, Error> {
    let cues = CUES.as_ref().map_err(Clone::clone)?;
    let text = &reading.text;
    let mut out: Vec<Request> = Vec::new();
    let mut list: Option<Opened> = None;
    for (i, s) in sentences.iter().enumerate() {
        if matches!(s.role, Role::Boilerplate | Role::Note | Role::Title) {
            continue;
        }
        let line = text.get(s.start..s.end).unwrap_or_default().trim();
        // What the title says again, or “RE: the Council should act”, is no ask of its own.
        let told = line.trim_start_matches("RE:").trim_start_matches("Re:").trim();
        let again = told.len() > 24 && reading.title.as_deref().is_some_and(|t| t.contains(told));
        if again || s.role == Role::Matter && !line.ends_with(':') {
            continue;
        }
        let bare =
            line.trim_end_matches([':', '.', ' ', '*']).trim_start_matches(|c: char| !c.is_alphabetic()).to_lowercase();
        let first = i == 0 || sentences[i - 1].paragraph != s.paragraph;
        let short = s.tokens.len() <= 9;
        if (s.role == Role::Heading || line.ends_with(':')) && short && cues.opens("headings", &bare) && first {
            list = Some(Opened { addressee: None, paragraph: s.paragraph, heading: true });
            continue;
        }
        // “To the Government:” inside a list of recommendations
        if let Some(open) = list.as_mut().filter(|l| l.heading)
            && (s.role == Role::Heading || line.ends_with(':'))
            && short
            && (bare.starts_with("to ")
                || bare.starts_with("the ")
                || s.tokens.iter().any(|t| cues.has("asked", &t.norm)))
        {
            open.addressee = Some(line.trim_end_matches(':').trim_start_matches("To ").to_owned());
            open.paragraph = s.paragraph;
            continue;
        }
        if s.role == Role::Heading && !line.ends_with(':') {
            list = None;
            continue;
        }
        // “6. Decides to extend”, “7. Requests”: another paragraph of a resolution, not an item of the list.
        let verb = s.tokens.iter().find(|t| t.norm.chars().filter(|c| c.is_alphabetic()).count() > 2);
        let numbered = line.starts_with(|c: char| c.is_ascii_digit());
        let operative = numbered
            && verb.is_some_and(|t| {
                t.capital()
                    && t.norm.ends_with('s')
                    && (t.is(Flags::SPEECH)
                        || matches!(
                            t.norm.as_str(),
                            "decides"
                                | "calls"
                                | "takes"
                                | "expresses"
                                | "requests"
                                | "urges"
                                | "invites"
                                | "encourages"
                                | "welcomes"
                        ))
            });
        if operative {
            list = None;
        }
        if let Some(open) = &mut list {
            let item = s.role == Role::Item
                || bare.starts_with("to ") && line.starts_with(|c: char| !c.is_uppercase())
                || line.starts_with(['>', '»', '•']);
            if item && s.paragraph - open.paragraph <= 2 {
                open.paragraph = s.paragraph;
                // “iii.” may stand as a sentence by itself.
                let s = if first && line.chars().count() <= 5 { sentences.get(i + 1).unwrap_or(s) } else { s };
                let own = item_addressee(s, text, cues);
                for (a, b) in item_spans(s, text, own.is_some()).into_iter().filter(|(a, b)| first && b > a) {
                    let addressee = own.clone().or_else(|| open.addressee.clone());
                    out.push(Request { addressee, asserter: None, at: quote(reading, a, b) });
                }
                continue;
            }
            let running = open.heading && s.role == Role::Body && s.paragraph - open.paragraph <= 1;
            if !item && !running {
                list = None;
            }
        }
        let spoken = !said[i].is_empty();
        for ask in ask::find(s, text, cues, lexicon, spoken) {
            if ask.opens_list {
                list = Some(Opened { addressee: ask.addressee.clone(), paragraph: s.paragraph, heading: false });
                continue;
            }
            let asserter = said[i].iter().find(|a| a.said.contains(&ask.from)).map(|a| a.speaker.clone());
            let (a, b) = s.bytes(ask.from, ask.to);
            let b = a + text.get(a..b).unwrap_or_default().trim_end_matches([',', ' ', '.', ';']).len();
            if b > a {
                out.push(Request { addressee: ask.addressee, asserter, at: quote(reading, a, b) });
            }
        }
    }
    Ok(out)
}

/// Whom an item asks by itself: “– the Phnom Penh Municipal Court to drop all charges”.
fn item_addressee(s: &Sentence, text: &str, cues: &Lists) -> Option<String> {
    let first = s.tokens.iter().position(|t| t.is_word() && t.norm.chars().count() > 1)?;
    let to = (first + 1..(first + 14).min(s.tokens.len()))
        .take_while(|&k| !matches!(s.norm(k), "," | ";" | ":" | "that" | "and"))
        .find(|&k| s.norm(k) == "to")?;
    let asked = s.tokens[first..to]
        .iter()
        .any(|t| cues.has("asked", &t.norm) || t.capital() && t.start > s.tokens[first].start);
    let verb = s.tokens[first..to].iter().any(|t| t.is(Flags::BE.with(Flags::HAVE).with(Flags::MODAL)))
        || !s.tokens[first].is(Flags::DETERMINER.with(Flags::POSSESSIVE))
            && !s.tokens[first].capital()
            && !cues.has("asked", s.norm(first))
        || s.tokens[first].is(Flags::TRIGGER) && to > first + 1;
    (asked && !verb).then(|| s.words(text, first, to))
}

/// An item, parted where it asks for a second thing: “to establish where they are, and to free them”.
fn item_spans(s: &Sentence, text: &str, addressed: bool) -> Vec<(usize, usize)> {
    let (start, end) = item_span(s, text);
    let to = addressed || s.tokens.iter().find(|t| t.start >= start).is_some_and(|t| t.norm == "to");
    let second = s.tokens.windows(2).find(|w| to && w[0].norm == "and" && w[1].norm == "to" && w[0].start > start + 12);
    match second {
        Some(w) => {
            let first = text.get(start..w[0].start).unwrap_or_default().trim_end_matches([',', ' ']);
            vec![(start, start + first.len()), (w[1].start, end)]
        }
        None => vec![(start, end)],
    }
}

/// An item without its bullet and closing mark.
fn item_span(s: &Sentence, text: &str) -> (usize, usize) {
    let body = text.get(s.start..s.end).unwrap_or_default();
    let start = s
        .tokens
        .iter()
        .find(|t| {
            t.norm.chars().any(char::is_alphabetic)
                && t.norm.chars().count() > 1
                && !matches!(t.norm.as_str(), "ii" | "iii" | "iv" | "vi" | "vii" | "viii" | "ii." | "iii.")
        })
        .map_or(s.start, |t| t.start);
    let trimmed = body
        .trim_end_matches([';', '.', ' ', ','])
        .trim_end_matches("; and")
        .trim_end_matches(" and")
        .trim_end_matches([';', '.', ' ', ',']);
    (start, (s.start + trimmed.len()).max(start))
}
