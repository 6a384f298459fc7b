//! Who may see what.

use std::process::ExitCode;

use ledger::Level;
use serde_json::json;

use crate::arguments::{Account, Common};
use crate::failure::Failure;
use crate::{open, text};

pub fn run(common: &Common, asked: &Account) -> Result<ExitCode, Failure> {
    let workspace = open::workspace(common)?;
    let view = open::view(common, &workspace)?;
    let accounts = workspace.ledger.read(&view)?.accounts()?;
    if let Some(name) = &asked.name {
        let known = accounts.iter().find(|account| account.name == *name);
        let level = match (&asked.level, known) {
            (Some(level), _) => level.parse()?,
            (None, Some(account)) => account.level,
            (None, None) => Level::Internal,
        };
        let teams = match known {
            Some(account) if asked.team.is_empty() => account.teams.clone(),
            _ => asked.team.clone(),
        };
        workspace.set_account(name, level, teams)?;
    }
    let accounts = workspace.ledger.read(&view)?.accounts()?;
    if common.json {
        let accounts: Vec<_> = accounts
            .iter()
            .map(|account| json!({ "id": account.id.to_string(), "name": account.name, "level": account.level.as_str(), "teams": account.teams }))
            .collect();
        return text::json(&json!({ "accounts": accounts })).map(|()| ExitCode::SUCCESS);
    }
    let lines: Vec<String> = accounts
        .iter()
        .map(|account| {
            let teams = if account.teams.is_empty() { "no team".into() } else { account.teams.join(", ") };
            format!("{}  {} · {teams}", account.name, account.level)
        })
        .collect();
    text::out(&lines.join("\n"))?;
    Ok(ExitCode::SUCCESS)
}
