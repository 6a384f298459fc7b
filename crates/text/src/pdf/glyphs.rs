//! The glyphs of a page, each with its words and place, in drawing order.

use super::actual::{self, Stretch};
use super::twice::Twice;
use hayro::vello_cpu::kurbo::{Affine, BezPath, Point, Rect};
use hayro_interpret::font::{Glyph as Drawn, OutlineGlyph};
use hayro_interpret::hayro_cmap::BfString;
use hayro_interpret::{
    BlendMode, ClipPath, Context, Device, GlyphDrawMode, Image, InterpreterCache, InterpreterSettings, Paint,
    PathDrawMode, SoftMask, interpret_page,
};
use hayro_syntax::page::Page;
use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::Arc;

/// A glyph upright on the page: points from the top left corner, y downwards to the baseline.
#[derive(Debug, Clone)]
pub struct Glyph {
    pub text: String,
    pub x: f32,
    pub y: f32,
    pub end: f32,
    pub size: f32,
    pub bold: bool,
    /// Tagged by the producer as page furniture.
    pub artifact: bool,
}

#[derive(Default)]
pub struct Found {
    pub glyphs: Vec<Glyph>,
    pub width: f32,
    pub height: f32,
    /// Glyphs without Unicode.
    pub unknown: usize,
    /// Glyphs that run across the main direction.
    pub sideways: usize,
    pub pictures: usize,
    /// The page draws without end, or broke off; what came before is here.
    pub cut: bool,
}

/// An OpenType file without a table, in place of fonts that the file relies on and does not carry. Their widths and
/// the meaning of their codes come from the interpreter's own tables; only their outlines come from the font, and
/// nobody looks at those here. In a real font the interpreter seeks each glyph's name, glyph by glyph, from the
/// beginning: two thirds of the time that such a file took.
const NO_GLYPHS: [u8; 12] = [0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];

/// Interprets one page; at most `most` glyphs are taken.
pub fn read<'a>(page: &'a Page<'a>, cache: &InterpreterCache<'a>, most: usize) -> Found {
    let (width, height) = page.render_dimensions();
    let [a, b, c, d, e, f] = page.initial_transform(true).as_coeffs();
    let transform = Affine::new([a, b, c, d, e, f]);
    let bounds = Rect::new(0.0, 0.0, f64::from(width), f64::from(height));
    let settings = InterpreterSettings {
        font_resolver: Arc::new(|_| Some((Arc::new(NO_GLYPHS), 0))),
        render_annotations: true,
        ..InterpreterSettings::default()
    };
    let mut context = Context::new(transform, bounds, cache, page.xref(), settings);
    let mut collector = Collector::new(actual::read(page), most);
    // The interpreter cannot be asked to stop, and forms in forms can draw 2^50 times: unwinding is the way out.
    let drawn = catch_unwind(AssertUnwindSafe(|| interpret_page(page, &mut context, &mut collector)));
    let exhausted = collector.calls == 0;
    let mut found = collector.finish(width, height);
    found.cut = exhausted || drawn.is_err();
    found
}

/// What a page may draw: a map has a million strokes.
const MAX_CALLS: usize = 5_000_000;

/// Leaves the interpreter.
struct Enough;

struct Placed {
    text: String,
    from: Point,
    to: Point,
    size: f64,
    bold: bool,
    artifact: bool,
}

struct Open {
    artifact: bool,
    /// Words that stand for the glyphs inside; taken by the first of them.
    text: Option<String>,
    replaced: Option<usize>,
}

struct Collector {
    placed: Vec<Placed>,
    stretches: Vec<Stretch>,
    next: usize,
    open: Vec<Open>,
    /// Fonts by key, and whether they are bold; the last one at hand, because a page asks for it glyph by glyph.
    fonts: HashMap<u128, bool>,
    font: Option<(u128, bool)>,
    unknown: usize,
    pictures: usize,
    most: usize,
    /// How many more times the page may draw.
    calls: usize,
}

impl Collector {
    fn new(stretches: Vec<Stretch>, most: usize) -> Self {
        Self {
            placed: Vec::new(),
            stretches,
            next: 0,
            open: Vec::new(),
            fonts: HashMap::new(),
            font: None,
            unknown: 0,
            pictures: 0,
            most,
            calls: MAX_CALLS,
        }
    }

    fn bold(&mut self, glyph: &OutlineGlyph) -> bool {
        let font = glyph.font_cache_key();
        if let Some((last, bold)) = self.font
            && last == font
        {
            return bold;
        }
        let bold = *self.fonts.entry(font).or_insert_with(|| {
            glyph.font_data().is_some_and(|font| {
                font.weight.is_some_and(|weight| weight >= 600)
                    || font.postscript_name.is_some_and(|name| name.to_lowercase().contains("bold"))
            })
        });
        self.font = Some((font, bold));
        bold
    }

    fn count(&mut self, cost: usize) {
        self.calls = self.calls.saturating_sub(cost);
        if self.calls == 0 {
            resume_unwind(Box::new(Enough));
        }
    }

    fn glyph(&mut self, drawn: &Drawn<'_>, transform: Affine, glyph_transform: Affine) {
        if self.placed.len() >= self.most {
            return;
        }
        let full = transform * glyph_transform;
        let from = full * Point::new(0.0, 0.0);
        let up = full * Point::new(0.0, 1000.0) - from;
        let (size, advance, bold) = match drawn {
            Drawn::Outline(outline) => {
                let bold = self.bold(outline);
                (up.hypot(), f64::from(outline.advance_width().unwrap_or(500.0)), bold)
            }
            // A Type 3 font sets its own units: half an em wide is a fair guess for what is not told.
            Drawn::Type3(_) => (up.hypot(), 500.0, false),
        };
        if !(size.is_finite() && from.x.is_finite() && from.y.is_finite()) || size < 0.5 {
            return;
        }
        let to = full * Point::new(advance, 0.0);
        let artifact = self.open.iter().any(|open| open.artifact);
        if let Some(open) = self.open.iter_mut().rev().find(|open| open.text.is_some() || open.replaced.is_some()) {
            // The stretch's words stand at its first glyph, which reaches to the end of its last.
            match open.replaced {
                Some(index) => {
                    if let Some(first) = self.placed.get_mut(index) {
                        if (to - first.from).hypot() > (first.to - first.from).hypot() {
                            first.to = to;
                        }
                        return;
                    }
                }
                None => open.replaced = Some(self.placed.len()),
            }
            let text = open.text.take().unwrap_or_default();
            self.placed.push(Placed { text, from, to, size, bold, artifact });
            return;
        }
        // Private use: the font's own signs, of which bullets are the only ones worth guessing.
        let text: String = match drawn.as_unicode() {
            Some(BfString::Char(character)) => readable(character).map(String::from).unwrap_or_default(),
            Some(BfString::String(text)) => text.chars().filter_map(readable).collect(),
            None => String::new(),
        };
        // Scripts that stack their letters name a whole cluster at one glyph and leave the others bare.
        let clustered = self
            .placed
            .last()
            .is_some_and(|last| last.text.is_empty() || last.text.chars().any(super::lines::unspaced));
        if text.is_empty() && !clustered {
            self.unknown += 1;
        }
        self.placed.push(Placed { text, from, to, size, bold, artifact });
    }

    fn finish(self, width: f32, height: f32) -> Found {
        let mut found = Found { width, height, unknown: self.unknown, pictures: self.pictures, ..Found::default() };
        // Which way do the lines run? Scans and landscape tables may stand on their side.
        let mut ways = [0_usize; 4];
        let way = |placed: &Placed| {
            let across = placed.to - placed.from;
            match (across.x.abs() >= across.y.abs(), across.x >= 0.0, across.y >= 0.0) {
                (true, true, _) => 0,
                (true, false, _) => 2,
                (false, _, true) => 1,
                (false, _, false) => 3,
            }
        };
        for placed in &self.placed {
            ways[way(placed)] += 1;
        }
        let main = (0..4).max_by_key(|index| (ways[*index], 4 - index)).unwrap_or(0);
        if main % 2 == 1 {
            (found.width, found.height) = (height, width);
        }
        let turn = |point: Point| -> (f32, f32) {
            let (x, y) = (point.x as f32, point.y as f32);
            match main {
                1 => (y, width - x),
                2 => (width - x, height - y),
                3 => (height - y, x),
                _ => (x, y),
            }
        };
        let mut twice = Twice::new(self.placed.len());
        for placed in self.placed {
            let across = placed.to - placed.from;
            let slanted = across.x.abs().min(across.y.abs()) > 0.25 * across.x.abs().max(across.y.abs());
            if way(&placed) != main || slanted && across.hypot() > 0.1 {
                found.sideways += 1;
                continue;
            }
            let ((x, y), (end, _)) = (turn(placed.from), turn(placed.to));
            let size = placed.size as f32;
            let outside = x < -size || y < -size || x > found.width + size || y > found.height + size;
            if outside {
                continue;
            }
            if twice.lies_on_another(&found.glyphs, &placed.text, (x, y), size) {
                continue;
            }
            found.glyphs.push(Glyph {
                text: placed.text,
                x,
                y,
                end: end.max(x),
                size,
                bold: placed.bold,
                artifact: placed.artifact,
            });
        }
        // Producers that tag everything as furniture have tagged nothing.
        let artifacts = found.glyphs.iter().filter(|glyph| glyph.artifact).count();
        if artifacts * 2 > found.glyphs.len() {
            found.glyphs.iter_mut().for_each(|glyph| glyph.artifact = false);
        }
        found
    }
}

fn readable(character: char) -> Option<char> {
    match character {
        '\u{F0B7}' | '\u{F0A7}' | '\u{F076}' | '\u{F0D8}' => Some('•'),
        '\u{E000}'..='\u{F8FF}' | '\u{FFFD}' | '\u{F0000}'..='\u{10FFFF}' => None,
        '\u{A0}' | '\t' | '\n' | '\r' => Some(' '),
        other if other.is_control() => None,
        other => Some(other),
    }
}

impl<'a> Device<'a> for Collector {
    fn set_soft_mask(&mut self, _: Option<SoftMask<'a>>) {}
    fn set_blend_mode(&mut self, _: BlendMode) {}
    fn draw_path(&mut self, _: &BezPath, _: Affine, _: &Paint<'a>, _: &PathDrawMode) {
        self.count(1);
    }
    fn push_clip_path(&mut self, _: &ClipPath) {
        // Each form begins with one, and costs its unpacking.
        self.count(200);
    }
    fn push_transparency_group(&mut self, _: f32, _: Option<SoftMask<'a>>, _: BlendMode) {}
    fn draw_glyph(
        &mut self,
        glyph: &Drawn<'a>,
        transform: Affine,
        glyph_transform: Affine,
        _: &Paint<'a>,
        _: &GlyphDrawMode,
    ) {
        self.count(1);
        self.glyph(glyph, transform, glyph_transform);
    }
    fn draw_image(&mut self, _: Image<'a, '_>, _: Affine) {
        self.count(1);
        self.pictures += 1;
    }
    fn pop_clip_path(&mut self) {}
    fn pop_transparency_group(&mut self) {}
    fn draw_rect(&mut self, _: &Rect, _: Affine, _: &Paint<'a>, _: &PathDrawMode) {}

    fn begin_marked_content(&mut self, tag: &[u8], _: Option<i32>) {
        let mut text = None;
        if let Some(stretch) = self.stretches.get_mut(self.next) {
            if stretch.tag == tag {
                text = stretch.text.take();
                self.next += 1;
            } else {
                self.stretches.clear();
            }
        }
        self.open.push(Open { artifact: tag == b"Artifact", text, replaced: None });
    }

    fn end_marked_content(&mut self) {
        self.open.pop();
    }
}
