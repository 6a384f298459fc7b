//! How many were never recorded by anyone: from a table of which lists have whom.

use std::fs::File;
use std::path::Path;
use std::process::ExitCode;

use estimates::{Estimate as Answer, Method, Options, Table};

use crate::arguments::{Common, Estimate};
use crate::failure::Failure;
use crate::text;

pub fn run(common: &Common, asked: &Estimate) -> Result<ExitCode, Failure> {
    let methods = match asked.method.as_str() {
        "all" => Method::ALL.to_vec(),
        name => vec![Method::named(name).ok_or_else(|| {
            let known: Vec<&str> = Method::ALL.iter().map(|method| method.name()).collect();
            Failure::usage(
                format!("there is no method “{name}”"),
                format!("choose one of {}, or all", known.join(", ")),
            )
        })?],
    };
    let options = Options { seed: asked.seed, ..Options::of(&methods) };
    let told = |path: &Path, error: estimates::TableError| {
        Failure::new(
            format!("{}: {error}", path.display()),
            "one column of 0 and 1 for each list, and `count` (or freq, n); or a line for each person without it; or `pattern` and `count`",
        )
    };
    let Some(path) = &asked.table else {
        if asked.strata.is_some() {
            return Err(Failure::usage(
                "--strata divides a table, and no table is given",
                "name a table that has the column; the workspace's own lists are divided on the page /estimate",
            ));
        }
        return crate::command::lists::estimate(common, &options);
    };
    let open = || File::open(path).map_err(|error| Failure::io("cannot read", path, &error));
    if let Some(column) = &asked.strata {
        let strata = Table::read_strata(open()?, column).map_err(|error| told(path, error))?;
        let found = estimates::stratified(&strata, &options);
        if !common.json {
            for stratum in &found.strata {
                text::out(&format!("{column} {}: {}", stratum.stratum, stratum.report.short()))?;
            }
            text::out("\nAll together:")?;
        }
        return print(common, &found.json(), &found.sentence(), &found.methods, &found.assumptions);
    }
    let table = Table::read(open()?).map_err(|error| told(path, error))?;
    let report = estimates::estimate(&table, &options);
    print(common, &report.json(), &report.sentence(), &report.methods, &report.assumptions)
}

/// Prints what was found; never a number without its interval and what it assumes.
pub fn print(
    common: &Common,
    json: &str,
    sentence: &str,
    methods: &[Answer],
    assumptions: &[String],
) -> Result<ExitCode, Failure> {
    if common.json {
        text::out(json.trim_end())?;
        return Ok(ExitCode::SUCCESS);
    }
    let mut lines = vec![sentence.to_owned(), String::new()];
    for answer in methods {
        lines.push(match (answer.numbers(), &answer.refused) {
            (Some((n, lower, upper)), _) => {
                format!(
                    "  {:<12} {:>9.0}  ({:.0}–{:.0}, {:.0}%)",
                    answer.method.name(),
                    n,
                    lower,
                    upper,
                    answer.level * 100.0
                )
            }
            (None, reason) => {
                format!("  {:<12} refused: {}", answer.method.name(), reason.as_deref().unwrap_or_default())
            }
        });
    }
    lines.extend([String::new(), "What must hold:".into()]);
    lines.extend(assumptions.iter().map(|line| format!("  • {line}")));
    text::out(&lines.join("\n"))?;
    Ok(ExitCode::SUCCESS)
}
