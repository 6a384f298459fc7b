//! The file itself: does every page authenticate, is every page there, and are the tables those that this program makes?

use std::collections::HashSet;
use std::io::Read;
use std::path::Path;

use rusqlite::Connection;

use super::{PAGE, TABLES, first_page, unsigned};
use crate::Error;
use crate::storage::Medium;

/// More damaged pages than this are counted, not listed.
const MOST: usize = 200;
/// SQLite never uses the page that holds this byte: file locks stand there. <https://sqlite.org/fileformat2.html#the_lock_byte_page>
const LOCK_BYTE: u64 = 1 << 30;
/// Bytes of a write-ahead log's header, and of the header of each page in it. <https://sqlite.org/fileformat2.html#walformat>
const LOG_HEADER: usize = 32;
const FRAME_HEADER: usize = 24;

pub(super) fn check(path: &Path, open: impl Fn() -> Result<Connection, Error>) -> Result<Medium, Error> {
    let length =
        std::fs::metadata(path).map_err(|source| Error::Io { what: "ledger.db cannot be read".into(), source })?.len();
    let mut medium = Medium { pages: length / PAGE, ..Medium::default() };
    let rest = length % PAGE;
    if length == 0 || rest != 0 {
        let page = length / PAGE + 1;
        medium.damaged.push((Some(page), format!("the file ends within this page, after {rest} of {PAGE} bytes")));
        if length < PAGE {
            return Ok(medium);
        }
    }
    let connection = open()?;
    let mut damaged = unauthentic(&connection)?;
    if !damaged.is_empty() {
        // A page that another process was just writing reads as damaged once; one that is damaged, always.
        let again: HashSet<u64> = unauthentic(&connection)?.into_iter().collect();
        damaged.retain(|page| again.contains(page));
    }
    if medium.pages > 1 && damaged.len() as u64 >= medium.pages {
        // One byte of the salt, and no page of the file authenticates: it would be idle to list them all.
        medium.damaged.push((Some(1), "with it no page authenticates: the salt in its first 16 bytes was changed, or the file is another workspace’s".into()));
        return Ok(medium);
    }
    for page in damaged {
        note(&mut medium, page, "it does not authenticate: some of its bytes were changed, or it is another page’s");
    }
    let pages =
        match connection.pragma_query_value(None, "page_count", |row| row.get(0).map(unsigned)).map_err(first_page) {
            Ok(pages) => pages,
            // Every page authenticates, and the first says that there are more.
            Err(Error::Damaged { .. }) if medium.damaged.is_empty() => {
                note(&mut medium, length / PAGE + 1, "it is missing: the file was cut off");
                return Ok(medium);
            }
            // Above a damaged first page there is nothing to read.
            Err(_) if !medium.damaged.is_empty() => return Ok(medium),
            Err(error) => return Err(error),
        };
    let logged = logged(path);
    for page in length.div_ceil(PAGE) + 1..=pages {
        if !logged.contains(&page) {
            note(&mut medium, page, "it is missing: the file was cut off");
        }
    }
    if medium.pages > pages.max(logged.iter().copied().max().unwrap_or(0)) {
        note(&mut medium, pages + 1, "the database ends before it, and the file goes on");
    }
    match foreign_tables(&connection) {
        Ok(problems) => medium.damaged.extend(problems.into_iter().map(|problem| (None, problem))),
        Err(_) if !medium.damaged.is_empty() => {}
        Err(error) => return Err(error),
    }
    Ok(medium)
}

fn note(medium: &mut Medium, page: u64, problem: &str) {
    if page == LOCK_BYTE / PAGE + 1 || medium.damaged.iter().any(|(known, _)| *known == Some(page)) {
        return;
    }
    if medium.damaged.len() < MOST {
        medium.damaged.push((Some(page), problem.into()));
    } else {
        medium.more += 1;
    }
}

/// Pages whose HMAC does not fit, by SQLCipher’s own check, which says “… page 7” of each.
fn unauthentic(connection: &Connection) -> Result<Vec<u64>, Error> {
    let mut statement = connection.prepare("PRAGMA cipher_integrity_check")?;
    let rows = statement.query_map([], |row| row.get::<_, String>(0))?;
    let mut pages = Vec::new();
    for row in rows {
        let problem = row?;
        match page_in(&problem) {
            Some(page) => pages.push(page),
            None => return Err(Error::Damaged { place: "ledger.db".into(), problem }),
        }
    }
    Ok(pages)
}

fn page_in(problem: &str) -> Option<u64> {
    let (_, rest) = problem.rsplit_once("page ")?;
    rest.split(|character: char| !character.is_ascii_digit()).next()?.parse().ok()
}

/// Pages that the write-ahead log holds, whatever their age: they may lack in the file as long as they are here.
fn logged(path: &Path) -> HashSet<u64> {
    let mut name = path.as_os_str().to_owned();
    name.push("-wal");
    let mut pages = HashSet::new();
    let Ok(file) = std::fs::File::open(name) else { return pages };
    let mut file = std::io::BufReader::new(file);
    let mut header = [0; LOG_HEADER];
    if file.read_exact(&mut header).is_err() {
        return pages;
    }
    let mut frame = vec![0; FRAME_HEADER + PAGE as usize];
    // Frames of an earlier run of the log carry another salt: bytes 16 to 24 of the header, 8 to 16 of a frame.
    while file.read_exact(&mut frame).is_ok() && frame[8..16] == header[16..24] {
        pages.insert(u64::from(u32::from_be_bytes([frame[0], frame[1], frame[2], frame[3]])));
    }
    pages
}

/// Tables, indexes or triggers that are not as this program makes them.
fn foreign_tables(connection: &Connection) -> Result<Vec<String>, Error> {
    let definitions = |connection: &Connection| -> Result<HashSet<(String, String)>, Error> {
        let mut statement = connection.prepare("SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL")?;
        let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    };
    let fresh = Connection::open_in_memory()?;
    fresh.execute_batch(TABLES)?;
    let (expected, found) = (definitions(&fresh)?, definitions(connection)?);
    let mut names: Vec<&str> = expected.symmetric_difference(&found).map(|(name, _)| name.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    Ok(names
        .into_iter()
        .map(|name| format!("the table, index or trigger “{name}” is not as this program makes it"))
        .collect())
}
