//! Dates as lists write them, made into what the schema reads: the order of day and month by the mapping's word, never by guess.

use schema::{Date, Day};

use super::Why;
use crate::mapping::{DateOrder, Words};

/// Reads a date.
///
/// # Errors
/// Why it is none, and what to do.
pub fn read(text: &str, order: Option<DateOrder>) -> Result<Date, Why> {
    let text = text.trim();
    if let Some((from, to)) = range(text) {
        let joined = format!("{}/{}", read(from, order)?.canonical(), read(to, order)?.canonical());
        return parsed(&joined, text);
    }
    if order == Some(DateOrder::Serial) {
        return serial(text);
    }
    if let Some(date) = moment(text) {
        return parsed(&date, text).or_else(|why| date.split_once('T').map_or(Err(why), |(day, _)| read(day, order)));
    }
    let day = without_midnight(text);
    if let Some(figures) = in_figures(day) {
        return figured(figures, day, order);
    }
    if day.len() == 5 && day.bytes().all(|b| b.is_ascii_digit()) && ("20000"..="60000").contains(&day) {
        return Err(Why::new(
            "this looks like a spreadsheet’s count of days",
            "Say dates = \"serial\" for this column in the mapping, or give the column a date format and save again.",
        ));
    }
    parsed(day, text).or_else(|why| in_english(day).map_or(Err(why), |english| parsed(&english, text)))
}

fn parsed(text: &str, given: &str) -> Result<Date, Why> {
    Date::parse(text).map_err(|error| {
        let hint = if error.hint.contains("cannot be told") || error.problem.contains("cannot be told apart") {
            format!(
                "{} Or say dates = \"day-first\" or \"month-first\" in the mapping, if the whole column is so.",
                error.hint
            )
        } else {
            error.hint.clone()
        };
        let _ = given;
        Why::new(error.problem, hint)
    })
}

/// Uwazi's range, `2020/08/13:2020/08/15`, and one with an arrow.
fn range(text: &str) -> Option<(&str, &str)> {
    let parts = [":", "→", "~"].iter().find_map(|sign| {
        let (from, to) = text.split_once(sign)?;
        (!from.trim().is_empty() && !to.trim().is_empty()).then_some((from.trim(), to.trim()))
    })?;
    let dated = |half: &str| {
        half.len() >= 6 && half.contains(['/', '-']) && half.bytes().all(|b| b.is_ascii_digit() || b"/-".contains(&b))
    };
    (dated(parts.0) && dated(parts.1)).then_some(parts)
}

/// `2020-08-13 10:00:00.000Z` as `2020-08-13T10:00:00Z`; midnight is how programs write a day, and stays a day.
fn moment(text: &str) -> Option<String> {
    let bytes = text.as_bytes();
    if text.len() < 16 || !text.is_ascii() || bytes[4] != b'-' || bytes[7] != b'-' || !matches!(bytes[10], b' ' | b'T')
    {
        return None;
    }
    let (day, time) = (&text[..10], &text[11..]);
    let zone = time.find(['Z', '+', '-']).unwrap_or(time.len());
    let (clock, zone) = time.split_at(zone);
    let clock = clock.split(['.', ',']).next().unwrap_or(clock).trim();
    let zone = zone.trim();
    let zone = match zone.len() {
        5 if !zone.contains(':') => format!("{}:{}", &zone[..3], &zone[3..]),
        _ => zone.to_owned(),
    };
    if clock.bytes().all(|b| matches!(b, b'0' | b':')) && zone.is_empty() {
        return Some(day.to_owned());
    }
    Some(format!("{day}T{clock}{zone}"))
}

fn without_midnight(text: &str) -> &str {
    for end in [" 00:00:00", " 00:00", " 0:00:00", " 0:00", " 12:00:00 AM"] {
        if let Some(day) = text.strip_suffix(end) {
            return day.trim_end();
        }
    }
    text
}

/// The numbers of a date in figures, with the place of the year.
fn in_figures(text: &str) -> Option<Vec<&str>> {
    let separator = ['/', '-', '.'].into_iter().find(|sign| text.contains(*sign))?;
    let parts: Vec<&str> = text.split(separator).map(str::trim).collect();
    let numbers =
        parts.iter().all(|part| !part.is_empty() && part.len() <= 4 && part.bytes().all(|b| b.is_ascii_digit()));
    (numbers && (2..=3).contains(&parts.len())).then_some(parts)
}

fn figured(parts: Vec<&str>, text: &str, order: Option<DateOrder>) -> Result<Date, Why> {
    let number = |part: &str| part.parse::<u16>().unwrap_or(u16::MAX);
    let (year, month, day) = match parts.as_slice() {
        [year, month, day] if year.len() == 4 => (*year, number(month), number(day)),
        [month, year] if year.len() == 4 && month.len() <= 2 => (*year, number(month), 0),
        [year, month] if year.len() == 4 && month.len() <= 2 => (*year, number(month), 0),
        [a, b, year] if year.len() == 4 && a.len() <= 2 && b.len() <= 2 => {
            let (a, b) = (number(a), number(b));
            match order {
                Some(DateOrder::Day) => (*year, b, a),
                Some(DateOrder::Month) => (*year, a, b),
                // An unknown day is written as nought by some.
                _ if a == 0 => (*year, b, 0),
                _ => return parsed(text, text),
            }
        }
        _ => return parsed(text, text),
    };
    if month == 0 {
        return parsed(year, text);
    }
    if month > 12 {
        let said = order.map_or("", |order| if order == DateOrder::Month { "month first" } else { "day first" });
        let what = if said.is_empty() { String::new() } else { format!(", and the mapping says {said}") };
        return Err(Why::new(
            format!("there is no month {month}{what}"),
            "Correct it in the list, or change `dates` in the mapping if the whole column is the other way.",
        ));
    }
    if day == 0 {
        return parsed(&format!("{year}-{month:02}"), text);
    }
    parsed(&format!("{year}-{month:02}-{day:02}"), text)
}

/// Days since 30 December 1899, as spreadsheets count from March 1900 on (before, they have a day that never was).
fn serial(text: &str) -> Result<Date, Why> {
    let wrong = || {
        Why::new("this is no count of days", "Correct it in the list, or take dates = \"serial\" out of the mapping.")
    };
    let whole = text.split('.').next().unwrap_or(text);
    let days: i64 = whole.parse().map_err(|_| wrong())?;
    if !(61..=2_958_465).contains(&days) {
        return Err(wrong());
    }
    // Serial 25,569 is 1 January 1970.
    let day = Day::from_number(days - 25_569).ok_or_else(wrong)?;
    parsed(&day.to_string(), text)
}

/// The same with its month in English, if it is in another language that is known.
fn in_english(text: &str) -> Option<String> {
    const ENGLISH: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    let mut found = false;
    let words: Vec<String> = text
        .to_lowercase()
        .split_whitespace()
        .filter(|word| !matches!(*word, "de" | "del" | "le" | "el"))
        .map(|word| {
            let bare = word.trim_end_matches(['.', ',']);
            let month = Words::get().months.iter().find_map(|months| {
                let whole = months.iter().position(|month| month == bare);
                let alike = |month: &String| bare.chars().count() >= 3 && month.starts_with(bare);
                whole.or_else(|| {
                    let mut matching = months.iter().enumerate().filter(|(_, month)| alike(month));
                    matching.next().filter(|_| matching.next().is_none()).map(|(at, _)| at)
                })
            });
            match month {
                Some(at) => {
                    found = true;
                    ENGLISH[at].to_owned()
                }
                None => word.replace("1er", "1"),
            }
        })
        .collect();
    found.then(|| words.join(" "))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn told(text: &str, order: Option<DateOrder>) -> String {
        match read(text, order) {
            Ok(date) => date.canonical(),
            Err(why) => format!("! {}", why.reason),
        }
    }

    #[test]
    fn vague_stays_vague() {
        let given =
            ["2020-08", "Aug 2020", "08/2020", "2020/08", "00/08/2020", "2020-08-00", "2020", "about August 2020"];
        let told: Vec<String> = given.iter().map(|text| told(text, None)).collect();
        assert_eq!(told, ["2020-08", "2020-08", "2020-08", "2020-08", "2020-08", "2020-08", "2020", "2020-08~"]);
    }

    #[test]
    fn the_order_is_never_guessed() {
        assert!(told("12/08/2020", None).contains("cannot be told apart"));
        assert_eq!(told("12/08/2020", Some(DateOrder::Day)), "2020-08-12");
        assert_eq!(told("12/08/2020", Some(DateOrder::Month)), "2020-12-08");
        assert_eq!(told("31/07/2020", None), "2020-07-31");
        assert!(told("31/07/2020", Some(DateOrder::Month)).contains("no month 31"));
        assert_eq!(told("2020/08/13", None), "2020-08-13");
    }

    #[test]
    fn what_programs_write() {
        assert_eq!(told("2020-08-13T00:00:00", None), "2020-08-13");
        assert_eq!(told("2020-08-13 00:00:00", None), "2020-08-13");
        assert_eq!(told("2020-08-13T10:00:05.123+07:00", None), "2020-08-13T10:00:05+07:00");
        assert_eq!(told("2020/08/13:2020/08/15", None), "2020-08-13/2020-08-15");
        assert_eq!(told("44044", Some(DateOrder::Serial)), "2020-08-01");
        assert!(told("44044", None).contains("count of days"));
        assert_eq!(told("13 août 2020", None), "2020-08-13");
        assert_eq!(told("5 de enero de 2021", None), "2021-01-05");
        assert!(told("yesterday", None).starts_with('!'));
        assert!(told("31/02/2020", None).starts_with('!'));
    }
}
