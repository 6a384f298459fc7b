//! JSON, read by ourselves, so that a number keeps its digits: `1.0` and `0.10` never become floats on the way.

/// Values nest no deeper.
const DEEPEST: usize = 64;

/// A JSON value; numbers as they are written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Json {
    Null,
    Bool(bool),
    Number(String),
    Text(String),
    List(Vec<Json>),
    Object(Vec<(String, Json)>),
}

impl Json {
    pub fn get(&self, key: &str) -> Option<&Json> {
        match self {
            Json::Object(pairs) => pairs.iter().find(|(name, _)| name == key).map(|(_, value)| value),
            _ => None,
        }
    }

    pub fn text(&self) -> Option<&str> {
        match self {
            Json::Text(text) => Some(text),
            _ => None,
        }
    }

    /// What stands in a cell: a scalar's own words, anything else as JSON.
    pub fn words(&self) -> String {
        match self {
            Json::Null => String::new(),
            Json::Bool(value) => value.to_string(),
            Json::Number(digits) => digits.clone(),
            Json::Text(text) => text.clone(),
            Json::List(values) if values.iter().all(Json::is_scalar) => {
                values.iter().map(Json::words).collect::<Vec<_>>().join("; ")
            }
            nested => nested.render(),
        }
    }

    pub fn is_scalar(&self) -> bool {
        !matches!(self, Json::List(_) | Json::Object(_))
    }

    pub fn render(&self) -> String {
        match self {
            Json::Null => "null".into(),
            Json::Bool(value) => value.to_string(),
            Json::Number(digits) => digits.clone(),
            Json::Text(text) => quoted(text),
            Json::List(values) => format!("[{}]", values.iter().map(Json::render).collect::<Vec<_>>().join(",")),
            Json::Object(pairs) => {
                let pairs: Vec<String> =
                    pairs.iter().map(|(key, value)| format!("{}:{}", quoted(key), value.render())).collect();
                format!("{{{}}}", pairs.join(","))
            }
        }
    }
}

fn quoted(text: &str) -> String {
    serde_json::to_string(text).unwrap_or_default()
}

/// Reads one value and nothing after it.
///
/// # Errors
/// What is wrong, and at which character.
pub fn parse(text: &str) -> Result<Json, String> {
    let mut parser = Parser { text, at: 0 };
    let value = parser.value(0)?;
    parser.space();
    if parser.at < text.len() { Err(parser.wrong("something follows the value")) } else { Ok(value) }
}

struct Parser<'a> {
    text: &'a str,
    at: usize,
}

impl Parser<'_> {
    fn wrong(&self, what: &str) -> String {
        format!("{what} (character {})", self.text[..self.at].chars().count() + 1)
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn take(&mut self, byte: u8, what: &str) -> Result<(), String> {
        self.space();
        if self.peek() == Some(byte) {
            self.at += 1;
            return Ok(());
        }
        Err(self.wrong(what))
    }

    fn value(&mut self, depth: usize) -> Result<Json, String> {
        if depth > DEEPEST {
            return Err(self.wrong("its parts are nested too deeply"));
        }
        self.space();
        match self.peek() {
            Some(b'{') => self.object(depth),
            Some(b'[') => self.list(depth),
            Some(b'"') => self.string().map(Json::Text),
            Some(b'-' | b'0'..=b'9') => {
                let rest = &self.text[self.at..];
                let length = rest.find(|c: char| !matches!(c, '-' | '+' | '.' | 'e' | 'E' | '0'..='9'));
                let digits = &rest[..length.unwrap_or(rest.len())];
                if digits.parse::<f64>().is_err() {
                    return Err(self.wrong("this is no number"));
                }
                self.at += digits.len();
                Ok(Json::Number(digits.to_owned()))
            }
            _ => {
                for (word, value) in [("true", Json::Bool(true)), ("false", Json::Bool(false)), ("null", Json::Null)] {
                    if self.text[self.at..].starts_with(word) {
                        self.at += word.len();
                        return Ok(value);
                    }
                }
                Err(self.wrong("a value is missing"))
            }
        }
    }

    fn object(&mut self, depth: usize) -> Result<Json, String> {
        self.at += 1;
        let mut pairs = Vec::new();
        self.space();
        if self.peek() == Some(b'}') {
            self.at += 1;
            return Ok(Json::Object(pairs));
        }
        loop {
            self.space();
            if self.peek() != Some(b'"') {
                return Err(self.wrong("a key in quotation marks is missing"));
            }
            let key = self.string()?;
            self.take(b':', "a colon is missing")?;
            pairs.push((key, self.value(depth + 1)?));
            self.space();
            match self.peek() {
                Some(b',') => self.at += 1,
                _ => {
                    self.take(b'}', "the object does not end: was the file cut off?")?;
                    return Ok(Json::Object(pairs));
                }
            }
        }
    }

    fn list(&mut self, depth: usize) -> Result<Json, String> {
        self.at += 1;
        let mut values = Vec::new();
        self.space();
        if self.peek() == Some(b']') {
            self.at += 1;
            return Ok(Json::List(values));
        }
        loop {
            values.push(self.value(depth + 1)?);
            self.space();
            match self.peek() {
                Some(b',') => self.at += 1,
                _ => {
                    self.take(b']', "the list does not end: was the file cut off?")?;
                    return Ok(Json::List(values));
                }
            }
        }
    }

    fn string(&mut self) -> Result<String, String> {
        let from = self.at;
        let mut at = from + 1;
        let bytes = self.text.as_bytes();
        while let Some(byte) = bytes.get(at) {
            match byte {
                b'"' => {
                    self.at = at + 1;
                    return serde_json::from_str(&self.text[from..=at]).map_err(|error| {
                        self.at = from;
                        self.wrong(&format!("this text is not JSON’s: {error}"))
                    });
                }
                b'\\' => at += 2,
                _ => at += 1,
            }
        }
        Err(self.wrong("a quotation mark is not closed: was the file cut off?"))
    }
}
