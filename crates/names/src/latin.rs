//! Any script in small ASCII words.

use super::data::tables;
use super::script::Of;

/// A text in small ASCII words with one space between: accents, apostrophes and titles off, hyphens as spaces, the Arabic article
/// joined to its word, other scripts romanised as people do it in practice. Empty when there is no letter or digit.
///
/// `latin("H.E. Kem Sokha")` is `kem sokha`; `latin("بشار الأسد")` is `bashar alassad`.
#[must_use]
pub fn latin(text: &str) -> String {
    let folded = schema::fold(text);
    let Some(tables) = tables() else {
        return tokens(&folded).into_iter().map(|word| word.text).collect::<Vec<_>>().join(" ");
    };
    let mut words = ascii_words(tables.titles.off_native(&folded), Of::Person);
    tables.titles.off_words(&mut words);
    words.join(" ")
}

/// The same with titles: for what is not a whole name.
pub(super) fn words_of(text: &str, of: Of) -> String {
    ascii_words(&schema::fold(text), of).join(" ")
}

fn ascii_words(folded: &str, of: Of) -> Vec<String> {
    let vietnamese = folded.contains(|c| matches!(c, '\u{1EA0}'..='\u{1EF9}' | 'ơ' | 'ư' | 'ă'));
    let plain: String = folded
        .chars()
        .filter(|c| !is_apostrophe(*c))
        .map(|c| if vietnamese && c == 'đ' { 'd' } else { c })
        .flat_map(respelt)
        .collect();
    let ascii = match tables() {
        _ if plain.is_ascii() => plain,
        Some(tables) => tables.scripts.romanise(&plain, of).to_ascii_lowercase(),
        None => any_ascii::any_ascii(&plain).to_ascii_lowercase(),
    };
    let mut words = joined(tokens(&ascii));
    // What is joined may join again: until nothing changes.
    for _ in 0..8 {
        let again = joined(words.iter().map(|word| Token { text: word.clone(), hyphen: false }).collect());
        if again.len() == words.len() {
            break;
        }
        words = again;
    }
    words
}

/// Letters that are written as two where diacritics are missing (passports, newspapers); the others lose theirs.
fn respelt(c: char) -> impl Iterator<Item = char> {
    let two = match c {
        'đ' => ['d', 'j'],
        'æ' => ['a', 'e'],
        'œ' => ['o', 'e'],
        'ß' => ['s', 's'],
        'þ' => ['t', 'h'],
        _ => [c, '\0'],
    };
    two.into_iter().filter(|c| *c != '\0')
}

/// Signs that stand for a glottal stop, a soft sign or nothing.
fn is_apostrophe(c: char) -> bool {
    matches!(
        c,
        '\'' | '’' | '‘' | '`' | '´' | 'ʼ' | 'ʻ' | 'ʽ' | 'ʾ' | 'ʿ' | 'ʹ' | 'ʺ' | '′' | '＇' | '\u{02B0}'..='\u{02FF}'
    )
}

/// Bytes of a word to which an article is still joined: no name has more.
const LONGEST_JOINED: usize = 40;

struct Token {
    text: String,
    /// A hyphen stands between it and the word before.
    hyphen: bool,
}

fn tokens(ascii: &str) -> Vec<Token> {
    let mut found: Vec<Token> = Vec::new();
    let mut hyphen = false;
    let mut open = false;
    for c in ascii.chars() {
        if c.is_ascii_alphanumeric() {
            match found.last_mut().filter(|_| open) {
                Some(word) => word.text.push(c.to_ascii_lowercase()),
                None => found.push(Token { text: c.to_ascii_lowercase().to_string(), hyphen }),
            }
            open = true;
            hyphen = false;
        } else if c != '\'' {
            hyphen = c == '-' && (open || hyphen);
            open = false;
        }
    }
    found
}

/// The Arabic article and “servant of” joined to what follows: “abd al-Rahman”, “Abdul Rahman”, “ash-Sharif”.
fn joined(tokens: Vec<Token>) -> Vec<String> {
    let mut words: Vec<String> = Vec::with_capacity(tokens.len());
    let mut hyphen_after = false;
    // From the end: an article may follow “abd”.
    for token in tokens.into_iter().rev() {
        let word = token.text;
        let next = words.last().filter(|next| next.len() > 1 && next.len() < LONGEST_JOINED);
        let with = match (word.as_str(), next) {
            ("al" | "el", Some(next)) => Some(format!("{word}{next}")),
            ("as" | "ash" | "ar" | "an" | "ad" | "at" | "az" | "ul" | "ur" | "us", Some(next))
                if hyphen_after && word.get(1..).is_some_and(|sun| word.starts_with('u') || next.starts_with(sun)) =>
            {
                Some(format!("al{next}"))
            }
            ("abdul" | "abdel" | "abdal" | "abdoul" | "abdur" | "abder", Some(next)) if next.len() > 3 => {
                Some(format!("{word}{next}"))
            }
            ("abd", Some(next)) if next == "allah" => Some("abdullah".to_owned()),
            (word, Some(next)) if next == "allah" && word.len() > 2 => Some(format!("{word}allah")),
            ("abd", Some(next)) if next.len() > 4 && (next.starts_with("al") || next.starts_with("el")) => {
                let of = if next.starts_with("al") { "abdul" } else { "abdel" };
                Some(format!("{of}{}", next.get(2..).unwrap_or_default()))
            }
            _ => None,
        };
        match with {
            Some(with) => {
                words.pop();
                words.push(with);
            }
            None => words.push(word),
        }
        hyphen_after = token.hyphen;
    }
    words.reverse();
    words
}
