//! Whether the lists overlap enough for any number: asked once of a table, before any method, so that no method prints one
//! where another refuses for a reason that lies in the table.

use crate::Options;
use crate::checks::frame;
use crate::loglinear::{Candidate, dense};
use crate::math::{exp, size};
use crate::model::Model;
use crate::report::{Estimate, Method, Refusal, group};
use crate::table::Table;

/// The fewest cases on two lists or more from which anything is estimated.
const LEAST_SHARED: u64 = 5;
/// Below this probability that lists share nobody is taken for more than chance: the threshold at which stepwise selection
/// takes two lists for dependent (Chan, Silverman & Vincent 2021, a one-sided Poisson tail).
const CHANCE: f64 = 0.02;

/// What every method must know of a table.
pub(crate) struct Overlap {
    parts: Vec<Part>,
    /// Nothing limits the number from above, whatever the dependences: told by averaging over all of them.
    endless: Option<Refusal>,
}

/// Lists that share nobody with the others.
struct Part {
    lists: u32,
    others: u32,
    /// How many cases they would share with the others if all lists were independent; none where that cannot be said.
    expected: Option<f64>,
}

impl Overlap {
    /// Looks at a table without empty lists. Whether it limits the number is asked for up to six lists, and only where one of
    /// these methods does not ask for itself.
    pub fn of(table: &Table, options: &Options) -> Self {
        let asks = options.methods.iter().any(|method| !matches!(method, Method::Dga | Method::Chao));
        let endless =
            if asks && refuse_at_once(table, Method::Dga).is_none() { crate::dga::endless(table) } else { None };
        Self { parts: parts(table), endless }
    }

    /// Why this method gives no number, where the reason is in the table.
    pub fn refuse(&self, table: &Table, method: Method) -> Option<Refusal> {
        refuse_at_once(table, method).or_else(|| self.apart(table)).or_else(|| match method {
            // It asks for itself, with its own prior.
            Method::Dga => None,
            // A lower bound stays one where nothing is known of the upper.
            Method::Chao => None,
            _ => self.endless.clone(),
        })
    }

    /// Lists that share nobody with the others, though by chance they would.
    fn apart(&self, table: &Table) -> Option<Refusal> {
        let part = self.parts.iter().find(|part| part.expected.is_none_or(|expected| exp(-expected) < CHANCE))?;
        let (one, others) = (table.names(part.lists), table.names(part.others));
        let shares = if part.lists.count_ones() == 1 {
            format!("{one} shares nobody with {others}")
        } else {
            format!("none of {one} shares anybody with {others}")
        };
        let by_chance = part.expected.map_or(String::new(), |expected| {
            format!(", though by chance alone about {} would be on both", group(expected))
        });
        Some(Refusal::new(format!(
            "The lists fall apart: {shares}{by_chance}. They are about different people, or were not linked. Link the lists first; or estimate from one part alone, which then says nothing about the people of the other."
        )))
    }

    /// Adds what is odd about the table to a method's warnings.
    pub fn warn(&self, table: &Table, empty: &[String], estimate: &mut Estimate) {
        let mut warnings: Vec<String> = Vec::new();
        if !empty.is_empty() {
            warnings.push(format!("Nobody is on {}: left out.", empty.join(", ")));
        }
        for part in &self.parts {
            let name = table.names(part.lists);
            let by_chance = part.expected.map_or(String::new(), |expected| {
                format!(" By chance about {expected:.1} would be on both, so it need not mean anything; but it may.")
            });
            warnings.push(if part.lists.count_ones() == 1 {
                format!(
                    "{name} shares nobody with any other list: it says little about what all lists missed. Is it about other people, or not linked?{by_chance}"
                )
            } else {
                format!(
                    "None of {name} shares anybody with the other lists. Are they about other people, or not linked?{by_chance}"
                )
            });
        }
        for list in (0..table.width()).filter(|_| table.width() > 1) {
            if table.patterns().all(|(pattern, _)| pattern != 1 << list) {
                let name = &table.lists()[list];
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
}

/// What no method can do anything with.
fn refuse_at_once(table: &Table, method: Method) -> Option<Refusal> {
    if table.documented() == 0 {
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
    if shared < LEAST_SHARED {
        let is = if shared == 1 { "case is" } else { "cases are" };
        return Some(Refusal::new(format!(
            "Only {shared} {is} on two lists or more; at least {LEAST_SHARED} are needed. One case more or less would change everything."
        )));
    }
    None
}

/// The parts into which lists fall that share nobody with each other, but for the largest; none where all hang together.
fn parts(table: &Table) -> Vec<Part> {
    let width = table.width();
    let mut of: Vec<u32> = (0..width).map(|list| 1 << list).collect();
    for (pattern, _) in table.patterns() {
        // All parts that the pattern touches become one.
        let joined = of.iter().filter(|part| **part & pattern != 0).fold(0, |sum, part| sum | part);
        of.retain(|part| part & pattern == 0);
        of.push(joined);
    }
    if of.len() < 2 {
        return Vec::new();
    }
    let cases = |part: u32| -> u64 { table.patterns().filter(|(p, _)| p & part != 0).map(|(_, count)| count).sum() };
    of.sort_by_key(|part| (cases(*part), *part));
    let all = crate::table::full(width);
    of.pop();
    let by_chance = independent(table);
    of.into_iter()
        .map(|lists| {
            let others = all & !lists;
            let expected = by_chance.as_ref().map(|expected| {
                let both = |w: &usize| w & lists as usize != 0 && w & others as usize != 0;
                (1..expected.len()).filter(both).map(|w| expected[w]).sum()
            });
            Part { lists, others, expected }
        })
        .collect()
}

/// How many cases each pattern would have if the lists were independent.
fn independent(table: &Table) -> Option<Vec<f64>> {
    let counts = dense(table);
    let model = Model::independence(table.width());
    let frame = frame(&counts, &model).ok()?;
    let expected = Candidate::framed(&counts, model, &frame, None)?.fit.expected;
    (expected.iter().sum::<f64>() / size(expected.len())).is_finite().then_some(expected)
}
