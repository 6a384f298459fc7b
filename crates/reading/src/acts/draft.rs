//! From what was found for a trigger to acts: date, penalty, agent, place, and who counts as a victim.

use super::facts::{is_news, low_relevance, party_fits, penalty_end, place_of, stay, taken_openly, to_make_confess};
use super::when::{date_of, offset_date};
use super::{Context, Draft, Story, Told, quote};
use crate::citations;
use crate::counts;
use crate::dates;
use crate::discourse::{Entity, Sentence};
use crate::model::{Act, Person, Relevance};
use crate::penalty;
use crate::phrase::NpKind;
use crate::triggers::Place;

#[allow(clippy::too_many_lines)] // the facts of one act, one after the other
pub(super) fn draft(s: &Sentence, told: &[Told], k: usize, story: &mut Story, context: &Context<'_>) -> Vec<Draft> {
    let t = &told[k];
    let lexicon = context.lexicon;
    let text = &context.reading.text;
    let act = &lexicon.triggers.acts[t.hit.act];
    // The clause of this event ends where the next begins.
    let next = told
        .iter()
        .filter(|o| o.happened && !o.victims.is_empty() && !(o.hit.form.noun && o.hit.act == t.hit.act))
        .map(|o| o.group.start)
        .filter(|&at| at > t.hit.at + 1 && at >= t.hit.head_end)
        .min()
        .unwrap_or(s.tokens.len());
    let from = match t.hit.thing {
        // “her one-year term was suspended in full”
        Some(thing) => thing.saturating_sub(3),
        None if t.hit.form.noun => t.hit.at.saturating_sub(4),
        None => t.hit.at,
    };
    // “got five years each; the court suspended half of each term”: of the sentence just told.
    if act.needs_term
        && s.norm(t.hit.at).starts_with("suspend")
        && told.iter().take(k).any(|o| o.happened && o.hit.act == t.hit.act && !o.victims.is_empty())
    {
        return Vec::new();
    }
    let mut sentence = None;
    if act.needs_term {
        sentence = penalty::read(
            &s.tokens,
            from,
            if t.hit.form.noun {
                // “the imprisonment of X, who will have spent two years”
                (t.hit.at..s.tokens.len())
                    .find(|&i| matches!(s.norm(i), "who" | "which" | ";"))
                    .unwrap_or(s.tokens.len())
            } else if matches!(t.hit.place, Place::Object | Place::Subject) {
                s.tokens.len().min(next.max(t.hit.end + 1))
            } else {
                s.tokens.len()
            },
            lexicon,
        )
        .or_else(|| {
            penalty::read(&s.tokens, t.hit.at.saturating_sub(5), t.hit.at, lexicon).filter(|_| t.hit.form.noun)
        });
        let jailed = matches!(s.norm(t.hit.at), "jailed");
        if sentence.is_none() && !jailed {
            return Vec::new();
        }
        // “her sentence of five years upheld”
        if t.hit.form.noun
            && s.tokens[t.hit.at..]
                .iter()
                .any(|x| matches!(x.norm.as_str(), "upheld" | "confirmed" | "affirmed" | "upholds"))
        {
            return Vec::new();
        }
    } else if matches!(act.name.as_str(), "detention" | "arrest")
        && s.norm(t.hit.at).starts_with("imprison")
        && penalty::read(&s.tokens, t.hit.at, next, lexicon).is_some()
    {
        return Vec::new();
    }
    // “sent to Correctional Centre 2 pending trial”: kept, not yet sent to court.
    if act.name == "indictment"
        && s.tokens[t.hit.at..t.hit.end.min(s.tokens.len())]
            .iter()
            .any(|x| matches!(x.norm.as_str(), "pending" | "awaiting" | "await" | "until" | "before"))
    {
        return Vec::new();
    }
    // “14 months, nine of them suspended”: the term, not a licence.
    if s.norm(t.hit.at) == "suspended"
        && matches!(act.name.as_str(), "licence-revocation" | "dismissal" | "censorship" | "website-block")
        && !t.group.be
        && (t.hit.at.saturating_sub(6)..t.hit.at).any(|i| {
            s.norm(i).starts_with("month")
                || s.norm(i).starts_with("year")
                || context.lexicon.numbers.term(&s.tokens, i).is_some()
        })
    {
        return Vec::new();
    }
    let lasting = matches!(
        act.name.as_str(),
        "detention" | "travel-ban" | "website-block" | "enforced-disappearance" | "surveillance"
    ) && (act.name == "detention" || t.group.have || t.group.be || !t.passive);
    let date = date_of(s, told, k, lasting);
    if date.is_some_and(|d| d.future) {
        return Vec::new();
    }
    let mut own = date.map(dates::Found::edtf);
    // “charged on 27 February, the day after she was picked up”
    if date.is_some_and(|d| d.end <= t.hit.at)
        && let Some(day) = offset_date(s, told, k, lexicon)
    {
        own = Some(day);
    }
    // “from 10 March to 1 June, when the court granted her bail”
    if let Some(d) = date.filter(|d| d.end <= t.hit.at && matches!(s.norm(d.end + 1), "when"))
        && let Some(to) = d.to
    {
        own = Some(to.edtf());
    }
    // “convicted on 5 May and sentenced”, “X was sentenced to two years, the others to one”: one verdict.
    if own.is_none() && matches!(act.name.as_str(), "sentence" | "conviction" | "acquittal") {
        let here = told
            .iter()
            .enumerate()
            .filter(|(j, o)| {
                *j != k
                    && matches!(lexicon.triggers.acts[o.hit.act].name.as_str(), "conviction" | "sentence" | "acquittal")
                    && o.happened
            })
            .find_map(|(j, _)| date_of(s, told, j, false))
            .map(dates::Found::edtf);
        own = here.or_else(|| {
            story.verdict.as_ref().filter(|(_, p)| s.paragraph.saturating_sub(*p) <= 3).map(|(d, _)| d.clone())
        });
    }
    if let (Some(d), "sentence" | "conviction" | "acquittal") = (&own, act.name.as_str()) {
        story.verdict = Some((d.clone(), s.paragraph));
    }
    // “arrested last week on charges of”
    if own.is_none() && t.hit.place == Place::Fragment && s.norm(t.hit.at) == "on" && k > 0 {
        own = date_of(s, told, k - 1, false).map(dates::Found::edtf);
    }
    if own.is_none() {
        own = offset_date(s, told, k, lexicon);
    }
    // “X was sacked in June; two of his co-workers lost their jobs with him”
    if own.is_none() && !t.hit.form.noun {
        own = told
            .iter()
            .enumerate()
            .take(k)
            .filter(|(_, o)| o.happened && !o.victims.is_empty() && o.hit.act == t.hit.act && o.hit.at != t.hit.at)
            .find_map(|(j, _)| date_of(s, told, j, false))
            .filter(|d| !d.future && !d.since)
            .map(dates::Found::edtf);
    }
    // “Two smaller parties were also excluded”: as those told of before.
    let also =
        s.tokens[t.group.start..=t.hit.at].iter().any(|x| matches!(x.norm.as_str(), "also" | "likewise" | "similarly"));
    if own.is_none()
        && also
        && let Some((kind, date, p)) = &story.told
        && *kind == act.name
        && s.paragraph.saturating_sub(*p) <= 1
    {
        own.clone_from(date);
    }
    // “Last week police broke up a rally; twelve workers were hurt”: the date that opens the sentence.
    if own.is_none()
        && act.scene
        && !t.hit.form.noun
        && let [only] = s.dates.as_slice()
        && only.start <= 3
        && !(only.since || only.bound || only.future || only.qualifies || only.period)
        && (only.end..t.group.start).any(|i| s.norm(i) == ";")
    {
        own = Some(only.edtf());
    }
    // “charged them on 20 June. All three were committed to prison”: the next step of one day.
    if own.is_none()
        && act.name == "detention"
        && matches!(t.hit.place, Place::Object)
        && !t.group.have
        && !s.tokens[t.group.start..t.hit.at].iter().any(|x| matches!(x.norm.as_str(), "is" | "are" | "being" | "been"))
        && matches!(
            s.norm(t.hit.at),
            "committed" | "remanded" | "placed" | "sent" | "ordered" | "transferred" | "taken" | "brought"
        )
        && let Some((kind, date, p)) = &story.told
        && matches!(kind.as_str(), "charge" | "arrest")
        && s.paragraph.saturating_sub(*p) == 0
    {
        own.clone_from(date);
    }
    // “have been summoned for questioning on 28 October”: the day on which they are to come.
    if act.name == "summons"
        && let Some(d) = date.filter(|d| d.start > t.hit.at)
        && (t.hit.at + 1..d.start).any(|i| {
            matches!(
                s.norm(i),
                "questioning" | "appear" | "report" | "hearing" | "answer" | "present" | "come" | "interrogation"
            )
        })
        && matches!(s.norm(d.start.saturating_sub(1)), "on" | "for" | "before" | "by")
        && context.reading.published.is_none_or(|p| {
            let (Some(first), Some(day)) = (p.possible_range().1, d.from.first()) else { return true };
            day >= first || day.number() + 330 < first.number()
        })
    {
        own = None;
    }
    let mut inherited = false;
    if own.is_none()
        && let Some((day, p)) = &story.entry
        && *p == s.paragraph
    {
        own = Some(day.clone());
    }
    // “was detained by men in masks outside her school”: being taken, not being kept (rule 5).
    let taken = s.norm(t.hit.at) == "detained"
        && t.hit.weight == 1
        && !t.hit.form.noun
        && !s.tokens[t.group.start..t.hit.at]
            .iter()
            .any(|x| matches!(x.norm.as_str(), "been" | "being" | "still" | "remains" | "remain" | "are" | "is"))
        && !date.is_some_and(|d| d.since || d.to.is_some())
        && !(t.hit.at + 1..s.tokens.len().min(t.hit.at + 7)).any(|i| {
            matches!(s.norm(i), "for" | "in" | "since" | "until")
                && (lexicon.numbers.term(&s.tokens, i + 1).is_some()
                    || matches!(s.norm(i + 1), "prison" | "jail" | "custody" | "pre-trial" | "pretrial"))
        });
    if act.name == "detention"
        && !taken
        && let Some(stay) = stay(s, t, date, own.as_deref(), story, lexicon)
    {
        own = Some(stay);
    }
    let fine = sentence.as_ref().is_some_and(|p| p.months.is_none());
    // “guards have told him”: at some time, not in the scene told before.
    let perfect =
        t.group.have && s.tokens[t.group.start..=t.hit.at].iter().any(|x| matches!(x.norm.as_str(), "has" | "have"));
    // “spent 80 days behind bars before the Appeal Court set her free”: some other day.
    let later = (t.hit.at.saturating_sub(7)..t.hit.at).any(|i| i > 0 && matches!(s.norm(i), "before" | "until"));
    if own.is_none()
        && (act.scene || taken || fine)
        && !later
        && !perfect
        && !t.hit.form.noun
        && let Some((scene, paragraph)) = &story.scene
        && (s.paragraph.saturating_sub(*paragraph) <= 1
            || s.paragraph.saturating_sub(*paragraph) <= 4 && is_news(scene, context))
    {
        own = Some(scene.clone());
        inherited = true;
    }
    let night = |d: &&dates::Found| {
        d.to.is_none_or(|to| {
            matches!((d.from.first(), to.first()), (Some(a), Some(b)) if (0..=1).contains(&(b.number() - a.number())))
        })
    };
    if let Some(d) = date.filter(|d| d.from.day > 0 && !d.since).filter(night) {
        story.scene = Some((d.edtf(), s.paragraph));
    } else if inherited {
        story.scene = story.scene.take().map(|(d, _)| (d, s.paragraph));
    }
    story.told = Some((act.name.clone(), own.clone(), s.paragraph));
    let attribution = context.attributions.iter().find(|a| a.said.contains(&t.hit.at));
    let agent = t.agent.and_then(|item| {
        let it = s.items.get(item)?;
        let np = s.np(item)?;
        Some(match &np.kind {
            NpKind::Person(n) | NpKind::Organisation(n) => n.clone(),
            NpKind::Pronoun { .. } | NpKind::Number | NpKind::Nobody => return None,
            _ => s.words(text, if np.definite && np.number.is_none() { np.described } else { it.start }, it.end),
        })
    });
    // “Notably, the arrest of …”: an adverb that opens the sentence does nothing.
    let agent = agent.filter(|name| !(name.ends_with("ly") && !name.contains(' ')));
    let place = place_of(s, t.hit.at, next, text);
    let provisions = if act.legal { citations::provisions(s, text) } else { Vec::new() };
    let low = low_relevance(s, t, lexicon, &act.name);
    let clause_end =
        penalty_end(s, t, next, sentence.is_some()).max(date.filter(|d| d.start >= t.hit.at).map_or(0, |d| d.end));
    let respective =
        if act.needs_term && t.victims.len() == 2 { penalty::first_of_two(&s.tokens, t.hit.at, lexicon) } else { None };
    let mut out = Vec::new();
    for (who, token) in &t.victims {
        let fits = match act.only {
            Some(Person::Person) => !who.is_organisation(),
            Some(Person::Organisation) => who.is_organisation(),
            None => true,
        };
        // A crowd is dispersed, not a man.
        if act.name == "dispersal" && matches!(who, Entity::Person(_)) {
            continue;
        }
        if !fits || !party_fits(&act.name, who, s, *token, t) {
            continue;
        }
        // “activists were arrested”, with neither number nor date: nothing to code.
        let exact = date.is_some_and(|d| d.from.day > 0 && !d.since && !d.period);
        if let Entity::Group { bounds: None, definite, .. } = who
            && (own.is_none() || !exact && !definite)
        {
            continue;
        }
        // “At least 24 defenders have been charged since 2020”: a total, so a count (rule 3).
        // “nine persons were held in that period”, “of these people, 58 were found guilty”: a total (rule 3).
        let in_all = s.tokens.windows(3).any(|w| {
            w[0].norm == "in"
                && matches!(w[1].norm.as_str(), "that" | "this" | "the")
                && matches!(w[2].norm.as_str(), "period" | "time" | "year" | "quarter" | "same")
        }) || s.norm(0) == "of" && matches!(s.norm(1), "these" | "those" | "them") && own.is_none();
        if in_all
            && date.is_none_or(|d| d.from.day == 0)
            && matches!(who, Entity::Group { bounds: Some(b), .. } if b.min.is_none_or(|n| n > 8))
        {
            continue;
        }
        // “spoke of no more than six”: another speaker's number for what was told.
        if matches!(who, Entity::Group { bounds: Some(b), .. } if b.min.is_none()) && attribution.is_some() {
            continue;
        }
        let kept = lasting
            && date.is_some_and(|d| d.since)
            && matches!(who, Entity::Group { bounds: Some(b), .. } if b.min == b.max && b.min.is_some_and(|n| n <= 12));
        if matches!(who, Entity::Group { .. })
            && !kept
            && s.item_of.get(*token).and_then(|&i| s.np(i)).is_some_and(|np| {
                counts::is_total(s, date, np)
                    || s.dates.iter().any(|d| (d.since || d.period) && counts::is_total(s, Some(d), np))
            })
        {
            continue;
        }
        // “19 people are in prison”: how many there are, not what befell whom.
        if matches!(who, Entity::Group { bounds: Some(b), .. } if b.min.is_none_or(|n| n > 1))
            && act.name == "detention"
            && own.is_none()
            && (t.hit.place == Place::Subject || s.tokens[t.group.start..t.hit.at].iter().any(|x| x.norm == "are"))
        {
            continue;
        }
        let is_police = matches!(who, Entity::Group { .. })
            && s.item_of.get(*token).and_then(|&i| s.np(i)).is_some_and(|n| n.is_agent() && n.number.is_none());
        if is_police
            && !matches!(
                act.name.as_str(),
                "killing" | "physical-assault" | "dismissal" | "sentence" | "conviction" | "charge" | "arrest"
            )
        {
            continue;
        }
        let first = (*token)
            .min(t.group.start)
            .min(t.agent.filter(|_| !t.passive).and_then(|a| s.items.get(a)).map_or(usize::MAX, |i| i.start));
        let last =
            clause_end.max(t.hit.end).max(s.item_of.get(*token).and_then(|&i| s.items.get(i)).map_or(0, |i| i.end));
        let (a, b) = s.bytes(first, last.min(s.tokens.len()));
        let named = s
            .item_of
            .get(*token)
            .and_then(|&i| s.np(i))
            .is_some_and(|n| matches!(n.kind, NpKind::Person(_) | NpKind::Organisation(_) | NpKind::Common));
        // “bundled into two cars by plainclothes police”: a taking, as long as nobody hides or denies it.
        let open = act.name == "enforced-disappearance" && taken_openly(s, t);
        let name = if taken || open {
            "arrest".to_owned()
        } else if act.name == "physical-assault" && to_make_confess(s, t.hit.end.max(t.hit.at + 1)) {
            "torture".to_owned()
        } else {
            act.name.clone()
        };
        // “to 21 and 16 years' imprisonment respectively”
        let mut sentence = sentence.clone();
        if let (Some(p), Some(months)) = (&mut sentence, respective.filter(|_| out.is_empty())) {
            p.months = Some(months);
        }
        out.push(Draft {
            act: Act {
                act_type: name,
                victim: who.victim(),
                date: own.clone(),
                place: place.clone(),
                agent: agent.clone(),
                provisions: provisions.clone(),
                sentence,
                asserter: attribution.map(|a| a.speaker.clone()),
                at: quote(context.reading, a, b),
                relevance: if low || is_police { Relevance::Low } else { Relevance::High },
            },
            who: who.clone(),
            paragraph: s.paragraph,
            inherited,
            own_facts: u8::from(named) * if t.hit.form.noun { 1 } else { 2 }
                + u8::from(date.is_some())
                + u8::from(agent.is_some())
                + u8::from(place.is_some()),
        });
    }
    out
}
