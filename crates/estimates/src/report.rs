//! What is handed out: for each method an estimate with its interval, or the reason why there is none; never a bare number.

use serde::ser::{Serialize, SerializeStruct, Serializer};
use serde_json::{Map, Value};

/// A method of estimation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Method {
    /// Bayesian averaging over decomposable graphs (Madigan & York 1997).
    Dga,
    /// Latent classes with a Dirichlet process (Manrique-Vallier 2016).
    Lcmcr,
    /// The best log-linear model by BIC, with intervals that hold only if that model does.
    Loglinear,
    /// Pairs of lists added one by one, BCa bootstrap (Chan, Silverman & Vincent 2021).
    Stepwise,
    /// Best model by BIC in each bootstrap sample, among the best of the table (Silverman, Chan & Vincent 2024).
    Bootstrap,
    /// Lower bound from cases on one and on two lists (Chao 1987).
    Chao,
    /// Lists independent of each other: for comparison only.
    Independence,
}

impl Method {
    /// All methods, the one to read first in front.
    pub const ALL: [Self; 7] =
        [Self::Dga, Self::Lcmcr, Self::Loglinear, Self::Stepwise, Self::Bootstrap, Self::Chao, Self::Independence];

    /// Its name in commands and data.
    pub fn name(self) -> &'static str {
        match self {
            Self::Dga => "dga",
            Self::Lcmcr => "lcmcr",
            Self::Loglinear => "loglinear",
            Self::Stepwise => "stepwise",
            Self::Bootstrap => "bootstrap",
            Self::Chao => "chao",
            Self::Independence => "independence",
        }
    }

    /// The method with this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|method| method.name() == name)
    }

    /// What it is, for a reader.
    pub fn title(self) -> &'static str {
        match self {
            Self::Dga => "Bayesian averaging over all decomposable graphs",
            Self::Lcmcr => "latent classes with a Dirichlet process",
            Self::Loglinear => "the log-linear model with the best BIC",
            Self::Stepwise => "stepwise log-linear selection with a bootstrap interval",
            Self::Bootstrap => "the best BIC with an interval that allows for the choice of model",
            Self::Chao => "Chao's lower bound",
            Self::Independence => "independent lists, for comparison",
        }
    }

    /// Where it was published.
    pub fn paper(self) -> &'static str {
        match self {
            Self::Dga => "Madigan & York 1997, Biometrika 84:19–31, doi 10.1093/biomet/84.1.19",
            Self::Lcmcr => "Manrique-Vallier 2016, Biometrics 72:1246–1254, doi 10.1111/biom.12502",
            Self::Loglinear => {
                "Fienberg 1972, Biometrika 59:591–603, doi 10.1093/biomet/59.3.591; Cormack 1992, Biometrics 48:567–576"
            }
            Self::Stepwise => "Chan, Silverman & Vincent 2021, JASA 116:1297–1306, doi 10.1080/01621459.2019.1708748",
            Self::Bootstrap => {
                "Silverman, Chan & Vincent 2024, Statistics and Computing 34:44, doi 10.1007/s11222-023-10346-9"
            }
            Self::Chao => {
                "Chao 1987, Biometrics 43:783–791, doi 10.2307/2531532; Rivest & Baillargeon 2007, Biometrics 63:999–1006"
            }
            Self::Independence => "Darroch 1958, Biometrika 45:343–359, doi 10.1093/biomet/45.3-4.343",
        }
    }
}

/// A number of persons in all (N) with its weight; weights sum to 1.
pub type Mass = (f64, f64);

/// What a method found: the number of cases in all, documented ones included.
#[derive(Debug, Clone)]
pub(crate) struct Outcome {
    pub estimate: f64,
    pub lower: f64,
    pub upper: f64,
    pub diagnostics: Map<String, Value>,
    pub spread: Vec<Mass>,
}

/// Why a method gives no number, in words that say what to do, and what was seen.
#[derive(Debug, Clone)]
pub(crate) struct Refusal {
    pub reason: String,
    pub diagnostics: Map<String, Value>,
}

impl Refusal {
    pub fn new(reason: impl Into<String>) -> Self {
        Self { reason: reason.into(), diagnostics: Map::new() }
    }
}

/// One method's answer. Either `refused` is `None` and estimate, lower and upper are all there, or it says why and none is.
#[derive(Debug, Clone)]
pub struct Estimate {
    /// The method.
    pub method: Method,
    /// How many cases there are in all, the documented ones included.
    pub estimate: Option<f64>,
    /// Lower end of the interval.
    pub lower: Option<f64>,
    /// Upper end of the interval.
    pub upper: Option<f64>,
    /// What share of such intervals should hold the truth, if the assumptions hold: 0.95.
    pub level: f64,
    /// Why there is no number.
    pub refused: Option<String>,
    /// What the method saw: models and their weights, mixing, warnings. Names are explained in the crate's README.
    pub diagnostics: Map<String, Value>,
    /// The distribution behind the interval (posterior, bootstrap, or the normal curve on ln of the undocumented), at most
    /// 400 points by rising N. Empty where refused.
    pub spread: Vec<Mass>,
}

impl Estimate {
    pub(crate) fn from(method: Method, level: f64, result: Result<Outcome, Refusal>) -> Self {
        match result {
            Ok(o) => {
                let mut diagnostics = o.diagnostics;
                let spread = thin(&o.spread, 400);
                diagnostics.insert("paper".into(), method.paper().into());
                if let Some(kind) = method.spread_kind() {
                    let points = spread.iter().map(|(n, mass)| Value::from(vec![*n, *mass])).collect();
                    diagnostics.insert(kind.into(), Value::Array(points));
                }
                let [estimate, lower, upper] = [o.estimate, o.lower, o.upper].map(Some);
                Self { method, estimate, lower, upper, level, refused: None, diagnostics, spread }
            }
            Err(refusal) => {
                let mut diagnostics = refusal.diagnostics;
                diagnostics.insert("paper".into(), method.paper().into());
                Self {
                    method,
                    estimate: None,
                    lower: None,
                    upper: None,
                    level,
                    refused: Some(refusal.reason),
                    diagnostics,
                    spread: Vec::new(),
                }
            }
        }
    }

    /// Estimate, lower and upper end, where there are any.
    pub fn numbers(&self) -> Option<(f64, f64, f64)> {
        Some((self.estimate?, self.lower?, self.upper?))
    }
}

impl Method {
    /// Under what name the spread goes into the diagnostics; none where it is only a curve fitted to the interval.
    fn spread_kind(self) -> Option<&'static str> {
        match self {
            Self::Dga | Self::Lcmcr => Some("posterior"),
            Self::Stepwise | Self::Bootstrap => Some("bootstrap"),
            Self::Loglinear | Self::Chao | Self::Independence => None,
        }
    }
}

impl Serialize for Estimate {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut out = serializer.serialize_struct("Estimate", 7)?;
        out.serialize_field("method", self.method.name())?;
        out.serialize_field("estimate", &self.estimate)?;
        out.serialize_field("lower", &self.lower)?;
        out.serialize_field("upper", &self.upper)?;
        out.serialize_field("level", &self.level)?;
        out.serialize_field("refused", &self.refused)?;
        out.serialize_field("diagnostics", &self.diagnostics)?;
        out.end()
    }
}

/// All methods' answers about one table.
#[derive(Debug, Clone, serde::Serialize)]
pub struct Report {
    /// Cases that are on one list or more.
    pub documented: u64,
    /// The lists' names.
    pub lists: Vec<String>,
    /// Each method's answer.
    pub methods: Vec<Estimate>,
    /// What must hold, in plain sentences.
    pub assumptions: Vec<String>,
}

impl Report {
    /// The report as JSON: `{"documented","lists","methods":[…],"assumptions":[…]}`.
    pub fn json(&self) -> String {
        serde_json::to_string_pretty(self).unwrap_or_default()
    }

    /// The answer to read first: of the methods that gave one, the first in [`Method::ALL`] that is neither a lower bound
    /// nor only for comparison.
    pub fn leading(&self) -> Option<&Estimate> {
        let serious = |e: &&Estimate| e.refused.is_none() && !matches!(e.method, Method::Chao | Method::Independence);
        self.methods.iter().filter(serious).min_by_key(|e| e.method)
    }

    /// The answer to read first in a few words, for one row among several that share their assumptions; or the reason why
    /// there is none.
    pub fn short(&self) -> String {
        let known = group(crate::math::real(self.documented));
        match self.leading().and_then(|lead| Some((lead, lead.numbers()?))) {
            Some((lead, (n, lower, upper))) => format!(
                "documented {known}; estimated in all {} ({}–{}, {}%; {})",
                group(n),
                group(lower),
                group(upper),
                (lead.level * 1000.0).round() / 10.0,
                lead.method.title()
            ),
            None => {
                let why = self.methods.iter().find_map(|e| e.refused.as_deref()).unwrap_or("No method was asked for.");
                format!("documented {known}; how many more is not estimated. {why}")
            }
        }
    }

    /// One or two sentences for a page: never without interval, method and assumptions.
    pub fn sentence(&self) -> String {
        sentence(self.documented, &self.methods, self.leading())
    }
}

pub(crate) fn sentence(documented: u64, methods: &[Estimate], leading: Option<&Estimate>) -> String {
    let known = group(crate::math::real(documented));
    let Some((lead, (n, lower, upper))) = leading.and_then(|lead| Some((lead, lead.numbers()?))) else {
        let reasons: Vec<&str> = methods.iter().filter_map(|e| e.refused.as_deref()).collect();
        let why = reasons.first().map_or(String::new(), |reason| format!(" {reason}"));
        let bound = methods.iter().find(|e| e.method == Method::Chao).and_then(Estimate::numbers).map_or(
            String::new(),
            |(n, lower, upper)| {
                format!(
                    " If people differ in how likely they are to be listed, and lists do not avoid each other, there are at least about {} ({}–{}) in all.",
                    group(n), group(lower), group(upper)
                )
            },
        );
        return format!("Documented: {known}. How many more there were is not estimated.{why}{bound}");
    };
    let level = (lead.level * 1000.0).round() / 10.0;
    let unseen = group((n - crate::math::real(documented)).max(0.0));
    let others: Vec<f64> = methods
        .iter()
        .filter(|e| e.method != lead.method && !matches!(e.method, Method::Chao | Method::Independence))
        .filter_map(|e| e.estimate)
        .collect();
    let (low, high) = others.iter().fold((f64::INFINITY, 0.0_f64), |(low, high), n| (low.min(*n), high.max(*n)));
    // What no method settles is said before any one number.
    let mut first = String::new();
    let beside = if others.is_empty() {
        String::new()
    } else if low < lower || high > upper {
        first = format!(
            " The methods disagree, from {} to {}: each interval is too narrow to say what is not known, and the table alone does not settle it.",
            group(low.min(n)),
            group(high.max(n))
        );
        String::new()
    } else if group(low) == group(high) {
        match others.len() {
            _ if group(low) == group(n) => " All methods give the same.".to_owned(),
            1 => format!(" Another method gives {}.", group(low)),
            _ => format!(" The other methods all give {}.", group(low)),
        }
    } else {
        format!(" Other methods give {} to {}.", group(low), group(high))
    };
    format!(
        "Documented: {known}.{first} Estimated in all: {} ({}–{}, {level}%; {}), so about {unseen} never recorded by any list, under the assumptions stated: a closed population, the lists' dependence as the method allows it, people alike enough in how likely they are to be listed, and records linked without error.{beside}",
        group(n),
        group(lower),
        group(upper),
        lead.method.title()
    )
}

/// A number rounded to a whole one, thousands apart: 10,357.
pub(crate) fn group(x: f64) -> String {
    let digits = crate::math::whole(x.round()).to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// At most `most` points: neighbours are joined at their mean, so that mass and mean stay as they were.
pub(crate) fn thin(spread: &[Mass], most: usize) -> Vec<Mass> {
    if spread.len() <= most {
        return spread.to_vec();
    }
    // By place in the list, not by mass: the tails keep their points, and the picture its shape.
    let mut out = Vec::with_capacity(most);
    for bin in 0..most {
        let of = &spread[bin * spread.len() / most..(bin + 1) * spread.len() / most];
        let mass: f64 = of.iter().map(|(_, mass)| mass).sum();
        if mass > 1e-12 {
            out.push((of.iter().map(|(n, mass)| n * mass).sum::<f64>() / mass, mass));
        }
    }
    out
}

/// The N below which this share of the mass lies; each point's mass is spread evenly to half-way to its neighbours.
pub(crate) fn mass_quantile(spread: &[Mass], p: f64) -> f64 {
    let total: f64 = spread.iter().map(|(_, mass)| mass).sum();
    let (mut sum, want) = (0.0, p * total);
    for (at, (n, mass)) in spread.iter().enumerate() {
        if sum + mass >= want && *mass > 0.0 {
            let left = at.checked_sub(1).map_or(*n, |before| f64::midpoint(spread[before].0, *n));
            let right = spread.get(at + 1).map_or(*n, |after| f64::midpoint(*n, after.0));
            return left + (right - left) * ((want - sum) / mass).clamp(0.0, 1.0);
        }
        sum += mass;
    }
    spread.last().map_or(f64::NAN, |(n, _)| *n)
}

/// The values, each with the same mass, sorted and equal ones joined.
pub(crate) fn even(values: &[f64]) -> Vec<Mass> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let each = 1.0 / crate::math::size(values.len().max(1));
    let mut out: Vec<Mass> = Vec::new();
    for n in sorted {
        match out.last_mut() {
            Some((last, mass)) if *last == n => *mass += each,
            _ => out.push((n, each)),
        }
    }
    out
}
