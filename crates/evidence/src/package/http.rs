//! The HTTP message in a response record (RFC 9112): its head taken off, chunks joined, compression undone.

use crate::archive::{Packing, inflate};

pub(super) struct Message<'a> {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    /// As it stands in the record, which is what most tools hash.
    pub raw: &'a [u8],
    /// With its chunks joined, where it was sent in chunks.
    pub joined: Option<Vec<u8>>,
    /// What the server meant.
    pub body: Vec<u8>,
    pub problems: Vec<String>,
}

/// No honest head is longer.
const HEAD: usize = 256 << 10;

/// Header lines up to the empty line, and what follows. Folded lines (RFC 2616) are joined.
pub(super) fn head(bytes: &[u8]) -> Option<(Vec<&[u8]>, &[u8])> {
    let mut lines = Vec::new();
    let mut rest = bytes;
    loop {
        let end = rest.iter().take(HEAD).position(|byte| *byte == b'\n')?;
        let line = rest[..end].strip_suffix(b"\r").unwrap_or(&rest[..end]);
        rest = &rest[end + 1..];
        if line.is_empty() {
            return Some((lines, rest));
        }
        lines.push(line);
        if lines.len() > 2_000 || bytes.len() - rest.len() > HEAD {
            return None;
        }
    }
}

pub(super) fn fields(lines: &[&[u8]]) -> Vec<(String, String)> {
    let mut fields: Vec<(String, String)> = Vec::new();
    for line in lines {
        let text = String::from_utf8_lossy(line);
        if text.starts_with([' ', '\t']) {
            if let Some((_, value)) = fields.last_mut() {
                value.push(' ');
                value.push_str(text.trim());
            }
        } else if let Some((name, value)) = text.split_once(':') {
            fields.push((name.trim().to_ascii_lowercase(), value.trim().to_owned()));
        }
    }
    fields
}

pub(super) fn get<'a>(fields: &'a [(String, String)], name: &str) -> Option<&'a str> {
    fields.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
}

/// `None` if it does not begin as a response.
pub(super) fn response(bytes: &[u8], limit: u64) -> Option<Message<'_>> {
    let (lines, raw) = head(bytes)?;
    let first = String::from_utf8_lossy(lines.first()?).into_owned();
    let mut words = first.split_whitespace();
    if !words.next()?.to_ascii_uppercase().starts_with("HTTP/") {
        return None;
    }
    let status = words.next()?.parse().ok()?;
    let headers = fields(&lines[1..]);
    let mut problems = Vec::new();
    let mut joined = None;
    // Many tools join the chunks and leave the header as it was.
    if get(&headers, "transfer-encoding").is_some_and(|value| value.to_ascii_lowercase().contains("chunked"))
        && begins_as_chunk(raw)
    {
        match join(raw) {
            Ok(bytes) => joined = Some(bytes),
            Err(problem) => problems.push(problem),
        }
    }
    let mut body = joined.clone().unwrap_or_else(|| raw.to_vec());
    let encodings = get(&headers, "content-encoding").unwrap_or_default().to_ascii_lowercase();
    for encoding in encodings.split(',').map(str::trim).rev() {
        let unpacked = match encoding {
            "" | "identity" => continue,
            // Packed or not: many tools unpack and leave the header as it was.
            "gzip" | "x-gzip" if body.starts_with(&[0x1f, 0x8b]) => inflate(Packing::Gzip, &body, limit),
            "gzip" | "x-gzip" => continue,
            "deflate" => {
                match inflate(Packing::Zlib, &body, limit).or_else(|_| inflate(Packing::Deflate, &body, limit)) {
                    Ok(bytes) => Ok(bytes),
                    Err(problem) if problem.contains("more than") => Err(problem),
                    Err(_) => continue,
                }
            }
            other => {
                if std::str::from_utf8(&body).is_err() {
                    problems
                        .push(format!("its body is packed with {}, which is not undone here", super::short(other, 20)));
                }
                break;
            }
        };
        match unpacked {
            Ok(bytes) => body = bytes,
            Err(problem) => {
                problems.push(format!("its body is packed, and {problem}"));
                break;
            }
        }
    }
    Some(Message { status, headers, raw, joined, body, problems })
}

fn size_line(bytes: &[u8]) -> Option<(usize, &[u8])> {
    let end = bytes.iter().take(200).position(|byte| *byte == b'\n')?;
    let line = std::str::from_utf8(&bytes[..end]).ok()?;
    let digits = line.split(';').next()?.trim();
    if digits.is_empty() || digits.len() > 8 {
        return None;
    }
    Some((usize::from_str_radix(digits, 16).ok()?, &bytes[end + 1..]))
}

fn begins_as_chunk(raw: &[u8]) -> bool {
    size_line(raw).is_some_and(|(size, rest)| match rest.get(size..) {
        Some(after) => size == 0 || after.starts_with(b"\r\n") || after.starts_with(b"\n"),
        None => false,
    })
}

fn join(mut rest: &[u8]) -> Result<Vec<u8>, String> {
    let mut out = Vec::new();
    loop {
        let (size, after) = size_line(rest).ok_or("its chunks are damaged")?;
        if size == 0 {
            return Ok(out);
        }
        let chunk = after.get(..size).ok_or("its last chunk is cut short")?;
        out.extend_from_slice(chunk);
        let after = &after[size..];
        rest = after.strip_prefix(b"\r\n").or_else(|| after.strip_prefix(b"\n")).ok_or("its chunks are damaged")?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chunks_are_joined_where_there_are_any() {
        let head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nX: a\r\n b\r\n\r\n";
        let message = format!("{head}4\r\nWiki\r\n6;x=y\r\npedia \r\n0\r\n\r\n");
        let read = response(message.as_bytes(), 100).unwrap();
        assert_eq!((read.status, &read.body[..]), (200, &b"Wikipedia "[..]));
        assert_eq!(get(&read.headers, "x"), Some("a b"));
        let plain = format!("{head}<p>plain</p>");
        let read = response(plain.as_bytes(), 100).unwrap();
        assert_eq!((&read.body[..], read.problems.len()), (&b"<p>plain</p>"[..], 0));
        let cut = format!("{head}4\r\nWiki\r\nff\r\nped");
        assert_eq!(response(cut.as_bytes(), 100).unwrap().problems, ["its last chunk is cut short"]);
        assert!(response(b"GET / HTTP/1.1\r\n\r\n", 100).is_none());
    }
}
