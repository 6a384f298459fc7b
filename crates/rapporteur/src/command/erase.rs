//! Destroying the words of a claim.

use std::process::ExitCode;

use ledger::ClaimId;
use serde_json::json;

use crate::arguments::{Common, Erase};
use crate::failure::Failure;
use crate::{open, text};

pub fn run(common: &Common, erase: &Erase) -> Result<ExitCode, Failure> {
    let workspace = open::workspace(common)?;
    let claim: ClaimId = erase.claim.parse()?;
    let reader = workspace.ledger.read(&open::view(common, &workspace)?)?;
    if reader.claim(claim)?.is_none() {
        return Err(Failure::new(
            format!("there is no claim {claim} in this view"),
            "`rapporteur claims THING` gives the addresses",
        ));
    }
    drop(reader);
    let receipt = workspace.ledger.erase(&workspace.owner(), claim, &erase.because)?;
    if common.json {
        text::json(&json!({ "erased": claim.to_string(), "position": receipt.position }))?;
    } else {
        text::out(&format!(
            "The words of {claim} are destroyed; entry {} says so. Copies elsewhere (backups, exports, what was published) are not touched.",
            receipt.position
        ))?;
    }
    Ok(ExitCode::SUCCESS)
}
