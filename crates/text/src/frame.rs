//! How parent and child speak: lengths first, so that each side knows what it takes in before it does.

use crate::document::{Document, Options};
use crate::error::Error;
use serde::{Deserialize, Serialize};
use std::io::{self, Read, Write};

/// A file to be read.
#[derive(Serialize, Deserialize)]
pub struct Request {
    pub file_name: String,
    pub options: Options,
    #[serde(skip)]
    pub bytes: Vec<u8>,
}

/// What came of it. Attachments' bytes travel beside the JSON.
#[derive(Serialize, Deserialize)]
pub struct Answer {
    pub outcome: Result<Document, Error>,
    /// The child has served enough and ends.
    pub last: bool,
    sizes: Vec<u64>,
}

/// The child takes no file larger than this; the caller says so earlier and better.
const MAX_REQUEST: u64 = 1 << 30;

pub fn write_request(to: &mut impl Write, file_name: &str, options: &Options, bytes: &[u8]) -> io::Result<()> {
    let head = Request { file_name: file_name.to_owned(), options: options.clone(), bytes: Vec::new() };
    let head = serde_json::to_vec(&head)?;
    to.write_all(&(head.len() as u64).to_le_bytes())?;
    to.write_all(&head)?;
    to.write_all(&(bytes.len() as u64).to_le_bytes())?;
    to.write_all(bytes)?;
    to.flush()
}

/// The next request; none when the parent has no more.
pub fn read_request(from: &mut impl Read) -> io::Result<Option<Request>> {
    let Some(length) = length(from)? else { return Ok(None) };
    let mut request: Request = serde_json::from_slice(&taken(from, length, 1 << 20)?)?;
    let length = length_or_end(from)?;
    request.bytes = taken(from, length, MAX_REQUEST)?;
    Ok(Some(request))
}

pub fn write_answer(to: &mut impl Write, mut outcome: Result<Document, Error>, last: bool) -> io::Result<()> {
    let attachments: Vec<Vec<u8>> = match &mut outcome {
        Ok(document) => {
            document.attachments.iter_mut().map(|attachment| std::mem::take(&mut attachment.bytes)).collect()
        }
        Err(_) => Vec::new(),
    };
    let answer = Answer { outcome, last, sizes: attachments.iter().map(|bytes| bytes.len() as u64).collect() };
    let head = serde_json::to_vec(&answer)?;
    let total = 8 + head.len() as u64 + answer.sizes.iter().sum::<u64>();
    to.write_all(&total.to_le_bytes())?;
    to.write_all(&(head.len() as u64).to_le_bytes())?;
    to.write_all(&head)?;
    for bytes in attachments {
        to.write_all(&bytes)?;
    }
    to.flush()
}

/// What reading an answer came to.
pub enum Heard {
    Answer(Box<Answer>),
    /// It would be longer than allowed.
    TooLong,
    /// It ended early, or is no answer.
    Nothing,
}

pub fn read_answer(from: &mut impl Read, most: u64) -> Heard {
    let Ok(Some(total)) = length(from) else { return Heard::Nothing };
    if total > most {
        return Heard::TooLong;
    }
    let Ok(bytes) = taken(from, total, most) else { return Heard::Nothing };
    answer(&bytes).map_or(Heard::Nothing, |answer| Heard::Answer(Box::new(answer)))
}

fn answer(bytes: &[u8]) -> Option<Answer> {
    let (length, rest) = bytes.split_first_chunk::<8>()?;
    let length = usize::try_from(u64::from_le_bytes(*length)).ok()?;
    let mut answer: Answer = serde_json::from_slice(rest.get(..length)?).ok()?;
    let mut rest = rest.get(length..)?;
    if let Ok(document) = &mut answer.outcome {
        // The child read a stranger's file: what it says is checked like a stranger's word.
        if document.attachments.len() != answer.sizes.len() || document.check().is_err() {
            return None;
        }
        for (attachment, size) in document.attachments.iter_mut().zip(&answer.sizes) {
            let (bytes, after) = rest.split_at_checked(usize::try_from(*size).ok()?)?;
            attachment.bytes = bytes.to_vec();
            rest = after;
        }
    }
    Some(answer)
}

fn length(from: &mut impl Read) -> io::Result<Option<u64>> {
    let mut bytes = [0_u8; 8];
    let mut filled = 0;
    while filled < bytes.len() {
        match from.read(&mut bytes[filled..]) {
            Ok(0) if filled == 0 => return Ok(None),
            Ok(0) => return Err(io::ErrorKind::UnexpectedEof.into()),
            Ok(count) => filled += count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(Some(u64::from_le_bytes(bytes)))
}

fn length_or_end(from: &mut impl Read) -> io::Result<u64> {
    length(from)?.ok_or_else(|| io::ErrorKind::UnexpectedEof.into())
}

/// Exactly `length` bytes; memory is taken as they arrive, not as they are promised.
fn taken(from: &mut impl Read, length: u64, most: u64) -> io::Result<Vec<u8>> {
    if length > most {
        return Err(io::ErrorKind::InvalidData.into());
    }
    let mut bytes = Vec::new();
    from.take(length).read_to_end(&mut bytes)?;
    if bytes.len() as u64 == length { Ok(bytes) } else { Err(io::ErrorKind::UnexpectedEof.into()) }
}
