//! What somebody is asked to do: one for each ask and addressee (coding rule 9).

use crate::acts::quote;
use crate::discourse::Sentence;
use crate::lexicon::{Flags, Lexicon};
use crate::model::Request;
use crate::phrase::{ItemKind, NpKind};
use crate::sayings::Attribution;
use crate::text::{Reading, Role};

/// The requests of a document.
pub(crate) fn read(
    reading: &Reading,
    sentences: &[Sentence],
    said: &[Vec<Attribution>],
    lexicon: &Lexicon,
) -> Vec<Request> {
    let mut out = Vec::new();
    // The addressee of a list that a line with a colon opens: “We therefore call on your governments to:”.
    let mut list: Option<(Option<String>, usize)> = None;
    let mut heading = false;
    for (i, s) in sentences.iter().enumerate() {
        if matches!(s.role, Role::Boilerplate | Role::Note | Role::Matter) || s.role == Role::Title {
            continue;
        }
        let text = &reading.text;
        let line = text.get(s.start..s.end).unwrap_or_default();
        if s.role == Role::Heading || (line.ends_with(':') && s.tokens.len() <= 9) {
            let lower = line
                .trim_end_matches(':')
                .trim_start_matches(['#', ' ', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', '.'])
                .to_lowercase();
            let opens = lexicon.phrases("request_headings").iter().any(|p| p.join(" ") == lower);
            if opens {
                heading = true;
                list = Some((None, s.paragraph));
                continue;
            }
            if heading
                && (lower.starts_with("to ") || lower.starts_with("the "))
                && s.tokens.iter().any(|t| t.is(Flags::ADDRESSEE))
            {
                list = Some((Some(line.trim_end_matches(':').trim_start_matches("To ").to_owned()), s.paragraph));
                continue;
            }
            if s.role == Role::Heading {
                heading = false;
                list = None;
                continue;
            }
        }
        if let Some((addressee, last)) = &mut list
            && matches!(s.role, Role::Item)
            && s.paragraph - *last <= 2
        {
            if s.paragraph != *last || heading {
                let first_of_item = sentences[..i].last().is_none_or(|p| p.paragraph != s.paragraph);
                *last = s.paragraph;
                if first_of_item {
                    let (a, b) = item_span(s, text);
                    let named = addressee.clone();
                    out.push(Request { addressee: named, asserter: None, at: quote(reading, a, b) });
                }
                continue;
            }
        } else if list.is_some() && s.role != Role::Item {
            list = None;
        }
        let found = asks(s, lexicon, text);
        for ask in found {
            if ask.opens_list {
                list = Some((ask.addressee.clone(), s.paragraph));
                continue;
            }
            let asserter = said[i]
                .first()
                .map(|a| a.speaker.clone())
                .filter(|_| said[i].iter().any(|a| a.said.contains(&ask.from)));
            let (a, b) = s.bytes(ask.from, ask.to);
            out.push(Request { addressee: ask.addressee, asserter, at: quote(reading, a, b) });
        }
    }
    out
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
                && !matches!(t.norm.as_str(), "ii" | "iii" | "iv" | "vi" | "vii" | "viii")
        })
        .map_or(s.start, |t| t.start);
    let trimmed = body
        .trim_end_matches([';', '.', ' ', ','])
        .trim_end_matches("; and")
        .trim_end_matches(" and")
        .trim_end_matches([';', '.', ' ', ',']);
    (start, (s.start + trimmed.len()).max(start))
}

struct Ask {
    addressee: Option<String>,
    from: usize,
    to: usize,
    opens_list: bool,
}

fn phrase_at(s: &Sentence, at: usize, lexicon: &Lexicon, key: &str) -> Option<usize> {
    lexicon
        .phrases(key)
        .iter()
        .filter(|p| p.iter().enumerate().all(|(k, w)| s.norm(at + k) == w))
        .map(|p| at + p.len())
        .max()
}

fn asks(s: &Sentence, lexicon: &Lexicon, text: &str) -> Vec<Ask> {
    let mut out: Vec<Ask> = Vec::new();
    let mut k = 0;
    while k < s.tokens.len() {
        if out.iter().any(|a| k < a.to) {
            k += 1;
            continue;
        }
        let noun = k > 0 && s.tokens[k - 1].is(Flags::DETERMINER.with(Flags::POSSESSIVE));
        let group = crate::verb::group(&s.tokens, k);
        let denied = group.negated || noun;
        let strong = phrase_at(s, k, lexicon, "request_verbs").or_else(|| phrase_at(s, k, lexicon, "request_calls"));
        let ask = phrase_at(s, k, lexicon, "request_asks");
        let done = strong.or(ask).filter(|_| !denied).and_then(|end| to_do(s, k, end, strong.is_some(), text, lexicon));
        if let Some(found) = done {
            out.extend(found);
        } else if let Some(end) = phrase_at(s, k, lexicon, "request_for").filter(|_| !denied) {
            // “demanded that X”, “called for the release of X”
            let comment =
                (end..end + 4).any(|i| matches!(s.norm(i), "comment" | "information" | "interview" | "clarification"));
            let subject = matches!(s.subject(group.start), crate::roles::Subject::Item(_))
                || s.norm(k).ends_with("ing")
                || group.start <= 2;
            if !comment && subject && s.tokens.get(end).is_some_and(|t| t.is_word()) {
                let to = clause_end(s, end);
                out.push(Ask {
                    addressee: None,
                    from: k,
                    to,
                    opens_list: s.norm(to) == ":" && to + 1 >= s.tokens.len(),
                });
            }
        } else if let Some(end) = phrase_at(s, k, lexicon, "request_modals") {
            // The noun phrase right before the modal: “Cambodia must empty its prisons”.
            let subject = group
                .start
                .min(k)
                .checked_sub(1)
                .and_then(|t| s.item_of.get(t).copied())
                .filter(|&i| s.np(i).is_some());
            let addressed = subject.filter(|&i| {
                let it = &s.items[i];
                s.tokens[it.start..it.end].iter().any(|t| t.is(Flags::ADDRESSEE))
                    && !s.np(i).is_some_and(|n| matches!(n.kind, NpKind::Person(_)))
            });
            let passive = s.norm(end) == "be" || s.norm(end) == "have" || s.norm(end + 1) == "be";
            if let Some(i) = addressed.filter(|_| !passive) {
                let to = clause_end(s, end);
                let it = &s.items[i];
                out.push(Ask {
                    addressee: Some(s.words(text, it.start, it.end)),
                    from: it.start,
                    to,
                    opens_list: to + 1 >= s.tokens.len() && s.norm(to) == ":",
                });
            }
        }
        k += 1;
    }
    out
}

/// “urge X to do A and to do B”: one for each.
fn to_do(s: &Sentence, verb: usize, after: usize, strong: bool, text: &str, lexicon: &Lexicon) -> Option<Vec<Ask>> {
    let item = *s.item_of.get(after)?;
    // “urges that”
    if s.norm(after) == "that" {
        return strong.then(|| vec![Ask { addressee: None, from: verb, to: clause_end(s, after), opens_list: false }]);
    }
    let mut to = None;
    for k in after..s.tokens.len().min(after + 22) {
        if matches!(s.norm(k), ";" | "." | "“" | "who" | "about" | "whether" | "if" | "how" | "why" | "when") {
            break;
        }
        if s.norm(k) == "to"
            && s.norm(k - 1) != "according"
            && s.tokens.get(k + 1).is_none_or(|t| !t.is(Flags::DETERMINER.with(Flags::POSSESSIVE)) && !t.capital())
        {
            to = Some(k);
            break;
        }
        if s.norm(k) == ":" {
            to = Some(k);
            break;
        }
    }
    let to = to?;
    let addressee_end = s.item_of.get(to).copied()?;
    let addressed = (item..addressee_end).any(|i| match s.items.get(i).map(|it| &it.kind) {
        Some(ItemKind::Np(np)) => {
            let it = &s.items[i];
            strong
                || s.tokens[it.start..it.end].iter().any(|t| t.is(Flags::ADDRESSEE))
                || matches!(np.kind, NpKind::Organisation(_) | NpKind::Pronoun { plural: true })
                || np.definite && np.kind == NpKind::Common
        }
        Some(ItemKind::Word) => s.tokens[s.items[i].start].is(Flags::ADDRESSEE),
        _ => false,
    });
    // “asked to comment”: nobody is asked to do anything.
    if !(addressed || strong && to > after) || to == after {
        return None;
    }
    let addressee = Some(s.words(text, after, to)).filter(|a| !a.is_empty());
    let last = s.tokens.len() - 1;
    if s.norm(last) == ":" {
        return Some(vec![Ask { addressee, from: verb, to: last, opens_list: true }]);
    }
    let mut out = Vec::new();
    let mut from = verb;
    let mut k = to + 1;
    while k < s.tokens.len() {
        let splits =
            s.norm(k) == "to" && k > to + 1 && (matches!(s.norm(k - 1), "and" | ";") || (matches!(s.norm(k - 1), ",")));
        if splits && s.tokens.get(k + 1).is_some_and(|t| t.is_word() && !t.is(Flags::DETERMINER)) {
            let mut end = k - 1;
            while end > from && matches!(s.norm(end - 1), "," | "and") {
                end -= 1;
            }
            out.push(Ask { addressee: addressee.clone(), from, to: end, opens_list: false });
            from = k;
        }
        // “urges parliament to amend section 112 and calls on the Attorney General not to appeal”
        let next_ask =
            ["request_verbs", "request_calls", "request_for"].iter().any(|key| phrase_at(s, k, lexicon, key).is_some());
        if next_ask && k > to + 1 && matches!(s.norm(k - 1), "and" | ",") {
            k -= 1;
            break;
        }
        if s.norm(k) == ";" || (s.norm(k) == "." && k == last) || matches!(s.norm(k), "”" | "“") {
            break;
        }
        k += 1;
    }
    let end = k.min(s.tokens.len());
    out.push(Ask { addressee, from, to: end.max(from + 1), opens_list: false });
    Some(out)
}

fn clause_end(s: &Sentence, from: usize) -> usize {
    (from..s.tokens.len()).find(|&k| matches!(s.norm(k), ";" | "." | "”" | "\"" | ":")).unwrap_or(s.tokens.len())
}
