//! Amounts of money, exact, in the currency in which they were said.

use std::fmt;

use crate::fold::{grouped, is_khmer, latin_digits, local_digits, one_spaced};
use crate::value::count::strip_any;
use crate::value::{Agreement, Decimal, Kind, ValueError, number};

/// An amount: `2000000 KHR`. Never converted: what it was in another currency is another claim.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[non_exhaustive]
pub struct Money {
    /// How much, exact.
    pub amount: Decimal,
    /// In which currency.
    pub currency: Currency,
    /// Whether the source rounds.
    pub approximate: bool,
}

/// An ISO 4217 code.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Currency([u8; 3]);

/// The active codes of ISO 4217 list one (funds, metals and test codes left out).
const CODES: &str = "\
AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD \
CAD CDF CHF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP \
GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD \
KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN \
NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP \
SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VED VES \
VND VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW ZWG";

/// What people write for a currency, longest first. A bare “$” or “dollar” is not here: it may be
/// any of twenty.
const WORDS: [(&str, &str); 19] = [
    ("us dollars", "USD"),
    ("us dollar", "USD"),
    ("u.s. dollars", "USD"),
    ("us$", "USD"),
    ("a$", "AUD"),
    ("euros", "EUR"),
    ("euro", "EUR"),
    ("€", "EUR"),
    ("£", "GBP"),
    ("riels", "KHR"),
    ("riel", "KHR"),
    ("រៀល", "KHR"),
    ("៛", "KHR"),
    ("baht", "THB"),
    ("฿", "THB"),
    ("dong", "VND"),
    ("swiss francs", "CHF"),
    ("kip", "LAK"),
    ("kyat", "MMK"),
];

impl Currency {
    /// The currency with this code, in any letter case.
    #[must_use]
    pub fn new(code: &str) -> Option<Self> {
        let upper = code.to_ascii_uppercase();
        let bytes: [u8; 3] = upper.as_bytes().try_into().ok()?;
        CODES.split(' ').any(|c| c == upper).then_some(Self(bytes))
    }

    /// `KHR`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        // Only codes of the list get in, and they are ASCII.
        std::str::from_utf8(&self.0).unwrap_or("XXX")
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Money {
    /// An amount in a currency.
    #[must_use]
    pub const fn new(amount: Decimal, currency: Currency, approximate: bool) -> Self {
        Self { amount, currency, approximate }
    }

    /// Reads the canonical form or what people write: “2 million riel”, “2,000,000 riels”,
    /// “USD 500”, “US$98,000”, “about €1 bn”.
    ///
    /// # Errors
    /// When the amount or the currency is missing or cannot be read.
    pub fn parse(text: &str) -> Result<Self, ValueError> {
        let plain = one_spaced(&latin_digits(text).to_lowercase());
        let (approximate, rest) =
            strip_any(&plain, &["~", "about ", "around ", "roughly ", "approximately ", "some ", "ប្រហែល"])
                .map_or((false, plain.as_str()), |r| (true, r));
        let Some((currency, amount)) = split(rest) else {
            let bare_dollar = rest.contains('$') || rest.contains("dollar");
            return Err(ValueError::new(
                Kind::Money,
                text,
                if bare_dollar {
                    "several currencies are called dollar"
                } else {
                    "no currency that is known stands here"
                },
                "Write the ISO 4217 code, such as 2000000 KHR or 500 USD.",
            ));
        };
        match number::read(amount) {
            Some(amount) => Ok(Self::new(amount, currency, approximate)),
            None => Err(ValueError::new(
                Kind::Money,
                text,
                format!("“{amount}” is not an amount"),
                "Write digits, such as 2000000 KHR, or 2 million riel.",
            )),
        }
    }

    /// `2000000 KHR`; `~` before it if the source rounds.
    #[must_use]
    pub fn canonical(&self) -> String {
        let about = if self.approximate { "~" } else { "" };
        format!("{about}{} {}", self.amount, self.currency)
    }

    /// “2,000,000 riel”, “US$500”, “€1,000,000,000”, “THB 300”; in Khmer «២.០០០.០០០ រៀល».
    #[must_use]
    pub fn display(&self, locale: &str) -> String {
        let km = is_khmer(locale);
        let (whole, fraction) = self.amount.halves();
        let mut amount = grouped(&whole, locale);
        if !fraction.is_empty() {
            amount.push(if km { ',' } else { '.' });
            amount.push_str(&local_digits(&fraction, locale));
        }
        let words = match (self.currency.as_str(), km) {
            ("KHR", false) => format!("{amount} riel"),
            ("KHR", true) => format!("{amount} រៀល"),
            ("USD", false) => format!("US${amount}"),
            ("USD", true) => format!("{amount} ដុល្លារអាមេរិក"),
            ("EUR", false) => format!("€{amount}"),
            ("EUR", true) => format!("{amount} អឺរ៉ូ"),
            (code, _) => format!("{code} {amount}"),
        };
        match (self.approximate, km) {
            (false, _) => words,
            (true, true) => format!("ប្រហែល {words}"),
            (true, false) => format!("about {words}"),
        }
    }

    pub(super) fn sort_text(&self) -> String {
        format!("{}{:039}", self.currency, self.amount.millionths())
    }

    /// By amount, in one currency; a rounded amount allows a tenth more or less. In two
    /// currencies one may be the other converted: they do not contradict.
    #[must_use]
    pub fn agreement(&self, other: &Self) -> Agreement {
        if self.currency != other.currency {
            return Agreement::Compatible;
        }
        let (a, b) = (self.amount.millionths(), other.amount.millionths());
        if a == b {
            return Agreement::of(other.approximate && !self.approximate, self.approximate && !other.approximate);
        }
        let near = a.abs_diff(b) * 10 <= a.max(b);
        match (near, self.approximate, other.approximate) {
            (true, true, false) => Agreement::LessPrecise,
            (true, false, true) => Agreement::MorePrecise,
            (true, true, true) => Agreement::Compatible,
            _ => Agreement::Different,
        }
    }
}

/// The currency at either end of a phrase, and the rest.
fn split(phrase: &str) -> Option<(Currency, &str)> {
    for (word, code) in WORDS {
        let rest = phrase.strip_suffix(word).or_else(|| phrase.strip_prefix(word));
        if let Some(rest) = rest {
            return Some((Currency::new(code)?, rest.trim()));
        }
    }
    let (head, last) = phrase.rsplit_once(' ').unwrap_or(("", phrase));
    if let Some(currency) = Currency::new(last) {
        return Some((currency, head));
    }
    let (first, tail) = phrase.split_once(' ')?;
    Currency::new(first).map(|currency| (currency, tail))
}

/// Whether a phrase is an amount in a currency: how a sentence tells a fine from a term. (“all”
/// is the code of the Albanian lek: a code alone says nothing.)
pub(super) fn is_an_amount(phrase: &str) -> bool {
    split(phrase).is_some_and(|(_, rest)| {
        rest.contains("fine") || rest.bytes().any(|b| b.is_ascii_digit()) || number::read(rest).is_some()
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn money(text: &str) -> Money {
        Money::parse(text).unwrap()
    }

    #[test]
    fn as_people_write_them() {
        for (written, canonical) in [
            ("2 million riel", "2000000 KHR"),
            ("2,000,000 riels", "2000000 KHR"),
            ("400 million riel", "400000000 KHR"),
            ("USD 500", "500 USD"),
            ("500 usd", "500 USD"),
            ("US$98,000", "98000 USD"),
            ("1.10 USD", "1.1 USD"),
            ("about €1 bn", "~1000000000 EUR"),
            ("1.08 bn USD", "1080000000 USD"),
            ("២ លានរៀល", "2000000 KHR"),
            ("~1080000000 USD", "~1080000000 USD"),
        ] {
            assert_eq!(money(written).canonical(), canonical, "{written}");
        }
    }

    #[test]
    fn what_is_no_amount_is_refused() {
        for written in ["500", "$500", "riel", "many riel", "5 XYZ", "-5 KHR", "1,00 USD"] {
            assert!(Money::parse(written).is_err(), "{written}");
        }
        assert_eq!(Money::parse("$500").unwrap_err().problem, "several currencies are called dollar");
    }

    #[test]
    fn shown_in_both_languages() {
        assert_eq!(money("2000000 KHR").display("en"), "2,000,000 riel");
        assert_eq!(money("2000000 KHR").display("km"), "២.០០០.០០០ រៀល");
        assert_eq!(money("~98000 USD").display("en"), "about US$98,000");
    }

    #[test]
    fn conversions_do_not_contradict() {
        assert_eq!(money("2000000 KHR").agreement(&money("500 USD")), Agreement::Compatible);
        assert_eq!(money("500 USD").agreement(&money("490 USD")), Agreement::Different);
        assert_eq!(money("~500 USD").agreement(&money("490 USD")), Agreement::LessPrecise);
    }
}
