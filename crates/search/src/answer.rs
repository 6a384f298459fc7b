//! What a question is answered with.

use ledger::Level;
use schema::EntityId;
use serde_json::{Map, Value, json};

use crate::profile::{FacetCounts, FacetValue};
use crate::query::{Problem, Query};
use crate::snippet::{Marked, Snippet};

/// The answer to a question, for one reader.
#[derive(Clone, Debug, Default)]
pub struct Answer {
    /// How many things were found.
    pub total: u64,
    /// Whether total and facets are those of this reader's view. Otherwise they are of the audience's current view, or of what is
    /// in the index so far.
    pub exact: bool,
    /// In their order, the best first.
    pub hits: Vec<Hit>,
    pub facets: Vec<FacetCounts>,
    /// What was looked for instead, where nobody wrote what was typed.
    pub instead: Option<String>,
    /// For the next page, give it as `after`.
    pub next: Option<String>,
    /// The ledger's position that the index stands at.
    pub position: u64,
    pub behind: Option<Behind>,
    /// What of the question was not understood.
    pub problems: Vec<Problem>,
}

/// Why an answer is not complete.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Behind {
    /// The index of this audience is being made for the first time: entities done, and in all where that is known.
    Building { done: u64, of: u64 },
    /// So many entries are not in it yet.
    Entries(u64),
}

/// Something that was found.
#[derive(Clone, Debug)]
pub struct Hit {
    pub id: EntityId,
    pub schema: String,
    pub label: Marked,
    /// Its date, as displayed.
    pub date: Option<String>,
    pub snippets: Vec<Snippet>,
    pub claims: usize,
    pub disputed: usize,
    pub level: Level,
    /// The highest step that a value of it reached.
    pub verification: String,
}

impl Answer {
    /// The answer as data: for the page's twin and for the command line.
    #[must_use]
    pub fn as_json(&self, query: &Query, position: u64) -> Value {
        let snippet = |snippet: &Snippet| json!({ "of": snippet.of, "text": snippet.words.text, "marks": snippet.words.marks, "start": snippet.start });
        let hit = |hit: &Hit| {
            json!({
                "id": hit.id.to_string(),
                "schema": hit.schema,
                "label": { "text": hit.label.text, "marks": hit.label.marks },
                "date": hit.date,
                "claims": hit.claims,
                "disputed": hit.disputed,
                "clearance": hit.level.as_str(),
                "verification": hit.verification,
                "snippets": hit.snippets.iter().map(snippet).collect::<Vec<_>>(),
            })
        };
        let mut facets = Map::new();
        for counts in &self.facets {
            let value =
                |value: &FacetValue| json!({ "value": value.value, "count": value.count, "chosen": value.chosen });
            facets.insert(counts.facet.as_str().into(), counts.values.iter().map(value).collect());
        }
        let problem = |problem: &Problem| json!({ "start": problem.start, "end": problem.end, "problem": problem.problem, "hint": problem.hint });
        let behind = self.behind.map(|behind| match behind {
            Behind::Building { done, of } => json!({ "building": { "done": done, "of": of } }),
            Behind::Entries(entries) => json!({ "entries": entries }),
        });
        json!({
            "query": query.text,
            "instead": self.instead,
            "total": self.total,
            "exact": self.exact,
            "position": position,
            "behind": behind,
            "problems": self.problems.iter().map(problem).collect::<Vec<_>>(),
            "facets": facets,
            "hits": self.hits.iter().map(hit).collect::<Vec<_>>(),
            "next": self.next,
        })
    }
}
