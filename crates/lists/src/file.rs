//! A list as a file: of which kind, with which tables, under which headings; and its rows.

mod rows;
mod told;

use std::fs::File;
use std::io::{self, Cursor, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use schema::fold;

use rows::From;
pub(crate) use rows::Rows;
use told::{foreign, hashed, headings, looks_like_json, made_by};

use crate::encoding::{Encoded, named, tell};
use crate::error::Error;
use crate::mapping::FileRules;
use crate::rejected;
use crate::rows::json::{self, Objects, Shape};
use crate::rows::{Csv, Dialect, Row, tell_dialect};
use crate::unpack::Unpacker;

/// A workbook or archive larger than this is not opened: it has to be in memory as a whole.
const LARGEST_PACKED: u64 = 256 << 20;
/// A file that is one JSON value is read as a whole, up to this many bytes; one of a line for each object may be of any size.
const LARGEST_JSON: u64 = 64 << 20;
/// Rows above the headings that are looked at.
const ABOVE: usize = 20;

/// A list, open. Nothing of a CSV or JSON file is kept in memory but its headings.
pub struct ListFile {
    /// Of the file, without its folder.
    pub name: String,
    /// `csv`, `workbook`, `archive`, `json` or `followthemoney`.
    pub format: &'static str,
    pub tables: Vec<Table>,
    /// What was told from the bytes, for whoever looks at the preview: encoding, separator, rows above the headings.
    pub notices: Vec<String>,
    /// Bytes.
    pub size: u64,
    pub(crate) sha256: [u8; 32],
    pub(crate) media_type: &'static str,
    bytes: Bytes,
}

/// A table of the list: a CSV file has one, a workbook one for each sheet, a form one for each repeat.
#[derive(Clone)]
pub struct Table {
    /// The sheet's, or empty.
    pub name: String,
    /// As the file has them; a second one of the same name is “Name (2)”, one without a name “(column 3)”.
    pub headers: Vec<String>,
    /// Row of the headings, from 1; nought where there is none.
    pub header_row: u64,
    /// Which program made it, as far as the headings tell.
    pub made_by: MadeBy,
    /// The file holds rows that an earlier import did not take, corrected: its last two columns are ours.
    pub(crate) corrected: bool,
    kind: Kind,
}

/// Programs whose exports are known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MadeBy {
    Unknown,
    Odk,
    Kobo,
    Uwazi,
    FollowTheMoney,
}

#[derive(Clone)]
enum Kind {
    Csv {
        encoded: Encoded,
        dialect: Dialect,
    },
    /// Row number, then the cells: what [`Unpacker`] made.
    Sheet(Arc<[u8]>),
    /// `lines`: of a file that is one value, its objects as lines.
    Json {
        encoded: Encoded,
        schema: String,
        lines: Option<Arc<[u8]>>,
    },
}

#[derive(Clone)]
enum Bytes {
    Path(PathBuf),
    Memory(Arc<[u8]>),
}

impl Bytes {
    fn open(&self) -> io::Result<Box<dyn Read>> {
        Ok(match self {
            Bytes::Path(path) => Box::new(File::open(path)?),
            Bytes::Memory(bytes) => Box::new(Cursor::new(Arc::clone(bytes))),
        })
    }
}

impl ListFile {
    /// Opens a file. `rules` are those of its mapping, if there is one yet.
    ///
    /// # Errors
    /// When it cannot be read, is of no kind that is known, is empty, broken, encrypted, or asks for more than a file may.
    pub fn open(path: &Path, rules: &FileRules, unpacker: &Unpacker) -> Result<ListFile, Error> {
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        Self::read(&name, Bytes::Path(path.to_owned()), rules, unpacker).map_err(|error| in_file(error, path))
    }

    /// The same from bytes in memory: what a browser sent.
    ///
    /// # Errors
    /// As [`ListFile::open`].
    pub fn from_bytes(name: &str, bytes: Vec<u8>, rules: &FileRules, unpacker: &Unpacker) -> Result<ListFile, Error> {
        Self::read(name, Bytes::Memory(bytes.into()), rules, unpacker).map_err(|error| in_file(error, Path::new(name)))
    }

    /// The file's bytes, from the beginning.
    pub(crate) fn bytes(&self) -> io::Result<Box<dyn Read>> {
        self.bytes.open()
    }

    /// The table of that name; without a name, the first.
    #[must_use]
    pub fn table(&self, name: Option<&str>) -> Option<(usize, &Table)> {
        match name {
            None => self.tables.first().map(|table| (0, table)),
            Some(name) => self.tables.iter().enumerate().find(|(_, table)| fold(&table.name) == fold(name)),
        }
    }

    fn read(name: &str, bytes: Bytes, rules: &FileRules, unpacker: &Unpacker) -> Result<ListFile, Problem> {
        let (sha256, size, head) = hashed(bytes.open()?)?;
        let mut file = ListFile {
            name: name.into(),
            format: "csv",
            tables: Vec::new(),
            notices: Vec::new(),
            size,
            sha256,
            media_type: "text/csv",
            bytes,
        };
        if size == 0 {
            return Err(Error::file(name, "the file is empty", "was it saved and sent whole?").into());
        }
        if head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06") || head.starts_with(b"\xD0\xCF\x11\xE0") {
            file.unpacked(unpacker)?;
        } else if let Some(kind) = foreign(&head) {
            return Err(
                Error::file(name, format!("this is {kind}, and no list"), "save the list as CSV or XLSX").into()
            );
        } else {
            let said = rules.encoding.as_deref().map(named).transpose()?;
            let encoded = tell(file.bytes.open()?, said)?;
            file.notices.push(format!("encoding {}, told by {}", encoded.encoding.name(), encoded.told_by));
            if looks_like_json(&head, encoded.mark) {
                file.objects(&encoded)?;
            } else {
                file.separated(&encoded, rules)?;
            }
        }
        for table in &mut file.tables {
            if table.made_by == MadeBy::Unknown {
                table.made_by = made_by(&table.headers);
            }
        }
        Ok(file)
    }

    fn unpacked(&mut self, unpacker: &Unpacker) -> Result<(), Problem> {
        if self.size > LARGEST_PACKED {
            return Err(Error::file(
                &self.name,
                format!("the workbook or archive has more than {} MB", LARGEST_PACKED >> 20),
                "save the sheet that you need as CSV, which may be of any size",
            )
            .into());
        }
        let mut bytes = Vec::new();
        self.bytes.open()?.read_to_end(&mut bytes)?;
        let (sheets, told) = unpacker.unpack(&bytes, &self.name)?;
        self.notices.extend(told);
        let zip = self.name.to_ascii_lowercase().ends_with(".zip");
        (self.format, self.media_type) = match (&bytes[..4.min(bytes.len())], zip) {
            (b"PK\x03\x04" | b"PK\x05\x06", true) => ("archive", "application/zip"),
            (b"\xD0\xCF\x11\xE0", _) => ("workbook", "application/vnd.ms-excel"),
            _ if self.name.to_ascii_lowercase().ends_with(".ods") => {
                ("workbook", "application/vnd.oasis.opendocument.spreadsheet")
            }
            _ => ("workbook", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        };
        for sheet in sheets {
            let kind = Kind::Sheet(sheet.csv.into());
            self.headed(&sheet.name, kind, None)?;
        }
        if self.tables.is_empty() {
            let hint = "put headings in the first row of a sheet and the records below";
            return Err(Error::file(&self.name, "it has no sheet with headings", hint).into());
        }
        Ok(())
    }

    fn separated(&mut self, encoded: &Encoded, rules: &FileRules) -> Result<(), Problem> {
        let separator = rules.separator.as_deref().map(one_byte).transpose()?;
        let quote = rules.quote.as_deref().map(one_byte).transpose()?;
        let dialect = tell_dialect(self.bytes.open()?, encoded, separator, quote)?;
        let shown =
            if dialect.separator == b'\t' { "tab".into() } else { format!("“{}”", char::from(dialect.separator)) };
        self.notices.push(format!("cells parted by {shown}"));
        self.headed("", Kind::Csv { encoded: encoded.clone(), dialect }, rules.header)?;
        if self.tables.is_empty() {
            return Err(Error::file(&self.name, "there are no headings in it", "put them in the first row").into());
        }
        Ok(())
    }

    fn objects(&mut self, encoded: &Encoded) -> Result<(), Problem> {
        let lines = self.lines(encoded)?;
        let from = match &lines {
            Some(lines) => Bytes::Memory(Arc::clone(lines)).open()?,
            None => self.bytes.open()?,
        };
        let mut objects = Objects::new(from, encoded);
        let mut shape = Shape::default();
        while let Some(line) = objects.next_line()? {
            if let Some(value) = line.value {
                shape.add(&value);
            }
        }
        (self.format, self.media_type) =
            if shape.entities { ("followthemoney", "application/json+ftm") } else { ("json", "application/jsonl") };
        if shape.columns.is_empty() {
            let hint = "each line is to hold one object, such as {\"name\": …}, or the file a list of them";
            return Err(Error::file(&self.name, "no line of it is a JSON object", hint).into());
        }
        let made_by = if shape.entities { MadeBy::FollowTheMoney } else { MadeBy::Unknown };
        for (schema, headers) in shape.columns {
            let kind = Kind::Json { encoded: encoded.clone(), schema: schema.clone(), lines: lines.clone() };
            self.tables.push(Table { name: schema, headers, header_row: 0, made_by, corrected: false, kind });
        }
        Ok(())
    }

    /// Of a file that is one value, its objects as lines.
    fn lines(&self, encoded: &Encoded) -> Result<Option<Arc<[u8]>>, Problem> {
        if self.size > LARGEST_JSON || encoded.encoding != encoding_rs::UTF_8 {
            return Ok(None);
        }
        let first = Objects::new(self.bytes.open()?, encoded).next_line()?;
        // A whole object in the first line, and more to come: lines.
        if first
            .is_some_and(|line| line.value.is_some_and(|value| value.get("results").or(value.get("value")).is_none()))
        {
            return Ok(None);
        }
        let mut text = String::new();
        Ok(match self.bytes.open()?.read_to_string(&mut text) {
            Ok(_) => json::lines_of(&text).map(|lines| lines.into_bytes().into()),
            Err(_) => None,
        })
    }

    /// Adds a table after looking for its headings; one without any row is left out.
    fn headed(&mut self, name: &str, kind: Kind, said: Option<u64>) -> Result<(), Problem> {
        let mut table = Table {
            name: name.into(),
            headers: Vec::new(),
            header_row: 0,
            made_by: MadeBy::Unknown,
            corrected: false,
            kind,
        };
        let mut rows = self.rows(&table)?;
        let mut above: Vec<Row> = Vec::new();
        while above.len() < ABOVE {
            let Some(row) = rows.next_row()? else { break };
            let found = Some(row.number) == said;
            if !row.is_blank() {
                above.push(row);
            }
            if found {
                break;
            }
        }
        let filled = |row: &Row| row.cells.iter().filter(|cell| !cell.trim().is_empty()).count();
        let widest = above.iter().map(filled).max().unwrap_or(0);
        let header = match said {
            Some(number) => above.iter().position(|row| row.number == number),
            // A title stands in one cell above the headings.
            None => above.iter().position(|row| filled(row) * 2 > widest),
        };
        let Some(at) = header else {
            if let Some(number) = said {
                let hint = "see `header` in the mapping";
                return Err(Error::file(&self.name, format!("there is nothing in row {number}"), hint).into());
            }
            return Ok(());
        };
        if at > 0 {
            let whose = if name.is_empty() { String::new() } else { format!("{name}: ") };
            self.notices.push(format!(
                "{whose}the headings stand in row {}; what stands above them is kept with the file",
                above[at].number
            ));
        }
        table.header_row = above[at].number;
        let (headers, told) = headings(&above[at].cells);
        self.notices.extend(told);
        table.corrected = rejected::is_ours(&headers);
        table.headers = headers;
        self.tables.push(table);
        Ok(())
    }

    /// The rows below the headings, blank ones left out.
    pub(crate) fn rows(&self, table: &Table) -> Result<Rows, Error> {
        let open = || {
            let path = || match &self.bytes {
                Bytes::Path(path) => path.clone(),
                Bytes::Memory(_) => PathBuf::from(&self.name),
            };
            self.bytes.open().map_err(|source| Error::Io { doing: "reading", path: path(), source })
        };
        let from = match &table.kind {
            Kind::Csv { encoded, dialect } => From::Csv(Csv::new(open()?, encoded, dialect)),
            Kind::Sheet(csv) => {
                let encoded = Encoded { encoding: encoding_rs::UTF_8, mark: 0, told_by: "its making" };
                let dialect = Dialect { separator: b',', quote: Some(b'"'), hint: false };
                let bytes: Box<dyn Read> = Box::new(Cursor::new(Arc::clone(csv)));
                From::Sheet(Csv::new(bytes, &encoded, &dialect))
            }
            Kind::Json { encoded, schema, lines } => From::Json {
                whole: lines.is_some(),
                objects: match lines {
                    Some(lines) => Objects::new(Box::new(Cursor::new(Arc::clone(lines))), encoded),
                    None => Objects::new(open()?, encoded),
                },
                schema: schema.clone(),
                columns: table.headers.clone(),
            },
        };
        let hint = matches!(&table.kind, Kind::Csv { dialect, .. } if dialect.hint);
        Ok(Rows {
            from,
            after: table.header_row.max(u64::from(hint)),
            width: table.headers.len(),
            corrected: table.corrected,
            file: self.name.clone(),
        })
    }
}

fn one_byte(text: &str) -> Result<u8, Error> {
    match text.as_bytes() {
        [byte] if byte.is_ascii() => Ok(*byte),
        _ if text == "\\t" || text.eq_ignore_ascii_case("tab") => Ok(b'\t'),
        _ => {
            Err(Error::mapping("file", format!("“{text}” is no single character"), "Write one, such as , or ; or tab."))
        }
    }
}

/// An error, or a file that cannot be read and whose path is not known yet.
enum Problem {
    Io(io::Error),
    Other(Error),
}

impl std::convert::From<io::Error> for Problem {
    fn from(error: io::Error) -> Self {
        Problem::Io(error)
    }
}

impl std::convert::From<Error> for Problem {
    fn from(error: Error) -> Self {
        Problem::Other(error)
    }
}

fn in_file(problem: Problem, path: &Path) -> Error {
    match problem {
        Problem::Io(source) => Error::Io { doing: "reading", path: path.to_owned(), source },
        Problem::Other(error) => error,
    }
}
