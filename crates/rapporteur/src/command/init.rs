//! Making a workspace, and getting back into one with the recovery code.

use std::process::ExitCode;

use workspace::{Options, RecoveryCode, Workspace};

use crate::arguments::{Common, Init};
use crate::failure::Failure;
use crate::{open, text};

pub fn run(common: &Common, init: &Init) -> Result<ExitCode, Failure> {
    let dir = open::folder(common)?;
    let passphrase = open::passphrase(common, "New passphrase (at least 12 characters)")?;
    let of_folder = || dir.file_name().map_or_else(|| "Workspace".into(), |name| name.to_string_lossy().into_owned());
    let name = init.name.clone().unwrap_or_else(of_folder);
    let (workspace, code) = Workspace::create(&dir, &name, &init.owner, &passphrase, Options::default())?;
    if common.json {
        text::json(
            &serde_json::json!({ "workspace": dir, "name": workspace.name(), "recovery_code": code.to_string() }),
        )?;
        return Ok(ExitCode::SUCCESS);
    }
    text::out(&format!(
        "Made the workspace “{}” in {}.\n\nRecovery code, shown this once: write it down and keep it away from this machine.\n\n    {code}\n\nNext: rapporteur --workspace {} serve",
        workspace.name(),
        dir.display(),
        dir.display(),
    ))?;
    Ok(ExitCode::SUCCESS)
}

pub fn recover(common: &Common) -> Result<ExitCode, Failure> {
    let dir = open::folder(common)?;
    let typed = rpassword::prompt_password("Recovery code: ").map_err(|error| {
        Failure::new(format!("the recovery code could not be read: {error}"), "run this in a terminal")
    })?;
    let code: RecoveryCode = typed.parse()?;
    let passphrase = open::passphrase(common, "New passphrase (at least 12 characters)")?;
    Workspace::recover(&dir, &code, &passphrase)?;
    eprintln!("The new passphrase holds. The recovery code stays the same.");
    Ok(ExitCode::SUCCESS)
}
