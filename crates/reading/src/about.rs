//! Whom the document and each sentence speak of, for the pronouns and fragments after it.

use crate::acts::Story;
use crate::discourse::{Sentence, gender_of};
use crate::lexicon::Lexicon;
use crate::phrase::ItemKind;
use crate::text::Role;

/// Who says “I” in a testimony: “My name is X”, “I, X, …”.
pub(crate) fn author(sentences: &[Sentence]) -> Option<String> {
    told_by(sentences).or_else(|| signed(sentences))
}

/// Who signs a letter in the first person: the one name after “Yours sincerely,”.
fn signed(sentences: &[Sentence]) -> Option<String> {
    use crate::phrase::NpKind;
    let close = sentences.iter().rposition(|s| {
        s.tokens.len() <= 6
            && s.tokens.iter().any(|t| {
                matches!(
                    t.norm.as_str(),
                    "sincerely"
                        | "faithfully"
                        | "regards"
                        | "respectfully"
                        | "truly"
                        | "signed"
                        | "yours"
                        | "solidarity"
                )
            })
    })?;
    let names: Vec<String> = sentences[close..]
        .iter()
        .take(5)
        .flat_map(|s| {
            (0..s.items.len().min(4)).filter_map(|k| match s.np(k).map(|n| &n.kind) {
                Some(NpKind::Person(name)) if name.contains(' ') => Some(name.clone()),
                Some(NpKind::Named(name)) if crate::acts::may_name(s, k, crate::model::Person::Person) => {
                    Some(name.clone())
                }
                _ => None,
            })
        })
        .collect();
    match names.as_slice() {
        [one] => Some(one.clone()),
        _ => None,
    }
}

fn told_by(sentences: &[Sentence]) -> Option<String> {
    use crate::phrase::NpKind;
    let named = |s: &Sentence, k: usize| match s.np(k).map(|n| &n.kind) {
        Some(NpKind::Person(name) | NpKind::Named(name)) if name.contains(' ') => Some(name.clone()),
        _ => None,
    };
    sentences.iter().find_map(|s| {
        let text: Vec<&str> = s.tokens.iter().map(|t| t.norm.as_str()).collect();
        let at = text
            .windows(3)
            .position(|w| w == ["my", "name", "is"])
            .map(|i| i + 3)
            .or_else(|| (text.first() == Some(&"i") && text.get(1) == Some(&",")).then_some(2));
        if let Some(name) = at.and_then(|i| s.item_of.get(i)).and_then(|&k| named(s, k)) {
            return Some(name);
        }
        let head = matches!(s.role, Role::Title | Role::Heading | Role::Matter)
            && text.iter().any(|w| {
                matches!(
                    *w,
                    "testimony"
                        | "statement"
                        | "affidavit"
                        | "account"
                        | "diary"
                        | "interview"
                        | "by"
                        | "conversation"
                        | "declaration"
                )
            })
            && !text.iter().any(|w| matches!(*w, "joint" | "press" | "public" | "experts"));
        head.then(|| {
            (0..s.items.len())
                .find_map(|k| named(s, k).filter(|_| matches!(s.np(k).map(|n| &n.kind), Some(NpKind::Person(_)))))
        })
        .flatten()
    })
}

/// Whom the document is about: the person of its title or headings, or the subject of its first sentence.
pub(crate) fn hero(sentences: &[Sentence]) -> Option<String> {
    let person = |s: &Sentence| {
        (0..s.items.len()).find_map(|k| match s.np(k).map(|n| &n.kind) {
            Some(crate::phrase::NpKind::Person(name)) => Some(name.clone()),
            // “Timeline of the case of Sok Dara”: named nowhere else.
            Some(crate::phrase::NpKind::Named(name))
                if s.role == Role::Title
                    && k > 0
                    && matches!(s.word(k - 1), "of" | "against" | ":")
                    && crate::acts::may_name(s, k, crate::model::Person::Person) =>
            {
                Some(name.clone())
            }
            _ => None,
        })
    };
    let head = sentences.iter().take(8).filter(|s| matches!(s.role, Role::Title | Role::Heading | Role::Matter));
    head.into_iter()
        .find_map(person)
        .or_else(|| sentences.iter().filter(|s| matches!(s.role, Role::Body)).take(2).find_map(person))
}

/// “the NGO Coordination Board”: a body that does things to others.
fn authority(name: &str) -> bool {
    const HEADS: [&str; 22] = [
        "board",
        "ministry",
        "court",
        "council",
        "committee",
        "commission",
        "mission",
        "department",
        "authority",
        "bureau",
        "directorate",
        "assembly",
        "parliament",
        "senate",
        "government",
        "prison",
        "hospital",
        "prosecution",
        "chamber",
        "registry",
        "embassy",
        "police",
    ];
    name.split_whitespace().any(|w| HEADS.contains(&w.to_lowercase().as_str()))
}

/// “a deputy prosecutor at the court, Chea Bunrith,”, “spokesman Y Rattanak”: a person named for an office.
fn in_office(s: &Sentence, k: usize, lexicon: &Lexicon) -> bool {
    use crate::lexicon::Flags;
    let roles = lexicon.phrases("speaker_roles");
    let office = |t: &crate::token::Token| {
        t.is(Flags::AGENT) && t.is(Flags::PERSON) || roles.iter().any(|p| p.len() == 1 && p[0] == t.norm)
    };
    let Some(np) = s.np(k) else { return false };
    let own = &s.tokens[s.items[k].start..np.name_start.min(s.tokens.len())];
    if own.iter().any(office) {
        return !own.iter().any(|t| t.norm.starts_with("ex-") || t.norm == "former");
    }
    let apposed = (k.saturating_sub(9)..k).any(|j| {
        s.np(j).is_some_and(|n| !n.possessive && s.tokens[s.items[j].start..s.items[j].end].iter().any(office))
            && s.apposed_after(j) == Some(k)
    });
    let after = s.word(k + 1) == ","
        && s.np(k + 2).is_some_and(|n| !n.plural && matches!(n.kind, crate::phrase::NpKind::Common))
        && s.tokens[s.items[k + 2].start..s.items[k + 2].end].iter().any(office);
    apposed || after
}

/// “His lawyer, X, said”, “X, the union's secretary, said”: one who speaks for another.
fn told_of_another(s: &Sentence, k: usize) -> bool {
    let after = s.after_modifiers(k);
    s.clauses
        .verbs
        .iter()
        .any(|v| v.subject == Some(k) && s.tokens[v.at].is(crate::lexicon::Flags::SPEECH) && !v.passive)
        || s.word(after) == "," && s.np(after + 1).is_some_and(|n| n.owned || n.possessive)
        || s.np(k).is_some_and(|n| n.owned)
        || k >= 2 && s.word(k - 1) == "," && s.np(k - 2).is_some_and(|n| n.owned || n.possessive)
}

/// Persons and bodies that a sentence speaks of, for the pronouns after it.
pub(crate) fn introduce(s: &Sentence, story: &mut Story, self_lexicon: &Lexicon, text: &str) {
    use crate::phrase::NpKind;
    if let Some(here) = story.memory.here.take() {
        story.memory.before = Some((here, story.memory.paragraph));
    } else if let Some(sole) = story.memory.sole.take() {
        story.memory.before = Some((sole, story.memory.paragraph));
    }
    story.memory.sole = None;
    story.memory.inside.clear();
    let mut named: Vec<&str> = Vec::new();
    story.memory.paragraph = s.paragraph;
    for (k, item) in s.items.iter().enumerate() {
        let ItemKind::Np(np) = &item.kind else { continue };
        if let NpKind::Organisation(name) = &np.kind
            && !np.is_agent()
            && !authority(name)
            && !s.clauses.verbs.iter().any(|v| v.object == Some(k))
        {
            story.memory.organisation = Some(crate::discourse::Entity::Organisation(name.clone()));
        }
        if let NpKind::Organisation(name) = &np.kind
            && !np.is_agent()
            && !authority(name)
        {
            let body = crate::discourse::Entity::Organisation(name.clone());
            story.memory.bodies.retain(|b| *b != body);
            story.memory.bodies.push(body);
        }
        if let NpKind::Person(name) = &np.kind {
            if in_office(s, k, self_lexicon) {
                story.memory.official(name);
            } else if !named.contains(&name.as_str()) {
                named.push(name);
                if !np.possessive {
                    story.memory.inside.push((name.clone(), np.name_start));
                }
            }
            for t in &s.tokens[item.start..np.name_start.min(s.tokens.len())] {
                if let Some(female) = gender_of(&t.norm) {
                    story.memory.remember_gender(name, female);
                }
            }
            // “His wife, Sok Maly,”
            if k >= 2
                && s.word(k - 1) == ","
                && let Some(female) = s.np(k - 2).and_then(|n| gender_of(&n.head))
            {
                story.memory.remember_gender(name, female);
            }
            let aside = k > 0 && s.word(k - 1) == "(";
            if !aside {
                story.memory.mention(name);
            }
            if !np.head.is_empty() {
                story.memory.remember_role(&np.head, name);
            }
            // “Her husband, Arnel Rosal,”
            if k >= 2
                && matches!(s.word(k - 1), "," | "(")
                && let Some(role) = (k.saturating_sub(8)..k - 1).rev().find(|&j| s.names_after(j).contains(&k))
                && let Some(np) = s.np(role).filter(|n| !n.plural)
            {
                story.memory.remember_role(&np.head, name);
                if let Some(female) = gender_of(&np.head) {
                    story.memory.remember_gender(name, female);
                }
            }
            // “X, a unionist,”
            if s.word(k + 1) == ","
                && let Some(role) = s.np(k + 2).filter(|n| n.kind == NpKind::Common && n.number.is_none())
            {
                story.memory.remember_role(&role.head, name);
            }
        }
    }
    if let [sole] = named.as_slice() {
        story.memory.sole = Some((*sole).to_owned());
    }
    story.memory.somebody = s.clauses.verbs.iter().find_map(|v| v.subject).and_then(|k| {
        let np = s.np(k)?;
        let one =
            np.kind == NpKind::Common && np.is_person() && !np.plural && !np.definite && !np.owned && !np.is_agent();
        let apposed = k >= 2
            && s.word(k - 1) == ","
            && s.np(k - 2).is_some_and(|n| matches!(n.kind, NpKind::Person(_)) && !n.possessive);
        let alone = one && !apposed && np.number.is_none_or(|n| n.value == 1) && s.names_after(k).is_empty();
        alone.then(|| crate::discourse::Entity::Group {
            bounds: Some(crate::numbers::Bounds::exactly(1)),
            description: crate::discourse::describe(np, s, k, text),
            organisation: false,
            definite: false,
        })
    });
    // The subject last: it is whom a pronoun means first.
    let first = s
        .clauses
        .verbs
        .iter()
        .filter(|v| v.kind == crate::clause::Kind::Finite)
        .filter_map(|v| v.subject)
        .find(|&k| s.np(k).is_some_and(|n| matches!(n.kind, NpKind::Person(_) | NpKind::Pronoun { .. })))
        .filter(|&k| s.np(k).is_some_and(|n| matches!(n.kind, NpKind::Person(_))));
    let list = first.map(|k| s.list_after(k)).unwrap_or_default();
    let named: Vec<crate::discourse::Entity> = list
        .iter()
        .filter_map(|&k| match s.np(k).map(|n| &n.kind) {
            Some(NpKind::Person(name)) => Some(crate::discourse::Entity::Person(name.clone())),
            _ => None,
        })
        .collect();
    if named.len() > 1 && named.len() == list.len() {
        story.memory.together_are(named);
    }
    // The unnamed one of the lead gets a name: “Nay Lin Kyaw, 29, had been …”.
    if let Some(k) = first.filter(|_| list.len() <= 1 && story.memory.alias.is_empty())
        && let Some(NpKind::Person(name)) = s.np(k).map(|n| &n.kind)
        && !in_office(s, k, self_lexicon)
        && s.np(k).is_some_and(|n| !n.possessive)
        && let Some((one, p)) = story.memory.unnamed()
        && (1..=2).contains(&s.paragraph.saturating_sub(p))
        && !told_of_another(s, k)
    {
        story.memory.alias_is(&one, name);
    }
    let subject = first.filter(|_| list.len() <= 1).and_then(|k| {
        let np = s.np(k)?;
        match &np.kind {
            NpKind::Person(name) if !np.possessive => Some((name, np)),
            _ => None,
        }
    });
    if let Some((name, np)) = subject {
        story.memory.mention(name);
        let official = np.is_agent() || crate::sayings::official(s, np, self_lexicon);
        if !official {
            story.memory.here = Some(name.clone());
            story.memory.here_at = np.name_start;
        }
    }
}

/// “Accused no. 1: X”, “X (accused no. 1)”: whom a number in the case means, from the whole document.
pub(crate) fn numbered_persons(sentences: &[Sentence], story: &mut Story) {
    use crate::phrase::NpKind;
    for s in sentences {
        for (k, item) in s.items.iter().enumerate() {
            if item.np().is_none() {
                continue;
            }
            if let Some(role) = crate::discourse::numbered(s, k) {
                let person = |j: usize| match s.np(j).map(|n| &n.kind) {
                    Some(NpKind::Person(name) | NpKind::Named(name)) => Some(name.clone()),
                    _ => None,
                };
                let number = item.end + if s.norm(item.end + 1) == "." { 2 } else { 1 };
                let after = s.item_of.get(number).map_or(k + 1, |&i| i + 1);
                let behind = matches!(s.word(after), ":" | "," | "–" | "—" | "-" | "(" | "is" | "|" | "=")
                    .then(|| person(after + 1))
                    .flatten();
                let before =
                    (k >= 2 && matches!(s.word(k - 1), "(" | "," | ":" | "–")).then(|| person(k - 2)).flatten();
                if let Some(name) = behind.or(before) {
                    story.memory.remember_role(&role, &name);
                }
            }
        }
    }
}
