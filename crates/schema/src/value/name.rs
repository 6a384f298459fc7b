//! Names, as somebody writes them.
//!
//! Canonical grammar: the name as written, then, where somebody who knows has said so, which part
//! of it is what:
//!
//! ```text
//! name = written [ " | title=" part ] [ " | family=" part ] [ " | given=" part ]
//! ```
//!
//! `Rong Chhun` · `Theary Seng | family=Seng | given=Theary` ·
//! `H.E. Kem Sokha | title=H.E. | family=Kem | given=Sokha`. A part is copied out of the written
//! name, so nothing is said twice in two ways; the written name is never put in another order.
//! People may also write `Rong | Chhun` (family, given) or `H.E. || Rong | Chhun` (title, family,
//! given), which is read as those parts in that order.

use crate::fold::{fold, is_invisible, one_spaced};
use crate::lang::Lang;
use crate::value::text::clean;
use crate::value::{Agreement, Kind, ValueError};

/// A name as written, perhaps with its parts marked.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
#[non_exhaustive]
pub struct Name {
    /// As written: script, order, spelling, titles and invisible word breaks kept (NFC).
    pub text: String,
    /// The language or script it is written in.
    pub lang: Option<Lang>,
    /// Which part is what; all empty when nobody has said.
    pub parts: NameParts,
}

/// Parts of a name, each copied out of it.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct NameParts {
    /// Samdech, H.E., លោកស្រី…
    pub title: Option<String>,
    /// Family name (written first in Khmer).
    pub family: Option<String>,
    /// Given name: by which people are addressed, and cited.
    pub given: Option<String>,
}

/// Titles before a name, folded, longest first: dropped for matching, kept for display
/// (Cambodian ones and those that English-language sources put before them).
const TITLES: [&str; 39] = [
    "samdech techo",
    "samdech",
    "lok chumteav",
    "neak oknha",
    "oknha",
    "his excellency",
    "her excellency",
    "h.e.",
    "h.e",
    "the venerable",
    "venerable",
    "ven.",
    "lt. gen.",
    "lt gen.",
    "lt. gen",
    "lt gen",
    "maj. gen.",
    "general",
    "gen.",
    "professor",
    "prof.",
    "doctor",
    "dr.",
    "dr",
    "mrs.",
    "mrs",
    "mr.",
    "mr",
    "ms.",
    "ms",
    "miss",
    "ព្រះតេជគុណ",
    "ឯកឧត្តម",
    "អ្នកស្រី",
    "សម្តេច",
    "សម្ដេច",
    "ឧកញ៉ា",
    "លោកស្រី",
    "លោក",
];

impl Name {
    /// A name as written, with no parts marked.
    ///
    /// # Errors
    /// When nothing visible is written, or it holds `|` or a control character.
    pub fn new(written: &str, lang: Option<Lang>) -> Result<Self, ValueError> {
        Self::with_parts(written, lang, NameParts::default())
    }

    /// A name with its parts.
    ///
    /// # Errors
    /// As for [`Name::new`]; also when a part is not in the written name.
    pub fn with_parts(written: &str, lang: Option<Lang>, parts: NameParts) -> Result<Self, ValueError> {
        let text = line(written, written)?;
        if !text.chars().any(|c| c.is_alphanumeric()) {
            return Err(ValueError::new(
                Kind::Name,
                written,
                "a name has at least one letter",
                "Write the name as the source has it, or leave it out.",
            ));
        }
        let check = |part: Option<String>| match part {
            None => Ok(None),
            Some(part) => {
                let part = line(&part, written)?;
                if text.contains(&part) {
                    Ok(Some(part))
                } else {
                    Err(ValueError::new(
                        Kind::Name,
                        written,
                        format!("“{part}” is not in the name as written, “{text}”"),
                        "Copy the parts out of the name; another spelling is another name.",
                    ))
                }
            }
        };
        let parts = NameParts { title: check(parts.title)?, family: check(parts.family)?, given: check(parts.given)? };
        Ok(Self { text, lang, parts })
    }

    /// Reads the canonical form, a bare name, `Family | Given` or `Title || Family | Given`.
    ///
    /// # Errors
    /// As for [`Name::with_parts`].
    pub fn parse(text: &str, lang: Option<Lang>) -> Result<Self, ValueError> {
        const HINT: &str = "Write the name alone, “Rong | Chhun” (family, given), or “Theary Seng | \
                            family=Seng | given=Theary”.";
        let some = |s: &str| (!s.trim().is_empty()).then(|| s.trim().to_owned());
        if let Some((title, rest)) = text.split_once("||") {
            let (family, given) = rest.split_once('|').unwrap_or((rest, ""));
            return Self::joined(some(title), some(family), some(given), lang);
        }
        let mut fields = text.split('|');
        let written = fields.next().unwrap_or_default();
        let fields: Vec<&str> = fields.map(str::trim).collect();
        if let [given] = fields.as_slice()
            && !given.contains('=')
        {
            return Self::joined(None, some(written), some(given), lang);
        }
        let mut parts = NameParts::default();
        for field in fields {
            let (key, value) = field.split_once('=').unwrap_or(("", field));
            let part = match key.trim() {
                "title" => &mut parts.title,
                "family" => &mut parts.family,
                "given" => &mut parts.given,
                _ => {
                    return Err(ValueError::new(Kind::Name, text, format!("“{field}” is no part of a name"), HINT));
                }
            };
            if part.is_some() || value.trim().is_empty() {
                return Err(ValueError::new(
                    Kind::Name,
                    text,
                    format!("“{}” stands twice, or nothing follows it", key.trim()),
                    HINT,
                ));
            }
            *part = Some(value.trim().to_owned());
        }
        Self::with_parts(written, lang, parts)
    }

    fn joined(
        title: Option<String>,
        family: Option<String>,
        given: Option<String>,
        lang: Option<Lang>,
    ) -> Result<Self, ValueError> {
        let written: Vec<&str> = [&title, &family, &given].into_iter().filter_map(Option::as_deref).collect();
        Self::with_parts(&written.join(" "), lang, NameParts { title, family, given })
    }

    /// See the module's grammar.
    #[must_use]
    pub fn canonical(&self) -> String {
        let mut out = self.text.clone();
        for (key, part) in [("title", &self.parts.title), ("family", &self.parts.family), ("given", &self.parts.given)]
        {
            if let Some(part) = part {
                out.push_str(&format!(" | {key}={part}"));
            }
        }
        out
    }

    pub(super) fn sort_text(&self) -> String {
        self.tokens().join(" ")
    }

    /// The name for matching: folded, titles dropped, split into words.
    fn tokens(&self) -> Vec<String> {
        let mut rest = fold(&self.text);
        if let Some(title) = &self.parts.title
            && let Some(without) = rest.strip_prefix(&fold(title))
        {
            rest = without.trim_start().to_owned();
        }
        while let Some(without) = without_title(&rest) {
            rest = without.to_owned();
        }
        rest.split(|c: char| c.is_whitespace() || matches!(c, ',' | '-' | '‐' | '–'))
            .map(|word| {
                word.chars()
                    .filter(|c| !matches!(c, '.' | '’' | '\'' | '"' | '“' | '”') && !is_invisible(*c))
                    .collect::<String>()
            })
            .filter(|word| !word.is_empty())
            .collect()
    }

    /// The same words in the same order (letter case, spacing, punctuation and titles aside).
    /// Another order, other word breaks or another script do not contradict; fewer of the same
    /// words say less. How Khmer is romanised is not known here: that is for linkage.
    #[must_use]
    pub fn agreement(&self, other: &Self) -> Agreement {
        let (a, b) = (self.tokens(), other.tokens());
        if a == b {
            return Agreement::Same;
        }
        if a.concat() == b.concat() {
            // Khmer has no spaces between words: where they stand says nothing.
            return if is_latin(&a.concat()) { Agreement::Compatible } else { Agreement::Same };
        }
        let (mut x, mut y) = (a.clone(), b.clone());
        x.sort();
        y.sort();
        if x == y {
            return Agreement::Compatible;
        }
        if within(&a, &b) {
            return Agreement::LessPrecise;
        }
        if within(&b, &a) {
            return Agreement::MorePrecise;
        }
        if is_latin(&a.concat()) != is_latin(&b.concat())
            || x.iter().all(|w| y.contains(w))
            || y.iter().all(|w| x.contains(w))
        {
            return Agreement::Compatible;
        }
        Agreement::Different
    }
}

/// One line: cleaned, white space made single spaces, no bar.
fn line(written: &str, given: &str) -> Result<String, ValueError> {
    let text = one_spaced(&clean(Kind::Name, written)?);
    if text.contains('|') {
        return Err(ValueError::new(
            Kind::Name,
            given,
            "a name has no “|” in it",
            "“|” separates a name from its parts: Theary Seng | family=Seng | given=Theary.",
        ));
    }
    Ok(text)
}

/// A folded name without the title it begins with; `None` when there is none, or nothing else.
fn without_title(name: &str) -> Option<&str> {
    TITLES.iter().find_map(|title| {
        let rest = name.strip_prefix(title)?;
        let khmer = !title.is_ascii();
        // English titles end at a space; Khmer ones are often written against the name.
        if !khmer && !rest.starts_with(' ') {
            return None;
        }
        let rest = rest.trim_start();
        (rest.chars().filter(|c| c.is_alphabetic()).count() > 1).then_some(rest)
    })
}

/// Whether the fewer words stand in the longer name in the same order.
fn within(fewer: &[String], more: &[String]) -> bool {
    let mut rest = more.iter();
    !fewer.is_empty() && fewer.len() < more.len() && fewer.iter().all(|w| rest.any(|m| m == w))
}

fn is_latin(text: &str) -> bool {
    text.chars().find(|c| c.is_alphabetic()).is_some_and(|c| (c as u32) < 0x250)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn name(text: &str) -> Name {
        Name::parse(text, None).unwrap()
    }

    fn agreement(a: &str, b: &str) -> Agreement {
        name(a).agreement(&name(b))
    }

    #[test]
    fn as_written_and_with_parts() {
        for (written, canonical) in [
            ("  Rong   Chhun ", "Rong Chhun"),
            ("Rong | Chhun", "Rong Chhun | family=Rong | given=Chhun"),
            ("H.E. || Kem | Sokha", "H.E. Kem Sokha | title=H.E. | family=Kem | given=Sokha"),
            ("Theary Seng | given=Theary | family=Seng", "Theary Seng | family=Seng | given=Theary"),
            ("រ៉ុង\u{200B}ឈុន", "រ៉ុង\u{200B}ឈុន"),
        ] {
            assert_eq!(name(written).canonical(), canonical);
        }
    }

    #[test]
    fn parts_are_copied_out_of_the_name() {
        assert!(Name::parse("Theary Seng | family=Sin", None).is_err());
        assert!(Name::parse("Theary Seng | family=", None).is_err());
        assert!(Name::parse("Theary Seng | nick=Seng", None).is_err());
        assert!(Name::parse("...", None).is_err());
    }

    #[test]
    fn the_same_name() {
        for (a, b) in [
            ("Rong Chhun", "RONG  CHHUN"),
            ("H.E. Kem Sokha", "Kem Sokha"),
            ("Mr. Rong Chhun", "Rong Chhun"),
            ("Samdech Techo Hun Sen", "Hun Sen"),
            ("រ៉ុង\u{200B}ឈុន", "រ៉ុង ឈុន"),
            ("លោករ៉ុង ឈុន", "រ៉ុង ឈុន"),
            ("លោកស្រី សេង ធារី", "សេង ធារី"),
        ] {
            assert_eq!(agreement(a, b), Agreement::Same, "{a} / {b}");
        }
    }

    #[test]
    fn names_that_may_be_the_same() {
        assert_eq!(agreement("Theary Seng", "Seng Theary"), Agreement::Compatible);
        assert_eq!(agreement("Sovann Chhay", "Sovannchhay"), Agreement::Compatible);
        assert_eq!(agreement("រ៉ុង ឈុន", "Rong Chhun"), Agreement::Compatible);
        assert_eq!(agreement("Seng Theary", "Seng Chan Theary"), Agreement::LessPrecise);
        assert_eq!(agreement("Theary Seng", "Seng Chan Theary"), Agreement::Compatible);
    }

    #[test]
    fn look_alikes_are_different() {
        for (a, b) in [
            ("Thun Ratha", "Sun Ratha"),
            ("Det Huor", "Heng Huy"),
            ("Sok Chey", "Heng Chey"),
            ("Khmer Win Party", "Khmer Will Party"),
            ("Le Sokha", "Li Sokha"),
        ] {
            assert_eq!(agreement(a, b), Agreement::Different, "{a} / {b}");
        }
    }
}
