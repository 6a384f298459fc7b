//! The nearest spelling: for messages that say what was probably meant.

/// The candidate nearest to `given`, if one is near enough to be what was meant.
///
/// Near enough: at most a third of the longer word's letters differ (Levenshtein distance,
/// case ignored). Ties go to the earlier candidate.
#[must_use]
pub fn nearest<'a, I>(given: &str, candidates: I) -> Option<&'a str>
where
    I: IntoIterator<Item = &'a str>,
{
    // Nobody mistypes a key of 80 letters; the cap keeps hostile input cheap.
    let given: Vec<char> = given.to_lowercase().chars().take(80).collect();
    let mut best: Option<(usize, &'a str)> = None;
    for candidate in candidates {
        let other: Vec<char> = candidate.to_lowercase().chars().collect();
        let longest = given.len().max(other.len());
        let distance = levenshtein(&given, &other);
        if distance * 3 <= longest && best.is_none_or(|(d, _)| distance < d) {
            best = Some((distance, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

/// “Did you mean …?”, or `otherwise` when nothing is near.
pub(crate) fn did_you_mean<'a, I>(given: &str, candidates: I, otherwise: &str) -> String
where
    I: IntoIterator<Item = &'a str>,
{
    match nearest(given, candidates) {
        Some(near) => format!("Did you mean “{near}”?"),
        None => otherwise.to_owned(),
    }
}

fn levenshtein(a: &[char], b: &[char]) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut diagonal = i;
        let mut left = i + 1;
        for (cell, y) in row.iter_mut().skip(1).zip(b) {
            let above = *cell;
            let value = (diagonal + usize::from(x != y)).min(left + 1).min(above + 1);
            diagonal = above;
            left = value;
            *cell = value;
        }
        if let Some(first) = row.first_mut() {
            *first = i + 1;
        }
    }
    row.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn a_slip_is_found_and_nonsense_is_not() {
        let known = ["victim", "perpetrator", "date"];
        assert_eq!(nearest("victm", known), Some("victim"));
        assert_eq!(nearest("Perpetrators", known), Some("perpetrator"));
        assert_eq!(nearest("colour", known), None);
        assert_eq!(nearest("", known), None);
    }
}
