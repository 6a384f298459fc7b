//! Is everything as it was written? The ledger, the objects it knows, and the keys' file.

use std::collections::{BTreeMap, HashSet};
use std::fmt;
use std::path::{Path, PathBuf};

use ledger::{CustodyEvent, Finding, ObjectHash, ObjectView, Reader, VerifyReport};

use crate::custody::is_destroyed;
use crate::workspace::Workspace;
use crate::{Config, Error, Passphrase};

/// What is being checked, for whoever shows progress.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Counted in entries.
    Ledger,
    /// Counted in objects.
    Objects,
}

impl fmt::Display for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Stage::Ledger => "entries of the ledger",
            Stage::Objects => "objects of the vault",
        })
    }
}

/// Something that was destroyed on purpose, as the ledger tells it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gone {
    /// `object 4be1…` .
    pub what: String,
    pub by: String,
    /// Date and time, RFC 3339.
    pub at: String,
    pub reason: String,
}

/// What was checked and what was found.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// The ledger's own report; `None` when the ledger does not open.
    pub ledger: Option<VerifyReport>,
    /// Objects that were read to their end and compared with their names.
    pub objects: u64,
    /// Objects that the ledger says were destroyed.
    pub destroyed: u64,
    /// Those, one by one: which, by whom, when and why.
    pub gone: Vec<Gone>,
    /// Time stamps whose checkpoints are this ledger's own. Whether the authorities' tokens hold is for who can read them.
    pub stamps: u64,
    /// Everything that is not as it was written: the ledger's findings first.
    pub findings: Vec<Finding>,
    /// Files in `objects/` that no entry speaks of: an addition that was interrupted, or somebody put them there. No damage
    /// by themselves; those that are named like objects are checked as objects.
    pub unknown: Vec<PathBuf>,
}

impl Report {
    /// Whether all is as it was written.
    #[must_use]
    pub fn ok(&self) -> bool {
        self.findings.is_empty()
    }

    fn find(&mut self, place: impl Into<String>, problem: impl Into<String>) {
        self.findings.push(Finding { place: place.into(), problem: problem.into() });
    }
}

impl Workspace {
    /// Checks the ledger from its pages to its tree, every object that it knows, and `config.toml`. `progress` is told what is being
    /// checked, how much of it is done, and how much there is.
    ///
    /// # Errors
    /// Only when the check itself cannot run; damage is in the report.
    pub fn verify(&self, progress: &mut dyn FnMut(Stage, u64, u64)) -> Result<Report, Error> {
        let mut report = Report::default();
        let ledger = self.ledger.verify(&mut |done, total| progress(Stage::Ledger, done, total))?;
        report.findings.clone_from(&ledger.findings);
        if ledger.more > 0 {
            report.find("ledger.db", format!("{} more findings of this kind", ledger.more));
        }
        report.ledger = Some(ledger);
        match Config::read(self.dir()).and_then(|config| config.check_intact()) {
            Ok(()) => {}
            Err(Error::Damaged { place, problem, .. }) => report.find(place, problem),
            Err(error) => report.find("config.toml", error.to_string()),
        }
        // A damaged ledger may not be able to say which objects there are. That is said, and the rest still checked.
        if let Err(error) = self.verify_objects(&mut report, progress) {
            if report.ok() && !error.is_damage() {
                return Err(error);
            }
            report.find("objects", format!("which objects there are could not be read: {error}"));
        }
        Ok(report)
    }

    /// Opens and verifies: what keeps a damaged workspace from opening is a finding like any other.
    ///
    /// # Errors
    /// A wrong passphrase, a newer version, no workspace; never damage.
    pub fn check_damage(
        dir: &Path,
        passphrase: &Passphrase,
        progress: &mut dyn FnMut(Stage, u64, u64),
    ) -> Result<Report, Error> {
        match Workspace::open(dir, passphrase) {
            Ok(workspace) => workspace.verify(progress),
            Err(Error::Damaged { place, problem, .. }) => {
                let mut report = Report { findings: Workspace::check_file(dir, passphrase)?, ..Report::default() };
                if report.findings.is_empty() {
                    report.find(place, problem);
                }
                Ok(report)
            }
            Err(error) => Err(error),
        }
    }

    fn verify_objects(&self, report: &mut Report, progress: &mut dyn FnMut(Stage, u64, u64)) -> Result<(), Error> {
        let reader = self.ledger.read(&self.keepers_view()?)?;
        // The same bytes may belong to several sources: they are gone when none of them has them any more.
        let mut objects: BTreeMap<ObjectHash, bool> = BTreeMap::new();
        let mut ends: Vec<(ObjectHash, Gone)> = Vec::new();
        for view in reader.objects()? {
            let destroyed = is_destroyed(&view);
            if destroyed {
                ends.extend(end_of(&view).map(|end| (view.object, end)));
            }
            objects.entry(view.object).and_modify(|all| *all &= destroyed).or_insert(destroyed);
        }
        let gone = ends.into_iter().filter(|(object, _)| objects.get(object) == Some(&true));
        report.gone = gone.map(|(_, end)| end).collect();
        self.verify_stamps(&reader, report)?;
        drop(reader);
        let total = objects.len() as u64;
        let mut known = HashSet::with_capacity(objects.len());
        for (done, (object, destroyed)) in (0..).zip(&objects) {
            progress(Stage::Objects, done, total);
            if *destroyed {
                report.destroyed += 1;
                if self.vault.contains(&object.0)? {
                    known.insert(object.0);
                    report.find(
                        format!("object {object}"),
                        "the ledger says that it was destroyed, and its file is still there",
                    );
                }
                continue;
            }
            known.insert(object.0);
            report.objects += 1;
            // A disk that cannot be read is damage too, as far as this object goes.
            if let Err(error) = self.vault.verify(&object.0) {
                report.find(format!("object {object}"), error.to_string());
            }
        }
        progress(Stage::Objects, total, total);
        // Among them may be objects of teams that no account belongs to: whole or not, they can tell by themselves.
        for path in self.vault.unknown_files(&known)? {
            if self.vault.looks_like_object(&path)
                && let Err(error) = self.vault.verify_file(&path)
            {
                report.find(format!("file {}", path.display()), error.to_string());
            }
            report.unknown.push(path);
        }
        Ok(())
    }

    /// Every time stamp is over a checkpoint that this installation signed, of the tree as it is.
    fn verify_stamps(&self, reader: &Reader<'_>, report: &mut Report) -> Result<(), Error> {
        for (stamp, position) in reader.stamps()? {
            let checkpoint = self.ledger.open_checkpoint(&stamp.checkpoint).ok();
            let root = match &checkpoint {
                Some(checkpoint) => reader.root_at(checkpoint.size)?,
                None => None,
            };
            match checkpoint {
                Some(checkpoint) if checkpoint.size == stamp.position && Some(checkpoint.root) == root => {
                    report.stamps += 1;
                }
                _ => report.find(
                    format!("time stamp in entry {position}"),
                    "its checkpoint is not one of this ledger as it is now",
                ),
            }
        }
        Ok(())
    }
}

/// How an object came to its end.
fn end_of(view: &ObjectView) -> Option<Gone> {
    let (custody, at, by) =
        view.custody.iter().rev().find(|(custody, _, _)| custody.event == CustodyEvent::Destroyed)?;
    Some(Gone {
        what: format!("object {}", view.object),
        by: by.clone(),
        at: at.to_string(),
        reason: custody.reason.clone(),
    })
}
