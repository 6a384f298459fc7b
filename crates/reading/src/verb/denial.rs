//! What undoes an event: a denial that governs it, an idiom that is no violence, a plan that came to nothing.

use crate::lexicon::Flags;
use crate::token::Token;

/// “denied that he was beaten”, “it is untrue that”, “there is no evidence that”: nothing is told of what follows.
pub(super) fn denied(tokens: &[Token], start: usize) -> bool {
    let norm = |k: usize| tokens.get(k).map_or("", |t| t.norm.as_str());
    for k in (start.saturating_sub(26)..start).rev() {
        let word = norm(k);
        if matches!(word, ";" | "but" | "”" | "“" | "although" | "whereas" | "after" | "when" | "while" | "|" | ":")
            || word == ","
                && matches!(norm(k + 1), "saying" | "adding" | "and" | "who" | "which" | "he" | "she" | "they")
            || word == "and" && tokens.get(k + 1).is_some_and(|t| t.is(Flags::SPEECH))
            || matches!(word, "said" | "says" | "insisted" | "maintained" | "added")
        {
            return false;
        }
        let claim = |i: usize| {
            (i..i + 4).any(|j| {
                matches!(
                    norm(j),
                    "claim"
                        | "claims"
                        | "allegation"
                        | "allegations"
                        | "report"
                        | "reports"
                        | "accusation"
                        | "accusations"
                        | "suggestion"
                        | "suggestions"
                        | "rumour"
                        | "rumours"
                        | "rumors"
                        | "assertion"
                        | "assertions"
                        | "accounts"
                )
            })
        };
        let next = norm(k + 1);
        match word {
            "deny" | "denies" | "denied" | "denying"
                if !matches!(norm(k.wrapping_sub(1)), "was" | "were" | "been" | "be" | "being")
                    || norm(k.wrapping_sub(2)) == "categorically" =>
            {
                let follows = matches!(
                    next,
                    "that" | "having" | "being" | "it" | "he" | "she" | "they" | "anyone" | "any" | "ever"
                ) || claim(k + 1)
                    || next.ends_with("ing") && next.len() > 5
                    || tokens.get(k + 1).is_some_and(|t| t.is(Flags::AGENT))
                    || tokens.get(k + 1).is_some_and(|t| t.capital());
                return follows;
            }
            "dispute" | "disputes" | "disputed" | "refute" | "refutes" | "refuted" | "rebut" | "rebutted" => {
                return matches!(next, "that") || claim(k + 1);
            }
            "reject" | "rejects" | "rejected" | "dismiss" | "dismissed" | "dismisses" if claim(k + 1) => return true,
            "untrue" | "false" | "baseless" | "unfounded" | "incorrect" | "fabricated" if next == "that" => {
                return true;
            }
            "true" if next == "that" && (k.saturating_sub(3)..k).any(|j| norm(j) == "not") => return true,
            "evidence" | "proof" | "indication" | "sign" | "question"
                if matches!(next, "that") && (k.saturating_sub(3)..k).any(|j| norm(j) == "no") =>
            {
                return true;
            }
            _ => {}
        }
    }
    false
}

/// “hit back at critics”, “struck a deal”, “shot a film”: nobody is hurt.
pub(super) fn idiom(tokens: &[Token], at: usize) -> bool {
    let norm = |k: usize| tokens.get(k).map_or("", |t| t.norm.as_str());
    let object = |words: &[&str]| (at + 1..at + 4).any(|k| words.contains(&norm(k)));
    match norm(at) {
        "hit" | "struck" | "hits" | "strikes" | "lashed" => {
            matches!(norm(at + 1), "back" | "out" | "upon")
                || object(&["deal", "balance", "chord", "headlines", "agreement", "nerve", "pose", "bargain", "roof"])
        }
        "kicked" | "kick" => matches!(norm(at + 1), "off"),
        "shot" | "shoot" => {
            object(&["film", "video", "footage", "documentary", "photographs", "photos", "clip", "pictures"])
        }
        "fired" | "fire" | "firing" => object(&["questions", "warning"]),
        "beat" | "beats" => matches!(norm(at + 1), "back" | "off"),
        "charged" => matches!(norm(at + 1), "that" | "fees" | "a"),
        "pushed" | "pressed" => matches!(norm(at + 1), "for" | "ahead" | "on"),
        "held" | "hold" | "holds" | "holding" => object(&[
            "talks",
            "meeting",
            "meetings",
            "election",
            "elections",
            "hearing",
            "hearings",
            "vigil",
            "rally",
            "protest",
            "protests",
            "conference",
            "ceremony",
            "sign",
            "signs",
            "placard",
            "placards",
            "banner",
            "banners",
            "press",
            "march",
            "hands",
            "office",
            "that",
            "workshop",
            "demonstration",
            "posters",
        ]),
        _ => false,
    }
}

/// “the planned eviction of”, “the deportation of X was halted”: not yet, or not at all.
pub(super) fn averted(tokens: &[Token], at: usize) -> bool {
    let norm = |k: usize| tokens.get(k).map_or("", |t| t.norm.as_str());
    let before = (at.saturating_sub(3)..at).any(|k| {
        matches!(
            norm(k),
            "planned"
                | "looming"
                | "imminent"
                | "threatened"
                | "possible"
                | "impending"
                | "feared"
                | "attempted"
                | "future"
                | "further"
                | "proposed"
                | "potential"
                | "scheduled"
                | "upcoming"
                | "postponed"
                | "eventual"
                | "likely"
                | "upheld"
        ) && norm(k + 1) != ","
    });
    let stop = (at + 1..tokens.len().min(at + 14))
        .find(|&k| matches!(norm(k), ";" | "," | "." | "after" | "who" | "which" | "and"))
        .unwrap_or_else(|| tokens.len().min(at + 14));
    let after = (at + 2..stop).any(|k| {
        matches!(
            norm(k),
            "postponed"
                | "halted"
                | "averted"
                | "prevented"
                | "delayed"
                | "cancelled"
                | "canceled"
                | "stayed"
                | "shelved"
                | "abandoned"
                | "blocked"
                | "looms"
                | "stopped"
                | "upheld"
                | "confirmed"
        ) && tokens[k - 1].is(Flags::BE)
            || matches!((norm(k), norm(k + 1)), ("put" | "called", "off" | "on"))
    });
    before || after
}
