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
use crate::record::imports;
use crate::report::Report;
use crate::session::Session;
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
        Ok(Options { list: list.trim().to_owned(), by, clearance, take: Take::All, dry_run: false })
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

/// The id of a list's document, in every workspace.
#[must_use]
pub fn document_of(list: &str) -> EntityId {
    EntityId::derive("rapporteur/list", &fold(list))
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
    rejected: Option<&mut RejectedTo<'_>>,
) -> Result<Report, Error> {
    let registry = workspace.ledger.registry().clone();
    let compiled = Compiled::new(&options.list, file, mapping, &registry, options.take != Take::All)?;
    let document = document_of(&options.list);
    let reader = workspace.ledger.read(&keepers_view())?;
    let before = imports(&reader)?;
    let same: Vec<_> = before.iter().filter(|import| import.document_id() == Some(document)).cloned().collect();
    // Whose list it is, is looked for with the author's own eyes: what those may not see is not named in a message.
    let own = workspace.ledger.read(&view_of(&reader, author)?)?;
    let by = organisation::find(&own, options.by.as_deref(), &same, &options.list)?;
    drop((own, reader));
    let mut session = Session {
        workspace,
        file,
        mapping,
        options,
        registry,
        document,
        by,
        known: said_before(workspace, &before, &fold(&options.list)),
        first: same.is_empty(),
        report: Report {
            list: options.list.clone(),
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
        Err(error) => return Err(error),
    }
    Ok(session.report)
}

/// What the author's account may see.
fn view_of(reader: &Reader<'_>, author: &Author) -> Result<View, Error> {
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
