//! The engine: from a reading to its proposals, offline and always the same.

use crate::about::{author, hero, introduce, numbered_persons};
use crate::acts::{self, Draft, Story};
use crate::clause;
use crate::counts;
use crate::dates::{self, Anchor};
use crate::discourse::Sentence;
use crate::lexicon::Lexicon;
use crate::merge;
use crate::model::{Proposal, Proposer};
use crate::names::{Named, Registry};
use crate::penalty;
use crate::phrase;
use crate::text::{Reading, Role};
use crate::token::{Segmenter, Token};
use crate::{Error, citations, requests, sayings, signatories};

/// Proposals by lexicons and patterns, from the data files that are compiled in and, if a workspace has them,
/// its own.
pub struct Rules {
    lexicon: Words,
    segmenter: Segmenter,
}

/// The compiled-in words are shared by all; those of a workspace belong to its rules.
enum Words {
    Standard(&'static Lexicon),
    Own(Box<Lexicon>),
}

impl Rules {
    /// The rules with their data, loaded and checked.
    ///
    /// # Errors
    /// [`Error::Data`] at the first thing in a data file that is wrong, with file and line.
    pub fn new() -> Result<Self, Error> {
        Ok(Self { lexicon: Words::Standard(Lexicon::standard()?), segmenter: Segmenter::new() })
    }

    /// The rules with further lexicons: each is the name of a YAML file and its text. A file is a list of triggers in
    /// the shape of `data/triggers.yaml` (an entry's `type` is one that stands there; what the entry does not say of
    /// `only`, `needs`, `scene` and `legal` is as it stands there), or a map with any of `triggers`, `persons`,
    /// `agents` and `organisations` (nouns in the singular).
    ///
    /// # Errors
    /// [`Error::Data`] at the first thing that is wrong, with the file's name and the line.
    pub fn with<'a>(lexicons: impl IntoIterator<Item = (&'a str, &'a str)>) -> Result<Self, Error> {
        let mut own = Lexicon::load()?;
        for (file, text) in lexicons {
            own.extend(&schema::yaml::parse(file, text)?)?;
        }
        Ok(Self { lexicon: Words::Own(Box::new(own)), segmenter: Segmenter::new() })
    }

    fn lexicon(&self) -> &Lexicon {
        match &self.lexicon {
            Words::Standard(words) => words,
            Words::Own(words) => words,
        }
    }

    /// Whether entries of a chronology begin with later dates than the one that was taken for the document's.
    fn told_later(&self, reading: &Reading, published: Option<schema::Day>) -> bool {
        let Some(published) = published else { return false };
        let text = reading.text.as_str();
        let mut own = false;
        let later = reading.paragraphs.iter().filter(|span| {
            let range = reading.byte(span.start)..reading.byte(span.end);
            let line = text.get(range.clone()).unwrap_or_default();
            let head: String = line.chars().take(22).collect();
            let year = head.as_bytes().windows(4).any(|w| w.iter().all(u8::is_ascii_digit));
            if !year || line.chars().count() < 24 {
                return false;
            }
            let end = range.start + head.len();
            let tokens = self.segmenter.tokens(text, range.start..end, self.lexicon());
            let found = dates::find_all(&tokens, self.lexicon(), &mut Anchor::default());
            found.first().is_some_and(|d| {
                d.start == 0
                    && d.from.day > 0
                    && tokens.get(d.end).is_some_and(|t| matches!(t.norm.as_str(), ":" | "–" | "—" | "-" | "."))
                    // Later than the document, or the very line that was taken for its date line.
                    && d.from.first().is_some_and(|day| {
                        own |= day == published;
                        day > published
                    })
            })
        });
        let later = later.take(2).count();
        later == 2 || own
    }

    /// Sentences with tokens and dates, and the names in them.
    fn analyse(&self, reading: &Reading) -> (Vec<Sentence>, Vec<Vec<Named>>, Registry) {
        let text = reading.text.as_str();
        let published = reading.published.and_then(|d| d.possible_range().1);
        let exact = reading.published.filter(|d| d.canonical().len() == 10).and_then(|d| d.possible_range().0);
        let trusted = !self.told_later(reading, exact.or(published));
        let mut anchor = Anchor {
            published: exact.or(published).filter(|_| trusted),
            year: self.lexicon().calendar.last_year(text),
            heading: None,
            story: None,
            last: None,
            day: None,
            entry: None,
            opening: false,
        };
        let mut raw: Vec<(usize, Role, std::ops::Range<usize>, Vec<Token>, Vec<dates::Found>)> = Vec::new();
        for (paragraph, span) in reading.paragraphs.iter().enumerate() {
            if span.role == Role::Boilerplate {
                continue;
            }
            let range = reading.byte(span.start)..reading.byte(span.end);
            let line = text.get(range.clone()).unwrap_or_default().trim_matches(|c: char| !c.is_alphanumeric());
            if line.len() == 4
                && let Some(year) = line.parse::<i64>().ok().filter(|y| (1900..2100).contains(y))
            {
                anchor.heading = Some(year);
            }
            let sentences = if span.role == Role::Row {
                vec![range]
            } else {
                self.segmenter.sentences(text, range, self.lexicon())
            };
            // Another paragraph may be another year's story; its dates count from the document again.
            if !matches!(span.role, Role::Item) {
                anchor.last = None;
            }
            for sentence in sentences {
                let tokens = self.segmenter.tokens(text, sentence.clone(), self.lexicon());
                let found = dates::find_all(&tokens, self.lexicon(), &mut anchor);
                raw.push((paragraph, span.role, sentence, tokens, found));
            }
        }
        let shown: Vec<(&[Token], Vec<bool>)> = raw
            .iter()
            .filter(|(_, role, ..)| matches!(role, Role::Body | Role::Item | Role::Row | Role::Matter))
            .map(|(_, _, _, tokens, found)| (tokens.as_slice(), dated(tokens.len(), found)))
            .collect();
        let registry = Registry::learn(text, &shown, self.lexicon());
        let mut sentences = Vec::with_capacity(raw.len());
        let mut names = Vec::with_capacity(raw.len());
        for (paragraph, role, range, tokens, dates) in raw {
            let taken = dated(tokens.len(), &dates);
            let found = registry.names(text, &tokens, &|k| taken.get(k).copied().unwrap_or(false), self.lexicon());
            let items = phrase::chunk(&tokens, &dates, &found, self.lexicon());
            let mut item_of = vec![0; tokens.len()];
            for (i, item) in items.iter().enumerate() {
                item_of[item.start..item.end.min(tokens.len())].fill(i);
            }
            let quoted = quoted(&tokens);
            let clauses = clause::parse(&tokens, &items, &item_of);
            sentences.push(Sentence {
                paragraph,
                role,
                start: range.start,
                end: range.end,
                tokens,
                dates,
                items,
                item_of,
                quoted,
                clauses,
            });
            names.push(found);
        }
        carry_quotes(&mut sentences);
        (sentences, names, registry)
    }
}

fn dated(len: usize, found: &[dates::Found]) -> Vec<bool> {
    let mut out = vec![false; len];
    for d in found {
        let end = d.end.min(len);
        out[d.start.min(end)..end].fill(true);
    }
    out
}

/// Which tokens stand inside quotation marks.
fn quoted(tokens: &[Token]) -> Vec<bool> {
    let mut open = false;
    tokens
        .iter()
        .map(|t| match t.norm.as_str() {
            "“" | "«" => {
                open = true;
                true
            }
            "”" | "»" => {
                open = false;
                true
            }
            "\"" => {
                open = !open;
                true
            }
            _ => open,
        })
        .collect()
}

/// A quotation that is not closed in its sentence goes on in the next of its paragraph.
fn carry_quotes(sentences: &mut [Sentence]) {
    let mut open = false;
    let mut paragraph = usize::MAX;
    for s in sentences {
        if s.paragraph != paragraph {
            paragraph = s.paragraph;
            open = false;
        }
        if open {
            let straight = s.tokens.iter().any(|t| t.norm == "\"");
            let closing = s.tokens.iter().position(|t| matches!(t.norm.as_str(), "”" | "\"" | "»"));
            match closing {
                Some(at) if straight => {
                    // With straight marks each one turns the other way.
                    let mut inside = true;
                    for (k, t) in s.tokens.iter().enumerate() {
                        s.quoted[k] = inside || t.norm == "\"";
                        if t.norm == "\"" {
                            inside = !inside;
                        }
                    }
                    let _ = at;
                    open = inside;
                    continue;
                }
                Some(at) => s.quoted[..=at].fill(true),
                None => s.quoted.fill(true),
            }
        }
        let count = |words: &[&str]| s.tokens.iter().filter(|t| words.contains(&t.norm.as_str())).count();
        if count(&["\""]) > 0 {
            open = (count(&["\""]) % 2 == 1) != open;
        } else {
            let (opens, closes) = (count(&["“", "«"]), count(&["”", "»"]));
            open = if opens + usize::from(open) > closes { true } else { open && closes == 0 };
        }
    }
}

impl Proposer for Rules {
    fn propose(&self, reading: &Reading) -> Result<Vec<Proposal>, Error> {
        let (sentences, names, registry) = self.analyse(reading);
        let (said, sayings) = sayings::read(reading, &sentences, self.lexicon());
        let mut story = Story::default();
        story.memory.hero = hero(&sentences);
        numbered_persons(&sentences, &mut story);
        let speaker = author(&sentences);
        let mut drafts: Vec<Vec<Draft>> = Vec::with_capacity(sentences.len());
        let mut header = None;
        let day_headings = sentences.iter().filter(|s| acts::is_date_line(s)).count() > 2;
        for (i, s) in sentences.iter().enumerate() {
            if acts::is_date_line(s) && day_headings {
                story.heading = s.dates.first().map(dates::Found::edtf);
            } else if matches!(s.role, Role::Heading | Role::Title) {
                story.heading = None;
            }
            if matches!(s.role, Role::Heading | Role::Title | Role::Matter) {
                acts::verdict_day(s, &mut story);
            }
            let told = matches!(s.role, Role::Body | Role::Item | Role::Row);
            if !told {
                drafts.push(Vec::new());
                continue;
            }
            introduce(s, &mut story, self.lexicon(), &reading.text);
            let context = acts::Context {
                reading,
                lexicon: self.lexicon(),
                registry: &registry,
                attributions: &said[i],
                author: speaker.as_deref(),
            };
            let mut found = acts::read(s, &mut story, &context);
            if s.role == Role::Row {
                found.extend(crate::table::read(s, &mut header, reading, self.lexicon()));
            }
            if found.is_empty()
                && s.role == Role::Item
                && let Some(entry) = acts::entry(s, &story, &context)
            {
                // The list tells by name what its heading tells of all.
                if let Some(lead) = story.lead.as_ref().filter(|_| !story.lead_keeps) {
                    for d in drafts.iter_mut().rev().take(40) {
                        d.retain(|x| x.act.at != lead.act.at);
                    }
                }
                found.push(entry);
            }
            if found.is_empty() {
                acts::subjects(s, &mut story, &context);
            }
            // “would serve 13 months”: the part to serve of the sentence told before.
            if found.is_empty()
                && let Some(months) = penalty::to_serve(&s.tokens, self.lexicon())
                && let Some(last) = drafts
                    .iter_mut()
                    .rev()
                    .take(4)
                    .flat_map(|d| d.iter_mut().rev())
                    .find(|d| d.act.act_type == "sentence")
                && let Some(sentence) = &mut last.act.sentence
                && sentence.to_serve_months.is_none()
                && sentence.months.is_some_and(|m| m > months)
            {
                sentence.to_serve_months = Some(months);
            }
            // “He was also fined”: the same verdict.
            found.retain(|d| {
                let fine_only = d.act.sentence.as_ref().is_some_and(|p| p.months.is_none() && p.fine.is_some());
                if !fine_only || d.act.date.is_some() {
                    return true;
                }
                let verdict = drafts
                    .iter_mut()
                    .rev()
                    .take(3)
                    .flat_map(|x| x.iter_mut().rev())
                    .find(|x| x.act.act_type == "sentence" && x.who == d.who);
                match verdict.and_then(|v| v.act.sentence.as_mut()) {
                    Some(p) if p.fine.is_none() => {
                        p.fine = d.act.sentence.as_ref().and_then(|x| x.fine.clone());
                        false
                    }
                    _ => true,
                }
            });
            drafts.push(found);
        }
        acts::name_groups(&mut drafts, &story.named);
        for (one, name) in &story.memory.alias {
            for d in drafts.iter_mut().flatten().filter(|d| d.who == *one) {
                d.who = crate::discourse::Entity::Person(name.clone());
                d.act.victim = d.who.victim();
                d.own_facts = d.own_facts.saturating_sub(2);
            }
        }
        let published = reading.published.and_then(|d| d.possible_range().1);
        let counting = counts::Context { reading, lexicon: self.lexicon(), published };
        let counted = counts::read(&counting, &sentences, &said, &drafts)?;
        let listed: Vec<(&Sentence, &[Named])> = sentences.iter().zip(names.iter().map(Vec::as_slice)).collect();
        let mut out: Vec<Proposal> = Vec::new();
        out.extend(merge::merge(drafts.into_iter().flatten().collect()).into_iter().map(Proposal::Act));
        out.extend(counted.into_iter().map(Proposal::Count));
        out.extend(sayings.into_iter().map(Proposal::Saying));
        out.extend(requests::read(reading, &sentences, &said, self.lexicon())?.into_iter().map(Proposal::Request));
        out.extend(citations::read(reading, &listed, self.lexicon()).into_iter().map(Proposal::Citation));
        out.extend(signatories::read(reading, self.lexicon())?.into_iter().map(Proposal::Signatory));
        for p in &out {
            let at = p.at();
            if at.quote.is_empty() || reading.slice(at.start, at.end) != at.quote {
                return Err(Error::Misquoted { quote: at.quote.clone(), start: at.start });
            }
        }
        out.sort_by_key(|p| (p.at().start, p.at().end));
        Ok(out)
    }
}
