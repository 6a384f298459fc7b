//! What an import or an export did, and what it did not.

use std::fmt;

use crate::error::counted;
use crate::problem::Problem;

/// What was taken in (or given back), and everything that was not, with place and reason.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Entities new to the ledger (export: written), sources among them.
    pub entities: usize,
    /// Sources with something new (export: written).
    pub sources: usize,
    /// Claims appended (export: written).
    pub claims: usize,
    /// Judgements, assessments, preferences, figures and letters appended (export: written).
    pub decisions: usize,
    /// Claims that the ledger had already.
    pub skipped: usize,
    /// Claims taken back because they are no longer in the folder.
    pub retracted: usize,
    /// What was left out this time because an original was not given.
    pub left_out: Vec<Problem>,
    /// Claims of this case file that stand in the ledger and are no longer in the folder.
    pub missing: Vec<String>,
    /// What is odd, and no error.
    pub notices: Vec<String>,
    /// Entries appended to the ledger; 0 when the ledger had everything.
    pub entries: usize,
    /// Whether it was only tried.
    pub dry_run: bool,
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let entities = if self.entities == 1 { "1 entity".to_owned() } else { format!("{} entities", self.entities) };
        let tried = if self.dry_run { " would be new; nothing was recorded" } else { "" };
        write!(f, "{entities}, {} and {}{tried}", counted(self.claims, "claim"), counted(self.decisions, "decision"))?;
        match self.skipped {
            0 => writeln!(f)?,
            skipped => writeln!(f, "; {} known already", counted(skipped, "claim"))?,
        }
        if self.retracted > 0 {
            writeln!(f, "{} retracted", counted(self.retracted, "claim"))?;
        }
        for problem in &self.left_out {
            writeln!(f, "left out: {problem}")?;
        }
        for claim in &self.missing {
            writeln!(f, "no longer in the folder: {claim}")?;
        }
        for notice in &self.notices {
            writeln!(f, "{notice}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::problem::At;

    #[test]
    fn a_report_says_what_was_taken_and_what_was_not() {
        let report = Report {
            entities: 1,
            claims: 2,
            skipped: 3,
            retracted: 1,
            left_out: vec![At::new("a.yaml", 4).problem("“notice” is left out", "Give the file along.")],
            missing: vec!["union-note: date of Arrest is “2 March 2021” (9f3c21ab-4-7)".into()],
            dry_run: true,
            ..Report::default()
        };
        assert_eq!(
            report.to_string(),
            "1 entity, 2 claims and 0 decisions would be new; nothing was recorded; 3 claims known already\n\
             1 claim retracted\n\
             left out: a.yaml, line 4: “notice” is left out\n  Give the file along.\n\
             no longer in the folder: union-note: date of Arrest is “2 March 2021” (9f3c21ab-4-7)\n"
        );
    }
}
