//! Distinct strings, numbered from 1 in the order in which they are first seen; 0 is the empty
//! string, which is a missing value.

/// A dictionary of distinct strings.
#[derive(Clone, Debug)]
pub struct Dict {
    /// All strings, one after the other.
    bytes: Vec<u8>,
    /// Where string `i` ends; it begins where `i - 1` ends. Entry 0 is the empty string.
    ends: Vec<u32>,
    /// How often each was interned.
    counts: Vec<u32>,
    /// Open addressing: (upper half of the hash, number), number 0 is a free place.
    slots: Vec<(u32, u32)>,
}

impl Default for Dict {
    fn default() -> Self {
        Self { bytes: Vec::new(), ends: vec![0], counts: vec![0], slots: vec![(0, 0); 64] }
    }
}

/// Strings one after the other, to be looked up together.
#[derive(Clone, Debug, Default)]
pub struct Texts {
    bytes: Vec<u8>,
    ends: Vec<u32>,
}

impl Texts {
    /// Adds one.
    #[inline]
    pub fn push(&mut self, text: &[u8]) {
        self.bytes.extend_from_slice(text);
        self.ends.push(self.bytes.len() as u32);
    }

    /// Takes all out.
    pub fn clear(&mut self) {
        self.bytes.clear();
        self.ends.clear();
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// All of them, in their order.
    pub fn iter(&self) -> impl Iterator<Item = &[u8]> {
        let mut from = 0;
        self.ends.iter().map(move |&to| &self.bytes[std::mem::replace(&mut from, to as usize)..to as usize])
    }
}

/// Hash of a short string (multiply and fold, eight bytes at a time).
#[inline]
#[must_use]
pub fn hash(bytes: &[u8]) -> u64 {
    const K: u64 = 0x9e37_79b9_7f4a_7c15;
    let fold = |a: u64, b: u64| {
        let wide = u128::from(a) * u128::from(b);
        (wide as u64) ^ ((wide >> 64) as u64)
    };
    let mut h = (bytes.len() as u64).wrapping_mul(K);
    let mut chunks = bytes.chunks_exact(8);
    for chunk in &mut chunks {
        let mut word = [0u8; 8];
        word.copy_from_slice(chunk);
        h = fold(h ^ u64::from_le_bytes(word), K);
    }
    let mut word = [0u8; 8];
    for (to, from) in word.iter_mut().zip(chunks.remainder()) {
        *to = *from;
    }
    fold(h ^ u64::from_le_bytes(word), K ^ 0x2545_f491_4f6c_dd1d)
}

impl Dict {
    /// The number of a string, given a new one if it was not seen before. Counts it.
    #[inline]
    pub fn intern(&mut self, text: &[u8]) -> u32 {
        self.intern_hashed(text, hash(text))
    }

    fn intern_hashed(&mut self, text: &[u8], h: u64) -> u32 {
        if text.is_empty() {
            self.counts[0] = self.counts[0].saturating_add(1);
            return 0;
        }
        let (mask, top) = (self.slots.len() - 1, (h >> 32) as u32);
        let mut at = h as usize & mask;
        loop {
            let (stored, id) = self.slots[at];
            if id == 0 {
                break;
            }
            if stored == top && self.bytes(id) == text {
                self.counts[id as usize] = self.counts[id as usize].saturating_add(1);
                return id;
            }
            at = (at + 1) & mask;
        }
        let id = self.ends.len() as u32;
        self.bytes.extend_from_slice(text);
        self.ends.push(self.bytes.len() as u32);
        self.counts.push(1);
        self.slots[at] = (top, id);
        if self.ends.len() * 2 > self.slots.len() {
            self.grow();
        }
        id
    }

    /// Numbers of many strings, added to `to` in their order. The same as one [`Dict::intern`] after
    /// the other; but those that are known already are looked up together, step by step, so that
    /// many loads from far memory are under way at once.
    pub fn intern_all(&mut self, texts: &Texts, seeds: &mut Vec<(u64, u32)>, to: &mut Vec<u32>) {
        let mask = self.slots.len() - 1;
        seeds.clear();
        seeds.extend(texts.iter().map(|text| (hash(text), 0)));
        for (h, id) in seeds.iter_mut() {
            let (stored, found) = self.slots[*h as usize & mask];
            *id = if stored == (*h >> 32) as u32 { found } else { 0 };
        }
        for (text, &(h, guess)) in texts.iter().zip(seeds.iter()) {
            if guess != 0 && self.bytes(guess) == text {
                self.counts[guess as usize] = self.counts[guess as usize].saturating_add(1);
                to.push(guess);
            } else {
                to.push(self.intern_hashed(text, h));
            }
        }
    }

    fn grow(&mut self) {
        let size = self.slots.len() * 2;
        let mut slots = vec![(0u32, 0u32); size];
        for id in 1..self.ends.len() as u32 {
            let h = hash(self.bytes(id));
            let mut at = h as usize & (size - 1);
            while slots[at].1 != 0 {
                at = (at + 1) & (size - 1);
            }
            slots[at] = ((h >> 32) as u32, id);
        }
        self.slots = slots;
    }

    /// The string with this number; empty for 0.
    #[inline]
    #[must_use]
    pub fn bytes(&self, id: u32) -> &[u8] {
        let id = id as usize;
        if id == 0 { &[] } else { &self.bytes[self.ends[id - 1] as usize..self.ends[id] as usize] }
    }

    /// The string with this number, as text (what is not UTF-8 is read as empty).
    #[must_use]
    pub fn text(&self, id: u32) -> &str {
        std::str::from_utf8(self.bytes(id)).unwrap_or_default()
    }

    /// How often the string with this number was interned.
    #[must_use]
    pub fn count(&self, id: u32) -> u32 {
        self.counts[id as usize]
    }

    /// One more than the greatest number given.
    #[must_use]
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether it holds no string but the empty one.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ends.len() == 1
    }

    /// Gives back the memory that only interning needs; reading goes on as before.
    pub fn freeze(&mut self) {
        self.slots = Vec::new();
        self.bytes.shrink_to_fit();
        self.ends.shrink_to_fit();
        self.counts.shrink_to_fit();
    }
}
