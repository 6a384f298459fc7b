//! Numbers and days of spreadsheets, in words.

/// A number as a spreadsheet shows it: fifteen digits, without the machine's way of writing 0.3.
pub fn figure(number: f64) -> String {
    if number.fract() == 0.0 && number.abs() < 1e15 {
        format!("{number:.0}")
    } else {
        let short = format!("{number:.12}");
        let short = short.trim_end_matches('0').trim_end_matches('.');
        if number.abs() > 1e-6 && number.abs() < 1e15 { short.to_owned() } else { format!("{number}") }
    }
}

/// A count of days since 30 December 1899 as ISO 8601, with its time if it has one; less than a day is a time. Before March 1900 the
/// count has a day that never was (29 February 1900).
pub fn dated(days: f64) -> Option<String> {
    if !(0.0..2_958_466.0).contains(&days) {
        return None;
    }
    let seconds = (days * 86_400.0).round() as i64;
    let (day, second) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
    let clock = match (second / 3600, second / 60 % 60, second % 60) {
        (0, 0, 0) => String::new(),
        (hour, minute, 0) => format!("{hour:02}:{minute:02}"),
        (hour, minute, second) => format!("{hour:02}:{minute:02}:{second:02}"),
    };
    if day == 0 {
        return Some(if clock.is_empty() { "00:00".into() } else { clock });
    }
    let (year, month, day) = civil(day - 25_569 + i64::from(day < 60));
    let join = if clock.is_empty() { "" } else { "T" };
    Some(format!("{year:04}-{month:02}-{day:02}{join}{clock}"))
}

/// As much of an ISO 8601 day as its cell shows: a sheet that says “Sep 2020” does not say on which day, whatever number stands behind it.
/// Where it cannot be told, the day stays.
pub fn as_shown<'d>(date: &'d str, shown: &str) -> &'d str {
    let parts: Vec<u32> = date.split('-').filter_map(|part| part.parse().ok()).collect();
    let ([year, _, day], 10) = (parts.as_slice(), date.len()) else { return date };
    let mut figures: Vec<u32> =
        shown.split(|c: char| !c.is_ascii_digit()).filter_map(|part| part.parse().ok()).collect();
    // The month in words; 月 is what stands behind one in figures.
    let named = shown.chars().any(char::is_alphabetic) && !shown.contains('月');
    let short = year % 100;
    let at = figures.iter().position(|figure| figure == year);
    let at = at.or_else(|| figures.iter().position(|figure| *figure == short && short != *day));
    let Some(at) = at else { return date };
    figures.remove(at);
    match (figures.len(), named) {
        (0, false) => &date[..4],
        (0, true) | (1, false) => &date[..7],
        _ => date,
    }
}

/// A length of time in days, as hours and minutes.
pub fn lasting(days: f64) -> String {
    let minutes = (days * 1440.0).round() as i64;
    format!("{}:{:02}", minutes / 60, (minutes % 60).abs())
}

/// The Gregorian day of a count of days since 1 January 1970 (Howard Hinnant, chrono-compatible date algorithms).
fn civil(days: i64) -> (i64, i64, i64) {
    let z = days + 719_468;
    let era = z.div_euclid(146_097);
    let doe = z.rem_euclid(146_097);
    let yoe = (doe - doe / 1460 + doe / 36_524 - doe / 146_096) / 365;
    let doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    let mp = (5 * doy + 2) / 153;
    let day = doy - (153 * mp + 2) / 5 + 1;
    let month = if mp < 10 { mp + 3 } else { mp - 9 };
    (yoe + era * 400 + i64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_that_is_not_shown_is_not_said() {
        let shown = [
            "Sep 2020",
            "09/2020",
            "Sep-20",
            "2020",
            "2020年9月",
            "15/09/20",
            "15. September 2020",
            "",
            "15 Sep",
            "២០២០",
        ];
        let said = shown.map(|shown| as_shown("2020-09-15", shown).len());
        assert_eq!(said, [7, 7, 7, 4, 7, 10, 10, 10, 10, 10]);
        assert_eq!(
            (as_shown("2020-09-20", "20 Sep"), as_shown("2020-09-15T10:30", "2020")),
            ("2020-09-20", "2020-09-15T10:30")
        );
    }

    #[test]
    fn days_and_times() {
        let said: Vec<Option<String>> = [44_056.0, 44_056.437_5, 0.5, 1.0, 59.0, 61.0, -1.0].map(dated).into();
        let said: Vec<&str> = said.iter().map(|text| text.as_deref().unwrap_or("none")).collect();
        assert_eq!(said, ["2020-08-13", "2020-08-13T10:30", "12:00", "1900-01-01", "1900-02-28", "1900-03-01", "none"]);
        assert_eq!((lasting(1.5), figure(0.1 + 0.2), figure(24.0)), ("36:00".into(), "0.3".into(), "24".into()));
    }
}
