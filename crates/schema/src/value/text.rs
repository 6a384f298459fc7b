//! Words in a language.

use crate::fold::{fold, nfc};
use crate::lang::Lang;
use crate::value::{Agreement, Kind, ValueError};

/// A text and, if known, its language.
///
/// Kept in NFC, line ends as U+000A, ends trimmed; otherwise as written, invisible Khmer word
/// breaks included. It may hold anything, HTML too: whoever prints it escapes it.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
#[non_exhaustive]
pub struct Text {
    /// The words; never empty.
    pub text: String,
    /// Their language.
    pub lang: Option<Lang>,
}

impl Text {
    /// A text from what was written.
    ///
    /// # Errors
    /// When nothing visible is there, or a control character (other than tab and line end) is.
    pub fn new(written: &str, lang: Option<Lang>) -> Result<Self, ValueError> {
        Ok(Self { text: clean(Kind::Text, written)?, lang })
    }

    /// Same words (letter case, spacing and invisible characters aside); in two languages they
    /// may be a translation, so they do not contradict.
    #[must_use]
    pub fn agreement(&self, other: &Self) -> Agreement {
        if fold(&self.text) == fold(&other.text) {
            Agreement::Same
        } else if matches!((&self.lang, &other.lang), (Some(a), Some(b)) if a.language() != b.language()) {
            Agreement::Compatible
        } else {
            Agreement::Different
        }
    }
}

/// What every written text goes through: line ends, trimming, NFC, no control characters.
pub(super) fn clean(kind: Kind, written: &str) -> Result<String, ValueError> {
    let lines = written.replace("\r\n", "\n").replace('\r', "\n");
    let text = nfc(lines.trim()).into_owned();
    if text.is_empty() {
        return Err(ValueError::new(
            kind,
            written,
            "nothing is written here",
            "Write at least one character, or leave the property out.",
        ));
    }
    if let Some(control) = text.chars().find(|c| c.is_control() && !matches!(c, '\n' | '\t')) {
        return Err(ValueError::new(
            kind,
            written,
            format!("it holds a character that cannot be seen or printed (U+{:04X})", control as u32),
            "Take it out; it often comes from copying out of a PDF file.",
        ));
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn text(words: &str, lang: &str) -> Text {
        Text::new(words, Lang::new(lang).ok()).unwrap()
    }

    #[test]
    fn kept_as_written_but_for_its_ends() {
        assert_eq!(text(" a\r\nb <b>\u{200B}", "").text, "a\nb <b>\u{200B}");
        assert_eq!(text("e\u{301}", "").text, "é");
        assert!(Text::new("a\u{0}b", None).is_err());
    }

    #[test]
    fn a_translation_does_not_contradict() {
        let (en, km) = (text("trade unionist", "en"), text("អ្នកសហជីព", "km"));
        assert_eq!(en.agreement(&km), Agreement::Compatible);
        assert_eq!(en.agreement(&text("Trade  unionist", "en")), Agreement::Same);
        assert_eq!(en.agreement(&text("vendor", "en")), Agreement::Different);
    }
}
