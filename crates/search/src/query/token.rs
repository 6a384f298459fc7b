//! The pieces of a typed question, with their places.

/// A piece, and which code points of the text it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) kind: Kind,
    pub(super) start: usize,
    pub(super) end: usize,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Characters without a space.
    Word(String),
    /// What stands between quotation marks; whether the second one is there.
    Quoted(String, bool),
    /// `name:` before a word, a quotation or a part in parentheses.
    Field(String),
    And,
    Or,
    Not,
    Open,
    Close,
}

/// Cuts a text into its pieces.
pub(super) fn tokens(text: &str) -> Vec<Token> {
    let chars: Vec<char> = text.chars().collect();
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(c) = chars.get(at).copied() {
        let start = at;
        let kind = match c {
            c if c.is_whitespace() => {
                at += 1;
                continue;
            }
            '(' => single(&mut at, Kind::Open),
            ')' => single(&mut at, Kind::Close),
            c if opens(c) => quoted(&chars, &mut at),
            // A minus before a word is “not”; inside one it is a hyphen, which is no part of this branch.
            '-' if chars.get(at + 1).is_some_and(|next| !next.is_whitespace() && *next != '-') => {
                single(&mut at, Kind::Not)
            }
            '|' => {
                at += chars[at..].iter().take_while(|c| **c == '|').count();
                Kind::Or
            }
            _ => word(&chars, &mut at),
        };
        found.push(Token { kind, start, end: at });
    }
    found
}

fn single(at: &mut usize, kind: Kind) -> Kind {
    *at += 1;
    kind
}

fn opens(c: char) -> bool {
    matches!(c, '"' | '“' | '”' | '„' | '«' | '»')
}

fn quoted(chars: &[char], at: &mut usize) -> Kind {
    *at += 1;
    let start = *at;
    while chars.get(*at).is_some_and(|c| !opens(*c)) {
        *at += 1;
    }
    let inside = chars[start..*at].iter().collect();
    let closed = *at < chars.len();
    *at += usize::from(closed);
    Kind::Quoted(inside, closed)
}

fn word(chars: &[char], at: &mut usize) -> Kind {
    let start = *at;
    while let Some(c) = chars.get(*at).copied() {
        if c.is_whitespace() || matches!(c, '(' | ')') || (opens(c) && *at > start) {
            break;
        }
        let field = c == ':'
            && *at > start
            && chars[start..*at].iter().all(char::is_ascii_alphabetic)
            // An address on the web is no field.
            && !(chars.get(*at + 1) == Some(&'/') && chars.get(*at + 2) == Some(&'/'));
        if field {
            let name: String = chars[start..*at].iter().collect();
            *at += 1;
            return Kind::Field(name.to_ascii_lowercase());
        }
        *at += 1;
    }
    let word: String = chars[start..*at].iter().collect();
    match word.as_str() {
        "AND" | "&" | "&&" => Kind::And,
        "OR" => Kind::Or,
        "NOT" => Kind::Not,
        _ => Kind::Word(word),
    }
}
