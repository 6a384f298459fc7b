//! Which language is it in? By script where a script has one language here, by its words elsewhere.

use crate::document::{Document, Options};
use whatlang::{Detector, Lang};

/// BCP 47 tags of the languages told apart by their words. A longer list would mistake short English lines for
/// Dutch or Danish: what a workspace needs beyond these is named in its options.
const USUAL: [(&str, Lang); 20] = [
    ("en", Lang::Eng),
    ("fr", Lang::Fra),
    ("es", Lang::Spa),
    ("pt", Lang::Por),
    ("de", Lang::Deu),
    ("it", Lang::Ita),
    ("nl", Lang::Nld),
    ("vi", Lang::Vie),
    ("id", Lang::Ind),
    ("tl", Lang::Tgl),
    ("tr", Lang::Tur),
    ("ru", Lang::Rus),
    ("uk", Lang::Ukr),
    ("be", Lang::Bel),
    ("ar", Lang::Ara),
    ("fa", Lang::Pes),
    ("ur", Lang::Urd),
    ("hi", Lang::Hin),
    ("ne", Lang::Nep),
    ("bn", Lang::Ben),
];

/// The script most letters are in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Script {
    Latin,
    Cyrillic,
    Arabic,
    Devanagari,
    One(&'static str),
}

fn script(character: char) -> Option<Script> {
    Some(match u32::from(character) {
        0x41..=0x5A | 0x61..=0x7A | 0xC0..=0x24F | 0x1E00..=0x1EFF => Script::Latin,
        0x400..=0x52F => Script::Cyrillic,
        0x600..=0x6FF | 0x750..=0x77F | 0xFB50..=0xFDFF | 0xFE70..=0xFEFF => Script::Arabic,
        0x900..=0x97F => Script::Devanagari,
        0x980..=0x9FF => Script::One("bn"),
        0xB80..=0xBFF => Script::One("ta"),
        0xD80..=0xDFF => Script::One("si"),
        0xE00..=0xE7F => Script::One("th"),
        0xE80..=0xEFF => Script::One("lo"),
        0xF00..=0xFFF => Script::One("bo"),
        0x1000..=0x109F | 0xAA60..=0xAA7F => Script::One("my"),
        0x10A0..=0x10FF => Script::One("ka"),
        0x1200..=0x137F => Script::One("am"),
        0x530..=0x58F => Script::One("hy"),
        0x590..=0x5FF => Script::One("he"),
        0x370..=0x3FF | 0x1F00..=0x1FFF => Script::One("el"),
        0x1780..=0x17FF | 0x19E0..=0x19FF => Script::One("km"),
        0x3040..=0x30FF => Script::One("ja"),
        0x4E00..=0x9FFF | 0x3400..=0x4DBF => Script::One("zh"),
        0xAC00..=0xD7AF | 0x1100..=0x11FF => Script::One("ko"),
        _ => return None,
    })
}

/// Counts letters by script, and gives the commonest with the number of its letters.
fn main_script(text: &str) -> Option<(Script, usize)> {
    let mut counts: Vec<(Script, usize)> = Vec::new();
    for found in text.chars().filter_map(script) {
        match counts.iter_mut().find(|(known, _)| *known == found) {
            Some((_, count)) => *count += 1,
            None => counts.push((found, 1)),
        }
    }
    // Japanese mixes: a little kana among Han settles it.
    if let Some((_, kana)) = counts.iter().find(|(known, _)| *known == Script::One("ja")).copied()
        && let Some((_, han)) = counts.iter().find(|(known, _)| *known == Script::One("zh")).copied()
        && kana * 10 >= han
    {
        return Some((Script::One("ja"), kana + han));
    }
    counts.into_iter().max_by_key(|(_, count)| *count)
}

struct Judge {
    detector: Detector,
}

impl Judge {
    fn new(options: &Options) -> Self {
        let wanted: Vec<Lang> = options
            .likely_languages
            .iter()
            .filter_map(|tag| {
                let tag = tag.split(['-', '_']).next().unwrap_or(tag).to_ascii_lowercase();
                USUAL.iter().find(|(known, _)| *known == tag).map(|(_, lang)| *lang).or_else(|| Lang::from_code(&tag))
            })
            .collect();
        let usual = || USUAL.iter().map(|(_, lang)| *lang).collect();
        Self { detector: Detector::with_allowlist(if wanted.is_empty() { usual() } else { wanted }) }
    }

    /// The language, and whether the words are enough to be sure.
    fn language(&self, text: &str) -> Option<(String, bool)> {
        let text = crate::count::head(text, 1200);
        let (script, letters) = main_script(text)?;
        if let Script::One(tag) = script {
            return Some((tag.to_owned(), letters >= 3));
        }
        let info = self.detector.detect(text)?;
        let tag =
            USUAL.iter().find(|(_, lang)| *lang == info.lang()).map_or_else(|| info.lang().code(), |(tag, _)| tag);
        Some((tag.to_owned(), letters >= 40 && (info.is_reliable() || info.confidence() > 0.3 && letters >= 120)))
    }
}

/// Gives each block its language, and the document the language of most of it. A language that the file itself
/// declared is believed only where its words do not tell.
pub fn assign(document: &mut Document, options: &Options) {
    let judge = Judge::new(options);
    let declared = document.language.take();
    let mut totals: Vec<(String, u32)> = Vec::new();
    let mut slices = crate::count::Slices::new(&document.text);
    let mut unsure: Vec<(usize, Option<Script>)> = Vec::new();
    for (index, block) in document.blocks.iter_mut().enumerate() {
        let words = slices.slice(block.start, block.end);
        match judge.language(words) {
            Some((tag, true)) => {
                let length = block.end - block.start;
                match totals.iter_mut().find(|(known, _)| *known == tag) {
                    Some((_, total)) => *total += length,
                    None => totals.push((tag.clone(), length)),
                }
                block.language = Some(tag);
            }
            _ => unsure.push((index, main_script(words).map(|(script, _)| script))),
        }
    }
    totals.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    let main = totals.first().map(|(tag, _)| tag.clone());
    // Short lines take the language of most of the document, if it is written in their script.
    let fallback = main.clone().or_else(|| declared.clone()).or_else(|| {
        let (tag, _) = judge.language(&document.text)?;
        (document.text.chars().filter(|c| c.is_alphabetic()).count() >= 60
            || !matches!(main_script(&document.text), Some((Script::Latin, _))))
        .then_some(tag)
    });
    for (index, script) in unsure {
        let candidates = totals.iter().map(|(tag, _)| tag.as_str()).chain(fallback.as_deref());
        let Some(script) = script else { continue };
        if let Some(tag) = candidates.into_iter().find(|tag| writes(tag) == script)
            && let Some(block) = document.blocks.get_mut(index)
        {
            block.language = Some(tag.to_owned());
        }
    }
    document.language = main.or(fallback);
}

fn writes(tag: &str) -> Script {
    match tag.split(['-', '_']).next().unwrap_or(tag) {
        "ru" | "uk" | "be" | "bg" | "sr" | "mk" => Script::Cyrillic,
        "ar" | "fa" | "ur" | "ps" => Script::Arabic,
        "hi" | "ne" | "mr" => Script::Devanagari,
        "th" => Script::One("th"),
        "lo" => Script::One("lo"),
        "my" => Script::One("my"),
        "km" => Script::One("km"),
        "zh" => Script::One("zh"),
        "ja" => Script::One("ja"),
        "ko" => Script::One("ko"),
        "bn" => Script::One("bn"),
        "ta" => Script::One("ta"),
        "si" => Script::One("si"),
        "bo" => Script::One("bo"),
        "ka" => Script::One("ka"),
        "am" => Script::One("am"),
        "hy" => Script::One("hy"),
        "he" => Script::One("he"),
        "el" => Script::One("el"),
        _ => Script::Latin,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scripts_and_words_tell_the_language() {
        let judge = Judge::new(&Options::default());
        let told = |text: &str| judge.language(text).map(|(tag, _)| tag);
        assert_eq!(told("សេចក្តីថ្លែងការណ៍រួម").as_deref(), Some("km"));
        assert_eq!(told("The court sentenced nine activists to prison on Monday morning.").as_deref(), Some("en"));
        assert_eq!(told("Le tribunal a condamné neuf militants à des peines de prison.").as_deref(), Some("fr"));
        assert_eq!(told("ศาลพิพากษาจำคุก").as_deref(), Some("th"));
        assert_eq!(told("ທ່ານ").as_deref(), Some("lo"));
        assert_eq!(told("မြန်မာ").as_deref(), Some("my"));
        assert_eq!(told("12 / 2020"), None);
    }
}
