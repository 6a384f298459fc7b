//! Which style is a heading, a title, a quotation.

use crate::document::BlockKind;
use crate::xml::Element;
use std::collections::HashMap;

#[derive(Default)]
struct Style {
    name: String,
    base: Option<String>,
    outline: Option<u8>,
    list: Option<(String, usize)>,
    hidden: Option<bool>,
}

#[derive(Default)]
pub struct Styles {
    styles: HashMap<String, Style>,
}

impl Styles {
    pub fn new(root: Option<&Element>) -> Self {
        let mut styles = HashMap::new();
        let list = root.and_then(|root| root.child("styles"));
        for style in list.into_iter().flat_map(Element::elements).filter(|element| element.name == "style") {
            let Some(id) = style.attribute("styleId") else { continue };
            let value = |path: &[&str]| style.at(path).and_then(|element| element.attribute("val")).map(str::to_owned);
            let outline = value(&["pPr", "outlineLvl"]).and_then(|level| level.parse().ok());
            let level = value(&["pPr", "numPr", "ilvl"]).and_then(|level| level.parse().ok()).unwrap_or(0);
            let new = Style {
                name: value(&["name"]).unwrap_or_default().to_lowercase(),
                base: value(&["basedOn"]),
                outline,
                list: value(&["pPr", "numPr", "numId"]).map(|id| (id, level)),
                hidden: style.at(&["rPr", "vanish"]).map(on),
            };
            styles.insert(id.to_owned(), new);
        }
        Self { styles }
    }

    /// A style and those it is based on, nearest first.
    fn chain<'a>(&'a self, id: &'a str) -> impl Iterator<Item = &'a Style> {
        let mut next = Some(id);
        let mut left = 12;
        std::iter::from_fn(move || {
            left -= 1;
            if left == 0 {
                return None;
            }
            let style = self.styles.get(next?)?;
            next = style.base.as_deref();
            Some(style)
        })
    }

    /// What a paragraph of this style is, if the style says so.
    pub fn kind(&self, id: &str) -> Option<BlockKind> {
        for style in self.chain(id) {
            let name = style.name.as_str();
            if let Some(level) = name.strip_prefix("heading ").and_then(|level| level.trim().parse::<u8>().ok()) {
                return Some(BlockKind::Heading(level.clamp(1, 9)));
            }
            match name {
                "title" => return Some(BlockKind::Title),
                "subtitle" => return Some(BlockKind::Heading(2)),
                "quote" | "intense quote" | "block text" => return Some(BlockKind::Quote),
                "caption" => return Some(BlockKind::Caption),
                "list bullet" | "list number" | "list paragraph" => return None,
                _ => {}
            }
            if let Some(level) = style.outline.filter(|level| *level < 9) {
                return Some(BlockKind::Heading(level + 1));
            }
        }
        None
    }

    /// The list that paragraphs of this style belong to: number and level.
    pub fn list(&self, id: &str) -> Option<(String, usize)> {
        self.chain(id).find_map(|style| style.list.clone())
    }

    pub fn hidden(&self, id: &str) -> bool {
        self.chain(id).find_map(|style| style.hidden).unwrap_or(false)
    }
}

/// A switch such as `<w:vanish/>` or `<w:vanish w:val="0"/>`.
pub fn on(element: &Element) -> bool {
    !matches!(element.attribute("val"), Some("0" | "false" | "off" | "none"))
}
