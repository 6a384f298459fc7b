//! The demonstration: the whole way from sources to a letter, through the doors that users have.

use std::fs;
use std::path::Path;
use std::process::ExitCode;

use casefile::{CaseFile, Options as ImportOptions};
use ledger::{Cleared, Level, View};
use workspace::{Options, Passphrase, Workspace};

use super::{casefile as case_files, figure, publish, serve};
use crate::arguments::{Common, Demo};
use crate::failure::Failure;
use crate::text;

/// The demonstration's case file: name of each file, and its bytes.
const FILES: &[(&str, &[u8])] = include!(concat!(env!("OUT_DIR"), "/casefile.rs"));
const FIGURE: &str = "defenders-arrested-2020";
const LETTER: &str = "letter-2023";

pub fn run(common: &Common, demo: &Demo) -> Result<ExitCode, Failure> {
    let key = demo.dir.join("passphrase.txt");
    let workspace = if demo.dir.join("config.toml").exists() {
        eprintln!("There is a demonstration in {} already: using it.", demo.dir.display());
        if !demo.with.is_empty() {
            return Err(Failure::usage(
                "a demonstration that is made already takes no further originals",
                "make another in an empty folder: --dir DIR --with FILE…",
            ));
        }
        Workspace::open(&demo.dir, &Passphrase::from_file(&key)?)?
    } else {
        make(demo, &key)?
    };
    if !workspace.config().is_demonstration() {
        return Err(Failure::usage(
            format!("{} is no demonstration", demo.dir.display()),
            "choose another folder with --dir",
        ));
    }
    if demo.no_serve {
        return Ok(ExitCode::SUCCESS);
    }
    let _ = common;
    serve::on(workspace, demo.listen, &[])
}

fn make(demo: &Demo, key: &Path) -> Result<Workspace, Failure> {
    let originals = case_files::originals(&demo.with)?;
    let passphrase = new_passphrase()?;
    let (workspace, _) = Workspace::create(
        &demo.dir,
        "Cambodia 2020–2023",
        "Demonstration analyst",
        &Passphrase::new(&passphrase),
        Options::demonstration(),
    )?;
    publish::write(key, format!("{passphrase}\n").as_bytes())?;

    let case_file = unpacked()?;
    let author = workspace.owner();
    let report =
        casefile::import(&workspace, &author, &case_file, &originals, ImportOptions::default(), &mut |_, _, _| {})?;
    eprint!("{report}");

    let view = View::new(Cleared::to(Level::Public));
    let (draft, composed) = publish::compose(&workspace, &view, LETTER)?;
    let files = publish::release(&workspace, &draft, &composed, &publish::targets(&workspace.out(), "letter")?)?;
    // After the release, which is an entry too: so `figure` asked now gives the very same bytes.
    let computed = figure::compute(&workspace, &view, FIGURE)?;
    publish::write(&workspace.out().join("figure.json"), computed.json().as_bytes())?;
    eprintln!("{}: {}.", computed.title.en, computed.words());
    for (path, digest) in files {
        eprintln!("Released {} (SHA-256 {digest}).", path.display());
    }
    text::out(&format!(
        "The demonstration is in {}. It is an ordinary workspace, but its passphrase lies beside it in passphrase.txt.",
        demo.dir.display()
    ))?;
    Ok(workspace)
}

/// The case file that the program carries, read as any other: from a folder, which is gone afterwards.
fn unpacked() -> Result<CaseFile, Failure> {
    let folder = tempfile::tempdir()
        .map_err(|error| Failure::new(format!("no temporary folder: {error}"), "free some space"))?;
    for (name, bytes) in FILES {
        let path = folder.path().join(name);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent).map_err(|error| Failure::io("cannot make", parent, &error))?;
        }
        fs::write(&path, bytes).map_err(|error| Failure::io("cannot write", &path, &error))?;
    }
    case_files::read(folder.path())
}

/// Twenty-four letters and digits of randomness, in groups.
fn new_passphrase() -> Result<String, Failure> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes)
        .map_err(|error| Failure::new(format!("no randomness from the operating system: {error}"), "try again"))?;
    let letters = schema::EntityId::from_bytes(bytes).to_string();
    let groups: Vec<&str> = (0..24).step_by(4).filter_map(|at| letters.get(at..at + 4)).collect();
    Ok(groups.join("-"))
}
