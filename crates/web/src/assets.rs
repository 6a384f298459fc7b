//! The style sheet and the Khmer fonts: in the binary, under an address that holds their hash, kept by the browser for a year.

use std::sync::OnceLock;

use axum::extract::Path;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use sha2::{Digest, Sha256};

struct Asset {
    name: String,
    media_type: &'static str,
    bytes: Vec<u8>,
}

struct Assets {
    all: Vec<Asset>,
    style: String,
    letter: String,
    script: String,
}

const STYLE: &str = include_str!("../static/style.css");
/// The only script: keys in review, and claiming words that are selected. Every page does without it.
const SCRIPT: &str = include_str!("../static/review.js");
/// (the mark in the style sheet, its name, its bytes); the licence of the fonts is served beside them.
const FONTS: [(&str, &str, &[u8]); 3] = [
    ("@KHMER_SANS@", "khmer-sans", include_bytes!("../static/NotoSansKhmer-Regular.woff2")),
    ("@KHMER_SANS_BOLD@", "khmer-sans-bold", include_bytes!("../static/NotoSansKhmer-Bold.woff2")),
    ("@KHMER_SERIF@", "khmer-serif", include_bytes!("../static/NotoSerifKhmer-Regular.woff2")),
];

fn assets() -> &'static Assets {
    static ASSETS: OnceLock<Assets> = OnceLock::new();
    ASSETS.get_or_init(|| {
        let mut all = Vec::new();
        let mut style = STYLE.to_owned();
        for (mark, name, bytes) in FONTS {
            let name = format!("{name}-{}.woff2", short_hash(bytes));
            style = style.replace(mark, &format!("/static/{name}"));
            all.push(Asset { name, media_type: "font/woff2", bytes: bytes.to_vec() });
        }
        let mut sheet = |name: &str, text: String| {
            let name = format!("{name}-{}.css", short_hash(text.as_bytes()));
            let address = format!("/static/{name}");
            all.push(Asset { name, media_type: "text/css; charset=utf-8", bytes: text.into_bytes() });
            address
        };
        let style = sheet("style", style);
        let letter = sheet("letter", publishing::STYLE.to_owned());
        let script = format!("review-{}.js", short_hash(SCRIPT.as_bytes()));
        let bytes = SCRIPT.as_bytes().to_vec();
        all.push(Asset { name: script.clone(), media_type: "text/javascript; charset=utf-8", bytes });
        let script = format!("/static/{script}");
        all.push(Asset {
            name: "icon.svg".into(),
            media_type: "image/svg+xml",
            bytes: include_bytes!("../static/icon.svg").to_vec(),
        });
        let licence = include_bytes!("../static/OFL.txt").to_vec();
        all.push(Asset { name: "OFL.txt".into(), media_type: "text/plain; charset=utf-8", bytes: licence });
        Assets { all, style, letter, script }
    })
}

fn short_hash(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().take(6).map(|byte| format!("{byte:02x}")).collect()
}

/// Where the style sheet is: its address changes when it does.
pub fn style() -> &'static str {
    &assets().style
}

/// Where the style sheet of letters is.
pub fn letter_style() -> &'static str {
    &assets().letter
}

/// Where the script is.
pub fn script() -> &'static str {
    &assets().script
}

pub async fn serve(Path(name): Path<String>) -> Response {
    match assets().all.iter().find(|asset| asset.name == name) {
        Some(asset) => (
            [(header::CONTENT_TYPE, asset.media_type), (header::CACHE_CONTROL, "public, max-age=31536000, immutable")],
            asset.bytes.as_slice(),
        )
            .into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_font_has_its_address_in_the_style_sheet() {
        let sheet = super::assets().all.iter().find(|asset| asset.name.starts_with("style-")).map(|asset| &asset.bytes);
        let sheet = String::from_utf8_lossy(sheet.unwrap());
        assert!(!sheet.contains("@KHMER"));
        assert!(super::style().starts_with("/static/style-"));
    }
}
