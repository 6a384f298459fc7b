//! The parts of the report.

use serde_json::{Value, json};

use crate::cluster::{Bounds, Judged, Link};
use crate::engine::{Clock, Ready};
use crate::error::Error;
use crate::evaluate::{self, Truth};
use crate::model::{Model, probability, weight_of};
use crate::table::Table;
use crate::train::Trained;

pub(super) fn seconds(clock: &Clock) -> Value {
    let mut out = serde_json::Map::new();
    let round = |s: f64| (s * 1000.0).round() / 1000.0;
    out.insert("total".to_owned(), json!(round(clock.phases.iter().map(|p| p.1).sum())));
    for (phase, s) in &clock.phases {
        out.insert((*phase).to_owned(), json!(round(*s)));
    }
    Value::Object(out)
}

pub(super) fn parameters(trained: &Trained, matches: f64) -> Value {
    let model = &trained.model;
    let comparisons: Vec<Value> = model
        .comparisons
        .iter()
        .zip(&model.probabilities)
        .map(|(c, levels)| {
            let levels: Vec<Value> = c
                .levels
                .iter()
                .zip(levels)
                .filter(|(l, _)| l.group > 0)
                .map(|(l, p)| {
                    json!({"level": l.words, "m_probability": p[0], "u_probability": p[5],
                        "u_relatives": p[1], "u_together": p[2], "u_region": p[3], "u_namesakes": p[4]})
                })
                .collect();
            json!({"comparison": c.name, "levels": levels})
        })
        .collect();
    json!({
        "probability_two_random_records_match": model.prior(),
        "expected_matches": matches,
        "shares": {"same": model.shares[0], "relatives": model.shares[1], "together": model.shares[2], "region": model.shares[3], "namesakes": model.shares[4], "apart": model.shares[5]},
        "rounds": trained.fitted.rounds,
        "patterns": trained.patterns,
        "sampled_one_in": trained.sampled_one_in,
        "comparisons": comparisons,
    })
}

pub(super) fn evaluation(
    of: &[u32],
    table: &Table,
    ready: &Ready<'_>,
    model: &Model,
    links: &[Link],
    threshold: f32,
) -> Result<Value, Error> {
    let truth = Truth { of, across: table.across_only.then_some(table.sources.as_slice()) };
    let true_pairs = truth.pairs();
    let total = true_pairs.len();
    let (best, at_default) = evaluate::pairs(&truth, links, total, threshold);
    let clusters: Vec<Value> = [Some(0.95), Some(0.99), None]
        .into_iter()
        .map(|p| {
            let weight = p.map_or(threshold, |p| weight_of(p) as f32);
            let found = ready.cluster(model, links, Bounds::of(weight), Judged::default())?;
            let (pairs, b) = evaluate::clusters(&truth, &found.of, total);
            Ok(json!({"probability": p.unwrap_or_else(|| probability(f64::from(threshold))), "default": p.is_none(),
                "precision": pairs.precision, "recall": pairs.recall, "f1": pairs.f1, "b_cubed_f1": b.f1}))
        })
        .collect::<Result<_, Error>>()?;
    Ok(json!({
        "true_pairs": total,
        "pairs": {"threshold_weight": best.0, "precision": best.1.precision, "recall": best.1.recall, "f1": best.1.f1},
        "pairs_at_default": {"threshold_weight": threshold, "precision": at_default.precision, "recall": at_default.recall, "f1": at_default.f1},
        "clusters": clusters,
        "blocking_recall": evaluate::blocking_recall(&true_pairs, &ready.keys),
    }))
}
