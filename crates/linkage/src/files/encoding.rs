//! Which encoding a file is in, and its text in UTF-8.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Decoder, Encoding, UTF_8, UTF_16BE, UTF_16LE};

/// Bytes read at a time.
const PIECE: usize = 256 << 10;

/// An encoding, and how it is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Encoded {
    pub(super) encoding: &'static Encoding,
    /// `a byte order mark`, `its bytes` or `a guess`.
    pub(super) told_by: &'static str,
}

/// Tells the encoding of a file from its first `most` bytes.
///
/// # Errors
/// When it cannot be read.
pub(super) fn tell(path: &Path, most: u64) -> io::Result<Encoded> {
    let mut from = File::open(path)?.take(most);
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    let (mut head, mut piece) = (Vec::new(), vec![0; PIECE]);
    let (mut whole, mut broken, mut kept) = (0u64, 0u64, 0);
    loop {
        let count = read_some(&mut from, &mut piece[kept..])?;
        if head.is_empty() {
            head = piece[..count.min(512)].to_vec();
        }
        detector.feed(&piece[kept..kept + count], count == 0);
        if count == 0 {
            // What the file ends within is broken; what the first bytes end within goes on.
            broken += u64::from(kept > 0 && from.limit() > 0);
            break;
        }
        // A character that goes on in the next piece waits for it.
        let end = kept + count;
        let (good, bad, rest) = utf8(&piece[..end]);
        whole += good;
        broken += bad;
        piece.copy_within(rest..end, 0);
        kept = end - rest;
    }
    let told = |encoding, told_by| Ok(Encoded { encoding, told_by });
    if let Some((encoding, _)) = Encoding::for_bom(&head) {
        return told(encoding, "a byte order mark");
    }
    // A zip archive is told by the reader.
    if head.starts_with(b"PK\x03\x04") {
        return told(UTF_8, "its bytes");
    }
    if let Some(encoding) = wide(&head) {
        return told(encoding, "its bytes");
    }
    // A file of which a few bytes are broken is still UTF-8: letters of another encoding hardly ever
    // make a sequence of UTF-8 by chance.
    if broken == 0 || whole >= broken {
        return told(UTF_8, "its bytes");
    }
    told(detector.guess(None, Utf8Detection::Deny), "a guess")
}

/// Sequences of several bytes that are UTF-8, those that are not, and where one begins that the
/// bytes end within.
fn utf8(bytes: &[u8]) -> (u64, u64, usize) {
    let (mut whole, mut broken, mut at) = (0, 0, 0);
    loop {
        let rest = &bytes[at..];
        let (good, error) = match std::str::from_utf8(rest) {
            Ok(text) => (text, None),
            Err(error) => (std::str::from_utf8(&rest[..error.valid_up_to()]).unwrap_or_default(), Some(error)),
        };
        if !good.is_ascii() {
            whole += good.chars().filter(|c| !c.is_ascii()).count() as u64;
        }
        at += good.len();
        match error.map(|error| error.error_len()) {
            Some(Some(length)) => {
                broken += 1;
                at += length;
            }
            _ => return (whole, broken, at),
        }
    }
}

/// UTF-16 without a mark: every other byte of the beginning is nought.
fn wide(head: &[u8]) -> Option<&'static Encoding> {
    let head = &head[..head.len() & !1];
    let zeros = |offset: usize| head.iter().skip(offset).step_by(2).filter(|byte| **byte == 0).count();
    let most = head.len() / 2 * 6 / 10;
    match (head.len() >= 8, zeros(0) > most, zeros(1) > most) {
        (true, true, false) => Some(UTF_16BE),
        (true, false, true) => Some(UTF_16LE),
        _ => None,
    }
}

/// Reads once, again when it was interrupted. Nought: the end.
fn read_some(from: &mut impl Read, into: &mut [u8]) -> io::Result<usize> {
    loop {
        match from.read(into) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            other => return other,
        }
    }
}

/// A file as UTF-8, from whatever encoding. What is UTF-8 already passes through untouched.
pub(super) struct Source {
    from: File,
    other: Option<Box<Decoding>>,
}

/// A text on its way to UTF-8. Bytes that are no character become U+FFFD.
struct Decoding {
    decoder: Decoder,
    piece: Vec<u8>,
    text: Vec<u8>,
    at: usize,
    ended: bool,
}

impl Source {
    pub(super) fn open(path: &Path, encoded: Encoded) -> io::Result<Self> {
        let other = (encoded.encoding != UTF_8).then(|| {
            let decoder = encoded.encoding.new_decoder_with_bom_removal();
            Box::new(Decoding { decoder, piece: vec![0; PIECE], text: Vec::new(), at: 0, ended: false })
        });
        Ok(Self { from: File::open(path)?, other })
    }
}

impl Read for Source {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let Some(other) = &mut self.other else { return self.from.read(into) };
        while other.at == other.text.len() && !other.ended {
            let count = read_some(&mut self.from, &mut other.piece)?;
            other.ended = count == 0;
            let room = other.decoder.max_utf8_buffer_length(count).unwrap_or(PIECE * 4);
            other.text.resize(room, 0);
            let (_, _, written, _) = other.decoder.decode_to_utf8(&other.piece[..count], &mut other.text, other.ended);
            other.text.truncate(written);
            other.at = 0;
        }
        let n = into.len().min(other.text.len() - other.at);
        into[..n].copy_from_slice(&other.text[other.at..other.at + n]);
        other.at += n;
        Ok(n)
    }
}
