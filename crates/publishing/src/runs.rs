//! Text cut into stretches of one script, so that each is set and read aloud in its language.

use crate::model::Run;

/// The language that a script stands for here, when it is not Latin. Only scripts with one main language are named.
fn language_of(c: char) -> Option<&'static str> {
    match u32::from(c) {
        0x1780..=0x17FF | 0x19E0..=0x19FF => Some("km"),
        0x0E00..=0x0E7F => Some("th"),
        0x0E80..=0x0EFF => Some("lo"),
        0x1000..=0x109F => Some("my"),
        _ => None,
    }
}

/// Characters that take the side of the stretch they stand in: spaces, joiners, signs and digits.
fn is_neutral(c: char) -> bool {
    !c.is_alphabetic()
}

/// `text` as runs; `own` is the letter's language, whose runs carry no tag.
///
/// Neutral characters between two stretches of one script belong to it; others to the letter's language.
#[must_use]
pub fn runs(text: &str, own: &str) -> Vec<Run> {
    let mut out: Vec<Run> = Vec::new();
    let mut pending = String::new();
    for c in text.chars() {
        let language = language_of(c);
        if language.is_none() && is_neutral(c) {
            pending.push(c);
            continue;
        }
        let lang = language.filter(|lang| *lang != own).map(str::to_string);
        match out.last_mut() {
            Some(last) if last.lang == lang => {
                last.text.push_str(&pending);
                last.text.push(c);
            }
            Some(last) if last.lang.is_none() => {
                last.text.push_str(&pending);
                out.push(Run { text: c.to_string(), lang });
            }
            _ if lang.is_none() => {
                let text = format!("{pending}{c}");
                out.push(Run { text, lang });
            }
            _ => {
                if !pending.is_empty() {
                    out.push(Run { text: pending.clone(), lang: None });
                }
                out.push(Run { text: c.to_string(), lang });
            }
        }
        pending.clear();
    }
    if !pending.is_empty() {
        match out.last_mut() {
            Some(last) if last.lang.is_none() => last.text.push_str(&pending),
            _ => out.push(Run { text: pending, lang: None }),
        }
    }
    out
}

/// A run whose language is known because the ledger says so.
#[must_use]
pub fn tagged(text: &str, lang: Option<&str>, own: &str) -> Vec<Run> {
    match lang {
        Some(lang) if lang != own => vec![Run { text: text.to_string(), lang: Some(lang.to_string()) }],
        _ => runs(text, own),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expect: &[(&str, Option<&str>)]) {
        let got = runs(text, "en");
        let got: Vec<_> = got.iter().map(|run| (run.text.as_str(), run.lang.as_deref())).collect();
        assert_eq!(got, expect);
    }

    #[test]
    fn khmer_is_its_own_stretch() {
        check("Rong Chhun (រ៉ុង ឈុន), 18", &[("Rong Chhun (", None), ("រ៉ុង ឈុន", Some("km")), ("), 18", None)]);
        check("រ៉ុង and ឈុន", &[("រ៉ុង", Some("km")), (" and ", None), ("ឈុន", Some("km"))]);
        check("12 – ", &[("12 – ", None)]);
        check("", &[]);
    }

    #[test]
    fn nothing_is_lost() {
        for text in ["a\u{200b}b", "១២ រ៉ុង\u{200b}ឈុន 5 x", " រ៉ុង ", "ไทย English ລາວ"]
        {
            let joined: String = runs(text, "en").into_iter().map(|run| run.text).collect();
            assert_eq!(joined, text);
        }
    }
}
