//! A source and its claims, as YAML.

use ledger::{ClaimState, ClaimView, Clearance, CustodyEvent, ObjectHash, ObjectView};
use schema::{EntityId, Value};

use super::Export;
use crate::emit::Yaml;
use crate::error::Error;
use crate::plan::BIBLIOGRAPHIC;
use crate::words;

/// No object of a case file is larger.
const LARGEST: u64 = 1 << 30;

/// The bytes of a source, as far as they can be quoted from.
struct Content {
    object: ObjectHash,
    text: Option<String>,
    /// Not written for the case file: its claims give spans, and do not repeat its words.
    original: bool,
}

/// A map under way.
type Pairs = Vec<(String, Yaml)>;

/// Claims on one passage, about one entity, alike in everything but what they say.
struct Group {
    head: Vec<(&'static str, Yaml)>,
    says: Vec<(String, Vec<Yaml>)>,
}

impl Export<'_> {
    /// Writes `sources/KEY.yaml` and its text; gives the claims that were written.
    pub(super) fn write_source(&mut self, source: EntityId) -> Result<Vec<ClaimView>, Error> {
        let (Some(key), Some(schema)) = (self.names.key(source).map(str::to_owned), self.reader.schema_of(source)?)
        else {
            return Ok(Vec::new());
        };
        let clearance = self.clearance_of(source)?.unwrap_or_else(|| self.head.default_clearance());
        let (content, mut pairs) = self.content(source, &key)?;
        let mut claims = self.reader.claims_in(source)?;
        claims.retain(|claim| claim.source == Some(source));
        claims.sort_by_key(|claim| (claim.position, claim.id.index));

        let mut about: Vec<(String, Vec<Yaml>)> = Vec::new();
        let mut groups: Vec<Group> = Vec::new();
        let mut written = Vec::new();
        for claim in claims {
            let Some(value) = self.writable(&claim)? else { continue };
            if is_bibliographic(&claim, source, &clearance) {
                match about.iter_mut().find(|(property, _)| *property == claim.property) {
                    Some((_, values)) => values.push(value),
                    None => about.push((claim.property.clone(), vec![value])),
                }
            } else {
                let head = self.passage(&claim, source, content.as_ref(), &clearance)?;
                add(&mut groups, head, &claim.property, value);
            }
            written.push(claim);
        }
        let says = |said: Vec<(String, Vec<Yaml>)>| {
            Yaml::Map(said.into_iter().map(|(p, values)| (p, Yaml::one_or_many(values))).collect())
        };
        let mut source_pairs: Vec<(String, Yaml)> = vec![("source".into(), Yaml::text(&key))];
        if schema != "Document" {
            source_pairs.push(("schema".into(), Yaml::text(schema)));
        }
        if self.names.explicit(source) {
            source_pairs.push(("id".into(), Yaml::text(source.to_string())));
        }
        source_pairs.extend(self.head.unless_default(&clearance).map(|yaml| ("clearance".into(), yaml)));
        if !about.is_empty() {
            source_pairs.push(("about".into(), says(about)));
        }
        source_pairs.append(&mut pairs);
        let listed = groups.into_iter().map(|group| {
            let mut pairs: Vec<(String, Yaml)> = group.head.into_iter().map(|(k, v)| (k.to_owned(), v)).collect();
            pairs.push(("says".into(), says(group.says)));
            Yaml::Map(pairs)
        });
        let listed: Vec<Yaml> = listed.collect();
        if !listed.is_empty() {
            source_pairs.push(("claims".into(), Yaml::List(listed)));
        }
        self.report.sources += 1;
        self.report.entities += 1;
        self.report.claims += written.len();
        let document = Yaml::Map(vec![("sources".into(), Yaml::List(vec![Yaml::Map(source_pairs)]))]);
        self.write(&format!("sources/{key}.yaml"), &document)?;
        Ok(written)
    }

    /// The newest bytes of the source, written beside the YAML; and what the YAML says of them.
    fn content(&mut self, source: EntityId, key: &str) -> Result<(Option<Content>, Pairs), Error> {
        let mut pairs = Vec::new();
        let mut content = None;
        let mut objects = self.reader.objects_of(source)?;
        objects.retain(|view| view.source == Some(source) && !destroyed(view));
        if objects.len() > 1 {
            self.report
                .notices
                .push(format!("{key}: of {} versions of its bytes only the newest is written", objects.len()));
        }
        if let Some(view) = objects.last()
            && let Some(acquired) = view.acquired()
        {
            let bytes = self.workspace.vault.read_bytes(&view.object.0, LARGEST)?;
            let name = acquired.file_name.clone().unwrap_or_else(|| key.to_owned());
            let media = acquired.media_type.as_deref().unwrap_or_default();
            let text = if media.starts_with("text/") { String::from_utf8(bytes.clone()).ok() } else { None };
            let original = acquired.method.as_deref() != Some("case file") || text.is_none();
            let file = format!("{}/{key}{}", if original { "originals" } else { "texts" }, ending(&name));
            self.folder.write(&format!("sources/{file}"), &bytes)?;
            if original {
                let described = Yaml::map([
                    ("sha256", Some(Yaml::text(view.object.to_string()))),
                    ("name", Some(Yaml::text(name))),
                    ("file", Some(Yaml::text(file))),
                ]);
                pairs.push(("original".into(), described));
            } else {
                pairs.push(("text".into(), Yaml::text(file)));
            }
            content = Some(Content { object: view.object, text, original });
        }
        if let Some((code, because)) = self.reliability(source)? {
            pairs.push(("reliability".into(), Yaml::text(code)));
            pairs.push(("because".into(), Yaml::text(because)));
        }
        Ok((content, pairs))
    }

    /// The value as YAML; none (and a notice) for what cannot be given back.
    fn writable(&mut self, claim: &ClaimView) -> Result<Option<Yaml>, Error> {
        match &claim.state {
            ClaimState::Stands | ClaimState::OutsideStandard => {}
            ClaimState::Retracted { .. } => {
                self.report.notices.push(format!("{}: not written, because it was retracted", claim.id));
                return Ok(None);
            }
            ClaimState::Erased { .. } | ClaimState::NotUnderstood => {
                self.report
                    .notices
                    .push(format!("{}: not written, because its words are gone or not understood", claim.id));
                return Ok(None);
            }
        }
        if self.names.key(claim.entity).is_none() {
            return Ok(None);
        }
        let Some(value) = &claim.value else { return Ok(None) };
        self.value(claim.entity, &claim.property, value)
    }

    /// A value as it is written in a case file: entities by key, terms by their bare code, texts with their language.
    pub(super) fn value(&self, entity: EntityId, property: &str, value: &Value) -> Result<Option<Yaml>, Error> {
        let text = match value {
            Value::Entity(id) => return Ok(self.names.key(*id).map(Yaml::text)),
            Value::Term(term) => {
                let schema = self.reader.schema_of(entity)?.unwrap_or_default();
                match self.reader.registry().parse(&schema, property, &term.code, None) {
                    Ok(Value::Term(same)) if same == *term => term.code.clone(),
                    _ => value.canonical(),
                }
            }
            other => other.canonical(),
        };
        Ok(Some(match value.lang() {
            Some(lang) => Yaml::Map(vec![(lang.to_string(), Yaml::Text(text))]),
            None => Yaml::Text(text),
        }))
    }

    /// Everything of a claim but what it says.
    fn passage(
        &mut self,
        claim: &ClaimView,
        source: EntityId,
        content: Option<&Content>,
        clearance: &Clearance,
    ) -> Result<Vec<(&'static str, Yaml)>, Error> {
        let mut head = Vec::new();
        if let Some(key) = self.names.key(claim.entity) {
            head.push(("about", Yaml::text(key)));
        }
        self.evidence(claim, content, &mut head);
        if let Some(page) = claim.locator.as_ref().and_then(|locator| locator.page) {
            head.push(("page", Yaml::text(page.to_string())));
        }
        // The document's own voice is its publisher's: written only when somebody else speaks.
        if let Some(asserter) = claim.asserter
            && self.reader.value(source, "publisher")? != Some(Value::Entity(asserter))
            && let Some(key) = self.names.key(asserter)
        {
            head.push(("asserter", Yaml::text(key)));
        }
        if let Some(credibility) = &claim.credibility {
            head.push(("credibility", Yaml::text(credibility)));
            let because = self
                .assessed(claim.entity)?
                .into_iter()
                .rev()
                .find(|(id, text, _)| *id == Some(claim.id) && text.contains("credibility"));
            head.extend(
                because
                    .and_then(|(.., because)| because)
                    .filter(|b| b != crate::plan::UNGROUNDED)
                    .map(|b| ("because", Yaml::text(b))),
            );
        }
        if claim.clearance != *clearance {
            head.push(("clearance", Yaml::text(claim.clearance.to_string())));
        }
        if let Some(note) = &claim.note {
            head.push(("note", Yaml::text(note)));
        }
        Ok(head)
    }

    /// Words, a span, or the reason why there are none.
    fn evidence(&mut self, claim: &ClaimView, content: Option<&Content>, head: &mut Vec<(&'static str, Yaml)>) {
        let Some(locator) = claim.locator.as_ref().filter(|locator| !locator.exact.is_empty()) else {
            head.push((
                "no-words",
                Yaml::text(claim.no_words.clone().unwrap_or_else(|| "no reason was recorded".into())),
            ));
            return;
        };
        let words = |head: &mut Vec<(&'static str, Yaml)>| head.push(("words", Yaml::text(&locator.exact)));
        let Some((content, text)) = content.and_then(|content| Some((content, content.text.as_deref()?))) else {
            words(head);
            for (key, side) in [("prefix", &locator.prefix), ("suffix", &locator.suffix)] {
                head.extend(side.as_ref().map(|side| (key, Yaml::text(side))));
            }
            return;
        };
        let here = match (locator.start, locator.end) {
            (Some(start), Some(end)) if locator.text_of == Some(content.object) => {
                words::at_span(text, content.object, start, end).ok().filter(|found| found.exact == locator.exact)
            }
            _ => None,
        };
        let unique = words::find(
            text,
            content.object,
            &words::Quote { exact: locator.exact.clone(), ..words::Quote::default() },
        );
        match (here, &unique) {
            (Some(found), _) if content.original => {
                let numbers = [found.start, found.end].map(|n| Yaml::text(n.unwrap_or_default().to_string()));
                head.push(("span", Yaml::List(numbers.to_vec())));
            }
            (_, Ok(_)) => words(head),
            (Some(found), Err(_)) => {
                words(head);
                head.push(("occurrence", Yaml::text(words::nth(text, &found).to_string())));
            }
            (None, Err(_)) => {
                let reason = format!("quoted from an earlier version of the source: “{}”", locator.exact);
                self.report.notices.push(format!(
                    "{}: its words are not in the newest text of its source; written without them",
                    claim.id
                ));
                head.push(("no-words", Yaml::text(reason)));
            }
        }
    }
}

fn destroyed(view: &ObjectView) -> bool {
    view.custody.iter().any(|(custody, ..)| custody.event == CustodyEvent::Destroyed)
}

fn is_bibliographic(claim: &ClaimView, source: EntityId, clearance: &Clearance) -> bool {
    claim.entity == source
        && claim.locator.is_none()
        && claim.no_words.as_deref() == Some(BIBLIOGRAPHIC)
        && claim.note.is_none()
        && claim.credibility.is_none()
        && claim.clearance == *clearance
}

/// Adds a value to the last group, if it is on the same passage and the order of what was recorded allows it.
fn add(groups: &mut Vec<Group>, head: Vec<(&'static str, Yaml)>, property: &str, value: Yaml) {
    if let Some(group) = groups.last_mut().filter(|group| group.head == head) {
        match group.says.iter().position(|(known, _)| known == property) {
            None => {
                group.says.push((property.to_owned(), vec![value]));
                return;
            }
            Some(at) if at + 1 == group.says.len() => {
                if let Some((_, values)) = group.says.last_mut() {
                    values.push(value);
                }
                return;
            }
            Some(_) => {}
        }
    }
    groups.push(Group { head, says: vec![(property.to_owned(), vec![value])] });
}

/// The ending of a file's name, if it is a plain one: it comes from outside and becomes part of a path.
fn ending(name: &str) -> String {
    match name.rsplit_once('.') {
        Some((_, ending)) if (1..=8).contains(&ending.len()) && ending.bytes().all(|b| b.is_ascii_alphanumeric()) => {
            format!(".{}", ending.to_ascii_lowercase())
        }
        _ => String::new(),
    }
}
