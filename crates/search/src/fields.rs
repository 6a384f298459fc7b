//! How a document stands in the index: the words under which it is found, and the columns by which it is counted and ordered.

use std::collections::BTreeSet;

use schema::EntityId;
use tantivy::TantivyDocument;
use tantivy::schema::{
    BytesOptions, Field, IndexRecordOption, NumericOptions, STRING, Schema, SchemaBuilder, TextFieldIndexing,
    TextOptions,
};
use tantivy::tokenizer::{PreTokenizedString, Token};

use crate::document::Document;
use crate::profile::Profile;
use crate::spelled::{NameWord, name_words};
use crate::words::{self, normal};

/// Between two values, so that no phrase goes from one into the next.
const GAP: usize = 8;
/// The words of a thing's label together weigh as much as so many in the text, and each at least as much as so many: a person so
/// called comes before a case with a long title that has the name in it.
const LABEL_WEIGHT: (usize, usize) = (16, 2);
/// In the days of what has no date.
pub(crate) const UNDATED: (i32, i32) = (i32::MAX, i32::MIN);

/// The fields of the index.
#[derive(Clone, Debug)]
pub(crate) struct Fields {
    pub(crate) schema: Schema,
    /// The entity's id, to take it out again.
    pub(crate) id: Field,
    /// Normal forms of all words; those of the label several times.
    pub(crate) words: Field,
    /// Exact forms of all words, with their places.
    pub(crate) exact: Field,
    /// Key of a name's word, a zero byte, and how it is written.
    pub(crate) name: Field,
    pub(crate) source: Field,
    pub(crate) place: Field,
    /// `t=Person`, `l=km`.
    pub(crate) facet: Field,
    high: Field,
    low: Field,
    days: Field,
    profile: Field,
}

impl Fields {
    pub(crate) fn new() -> Fields {
        let mut builder = SchemaBuilder::new();
        let indexed = |record, norms| {
            let indexing =
                TextFieldIndexing::default().set_tokenizer("raw").set_index_option(record).set_fieldnorms(norms);
            TextOptions::default().set_indexing_options(indexing)
        };
        let fast = NumericOptions::default().set_fast();
        Fields {
            id: builder.add_bytes_field("id", BytesOptions::default().set_indexed()),
            words: builder.add_text_field("words", indexed(IndexRecordOption::WithFreqs, true)),
            exact: builder.add_text_field("exact", indexed(IndexRecordOption::WithFreqsAndPositions, false)),
            name: builder.add_text_field("name", indexed(IndexRecordOption::Basic, false)),
            source: builder.add_text_field("source", indexed(IndexRecordOption::Basic, false)),
            place: builder.add_text_field("place", indexed(IndexRecordOption::Basic, false)),
            facet: builder.add_text_field("facet", STRING),
            high: builder.add_u64_field("high", fast.clone()),
            low: builder.add_u64_field("low", fast.clone()),
            days: builder.add_u64_field("days", fast),
            profile: builder.add_text_field("profile", TextOptions::default().set_fast("raw")),
            schema: builder.build(),
        }
    }

    pub(crate) fn document(&self, analysed: &Analysed) -> TantivyDocument {
        let mut document = TantivyDocument::default();
        document.add_bytes(self.id, analysed.id.bytes());
        let number = u128::from_be_bytes(*analysed.id.bytes());
        document.add_u64(self.high, u64::try_from(number >> 64).unwrap_or(0));
        document.add_u64(self.low, u64::try_from(number & u128::from(u64::MAX)).unwrap_or(0));
        document.add_u64(self.days, packed(analysed.days));
        document.add_text(self.profile, analysed.profile.written());
        let once = |words: &BTreeSet<String>| tokens(words.iter().map(|word| (word.clone(), 0)));
        document.add_pre_tokenized_text(self.words, tokens(analysed.words.iter().map(|word| (word.clone(), 0))));
        document.add_pre_tokenized_text(self.exact, tokens(analysed.exact.iter().cloned()));
        document.add_pre_tokenized_text(
            self.name,
            tokens(analysed.names.iter().map(|name| (name_term(&name.key, &name.written), 0))),
        );
        document.add_pre_tokenized_text(self.source, once(&analysed.sources));
        document.add_pre_tokenized_text(self.place, once(&analysed.places));
        for facet in &analysed.facets {
            document.add_text(self.facet, facet);
        }
        document
    }
}

pub(crate) fn name_term(key: &str, written: &str) -> String {
    format!("{key}\0{written}")
}

fn tokens(words: impl Iterator<Item = (String, usize)>) -> PreTokenizedString {
    let tokens =
        words.map(|(text, position)| Token { offset_from: 0, offset_to: 0, position, text, position_length: 1 });
    PreTokenizedString { text: String::new(), tokens: tokens.collect() }
}

/// First and last day in one number.
fn packed((first, last): (i32, i32)) -> u64 {
    let bits = |day: i32| u64::from(day.cast_unsigned() ^ 0x8000_0000);
    bits(first) << 32 | bits(last)
}

pub(crate) fn unpacked(days: u64) -> (i32, i32) {
    let day = |bits: u64| (u32::try_from(bits & 0xffff_ffff).unwrap_or(0) ^ 0x8000_0000).cast_signed();
    (day(days >> 32), day(days))
}

/// A document taken apart: what the index takes in, and what a question can be held against without an index.
#[derive(Clone, Debug)]
pub(crate) struct Analysed {
    pub(crate) id: EntityId,
    /// Normal forms, as often as they weigh.
    pub(crate) words: Vec<String>,
    /// Exact forms with their places.
    pub(crate) exact: Vec<(String, usize)>,
    pub(crate) names: Vec<NameWord>,
    pub(crate) sources: BTreeSet<String>,
    pub(crate) places: BTreeSet<String>,
    pub(crate) facets: Vec<String>,
    /// First and last possible day.
    pub(crate) days: (i32, i32),
    pub(crate) profile: Profile,
}

impl Analysed {
    pub(crate) fn of(document: &Document) -> Analysed {
        let mut all = Vec::new();
        let mut exact = Vec::new();
        let mut place = 0;
        for (number, part) in document.parts().enumerate() {
            let weight = if number == 0 && !document.part {
                let words = words::all_words(part).len();
                (LABEL_WEIGHT.0 / words.max(1)).max(LABEL_WEIGHT.1)
            } else {
                1
            };
            words::words(part, |word| {
                let form = normal(&word.exact);
                all.extend(std::iter::repeat_n(form, weight));
                exact.push((word.exact, place));
                place += 1;
                true
            });
            place += GAP;
        }
        let forms = |texts: &[String]| -> BTreeSet<String> {
            texts.iter().flat_map(|text| words::all_words(text)).map(|word| normal(&word.exact)).collect()
        };
        let mut names: Vec<NameWord> = document.names.iter().flat_map(|name| name_words(name)).collect();
        names.sort();
        names.dedup();
        let mut facets = vec![format!("t={}", document.schema)];
        facets.extend(document.languages.iter().map(|code| format!("l={}", code.to_lowercase())));
        let day = |day: Option<schema::Day>, open: i32| {
            day.map_or(open, |day| {
                i32::try_from(day.number()).unwrap_or(if day.number() < 0 { i32::MIN } else { i32::MAX })
            })
        };
        Analysed {
            id: document.id,
            words: all,
            exact,
            names,
            sources: forms(&document.sources),
            places: forms(&document.places),
            facets,
            days: document.date.map_or(UNDATED, |date| {
                let (first, last) = date.possible_range();
                (day(first, i32::MIN), day(last, i32::MAX))
            }),
            profile: Profile::of(document),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_fit_into_one_number() {
        for days in [UNDATED, (0, 0), (-5, 18_000), (i32::MIN, 3), (3, i32::MAX)] {
            assert_eq!(unpacked(packed(days)), days);
        }
    }
}
