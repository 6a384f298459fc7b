//! Claims: about whom, in which words, and what they say.

use schema::yaml::Node;

use super::{Problems, at};
use crate::model::{ClaimDecl, Evidence};
use crate::words::Quote;

const CLAIM: [&str; 14] = [
    "about",
    "words",
    "prefix",
    "suffix",
    "occurrence",
    "span",
    "no-words",
    "page",
    "asserter",
    "credibility",
    "because",
    "clearance",
    "note",
    "says",
];

pub(super) fn claim(node: &Node, problems: &mut Problems) -> Option<ClaimDecl> {
    problems.known_keys(node, &CLAIM);
    let about = problems.need_key(node, "about");
    let evidence = evidence(node, problems);
    let page = node.get("page").and_then(|page| problems.take(page.number())).and_then(|page| u32::try_from(page).ok());
    let asserter = problems.opt_key(node, "asserter");
    let because = problems.opt_text(node, "because");
    let credibility = problems.opt_text(node, "credibility");
    if credibility.is_none() && because.is_some() {
        problems.add(
            &at(node),
            "a reason is given, but no credibility",
            "Add “credibility: 2”, or take “because:” out.",
        );
    }
    let clearance = problems.clearance(node);
    let note = problems.opt_text(node, "note");
    let says = problems.take(node.require("says")).map(|says| problems.said(says)).unwrap_or_default();
    Some(ClaimDecl {
        about: about?,
        evidence: evidence?,
        page,
        asserter,
        credibility: credibility.map(|code| (code, because)),
        clearance,
        note,
        says,
        at: at(node),
    })
}

/// Words, a span, or the reason why there are none: exactly one of the three.
fn evidence(node: &Node, problems: &mut Problems) -> Option<Evidence> {
    let given: Vec<&str> = ["words", "span", "no-words"].into_iter().filter(|key| node.get(key).is_some()).collect();
    match given.as_slice() {
        [_] => {}
        [] => {
            problems.add(
                &at(node),
                "a claim needs the words it rests on, or the reason why there are none",
                "Add “words: …”, “span: [start, end]” or “no-words: the reason”.",
            );
            return None;
        }
        several => {
            problems.add(&at(node), format!("{} are given together", several.join(" and ")), "Keep one of them.");
            return None;
        }
    }
    if let Some(words) = node.get("words") {
        // Not `text`: words may begin or end with white space, if that is how the text has it.
        let exact = problems.take(words.str())?.to_owned();
        let side =
            |key: &str, problems: &mut Problems| node.get(key).and_then(|n| problems.take(n.str())).map(str::to_owned);
        let (prefix, suffix) = (side("prefix", problems), side("suffix", problems));
        let occurrence =
            node.get("occurrence").and_then(|n| problems.take(n.number())).and_then(|n| usize::try_from(n).ok());
        return Some(Evidence::Words(Quote { exact, prefix, suffix, occurrence }));
    }
    for key in ["prefix", "suffix", "occurrence"] {
        if let Some(extra) = node.get(key) {
            problems.add(&at(extra), format!("“{key}” goes with “words”"), "Take the line out.");
        }
    }
    if let Some(span) = node.get("span") {
        let members = problems.take(span.list())?;
        let numbers: Vec<u64> = members.iter().filter_map(|n| problems.take(n.number())).collect();
        if let [start, end] = numbers.as_slice() {
            return Some(Evidence::Span(*start, *end));
        }
        problems.add(
            &at(span),
            "a span has a start and an end",
            "Write “span: [2100, 2160]”: code points, the end exclusive.",
        );
        return None;
    }
    problems.opt_text(node, "no-words").map(Evidence::None)
}
