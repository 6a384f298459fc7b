//! The search page through the door that a browser uses.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod small;

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode, header};
use small::SECRET;
use tempfile::TempDir;
use tower::ServiceExt;
use web::Site;

struct Browser {
    _folder: TempDir,
    site: Arc<Site>,
    router: Router,
    cookie: String,
}

impl Browser {
    async fn inside() -> Browser {
        let folder = tempfile::tempdir().unwrap();
        let workspace = small::open(folder.path());
        small::fill(&workspace);
        let site = Arc::new(Site::new(Arc::new(workspace)));
        let mut browser =
            Browser { _folder: folder, router: web::router(Arc::clone(&site)), site, cookie: String::new() };
        let link = browser.site.sign_in_link("").unwrap();
        let entered = browser.ask("GET", &link, "").await;
        browser.cookie = entered.1.split(';').next().unwrap().to_owned();
        browser
    }

    /// Status, where it leads or the cookie it sets, and the page.
    async fn ask(&self, method: &str, address: &str, body: &str) -> (StatusCode, String, String) {
        let request = Request::builder()
            .method(method)
            .uri(address)
            .header("host", "127.0.0.1:7070")
            .header("cookie", &self.cookie)
            .header("sec-fetch-site", "same-origin")
            .header("content-type", "application/x-www-form-urlencoded")
            .body(Body::from(body.to_owned()))
            .unwrap();
        let response = self.router.clone().oneshot(request).await.unwrap();
        let headers = response.headers();
        let told = headers
            .get(header::SET_COOKIE)
            .or(headers.get(header::LOCATION))
            .map(|value| value.to_str().unwrap().to_owned());
        let status = response.status();
        let bytes = to_bytes(response.into_body(), 64 << 20).await.unwrap();
        (status, told.unwrap_or_default(), String::from_utf8_lossy(&bytes).into_owned())
    }

    /// The page once the index is there; it must be within a second of having been asked for.
    async fn search(&self, query: &str) -> String {
        let begun = Instant::now();
        loop {
            let (status, _, page) = self.ask("GET", &format!("/search?{query}"), "").await;
            assert_eq!(status, StatusCode::OK, "{page}");
            if !page.contains("is being made") {
                return page;
            }
            assert!(begun.elapsed() < Duration::from_secs(20), "the index is not made");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    async fn post(&self, address: &str, fields: &str) -> (StatusCode, String, String) {
        let page = self.ask("GET", "/view", "").await.2;
        let token = page.split_once("name=\"token\" value=\"").unwrap().1.split('"').next().unwrap().to_owned();
        self.ask("POST", address, &format!("{fields}&token={token}")).await
    }
}

#[tokio::test]
async fn words_are_found_and_shown_where_they_stand() {
    let browser = Browser::inside().await;
    let page = browser.search("q=arrested+licadho").await;
    assert!(page.contains("<mark>arrested</mark>") && page.contains("<mark>LICADHO</mark>"), "{page}");
    assert!(page.contains("&lt;b&gt;bold words&lt;/b&gt;") || !page.contains("bold words"), "markup in a text is text");
    assert!(!page.contains("<script"), "no script");
    assert!(browser.search("q=Chhun").await.contains("What it is"), "facets");
    let found = browser.search("q=Chun").await;
    assert!(found.contains("Rong"), "a name spelled otherwise");
    let mistyped = browser.search("q=incitment").await;
    assert!(mistyped.contains("Did you mean") && mistyped.contains("incitement"), "{mistyped}");
    let half = browser.search("q=arrested+OR").await;
    assert!(half.contains("Not all of it was understood") && half.contains("at character 10"), "{half}");
    let nothing = browser.search("q=qqqqqqqq").await;
    assert!(nothing.contains("Nothing here fits"));
    let empty = browser.search("").await;
    assert!(empty.contains("provisional detention"));
    assert!(empty.contains("action=\"/search\""), "the box of every page leads here");
    let (_, _, data) = browser.ask("GET", "/search.json?q=arrested", "").await;
    let data: serde_json::Value = serde_json::from_str(&data).unwrap();
    assert!(data["total"].as_u64().unwrap() > 0 && data["exact"] == true, "{data}");
    let (status, ..) = browser.ask("GET", "/search?q=arrested&after=forged", "").await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn what_a_view_does_not_show_is_not_found() {
    let browser = Browser::inside().await;
    let words = SECRET.replace(' ', "+");
    let seen = browser.search(&format!("q={words}")).await;
    assert!(seen.contains("<mark>Seventeen</mark>"), "{seen}");
    browser.post("/view", "level=public&as-of=&standard=all-allegations&back=/").await;
    let hidden = browser.search(&format!("q={words}")).await;
    assert!(hidden.contains("Nothing here fits"), "{hidden}");
    // As for a word that nobody ever wrote, but for the word itself.
    let never = browser.search("q=Xitness+Yeventeen").await;
    let bare = |page: &str| {
        let tokens: Vec<&str> = page.split("name=\"token\" value=\"").collect();
        let rest =
            tokens.iter().enumerate().map(|(at, part)| if at == 0 { *part } else { part.split_once('"').unwrap().1 });
        rest.collect::<String>()
            .replace("Witness", "_")
            .replace("Xitness", "_")
            .replace("Seventeen", "_")
            .replace("Yeventeen", "_")
    };
    assert_eq!(bare(&hidden), bare(&never));
}

#[tokio::test]
async fn searches_are_kept_and_what_is_recorded_is_found_at_once() {
    let browser = Browser::inside().await;
    browser.search("q=Rong").await;
    let (status, to, page) = browser.post("/search/save", "q=Rong&type=Person&name=The+man").await;
    assert_eq!(status, StatusCode::SEE_OTHER, "{page}");
    assert!(to.starts_with("/search?q=Rong&type=Person"), "{to}");
    assert!(browser.search("").await.contains("The man"));
    let begun = Instant::now();
    let rong = small::id("rong");
    let owner = browser.site.workspace.owner();
    let ledger = &browser.site.workspace.ledger;
    let value = ledger.registry().parse("Person", "alias", "Zebrafish", None).unwrap();
    let claim =
        ledger::Claim { no_words: Some("told".into()), ..ledger::Claim::new(rong, "alias", &value, small::id("note")) };
    ledger.append(&owner, vec![ledger::Item::Claim(claim)]).unwrap();
    let page = browser.search("q=zebrafish").await;
    assert!(page.contains("<mark>Zebrafish</mark>"), "{page}");
    assert!(begun.elapsed() < Duration::from_secs(1), "{:?}", begun.elapsed());
}
