//! Lists of organisations: taking them in, taking them back, and what they make together.

use std::fs::File;
use std::io::{self, IsTerminal, Write};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use estimates::Table;
use ledger::Author;
use lists::{FileRules, ListFile, Lists, Mapping, Options, Report, Take, Unpacker, Which};

use crate::arguments::{Common, Import};
use crate::command::{casefile, estimate};
use crate::failure::Failure;
use crate::{open, text};

/// Problems printed as text; all of them with `--json`, and their rows with `--rejected`.
const SHOWN: usize = 50;
/// How often progress is told.
const EVERY: Duration = Duration::from_millis(400);

/// A folder is a case file, a file is a list.
pub fn import(common: &Common, asked: &Import) -> Result<ExitCode, Failure> {
    match (&asked.file, &asked.undo) {
        (_, Some(list)) => undo(common, list, asked.because.as_deref().unwrap_or_default()),
        (Some(path), None) if path.is_dir() => casefile::import(common, path, asked),
        (Some(path), None) => take_in(common, path, asked),
        (None, None) => Err(Failure::usage("what is to be imported?", "give a list, or a case file's folder")),
    }
}

fn take_in(common: &Common, path: &Path, asked: &Import) -> Result<ExitCode, Failure> {
    let unpacker = unpacker()?;
    let workspace = open::workspace(common)?;
    let registry = workspace.ledger.registry();
    let (file, mapping) = match &asked.map {
        Some(map) => {
            let toml = String::from_utf8_lossy(&open::read_file(map)?).into_owned();
            let name =
                map.file_name().map_or_else(|| map.to_string_lossy(), |name| name.to_string_lossy()).into_owned();
            let mapping = Mapping::read(&toml, &name)?;
            (ListFile::open(path, &mapping.file, &unpacker)?, mapping)
        }
        None => {
            let file = ListFile::open(path, &FileRules::default(), &unpacker)?;
            let proposal = Mapping::propose(&file, registry)?;
            tell_proposal(&proposal);
            (file, proposal.mapping)
        }
    };
    if let Some(to) = &asked.write_map {
        let mut out = File::create_new(to).map_err(|error| Failure::io("cannot write", to, &error))?;
        out.write_all(mapping.write().as_bytes()).map_err(|error| Failure::io("cannot write", to, &error))?;
        text::out(&format!("The mapping is in {}. Look it through, then import with --map.", to.display()))?;
        return Ok(ExitCode::SUCCESS);
    }
    if asked.map.is_none() && !asked.dry_run {
        return Err(Failure::usage(
            "a list is taken in with a mapping that somebody has looked at",
            "write the proposed one with --write-map MAP.toml, look it through, and give it with --map; or look only, with --dry-run",
        ));
    }
    let mut options = Options::new(&mapping, asked.list.as_deref(), asked.by.as_deref())?;
    options.dry_run = asked.dry_run;
    options.retract_missing = asked.retract_missing;
    options.take = match (asked.take_good, asked.only_whole) {
        (true, _) => Take::Good,
        (_, true) => Take::WholeRows,
        _ => Take::All,
    };
    if let Some(level) = &asked.visible_to {
        options.clearance = level.parse()?;
    }
    let began = Instant::now();
    let mut told = began;
    let loud = io::stderr().is_terminal();
    let mut progress = |so_far: lists::Progress| {
        if loud && told.elapsed() > EVERY {
            told = Instant::now();
            let share = so_far.bytes.saturating_mul(100).checked_div(so_far.of).unwrap_or(0);
            eprint!("\r{} rows, {share}% of the file ", text::grouped(so_far.rows));
        }
        ControlFlow::Continue(())
    };
    let mut written: Vec<String> = Vec::new();
    let mut rejected = |table: &str| -> io::Result<Box<dyn Write>> {
        let path = asked.rejected.as_deref().map_or_else(PathBuf::new, |path| for_table(path, table));
        let shown = path.display().to_string();
        if !written.contains(&shown) {
            written.push(shown);
        }
        Ok(Box::new(File::create(path)?))
    };
    let to: Option<&mut lists::RejectedTo<'_>> = if asked.rejected.is_some() { Some(&mut rejected) } else { None };
    let author = Author::new(workspace.owner().account);
    let done = lists::import(&workspace, &author, &file, &mapping, &options, &mut progress, to);
    if loud {
        eprint!("\r");
    }
    if !written.is_empty() {
        eprintln!("Refused rows are in {}.", written.join(", "));
    }
    match done {
        Ok(report) => {
            tell(common, &report)?;
            let fine = report.is_whole() || options.take != Take::All;
            Ok(if fine { ExitCode::SUCCESS } else { ExitCode::FAILURE })
        }
        Err(lists::Error::NotWhole(report)) => {
            tell(common, &report)?;
            Err(lists::Error::NotWhole(report).into())
        }
        Err(error) => Err(error.into()),
    }
}

/// What each column was taken for, with an example, and what a person has to decide.
fn tell_proposal(proposal: &lists::Proposal) {
    let mut table = None;
    for column in &proposal.columns {
        if table != Some(&column.table) && !column.table.is_empty() {
            eprintln!("{}:", column.table);
        }
        table = Some(&column.table);
        let taken = match (column.entity.as_str(), column.confidence) {
            ("", sure) if sure >= 1.0 => column.why.clone(),
            ("", _) => format!("not taken: {}", column.why),
            (entity, _) => format!("{entity}.{}: {}", column.property, column.why),
        };
        let example = match (column.example.as_str(), column.becomes.as_str()) {
            ("", _) => String::new(),
            (example, "") => format!(" (“{example}”)"),
            (example, becomes) if example == becomes => format!(" (“{example}”)"),
            (example, becomes) => format!(" (“{example}” becomes {becomes})"),
        };
        eprintln!("  {} → {taken}{example}", column.column);
    }
    for remark in &proposal.remarks {
        eprintln!("{remark}");
    }
}

/// What opens workbooks and archives: this program again, as a child process under limits.
pub fn unpacker() -> Result<Unpacker, Failure> {
    let program = std::env::current_exe().map_err(|error| {
        Failure::new(format!("this program cannot find itself: {error}"), "start it by its whole path")
    })?;
    Ok(Unpacker::child(&program, &["convert".as_ref()]))
}

/// The file for one table's refused rows: as named, with the table's name where a file has several.
fn for_table(path: &Path, table: &str) -> PathBuf {
    let plain: String = table.chars().map(|c| if c.is_alphanumeric() { c } else { '-' }).collect();
    if plain.is_empty() {
        return path.to_owned();
    }
    let stem = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    path.with_file_name(format!("{stem}-{plain}.csv"))
}

fn tell(common: &Common, report: &Report) -> Result<(), Failure> {
    if common.json { text::json(&report.to_json()) } else { text::out(report.to_text(SHOWN).trim_end()) }
}

fn undo(common: &Common, asked: &str, because: &str) -> Result<ExitCode, Failure> {
    let workspace = open::workspace(common)?;
    let author = Author::new(workspace.owner().account);
    let reader = workspace.ledger.read(&open::view(common, &workspace)?)?;
    let by_name = lists::lists_in(&reader)?.iter().any(|list| list.name == asked);
    drop(reader);
    let which = if by_name { Which::List(asked.to_owned()) } else { Which::Import(asked.to_owned()) };
    let undone = lists::undo(&workspace, &author, &which, because)?;
    if common.json {
        let value = serde_json::to_value(&undone).unwrap_or_default();
        text::json(&value)?;
    } else {
        text::out(&format!(
            "{} taken back: {} no longer stand. Nothing is lost: their history keeps them, with the reason.",
            text::counted(undone.imports.len() as u64, "import", "imports"),
            text::counted(undone.retracted, "claim", "claims"),
        ))?;
    }
    Ok(ExitCode::SUCCESS)
}

/// How many were never recorded by anyone, from the workspace's lists as they are linked by judgements.
pub fn estimate(common: &Common, options: &estimates::Options) -> Result<ExitCode, Failure> {
    let workspace = open::workspace(common)?;
    let lists = Lists::read(&workspace, &open::view(common, &workspace)?, "Person")?;
    if lists.lists.len() < 2 {
        return Err(Failure::new(
            format!("the workspace has {}", text::counted(lists.lists.len() as u64, "list", "lists")),
            "bring the lists of several organisations (rapporteur import), or give a table",
        ));
    }
    let table = Table::read(lists.table().as_bytes())
        .map_err(|error| Failure::new(error.to_string(), "link the lists first"))?;
    let report = estimates::estimate(&table, options);
    estimate::print(common, &report.json(), &report.sentence(), &report.methods, &report.assumptions)
}
