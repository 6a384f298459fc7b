//! Time: milliseconds since 1970 in UTC, and the hybrid logical clock that never runs backwards within a feed.

use std::fmt;
use std::str::FromStr;
use std::time::{SystemTime, UNIX_EPOCH};

use minicbor::{Decode, Encode};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use time::macros::format_description;

use crate::Error;

/// A moment: milliseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(transparent)]
pub struct Timestamp(#[n(0)] pub u64);

impl Timestamp {
    #[must_use]
    pub fn now() -> Self {
        let elapsed = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Timestamp(u64::try_from(elapsed.as_millis()).unwrap_or(u64::MAX))
    }

    /// The day in UTC, `2026-11-22`.
    #[must_use]
    pub fn date(self) -> String {
        self.utc().and_then(|time| time.format(format_description!("[year]-[month]-[day]")).ok()).unwrap_or_default()
    }

    /// Day and minute in UTC, `2026-11-22 14:05`.
    #[must_use]
    pub fn minute(self) -> String {
        self.utc()
            .and_then(|time| time.format(format_description!("[year]-[month]-[day] [hour]:[minute]")).ok())
            .unwrap_or_default()
    }

    fn utc(self) -> Option<OffsetDateTime> {
        OffsetDateTime::from_unix_timestamp_nanos(i128::from(self.0) * 1_000_000).ok()
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = self.utc().and_then(|time| time.format(&Rfc3339).ok());
        f.write_str(text.as_deref().unwrap_or("(no time)"))
    }
}

impl FromStr for Timestamp {
    type Err = Error;

    /// A date (its last millisecond in UTC: "as of that day" includes the day), or an RFC 3339 date and time.
    fn from_str(text: &str) -> Result<Self, Error> {
        let millis = |time: OffsetDateTime| u64::try_from(time.unix_timestamp_nanos() / 1_000_000).ok().map(Timestamp);
        let end_of_day = || {
            let day = time::Date::parse(text, format_description!("[year]-[month]-[day]")).ok()?;
            millis(day.next_day()?.midnight().assume_utc()).map(|next| Timestamp(next.0.saturating_sub(1)))
        };
        end_of_day().or_else(|| millis(OffsetDateTime::parse(text, &Rfc3339).ok()?)).ok_or_else(|| Error::Wrong {
            what: format!("“{text}” is no moment"),
            hint: "write a date like 2020-11-16, or a time like 2020-11-16T09:30:00Z".into(),
        })
    }
}

/// A hybrid logical clock (Kulkarni and others, 2014): wall time, and a counter for what happens within one millisecond or while
/// the wall clock stands behind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(array)]
pub struct Clock {
    #[n(0)]
    pub millis: u64,
    #[n(1)]
    pub counter: u32,
}

impl Clock {
    /// The next tick after this one, at wall time `now`.
    #[must_use]
    pub fn tick(self, now: Timestamp) -> Clock {
        if now.0 > self.millis {
            Clock { millis: now.0, counter: 0 }
        } else {
            Clock { millis: self.millis, counter: self.counter.saturating_add(1) }
        }
    }

    #[must_use]
    pub fn time(self) -> Timestamp {
        Timestamp(self.millis)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn the_clock_never_runs_backwards() {
        let first = Clock::default().tick(Timestamp(1_000));
        let second = first.tick(Timestamp(400));
        assert!(second > first);
        assert_eq!(second.time(), Timestamp(1_000));
        assert_eq!(second.tick(Timestamp(1_001)), Clock { millis: 1_001, counter: 0 });
    }

    #[test]
    fn as_of_a_day_includes_the_day() {
        let day: Timestamp = "2020-11-16".parse().unwrap();
        assert_eq!(day.to_string(), "2020-11-16T23:59:59.999Z");
        assert_eq!("2020-11-16T09:30:00+07:00".parse::<Timestamp>().unwrap().to_string(), "2020-11-16T02:30:00Z");
        assert!("16 November".parse::<Timestamp>().is_err());
    }
}
