//! Places: a name, an area, a point, or several of them.
//!
//! Canonical grammar, each part optional, at least one there:
//!
//! ```text
//! place = [ name ] [ "[" area "]" ] [ "(" latitude ", " longitude ")" ]   ; single spaces between
//! ```
//!
//! `Wat Botum Park [KH-12] (11.5564, 104.9282)` · `[KH]` · `(11.5, 104.9)`.

use std::fmt;

use crate::fold::{fold, latin_digits, one_spaced};
use crate::registry::Registry;
use crate::value::text::clean;
use crate::value::{Agreement, Kind, Term, ValueError};

/// Somewhere, as precisely as the source says.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
#[non_exhaustive]
pub struct Place {
    /// What the source calls it.
    pub name: Option<String>,
    /// The country or part of it in which it is: a code of vocabulary `places`.
    pub area: Option<AreaCode>,
    /// Where it is on the map.
    pub point: Option<GeoPoint>,
}

/// An ISO 3166 code: of a country (`KH`, ISO 3166-1 alpha-2) or of a part of one (`KH-12`,
/// ISO 3166-2). Whether it exists is for the vocabulary `places` to say.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct AreaCode(String);

/// Latitude and longitude (WGS 84), in steps of 10⁻⁷ degree (about a centimetre).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct GeoPoint {
    latitude: i32,
    longitude: i32,
}

const STEPS: i64 = 10_000_000;

impl AreaCode {
    /// Reads `KH` or `KH-12`, upper case.
    #[must_use]
    pub fn new(code: &str) -> Option<Self> {
        let (country, part) = code.split_once('-').map_or((code, None), |(c, p)| (c, Some(p)));
        let country_fits = country.len() == 2 && country.bytes().all(|b| b.is_ascii_uppercase());
        let part_fits = part.is_none_or(|p| {
            (1..=3).contains(&p.len()) && p.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
        });
        (country_fits && part_fits).then(|| Self(code.to_owned()))
    }

    /// `KH-12`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The term of vocabulary `places`.
    #[must_use]
    pub fn term(&self) -> Term {
        Term { vocabulary: "places".to_owned(), code: self.0.clone() }
    }

    /// Whether the other area is this one or a part of it.
    #[must_use]
    pub fn contains(&self, other: &Self) -> bool {
        other.0.strip_prefix(&self.0).is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
    }
}

impl GeoPoint {
    /// Reads two decimal numbers; `None` outside −90…90 and −180…180 or finer than seven places.
    #[must_use]
    pub fn new(latitude: &str, longitude: &str) -> Option<Self> {
        Some(Self { latitude: degrees(latitude, 90)?, longitude: degrees(longitude, 180)? })
    }

    /// Degrees north; south is negative.
    #[must_use]
    pub fn latitude(&self) -> f64 {
        f64::from(self.latitude) / STEPS as f64
    }

    /// Degrees east; west is negative.
    #[must_use]
    pub fn longitude(&self) -> f64 {
        f64::from(self.longitude) / STEPS as f64
    }
}

impl fmt::Display for GeoPoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, {}", decimal(self.latitude), decimal(self.longitude))
    }
}

/// `-11.5564` as steps.
fn degrees(text: &str, limit: i64) -> Option<i32> {
    let text = text.trim();
    let (negative, digits) = match text.strip_prefix(['-', '−']) {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    let all_digits = |s: &str| !s.is_empty() && s.bytes().all(|b| b.is_ascii_digit());
    if !all_digits(whole) || !all_digits(fraction) || whole.len() > 3 || fraction.len() > 7 {
        return None;
    }
    let steps = whole.parse::<i64>().ok()? * STEPS + format!("{fraction:0<7}").parse::<i64>().ok()?;
    if steps > limit * STEPS {
        return None;
    }
    i32::try_from(if negative { -steps } else { steps }).ok()
}

fn decimal(steps: i32) -> String {
    let sign = if steps < 0 { "-" } else { "" };
    let steps = i64::from(steps).abs();
    let all = format!("{}.{:07}", steps / STEPS, steps % STEPS);
    format!("{sign}{}", all.trim_end_matches('0').trim_end_matches('.'))
}

impl Place {
    /// A place from its parts.
    ///
    /// # Errors
    /// When there is no part, or the name has square brackets or would read as something else.
    pub fn new(name: Option<&str>, area: Option<AreaCode>, point: Option<GeoPoint>) -> Result<Self, ValueError> {
        let name = match name {
            Some(name) => Some(one_spaced(&clean(Kind::Place, name)?)),
            None => None,
        };
        let place = Self { name, area, point };
        let canonical = place.canonical();
        match Self::parse(&canonical) {
            Ok(again) if again == place => Ok(place),
            _ => Err(ValueError::new(
                Kind::Place,
                &canonical,
                "this cannot be told from a code or a point",
                "Write the name in words, such as Wat Botum Park [KH-12].",
            )),
        }
    }

    /// Reads the canonical form, a bare name, a bare code (`KH-12`) or a bare point
    /// (`11.5564, 104.9282`).
    ///
    /// # Errors
    /// When there is nothing, a code is none, or a point is off the map.
    pub fn parse(text: &str) -> Result<Self, ValueError> {
        const HINT: &str = "Write name [area] (latitude, longitude), each part optional, such as \
                            Wat Botum Park [KH-12] (11.5564, 104.9282).";
        let refuse = |problem: String| ValueError::new(Kind::Place, text, problem, HINT);
        let mut rest = one_spaced(&clean(Kind::Place, text)?);
        let mut point = None;
        if let Some((before, inside)) = trailing(&rest, '(', ')')
            && let Some(pair) = pair(inside)
        {
            point = Some(pair.ok_or_else(|| refuse("this point is not on the map".to_owned()))?);
            rest = before.trim().to_owned();
        } else if let Some(pair) = pair(&rest) {
            point = Some(pair.ok_or_else(|| refuse("this point is not on the map".to_owned()))?);
            rest.clear();
        }
        let mut area = AreaCode::new(&rest);
        if area.is_some() {
            rest.clear();
        } else if let Some((before, inside)) = trailing(&rest, '[', ']') {
            let code = AreaCode::new(inside.trim()).ok_or_else(|| refuse(format!("“{inside}” is no ISO 3166 code")))?;
            area = Some(code);
            rest = before.trim().to_owned();
        }
        if rest.contains(['[', ']']) {
            return Err(refuse("square brackets hold the area's code only".to_owned()));
        }
        if area.is_some() && (AreaCode::new(&rest).is_some() || pair(&rest).is_some()) {
            return Err(refuse("there are two codes or points".to_owned()));
        }
        if point.is_some()
            && (pair(&rest).is_some() || trailing(&rest, '(', ')').is_some_and(|(_, inside)| pair(inside).is_some()))
        {
            return Err(refuse("there are two points".to_owned()));
        }
        let name = (!rest.is_empty()).then_some(rest);
        if let Some(name) = &name
            && area.is_some()
            && point.is_none()
            && trailing(name, '(', ')').is_some_and(|(_, inside)| pair(inside).is_some())
        {
            return Err(refuse("the point comes after the area".to_owned()));
        }
        Ok(Self { name, area, point })
    }

    /// See the module's grammar.
    #[must_use]
    pub fn canonical(&self) -> String {
        let mut parts = Vec::new();
        if let Some(name) = &self.name {
            parts.push(name.clone());
        }
        if let Some(area) = &self.area {
            parts.push(format!("[{}]", area.0));
        }
        if let Some(point) = &self.point {
            parts.push(format!("({point})"));
        }
        parts.join(" ")
    }

    /// The name with its area (“Wat Botum Park, Phnom Penh”), the area alone, or the point.
    #[must_use]
    pub fn display(&self, registry: &Registry, locale: &str) -> String {
        let area = self.area.as_ref().map(|a| registry.term(&a.term()).map_or(a.as_str(), |t| t.label.get(locale)));
        match (self.name.as_deref(), area, self.point) {
            (Some(name), Some(area), _) if !fold(name).contains(&fold(area)) => {
                format!("{name}, {area}")
            }
            (Some(name), _, _) => name.to_owned(),
            (None, Some(area), _) => area.to_owned(),
            (None, None, Some(point)) => point.to_string(),
            (None, None, None) => String::new(),
        }
    }

    pub(super) fn sort_text(&self) -> String {
        let area = self.area.as_ref().map_or("", AreaCode::as_str);
        format!("{area} {}", self.name.as_deref().map(fold).unwrap_or_default())
    }

    /// By parts: the same name, area and point; a part more says more; an area says more than the
    /// one that it lies in. Two names in one area may be one place.
    #[must_use]
    pub fn agreement(&self, other: &Self) -> Agreement {
        let areas = match (&self.area, &other.area) {
            (Some(a), Some(b)) if a == b => Agreement::Same,
            (Some(a), Some(b)) if a.contains(b) => Agreement::LessPrecise,
            (Some(a), Some(b)) if b.contains(a) => Agreement::MorePrecise,
            (Some(_), Some(_)) => return Agreement::Different,
            (a, b) => Agreement::of(a.is_some(), b.is_some()),
        };
        let same_name = matches!((&self.name, &other.name), (Some(a), Some(b)) if fold(a) == fold(b));
        let names = match (&self.name, &other.name) {
            _ if same_name => Agreement::Same,
            (Some(_), Some(_)) if self.area.is_some() && other.area.is_some() => Agreement::Compatible,
            (Some(_), Some(_)) => return Agreement::Different,
            (a, b) => Agreement::of(a.is_some(), b.is_some()),
        };
        let points = match (self.point, other.point) {
            (Some(a), Some(b)) if a == b => Agreement::Same,
            (Some(_), Some(_)) if same_name => Agreement::Compatible,
            (Some(_), Some(_)) => return Agreement::Different,
            (a, b) => Agreement::of(a.is_some(), b.is_some()),
        };
        let parts = [areas, names, points];
        if parts.contains(&Agreement::Compatible) {
            return Agreement::Compatible;
        }
        // Nothing in common is no agreement: a bare name and a bare area may be one place.
        Agreement::of(parts.contains(&Agreement::MorePrecise), parts.contains(&Agreement::LessPrecise))
    }
}

/// What stands before the last bracket pair, and in it, if the text ends with one.
fn trailing(text: &str, open: char, close: char) -> Option<(&str, &str)> {
    text.strip_suffix(close)?.rsplit_once(open)
}

/// Two numbers with a comma between. Outer `None`: it is something else; inner `None`: it is
/// off the map.
fn pair(text: &str) -> Option<Option<GeoPoint>> {
    let latin = latin_digits(text);
    let (a, b) = latin.split_once(',')?;
    let numeric = |s: &str| {
        let s = s.trim();
        s.bytes().any(|b| b.is_ascii_digit()) && s.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | '-' | '−'))
    };
    (numeric(a) && numeric(b)).then(|| GeoPoint::new(a, b))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn place(text: &str) -> Place {
        Place::parse(text).unwrap()
    }

    #[test]
    fn each_part_is_optional() {
        for (written, canonical) in [
            ("Wat Botum Park [KH-12] (11.5564, 104.9282)", "Wat Botum Park [KH-12] (11.5564, 104.9282)"),
            ("Wat Botum Park", "Wat Botum Park"),
            ("KH-12", "[KH-12]"),
            ("[KH]", "[KH]"),
            ("11.5564,104.9282", "(11.5564, 104.9282)"),
            ("Chi Khor Leu (commune)", "Chi Khor Leu (commune)"),
            ("(-0.5, −10.0)", "(-0.5, -10)"),
        ] {
            assert_eq!(place(written).canonical(), canonical, "{written}");
        }
    }

    #[test]
    fn what_is_no_place_is_refused() {
        for written in ["(91, 0)", "Park [kh-12]", "[KH-12] Park [KH]", "A (1, 2) [KH]", " "] {
            assert!(Place::parse(written).is_err(), "{written}");
        }
        assert!(Place::new(Some("KH-12"), None, None).is_err());
        assert!(Place::new(None, None, None).is_err());
    }

    #[test]
    fn how_accounts_stand_to_each_other() {
        let agreement = |a: &str, b: &str| place(a).agreement(&place(b));
        assert_eq!(agreement("[KH]", "[KH-12]"), Agreement::LessPrecise);
        assert_eq!(agreement("[KH-1]", "[KH-12]"), Agreement::Different);
        assert_eq!(agreement("Park [KH-12]", "park [KH-12]"), Agreement::Same);
        assert_eq!(agreement("[KH-12]", "Park [KH-12]"), Agreement::LessPrecise);
        assert_eq!(agreement("Sre Ambel [KH-9]", "Srae Ambel [KH-9]"), Agreement::Compatible);
    }
}
