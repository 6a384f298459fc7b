//! The forms of verbs and nouns, by the spelling rules of English.

use std::collections::HashMap;

use schema::DataError;
use schema::yaml::Node;

/// The forms of verbs.
pub(crate) struct Verbs {
    irregular: HashMap<String, [String; 4]>,
}

/// base, -s, past, participle, -ing.
#[derive(Debug, Clone)]
pub(crate) struct Forms {
    pub base: String,
    pub third: String,
    pub past: String,
    pub participle: String,
    pub gerund: String,
}

impl Forms {
    pub fn all(&self) -> [String; 5] {
        [&self.base, &self.third, &self.past, &self.participle, &self.gerund].map(Clone::clone)
    }
}

impl Verbs {
    pub fn load(file: &Node) -> Result<Self, DataError> {
        let mut irregular = HashMap::new();
        for entry in file.as_map()? {
            let forms = entry.value().strings()?;
            let [third, past, participle, gerund] = forms.as_slice() else {
                return Err(entry.error(
                    format!("a verb has four forms besides its base, but {} stand here", forms.len()),
                    "Write [takes, took, taken, taking].",
                ));
            };
            irregular.insert(entry.key().to_owned(), [third, past, participle, gerund].map(|s| (*s).to_owned()));
        }
        Ok(Self { irregular })
    }

    /// Forms of a verb by the spelling rules of English, unless `irregular.yaml` has it.
    pub fn forms(&self, base: &str) -> Forms {
        if let Some([third, past, participle, gerund]) = self.irregular.get(base) {
            return Forms {
                base: base.to_owned(),
                third: third.clone(),
                past: past.clone(),
                participle: participle.clone(),
                gerund: gerund.clone(),
            };
        }
        let doubled = doubles(base).then(|| base.chars().last()).flatten();
        if let Some(last) = doubled {
            let (past, gerund) = (format!("{base}{last}ed"), format!("{base}{last}ing"));
            let third = format!("{base}s");
            return Forms { base: base.to_owned(), third, participle: past.clone(), past, gerund };
        }
        let vowel = |c: Option<char>| c.is_some_and(|c| "aeiou".contains(c));
        let stem = base.strip_suffix('e');
        let consonant_y = base.ends_with('y') && !vowel(base.chars().rev().nth(1));
        let third = if consonant_y {
            format!("{}ies", &base[..base.len() - 1])
        } else if ["s", "sh", "ch", "x", "z"].iter().any(|e| base.ends_with(e)) {
            format!("{base}es")
        } else {
            format!("{base}s")
        };
        let past = if consonant_y {
            format!("{}ied", &base[..base.len() - 1])
        } else if stem.is_some() {
            format!("{base}d")
        } else {
            format!("{base}ed")
        };
        let gerund = match stem {
            Some(stem) if !stem.ends_with('e') => format!("{stem}ing"),
            _ => format!("{base}ing"),
        };
        Forms { base: base.to_owned(), third, participle: past.clone(), past, gerund }
    }
}

/// “stop”, “stopped”: one syllable, one vowel, one consonant at the end.
fn doubles(base: &str) -> bool {
    let letters: Vec<char> = base.chars().collect();
    let vowel = |c: char| "aeiou".contains(c);
    let [before @ .., a, b, c] = letters.as_slice() else { return false };
    letters.len() <= 5
        && !vowel(*a)
        && vowel(*b)
        && !vowel(*c)
        && !"wxyh".contains(*c)
        && !before.iter().copied().any(vowel)
        && !(*a == 'q')
}

/// “activist”, “activists”; “fisherman”, “fishermen”.
pub(super) fn plural(word: &str) -> String {
    let end = |n: usize, with: &str| format!("{}{with}", &word[..word.len() - n]);
    if word.ends_with("man") {
        end(2, "en")
    } else if word.ends_with("child") {
        format!("{word}ren")
    } else if word.ends_with('y') && !["ay", "ey", "oy"].iter().any(|e| word.ends_with(e)) {
        end(1, "ies")
    } else if ["s", "sh", "ch", "x", "z"].iter().any(|e| word.ends_with(e)) {
        format!("{word}es")
    } else {
        format!("{word}s")
    }
}
