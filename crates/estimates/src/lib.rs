//! How many were never recorded by anyone?
//!
//! From how the lists of several organisations overlap, multiple systems estimation says how many cases are on none of
//! them, under assumptions that no table can test.
//!
//! **Must never** give a bare number: an estimate comes with its interval, its method and what must hold for it, or not at
//! all; nor print an interval where the method does not hold: lists that do not overlap, models that are not identifiable
//! or whose estimate does not exist, chains that do not mix, models as good as each other that disagree. Then it says so
//! in words. Nor know of ledgers, files or pages: a [`Table`] comes in, a [`Report`] goes out.
//!
//! The same table, options and seed give the same bits on every machine and with any number of threads: functions come from
//! `libm`, every chain and every resample has its own generator.
//!
//! ```
//! let table = estimates::Table::read("A,B,C,count\n1,0,0,60\n0,1,0,49\n1,1,0,4\n0,0,1,247\n1,0,1,112\n0,1,1,142\n1,1,1,12\n".as_bytes())?;
//! let report = estimates::estimate(&table, &estimates::Options::of(&[estimates::Method::Dga]));
//! assert_eq!(report.documented, 626);
//! assert!(report.sentence().starts_with("Documented: 626. Estimated in all: 731 (694–786, 95%;"));
//! # Ok::<(), estimates::TableError>(())
//! ```

#![forbid(unsafe_code)]

mod assumptions;
mod bootstrap;
mod chains;
mod checks;
mod dga;
mod graphs;
mod lcmcr;
mod loglinear;
mod math;
mod model;
mod options;
mod poisson;
mod pooled;
mod report;
mod resample;
mod rng;
mod simple;
mod stepwise;
mod strata;
mod table;

pub use checks::Status;
pub use dga::{Dga, Prior};
pub use graphs::{Graph, decomposable};
pub use lcmcr::Lcmcr;
pub use loglinear::{Candidate, fit_all, fit_one};
pub use model::{Model, all_models};
pub use options::Options;
pub use poisson::Fit;
pub use pooled::{Pooled, PooledMethod, pooled};
pub use report::{Estimate, Mass, Method, Report};
pub use resample::Resampling;
pub use strata::{Stratified, stratified};
pub use table::{MOST_LISTS, Table, TableError};

use report::{Outcome, Refusal};

/// Estimates by each of the options' methods. Never fails: what cannot be estimated is refused in words, method by method.
pub fn estimate(table: &Table, options: &Options) -> Report {
    let (used, empty) = table.without_empty_lists();
    let methods = options
        .methods
        .iter()
        .map(|method| {
            let result = match refuse_at_once(&used, *method) {
                Some(refusal) => Err(refusal),
                None => run(&used, *method, options),
            };
            let mut estimate = Estimate::from(*method, options.level, result);
            warn(&used, &empty, &mut estimate);
            estimate
        })
        .collect();
    Report {
        documented: table.documented(),
        lists: table.lists().to_vec(),
        methods,
        assumptions: assumptions::of(table),
    }
}

fn run(table: &Table, method: Method, options: &Options) -> Result<Outcome, Refusal> {
    match method {
        Method::Dga => dga::estimate(table, options),
        Method::Lcmcr => lcmcr::estimate(table, options),
        Method::Loglinear => loglinear::estimate(table, options),
        Method::Stepwise => stepwise::estimate(table, options),
        Method::Bootstrap => bootstrap::estimate(table, options),
        Method::Chao => simple::chao(table, options),
        Method::Independence => simple::independence(table, options),
    }
}

/// The fewest cases on two lists or more from which anything is estimated.
const LEAST_SHARED: u64 = 5;

/// What no method can do anything with.
fn refuse_at_once(table: &Table, method: Method) -> Option<Refusal> {
    let documented = table.documented();
    if documented == 0 {
        return Some(Refusal::new("The table has no cases."));
    }
    let shared: u64 = table.by_frequency().iter().skip(1).sum();
    let lists = table.width();
    let least = if method == Method::Chao { 2 } else { 3 };
    if lists < least {
        let one = if lists == 1 { "list has" } else { "lists have" };
        return Some(Refusal::new(format!(
            "Only {lists} {one} any cases; at least {least} are needed. With two lists nobody can tell whether being on one makes being on the other more likely."
        )));
    }
    if shared == 0 {
        return Some(Refusal::new(
            "The lists do not overlap: no case is on two of them. Without overlap nothing can be said about what all of them missed. Were the lists linked to each other?",
        ));
    }
    if table.by_frequency().first() == Some(&0) && lists > 2 {
        return Some(Refusal::new(
            "Nobody is on one list alone: the lists are copies of each other, and what all of them missed leaves no trace in them.",
        ));
    }
    // A log-linear model can be told that two lists never meet; these two average over models that know nothing of it.
    if (method == Method::Lcmcr || method == Method::Dga && lists <= 6)
        && let Some((one, other)) = apart(table)
    {
        return Some(Refusal::new(format!(
            "The lists fall apart: none of {one} shares anybody with {other}. Each part says nothing about those whom the other has; estimate them one by one, or link the lists first."
        )));
    }
    if shared < LEAST_SHARED {
        let is = if shared == 1 { "case is" } else { "cases are" };
        return Some(Refusal::new(format!(
            "Only {shared} {is} on two lists or more; at least {LEAST_SHARED} are needed. One case more or less would change everything."
        )));
    }
    None
}

/// Two parts of the lists, each of two lists or more, that have nobody in common; by name. A list that stands alone is only warned of.
fn apart(table: &Table) -> Option<(String, String)> {
    let width = table.width();
    let mut part: Vec<usize> = (0..width).collect();
    for a in 0..width {
        for b in a + 1..width {
            if table.on_all(1 << a | 1 << b) > 0 {
                let (x, y) = (part[a], part[b]);
                for of in part.iter_mut().filter(|of| **of == y) {
                    *of = x;
                }
            }
        }
    }
    let members = |of: usize| (0..width).filter(|&list| part[list] == of).fold(0u32, |bits, list| bits | 1 << list);
    let mut parts: Vec<u32> = part.iter().map(|&of| members(of)).filter(|bits| bits.count_ones() > 1).collect();
    parts.sort_unstable();
    parts.dedup();
    match parts.as_slice() {
        [one, other, ..] => Some((table.names(*one), table.names(*other))),
        _ => None,
    }
}

/// Adds what is odd about the table to a method's warnings.
fn warn(table: &Table, empty: &[String], estimate: &mut Estimate) {
    let mut warnings: Vec<String> = Vec::new();
    if !empty.is_empty() {
        warnings.push(format!("Nobody is on {}: left out.", empty.join(", ")));
    }
    for list in (0..table.width()).filter(|_| table.width() > 1) {
        let on = table.on_all(1 << list);
        let alone: u64 = table.patterns().filter(|(pattern, _)| *pattern == 1 << list).map(|(_, count)| count).sum();
        let name = &table.lists()[list];
        if alone == on {
            warnings.push(format!(
                "{name} shares nobody with any other list: it says little about what all lists missed. Is it about other people, or not linked?"
            ));
        }
        if alone == 0 {
            warnings.push(format!("{name} has nobody whom the other lists lack: is it a copy of one of them?"));
        }
    }
    if warnings.is_empty() {
        return;
    }
    let known = estimate.diagnostics.entry("warnings").or_insert_with(|| serde_json::Value::Array(Vec::new()));
    if let serde_json::Value::Array(known) = known {
        known.extend(warnings.into_iter().map(Into::into));
    }
}
