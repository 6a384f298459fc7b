//! Thai and Lao: vowels before, above, below and after their consonant, put where they are spoken.
//!
//! Lao letters stand in Unicode 128 places after their Thai sisters, and are read as those. Consonants without a vowel are read in
//! twos with an o (som-chai), a single one with an a (tha-na-thon).

use std::collections::HashMap;

use schema::yaml::{DataError, Node};

use super::ascii_pairs;

/// Consonants without a vowel that are counted: no name has more.
const LONGEST_RUN: usize = 16;
/// Letters of the longest part of a name.
const LONGEST_PART: usize = 12;

pub(super) struct Thai {
    /// Of Thai letters: beginning and end of a syllable.
    consonants: HashMap<char, (String, String)>,
    words: HashMap<String, String>,
    /// Parts of names, longest first.
    parts: Vec<(String, String)>,
}

impl Thai {
    pub(super) fn read(file: &Node) -> Result<Thai, DataError> {
        file.known_keys(&["consonants", "parts", "words"])?;
        let mut consonants = HashMap::new();
        for entry in file.require("consonants")?.as_map()? {
            let parts = entry.value().strings()?;
            let (Some(letter), [first, last]) = (entry.key().chars().next(), parts.as_slice()) else {
                return Err(entry.error("a consonant has a beginning and an end", "Write ก: [k, k]."));
            };
            consonants.insert(sister(letter), ((*first).to_owned(), (*last).to_owned()));
        }
        let words =
            ascii_pairs(file.require("words")?)?.into_iter().map(|(word, latin)| (bare(&word), latin)).collect();
        let mut parts: Vec<(String, String)> =
            ascii_pairs(file.require("parts")?)?.into_iter().map(|(part, latin)| (bare(&part), latin)).collect();
        parts.sort_by_key(|(part, _)| std::cmp::Reverse(part.len()));
        Ok(Thai { consonants, words, parts })
    }

    pub(super) fn word(&self, word: &str) -> String {
        let word = bare(word);
        if let Some(known) = self.words.get(&word) {
            return known.clone();
        }
        let letters: Vec<char> = word.chars().collect();
        let mut reader = Reader { thai: self, letters: &letters, at: 0, out: String::with_capacity(word.len()) };
        while reader.at < letters.len() {
            let from = reader.at;
            let rest: String = letters.iter().skip(from).take(LONGEST_PART).collect();
            if let Some((part, latin)) = self.parts.iter().find(|(part, _)| rest.starts_with(part.as_str())) {
                reader.out.push_str(latin);
                reader.at += part.chars().count();
                continue;
            }
            reader.syllable();
            // Something that begins no syllable.
            if reader.at == from {
                reader.at += 1;
            }
        }
        reader.out
    }
}

struct Reader<'t> {
    thai: &'t Thai,
    letters: &'t [char],
    at: usize,
    out: String,
}

impl Reader<'_> {
    fn peek(&self, ahead: usize) -> char {
        self.letters.get(self.at + ahead).copied().unwrap_or(' ')
    }

    fn consonant(&self, c: char) -> bool {
        self.thai.consonants.contains_key(&c)
    }

    fn first(&mut self, c: char) {
        if let Some((first, _)) = self.thai.consonants.get(&c) {
            self.out.push_str(first);
        }
    }

    fn syllable(&mut self) {
        let before = self.peek(0);
        let before = if is_before(before) {
            self.at += 1;
            Some(before)
        } else {
            None
        };
        let c = self.peek(0);
        if !self.consonant(c) {
            if before.is_none() && !is_sign(c) {
                self.out.push_str(any_ascii::any_ascii_char(c));
                self.at += 1;
            } else if c == 'ฤ' {
                self.out.push_str("rue");
                self.at += 1;
            }
            return;
        }
        self.onset(before);
        match before {
            Some(before) => self.vowel_around(before),
            None => self.vowel_after(),
        }
    }

    /// One consonant, or two that begin a syllable together; a silent ห before a soft one.
    fn onset(&mut self, before: Option<char>) {
        let (around, before) = (before == Some('เ'), before.is_some());
        let (c, next, after) = (self.peek(0), self.peek(1), self.peek(2));
        // The second belongs here when a vowel, or after a vowel in front anything, follows it.
        let spoken = is_sign(after) || self.consonant(after) && before && !is_sign(self.peek(3));
        if c == 'ห' && "งญนมยรลว".contains(next) && (spoken || before) {
            self.first(next);
            self.at += 2;
        } else if spoken && "กขคตปผพทฟบดสศ".contains(c) && "รลว".contains(next) && (next != 'ว' || is_sign(after))
        {
            self.first(c);
            self.first(next);
            self.at += 2;
        } else if around && "งนมยรลว".contains(next) && "ิีึืุู".contains(after) {
            // The vowel is around the second: เฉลิม, cha-loem.
            self.first(c);
            self.out.push('a');
            self.first(next);
            self.at += 2;
        } else {
            self.first(c);
            self.at += 1;
        }
    }

    /// The vowel when a part of it stands in front.
    fn vowel_around(&mut self, before: char) {
        let (one, two) = (self.peek(0), self.peek(1));
        let (sound, taken) = match (before, one, two) {
            ('เ', 'ี', 'ย') => ("ia", 2),
            ('เ', 'ื', 'อ') => ("uea", 2),
            ('เ', 'า', 'ะ') => ("o", 2),
            ('เ', 'า', _) | ('เ', '\u{0E3B}', 'า') => ("ao", if one == 'า' { 1 } else { 2 }),
            ('เ', 'ิ', _) => ("oe", 1),
            ('เ', 'อ', _) => ("oe", 1),
            ('เ', 'ย', _) if !is_sign(two) => ("oei", 1),
            ('เ', '\u{0E3D}', _) => ("ia", 1),
            ('เ', 'ะ' | '็' | 'ั', _) => ("e", 1),
            ('เ', ..) => ("e", 0),
            ('แ', 'ะ' | '็' | 'ั', _) => ("ae", 1),
            ('แ', ..) => ("ae", 0),
            ('โ', 'ะ', _) => ("o", 1),
            ('โ', ..) => ("o", 0),
            (_, 'ย', _) if !is_sign(two) => ("ai", 1),
            _ => ("ai", 0),
        };
        self.out.push_str(sound);
        self.at += taken;
        let open = sound == "ai" || sound == "ao" || sound == "oei";
        let short = taken == 1 && one == 'ะ';
        if !open && !short {
            self.last(false, false);
        }
    }

    fn vowel_after(&mut self) {
        let (one, two) = (self.peek(0), self.peek(1));
        let (sound, taken, long) = match (one, two) {
            ('ั' | '\u{0E3B}', 'ว') if !is_sign(self.peek(2)) => ("ua", 2, true),
            ('ั', 'ย') if !is_sign(self.peek(2)) => ("ai", 2, false),
            ('ั', _) => ("a", 1, false),
            ('\u{0E3B}', _) => ("o", 1, false),
            ('\u{0E3D}', _) => ("ia", 1, true),
            ('ะ', _) => {
                self.out.push('a');
                self.at += 1;
                return;
            }
            ('า', 'ย') if !is_sign(self.peek(2)) => ("ai", 2, false),
            ('า', _) => ("a", 1, true),
            ('ำ', _) => {
                self.out.push_str("am");
                self.at += 1;
                return;
            }
            ('ิ' | 'ี', _) => ("i", 1, false),
            ('ึ', _) => ("ue", 1, false),
            ('ื', 'อ') => ("ue", 2, false),
            ('ื', _) => ("ue", 1, false),
            ('ุ' | 'ู', _) => ("u", 1, false),
            ('ร', 'ร') if self.consonant(self.peek(2)) && !is_sign(self.peek(3)) => ("a", 2, false),
            ('ร', 'ร') => {
                self.out.push_str("an");
                self.at += 2;
                return;
            }
            ('ว', two) if self.consonant(two) && !is_sign(self.peek(2)) => ("ua", 1, true),
            ('อ' | '\u{0E4D}', _) if !is_sign(two) => ("o", 1, true),
            ('็', 'อ') => ("o", 2, false),
            ('็', _) => ("o", 1, false),
            _ => return self.inherent(),
        };
        self.out.push_str(sound);
        self.at += taken;
        if !(sound == "ai" || taken == 2 && two == 'ย') {
            self.last(long, sound == "a" && !long);
        }
    }

    /// No vowel is written: o with a consonant after it, a without.
    fn inherent(&mut self) {
        if self.ends_here() {
            self.out.push('o');
            self.last(false, false);
        } else if self.at < self.letters.len() {
            self.out.push('a');
        } else {
            self.out.push('o');
        }
    }

    /// Whether the next consonant ends this syllable.
    fn ends_here(&self) -> bool {
        let before_rr = self.peek(1) == 'ร' && self.peek(2) == 'ร';
        self.consonant(self.peek(0)) && !is_sign(self.peek(1)) && self.peek(0) != 'อ' && !before_rr
    }

    /// The consonant that ends the syllable, if one does; after ั one must.
    fn last(&mut self, long: bool, must: bool) {
        let c = self.peek(0);
        // ชาติ, สมบัติ: a short vowel that is not spoken.
        let silent = (long || must) && matches!(self.peek(1), 'ิ' | 'ุ') && self.at + 2 == self.letters.len();
        if !(self.ends_here() || silent && self.consonant(c)) {
            return;
        }
        // Of an even run of consonants the first begins the next syllable: na-thon.
        let run = (0..LONGEST_RUN)
            .take_while(|ahead| self.consonant(self.peek(*ahead)) && !is_sign(self.peek(ahead + 1)))
            .count();
        let to_end = self.at + run == self.letters.len();
        let silent_r = |c: char, next: char| next == 'ร' && "ตทกดช".contains(c);
        let opens = run.is_multiple_of(2) && !must && (to_end || run > 2) && !(run == 2 && silent_r(c, self.peek(1)));
        if opens && !silent {
            return;
        }
        if let Some((_, last)) = self.thai.consonants.get(&c) {
            self.out.push_str(last);
        }
        self.at += if silent { 2 } else { 1 };
        // มิตร, จักร: nobody says the r.
        if silent_r(c, self.peek(0)) && self.at + 1 == self.letters.len() {
            self.at += 1;
        }
    }
}

fn is_before(c: char) -> bool {
    matches!(c, 'เ' | 'แ' | 'โ' | 'ใ' | 'ไ')
}

/// A sign of a vowel that belongs to the consonant before it.
fn is_sign(c: char) -> bool {
    matches!(c, 'ะ'..='\u{0E3D}' | 'ๅ' | '็' | '\u{0E4D}')
}

/// A Lao letter's Thai sister.
fn sister(c: char) -> char {
    match c as u32 {
        code @ 0x0E81..=0x0EDB => char::from_u32(code - 0x80).unwrap_or(c),
        _ => c,
    }
}

/// Thai letters without tones and without consonants that are marked as silent.
fn bare(word: &str) -> String {
    let mut out: Vec<char> = Vec::with_capacity(word.len());
    for c in word.chars() {
        match c {
            'ໜ' => out.extend(['ห', 'น']),
            'ໝ' => out.extend(['ห', 'ม']),
            'ຼ' => out.push('ล'),
            'ຳ' => out.push('ำ'),
            'ຽ' => out.push('\u{0E3D}'),
            _ => match sister(c) {
                '\u{0E48}'..='\u{0E4B}' | '\u{0E4E}' | 'ๆ' | 'ฯ' => {}
                '\u{0E4C}' => {
                    // The silent consonant, with a vowel under or over it, and a ท or ต before a silent ร.
                    while out.last().is_some_and(|last| matches!(last, 'ิ' | 'ุ' | 'ู')) {
                        out.pop();
                    }
                    if out.pop() == Some('ร') && out.last().is_some_and(|last| "ทตด".contains(*last)) && out.len() > 2
                    {
                        out.pop();
                    }
                }
                c => out.push(c),
            },
        }
    }
    out.into_iter().collect()
}
