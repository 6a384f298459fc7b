#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
use super::*;
use crate::document::BlockKind;

const NEWS: &str = include_str!("../../tests/files/news.html");

fn told(document: &Document) -> Vec<(BlockKind, String)> {
    let mut slices = crate::count::Slices::new(&document.text);
    document.blocks.iter().map(|block| (block.kind, slices.slice(block.start, block.end).to_owned())).collect()
}

#[test]
fn the_article_is_read_and_not_the_menus() {
    let document = read_text(NEWS, &Options::default()).unwrap();
    for furniture in
        ["Share on", "Related", "Subscribe", "Home", "Cookie", "Advertisement", "Most read", "Another story"]
    {
        assert!(!document.text.contains(furniture), "{furniture} in:\n{}", document.text);
    }
    assert_eq!(document.title.as_deref(), Some("Nine activists sentenced in Phnom Penh"));
    assert_eq!(document.publisher.as_deref(), Some("The Mekong Courier"));
    assert_eq!(document.published.as_deref(), Some("2020-11-16"));
    assert_eq!(document.canonical.as_deref(), Some("https://news.example/2020/11/nine-activists"));
    assert_eq!(document.byline.as_deref(), Some("Sok Dara"));
    let blocks = told(&document);
    assert_eq!(blocks[0], (BlockKind::Title, "Nine activists sentenced in Phnom Penh".to_owned()));
    assert!(
        blocks.contains(&(BlockKind::Quote, "“They did nothing but hold a paper,” she said.".to_owned())),
        "{blocks:#?}"
    );
    assert!(blocks.contains(&(BlockKind::Row, "Nine\t20 months\t16 November 2020".to_owned())), "{blocks:#?}");
    assert!(blocks.contains(&(BlockKind::Item, "2. Article 495".to_owned())), "{blocks:#?}");
}

#[test]
fn footnotes_are_linked_to_their_marks() {
    let document = read_text(NEWS, &Options::default()).unwrap();
    assert_eq!(document.notes.len(), 2, "{:#?}\n{}", document.notes, document.text);
    for note in &document.notes {
        let (start, end) = note.mark.unwrap();
        let mut slices = crate::count::Slices::new(&document.text);
        assert_eq!(slices.slice(start, end), format!("[{}]", note.label));
        let body = &document.blocks[note.body];
        assert_eq!(body.kind, BlockKind::Note);
        assert!(
            crate::count::Slices::new(&document.text)
                .slice(body.start, body.end)
                .starts_with(&format!("[{}] ", note.label))
        );
    }
}

#[test]
fn a_page_without_article_still_gives_its_words() {
    let document = read_text("<body><nav>Home</nav><p>Short note.</p><script>x</script>", &Options::default()).unwrap();
    assert_eq!(document.text, "Short note.");
}

#[test]
fn a_page_nested_without_end_is_read() {
    let page = format!("<p>start</p>{}deep{}", "<div>".repeat(3000), "</div>".repeat(3000));
    let document = read_text(&page, &Options::default()).unwrap();
    assert!(document.text.contains("deep"));
}
