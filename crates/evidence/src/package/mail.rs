//! Messages (RFC 5322) and pages saved as messages (MHTML, RFC 2557). Signatures (DKIM, S/MIME) are named, not judged.

use mail_parser::decoders::base64::base64_decode;
use mail_parser::decoders::quoted_printable::quoted_printable_decode;
use mail_parser::{Encoding, Message, MessageParser, MessagePart, MimeHeaders, PartType};

use super::{Kind, Package, Piece, name_of, short};
use crate::{Error, Finding, Limits};

const WHAT: &str = "message";

/// Header lines, and among them what only a message has.
pub(super) fn is(bytes: &[u8]) -> bool {
    let start = &bytes[..bytes.len().min(64 << 10)];
    let text = String::from_utf8_lossy(start);
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    let mut names: Vec<String> = Vec::new();
    for line in text.lines().take(400) {
        if line.is_empty() {
            break;
        }
        if line.starts_with([' ', '\t']) && !names.is_empty() {
            continue;
        }
        match line.split_once(':') {
            Some((name, _))
                if !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-') =>
            {
                names.push(name.to_ascii_lowercase())
            }
            // The first line of a mailbox.
            None if names.is_empty() && line.starts_with("From ") => {}
            _ => return false,
        }
    }
    let has = |name: &str| names.iter().any(|other| other == name);
    has("from") && (has("date") || has("message-id") || has("mime-version") || has("received"))
        || has("mime-version") && has("content-type")
}

pub(super) fn open(bytes: &[u8], limits: &Limits) -> Result<Package, Error> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let message =
        MessageParser::default().parse(bytes).ok_or_else(|| Error::broken(WHAT, "its head", "it has none"))?;
    if message.parts.len() > limits.entries {
        return Err(Error::TooLarge { what: "this message".into(), limit: limits.entries as u64, unit: "parts" });
    }
    let page = message.header_raw("Snapshot-Content-Location").is_some() || {
        let related = message
            .root_part()
            .content_type()
            .is_some_and(|kind| kind.subtype().is_some_and(|subtype| subtype.eq_ignore_ascii_case("related")));
        related && message.parts.iter().any(|part| part.content_location().is_some())
    };
    let mut package = Package {
        kind: if page { Kind::Mhtml } else { Kind::Email },
        pieces: Vec::new(),
        about: Vec::new(),
        findings: Vec::new(),
    };
    about(&message, page, &mut package);
    let captured = if page { message.date().map(mail_parser::DateTime::to_rfc3339) } else { None };
    let main = main_part(&message, page);
    for (index, part) in message.parts.iter().enumerate() {
        if let PartType::Multipart(_) = part.body {
            continue;
        }
        let (bytes, problem) = content(&message, part);
        if let Some(problem) = problem {
            package.findings.push(Finding::new(format!("part {}", index + 1), problem));
        }
        package.pieces.push(piece(part, bytes, index, Some(index) == main, captured.clone()));
    }
    if package.pieces.iter().all(|piece| piece.bytes.is_empty()) {
        package.findings.push(Finding::new("the message", "it has no content"));
    }
    Ok(package)
}

fn about(message: &Message<'_>, page: bool, package: &mut Package) {
    let wanted = [
        "from",
        "sender",
        "reply-to",
        "to",
        "cc",
        "bcc",
        "date",
        "message-id",
        "in-reply-to",
        "x-mailer",
        "user-agent",
        "x-originating-ip",
        "return-path",
        "snapshot-content-location",
    ];
    if let Some(subject) = message.subject() {
        package.about.push((if page { "Title" } else { "Subject" }.into(), short(subject, 500)));
    }
    let mut received = 0;
    for (name, value) in message.headers_raw() {
        let lower = name.to_ascii_lowercase();
        if wanted.contains(&lower.as_str()) {
            package.about.push((name.to_owned(), decoded(value)));
        } else if lower == "received" && received < 50 {
            received += 1;
            package
                .about
                .push((name.to_owned(), short(&value.split_whitespace().collect::<Vec<_>>().join(" "), 1_000)));
        } else if lower == "dkim-signature" {
            package.about.push((name.to_owned(), "there; not judged here".into()));
        }
    }
    if let Some(date) = message.date() {
        package.about.push(("Date in ISO 8601".into(), date.to_rfc3339()));
    } else if message.header_raw("Date").is_some() {
        package.findings.push(Finding::new("Date", "it is no date"));
    }
}

/// Encoded words (RFC 2047) in a header, as a person reads them.
fn decoded(raw: &str) -> String {
    let line = format!("Subject: {}\r\n\r\n", raw.split_whitespace().collect::<Vec<_>>().join(" "));
    let parsed = MessageParser::default()
        .parse(line.as_bytes())
        .and_then(|message| message.subject().map(|text| short(text, 1_000)));
    parsed.unwrap_or_else(|| short(raw, 1_000))
}

fn main_part(message: &Message<'_>, page: bool) -> Option<usize> {
    let html = |part: &MessagePart<'_>| matches!(part.body, PartType::Html(_));
    if page {
        let root = message.header_raw("Snapshot-Content-Location").map(str::trim);
        let named = message
            .parts
            .iter()
            .position(|part| html(part) && part.content_location().is_some() && part.content_location() == root);
        return named.or_else(|| message.parts.iter().position(html));
    }
    let first = |ids: &[u32]| ids.first().and_then(|id| usize::try_from(*id).ok());
    first(&message.html_body).or_else(|| first(&message.text_body))
}

/// The part's own bytes: unpacked from their transfer encoding and otherwise as they were written.
fn content(message: &Message<'_>, part: &MessagePart<'_>) -> (Vec<u8>, Option<String>) {
    let range = part.offset_body as usize..part.offset_end as usize;
    let raw = message.raw_message.get(range).unwrap_or_default();
    let unpacked = match part.encoding {
        Encoding::None => Some(raw.to_vec()),
        Encoding::Base64 => base64_decode(raw),
        Encoding::QuotedPrintable => quoted_printable_decode(raw),
    };
    match unpacked {
        Some(bytes) if !part.is_encoding_problem => (bytes, None),
        Some(bytes) => {
            (bytes, Some("it is damaged: its transfer encoding breaks off; what could be read is taken".into()))
        }
        None => {
            (part.contents().to_vec(), Some("its transfer encoding is damaged; what could be read is taken".into()))
        }
    }
}

fn piece(part: &MessagePart<'_>, bytes: Vec<u8>, index: usize, main: bool, captured: Option<String>) -> Piece {
    let media_type = match part.content_type() {
        Some(kind) => format!("{}/{}", kind.ctype(), kind.subtype().unwrap_or("plain")).to_ascii_lowercase(),
        None if matches!(part.body, PartType::Message(_)) => "message/rfc822".into(),
        None => "text/plain".into(),
    };
    let url = part.content_location().filter(|url| url.starts_with("http")).map(|url| short(url, 4_000));
    let ending = match media_type.as_str() {
        "text/html" => ".html",
        "text/plain" => ".txt",
        "message/rfc822" => ".eml",
        _ => "",
    };
    let name = part
        .attachment_name()
        .map(|name| short(name.rsplit(['/', '\\']).next().unwrap_or_default(), 150))
        .filter(|name| !name.is_empty())
        .or_else(|| url.as_deref().map(|url| name_of(url, &media_type)))
        .unwrap_or_else(|| if main { format!("message{ending}") } else { format!("part {}{ending}", index + 1) });
    let mut about = Vec::new();
    if let Some(id) = part.content_id() {
        about.push(("Content-ID".into(), short(id, 300)));
    }
    if let Some(charset) = part.content_type().and_then(|kind| kind.attribute("charset")) {
        about.push(("Charset".into(), short(charset, 60)));
    }
    Piece { name, media_type, bytes, url, captured, stated: Vec::new(), about, main }
}
