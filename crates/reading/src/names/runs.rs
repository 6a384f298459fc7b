//! Runs of capitalised words, and what each is taken for by what is in it and next to it.

use super::{NameKind, Registry};
use crate::lexicon::{Flags, Lexicon};
use crate::token::{Case, Token};

/// A run before it is known what it names.
#[derive(Debug, Clone)]
pub(super) struct Run {
    pub start: usize,
    pub end: usize,
    pub lead: usize,
    pub guess: NameKind,
    /// Evidence for a person; summed over the document.
    pub score: i32,
}

const FUNCTION: Flags = Flags::DETERMINER
    .with(Flags::PREPOSITION)
    .with(Flags::PRONOUN)
    .with(Flags::PRONOUNS)
    .with(Flags::POSSESSIVE)
    .with(Flags::SUBORDINATOR)
    .with(Flags::RELATIVE)
    .with(Flags::BE)
    .with(Flags::HAVE)
    .with(Flags::DO)
    .with(Flags::MODAL)
    .with(Flags::NEGATION)
    .with(Flags::CONJUNCTION);

/// The capitalised runs of a sentence.
pub(super) fn runs(
    tokens: &[Token],
    taken: &dyn Fn(usize) -> bool,
    registry: &Registry,
    lexicon: &Lexicon,
) -> Vec<Run> {
    let mut out = Vec::new();
    let mut i = 0;
    while i < tokens.len() {
        let starts = |k: usize| {
            tokens.get(k).is_some_and(|t| {
                t.capital()
                    && !taken(k)
                    && !(k == 0 && matches!(t.norm.as_str(), "a." | "q."))
                    && (!t.is(FUNCTION)
                    // “Am Sopheap”, “Am Sam Ath”
                    || t.norm == "am"
                        && t.case == Case::Title
                        && tokens.get(k + 1).is_some_and(|n| n.case == Case::Title && n.norm != "i")
                    || t.is(Flags::TITLE) && k > 0 && t.norm.ends_with('.'))
            })
        };
        let skip = |k: usize| {
            let t = &tokens[k];
            // “Cambodian activist”, “Monday”, “Police”: no part of a name at its head.
            t.is(Flags::DEMONYM)
                && !tokens[k + 1..].iter().take(5).take_while(|n| n.capital()).any(|n| n.is(Flags::ORG_HEAD.with(Flags::LAW_HEAD)))
                || t.is(Flags::WEEKDAY.with(Flags::NUMBER)) && t.case == Case::Title
                || t.is(Flags::ADVERB) && t.case == Case::Title && (k == 0 || !tokens[k - 1].is_word())
                // “Released this noon”, “Convicted on”, “Gunned down”
                || t.is(Flags::TRIGGER) && t.norm.ends_with("ed") && t.case == Case::Title
                || t.case == Case::Title
                    && t.is(Flags::PAST
                        .with(Flags::PARTICIPLE)
                        .with(Flags::THIRD)
                        .with(Flags::GERUND)
                        .with(Flags::AGENT)
                        .with(Flags::PERSON)
                        .with(Flags::PERSONS))
                    && (k == 0 || !tokens[k - 1].is_word() || tokens[k - 1].norm.starts_with(|c: char| c.is_ascii_digit()))
                    && !tokens.get(k + 1).is_some_and(Token::capital)
                // “Human rights defender Joy Bounmy”: the first word of the sentence alone, before a noun.
                || t.case == Case::Title
                    && t.is(Flags::ORG_HEAD)
                    && (k == 0 || !tokens[k - 1].is_word())
                    && tokens.get(k + 1).is_some_and(|n| {
                        n.case == Case::Lower && !n.is(FUNCTION) && (n.is(Flags::PERSON.with(Flags::PERSONS)) || n.norm == "rights")
                    })
        };
        if !starts(i) || skip(i) {
            i += 1;
            continue;
        }
        let start = i;
        let mut end = i + 1;
        let mut grouped = tokens[i].is(Flags::ORG_HEAD.with(Flags::LAW_HEAD).with(Flags::NOT_NAME));
        let mut linked = false;
        // “Eastern Thread Workers' Union”
        let owns = |end: usize| {
            tokens[end - 1].possessive
                && !(tokens.get(end).is_some_and(|t| t.capital() && t.is(Flags::ORG_HEAD))
                    && tokens[end - 1].is(Flags::ORG_HEAD.with(Flags::PERSONS)))
        };
        while end < tokens.len() && !owns(end) {
            let t = &tokens[end];
            let initial = t.norm.len() == 2 && t.norm.ends_with('.') && t.capital();
            // “Trinh My Duyen”
            let within = matches!(t.norm.as_str(), "my" | "an" | "do" | "her" | "so" | "no")
                && t.case == Case::Title
                && tokens.get(end + 1).is_some_and(|n| n.capital() && !n.is(FUNCTION) && !taken(end + 1))
                && !grouped
                || tokens[end - 1].is(Flags::TITLE)
                    && t.case == Case::Title
                    && tokens.get(end + 1).is_some_and(|n| n.capital() && !taken(end + 1));
            if (t.capital() && !taken(end) && (within || !t.is(FUNCTION.with(Flags::WEEKDAY)))) || initial {
                grouped |= t.is(Flags::ORG_HEAD.with(Flags::LAW_HEAD));
                end += 1;
                continue;
            }
            let next_capital = |k: usize| tokens.get(k).is_some_and(|n| n.capital() && !taken(k));
            // “Huda al-Rashidi”
            let article = ["al-", "el-", "ul-", "ad-", "ar-", "as-", "ash-", "at-", "az-", "an-"];
            if t.case == Case::Lower
                && !grouped
                && article.iter().any(|a| t.norm.starts_with(a) && t.norm.len() > a.len() + 2)
            {
                end += 1;
                continue;
            }
            if t.is(Flags::PARTICLE) && next_capital(end + 1) && !grouped {
                end += 2;
                continue;
            }
            let connector = match t.norm.as_str() {
                "of" | "for" | "on" | "against" | "de" | "pour" => true,
                "and" | "&" => linked || t.norm == "&",
                "to" => tokens[end - 1].norm == "mission" || tokens[end - 1].norm == "ambassador",
                _ => false,
            };
            if connector && grouped {
                let after = if tokens.get(end + 1).is_some_and(|n| n.norm == "the") { end + 2 } else { end + 1 };
                if next_capital(after) && !tokens[after].is(FUNCTION.with(Flags::MONTH).with(Flags::WEEKDAY)) {
                    // “the Ministry of Justice and Rong Chhun” are two.
                    let and = matches!(t.norm.as_str(), "and");
                    let known = and && registry.is_person_at(tokens, after);
                    if !known {
                        linked |= t.norm != "&";
                        end = after + 1;
                        continue;
                    }
                }
            }
            break;
        }
        out.push(run(tokens, start, end, registry, lexicon));
        i = end;
    }
    out
}

fn run(tokens: &[Token], start: usize, end: usize, registry: &Registry, lexicon: &Lexicon) -> Run {
    let slice = &tokens[start..end];
    let lower: Vec<&str> = slice.iter().map(|t| t.norm.as_str()).collect();
    let plain = Flags::NOT_NAME
        .with(Flags::ORG_HEAD)
        .with(Flags::LAW_HEAD)
        .with(Flags::MONTH)
        .with(Flags::WEEKDAY)
        .with(Flags::DEMONYM)
        .with(Flags::PERSON)
        .with(Flags::PERSONS)
        .with(Flags::AGENT);
    // “Ngo Thi Huong” is a person, an NGO is not.
    let family = |t: &Token| t.norm == "ngo" && t.case == Case::Title;
    // “May Thu Kyaw”, “Sun Vichet”: dates have been taken out before, so here the word is a name.
    let short = |t: &Token| {
        slice.len() >= 2
            && matches!(
                t.norm.as_str(),
                "may" | "thu" | "sun" | "sat" | "mon" | "mar" | "june" | "april" | "august" | "jan" | "dec" | "tue"
            )
    };
    let joined_by = slice.iter().any(|t| matches!(t.norm.as_str(), "of" | "for" | "on" | "against"));
    // Shouted lines are headings or slogans.
    let shouted = slice.len() > 1 && slice.iter().all(|t| t.case != Case::Title);
    // The longest tail of words that can be a name, after the last title or role.
    let mut lead = end;
    while lead > start {
        let t = &tokens[lead - 1];
        let odd_end = lead == end
            && end - start >= 3
            && t.is(Flags::NOT_NAME)
            && !t.is(Flags::ORG_HEAD.with(Flags::LAW_HEAD).with(Flags::PLACE_HEAD));
        if t.is(plain) && !family(t) && !short(t) && !odd_end
            || t.is(Flags::TITLE) && lead < end && t.norm.ends_with('.')
            || t.norm.contains(['.', '/']) && t.norm.len() > 2
        {
            break;
        }
        if t.is(Flags::TITLE) && !(lead == end && start + 1 < end && lead - start <= 2) {
            break;
        }
        lead -= 1;
    }
    let titled_inside = lead > start && tokens[lead - 1].is(Flags::TITLE.with(Flags::PERSON).with(Flags::PERSONS));
    // “his nephew Tou”: one word is enough.
    let kin = lead == start
        && start >= 2
        && tokens[start - 1].is(Flags::PERSON)
        && tokens[start - 1].case == Case::Lower
        && tokens[start - 2].is(Flags::POSSESSIVE);
    let before = start.checked_sub(1).and_then(|k| tokens.get(k));
    let next = tokens.get(end);
    let titled = titled_inside || (lead == start && before.is_some_and(|t| t.is(Flags::PERSON) && t.is_word()));
    let length = end - lead;
    let person_shape = (1..=5).contains(&length);
    let joined = lower.join(" ");
    let make = |lead: usize, guess: NameKind, score: i32| Run { start: lead, end, lead: start, guess, score };
    if titled
        && person_shape
        && !joined_by
        && !shouted
        && (length >= 2 || titled_inside || kin || registry.knows(&joined))
    {
        return make(lead, NameKind::Person, 4);
    }
    if lexicon.is_place(&joined) {
        return make(start, NameKind::Place, -4);
    }
    // “UPDATE (6 p.m.)”
    if slice.len() == 1
        && matches!(
            lower[0],
            "update"
                | "ends"
                | "note"
                | "breaking"
                | "urgent"
                | "photo"
                | "video"
                | "alert"
                | "flash"
                | "news"
                | "action"
                | "live"
                | "exclusive"
                | "background"
                | "summary"
                | "timeline"
                | "annex"
                | "appendix"
                | "edited"
                | "thread"
        )
        && slice[0].case == Case::Upper
    {
        return make(start, NameKind::Other, -4);
    }
    if slice.last().is_some_and(|t| {
        matches!(
            t.norm.as_str(),
            "commissariat" | "headquarters" | "gendarmerie" | "barracks" | "precinct" | "prefecture" | "directorate"
        )
    }) {
        return make(start, NameKind::Organisation, -4);
    }
    if slice
        .iter()
        .any(|t| matches!(t.norm.as_str(), "correctional" | "prison" | "jail" | "detention" | "penitentiary" | "gaol"))
        && !slice.iter().any(|t| {
            matches!(
                t.norm.as_str(),
                "watch" | "department" | "service" | "services" | "network" | "association" | "group" | "society"
            )
        })
        && !joined_by
    {
        return make(start, NameKind::Place, -4);
    }
    if slice.iter().any(|t| t.is(Flags::LAW_HEAD)) && (slice.len() > 1 || lower[0] == "constitution") {
        return make(start, NameKind::Law, -4);
    }
    if slice.iter().any(|t| t.is(Flags::ORG_HEAD) && !family(t))
        && !(slice.len() == 1 && slice[0].case == Case::Title && slice[0].is(Flags::NOT_NAME))
        && !(slice.len() == 1 && !registry.knows_organisation(&joined) && start == 0)
    {
        return make(start, NameKind::Organisation, -4);
    }
    if slice.len() == 1 && slice[0].case == Case::Upper && slice[0].norm.len() >= 2 {
        return make(start, NameKind::Organisation, -4);
    }
    if slice.last().is_some_and(|t| t.is(Flags::PLACE_HEAD)) || slice.first().is_some_and(|t| t.is(Flags::PLACE_HEAD)) {
        return make(start, NameKind::Place, -4);
    }
    // “Golden Needle factory”, “Pur Senchey district”
    if let Some(t) = next.filter(|t| t.case == Case::Lower && !slice[slice.len() - 1].possessive) {
        let station = matches!(t.norm.as_str(), "prison" | "jail" | "barracks" | "checkpoint" | "hospital" | "airport")
            || t.norm == "police" && tokens.get(end + 1).is_some_and(|n| matches!(n.norm.as_str(), "station" | "post"));
        if station || t.is(Flags::PLACE_HEAD) && !t.is(Flags::PERSON) {
            return make(start, NameKind::Place, -4);
        }
        if t.is(Flags::ORGANISATION) || t.is(Flags::ORG_HEAD) && !t.is(Flags::PERSON.with(Flags::PERSONS)) {
            return make(start, NameKind::Organisation, -3);
        }
    }
    if before.is_some_and(|t| t.is(Flags::ORGANISATION) && t.case == Case::Lower && !t.is(Flags::PERSON)) {
        return make(start, NameKind::Organisation, -3);
    }
    if lead > start && length == 0 || slice.iter().any(|t| t.is(Flags::MONTH.with(Flags::WEEKDAY)) && !short(t)) {
        return make(start, NameKind::Other, -2);
    }
    if joined_by || shouted && !registry.knows(&joined) {
        return make(start, NameKind::Other, -2);
    }
    if slice
        .iter()
        .enumerate()
        .any(|(i, t)| t.is(plain) && !family(t) && !short(t) && !(i + 1 == slice.len() && lead == start))
        && !(lead > start && length >= 2 && start == 0)
    {
        return make(start, NameKind::Other, -2);
    }
    let from = lead;
    // A common word that begins the sentence: “Despite”, “Villagers”.
    let opens = from == 0 || !tokens[from - 1].is_word();
    let from = if opens
        && length >= 2
        && (from == 0 && registry.common.contains(&tokens[0].norm)
            || length >= 3 && tokens[from].is(Flags::BASE) && tokens[from].is(Flags::TRIGGER))
    {
        from + 1
    } else {
        from
    };
    let length = end - from;
    let mut score = match length {
        2..=4 => 1,
        _ => 0,
    };
    let age = next.is_some_and(|t| t.norm == ",")
        && tokens.get(end + 1).is_some_and(|t| t.norm.len() <= 2 && t.norm.bytes().all(|b| b.is_ascii_digit()))
        && tokens.get(end + 2).is_some_and(|t| matches!(t.norm.as_str(), "," | "." | "and"));
    if age {
        score += 3;
    }
    if next.is_some_and(|t| t.is(Flags::SPEECH) && t.case == Case::Lower) {
        score += 2;
    }
    let before = from.checked_sub(1).and_then(|k| tokens.get(k));
    // “Interview with X”, “testimony of X”
    if before.is_some_and(|t| matches!(t.norm.as_str(), "with" | "of" | "by"))
        && from >= 2
        && matches!(
            tokens[from - 2].norm.as_str(),
            "interview"
                | "conversation"
                | "testimony"
                | "statement"
                | "affidavit"
                | "account"
                | "declaration"
                | "killing"
                | "murder"
                | "arrest"
                | "detention"
                | "conviction"
                | "disappearance"
                | "abduction"
                | "imprisonment"
                | "sentencing"
                | "widow"
                | "wife"
                | "husband"
                | "mother"
                | "father"
                | "brother"
                | "sister"
        )
    {
        score += 4;
    }
    // “reporter of Nile Beat”, “head of Radio Sesan”: a body.
    if before.is_some_and(|t| matches!(t.norm.as_str(), "of" | "at" | "with" | "for"))
        && from >= 2
        && matches!(
            tokens[from - 2].norm.as_str(),
            "reporter"
                | "reporters"
                | "editor"
                | "editor-in-chief"
                | "journalist"
                | "journalists"
                | "correspondent"
                | "columnist"
                | "publisher"
                | "director"
                | "head"
                | "chair"
                | "president"
                | "presenter"
                | "host"
                | "founder"
                | "members"
                | "staff"
                | "employees"
                | "employee"
                | "owner"
                | "programme"
                | "coordinator"
                | "secretary"
                | "treasurer"
                | "manager"
                | "office"
                | "offices"
                | "newsroom"
                | "website"
                | "site"
                | "registration"
                | "licence"
                | "license"
                | "works"
                | "worked"
                | "writes"
                | "wrote"
                | "editors"
                | "studio"
                | "headquarters"
                | "premises"
                | "leader"
                | "chairman"
                | "chairwoman"
                | "photographer"
        )
        && length <= 3
    {
        return make(start, NameKind::Organisation, -3);
    }
    if before.is_some_and(|t| t.norm == "the") {
        score -= 3;
    }
    if before.is_some_and(|t| matches!(t.norm.as_str(), "in" | "at" | "near" | "from" | "outside")) {
        score -= 2;
    }
    let guess = if length >= 2 && score > 0 { NameKind::Person } else { NameKind::Other };
    Run { start: from, end, lead: from, guess, score }
}
