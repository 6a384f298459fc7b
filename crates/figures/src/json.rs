//! A figure as JSON: the order of keys is that of the structures here, and part of the format.

use ledger::ClaimId;
use serde::Serialize;

use crate::{Bounds, Count, CountedAct, CountedGroup, Error, Figure, Item, Published};

pub(crate) fn pretty(figure: &Figure) -> Result<String, Error> {
    let mut out = serde_json::to_string_pretty(&Written::of(figure, true))?;
    out.push('\n');
    Ok(out)
}

pub(crate) fn canonical(figure: &Figure) -> Result<String, Error> {
    Ok(serde_json::to_string(&Written::of(figure, false))?)
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Written<'f> {
    name: &'f str,
    title: &'f str,
    definition: &'f str,
    unit: &'f str,
    acts: &'f [String],
    victim_groups: &'f [String],
    window: &'f str,
    place: Option<&'f str>,
    standard: &'f str,
    clearance: String,
    position: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    digest: Option<String>,
    lower: u64,
    upper: Option<u64>,
    also: Vec<Also<'f>>,
    items: Vec<Line<'f>>,
    groups: Vec<Group<'f>>,
    published: Vec<Other<'f>>,
    sources: Vec<Text<'f>>,
    source_note: Option<&'f str>,
    undated: usize,
    gone: usize,
}

#[derive(Serialize)]
struct Also<'f> {
    unit: &'f str,
    lower: u64,
    upper: Option<u64>,
}

#[derive(Serialize)]
struct Line<'f> {
    entity: String,
    label: &'f str,
    certain: bool,
    reason: &'f str,
    acts: Vec<Act<'f>>,
    claims: Vec<String>,
    roots: usize,
}

#[derive(Serialize)]
struct Act<'f> {
    entity: String,
    label: &'f str,
    date: &'f str,
    place: &'f str,
    certain: bool,
}

#[derive(Serialize)]
struct Group<'f> {
    entity: String,
    label: &'f str,
    size: Range,
    named: u64,
    unnamed: Range,
    certain: bool,
    reason: &'f str,
    claims: Vec<String>,
}

#[derive(Serialize)]
struct Range {
    lower: u64,
    upper: Option<u64>,
}

#[derive(Serialize)]
struct Other<'f> {
    entity: String,
    label: &'f str,
    asserter: &'f str,
    lower: Option<u64>,
    upper: Option<u64>,
    approximate: bool,
    unit: Option<&'f str>,
    window: Option<&'f str>,
    population: Option<&'f str>,
    differs: String,
    claims: Vec<String>,
}

#[derive(Serialize)]
struct Text<'f> {
    entity: String,
    label: &'f str,
}

impl<'f> Written<'f> {
    fn of(figure: &'f Figure, with_digest: bool) -> Self {
        Written {
            name: &figure.name,
            title: &figure.title,
            definition: &figure.definition,
            unit: &figure.unit,
            acts: &figure.acts,
            victim_groups: &figure.victim_groups,
            window: &figure.window,
            place: figure.place.as_deref(),
            standard: &figure.standard,
            clearance: figure.clearance.to_string(),
            position: figure.position,
            digest: with_digest.then(|| figure.digest.to_string()),
            lower: figure.lower,
            upper: figure.upper,
            also: figure
                .also
                .iter()
                .map(|Count { unit, lower, upper, .. }| Also { unit, lower: *lower, upper: *upper })
                .collect(),
            items: figure.items.iter().map(line).collect(),
            groups: figure.groups.iter().map(group).collect(),
            published: figure.published.iter().map(other).collect(),
            sources: figure.sources.iter().map(|(id, label)| Text { entity: id.to_string(), label }).collect(),
            source_note: figure.source_note.as_deref(),
            undated: figure.undated,
            gone: figure.gone,
        }
    }
}

fn line(item: &Item) -> Line<'_> {
    Line {
        entity: item.entity.to_string(),
        label: &item.label,
        certain: item.certain,
        reason: &item.reason,
        acts: item.acts.iter().map(act).collect(),
        claims: addresses(&item.claims),
        roots: item.roots,
    }
}

fn act(act: &CountedAct) -> Act<'_> {
    let CountedAct { entity, label, date, place, certain } = act;
    Act { entity: entity.to_string(), label, date, place, certain: *certain }
}

fn group(group: &CountedGroup) -> Group<'_> {
    Group {
        entity: group.entity.to_string(),
        label: &group.label,
        size: range(group.size),
        named: group.named,
        unnamed: range(group.unnamed),
        certain: group.certain,
        reason: &group.reason,
        claims: addresses(&group.claims),
    }
}

fn other(published: &Published) -> Other<'_> {
    Other {
        entity: published.entity.to_string(),
        label: &published.label,
        asserter: &published.asserter,
        lower: published.lower,
        upper: published.upper,
        approximate: published.approximate,
        unit: published.unit.as_deref(),
        window: published.window.as_deref(),
        population: published.population.as_deref(),
        differs: published.differs(),
        claims: addresses(&published.claims),
    }
}

fn range(bounds: Bounds) -> Range {
    Range { lower: bounds.lower, upper: bounds.upper }
}

fn addresses(claims: &[ClaimId]) -> Vec<String> {
    claims.iter().map(ToString::to_string).collect()
}
