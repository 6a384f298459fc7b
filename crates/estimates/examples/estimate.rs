//! Estimates from one table:
//!
//!     cargo run --release -p estimates --example estimate -- TABLE.csv [--method dga|lcmcr|loglinear|stepwise|bootstrap|chao|independence|all]
//!         [--seed N] [--level 0.95] [--stratum COLUMN] [--burn-in N] [--thin N] [--draws N] [--chains N] [--samples N] [--threshold P] [--as-the-package] [--quick] [--json]

use std::process::ExitCode;

use estimates::{Estimate, Method, Options, Table, estimate, stratified};

fn main() -> ExitCode {
    match run(std::env::args().skip(1)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("{message}");
            ExitCode::FAILURE
        }
    }
}

fn run(mut arguments: impl Iterator<Item = String>) -> Result<(), String> {
    let (mut file, mut stratum, mut json, mut options) = (None, None, false, Options::default());
    while let Some(argument) = arguments.next() {
        let mut value = || arguments.next().ok_or(format!("{argument} needs a value."));
        match argument.as_str() {
            "--method" => {
                let name = value()?;
                if name != "all" {
                    let method = Method::named(&name).ok_or(format!("There is no method `{name}`."))?;
                    options.methods = vec![method];
                }
            }
            "--seed" => options.seed = number(&value()?)?,
            "--level" => options.level = number(&value()?)?,
            "--thin" => options.lcmcr.thin = number(&value()?)?,
            "--draws" => options.lcmcr.draws = number(&value()?)?,
            "--chains" => options.lcmcr.chains = number(&value()?)?,
            "--threshold" => options.p_threshold = number(&value()?)?,
            "--samples" => options.resampling.samples = number(&value()?)?,
            "--burn-in" => options.lcmcr.burn_in = number(&value()?)?,
            "--as-the-package" => options.lcmcr.change_places = false,
            "--quick" => options = Options { seed: options.seed, ..Options::quick(&options.methods) },
            "--stratum" => stratum = Some(value()?),
            "--json" => json = true,
            _ => file = Some(argument),
        }
    }
    let file = file.ok_or("Which table? Name a CSV file with one 0/1 column for each list and a column `count`.")?;
    let reader = std::fs::File::open(&file).map_err(|error| format!("{file}: {error}"))?;
    if let Some(column) = stratum {
        let strata = Table::read_strata(reader, &column).map_err(|error| format!("{file}: {error}"))?;
        let report = stratified(&strata, &options);
        if json {
            println!("{}", report.json());
            return Ok(());
        }
        for stratum in &report.strata {
            println!("{}: {}", stratum.stratum, stratum.report.sentence());
        }
        println!("All strata. {}", report.sentence());
        show(&report.methods);
        return Ok(());
    }
    let table = Table::read(reader).map_err(|error| format!("{file}: {error}"))?;
    let report = estimate(&table, &options);
    if json {
        println!("{}", report.json());
    } else {
        println!("{}", report.sentence());
        show(&report.methods);
        report.assumptions.iter().for_each(|sentence| println!("- {sentence}"));
    }
    Ok(())
}

fn number<T: std::str::FromStr>(text: &str) -> Result<T, String> {
    text.parse().map_err(|_| format!("`{text}` is not a number that fits here."))
}

fn show(methods: &[Estimate]) {
    for method in methods {
        match (method.numbers(), &method.refused) {
            (Some((n, lower, upper)), _) => println!("{:>13}  {n:.0} ({lower:.0}–{upper:.0})", method.method.name()),
            (None, reason) => println!("{:>13}  – {}", method.method.name(), reason.as_deref().unwrap_or_default()),
        }
    }
}
