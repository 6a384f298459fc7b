//! What the claims about an entity add up to: values with their accounts, the preferred one first, and why.

use std::cmp::Ordering;
use std::collections::BTreeSet;

use schema::{Agreement, Cardinality, EntityId, Label, Value, Verification};

use crate::clearance::Clearance;
use crate::clock::Timestamp;
use crate::id::{ClaimId, Digest};
use crate::item::Locator;
use crate::storage::ItemNo;

/// An entity for a given reader, at a given moment, under a given standard.
#[derive(Clone, Debug)]
pub struct Record {
    /// The smallest id of those judged to be the same.
    pub id: EntityId,
    pub schema: String,
    pub label: String,
    pub clearance: Clearance,
    /// The other ids judged to be the same.
    pub merged: Vec<EntityId>,
    /// In the schema's order; only those that have values.
    pub properties: Vec<PropertyView>,
    /// Claims that stand.
    pub claims: usize,
    pub sources: Vec<SourceView>,
    /// Independent roots of those sources.
    pub roots: usize,
    /// Properties of one value on which accounts differ.
    pub disputed: usize,
}

impl Record {
    #[must_use]
    pub fn property(&self, name: &str) -> Option<&PropertyView> {
        self.properties.iter().find(|property| property.name == name)
    }

    /// The value to be shown first.
    #[must_use]
    pub fn first(&self, property: &str) -> Option<&ValueView> {
        self.property(property).and_then(|property| property.values.first())
    }
}

/// One property and its values, the best first.
#[derive(Clone, Debug)]
pub struct PropertyView {
    pub name: String,
    pub label: Label,
    /// `One`: the values after the first are other accounts of the same thing. `Many`: all of them may be true.
    pub cardinality: Cardinality,
    pub values: Vec<ValueView>,
}

impl PropertyView {
    /// Whether accounts differ on a thing that has one value. A less precise account that agrees is no dispute.
    #[must_use]
    pub fn disputed(&self) -> bool {
        self.cardinality == Cardinality::One
            && self.values.iter().skip(1).any(|value| value.agrees == Some(Agreement::Different))
    }
}

/// One value, and who gives it.
#[derive(Clone, Debug)]
pub struct ValueView {
    pub value: Value,
    pub display: String,
    pub preferred: bool,
    /// Why it stands where it stands, in words.
    pub why: String,
    /// The highest step that one of its claims has reached.
    pub verification: Verification,
    /// Independent roots that give this value or, less precisely, agree with it.
    pub roots: usize,
    /// Of this value with the preferred one, where only one can be true.
    pub agrees: Option<Agreement>,
    pub claims: Vec<ClaimView>,
}

/// A claim as a view sees it.
#[derive(Clone, Debug)]
pub struct ClaimView {
    pub id: ClaimId,
    pub entity: EntityId,
    pub property: String,
    /// `None`: destroyed, or of a kind that a newer version wrote.
    pub value: Option<Value>,
    pub display: String,
    /// `None`: the source's identity is not in this view.
    pub source: Option<EntityId>,
    pub source_label: String,
    pub asserter: Option<EntityId>,
    pub asserter_label: String,
    /// Hidden together with the source.
    pub locator: Option<Locator>,
    pub no_words: Option<String>,
    pub recorded_at: Timestamp,
    pub recorded_by: String,
    pub position: u64,
    pub verification: Verification,
    /// Why it was so assessed.
    pub assessed_because: Option<String>,
    pub credibility: Option<String>,
    pub clearance: Clearance,
    pub note: Option<String>,
    pub state: ClaimState,
    pub preferred_because: Option<String>,
    pub origin: Option<Digest>,
}

impl ClaimView {
    /// The quoted words, if there are any and this view may see them.
    #[must_use]
    pub fn quote(&self) -> Option<&str> {
        self.locator.as_ref().map(|locator| locator.exact.as_str())
    }
}

/// Whether a claim counts in this view, or why it does not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ClaimState {
    Stands,
    /// Not verified far enough for the view's standard.
    OutsideStandard,
    Retracted {
        reason: String,
        by: String,
        at: Timestamp,
        position: u64,
    },
    Erased {
        reason: String,
    },
    /// Written by a newer version of the program.
    NotUnderstood,
}

/// A source of a record.
#[derive(Clone, Debug)]
pub struct SourceView {
    pub id: EntityId,
    pub label: String,
    /// Claims of the record that rest on it.
    pub claims: usize,
    /// Where its words come from.
    pub root: EntityId,
}

/// What a value is weighed by. In the order of the rule: an explicit preference, verification, the sources' reliability, the number
/// of independent roots; where all that is equal, precision, and last the order in which they were recorded.
#[derive(Clone, Debug)]
pub(crate) struct Weight {
    pub(crate) value: Value,
    pub(crate) preferred: Option<(ItemNo, String)>,
    pub(crate) verification: Verification,
    /// Best grade among its sources: 5 for A to 1 for E; ungraded and F ("cannot be judged") stand in the middle of C and D.
    pub(crate) reliability: u8,
    pub(crate) own_roots: BTreeSet<EntityId>,
    pub(crate) roots: BTreeSet<EntityId>,
    pub(crate) first: ItemNo,
}

/// Twice the place on the scale, so that the middle between C (3) and D (2) is a whole number.
pub(crate) fn grade(reliability: Option<&str>) -> u8 {
    match reliability {
        Some("A") => 10,
        Some("B") => 8,
        Some("C") => 6,
        Some("D") => 4,
        Some("E") => 2,
        _ => 5,
    }
}

fn grade_name(grade: u8) -> &'static str {
    match grade {
        10 => "A",
        8 => "B",
        6 => "C",
        4 => "D",
        2 => "E",
        _ => "ungraded",
    }
}

/// Lets a less precise account support the more precise one that it agrees with: where there is only one such, and where its source has
/// not given another account itself. “August 2023” supports neither the 15th nor the 16th where both are claimed.
pub(crate) fn support(weights: &mut [Weight]) {
    let refines = |precise: &Weight, vague: &Weight| vague.value.agreement(&precise.value) == Agreement::LessPrecise;
    let supported: Vec<BTreeSet<EntityId>> = weights
        .iter()
        .map(|weight| {
            let mut roots = weight.own_roots.clone();
            for vague in weights.iter().filter(|vague| refines(weight, vague)) {
                if weights.iter().filter(|precise| refines(precise, vague)).count() == 1 {
                    let elsewhere = |root: &EntityId| {
                        weights.iter().any(|other| !refines(weight, other) && other.own_roots.contains(root))
                    };
                    roots.extend(vague.own_roots.iter().filter(|root| !elsewhere(root)));
                }
            }
            roots
        })
        .collect();
    for (weight, roots) in weights.iter_mut().zip(supported) {
        weight.roots = roots;
    }
}

/// Which of two is shown first, and by what it wins.
pub(crate) fn compare(a: &Weight, b: &Weight) -> (Ordering, Reason) {
    let latest = |weight: &Weight| weight.preferred.as_ref().map(|(no, _)| *no);
    let criteria = [
        (latest(b).cmp(&latest(a)), Reason::Preference),
        (b.verification.rank().cmp(&a.verification.rank()), Reason::Verification),
        (b.reliability.cmp(&a.reliability), Reason::Reliability),
        (b.roots.len().cmp(&a.roots.len()), Reason::Roots),
        (precision(a, b), Reason::Precision),
        (in_khmer(&a.value).cmp(&in_khmer(&b.value)), Reason::Recorded),
        (a.first.cmp(&b.first), Reason::Recorded),
    ];
    criteria.into_iter().find(|(order, _)| order.is_ne()).unwrap_or((Ordering::Equal, Reason::Recorded))
}

fn precision(a: &Weight, b: &Weight) -> Ordering {
    match a.value.agreement(&b.value) {
        Agreement::MorePrecise => Ordering::Less,
        Agreement::LessPrecise => Ordering::Greater,
        _ => Ordering::Equal,
    }
}

/// Pages are in English first: where nothing else tells two values apart, the one in Khmer script comes second.
fn in_khmer(value: &Value) -> bool {
    value.lang().is_some_and(|lang| lang.language() == "km")
}

/// By what one value stands before another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reason {
    Preference,
    Verification,
    Reliability,
    Roots,
    Precision,
    Recorded,
}

/// Why the first stands before the second, in words.
pub(crate) fn why_first(winner: &Weight, runner_up: Option<&Weight>, cardinality: Cardinality) -> String {
    let vaguer = winner.roots.len() - winner.own_roots.len();
    let sources = match vaguer {
        0 => independent(winner.roots.len()),
        vaguer => format!("{}, {vaguer} of them less precise", independent(winner.roots.len())),
    };
    let Some(other) = runner_up else { return format!("the only account; {sources}") };
    match compare(winner, other).1 {
        Reason::Preference => match &winner.preferred {
            Some((_, reason)) => format!("preferred by decision: {reason}"),
            None => "preferred by decision".into(),
        },
        Reason::Verification => {
            format!("{}, the next account is {}", words(winner.verification), words(other.verification))
        }
        Reason::Reliability => {
            format!(
                "from a more reliable source ({} against {})",
                grade_name(winner.reliability),
                grade_name(other.reliability)
            )
        }
        Reason::Roots if vaguer > 0 => format!("{sources}; the next account has {}", other.roots.len()),
        Reason::Roots => format!("{sources} against {}", other.roots.len()),
        Reason::Precision => format!("the more precise of two accounts that agree; {sources}"),
        Reason::Recorded if cardinality == Cardinality::Many => {
            format!("{sources}; recorded first of several that may all be true")
        }
        Reason::Recorded => format!("recorded first; nothing else tells the accounts apart ({sources} each)"),
    }
}

/// Why another account does not stand first.
pub(crate) fn why_other(winner: &Weight, other: &Weight, cardinality: Cardinality) -> String {
    let sources = independent(other.roots.len());
    match other.value.agreement(&winner.value) {
        Agreement::LessPrecise => format!("less precise, agrees; {sources}"),
        Agreement::MorePrecise => format!("more precise, agrees; {sources}"),
        _ if cardinality == Cardinality::Many => format!("also said; {sources}"),
        Agreement::Compatible => format!("may be the same; {sources}"),
        _ => format!("another account; {sources}"),
    }
}

fn independent(count: usize) -> String {
    if count == 1 { "1 independent source".into() } else { format!("{count} independent sources") }
}

fn words(verification: Verification) -> String {
    verification.as_str().replace('-', " ")
}
