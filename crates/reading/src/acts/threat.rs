//! Threats told by a verb of speech: “an officer told her that she would be next if she went on”.

use super::who::{members, resolve};
use super::{Context, Told};
use crate::clause::Verb;
use crate::discourse::{Entity, Memory, Sentence};
use crate::lexicon::Flags;
use crate::model::Person;
use crate::phrase::NpKind;
use crate::triggers::{Form, Hit, Place};
use crate::verb;

/// Verbs that take the one spoken to as object, and verbs that do not.
const TELL: [&str; 9] = ["told", "tell", "tells", "warned", "warn", "warns", "informed", "promised", "assured"];
const SAY: [&str; 9] = ["said", "says", "shouted", "yelled", "swore", "vowed", "texted", "wrote", "screamed"];

/// What the speaker threatens with.
const HARM: [&str; 62] = [
    "jail",
    "jailed",
    "prison",
    "imprisoned",
    "arrest",
    "arrested",
    "handcuffs",
    "kill",
    "killed",
    "die",
    "dead",
    "death",
    "shot",
    "shoot",
    "disappear",
    "disappeared",
    "rot",
    "burn",
    "burnt",
    "burned",
    "next",
    "beaten",
    "beat",
    "hurt",
    "harm",
    "harmed",
    "regret",
    "lose",
    "evicted",
    "sea",
    "river",
    "accident",
    "accidents",
    "sorry",
    "coffin",
    "grave",
    "bury",
    "buried",
    "destroyed",
    "demolished",
    "closed",
    "expelled",
    "fired",
    "dismissed",
    "sacked",
    "sued",
    "deported",
    "raped",
    "rape",
    "attacked",
    "drugs",
    "mother",
    "father",
    "mourn",
    "orphans",
    "consequences",
    "trouble",
    "crippled",
    "bullet",
    "bullets",
    "raided",
    "punished",
];

/// Threats that no trigger of the lexicon has found.
pub(super) fn threats(s: &Sentence, told: &[Told], memory: &Memory, context: &Context<'_>) -> Vec<Told> {
    let Some(act) = context.lexicon.triggers.act("threat") else { return Vec::new() };
    let name = |t: &Told| context.lexicon.triggers.acts[t.hit.act].name.as_str();
    if told.iter().any(|t| t.happened && !t.victims.is_empty() && name(t) == "threat") {
        return Vec::new();
    }
    for v in &s.clauses.verbs {
        let word = s.norm(v.at);
        let (tell, say) = (TELL.contains(&word), SAY.contains(&word));
        let group = verb::group(&s.tokens, v.at);
        if !(tell || say) || group.negated || group.modal || group.infinitive {
            continue;
        }
        let Some(end) = menace(s, v.at, say || matches!(word, "informed" | "assured")) else { continue };
        let passive = v.passive && tell;
        let speaker = if passive { s.by_agent(v.at + 1) } else { v.subject };
        if !may_threaten(s, speaker, passive) {
            continue;
        }
        let mut victims = Vec::new();
        if passive {
            if let Some(k) = v.subject {
                resolve(s, &members(s, k, v.reduced), memory, context, Some(Person::Person), &mut victims);
            }
            if victims.is_empty()
                && v.joined.is_some()
                && let Some(t) = told.iter().rev().find(|t| t.happened && !t.victims.is_empty())
            {
                victims.clone_from(&t.victims);
            }
        } else if tell {
            victims = spoken_to(s, v, memory, context);
        } else if (v.at + 1..end).any(|i| matches!(s.norm(i), "my" | "me" | "i" | "our" | "we"))
            && !s.quoted[v.at + 2..].iter().any(|q| *q)
        {
            victims.extend(context.speaker(v.at).map(|name| (Entity::Person(name), v.at)));
        }
        if victims.is_empty() {
            continue;
        }
        let hit = Hit {
            act,
            place: Place::Object,
            form: Form { past: true, participle: passive, ..Form::default() },
            at: v.at,
            end,
            head_end: v.at + 1,
            weight: 2,
            thing: None,
        };
        return vec![Told { hit, group, happened: true, passive, victims, agent: speaker }];
    }
    Vec::new()
}

/// Where the harm that is announced ends: “would be next to go to jail”. `conditional`: it needs an “if”.
fn menace(s: &Sentence, at: usize, conditional: bool) -> Option<usize> {
    let stop = (at + 1..s.tokens.len()).find(|&i| s.norm(i) == ";").unwrap_or(s.tokens.len());
    // “telling her to count her days”, “told to say goodbye to his children”
    let order = (at + 1..stop.min(at + 12)).find(|&i| {
        s.norm(i) == "to"
            && matches!(
                s.norm(i + 1),
                "count" | "prepare" | "say" | "write" | "choose" | "order" | "dig" | "watch" | "think"
            )
            && (i + 2..stop.min(i + 8)).any(|j| {
                matches!(
                    s.norm(j),
                    "days"
                        | "goodbye"
                        | "farewell"
                        | "prayers"
                        | "grave"
                        | "coffin"
                        | "will"
                        | "funeral"
                        | "back"
                        | "step"
                        | "steps"
                        | "children"
                        | "family"
                )
            })
    });
    if let (Some(order), false) = (order, conditional) {
        return Some((order + 4).min(s.tokens.len()));
    }
    let modal = (at + 1..stop.min(at + 18)).find(|&i| {
        matches!(s.norm(i), "would" | "will" | "'ll" | "won't") || s.norm(i) == "going" && s.norm(i + 1) == "to"
    })?;
    let conditions = (at + 1..stop).any(|i| matches!(s.norm(i), "if" | "unless"));
    let harm = (modal + 1..stop.min(modal + 12)).find(|&i| {
        HARM.contains(&s.norm(i))
            || !conditional
                && conditions
                && matches!(s.norm(i - 1), "be" | "get" | "being")
                && (s.norm(i).ends_with("ed") || s.tokens[i].is(Flags::PARTICIPLE))
    })?;
    let condition = (at + 1..stop).any(|i| matches!(s.norm(i), "if" | "unless" | "or" | "until"));
    (condition || !conditional).then_some(harm + 1)
}

/// Police, officials, strangers; no court that passes a sentence, nor lawyer that fears one.
fn may_threaten(s: &Sentence, speaker: Option<usize>, passive: bool) -> bool {
    let Some(k) = speaker else { return passive };
    let Some(np) = s.np(k) else {
        // “an anonymous caller told her”, “a text message warned”
        return (s.items[k].start..s.items[k].end + 4).any(|i| {
            matches!(
                s.norm(i),
                "caller"
                    | "callers"
                    | "voice"
                    | "stranger"
                    | "strangers"
                    | "message"
                    | "messages"
                    | "note"
                    | "letter"
                    | "text"
                    | "texts"
                    | "masked"
                    | "anonymous"
                    | "unknown"
                    | "unidentified"
            )
        });
    };
    let calm = s.tokens[s.items[k].start..s.items[k].end.min(s.tokens.len())].iter().any(|t| {
        matches!(
            t.norm.as_str(),
            "court"
                | "judge"
                | "judges"
                | "lawyer"
                | "lawyers"
                | "counsel"
                | "spokesman"
                | "spokeswoman"
                | "spokesperson"
                | "union"
                | "report"
                | "doctor"
                | "doctors"
                | "witness"
                | "witnesses"
                | "expert"
                | "husband"
                | "wife"
                | "mother"
                | "father"
                | "sister"
                | "brother"
                | "friend"
                | "friends"
                | "colleague"
        )
    });
    // “The village chief, Mr Kim Sambath, told”: known by the office.
    let office = k >= 2
        && s.word(k - 1) == ","
        && s.np(k - 2)
            .is_some_and(|n| n.is_agent() || matches!(n.head.as_str(), "chief" | "leader" | "manager" | "boss"));
    let named = matches!(np.kind, NpKind::Person(_)) && !np.is_agent() && !office;
    !calm && !named && np.is_person()
        || np.is_agent() && !calm
        || matches!(np.kind, NpKind::Pronoun { .. })
        || np.head == "caller"
        || np.head == "callers"
}

/// “told her that”, “told a client of ours, a market vendor, that”: the one spoken to.
fn spoken_to(s: &Sentence, v: &Verb, memory: &Memory, context: &Context<'_>) -> Vec<(Entity, usize)> {
    let mut out = Vec::new();
    let Some(k) = s.object(v.at + 1).or(v.object) else { return out };
    let press = s.np(k).is_none_or(|n| {
        n.is_organisation()
            || n.is_agent()
            || n.plural && matches!(n.head.as_str(), "reporters" | "journalists" | "lawmakers")
    }) && !s.is_first_person(k);
    if press || s.tokens[s.items[k].start].is(Flags::RELATIVE) {
        return out;
    }
    resolve(s, &members(s, k, false), memory, context, Some(Person::Person), &mut out);
    out
}
