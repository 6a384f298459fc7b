//! Code points and bytes: spans count the former, Rust's strings the latter.

/// The number of code points, as spans count them.
pub fn points(text: &str) -> u32 {
    u32::try_from(text.chars().count()).unwrap_or(u32::MAX)
}

/// At most the first `limit` bytes of a text, never cutting a character.
pub fn head(text: &str, limit: usize) -> &str {
    if text.len() <= limit {
        return text;
    }
    let mut end = limit;
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

/// Turns rising byte offsets of one text into code points, in one pass.
pub struct Points<'a> {
    text: &'a str,
    byte: usize,
    point: u32,
}

impl<'a> Points<'a> {
    pub fn new(text: &'a str) -> Self {
        Self { text, byte: 0, point: 0 }
    }

    /// The code point at a byte offset; an offset before the last one asked for starts over.
    pub fn at(&mut self, byte: usize) -> u32 {
        if byte < self.byte {
            (self.byte, self.point) = (0, 0);
        }
        let between = self.text.get(self.byte..byte).unwrap_or("");
        self.point += points(between);
        self.byte += between.len();
        self.point
    }
}

/// Gives slices of one text by code points that rise.
pub struct Slices<'a> {
    text: &'a str,
    byte: usize,
    point: u32,
}

impl<'a> Slices<'a> {
    pub fn new(text: &'a str) -> Self {
        Self { text, byte: 0, point: 0 }
    }

    fn byte_at(&mut self, point: u32) -> usize {
        if point < self.point {
            (self.byte, self.point) = (0, 0);
        }
        let rest = &self.text[self.byte..];
        let ahead = (point - self.point) as usize;
        let step = rest.char_indices().nth(ahead).map_or(rest.len(), |(byte, _)| byte);
        self.byte += step;
        self.point = point;
        self.byte
    }

    /// The words of a span; a span outside the text gives what lies inside.
    pub fn slice(&mut self, start: u32, end: u32) -> &'a str {
        let from = self.byte_at(start);
        let to = self.byte_at(end.max(start));
        &self.text[from..to]
    }
}
