//! What an answer would do to the figures: computed, not guessed, and without a trace.

use ledger::{AsOf, Author, Item, Judge, Ledger, Reader, Verdict};
use schema::EntityId;

use crate::Error;

/// A figure's number as it is, and as it would be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Effect {
    /// The figure's name, and what people read above it.
    pub figure: String,
    pub title: String,
    /// In words: “at least 12 and at most 15 persons”.
    pub now: String,
    pub then: String,
    /// (lower, upper) of both; an upper bound of `None`: there is no end to it.
    pub bounds: [(u64, Option<u64>); 2],
}

/// Why the trial ends: with its answer, so that nothing of it is kept.
enum Ended {
    Tried(Vec<Effect>),
    Failed(Error),
}

impl From<ledger::Error> for Ended {
    fn from(error: ledger::Error) -> Self {
        Ended::Failed(error.into())
    }
}

/// The figures that would change if these pairs were judged so. The judgements are tried in a transaction that is taken back.
///
/// # Errors
/// As the ledger says, which refuses a judgement that cannot be; a figure that cannot be computed is left out.
pub fn effect(
    ledger: &Ledger,
    author: &Author,
    reader: &Reader<'_>,
    pairs: &[(EntityId, EntityId)],
    verdict: Verdict,
) -> Result<Vec<Effect>, Error> {
    let mut before = Vec::new();
    for definition in reader.definitions("figure")? {
        let Ok(definition) = figures::load(reader, &definition.name) else { continue };
        let Ok(view) = figures::view(reader, &definition) else { continue };
        let Ok(figure) = figures::compute(&ledger.read(&view)?, &definition) else { continue };
        // A figure that counts none of them cannot change.
        let holds = |id: EntityId| figure.items.iter().any(|item| item.entity == reader.shown_as(id));
        if pairs.iter().any(|(a, b)| holds(*a) || holds(*b)) {
            before.push((definition, view, figure));
        }
    }
    if before.is_empty() {
        return Ok(Vec::new());
    }
    let judge = |(a, b): &(EntityId, EntityId)| {
        Item::Judge(Judge { a: *a, b: *b, verdict, reason: "a trial that is taken back".into(), origin: None })
    };
    let ended = ledger.append_all_with(author, |transaction| -> Result<(), Ended> {
        transaction.append(pairs.iter().map(judge).collect())?;
        let mut effects = Vec::new();
        for (definition, view, figure) in &before {
            // A figure's view stands at the reader's position; the trial stands one entry later.
            let Ok(then) = figures::compute(&transaction.read(&view.clone().at(AsOf::Now))?, definition) else {
                continue;
            };
            if (then.lower, then.upper) != (figure.lower, figure.upper) {
                effects.push(Effect {
                    figure: figure.name.clone(),
                    title: figure.title.to_string(),
                    now: figure.words(),
                    then: then.words(),
                    bounds: [(figure.lower, figure.upper), (then.lower, then.upper)],
                });
            }
        }
        Err(Ended::Tried(effects))
    });
    match ended {
        Err(Ended::Tried(effects)) => Ok(effects),
        Err(Ended::Failed(error)) => Err(error),
        Ok(()) => Ok(Vec::new()),
    }
}
