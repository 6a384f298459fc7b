//! Text that is ready to be set in a page: escaped, and with Khmer marked as Khmer.

use std::fmt;

use askama::filters::HtmlSafe;

/// Anybody's text, escaped; each run of Khmer carries `lang="km"`, so that it is set with room and read aloud rightly.
///
/// For the content of an element. An attribute takes the plain text, which askama escapes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Words(String);

impl Words {
    #[must_use]
    pub fn of(text: &str) -> Self {
        let mut out = String::with_capacity(text.len() + 16);
        let mut rest = text;
        while !rest.is_empty() {
            let plain = rest.find(is_khmer).unwrap_or(rest.len());
            escape(&rest[..plain], &mut out);
            rest = &rest[plain..];
            let run = khmer_run(rest);
            if run > 0 {
                out.push_str("<span lang=\"km\">");
                escape(&rest[..run], &mut out);
                out.push_str("</span>");
                rest = &rest[run..];
            }
        }
        Words(out)
    }

    /// HTML that this crate has put together from escaped parts.
    #[must_use]
    pub(crate) fn ready(html: String) -> Words {
        Words(html)
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// These words in a link. The address is escaped too.
    #[must_use]
    pub fn linked(&self, href: &str) -> Words {
        let mut out = String::from("<a href=\"");
        escape(href, &mut out);
        out.push_str("\">");
        out.push_str(&self.0);
        out.push_str("</a>");
        Words(out)
    }

    /// One after the other, with this (plain) text between.
    #[must_use]
    pub fn joined(parts: &[Words], between: &str) -> Words {
        let mut gap = String::new();
        escape(between, &mut gap);
        Words(parts.iter().map(|part| part.0.as_str()).collect::<Vec<_>>().join(&gap))
    }
}

impl fmt::Display for Words {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl HtmlSafe for Words {}

fn is_khmer(c: char) -> bool {
    matches!(c, '\u{1780}'..='\u{17ff}' | '\u{19e0}'..='\u{19ff}')
}

/// Bytes of the Khmer that the text begins with; spaces and joiners inside it belong to it, those after it do not.
fn khmer_run(text: &str) -> usize {
    let mut end = 0;
    for (at, c) in text.char_indices() {
        if is_khmer(c) {
            end = at + c.len_utf8();
        } else if !matches!(c, ' ' | '\u{200b}' | '\u{200c}' | '\u{200d}') {
            break;
        }
    }
    end
}

/// The five characters that mean something in HTML.
pub fn escape(text: &str, out: &mut String) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
}

/// “1 claim”, “2 claims”.
#[must_use]
pub fn counted(number: usize, one: &str, many: &str) -> String {
    format!("{} {}", thousands(number as u64), if number == 1 { one } else { many })
}

/// 1204 → “1,204”.
#[must_use]
pub fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// The beginning of a text, cut at a word.
#[must_use]
pub fn shortened(text: &str, characters: usize) -> String {
    if text.chars().count() <= characters {
        return text.to_owned();
    }
    let cut: String = text.chars().take(characters).collect();
    let end = cut.rfind(' ').filter(|end| *end > cut.len() / 2).unwrap_or(cut.len());
    format!("{} …", &cut[..end])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn html_in_a_text_is_shown_as_text() {
        assert_eq!(Words::of("<b>'&\"").to_string(), "&lt;b&gt;&#39;&amp;&quot;");
        assert_eq!(Words::of("x").linked("/a?b='\"").to_string(), "<a href=\"/a?b=&#39;&quot;\">x</a>");
    }

    #[test]
    fn khmer_is_marked_as_khmer_and_keeps_its_spaces() {
        assert_eq!(Words::of("រ៉ុង ឈុន (Rong)").to_string(), "<span lang=\"km\">រ៉ុង ឈុន</span> (Rong)");
        assert_eq!(Words::of("Rong Chhun").to_string(), "Rong Chhun");
    }

    #[test]
    fn numbers_and_cuts() {
        assert_eq!(thousands(1_234_567), "1,234,567");
        assert_eq!(counted(1, "claim", "claims"), "1 claim");
        assert_eq!(shortened("one two three", 9), "one two …");
    }
}
