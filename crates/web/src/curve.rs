//! A distribution as a picture: bars over how many there were in all, dark within the interval, with a line at the estimate.
//! Places are per cent of the width, so that letters keep their size on every screen.

use estimates::Mass;

use crate::markup::thousands;

/// Bars at most.
const BARS: u64 = 48;
/// Height of the highest bar, in pixels; the number at the line stands above.
pub const TALL: f64 = 90.0;
const ABOVE: f64 = 22.0;

pub struct Curve {
    pub label: String,
    pub bars: Vec<Bar>,
    /// Where the estimate's line stands, its number, and which way the number is set.
    pub middle: String,
    pub estimate: String,
    pub anchor: &'static str,
    pub desc: String,
}

pub struct Bar {
    pub x: String,
    pub wide: String,
    pub y: String,
    pub high: String,
    pub within: bool,
    /// For the table behind: “17 to 18”, “12%”.
    pub range: String,
    pub share: String,
}

/// What is drawn on one axis, one above the other.
pub struct Curves {
    pub low: String,
    pub high: String,
    pub curves: Vec<Curve>,
}

/// What to draw: a name, the distribution, and (estimate, lower, upper).
pub type Drawn<'a> = (&'a str, &'a [Mass], (f64, f64, f64));

/// The pictures on one axis, which begins at what is documented; `None` where there is nothing to draw.
#[must_use]
pub fn curves(documented: u64, drawn: &[Drawn<'_>]) -> Option<Curves> {
    let end = drawn.iter().map(|(_, spread, (_, _, upper))| quantile(spread, 0.99).max(*upper)).fold(0.0, f64::max);
    let from = documented;
    if drawn.iter().all(|(_, spread, _)| spread.is_empty()) || !end.is_finite() {
        return None;
    }
    let to = (end.ceil().max(0.0) as u64).max(from + 1);
    let each = (to - from + 1).div_ceil(BARS);
    let number = (to - from + 1).div_ceil(each);
    let share = |n: f64| ((n - from as f64) / (number * each) as f64 * 100.0).clamp(0.0, 100.0);
    let curves = drawn.iter().filter(|(_, spread, _)| !spread.is_empty()).map(|(label, spread, (estimate, lower, upper))| {
        let mut mass = vec![0.0; usize::try_from(number).unwrap_or(0)];
        for (at, (_, weight)) in spread.iter().enumerate() {
            spread_out(spread, at, *weight, from as f64, each as f64, &mut mass);
        }
        let most = mass.iter().copied().fold(0.0, f64::max).max(f64::MIN_POSITIVE);
        let wide = 100.0 / number as f64;
        let bars = (0_u64..).zip(&mass).map(|(at, mass)| {
            let (first, last) = (from + at * each, from + (at + 1) * each - 1);
            let high = mass / most * TALL;
            Bar {
                x: format!("{:.2}", at as f64 * wide),
                wide: format!("{:.2}", wide * 0.88),
                y: format!("{:.1}", ABOVE + TALL - high),
                high: format!("{high:.1}"),
                within: last as f64 + 0.5 >= *lower && first as f64 - 0.5 <= *upper,
                range: if first == last {
                    thousands(first)
                } else {
                    format!("{} to {}", thousands(first), thousands(last))
                },
                share: format!("{:.1}%", mass * 100.0),
            }
        });
        let middle = share(*estimate + 0.5);
        Curve {
            label: (*label).to_owned(),
            bars: bars.collect(),
            middle: format!("{middle:.2}"),
            estimate: whole(*estimate),
            anchor: match middle {
                m if m < 12.0 => "start",
                m if m > 88.0 => "end",
                _ => "middle",
            },
            desc: format!(
                "How likely each number is: most at {}; the interval is {} to {}. The axis begins at the {} who are documented.",
                whole(*estimate),
                whole(*lower),
                whole(*upper),
                thousands(documented)
            ),
        }
    });
    Some(Curves { low: thousands(from), high: thousands(from + number * each - 1), curves: curves.collect() })
}

/// Adds one point's mass to the bars, spread evenly to half-way to its neighbours.
fn spread_out(spread: &[Mass], at: usize, weight: f64, from: f64, each: f64, bars: &mut [f64]) {
    let n = spread[at].0;
    let left = at.checked_sub(1).map_or(n - 0.5, |before| f64::midpoint(spread[before].0, n));
    let right = spread.get(at + 1).map_or(n + 0.5, |after| f64::midpoint(n, after.0));
    let wide = (right - left).max(1e-9);
    for (number, bar) in (0_u32..).zip(bars.iter_mut()) {
        let (begin, end) = (from - 0.5 + f64::from(number) * each, from - 0.5 + f64::from(number + 1) * each);
        *bar += weight * (right.min(end) - left.max(begin)).max(0.0) / wide;
    }
}

/// The number below which this share of the mass lies.
fn quantile(spread: &[Mass], p: f64) -> f64 {
    let total: f64 = spread.iter().map(|(_, mass)| mass).sum();
    let mut sum = 0.0;
    for (n, mass) in spread {
        sum += mass;
        if sum >= p * total {
            return *n;
        }
    }
    spread.last().map_or(0.0, |(n, _)| *n)
}

/// “1,204”.
#[must_use]
pub fn whole(n: f64) -> String {
    thousands(n.round().max(0.0) as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bars_hold_the_whole_distribution_and_begin_at_what_is_documented() {
        let spread: Vec<Mass> = (10..=40).map(|n| (f64::from(n), 1.0 / 31.0)).collect();
        let drawn = curves(10, &[("x", &spread, (25.0, 11.0, 39.0))]).unwrap();
        assert_eq!((drawn.low.as_str(), drawn.high.as_str()), ("10", "40"));
        let bars = &drawn.curves[0].bars;
        assert_eq!(bars.len(), 31);
        assert!(bars.iter().all(|bar| bar.share == "3.2%"));
        assert!(!bars[0].within && bars[1].within && !bars[30].within);
    }
}
