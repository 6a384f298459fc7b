//! Sources and their claims, as items.

use ledger::{Assess, Claim, Clearance, Locator, Target};
use schema::{EntityId, Kind, Value};

use super::{Builder, PlannedAssessment, PlannedClaim, PlannedObject, PlannedSource, Resolved, Thing};
use crate::model::{ClaimDecl, Content, Evidence, Key, Said, SaidValue, SourceDecl};
use crate::origin;
use crate::originals::media_type;
use crate::problem::At;
use crate::words;

/// The reason why a source's own description quotes nothing.
pub(crate) const BIBLIOGRAPHIC: &str = "bibliographic description of the source";

/// The reason that stands for a credibility given without one.
pub(crate) const UNGROUNDED: &str = "credibility as given in the case file";

/// What all values of one claim share.
struct Passage {
    source: EntityId,
    entity: EntityId,
    schema: String,
    asserter: Option<EntityId>,
    locator: Option<Locator>,
    no_words: Option<String>,
    /// The how-manieth occurrence of the words.
    nth: usize,
    clearance: Clearance,
    note: Option<String>,
    /// Whether the source is left out, or the entity is a source that is.
    left_out: bool,
    /// Whether the source itself is, which has been told once for all its claims.
    told: bool,
}

impl<'a> Builder<'a> {
    pub(super) fn sources(&mut self) {
        let case_file = self.case_file;
        for source in &case_file.sources {
            let planned = self.source(source);
            self.plan.sources.extend(planned);
        }
        // By date, then by key: in which file a source stands changes nothing.
        self.plan.sources.sort_by(|a, b| a.sort.cmp(&b.sort));
    }

    fn source(&mut self, source: &'a SourceDecl) -> Option<PlannedSource<'a>> {
        let thing = self.things.get(source.key.as_str())?.clone();
        let (text, object) = self.content(&source.content);
        let mut planned = PlannedSource {
            key: source.key.clone(),
            id: thing.id,
            schema: thing.schema.clone(),
            clearance: thing.clearance.clone(),
            object,
            reliability: None,
            claims: Vec::new(),
            sort: (true, String::new(), source.key.clone()),
        };
        let passage = Passage {
            source: thing.id,
            entity: thing.id,
            schema: thing.schema.clone(),
            asserter: None,
            locator: None,
            no_words: Some(BIBLIOGRAPHIC.into()),
            nth: 1,
            clearance: thing.clearance.clone(),
            note: None,
            left_out: thing.left_out,
            told: thing.left_out,
        };
        self.says(&passage, &source.about, &mut planned);
        let published =
            planned.claims.iter().find(|c| c.claim.property == "published").and_then(|c| c.claim.typed().ok());
        if let Some(date) = published {
            planned.sort = (false, date.sort_key(), source.key.clone());
        }
        if let Some(reliability) = &source.reliability {
            self.term("source-reliability", &reliability.code, &reliability.at);
            let mut assess = Assess {
                target: Target::Entity(thing.id),
                verification: None,
                standard: None,
                reliability: Some(reliability.code.clone()),
                credibility: None,
                reason: reliability.because.clone(),
                origin: None,
            };
            assess.origin = Some(origin::of_assessment(thing.id.bytes(), &assess));
            planned.reliability = Some(assess);
        }
        for claim in &source.claims {
            self.claim(source, &thing, text, claim, &mut planned);
        }
        // What is said twice in the same words would be taken once: better to say so.
        let mut seen = std::collections::HashMap::new();
        for claim in &planned.claims {
            if let Some(first) = seen.insert(claim.origin, &claim.at) {
                self.problems.push(claim.at.problem(
                    format!(
                        "the same is claimed twice in the same words: {} of “{}”",
                        claim.claim.property, claim.claim.value
                    ),
                    format!("It stands in {first} already: take one out, or quote other words."),
                ));
            }
        }
        (!thing.left_out).then_some(planned)
    }

    /// The text that words are looked up in, and the object that goes into the vault.
    fn content(&self, content: &'a Content) -> (Option<&'a str>, Option<PlannedObject<'a>>) {
        match content {
            Content::Nothing => (None, None),
            Content::Text { file_name, text, .. } => {
                let object = PlannedObject {
                    bytes: text.as_bytes(),
                    sha256: origin::sha256(text.as_bytes()),
                    file_name,
                    media_type: match media_type(file_name) {
                        "application/octet-stream" => "text/plain",
                        known => known,
                    },
                    method: "case file",
                };
                (Some(text), Some(object))
            }
            Content::Original { sha256, name, bytes, .. } => {
                let Some(bytes) = bytes.as_deref().or_else(|| self.originals.get(sha256)) else { return (None, None) };
                let media_type = media_type(name);
                let text = media_type.starts_with("text/").then(|| std::str::from_utf8(bytes).ok()).flatten();
                let object = PlannedObject {
                    bytes,
                    sha256: origin::sha256(bytes),
                    file_name: name,
                    media_type,
                    method: "given with a case file",
                };
                (text, Some(object))
            }
        }
    }

    fn claim(
        &mut self,
        source: &SourceDecl,
        thing: &Thing,
        text: Option<&str>,
        claim: &ClaimDecl,
        into: &mut PlannedSource<'a>,
    ) {
        let awaited = matches!(source.content, Content::Original { .. });
        let object = into.object.as_ref().map(|object| object.sha256);
        let mut here_out = thing.left_out;
        let (entity, schema) = match self.resolve(&claim.about) {
            Resolved::Thing(thing) => (thing.id, thing.schema.clone()),
            Resolved::LeftOut => {
                here_out = true;
                match self.things.get(claim.about.key.as_str()) {
                    Some(thing) => (thing.id, thing.schema.clone()),
                    None => return,
                }
            }
            Resolved::Unknown => return,
        };
        let asserter = match &claim.asserter {
            None => None,
            Some(key) => match self.asserter(key) {
                // The publisher is the document's own voice: said or not, it is the same claim.
                Ok(id) => Some(id).filter(|id| publisher(into) != Some(*id)),
                Err(()) => return,
            },
        };
        let located = match (&claim.evidence, text, object) {
            (Evidence::None(_), ..) => Ok((None, 1)),
            (Evidence::Words(quote), Some(text), Some(object)) => words::find(text, object, quote).map(|found| {
                let nth = words::nth(text, &found);
                (Some(found), nth)
            }),
            (Evidence::Span(start, end), Some(text), Some(object)) => {
                words::at_span(text, object, *start, *end).map(|found| {
                    let nth = words::nth(text, &found);
                    (Some(found), nth)
                })
            }
            // No text to look in: a picture, a scan, a conversation. The words stand as they were typed.
            (Evidence::Words(quote), ..) if quote.exact.trim().is_empty() => {
                Err(("the words are only white space".into(), "Quote at least one word.".into()))
            }
            (Evidence::Words(quote), ..) => {
                let locator = Locator {
                    exact: quote.exact.clone(),
                    prefix: quote.prefix.clone(),
                    suffix: quote.suffix.clone(),
                    ..Locator::default()
                };
                Ok((Some(locator), quote.occurrence.unwrap_or(1)))
            }
            // The original is not here: all that can be said of the span is whether it is one.
            (Evidence::Span(start, end), None, None) if start < end && awaited => Ok((None, 1)),
            (Evidence::Span(start, end), None, None) if awaited => Err((
                format!("the span [{start}, {end}] is empty"),
                "A span is [start, end] in Unicode code points from 0, end exclusive.".into(),
            )),
            (Evidence::Span(..), ..) => Err((
                "a span counts code points of a text, and this source has none".into(),
                "Quote the words: “words: …”.".into(),
            )),
        };
        let (mut locator, nth) = match located {
            Ok(located) => located,
            Err(trouble) => return self.trouble(&claim.at, trouble),
        };
        if let (Some(locator), Some(page)) = (&mut locator, claim.page) {
            locator.page = Some(page);
        }
        if claim.says.is_empty() {
            return self.problem(&claim.at, "the claim says nothing", "Add “says: {property: value}”.");
        }
        let no_words = if let Evidence::None(reason) = &claim.evidence { Some(reason.clone()) } else { None };
        let passage = Passage {
            source: into.id,
            entity,
            schema,
            asserter,
            locator,
            no_words,
            nth,
            clearance: claim.clearance.clone().unwrap_or_else(|| thing.clearance.clone()),
            note: claim.note.clone(),
            left_out: here_out,
            told: thing.left_out,
        };
        let before = into.claims.len();
        self.says(&passage, &claim.says, into);
        if let Some((code, because)) = &claim.credibility {
            self.term("information-credibility", code, &claim.at);
            self.plan.assessments.push(PlannedAssessment {
                claims: into.claims.iter().skip(before).map(|c| c.origin).collect(),
                verification: None,
                standard: None,
                credibility: Some(code.clone()),
                reason: because.clone().unwrap_or_else(|| UNGROUNDED.into()),
                at: claim.at.clone(),
            });
        }
    }

    /// Only somebody can say something.
    fn asserter(&mut self, key: &Key) -> Result<EntityId, ()> {
        let (id, schema) = match self.resolve(key) {
            Resolved::Thing(thing) => (thing.id, thing.schema.clone()),
            Resolved::LeftOut | Resolved::Unknown => return Err(()),
        };
        if self.registry.is_a(&schema, "LegalEntity") {
            return Ok(id);
        }
        self.problem(
            &key.at,
            format!("“{}” is a {schema}, and a {schema} says nothing", key.key),
            "An asserter is a person, a group or an organisation.",
        );
        Err(())
    }

    fn says(&mut self, passage: &Passage, says: &[Said], into: &mut PlannedSource<'a>) {
        for said in says {
            for value in &said.values {
                let Some((value, value_left_out)) = self.value_of(&passage.schema, &said.property, value, &said.at)
                else {
                    continue;
                };
                let claim = Claim {
                    asserter: passage.asserter,
                    locator: passage.locator.clone(),
                    no_words: passage.no_words.clone(),
                    clearance: passage.clearance.clone(),
                    note: passage.note.clone(),
                    ..Claim::new(passage.entity, &said.property, &value, passage.source)
                };
                if value_left_out || passage.left_out {
                    if !passage.told {
                        self.plan.left_out.push(said.at.problem(
                            format!(
                                "{} is left out: it refers to a source whose original was not given",
                                said.property
                            ),
                            "",
                        ));
                    }
                    continue;
                }
                let origin = origin::of_claim(&claim, passage.nth);
                into.claims.push(PlannedClaim {
                    claim: Claim { origin: Some(origin), ..claim },
                    origin,
                    at: said.at.clone(),
                });
            }
        }
    }

    /// A value as the property wants it, and whether it points at something that is left out.
    pub(super) fn value_of(
        &mut self,
        schema: &str,
        property: &str,
        value: &SaidValue,
        property_at: &At,
    ) -> Option<(Value, bool)> {
        let registry = self.registry;
        let found = match registry.property(schema, property) {
            Ok(found) => found,
            Err(error) => {
                self.schema_trouble(property_at, &error);
                return None;
            }
        };
        if value.lang.is_some() && !matches!(found.kind, Kind::Text | Kind::Name) {
            self.problem(
                &value.at,
                format!("{property} has no language"),
                format!("Write the value alone: “{property}: {}”.", value.text),
            );
            return None;
        }
        if found.kind != Kind::Entity {
            return match registry.parse(schema, property, &value.text, value.lang.as_ref()) {
                Ok(parsed) => Some((parsed, false)),
                Err(error) => {
                    self.schema_trouble(&value.at, &error);
                    None
                }
            };
        }
        let key = Key { key: value.text.clone(), at: value.at.clone() };
        let (id, is, left_out) = match self.resolve(&key) {
            Resolved::Thing(thing) => (thing.id, thing.schema.clone(), false),
            Resolved::LeftOut => {
                let thing = self.things.get(key.key.as_str())?;
                (thing.id, thing.schema.clone(), true)
            }
            Resolved::Unknown => return None,
        };
        if !found.range.is_empty() && !found.range.iter().any(|range| registry.is_a(&is, range)) {
            self.problem(
                &value.at,
                format!("{schema}.{property} takes a {}, and “{}” is a {is}", found.range.join(" or a "), key.key),
                "Choose another entity, or another property.",
            );
            return None;
        }
        Some((Value::Entity(id), left_out))
    }
}

/// Who published a source, by its own description.
fn publisher(source: &PlannedSource<'_>) -> Option<EntityId> {
    let claim = source.claims.iter().find(|c| c.claim.entity == source.id && c.claim.property == "publisher")?;
    match claim.claim.typed() {
        Ok(Value::Entity(id)) => Some(id),
        _ => None,
    }
}
