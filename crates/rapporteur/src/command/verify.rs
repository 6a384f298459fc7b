//! Is everything as it was written?

use std::process::ExitCode;

use serde_json::json;
use workspace::Workspace;

use crate::arguments::Common;
use crate::failure::Failure;
use crate::{open, text};

pub fn run(common: &Common) -> Result<ExitCode, Failure> {
    let dir = open::folder(common)?;
    let passphrase = open::passphrase(common, "Passphrase")?;
    let report = Workspace::check_damage(&dir, &passphrase, &mut |_, _, _| {})?;
    let ledger = report.ledger.as_ref();
    if common.json {
        text::json(&json!({
            "ok": report.ok(),
            "position": ledger.map(|ledger| ledger.position),
            "root": ledger.map(|ledger| ledger.root.to_string()),
            "entries": ledger.map(|ledger| ledger.entries),
            "items": ledger.map(|ledger| ledger.items),
            "claims": ledger.map(|ledger| ledger.claims),
            "erased": ledger.map(|ledger| ledger.erased),
            "objects": report.objects,
            "destroyed": report.gone.iter().map(|gone| json!({"what": gone.what, "by": gone.by, "at": gone.at, "reason": gone.reason})).collect::<Vec<_>>(),
            "stamps": report.stamps,
            "findings": report.findings.iter().map(|finding| json!({"place": finding.place, "problem": finding.problem})).collect::<Vec<_>>(),
            "unknown_files": report.unknown,
        }))?;
    } else {
        let mut lines = Vec::new();
        if let Some(ledger) = ledger {
            lines.push(format!(
                "Checked {} with {} ({}), signatures, chain, tree and commitments; {}.",
                text::counted(ledger.entries, "entry", "entries"),
                text::counted(ledger.items, "item", "items"),
                text::counted(ledger.claims, "claim", "claims"),
                text::counted(report.objects, "object", "objects"),
            ));
            if ledger.erased > 0 {
                lines.push(format!(
                    "{} destroyed on purpose: the commitments stand, the words are gone.",
                    text::counted(ledger.erased, "item was", "items were")
                ));
            }
            lines.push(format!("Position {}, root {}.", ledger.position, ledger.root));
        }
        for gone in &report.gone {
            lines.push(format!("– {}: destroyed on purpose by {} on {}: {}", gone.what, gone.by, gone.at, gone.reason));
        }
        if report.stamps > 0 {
            lines.push(format!(
                "{} over checkpoints of this ledger; `timestamp verify` checks the authorities’ tokens.",
                text::counted(report.stamps, "time stamp", "time stamps")
            ));
        }
        for finding in &report.findings {
            lines.push(format!("✗ {}: {}", finding.place, finding.problem));
        }
        for file in &report.unknown {
            lines.push(format!("? {}: no entry speaks of this file", file.display()));
        }
        lines.push(if report.ok() {
            "All is as it was written.".into()
        } else {
            "This is not as it was written.".into()
        });
        text::out(&lines.join("\n"))?;
    }
    Ok(if report.ok() { ExitCode::SUCCESS } else { ExitCode::from(3) })
}
