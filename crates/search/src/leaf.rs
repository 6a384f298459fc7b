//! The leaves of a question, as Tantivy runs them. Every score is a whole number and follows from the document alone.
//!
//! The usual score (BM25) weighs a word by how rare it is among all documents, those taken out included, and by how long they are on
//! average. Then a document's place among others would tell of documents that the reader may not see any more, and every addition
//! would move the pages of an answer. Here the rarity of a word is left out and the average is a constant; what is left (how often
//! a word stands in the document, for its length) is BM25's. Whole numbers add up to the same in any order.

use std::fmt;
use std::sync::{Arc, OnceLock};

use tantivy::fieldnorm::FieldNormReader;
use tantivy::index::SegmentReader;
use tantivy::postings::{Postings, SegmentPostings};
use tantivy::query::{
    BitSetDocSet, ConstScorer, EmptyScorer, EnableScoring, Explanation, PhraseQuery, Query, Scorer, Weight,
};
use tantivy::schema::IndexRecordOption;
use tantivy::{
    BitSet, COLLECT_BLOCK_BUFFER_LEN, DocId, DocSet, Score, SeekDangerResult, TERMINATED, TantivyError, Term,
};

use crate::plan::Days;
use crate::shelf::{Loaded, Shelf};

/// BM25's constants within their usual ranges (Robertson and Zaragoza, 2009: 1.2 to 2, 0.5 to 0.8), so that a label outweighs length; and the length of a document that is neither long nor short.
const K1: f32 = 2.0;
const B: f32 = 0.5;
const ORDINARY_LENGTH: f32 = 40.0;
/// Words more often than this in one document weigh no more.
const MOST_TIMES: usize = 32;
/// What a hit on a phrase, a beginning or a name weighs, in times that a word stands there.
const PHRASE_TIMES: u32 = 4;

/// Scores by length (256 steps) and by how often: small, because it has to stay in the nearest memory.
type Scores = [[u16; 256]; MOST_TIMES];

fn scores() -> &'static Scores {
    static SCORES: OnceLock<Box<Scores>> = OnceLock::new();
    SCORES.get_or_init(|| {
        let mut scores = Box::new([[0; 256]; MOST_TIMES]);
        for (times, row) in scores.iter_mut().enumerate() {
            for (id, score) in (0..=u8::MAX).zip(row.iter_mut()) {
                *score = of(times + 1, FieldNormReader::id_to_fieldnorm(id));
            }
        }
        scores
    })
}

/// BM25 without rarity, in thousandths. Times and lengths are small numbers, exact as `f32`; the score is positive and below 4,000.
#[allow(clippy::cast_precision_loss, clippy::cast_possible_truncation, clippy::cast_sign_loss)]
fn of(times: usize, length: u32) -> u16 {
    let (times, length) = (times as f32, length as f32);
    (1000.0 * times * (K1 + 1.0) / (times + K1 * (1.0 - B + B * length / ORDINARY_LENGTH))) as u16
}

/// What a word weighs that stands so many times in a document; `norms` tells how long each document is, in 256 steps.
#[inline]
pub(crate) fn score(norms: &[u8], document: DocId, times: u32) -> u32 {
    let times = (times.max(1) as usize - 1).min(MOST_TIMES - 1);
    u32::from(scores()[times][usize::from(norms.get(document as usize).copied().unwrap_or(0))])
}

/// Whole numbers below 2^24 are exact as `f32`.
#[allow(clippy::cast_precision_loss)]
fn exactly(score: u32) -> Score {
    score as f32
}

/// What a leaf looks for.
#[derive(Clone)]
pub(crate) enum Leaf {
    /// A term; the weight of a hit.
    Term(Term, u16),
    /// Terms one after the other.
    Phrase(Vec<Term>),
    /// Any of these terms; whether a hit weighs anything.
    AnyOf(Vec<Term>, bool),
    /// Any term of the field of the first that begins as it does.
    Beginning(Term),
    Days(Days),
}

/// A leaf of a query, with the columns of the segments that it will be run on.
#[derive(Clone)]
pub(crate) struct LeafQuery {
    pub(crate) leaf: Leaf,
    pub(crate) shelf: Arc<Shelf>,
}

impl fmt::Debug for LeafQuery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a leaf")
    }
}

impl Query for LeafQuery {
    fn weight(&self, _: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        Ok(Box::new(self.clone()))
    }
}

impl LeafQuery {
    fn columns(&self, reader: &SegmentReader) -> tantivy::Result<Arc<Loaded>> {
        let unknown = || TantivyError::InternalError("a segment that is not on the shelf".into());
        self.shelf.loaded(reader.segment_id()).cloned().ok_or_else(unknown)
    }

    /// The cursor over a term's documents; `None` when there are none.
    fn term_scorer(&self, reader: &SegmentReader) -> tantivy::Result<Option<TermScorer>> {
        let Leaf::Term(term, weight) = &self.leaf else { return Ok(None) };
        let columns = self.columns(reader)?;
        let postings = reader.inverted_index(term.field())?.read_postings(term, IndexRecordOption::WithFreqs)?;
        Ok(postings.map(|postings| TermScorer { postings, columns, weight: u32::from(*weight) }))
    }

    fn union(
        &self,
        reader: &SegmentReader,
        weighs: bool,
        fill: impl FnOnce(&mut BitSet) -> tantivy::Result<()>,
    ) -> tantivy::Result<Box<dyn Scorer>> {
        let mut documents = BitSet::with_max_value(reader.max_doc());
        fill(&mut documents)?;
        if documents.len() == 0 {
            return Ok(Box::new(EmptyScorer));
        }
        let documents = BitSetDocSet::from(documents);
        if !weighs {
            return Ok(Box::new(ConstScorer::new(documents, 0.0)));
        }
        Ok(Box::new(Flat { documents, columns: self.columns(reader)? }))
    }
}

impl Weight for LeafQuery {
    fn scorer(&self, reader: &SegmentReader, _: Score) -> tantivy::Result<Box<dyn Scorer>> {
        match &self.leaf {
            Leaf::Term(..) => match self.term_scorer(reader)? {
                Some(scorer) => Ok(Box::new(scorer)),
                None => Ok(Box::new(EmptyScorer)),
            },
            Leaf::Phrase(terms) => {
                let phrase = PhraseQuery::new(terms.clone());
                let weight = phrase.weight(EnableScoring::disabled_from_searcher(&self.shelf.searcher))?;
                Ok(Box::new(Flat { documents: weight.scorer(reader, 1.0)?, columns: self.columns(reader)? }))
            }
            Leaf::AnyOf(terms, weighs) => self.union(reader, *weighs, |documents| {
                for term in terms {
                    let index = reader.inverted_index(term.field())?;
                    if let Some(postings) = index.read_postings(term, IndexRecordOption::Basic)? {
                        put(documents, postings);
                    }
                }
                Ok(())
            }),
            Leaf::Beginning(first) => self.union(reader, true, |documents| {
                let index = reader.inverted_index(first.field())?;
                let from = first.serialized_value_bytes();
                let mut stream = index.terms().range().ge(from).into_stream()?;
                while stream.advance() && stream.key().starts_with(from) {
                    put(documents, index.read_postings_from_terminfo(stream.value(), IndexRecordOption::Basic)?);
                }
                Ok(())
            }),
            Leaf::Days(days) => {
                let mut dated =
                    Dated { columns: self.columns(reader)?, shelf: Arc::clone(&self.shelf), days: *days, document: 0 };
                dated.find();
                Ok(Box::new(dated))
            }
        }
    }

    fn explain(&self, reader: &SegmentReader, document: DocId) -> tantivy::Result<Explanation> {
        let mut scorer = self.scorer(reader, 1.0)?;
        let met = scorer.seek(document) == document;
        Ok(Explanation::new("a leaf", if met { scorer.score() } else { 0.0 }))
    }
}

fn put(documents: &mut BitSet, mut postings: SegmentPostings) {
    while postings.doc() != TERMINATED {
        documents.insert(postings.doc());
        postings.advance();
    }
}

/// The documents of one term.
struct TermScorer {
    postings: SegmentPostings,
    columns: Arc<Loaded>,
    weight: u32,
}

impl DocSet for TermScorer {
    fn advance(&mut self) -> DocId {
        self.postings.advance()
    }

    fn seek(&mut self, target: DocId) -> DocId {
        self.postings.seek(target)
    }

    fn doc(&self) -> DocId {
        self.postings.doc()
    }

    fn size_hint(&self) -> u32 {
        self.postings.size_hint()
    }

    fn fill_buffer(&mut self, buffer: &mut [DocId; COLLECT_BLOCK_BUFFER_LEN]) -> usize {
        self.postings.fill_buffer(buffer)
    }
}

impl Scorer for TermScorer {
    fn score(&mut self) -> Score {
        exactly(self.weight * score(&self.columns.norms, self.postings.doc(), self.postings.term_freq()))
    }
}

/// Documents that all weigh as one that has a phrase: by their length.
struct Flat<D> {
    documents: D,
    columns: Arc<Loaded>,
}

impl<D: DocSet> DocSet for Flat<D> {
    fn advance(&mut self) -> DocId {
        self.documents.advance()
    }

    fn seek(&mut self, target: DocId) -> DocId {
        self.documents.seek(target)
    }

    fn seek_danger(&mut self, target: DocId) -> SeekDangerResult {
        self.documents.seek_danger(target)
    }

    fn doc(&self) -> DocId {
        self.documents.doc()
    }

    fn size_hint(&self) -> u32 {
        self.documents.size_hint()
    }

    fn cost(&self) -> u64 {
        self.documents.cost()
    }
}

impl<D: DocSet + 'static> Scorer for Flat<D> {
    fn score(&mut self) -> Score {
        exactly(4 * score(&self.columns.norms, self.documents.doc(), PHRASE_TIMES))
    }
}

/// Documents in a window of time: the column, gone through.
struct Dated {
    columns: Arc<Loaded>,
    shelf: Arc<Shelf>,
    days: Days,
    document: DocId,
}

impl Dated {
    /// Goes on to the next that is in the window, if it does not stand on one.
    fn find(&mut self) -> DocId {
        let start = self.document as usize;
        let holds = |(at, days): (usize, &(i32, i32))| {
            let firm = !self.days.certainly
                || self
                    .columns
                    .profiles
                    .get(start + at)
                    .and_then(|number| self.shelf.profiles.all.get(*number as usize))
                    .is_some_and(|profile| profile.firm);
            self.days.hold(*days, firm)
        };
        let rest = self.columns.days.get(start..).unwrap_or_default();
        self.document = match rest.iter().enumerate().position(holds) {
            Some(at) => self.document + u32::try_from(at).unwrap_or(0),
            None => TERMINATED,
        };
        self.document
    }
}

impl DocSet for Dated {
    fn advance(&mut self) -> DocId {
        if self.document < TERMINATED {
            self.document += 1;
        }
        self.find()
    }

    fn seek(&mut self, target: DocId) -> DocId {
        self.document = target.min(TERMINATED);
        self.find()
    }

    fn doc(&self) -> DocId {
        self.document
    }

    fn size_hint(&self) -> u32 {
        u32::try_from(self.columns.days.len()).unwrap_or(u32::MAX)
    }
}

impl Scorer for Dated {
    fn score(&mut self) -> Score {
        0.0
    }
}
