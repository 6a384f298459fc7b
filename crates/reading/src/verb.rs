//! Verb groups: tense, voice and polarity from the auxiliaries before a verb, and whether the text
//! says that it happened.

mod denial;

use crate::lexicon::{Flags, Lexicon};
use crate::token::Token;
use crate::triggers::Hit;
use denial::{averted, denied, idiom};

/// A verb with its auxiliaries.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Group {
    /// First token: of the first auxiliary, or the verb.
    pub start: usize,
    pub be: bool,
    pub have: bool,
    pub negated: bool,
    pub modal: bool,
    /// “to arrest”
    pub infinitive: bool,
    pub did: bool,
}

impl Group {
    pub const fn bare(&self) -> bool {
        !self.be && !self.have && !self.modal && !self.infinitive && !self.did
    }
}

/// “were themselves picked up”
pub(crate) fn reflexive(word: &str) -> bool {
    matches!(word, "himself" | "herself" | "itself" | "themselves" | "myself" | "ourselves")
}

/// The auxiliaries before the verb at `at`.
pub(crate) fn group(tokens: &[Token], at: usize) -> Group {
    let mut out = Group { start: at, ..Group::default() };
    let mut k = at;
    while k > 0 {
        k -= 1;
        let t = &tokens[k];
        let contracted = t.norm.ends_with("n't");
        if contracted {
            out.negated = true;
            match t.norm.as_str() {
                "wasn't" | "weren't" | "isn't" | "aren't" => out.be = true,
                "hasn't" | "haven't" | "hadn't" => out.have = true,
                "didn't" | "doesn't" | "don't" => out.did = true,
                _ => out.modal = true,
            }
        } else if matches!(t.norm.as_str(), "not" | "never" | "neither" | "nor") {
            out.negated = true;
            if t.norm == "nor" || t.norm == "neither" {
                out.start = k;
                continue;
            }
        } else if t.is(Flags::MODAL) {
            out.modal = true;
        } else if t.is(Flags::BE) {
            out.be = true;
        } else if t.is(Flags::HAVE) {
            out.have = true;
        } else if t.is(Flags::DO) {
            out.did = true;
        } else if t.norm == "to" {
            out.infinitive = true;
            out.start = k;
            break;
        } else if t.is(Flags::ADVERB)
            && (!matches!(t.norm.as_str(), "all" | "both" | "each")
                || k > 0 && tokens[k - 1].is(Flags::BE.with(Flags::HAVE)))
            || t.norm.len() > 4 && t.norm.ends_with("ly")
            || reflexive(&t.norm)
        {
            continue;
        } else {
            break;
        }
        out.start = k;
    }
    out
}

fn stops_clause(t: &Token) -> bool {
    matches!(t.norm.as_str(), "," | ";" | ":" | "(" | "—" | "–" | "“" | "”" | "\"" | "--" | "-" | "|")
        || t.is(Flags::RELATIVE)
        || matches!(
            t.norm.as_str(),
            "that" | "after" | "when" | "while" | "because" | "since" | "where" | "but" | "although" | "as"
        )
}

/// Tokens of the clause before `start`, nearest first.
fn clause_before(tokens: &[Token], start: usize) -> impl Iterator<Item = (usize, &Token)> {
    tokens[..start.min(tokens.len())].iter().enumerate().rev().take_while(|(_, t)| !stops_clause(t)).take(24)
}

/// Whether the sentence says that a verb's event took place. `told` is what was found for the
/// trigger before it that it shares its auxiliaries with, if there is one.
pub(crate) fn happened(tokens: &[Token], hit: &Hit, group: &Group, told: Option<bool>) -> bool {
    if tokens.last().is_some_and(|t| t.norm == "?") {
        return false;
    }
    if group.negated || group.modal || denied(tokens, group.start) || idiom(tokens, hit.at) {
        return false;
    }
    // “was never in custody”, “did not receive”; “have not been seen” says so in its own words.
    let inside = tokens.get(hit.head_end.max(hit.at + 1)..hit.end.min(tokens.len())).unwrap_or_default();
    let own = tokens[hit.at].norm == "have"
        || inside.iter().any(|t| {
            matches!(t.norm.as_str(), "seen" | "heard" | "leave" | "travel" | "board" | "enter" | "fly" | "renewed")
        });
    if !own && inside.iter().any(|t| matches!(t.norm.as_str(), "not" | "never" | "no" | "neither" | "nor")) {
        return false;
    }
    // “the schools stay closed”: how it is, not what befell.
    if group.bare()
        && hit.form.participle
        && group.start > 0
        && matches!(
            tokens[group.start - 1].norm.as_str(),
            "stay"
                | "stays"
                | "stayed"
                | "remain"
                | "remains"
                | "remained"
                | "kept"
                | "keep"
                | "feel"
                | "felt"
                | "seem"
                | "seemed"
        )
    {
        return false;
    }
    if group.infinitive {
        let fact = tokens[..group.start]
            .iter()
            .rev()
            .take(9)
            .take_while(|t| !stops_clause(t))
            .any(|t| t.is(Flags::IMPLICATIVE));
        let wish =
            clause_before(tokens, group.start).take(9).any(|(_, t)| t.is(Flags::HYPOTHESIS) || t.is(Flags::NEGATION));
        return fact && !wish;
    }
    if hit.form.gerund && !group.be {
        let led = group.start.checked_sub(1).and_then(|k| tokens.get(k)).is_some_and(|t| {
            matches!(
                t.norm.as_str(),
                "after"
                    | "by"
                    | "before"
                    | "when"
                    | "while"
                    | "and"
                    | ","
                    | "began"
                    | "started"
                    | "of"
                    | "for"
                    | "in"
                    | "seen"
                    | "filmed"
                    | "shown"
                    | "caught"
                    | "captured"
                    | "recorded"
                    | "admitted"
                    | "kept"
            ) || t.is(Flags::AGENT)
                && clause_before(tokens, group.start).any(|(_, t)| {
                    matches!(
                        t.norm.as_str(),
                        "shows" | "showed" | "show" | "showing" | "saw" | "filmed" | "depicts" | "with"
                    )
                })
        });
        if !led {
            return false;
        }
        if tokens.get(group.start.wrapping_sub(1)).is_some_and(|t| t.norm == "for" || t.norm == "of" || t.norm == "in")
        {
            return false;
        }
    }
    if group.bare()
        && let Some(told) = told
    {
        return told;
    }
    // “A woman who refused to budge was handcuffed”: what the relative clause says is not said of the verb after it.
    let relative = |k: usize| {
        (group.be || group.have)
            && k > 0
            && (tokens[k - 1].is(Flags::RELATIVE)
                || tokens[k - 1].is(Flags::HAVE) && k > 1 && tokens[k - 2].is(Flags::RELATIVE))
            && tokens[k].is(Flags::PAST.with(Flags::PARTICIPLE).with(Flags::THIRD))
    };
    !clause_before(tokens, group.start).any(|(k, t)| hypothetical(tokens, k, t) && !relative(k))
}

/// “could”, “if”, “risk of”, “nobody”; but not “threatened” as the event told, nor “threatened and”.
fn hypothetical(tokens: &[Token], k: usize, t: &Token) -> bool {
    if matches!(t.norm.as_str(), "no" | "nobody" | "none" | "neither" | "nor" | "without") {
        return true;
    }
    if !t.is(Flags::HYPOTHESIS) {
        return false;
    }
    // “After his request”, “the threats and arrests”: joined, not governing.
    !tokens.get(k + 1).is_some_and(|n| matches!(n.norm.as_str(), "and" | ","))
}

/// Whether a noun's event took place: “the arrest of X”, not “a warrant for the arrest of X”, nor
/// “called for the release of X”.
pub(crate) fn noun_happened(tokens: &[Token], at: usize, act: &str) -> bool {
    if tokens.last().is_some_and(|t| t.norm == "?") {
        return false;
    }
    if denied(tokens, at) || averted(tokens, at) {
        return false;
    }
    let wished = matches!(act, "release" | "acquittal" | "bail" | "summons" | "dismissal" | "party-dissolution");
    for (k, t) in clause_before(tokens, at) {
        if matches!(t.norm.as_str(), "no" | "without" | "any" | "never" | "not") || t.is(Flags::MODAL) {
            return false;
        }
        if t.is(Flags::HYPOTHESIS)
            && !matches!(
                t.norm.as_str(),
                "ask"
                    | "asked"
                    | "asks"
                    | "urge"
                    | "urged"
                    | "calls"
                    | "calling"
                    | "demand"
                    | "demanded"
                    | "ban"
                    | "request"
                    | "requested"
                    | "urges"
                    | "demands"
            )
            && hypothetical(tokens, k, t)
        {
            return false;
        }
        if wished && t.is(Flags::WISH) {
            return false;
        }
    }
    true
}

/// Whether a sentence calls a claim false: “the claim that he was beaten is false”.
pub(crate) fn called_false(tokens: &[Token], lexicon: &Lexicon) -> bool {
    let has = |words: &[&str]| tokens.iter().any(|t| words.contains(&t.norm.as_str()));
    let _ = lexicon;
    let untrue =
        tokens.windows(2).any(|w| w[0].norm == "not" && matches!(w[1].norm.as_str(), "true" | "correct" | "accurate"));
    (untrue || has(&["false", "untrue", "baseless", "unfounded", "fabricated", "groundless"]))
        && has(&[
            "claim",
            "claims",
            "allegation",
            "allegations",
            "report",
            "reports",
            "rumour",
            "rumours",
            "that",
            "it",
        ])
}
