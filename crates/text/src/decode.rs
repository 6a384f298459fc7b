//! Bytes to characters: by mark, by declaration, by guess.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

/// Decodes a text whose encoding nobody states. A byte order mark stays outside.
pub fn text(bytes: &[u8]) -> String {
    declared(bytes, None)
}

/// Decodes a text with what its format says of its encoding. A byte order mark wins, then bytes that are valid
/// UTF-8, then the declaration, then a guess from the bytes.
pub fn declared(bytes: &[u8], label: Option<&str>) -> String {
    if let Some((encoding, length)) = Encoding::for_bom(bytes) {
        return with(encoding, &bytes[length..]);
    }
    if let Some(encoding) = wide(bytes) {
        return with(encoding, bytes);
    }
    if let Ok(text) = std::str::from_utf8(bytes)
        && label.and_then(named).is_none_or(|encoding| encoding.is_ascii_compatible())
    {
        return text.to_owned();
    }
    match label.and_then(named) {
        // A page that says UTF-8 and is not: believe its bytes.
        Some(encoding) if encoding != UTF_8 => with(encoding, bytes),
        _ => with(guess(bytes), bytes),
    }
}

/// An encoding by one of its names (`windows-1252`, `latin1`).
pub fn named(label: &str) -> Option<&'static Encoding> {
    Encoding::for_label(label.trim().as_bytes())
}

/// An encoding by Windows code page, as RTF names them.
pub fn code_page(number: u32) -> &'static Encoding {
    let label = match number {
        932 => "shift_jis".to_owned(),
        936 => "gbk".to_owned(),
        949 => "euc-kr".to_owned(),
        950 => "big5".to_owned(),
        10000 => "macintosh".to_owned(),
        65001 => "utf-8".to_owned(),
        866 => "ibm866".to_owned(),
        874 | 1250..=1258 => format!("windows-{number}"),
        _ => return WINDOWS_1252,
    };
    named(&label).unwrap_or(WINDOWS_1252)
}

pub fn with(encoding: &'static Encoding, bytes: &[u8]) -> String {
    encoding.decode_without_bom_handling(bytes).0.into_owned()
}

fn guess(bytes: &[u8]) -> &'static Encoding {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Allow);
    let sample = &bytes[..bytes.len().min(256 << 10)];
    detector.feed(sample, true);
    // Mostly UTF-8 with a few broken bytes (a cut file) is still UTF-8.
    let lossy = String::from_utf8_lossy(sample);
    let (mut broken, mut wide) = (0_usize, 0_usize);
    for character in lossy.chars() {
        broken += usize::from(character == char::REPLACEMENT_CHARACTER);
        wide += usize::from(!character.is_ascii());
    }
    if wide >= 10 && broken * 20 <= wide {
        return UTF_8;
    }
    detector.guess(None, Utf8Detection::Deny)
}

/// UTF-16 without a mark: every other byte of the beginning is nought.
fn wide(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = &bytes[..bytes.len().min(512) & !1];
    if head.len() < 8 {
        return None;
    }
    let zeros = |offset: usize| head.iter().skip(offset).step_by(2).filter(|byte| **byte == 0).count();
    let (even, odd) = (zeros(0), zeros(1));
    let most = head.len() / 2 * 7 / 10;
    match (even >= most && odd == 0, odd >= most && even == 0) {
        (true, false) => Some(UTF_16BE),
        (false, true) => Some(UTF_16LE),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encodings_are_told_apart() {
        assert_eq!(text("ខ្មែរ".as_bytes()), "ខ្មែរ");
        assert_eq!(text(b"\xEF\xBB\xBFabc"), "abc");
        assert_eq!(text(b"\xFF\xFEa\0b\0"), "ab");
        assert_eq!(text(b"T\0h\0r\0e\0e\0 \0m\0e\0n\0"), "Three men");
        assert_eq!(
            text(b"Le procureur a demand\xE9 une peine s\xE9v\xE8re"),
            "Le procureur a demandé une peine sévère"
        );
        assert_eq!(declared(b"\xCF\xF0\xE8\xE2\xE5\xF2", Some("windows-1251")), "Привет");
    }
}
