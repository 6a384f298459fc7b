//! What a page says of itself: meta elements, JSON-LD, OpenGraph, `<time>`.

use super::tree::Tree;
use crate::document::Document;
use crate::writer::collapse;
use serde_json::Value;

#[derive(Default)]
pub struct Meta {
    pub title: Option<String>,
    pub byline: Option<String>,
    pub published: Option<String>,
    pub publisher: Option<String>,
    pub canonical: Option<String>,
    language: Option<String>,
    about: Vec<(String, String)>,
    /// The page's `<title>`, which often ends in the publisher's name.
    window: Option<String>,
}

/// The encoding that a page declares, in its first kilobytes.
pub fn charset(bytes: &[u8]) -> Option<String> {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(4096)]).to_ascii_lowercase();
    let declared = head.find("<?xml").and_then(|at| head[at..].find("encoding=").map(|on| at + on + 9));
    let at = head.find("charset=").map(|at| at + 8).or(declared)?;
    let rest = head.get(at..)?.trim_start_matches(['"', '\'', ' ']);
    let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || "-_:".contains(c))).unwrap_or(rest.len());
    let label = &rest[..end];
    // A page that was read as ASCII to here is not UTF-16, whatever it says.
    (!label.is_empty() && !label.starts_with("utf-16")).then(|| label.to_owned())
}

impl Meta {
    pub fn read(tree: &Tree) -> Self {
        let mut meta = Self::default();
        let mut named: Vec<(String, String)> = Vec::new();
        let mut times: Vec<String> = Vec::new();
        for index in 0..tree.nodes.len() {
            let attribute = |name: &str| tree.attribute(index, name).map(str::trim).filter(|value| !value.is_empty());
            match tree.tag(index) {
                "html" => meta.language = attribute("lang").or(attribute("xml:lang")).map(str::to_owned),
                "title" if meta.window.is_none() && !tree.ancestors(index).any(|at| tree.tag(at) == "svg") => {
                    meta.window = Some(tree.words(index)).filter(|words| !words.is_empty());
                }
                "meta" => {
                    let name = attribute("property").or(attribute("name")).or(attribute("itemprop"));
                    if let (Some(name), Some(content)) = (name, attribute("content"))
                        && named.len() < 500
                    {
                        named.push((name.to_ascii_lowercase(), collapse(content)));
                    }
                }
                "link" if attribute("rel").is_some_and(|rel| rel.eq_ignore_ascii_case("canonical")) => {
                    meta.canonical = meta.canonical.take().or(attribute("href").and_then(address));
                }
                "script" if attribute("type").is_some_and(|kind| kind.contains("ld+json")) => {
                    let json: String = tree.within(index).map(|below| tree.nodes[below].text.as_str()).collect();
                    if json.len() < 1 << 20
                        && let Ok(value) = serde_json::from_str::<Value>(json.trim().trim_start_matches("<!--"))
                    {
                        meta.linked_data(&value, 0);
                    }
                }
                "time" => {
                    if let Some(date) = attribute("datetime").and_then(crate::dates::edtf) {
                        let published = attribute("itemprop")
                            .is_some_and(|property| property.contains("datePublished"))
                            || attribute("pubdate").is_some()
                            || attribute("class")
                                .is_some_and(|class| class.contains("publish") || class.contains("entry-date"));
                        times.insert(if published { 0 } else { times.len() }, date);
                    }
                }
                _ => {}
            }
        }
        meta.named(&named);
        // Pages date other articles too: one `<time>`, or one day in them all, is this page's own.
        let first = times.first().cloned();
        let one_day = times.iter().all(|date| Some(date) == first.as_ref());
        meta.published = meta.published.take().or(first.filter(|_| one_day || times.len() <= 2));
        meta
    }

    fn named(&mut self, named: &[(String, String)]) {
        let get = |names: &[&str]| {
            names.iter().find_map(|name| named.iter().find(|(known, _)| known == name)).map(|(_, value)| value.clone())
        };
        let take = |slot: &mut Option<String>, names: &[&str]| {
            if slot.is_none() {
                *slot = get(names);
            }
        };
        take(
            &mut self.title,
            &["og:title", "dc.title", "dcterms.title", "citation_title", "twitter:title", "headline"],
        );
        let author = get(&[
            "author",
            "article:author",
            "dc.creator",
            "dcterms.creator",
            "citation_author",
            "parsely-author",
            "byl",
        ]);
        self.byline = self.byline.take().or(author.filter(|author| !author.starts_with("http")));
        take(
            &mut self.publisher,
            &["og:site_name", "dc.publisher", "dcterms.publisher", "application-name", "citation_publisher"],
        );
        let dated = [
            "article:published_time",
            "og:published_time",
            "datepublished",
            "dc.date.issued",
            "dcterms.issued",
            "dc.date",
            "dcterms.date",
            "dcterms.created",
            "citation_publication_date",
            "citation_date",
            "pubdate",
            "publishdate",
            "parsely-pub-date",
            "date",
        ];
        self.published = self
            .published
            .take()
            .or_else(|| dated.iter().find_map(|name| get(&[name]).as_deref().and_then(crate::dates::edtf)));
        self.canonical = self.canonical.take().or_else(|| get(&["og:url", "twitter:url"]).as_deref().and_then(address));
        self.language = self.language.take().or_else(|| {
            get(&["og:locale", "dc.language", "language", "content-language"]).map(|tag| tag.replace('_', "-"))
        });
        for (key, names) in [
            ("Description", &["description", "og:description", "dc.description"][..]),
            ("Keywords", &["keywords", "news_keywords"][..]),
            ("Generator", &["generator"][..]),
            ("Modified", &["article:modified_time", "og:updated_time", "dcterms.modified", "lastmod"][..]),
            ("Section", &["article:section"][..]),
        ] {
            if let Some(value) = get(names) {
                self.about.push((key.to_owned(), value));
            }
        }
    }

    /// schema.org, as newspapers write it: an article, or a graph with one in it.
    fn linked_data(&mut self, value: &Value, depth: usize) {
        if depth > 4 {
            return;
        }
        if let Some(list) = value.as_array() {
            list.iter().take(50).for_each(|value| self.linked_data(value, depth + 1));
            return;
        }
        if let Some(graph) = value.get("@graph") {
            self.linked_data(graph, depth + 1);
        }
        let kinds: Vec<&str> = match value.get("@type") {
            Some(Value::String(kind)) => vec![kind],
            Some(Value::Array(kinds)) => kinds.iter().filter_map(Value::as_str).collect(),
            _ => Vec::new(),
        };
        if !kinds.iter().any(|kind| {
            kind.ends_with("Article")
                || ["BlogPosting", "Report", "PressRelease", "WebPage", "Legislation"].contains(kind)
        }) {
            return;
        }
        let names = |value: &Value| -> Option<String> {
            let one =
                |value: &Value| value.as_str().or_else(|| value.get("name").and_then(Value::as_str)).map(collapse);
            let all: Vec<String> = match value {
                Value::Array(list) => list.iter().take(20).filter_map(one).collect(),
                other => one(other).into_iter().collect(),
            };
            let all: Vec<String> =
                all.into_iter().filter(|name| !name.is_empty() && !name.starts_with("http")).collect();
            (!all.is_empty()).then(|| all.join(", "))
        };
        let article = !kinds.contains(&"WebPage");
        let set = |slot: &mut Option<String>, value: Option<String>| {
            if article && value.is_some() || slot.is_none() {
                *slot = value.or(slot.take());
            }
        };
        set(&mut self.title, value.get("headline").or(value.get("name")).and_then(names));
        set(&mut self.byline, value.get("author").or(value.get("creator")).and_then(names));
        set(&mut self.publisher, value.get("publisher").and_then(names));
        set(&mut self.published, value.get("datePublished").and_then(Value::as_str).and_then(crate::dates::edtf));
        set(&mut self.canonical, value.get("url").and_then(Value::as_str).and_then(address));
        if let Some(language) = value.get("inLanguage").and_then(Value::as_str) {
            self.language = Some(language.to_owned());
        }
    }

    /// The title without the publisher's name at its end.
    pub fn heading(&self) -> Option<String> {
        let title = self.title.clone().or_else(|| self.window.clone())?;
        let publisher = self.publisher.as_deref().unwrap_or("");
        for separator in [" | ", " – ", " — ", " - ", " » ", " « ", " :: "] {
            if let Some((start, end)) = title.rsplit_once(separator)
                && start.chars().count() >= 10
                && (end.eq_ignore_ascii_case(publisher)
                    || (self.title.is_none() && end.split_whitespace().count() <= 4))
            {
                return Some(start.trim().to_owned());
            }
        }
        Some(title)
    }

    /// Puts what the page says of itself where the words did not say it themselves.
    pub fn settle(self, document: &mut Document) {
        let heading = self.heading();
        document.title = document.title.take().or(heading);
        document.byline = self.byline.or(document.byline.take());
        document.published = self.published.or(document.published.take());
        document.publisher = self.publisher;
        document.canonical = self.canonical;
        document.language = self.language;
        for (key, value) in self.about {
            document.tell(&key, value);
        }
    }
}

/// An absolute address of the web, or none.
pub fn address(text: &str) -> Option<String> {
    let text = text.trim();
    let lower = text.get(..8.min(text.len())).unwrap_or("").to_ascii_lowercase();
    let host = if lower.starts_with("http://") {
        text.get(7..)
    } else if lower.starts_with("https://") {
        text.get(8..)
    } else {
        None
    };
    let good = host.is_some_and(|host| host.starts_with(|c: char| c.is_alphanumeric() || c == '['));
    (good && text.len() <= 2000 && !text.contains(char::is_whitespace) && !text.contains(['"', '<', '>']))
        .then(|| text.to_owned())
}
