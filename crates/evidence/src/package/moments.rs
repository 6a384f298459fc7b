//! Times as tools write them.

/// ISO 8601 to the second, with an offset only if one was written; `None` if it is no time.
///
/// Taken: `2023-08-16T09:30:05.123Z`, `2023-08-16 09:30:05+07:00`, `2023-08-16T09:30:05+0700`, `20230816093005`,
/// `2023-08-16`.
pub(super) fn iso(text: &str) -> Option<String> {
    let text = text.trim();
    if !text.is_ascii() {
        return None;
    }
    if text.len() == 14 && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return iso(&format!(
            "{}-{}-{}T{}:{}:{}Z",
            &text[..4],
            &text[4..6],
            &text[6..8],
            &text[8..10],
            &text[10..12],
            &text[12..]
        ));
    }
    let number = |from: usize, to: usize| {
        text.get(from..to)
            .filter(|part| part.bytes().all(|byte| byte.is_ascii_digit()))
            .and_then(|part| part.parse::<u32>().ok())
    };
    let sign = |at: usize, of: &[u8]| text.as_bytes().get(at).is_some_and(|byte| of.contains(byte));
    let (_, month, day) = (number(0, 4)?, number(5, 7)?, number(8, 10)?);
    if !sign(4, b"-") || !sign(7, b"-") || !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    if text.len() == 10 {
        return Some(text.into());
    }
    let (hour, minute) = (number(11, 13)?, number(14, 16)?);
    if !sign(10, b"T ") || !sign(13, b":") || hour > 23 || minute > 59 {
        return None;
    }
    let (second, mut rest) = if sign(16, b":") { (number(17, 19)?, text.get(19..)?) } else { (0, text.get(16..)?) };
    if second > 60 {
        return None;
    }
    if let Some(fraction) = rest.strip_prefix('.') {
        rest = fraction.trim_start_matches(|c: char| c.is_ascii_digit());
    }
    let offset = match rest.trim() {
        "" => String::new(),
        "Z" | "z" | "UTC" | "+00:00" | "+0000" => "Z".into(),
        offset if offset.starts_with(['+', '-']) => {
            let digits: String = offset[1..].chars().filter(|c| *c != ':').collect();
            if digits.len() != 4 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
                return None;
            }
            format!("{}{}:{}", &offset[..1], &digits[..2], &digits[2..])
        }
        _ => return None,
    };
    Some(format!("{}T{hour:02}:{minute:02}:{second:02}{offset}", &text[..10]))
}

#[cfg(test)]
mod tests {
    use super::iso;

    #[test]
    fn times_come_in_many_shapes() {
        for (text, expected) in [
            ("2023-08-16T09:30:05.123456Z", Some("2023-08-16T09:30:05Z")),
            ("2023-08-16 09:30:05+07:00", Some("2023-08-16T09:30:05+07:00")),
            ("2023-08-16T09:30:05+0700", Some("2023-08-16T09:30:05+07:00")),
            ("2023-08-16T09:30:05.5+00:00", Some("2023-08-16T09:30:05Z")),
            ("20230816093005", Some("2023-08-16T09:30:05Z")),
            ("2023-08-16", Some("2023-08-16")),
            ("2023-08-16T09:30", Some("2023-08-16T09:30:00")),
            ("2023-13-16", None),
            ("16/08/2023", None),
            ("yesterday", None),
            ("", None),
            ("២០២៣-០៨-១៦", None),
        ] {
            assert_eq!(iso(text).as_deref(), expected, "{text}");
        }
    }
}
