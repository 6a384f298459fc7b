//! What can go wrong, where, and what to do next.

use std::path::PathBuf;

/// An error of linkage: what, where, and what to do about it.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A file could not be read or written.
    #[error("{}: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// A table file is not a table that can be read.
    #[error("{}, line {line}: {what}", path.display())]
    Csv {
        /// The file.
        path: PathBuf,
        /// Line in the file, from 1 (lines inside quotes count).
        line: u64,
        /// What is wrong there, and what to do.
        what: String,
    },
    /// The settings say something that cannot be done.
    #[error("settings: {0}")]
    Settings(String),
    /// There is nothing to compare.
    #[error("{0}")]
    Nothing(String),
    /// One value of a blocking rule is shared by so many rows that comparing them all with each
    /// other is not sensible.
    #[error(
        "blocking rule “{rule}”: {rows} rows share {value}, which alone is {pairs} pairs (the bound is {bound} pairs a block). \
         Make the rule narrower (add a part to it), leave the rule out, or raise `max_block_pairs` in the settings"
    )]
    BlockTooBig {
        /// The rule, as written in the settings.
        rule: String,
        /// The value that the rows share, as the first of them has it.
        value: String,
        /// Rows in the block.
        rows: u64,
        /// Pairs that they give.
        pairs: u64,
        /// The bound that was exceeded.
        bound: u64,
    },
    /// All rules together give more pairs than the bound.
    #[error(
        "the blocking rules give {pairs} pairs, more than the bound of {bound}; “{rule}” alone gives {most}. \
         Make that rule narrower, leave it out, or raise `max_pairs` in the settings"
    )]
    TooManyPairs {
        /// Pairs of all rules.
        pairs: u64,
        /// The bound.
        bound: u64,
        /// The rule that gives most of them.
        rule: String,
        /// Pairs of that rule.
        most: u64,
    },
}
