//! Whether two names may be one.

use super::{latin, sound};

/// Whether two names may be one: each word of the shorter has one of the same key in the longer, whatever their order.
#[must_use]
pub fn may_be_one(a: &str, b: &str) -> bool {
    let (a, b) = (keys(a), keys(b));
    let (shorter, longer) = if a.len() <= b.len() { (&a, &b) } else { (&b, &a) };
    let mut left = longer.clone();
    let all = shorter.iter().all(|key| match left.iter().position(|other| other == key) {
        Some(at) => {
            left.remove(at);
            true
        }
        None => false,
    });
    !shorter.is_empty() && (all || a.concat() == b.concat())
}

/// The key of each word.
fn keys(name: &str) -> Vec<String> {
    latin(name).split(' ').filter(|word| !word.is_empty()).map(sound).collect()
}
