//! Dates for people, in English and in Khmer.

use crate::fold::{is_khmer, local_digits};

use super::{Date, End, Form, Parts, Point, Time};

pub(super) const MONTHS: [&str; 12] = [
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

/// The months of the Gregorian calendar in Khmer.
pub(super) const KHMER_MONTHS: [&str; 12] =
    ["មករា", "កុម្ភៈ", "មីនា", "មេសា", "ឧសភា", "មិថុនា", "កក្កដា", "សីហា", "កញ្ញា", "តុលា", "វិច្ឆិកា", "ធ្នូ"];

pub(super) const SEASONS: [&str; 4] = ["spring", "summer", "autumn", "winter"];
const KHMER_SEASONS: [&str; 4] = ["និទាឃរដូវ", "រដូវក្តៅ", "រដូវស្លឹកឈើជ្រុះ", "រដូវរងា"];

/// The name of month 1–12; empty for any other number.
pub(super) fn month_name(names: &[&'static str; 12], month: u8) -> &'static str {
    names.get(usize::from(month).wrapping_sub(1)).copied().unwrap_or_default()
}

impl Date {
    /// “31 July 2020”, “about August 2020”, “between 31 July 2020 and 10 September 2020”, “on or
    /// before 3 September 2017”; for locale `km` «៣១ កក្កដា ២០២០». Bounds are inclusive, so
    /// `../2017-09-03` is never shown as “before 3 September” alone.
    #[must_use]
    pub fn display(&self, locale: &str) -> String {
        let (start, end) = match &self.form {
            Form::Point(point) => return point.display(locale),
            Form::Interval(start, end) => (start, end),
        };
        let km = is_khmer(locale);
        match (start, end) {
            (End::At(a), End::At(b)) if km => {
                format!("ចន្លោះពី {} ដល់ {}", a.display(locale), b.display(locale))
            }
            (End::At(a), End::At(b)) => {
                format!("between {} and {}", a.display(locale), b.display(locale))
            }
            (End::At(a), end) => {
                let unknown = *end == End::Unknown;
                match (km, unknown) {
                    (true, false) => format!("ចាប់ពី {} តទៅ", a.display(locale)),
                    (true, true) => format!("ចាប់ពី {} (មិនដឹងថ្ងៃបញ្ចប់)", a.display(locale)),
                    (false, false) => format!("from {} on", a.display(locale)),
                    (false, true) => format!("from {}, end unknown", a.display(locale)),
                }
            }
            (start, End::At(b)) => {
                let unknown = *start == End::Unknown;
                match (km, unknown) {
                    (true, false) => format!("មិនហួសពី {}", b.display(locale)),
                    (true, true) => format!("ដល់ {} (មិនដឹងថ្ងៃចាប់ផ្តើម)", b.display(locale)),
                    (false, false) => format!("{} or before {}", b.preposition(), b.display(locale)),
                    (false, true) => format!("until {}, beginning unknown", b.display(locale)),
                }
            }
            _ => String::new(),
        }
    }
}

impl Point {
    /// “on” a day, “in” a month or year.
    const fn preposition(&self) -> &'static str {
        match self.parts {
            Parts::Day(..) | Parts::Moment(..) => "on",
            _ => "in",
        }
    }

    fn display(&self, locale: &str) -> String {
        let km = is_khmer(locale);
        let words = if km { self.khmer(locale) } else { self.english() };
        let about = match (self.qualifier.approximate, km) {
            (false, _) => "",
            (true, false) => "about ",
            (true, true) => "ប្រហែល ",
        };
        let uncertain = match (self.qualifier.uncertain, km) {
            (false, _) => "",
            (true, false) => " (uncertain)",
            (true, true) => " (មិនប្រាកដ)",
        };
        format!("{about}{words}{uncertain}")
    }

    fn english(&self) -> String {
        let month = |m| month_name(&MONTHS, m);
        match self.parts {
            Parts::Years { unknown: 1, .. } => format!("{}s", self.first_year()),
            Parts::Years { negative, .. } => {
                let (a, b) = self.stated();
                let (a, b) = (a.parts().0, b.parts().0);
                if negative { format!("{}–{}", era(a), era(b)) } else { format!("{a}–{b}") }
            }
            Parts::Year(y) => era(y),
            Parts::Season(y, s) => format!("{} {}", season(&SEASONS, s), era(y)),
            Parts::SomeMonth(y) => format!("{}, month unknown", era(y)),
            Parts::SomeDayOfYear(y) => format!("{}, month and day unknown", era(y)),
            Parts::Month(y, m) => format!("{} {}", month(m), era(y)),
            Parts::SomeDay(y, m) => format!("{} {}, day unknown", month(m), era(y)),
            Parts::Day(y, m, d) => format!("{d} {} {}", month(m), era(y)),
            Parts::Moment(y, m, d, time) => {
                format!("{d} {} {}, {}", month(m), era(y), time.clock())
            }
        }
    }

    fn khmer(&self, locale: &str) -> String {
        let month = |m| month_name(&KHMER_MONTHS, m);
        let words = match self.parts {
            Parts::Years { .. } => {
                let (a, b) = self.stated();
                format!("{}–{}", khmer_year(a.parts().0), khmer_year(b.parts().0))
            }
            Parts::Year(y) => khmer_year(y),
            Parts::Season(y, s) => format!("{} {}", season(&KHMER_SEASONS, s), khmer_year(y)),
            Parts::SomeMonth(y) => format!("{} (មិនដឹងខែ)", khmer_year(y)),
            Parts::SomeDayOfYear(y) => format!("{} (មិនដឹងខែ និងថ្ងៃ)", khmer_year(y)),
            Parts::Month(y, m) => format!("{} {}", month(m), khmer_year(y)),
            Parts::SomeDay(y, m) => format!("{} {} (មិនដឹងថ្ងៃ)", month(m), khmer_year(y)),
            Parts::Day(y, m, d) => format!("{d} {} {}", month(m), khmer_year(y)),
            Parts::Moment(y, m, d, time) => {
                format!("{d} {} {} {}", month(m), khmer_year(y), time.clock())
            }
        };
        local_digits(&words, locale)
    }

    fn first_year(&self) -> String {
        let (a, b) = self.stated();
        let (a, b) = (a.parts().0, b.parts().0);
        // The nought years count away from the era: the 40s BC are −49…−40.
        if a < 0 { format!("{b}") } else { format!("{a}") }
    }
}

impl Time {
    /// `10:00 (UTC+07:00)`; no offset, no zone.
    fn clock(&self) -> String {
        let seconds = self.second.map_or_else(String::new, |s| format!(":{s:02}"));
        let zone = match self.offset {
            None => String::new(),
            Some(0) => " (UTC)".to_owned(),
            Some(offset) => {
                format!(" (UTC{}{:02}:{:02})", if offset < 0 { '−' } else { '+' }, offset.abs() / 60, offset.abs() % 60)
            }
        };
        format!("{:02}:{:02}{seconds}{zone}", self.hour, self.minute)
    }
}

/// `2020`; `44 BC` for −43, since the year 0 is 1 BC.
fn era(year: i64) -> String {
    if year > 0 { year.to_string() } else { format!("{} BC", 1 - year) }
}

fn khmer_year(year: i64) -> String {
    if year > 0 { year.to_string() } else { format!("{} មុន គ.ស.", 1 - year) }
}

fn season(names: &[&'static str; 4], number: u8) -> &'static str {
    names.get(usize::from(number).wrapping_sub(21)).copied().unwrap_or_default()
}
