//! Scripts other than Latin, written in Latin letters as people do it in practice: one file of tables for each that has its own.
//!
//! What no table knows is given by `any_ascii`, which covers all of Unicode letter by letter (Han in Mandarin).

mod arabic;
mod burmese;
mod cyrillic;
mod indic;
mod khmer;
mod others;
mod thai;

use std::collections::HashMap;

use schema::yaml::{DataError, Node};

use arabic::Arabic;
use burmese::Burmese;
use cyrillic::Cyrillic;
use indic::Indic;
use khmer::Khmer;
use others::Others;
use thai::Thai;

/// The scripts that are told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Script {
    Latin,
    Arabic,
    Cyrillic,
    Indic,
    Khmer,
    Burmese,
    Thai,
    Lao,
    Hangul,
    Han,
    Greek,
    Hebrew,
    Other,
}

pub(super) struct Scripts {
    arabic: Arabic,
    burmese: Burmese,
    cyrillic: Cyrillic,
    indic: Indic,
    khmer: Khmer,
    lao: Thai,
    others: Others,
    thai: Thai,
}

/// What a text names: a person's name in Han or Burmese is several words, a place's is one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Of {
    Person,
    Place,
}

impl Scripts {
    /// Out of the files of `data/scripts/`, each asked for by its name.
    pub(super) fn read(file: impl Fn(&str) -> Result<Node, DataError>) -> Result<Scripts, DataError> {
        Ok(Scripts {
            arabic: Arabic::read(&file("arabic")?)?,
            burmese: Burmese::read(&file("burmese")?)?,
            cyrillic: Cyrillic::read(&file("cyrillic")?)?,
            indic: Indic::read(&file("indic")?)?,
            khmer: Khmer::read(&file("khmer")?)?,
            lao: Thai::read(&file("lao")?)?,
            others: Others::read(&file("others")?)?,
            thai: Thai::read(&file("thai")?)?,
        })
    }

    /// A folded text in ASCII; words of other scripts may become several.
    pub(super) fn romanise(&self, folded: &str, of: Of) -> String {
        let mut out = String::with_capacity(folded.len() + 8);
        let mut run = String::new();
        let mut now = Script::Latin;
        for c in folded.chars() {
            // Marks belong to the letter before them.
            let script = if is_mark(c) { now } else { script(c) };
            if script != now {
                self.put(now, &run, folded, of, &mut out);
                run.clear();
                now = script;
            }
            run.push(c);
        }
        self.put(now, &run, folded, of, &mut out);
        out
    }

    fn put(&self, script: Script, run: &str, text: &str, of: Of, out: &mut String) {
        let latin = match script {
            _ if run.is_empty() => return,
            Script::Arabic => self.arabic.word(run),
            Script::Burmese => self.burmese.word(run),
            Script::Cyrillic => self.cyrillic.word(run, text),
            Script::Indic => self.indic.word(run),
            Script::Khmer => self.khmer.word(run),
            Script::Lao => self.lao.word(run),
            Script::Thai => self.thai.word(run),
            Script::Hangul => self.others.hangul(run),
            Script::Han => self.others.han(run),
            Script::Greek => self.others.greek(run),
            Script::Hebrew => self.others.hebrew(run),
            Script::Latin | Script::Other => any_ascii::any_ascii(run),
        };
        match of {
            Of::Place if matches!(script, Script::Han | Script::Burmese) => out.push_str(&latin.replace(' ', "")),
            _ => out.push_str(&latin),
        }
    }
}

fn is_mark(c: char) -> bool {
    matches!(c as u32, 0x0300..=0x036F)
}

fn script(c: char) -> Script {
    match c as u32 {
        0x0370..=0x03FF | 0x1F00..=0x1FFF => Script::Greek,
        0x0400..=0x052F => Script::Cyrillic,
        0x05D0..=0x05EA => Script::Hebrew,
        0x0620..=0x065F
        | 0x066E..=0x06D3
        | 0x06D5..=0x06DC
        | 0x06EE..=0x06EF
        | 0x06FA..=0x06FF
        | 0x0750..=0x077F
        | 0x08A0..=0x08FF => Script::Arabic,
        0x0900..=0x0D7F => Script::Indic,
        0x0E00..=0x0E7F => Script::Thai,
        0x0E80..=0x0EFF => Script::Lao,
        0x1000..=0x109F | 0xA9E0..=0xA9FF | 0xAA60..=0xAA7F => Script::Burmese,
        0x1780..=0x17FF => Script::Khmer,
        0xAC00..=0xD7AF => Script::Hangul,
        0x3400..=0x4DBF | 0x4E00..=0x9FFF => Script::Han,
        0..=0x024F | 0x1E00..=0x1EFF => Script::Latin,
        _ => Script::Other,
    }
}

/// Words or endings and their ASCII, in the order of the file.
fn ascii_pairs(node: &Node) -> Result<Vec<(String, String)>, DataError> {
    let mut pairs = Vec::new();
    for entry in node.as_map()? {
        let to = entry.value().str()?;
        if !to.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b' ') {
            return Err(entry.error(format!("“{to}” is not in small Latin letters"), "Write a to z only."));
        }
        pairs.push((schema::nfc(entry.key()).into_owned(), to.to_owned()));
    }
    Ok(pairs)
}

/// The same for single letters.
fn letter_map(node: &Node) -> Result<HashMap<char, String>, DataError> {
    let mut map = HashMap::new();
    for entry in node.as_map()? {
        let mut letters = entry.key().chars();
        let (Some(letter), None) = (letters.next(), letters.next()) else {
            return Err(entry.error(format!("“{}” is not one letter", entry.key()), "Give each letter its own entry."));
        };
        map.insert(letter, entry.value().str()?.to_owned());
    }
    Ok(map)
}
