//! What names and numbers stand for in RTF: styles, destinations, character sets.

use crate::decode::code_page;
use crate::document::BlockKind;
use encoding_rs::Encoding;

/// What a style's name, in small letters, makes of a paragraph.
pub fn style(name: &str) -> Option<BlockKind> {
    Some(match name {
        "title" => BlockKind::Title,
        "subtitle" => BlockKind::Heading(2),
        "quote" | "intense quote" => BlockKind::Quote,
        "caption" => BlockKind::Caption,
        _ => {
            let level = name.strip_prefix("heading ")?.trim().parse::<u8>().ok()?;
            BlockKind::Heading(level.clamp(1, 9))
        }
    })
}

/// The destinations of `\info`, by the name that other formats give them.
pub fn about(destination: &str) -> Option<&'static str> {
    Some(match destination {
        "title" => "Title",
        "author" => "Author",
        "operator" => "LastModifiedBy",
        "company" => "Company",
        "manager" => "Manager",
        "subject" => "Subject",
        "keywords" => "Keywords",
        "doccomm" => "Description",
        _ => return None,
    })
}

/// Destinations whose words are none of the document's.
pub fn is_no_text(destination: &str) -> bool {
    matches!(
        destination,
        "colortbl"
            | "pict"
            | "header"
            | "footer"
            | "headerl"
            | "headerr"
            | "headerf"
            | "footerl"
            | "footerr"
            | "footerf"
            | "ftnsep"
            | "ftnsepc"
            | "ftncn"
            | "aftnsep"
            | "aftnsepc"
            | "aftncn"
            | "fldinst"
            | "themedata"
            | "colorschememapping"
            | "datastore"
            | "latentstyles"
            | "listtable"
            | "listoverridetable"
            | "rsidtbl"
            | "generator"
            | "xmlnstbl"
            | "xe"
            | "tc"
            | "annotation"
            | "atnid"
            | "atnauthor"
            | "bkmkstart"
            | "bkmkend"
            | "falt"
            | "panose"
            | "nonshppict"
            | "revtbl"
            | "filetbl"
            | "private"
            | "template"
            | "userprops"
            | "docvar"
    )
}

/// Windows character sets, as fonts name them.
pub fn charset(number: i32, base: &'static Encoding) -> &'static Encoding {
    code_page(match number {
        0 => 1252,
        77 => 10000,
        128 => 932,
        129 => 949,
        134 => 936,
        136 => 950,
        161 => 1253,
        162 => 1254,
        163 => 1258,
        177 => 1255,
        178 => 1256,
        186 => 1257,
        204 => 1251,
        222 => 874,
        238 => 1250,
        _ => return base,
    })
}
