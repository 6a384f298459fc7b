//! Two records or more, side by side: each value with who says it, the differences first.

use std::collections::BTreeMap;

use ledger::{ClaimState, ClaimView, Reader};
use schema::{Agreement, EntityId, Value};

use crate::Error;
use crate::gather::People;

/// Claims of one property that are laid out for one side.
const MOST_CELLS: usize = 8;

/// How the values of one property stand to each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Comparison {
    /// No value of one agrees with one of the other.
    Differ,
    /// One is less precise, or may be the same.
    MayAgree,
    Agree,
    /// Only one side says anything: missing is not different.
    OneOnly,
}

/// One entity of the pair, before any judgement.
#[derive(Clone, Debug)]
pub struct Side {
    pub id: EntityId,
    /// What it is called itself.
    pub label: String,
    /// Documents that speak of it.
    pub sources: Vec<(EntityId, String)>,
}

/// One value on one side.
#[derive(Clone, Debug, PartialEq)]
pub struct Cell {
    pub display: String,
    /// Who says so, and in which words; the document outside the view has no id.
    pub source: Option<EntityId>,
    pub source_label: String,
    pub asserter: String,
    pub quote: Option<String>,
}

/// One property, with its values on each side, in the order of the sides.
#[derive(Clone, Debug)]
pub struct Row {
    pub label: String,
    pub comparison: Comparison,
    pub cells: Vec<Vec<Cell>>,
}

/// Records laid out for a judgement.
#[derive(Clone, Debug)]
pub struct Sides {
    pub sides: Vec<Side>,
    /// Differences first.
    pub rows: Vec<Row>,
}

/// A property's label, and its claims on each side.
type Said = (String, Vec<Vec<ClaimView>>);

impl Sides {
    /// Lays these entities out, each for itself.
    ///
    /// # Errors
    /// As the ledger says; [`Error::Pair`] when one of them is not in this view.
    pub fn of(reader: &Reader<'_>, people: &People, ids: &[EntityId]) -> Result<Sides, Error> {
        let mut sides = Vec::new();
        let mut said: BTreeMap<(usize, String), Said> = BTreeMap::new();
        for (column, id) in ids.iter().enumerate() {
            let Some(schema) = reader.schema_of(*id)? else {
                return Err(Error::Pair {
                    what: "one of the two is not in this view".into(),
                    hint: "Look it up in the library, or change the view.".into(),
                });
            };
            let mut side = Side { id: *id, label: String::new(), sources: Vec::new() };
            let mut named = false;
            let mut put = |rank: usize, label: &str, claim: ClaimView| {
                let entry = said
                    .entry((rank, label.to_owned()))
                    .or_insert_with(|| (label.to_owned(), vec![Vec::new(); ids.len()]));
                if let Some(cells) = entry.1.get_mut(column) {
                    cells.push(claim);
                }
            };
            let stands = |claim: &ClaimView| claim.state == ClaimState::Stands;
            for claim in reader.claims_about(*id)?.into_iter().filter(|claim| claim.entity == *id && stands(claim)) {
                if claim.property == "name" && !named {
                    side.label.clone_from(&claim.display);
                    named = true;
                }
                meet(&mut side.sources, &claim);
                let (rank, label) = placed(reader, &schema, &claim.property);
                put(rank, &label, claim);
            }
            for event in people.get(*id).into_iter().flat_map(|known| &known.events) {
                let what = event.kind.as_ref().and_then(|kind| reader.registry().term(kind));
                let what = what.map_or_else(|| "Act".to_owned(), |term| term.label.get("en").to_owned());
                for (entity, properties) in [
                    (Some(event.act), &["date", "place", "perpetrator", "victimAge", "victimGroup"][..]),
                    (event.incident, &["title", "date", "place"][..]),
                ] {
                    let Some(entity) = entity else { continue };
                    for claim in
                        reader.claims_about(entity)?.into_iter().filter(|claim| claim.entity == entity && stands(claim))
                    {
                        if let Some(at) = properties.iter().position(|name| *name == claim.property) {
                            let schema = if entity == event.act { "Act" } else { "Incident" };
                            let name = match (schema, claim.property.as_str()) {
                                ("Incident", "title") => "incident".to_owned(),
                                _ => placed(reader, schema, &claim.property).1.to_lowercase(),
                            };
                            meet(&mut side.sources, &claim);
                            put(1000 + at, &format!("{what}: {name}"), claim);
                        }
                    }
                }
            }
            if side.label.is_empty() {
                side.label = reader.label(*id)?;
            }
            sides.push(side);
        }
        let mut rows: Vec<(usize, Row)> = said
            .into_iter()
            .map(|((rank, _), (label, claims))| {
                let comparison = compare(reader, &claims);
                (rank, Row { label, comparison, cells: claims.into_iter().map(cells).collect() })
            })
            .collect();
        rows.sort_by_key(|(rank, row)| (row.comparison, *rank));
        Ok(Sides { sides, rows: rows.into_iter().map(|(_, row)| row).collect() })
    }
}

/// Where the schema puts a property, and what people call it.
fn placed(reader: &Reader<'_>, schema: &str, property: &str) -> (usize, String) {
    let registry = reader.registry();
    let label = registry
        .property(schema, property)
        .map_or_else(|_| property.to_owned(), |known| known.label.get("en").to_owned());
    let rank = ["name", "alias", "gender", "birthDate", "occupation", "position", "affiliation"];
    (rank.iter().position(|known| *known == property).unwrap_or(100), label)
}

fn meet(sources: &mut Vec<(EntityId, String)>, claim: &ClaimView) {
    if let Some(id) = claim.source
        && !sources.iter().any(|(known, _)| *known == id)
    {
        sources.push((id, claim.source_label.clone()));
    }
}

/// The same value of several claims once, each with its first source.
fn cells(claims: Vec<ClaimView>) -> Vec<Cell> {
    let mut cells: Vec<Cell> = Vec::new();
    for claim in claims {
        let quote = claim.quote().map(str::to_owned);
        let cell = Cell {
            display: claim.display,
            source: claim.source,
            source_label: claim.source_label,
            asserter: claim.asserter_label,
            quote,
        };
        if cells.len() < MOST_CELLS
            && !cells.iter().any(|known| known.display == cell.display && known.source == cell.source)
        {
            cells.push(cell);
        }
    }
    cells
}

/// The best that any value of one side agrees with one of another.
fn compare(reader: &Reader<'_>, claims: &[Vec<ClaimView>]) -> Comparison {
    let told: Vec<Vec<&ClaimView>> = claims
        .iter()
        .map(|side| side.iter().filter(|claim| claim.value.is_some()).collect::<Vec<_>>())
        .filter(|side| !side.is_empty())
        .collect();
    let mut worst: Option<Comparison> = None;
    for (at, one) in told.iter().enumerate() {
        for other in told.iter().skip(at + 1) {
            let best = one.iter().flat_map(|a| other.iter().map(|b| agreement(reader, a, b))).max();
            worst = match (worst, best) {
                (Some(a), Some(b)) => Some(a.min(b)),
                (a, b) => a.or(b),
            };
        }
    }
    worst.unwrap_or(Comparison::OneOnly)
}

fn agreement(reader: &Reader<'_>, a: &ClaimView, b: &ClaimView) -> Comparison {
    let (Some(x), Some(y)) = (&a.value, &b.value) else { return Comparison::OneOnly };
    let registry = reader.registry();
    match (x, y) {
        (Value::Entity(x), Value::Entity(y)) if reader.shown_as(*x) == reader.shown_as(*y) => Comparison::Agree,
        // Two entries of one name: of two lists, as a rule, and nobody has said yet that they are one.
        (Value::Entity(_), Value::Entity(_)) if schema::fold(&a.display) == schema::fold(&b.display) => {
            Comparison::MayAgree
        }
        // A youth defender is a human rights defender too.
        (Value::Term(x), Value::Term(y))
            if x != y && (registry.narrower_or_equal(x, y) || registry.narrower_or_equal(y, x)) =>
        {
            Comparison::MayAgree
        }
        _ => match x.agreement(y) {
            Agreement::Same => Comparison::Agree,
            Agreement::LessPrecise | Agreement::MorePrecise | Agreement::Compatible => Comparison::MayAgree,
            _ => Comparison::Differ,
        },
    }
}
