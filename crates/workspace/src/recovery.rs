//! The recovery code: 160 random bits to be written down on paper and kept apart.
//!
//! Crockford's base 32 (<https://www.crockford.com/base32.html>: no I, L, O and U), in eight groups of five: four characters of the code
//! and a fifth that checks them, so that a slip is told with its group. The check is a sum over GF(32) with a different weight for
//! each place and a different start for each group: it finds every single wrong character, every two exchanged neighbours,
//! and groups in the wrong order.

use std::fmt;
use std::str::FromStr;

use zeroize::Zeroizing;

use crate::Error;

const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const GROUPS: usize = 8;
/// Characters of the code in a group, before the one that checks them.
const DATA: usize = 4;
const BYTES: usize = GROUPS * DATA * 5 / 8;

/// A recovery code. `Display` gives it as it is to be written down; `FromStr` takes it as people type it.
#[derive(Clone, PartialEq, Eq)]
pub struct RecoveryCode(Zeroizing<[u8; BYTES]>);

impl RecoveryCode {
    /// A new code, from the system's random numbers.
    pub(crate) fn generate() -> Result<Self, Error> {
        let mut bytes = Zeroizing::new([0; BYTES]);
        getrandom::fill(bytes.as_mut_slice()).map_err(|error| Error::Keys(error.to_string()))?;
        Ok(RecoveryCode(bytes))
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        self.0.as_slice()
    }
}

impl fmt::Display for RecoveryCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Four characters are 20 bits: two groups are five bytes.
        for (pair, bytes) in self.0.chunks_exact(5).enumerate() {
            let bits = bytes.iter().fold(0u64, |bits, byte| bits << 8 | u64::from(*byte));
            for half in 0..2 {
                let group = pair * 2 + half;
                let word = bits >> (20 * (1 - half));
                let data = [15, 10, 5, 0].map(|shift| (word >> shift & 31) as u8);
                if group > 0 {
                    f.write_str("-")?;
                }
                for value in data.into_iter().chain([check(group, &data)]) {
                    write!(f, "{}", char::from(*ALPHABET.get(usize::from(value)).unwrap_or(&b'?')))?;
                }
            }
        }
        Ok(())
    }
}

impl fmt::Debug for RecoveryCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RecoveryCode(…)")
    }
}

impl FromStr for RecoveryCode {
    type Err = Error;

    /// Capitals, spaces and hyphens do not matter; O is read as 0, I and L as 1.
    fn from_str(text: &str) -> Result<Self, Error> {
        let mut values = Zeroizing::new(Vec::with_capacity(GROUPS * (DATA + 1)));
        for character in text.chars().filter(|character| !character.is_whitespace() && !is_hyphen(*character)) {
            let plain = match character.to_ascii_uppercase() {
                'O' => '0',
                'I' | 'L' => '1',
                other => other,
            };
            let value = ALPHABET.iter().position(|letter| char::from(*letter) == plain).ok_or_else(|| {
                let group = values.len() / (DATA + 1) + 1;
                Error::wrong(
                    format!("the recovery code has a character that no code has, “{character}”, in group {group}"),
                    "a code has digits and letters without I, L, O and U",
                )
            })?;
            values.push(u8::try_from(value).unwrap_or_default());
        }
        if values.len() != GROUPS * (DATA + 1) {
            return Err(Error::wrong(
                format!(
                    "the recovery code has {} characters; a whole one has 40, in eight groups of five",
                    values.len()
                ),
                "type all of it, with or without the hyphens",
            ));
        }
        let mut bytes = Zeroizing::new([0; BYTES]);
        for (group, characters) in values.chunks_exact(DATA + 1).enumerate() {
            let (data, last) = (characters.get(..DATA).unwrap_or_default(), characters.last());
            if last != Some(&check(group, data)) {
                return Err(Error::wrong(
                    format!("group {} of the recovery code is mistyped", group + 1),
                    "compare this group with what you wrote down",
                ));
            }
            let word = data.iter().fold(0u64, |word, value| word << 5 | u64::from(*value));
            for nibble in 0..5 {
                // A group is five half bytes.
                let place = group * 5 + nibble;
                let half = (word >> (16 - 4 * nibble) & 15) as u8;
                if let Some(byte) = bytes.get_mut(place / 2) {
                    *byte |= if place % 2 == 0 { half << 4 } else { half };
                }
            }
        }
        Ok(RecoveryCode(bytes))
    }
}

fn is_hyphen(character: char) -> bool {
    matches!(character, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}')
}

/// The checking value of a group: the group's number plus the sum of α^(i+1) times each value, in GF(32).
fn check(group: usize, data: &[u8]) -> u8 {
    let start = u8::try_from(group).unwrap_or_default();
    let mut weight = 1;
    data.iter().fold(start, |sum, value| {
        weight = times(weight, 2);
        sum ^ times(weight, *value)
    })
}

/// Multiplication in GF(32) modulo x⁵ + x² + 1.
fn times(a: u8, b: u8) -> u8 {
    let mut product = 0;
    let mut shifted = a;
    for bit in 0..5 {
        if b >> bit & 1 == 1 {
            product ^= shifted;
        }
        shifted = if shifted & 16 == 0 { shifted << 1 } else { (shifted << 1 ^ 0b10_0101) & 31 };
    }
    product
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use proptest::prelude::*;

    fn code() -> RecoveryCode {
        RecoveryCode(Zeroizing::new([
            0x00, 0x1f, 0xff, 0x80, 0x7e, 0xa5, 0x5a, 0x12, 0x34, 0x56, 0x78, 0x9a, 0xbc, 0xde, 0xf0, 0x0f, 0x1e, 0x2d,
            0x3c, 0x4b,
        ]))
    }

    #[test]
    fn a_code_is_eight_groups_of_five() {
        let text = code().to_string();
        assert_eq!(text.len(), 47);
        assert!(text.split('-').all(|group| group.len() == 5));
        assert_eq!(text.split('-').count(), 8);
        assert!(text.starts_with("00FZ"), "{text}");
    }

    #[test]
    fn it_is_taken_as_people_type_it() {
        let text = code().to_string();
        for typed in [
            text.clone(),
            text.to_lowercase(),
            text.replace('-', " "),
            text.replace('-', ""),
            text.replace('0', "o").replace('1', "l"),
            text.replace('0', "O").replace('1', "I"),
            format!("  {} \n", text.replace('-', " – ")),
        ] {
            assert!(typed.parse::<RecoveryCode>().unwrap() == code(), "{typed}");
        }
    }

    #[test]
    fn every_slip_is_found_and_its_group_named() {
        let text = code().to_string();
        for (place, right) in text.char_indices().filter(|(_, right)| *right != '-') {
            for wrong in ALPHABET.iter().map(|letter| char::from(*letter)).filter(|wrong| *wrong != right) {
                let mut typed: Vec<char> = text.chars().collect();
                typed[place] = wrong;
                let error = typed.iter().collect::<String>().parse::<RecoveryCode>().unwrap_err().to_string();
                assert_eq!(error, format!("group {} of the recovery code is mistyped", place / 6 + 1));
            }
        }
        let mut exchanged: Vec<&str> = text.split('-').collect();
        exchanged.swap(2, 5);
        assert!(exchanged.join("-").parse::<RecoveryCode>().is_err());
        assert!(text[..46].parse::<RecoveryCode>().unwrap_err().to_string().contains("39 characters"));
        assert!(
            text.replacen('0', "U", 1).parse::<RecoveryCode>().unwrap_err().to_string().contains("“U”, in group 1")
        );
    }

    proptest! {
        #[test]
        fn any_code_round_trips(bytes in any::<[u8; BYTES]>()) {
            let code = RecoveryCode(Zeroizing::new(bytes));
            prop_assert!(code.to_string().parse::<RecoveryCode>().unwrap() == code);
        }

        #[test]
        fn exchanged_neighbours_are_found(bytes in any::<[u8; BYTES]>(), group in 0usize..8, place in 0usize..4) {
            let text = RecoveryCode(Zeroizing::new(bytes)).to_string();
            let mut typed: Vec<char> = text.chars().collect();
            typed.swap(group * 6 + place, group * 6 + place + 1);
            let typed: String = typed.into_iter().collect();
            prop_assert!(typed == text || typed.parse::<RecoveryCode>().is_err());
        }

        #[test]
        fn nothing_typed_makes_it_panic(text in "\\PC*") {
            let _ = text.parse::<RecoveryCode>();
        }
    }
}
