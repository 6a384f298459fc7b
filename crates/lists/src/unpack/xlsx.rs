//! Excel's workbooks, by calamine, after all their parts were unpacked once within bounds.
//!
//! Formulas are not run: the value that the workbook keeps beside one is taken.

use std::io::Cursor;

use calamine::{DataRef, ExcelDateTime, Reader, Xlsx, XlsxError};

use super::{MOST_SHEETS, Sheet, Writer, broken, too_large};

const FORMAT: &str = "xlsx";

pub fn read(bytes: &[u8]) -> Result<Vec<Sheet>, text::Error> {
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(|error| match error {
        XlsxError::Password => text::Error::Encrypted { format: FORMAT.into() },
        other => broken(FORMAT, other.to_string()),
    })?;
    let mut sheets = Vec::new();
    for name in book.sheet_names().into_iter().take(MOST_SHEETS) {
        let Ok(mut reader) = book.worksheet_cells_reader(&name) else { continue };
        let mut out = Writer::default();
        let (mut row, mut at) = (Vec::new(), 0);
        while let Some(cell) =
            reader.next_cell().map_err(|error| broken(FORMAT, format!("sheet {name}: {error}; was it sent whole?")))?
        {
            let (line, column) = cell.get_position();
            if line != at {
                out.row(u64::from(at) + 1, &row)?;
                row.clear();
                at = line;
            }
            let column = column as usize;
            if column >= 16_384 {
                return Err(too_large(FORMAT, format!("its sheet {name} has a cell in column {}", column + 1)));
            }
            let words = shown(cell.get_value());
            if words.is_empty() {
                continue;
            }
            if row.len() <= column {
                row.resize(column + 1, String::new());
            }
            row[column] = words;
        }
        out.row(u64::from(at) + 1, &row)?;
        sheets.push(Sheet { name, csv: out.csv });
    }
    Ok(sheets)
}

fn shown(value: &DataRef<'_>) -> String {
    match value {
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.clone(),
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) => figure(*number),
        DataRef::Bool(value) => value.to_string().to_uppercase(),
        DataRef::DateTime(date) => dated(date),
        DataRef::Error(error) => error.to_string(),
        DataRef::Empty => String::new(),
    }
}

/// A number as people write it. Fifteen digits are what Excel shows and keeps; more are the machine’s way of writing 0.3.
fn figure(number: f64) -> String {
    let short = number.to_string();
    if short.bytes().filter(u8::is_ascii_digit).count() <= 15 {
        return short;
    }
    let rounded: f64 = format!("{number:.14e}").parse().unwrap_or(number);
    rounded.to_string()
}

/// A day as ISO 8601, with its time if it has one; a length of time as hours and minutes.
fn dated(date: &ExcelDateTime) -> String {
    let days = date.as_f64();
    if !(-1e6..1e7).contains(&days) {
        return figure(days);
    }
    if date.is_duration() {
        let minutes = (days * 1440.0).round() as i64;
        return format!("{}:{:02}", minutes / 60, (minutes % 60).abs());
    }
    let (year, month, day, hour, minute, second, _) = date.to_ymd_hms_milli();
    match (hour, minute, second) {
        (0, 0, 0) => format!("{year:04}-{month:02}-{day:02}"),
        (_, _, 0) => format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}"),
        _ => format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}"),
    }
}

#[cfg(test)]
mod tests {
    use super::figure;

    #[test]
    fn figures_are_as_people_write_them() {
        let all = [1.0, 0.1 + 0.2, 44_044.0, 1.5, -3.0, 12_345_678_901_234.0];
        assert_eq!(all.map(figure), ["1", "0.3", "44044", "1.5", "-3", "12345678901234"]);
    }
}
