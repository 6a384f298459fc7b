//! Which proposal is it? An identity that a decision holds on to when the document is read again by a better program.
//!
//! A key is four short hashes in a row: *what* is proposed (kind and type), *who* it is about (the value that tells it from
//! its like), the *words* it rests on (white space aside), and the *place* where they stand in which text. The same proposal
//! has the same key. One that a better program words a little differently shares some of the four with it, and
//! [`match_up`] finds it again, so that what was rejected does not come back.

use ledger::{Decide, Digest, ObjectHash};
use reading::Proposal;
use schema::fold;
use sha2::{Digest as _, Sha256};

/// A proposal's identity. Written as 64 hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Key(pub Digest);

/// Bytes of each of the four parts.
const PART: usize = 8;
const WHAT: usize = 0;
const WHO: usize = 1;
const WORDS: usize = 2;
const PLACE: usize = 3;

impl Key {
    /// The key of a proposal from this text.
    #[must_use]
    pub fn of(proposal: &Proposal, text_of: ObjectHash) -> Key {
        let at = proposal.at();
        let place = [text_of.to_string(), at.start.to_string(), at.end.to_string()];
        let mut key = [0; 32];
        let parts = [
            hash("what", &[&what(proposal)]),
            hash("who", &[&who(proposal)]),
            hash("words", &[&fold(&at.quote)]),
            hash("place", &place.each_ref().map(String::as_str)),
        ];
        for (to, from) in key.chunks_mut(PART).zip(parts) {
            to.copy_from_slice(&from);
        }
        Key(Digest(key))
    }

    /// Sixteen digits of it: enough to tell the proposals of one document apart, short enough for an address.
    #[must_use]
    pub fn short(&self) -> String {
        let mut folded = [0_u8; PART];
        for part in self.0.0.chunks(PART) {
            folded.iter_mut().zip(part).for_each(|(to, from)| *to = to.rotate_left(1) ^ from);
        }
        folded.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    fn part(&self, part: usize) -> &[u8] {
        self.0.0.get(part * PART..(part + 1) * PART).unwrap_or_default()
    }

    fn shares(&self, other: &Key, parts: &[usize]) -> bool {
        parts.iter().all(|part| self.part(*part) == other.part(*part))
    }
}

impl std::fmt::Display for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

fn hash(name: &str, parts: &[&str]) -> [u8; PART] {
    let mut hash = Sha256::new_with_prefix(b"rapporteur/proposal/v1");
    for part in std::iter::once(&name).chain(parts) {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part.as_bytes());
    }
    let whole: [u8; 32] = hash.finalize().into();
    let mut short = [0; PART];
    short.copy_from_slice(&whole[..PART]);
    short
}

fn what(proposal: &Proposal) -> String {
    match proposal {
        Proposal::Act(act) => format!("act {}", act.act_type),
        Proposal::Count(_) => "count".into(),
        Proposal::Saying(_) => "saying".into(),
        Proposal::Request(_) => "request".into(),
        Proposal::Citation(_) => "citation".into(),
        Proposal::Signatory(_) => "signatory".into(),
    }
}

/// The value that tells a proposal from another of its kind on the same words.
fn who(proposal: &Proposal) -> String {
    match proposal {
        Proposal::Act(act) => match (&act.victim.name, &act.victim.group) {
            (Some(name), _) => fold(name),
            (None, Some(group)) => format!("{:?} {:?} {}", group.min, group.max, fold(&group.description)),
            (None, None) => String::new(),
        },
        Proposal::Count(count) => format!("{:?} {:?}", count.min, count.max),
        Proposal::Saying(saying) => fold(&saying.asserter),
        Proposal::Request(_) => String::new(),
        Proposal::Citation(citation) => fold(&citation.reference),
        Proposal::Signatory(signatory) => fold(&signatory.name),
    }
}

/// For each proposal (its key, where it starts and ends), the index of the decision that holds on it.
///
/// One decision holds on one proposal. In this order: the same key; in the same text the same thing about the same one on
/// words that overlap; on exactly the same words and no other, the same thing, whoever it is said of now (a better program
/// finds fuller names); in another extraction of the document, the same thing about the same one on the same words.
#[must_use]
pub fn match_up(proposals: &[(Key, usize, usize)], decisions: &[&Decide], text_of: ObjectHash) -> Vec<Option<usize>> {
    let mut found: Vec<Option<usize>> = vec![None; proposals.len()];
    let mut free: Vec<bool> = vec![true; decisions.len()];
    let here = |decide: &Decide| decide.text_of == text_of;
    let overlap = |decide: &Decide, start: usize, end: usize| {
        let (start, end) = (start as u64, end as u64);
        let shared = decide.end.min(end).saturating_sub(decide.start.max(start));
        shared * 2 >= (end - start).min(decide.end.saturating_sub(decide.start)).max(1)
    };
    type Fits<'a> = Box<dyn Fn(&(Key, usize, usize), &Decide) -> bool + 'a>;
    let passes: [(bool, Fits<'_>); 4] = [
        (false, Box::new(|(key, ..), decide| key.0 == decide.proposal)),
        (
            false,
            Box::new(|(key, start, end), decide| {
                here(decide) && key.shares(&Key(decide.proposal), &[WHAT, WHO]) && overlap(decide, *start, *end)
            }),
        ),
        (true, Box::new(|(key, ..), decide| key.shares(&Key(decide.proposal), &[WHAT, WORDS, PLACE]))),
        (false, Box::new(|(key, ..), decide| !here(decide) && key.shares(&Key(decide.proposal), &[WHAT, WHO, WORDS]))),
    ];
    for (alone, fits) in passes {
        for (index, proposal) in proposals.iter().enumerate() {
            if found.get(index).is_some_and(Option::is_some) {
                continue;
            }
            let fitting: Vec<usize> = decisions
                .iter()
                .enumerate()
                .filter(|(d, decide)| free.get(*d) == Some(&true) && fits(proposal, decide))
                .map(|(d, _)| d)
                .collect();
            let rivals = || {
                let fitting = fitting.first().and_then(|d| decisions.get(*d));
                let rival = |(p, other): (usize, &(Key, usize, usize))| {
                    found.get(p) == Some(&None) && fitting.is_some_and(|decide| fits(other, decide))
                };
                proposals.iter().enumerate().filter(|(p, other)| rival((*p, other))).count()
            };
            if let Some(first) = fitting.first().copied()
                && !(alone && (fitting.len() > 1 || rivals() > 1))
            {
                if let Some(free) = free.get_mut(first) {
                    *free = false;
                }
                if let Some(slot) = found.get_mut(index) {
                    *slot = Some(first);
                }
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use ledger::Decision;
    use reading::{Act, Person, Quote, Relevance, Victim};
    use schema::EntityId;

    const TEXT: Digest = Digest([1; 32]);

    fn arrest(name: &str, quote: &str, start: usize) -> Proposal {
        let victim = Victim { name: Some(name.into()), group: None, is: Person::Person };
        Proposal::Act(Act {
            act_type: "arrest".into(),
            victim,
            date: None,
            place: None,
            agent: None,
            provisions: Vec::new(),
            sentence: None,
            asserter: None,
            at: Quote { quote: quote.into(), start, end: start + quote.chars().count() },
            relevance: Relevance::High,
        })
    }

    fn decided(proposal: &Proposal, text_of: Digest) -> Decide {
        let at = proposal.at();
        Decide {
            source: EntityId::from_bytes([2; 16]),
            text_of,
            proposal: Key::of(proposal, text_of).0,
            proposer: "test".into(),
            decision: Decision::Rejected,
            claims: Vec::new(),
            reason: None,
            start: at.start as u64,
            end: at.end as u64,
        }
    }

    fn matched(proposals: &[Proposal], decisions: &[Decide]) -> Vec<Option<usize>> {
        let keys: Vec<_> = proposals.iter().map(|p| (Key::of(p, TEXT), p.at().start, p.at().end)).collect();
        match_up(&keys, &decisions.iter().collect::<Vec<_>>(), TEXT)
    }

    #[test]
    fn a_decision_holds_when_a_better_program_quotes_more_or_less() {
        let before = arrest("Rong Chhun", "Rong Chhun was arrested", 10);
        let after = arrest("Rong Chhun", "was arrested on 31 July", 21);
        assert_eq!(matched(&[after], &[decided(&before, TEXT)]), [Some(0)]);
        let elsewhere = arrest("Rong Chhun", "was arrested again", 900);
        assert_eq!(matched(&[elsewhere], &[decided(&before, TEXT)]), [None]);
    }

    #[test]
    fn a_fuller_name_on_the_same_words_is_the_same_but_a_list_of_names_is_not() {
        let before = arrest("Chhun", "Chhun was arrested", 10);
        let after = arrest("Rong Chhun", "Chhun was arrested", 10);
        assert_eq!(matched(std::slice::from_ref(&after), &[decided(&before, TEXT)]), [Some(0)]);
        let other = arrest("Sar Kanika", "Chhun was arrested", 10);
        assert_eq!(matched(&[after, other.clone()], &[decided(&before, TEXT)]), [None, None], "which of the two?");
        assert_eq!(matched(&[before.clone(), other], &[decided(&before, TEXT)]), [Some(0), None]);
    }

    #[test]
    fn a_new_extraction_of_the_document_moves_words_and_keeps_decisions() {
        let before = arrest("Rong Chhun", "Rong Chhun\nwas arrested", 10);
        let after = arrest("Rong Chhun", "Rong Chhun was arrested", 400);
        assert_eq!(matched(&[after], &[decided(&before, Digest([9; 32]))]), [Some(0)]);
    }

    #[test]
    fn one_decision_holds_on_one_proposal() {
        let one = arrest("Rong Chhun", "he was arrested", 10);
        let two = arrest("Rong Chhun", "he was arrested", 500);
        assert_eq!(matched(&[one.clone(), two.clone()], &[decided(&two, TEXT)]), [None, Some(0)]);
        assert_ne!(Key::of(&one, TEXT), Key::of(&two, TEXT));
    }
}
