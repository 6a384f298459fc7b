//! Bold made by drawing twice: the second glyph lies on the first, and is no second letter.

use super::glyphs::Glyph;
use std::collections::HashMap;

/// The side of the squares in which glyphs are sought, in points.
const SQUARE: f32 = 2.0;
/// How many glyphs of one square are compared: more than this is made to hurt.
const MOST: usize = 16;

/// What stands where on a page. Asked once a glyph: one look-up mostly, and nothing of its own to allocate.
pub struct Twice {
    /// The last glyph of a sign in a square, by its index.
    last: HashMap<u128, u32>,
    /// For each glyph the one of its sign and square before it.
    before: Vec<Option<u32>>,
}

impl Twice {
    pub fn new(glyphs: usize) -> Self {
        Self { last: HashMap::with_capacity(glyphs), before: Vec::with_capacity(glyphs) }
    }

    /// Whether a glyph that says `text` would lie on one of `glyphs` that says the same. If not, it is remembered
    /// as the next of them: the caller adds it.
    pub fn lies_on_another(&mut self, glyphs: &[Glyph], text: &str, (x, y): (f32, f32), size: f32) -> bool {
        let reach = (0.1 * size).min(SQUARE);
        let square = |at: f32| (at / SQUARE) as i32;
        if !text.is_empty() && !text.starts_with(' ') {
            for column in square(x - reach)..=square(x + reach) {
                for row in square(y - reach)..=square(y + reach) {
                    let mut at = self.last.get(&key(text, column, row)).copied();
                    for _ in 0..MOST {
                        let Some((index, other)) = at.and_then(|index| Some((index, glyphs.get(index as usize)?)))
                        else {
                            break;
                        };
                        if (other.x - x).abs() < 0.1 * size && (other.y - y).abs() < 0.1 * size {
                            return true;
                        }
                        at = self.before.get(index as usize).copied().flatten();
                    }
                }
            }
        }
        let index = u32::try_from(glyphs.len()).unwrap_or(u32::MAX);
        self.before.push(self.last.insert(key(text, square(x), square(y)), index));
        false
    }
}

/// First character and length of a glyph's words, and the square it stands in.
fn key(text: &str, column: i32, row: i32) -> u128 {
    let first = text.chars().next().map_or(0, u32::from);
    let length = u32::try_from(text.len()).unwrap_or(u32::MAX);
    u128::from(first) << 96
        | u128::from(length) << 64
        | u128::from(column.cast_unsigned()) << 32
        | u128::from(row.cast_unsigned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_letter_on_the_same_spot_is_one() {
        let mut twice = Twice::new(4);
        let mut glyphs: Vec<Glyph> = Vec::new();
        let mut again = |text: &str, x: f32, y: f32| {
            let again = twice.lies_on_another(&glyphs, text, (x, y), 10.0);
            if !again {
                let text = text.to_owned();
                glyphs.push(Glyph { text, x, y, end: x + 5.0, size: 10.0, bold: false, artifact: false });
            }
            again
        };
        assert!(!again("A", 19.9, 100.0));
        assert!(again("A", 20.3, 100.2), "in the square beside it");
        assert!(!again("B", 19.9, 100.0), "another letter");
        assert!(!again("A", 25.0, 100.0), "the next letter");
        assert!(again("A", 24.5, 100.0));
        assert!(!again(" ", 40.0, 100.0) && !again(" ", 40.0, 100.0), "spaces are places");
    }
}
