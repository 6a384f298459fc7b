//! Distances of short strings: Jaro–Winkler and optimal string alignment, over bytes (the text
//! was made ASCII before), without allocation.
//!
//! Jaro–Winkler: W. E. Winkler, “String comparator metrics and enhanced decision rules in the
//! Fellegi–Sunter model of record linkage”, 1990. OSA: bit-parallel after H. Hyyrö, “A bit-vector
//! algorithm for computing Levenshtein and Damerau edit distances”, 2003.

/// Longest string that is compared whole; longer ones are cut here.
pub const LONGEST: usize = 64;

fn cut(text: &[u8]) -> &[u8] {
    &text[..text.len().min(LONGEST)]
}

/// Jaro–Winkler similarity, 0 to 1; prefix weight 0.1 for up to 4 letters.
#[must_use]
pub fn jaro_winkler(a: &[u8], b: &[u8]) -> f32 {
    let (a, b) = (cut(a), cut(b));
    let jaro = jaro(a, b);
    let prefix = a.iter().zip(b).take(4).take_while(|(x, y)| x == y).count();
    jaro + prefix as f32 * 0.1 * (1.0 - jaro)
}

fn jaro(a: &[u8], b: &[u8]) -> f32 {
    if a.is_empty() || b.is_empty() {
        return if a.len() == b.len() { 1.0 } else { 0.0 };
    }
    let window = (a.len().max(b.len()) / 2).saturating_sub(1);
    // Bit i of `in_a` is set when letter i of `a` was matched; so for `b`.
    let (mut in_a, mut in_b) = (0u64, 0u64);
    for (i, &x) in a.iter().enumerate() {
        let (from, to) = (i.saturating_sub(window), (i + window + 1).min(b.len()));
        for (j, &y) in b.iter().enumerate().take(to).skip(from) {
            if x == y && in_b >> j & 1 == 0 {
                in_a |= 1 << i;
                in_b |= 1 << j;
                break;
            }
        }
    }
    let common = in_a.count_ones();
    if common == 0 {
        return 0.0;
    }
    let (mut rest, mut halves) = (in_b, 0u32);
    let mut left = in_a;
    while left != 0 {
        let (i, j) = (left.trailing_zeros() as usize, rest.trailing_zeros() as usize);
        halves += u32::from(a[i] != b[j]);
        left &= left - 1;
        rest &= rest - 1;
    }
    let m = common as f32;
    (m / a.len() as f32 + m / b.len() as f32 + (m - (halves / 2) as f32) / m) / 3.0
}

/// Optimal string alignment distance: insertions, deletions, substitutions and transpositions of
/// neighbours, no part edited twice.
#[must_use]
pub fn osa(a: &[u8], b: &[u8]) -> u32 {
    let (a, b) = (cut(a), cut(b));
    if a.is_empty() || b.is_empty() {
        return (a.len() + b.len()) as u32;
    }
    // Where each letter stands in `a`; letters share a place when their last five bits agree, so
    // this is exact for `a`–`z` and for digits, which is what names are made of; the rest is told apart.
    let mut places = [0u64; 32];
    for (i, &x) in a.iter().enumerate() {
        places[(x & 31) as usize] |= 1 << i;
    }
    let plain = |x: &u8| x.is_ascii_lowercase();
    let exact = a.iter().all(plain) && b.iter().all(plain);
    let occurs = |letter: u8| {
        if exact {
            places[(letter & 31) as usize]
        } else {
            a.iter().enumerate().fold(0u64, |bits, (i, &x)| bits | u64::from(x == letter) << i)
        }
    };
    let (mut plus, mut minus, mut diagonal, mut before) = (u64::MAX, 0u64, 0u64, 0u64);
    let last = 1u64 << (a.len() - 1);
    let mut distance = a.len() as u32;
    for &letter in b {
        let here = occurs(letter);
        let transposed = ((!diagonal & here) << 1) & before;
        diagonal = ((here & plus).wrapping_add(plus) ^ plus) | here | minus | transposed;
        let up = minus | !(diagonal | plus);
        let down = diagonal & plus;
        distance += u32::from(up & last != 0);
        distance -= u32::from(down & last != 0);
        let shifted = up << 1 | 1;
        minus = diagonal & shifted;
        plus = down << 1 | !(diagonal | shifted);
        before = here;
    }
    distance
}

/// A bag of letters in 32 bits: for each of `a`–`z` whether it occurs, and six bits for letters that
/// occur again and for digits. Two strings that are `d` edits apart differ in at most `2 d` bits.
#[must_use]
pub fn bag(text: &[u8]) -> u32 {
    let mut bits = 0u32;
    let mut again = [0u8; 6];
    for &x in text {
        match x {
            b'a'..=b'z' => {
                let once = 1u32 << (x - b'a');
                if bits & once != 0 { again[(x % 6) as usize] = 1 } else { bits |= once }
            }
            _ => again[(x % 6) as usize] = 1,
        }
    }
    again.iter().enumerate().fold(bits, |bits, (i, &n)| bits | u32::from(n > 0) << (26 + i))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn naive_osa(a: &[u8], b: &[u8]) -> u32 {
        let mut d = vec![vec![0u32; b.len() + 1]; a.len() + 1];
        for i in 0..=a.len() {
            for j in 0..=b.len() {
                d[i][j] = if i == 0 || j == 0 {
                    (i + j) as u32
                } else {
                    let mut best = (d[i - 1][j] + 1).min(d[i][j - 1] + 1);
                    best = best.min(d[i - 1][j - 1] + u32::from(a[i - 1] != b[j - 1]));
                    if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                        best = best.min(d[i - 2][j - 2] + 1);
                    }
                    best
                };
            }
        }
        d[a.len()][b.len()]
    }

    fn naive_jaro_winkler(a: &[u8], b: &[u8]) -> f64 {
        if a.is_empty() && b.is_empty() {
            return 1.0;
        }
        if a.is_empty() || b.is_empty() {
            return 0.0;
        }
        let window = (a.len().max(b.len()) / 2).saturating_sub(1);
        let (mut ma, mut mb) = (vec![false; a.len()], vec![false; b.len()]);
        for i in 0..a.len() {
            for j in i.saturating_sub(window)..(i + window + 1).min(b.len()) {
                if !mb[j] && a[i] == b[j] {
                    ma[i] = true;
                    mb[j] = true;
                    break;
                }
            }
        }
        let xs: Vec<u8> = (0..a.len()).filter(|&i| ma[i]).map(|i| a[i]).collect();
        let ys: Vec<u8> = (0..b.len()).filter(|&i| mb[i]).map(|i| b[i]).collect();
        if xs.is_empty() {
            return 0.0;
        }
        let t = xs.iter().zip(&ys).filter(|(x, y)| x != y).count() / 2;
        let m = xs.len() as f64;
        let jaro = (m / a.len() as f64 + m / b.len() as f64 + (m - t as f64) / m) / 3.0;
        let prefix = a.iter().zip(b).take(4).take_while(|(x, y)| x == y).count() as f64;
        jaro + prefix * 0.1 * (1.0 - jaro)
    }

    proptest! {
        #[test]
        fn osa_is_the_textbook_one(a in "[abc]{0,12}", b in "[abc]{0,12}") {
            prop_assert_eq!(osa(a.as_bytes(), b.as_bytes()), naive_osa(a.as_bytes(), b.as_bytes()));
        }

        #[test]
        fn jaro_winkler_is_the_textbook_one(a in "[abcd]{0,14}", b in "[abcd]{0,14}") {
            let (fast, naive) = (jaro_winkler(a.as_bytes(), b.as_bytes()), naive_jaro_winkler(a.as_bytes(), b.as_bytes()));
            prop_assert!((f64::from(fast) - naive).abs() < 1e-5);
        }

        #[test]
        fn the_bag_bounds_the_edits(a in "[a-f]{0,12}", b in "[a-f]{0,12}") {
            let bits = (bag(a.as_bytes()) ^ bag(b.as_bytes())).count_ones();
            prop_assert!(bits <= 2 * osa(a.as_bytes(), b.as_bytes()));
        }
    }

    #[test]
    fn known_values() {
        assert!((jaro_winkler(b"martha", b"marhta") - 0.9611).abs() < 1e-3);
        assert!((jaro_winkler(b"dwayne", b"duane") - 0.84).abs() < 1e-3);
        assert_eq!(osa(b"sithar", b"sithor"), 1);
        assert_eq!(osa(b"ca", b"ac"), 1);
    }
}
