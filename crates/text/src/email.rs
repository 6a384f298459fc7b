//! E-mail and saved pages (MHTML): headers, the best body, attachments.

use crate::detect::Format;
use crate::document::{Attachment, BlockKind, Document, Options};
use crate::error::Error;
use mail_parser::{Address, HeaderValue, Message, MessageParser, MessagePart, MimeHeaders, PartType};

const MAX_ATTACHMENTS: usize = 200;
const MAX_BYTES: usize = 48 << 20;
/// Messages in messages.
const MAX_DEPTH: usize = 4;

pub fn read(bytes: &[u8], format: Format, options: &Options, depth: usize) -> Result<Document, Error> {
    if depth > MAX_DEPTH {
        return Err(Error::too_large(format.name(), "messages are nested too deeply in it"));
    }
    let message = MessageParser::default().parse(bytes).ok_or_else(|| {
        Error::broken(format.name(), "it has no header lines; was it saved as .eml from the mail program?")
    })?;
    let mut document = if format == Format::Mhtml { page(&message, options)? } else { body(&message, options)? };
    headers(&message, format, &mut document);
    if options.attachments && format == Format::Email {
        attachments(&message, &mut document);
    }
    Ok(document)
}

fn body(message: &Message<'_>, options: &Options) -> Result<Document, Error> {
    let html = message.html_bodies().find_map(|part| match &part.body {
        PartType::Html(html) => Some(html.as_ref()),
        _ => None,
    });
    let text = message.text_bodies().find_map(|part| match &part.body {
        PartType::Text(text) => Some(text.as_ref()),
        _ => None,
    });
    // The HTML part has the lists and tables; it is taken if it has the words too.
    if let Some(html) = html {
        let document = crate::html::read_whole(html, options)?;
        if !document.text.is_empty() && (text.is_none() || document.text.len() * 2 >= text.unwrap_or("").trim().len()) {
            return Ok(Document { title: None, byline: None, ..document });
        }
    }
    let mut document =
        Document { text: text.unwrap_or("").replace("\r\n", "\n").trim_end().to_owned(), ..Document::default() };
    if document.text.len() > crate::writer::MAX_TEXT {
        return Err(Error::too_large("email", "it holds more than 48 MB of text"));
    }
    crate::plain::blocks(&mut document);
    document.title = None;
    // A message has a subject; a first line that looks like a headline is a greeting.
    for block in &mut document.blocks {
        if matches!(block.kind, BlockKind::Title | BlockKind::Heading(_)) {
            block.kind = BlockKind::Paragraph;
        }
    }
    if document.text.is_empty() {
        document.warn("the message has no words of its own");
    }
    Ok(document)
}

/// A saved page: its HTML part, with the address it was saved from.
fn page(message: &Message<'_>, options: &Options) -> Result<Document, Error> {
    let part = message.parts.iter().find(|part| matches!(part.body, PartType::Html(_)));
    let Some(MessagePart { body: PartType::Html(html), .. }) = part else {
        return Err(Error::broken("mhtml", "it holds no page"));
    };
    let mut document = crate::html::read_text(html, options)?;
    let snapshot = message.header("Snapshot-Content-Location").and_then(text_of);
    let located = snapshot.or_else(|| part.and_then(|part| part.content_location()).map(str::to_owned));
    if let Some(address) = located.as_deref().and_then(crate::html::address) {
        document.tell("Saved from", address.as_str());
        document.canonical = document.canonical.take().or(Some(address));
    }
    Ok(document)
}

fn headers(message: &Message<'_>, format: Format, document: &mut Document) {
    let date = message.date().map(mail_parser::DateTime::to_rfc3339);
    if format == Format::Mhtml {
        if let Some(date) = date {
            document.tell("Saved", date);
        }
        return;
    }
    for (key, address) in
        [("From", message.from()), ("To", message.to()), ("Cc", message.cc()), ("Reply-To", message.reply_to())]
    {
        if let Some(address) = address {
            document.tell(key, addresses(address));
        }
    }
    if let Some(subject) = message.subject() {
        document.tell("Subject", subject);
        document.title = Some(crate::writer::collapse(subject)).filter(|subject| !subject.is_empty());
    }
    if let Some(id) = message.message_id() {
        document.tell("Message-ID", id);
    }
    if let Some(date) = date {
        document.published = crate::dates::edtf(&date);
        document.tell("Date", date);
    }
    for name in ["X-Mailer", "User-Agent", "Organization", "In-Reply-To", "Return-Path"] {
        if let Some(value) = message.header(name).and_then(text_of) {
            document.tell(name, value);
        }
    }
    for (name, value) in message.headers_raw().filter(|(name, _)| name.eq_ignore_ascii_case("Received")).take(20) {
        document.tell(name, crate::writer::collapse(value));
    }
    document.byline = message
        .from()
        .and_then(|from| from.first())
        .and_then(|from| from.name.as_deref().or(from.address.as_deref()).map(crate::writer::collapse));
}

fn text_of(value: &HeaderValue<'_>) -> Option<String> {
    value.as_text().map(str::to_owned)
}

fn addresses(address: &Address<'_>) -> String {
    let each: Vec<String> = address
        .iter()
        .take(200)
        .map(|one| match (one.name.as_deref(), one.address.as_deref()) {
            (Some(name), Some(address)) => format!("{name} <{address}>"),
            (Some(one), None) | (None, Some(one)) => one.to_owned(),
            (None, None) => String::new(),
        })
        .filter(|one| !one.is_empty())
        .collect();
    each.join(", ")
}

fn attachments(message: &Message<'_>, document: &mut Document) {
    let mut left = MAX_BYTES;
    for (number, part) in message.attachments().enumerate() {
        let name = part.attachment_name().map_or_else(|| format!("attachment {}", number + 1), str::to_owned);
        if document.attachments.len() >= MAX_ATTACHMENTS {
            document.warn(format!("only the first {MAX_ATTACHMENTS} attachments were taken"));
            return;
        }
        let bytes = match &part.body {
            PartType::Message(inner) => inner.raw_message().to_vec(),
            _ => part.contents().to_vec(),
        };
        let Some(rest) = left.checked_sub(bytes.len()) else {
            document.warn(format!(
                "the attachment {name} was not taken: the attachments are larger than {} MB",
                MAX_BYTES >> 20
            ));
            continue;
        };
        left = rest;
        let told = crate::detect::format(&bytes, &name).ok().map(|format| format.media_type().to_owned());
        let declared =
            part.content_type().map(|kind| format!("{}/{}", kind.ctype(), kind.subtype().unwrap_or("octet-stream")));
        let media_type = told.or(declared).unwrap_or_else(|| "application/octet-stream".to_owned());
        document.attachments.push(Attachment { name, media_type, bytes });
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    const MAIL: &str = "From: =?utf-8?q?Sok_Dara?= <dara@example.org>\r\nTo: desk@example.org\r\nSubject: Nine arrested\r\nMessage-ID: <1@example.org>\r\nDate: Mon, 16 Nov 2020 10:00:00 +0700\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nDear all,\r\n\r\nNine people were arrested.\r\n--b\r\nContent-Type: text/csv; name=list.csv\r\nContent-Disposition: attachment; filename=list.csv\r\n\r\na,b\r\n1,2\r\n--b--\r\n";

    #[test]
    fn a_message_gives_its_words_headers_and_attachments() {
        let document = read(MAIL.as_bytes(), Format::Email, &Options::default(), 0).unwrap();
        assert_eq!(document.text, "Dear all,\n\nNine people were arrested.");
        assert_eq!(document.title.as_deref(), Some("Nine arrested"));
        assert_eq!(document.byline.as_deref(), Some("Sok Dara"));
        assert_eq!(document.published.as_deref(), Some("2020-11-16"));
        assert!(document.about.contains(&("From".to_owned(), "Sok Dara <dara@example.org>".to_owned())));
        assert_eq!(document.attachments[0].name, "list.csv");
        assert_eq!(document.attachments[0].media_type, "text/csv");
        document.check().unwrap();
    }

    #[test]
    fn a_saved_page_gives_its_article_and_address() {
        let page = "From: <Saved by Blink>\r\nSnapshot-Content-Location: https://news.example/a\r\nSubject: x\r\nDate: Mon, 16 Nov 2020 03:00:00 +0000\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related; type=\"text/html\"; boundary=\"b\"\r\n\r\n--b\r\nContent-Type: text/html\r\nContent-Location: https://news.example/a\r\n\r\n<html><body><h1>Nine arrested</h1><p>Nine people were arrested.</p></body></html>\r\n--b--\r\n";
        assert_eq!(crate::detect::format(page.as_bytes(), "a.mhtml").unwrap(), Format::Mhtml);
        let document = read(page.as_bytes(), Format::Mhtml, &Options::default(), 0).unwrap();
        assert_eq!(document.text, "Nine arrested\n\nNine people were arrested.");
        assert_eq!(document.canonical.as_deref(), Some("https://news.example/a"));
    }
}
