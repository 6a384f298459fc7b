//! Plain files: CSV in, clusters out. The only module that reads or writes files.

mod report;

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::PathBuf;

use serde_json::{Value, json};

use crate::cluster::{Bounds, Judged, Link};
use crate::columns::{Taken, recognise};
use crate::csv::Reader;
use crate::engine::{Clock, Ready, expected_best};
use crate::error::Error;
use crate::intern::Dict;
use crate::model::{probability, weight_of};
use crate::settings::Settings;
use crate::table::{Column, Kind, Table};

use self::report::{evaluation, parameters, seconds};

/// What `link` is asked to do.
#[derive(Clone, Debug, Default)]
pub struct LinkOptions {
    /// The lists. One is searched for duplicates; of several, records are linked across them.
    pub inputs: Vec<PathBuf>,
    /// Settings in TOML.
    pub settings: Option<PathBuf>,
    /// Column that identifies a record; recognised when not given.
    pub id: Option<String>,
    /// Column that says which person it truly is: for evaluation, never compared.
    pub truth: Option<String>,
    /// Where to write the input with `cluster_id`.
    pub out: Option<PathBuf>,
    /// Where to write the scored pairs.
    pub pairs: Option<PathBuf>,
    /// Threads; 0 for as many as there are cores.
    pub threads: usize,
    /// Probability from which on two records are proposed as one person.
    pub threshold: Option<f64>,
}

/// What came of it.
pub struct Linked {
    json: Value,
}

impl Linked {
    /// The report, in the shape that the documentation states.
    #[must_use]
    pub fn json(&self) -> Value {
        self.json.clone()
    }
}

/// Rows read, with what is not compared beside them.
struct Input {
    table: Table,
    taken: Vec<Taken>,
    ids: Option<Column>,
    truth: Option<Column>,
}

const SAMPLE: usize = 200;

/// Reads the files. The columns are shared out among threads, each of which goes through the whole
/// text: finding the cells costs little, and numbers are given in one order whatever the threads.
fn read(options: &LinkOptions, settings: &Settings) -> Result<Input, Error> {
    let first = &options.inputs[0];
    let mut reader = Reader::open(first)?;
    let header = reader.header()?;
    let (taken, mut columns, costs) = plan_columns(&mut reader, &header, options, settings)?;
    let compared = columns.len();
    let mut extra = |name: Option<String>| {
        name.map(|name| {
            columns.push(Column { name, kind: Kind::Ignore, values: Dict::default(), cells: Vec::new() });
            columns.len() - 1
        })
    };
    if let Some(name) = options.id.as_ref().filter(|name| !header.contains(name)) {
        return Err(
            reader.error(format!("there is no column “{name}” to tell rows by; the columns are {}", header.join(", ")))
        );
    }
    let id = extra(options.pairs.as_ref().and(id_column(options, &header)));
    if let Some(name) = options.truth.as_ref().filter(|name| !header.contains(name)) {
        return Err(reader.error(format!("there is no truth column “{name}”; the columns are {}", header.join(", "))));
    }
    let truth = extra(options.truth.clone());

    // Of the other files: a column of the same heading, or else of the same kind.
    let mut taken = taken;
    let mut others: Vec<Vec<Option<usize>>> = Vec::new();
    for path in options.inputs.iter().skip(1) {
        let (places, further) = places_in(path, &columns, settings)?;
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
    let read: Vec<Result<Read, Error>> = std::thread::scope(|scope| {
        let others = &others;
        let workers: Vec<_> = parts
            .into_iter()
            .zip(&groups)
            .map(|(part, (_, members))| scope.spawn(move || read_columns(options, others, members, part)))
            .collect();
        workers
            .into_iter()
            .map(|w| w.join().unwrap_or_else(|_| Err(Error::Nothing("a thread that read the file failed".to_owned()))))
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
    Ok(Input { table, taken, ids, truth })
}

/// What was taken for what, the columns to read, and about how dear each is.
type Planned = (Vec<Taken>, Vec<Column>, Vec<f64>);
/// Columns with, for each row, its file.
type Read = (Vec<Column>, Vec<u8>);

/// Where a further file has the columns of the first, and what was so taken for what: by heading, or else by kind.
fn places_in(
    path: &std::path::Path,
    columns: &[Column],
    settings: &Settings,
) -> Result<(Vec<Option<usize>>, Vec<Taken>), Error> {
    let mut reader = Reader::open(path)?;
    let header = reader.header()?;
    let samples = samples(&mut reader, header.len())?;
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
fn samples(reader: &mut Reader<File>, columns: usize) -> Result<Vec<Vec<String>>, Error> {
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
    others: &[Vec<Option<usize>>],
    members: &[usize],
    mut columns: Vec<Column>,
) -> Result<Read, Error> {
    let mut sources = Vec::new();
    for (n, path) in options.inputs.iter().enumerate() {
        let mut reader = Reader::open(path)?;
        let header = reader.header()?;
        let places: Vec<Option<usize>> = match n.checked_sub(1).and_then(|n| others.get(n)) {
            Some(places) => members.iter().map(|&c| places.get(c).copied().flatten()).collect(),
            None => columns.iter().map(|c| header.iter().position(|h| *h == c.name)).collect(),
        };
        while reader.next()? {
            if reader.len() != header.len() {
                return Err(reader.error(format!(
                    "{} cells where the header has {}; quote cells that hold the separator or a line break",
                    reader.len(),
                    header.len()
                )));
            }
            for (column, at) in columns.iter_mut().zip(&places) {
                let cell = at.map_or(&[][..], |at| reader.cell(at).trim_ascii());
                let known = column.values.len();
                let id = column.values.intern(cell);
                if column.values.len() > known && std::str::from_utf8(cell).is_err() {
                    return Err(
                        reader.error(format!("column “{}” is not UTF-8 here; save the file as UTF-8", column.name))
                    );
                }
                column.cells.push(id);
            }
            if options.inputs.len() > 1 {
                sources.push(n.min(255) as u8);
            }
        }
    }
    for column in &mut columns {
        column.values.freeze();
        column.cells.shrink_to_fit();
    }
    Ok((columns, sources))
}

fn id_column(options: &LinkOptions, header: &[String]) -> Option<String> {
    let identifies =
        |h: &&String| matches!(h.trim().to_lowercase().as_str(), "rec_id" | "record_id" | "id" | "unique_id");
    options.id.clone().or_else(|| header.iter().find(identifies).cloned())
}

/// Decides what each column holds, from its header and its first values; and about how dear each
/// column is to read.
fn plan_columns(
    reader: &mut Reader<File>,
    header: &[String],
    options: &LinkOptions,
    settings: &Settings,
) -> Result<Planned, Error> {
    let samples = samples(reader, header.len())?;
    for name in settings.columns.keys() {
        // With several files it may be a heading of another.
        if options.inputs.len() == 1 && !header.contains(name) {
            return Err(reader.error(format!(
                "the settings name a column “{name}” that is not here; the columns are {}",
                header.join(", ")
            )));
        }
    }
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

/// Links plain files.
///
/// # Errors
/// When a file cannot be read or written, is no table, or the settings cannot be followed.
pub fn link(options: &LinkOptions) -> Result<Linked, Error> {
    let mut clock = Clock::start();
    let mut settings = match &options.settings {
        None => Settings::default(),
        Some(path) => {
            let text = std::fs::read_to_string(path).map_err(|source| Error::Io { path: path.clone(), source })?;
            Settings::parse(&text).map_err(|e| Error::Settings(format!("{}: {e}", path.display())))?
        }
    };
    if options.threads > 0 {
        settings.threads = options.threads;
    }
    if options.inputs.is_empty() {
        return Err(Error::Nothing("no file to link".to_owned()));
    }
    // What is read is not written over.
    for out in options.out.iter().chain(&options.pairs) {
        let same = |input: &PathBuf| {
            input.canonicalize().ok().is_some_and(|input| out.canonicalize().is_ok_and(|out| out == input))
        };
        if options.inputs.iter().chain(&options.settings).any(same)
            || options.out.is_some() && options.out == options.pairs
        {
            return Err(Error::Settings(format!(
                "{} would be written over; choose another name for what comes out",
                out.display()
            )));
        }
    }
    let input = read(options, &settings)?;
    if input.table.columns.is_empty() {
        let names: Vec<&str> = input.taken.iter().map(|t| t.column.as_str()).collect();
        return Err(Error::Nothing(format!(
            "no column holds names, dates, places or anything else that can be compared: there are {}; say in the settings what they hold",
            names.join(", ")
        )));
    }
    if input.table.rows() < 2 {
        return Err(Error::Nothing(format!("{} row(s): nothing to compare", input.table.rows())));
    }
    clock.lap("read files");
    let ready = Ready::new(&input.table, &settings, &mut clock)?;
    let trained = ready.train(&settings, &mut clock);
    let (links, by_rule) = ready.score(&trained.model, settings.keep);
    clock.lap("score");
    let matches = trained.model.prior() * ready.all_pairs();
    let threshold = match options.threshold.or(settings.threshold) {
        Some(p) => weight_of(p) as f32,
        None => expected_best(&links, matches),
    };
    let rows = input.table.rows();
    let found = ready.cluster(&trained.model, &links, Bounds::of(threshold), Judged::default())?;
    let clusters = &found.of;
    clock.lap("cluster");
    if let Some(path) = &options.out {
        write_clusters(path, options, clusters)?;
    }
    if let Some(path) = &options.pairs {
        write_pairs(path, &input, &links)?;
    }
    clock.lap("write");
    let count = clusters.iter().enumerate().filter(|(r, c)| *r == **c as usize).count();
    let mut report = json!({
        "rows": rows,
        "columns": input.taken,
        "pairs_compared": by_rule.iter().sum::<u64>(),
        "blocking": ready.rules.iter().zip(&ready.blocks).zip(&by_rule)
            .map(|((r, b), n)| json!({"rule": r.to_string(), "pairs": b.pairs, "first": n})).collect::<Vec<_>>(),
        "parameters": parameters(&trained, matches),
        "seconds": seconds(&clock),
        "peak_memory_bytes": peak_memory(),
        "clusters": count,
        "threshold": {"weight": threshold, "probability": probability(f64::from(threshold))},
        "weak_links": found.weak.len(),
        "links": links.iter().filter(|l| l.weight >= threshold).count(),
    });
    if let Some(truth) = &input.truth {
        report["evaluation"] = evaluation(&truth.cells, &input.table, &ready, &trained.model, &links, threshold)?;
    }
    Ok(Linked { json: report })
}

fn writer(path: &std::path::Path) -> Result<BufWriter<File>, Error> {
    let file = File::create(path).map_err(|source| Error::Io { path: path.to_owned(), source })?;
    Ok(BufWriter::with_capacity(1 << 20, file))
}

fn quoted(cell: &[u8], separator: u8, out: &mut Vec<u8>) {
    if cell.iter().any(|&c| c == separator || c == b'"' || c == b'\n' || c == b'\r') {
        out.push(b'"');
        for &c in cell {
            if c == b'"' {
                out.push(b'"');
            }
            out.push(c);
        }
        out.push(b'"');
    } else {
        out.extend_from_slice(cell);
    }
}

/// The input once more with `cluster_id`. Of several files all headings, and `file`; a `cluster_id` that was there is left out.
fn write_clusters(path: &std::path::Path, options: &LinkOptions, clusters: &[u32]) -> Result<(), Error> {
    let io = |source| Error::Io { path: path.to_owned(), source };
    let mut out = writer(path)?;
    let mut row = 0usize;
    let mut line = Vec::new();
    let several = options.inputs.len() > 1;
    let mut headings: Vec<String> = Vec::new();
    for input in &options.inputs {
        for name in Reader::open(input)?.header()? {
            // One file keeps its headings as they are, those that stand there twice too.
            if name != "cluster_id" && (!several || !headings.contains(&name)) {
                headings.push(name);
            }
        }
    }
    for name in &headings {
        quoted(name.as_bytes(), b',', &mut line);
        line.push(b',');
    }
    line.extend_from_slice(if several { b"file,cluster_id\n" } else { b"cluster_id\n" });
    out.write_all(&line).map_err(io)?;
    for input in &options.inputs {
        let mut reader = Reader::open(input)?;
        let header = reader.header()?;
        let places: Vec<Option<usize>> = if several {
            headings.iter().map(|name| header.iter().position(|h| h == name)).collect()
        } else {
            (0..header.len()).filter(|&at| header[at] != "cluster_id").map(Some).collect()
        };
        let name = input.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        while reader.next()? {
            line.clear();
            for at in &places {
                if let Some(at) = at {
                    quoted(reader.cell(*at), b',', &mut line);
                }
                line.push(b',');
            }
            if several {
                quoted(name.as_bytes(), b',', &mut line);
                line.push(b',');
            }
            line.extend_from_slice(format!("{}\n", clusters.get(row).map_or(0, |c| c + 1)).as_bytes());
            out.write_all(&line).map_err(io)?;
            row += 1;
        }
    }
    out.flush().map_err(io)
}

fn write_pairs(path: &std::path::Path, input: &Input, links: &[Link]) -> Result<(), Error> {
    let io = |source| Error::Io { path: path.to_owned(), source };
    let mut out = writer(path)?;
    out.write_all(b"id_a,id_b,weight,probability\n").map_err(io)?;
    let mut line = Vec::new();
    for link in links {
        line.clear();
        for row in [link.a, link.b] {
            match &input.ids {
                Some(ids) => quoted(ids.values.bytes(ids.cells[row as usize]), b',', &mut line),
                None => line.extend_from_slice(format!("{}", row + 1).as_bytes()),
            }
            line.push(b',');
        }
        let p = probability(f64::from(link.weight));
        line.extend_from_slice(format!("{:.3},{p:.5}\n", link.weight).as_bytes());
        out.write_all(&line).map_err(io)?;
    }
    out.flush().map_err(io)
}

/// Most memory that the process has held, in bytes, where the system tells (`VmHWM`).
fn peak_memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|l| l.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse::<u64>().ok().map(|kb| kb * 1024)
}
