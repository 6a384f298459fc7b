//! Two whole names, word by word: the best pairing of their words, whatever their order, and what happened to them.

use super::data::tables;

/// Words of a name that are looked at; what stands after counts as missing.
const MOST: usize = 6;
/// Words less alike than this are not one word.
const LEAST: f32 = 0.6;
/// A short form is its formal name, nearly.
const NICKNAME: f32 = 0.92;
/// Spellings of one sound are near, however many letters differ (Serhii, Sergei).
const SOUND: f32 = 0.9;
/// One letter for a word says little, but nothing against it.
const INITIAL: f32 = 0.8;
/// What is lost when a word was joined or split.
const JOINED: f32 = 0.98;
/// Weight of a word that only one of the names has, when the other has nothing left over.
const MISSING: f32 = 0.3;
/// Words that say little about who it is.
const PARTICLES: [&str; 26] = [
    "de", "da", "do", "dos", "das", "del", "della", "di", "du", "la", "las", "los", "le", "van", "von", "der", "den",
    "y", "e", "i", "bin", "ibn", "ben", "bint", "ould", "binti",
];

/// The weight of those; a whole word's is 1.
const PARTICLE: f32 = 0.2;

/// What makes two words of two names one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Happened {
    /// Letter by letter the same.
    Same,
    /// Another spelling.
    Spelling,
    /// Two words here are one there.
    Joined,
    /// A short form.
    Nickname,
    /// One letter for the word.
    Initial,
}

/// One word (or two, joined) of the first name with its counterpart in the second.
#[derive(Clone, Debug, PartialEq)]
pub struct Aligned {
    /// Places in the first name, in the order in which they are joined.
    pub a: Vec<usize>,
    /// Places in the second.
    pub b: Vec<usize>,
    /// 0 to 1.
    pub similarity: f32,
    pub happened: Happened,
}

/// The best alignment of two names.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Match {
    /// 0 to 1; 1 when all words are the same, in whatever order.
    pub similarity: f32,
    /// What is what, in the order of the first name.
    pub aligned: Vec<Aligned>,
    /// Words of the first name that the second has not.
    pub only_a: Vec<usize>,
    /// Words of the second name that the first has not.
    pub only_b: Vec<usize>,
    /// The aligned words stand in another order.
    pub swapped: bool,
}

impl Match {
    /// Whether something happened to any of the words.
    #[must_use]
    pub fn has(&self, happened: Happened) -> bool {
        self.aligned.iter().any(|pair| pair.happened == happened)
    }

    fn turned(self) -> Match {
        let turn = |pair: Aligned| Aligned { a: pair.b, b: pair.a, ..pair };
        let mut aligned: Vec<Aligned> = self.aligned.into_iter().map(turn).collect();
        aligned.sort_by_key(|pair| pair.a.iter().min().copied());
        Match { aligned, only_a: self.only_b, only_b: self.only_a, ..self }
    }

    /// One name has words that the other has not, and the other has none of its own: a middle or a second family name left out.
    #[must_use]
    pub fn shorter(&self) -> bool {
        !self.aligned.is_empty() && self.only_a.is_empty() != self.only_b.is_empty()
    }
}

/// The best alignment of the words of two names, at most six each, as [`latin`](super::latin) gives them: in any order, joined or split,
/// as initials, short forms, or missing. The same whichever comes first.
#[must_use]
pub fn order_free(a: &[&str], b: &[&str]) -> Match {
    // Between two alignments that are equally good the choice must not hang on which name comes first.
    if b < a {
        return order_free(b, a).turned();
    }
    let (left, right) = (a.get(..MOST).unwrap_or(a), b.get(..MOST).unwrap_or(b));
    let options = options(left, right);
    let mut best = Search::new(&options);
    best.from(0, 0, left.len(), 0.0);
    let taken = best.best.map(|(_, taken)| taken).unwrap_or_default();
    let mut aligned: Vec<Aligned> =
        taken.into_iter().filter_map(|at| options.get(at)).map(|found| found.pair.clone()).collect();
    aligned.sort_by_key(|pair| pair.a.iter().min().copied());
    rated(a, b, aligned)
}

/// A pairing that could be taken.
struct Choice {
    pair: Aligned,
    mask_a: u8,
    mask_b: u8,
    gain: f32,
}

impl Choice {
    /// The first of its words of the first name.
    fn first(&self) -> usize {
        self.mask_a.trailing_zeros() as usize
    }
}

fn options(a: &[&str], b: &[&str]) -> Vec<Choice> {
    let mut found = Vec::new();
    let mut offer = |places_a: &[usize], places_b: &[usize], similarity: f32, happened: Happened| {
        if similarity < LEAST {
            return;
        }
        let mask = |places: &[usize]| places.iter().fold(0u8, |mask, place| mask | 1 << place);
        let of = |words: &[&str], places: &[usize]| -> f32 {
            places.iter().filter_map(|place| words.get(*place)).map(|word| weight(word)).sum()
        };
        let gain = (of(a, places_a) + of(b, places_b)) * (similarity - LEAST / 2.0);
        found.push(Choice {
            pair: Aligned { a: places_a.to_vec(), b: places_b.to_vec(), similarity, happened },
            mask_a: mask(places_a),
            mask_b: mask(places_b),
            gain,
        });
    };
    for (i, x) in a.iter().enumerate() {
        for (j, y) in b.iter().enumerate() {
            let (similarity, happened) = one_word(x, y);
            offer(&[i], &[j], similarity, happened);
        }
    }
    for (places, joined) in neighbours(a) {
        for (k, y) in b.iter().enumerate().filter(|(_, y)| of_one_length(&joined, y) && could_be(&joined, y)) {
            offer(&places, &[k], super::alike(&joined, y) * JOINED, Happened::Joined);
        }
    }
    for (places, joined) in neighbours(b) {
        for (k, x) in a.iter().enumerate().filter(|(_, x)| of_one_length(&joined, x) && could_be(&joined, x)) {
            offer(&[k], &places, super::alike(x, &joined) * JOINED, Happened::Joined);
        }
    }
    // The best first: what cannot be better is then seen early.
    found.sort_by(|x, y| y.gain.total_cmp(&x.gain));
    found
}

/// Every two or three neighbours written as one word.
fn neighbours(words: &[&str]) -> Vec<(Vec<usize>, String)> {
    let mut found = Vec::new();
    for count in [2, 3] {
        for (at, some) in words.windows(count).enumerate() {
            // Two initials are no word.
            if some.iter().filter(|word| word.len() > 1).count() > 1 {
                found.push(((at..at + count).collect(), some.concat()));
            }
        }
    }
    found
}

/// Whether some words joined and another word are long enough, and of nearly one length.
fn of_one_length(joined: &str, word: &str) -> bool {
    word.len() > 3 && word.len() * 10 >= joined.len() * 7 && joined.len() * 10 >= word.len() * 7
}

/// Whether two words have enough consonants in common, whatever their order, to be worth a closer look.
fn could_be(x: &str, y: &str) -> bool {
    let counts = |word: &str| {
        let mut counts = [0u8; 10];
        for byte in word.bytes() {
            let class = match byte {
                b'b' | b'p' | b'v' | b'w' | b'f' => 0,
                b'c' | b'k' | b'q' | b'g' | b'j' => 1,
                b'd' | b't' => 2,
                b's' | b'z' | b'x' => 3,
                b'm' | b'n' => 4,
                b'l' => 5,
                b'r' => 6,
                b'h' | b'a' | b'e' | b'i' | b'o' | b'u' | b'y' => continue,
                _ => 7,
            };
            if let Some(count) = counts.get_mut(class) {
                *count = count.saturating_add(1);
            }
        }
        counts
    };
    let (x, y) = (counts(x), counts(y));
    let whole = |counts: [u8; 10]| counts.iter().map(|count| u32::from(*count)).sum::<u32>();
    let common: u32 = x.iter().zip(y).map(|(x, y)| u32::from(*x.min(&y))).sum();
    // Doubled letters count twice: half is enough.
    2 * common >= whole(x).min(whole(y)) && 3 * common + 3 >= whole(x).max(whole(y))
}

fn one_word(x: &str, y: &str) -> (f32, Happened) {
    if x == y {
        return (1.0, Happened::Same);
    }
    if x.len() == 1 || y.len() == 1 {
        let initial = x.bytes().next() == y.bytes().next();
        return if initial { (INITIAL, Happened::Initial) } else { (0.0, Happened::Initial) };
    }
    let plain = if could_be(x, y) { super::alike(x, y) } else { 0.0 };
    let nickname = tables().is_some_and(|tables| {
        let formal = |word| tables.nicknames.formal(word);
        formal(x) == Some(y) || formal(y) == Some(x) || formal(x).is_some() && formal(x) == formal(y)
    });
    if nickname && plain < NICKNAME {
        (NICKNAME, Happened::Nickname)
    } else if plain > 0.5 && plain < SOUND && x.len() > 2 && y.len() > 2 && super::sound(x) == super::sound(y) {
        (SOUND, Happened::Spelling)
    } else {
        (plain, Happened::Spelling)
    }
}

/// How much of a name a word is.
fn weight(word: &str) -> f32 {
    if PARTICLES.contains(&word) {
        return PARTICLE;
    }
    match word.len() {
        0 => 0.0,
        1 => 0.4,
        2 | 3 => 0.8,
        _ => 1.0,
    }
}

/// All ways to take pairings that share no word, but for those that cannot become the best.
struct Search<'o> {
    best: Option<(f32, Vec<usize>)>,
    options: &'o [Choice],
    /// The most that could be gained from a word of the first name on.
    hope: [f32; MOST + 1],
    taken: Vec<usize>,
}

impl<'o> Search<'o> {
    fn new(options: &'o [Choice]) -> Self {
        let mut hope = [0.0f32; MOST + 1];
        for word in (0..MOST).rev() {
            let gains = options.iter().filter(|choice| choice.first() == word).map(|choice| choice.gain);
            hope[word] = hope[word + 1] + gains.fold(0.0, f32::max);
        }
        Search { best: None, options, hope, taken: Vec::new() }
    }

    /// `used` holds the words of both sides that are taken: the first name's in the low byte.
    fn from(&mut self, word: usize, used: u16, words: usize, gain: f32) {
        let hope = self.hope.get(word).copied().unwrap_or(0.0);
        if self.best.as_ref().is_some_and(|(best, _)| gain + hope <= *best + 1e-6) {
            return;
        }
        if word >= words {
            self.best = Some((gain, self.taken.clone()));
            return;
        }
        if used & 1 << word == 0 {
            for (at, choice) in self.options.iter().enumerate() {
                let mask = u16::from(choice.mask_a) | u16::from(choice.mask_b) << 8;
                if choice.first() == word && used & mask == 0 {
                    self.taken.push(at);
                    self.from(word + 1, used | mask, words, gain + choice.gain);
                    self.taken.pop();
                }
            }
        }
        self.from(word + 1, used, words, gain);
    }
}

fn rated(a: &[&str], b: &[&str], aligned: Vec<Aligned>) -> Match {
    let left_over = |words: &[&str], taken: &dyn Fn(&Aligned) -> Vec<usize>| -> (Vec<usize>, f32) {
        let taken: Vec<usize> = aligned.iter().flat_map(taken).collect();
        let left: Vec<usize> = (0..words.len()).filter(|place| !taken.contains(place)).collect();
        let weight = left.iter().filter_map(|place| words.get(*place)).map(|word| weight(word)).sum();
        (left, weight)
    };
    let (only_a, lost_a) = left_over(a, &|pair| pair.a.clone());
    let (only_b, lost_b) = left_over(b, &|pair| pair.b.clone());
    let (mut sum, mut whole, mut worst) = (0.0f32, 0.0f32, 1.0f32);
    for pair in &aligned {
        let of = |words: &[&str], places: &[usize]| -> f32 {
            places.iter().filter_map(|place| words.get(*place)).map(|word| weight(word)).sum()
        };
        let weight = of(a, &pair.a).max(of(b, &pair.b));
        sum += weight * pair.similarity;
        whole += weight;
        if weight > PARTICLE {
            worst = worst.min(pair.similarity);
        }
    }
    // What one name leaves out is no contradiction; what both have and differ in is.
    let against = lost_a.min(lost_b);
    let missing = lost_a.max(lost_b) - against;
    let all = whole + 2.0 * against + MISSING * missing;
    let order: Vec<usize> = aligned.iter().filter_map(|pair| pair.b.iter().min().copied()).collect();
    let swapped = order.windows(2).any(|pair| matches!(pair, [x, y] if x > y));
    if against > PARTICLE {
        worst = 0.0;
    }
    // A name is as doubtful as its most doubtful word: Thun Ratha is not half Sun Ratha.
    let mean = if all > 0.0 { sum / all } else { 0.0 };
    let similarity = (mean * 0.5 + mean.min(worst) * 0.5).clamp(0.0, 1.0);
    Match { similarity, aligned, only_a, only_b, swapped }
}
