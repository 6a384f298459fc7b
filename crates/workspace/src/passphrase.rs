//! A passphrase: what a person types, the same on every keyboard.

use std::fmt;
use std::fs;
use std::path::Path;

use icu_normalizer::ComposingNormalizerBorrowed;
use zeroize::{Zeroize, Zeroizing};

use crate::Error;

/// A new passphrase has at least so many characters (code points), except a demonstration's.
///
/// NIST SP 800-63B-4 §3.1.1.2 asks for 15 where a password stands alone online; here every guess costs an argon2id of 64 MiB, and
/// a phrase of four ordinary words has more than twelve letters.
pub const SHORTEST_PASSPHRASE: usize = 12;

/// A passphrase in memory, cleared when it is dropped.
pub struct Passphrase(Zeroizing<String>);

impl Passphrase {
    /// The passphrase in Unicode normal form C, as RFC 8265 §4.2 (OpaqueString) asks: an accent or a Khmer vowel gives the same
    /// bytes however the keyboard composes it.
    #[must_use]
    pub fn new(text: &str) -> Self {
        Passphrase(Zeroizing::new(ComposingNormalizerBorrowed::new_nfc().normalize(text).into_owned()))
    }

    /// The passphrase in a file: its whole text, without one line break at the end.
    ///
    /// # Errors
    /// When the file cannot be read, is not UTF-8, or is empty.
    pub fn from_file(path: &Path) -> Result<Self, Error> {
        let bytes = Zeroizing::new(fs::read(path).map_err(|source| Error::io("reading", path, source))?);
        let text = std::str::from_utf8(&bytes).map_err(|_| {
            Error::wrong(
                format!("the passphrase file {} is not text in UTF-8", path.display()),
                "save it as plain text in UTF-8, with nothing in it but the passphrase",
            )
        })?;
        let text = text.strip_suffix('\n').map_or(text, |text| text.strip_suffix('\r').unwrap_or(text));
        if text.is_empty() {
            return Err(Error::wrong(
                format!("the passphrase file {} is empty", path.display()),
                "write the passphrase into it, or leave the option out to be asked for it",
            ));
        }
        Ok(Passphrase::new(text))
    }

    /// Whether it may protect a new workspace.
    pub(crate) fn check_new(&self, demonstration: bool) -> Result<(), Error> {
        let length = self.0.chars().count();
        let shortest = if demonstration { 1 } else { SHORTEST_PASSPHRASE };
        if length >= shortest && !self.0.trim().is_empty() {
            return Ok(());
        }
        Err(Error::wrong(
            format!("the passphrase has {length} characters; a new one needs at least {shortest}"),
            "four or five words that have nothing to do with each other are easy to remember and hard to guess",
        ))
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

impl From<String> for Passphrase {
    fn from(mut text: String) -> Self {
        let passphrase = Passphrase::new(&text);
        text.zeroize();
        passphrase
    }
}

impl fmt::Debug for Passphrase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Passphrase(…)")
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn one_line_break_at_the_end_of_the_file_is_not_the_passphrase_s() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("passphrase.txt");
        for (file, passphrase) in [
            ("correct horse", "correct horse"),
            ("correct horse\n", "correct horse"),
            ("a b\r\n", "a b"),
            ("a \n\n", "a \n"),
        ] {
            fs::write(&path, file).unwrap();
            assert_eq!(Passphrase::from_file(&path).unwrap().bytes(), passphrase.as_bytes(), "{file:?}");
        }
        fs::write(&path, "\n").unwrap();
        assert!(Passphrase::from_file(&path).is_err());
        fs::write(&path, [0xff, 0xfe]).unwrap();
        assert!(Passphrase::from_file(&path).is_err());
    }

    #[test]
    fn the_same_passphrase_from_another_keyboard() {
        assert_eq!(Passphrase::new("Zu\u{308}rich").bytes(), Passphrase::new("Z\u{fc}rich").bytes());
    }

    #[test]
    fn a_new_passphrase_is_long_enough() {
        assert!(Passphrase::new("hunter2").check_new(false).is_err());
        assert!(Passphrase::new("hunter2").check_new(true).is_ok());
        assert!(Passphrase::new("            ").check_new(false).is_err());
        assert!(Passphrase::new("បទបញ្ជាផ្ទៃក្នុង").check_new(false).is_ok(), "characters, not bytes and not Latin ones");
        assert!(!format!("{:?}", Passphrase::new("secret")).contains("secret"));
    }
}
