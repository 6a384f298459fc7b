//! CSV: the separator and the encoding are told from the bytes.

use super::{MAX_CELLS, Rows, Sheets};
use crate::document::{Document, Options};
use crate::error::Error;

const FORMAT: &str = "csv";

pub fn read(bytes: &[u8], _options: &Options) -> Result<Document, Error> {
    let text = crate::decode::text(bytes);
    // Excel's own hint, which is no row.
    let (hint, body) = match text.split_once('\n') {
        Some((first, rest)) if first.trim().to_ascii_lowercase().starts_with("sep=") => {
            (first.trim().as_bytes().get(4).copied(), rest)
        }
        _ => (None, text.as_str()),
    };
    let separator = hint.unwrap_or_else(|| separator(body));
    let mut reader =
        csv::ReaderBuilder::new().delimiter(separator).has_headers(false).flexible(true).from_reader(body.as_bytes());
    let mut sheets = Sheets::new(FORMAT);
    let mut widths = (usize::MAX, 0);
    for (number, record) in reader.records().enumerate() {
        let record = record.map_err(|error| Error::broken(FORMAT, format!("row {}: {error}", number + 1)))?;
        if record.len() > MAX_CELLS {
            return Err(Error::too_large(FORMAT, format!("row {} has {} cells", number + 1, record.len())));
        }
        widths = (widths.0.min(record.len()), widths.1.max(record.len()));
        let row: Vec<String> = record.iter().map(str::to_owned).collect();
        sheets.words(&row)?;
    }
    sheets.end(0, 0)?;
    let mut writer = sheets.writer;
    if widths.0 < widths.1 {
        writer.document.warn(format!("the rows have from {} to {} cells", widths.0, widths.1));
    }
    writer
        .document
        .tell("Separator", if separator == b'\t' { "tab".to_owned() } else { char::from(separator).to_string() });
    writer.finish(FORMAT)
}

/// The separator that cuts the first rows into the most equal cells, quotation marks respected.
fn separator(text: &str) -> u8 {
    let sample = crate::count::head(text, 64 << 10);
    let mut best = (0_usize, b',');
    for candidate in [b',', b';', b'\t', b'|'] {
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(candidate)
            .has_headers(false)
            .flexible(true)
            .from_reader(sample.as_bytes());
        let counts: Vec<usize> = reader.records().take(40).flatten().map(|record| record.len()).collect();
        let Some(first) = counts.first().copied().filter(|first| *first > 1) else { continue };
        let same = counts.iter().filter(|count| **count == first).count();
        let score = same * 100 / counts.len().max(1) * 100 + first.min(99);
        if score > best.0 {
            best = (score, candidate);
        }
    }
    best.1
}
