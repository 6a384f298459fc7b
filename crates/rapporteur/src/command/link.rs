//! Same or different, on plain files: without a workspace, for an analyst alone.

use std::process::ExitCode;

use linkage::files::{LinkOptions, link};
use serde_json::Value;

use crate::arguments::{Common, Link};
use crate::command::judge;
use crate::failure::Failure;
use crate::text;

pub fn run(common: &Common, asked: &Link) -> Result<ExitCode, Failure> {
    if asked.files.is_empty() {
        return judge::open_pairs(common);
    }
    let options = LinkOptions {
        inputs: asked.files.clone(),
        settings: asked.settings.clone(),
        id: asked.id.clone(),
        truth: asked.truth_column.clone(),
        out: asked.out.clone(),
        pairs: asked.pairs.clone(),
        threads: asked.threads.unwrap_or(0),
        ..LinkOptions::default()
    };
    let linked = link(&options).map_err(|error| Failure::new(error.to_string(), "nothing was written"))?;
    if common.json {
        text::json(&linked.json())?;
    } else {
        text::out(&told(&linked.json()))?;
    }
    Ok(ExitCode::SUCCESS)
}

/// The report for people: what was taken for what, what was compared, what came of it, and how good it is where the truth is known.
fn told(report: &Value) -> String {
    let number = |value: &Value| text::grouped(value.as_u64().unwrap_or_default());
    let decimal = |value: &Value| format!("{:.4}", value.as_f64().unwrap_or_default());
    let each = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let mut lines = vec![format!("{} rows, {} clusters.", number(&report["rows"]), number(&report["clusters"]))];
    lines.push("Columns, and what they were taken for:".into());
    for column in each(&report["columns"]) {
        let part = |key: &str| column[key].as_str().unwrap_or_default().to_owned();
        lines.push(format!("  {:<24} {:<14} ({})", part("column"), part("kind"), part("because")));
    }
    lines.push(format!("{} pairs compared, by these rules:", number(&report["pairs_compared"])));
    for rule in each(&report["blocking"]) {
        lines.push(format!("  {:>14}  {}", number(&rule["pairs"]), rule["rule"].as_str().unwrap_or_default()));
    }
    lines.push(format!(
        "{} links at a probability of {} or more, where the model itself expects most to be right.",
        number(&report["links"]),
        decimal(&report["threshold"]["probability"])
    ));
    if let Some(found) = report.get("evaluation") {
        for (what, key) in [("at the best threshold", "pairs"), ("at the default threshold", "pairs_at_default")] {
            let of = &found[key];
            let [p, r, f1] = ["precision", "recall", "f1"].map(|key| decimal(&of[key]));
            lines.push(format!("Pairs {what}: precision {p}, recall {r}, F1 {f1}."));
        }
        for clusters in each(&found["clusters"]) {
            let [at, p, r, f1, b] =
                ["probability", "precision", "recall", "f1", "b_cubed_f1"].map(|key| decimal(&clusters[key]));
            lines.push(format!("Clusters at {at}: precision {p}, recall {r}, F1 {f1}, B-cubed F1 {b}."));
        }
    }
    lines.push(format!(
        "{:.1} s, {} MB at most.",
        report["seconds"]["total"].as_f64().unwrap_or_default(),
        number(&(report["peak_memory_bytes"].as_u64().unwrap_or_default() / 1_000_000).into())
    ));
    lines.join("\n")
}
