//! A letter's draft: its front matter, and the references in its body.
//!
//! What a reference becomes is for the crate `publishing`; here only the keys in it are found, so that they can be checked and
//! replaced by entity ids, and given back as keys.

use crate::problem::{At, Problem};

/// The parts of a front matter that hold entity keys.
pub(crate) const KEYED: [&[&str]; 2] = [&["signatories"], &["annex", "entities"]];

/// Stands in an exported draft in place of what its reader may not see. It names nothing.
pub(crate) const NOT_IN_THIS_VIEW: &str = "not-in-this-view";

/// What a reference names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reference<'a> {
    /// `[[figure:NAME]]`
    Figure(&'a str),
    /// `[[fact:KEY.property]]`
    Fact(&'a str, &'a str),
    /// `[[name:KEY]]`
    Name(&'a str),
    /// `[[cite:KEY]]`
    Cite(&'a str),
}

/// The front matter (with a line break in place of the first `---`, so that its lines keep their numbers) and the body.
///
/// # Errors
/// When the draft does not begin with a front matter between two lines `---`.
pub(crate) fn split<'a>(file: &str, text: &'a str) -> Result<(String, &'a str), Problem> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let missing = || {
        At::new(file, 1).problem(
            "the draft does not begin with a front matter",
            "Begin it with a line “---”, then “publication: name”, “title: …” and so on, then another line “---”.",
        )
    };
    let mut lines = text.split_inclusive('\n');
    let first = lines.next().filter(|line| line.trim_end() == "---").ok_or_else(missing)?;
    let mut at = first.len();
    for line in lines {
        if line.trim_end() == "---" {
            let front = format!("\n{}", text.get(first.len()..at).unwrap_or_default());
            return Ok((front, text.get(at + line.len()..).unwrap_or_default()));
        }
        at += line.len();
    }
    Err(missing())
}

/// Puts the draft together again.
pub(crate) fn join(front: &str, body: &str) -> String {
    format!("---\n{front}---\n{body}")
}

/// What becomes of a reference.
pub(crate) enum New {
    /// It stays as it is.
    Same,
    /// This takes the place of its key or figure name.
    Named(String),
    /// Nothing of it stays, neither its kind nor what was written beside its name: a plain marker takes its place.
    NotInThisView,
}

/// The body with every reference's name replaced: `replace` gets the reference and its line in the body (from 0) and gives
/// what takes the place of the key or figure name; `None` leaves it as it is.
pub(crate) fn rewrite(body: &str, mut replace: impl FnMut(Reference<'_>, usize) -> Option<String>) -> String {
    rewrite_whole(body, |reference, line| replace(reference, line).map_or(New::Same, New::Named))
}

/// As [`rewrite`], for a reader who may not see all that is referred to.
pub(crate) fn rewrite_whole(body: &str, mut replace: impl FnMut(Reference<'_>, usize) -> New) -> String {
    let mut out = String::with_capacity(body.len());
    let mut rest = body;
    let mut line = 0;
    while let Some(open) = rest.find("[[") {
        let (before, from) = rest.split_at(open + 2);
        line += before.matches('\n').count();
        out.push_str(before);
        rest = from;
        let Some(inside) = rest.find("]]").and_then(|close| rest.get(..close)) else { continue };
        let Some((reference, name)) = reference(inside) else { continue };
        let read = match replace(reference, line) {
            New::Same => 0,
            New::Named(new) => {
                // The name's place in the reference: after the colon, up to a property, a pipe or the end.
                let start = inside.len() - inside.split_once(':').map_or(0, |(_, rest)| rest.trim_start().len());
                out.push_str(&inside[..start]);
                out.push_str(&new);
                start + name.len()
            }
            New::NotInThisView => {
                out.push_str("name:");
                out.push_str(NOT_IN_THIS_VIEW);
                inside.len()
            }
        };
        let (done, left) = rest.split_at(read);
        line += done.matches('\n').count();
        rest = left;
    }
    out.push_str(rest);
    out
}

/// The reference inside the brackets, and the part of it that is a key or a figure's name.
fn reference(inside: &str) -> Option<(Reference<'_>, &str)> {
    let (kind, rest) = inside.split_once(':')?;
    let rest = rest.trim_start();
    let target = rest.split('|').next().unwrap_or(rest).trim_end();
    Some(match kind.trim() {
        "figure" => (Reference::Figure(target), target),
        "name" => (Reference::Name(target), target),
        "cite" => (Reference::Cite(target), target),
        "fact" => {
            let (key, property) = target.split_once('.').unwrap_or((target, ""));
            (Reference::Fact(key, property), key)
        }
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn keys_are_replaced_and_nothing_else() {
        let body = "[[fact:rc1-verdict.date]] and [[cite:lic300|para. 4; [own] text]]\n[[figure:f|drafted 14..20]] [[name:a]] [[ and [[x:y]] ]]";
        let mut seen = Vec::new();
        let new = rewrite(body, |reference, line| {
            seen.push((format!("{reference:?}"), line));
            match reference {
                Reference::Figure(_) => None,
                Reference::Fact(key, _) | Reference::Name(key) | Reference::Cite(key) => Some(key.to_uppercase()),
            }
        });
        assert_eq!(
            new,
            "[[fact:RC1-VERDICT.date]] and [[cite:LIC300|para. 4; [own] text]]\n[[figure:f|drafted 14..20]] [[name:A]] [[ and [[x:y]] ]]"
        );
        assert_eq!(seen.len(), 4);
        assert_eq!(seen[2], ("Figure(\"f\")".into(), 1));
    }

    #[test]
    fn of_a_hidden_reference_nothing_stays() {
        let body = "[[fact:a.date|drafted 2021-08-18]], [[cite:a|para.\n4]] [[figure:f|drafted 14..20]]\n[[name:b]]";
        let mut lines = Vec::new();
        let new = rewrite_whole(body, |reference, line| {
            lines.push(line);
            match reference {
                Reference::Name(_) => New::Same,
                _ => New::NotInThisView,
            }
        });
        assert_eq!(new, "[[name:not-in-this-view]], [[name:not-in-this-view]] [[name:not-in-this-view]]\n[[name:b]]");
        assert_eq!(lines, [0, 0, 1, 2]);
    }

    #[test]
    fn a_front_matter_keeps_its_line_numbers() {
        let (front, body) = split("a.md", "---\ntitle: x\n---\nBody\n").unwrap();
        assert_eq!(front, "\ntitle: x\n");
        assert_eq!(body, "Body\n");
        assert_eq!(join("title: x\n", body), "---\ntitle: x\n---\nBody\n");
        assert!(split("a.md", "no front matter").is_err());
        assert!(split("a.md", "---\nnever closed\n").is_err());
    }

    proptest! {
        #[test]
        fn a_body_in_which_nothing_is_replaced_stays_as_it_is(body in "([a-z:.|\n \\[\\]]|\\[\\[|\\]\\]|name:|fact:|é){0,40}") {
            prop_assert_eq!(rewrite(&body, |_, _| None), body.clone());
            prop_assert_eq!(
                rewrite(&body, |reference, _| match reference {
                    Reference::Figure(n) | Reference::Name(n) | Reference::Cite(n) | Reference::Fact(n, _) => Some(n.to_owned()),
                }),
                body
            );
        }

        #[test]
        fn no_draft_breaks_it(text in ".*", rest in "(.|\n)*") {
            let _ = split("a.md", &text);
            let _ = split("a.md", &format!("---\n{rest}"));
        }
    }
}
