//! Opening the workspace that a command speaks of, and making its view.

use std::io::IsTerminal;
use std::path::{Path, PathBuf};

use ledger::{AsOf, Cleared, Level, Reader, View};
use workspace::{Passphrase, Workspace};

use crate::arguments::Common;
use crate::failure::Failure;

/// The workspace's folder, as asked for.
pub fn folder(common: &Common) -> Result<PathBuf, Failure> {
    common.workspace.clone().ok_or_else(|| {
        Failure::usage(
            "which workspace?",
            "give --workspace DIR, or set RAPPORTEUR_WORKSPACE; `rapporteur init` makes a new one",
        )
    })
}

/// The passphrase: from its file, or asked for.
pub fn passphrase(common: &Common, prompt: &str) -> Result<Passphrase, Failure> {
    if let Some(file) = &common.passphrase_file {
        return Ok(Passphrase::from_file(file)?);
    }
    if !std::io::stdin().is_terminal() {
        return Err(Failure::usage("there is no terminal to ask for the passphrase", "give --passphrase-file FILE"));
    }
    let typed = rpassword::prompt_password(format!("{prompt}: ")).map_err(|error| {
        Failure::new(format!("the passphrase could not be read: {error}"), "give --passphrase-file FILE")
    })?;
    Ok(Passphrase::from(typed))
}

/// Opens the workspace.
pub fn workspace(common: &Common) -> Result<Workspace, Failure> {
    let dir = folder(common)?;
    let passphrase = passphrase(common, "Passphrase")?;
    Ok(Workspace::open(&dir, &passphrase)?)
}

/// The view that the options describe, never wider than the owner's own.
pub fn view(common: &Common, workspace: &Workspace) -> Result<View, Failure> {
    let cleared = owner_sees(workspace)?;
    let cleared = match &common.clearance {
        Some(level) => cleared.lowered_to(level.parse::<Level>()?),
        None => cleared,
    };
    Ok(View::new(cleared).at(as_of(common)?).under(&common.standard))
}

/// What the workspace's owner may see.
pub fn owner_sees(workspace: &Workspace) -> Result<Cleared, Failure> {
    let reader = workspace.ledger.read(&View::new(Cleared::to(Level::Restricted)))?;
    let owner = workspace.owner().account;
    let account = reader.accounts()?.into_iter().find(|account| account.id == owner);
    Ok(match account {
        Some(account) => account.teams.iter().fold(Cleared::to(account.level), |cleared, team| cleared.with_team(team)),
        None => Cleared::to(Level::Public),
    })
}

fn as_of(common: &Common) -> Result<AsOf, Failure> {
    match common.as_of.as_deref() {
        None | Some("now") => Ok(AsOf::Now),
        Some(text) => match text.parse() {
            Ok(position) => Ok(AsOf::Position(position)),
            Err(_) => Ok(AsOf::Time(text.parse()?)),
        },
    }
}

/// The thing that somebody means: exactly one, or the choice of those it might be.
pub fn the_thing(reader: &Reader<'_>, asked: &str) -> Result<schema::EntityId, Failure> {
    let found = reader.find(asked)?;
    let wanted = schema::fold(asked);
    let exact: Vec<_> = found.iter().filter(|card| schema::fold(&card.label) == wanted).collect();
    match (found.as_slice(), exact.as_slice()) {
        ([], _) => Err(Failure::new(
            format!("there is no “{asked}” in this view"),
            "look for it in the library (`rapporteur serve`), or ask with a wider view",
        )),
        ([one], _) => Ok(one.id),
        (_, [one]) => Ok(one.id),
        (many, _) => {
            let list: Vec<String> =
                many.iter().take(12).map(|card| format!("{}  {} ({})", card.id, card.label, card.schema)).collect();
            let more = if many.len() > 12 { format!("\n… and {} more", many.len() - 12) } else { String::new() };
            Err(Failure::usage(
                format!("“{asked}” may be any of {}", many.len()),
                format!("ask with an id:\n{}{more}", list.join("\n")),
            ))
        }
    }
}

/// Reads a file that somebody named.
pub fn read_file(path: &Path) -> Result<Vec<u8>, Failure> {
    std::fs::read(path).map_err(|error| Failure::io("cannot read", path, &error))
}

/// What reads files for their words: this program again, as a child process under limits.
pub fn readers() -> Result<intake::Readers, Failure> {
    let program = std::env::current_exe()
        .map_err(|error| Failure::new(format!("this program cannot find itself: {error}"), "start it by its whole path"))?;
    Ok(intake::Readers::children(&program, &["convert"]))
}
