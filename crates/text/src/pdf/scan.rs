//! Pages that are pictures: drawn, and read by tesseract where it is installed.

use super::lines::Page as Laid;
use crate::document::{Document, Options};
use hayro::vello_cpu::color::palette::css::WHITE;
use hayro::{RenderCache, RenderSettings};
use hayro_interpret::InterpreterSettings;
use hayro_syntax::page::{Page, Pages};

/// Dots per inch: what tesseract is trained on.
const RESOLUTION: f32 = 300.0;
/// More pages than this in one file are not recognised: each takes seconds.
const MAX_PAGES: usize = 40;
/// The longest side of a page's picture.
const MAX_SIDE: f32 = 6000.0;

pub fn read(pages: &Pages<'_>, pictures: &[usize], laid: &mut [Laid], options: &Options, document: &mut Document) {
    if pictures.is_empty() {
        return;
    }
    let which = listed(pictures);
    let reader = match crate::ocr::Reader::find(options) {
        Ok(reader) => reader,
        Err(why) => {
            document.warn(format!("{which} {why}"));
            return;
        }
    };
    if let Some(warning) = reader.warning() {
        document.warn(warning);
    }
    for index in pictures.iter().copied().take(MAX_PAGES) {
        let (Some(page), Some(place)) = (pages.get(index), laid.get_mut(index)) else { continue };
        match reader.read(&drawn(page)) {
            Ok(words) => place.recognised = Some(words),
            Err(why) => document.warn(format!("page {} is a picture and could not be read: {why}", index + 1)),
        }
    }
    document.warn(format!("{which}: the words were recognised by tesseract; check them against the picture"));
    if pictures.len() > MAX_PAGES {
        document.warn(format!("only the first {MAX_PAGES} pages that are pictures were read; split the file"));
    }
}

/// `pages 3–5 are pictures`, `page 2 is a picture`.
fn listed(indexes: &[usize]) -> String {
    let mut ranges: Vec<(usize, usize)> = Vec::new();
    for index in indexes {
        match ranges.last_mut() {
            Some((_, end)) if *end + 1 == *index => *end = *index,
            _ => ranges.push((*index, *index)),
        }
    }
    let words: Vec<String> = ranges
        .iter()
        .take(20)
        .map(|(start, end)| if start == end { format!("{}", start + 1) } else { format!("{}–{}", start + 1, end + 1) })
        .collect();
    if indexes.len() == 1 {
        format!("page {} is a picture", words.join(", "))
    } else {
        format!("pages {} are pictures", words.join(", "))
    }
}

/// The page as a grey picture (PGM), which needs no encoder.
fn drawn(page: &Page<'_>) -> Vec<u8> {
    let (width, height) = page.render_dimensions();
    let scale = (RESOLUTION / 72.0).min(MAX_SIDE / width.max(height).max(1.0));
    let settings = RenderSettings { x_scale: scale, y_scale: scale, bg_color: WHITE, ..RenderSettings::default() };
    let pixels = hayro::render(page, &RenderCache::new(), &InterpreterSettings::default(), &settings);
    let mut picture = format!("P5\n{} {}\n255\n", pixels.width(), pixels.height()).into_bytes();
    picture.extend(pixels.data().iter().map(|pixel| {
        // Rec. 601 luma, in integers.
        let luma = 299 * u32::from(pixel.r) + 587 * u32::from(pixel.g) + 114 * u32::from(pixel.b);
        u8::try_from(luma / 1000).unwrap_or(255)
    }));
    picture
}

#[cfg(test)]
mod tests {
    #[test]
    fn pages_are_listed_as_people_say_them() {
        assert_eq!(super::listed(&[2, 3, 4, 8]), "pages 3–5, 9 are pictures");
        assert_eq!(super::listed(&[0]), "page 1 is a picture");
    }
}
