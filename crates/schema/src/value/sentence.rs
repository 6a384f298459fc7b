//! What a court pronounced, in its parts.
//!
//! Canonical grammar (parts in this order, each at most once, separated by `; `):
//!
//! ```text
//! sentence   = pronounced *( "; " part )
//! pronounced = duration / "life" / "death" / "none"
//! part       = "serve " duration
//!            / "suspended " ( duration / "all" )
//!            / "supervised"
//!            / "fine " money
//! ```
//!
//! `P20M; serve P15M11D; suspended P4M20D; fine 2000000 KHR` · `P12M; suspended all` ·
//! `P18M; supervised` · `none; fine 17000000 KHR`. What is not stated is left out: with
//! `P20M; serve P15M11D` the rest is suspended, but how many days that is depends on the
//! calendar, so nobody computes it.

use crate::fold::{is_khmer, latin_digits, one_spaced};
use crate::value::money::is_an_amount;
use crate::value::{Agreement, Duration, Kind, Money, ValueError};

/// The punishment that was pronounced, before anything is suspended.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Pronounced {
    /// Imprisonment for a time.
    Prison(Duration),
    /// Imprisonment for life.
    Life,
    /// Death.
    Death,
    /// No imprisonment: a fine alone, or nothing.
    None,
}

/// A sentence: pronounced = to serve + suspended.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[non_exhaustive]
pub struct Sentence {
    /// What was pronounced.
    pub pronounced: Pronounced,
    /// The part to be served, where it is stated.
    pub to_serve: Option<Duration>,
    /// The part suspended, where it is stated; equal to the pronounced term when all of it is.
    pub suspended: Option<Duration>,
    /// Whether it is served outside prison under the supervision of the court.
    pub supervised: bool,
    /// A fine to the State beside it (or instead). Damages to a party are no part of a sentence.
    pub fine: Option<Money>,
}

const HINT: &str = "Write 24 months; 20 months, 15 months 11 days to serve; 12 months suspended; \
                    18 months supervised; life; or a fine of 2 million riel.";

impl Sentence {
    /// A sentence from its parts.
    ///
    /// # Errors
    /// When the parts do not add up to what was pronounced, or there is nothing that they could
    /// be parts of.
    pub fn new(
        pronounced: Pronounced,
        to_serve: Option<Duration>,
        suspended: Option<Duration>,
        supervised: bool,
        fine: Option<Money>,
    ) -> Result<Self, ValueError> {
        let sentence = Self { pronounced, to_serve, suspended, supervised, fine };
        let refuse =
            |problem: String, hint: &str| Err(ValueError::new(Kind::Sentence, &sentence.canonical(), problem, hint));
        let Pronounced::Prison(term) = pronounced else {
            if to_serve.is_some() || suspended.is_some() || supervised {
                return refuse(
                    "there is no term of which that could be a part".to_owned(),
                    "Write the term first, such as 12 months suspended.",
                );
            }
            return Ok(sentence);
        };
        for part in [to_serve, suspended].into_iter().flatten() {
            if part.is_comparable(&term) && part.longer_than(&term) {
                return refuse(
                    format!("{} is longer than the {} pronounced", part.display("en"), term.display("en")),
                    "Pronounced is what is served and what is suspended together.",
                );
            }
        }
        if let (Some(serve), Some(suspended)) = (to_serve, suspended)
            && !adds_up(&term, &serve, &suspended)
        {
            return refuse(
                format!(
                    "{} to serve and {} suspended do not make {}",
                    serve.display("en"),
                    suspended.display("en"),
                    term.display("en")
                ),
                "Check the source; where it states one part only, leave the other out.",
            );
        }
        Ok(sentence)
    }

    /// Reads the canonical form or what people write: “24 months”, “20 months, of which 15 months
    /// 11 days to serve”, “12 months suspended”, “18 months supervised”, “life imprisonment”,
    /// “two years and a fine of 2 million riel”.
    ///
    /// # Errors
    /// When a part cannot be read, stands twice, or the parts do not add up.
    pub fn parse(text: &str) -> Result<Self, ValueError> {
        let refuse = |problem: String| ValueError::new(Kind::Sentence, text, problem, HINT);
        let plain = one_spaced(&latin_digits(text).to_lowercase());
        let mut pronounced: Option<Pronounced> = None;
        let mut to_serve = None;
        let mut suspended: Option<Option<Duration>> = None;
        let mut supervised = false;
        let mut fine = None;
        for segment in segments(&plain) {
            let segment = segment.as_str();
            if is_an_amount(segment) {
                let amount = strip_words(segment, &["a ", "the "], &[]);
                let amount = strip_words(amount, &["fine of ", "fined ", "fine "], &[" fine"]);
                if fine.is_some() {
                    return Err(refuse("there are two fines".to_owned()));
                }
                fine = Some(Money::parse(amount).map_err(|e| refuse(e.problem))?);
                continue;
            }
            let (rest, role) = role(segment);
            match role {
                Role::Supervised if rest.is_empty() => supervised = true,
                Role::Serve => {
                    if to_serve.is_some() {
                        return Err(refuse("the part to serve stands twice".to_owned()));
                    }
                    to_serve = Some(duration(rest).map_err(&refuse)?);
                }
                Role::Suspended if pronounced.is_some() || rest.is_empty() => {
                    if suspended.is_some() {
                        return Err(refuse("the suspended part stands twice".to_owned()));
                    }
                    suspended = Some(match rest {
                        "" | "all" | "fully" | "wholly" | "entirely" | "in full" => None,
                        other => Some(duration(other).map_err(&refuse)?),
                    });
                }
                // “12 months suspended”, “18 months supervised”: the term and what becomes of it.
                _ => {
                    if pronounced.is_some() {
                        return Err(refuse(format!("“{segment}” cannot be understood here")));
                    }
                    pronounced = Some(term(rest).map_err(&refuse)?);
                    supervised |= role == Role::Supervised;
                    if role == Role::Suspended {
                        suspended = Some(None);
                    }
                }
            }
        }
        let pronounced = match pronounced {
            Some(pronounced) => pronounced,
            None if fine.is_some() => Pronounced::None,
            None => return Err(refuse("no term is stated".to_owned())),
        };
        let suspended = match (suspended, pronounced) {
            (Some(None), Pronounced::Prison(term)) => Some(term),
            (Some(None), _) => {
                return Err(refuse("there is no term that could be suspended".to_owned()));
            }
            (Some(Some(part)), _) => Some(part),
            (None, _) => None,
        };
        Self::new(pronounced, to_serve, suspended, supervised, fine)
            .map_err(|e| ValueError { given: text.to_owned(), ..e })
    }

    /// Whether all of the term is suspended.
    #[must_use]
    pub fn is_wholly_suspended(&self) -> bool {
        self.to_serve.is_none()
            && matches!((self.pronounced, self.suspended), (Pronounced::Prison(a), Some(b)) if a == b)
    }

    /// See the module's grammar.
    #[must_use]
    pub fn canonical(&self) -> String {
        let mut out = match self.pronounced {
            Pronounced::Prison(term) => term.canonical(),
            Pronounced::Life => "life".to_owned(),
            Pronounced::Death => "death".to_owned(),
            Pronounced::None => "none".to_owned(),
        };
        if let Some(part) = self.to_serve {
            out.push_str(&format!("; serve {}", part.canonical()));
        }
        if self.is_wholly_suspended() {
            out.push_str("; suspended all");
        } else if let Some(part) = self.suspended {
            out.push_str(&format!("; suspended {}", part.canonical()));
        }
        if self.supervised {
            out.push_str("; supervised");
        }
        if let Some(fine) = self.fine {
            out.push_str(&format!("; fine {}", fine.canonical()));
        }
        out
    }

    /// “20 months, of which 15 months 11 days to serve, and a fine of 2,000,000 riel”.
    #[must_use]
    pub fn display(&self, locale: &str) -> String {
        let km = is_khmer(locale);
        let say = |english: &'static str, khmer: &'static str| if km { khmer } else { english };
        let mut out = match self.pronounced {
            Pronounced::Prison(term) => term.display(locale),
            Pronounced::Life => say("life imprisonment", "ដាក់ពន្ធនាគារអស់មួយជីវិត").to_owned(),
            Pronounced::Death => say("death", "ប្រហារជីវិត").to_owned(),
            Pronounced::None => String::new(),
        };
        let serve = self.to_serve.map(|d| match km {
            true => format!("អនុវត្ត {}", d.display(locale)),
            false => format!("{} to serve", d.display(locale)),
        });
        let suspended = self.suspended.map(|d| match km {
            true => format!("ព្យួរ {}", d.display(locale)),
            false => format!("{} suspended", d.display(locale)),
        });
        if self.is_wholly_suspended() {
            out.push_str(say(", all suspended", " ព្យួរទាំងស្រុង"));
        } else {
            let parts: Vec<String> = [serve, suspended].into_iter().flatten().collect();
            if !parts.is_empty() {
                out.push_str(say(", of which ", " ក្នុងនោះ "));
                out.push_str(&parts.join(say(" and ", " និង ")));
            }
        }
        if self.supervised {
            out.push_str(say(", under court supervision", " ក្រោមការត្រួតពិនិត្យតាមផ្លូវតុលាការ"));
        }
        if let Some(fine) = self.fine {
            let fine = match km {
                true => format!("ពិន័យ {}", fine.display(locale)),
                false => format!("a fine of {}", fine.display(locale)),
            };
            let (between, comma) = if km { (" និង", " និង") } else { (" and ", ", and ") };
            if !out.is_empty() {
                out.push_str(if out.contains(", ") { comma } else { between });
            }
            out.push_str(&fine);
        }
        if out.is_empty() { say("no penalty", "គ្មានទោស").to_owned() } else { out }
    }

    pub(super) fn sort_text(&self) -> String {
        match self.pronounced {
            Pronounced::None => "0".to_owned(),
            Pronounced::Prison(term) => format!("1{}", term.sort_text()),
            Pronounced::Life => "2".to_owned(),
            Pronounced::Death => "3".to_owned(),
        }
    }

    /// The same term (24 months, two years), and parts that do not contradict each other; who
    /// states more parts says more.
    #[must_use]
    pub fn agreement(&self, other: &Self) -> Agreement {
        let mut parts = vec![match (self.pronounced, other.pronounced) {
            (Pronounced::Prison(a), Pronounced::Prison(b)) => a.agreement(&b),
            (a, b) if a == b => Agreement::Same,
            _ => Agreement::Different,
        }];
        let both = |a: Option<Duration>, b: Option<Duration>| match (a, b) {
            (Some(a), Some(b)) => a.agreement(&b),
            (a, b) => Agreement::of(a.is_some(), b.is_some()),
        };
        parts.push(both(self.to_serve, other.to_serve));
        parts.push(both(self.suspended, other.suspended));
        parts.push(Agreement::of(self.supervised, other.supervised).same_if(self.supervised && other.supervised));
        parts.push(match (&self.fine, &other.fine) {
            (Some(a), Some(b)) => a.agreement(b),
            (a, b) => Agreement::of(a.is_some(), b.is_some()),
        });
        if parts.contains(&Agreement::Different) {
            return Agreement::Different;
        }
        if parts.contains(&Agreement::Compatible) {
            return Agreement::Compatible;
        }
        Agreement::of(parts.contains(&Agreement::MorePrecise), parts.contains(&Agreement::LessPrecise))
    }
}

impl Agreement {
    fn same_if(self, same: bool) -> Self {
        if same { Self::Same } else { self }
    }
}

impl Duration {
    fn longer_than(&self, other: &Self) -> bool {
        self.sort_text() > other.sort_text()
    }
}

/// Whether the parts make the whole, whatever months are meant: months that the parts lack must
/// be there as days, 28 to 31 of them a month.
fn adds_up(whole: &Duration, serve: &Duration, suspended: &Duration) -> bool {
    if whole.approximate || serve.approximate || suspended.approximate {
        return true;
    }
    let months = whole.total_months() as i64 - serve.total_months() as i64 - suspended.total_months() as i64;
    let days = i64::from(serve.days) + i64::from(suspended.days) - i64::from(whole.days);
    match months {
        // The other way round as well: P1M15D = P30D + P15D has more days on the left.
        0 => days == 0,
        n if n > 0 => (28 * n..=31 * n).contains(&days),
        n => (28 * -n..=31 * -n).contains(&-days),
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Role {
    Term,
    Serve,
    Suspended,
    Supervised,
}

/// What a segment is about, and what is left of it.
fn role(segment: &str) -> (&str, Role) {
    let segment = strip_words(segment, &["of which ", "with ", "and "], &[]);
    for (starts, ends, role) in [
        (&["serve ", "to serve "] as &[&str], &[" to serve", " to be served", " served"] as &[&str], Role::Serve),
        (&["suspended "], &[" suspended"], Role::Suspended),
        (
            &[],
            &[
                " supervised",
                " under court supervision",
                " under supervision",
                " of court supervision",
                " court supervision",
            ],
            Role::Supervised,
        ),
    ] {
        let rest = strip_words(segment, starts, ends);
        if rest.len() < segment.len() {
            return (strip_words(rest, &[], &[","]).trim(), role);
        }
    }
    match segment {
        "suspended" | "all suspended" => ("", Role::Suspended),
        "supervised" | "under court supervision" | "under supervision" => ("", Role::Supervised),
        other => (other, Role::Term),
    }
}

/// Without the first start and the first end that match.
fn strip_words<'a>(text: &'a str, starts: &[&str], ends: &[&str]) -> &'a str {
    let text = starts.iter().find_map(|s| text.strip_prefix(s)).unwrap_or(text);
    ends.iter().find_map(|e| text.strip_suffix(e)).unwrap_or(text).trim()
}

/// The parts of a phrase: at semicolons, at commas followed by a space, and at “and” or “plus”
/// where a fine, or a part to serve or suspended, follows.
fn segments(phrase: &str) -> Vec<String> {
    let mut marked = phrase.replace(", and ", "; ").replace(", ", "; ").replace(" plus ", "; ");
    for word in [" and a fine", " and fine", " and fined"] {
        marked = marked.replace(word, &format!(";{}", word.trim_start_matches(" and")));
    }
    if marked.contains("to serve and ") {
        marked = marked.replace("to serve and ", "to serve; ");
    }
    marked.split(';').map(|s| s.trim().to_owned()).filter(|s| !s.is_empty()).collect()
}

fn term(phrase: &str) -> Result<Pronounced, String> {
    let phrase =
        strip_words(phrase, &[], &[" in prison", " imprisonment", " of imprisonment", " in jail", " prison term"]);
    match phrase {
        "life" | "life sentence" => Ok(Pronounced::Life),
        "death" | "death penalty" | "death sentence" => Ok(Pronounced::Death),
        "none" => Ok(Pronounced::None),
        other => duration(other).map(Pronounced::Prison),
    }
}

fn duration(phrase: &str) -> Result<Duration, String> {
    Duration::parse(phrase).map_err(|e| format!("“{phrase}”: {}", e.problem))
}

#[cfg(test)]
mod tests;
