//! Where an item came from, as a digest: what was taken in once is known again, whichever way the folder is written.
//!
//! SHA-256 over a tag and the parts, each preceded by its length in bytes (64 bits, big-endian), so that no two lists of parts
//! run together. Entities and sources stand in it with their ids, which hold the case file's name and the key
//! ([`schema::EntityId::derive`]); positions do not: a note whose text is mended above a quotation is not another claim.

use ledger::{Assess, Claim, Digest, Judge, Prefer, Verdict};
use schema::EntityId;
use sha2::{Digest as _, Sha256};

struct Hasher(Sha256);

impl Hasher {
    fn new(tag: &str) -> Self {
        let mut hasher = Hasher(Sha256::new());
        hasher.text(tag);
        hasher
    }

    fn bytes(&mut self, bytes: &[u8]) {
        self.0.update((bytes.len() as u64).to_be_bytes());
        self.0.update(bytes);
    }

    fn text(&mut self, text: &str) {
        self.bytes(text.as_bytes());
    }

    /// A part that may be absent: absent is not empty.
    fn optional(&mut self, part: Option<&[u8]>) {
        match part {
            Some(part) => {
                self.bytes(&[1]);
                self.bytes(part);
            }
            None => self.bytes(&[0]),
        }
    }

    fn end(self) -> Digest {
        let mut digest = [0; 32];
        for (to, from) in digest.iter_mut().zip(self.0.finalize().iter()) {
            *to = *from;
        }
        Digest(digest)
    }
}

/// The origin of a claim whose words are the `nth` occurrence (from 1) of these words in the text.
pub(crate) fn of_claim(claim: &Claim, nth: usize) -> Digest {
    let mut hasher = Hasher::new("rapporteur/casefile/claim/v1");
    hasher.bytes(claim.source.bytes());
    hasher.bytes(claim.entity.bytes());
    hasher.text(&claim.property);
    hasher.text(&claim.kind);
    hasher.text(&claim.value);
    hasher.optional(claim.lang.as_deref().map(str::as_bytes));
    hasher.optional(claim.asserter.as_ref().map(|id| id.bytes().as_slice()));
    match &claim.locator {
        Some(locator) => {
            hasher.text("words");
            hasher.text(&locator.exact);
            hasher.bytes(&(nth as u64).to_be_bytes());
            hasher.optional(locator.page.map(u32::to_be_bytes).as_ref().map(<[u8; 4]>::as_slice));
        }
        None => hasher.text("no words"),
    }
    hasher.optional(claim.no_words.as_deref().map(str::as_bytes));
    hasher.optional(claim.note.as_deref().map(str::as_bytes));
    hasher.end()
}

/// The origin of an assessment of the claim of that origin, or of a source.
pub(crate) fn of_assessment(target: &[u8], assess: &Assess) -> Digest {
    let mut hasher = Hasher::new("rapporteur/casefile/assess/v1");
    hasher.bytes(target);
    for part in [&assess.verification, &assess.standard, &assess.reliability, &assess.credibility] {
        hasher.optional(part.as_deref().map(str::as_bytes));
    }
    hasher.text(&assess.reason);
    hasher.end()
}

/// The origin of a preference for the claim of that origin.
pub(crate) fn of_preference(claim: Digest, prefer: &Prefer) -> Digest {
    let mut hasher = Hasher::new("rapporteur/casefile/prefer/v1");
    hasher.bytes(&claim.0);
    hasher.text(&prefer.reason);
    hasher.end()
}

/// The origin of a judgement: of a pair, whichever of the two is named first.
pub(crate) fn of_judgement(judge: &Judge) -> Digest {
    let mut hasher = Hasher::new("rapporteur/casefile/judge/v1");
    let pair: [EntityId; 2] = if judge.a <= judge.b { [judge.a, judge.b] } else { [judge.b, judge.a] };
    for id in pair {
        hasher.bytes(id.bytes());
    }
    hasher.text(match judge.verdict {
        Verdict::Same => "same",
        Verdict::Different => "different",
        Verdict::Unsure => "unsure",
        Verdict::Withdrawn => "withdrawn",
    });
    hasher.text(&judge.reason);
    hasher.end()
}

/// The SHA-256 of bytes: an object's name.
pub(crate) fn sha256(bytes: &[u8]) -> Digest {
    let mut digest = [0; 32];
    for (to, from) in digest.iter_mut().zip(Sha256::digest(bytes).iter()) {
        *to = *from;
    }
    Digest(digest)
}
