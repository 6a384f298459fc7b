//! Laws, treaties and standards by their names: “Law on Political Parties”, “Unlawful Activities
//! (Prevention) Act”, “Basic Principles on the Role of Lawyers”; not “the Convention” alone.

use super::lawwords::{BODIES, HEADS, INNER, LINKS, OUTSIDE, WEAK};

/// A law named in a text, in bytes of it.
#[derive(Debug, Clone)]
pub(crate) struct Named {
    /// Its name without demonyms before it.
    pub name: String,
    /// The word that makes it a law: “act”, “code”.
    pub head: String,
    pub start: usize,
    pub end: usize,
}

struct Word<'a> {
    text: &'a str,
    start: usize,
    end: usize,
    /// A mark before it or behind it, besides white space.
    opened: bool,
    closed: bool,
    comma: bool,
}

fn words(text: &str) -> Vec<Word<'_>> {
    let mut out = Vec::new();
    let mut at = 0;
    for raw in text.split(char::is_whitespace) {
        let start = at;
        at += raw.len() + text[at + raw.len()..].chars().next().map_or(0, char::len_utf8);
        if raw.is_empty() {
            continue;
        }
        // “(Prevention)” inside a name keeps its brackets.
        let bracketed = raw.starts_with('(') && raw.trim_end_matches([',', '.', ';']).ends_with(')');
        let opening: &[char] = if bracketed { &['“', '"', '‘', '['] } else { &['(', '“', '"', '‘', '[', '\''] };
        let inner = raw.trim_start_matches(opening);
        let closing: &[char] = if bracketed {
            &[',', '.', ';', ':', '”', '"', ']']
        } else {
            &[',', '.', ';', ':', ')', '”', '"', '’', ']', '!', '?', '\'']
        };
        let bare = inner.trim_end_matches(closing);
        let dotted = matches!(inner, "Art." | "Arts." | "No." | "Nos." | "B.E.");
        let bare = if dotted { inner } else { bare };
        let from = start + (raw.len() - inner.len());
        let tail = &inner[bare.len()..];
        out.push(Word {
            text: bare,
            start: from,
            end: from + bare.len(),
            opened: inner.len() != raw.len(),
            closed: !tail.is_empty(),
            comma: tail == ",",
        });
    }
    out
}

fn capital(w: &str) -> bool {
    w.trim_start_matches('(').chars().next().is_some_and(char::is_uppercase)
}

fn year(w: &str) -> bool {
    let digits = w.trim_matches(['(', ')']);
    digits.len() == 4 && digits.bytes().all(|b| b.is_ascii_digit())
}

/// The laws of a text, in order.
pub(crate) fn find(text: &str) -> Vec<Named> {
    let words = words(text);
    let mut out: Vec<Named> = Vec::new();
    for h in 0..words.len() {
        let head = &words[h];
        if !HEADS.contains(&head.text) || out.last().is_some_and(|l| l.end > head.start) {
            continue;
        }
        if head.text == "Minimum" && !(words.get(h + 1).is_some_and(|w| w.text == "Rules")) {
            continue;
        }
        let first = left(&words, h);
        let last = right(&words, h);
        let body = words[first..h].iter().any(|w| BODIES.contains(&w.text.trim_end_matches("s")));
        let goes_on = !head.closed
            && last == h
            && words.get(h + 1).is_some_and(|w| {
                capital(w.text)
                    && !w.opened
                    && !year(w.text)
                    && !["No.", "Nos.", "B.E.", "Is", "Article"].contains(&w.text)
            });
        let paired = head.text == "Law"
            && !head.closed
            && last == h
            && words.get(h + 1).is_some_and(|w| w.text == "and")
            && words.get(h + 2).is_some_and(|w| capital(w.text));
        let named = first < h && !(h - first == 1 && is_place(words[first].text));
        let told = last > h;
        let enough = if WEAK.contains(&head.text) {
            told && named || told && first < h || h - first >= 2 && last > h
        } else {
            named || told
        };
        if body || goes_on || paired || !enough {
            continue;
        }
        let from = (first..h).find(|&k| !is_place(words[k].text)).unwrap_or(h);
        let (start, end) = (words[from].start, words[last].end);
        // A year at the end is no part of what the law is called.
        let called = (from..=last)
            .rev()
            .find(|&k| !year(words[k].text) && words[k].text != "of" && words[k].text != "B.E.")
            .unwrap_or(last);
        let name = text[words[from].start..words[called].end].split_whitespace().collect::<Vec<_>>().join(" ");
        out.push(Named { name, head: head.text.to_lowercase(), start, end });
    }
    out
}

/// “Cambodian”, “Thailand's”: whose law it is.
fn is_place(w: &str) -> bool {
    w.ends_with("'s")
        || w.ends_with("’s")
        || w.ends_with("s’")
        || [
            "ian", "ese", "ish", "ean", "dan", "Thai", "Lao", "Khmer", "Burmese", "Kenyan", "Israeli", "Iraqi",
            "German", "Soviet", "Draft", "New",
        ]
        .iter()
        .any(|e| w.ends_with(e) && capital(w) && !["Criminal", "Civilian", "Guardian", "Humanitarian"].contains(&w))
}

fn left(words: &[Word<'_>], h: usize) -> usize {
    let mut first = h;
    let mut k = h;
    if words[h].opened {
        return h;
    }
    while k > 0 && h - k < 12 {
        let w = &words[k - 1];
        if w.closed && !w.text.ends_with(')') {
            break;
        }
        let possessive = w.text.ends_with("'s") || w.text.ends_with("’s");
        if capital(w.text) && !OUTSIDE.contains(&w.text) && !possessive && !HEADS.contains(&w.text) {
            first = k - 1;
        } else if !(INNER.contains(&w.text) && k > 1 && capital(words[k - 2].text) && !words[k - 2].closed)
            || first == h
        {
            break;
        }
        k -= 1;
        if w.opened {
            break;
        }
    }
    first
}

fn right(words: &[Word<'_>], h: usize) -> usize {
    let mut last = h;
    let mut k = h;
    // “Standard Minimum Rules”
    if words[h].text == "Minimum" {
        k += 1;
        last = k;
    }
    let mut linked = false;
    while k + 1 < words.len() && k - h < 26 {
        if words[k].closed {
            // “Other Cruel, Inhuman or Degrading Treatment”
            let goes_on = words[k].comma
                && linked
                && capital(words[k + 1].text)
                && words
                    .get(k + 2)
                    .is_some_and(|w| matches!(w.text, "and" | "or") || words[k + 1].comma && capital(w.text))
                && !HEADS.contains(&words[k + 1].text)
                && !words.get(k + 3).is_some_and(|w| HEADS.contains(&w.text));
            if !goes_on {
                break;
            }
        }
        let w = &words[k + 1];
        if w.opened && !(w.text.starts_with('(') && k == h) {
            break;
        }
        if !linked {
            if year(w.text) || w.text == "B.E." {
                last = k + 1;
                k += 1;
                continue;
            }
            if matches!(w.text, "No." | "Nos." | "no.")
                && words.get(k + 2).is_some_and(|n| n.text.starts_with(|c: char| c.is_ascii_digit()))
            {
                last = k + 2;
                k += 2;
                continue;
            }
            if !LINKS.contains(&w.text) {
                break;
            }
            let next =
                (k + 2..k + 5).find(|&j| words.get(j).is_some_and(|x| !INNER.contains(&x.text) && x.text != "a"));
            let Some(next) =
                next.filter(|&j| words.get(j).is_some_and(|x| (capital(x.text) && !x.opened) || year(x.text)))
            else {
                break;
            };
            if HEADS.contains(&words[next].text) && words[next].text != "Minimum" && next == k + 2 && w.text != "to" {
                break;
            }
            linked = !year(words[next].text);
            last = next;
            k = next;
            continue;
        }
        if (capital(w.text) && !(HEADS.contains(&w.text) && words[k].text == "and")) || year(w.text) && k == last {
            last = k + 1;
        } else {
            let next = words.get(k + 2);
            // “… Trade Unions and the Labour Law”: another law begins.
            let law = w.text == "and"
                && words[k + 2..]
                    .iter()
                    .take(5)
                    .take_while(|n| capital(n.text) || n.text == "the")
                    .any(|n| HEADS.contains(&n.text));
            let plain = next.is_none_or(|n| !capital(n.text) && !INNER.contains(&n.text));
            let away = matches!(w.text, "in" | "to" | "by" | "as" | "with") && next.is_some_and(|n| !capital(n.text));
            if !INNER.contains(&w.text) || law || plain || away {
                break;
            }
        }
        k += 1;
    }
    last
}

#[cfg(test)]
mod tests {
    use super::find;

    fn names(text: &str) -> Vec<String> {
        find(text).into_iter().map(|l| l.name).collect()
    }

    #[test]
    fn laws_by_name() {
        assert_eq!(
            names("under the Law on Political Parties, the Law on Trade Unions and the Labour Law."),
            ["Law on Political Parties", "Law on Trade Unions", "Labour Law"]
        );
        assert_eq!(
            names("section 13 of the Unlawful Activities (Prevention) Act was used"),
            ["Unlawful Activities (Prevention) Act"]
        );
        assert_eq!(
            names("of the Basic Principles on the Role of Lawyers and of its duties"),
            ["Basic Principles on the Role of Lawyers"]
        );
        assert_eq!(
            names("the Optional Protocol to the Convention against Torture."),
            ["Optional Protocol to the Convention against Torture"]
        );
        assert_eq!(
            names("the Convention against Torture and Other Cruel, Inhuman or Degrading Treatment or Punishment"),
            ["Convention against Torture and Other Cruel, Inhuman or Degrading Treatment or Punishment"]
        );
    }

    #[test]
    fn not_laws() {
        assert!(
            names("The Convention forbids it. The rule of law. The Law Society and the Ministry of Law.").is_empty()
        );
    }
}
