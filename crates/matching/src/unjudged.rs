//! What a number leaves open: people on its list who are likely one, and of whom nobody has said so.

use figures::Figure;
use ledger::{Ledger, Reader};

use crate::Error;
use crate::questions::{Questions, Standing};

/// From this probability on a number that counts both is not to leave the house unseen.
const LIKELY: f64 = 0.5;

/// A figure that counts people apart who are likely one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unjudged {
    /// The figure's name, and what people read above it.
    pub figure: String,
    pub title: String,
    /// Pairs on its list that are likely one person, and that nobody has judged.
    pub pairs: usize,
}

/// How many pairs on a figure's list are likely one person (a probability of one half or more) and were judged by nobody. Only who is
/// counted as a person can be counted twice so.
///
/// # Errors
/// As the ledger says.
pub fn unjudged(questions: &Questions, reader: &Reader<'_>, figure: &Figure) -> Result<usize, Error> {
    if figure.unit != "persons" {
        return Ok(0);
    }
    let open = questions.open(reader, &[figure])?;
    let likely = open.iter().filter(|question| question.standing == Standing::Open && !question.counted.is_empty());
    Ok(likely.filter(|question| question.probability >= LIKELY).count())
}

/// The same for figures by their names: those that leave a pair open. A figure that cannot be computed is left out; who prints it says so.
///
/// # Errors
/// As the ledger says.
pub fn unjudged_in<'n>(
    questions: &Questions,
    ledger: &Ledger,
    reader: &Reader<'_>,
    names: impl IntoIterator<Item = &'n str>,
) -> Result<Vec<Unjudged>, Error> {
    let mut found = Vec::new();
    for name in names {
        let Ok(definition) = figures::load(reader, name) else { continue };
        let Ok(view) = figures::view(reader, &definition) else { continue };
        let Ok(figure) = figures::compute(&ledger.read(&view)?, &definition) else { continue };
        let pairs = unjudged(questions, reader, &figure)?;
        if pairs > 0 {
            found.push(Unjudged { figure: figure.name.clone(), title: figure.title.to_string(), pairs });
        }
    }
    Ok(found)
}
