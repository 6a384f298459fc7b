//! Which format is it? Told from the bytes; the name only decides between kinds of plain text.

use crate::error::Error;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    Html,
    Pdf,
    Docx,
    Odt,
    Rtf,
    Text,
    Markdown,
    Email,
    Mhtml,
    Xlsx,
    Xls,
    Ods,
    Csv,
    Image(&'static str),
}

impl Format {
    pub fn name(self) -> &'static str {
        match self {
            Self::Html => "html",
            Self::Pdf => "pdf",
            Self::Docx => "docx",
            Self::Odt => "odt",
            Self::Rtf => "rtf",
            Self::Text => "text",
            Self::Markdown => "markdown",
            Self::Email => "email",
            Self::Mhtml => "mhtml",
            Self::Xlsx => "xlsx",
            Self::Xls => "xls",
            Self::Ods => "ods",
            Self::Csv => "csv",
            Self::Image(_) => "image",
        }
    }

    pub fn media_type(self) -> &'static str {
        match self {
            Self::Html => "text/html",
            Self::Pdf => "application/pdf",
            Self::Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            Self::Odt => "application/vnd.oasis.opendocument.text",
            Self::Rtf => "application/rtf",
            Self::Text => "text/plain",
            Self::Markdown => "text/markdown",
            Self::Email => "message/rfc822",
            Self::Mhtml => "multipart/related",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Xls => "application/vnd.ms-excel",
            Self::Ods => "application/vnd.oasis.opendocument.spreadsheet",
            Self::Csv => "text/csv",
            Self::Image(media_type) => media_type,
        }
    }
}

/// Tells the format.
///
/// # Errors
/// When no reader exists for it.
pub fn format(bytes: &[u8], file_name: &str) -> Result<Format, Error> {
    let head = &bytes[..bytes.len().min(1024)];
    if find(head, b"%PDF-").is_some() {
        return Ok(Format::Pdf);
    }
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06") {
        return zipped(bytes);
    }
    if bytes.starts_with(&[0xD0, 0xCF, 0x11, 0xE0]) {
        return compound(bytes);
    }
    if bytes.trim_ascii_start().starts_with(b"{\\rtf") {
        return Ok(Format::Rtf);
    }
    if let Some(media_type) = picture(bytes) {
        return Ok(Format::Image(media_type));
    }
    if let Some((what, hint)) = other(bytes) {
        return Err(unsupported(what, hint));
    }
    written(bytes, file_name)
}

fn unsupported(what: &str, hint: &str) -> Error {
    Error::Unsupported { what: what.to_owned(), hint: hint.to_owned() }
}

/// Where a needle begins.
pub fn find(bytes: &[u8], needle: &[u8]) -> Option<usize> {
    bytes.windows(needle.len()).position(|window| window == needle)
}

fn zipped(bytes: &[u8]) -> Result<Format, Error> {
    let names = crate::archive::names(bytes)?;
    let has = |start: &str| names.iter().any(|name| name.starts_with(start));
    if names.iter().any(|name| name == "mimetype") && has("content.xml") {
        let kind = crate::archive::Archive::open(bytes, "file")?.text("mimetype")?.unwrap_or_default();
        return match kind.trim() {
            "application/vnd.oasis.opendocument.text" | "application/vnd.oasis.opendocument.text-template" => {
                Ok(Format::Odt)
            }
            "application/vnd.oasis.opendocument.spreadsheet" => Ok(Format::Ods),
            _ => Err(unsupported("This kind of OpenDocument file", "save it as PDF or ODT")),
        };
    }
    if has("word/") {
        Ok(Format::Docx)
    } else if has("xl/") {
        if names.iter().any(|name| name.ends_with("workbook.bin")) {
            return Err(unsupported("A binary Excel file (.xlsb)", "save it as XLSX"));
        }
        Ok(Format::Xlsx)
    } else if has("ppt/") {
        Err(unsupported("A PowerPoint file", "save it as PDF and add the PDF"))
    } else {
        Err(unsupported("An archive (ZIP)", "unpack it and add the files in it"))
    }
}

/// OLE compound files: the names of their streams are UTF-16LE in the directory.
fn compound(bytes: &[u8]) -> Result<Format, Error> {
    let has = |name: &str| {
        let wide: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
        find(bytes, &wide).is_some()
    };
    if has("EncryptedPackage") {
        Err(Error::Encrypted { format: "Office".to_owned() })
    } else if has("WordDocument") {
        Err(unsupported("A Word file of the old kind (.doc)", "open it in Word or LibreOffice and save as DOCX"))
    } else if has("Workbook") || has("Book") {
        Ok(Format::Xls)
    } else if has("__substg1.0_") {
        Err(unsupported("An Outlook message (.msg)", "save it from the mail program as .eml"))
    } else {
        Err(unsupported("A file of the old Office kind", "open it in LibreOffice and save as DOCX, XLSX or PDF"))
    }
}

fn picture(bytes: &[u8]) -> Option<&'static str> {
    match bytes {
        [0x89, b'P', b'N', b'G', ..] => Some("image/png"),
        [0xFF, 0xD8, 0xFF, ..] => Some("image/jpeg"),
        [b'G', b'I', b'F', b'8', ..] => Some("image/gif"),
        [b'I', b'I', 0x2A, 0, ..] | [b'M', b'M', 0, 0x2A, ..] => Some("image/tiff"),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some("image/webp"),
        [b'B', b'M', _, _, _, _, 0, 0, 0, 0, ..] => Some("image/bmp"),
        _ => None,
    }
}

fn other(bytes: &[u8]) -> Option<(&'static str, &'static str)> {
    const MEDIA: &str = "keep it in the vault and add a transcript";
    Some(match bytes {
        [0x1F, 0x8B, ..] => ("A compressed file (gzip)", "unpack it and add what is in it"),
        [b'7', b'z', 0xBC, 0xAF, ..] => ("An archive (7z)", "unpack it and add the files in it"),
        [b'R', b'a', b'r', b'!', ..] => ("An archive (RAR)", "unpack it and add the files in it"),
        [_, _, _, _, b'f', b't', b'y', b'p', b'h' | b'm', b'e' | b'i', b'i' | b'f', ..] => {
            ("A HEIC picture", "save it as JPEG or PNG")
        }
        [_, _, _, _, b'f', b't', b'y', b'p', ..] => ("A video or sound recording", MEDIA),
        [0x1A, 0x45, 0xDF, 0xA3, ..] => ("A video", MEDIA),
        [b'O', b'g', b'g', b'S', ..] | [b'I', b'D', b'3', ..] | [b'f', b'L', b'a', b'C', ..] => {
            ("A sound recording", MEDIA)
        }
        [b'R', b'I', b'F', b'F', ..] => ("A sound recording or video", MEDIA),
        [b'%', b'!', b'P', b'S', ..] => ("A PostScript file", "save it as PDF"),
        _ => return None,
    })
}

/// Files of characters: HTML, e-mail, CSV, Markdown, or plain text.
fn written(bytes: &[u8], file_name: &str) -> Result<Format, Error> {
    let start = crate::decode::text(&bytes[..bytes.len().min(4096) & !1]);
    let odd = start
        .chars()
        .filter(|c| {
            (c.is_control() && !matches!(c, '\n' | '\r' | '\t' | '\u{c}' | '\u{1b}'))
                || *c == char::REPLACEMENT_CHARACTER
        })
        .count();
    if odd * 20 > start.chars().count() + 20 {
        return Err(unsupported(
            "This file",
            "it holds no text that this program knows; add a PDF, DOCX, HTML or text version of it",
        ));
    }
    let extension = file_name.rsplit_once('.').map(|(_, end)| end.to_ascii_lowercase()).unwrap_or_default();
    let lower = start.trim_start().to_ascii_lowercase();
    if is_page(&lower) || (matches!(extension.as_str(), "html" | "htm" | "xhtml") && lower.contains('<')) {
        return Ok(Format::Html);
    }
    if let Some(format) = message(&start, &extension) {
        return Ok(format);
    }
    Ok(match extension.as_str() {
        "md" | "markdown" | "mkd" => Format::Markdown,
        "csv" | "tsv" | "tab" => Format::Csv,
        _ => Format::Text,
    })
}

fn is_page(lower: &str) -> bool {
    let mut rest = lower;
    // A declaration and comments may stand first.
    for _ in 0..8 {
        rest = rest.trim_start();
        let end = if rest.starts_with("<!--") {
            rest.find("-->").map(|at| at + 3)
        } else if rest.starts_with("<?") {
            rest.find('>').map(|at| at + 1)
        } else {
            None
        };
        match end {
            Some(end) => rest = &rest[end..],
            None => break,
        }
    }
    ["<!doctype html", "<html", "<head", "<body"].iter().any(|start| rest.starts_with(start))
}

/// An e-mail begins with header fields, some of which only e-mail has.
fn message(start: &str, extension: &str) -> Option<Format> {
    let mut known = 0;
    let mut page = false;
    for (number, line) in start.lines().enumerate() {
        if line.is_empty() {
            break;
        }
        if number == 0 && line.starts_with("From ") {
            continue;
        }
        if line.starts_with([' ', '\t']) && number > 0 {
            page |= line.to_ascii_lowercase().contains("text/html");
            continue;
        }
        let (name, value) = line.split_once(':')?;
        if name.is_empty() || !name.bytes().all(|byte| byte.is_ascii_graphic()) {
            return None;
        }
        let name = name.to_ascii_lowercase();
        const KNOWN: [&str; 13] = [
            "from",
            "to",
            "subject",
            "date",
            "mime-version",
            "received",
            "message-id",
            "return-path",
            "content-type",
            "delivered-to",
            "reply-to",
            "dkim-signature",
            "x-mailer",
        ];
        known += usize::from(KNOWN.contains(&name.as_str()));
        page |= name == "snapshot-content-location"
            || (name == "content-type"
                && value.to_ascii_lowercase().contains("multipart/related")
                && extension.starts_with("mht"))
            || (name == "from" && value.to_ascii_lowercase().contains("saved by"));
    }
    let machine = start.lines().take_while(|line| !line.is_empty()).any(|line| {
        let line = line.to_ascii_lowercase();
        ["mime-version:", "received:", "message-id:", "return-path:", "content-type:"]
            .iter()
            .any(|name| line.starts_with(name))
    });
    match (page || extension == "mht" || extension == "mhtml", known) {
        (true, 1..) if machine => Some(Format::Mhtml),
        (_, 2..) if machine || extension == "eml" => Some(Format::Email),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_tell_the_format_and_the_name_only_decides_between_texts() {
        let told = |bytes: &[u8], name: &str| format(bytes, name).map(Format::name).map_err(|error| error.to_string());
        assert_eq!(told(b"%PDF-1.7\n", "a.txt"), Ok("pdf"));
        assert_eq!(told(b"<!-- x --><!DOCTYPE html><p>", "a"), Ok("html"));
        assert_eq!(told(b"{\\rtf1", "a.doc"), Ok("rtf"));
        assert_eq!(told(b"a,b\n1,2\n", "a.csv"), Ok("csv"));
        assert_eq!(told(b"# A\n", "a.md"), Ok("markdown"));
        assert_eq!(told(b"To: the Council\n\nWe write", "letter.txt"), Ok("text"));
        assert_eq!(told(b"From: a@b\r\nTo: c@d\r\nMessage-ID: <x>\r\n\r\nHi", "a"), Ok("email"));
        assert_eq!(told(b"\x89PNG\r\n\x1a\n", "a"), Ok("image"));
        assert!(told(&[0, 1, 2, 3, 250, 251, 7, 8].repeat(40), "a").is_err());
    }
}
