//! Reading: which columns there are, what they hold, and every distinct value once.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::columns::{Taken, recognise};
use crate::csv::Reader;
use crate::error::Error;
use crate::intern::{Dict, Texts};
use crate::settings::Settings;
use crate::table::{Column, Kind, Table};

use super::LinkOptions;
use super::encoding::{Encoded, Source, tell};

/// Rows read, with what is not compared beside them.
pub(super) struct Input {
    pub(super) table: Table,
    pub(super) taken: Vec<Taken>,
    pub(super) ids: Option<Column>,
    pub(super) truth: Option<Column>,
    pub(super) files: Vec<FileTaken>,
}

/// A file, and what it was taken for.
#[derive(Clone, Debug, serde::Serialize)]
pub(super) struct FileTaken {
    #[serde(rename = "file")]
    pub(super) name: String,
    #[serde(serialize_with = "name_of", rename = "encoding")]
    pub(super) encoded: Encoded,
    encoding_told_by: &'static str,
    separator: char,
}

fn name_of<S: serde::Serializer>(encoded: &Encoded, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_str(encoded.encoding.name())
}

/// Rows by which a column is recognised.
const SAMPLE: usize = 200;
/// Bytes by which an encoding is told at first.
const BEGINNING: u64 = 256 << 10;
/// Rows whose cells are numbered together.
const STEP: usize = 512;

/// A reader of a file in this encoding.
pub(super) fn open(path: &Path, encoded: Encoded) -> Result<Reader<Source>, Error> {
    let source = Source::open(path, encoded).map_err(|source| Error::Io { path: path.to_owned(), source })?;
    Ok(Reader::new(path, source))
}

/// Why reading ended.
enum Stop {
    Error(Error),
    /// A cell of this file is not UTF-8, though its beginning was.
    Letters(usize, Error),
}

impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        Self::Error(error)
    }
}

/// Reads the files. An encoding is told from a file's beginning; if that turns out wrong, from all of it.
pub(super) fn read(options: &LinkOptions, settings: &Settings) -> Result<Input, Error> {
    let told = |path: &PathBuf, most: u64| tell(path, most).map_err(|source| Error::Io { path: path.clone(), source });
    let mut encodings: Vec<Encoded> =
        options.inputs.iter().map(|path| told(path, BEGINNING)).collect::<Result<_, _>>()?;
    loop {
        match read_as(options, settings, &encodings) {
            Ok(input) => return Ok(input),
            Err(Stop::Error(error)) => return Err(error),
            Err(Stop::Letters(n, error)) => {
                let whole = told(&options.inputs[n], u64::MAX)?;
                if whole.encoding == encodings[n].encoding {
                    return Err(error);
                }
                encodings[n] = whole;
            }
        }
    }
}

/// Reads the files. The columns are shared out among threads, each of which goes through the whole
/// text: finding the cells costs little, and numbers are given in one order whatever the threads.
fn read_as(options: &LinkOptions, settings: &Settings, encodings: &[Encoded]) -> Result<Input, Stop> {
    let mut readers = Vec::new();
    for (path, encoded) in options.inputs.iter().zip(encodings) {
        let mut reader = open(path, *encoded)?;
        let header = reader.header()?;
        readers.push((reader, header));
    }
    let files = options.inputs.iter().zip(encodings).zip(&readers);
    let files: Vec<FileTaken> = files
        .map(|((path, encoded), (reader, _))| FileTaken {
            name: path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default(),
            encoded: *encoded,
            encoding_told_by: encoded.told_by,
            separator: char::from(reader.separator()),
        })
        .collect();
    check_names(settings, &readers)?;
    let mut readers = readers.into_iter();
    let Some((mut reader, header)) = readers.next() else {
        return Err(Error::Nothing("no file to link".to_owned()).into());
    };
    let (taken, mut columns, costs) = plan_columns(&mut reader, &header, options, settings)?;
    let compared = columns.len();
    let mut extra = |name: Option<String>| {
        name.map(|name| {
            columns.push(Column { name, kind: Kind::Ignore, values: Dict::default(), cells: Vec::new() });
            columns.len() - 1
        })
    };
    if let Some(name) = options.id.as_ref().filter(|name| !header.contains(name)) {
        let columns = header.join(", ");
        let what = format!("there is no column “{name}” to tell rows by; the columns are {columns}");
        return Err(reader.error(what).into());
    }
    let id = extra(options.pairs.as_ref().and(id_column(options, &header)));
    if let Some(name) = options.truth.as_ref().filter(|name| !header.contains(name)) {
        let what = format!("there is no truth column “{name}”; the columns are {}", header.join(", "));
        return Err(reader.error(what).into());
    }
    let truth = extra(options.truth.clone());

    // Of the other files: a column of the same heading, or else of the same kind.
    let mut taken = taken;
    let mut others: Vec<Vec<Option<usize>>> = Vec::new();
    for (mut reader, header) in readers {
        let (places, further) = places_in(&mut reader, &header, &columns, settings)?;
        taken.extend(further);
        others.push(places);
    }

    // The dearest columns first, each to the thread that has least to do.
    let threads = settings.threads().clamp(1, 4);
    let mut groups: Vec<(f64, Vec<usize>)> = vec![(0.0, Vec::new()); threads];
    let mut order: Vec<usize> = (0..columns.len()).collect();
    let cost = |c: usize| costs.get(c).copied().unwrap_or(4.0);
    order.sort_by(|&a, &b| cost(b).total_cmp(&cost(a)).then(a.cmp(&b)));
    for c in order {
        if let Some(group) = groups.iter_mut().min_by(|x, y| x.0.total_cmp(&y.0)) {
            group.0 += cost(c);
            group.1.push(c);
        }
    }
    let mut parts: Vec<Vec<Column>> = groups.iter().map(|_| Vec::new()).collect();
    let mut slots: Vec<Option<Column>> = columns.into_iter().map(Some).collect();
    for (part, (_, members)) in parts.iter_mut().zip(&groups) {
        part.extend(members.iter().filter_map(|&c| slots[c].take()));
    }
    let read: Vec<Result<Read, Stop>> = std::thread::scope(|scope| {
        let others = &others;
        let workers: Vec<_> = parts
            .into_iter()
            .zip(&groups)
            .map(|(part, (_, members))| scope.spawn(move || read_columns(options, encodings, others, members, part)))
            .collect();
        workers
            .into_iter()
            .map(|w| {
                w.join().unwrap_or_else(|_| Err(Error::Nothing("a thread that read the file failed".to_owned()).into()))
            })
            .collect()
    });
    let mut sources = Vec::new();
    for (part, (_, members)) in read.into_iter().zip(&groups) {
        let (part, of) = part?;
        sources = of;
        for (column, &c) in part.into_iter().zip(members) {
            slots[c] = Some(column);
        }
    }
    let mut all: Vec<Option<Column>> = slots;
    let truth = truth.and_then(|c| all[c].take());
    let ids = id.and_then(|c| all[c].take());
    all.truncate(compared);
    let table = Table { columns: all.into_iter().flatten().collect(), sources, across_only: options.inputs.len() > 1 };
    Ok(Input { table, taken, ids, truth, files })
}

/// What was taken for what, the columns to read, and about how dear each is.
type Planned = (Vec<Taken>, Vec<Column>, Vec<f64>);
/// Columns with, for each row, its file.
type Read = (Vec<Column>, Vec<u8>);

/// Where a further file has the columns of the first, and what was so taken for what: by heading, or else by kind.
fn places_in(
    reader: &mut Reader<Source>,
    header: &[String],
    columns: &[Column],
    settings: &Settings,
) -> Result<(Vec<Option<usize>>, Vec<Taken>), Error> {
    let samples = samples(reader, header.len())?;
    let mut places: Vec<Option<usize>> = columns.iter().map(|c| header.iter().position(|h| *h == c.name)).collect();
    let mut taken = Vec::new();
    for (at, name) in header.iter().enumerate() {
        if places.contains(&Some(at)) {
            continue;
        }
        let sample: Vec<&str> = samples.get(at).into_iter().flatten().map(String::as_str).collect();
        let kind = settings.columns.get(name).copied().unwrap_or_else(|| recognise(name, &sample).0);
        let free = columns
            .iter()
            .zip(&places)
            .position(|(c, place)| place.is_none() && c.kind == kind && kind != Kind::Ignore);
        if let Some(c) = free {
            places[c] = Some(at);
            taken.push(Taken { column: name.clone(), kind, because: "of the same kind as in the first file" });
        }
    }
    let compared = columns.iter().zip(&places).any(|(c, place)| c.kind != Kind::Ignore && place.is_some());
    if !compared {
        return Err(reader.error(format!(
            "none of its columns holds what those of the first file hold: there are {}; say in the settings what they are",
            header.join(", ")
        )));
    }
    Ok((places, taken))
}

/// The first cells of each column.
fn samples(reader: &mut Reader<Source>, columns: usize) -> Result<Vec<Vec<String>>, Error> {
    let mut samples: Vec<Vec<String>> = vec![Vec::new(); columns];
    for _ in 0..SAMPLE {
        if !reader.next()? {
            break;
        }
        for (i, to) in samples.iter_mut().enumerate().take(reader.len()) {
            to.push(String::from_utf8_lossy(reader.cell(i)).into_owned());
        }
    }
    Ok(samples)
}

/// Reads some of the columns of all files (`members` are their places among all), and for each row its file.
fn read_columns(
    options: &LinkOptions,
    encodings: &[Encoded],
    others: &[Vec<Option<usize>>],
    members: &[usize],
    mut columns: Vec<Column>,
) -> Result<Read, Stop> {
    let mut sources = Vec::new();
    let mut staged: Vec<Texts> = columns.iter().map(|_| Texts::default()).collect();
    let mut seeds = Vec::new();
    for (n, (path, encoded)) in options.inputs.iter().zip(encodings).enumerate() {
        let mut reader = open(path, *encoded)?;
        let header = reader.header()?;
        let places: Vec<Option<usize>> = match n.checked_sub(1).and_then(|n| others.get(n)) {
            Some(places) => members.iter().map(|&c| places.get(c).copied().flatten()).collect(),
            None => columns.iter().map(|c| header.iter().position(|h| *h == c.name)).collect(),
        };
        let mut lines = Vec::new();
        loop {
            let more = reader.next()?;
            if more {
                if reader.len() != header.len() {
                    let what = "cells where the header has";
                    let todo = "quote cells that hold the separator or a line break";
                    return Err(reader.error(format!("{} {what} {}; {todo}", reader.len(), header.len())).into());
                }
                for (texts, at) in staged.iter_mut().zip(&places) {
                    texts.push(at.map_or(&[][..], |at| reader.cell(at).trim_ascii()));
                }
                lines.push(reader.began());
                if options.inputs.len() > 1 {
                    sources.push(n.min(255) as u8);
                }
            }
            if !more || lines.len() == STEP {
                for (column, texts) in columns.iter_mut().zip(&mut staged) {
                    let (known, rows) = (column.values.len() as u32, column.cells.len());
                    column.values.intern_all(texts, &mut seeds, &mut column.cells);
                    texts.clear();
                    // Each distinct value is looked at once, where it first stands.
                    let new = |id: &u32| *id >= known && std::str::from_utf8(column.values.bytes(*id)).is_err();
                    if column.values.len() as u32 > known
                        && let Some(at) = column.cells[rows..].iter().position(new)
                    {
                        let what = format!(
                            "column “{}” is not UTF-8 here, though most of the file is; mend this cell, or save the file as UTF-8",
                            column.name
                        );
                        let line = lines.get(at).copied().unwrap_or_default();
                        return Err(Stop::Letters(n, Error::Csv { path: path.clone(), line, what }));
                    }
                }
                lines.clear();
            }
            if !more {
                break;
            }
        }
    }
    for column in &mut columns {
        column.values.freeze();
        column.cells.shrink_to_fit();
    }
    Ok((columns, sources))
}

/// Whether the columns that the settings name are there, in any of the files.
fn check_names(settings: &Settings, readers: &[(Reader<Source>, Vec<String>)]) -> Result<(), Error> {
    let all: Vec<&str> = readers.iter().flat_map(|(_, header)| header).map(String::as_str).collect();
    match settings.columns.keys().find(|name| !all.contains(&name.as_str())) {
        None => Ok(()),
        Some(name) => Err(Error::Settings(format!(
            "[columns] names “{name}”, which no file has; the columns are {}",
            all.join(", ")
        ))),
    }
}

fn id_column(options: &LinkOptions, header: &[String]) -> Option<String> {
    let identifies =
        |h: &&String| matches!(h.trim().to_lowercase().as_str(), "rec_id" | "record_id" | "id" | "unique_id");
    options.id.clone().or_else(|| header.iter().find(identifies).cloned())
}

/// Decides what each column holds, from its header and its first values; and about how dear each
/// column is to read.
fn plan_columns(
    reader: &mut Reader<Source>,
    header: &[String],
    options: &LinkOptions,
    settings: &Settings,
) -> Result<Planned, Error> {
    let samples = samples(reader, header.len())?;
    let (mut taken, mut columns, mut costs) = (Vec::new(), Vec::new(), Vec::new());
    let mut seen: BTreeMap<String, u32> = BTreeMap::new();
    for (name, samples) in header.iter().zip(&samples) {
        let sample: Vec<&str> = samples.iter().map(String::as_str).collect();
        let (mut kind, mut because) = match settings.columns.get(name) {
            Some(kind) => (*kind, "settings"),
            None => recognise(name, &sample),
        };
        if options.truth.as_deref() == Some(name) {
            (kind, because) = (Kind::Ignore, "truth");
        } else if options.id.as_deref() == Some(name) {
            (kind, because) = (Kind::Ignore, "identifies the record");
        }
        // A second column of a kind of which there can be one is compared as words.
        let one_only = !matches!(
            kind,
            Kind::Identifier | Kind::Code | Kind::Text | Kind::Organisation | Kind::Role | Kind::Set | Kind::Ignore
        );
        if one_only && *seen.entry(format!("{kind:?}")).and_modify(|n| *n += 1).or_insert(1) > 1 {
            (kind, because) = (Kind::Text, "a second column of its kind: compared as words");
        }
        taken.push(Taken { column: name.clone(), kind, because });
        if kind != Kind::Ignore {
            let distinct: std::collections::BTreeSet<&&str> = sample.iter().collect();
            costs.push(1.0 + 4.0 * distinct.len() as f64 / sample.len().max(1) as f64);
            columns.push(Column { name: name.clone(), kind, values: Dict::default(), cells: Vec::new() });
        }
    }
    Ok((taken, columns, costs))
}
