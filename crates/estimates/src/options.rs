//! What is asked for.

use crate::dga::Dga;
use crate::lcmcr::Lcmcr;
use crate::report::Method;
use crate::resample::Resampling;

/// Which methods, with which settings. The defaults are those of the papers and their packages.
#[derive(Debug, Clone)]
pub struct Options {
    /// The methods, in the order of the report.
    pub methods: Vec<Method>,
    /// Where all random numbers come from.
    pub seed: u64,
    /// What share of intervals should hold the truth: 0.95.
    pub level: f64,
    /// Highest order of interactions among log-linear models; `None`: 3 for up to four lists, 2 for more.
    pub max_order: Option<usize>,
    /// Below this tail probability stepwise selection adds a pair: 0.02 (Chan, Silverman & Vincent 2021).
    pub p_threshold: f64,
    /// The bootstrap of stepwise selection and of the best BIC.
    pub resampling: Resampling,
    /// Decomposable graphs.
    pub dga: Dga,
    /// Latent classes.
    pub lcmcr: Lcmcr,
    /// How many threads may be used; they do not change results. `None`: as many as there are cores.
    pub threads: Option<usize>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            methods: Method::ALL.to_vec(),
            seed: 1,
            level: 0.95,
            max_order: None,
            p_threshold: 0.02,
            resampling: Resampling::default(),
            dga: Dga::default(),
            lcmcr: Lcmcr::default(),
            threads: None,
        }
    }
}

impl Options {
    /// The defaults with only these methods.
    pub fn of(methods: &[Method]) -> Self {
        Self { methods: methods.to_vec(), ..Self::default() }
    }

    /// The defaults with few draws and resamples: for a first look, and for many tables at once.
    pub fn quick(methods: &[Method]) -> Self {
        let mut quick = Self::of(methods);
        quick.resampling.samples = 200;
        quick.lcmcr = Lcmcr { burn_in: 2000, draws: 2000, thin: 5, ..Lcmcr::default() };
        quick
    }

    pub(crate) fn threads(&self) -> usize {
        self.threads.unwrap_or_else(|| std::thread::available_parallelism().map_or(1, std::num::NonZero::get))
    }
}
