//! Digests by the names that other programs write.

use openssl::hash::{MessageDigest, hash};

/// The algorithm by any of its usual spellings (`sha256`, `SHA-256`, `SHA2-256`…); `None` if it is not known here.
pub(crate) fn algorithm(name: &str) -> Option<(&'static str, MessageDigest)> {
    let plain: String =
        name.chars().filter(char::is_ascii_alphanumeric).map(|letter| letter.to_ascii_lowercase()).collect();
    Some(match plain.as_str() {
        "md5" => ("md5", MessageDigest::md5()),
        "sha1" | "sha" => ("sha1", MessageDigest::sha1()),
        "sha256" | "sha2256" => ("sha256", MessageDigest::sha256()),
        "sha384" | "sha2384" => ("sha384", MessageDigest::sha384()),
        "sha512" | "sha2512" => ("sha512", MessageDigest::sha512()),
        "sha3256" => ("sha3-256", MessageDigest::sha3_256()),
        "sha3384" => ("sha3-384", MessageDigest::sha3_384()),
        "sha3512" => ("sha3-512", MessageDigest::sha3_512()),
        _ => return None,
    })
}

/// The digest of the bytes; empty if the library refuses, which equals nothing.
pub(crate) fn digest(algorithm: MessageDigest, bytes: &[u8]) -> Vec<u8> {
    hash(algorithm, bytes).map(|digest| digest.to_vec()).unwrap_or_default()
}

pub(crate) fn sha256(bytes: &[u8]) -> [u8; 32] {
    openssl::sha::sha256(bytes)
}

/// A digest as it is written: hexadecimal, base32 (RFC 4648, as in web archives) or base64; told by its length.
pub(crate) fn written(text: &str, size: usize) -> Option<Vec<u8>> {
    let text = text.trim();
    if text.len() == size * 2
        && let Some(bytes) = unhex(text)
    {
        return Some(bytes);
    }
    let bare = text.trim_end_matches('=');
    if bare.len() == (size * 8).div_ceil(5) {
        return radix(bare, 5, |letter| match letter {
            b'A'..=b'Z' => Some(letter - b'A'),
            b'a'..=b'z' => Some(letter - b'a'),
            b'2'..=b'7' => Some(letter - b'2' + 26),
            _ => None,
        })
        .filter(|bytes| bytes.len() == size);
    }
    if bare.len() == (size * 8).div_ceil(6) {
        return radix(bare, 6, |letter| match letter {
            b'A'..=b'Z' => Some(letter - b'A'),
            b'a'..=b'z' => Some(letter - b'a' + 26),
            b'0'..=b'9' => Some(letter - b'0' + 52),
            b'+' | b'-' => Some(62),
            b'/' | b'_' => Some(63),
            _ => None,
        })
        .filter(|bytes| bytes.len() == size);
    }
    None
}

fn radix(text: &str, bits: u32, digit: impl Fn(u8) -> Option<u8>) -> Option<Vec<u8>> {
    let (mut held, mut have, mut out) = (0u32, 0u32, Vec::with_capacity(text.len()));
    for letter in text.bytes() {
        held = ((held << bits) | u32::from(digit(letter)?)) & 0xffff;
        have += bits;
        if have >= 8 {
            have -= 8;
            out.push((held >> have) as u8);
        }
    }
    Some(out)
}

pub(crate) fn unhex(text: &str) -> Option<Vec<u8>> {
    if !text.len().is_multiple_of(2) {
        return None;
    }
    let digits: Option<Vec<u8>> = text.chars().map(|c| c.to_digit(16).map(|d| d as u8)).collect();
    Some(digits?.chunks(2).map(|pair| pair[0] << 4 | pair[1]).collect())
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut out, byte| {
        let _ = write!(out, "{byte:02x}");
        out
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_digest_in_three_spellings() {
        let digest = digest(MessageDigest::sha1(), b"");
        assert_eq!(hex(&digest), "da39a3ee5e6b4b0d3255bfef95601890afd80709");
        for text in [
            "da39a3ee5e6b4b0d3255bfef95601890afd80709",
            "3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ",
            "2jmj7l5rSw0yVb/vlWAYkK/YBwk=",
        ] {
            assert_eq!(written(text, 20).as_deref(), Some(&digest[..]), "{text}");
        }
        assert_eq!(written("nonsense", 20), None);
        assert_eq!(unhex("é9"), None);
    }
}
