//! What a column may mean: by its heading, and by what stands in it.

use schema::{Kind, Registry, fold, nearest};

use super::super::Words;
use super::super::words::{Column, plain};
use crate::file::Table;
use crate::mapping::DateOrder;
use crate::take::dates;

/// A guess less sure than this is told and not made.
pub const SURE_ENOUGH: f64 = 0.5;
/// A heading that says so much is believed, whatever stands in the column: cells that do not fit are told one by one.
const PLAIN: f64 = 0.75;
/// As sure as a heading alone can make it.
const BY_HEADING: f64 = 0.65;

pub struct Guess<'a> {
    pub at: usize,
    pub word: &'a Column,
    pub confidence: f64,
    pub why: String,
}

/// The best meaning of each column that is not the program's own.
pub fn guesses(
    table: &Table,
    sample: &[Vec<String>],
    registry: &Registry,
    order: Option<DateOrder>,
    own: impl Fn(usize, &str) -> bool,
) -> Vec<Guess<'static>> {
    let columns = table.headers.iter().enumerate().filter(|(at, header)| !own(*at, header));
    columns.filter_map(|(at, header)| guess(at, header, &sample[at], registry, order)).collect()
}

/// By its heading, and by how many of its values could be such.
fn guess(
    at: usize,
    header: &str,
    values: &[String],
    registry: &Registry,
    order: Option<DateOrder>,
) -> Option<Guess<'static>> {
    let heading = plain(header);
    let mut best: Option<Guess<'static>> = None;
    for word in &Words::get().columns {
        let Some((by_word, known)) = word
            .words
            .iter()
            .filter_map(|known| Some((likeness(&heading, known)?, known)))
            .max_by(|a, b| a.0.total_cmp(&b.0))
        else {
            continue;
        };
        let kind = registry.property(&word.schema, &word.property).map(|property| property.kind);
        if matches!(kind, Ok(Kind::Place)) && is_figure_of_a_place(&heading) {
            continue;
        }
        if matches!(kind, Ok(Kind::Name)) && matches!(heading.as_str(), "place name" | "location name") {
            continue;
        }
        let asks = matches!(kind, Ok(Kind::Date | Kind::Count | Kind::Place));
        let says = |value: &&String| !(asks && Words::get().unknown.contains(&fold(value)));
        let values: Vec<&String> = values.iter().filter(says).collect();
        let fitting = values.iter().filter(|value| becomes(word, value, registry, order).is_some()).count();
        let share = if values.is_empty() { 0.5 } else { fitting as f64 / values.len() as f64 };
        let mut confidence = by_word * (0.3 + 0.7 * share);
        // A date is a date by its heading. A term that is none of ours has to be explained first.
        let believed = matches!(kind, Ok(Kind::Date | Kind::Count)) || word.property == "gender";
        if believed && by_word >= PLAIN {
            confidence = confidence.max(BY_HEADING * by_word.max(0.95));
        }
        if best.as_ref().is_none_or(|best| confidence > best.confidence + 1e-9) {
            let why = match (values.len(), fitting) {
                (0, _) => format!("the heading is like “{known}”; the column is empty in the first rows"),
                (all, fitting) if fitting * 2 < all => {
                    format!(
                        "the heading is like “{known}”, though only {fitting} of {all} values fit: the others will be told"
                    )
                }
                (all, fitting) => format!("the heading is like “{known}”, and {fitting} of {all} values fit"),
            };
            best = Some(Guess { at, word, confidence, why });
        }
    }
    let best = best.filter(|best| best.confidence > 0.2);
    let text = |guess: &Guess<'_>| {
        let kind = registry.property(&guess.word.schema, &guess.word.property).map(|property| property.kind);
        matches!(kind, Ok(Kind::Text | Kind::Name | Kind::Place | Kind::Identifier))
    };
    if mostly(values, is_address) && best.as_ref().is_none_or(text) {
        let word = Words::get().columns.iter().find(|word| word.property == "sourceUrl")?;
        let why = "its values are addresses on the web".to_owned();
        return Some(Guess { at, word, confidence: 0.9, why });
    }
    best
}

/// Coordinates and codes of a place are no names of it.
fn is_figure_of_a_place(heading: &str) -> bool {
    let last = heading.rsplit(' ').next().unwrap_or(heading);
    ["latitude", "longitude", "altitude", "accuracy", "lat", "lon", "lng", "code", "pcode"].contains(&last)
}

fn mostly(values: &[String], is: impl Fn(&str) -> bool) -> bool {
    !values.is_empty() && values.iter().filter(|value| is(value)).count() * 10 >= values.len() * 6
}

fn is_address(value: &str) -> bool {
    ["http://", "https://", "www."].iter().any(|start| value.starts_with(start))
}

/// How near a heading is to a word that is known.
fn likeness(heading: &str, known: &str) -> Option<f64> {
    if heading == known {
        return Some(1.0);
    }
    let tokens: Vec<&str> = heading.split(' ').collect();
    let wanted: Vec<&str> = known.split(' ').collect();
    if tokens.windows(wanted.len()).any(|window| window == wanted) {
        return Some(0.5 + 0.35 * wanted.len() as f64 / tokens.len() as f64);
    }
    if known.chars().count() > 4 && nearest(heading, [known]).is_some() {
        return Some(0.6);
    }
    // Khmer does not part its words: a heading that begins so says so.
    if known.chars().count() > 3 && is_khmer(known) && heading.contains(known) {
        return Some(0.5 + 0.35 * known.chars().count() as f64 / heading.chars().count() as f64);
    }
    None
}

/// Whether a text is in Khmer script.
fn is_khmer(text: &str) -> bool {
    text.chars().any(|c| ('\u{1780}'..='\u{17FF}').contains(&c))
}

/// What a value becomes; `None`: it could not be such.
pub fn becomes(word: &Column, value: &str, registry: &Registry, order: Option<DateOrder>) -> Option<String> {
    let kind = registry.property(&word.schema, &word.property).ok()?.kind;
    if kind == Kind::Date {
        // Where day and month cannot be told apart, it is a date all the same.
        return match dates::read(value, order) {
            Ok(date) => Some(date.display("en")),
            Err(why) if why.reason.contains("cannot be told apart") => Some("a date, day and month in doubt".into()),
            Err(_) => None,
        };
    }
    if kind == Kind::Name {
        let digits = value.chars().filter(|c| c.is_ascii_digit()).count();
        // Neither a number nor an address is a name; a bar in one is a bar.
        return (digits * 2 <= value.chars().count() && !is_address(value)).then(|| value.to_owned());
    }
    let said = Words::get().meaning(&word.property, value).unwrap_or(value);
    let value = registry.parse(&word.schema, &word.property, said, None).ok()?;
    Some(value.display(registry, "en"))
}

/// One column for each property that has one value; the others stay out, with what they might be. Names in Khmer and in Latin letters are
/// both names.
pub fn settle(guesses: &mut [Guess<'_>], sample: &[Vec<String>]) {
    let mut taken: Vec<(String, String, Option<String>, bool)> = Vec::new();
    let mut order: Vec<usize> = (0..guesses.len()).collect();
    // Where a heading says of what it is the place or the day, it wins over one that does not.
    let rank = |at: &usize| (guesses[*at].confidence, f64::from(u8::from(guesses[*at].word.act.is_some())));
    order.sort_by(|a, b| rank(b).0.total_cmp(&rank(a).0).then(rank(b).1.total_cmp(&rank(a).1)));
    for at in order {
        let word = guesses[at].word;
        let khmer = word.property == "name" && mostly(&sample[guesses[at].at], is_khmer);
        let place = (word.entity.clone(), word.property.clone(), word.part.clone(), khmer);
        let several = matches!(word.property.as_str(), "alias" | "note" | "identifier" | "account" | "sourceUrl");
        if taken.contains(&place) && !several {
            guesses[at].confidence = 0.3;
            guesses[at].why.push_str("; another column is nearer");
        } else if guesses[at].confidence >= SURE_ENOUGH {
            taken.push(place);
        }
    }
    // A whole name is better than its parts.
    let is_name = |guess: &Guess<'_>| guess.word.property == "name" && guess.word.entity == "person";
    let whole = |guess: &Guess<'_>| guess.confidence >= SURE_ENOUGH && is_name(guess) && guess.word.part.is_none();
    if guesses.iter().any(whole) {
        for guess in guesses.iter_mut().filter(|guess| guess.word.part.is_some()) {
            guess.confidence = guess.confidence.min(0.4);
        }
    }
}

/// What a list writes for a term, and what it means: those of the values that are not terms themselves.
pub fn meanings(word: &Column, values: &[String], registry: &Registry) -> Vec<(String, String)> {
    let mut pairs: Vec<(String, String)> = Vec::new();
    for value in values {
        let known = registry.parse(&word.schema, &word.property, value, None).is_ok();
        let Some(meaning) = Words::get().meaning(&word.property, value).filter(|_| !known) else { continue };
        if !pairs.iter().any(|(from, _)| fold(from) == fold(value)) {
            pairs.push((value.clone(), meaning.to_owned()));
        }
    }
    if word.property == "gender" {
        pairs.extend(explained_m(values));
    }
    pairs
}

/// A list that writes H for men (hombres) and has no F writes M for women (mujeres): taken for a man she would be recorded as one. Where F
/// stands for women, M does not.
fn explained_m(values: &[String]) -> Option<(String, String)> {
    let writes = |letter: &str| values.iter().find(|value| fold(value) == letter);
    let m = writes("m").filter(|_| writes("h").is_some())?;
    Some((m.clone(), if writes("f").is_none() { "female" } else { "male" }.to_owned()))
}
