//! Questions of plain words, gone through window by window: for frequent words this is several times as fast as stepping from document
//! to document, and the answers and scores are the same.

use tantivy::index::SegmentReader;
use tantivy::postings::BlockSegmentPostings;
use tantivy::schema::IndexRecordOption;
use tantivy::{TERMINATED, Term};

use crate::Error;
use crate::leaf::score;
use crate::plan::Plan;
use crate::shelf::{Loaded, Shelf};

/// Documents in a window: their sums fit into the nearest memory.
const WINDOW: usize = 4096;
/// Clauses, a bit each; the last bit is for what must not be there.
const MOST_CLAUSES: usize = 7;
const UNWANTED: u8 = 1 << MOST_CLAUSES;
/// When one clause is so many times rarer than another, stepping through it and looking the other up is faster.
const FAR_RARER: u32 = 12;

/// Clauses of which all have to be met, each by any of its words; and words that must not be there.
pub(crate) struct Dense {
    clauses: Vec<Vec<(Term, u16)>>,
    unwanted: Vec<Term>,
}

impl Dense {
    /// The question in this form, if it has one.
    pub(crate) fn of(shelf: &Shelf, plan: &Plan) -> Option<Dense> {
        let mut dense = Dense { clauses: Vec::new(), unwanted: Vec::new() };
        match plan {
            Plan::And(plans) => {
                for plan in plans {
                    match plan {
                        Plan::Not(plan) => dense.unwanted.extend(words(shelf, plan)?.into_iter().map(|(term, _)| term)),
                        plan => dense.clauses.push(words(shelf, plan)?),
                    }
                }
            }
            plan => dense.clauses.push(words(shelf, plan)?),
        }
        (!dense.clauses.is_empty() && dense.clauses.len() <= MOST_CLAUSES).then_some(dense)
    }

    /// Tells every document that is found, with its score. `false`: in this segment another way is faster.
    pub(crate) fn run(
        &self,
        reader: &SegmentReader,
        loaded: &Loaded,
        each: &mut impl FnMut(u32, u32),
    ) -> Result<bool, Error> {
        let mut cursors = Vec::new();
        let mut sizes = Vec::new();
        for (number, clause) in self.clauses.iter().enumerate() {
            let mut size = 0;
            for (term, weight) in clause {
                let index = reader.inverted_index(term.field())?;
                if let Some(postings) = index.read_block_postings(term, IndexRecordOption::WithFreqs)? {
                    size += postings.doc_freq();
                    cursors.push(Cursor { postings, at: 0, weight: u32::from(*weight), bit: 1 << number });
                }
            }
            if size == 0 {
                return Ok(true);
            }
            sizes.push(size);
        }
        let (rarest, commonest) = (sizes.iter().min().copied().unwrap_or(0), sizes.iter().max().copied().unwrap_or(0));
        if rarest < commonest / FAR_RARER {
            return Ok(false);
        }
        if let ([cursor], true) = (cursors.as_mut_slice(), self.unwanted.is_empty()) {
            cursor.run_alone(loaded, each);
            return Ok(true);
        }
        for term in &self.unwanted {
            let index = reader.inverted_index(term.field())?;
            if let Some(postings) = index.read_block_postings(term, IndexRecordOption::Basic)? {
                cursors.push(Cursor { postings, at: 0, weight: 0, bit: UNWANTED });
            }
        }
        let all = u8::try_from((1_u32 << self.clauses.len()) - 1).unwrap_or(u8::MAX);
        let mut sums = [0_u32; WINDOW];
        let mut met = [0_u8; WINDOW];
        for start in (0..reader.max_doc()).step_by(WINDOW) {
            let end = start.saturating_add(WINDOW as u32).min(TERMINATED);
            for cursor in &mut cursors {
                cursor.put(start, end, loaded, &mut sums, &mut met);
            }
            // Eight at a time: in most windows most are met by nothing.
            for (eight, (met, sums)) in
                met.as_chunks_mut::<8>().0.iter_mut().zip(sums.as_chunks_mut::<8>().0).enumerate()
            {
                if u64::from_ne_bytes(*met) == 0 {
                    continue;
                }
                for (nth, (met, sum)) in met.iter().zip(sums.iter()).enumerate() {
                    if *met == all {
                        each(start + u32::try_from(8 * eight + nth).unwrap_or(0), *sum);
                    }
                }
                *met = [0; 8];
                *sums = [0; 8];
            }
        }
        Ok(true)
    }
}

/// Plain words, any of which is to be there.
fn words(shelf: &Shelf, plan: &Plan) -> Option<Vec<(Term, u16)>> {
    match plan {
        Plan::Word(forms) => Some(
            forms.iter().map(|(form, weight)| (Term::from_field_text(shelf.fields.words, form), *weight)).collect(),
        ),
        Plan::Or(plans) => {
            let words: Vec<Vec<(Term, u16)>> = plans.iter().map(|plan| words(shelf, plan)).collect::<Option<_>>()?;
            let words: Vec<(Term, u16)> = words.concat();
            // Twice the same word would be one clause with it twice: its score too.
            (words.len() <= 64).then_some(words)
        }
        _ => None,
    }
}

/// A place in a term's documents, which are unpacked 128 at a time.
struct Cursor {
    postings: BlockSegmentPostings,
    at: usize,
    weight: u32,
    bit: u8,
}

impl Cursor {
    fn run_alone(&mut self, loaded: &Loaded, each: &mut impl FnMut(u32, u32)) {
        while self.postings.block_len() > 0 {
            for (document, times) in self.postings.docs().iter().zip(self.postings.freqs()) {
                each(*document, self.weight * score(&loaded.norms, *document, *times));
            }
            self.postings.advance();
        }
    }

    /// Adds what lies in the window.
    fn put(&mut self, start: u32, end: u32, loaded: &Loaded, sums: &mut [u32; WINDOW], met: &mut [u8; WINDOW]) {
        loop {
            let documents = self.postings.docs();
            let Some(rest) = documents.get(self.at..).filter(|rest| !rest.is_empty()) else {
                if documents.is_empty() {
                    return;
                }
                self.postings.advance();
                self.at = 0;
                continue;
            };
            let here = rest.partition_point(|document| *document < end);
            let within = rest.get(..here).unwrap_or_default();
            if self.weight == 0 {
                for document in within {
                    if let Some(met) = met.get_mut((document - start) as usize) {
                        *met |= self.bit;
                    }
                }
            } else {
                for (document, times) in within.iter().zip(self.postings.freqs().get(self.at..).unwrap_or_default()) {
                    let nth = (document - start) as usize;
                    if let (Some(met), Some(sum)) = (met.get_mut(nth), sums.get_mut(nth)) {
                        *met |= self.bit;
                        *sum += self.weight * score(&loaded.norms, *document, *times);
                    }
                }
            }
            if here < rest.len() {
                self.at += here;
                return;
            }
            self.at += here;
        }
    }
}
