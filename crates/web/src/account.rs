//! A value and its accounts, as pages show them: what is said, by whom, in which words, and how far it can be relied on.

use ledger::{ClaimState, ClaimView, Locator, PropertyView, Record, ValueView};
use schema::{Agreement, Cardinality, Kind, Value, Verification};

use crate::markup::{Words, counted, shortened};
use crate::problem::Problem;
use crate::room::Room;

/// One property with its values, the preferred one first.
pub struct Line {
    pub label: Words,
    pub name: String,
    pub values: Vec<Said>,
}

/// One value, and who says so; for a property that has one value, the other accounts as well.
pub struct Said {
    pub shown: Words,
    pub long: bool,
    pub state: State,
    pub summary: String,
    pub accounts: Vec<Account>,
    pub open: bool,
}

/// A state is a word and a shape: the class draws the shape.
#[derive(Clone, Copy)]
pub struct State {
    pub class: &'static str,
    pub word: &'static str,
}

/// What one source says.
pub struct Account {
    pub id: String,
    pub class: &'static str,
    pub shown: Words,
    pub who: Words,
    pub source: Option<Words>,
    pub quote: Option<Quote>,
    pub no_words: Option<Words>,
    pub note: Option<Words>,
    pub how: Vec<Words>,
    pub state: State,
}

/// Words of a source, with what stands before and after them.
pub struct Quote {
    pub before: Words,
    pub exact: Words,
    pub after: Words,
}

impl Quote {
    pub fn of(locator: &Locator) -> Option<Quote> {
        if locator.exact.is_empty() {
            return None;
        }
        // What stands in the next paragraph says nothing about these words.
        let before = locator.prefix.as_deref().unwrap_or_default().rsplit("\n\n").next().unwrap_or_default();
        let after = locator.suffix.as_deref().unwrap_or_default().split("\n\n").next().unwrap_or_default();
        Some(Quote {
            before: Words::of(&one_line(if locator.prefix.as_deref() == Some(before) {
                from_a_word(before)
            } else {
                before
            })),
            exact: Words::of(&one_line(&shortened(&locator.exact, 600))),
            after: Words::of(&one_line(if locator.suffix.as_deref() == Some(after) {
                to_a_word(after)
            } else {
                after
            })),
        })
    }
}

/// Line ends within a quotation are the document's, not the reader's.
fn one_line(text: &str) -> String {
    let joined = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let lead = if text.starts_with(char::is_whitespace) { " " } else { "" };
    let tail = if text.ends_with(char::is_whitespace) && !joined.is_empty() { " " } else { "" };
    format!("{lead}{joined}{tail}")
}

fn from_a_word(text: &str) -> &str {
    text.split_once(char::is_whitespace).map_or(text, |(_, rest)| rest)
}

fn to_a_word(text: &str) -> &str {
    text.rsplit_once(char::is_whitespace).map_or(text, |(rest, _)| rest)
}

#[must_use]
pub fn state_of(verification: Verification) -> State {
    let word = match verification {
        Verification::Withdrawn => "withdrawn",
        Verification::False => "false",
        Verification::Contradicted => "contradicted",
        Verification::Unverified => "unverified",
        Verification::PartiallyCorroborated => "partially corroborated",
        Verification::Corroborated => "corroborated",
        Verification::Verified => "verified",
    };
    State { class: verification.as_str(), word }
}

/// “3 accounts, 2 independent”, or the one who says so.
fn summary(claims: usize, roots: usize, accounts: &[&ClaimView]) -> String {
    match accounts {
        [only] => format!("1 account · {}", shortened(&only.asserter_label, 60)),
        _ if roots == claims => format!("{claims} independent accounts"),
        _ => format!("{claims} accounts, {roots} independent"),
    }
}

/// Everything that a record says; what it is called comes first, wherever the schema has it.
pub fn lines(room: &Room<'_>, record: &Record) -> Result<Vec<Line>, Problem> {
    let mut lines = record.properties.iter().map(|property| line(room, property)).collect::<Result<Vec<_>, _>>()?;
    lines.sort_by_key(|line| !matches!(line.name.as_str(), "name" | "alias" | "title"));
    Ok(lines)
}

/// A property's line.
fn line(room: &Room<'_>, property: &PropertyView) -> Result<Line, Problem> {
    let label = Words::of(property.label.get("en"));
    let one = property.cardinality == Cardinality::One;
    let values = if one {
        one_value(room, &property.values)?.into_iter().collect()
    } else {
        property.values.iter().map(|value| said(room, value)).collect::<Result<_, _>>()?
    };
    Ok(Line { label, name: property.name.clone(), values })
}

/// One of several values that stand side by side.
fn said(room: &Room<'_>, value: &ValueView) -> Result<Said, Problem> {
    let claims: Vec<&ClaimView> = value.claims.iter().collect();
    let (shown, long) = shown(room, &value.value, &value.display)?;
    let accounts = claims.iter().map(|claim| account(room, claim, "", None)).collect::<Result<_, _>>()?;
    let summary = summary(claims.len(), value.roots, &claims);
    Ok(Said { shown, long, state: state_of(value.verification), summary, accounts, open: false })
}

/// The one value that is preferred, and every other account of it.
fn one_value(room: &Room<'_>, values: &[ValueView]) -> Result<Option<Said>, Problem> {
    let Some(best) = values.first() else { return Ok(None) };
    let (shown, long) = shown(room, &best.value, &best.display)?;
    let differing = values.iter().skip(1).any(|value| value.agrees == Some(Agreement::Different));
    let mut accounts = Vec::new();
    for value in values {
        for (at, claim) in value.claims.iter().enumerate() {
            let class = match (value.preferred, value.agrees) {
                (true, _) => "preferred",
                (false, Some(Agreement::Different) | None) => "other",
                (false, Some(_)) => "",
            };
            let how = match (value.preferred, at, value.agrees) {
                (true, 0, _) if values.len() > 1 || value.claims.len() > 1 => {
                    Some(format!("Preferred: {}.", value.why.trim_end_matches('.')))
                }
                (false, _, Some(Agreement::LessPrecise)) => Some("Less precise, agrees.".into()),
                (false, _, Some(Agreement::MorePrecise)) => Some("More precise, agrees.".into()),
                (false, _, Some(Agreement::Compatible)) => Some("Compatible.".into()),
                (false, _, Some(Agreement::Different)) => Some("Another account.".into()),
                _ => None,
            };
            accounts.push(account(room, claim, class, how)?);
        }
    }
    let claims: Vec<&ClaimView> = values.iter().flat_map(|value| &value.claims).collect();
    let roots = values.iter().map(|value| value.roots).sum::<usize>().min(claims.len());
    let state =
        if differing { State { class: "another", word: "another account" } } else { state_of(best.verification) };
    let summary = summary(claims.len(), roots, &claims);
    Ok(Some(Said { shown, long, state, summary, accounts, open: differing }))
}

/// A value for people; an entity and an address are links.
fn shown(room: &Room<'_>, value: &Value, display: &str) -> Result<(Words, bool), Problem> {
    Ok(match value {
        Value::Entity(id) => (room.link(*id)?, false),
        Value::Url(_) if display.starts_with("http") => (Words::of(&shortened(display, 90)).linked(display), false),
        _ => (Words::of(display), value.kind() == Kind::Text && display.chars().count() > 60),
    })
}

/// A claim as an account.
pub fn account(
    room: &Room<'_>,
    claim: &ClaimView,
    class: &'static str,
    how: Option<String>,
) -> Result<Account, Problem> {
    let mut notes: Vec<Words> = how.iter().map(|text| Words::of(text)).collect();
    notes.extend(claim.preferred_because.iter().map(|reason| Words::of(&format!("Chosen by hand: {reason}"))));
    let (class, state) = match &claim.state {
        ClaimState::Stands => (class, state_of(claim.verification)),
        ClaimState::OutsideStandard => {
            ("gone", State { class: claim.verification.as_str(), word: "outside the standard" })
        }
        ClaimState::Retracted { reason, by, at, position } => {
            notes.push(Words::of(&format!("Retracted by {by} on {} (entry {position}): {reason}", at.date())));
            ("gone", State { class: "gone", word: "retracted" })
        }
        ClaimState::Erased { reason } => {
            notes.push(Words::of(&format!("Erased: {reason}")));
            ("gone", State { class: "gone", word: "erased" })
        }
        ClaimState::NotUnderstood => {
            notes.push(Words::of("Written by a newer version of the program; kept as it is."));
            ("gone", State { class: "gone", word: "not understood" })
        }
    };
    let shown = match &claim.value {
        Some(value) => shown(room, value, &claim.display)?.0,
        None => Words::of(&claim.display),
    };
    let who = match claim.asserter {
        Some(asserter) => room.link(asserter)?,
        None => Words::of(&claim.asserter_label),
    };
    let source = claim.source.map(|source| {
        let title = Words::of(&shortened(&claim.source_label, 120));
        title.linked(&format!("/source/{source}?claim={id}#c-{id}", id = claim.id))
    });
    Ok(Account {
        id: claim.id.to_string(),
        class,
        shown,
        who,
        source: source.or_else(|| Some(Words::of("a source that is not in this view"))),
        quote: claim.locator.as_ref().and_then(Quote::of),
        no_words: claim.no_words.as_deref().map(Words::of),
        note: claim.note.as_deref().map(Words::of),
        how: notes,
        state,
    })
}

/// “47 claims, of which 6 stand against another”.
#[must_use]
pub fn totals(sources: usize, roots: usize, claims: usize, disputed: usize) -> String {
    let mut text = format!(
        "{}, {}; {}",
        counted(sources, "source", "sources"),
        counted(roots, "independent root", "independent roots"),
        counted(claims, "claim", "claims")
    );
    match disputed {
        0 => {}
        1 => text.push_str(", of which 1 stands against another"),
        n => text.push_str(&format!(", of which {n} stand against another")),
    }
    text
}
