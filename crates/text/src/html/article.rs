//! Which part of the page is the document.

use super::tree::{Tree, is_mute};
use dom_smoothie::{CandidateSelectMode, Config, Readability};

/// The part to walk, and what Readability kept of it (as sums up to each node).
pub struct Choice {
    pub root: usize,
    kept_sums: Vec<u32>,
}

impl Choice {
    fn new(root: usize, kept: &[bool]) -> Self {
        let mut sum = 0;
        let sums = std::iter::once(0).chain(kept.iter().map(|kept| {
            sum += u32::from(*kept);
            sum
        }));
        Self { root, kept_sums: sums.collect() }
    }
}

pub fn choose(tree: &Tree, page: dom_query::Document) -> Choice {
    let body = tree.first("body").unwrap_or(0);
    // Readability's own walk is recursive in places; a page this deep is made to hurt.
    let kept = if tree.deepest < 400 && tree.nodes.len() < 200_000 { readable(tree, page) } else { None };
    let Some(kept) = kept else {
        let own = own_article(tree, body).unwrap_or(body);
        return Choice::new(own, &vec![false; tree.nodes.len()]);
    };
    let weights = weights(tree, &kept);
    let total = weights.first().copied().unwrap_or(0);
    let mut root = body;
    loop {
        let next = tree.nodes[root].children.iter().copied().find(|child| weights[*child] * 10 >= total * 9);
        match next {
            Some(child)
                if !matches!(
                    tree.tag(child),
                    "" | "p" | "table" | "tbody" | "tr" | "td" | "ul" | "ol" | "dl" | "blockquote" | "pre"
                ) =>
            {
                root = child;
            }
            _ => break,
        }
    }
    // The page's own word for it holds the headline and the byline too.
    let named =
        std::iter::once(root).chain(tree.ancestors(root)).find(|at| tree.tag(*at) == "article" || is_main(tree, *at));
    if let Some(named) = named
        && tree.within(named).filter(|at| tree.tag(*at) == "article" && *at != named).count() <= 1
    {
        root = named;
    }
    Choice::new(root, &kept)
}

/// The whole body, no questions asked.
pub fn whole(tree: &Tree) -> Choice {
    Choice::new(tree.first("body").unwrap_or(0), &vec![false; tree.nodes.len()])
}

fn is_main(tree: &Tree, index: usize) -> bool {
    tree.tag(index) == "main" || tree.attribute(index, "role") == Some("main")
}

/// Without Readability: the only `<article>`, or `<main>`.
fn own_article(tree: &Tree, body: usize) -> Option<usize> {
    let articles: Vec<usize> = tree.within(body).filter(|at| tree.tag(*at) == "article").take(2).collect();
    match articles.as_slice() {
        [only] => Some(*only),
        _ => tree.within(body).find(|at| is_main(tree, *at)),
    }
}

/// Asks Readability, and traces what it kept back to our nodes.
fn readable(tree: &Tree, page: dom_query::Document) -> Option<Vec<bool>> {
    let config =
        Config { candidate_select_mode: CandidateSelectMode::Readability, disable_json_ld: true, ..Config::default() };
    let mut readability = Readability::with_document(page, None, Some(config)).ok()?;
    let article = readability.parse().ok()?;
    let mut kept = vec![false; tree.nodes.len()];
    let mut any = false;
    for piece in article.content.split("data-rapporteur=\"").skip(1) {
        let digits = piece.split('"').next().unwrap_or("");
        if let Some(slot) = digits.parse::<usize>().ok().and_then(|index| kept.get_mut(index)) {
            *slot = true;
            any = true;
        }
    }
    any.then_some(kept)
}

/// Letters below each node that lie directly in a kept element.
fn weights(tree: &Tree, kept: &[bool]) -> Vec<usize> {
    let mut weights = vec![0_usize; tree.nodes.len()];
    for index in (1..tree.nodes.len()).rev() {
        let node = &tree.nodes[index];
        if node.tag.is_empty() && kept[node.parent] && !is_mute(tree.tag(node.parent)) {
            weights[index] += node.text.trim().len();
        }
        let weight = weights[index];
        weights[node.parent] += weight;
    }
    weights
}

/// Whether a part of the chosen article is furniture all the same: share bars, menus, lists of other articles.
pub fn is_furniture(tree: &Tree, choice: &Choice, index: usize) -> bool {
    let tag = tree.tag(index);
    if is_mute(tag) || matches!(tag, "nav" | "search") {
        return true;
    }
    let attribute = |name: &str| tree.attribute(index, name).unwrap_or("");
    if tree.attribute(index, "hidden").is_some()
        || attribute("aria-hidden") == "true" && tree.letters(index) < 200
        || matches!(
            attribute("role"),
            "navigation"
                | "banner"
                | "search"
                | "complementary"
                | "contentinfo"
                | "dialog"
                | "alert"
                | "menu"
                | "toolbar"
        )
        || attribute("style").replace(' ', "").contains("display:none")
    {
        return true;
    }
    let kept_within = || choice.kept_sums[tree.nodes[index].end] > choice.kept_sums[index];
    if matches!(tag, "aside" | "footer" | "form") && !tree.has_notes(index) {
        return !kept_within() || tag != "form" && link_share(tree, index) > 0.3;
    }
    let names = format!("{} {}", attribute("class"), attribute("id")).to_ascii_lowercase();
    if names.trim().is_empty() || !super::tree::is_block(tag) && tag != "span" && tag != "a" {
        return false;
    }
    const FURNITURE: [&str; 33] = [
        "share",
        "sharing",
        "social",
        "related",
        "newsletter",
        "subscribe",
        "subscription",
        "breadcrumb",
        "breadcrumbs",
        "comments",
        "comment",
        "respond",
        "sidebar",
        "advert",
        "advertisement",
        "ads",
        "ad",
        "promo",
        "popup",
        "modal",
        "cookie",
        "cookies",
        "menu",
        "navbar",
        "navigation",
        "pagination",
        "pager",
        "tags",
        "addtoany",
        "sharedaddy",
        "recommended",
        "trending",
        "skip-link",
    ];
    let named = names.split(|c: char| c.is_whitespace() || c == '_' || c == '-').any(|word| FURNITURE.contains(&word));
    // A name may mislead ("article-with-sidebar"): much running text speaks louder.
    named
        && tag != "body"
        && tag != "article"
        && tag != "main"
        && !tree.has_notes(index)
        && tree.letters(index) - tree.linked(index) < 600
}

/// The share of a part's letters that lie in links.
pub fn link_share(tree: &Tree, index: usize) -> f64 {
    let all = tree.letters(index);
    if all == 0 { 0.0 } else { f64::from(tree.linked(index)) / f64::from(all) }
}
