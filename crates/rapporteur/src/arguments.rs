//! What can be typed.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

/// Monitoring a human rights situation and reporting on it.
///
/// Nothing is overwritten: every value is a claim that somebody made in a source, and everything else is a view of the claims.
#[derive(Debug, Parser)]
#[command(name = "rapporteur", version, max_term_width = 100, arg_required_else_help = true)]
pub struct Arguments {
    #[command(flatten)]
    pub common: Common,
    #[command(subcommand)]
    pub command: Command,
}

/// What every command takes.
#[derive(Debug, Args)]
pub struct Common {
    /// The workspace's folder
    #[arg(long, short, global = true, env = "RAPPORTEUR_WORKSPACE", hide_env_values = true, value_name = "DIR")]
    pub workspace: Option<PathBuf>,
    /// A file that holds the passphrase; without it, it is asked for
    #[arg(long, global = true, env = "RAPPORTEUR_PASSPHRASE_FILE", hide_env_values = true, value_name = "FILE")]
    pub passphrase_file: Option<PathBuf>,
    /// Print one JSON value instead of text
    #[arg(long, global = true)]
    pub json: bool,
    /// See the ledger as it was: a position (entry number), a date or a time
    #[arg(long, global = true, value_name = "WHEN")]
    pub as_of: Option<String>,
    /// See no more than this: public, partners, internal, restricted
    #[arg(long, global = true, value_name = "LEVEL")]
    pub clearance: Option<String>,
    /// Count only what meets this standard of proof
    #[arg(long, global = true, value_name = "STANDARD", default_value = "all-allegations")]
    pub standard: String,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Make a demonstration workspace from public cases, and serve it
    Demo(Demo),
    /// Make a new, encrypted workspace in an empty folder
    Init(Init),
    /// Set a new passphrase with the recovery code
    Recover,
    /// Serve the pages on this machine
    Serve(Serve),
    /// Say how the workspace and this machine are doing
    Doctor,
    /// Check every page, entry, signature and object; exit code 3 when something is not as it was written
    Verify,
    /// Read documents into the vault, each as a source with its words: files, and all that folders hold
    Add(Add),
    /// Read a document and print what a careful analyst would code in it, each with its words; nothing is recorded
    Propose(Propose),
    /// Take in a list (a table, a form's or another system's export), or a case file; or take an import back
    Import(Import),
    /// Give the workspace's contents back
    Export(Export),
    /// Find things by words, names, sources, places and dates, in what the view shows
    Search(Search),
    /// Show a thing: what is claimed about it, by whom, in which words
    Show(Asked),
    /// List every claim about a thing, also those that no longer stand
    Claims(Asked),
    /// Tell what was recorded about a thing, and when
    History(Asked),
    /// Destroy the words of a claim whose giver withdrew consent: its commitment stays, and who destroyed it and why
    Erase(Erase),
    /// Read a document’s original again, after this program has learnt to read better; what was recorded stays
    Reread(Asked),
    /// Withdraw the consent of a document's giver: its bytes, what was made of them and the words of its claims are destroyed
    Withdraw(Withdraw),
    /// Show a document's chain of custody, or record what happened to it
    Custody(CustodyOf),
    /// Give a document's original out, as it is or without its metadata; the chain of custody says to whom and why
    Original(Original),
    /// Have the ledger dated by a time-stamping authority (RFC 3161), without a network
    #[command(subcommand)]
    Timestamp(Timestamp),
    /// Read files for another process of this program
    #[command(hide = true)]
    Convert,
    /// List who may see what, or set it: a level, and teams beside it
    Account(Account),
    /// Same or different? Link the records of several lists, on plain files or in the workspace; nothing is joined by it
    Link(Link),
    /// Judge two entries of the workspace: the same, different, or that it cannot be said
    Judge(Judge),
    /// Estimate how many were never recorded by anyone, from a table of which lists have whom
    Estimate(Estimate),
    /// Compute a figure: how many, of what, when, under which standard, and the list behind it
    Figure(Figure),
    /// Compose a publication and release it
    Publish(Publish),
}

#[derive(Debug, Args)]
pub struct Demo {
    /// Where the demonstration's workspace is made
    #[arg(long, default_value = "demonstration", value_name = "DIR")]
    pub dir: PathBuf,
    /// Make the workspace and what it publishes, and stop
    #[arg(long)]
    pub no_serve: bool,
    /// Original documents to put in as they are; claims then quote them
    #[arg(long, num_args = 1.., value_name = "FILE")]
    pub with: Vec<PathBuf>,
    /// Where to listen
    #[arg(long, default_value = "127.0.0.1:7070", value_name = "ADDRESS")]
    pub listen: SocketAddr,
}

#[derive(Debug, Args)]
pub struct Init {
    /// The workspace's name, as pages show it; without it, the folder's
    #[arg(long)]
    pub name: Option<String>,
    /// Your name, as entries show it; without it, your name on this machine
    #[arg(long, env = "USER", hide_env_values = true, default_value = "Owner")]
    pub owner: String,
}

#[derive(Debug, Args)]
pub struct Serve {
    /// Where to listen; port 0 takes any that is free
    #[arg(long, value_name = "ADDRESS")]
    pub listen: Option<SocketAddr>,
    /// A host name under which the pages may be asked for, besides this machine's own
    #[arg(long, value_name = "NAME")]
    pub host: Vec<String>,
}

#[derive(Debug, Args)]
pub struct Add {
    /// Documents to add; of a folder, all that is in it
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// Title of the document; without it, its own, or the file's name
    #[arg(long)]
    pub title: Option<String>,
    /// Kind of document: news-report, open-letter, court-record … (vocabulary document-kinds)
    #[arg(long)]
    pub kind: Option<String>,
    /// When it was published (EDTF); without it, what the document says
    #[arg(long, value_name = "DATE")]
    pub published: Option<String>,
    /// Address where it was found; without it, what the document says
    #[arg(long)]
    pub url: Option<String>,
    /// How it came to you
    #[arg(long, default_value = "added from the command line")]
    pub method: String,
    /// What its giver agreed to, in words
    #[arg(long)]
    pub consent: Option<String>,
    /// What that consent covers: evidence, publication, publication-without-name …; may be given several times
    #[arg(long, value_name = "SCOPE")]
    pub consent_scope: Vec<String>,
    /// Add what is there already a second time
    #[arg(long)]
    pub again: bool,
    /// Who may see it
    #[arg(long, default_value = "internal", value_name = "CLEARANCE")]
    pub visible_to: String,
}

#[derive(Debug, Args)]
pub struct Propose {
    /// A file in any format that `add` reads or, in a workspace, a document's name or id
    #[arg(value_name = "FILE|DOCUMENT")]
    pub file: PathBuf,
    /// Ask the model server that the workspace names as well; what it says goes through the same checks
    #[arg(long)]
    pub model: bool,
}

/// A list is taken in whole or not at all, unless told otherwise; what is left out is told with row, column, value and reason.
/// Without --map the mapping is proposed from headings and values: look at it with --dry-run, keep it with --write-map.
#[derive(Debug, Args)]
pub struct Import {
    /// A list: CSV, XLSX, XLS, ODS, JSON lines, FollowTheMoney entities, an export of Uwazi, ODK Central or Kobo; or a case file's folder
    #[arg(value_name = "FILE|DIR", required_unless_present = "undo")]
    pub file: Option<PathBuf>,
    /// What each column of the list becomes (TOML)
    #[arg(long, value_name = "MAP.toml")]
    pub map: Option<PathBuf>,
    /// The list's name: it stays recognisable for ever
    #[arg(long, value_name = "NAME")]
    pub list: Option<String>,
    /// The organisation whose list it is
    #[arg(long, value_name = "ORGANISATION")]
    pub by: Option<String>,
    /// Write the mapping that is used, or proposed, to this file, and stop
    #[arg(long, value_name = "MAP.toml")]
    pub write_map: Option<PathBuf>,
    /// Take the cells that can be read, and leave out the others
    #[arg(long, conflicts_with = "only_whole")]
    pub take_good: bool,
    /// Take the rows of which every cell can be read, and leave out the others
    #[arg(long)]
    pub only_whole: bool,
    /// Write the rows that were left out to this file, to correct and bring again
    #[arg(long, value_name = "FILE.csv")]
    pub rejected: Option<PathBuf>,
    /// Take back what was imported as this list (its name), or by one import (its id); it stays readable
    #[arg(long, value_name = "LIST", requires = "because", conflicts_with = "file")]
    pub undo: Option<String>,
    /// Why it is taken back
    #[arg(long, value_name = "REASON")]
    pub because: Option<String>,
    /// Who may see the list; without it, as the mapping says, or internal
    #[arg(long, value_name = "CLEARANCE")]
    pub visible_to: Option<String>,
    /// Original documents that the case file names but does not hold
    #[arg(long, num_args = 1.., value_name = "FILE")]
    pub with: Vec<PathBuf>,
    /// Check everything and say what would be recorded, but record nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Retract the claims that an earlier import took from this case file or list and that it no longer holds
    #[arg(long)]
    pub retract_missing: bool,
}

#[derive(Debug, Args)]
pub struct Export {
    /// Format: casefile
    #[arg(long, default_value = "casefile")]
    pub format: String,
    /// An empty folder to write into
    #[arg(long, value_name = "DIR")]
    pub to: PathBuf,
}

#[derive(Debug, Args)]
pub struct Asked {
    /// A name, an id or its beginning, or a case file's key
    #[arg(value_name = "THING")]
    pub thing: String,
}

/// Words are all to be there; "…" is a phrase as written; OR, NOT and parentheses join; arrest* is a beginning.
/// Fields: name:Sokkha type:Person source:licadho place:Kampot lang:km date:2020-07..2020-09 (or possibly:) certainly:2020
#[derive(Debug, Args)]
pub struct Search {
    /// What to look for; without it, everything, or the saved searches with --saved
    #[arg(value_name = "QUERY")]
    pub query: Vec<String>,
    /// Only what has this value of a facet (type, year, kind, lang, clearance, verification); may be given several times
    #[arg(long, value_name = "FACET=VALUE")]
    pub facet: Vec<String>,
    /// Results on a page, 1 to 100
    #[arg(long, default_value_t = 20, value_name = "NUMBER")]
    pub limit: usize,
    /// The cursor that the page before ended with
    #[arg(long, value_name = "CURSOR")]
    pub after: Option<String>,
    /// Keep this search under a name
    #[arg(long, value_name = "NAME")]
    pub save: Option<String>,
    /// Run a saved search; without a name, list them
    #[arg(long, num_args = 0..=1, default_missing_value = "", value_name = "NAME", conflicts_with_all = ["query", "save"])]
    pub saved: Option<String>,
    /// Make the index of this view anew
    #[arg(long)]
    pub rebuild: bool,
}

#[derive(Debug, Args)]
pub struct Erase {
    /// The claim's address, as `claims` gives it
    #[arg(value_name = "CLAIM")]
    pub claim: String,
    /// Why: it stays readable
    #[arg(long, value_name = "REASON")]
    pub because: String,
}

#[derive(Debug, Args)]
pub struct Withdraw {
    /// The document: its name, its id or the beginning of it
    #[arg(value_name = "DOCUMENT")]
    pub document: String,
    /// Why: it stays readable
    #[arg(long, value_name = "REASON")]
    pub because: String,
}

#[derive(Debug, Args)]
pub struct CustodyOf {
    /// The document: its name, its id or the beginning of it
    #[arg(value_name = "DOCUMENT")]
    pub document: String,
    /// Record this of its original: viewed, transferred, sealed; hashed or verified read the object first
    #[arg(long, value_name = "EVENT", requires = "because")]
    pub record: Option<String>,
    /// Why, or on what occasion
    #[arg(long, value_name = "REASON")]
    pub because: Option<String>,
    /// To whom it was transferred
    #[arg(long, value_name = "WHOM")]
    pub to: Option<String>,
}

#[derive(Debug, Args)]
pub struct Original {
    /// The document: its name, its id or the beginning of it
    #[arg(value_name = "DOCUMENT")]
    pub document: String,
    /// The file to write; it must not exist
    #[arg(long, value_name = "FILE")]
    pub to: PathBuf,
    /// Who gets it
    #[arg(long = "for", value_name = "WHOM")]
    pub whom: String,
    /// Why
    #[arg(long, value_name = "REASON")]
    pub because: String,
    /// A copy without what the file says of its maker, its camera and its place
    #[arg(long)]
    pub stripped: bool,
}

#[derive(Debug, Subcommand)]
pub enum Timestamp {
    /// Write a request over the ledger as it stands, to carry to an authority
    Request {
        /// The file to write (.tsq); the checkpoint is written beside it
        #[arg(long, value_name = "FILE")]
        to: PathBuf,
    },
    /// Check an authority's answer and keep it in the ledger
    Attach {
        /// The answer (.tsr), or a bare token
        #[arg(value_name = "FILE")]
        answer: PathBuf,
        /// Certificates that you trust (PEM); without them, the authority's name is not judged
        #[arg(long, value_name = "FILE")]
        trust: Option<PathBuf>,
    },
    /// Check every time stamp of the ledger
    Verify {
        /// Certificates that you trust (PEM)
        #[arg(long, value_name = "FILE")]
        trust: Option<PathBuf>,
    },
}

#[derive(Debug, Args)]
pub struct Account {
    /// The account's name; without it, the accounts that there are
    #[arg(value_name = "NAME")]
    pub name: Option<String>,
    /// The highest level that it may see: public, partners, internal, restricted; without it, as before
    #[arg(long)]
    pub level: Option<String>,
    /// A team that it belongs to; may be given several times, and takes the place of the teams before
    #[arg(long)]
    pub team: Vec<String>,
}

/// Without files: the pairs of the workspace that may be the same and that nobody has judged.
#[derive(Debug, Args)]
pub struct Link {
    /// Tables with a header line (CSV): one to find duplicates in, or several lists to link with each other
    #[arg(value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// What each column is, which rules make pairs, and thresholds (TOML); without it, columns are recognised
    #[arg(long, value_name = "FILE")]
    pub settings: Option<PathBuf>,
    /// The column that names each row; without it, it is recognised or rows are numbered
    #[arg(long, value_name = "COLUMN")]
    pub id: Option<String>,
    /// The column that holds the truth, for evaluation; it is never compared
    #[arg(long, value_name = "COLUMN")]
    pub truth_column: Option<String>,
    /// Write the input here, with a column cluster_id
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Write the scored pairs here
    #[arg(long, value_name = "FILE")]
    pub pairs: Option<PathBuf>,
    /// Processor threads; the result does not depend on them
    #[arg(long, value_name = "NUMBER")]
    pub threads: Option<usize>,
}

#[derive(Debug, Args)]
pub struct Judge {
    /// One: its name, its id or the beginning of it
    #[arg(value_name = "THING")]
    pub one: String,
    /// The other
    #[arg(value_name = "OTHER")]
    pub other: String,
    /// What they are
    #[arg(value_name = "VERDICT")]
    pub verdict: Judgement,
    /// What it rests on: it stays readable
    #[arg(long, value_name = "REASON")]
    pub because: String,
    /// A further one, judged against the first with the same word; may be repeated
    #[arg(long = "and", value_name = "ANOTHER")]
    pub further: Vec<String>,
}

/// What two entries are to each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Judgement {
    Same,
    Different,
    /// It cannot be said
    Unsure,
    /// An earlier judgement on the two is taken back
    TakeBack,
}

/// Columns: one for each list with 0 and 1, and `count`. Never a bare number: each method says what it assumes, or why it refuses.
#[derive(Debug, Args)]
pub struct Estimate {
    /// The table (CSV); without it, the table that the workspace's linked lists make
    #[arg(value_name = "TABLE")]
    pub table: Option<PathBuf>,
    /// Method: dga, lcmcr, loglinear, stepwise, chao or all
    #[arg(long, default_value = "all", value_name = "METHOD")]
    pub method: String,
    /// Seed of what is drawn at random: the same seed gives the same numbers
    #[arg(long, default_value_t = 1, value_name = "NUMBER")]
    pub seed: u64,
    /// Estimate each value of this column for itself
    #[arg(long, value_name = "COLUMN")]
    pub strata: Option<String>,
}

#[derive(Debug, Args)]
pub struct Figure {
    /// The figure's name; without it, the figures that there are
    #[arg(value_name = "NAME")]
    pub name: Option<String>,
}

#[derive(Debug, Args)]
pub struct Publish {
    /// The publication's name; without it, the publications that there are
    #[arg(value_name = "NAME")]
    pub name: Option<String>,
    /// A file ending in .html or .pdf, or a folder for both; without it, nothing is released and the state of the draft is told
    #[arg(long, value_name = "FILE")]
    pub to: Option<PathBuf>,
    /// Release it although a number of it counts people apart who may be one, and nobody has judged them
    #[arg(long)]
    pub although_unjudged: bool,
}
