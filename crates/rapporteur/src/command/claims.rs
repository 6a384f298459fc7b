//! Every claim about a thing with its state, and what happened to what is known about it.

use std::process::ExitCode;

use ledger::{ClaimState, ClaimView};
use serde_json::{Value, json};

use super::show;
use crate::arguments::{Asked, Common};
use crate::failure::Failure;
use crate::{open, text};

pub fn run(common: &Common, asked: &Asked) -> Result<ExitCode, Failure> {
    let workspace = open::workspace(common)?;
    let reader = workspace.ledger.read(&open::view(common, &workspace)?)?;
    let id = open::the_thing(&reader, &asked.thing)?;
    let claims = reader.claims_about(id)?;
    if common.json {
        let claims: Vec<Value> = claims.iter().map(as_json).collect();
        text::json(
            &json!({ "id": id.to_string(), "label": reader.label(id)?, "position": reader.position(), "claims": claims }),
        )?;
    } else {
        let lines: Vec<String> = claims.iter().map(as_line).collect();
        text::out(&format!("{}\n{}", reader.label(id)?, lines.join("\n")))?;
    }
    Ok(ExitCode::SUCCESS)
}

fn as_json(claim: &ClaimView) -> Value {
    let mut value = show::claim(claim);
    if let Some(object) = value.as_object_mut() {
        object.insert("property".into(), claim.property.clone().into());
        object.insert("value".into(), claim.value.as_ref().map(schema::Value::canonical).into());
        object.insert("display".into(), claim.display.clone().into());
        object.insert("state".into(), state_name(&claim.state).into());
        object.insert("state_because".into(), state_reason(&claim.state).map(str::to_owned).into());
    }
    value
}

fn as_line(claim: &ClaimView) -> String {
    let state = match &claim.state {
        ClaimState::Stands => String::new(),
        state => format!(
            " [{}{}]",
            state_name(state).replace('-', " "),
            state_reason(state).map(|reason| format!(": {reason}")).unwrap_or_default()
        ),
    };
    format!(
        "{}  {} = {}{state}\n    {}, in {}; recorded {} by {}",
        claim.id,
        claim.property,
        claim.display,
        claim.asserter_label,
        claim.source_label,
        claim.recorded_at.minute(),
        claim.recorded_by
    )
}

fn state_name(state: &ClaimState) -> &'static str {
    match state {
        ClaimState::Stands => "stands",
        ClaimState::OutsideStandard => "outside-standard",
        ClaimState::Retracted { .. } => "retracted",
        ClaimState::Erased { .. } => "erased",
        ClaimState::NotUnderstood => "not-understood",
    }
}

fn state_reason(state: &ClaimState) -> Option<&str> {
    match state {
        ClaimState::Retracted { reason, .. } | ClaimState::Erased { reason } => Some(reason),
        _ => None,
    }
}

pub fn history(common: &Common, asked: &Asked) -> Result<ExitCode, Failure> {
    let workspace = open::workspace(common)?;
    let reader = workspace.ledger.read(&open::view(common, &workspace)?)?;
    let id = open::the_thing(&reader, &asked.thing)?;
    let history = reader.history(id)?;
    if common.json {
        let lines: Vec<Value> = history
            .iter()
            .map(|line| {
                json!({
                    "position": line.position,
                    "recorded_at": line.recorded_at.to_string(),
                    "recorded_by": line.recorded_by,
                    "what": line.what,
                    "text": line.text,
                    "claim": line.claim.map(|claim| claim.to_string()),
                    "reason": line.reason,
                })
            })
            .collect();
        text::json(
            &json!({ "id": id.to_string(), "label": reader.label(id)?, "position": reader.position(), "history": lines }),
        )?;
    } else {
        let lines: Vec<String> = history
            .iter()
            .map(|line| {
                let reason = line.reason.as_ref().map(|reason| format!(" — {reason}")).unwrap_or_default();
                format!(
                    "{:>6}  {}  {}  {}: {}{reason}",
                    line.position,
                    line.recorded_at.minute(),
                    line.recorded_by,
                    line.what,
                    line.text
                )
            })
            .collect();
        text::out(&lines.join("\n"))?;
    }
    Ok(ExitCode::SUCCESS)
}
