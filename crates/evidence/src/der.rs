//! As much of DER (ITU-T X.690) as time-stamp tokens and certificates need: definite lengths, low tag numbers.

use crate::Error;

/// One element, its body and the whole of its bytes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Element<'a> {
    pub tag: u8,
    pub body: &'a [u8],
    pub whole: &'a [u8],
}

/// Universal and context tags in use here.
pub(crate) mod tag {
    pub const BOOLEAN: u8 = 0x01;
    pub const INTEGER: u8 = 0x02;
    pub const BIT_STRING: u8 = 0x03;
    pub const OCTETS: u8 = 0x04;
    pub const NULL: u8 = 0x05;
    pub const OID: u8 = 0x06;
    pub const UTF8: u8 = 0x0c;
    pub const TIME: u8 = 0x18;
    pub const SEQUENCE: u8 = 0x30;
    pub const SET: u8 = 0x31;
    /// Context-specific and constructed, by number.
    pub const fn context(number: u8) -> u8 {
        0xa0 | number
    }
}

/// Reads elements one after another.
#[derive(Clone, Copy)]
pub(crate) struct Reader<'a> {
    rest: &'a [u8],
    what: &'static str,
}

impl<'a> Reader<'a> {
    pub fn new(bytes: &'a [u8], what: &'static str) -> Reader<'a> {
        Reader { rest: bytes, what }
    }

    pub fn error(&self, problem: impl Into<String>) -> Error {
        Error::broken(self.what, format!("{} bytes before the end of a field", self.rest.len()), problem)
    }

    pub fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    pub fn peek(&self) -> Option<u8> {
        self.rest.first().copied()
    }

    pub fn any(&mut self) -> Result<Element<'a>, Error> {
        let (tag, first) = match self.rest {
            [tag, first, ..] if tag & 0x1f != 0x1f => (*tag, *first),
            _ => return Err(self.error("an element is cut short")),
        };
        let (length, header) = match first {
            0..=0x7f => (usize::from(first), 2),
            0x81..=0x84 => {
                let digits = usize::from(first & 0x7f);
                let bytes = self.rest.get(2..2 + digits).ok_or_else(|| self.error("a length is cut short"))?;
                (bytes.iter().fold(0usize, |n, byte| (n << 8) | usize::from(*byte)), 2 + digits)
            }
            _ => return Err(self.error("a length is of a kind that DER does not have")),
        };
        let end = header.checked_add(length).ok_or_else(|| self.error("a length is too large"))?;
        let (Some(whole), Some(body)) = (self.rest.get(..end), self.rest.get(header..end)) else {
            return Err(self.error("an element is longer than what holds it"));
        };
        self.rest = &self.rest[end..];
        Ok(Element { tag, body, whole })
    }

    pub fn expect(&mut self, tag: u8, name: &str) -> Result<Element<'a>, Error> {
        if self.peek() != Some(tag) {
            return Err(self.error(format!("{name} is missing or of another type")));
        }
        self.any()
    }

    pub fn optional(&mut self, tag: u8) -> Result<Option<Element<'a>>, Error> {
        if self.peek() == Some(tag) { self.any().map(Some) } else { Ok(None) }
    }

    /// Enters an element.
    pub fn inside(&mut self, tag: u8, name: &str) -> Result<Reader<'a>, Error> {
        let element = self.expect(tag, name)?;
        Ok(self.of(element))
    }

    pub fn of(&self, element: Element<'a>) -> Reader<'a> {
        Reader { rest: element.body, what: self.what }
    }

    pub fn end(&self) -> Result<(), Error> {
        if self.rest.is_empty() { Ok(()) } else { Err(self.error("there is something after the end")) }
    }
}

/// An object identifier in dotted form; a damaged one gives what could be read.
pub(crate) fn dotted(body: &[u8]) -> String {
    let mut parts: Vec<String> = Vec::new();
    let mut value: u128 = 0;
    for byte in body.iter().take(64) {
        value = (value << 7) | u128::from(byte & 0x7f);
        if value >> 64 != 0 {
            parts.push("?".into());
            break;
        }
        if byte & 0x80 == 0 {
            if parts.is_empty() {
                let first = (value / 40).min(2);
                parts.push(first.to_string());
                parts.push((value - first * 40).to_string());
            } else {
                parts.push(value.to_string());
            }
            value = 0;
        }
    }
    parts.join(".")
}

/// Writes one element.
pub(crate) fn element(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let length: usize = parts.iter().map(|part| part.len()).sum();
    let mut out = vec![tag];
    if length < 0x80 {
        out.push(length as u8);
    } else {
        let digits: Vec<u8> = length.to_be_bytes().into_iter().skip_while(|byte| *byte == 0).collect();
        out.push(0x80 | digits.len() as u8);
        out.extend(digits);
    }
    for part in parts {
        out.extend_from_slice(part);
    }
    out
}

/// Writes a number that is not negative.
pub(crate) fn unsigned(number: u64) -> Vec<u8> {
    let mut digits: Vec<u8> = number.to_be_bytes().into_iter().skip_while(|byte| *byte == 0).collect();
    if digits.first().is_none_or(|byte| byte & 0x80 != 0) {
        digits.insert(0, 0);
    }
    element(tag::INTEGER, &[&digits])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn object_identifiers_are_dotted() {
        assert_eq!(dotted(&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x02]), "1.2.840.113549.1.7.2");
        assert_eq!(dotted(&[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01]), "2.16.840.1.101.3.4.2.1");
        assert_eq!(dotted(&[0xff; 80]), "?");
    }

    #[test]
    fn numbers_keep_their_sign() {
        assert_eq!(unsigned(0), [2, 1, 0]);
        assert_eq!(unsigned(127), [2, 1, 127]);
        assert_eq!(unsigned(128), [2, 2, 0, 128]);
        assert_eq!(unsigned(u64::MAX).len(), 11);
    }

    #[test]
    fn a_lying_length_is_an_error() {
        for bytes in [&[0x30][..], &[0x30, 0x80], &[0x30, 0x84, 0xff, 0xff, 0xff, 0xff], &[0x30, 2, 1], &[0x1f, 1, 1]] {
            assert!(Reader::new(bytes, "thing").any().is_err(), "{bytes:?}");
        }
    }
}
