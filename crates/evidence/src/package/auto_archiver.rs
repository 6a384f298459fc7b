//! Tables of Bellingcat's auto-archiver: a Google Sheet saved as CSV, with the columns that its `gsheet` module writes
//! (default names and the settings' keys), or the file of its `csv_db` module (`status`, `metadata`, `media`).

use serde_json::Value;

use super::{Kind, Package, Piece, StatedHash, literal, moments, short};
use crate::{Error, Finding, Limits};

const WHAT: &str = "table of the auto-archiver";

/// What a column is, by its name as it is written by default or in the settings.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Column {
    Url,
    Status,
    Folder,
    Archive,
    Date,
    Thumbnail,
    Timestamp,
    Title,
    Text,
    Screenshot,
    Hash,
    PdqHash,
    Wacz,
    Replay,
    Duration,
    Metadata,
    Media,
}

fn column(name: &str) -> Option<Column> {
    Some(match name.trim().to_lowercase().replace('_', " ").as_str() {
        "link" | "url" => Column::Url,
        "archive status" | "status" => Column::Status,
        "destination folder" | "folder" => Column::Folder,
        "archive location" | "archive" => Column::Archive,
        "archive date" | "date" => Column::Date,
        "thumbnail" | "thumbnail index" => Column::Thumbnail,
        "upload timestamp" | "timestamp" => Column::Timestamp,
        "upload title" | "title" => Column::Title,
        "text content" | "text" => Column::Text,
        "screenshot" => Column::Screenshot,
        "hash" => Column::Hash,
        "perceptual hashes" | "pdq hash" => Column::PdqHash,
        "wacz" => Column::Wacz,
        "replaywebpage" => Column::Replay,
        "duration" => Column::Duration,
        "metadata" => Column::Metadata,
        "media" => Column::Media,
        _ => return None,
    })
}

/// A sheet has the address and what the archiver writes; a table of addresses alone is another's.
fn is_head(columns: &[Option<Column>]) -> bool {
    let has = |column: Column| columns.contains(&Some(column));
    let sheet = has(Column::Url)
        && has(Column::Status)
        && [Column::Archive, Column::Hash, Column::Wacz, Column::Screenshot].into_iter().any(has);
    let database = has(Column::Status) && has(Column::Metadata) && has(Column::Media);
    sheet || database
}

pub(super) fn open(bytes: &[u8], limits: &Limits) -> Result<Option<Package>, Error> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let first = bytes.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let count = |delimiter: u8| first.iter().filter(|byte| **byte == delimiter).count();
    let delimiter =
        [b',', b'\t', b';'].into_iter().max_by_key(|delimiter| (count(*delimiter), *delimiter == b',')).unwrap_or(b',');
    let mut reader =
        csv::ReaderBuilder::new().delimiter(delimiter).has_headers(false).flexible(true).from_reader(bytes);
    let mut package = Package { kind: Kind::AutoArchiver, pieces: Vec::new(), about: Vec::new(), findings: Vec::new() };
    let mut head: Option<Vec<Option<Column>>> = None;
    let mut names: Vec<String> = Vec::new();
    let mut row = csv::ByteRecord::new();
    let mut number = 0;
    loop {
        match reader.read_byte_record(&mut row) {
            Ok(true) => {}
            Ok(false) => break,
            Err(error) if head.is_none() => {
                return if number == 0 {
                    Ok(None)
                } else {
                    Err(Error::broken(WHAT, format!("row {number}"), error.to_string()))
                };
            }
            Err(error) => {
                package
                    .findings
                    .push(Finding::new(format!("after row {number}"), format!("it cannot be read: {error}")));
                break;
            }
        }
        number += 1;
        if number > limits.entries {
            return Err(Error::TooLarge { what: format!("this {WHAT}"), limit: limits.entries as u64, unit: "rows" });
        }
        let cells: Vec<String> = row.iter().map(|cell| String::from_utf8_lossy(cell).trim().to_owned()).collect();
        let Some(columns) = &head else {
            let columns: Vec<Option<Column>> = cells.iter().map(|cell| column(cell)).collect();
            // A title may stand above the head.
            if is_head(&columns) {
                let others: Vec<&str> = cells
                    .iter()
                    .zip(&columns)
                    .filter(|(name, column)| column.is_none() && !name.is_empty())
                    .map(|(name, _)| name.as_str())
                    .collect();
                if !others.is_empty() {
                    package.about.push(("Other columns".into(), short(&others.join(", "), 500)));
                }
                head = Some(columns);
                names = cells;
            } else if number >= 10 {
                return Ok(None);
            }
            continue;
        };
        let line = row.position().map_or(0, csv::Position::line);
        if cells.iter().all(String::is_empty) {
            continue;
        }
        let place = format!("line {line}");
        if row.iter().any(|cell| std::str::from_utf8(cell).is_err()) {
            package.findings.push(Finding::new(
                &place,
                "some letters are not in UTF-8 and are shown as \u{fffd}; save the table as CSV in UTF-8",
            ));
        }
        let taken = if columns.contains(&Some(Column::Metadata)) && !columns.contains(&Some(Column::Url)) {
            database(&cells, columns)
        } else {
            sheet(&cells, columns, &names)
        };
        match taken {
            Ok((piece, remarks)) => {
                package.pieces.push(piece);
                package.findings.extend(remarks.into_iter().map(|remark| Finding::new(&place, remark)));
            }
            Err(reason) => package.findings.push(Finding::new(&place, format!("not taken: {reason}"))),
        }
    }
    Ok(head.is_some().then_some(package))
}

type Taken = Result<(Piece, Vec<String>), String>;

fn sheet(cells: &[String], columns: &[Option<Column>], names: &[String]) -> Taken {
    let get = |wanted: Column| {
        columns.iter().zip(cells).find(|(column, _)| **column == Some(wanted)).map_or("", |(_, cell)| cell.as_str())
    };
    let url = address(get(Column::Url))?;
    let archives = addresses(get(Column::Archive));
    let mut about: Vec<(String, String)> = Vec::new();
    for address in &archives {
        about.push(("Archive location".into(), address.clone()));
    }
    for (wanted, label) in [
        (Column::Screenshot, "Screenshot"),
        (Column::Thumbnail, "Thumbnail"),
        (Column::Wacz, "WACZ"),
        (Column::Replay, "Replay"),
    ] {
        about.extend(addresses(get(wanted)).into_iter().map(|address| (label.to_owned(), address)));
    }
    for (wanted, label) in [
        (Column::Title, "Title"),
        (Column::Timestamp, "Uploaded"),
        (Column::Text, "Text"),
        (Column::Folder, "Folder"),
        (Column::Duration, "Duration"),
        (Column::PdqHash, "PDQ hashes"),
    ] {
        let cell = get(wanted);
        if !cell.is_empty() {
            about.push((label.into(), cell.chars().take(20_000).collect()));
        }
    }
    for ((name, column), cell) in names.iter().zip(columns).zip(cells) {
        if column.is_none() && !cell.is_empty() && !name.is_empty() {
            about.push((short(name, 100), cell.chars().take(2_000).collect()));
        }
    }
    finish(
        url,
        get(Column::Status),
        get(Column::Hash),
        get(Column::Date),
        get(Column::Title),
        archives.first().map(String::as_str),
        about,
    )
}

/// A row of `csv_db`: Python's `asdict(Metadata)`.
fn database(cells: &[String], columns: &[Option<Column>]) -> Taken {
    let get = |wanted: Column| {
        columns.iter().zip(cells).find(|(column, _)| **column == Some(wanted)).map_or("", |(_, cell)| cell.as_str())
    };
    let metadata = literal::parse(get(Column::Metadata)).ok_or("its column \"metadata\" cannot be read")?;
    let text = |value: &Value, key: &str| value.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
    let url = address(&text(&metadata, "url"))?;
    let media = literal::parse(get(Column::Media)).unwrap_or(Value::Null);
    let mut about = Vec::new();
    let (mut hash, mut archive) = (String::new(), None);
    for item in media.as_array().into_iter().flatten().take(500) {
        let properties = item.get("properties").cloned().unwrap_or(Value::Null);
        let own = text(&properties, "hash");
        let id = text(&properties, "id");
        let label = match id.as_str() {
            "" => "Media",
            "screenshot" => "Screenshot",
            "_final_media" => "Archive location",
            other => other,
        };
        for address in item
            .get("urls")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .filter_map(|url| address(url).ok())
        {
            if archive.is_none() || id == "_final_media" {
                archive = Some(address.clone());
            }
            about.push((
                short(label, 60),
                if own.is_empty() { address } else { format!("{address} ({})", short(&own, 200)) },
            ));
        }
        // The hash that counts is that of the page that shows all the rest.
        if !own.is_empty() && (hash.is_empty() || id == "_final_media") {
            hash = own;
        }
    }
    for (key, label) in [("title", "Title"), ("timestamp", "Uploaded"), ("content", "Text")] {
        let value = text(&metadata, key);
        if !value.is_empty() {
            about.push((label.into(), value.chars().take(20_000).collect()));
        }
    }
    let title = text(&metadata, "title");
    finish(url, get(Column::Status), &hash, &text(&metadata, "_processed_at"), &title, archive.as_deref(), about)
}

fn finish(
    url: String,
    status: &str,
    hash: &str,
    date: &str,
    title: &str,
    archive: Option<&str>,
    mut about: Vec<(String, String)>,
) -> Taken {
    let mut remarks = Vec::new();
    let lower = status.to_lowercase();
    if archive.is_none() && hash.is_empty() {
        return Err(match lower.as_str() {
            "" => "it has no status: the archiver has not come to it yet".into(),
            _ if lower.contains("in progress") => {
                "the archiver had not finished with it when the table was saved".into()
            }
            _ => format!("nothing was archived (status {:?})", short(status, 200)),
        });
    }
    if !lower.contains("success") {
        remarks.push(format!(
            "its status is {:?}, and there is something archived; look whether it is whole",
            short(status, 200)
        ));
    }
    about.insert(0, ("Archive status".into(), short(status, 500)));
    let stated = match hash {
        "" | "not-calculated" => Vec::new(),
        hash => match stated(hash) {
            Some(hash) => vec![hash],
            None => {
                remarks.push(format!("its hash cannot be read: {:?}", short(hash, 200)));
                Vec::new()
            }
        },
    };
    let captured = moments::iso(date);
    if captured.is_none() && !date.is_empty() {
        remarks.push(format!("its archive date is not of a form that is known here: {:?}", short(date, 60)));
        about.push(("Archive date".into(), short(date, 100)));
    }
    let name = if title.is_empty() { super::name_of(&url, "") } else { short(title, 150) };
    Ok((
        Piece {
            name,
            media_type: String::new(),
            bytes: Vec::new(),
            url: Some(url),
            captured,
            stated,
            about,
            main: true,
        },
        remarks,
    ))
}

/// `SHA-256:…` or `SHA3-512:…`; the bare digits of earlier versions say the algorithm only by their number.
fn stated(cell: &str) -> Option<StatedHash> {
    let (algorithm, digits) = match cell.split_once(':') {
        Some((algorithm, digits)) => (algorithm.trim(), digits.trim()),
        None if cell.len() == 64 => ("sha256", cell),
        // SHA-512 was never offered; SHA3-512 was.
        None if cell.len() == 128 => ("sha3-512", cell),
        None => return None,
    };
    crate::hashing::unhex(digits)?;
    let hash = StatedHash::check(algorithm, digits, &[]);
    (hash.hex.len() == digits.len()).then_some(hash)
}

fn address(cell: &str) -> Result<String, String> {
    let cell = cell.trim();
    let lower = cell.to_ascii_lowercase();
    match cell {
        "" => Err("it has no address".into()),
        _ if (lower.starts_with("http://") || lower.starts_with("https://")) && !cell.contains(char::is_whitespace) => {
            Ok(cell.chars().take(4_000).collect())
        }
        _ => Err(format!("its address is none: {:?}", short(cell, 200))),
    }
}

/// Addresses in a cell: one a line, or in a formula (`=IMAGE("…")`). Storage on the archiver's own disk has paths.
fn addresses(cell: &str) -> Vec<String> {
    cell.lines()
        .map(|line| {
            let line = line.trim();
            line.strip_prefix("=IMAGE(\"")
                .or_else(|| line.strip_prefix("=HYPERLINK(\""))
                .and_then(|rest| rest.split('"').next())
                .unwrap_or(line)
        })
        .filter(|line| !line.is_empty() && !line.starts_with('='))
        .map(|line| line.chars().take(4_000).collect())
        .take(200)
        .collect()
}
