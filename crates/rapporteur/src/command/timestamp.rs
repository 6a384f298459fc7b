//! Time stamps of an authority over the ledger (RFC 3161): files that a person carries, no network.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use intake::StampReport;
use serde_json::{Value, json};

use crate::arguments::{Common, Timestamp};
use crate::failure::Failure;
use crate::{open, text};

pub fn run(common: &Common, asked: &Timestamp) -> Result<ExitCode, Failure> {
    match asked {
        Timestamp::Request { to } => request(common, to),
        Timestamp::Attach { answer, trust } => attach(common, answer, trust.as_deref()),
        Timestamp::Verify { trust } => verify(common, trust.as_deref()),
    }
}

fn request(common: &Common, to: &Path) -> Result<ExitCode, Failure> {
    let workspace = open::workspace(common)?;
    let request = intake::request(&workspace)?;
    let beside: PathBuf = to.with_extension("checkpoint");
    for (path, bytes) in [(to, request.query.as_slice()), (beside.as_path(), request.checkpoint.as_bytes())] {
        fs::write(path, bytes).map_err(|error| Failure::io("cannot write", path, &error))?;
    }
    if common.json {
        text::json(&json!({ "request": to, "checkpoint": beside, "position": request.position }))?;
    } else {
        text::out(&format!(
            "{} asks for a time stamp over {}. Send it to an authority as application/timestamp-query, and attach the answer.\n{} is what is stamped: other programs check the answer against it.",
            to.display(),
            text::counted(request.position, "entry", "entries"),
            beside.display()
        ))?;
    }
    Ok(ExitCode::SUCCESS)
}

fn attach(common: &Common, answer: &Path, trust: Option<&Path>) -> Result<ExitCode, Failure> {
    let workspace = open::workspace(common)?;
    let reader = workspace.ledger.read(&open::view(common, &workspace)?)?;
    let bytes = open::read_file(answer)?;
    let trust = trust.map(open::read_file).transpose()?;
    let report = intake::attach(&workspace, &workspace.owner(), &reader, &bytes, trust.as_deref())?;
    if common.json {
        text::json(&told_json(&report))?;
    } else {
        text::out(&told(&report))?;
    }
    Ok(ExitCode::SUCCESS)
}

fn verify(common: &Common, trust: Option<&Path>) -> Result<ExitCode, Failure> {
    let workspace = open::workspace(common)?;
    let reader = workspace.ledger.read(&open::view(common, &workspace)?)?;
    let trust = trust.map(open::read_file).transpose()?;
    let reports = intake::verify_stamps(&workspace, &reader, trust.as_deref())?;
    let holds = reports.iter().all(|report| report.result.is_ok());
    if common.json {
        text::json(&json!({ "ok": holds, "stamps": reports.iter().map(told_json).collect::<Vec<_>>() }))?;
    } else if reports.is_empty() {
        text::out("There are no time stamps yet: `timestamp request --to FILE.tsq` asks for one.")?;
    } else {
        text::out(&reports.iter().map(told).collect::<Vec<_>>().join("\n"))?;
    }
    Ok(if holds { ExitCode::SUCCESS } else { ExitCode::from(3) })
}

fn told(report: &StampReport) -> String {
    match &report.result {
        Ok(verified) => format!(
            "● The first {} existed at {}, says {}{}.",
            text::counted(report.position, "entry", "entries"),
            verified.token.time,
            verified.token.authority.as_deref().unwrap_or("an authority without a name"),
            match verified.chain {
                evidence::timestamp::Chain::Trusted => ", whom you trust",
                evidence::timestamp::Chain::NotAsked => " (whether to trust it was not asked: --trust FILE)",
            }
        ),
        Err(error) => format!("✗ The time stamp in entry {}: {error}", report.attached_at),
    }
}

fn told_json(report: &StampReport) -> Value {
    let (verified, problem) = match &report.result {
        Ok(verified) => (Some(verified), None),
        Err(error) => (None, Some(error.to_string())),
    };
    json!({
        "position": report.position,
        "attached_at": report.attached_at,
        "ok": verified.is_some(),
        "time": verified.map(|verified| verified.token.time.clone()),
        "authority": verified.and_then(|verified| verified.token.authority.clone()),
        "serial": verified.map(|verified| verified.token.serial.clone()),
        "trusted": verified.map(|verified| verified.chain == evidence::timestamp::Chain::Trusted),
        "problem": problem,
    })
}
