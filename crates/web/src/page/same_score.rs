//! What a score is made of: the waterfall of its comparisons, in words and as bars.

use matching::Part;

/// One step of the waterfall: in words, and where its bar begins and ends on a scale of 0 to 1000.
pub struct Bar {
    pub comparison: String,
    pub level: String,
    pub bits: String,
    pub odds: String,
    pub from: i32,
    pub width: i32,
    pub zero: i32,
    pub against: bool,
}

/// The waterfall's bars: each begins where the one before ended.
pub fn bars(parts: &[Part]) -> Vec<Bar> {
    let mut running = 0.0_f64;
    let (mut low, mut high) = (0.0_f64, 0.0_f64);
    for part in parts {
        running += part.bits;
        low = low.min(running);
        high = high.max(running);
    }
    let scale = |bits: f64| ((bits - low) / (high - low).max(1.0) * 1000.0).round() as i32;
    let mut at = 0.0;
    let spoken = parts.iter().filter(|part| !is_silent(part));
    let bars = spoken.map(|part| {
        let (from, to) = (at, at + part.bits);
        at = to;
        let (left, right) = (scale(from.min(to)), scale(from.max(to)));
        Bar {
            comparison: part.comparison.to_string(),
            level: part.level.to_string(),
            bits: format!("{:+.1}", part.bits),
            odds: part.odds(),
            from: left,
            width: (right - left).max(4),
            zero: scale(0.0),
            against: part.bits < 0.0,
        }
    });
    bars.collect()
}

/// Whether a comparison said nothing, because one side or both say nothing.
fn is_silent(part: &Part) -> bool {
    part.bits.abs() < 0.05
}

/// What could not be compared, in words.
pub fn silent(parts: &[Part]) -> String {
    parts.iter().filter(|part| is_silent(part)).map(|part| &*part.comparison).collect::<Vec<_>>().join(", ")
}
