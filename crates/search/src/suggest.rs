//! What somebody meant who wrote a word that nobody wrote: from the words of this audience alone.

use std::collections::BTreeMap;
use std::sync::Arc;

use tantivy::query::FuzzyTermQuery;
use tantivy::schema::IndexRecordOption;
use tantivy::{DocSet, TERMINATED, Term};

use crate::Error;
use crate::plan::Spellings;
use crate::query::Node;
use crate::shelf::Shelf;
use crate::words::{all_words, normal};

/// Words from so many letters on may have one letter wrong, and two.
const ONE_WRONG: usize = 5;
const TWO_WRONG: usize = 9;
/// Words that are weighed against each other.
const MOST: usize = 200;

/// The question with the words put right that nobody wrote; `None` when there is nothing to put right.
pub(crate) fn corrected(shelf: &Arc<Shelf>, text: &str, node: &Node) -> Result<Option<String>, Error> {
    let mut words = Vec::new();
    positive(node, &mut words);
    let mut right = text.to_owned();
    for word in words {
        if known(shelf, word)? {
            continue;
        }
        if let Some(near) = nearest(shelf, word)? {
            let places: Vec<_> =
                all_words(&right).into_iter().filter(|found| found.exact == *word).map(|found| found.place).collect();
            for place in places.into_iter().rev() {
                right.replace_range(place, &near);
            }
        }
    }
    Ok((right != text).then_some(right))
}

/// Words that are asked for, not those that must not be there.
fn positive<'a>(node: &'a Node, words: &mut Vec<&'a String>) {
    match node {
        Node::Word(word) => words.push(word),
        Node::Phrase(phrase) | Node::Unspaced(phrase) | Node::Within(_, phrase) => words.extend(phrase),
        Node::And(nodes) | Node::Or(nodes) => nodes.iter().for_each(|node| positive(node, words)),
        Node::Prefix(_) | Node::Type(_) | Node::Lang(_) | Node::Date(_) | Node::Not(_) => {}
    }
}

fn known(shelf: &Arc<Shelf>, word: &str) -> Result<bool, Error> {
    Ok(shelf.lives(&Term::from_field_text(shelf.fields.words, &normal(word)))?
        || !shelf.written(&crate::spelled::key(word))?.is_empty())
}

/// The word that is nearest in letters; among those as near, the most frequent; among those, the first in the order of letters.
fn nearest(shelf: &Arc<Shelf>, word: &str) -> Result<Option<String>, Error> {
    let letters = word.chars().count();
    let most = if letters >= TWO_WRONG { 2 } else { 1 };
    if letters < ONE_WRONG {
        return Ok(None);
    }
    for distance in 1..=most {
        let mut counts: BTreeMap<String, u64> = BTreeMap::new();
        let asked = FuzzyTermQuery::new(Term::from_field_text(shelf.fields.exact, word), distance, true);
        for (reader, _) in shelf.segments() {
            let index = reader.inverted_index(shelf.fields.exact)?;
            let mut stream = index.terms().search(asked.automaton()?).into_stream()?;
            while stream.advance() {
                let Ok(near) = std::str::from_utf8(stream.key()) else { continue };
                if near == word
                    || near.chars().any(char::is_numeric)
                    || (counts.len() >= MOST && !counts.contains_key(near))
                {
                    continue;
                }
                // Only documents that stand: what was taken out says nothing.
                let mut postings = index.read_postings_from_terminfo(stream.value(), IndexRecordOption::Basic)?;
                let mut count = 0;
                while postings.doc() != TERMINATED {
                    count += u64::from(reader.alive_bitset().is_none_or(|alive| alive.is_alive(postings.doc())));
                    postings.advance();
                }
                if count > 0 {
                    *counts.entry(near.to_owned()).or_default() += count;
                }
            }
        }
        let best = counts.into_iter().max_by(|a, b| a.1.cmp(&b.1).then_with(|| b.0.cmp(&a.0)));
        if let Some((near, _)) = best {
            return Ok(Some(near));
        }
    }
    Ok(None)
}
