//! Acts: what befell whom, from the triggers of a sentence (coding rules 1–7).

mod draft;
mod facts;
mod holder;
mod lists;
mod noun;
mod tell;
mod threat;
mod verdict;
mod when;
mod who;

use crate::discourse::{Entity, Memory, Sentence};
use crate::lexicon::{Flags, Lexicon};
use crate::model::{Act, Quote};
use crate::names::Registry;
use crate::phrase::{ItemKind, NpKind};
use crate::sayings::Attribution;
use crate::text::Reading;
use crate::triggers::{Hit, Place};
use crate::verb::{self, Group};

pub(crate) use lists::{entry, name_groups, subjects};
pub(crate) use who::may_name;

/// An act before the same act told twice is made one.
#[derive(Debug, Clone)]
pub(crate) struct Draft {
    pub act: Act,
    pub who: Entity,
    pub paragraph: usize,
    /// Its date is that of the sentence before it.
    pub inherited: bool,
    /// How many facts its own words hold: name, date, agent, place, provisions.
    pub own_facts: u8,
}

/// What a sentence is read with.
pub(crate) struct Context<'a> {
    pub reading: &'a Reading,
    pub lexicon: &'a Lexicon,
    pub registry: &'a Registry,
    pub attributions: &'a [Attribution],
    /// Who “I” is where nobody is quoted: the author of a testimony, if the document names one.
    pub author: Option<&'a str>,
}

impl Context<'_> {
    /// In whose words a token stands.
    fn speaker(&self, token: usize) -> Option<String> {
        let said = self.attributions.iter().find(|a| a.said.contains(&token));
        // In an interview “A:” is the one who is interviewed; a ministry is no “I”.
        let said = said.filter(|a| {
            a.speaker.chars().count() > 1
                && !matches!(
                    a.speaker.to_lowercase().as_str(),
                    "answer" | "question" | "interviewer" | "reporter" | "presenter" | "interviewee" | "witness"
                )
                && !a.speaker.split(' ').any(|w| matches!(w, "Ministry" | "Court" | "Council" | "Committee"))
        });
        said.map(|a| a.speaker.clone()).or_else(|| self.author.map(str::to_owned))
    }
}

/// What was found for one trigger.
struct Told {
    hit: Hit,
    group: Group,
    happened: bool,
    passive: bool,
    victims: Vec<(Entity, usize)>,
    agent: Option<usize>,
}

/// Where the story stands: carried from sentence to sentence.
#[derive(Debug, Default)]
pub(crate) struct Story {
    pub memory: Memory,
    /// The date of the scene that is being told, and its paragraph.
    pub scene: Option<(String, usize)>,
    /// What a line with a colon says of those in the list below it.
    pub lead: Option<Draft>,
    /// The date of the last verdict told, and its paragraph.
    pub verdict: Option<(String, usize)>,
    /// The date that stands alone above an entry.
    pub heading: Option<String>,
    /// Who was last found guilty, and its paragraph.
    pub convicted: Option<(Vec<Entity>, usize)>,
    /// What was last told of a group, and its paragraph: “Among them: A and B”.
    pub group: Option<(Vec<Draft>, usize)>,
    /// The type and date of the last act told, and its paragraph.
    pub told: Option<(String, Option<String>, usize)>,
    /// The paragraph that is being read.
    pub place: usize,
    /// Whether the lead tells of more than those in the list below it.
    pub lead_keeps: bool,
    /// “The four, A, B, C and D,”: who a number means, and the paragraph that says so.
    pub named: Vec<(Vec<Entity>, usize)>,
    /// The date with which the entry of a chronology begins, and its paragraph.
    pub entry: Option<(String, usize)>,
}

/// “12 March 2021” alone in its line.
pub(crate) fn is_date_line(s: &Sentence) -> bool {
    let words = s.tokens.iter().enumerate().filter(|(_, t)| t.is_word());
    !s.dates.is_empty() && words.into_iter().all(|(i, _)| s.dates.iter().any(|d| d.start <= i && i < d.end))
}

/// “14:05 Police enter”, “3/9 Verdict”: an entry of the day of the document.
fn is_moment(s: &Sentence, text: &str) -> bool {
    let line = text.get(s.start..s.end).unwrap_or_default();
    let rest = line.trim_start_matches(|c: char| c.is_ascii_digit());
    let digits = line.len() - rest.len();
    let mut after = rest.chars();
    (1..=2).contains(&digits)
        && match after.next() {
            Some(':' | 'h' | '.') => after.next().is_some_and(|c| c.is_ascii_digit()),
            Some('/') => after.next().is_some_and(|c| c.is_ascii_digit() || c == ' '),
            _ => false,
        }
}

/// “14 June 2022 – Verdict.”, “October 15, 2020. Police”: the date that heads an entry.
fn entry_date(s: &Sentence) -> Option<String> {
    let first = s.items.iter().take(3).position(|i| matches!(i.kind, ItemKind::Date))?;
    // “Kampala, 2 June: students rounded up”
    let placed = first == 2
        && s.word(1) == ","
        && s.np(0).is_some_and(|n| matches!(n.kind, NpKind::Place(_) | NpKind::Named(_)))
        && matches!(s.norm(s.items[first].end), ":" | "–" | "—");
    let led = placed
        || s.items[..first].iter().all(|i| {
            let t = &s.tokens[i.start];
            !t.is_word() || t.norm.chars().count() <= 3 && i.end == i.start + 1 && !t.is(Flags::PREPOSITION)
        });
    let date = s.dates.iter().find(|d| d.start == s.items[first].start)?;
    let at = s.items[first].end;
    let ends = at >= s.tokens.len()
        || matches!(s.norm(at), "–" | "—" | "-" | ":" | "." | "|" | "--" | ")")
        || first == 0 && (s.tokens[at].capital() || s.tokens[0].norm.contains('-'));
    (led && ends && !date.future && date.from.month > 0).then(|| date.edtf())
}

/// The acts of a sentence.
pub(crate) fn read(s: &Sentence, story: &mut Story, context: &Context<'_>) -> Vec<Draft> {
    let lexicon = context.lexicon;
    if let Some(date) = entry_date(s) {
        story.entry = Some((date, s.paragraph));
    } else if story.entry.as_ref().is_some_and(|(_, p)| *p != s.paragraph) {
        story.entry = None;
    }
    if story.entry.is_none()
        && let Some(day) = &story.heading
    {
        story.entry = Some((day.clone(), s.paragraph));
    }
    if story.entry.is_none()
        && is_moment(s, &context.reading.text)
        && let Some(day) = context.reading.published.map(|d| d.canonical().to_string()).filter(|d| d.len() == 10)
    {
        story.entry = Some((day, s.paragraph));
    }
    // “Russia. A court fined”, “Koh Kong: Police”: another story than that of the paragraph before.
    if s.np(0).is_some_and(|n| matches!(n.kind, NpKind::Place(_)))
        && matches!(s.word(1), "." | ":" | "–" | "—" | "")
        && s.paragraph != story.place
    {
        story.scene = None;
        story.verdict = None;
        story.told = None;
        story.group = None;
        story.convicted = None;
        story.memory.leave();
    }
    if s.np(0).is_some() || !s.items.is_empty() {
        story.place = s.paragraph;
    }
    story.memory.chronicle = story.entry.is_some();
    remember_topic(s, story, context);
    story.memory.here_many = subject_list(s);
    if let Some(list) = lists::names_of_number(s) {
        story.named.push((list, s.paragraph));
    } else if let Some((list, _)) = story.memory.here_many.clone().filter(|(list, _)| {
        // “found three residents guilty. … A, B and C were also told to pay”
        let alike = |d: &Draft| {
            matches!(&d.who, Entity::Group { bounds: Some(b), .. }
                if b.min == b.max && b.min == Some(list.len() as u64))
        };
        let also = s.tokens.iter().take(24).any(|t| matches!(t.norm.as_str(), "also" | "each" | "all" | "both"));
        also && story.group.as_ref().is_some_and(|(g, p)| s.paragraph - *p <= 1 && g.iter().any(alike))
            && list.iter().all(|e| !story.memory.victims.contains(e))
    }) {
        story.named.push((list, s.paragraph));
    }
    let hits = hits(s, lexicon, story.entry.is_some());
    let mut told: Vec<Told> = Vec::new();
    for hit in hits {
        story.memory.barred = barred(s, &hit);
        let found = tell::tell(s, hit, &told, &story.memory, context);
        story.memory.barred.clear();
        // “She was seized”: what the pronoun says of its person.
        for (entity, token) in found.victims.iter().filter(|_| found.happened) {
            let female = match s.norm(*token) {
                "she" | "her" => true,
                "he" | "him" => false,
                _ => continue,
            };
            if let Entity::Person(name) = entity {
                story.memory.remember_gender(name, female);
            }
        }
        if found.happened {
            let victims: Vec<Entity> = found.victims.iter().map(|(e, _)| e.clone()).collect();
            story.memory.remember_victims(&victims);
        }
        // Two patterns of one verb for one act: the one that found somebody.
        let twin = told.iter().position(|t| t.hit.at == found.hit.at && t.hit.act == found.hit.act && !t.hit.form.noun);
        match twin {
            Some(k) if told[k].victims.is_empty() && told[k].happened => told[k] = found,
            Some(_) if !found.hit.form.noun => {}
            _ => told.push(found),
        }
    }
    told.extend(threat::threats(s, &told, &story.memory, context));
    let claimed_false = verb::called_false(&s.tokens, lexicon);
    let mut out = Vec::new();
    for k in 0..told.len() {
        let t = &told[k];
        if !t.happened || t.victims.is_empty() || (claimed_false && !t.hit.form.noun) {
            continue;
        }
        out.extend(draft::draft(s, &told, k, story, context));
    }
    let terms = verdict::bare_terms(s, story, &out, context);
    out.extend(terms);
    let gapped = verdict::gapped(s, &out, &story.memory, context);
    out.extend(gapped);
    if !out.iter().any(|d| matches!(d.act.act_type.as_str(), "conviction" | "sentence" | "acquittal")) {
        verdict_day(s, story);
    }
    let convicted: Vec<Entity> = out.iter().filter(|d| d.act.act_type == "conviction").map(|d| d.who.clone()).collect();
    if !convicted.is_empty() {
        story.convicted = Some((convicted, s.paragraph));
    }
    if out.is_empty() {
        out = lists::named_after(s, story, context);
    }
    out.extend(lists::members_named(s, story, context));
    let listed = lists::colon_names(s, &out, context);
    out.extend(listed);
    let groups: Vec<Draft> = out
        .iter()
        .filter(|d| matches!(&d.who, Entity::Group { bounds: Some(b), .. } if b.min.is_none_or(|n| n > 1)))
        .cloned()
        .collect();
    if !groups.is_empty() {
        story.group = Some((groups, s.paragraph));
    }
    if s.tokens.last().is_some_and(|t| t.norm == ":") {
        let before = story.group.as_ref().filter(|(_, p)| *p == s.paragraph && out.is_empty());
        story.lead_keeps = before.is_some();
        story.lead = out.last().cloned().or_else(|| before.and_then(|(list, _)| list.last().cloned()));
    } else if !matches!(s.role, crate::text::Role::Item) {
        story.lead = None;
    }
    if let Some(d) = s
        .dates
        .iter()
        .filter(|d| !when::is_dateline(s, d))
        .rfind(|d| d.from.day > 0 && d.to.is_none() && !d.future && !d.qualifies && !d.bound && !d.since)
    {
        story.scene = Some((d.edtf(), s.paragraph));
    }
    out
}

/// “3. Verdict of 26 May 2023”, “When the verdict was read out on Wednesday”: the day of the verdict.
pub(crate) fn verdict_day(s: &Sentence, story: &mut Story) {
    let at = (0..s.tokens.len()).find(|&i| {
        matches!(
            s.norm(i),
            "verdict"
                | "verdicts"
                | "judgment"
                | "judgement"
                | "ruling"
                | "sentencing"
                | "hearing"
                | "convictions"
                | "trial"
        )
    });
    let Some(at) = at else { return };
    let spoken = s.norm(at) != "trial" && s.norm(at) != "hearing"
        || s.tokens.iter().any(|t| matches!(t.norm.as_str(), "ended" | "verdict" | "concluded"));
    let day = s.dates.iter().find(|d| {
        d.from.day > 0
            && d.to.is_none()
            && !d.future
            && !d.since
            && !d.bound
            && !d.qualifies
            && d.start.abs_diff(at) <= 9
    });
    if let Some(d) = day.filter(|_| spoken) {
        story.verdict = Some((d.edtf(), s.paragraph));
    }
}

/// Whom a paragraph, an entry or a row begins with: “Ros Pisith (Stung Treng). Gunned down on …”.
fn remember_topic(s: &Sentence, story: &mut Story, context: &Context<'_>) {
    // “3. Eleven members”: the mark of an entry is nobody.
    let mark = usize::from(
        s.np(0).is_some_and(|n| n.kind == NpKind::Number) && matches!(s.word(1), "." | ")" | ":" | "|" | "]"),
    );
    let first = s
        .items
        .iter()
        .take(8)
        .skip(mark)
        .position(|i| i.np().is_some_and(|n| n.is_person() || n.is_organisation()))
        .map(|k| k + mark);
    let Some(k) = first else { return };
    let named = s.np(k).is_some_and(|n| matches!(n.kind, NpKind::Person(_) | NpKind::Organisation(_) | NpKind::Common));
    let governed = k > 0 && s.tokens[s.items[k - 1].start].is(Flags::PREPOSITION);
    let same = story.memory.topic.as_ref().is_some_and(|(_, p)| *p == s.paragraph);
    let fresh = !same || s.clauses.verbs.is_empty();
    let possessive = s.np(k).is_some_and(|n| n.possessive || n.is_agent() && matches!(n.kind, NpKind::Common));
    if !named || governed || !fresh || possessive {
        return;
    }
    let mut list = Vec::new();
    who::resolve(s, &who::members(s, k, false), &story.memory, context, None, &mut list);
    if !list.is_empty() {
        story.memory.topic = Some((list.into_iter().map(|(e, _)| e).collect(), s.paragraph));
    }
}

/// “The other two, X and Y, were brought before the court, which charged them”: the named who are the subject.
fn subject_list(s: &Sentence) -> Option<(Vec<Entity>, usize)> {
    let verb = s.clauses.verbs.iter().find(|v| v.kind == crate::clause::Kind::Finite)?;
    let first = verb.subject.filter(|&k| s.items[k].start < verb.at)?;
    let list = who::members(s, first, false);
    let last = s.items.get(*list.last()?)?.end;
    let named: Vec<Entity> = list
        .iter()
        .filter_map(|&k| match s.np(k).map(|n| &n.kind) {
            Some(NpKind::Person(name)) => Some(Entity::Person(name.clone())),
            _ => None,
        })
        .collect();
    (named.len() > 1 && named.len() == list.len()).then_some((named, last))
}

/// Who does what a verb tells: nobody does it to himself as “him”.
fn barred(s: &Sentence, hit: &Hit) -> Vec<String> {
    let subject = s
        .clauses
        .verb_at(hit.at)
        .filter(|(_, v)| !v.passive && v.kind == crate::clause::Kind::Finite)
        .and_then(|(_, v)| v.subject);
    let Some(k) = subject else { return Vec::new() };
    [Some(k), s.apposed_after(k)]
        .into_iter()
        .flatten()
        .filter_map(|k| match s.np(k).map(|n| &n.kind) {
            Some(NpKind::Person(name) | NpKind::Organisation(name)) => Some(name.clone()),
            _ => None,
        })
        .collect()
}

fn hits(s: &Sentence, lexicon: &Lexicon, chronicle: bool) -> Vec<Hit> {
    let mut out: Vec<Hit> = Vec::new();
    for at in 0..s.tokens.len() {
        if s.tokens[at].flags == Flags::NONE && s.tokens[at].norm.len() < 3 {
            continue;
        }
        let capital_inside = s.tokens[at].capital()
            && at > 0
            && s.tokens[at - 1].is_word()
            && !s.dates.iter().any(|d| d.end == at)
            && !(at <= 4 && s.tokens[at - 1].norm.starts_with(|c: char| c.is_ascii_digit()))
            && s.role != crate::text::Role::Row
            && s.norm(at - 1) != "\"";
        if capital_inside {
            continue;
        }
        for hit in lexicon.triggers.at(&s.tokens, at) {
            // “a mixed force”, “the charge”: a base form alone is a noun, or tells of no event.
            let group = verb::group(&s.tokens, hit.at);
            let base = (hit.form.base || hit.form.third) && !hit.form.past && !hit.form.participle && group.bare();
            // The present tells of an event in a chronology: “5 Jan. – Police search her house”.
            let present = chronicle || hit.form.third && !s.dates.is_empty() || acts_now(s, &hit);
            if base && !present && hit.place != Place::Subject {
                continue;
            }
            // Within the words of another trigger of the same kind: “place under arrest”.
            let inside = out
                .iter()
                .any(|h| h.at < hit.at && hit.at < h.end && (h.act == hit.act || hit.form.noun) && h.weight > 1);
            if !inside {
                out.push(hit);
            }
        }
    }
    out
}

/// “The Court quashes the conviction of X”, “Police raid the office”: the present of judgments and news in brief.
fn acts_now(s: &Sentence, hit: &Hit) -> bool {
    // “For these reasons I allow the appeal and acquit the appellant”: a judge's own words.
    let judged = (0..s.items.len().min(8)).any(|k| s.is_first_person(k) && s.items[k].start < hit.at)
        && matches!(s.norm(hit.at), "acquit" | "convict" | "quash" | "sentence" | "discharge" | "remand" | "set")
        && hit.form.base;
    judged
        || s.clauses.verb_at(hit.at).is_some_and(|(_, v)| {
            v.kind == crate::clause::Kind::Finite
                && v.subject.and_then(|k| s.np(k)).is_some_and(|n| {
                    n.is_agent() && (n.definite || n.plural == hit.form.base) || n.kind == NpKind::It && hit.form.third
                })
        })
}

/// Bytes as a quote in code points.
pub(crate) fn quote(reading: &Reading, start: usize, end: usize) -> Quote {
    let (a, b) = (reading.code_point(start), reading.code_point(end));
    Quote { quote: reading.slice(a, b).to_owned(), start: a, end: b }
}
