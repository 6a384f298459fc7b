//! Taking a list into a workspace, whole or not at all: one transaction of the ledger, which nobody sees half of.

use std::io::{self, Write};
use std::ops::ControlFlow;

use ledger::{Author, Clearance, Cleared, Level, Reader, View};
use schema::{EntityId, fold};
use workspace::Workspace;

use crate::error::Error;
use crate::file::ListFile;
use crate::ledger_rows::said_before;
use crate::mapping::Mapping;
use crate::organisation;
use crate::record::{Import, imports};
use crate::report::Report;
use crate::session::{Here, Session};
use crate::take::Compiled;

/// What is taken when something cannot be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Take {
    /// Everything, or nothing is recorded.
    #[default]
    All,
    /// Rows of which every cell can be taken.
    WholeRows,
    /// Every cell that can be taken.
    Good,
}

/// How a list is imported.
#[derive(Clone, Debug)]
pub struct Options {
    /// What the list is called. The same name again is the list's next version, or a part of it.
    pub list: String,
    /// The organisation whose list it is: a name, or the id of one that is there.
    pub by: Option<String>,
    /// Of all that comes from it.
    pub clearance: Clearance,
    pub take: Take,
    /// Look at everything, record nothing.
    pub dry_run: bool,
    /// Take back what rows said that the list had before and this file no longer has.
    pub retract_missing: bool,
}

impl Options {
    /// As the mapping says; what is given here wins over it.
    ///
    /// # Errors
    /// When nobody says what the list is called, or the mapping's clearance is none.
    pub fn new(mapping: &Mapping, list: Option<&str>, by: Option<&str>) -> Result<Options, Error> {
        let list = list.map(str::to_owned).or_else(|| mapping.list.clone()).unwrap_or_default();
        if list.trim().is_empty() || list.len() > 300 {
            return Err(Error::wrong(
                "the list needs a name",
                "give --list NAME, or name = \"…\" under [list] in the mapping: by it the list is known for ever",
            ));
        }
        let clearance = match &mapping.clearance {
            Some(text) => text.parse().map_err(Error::Ledger)?,
            None => Clearance::internal(),
        };
        let by = by.map(str::to_owned).or_else(|| mapping.by.clone()).filter(|by| !by.trim().is_empty());
        Ok(Options {
            list: list.trim().to_owned(),
            by,
            clearance,
            take: Take::All,
            dry_run: false,
            retract_missing: false,
        })
    }
}

/// How far an import is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Rows looked at.
    pub rows: u64,
    /// Bytes read, of all tables, and how many there are; of a workbook, of its unpacked tables.
    pub bytes: u64,
    pub of: u64,
}

/// Where refused rows are written: asked once for each table (by its name) of which a row is refused.
pub type RejectedTo<'a> = dyn FnMut(&str) -> io::Result<Box<dyn Write>> + 'a;

/// How often an import begins anew because another of the same list was recorded meanwhile.
const ATTEMPTS: usize = 3;

/// The document of the list of that name in this view, if there is one.
///
/// # Errors
/// As the ledger says.
pub fn document_of(reader: &Reader<'_>, list: &str) -> Result<Option<EntityId>, Error> {
    let wanted = fold(list);
    let found = imports(reader)?.into_iter().find(|import| fold(&import.list) == wanted);
    Ok(found.and_then(|import| import.document_id()))
}

/// The id of a new list's document. A list of that name that the author may not see has another audience, and so another id: nothing that
/// happens tells of it.
fn new_document(options: &Options) -> EntityId {
    EntityId::derive("rapporteur/list", &format!("{}\u{1F}{}", options.clearance, fold(&options.list)))
}

/// Imports a list, recorded by `author`; or looks at what that would do. `progress` is told every few hundred rows, and may stop it.
///
/// # Errors
/// [`Error::NotWhole`] when something cannot be taken and everything was asked for; [`Error::Stopped`]; [`Error::Mapping`]; and as ledger
/// and vault say. Whatever it is, and if the process is killed, nothing was recorded, and no object is left in the vault.
pub fn import(
    workspace: &Workspace,
    author: &Author,
    file: &ListFile,
    mapping: &Mapping,
    options: &Options,
    progress: &mut dyn FnMut(Progress) -> ControlFlow<()>,
    mut rejected: Option<&mut RejectedTo<'_>>,
) -> Result<Report, Error> {
    for _ in 1..ATTEMPTS {
        match attempt(workspace, author, file, mapping, options, progress, rejected.as_deref_mut()) {
            Err(Error::Overtaken) => {}
            done => return done,
        }
    }
    attempt(workspace, author, file, mapping, options, progress, rejected)
}

fn attempt(
    workspace: &Workspace,
    author: &Author,
    file: &ListFile,
    mapping: &Mapping,
    options: &Options,
    progress: &mut dyn FnMut(Progress) -> ControlFlow<()>,
    rejected: Option<&mut RejectedTo<'_>>,
) -> Result<Report, Error> {
    let registry = workspace.ledger.registry().clone();
    // Which list it is, and whose, is looked for with the author's own eyes: what those may not see is not named in a message.
    let own = workspace.ledger.read(&view_of(&workspace.ledger.read(&keepers_view())?, author)?)?;
    if !own.cleared().may_see(&options.clearance) {
        return Err(Error::wrong(
            format!("you could not see yourself what is for {} only", options.clearance),
            "choose who may see the list among those that you belong to",
        ));
    }
    let document = document_of(&own, &options.list)?.unwrap_or_else(|| new_document(options));
    let compiled = Compiled::new(&document.to_string(), file, mapping, &registry, options.take != Take::All)?;
    let visible: Vec<Import> =
        imports(&own)?.into_iter().filter(|import| import.document_id() == Some(document)).collect();
    let by = organisation::find(&own, options, &visible)?;
    drop(own);
    let before = imports_of(&workspace.ledger.read(&keepers_view())?, document)?;
    let mut session = Session {
        workspace,
        file,
        mapping,
        options,
        registry,
        document,
        by,
        known: said_before(workspace, &before, document),
        here: Here::default(),
        first: before.is_empty(),
        before,
        report: Report {
            list: options.list.clone(),
            document: document.to_string(),
            file: file.name.clone(),
            dry_run: options.dry_run,
            notices: file.notices.clone(),
            ..Report::default()
        },
        progress,
        rejected,
        compiled,
    };
    session.begin_report();
    if options.dry_run {
        session.look()?;
        return Ok(session.report);
    }
    let mut addition = workspace.addition()?;
    let outcome = workspace.ledger.append_all_with(author, |transaction| session.record(transaction, &mut addition));
    match outcome {
        Ok(()) => addition.finish(),
        Err(Error::NotWhole(_)) => {
            session.report.take_back();
            return Err(Error::NotWhole(Box::new(session.report)));
        }
        Err(Error::Ledger(ledger::Error::Busy)) => {
            return Err(Error::wrong(
                "somebody else has been writing to this workspace for too long, perhaps another import; nothing was recorded",
                "run it again when that is done",
            ));
        }
        Err(error) => return Err(error),
    }
    Ok(session.report)
}

/// All imports of a list, oldest first, whoever may see them.
pub(crate) fn imports_of(reader: &Reader<'_>, document: EntityId) -> Result<Vec<Import>, Error> {
    Ok(imports(reader)?.into_iter().filter(|import| import.document_id() == Some(document)).collect())
}

/// What the author's account may see.
pub(crate) fn view_of(reader: &Reader<'_>, author: &Author) -> Result<View, Error> {
    let account = reader.accounts()?.into_iter().find(|account| account.id == author.account);
    let cleared = account
        .map(|account| account.teams.iter().fold(Cleared::to(account.level), |cleared, team| cleared.with_team(team)));
    Ok(View::new(cleared.unwrap_or_else(|| Cleared::to(Level::Public))))
}

/// For holding the list against its own earlier claims, wherever somebody put them since: nothing that it shows is told but counts of what
/// whoever holds the list knows.
pub(crate) fn keepers_view() -> View {
    View::new(Cleared::for_keeping())
}
