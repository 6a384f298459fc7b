//! `link A.csv [B.csv…] [--settings S.toml] [--id COLUMN] [--truth-column COLUMN] [--out OUT.csv]
//! [--pairs FILE] [--threads N] [--threshold P]`: the engine on plain files; prints the report.

use std::process::ExitCode;

use linkage::files::{LinkOptions, link};

fn main() -> ExitCode {
    let mut options = LinkOptions::default();
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        if !argument.starts_with("--") {
            options.inputs.push(argument.into());
            continue;
        }
        if argument == "--json" {
            continue;
        }
        let Some(value) = arguments.next() else {
            eprintln!("{argument} needs a value");
            return ExitCode::FAILURE;
        };
        match argument.as_str() {
            "--settings" => options.settings = Some(value.into()),
            "--id" => options.id = Some(value),
            "--truth-column" => options.truth = Some(value),
            "--out" => options.out = Some(value.into()),
            "--pairs" => options.pairs = Some(value.into()),
            "--threads" => options.threads = value.parse().unwrap_or(0),
            "--threshold" => options.threshold = value.parse().ok(),
            _ => {
                eprintln!("{argument} is not an option");
                return ExitCode::FAILURE;
            }
        }
    }
    match link(&options) {
        Ok(linked) => {
            println!("{:#}", linked.json());
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}
