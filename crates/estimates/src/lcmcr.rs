//! Latent classes with a Dirichlet process: Manrique-Vallier 2016; as in the R package `LCMCR`.
//!
//! People fall into classes that nobody sees; within a class lists are independent, each class has its own chances to be
//! listed, and the number of classes is left to the data. Gibbs sampling goes by pattern, not by person, so its cost
//! does not grow with the number of cases.

use serde_json::{Map, json};

use crate::Options;
use crate::chains::{effective, r_hat};
use crate::math::{exp, ln, ln_factorial, ln_gamma, quantile, real, size, whole};
use crate::report::{Outcome, Refusal, even, group};
use crate::resample::in_threads;
use crate::rng::Rng;
use crate::table::Table;

/// Settings of the sampler.
#[derive(Debug, Clone, Copy)]
pub struct Lcmcr {
    /// The most classes.
    pub classes: usize,
    /// Chains, each from its own beginning with its own generator. At least 4; eight are the default, because four that
    /// fall into one of two modes by chance agree once in eight times.
    pub chains: usize,
    /// Sweeps of each chain that are thrown away first.
    pub burn_in: usize,
    /// Draws that are kept, of all chains together.
    pub draws: usize,
    /// Sweeps from one kept draw to the next.
    pub thin: usize,
    /// Shape and rate of the Gamma prior on the Dirichlet process's concentration.
    pub concentration: (f64, f64),
    /// At most so many times the documented cases are undocumented.
    pub at_most: f64,
    /// Lets neighbouring classes change places; `false` as in the package, whose chains then mix less well.
    pub change_places: bool,
}

impl Default for Lcmcr {
    fn default() -> Self {
        Self {
            classes: 10,
            chains: 8,
            burn_in: 10_000,
            draws: 10_000,
            thin: 30,
            concentration: (0.25, 0.25),
            at_most: 20.0,
            change_places: true,
        }
    }
}

/// Above this R̂ nothing is printed.
pub const MOST_R_HAT: f64 = 1.05;
/// Below so many effective draws nothing is printed: the ends of the interval would be chance.
pub const LEAST_EFFECTIVE: f64 = 100.0;

/// One chain's state.
struct Chain<'a> {
    settings: &'a Lcmcr,
    width: usize,
    /// Patterns and their counts, and all cases.
    patterns: Vec<(u32, u64)>,
    documented: u64,
    rng: Rng,
    concentration: f64,
    /// ln of each class's share.
    ln_share: Vec<f64>,
    /// Each class's chance to be on each list, and not to be: `[class * width + list]`.
    listed: Vec<(f64, f64)>,
    /// Cases of each class, undocumented ones included; those among them on each list.
    members: Vec<u64>,
    on_list: Vec<u64>,
    missing: u64,
    /// How often the most that may be missing was reached.
    at_bound: u64,
}

impl<'a> Chain<'a> {
    fn new(table: &Table, settings: &'a Lcmcr, seed: u64, number: usize) -> Self {
        let (classes, width) = (settings.classes.max(1), table.width());
        let mut rng = Rng::new(seed, number as u64);
        // From far apart, so that chains which agree have found their way there: half of the classes, each with chances of its
        // own at random; nobody missing in one chain, nearly as many as may be in another. Not from all classes: then some
        // chains freeze with a class for each list's own people, where no other chain ever comes. From the whole table: led
        // through growing samples of it chains come by one way and agree because of it (victims of modern slavery, United Kingdom).
        let begin = classes.div_ceil(2);
        let mut ln_share = vec![f64::NEG_INFINITY; classes];
        ln_share[..begin].fill(-ln(size(begin)));
        let listed = (0..classes * width).map(|_| rng.beta(1.0, 1.0)).collect();
        let mut chain = Self {
            settings,
            width,
            patterns: table.patterns().collect(),
            documented: table.documented(),
            rng,
            concentration: [0.2, 1.0][number % 2],
            ln_share,
            listed,
            members: vec![0; classes],
            on_list: vec![0; classes * width],
            missing: table.documented() * [5, 0, 15, 1][number % 4],
            at_bound: 0,
        };
        for _ in 0..settings.burn_in {
            chain.sweep();
        }
        chain.at_bound = 0;
        chain
    }

    /// Steps 1 and 5: divides each pattern's cases, and the undocumented, over the classes.
    fn allocate(&mut self) {
        self.members.fill(0);
        self.on_list.fill(0);
        let classes = self.members.len();
        let top = self.ln_share.iter().fold(f64::NEG_INFINITY, |top, x| top.max(*x));
        let share: Vec<f64> = self.ln_share.iter().map(|x| exp(x - top)).collect();
        let mut weights = vec![0.0; classes];
        let mut drawn = vec![0; classes];
        for at in 0..=self.patterns.len() {
            let (pattern, count) = self.patterns.get(at).copied().unwrap_or((0, self.missing));
            for (class, weight) in weights.iter_mut().enumerate() {
                let chances = &self.listed[class * self.width..(class + 1) * self.width];
                *weight = share[class];
                for (list, (on, off)) in chances.iter().enumerate() {
                    *weight *= if pattern >> list & 1 == 1 { on } else { off };
                }
            }
            drawn.fill(0);
            self.rng.multinomial(count, &weights, &mut drawn);
            for (class, number) in drawn.iter().enumerate().filter(|(_, number)| **number > 0) {
                self.members[class] += number;
                for list in (0..self.width).filter(|list| pattern >> list & 1 == 1) {
                    self.on_list[class * self.width + list] += number;
                }
            }
        }
    }

    /// Lets neighbouring classes change places, the shares integrated out (the shares are drawn anew right after). The stick
    /// favours large classes in front; without this a chain in which a large class stands behind stays there for ever, and
    /// its small classes in front hold people who belong to the large one (Papaspiliopoulos & Roberts 2008).
    fn change_places(&mut self) {
        let classes = self.members.len();
        let mut behind = 0.0;
        for front in (0..classes.saturating_sub(1)).rev() {
            let (a, b) = (real(self.members[front]), real(self.members[front + 1]));
            let alpha = self.concentration;
            // The last class has no stick of its own.
            let ratio = if front + 2 == classes {
                exp(ln_factorial(b) + ln_gamma(alpha + a) - ln_factorial(a) - ln_gamma(alpha + b))
            } else {
                (alpha + b + behind) / (alpha + a + behind)
            };
            if a != b && self.rng.uniform() < ratio {
                self.members.swap(front, front + 1);
                let (first, second) = (front * self.width, (front + 1) * self.width);
                for list in 0..self.width {
                    self.on_list.swap(first + list, second + list);
                }
            }
            behind += real(self.members[front + 1]);
        }
    }

    /// How many classes there are, small ones counting little: e to the entropy of their shares among all cases.
    fn classes(&self) -> f64 {
        let all = real(self.members.iter().sum::<u64>().max(1));
        let part = |members: &u64| if *members == 0 { 0.0 } else { -real(*members) / all * ln(real(*members) / all) };
        exp(self.members.iter().map(part).sum())
    }

    fn sweep(&mut self) {
        self.allocate();
        if self.settings.change_places {
            self.change_places();
        }
        self.rest_of_sweep();
    }

    /// Steps 2, 3, 6 and 4: what follows from who is in which class.
    fn rest_of_sweep(&mut self) {
        let classes = self.members.len();
        // 2: chances to be listed, Beta(1, 1) beforehand.
        for class in 0..classes {
            for list in 0..self.width {
                let at = class * self.width + list;
                let (on, members) = (self.on_list[at], self.members[class]);
                self.listed[at] = if members == 0 {
                    let chance = self.rng.uniform();
                    (chance, 1.0 - chance)
                } else {
                    self.rng.beta(1.0 + real(on), 1.0 + real(members - on))
                };
            }
        }
        // 3: shares by breaking a stick; the last class takes what is left.
        let mut later: u64 = self.members.iter().sum();
        let mut ln_left = 0.0;
        for class in 0..classes {
            if class + 1 == classes {
                self.ln_share[class] = ln_left;
            } else {
                later -= self.members[class];
                let (taken, left) = self.rng.ln_beta(1.0 + real(self.members[class]), self.concentration + real(later));
                self.ln_share[class] = ln_left + taken;
                ln_left += left;
            }
        }
        // 6: how many classes are wanted.
        let (shape, rate) = self.settings.concentration;
        let last = self.ln_share[classes - 1];
        self.concentration = (self.rng.gamma(shape + size(classes) - 1.0) / (rate - last)).max(1e-6);
        // 4: the undocumented, negative binomial given the chance to be missed, p(N) ∝ 1/N beforehand.
        let mut missed = 0.0;
        for class in 0..classes {
            let chances = &self.listed[class * self.width..(class + 1) * self.width];
            missed += exp(self.ln_share[class]) * chances.iter().map(|(_, off)| off).product::<f64>();
        }
        let odds = missed / (1.0 - missed).max(1e-300);
        let most = self.settings.at_most * real(self.documented);
        let mut tries = 0;
        self.missing = loop {
            let mean = self.rng.gamma(real(self.documented)) * odds;
            // A mean far beyond the bound is never drawn below it.
            let drawn = if mean > 4.0 * most + 100.0 { u64::MAX } else { self.rng.poisson(mean) };
            if real(drawn) <= most {
                break drawn;
            }
            tries += 1;
            if tries == 1000 {
                self.at_bound += 1;
                break whole(most);
            }
        };
    }
}

/// What one chain gave.
struct Run {
    draws: Vec<f64>,
    at_bound: u64,
    /// Mean effective number of classes.
    classes: f64,
}

/// The middle of a chain's draws.
fn middle(draws: &[f64]) -> f64 {
    let mut sorted = draws.to_vec();
    sorted.sort_by(f64::total_cmp);
    quantile(&sorted, 0.5)
}

/// What all chains gave.
struct Simulated {
    runs: Vec<Run>,
    draws: Vec<Vec<f64>>,
    r_hat: f64,
    effective: f64,
}

fn simulate(table: &Table, settings: &Lcmcr, options: &Options) -> Simulated {
    let chains = settings.chains.max(4);
    let each = settings.draws.div_ceil(chains).max(50);
    let n = real(table.documented());
    let runs: Vec<Run> = in_threads(chains, options.threads(), |number| {
        let mut chain = Chain::new(table, settings, options.seed ^ 0x4C43_4D43, number);
        let mut classes = 0.0;
        let draws = (0..each)
            .map(|_| {
                for _ in 0..settings.thin.max(1) {
                    chain.sweep();
                }
                classes += chain.classes();
                n + real(chain.missing)
            })
            .collect();
        Run { draws, at_bound: chain.at_bound, classes: classes / size(each) }
    });
    let draws: Vec<Vec<f64>> = runs.iter().map(|run| run.draws.clone()).collect();
    // On the logarithm too: one chain's long tail would hide another's other middle.
    let logs: Vec<Vec<f64>> = draws.iter().map(|chain| chain.iter().map(|x| ln(x - n + 1.0)).collect()).collect();
    let (r_hat, effective) = (r_hat(&draws).max(r_hat(&logs)), effective(&draws).min(effective(&logs)));
    Simulated { runs, draws, r_hat, effective }
}

pub(crate) fn estimate(table: &Table, options: &Options) -> Result<Outcome, Refusal> {
    let settings = options.lcmcr;
    let Simulated { runs, draws, r_hat: r, effective: ess } = simulate(table, &settings, options);
    let (n, chains) = (real(table.documented()), runs.len());
    let mut all: Vec<f64> = draws.iter().flatten().copied().collect();
    all.sort_by(f64::total_cmp);
    let tail = (1.0 - options.level) / 2.0;
    let [estimate, lower, upper] = [0.5, tail, 1.0 - tail].map(|p| quantile(&all, p));
    let medians: Vec<f64> = draws.iter().map(|chain| middle(chain)).collect();
    let mut diagnostics = Map::new();
    diagnostics.insert("r_hat".into(), json!(r));
    diagnostics.insert("effective_draws".into(), ess.into());
    diagnostics.insert("draws".into(), all.len().into());
    diagnostics.insert("chains".into(), chains.into());
    diagnostics.insert("burn_in".into(), settings.burn_in.into());
    diagnostics.insert("thin".into(), settings.thin.into());
    diagnostics.insert("classes_at_most".into(), settings.classes.into());
    diagnostics.insert("classes".into(), json!(runs.iter().map(|run| run.classes).collect::<Vec<_>>()));
    diagnostics.insert("chains_medians".into(), json!(medians));
    diagnostics.insert("mean".into(), (all.iter().sum::<f64>() / size(all.len())).into());
    diagnostics.insert("undocumented_at_most_times_documented".into(), settings.at_most.into());
    diagnostics.insert("sweeps_at_bound".into(), runs.iter().map(|run| run.at_bound).sum::<u64>().into());
    let (low, high) = (quantile(&all, tail), quantile(&all, 1.0 - tail));
    diagnostics.insert("draws_between".into(), json!([low, high]));
    if r.is_nan() || r > MOST_R_HAT {
        let reason = format!(
            "The chains do not mix (R̂ {r:.2}, at most {MOST_R_HAT} is accepted): each tells another story, somewhere between {} and {}. The table fits several numbers; stratifying or another list may help.",
            group(low),
            group(high)
        );
        return Err(Refusal { reason, diagnostics });
    }
    if ess < LEAST_EFFECTIVE {
        let reason = format!(
            "The draws are worth only {ess:.0} independent ones, at least {LEAST_EFFECTIVE} are needed. Ask for more draws."
        );
        return Err(Refusal { reason, diagnostics });
    }
    let bound = n + settings.at_most * n;
    if upper > 0.95 * bound {
        let reason = format!(
            "The posterior runs against its bound of {} cases: the table does not limit the number from above. Merge lists, or look for a list that overlaps with the others.",
            group(bound)
        );
        return Err(Refusal { reason, diagnostics });
    }
    Ok(Outcome { estimate, lower, upper, diagnostics, spread: even(&all) })
}
