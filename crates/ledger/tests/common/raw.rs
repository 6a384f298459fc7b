//! Ways to harm a ledger's file: byte by byte, and, for who has the key, through SQL.

use std::path::Path;

use ledger::{Error, Finding, Ledger, VerifyReport};
use rusqlite::Connection;

use super::{KEY, settings};

pub const PAGE: usize = 4096;

/// The database as who has its key may open it.
pub fn sql(folder: &Path) -> Connection {
    let connection = Connection::open(folder.join("ledger.db")).unwrap();
    let key: String = KEY.iter().map(|byte| format!("{byte:02x}")).collect();
    connection.execute_batch(&format!("PRAGMA key = \"x'{key}'\"")).unwrap();
    connection
}

/// A copy of a closed ledger in a folder of its own.
pub fn copy(from: &Path) -> tempfile::TempDir {
    let to = tempfile::tempdir().unwrap();
    for file in ["ledger.db", "ledger.db-wal", "checkpoint"] {
        if from.join(file).exists() {
            std::fs::copy(from.join(file), to.path().join(file)).unwrap();
        }
    }
    to
}

pub fn verify(folder: &Path) -> Result<VerifyReport, Error> {
    Ledger::open(settings(folder))?.verify(&mut |_, _| {})
}

/// What is found, by whichever way a person would come to know it; a ledger that does not open is checked below its entries.
pub fn findings(folder: &Path) -> Vec<Finding> {
    match verify(folder) {
        Ok(report) => report.findings,
        Err(Error::Damaged { place, problem }) => {
            let mut found = vec![Finding { place, problem }];
            found.extend(Ledger::check_file(&settings(folder)).expect("the file can be checked"));
            found
        }
        Err(other) => panic!("neither opened nor called damaged: {other}"),
    }
}

/// Findings as lines.
pub fn told(folder: &Path) -> Vec<String> {
    findings(folder).into_iter().map(|finding| format!("{}: {}", finding.place, finding.problem)).collect()
}
