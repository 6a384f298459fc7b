//! Which encoding a file is in, told from all of its bytes, and its characters as they come.

use std::io::{self, Read};

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{CoderResult, Decoder, Encoding, UTF_8, UTF_16BE, UTF_16LE};

use crate::error::Error;

/// Bytes read at a time.
const PIECE: usize = 64 << 10;
/// Bytes that the guess looks at; a list says in its first rows what it is written in.
const SAMPLE: usize = 1 << 20;

/// An encoding, and how it is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Encoded {
    pub encoding: &'static Encoding,
    /// Bytes of a byte order mark, which stays outside the text.
    pub mark: usize,
    /// `a byte order mark`, `its bytes`, `a guess`, `the mapping`.
    pub told_by: &'static str,
}

/// The encoding by one of its names.
///
/// # Errors
/// When there is none of that name.
pub fn named(label: &str) -> Result<&'static Encoding, Error> {
    Encoding::for_label(label.trim().as_bytes()).ok_or_else(|| {
        Error::wrong(
            format!("there is no encoding “{label}”"),
            "write utf-8, utf-16le, windows-1252, windows-1256 or another name of the WHATWG’s list",
        )
    })
}

/// Looks at all bytes once. What somebody said of the encoding wins, except over a byte order mark.
///
/// # Errors
/// When the file cannot be read.
pub fn tell(mut from: impl Read, said: Option<&'static Encoding>) -> io::Result<Encoded> {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    let mut sampled = 0;
    let mut head: Vec<u8> = Vec::new();
    let mut utf8 = Utf8Tally::default();
    let mut piece = vec![0; PIECE];
    loop {
        let count = read_some(&mut from, &mut piece)?;
        let bytes = &piece[..count];
        if head.len() < 512 {
            head.extend_from_slice(&bytes[..count.min(512 - head.len())]);
        }
        utf8.feed(bytes);
        if sampled < SAMPLE {
            detector.feed(bytes, false);
            sampled += count;
        }
        if count == 0 {
            break;
        }
    }
    detector.feed(&[], true);
    if let Some((encoding, mark)) = Encoding::for_bom(&head) {
        return Ok(Encoded { encoding, mark, told_by: "a byte order mark" });
    }
    if let Some(encoding) = said {
        return Ok(Encoded { encoding, mark: 0, told_by: "the mapping" });
    }
    if let Some(encoding) = wide(&head) {
        return Ok(Encoded { encoding, mark: 0, told_by: "its bytes" });
    }
    utf8.end();
    // A file of which a few bytes are broken is still UTF-8: to read all of it as something else would break the rest. Letters of another
    // encoding hardly ever make a sequence of UTF-8 by chance.
    if utf8.broken == 0 || utf8.whole >= utf8.broken {
        return Ok(Encoded { encoding: UTF_8, mark: 0, told_by: "its bytes" });
    }
    Ok(Encoded { encoding: detector.guess(None, Utf8Detection::Deny), mark: 0, told_by: "a guess" })
}

/// Sequences of more than one byte that are UTF-8, and that are not.
#[derive(Default)]
struct Utf8Tally {
    held: Vec<u8>,
    whole: u64,
    broken: u64,
}

impl Utf8Tally {
    fn feed(&mut self, bytes: &[u8]) {
        let joined;
        let mut rest: &[u8] = if self.held.is_empty() {
            bytes
        } else {
            joined = [std::mem::take(&mut self.held).as_slice(), bytes].concat();
            &joined
        };
        loop {
            match std::str::from_utf8(rest) {
                Ok(text) => {
                    self.count(text);
                    return;
                }
                Err(error) => {
                    let (good, bad) = rest.split_at(error.valid_up_to());
                    self.count(std::str::from_utf8(good).unwrap_or_default());
                    let Some(length) = error.error_len() else {
                        self.held = bad.to_vec();
                        return;
                    };
                    self.broken += 1;
                    rest = &bad[length..];
                }
            }
        }
    }

    fn count(&mut self, text: &str) {
        if !text.is_ascii() {
            self.whole += text.chars().filter(|c| !c.is_ascii()).count() as u64;
        }
    }

    fn end(&mut self) {
        self.broken += u64::from(!self.held.is_empty());
    }
}

/// UTF-16 without a mark: every other byte of the beginning is nought.
fn wide(head: &[u8]) -> Option<&'static Encoding> {
    let head = &head[..head.len() & !1];
    if head.len() < 8 {
        return None;
    }
    let zeros = |offset: usize| head.iter().skip(offset).step_by(2).filter(|byte| **byte == 0).count();
    let most = head.len() / 2 * 6 / 10;
    match (zeros(0) > most, zeros(1) > most) {
        (true, false) => Some(UTF_16BE),
        (false, true) => Some(UTF_16LE),
        _ => None,
    }
}

/// Reads once, again when it was interrupted. Nought: the end.
pub fn read_some(from: &mut impl Read, into: &mut [u8]) -> io::Result<usize> {
    loop {
        match from.read(into) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            other => return other,
        }
    }
}

/// Bytes on one side, characters on the other. Bytes that are none become U+FFFD, which whoever takes a cell refuses.
pub struct Characters<R> {
    from: R,
    decoder: Decoder,
    skip: usize,
    piece: Vec<u8>,
    ended: bool,
    /// Bytes read so far.
    pub read: u64,
}

impl<R: Read> Characters<R> {
    pub fn new(from: R, encoded: &Encoded) -> Self {
        let decoder = encoded.encoding.new_decoder_without_bom_handling();
        Characters { from, decoder, skip: encoded.mark, piece: vec![0; PIECE], ended: false, read: 0 }
    }

    /// Appends some more characters. `false`: there are no more.
    pub fn more(&mut self, text: &mut String) -> io::Result<bool> {
        if self.ended {
            return Ok(false);
        }
        let count = read_some(&mut self.from, &mut self.piece)?;
        self.read += count as u64;
        self.ended = count == 0;
        let skipped = self.skip.min(count);
        self.skip -= skipped;
        let mut bytes = &self.piece[skipped..count];
        loop {
            let room = self.decoder.max_utf8_buffer_length(bytes.len()).unwrap_or(PIECE * 4);
            text.reserve(room);
            let (result, taken, _) = self.decoder.decode_to_string(bytes, text, self.ended);
            bytes = &bytes[taken..];
            if result == CoderResult::InputEmpty {
                return Ok(true);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn read(bytes: &[u8]) -> (String, String) {
        let encoded = tell(bytes, None).unwrap();
        let mut characters = Characters::new(bytes, &encoded);
        let mut text = String::new();
        while characters.more(&mut text).unwrap() {}
        (encoded.encoding.name().to_owned(), text)
    }

    #[test]
    fn told_from_the_bytes() {
        assert_eq!(read(b"\xef\xbb\xbfname\nS\xc3\xa9"), ("UTF-8".into(), "name\nSé".into()));
        let wide: Vec<u8> = "name,date\nស,2020".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(read(&wide), ("UTF-16LE".into(), "name,date\nស,2020".into()));
        let marked: Vec<u8> = [0xfe, 0xff].into_iter().chain("a,ស".encode_utf16().flat_map(u16::to_be_bytes)).collect();
        assert_eq!(read(&marked), ("UTF-16BE".into(), "a,ស".into()));
        let latin = b"nom,lieu\nH\xe9l\xe8ne,Ch\xe2teau\nFran\xe7ois,Orl\xe9ans\nAndr\xe9,Saint-\xc9tienne\n";
        assert_eq!(read(latin).0, "windows-1252");
        let arabic = encoding_rs::WINDOWS_1256.encode("الاسم,المكان\nمحمد علي حسن,بغداد\nفاطمة الزهراء,البصرة\n").0;
        assert_eq!(read(&arabic).0, "windows-1256");
    }

    #[test]
    fn a_few_broken_bytes_do_not_make_it_something_else() {
        let mut bytes = "ឈ្មោះ,date\nសុខ,2020\n".as_bytes().to_vec();
        bytes.extend_from_slice(b"caf\xe9,2021\n");
        let (name, text) = read(&bytes);
        assert_eq!(name, "UTF-8");
        assert!(text.contains("caf\u{FFFD},2021") && text.contains("សុខ"));
    }
}
