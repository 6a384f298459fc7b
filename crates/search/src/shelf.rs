//! One moment of an index, open: its segments with the columns that every question needs, in memory.

use std::collections::HashMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use tantivy::index::SegmentId;
use tantivy::schema::IndexRecordOption;
use tantivy::{DocSet, Searcher, SegmentReader, TERMINATED, Term};

use crate::Error;
use crate::fields::{Fields, UNDATED, unpacked};
use crate::plan::Spellings;
use crate::profile::{Profile, Profiles};

/// What a commit says of itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct State {
    /// Of the form of the index.
    pub(crate) format: u32,
    /// Of the schemata and vocabularies that documents were written with.
    pub(crate) registry: String,
    /// The ledger's position that it stands at, and the hash of the entry there.
    pub(crate) position: u64,
    pub(crate) entry: String,
    /// While it is built for the first time: the last entity that is in it.
    pub(crate) built_to: Option<String>,
}

/// A segment's columns. 29 bytes a document.
pub(crate) struct Loaded {
    pub(crate) ids: Vec<u128>,
    pub(crate) profiles: Vec<u32>,
    pub(crate) days: Vec<(i32, i32)>,
    /// How long each document is, in Tantivy's 256 steps.
    pub(crate) norms: Vec<u8>,
}

impl Loaded {
    pub(crate) fn read(reader: &SegmentReader, fields: &Fields, known: &mut Profiles) -> Result<Loaded, Error> {
        let columns = reader.fast_fields();
        let (high, low, days) = (columns.u64("high")?, columns.u64("low")?, columns.u64("days")?);
        let documents = reader.max_doc();
        let mut loaded = Loaded {
            ids: Vec::with_capacity(documents as usize),
            profiles: Vec::with_capacity(documents as usize),
            days: Vec::with_capacity(documents as usize),
            norms: Vec::with_capacity(documents as usize),
        };
        let norms = reader.get_fieldnorms_reader(fields.words)?;
        loaded.norms.extend((0..documents).map(|document| norms.fieldnorm_id(document)));
        let profiles = columns.str("profile")?;
        let mut numbers: HashMap<u64, u32> = HashMap::new();
        let mut text = String::new();
        for document in 0..documents {
            let half = |part: Option<u64>| u128::from(part.unwrap_or(0));
            loaded.ids.push(half(high.first(document)) << 64 | half(low.first(document)));
            loaded.days.push(days.first(document).map_or(UNDATED, unpacked));
            let ord = profiles.as_ref().and_then(|column| column.ords().first(document));
            let number = match (ord, &profiles) {
                (Some(ord), Some(column)) => match numbers.get(&ord) {
                    Some(number) => *number,
                    None => {
                        text.clear();
                        column.ord_to_str(ord, &mut text)?;
                        let profile =
                            Profile::read(&text).ok_or_else(|| Error::Index("a profile cannot be read".into()))?;
                        let number = known.number(profile);
                        numbers.insert(ord, number);
                        number
                    }
                },
                _ => return Err(Error::Index("a document has no profile".into())),
            };
            loaded.profiles.push(number);
        }
        Ok(loaded)
    }
}

/// An index as it stood after a commit.
pub(crate) struct Shelf {
    pub(crate) searcher: Searcher,
    pub(crate) fields: Fields,
    /// In the order of the searcher's segments.
    pub(crate) loaded: Vec<Arc<Loaded>>,
    pub(crate) profiles: Arc<Profiles>,
    pub(crate) state: State,
}

impl Shelf {
    pub(crate) fn segments(&self) -> impl Iterator<Item = (&SegmentReader, &Arc<Loaded>)> {
        self.searcher.segment_readers().iter().zip(&self.loaded)
    }

    /// The segment of this id: for leaves of a query, which are only told its reader.
    pub(crate) fn loaded(&self, id: SegmentId) -> Option<&Arc<Loaded>> {
        self.segments().find(|(reader, _)| reader.segment_id() == id).map(|(_, loaded)| loaded)
    }

    /// Whether any document that still stands has this term. What was taken out leaves its words in the dictionary for a while; nobody
    /// may learn from them.
    pub(crate) fn lives(&self, term: &Term) -> Result<bool, Error> {
        for (reader, _) in self.segments() {
            let index = reader.inverted_index(term.field())?;
            let Some(mut postings) = index.read_postings(term, IndexRecordOption::Basic)? else { continue };
            let Some(alive) = reader.alive_bitset() else { return Ok(true) };
            while postings.doc() != TERMINATED {
                if alive.is_alive(postings.doc()) {
                    return Ok(true);
                }
                postings.advance();
            }
        }
        Ok(false)
    }
}

impl Spellings for Shelf {
    fn written(&self, key: &str) -> Result<Vec<String>, Error> {
        let from = format!("{key}\0");
        let to = format!("{key}\u{1}");
        let mut found = Vec::new();
        for (reader, _) in self.segments() {
            let index = reader.inverted_index(self.fields.name)?;
            let mut stream = index.terms().range().ge(&from).lt(&to).into_stream()?;
            while stream.advance() {
                if let Ok(term) = std::str::from_utf8(stream.key())
                    && let Some((_, written)) = term.split_once('\0')
                {
                    found.push(written.to_owned());
                }
            }
        }
        found.sort();
        found.dedup();
        let lives = |written: &String| {
            self.lives(&Term::from_field_text(self.fields.name, &format!("{from}{written}"))).unwrap_or(false)
        };
        found.retain(lives);
        Ok(found)
    }
}
