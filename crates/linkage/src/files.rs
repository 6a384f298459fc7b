//! Plain files: CSV in, clusters out. The only module that reads or writes files.

mod encoding;
mod read;
mod report;
mod write;

use std::path::PathBuf;

use serde_json::{Value, json};

use crate::cluster::{Bounds, Judged};
use crate::engine::{Clock, Ready, expected_best};
use crate::error::Error;
use crate::model::{probability, weight_of};
use crate::settings::Settings;

use self::read::read;
use self::report::{evaluation, parameters, seconds};
use self::write::{write_clusters, write_pairs};

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
        write_clusters(path, options, &input, clusters)?;
    }
    if let Some(path) = &options.pairs {
        write_pairs(path, &input, &links)?;
    }
    clock.lap("write");
    let count = clusters.iter().enumerate().filter(|(r, c)| *r == **c as usize).count();
    let mut report = json!({
        "rows": rows,
        "files": input.files,
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

/// Most memory that the process has held, in bytes, where the system tells (`VmHWM`).
fn peak_memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|l| l.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse::<u64>().ok().map(|kb| kb * 1024)
}
