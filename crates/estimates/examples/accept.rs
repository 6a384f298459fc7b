//! Compares with published and reference estimates: every row of DIR/published_estimates.csv and
//! DIR/reference_estimates.csv whose table lies in DIR, and every model of DIR/kosovo_all_hierarchical_models_order3.csv.
//!
//!     cargo run --release -p estimates --example accept -- DIR
//!
//! Prints dataset, method, theirs, ours, by how much they differ, tolerance, and ok or not. Tolerances: maximum likelihood
//! and dga 0.5 % (ends 2 %), latent classes 3 % (ends 8 %, where the reference's chains mix), bootstrap ends 10 %.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Instant;

use estimates::{Candidate, Dga, Estimate, Method, Model, Options, Prior, Status, Table, estimate, fit_all, fit_one};

type Numbers = (Option<f64>, Option<f64>, Option<f64>);

struct Row {
    dataset: String,
    method: String,
    theirs: Numbers,
    note: String,
}

/// What of ours a row is compared with, and the tolerances of point and ends in per cent.
enum Ours {
    Numbers(Numbers, f64, f64),
    Refused(String),
    Said(String, bool),
    No(&'static str),
}

struct Bench {
    tables: BTreeMap<String, Table>,
    known: BTreeMap<String, Estimate>,
}

impl Bench {
    fn run(&mut self, dataset: &str, method: Method, change: impl Fn(&mut Options)) -> Estimate {
        let mut options = Options::of(&[method]);
        change(&mut options);
        let key = format!("{dataset} {method:?} {:?} {:?}", options.dga, options.max_order);
        if let Some(known) = self.known.get(&key) {
            return known.clone();
        }
        let found = estimate(&self.tables[dataset], &options).methods.remove(0);
        self.known.insert(key, found.clone());
        found
    }

    fn model(&self, dataset: &str, terms: &[u32]) -> Result<Candidate, Status> {
        let table = &self.tables[dataset];
        fit_one(table, &Model::new(table.width(), terms))
    }

    fn compare(&mut self, row: &Row) -> Ours {
        let (set, method) = (row.dataset.as_str(), row.method.as_str());
        let of = |e: &Estimate, point, ends| match &e.refused {
            Some(reason) => Ours::Refused(reason.clone()),
            None => Ours::Numbers((e.estimate, e.lower, e.upper), point, ends),
        };
        let fitted = |table: &Table, c: Result<Candidate, Status>| match c {
            Ok(c) => Ours::Numbers(wald(table, &c), 0.5, 2.0),
            Err(status) => Ours::Refused(format!("{status:?}")),
        };
        let table = self.tables[set].clone();
        match method {
            m if m.starts_with("loglinear independence") || m.starts_with("independence") => {
                of(&self.run(set, Method::Independence, |_| ()), 0.5, 2.0)
            }
            "main effects" => of(&self.run(set, Method::Independence, |_| ()), 0.5, 10.0),
            m if m.starts_with("Rcapture closedpMS best") => {
                let all = fit_all(&table, 2);
                let by = |c: &Candidate| if m.contains("AIC") { c.aic } else { c.bic };
                match all.iter().min_by(|a, b| by(a).total_cmp(&by(b))) {
                    _ if set == "artificial_3" => {
                        let refused = self.model(set, &[0b011]).err();
                        Ours::Said(format!("[12,3] refused: {refused:?}"), refused == Some(Status::DoesNotExist))
                    }
                    Some(c) => Ours::Numbers(wald(&table, c), 0.5, 2.0),
                    None => Ours::Refused("no model".into()),
                }
            }
            m if m.contains("stepwise") => of(&self.run(set, Method::Stepwise, |_| ()), 0.05, 10.0),
            m if m.starts_with("dga BMA delta=1 with") => {
                let e = self.run(set, Method::Dga, |o| {
                    let prior = Prior::GammaPoisson { shape: 13.14, scale: 55.17 };
                    o.dga = Dga { delta: Some(1.0), prior, ..Dga::default() };
                });
                let at = |name: &str| e.diagnostics[name].as_f64();
                let said = format!(
                    "estimator {:.1}, mode {:.0}, top model {:.3}",
                    at("least_relative_error").unwrap_or_default(),
                    at("mode").unwrap_or_default(),
                    e.diagnostics["models"][0]["weight"].as_f64().unwrap_or_default()
                );
                let good = at("least_relative_error").is_some_and(|x| (x - 731.0).abs() < 0.6)
                    && at("mode") == Some(728.0)
                    && e.diagnostics["models"][0]["weight"].as_f64().is_some_and(|w| (w - 0.37).abs() < 0.006);
                Ours::Said(said, good)
            }
            m if m.starts_with("dga") => {
                let delta = m.strip_prefix("dga BMA delta=").and_then(|rest| rest.split(' ').next()?.parse().ok());
                of(&self.run(set, Method::Dga, |o| o.dga.delta = delta), 0.5, 2.0)
            }
            m if m.starts_with("LCMCR") => {
                let ours = self.run(set, Method::Lcmcr, |_| ());
                let rhat: Option<f64> = row.note.split("Rhat=").nth(1).and_then(|x| x.split(' ').next()?.parse().ok());
                let apart = rhat.is_some_and(|r| r > 1.05) || m.contains("NOT converge") || m.contains("200 chains");
                match (&ours.refused, apart) {
                    (Some(_), true) => Ours::Said(
                        format!("refused, R̂ {:.2}", ours.diagnostics["r_hat"].as_f64().unwrap_or(f64::NAN)),
                        true,
                    ),
                    (None, true) => Ours::Said("printed, though the reference's chains do not mix".into(), false),
                    _ => of(&ours, 3.0, 8.0),
                }
            }
            m if m.contains("ntop=1") || m.contains("all 113 models") => {
                let e = self.run(set, Method::Bootstrap, |_| ());
                let by = &e.diagnostics["intervals_by_number_of_models"];
                let at = if m.contains("ntop=1") { by.get(0) } else { by.as_array().and_then(|a| a.last()) };
                let end = |name: &str| at.and_then(|x| x[name].as_f64());
                Ours::Numbers((None, end("lower"), end("upper")), 0.5, 10.0)
            }
            m if m.starts_with("best BIC, order 2") || m.starts_with("best BIC model [12][23]") => {
                of(&self.run(set, Method::Bootstrap, |_| ()), 0.5, 10.0)
            }
            m if m.contains("best BIC") || m.starts_with("Ball et al") => {
                of(&self.run(set, Method::Loglinear, |_| ()), 0.5, 2.0)
            }
            "log-linear (c1+..+c4)^2 - c1:c4" => {
                fitted(&table, self.model(set, &[0b0011, 0b0101, 0b0110, 0b1010, 0b1100]))
            }
            "log-linear c1:c3+c2:c4+c3:c4" => fitted(&table, self.model(set, &[0b0101, 0b1010, 0b1100])),
            "saturated pairwise" => fitted(&table, self.model(set, &[0b011, 0b101, 0b110])),
            "c1:c2 + c2:c3" => fitted(&table, self.model(set, &[0b011, 0b110])),
            m if m.starts_with("all pairs") => {
                let found = self.model(set, &[3, 5, 6, 9, 10, 12]).err();
                Ours::Said(format!("{found:?}"), found == Some(Status::DoesNotExist))
            }
            m if m.starts_with("[12,13,23]") => {
                let found = [vec![3, 5, 6], vec![3], vec![5, 6]].map(|terms| self.model(set, &terms).err());
                let good = found == [Some(Status::NotIdentifiable), Some(Status::DoesNotExist), None];
                Ours::Said(format!("{found:?}"), good)
            }
            m if m.starts_with("Bayesian threshold") => Ours::No("method not offered"),
            m if m.contains("published range") || m.contains("Silverman 2014") => Ours::No("a range by other means"),
            _ => Ours::No("no method is named"),
        }
    }
}

fn wald(table: &Table, c: &Candidate) -> Numbers {
    let (n, se) = (table.documented() as f64 + c.fit.missing, c.standard_error());
    (Some(n), Some(n - 1.959964 * se), Some(n + 1.959964 * se))
}

fn rows(path: &Path) -> Vec<Row> {
    let Ok(mut reader) = csv::Reader::from_path(path) else { return Vec::new() };
    reader
        .records()
        .flatten()
        .map(|row| {
            let number = |at: usize| row.get(at).and_then(|x| x.parse().ok());
            Row {
                dataset: row[0].to_owned(),
                method: row[1].to_owned(),
                theirs: (number(2), number(3), number(4)),
                note: row.get(5).unwrap_or_default().to_owned(),
            }
        })
        .collect()
}

fn main() {
    let folder = std::env::args().nth(1).unwrap_or_else(|| ".".into());
    let folder = Path::new(&folder);
    let mut bench = Bench { tables: BTreeMap::new(), known: BTreeMap::new() };
    for file in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = file.path();
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        if let Some(table) = std::fs::File::open(&path).ok().and_then(|file| Table::read(file).ok()) {
            bench.tables.insert(name, table);
        }
    }
    let (mut good, mut bad, mut left) = (0, 0, 0);
    println!("{:<31} {:<48} {:<28} {:<28} {:>8}  verdict", "dataset", "method", "theirs", "ours", "seconds");
    for file in ["published_estimates.csv", "reference_estimates.csv"] {
        for row in rows(&folder.join(file)) {
            let started = Instant::now();
            let ours = if bench.tables.contains_key(&row.dataset) { bench.compare(&row) } else { Ours::No("no table") };
            let show = |(n, lower, upper): Numbers| {
                let s = |x: Option<f64>| x.map_or("–".into(), |x| format!("{x:.0}"));
                format!("{} ({}–{})", s(n), s(lower), s(upper))
            };
            let (text, verdict) = match ours {
                Ours::No(why) => {
                    left += 1;
                    (String::new(), format!("left out: {why}"))
                }
                Ours::Refused(reason) => {
                    bad += 1;
                    ("refused".into(), format!("NOT: {reason}"))
                }
                Ours::Said(text, ok) => {
                    if ok {
                        good += 1
                    } else {
                        bad += 1
                    }
                    (text, if ok { "ok".into() } else { "NOT".into() })
                }
                Ours::Numbers(numbers, point, ends) => {
                    let off = |a: Option<f64>, b: Option<f64>| Some(100.0 * (a? / b? - 1.0));
                    let all = [
                        (off(numbers.0, row.theirs.0), point),
                        (off(numbers.1, row.theirs.1), ends),
                        (off(numbers.2, row.theirs.2), ends),
                    ];
                    let ok = all.iter().all(|(off, tolerance)| off.is_none_or(|off| off.abs() <= *tolerance));
                    if ok {
                        good += 1
                    } else {
                        bad += 1
                    }
                    let by: Vec<String> =
                        all.iter().map(|(off, _)| off.map_or("–".into(), |off| format!("{off:+.2}"))).collect();
                    (
                        show(numbers),
                        format!("{} ({} %; allowed {point}, {ends})", if ok { "ok" } else { "NOT" }, by.join(", ")),
                    )
                }
            };
            let method: String = row.method.chars().take(48).collect();
            println!(
                "{:<31} {method:<48} {:<28} {text:<28} {:>8.2}  {verdict}",
                row.dataset,
                show(row.theirs),
                started.elapsed().as_secs_f64()
            );
        }
    }
    println!("{good} ok, {bad} not, {left} left out");
    kosovo(folder, &bench);
}

/// Every hierarchical model of the Kosovo table.
fn kosovo(folder: &Path, bench: &Bench) {
    let Ok(mut reader) = csv::Reader::from_path(folder.join("kosovo_all_hierarchical_models_order3.csv")) else {
        return;
    };
    let Some(table) = bench.tables.get("kosovo_1999") else { return };
    let (mut models, mut worst) = (0, 0.0_f64);
    for row in reader.records().flatten() {
        let terms: Vec<u32> = row[0]
            .trim_matches(['[', ']'])
            .split(',')
            .map(|term| term.bytes().map(|list| 1 << (list - b'1')).sum())
            .collect();
        let Ok(ours) = fit_one(table, &Model::new(4, &terms)) else { continue };
        let theirs: Vec<f64> = (1..7).filter_map(|at| row[at].parse().ok()).collect();
        let [n, se, deviance, df, aic, bic] = theirs[..] else { continue };
        let freedom = ours.fit.freedom as f64;
        let found = [4400.0 + ours.fit.missing, ours.standard_error(), ours.fit.deviance, freedom, ours.aic, ours.bic];
        for (a, b) in found.iter().zip([n, se, deviance, df, aic, bic]) {
            worst = worst.max((a - b).abs() / b.abs().max(1.0));
        }
        models += 1;
    }
    println!(
        "kosovo_1999: {models} hierarchical models; N, se, deviance, df, AIC, BIC differ by at most {worst:.1e} (relative)"
    );
}
