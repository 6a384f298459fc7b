//! A speech verb, its speaker, and what is said.

use super::speaker::{apposed, described, described_from, speaker, speaks};
use super::talk::Talk;
use super::{Said, Speaker};
use crate::discourse::Sentence;
use crate::lexicon::{Flags, Lexicon};

/// A speech verb with its speaker, and what is said; `None` if it is none.
pub(super) fn frame(
    s: &Sentence,
    k: usize,
    talk: &Talk,
    text: &str,
    lexicon: &Lexicon,
) -> Option<(Speaker, Said, usize)> {
    let norm = |i: usize| s.norm(i);
    let verb = norm(k);
    // “Will the Minister say whether …?”
    if s.tokens.last().is_some_and(|t| t.norm == "?") && !s.quoted.iter().any(|q| *q) {
        return None;
    }
    let before = k.checked_sub(1).map(norm).unwrap_or_default();
    if matches!(
        before,
        "to" | "the" | "a" | "his" | "her" | "their" | "its" | "this" | "that" | "of" | "by" | "not" | "in"
    ) || s.tokens[k.saturating_sub(1)].is(Flags::MODAL) && k > 0 && before != "would"
    {
        return None;
    }
    // Finding, informing and the like are acts of their own; to be told is not to tell.
    let group = crate::verb::group(&s.tokens, k);
    let silent = matches!(
        verb,
        "find"
            | "finds"
            | "found"
            | "finding"
            | "informed"
            | "inform"
            | "believe"
            | "believes"
            | "believed"
            | "point"
            | "points"
            | "pointed"
            | "deem"
            | "deemed"
            | "welcome"
            | "welcomed"
            | "observes"
            | "observed"
            | "observe"
            | "concluded"
            | "concludes"
    );
    // “was called to the post and told to stop”
    let joined = s.clauses.verb_at(k).is_some_and(|(_, v)| v.passive && v.joined.is_some()) && verb == "told";
    let passive = group.be && !verb.ends_with("ing") || joined;
    // “told her to take it down”, “told him that he would die if”
    let rest_of = |words: &[&str]| {
        (k + 1..s.tokens.len()).take_while(|&i| !matches!(s.norm(i), ";" | ".")).any(|i| words.contains(&s.norm(i)))
    };
    let telling = matches!(verb, "told" | "tells" | "warned" | "warns" | "ordered");
    let quoted_words = s.quoted.iter().skip(k).any(|q| *q);
    let ordered = telling
        && (k + 1..(k + 8).min(s.tokens.len()))
            .take_while(|&i| !matches!(s.norm(i), "that" | "," | "“" | "\""))
            .any(|i| s.norm(i) == "to" && i > k + 1);
    let threat = (telling || verb == "said")
        && rest_of(&["would", "will"])
        && rest_of(&["if", "unless", "until"])
        && (!quoted_words || telling && matches!(norm(k + 1), "her" | "him" | "them" | "me" | "us"))
        || telling
            && rest_of(&["would", "will"])
            && rest_of(&["die", "next", "killed", "dead", "disappear", "burn", "shot", "regret"])
            && s.tokens[..k].iter().rev().take(4).any(|t| {
                matches!(
                    t.norm.as_str(),
                    "caller" | "callers" | "voice" | "stranger" | "strangers" | "men" | "man" | "agents"
                )
            })
        || matches!(verb, "warned" | "warns")
            && rest_of(&["would", "“"])
            && rest_of(&["he", "she", "they", "him", "her", "them"]);
    // “The Law on Juvenile Justice says”; “has said so”; “wrote down”; “you have told”
    let about = s.tokens[group.start.saturating_sub(9)..group.start]
        .iter()
        .rev()
        .take_while(|t| !matches!(t.norm.as_str(), ";" | "”" | "“" | ":" | "and" | "but"))
        .any(|t| {
            t.is(Flags::LAW_HEAD) && t.capital()
                || matches!(
                    t.norm.as_str(),
                    "article" | "section" | "paper" | "order" | "summons" | "warrant" | "clause"
                )
        });
    // “with a note that read: “You are next””
    let written = matches!(verb, "read" | "reads" | "said" | "saying")
        && s.tokens[group.start.saturating_sub(3)..group.start].iter().any(|t| {
            matches!(
                t.norm.as_str(),
                "note"
                    | "banner"
                    | "placard"
                    | "poster"
                    | "leaflet"
                    | "sign"
                    | "banners"
                    | "placards"
                    | "sticker"
                    | "shirt"
            )
        });
    let idle = written
        || matches!(norm(k + 1), "so" | "down" | "up" | "nothing" | "little")
        || verb == "read" && group.have
        || group.start > 0 && matches!(norm(group.start - 1), "you" | "we" | "i");
    let aside = group.start > 0
        && matches!(norm(group.start - 1), "who" | "which")
        && !quoted_words
        && !(k + 1..(k + 9).min(s.tokens.len())).any(|i| norm(i) == "that");
    let barred = telling && rest_of(&["must"]) && !quoted_words;
    if silent || passive || ordered || threat || about || idle || aside || barred {
        return None;
    }
    let quotes = s.quoted.iter().any(|q| *q);
    let says = matches!(
        verb,
        "said"
            | "says"
            | "say"
            | "told"
            | "tells"
            | "added"
            | "adds"
            | "wrote"
            | "writes"
            | "stated"
            | "states"
            | "insisted"
            | "insists"
            | "maintained"
            | "maintains"
            | "conceded"
            | "concedes"
            | "testified"
            | "testifies"
            | "remarked"
            | "submitted"
            | "replied"
            | "claimed"
            | "claims"
            | "tweeted"
            | "read"
            | "reads"
            | "saying"
            | "recalled"
            | "recalls"
            | "asked"
            | "denied"
            | "denies"
            | "warned"
            | "warns"
            | "noted"
            | "continued"
            | "adding"
            | "argued"
            | "argues"
            | "assured"
            | "alleges"
            | "alleged"
            | "allege"
            | "reported"
    );
    let that = (k + 1..(k + 9).min(s.tokens.len()))
        .find(|&i| norm(i) == "that")
        .filter(|&i| !(k + 1..i).any(|j| matches!(norm(j), "," | ";" | "." | "and" | "who")));
    let closes = k > 0 && matches!(before, "”" | "\"" | "," | "’" | "'");
    let quote_after = (k + 1..(k + 6).min(s.tokens.len())).any(|i| matches!(norm(i), "“" | "\"" | "‘")) && quotes;
    let gerund = verb.ends_with("ing");
    // Inverted: “…,” said Mary Lawlor, the UN Special Rapporteur.
    let after_item = s.item_of.get(k + 1).copied();
    // “…, told parliament”, “…, said 27 people had been arrested”: to whom, and what.
    let telling_to = matches!(verb, "told" | "tells" | "informed" | "informs" | "assured" | "warned" | "reminded");
    let inverted = closes
        .then_some(after_item)
        .flatten()
        .filter(|&i| s.np(i).is_some_and(speaks) && s.items[i].start == k + 1 && !telling_to && closes_after(s, i));
    // “…, said court clerk Tep Vichhai.”
    let inverted = inverted.or_else(|| {
        let first = after_item.filter(|_| closes && !telling_to)?;
        let plain = |&j: &usize| {
            matches!(s.items[j].kind, crate::phrase::ItemKind::Word)
                && s.nominal(j)
                && s.tokens[s.items[j].start].is_word()
        };
        let lead = (first..s.items.len().min(first + 5)).take_while(plain).count();
        let at = first + lead;
        (lead > 0
            && s.np(at).is_some_and(|n| matches!(n.kind, crate::phrase::NpKind::Person(_)))
            && closes_after(s, at))
        .then_some(at)
    });
    let direct = s.subject(crate::verb::group(&s.tokens, k).start);
    let subject = match direct {
        crate::roles::Subject::Item(i) if s.np(i).is_some_and(speaks) => Some(i),
        _ => None,
    };
    // “X's statement read”
    let owner = s
        .item_of
        .get(k)
        .and_then(|&i| (i.saturating_sub(4)..i).rev().find(|&j| s.np(j).is_some_and(|n| n.possessive && speaks(n))))
        .filter(|_| {
            matches!(before, "statement" | "letter" | "post" | "report" | "reply" | "lawyer" | "page" | "account")
        });
    let negated = crate::verb::group(&s.tokens, k).negated;
    if negated {
        return None;
    }
    let strong = that.is_some()
        || (says
            && (quotes
                || !matches!(
                    verb,
                    "denied"
                        | "denies"
                        | "asked"
                        | "recalled"
                        | "warned"
                        | "read"
                        | "reads"
                        | "continued"
                        | "noted"
                        | "adding"
                        | "alleged"
                        | "reported"
                )));
    // “…, Radio Salween reported.”
    let ends = (s.tokens.len().saturating_sub(k) <= 2 || norm(k + 1) == ";")
        && s.tokens[..k].iter().rev().take(8).any(|t| t.norm == ",");
    // “…, UN experts warned today”
    let last = (k + 1..s.tokens.len()).all(|i| {
        !s.tokens[i].is_word()
            || s.dates.iter().any(|d| d.start <= i && i < d.end)
            || s.tokens[i].is(Flags::ADVERB)
            || matches!(s.norm(i), "on" | "in" | "at" | "late" | "earlier" | "a" | "statement" | "today" | "yesterday")
    });
    let ends = ends || last && s.tokens.len() - k <= 9 && s.tokens[..k].iter().rev().take(8).any(|t| t.norm == ",");
    // “Police claim to have found two grenades”
    let claims =
        matches!(verb, "claim" | "claims" | "claimed") && norm(k + 1) == "to" && matches!(norm(k + 2), "have" | "be");
    let ends = ends || claims;
    // “put the number at more than 80”, “speaks of 151”
    let figure = matches!(verb, "put" | "puts") && (k + 1..k + 7).any(|i| norm(i) == "at")
        || matches!(verb, "speak" | "speaks" | "spoke")
            && norm(k + 1) == "of"
            && s.tokens.get(k + 2).is_some_and(|t| {
                t.is(Flags::NUMBER)
                    || t.norm.starts_with(|c: char| c.is_ascii_digit())
                    || matches!(t.norm.as_str(), "more" | "at" | "“" | "about" | "some" | "only")
            });
    let denied = matches!(verb, "denied" | "denies" | "deny") && matches!(norm(k + 1), "it" | "this" | "that");
    let okay = strong
        || figure
        || denied
        || ends
        || matches!(verb, "denied" | "denies" | "deny") && norm(k + 1) == "it"
        || (quotes && (closes || quote_after))
        || (matches!(verb, "denied" | "denies" | "deny" | "rejected" | "dismissed") && norm(k + 1).ends_with("ing"));
    let comma_ending = says && closes && inverted.is_some();
    if !(okay || comma_ending) || gerund && !(quotes || that.is_some()) {
        return None;
    }
    // “The interior minister, Sok Vanna, told parliament”
    let aside = subject.is_none().then(|| apposed(s, group.start, text)).flatten();
    let item = match (inverted, subject, owner) {
        (Some(i), None, _) => Some(i),
        (Some(i), Some(j), _) => Some(if s.items[j].end == k || k - s.items[j].end <= 2 && !closes { j } else { i }),
        (None, Some(i), _) => Some(i),
        (None, None, Some(i)) => Some(i),
        _ => None,
    };
    let speaker = match item {
        _ if inverted.is_none()
            && let Some((who, _)) = &aside =>
        {
            who.clone()
        }
        Some(i) => speaker(s, i, talk, text)?,
        None if let Some(words) = described(s, group.start, text) => Speaker { name: words, role: None },
        None if gerund || direct != crate::roles::Subject::None => talk.last().cloned().filter(|_| quotes || gerund)?,
        None => return None,
    };
    let _ = lexicon;
    if verb.starts_with("submi") && that.is_none() || verb == "noting" && k < 3 {
        return None;
    }
    let frame_start = aside.filter(|_| inverted.is_none()).map(|(_, from)| from).unwrap_or_else(|| {
        item.map_or_else(|| described_from(s, group.start).unwrap_or(k), |i| s.items[i].start.min(k))
    });
    // “The Prosecutor's Office said”
    let mut frame_start = frame_start;
    while frame_start > 0 && s.tokens[frame_start - 1].possessive && s.tokens[frame_start - 1].capital() {
        frame_start -= 1;
        if frame_start > 0 && s.norm(frame_start - 1) == "the" {
            frame_start -= 1;
        }
    }
    // Told after what is said: “…, his lawyer said.”
    let rest = (k..s.tokens.len()).find(|&i| norm(i) == ";").unwrap_or(s.tokens.len()).saturating_sub(k);
    let tail = inverted.is_some()
        || (item.is_some_and(|i| s.items[i].start > 3)
            && frame_start > 0
            && matches!(norm(frame_start - 1), "," | "”" | "\"" | "’" | "—" | "–")
            && that.is_none()
            && (rest <= 6 || quotes && s.quoted.first() == Some(&true) || norm(k + 1) == ","))
        || item.is_none()
            && frame_start > 3
            && rest <= 6
            && that.is_none()
            && matches!(norm(frame_start - 1), "," | "”" | "\"");
    let (said, from) = if tail {
        // Behind a semicolon another clause begins.
        let clause = (0..frame_start).rev().find(|&i| norm(i) == ";" && !s.quoted[i]).map_or(0, |i| i + 1);
        let mut ranges = vec![clause..frame_start];
        let quoted_after: Vec<usize> = (k + 1..s.tokens.len()).filter(|&i| s.quoted[i]).collect();
        if let (Some(&a), Some(&b)) = (quoted_after.first(), quoted_after.last()) {
            ranges.push(a..b + 1);
        }
        (Said(ranges), 0)
    } else {
        let mut ranges = vec![k + 1..s.tokens.len()];
        if let Some(first) = s.quoted.iter().position(|q| *q).filter(|&q| q < frame_start) {
            ranges.push(first..frame_start);
        }
        let first_quoted = s.quoted.iter().position(|q| *q).unwrap_or(frame_start);
        (Said(ranges), first_quoted.min(frame_start))
    };
    Some((speaker, said, from))
}

/// Whether what stands after a speaker behind the verb ends the sentence or goes on about him, rather than being
/// the verb of what he says: “…, said the chief of police.”
fn closes_after(s: &Sentence, item: usize) -> bool {
    let np = s.np(item);
    if np.is_some_and(|n| n.number.is_some_and(|n| n.value > 1)) && !s.quoted.iter().any(|q| *q) {
        return false;
    }
    let end = s.items[item].end;
    s.tokens.get(end).is_none_or(|t| {
        !t.is(Flags::BE.with(Flags::HAVE).with(Flags::MODAL).with(Flags::TRIGGER)) || s.quoted.first() == Some(&true)
    })
}
