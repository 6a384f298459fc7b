//! One text for comparing: what looks the same is the same, and each code point knows where it came from.

use icu_normalizer::ComposingNormalizerBorrowed;
use icu_normalizer::properties::CanonicalCombiningClassMapBorrowed;

/// The text for matching, and for each of its code points the code point of the original it came from:
/// composed (NFC), zero-width characters dropped, white space collapsed to one space, quotation marks and
/// dashes folded. The text for display keeps them all.
pub fn for_matching(text: &str) -> (String, Vec<u32>) {
    let normalizer = ComposingNormalizerBorrowed::new_nfc();
    let classes = CanonicalCombiningClassMapBorrowed::new();
    let mut out = String::with_capacity(text.len());
    let mut map = Vec::with_capacity(text.len());
    let mut space: Option<u32> = None;
    let mut cluster = String::new();
    let mut cluster_start = 0_u32;
    let emit = |out: &mut String, map: &mut Vec<u32>, cluster: &mut String, from: u32| {
        if cluster.is_empty() {
            return;
        }
        if cluster.chars().nth(1).is_none() && cluster.is_ascii() {
            out.push_str(cluster);
            map.push(from);
        } else {
            let composed = normalizer.normalize(cluster);
            let (before, after) = (crate::count::points(cluster), crate::count::points(&composed));
            out.push_str(&composed);
            map.extend(
                (0..after)
                    .map(|index| from + if before == after { index } else { index.min(before.saturating_sub(1)) }),
            );
        }
        cluster.clear();
    };
    for (index, character) in (0_u32..).zip(text.chars()) {
        if zero_width(character) {
            continue;
        }
        if character.is_whitespace() || character.is_control() {
            emit(&mut out, &mut map, &mut cluster, cluster_start);
            if !out.is_empty() && space.is_none() {
                space = Some(index);
            }
            continue;
        }
        let folded = fold(character);
        let joins = !folded.is_ascii() && !cluster.is_empty() && (classes.get_u8(folded) != 0 || composes_back(folded));
        if !joins {
            emit(&mut out, &mut map, &mut cluster, cluster_start);
            if let Some(at) = space.take() {
                out.push(' ');
                map.push(at);
            }
            cluster_start = index;
        }
        cluster.push(folded);
    }
    emit(&mut out, &mut map, &mut cluster, cluster_start);
    (out, map)
}

/// Drawn with no width and of no weight in comparing: Khmer text has one between words in one file, none in the next.
pub fn zero_width(character: char) -> bool {
    matches!(character, '\u{200B}'..='\u{200F}' | '\u{2060}'..='\u{2064}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}' | '\u{AD}' | '\u{17B4}' | '\u{17B5}' | '\u{FE00}'..='\u{FE0F}')
}

fn fold(character: char) -> char {
    match character {
        '“' | '”' | '„' | '‟' | '«' | '»' | '″' => '"',
        '‘' | '’' | '‚' | '‛' | '′' | 'ʼ' | '`' | '´' => '\'',
        '‐' | '‑' | '‒' | '–' | '—' | '―' | '−' => '-',
        '…' => '.',
        _ => character,
    }
}

/// Letters of combining class 0 that still compose with what stands before them.
fn composes_back(character: char) -> bool {
    matches!(u32::from(character),
        0x1161..=0x1175 | 0x11A8..=0x11C2
        | 0x09BE | 0x09D7 | 0x0B3E | 0x0B56 | 0x0B57 | 0x0BBE | 0x0BD7 | 0x0CC2 | 0x0CD5 | 0x0CD6 | 0x0D3E | 0x0D57 | 0x0DCF
        | 0x0DDF | 0x102E | 0x1B35)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_looks_the_same_is_the_same() {
        let (plain, map) = for_matching("  “Café”\u{200B}—\n\n two");
        assert_eq!(plain, "\"Café\"- two");
        assert_eq!(map.len(), plain.chars().count());
        assert_eq!(map.last(), Some(&15));
        let (joined, _) = for_matching("Cafe\u{301}");
        assert_eq!(joined, "Café");
        let (khmer, _) = for_matching("ភ្នំ\u{200B}ពេញ");
        assert_eq!(khmer, "ភ្នំពេញ");
    }
}
