//! Opening the workspace that a command speaks of, and making its view.

use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use ledger::{AsOf, Clearance, Cleared, Level, Reader, View};
use modelserver::ModelServer;
use reading::Rules;
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
    let program = std::env::current_exe().map_err(|error| {
        Failure::new(format!("this program cannot find itself: {error}"), "start it by its whole path")
    })?;
    Ok(intake::Readers::children(&program, &["convert"]))
}

/// The rules that read documents, with the words of the workspace in this folder.
pub fn rules(dir: Option<&Path>) -> Result<Rules, Failure> {
    let lexicons = dir.map(workspace::lexicons).transpose()?.unwrap_or_default();
    Rules::with(lexicons.iter().map(|(name, text)| (name.as_str(), text.as_str())))
        .map_err(|error| Failure::new(error.to_string(), "mend the file, or take it out of the folder `lexicons`"))
}

/// Where documents are read for review, if the workspace has words of its own for the rules or names a model on this machine; else the
/// pages make theirs when the first document is opened.
pub fn desk(workspace: &Workspace) -> Result<Option<review::Desk>, Failure> {
    let model = workspace.config().model();
    if model.is_none() && workspace::lexicons(workspace.dir())?.is_empty() {
        return Ok(None);
    }
    let desk = review::Desk::of_rules(rules(Some(workspace.dir()))?);
    Ok(Some(match model {
        Some(settings) => desk.asking(self::model(workspace, &Clearance::public())?, settings.clearance.parse()?),
        None => desk,
    }))
}

/// The model server that the workspace names, for a document of this clearance.
pub fn model(workspace: &Workspace, clearance: &Clearance) -> Result<ModelServer, Failure> {
    let Some(settings) = workspace.config().model() else {
        return Err(Failure::usage(
            "this workspace names no model server",
            "add to config.toml: [model], server = \"http://127.0.0.1:8080/v1\", name = \"…\", clearance = \"public\"",
        ));
    };
    let most: Level = settings.clearance.parse()?;
    if clearance.level > most || clearance.team.is_some() {
        return Err(Failure::usage(
            format!("this document is for {clearance}, and the model may be shown what is {most}"),
            "config.toml says so, under [model]",
        ));
    }
    ModelServer::new(&settings.server, &settings.name, Arc::clone(workspace.ledger.registry())).map_err(|error| {
        Failure::new(error.to_string(), "a document is never sent to another machine: run the model on this one")
    })
}

/// The same, but an id is that very entity, whatever it was judged to be the same as: judgements are on entities themselves.
pub fn the_thing_itself(reader: &Reader<'_>, asked: &str) -> Result<schema::EntityId, Failure> {
    match asked.parse::<schema::EntityId>() {
        Ok(id) if reader.schema_of(id)?.is_some() => Ok(id),
        _ => the_thing(reader, asked),
    }
}
