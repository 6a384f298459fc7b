//! What a reference said when the draft was recorded, so that a change is noticed though nobody wrote down the old value.

use ledger::{ClaimId, ValueView};

use crate::Error;
use crate::model::{Run, plain};
use crate::notes::standing;
use crate::resolve::Composer;
use crate::seen::entity_in;

/// In place of an earlier value that rests on what the letter's readers may no longer see.
const NO_LONGER_SEEN: &str = "something that is no longer in this view";

impl Composer<'_, '_> {
    /// What the figure was then, in words, if it was another; `None` too when it could not be computed then.
    ///
    /// # Errors
    /// Those of the ledger.
    pub fn figure_then(&self, name: &str, now: &figures::Figure) -> Result<Option<String>, Error> {
        let Some(reader) = self.then else { return Ok(None) };
        let then = match self.computed(reader, name) {
            Ok(then) => then,
            Err(figures::Error::Ledger(error)) => return Err(error.into()),
            Err(_) => return Ok(None),
        };
        if (&then.unit, then.lower, then.upper) == (&now.unit, now.lower, now.upper) {
            return Ok(None);
        }
        // A number can give away what was taken out of sight.
        let claims = then.items.iter().flat_map(|item| &item.claims);
        for claim in claims.chain(then.groups.iter().flat_map(|group| &group.claims)) {
            if !self.seen(*claim)? {
                return Ok(Some(NO_LONGER_SEEN.into()));
            }
        }
        Ok(Some(then.words()))
    }

    /// What the fact was then, in words, if they were others; `None` too when there was no value then.
    ///
    /// # Errors
    /// Those of the ledger.
    pub fn fact_then(
        &self,
        entity: &str,
        property: &str,
        now: &ValueView,
        words: &[Run],
    ) -> Result<Option<String>, Error> {
        let Some(reader) = self.then else { return Ok(None) };
        let Some(id) = entity_in(reader, entity)? else { return Ok(None) };
        let Some(record) = reader.record(id)? else { return Ok(None) };
        let Some(then) = record.first(property) else { return Ok(None) };
        if then.value.canonical() == now.value.canonical() {
            return Ok(None);
        }
        let mut seen = false;
        for claim in standing(then) {
            seen |= self.seen(claim.id)?;
        }
        // In today's words: an entity that got another label, or was found to be the same as another, is no other value.
        Ok(match self.words(then)?.filter(|_| seen) {
            Some(then) if plain(&then) == plain(words) => None,
            Some(then) => Some(plain(&then)),
            None => Some(NO_LONGER_SEEN.into()),
        })
    }

    /// Whether the letter's readers may still see a claim, whatever has become of it.
    fn seen(&self, claim: ClaimId) -> Result<bool, Error> {
        Ok(self.reader.claim(claim)?.is_some())
    }
}
