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
mod overlap;
mod poisson;
mod pooled;
mod posterior;
mod reading;
mod report;
mod resample;
mod rng;
mod simple;
mod stepwise;
mod strata;
mod table;

pub use checks::Status;
pub use dga::{Dga, Grid, Prior};
pub use graphs::{Graph, decomposable};
pub use lcmcr::Lcmcr;
pub use loglinear::{Candidate, fit_all, fit_one};
pub use model::{Model, all_models};
pub use options::Options;
pub use poisson::Fit;
pub use pooled::{Pooled, PooledMethod, pooled};
pub use reading::TableError;
pub use report::{Estimate, Mass, Method, Report};
pub use resample::Resampling;
pub use strata::{Stratified, Stratum, stratified};
pub use table::{MOST_LISTS, Table};

use overlap::Overlap;
use report::{Outcome, Refusal};

/// Estimates by each of the options' methods. Never fails: what cannot be estimated is refused in words, method by method.
pub fn estimate(table: &Table, options: &Options) -> Report {
    let (used, empty) = table.without_empty_lists();
    let overlap = Overlap::of(&used, options);
    let methods = options
        .methods
        .iter()
        .map(|method| {
            let result = match overlap.refuse(&used, *method) {
                Some(refusal) => Err(refusal),
                None => run(&used, *method, options),
            };
            let mut estimate = Estimate::from(*method, options.level, result);
            overlap.warn(&used, &empty, &mut estimate);
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
