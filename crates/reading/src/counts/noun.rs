//! The noun that a number counts, and its unit: “12 land rights activists”, “171 cases of incitement”.

use super::counting::Counting;
use crate::discourse::Sentence;
use crate::lexicon::{Flags, Lexicon};
use crate::token::{Case, Token};

pub(super) struct Noun {
    pub head: Option<usize>,
    pub end: usize,
    pub unit: Option<String>,
    pub actor: bool,
    /// A noun that is never counted: years, kilograms, houses.
    pub rejected: bool,
}

pub(super) const CLOSED: Flags = Flags::DETERMINER
    .with(Flags::PREPOSITION)
    .with(Flags::CONJUNCTION)
    .with(Flags::BE)
    .with(Flags::HAVE)
    .with(Flags::DO)
    .with(Flags::MODAL)
    .with(Flags::NEGATION)
    .with(Flags::PRONOUN)
    .with(Flags::PRONOUNS)
    .with(Flags::POSSESSIVE)
    .with(Flags::RELATIVE)
    .with(Flags::SUBORDINATOR);

/// Whether a noun stands for people, by the lists or by its ending: “gravediggers”, “botanists”.
pub(super) fn people(t: &Token, counting: &Counting) -> bool {
    if t.is(Flags::PERSON.with(Flags::PERSONS)) || counting.has("people", &t.norm) {
        return true;
    }
    const ENDINGS: [&str; 12] =
        ["ers", "ors", "ists", "ians", "ees", "women", "men", "eers", "crats", "folk", "children", "mates"];
    let n = t.norm.as_str();
    n.len() > 5
        && ENDINGS.iter().any(|e| n.ends_with(e))
        && !counting.has("not_people", n)
        && !counting.has("uncounted", n)
        && t.case == Case::Lower
}

pub(super) fn plural(t: &Token, counting: &Counting) -> bool {
    let n = t.norm.as_str();
    n.ends_with('s') && !n.ends_with("ss") && !n.ends_with("ous") && !n.ends_with("us")
        || n.ends_with("men")
        || n.ends_with("children")
        || n.ends_with("folk")
        || matches!(n, "people" | "police" | "staff" | "media" | "personnel" | "summons" | "clergy" | "crew")
        || counting.has("people", n)
}

/// The noun of the run of words at a token.
pub(super) fn scan(s: &Sentence, at: usize, singular: bool, lexicon: &Lexicon, counting: &Counting) -> Noun {
    let mut out = Noun { head: None, end: at, unit: None, actor: false, rejected: false };
    let ordinal_head = at > 0 && lexicon.numbers.ordinal(s.norm(at - 1)).is_some();
    let mut i = at;
    while i < at + 9 {
        let Some(t) = s.tokens.get(i) else { break };
        if matches!(t.norm.as_str(), "\"" | "“" | "”" | "‘" | "’" | "'") && out.head.is_none() {
            i += 1;
            continue;
        }
        if !t.is_word() || s.dates.iter().any(|d| d.start <= i && i < d.end) {
            break;
        }
        let noun = people(t, counting) || counting.units.contains_key(&t.norm) || counting.has("uncounted", &t.norm);
        if t.is(CLOSED) && !(noun && !t.is(Flags::DETERMINER.with(Flags::PREPOSITION))) {
            // “land and housing activists”
            let joins = t.is(Flags::CONJUNCTION) && out.head.is_none() && i > at;
            if !joins {
                break;
            }
            i += 1;
            continue;
        }
        if counting
            .phrases
            .get("compounds")
            .is_some_and(|list| list.iter().any(|p| p.iter().enumerate().all(|(k, w)| s.norm(i + k) == w)))
            && s.norm(i) != "human"
        {
            out.rejected = true;
            return out;
        }
        // “17 concern children”: a verb, not a noun before its noun.
        if i == at
            && out.head.is_none()
            && matches!(
                t.norm.as_str(),
                "concern"
                    | "concerned"
                    | "involve"
                    | "involved"
                    | "affect"
                    | "include"
                    | "included"
                    | "relate"
                    | "related"
                    | "remain"
                    | "remained"
                    | "face"
                    | "await"
                    | "fall"
                    | "come"
                    | "came"
                    | "went"
                    | "ended"
                    | "led"
            )
        {
            break;
        }
        // A verb: “12 gathered”. A participle may stand before its noun: “12 detained workers”.
        let verbal =
            (t.norm.ends_with("ed") || t.norm.ends_with("ing") || t.is(Flags::TRIGGER.with(Flags::SPEECH))) && !noun;
        if verbal {
            let next_noun = (i + 1..i + 4)
                .take_while(|&j| s.tokens.get(j).is_some_and(|n| n.is_word() && !n.is(CLOSED)))
                .any(|j| s.tokens.get(j).is_some_and(|n| people(n, counting) || counting.units.contains_key(&n.norm)));
            if out.head.is_some() || !next_noun {
                break;
            }
            i += 1;
            continue;
        }
        if noun {
            let many = plural(t, counting);
            let fits = singular || many || ordinal_head;
            let modifies = t.possessive && s.tokens.get(i + 1).is_some_and(|n| n.is_word() && !n.is(CLOSED));
            if fits && !modifies {
                out.head = Some(i);
                out.end = i + 1;
                out.rejected = false;
                out.unit = None;
                out.actor = counting.has("actors", &t.norm);
                if counting.has("uncounted", &t.norm) || t.possessive && !modifies && t.full_end > t.end + 1 {
                    out.rejected = counting.has("uncounted", &t.norm);
                } else if let Some(unit) = counting.units.get(&t.norm) {
                    out.unit = Some(unit.clone());
                } else {
                    out.unit = Some("persons".to_owned());
                }
                // “12 farmers’ groups” and “five rights groups” go on; “12 workers gathered” does not.
                let next = s.tokens.get(i + 1);
                let goes_on = next.is_some_and(|n| {
                    n.is_word()
                        && !n.is(CLOSED)
                        && (plural(n, counting) || singular || ordinal_head && !many)
                        && (people(n, counting) || counting.units.contains_key(&n.norm))
                        && n.norm != "others"
                });
                if !goes_on && (many || ordinal_head || singular) {
                    break;
                }
            }
        } else if plural(t, counting) && t.norm != "rights" && t.case == Case::Lower {
            // A noun that nobody has put on a list: counted or not, it ends the phrase.
            let later = s
                .tokens
                .get(i + 1)
                .is_some_and(|n| plural(n, counting) && (people(n, counting) || counting.units.contains_key(&n.norm)));
            if !later {
                out.head = Some(i);
                out.end = i + 1;
                out.unit = None;
                break;
            }
        } else if out.head.is_some() {
            break;
        }
        i += 1;
    }
    out
}
