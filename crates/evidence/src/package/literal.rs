//! Python's literals, which auto-archiver's `csv_db` puts into cells: `{'url': '…', '_processed_at': datetime.datetime(…)}`.

use serde_json::{Map, Value};

/// Reads one literal. Calls become their arguments: `datetime.datetime(2025, 1, 2, 3, 4)` a time, others null.
pub(super) fn parse(text: &str) -> Option<Value> {
    let mut parser = Parser { text, depth: 0 };
    let value = parser.value()?;
    parser.space();
    parser.text.is_empty().then_some(value)
}

struct Parser<'a> {
    text: &'a str,
    depth: usize,
}

impl Parser<'_> {
    fn space(&mut self) {
        self.text = self.text.trim_start();
    }

    fn eat(&mut self, token: char) -> bool {
        self.space();
        match self.text.strip_prefix(token) {
            Some(rest) => {
                self.text = rest;
                true
            }
            None => false,
        }
    }

    fn value(&mut self) -> Option<Value> {
        self.depth += 1;
        if self.depth > 64 {
            return None;
        }
        self.space();
        let value = match self.text.chars().next()? {
            '{' => self.braces(),
            '[' => self.list('[', ']').map(Value::Array),
            '(' => self.list('(', ')').map(Value::Array),
            '\'' | '"' => self.string().map(Value::String),
            c if c.is_ascii_digit() || c == '-' => self.number(),
            _ => self.word(),
        };
        self.depth -= 1;
        value
    }

    fn list(&mut self, open: char, close: char) -> Option<Vec<Value>> {
        self.eat(open);
        let mut list = Vec::new();
        while !self.eat(close) {
            // A keyword argument: its name goes.
            let before = self.text;
            let name: usize = before.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'_').count();
            if name > 0 && before[name..].starts_with('=') {
                self.text = &before[name + 1..];
            }
            list.push(self.value()?);
            if !self.eat(',') {
                return self.eat(close).then_some(list);
            }
        }
        Some(list)
    }

    /// A dictionary or a set.
    fn braces(&mut self) -> Option<Value> {
        self.eat('{');
        let (mut map, mut set) = (Map::new(), Vec::new());
        while !self.eat('}') {
            let key = self.value()?;
            if self.eat(':') {
                let key = match key {
                    Value::String(key) => key,
                    other => other.to_string(),
                };
                let value = self.value()?;
                map.insert(key, value);
            } else {
                set.push(key);
            }
            if !self.eat(',') {
                if self.eat('}') {
                    break;
                }
                return None;
            }
        }
        Some(if set.is_empty() { Value::Object(map) } else { Value::Array(set) })
    }

    fn string(&mut self) -> Option<String> {
        let mut characters = self.text.char_indices();
        let (_, quote) = characters.next()?;
        let mut out = String::new();
        while let Some((at, c)) = characters.next() {
            match c {
                c if c == quote => {
                    self.text = &self.text[at + 1..];
                    return Some(out);
                }
                '\\' => {
                    let (_, escaped) = characters.next()?;
                    let digits = match escaped {
                        'n' => {
                            out.push('\n');
                            0
                        }
                        't' => {
                            out.push('\t');
                            0
                        }
                        'r' => {
                            out.push('\r');
                            0
                        }
                        'x' => 2,
                        'u' => 4,
                        'U' => 8,
                        other => {
                            out.push(other);
                            0
                        }
                    };
                    if digits > 0 {
                        let mut number = 0u32;
                        for _ in 0..digits {
                            number = number.checked_mul(16)? + characters.next()?.1.to_digit(16)?;
                        }
                        out.push(char::from_u32(number).unwrap_or(char::REPLACEMENT_CHARACTER));
                    }
                }
                c => out.push(c),
            }
        }
        None
    }

    fn number(&mut self) -> Option<Value> {
        let length = self
            .text
            .bytes()
            .take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'+' | b'_'))
            .count();
        let (digits, rest) = self.text.split_at(length);
        self.text = rest;
        digits.parse::<i64>().map(Value::from).ok().or_else(|| digits.parse::<f64>().map(Value::from).ok())
    }

    /// A name, which may be called.
    fn word(&mut self) -> Option<Value> {
        let length =
            self.text.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_')).count();
        if length == 0 {
            return None;
        }
        let (name, rest) = self.text.split_at(length);
        let name = name.to_owned();
        self.text = rest;
        if !self.text.trim_start().starts_with('(') {
            return Some(match name.as_str() {
                "True" => Value::Bool(true),
                "False" => Value::Bool(false),
                "nan" | "inf" | "None" => Value::Null,
                name => Value::String(name.to_owned()),
            });
        }
        self.space();
        let arguments = self.list('(', ')')?;
        if !name.ends_with("datetime") {
            return Some(Value::Null);
        }
        let number = |at: usize| arguments.get(at).and_then(Value::as_i64).unwrap_or(0);
        let utc =
            if arguments.iter().any(|argument| argument.as_str() == Some("datetime.timezone.utc")) { "Z" } else { "" };
        Some(Value::String(format!(
            "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}{utc}",
            number(0),
            number(1),
            number(2),
            number(3),
            number(4),
            number(5)
        )))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_python_prints_is_read() {
        let text = r#"{'_processed_at': datetime.datetime(2025, 3, 4, 5, 6, 7, 89, tzinfo=datetime.timezone.utc), "it's": [1, -2.5, None, True], 's': {'a', 'b'}, 't': (1,), 'u': 'ស\u1780\n\'', 'e': {}}"#;
        assert_eq!(
            parse(text).unwrap(),
            json!({"_processed_at": "2025-03-04T05:06:07Z", "it's": [1, -2.5, null, true], "s": ["a", "b"], "t": [1], "u": "សក\n'", "e": {}})
        );
        for wrong in ["", "{", "{'a':}", "'a", "[1 2]", &"[".repeat(100_000), "<object at 0x1>", "'\\x9'"] {
            assert_eq!(parse(wrong), None, "{}", &wrong[..wrong.len().min(20)]);
        }
    }
}
