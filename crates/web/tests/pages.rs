//! The pages through the door that a browser uses.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod small;

use axum::body::{Body, to_bytes};
use axum::http::StatusCode;
use ledger::{AsOf, Level};
use small::browser::{Browser, between, form, without_token};
use small::{MARKUP, SECRET, id};
use tower::ServiceExt;

fn addresses() -> Vec<String> {
    let mut all: Vec<String> = [
        "/",
        "/?as=table",
        "/?q=rong",
        "/?schema=Person&sort=date",
        "/?from=2020-01-01&to=2022",
        "/people",
        "/proceedings",
        "/documents",
        "/review",
        "/lists",
        "/lists/add",
        "/same",
        "/same/groups",
        "/estimate",
        "/figures",
        "/publications",
        "/publication/letter",
        "/figure/arrested-2020",
        "/ledger",
        "/ledger/1",
        "/ledger/4",
        "/add",
        "/view",
    ]
    .map(String::from)
    .to_vec();
    for key in ["rong", "rc1", "verdict", "wave", "act", "note", "licadho", "markup", "court"] {
        for what in ["", "/claims", "/history", "/add", "/judge"] {
            all.push(format!("/entity/{}{what}", id(key)));
        }
    }
    all.push(format!("/entity/{}/add?property=name", id("rong")));
    all.push(format!("/entity/{}/add?property=gender", id("rong")));
    all.push(format!("/entity/{}/add?property=affiliation", id("rong")));
    all.push(format!("/source/{}", id("note")));
    all.push(format!("/source/{}", id("paper")));
    all.push(format!("/source/{}/review", id("note")));
    all
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_not_signed_in_sees_nothing() {
    let browser = Browser::outside();
    for address in addresses().iter().map(String::as_str).chain(["/nowhere", "/people.json"]) {
        let answer = browser.get(address).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{address}");
        assert!(
            !answer.text.contains("Small workspace") && !answer.text.contains("Rong"),
            "{address}: {}",
            answer.text
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sign_in_link_works_once() {
    let browser = Browser::outside();
    let link = browser.site.sign_in_link("http://127.0.0.1:7070/").unwrap();
    let link = link.strip_prefix("http://127.0.0.1:7070").unwrap();
    assert_eq!(browser.get(link).await.goes_to(), "/");
    let again = browser.get(link).await;
    assert_eq!(again.status, StatusCode::FORBIDDEN);
    assert!(again.text.contains("rapporteur serve"), "it says how to get another");
    assert_eq!(browser.get("/enter?key=").await.status, StatusCode::FORBIDDEN);
    assert_eq!(browser.get("/enter").await.status, StatusCode::FORBIDDEN);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_is_there_light_and_without_script() {
    let browser = Browser::inside().await;
    for address in addresses() {
        let answer = browser.get(&address).await;
        assert_eq!(answer.status, StatusCode::OK, "{address}: {}", answer.text);
        assert!(answer.text.len() < 100_000, "{address}: {} bytes", answer.text.len());
        // Our one script adds keys; it is a file of ours, on the pages where words are marked, and they work without it.
        let ours = address.starts_with("/source/");
        let scripts = answer.text.matches("<script src=\"/static/review-").count();
        assert_eq!(
            (answer.text.matches("<script").count(), scripts),
            (usize::from(ours), usize::from(ours)),
            "{address}"
        );
        assert!(!answer.text.contains(" style=") && !answer.text.contains("onclick"), "{address}");
        assert_eq!(answer.text.matches("<h1").count(), 1, "{address}");
        assert!(answer.text.contains("You see <b>restricted</b>"), "{address}: the view is on every page");
        let policy = answer.headers["content-security-policy"].to_str().unwrap();
        assert!(
            policy.contains("default-src 'none'")
                && policy.contains("script-src 'self';") == ours
                && policy.contains("script-src") == ours
                && !policy.contains("unsafe"),
            "{address}: {policy}"
        );
        assert_eq!(answer.headers["cache-control"], "no-store");
        assert_eq!(answer.headers["referrer-policy"], "no-referrer");
        assert_eq!(answer.headers["x-content-type-options"], "nosniff");
        for pair in
            ["details", "ul", "ol", "table", "section", "div", "p", "span", "form", "dl", "li", "td", "fieldset"]
        {
            let (opened, closed) = (
                answer.text.matches(&format!("<{pair}>")).count() + answer.text.matches(&format!("<{pair} ")).count(),
                answer.text.matches(&format!("</{pair}>")).count(),
            );
            assert_eq!(opened, closed, "{address}: <{pair}>");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn data_stand_at_the_same_address() {
    let browser = Browser::inside().await;
    let rong = id("rong");
    for address in [
        "/.json",
        "/library.json?q=rong",
        "/people.json",
        "/documents.json",
        "/ledger.json",
        "/ledger/2.json",
        "/figures.json",
        "/figure/arrested-2020.json",
        "/publication/letter.json",
        &format!("/entity/{rong}/claims.json"),
        &format!("/entity/{rong}/history.json"),
        &format!("/source/{}.json", id("note")),
    ] {
        let answer = browser.get(address).await;
        assert_eq!(answer.status, StatusCode::OK, "{address}");
        assert!(serde_json::from_str::<serde_json::Value>(&answer.text).is_ok(), "{address}: {}", answer.text);
    }
    let verdict: serde_json::Value =
        serde_json::from_str(&browser.page(&format!("/entity/{}.json", id("verdict"))).await).unwrap();
    let dates = verdict["properties"]["date"].as_array().unwrap();
    assert_eq!(dates.len(), 2, "both accounts");
    assert!(dates[0]["preferred"].as_bool().unwrap());
    assert!(dates.iter().any(|date| date["claims"][0]["quote"] == "on 17 August 2021"));
    let missing = browser.get("/entity/00000000000000000000000000.json").await;
    assert_eq!(missing.status, StatusCode::NOT_FOUND);
    assert!(missing.text.contains("\"error\""));
}

#[tokio::test(flavor = "multi_thread")]
async fn html_in_a_field_is_shown_as_text() {
    let browser = Browser::inside().await;
    let mut seen = 0;
    for address in addresses() {
        let page = browser.page(&address).await;
        assert!(!page.contains("<script>") && !page.contains("<b>'") && !page.contains("<b>bold words"), "{address}");
        seen += usize::from(page.contains("&lt;script&gt;") || page.contains("&#60;script&#62;"));
    }
    assert!(seen >= 4, "it was shown, as text, on {seen} pages");
    let hostile = browser.get(&format!("/?{}", form(&[("q", MARKUP), ("from", MARKUP)]))).await;
    assert!(!hostile.text.contains("<script>"), "{}", hostile.text);
    let source = browser.page(&format!("/source/{}", id("note"))).await;
    assert!(source.contains("&lt;b&gt;bold words&lt;/b&gt;"));
}

#[tokio::test(flavor = "multi_thread")]
async fn every_value_shows_who_says_so_and_in_which_words() {
    let browser = Browser::inside().await;
    let page = browser.page(&format!("/entity/{}", id("verdict"))).await;
    assert!(
        page.contains("<mark>on 18 August 2021</mark>") && page.contains("<mark>on 17 August 2021</mark>"),
        "{page}"
    );
    assert!(page.contains("another account") && page.contains("Preferred:"));
    assert!(page.contains("LICADHO") && page.contains("Cambodia Daily"));
    let link = between(&page, &format!("<a href=\"/source/{}?claim=", id("paper")), "\"").to_owned();
    let (claim, anchor) = link.split_once("#c-").unwrap();
    assert_eq!(claim, anchor);
    let source = browser.page(&format!("/source/{}?claim={claim}", id("paper"))).await;
    assert!(source.contains(&format!("<span id=\"c-{claim}\"><mark>on 17 August 2021</mark>")), "{source}");
    let person = browser.page(&format!("/entity/{}", id("rong"))).await;
    assert!(person.contains("<span lang=\"km\">រ៉ុង ឈុន</span>"));
    assert!(
        person.contains("class=\"steps\"") && person.contains("class=\"vague\""),
        "the ladder of his case, with its vague date"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_reader_may_not_see_is_as_if_it_never_was() {
    let browser = Browser::inside().await;
    assert!(browser.page("/people").await.contains(SECRET));
    browser.look("public", "").await;
    for address in addresses() {
        let page = browser.page(&address).await;
        assert!(!page.contains(SECRET), "{address}");
    }
    let mut hidden = browser.get(&format!("/entity/{}", id("hidden"))).await;
    let mut never = browser.get(&format!("/entity/{}", id("never"))).await;
    assert_eq!(hidden.status, StatusCode::NOT_FOUND);
    // The address that leads back is the reader's own; the forms' token is new on every page.
    hidden.text = without_token(&hidden.text.replace(&id("hidden").to_string(), "X"));
    never.text = without_token(&never.text.replace(&id("never").to_string(), "X"));
    assert_eq!(hidden.text, never.text, "the same answer, to the letter");
    let found = browser.page(&format!("/?{}", form(&[("q", SECRET)]))).await;
    assert!(found.contains("Nothing found"));
    browser.look("restricted", "").await;
    assert!(browser.page("/people").await.contains(SECRET), "lowered by choice, and back");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_past_is_shown_as_it_was_and_not_written_to() {
    let browser = Browser::inside().await;
    browser.look("restricted", "3").await;
    let page = browser.page(&format!("/entity/{}", id("verdict"))).await;
    assert!(page.contains("18 August 2021") && !page.contains("17 August 2021"), "the second account came later");
    let refused = browser.get("/add").await;
    assert_eq!(refused.status, StatusCode::BAD_REQUEST);
    assert!(refused.text.contains("Change the view"));
    let wrong =
        browser.post("/view", &[("as-of", "not a date"), ("level", "public"), ("standard", "all-allegations")]).await;
    assert_eq!(wrong.status, StatusCode::BAD_REQUEST);
    assert!(wrong.text.contains("2020-11-16"), "it says what would be right");
}

#[tokio::test(flavor = "multi_thread")]
async fn style_and_fonts_are_kept_by_the_browser() {
    let browser = Browser::inside().await;
    let page = browser.page("/").await;
    let style = between(&page, "<link rel=\"stylesheet\" href=\"", "\"");
    let sheet = browser.get(style).await;
    assert_eq!(sheet.status, StatusCode::OK);
    assert!(sheet.headers["cache-control"].to_str().unwrap().contains("immutable"));
    let font = between(&sheet.text, "url(\"", "\"");
    let font = browser.get(font).await;
    assert_eq!(font.headers["content-type"], "font/woff2");
    assert_eq!(browser.get("/static/OFL.txt").await.status, StatusCode::OK);
    assert_eq!(browser.get("/static/style-0.css").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_are_compressed_for_whoever_takes_that() {
    let browser = Browser::inside().await;
    let plain = browser.get("/add").await;
    let request = browser.request("/add").header("accept-encoding", "br, gzip;q=0.8").body(Body::empty()).unwrap();
    let packed = browser.router.clone().oneshot(request).await.unwrap();
    assert_eq!(packed.headers()["content-encoding"], "gzip");
    let bytes = to_bytes(packed.into_body(), 1 << 20).await.unwrap();
    assert!(bytes.starts_with(&[0x1f, 0x8b]) && bytes.len() * 3 < plain.text.len());
    assert!(!plain.headers.contains_key("content-encoding"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_letter_is_shown_with_what_changed_and_released_once_seen() {
    let browser = Browser::inside().await;
    let page = browser.page("/publication/letter").await;
    assert!(page.contains("1 changed since the draft"), "{page}");
    let alone = browser.get("/publication/letter/letter.html").await;
    assert!(alone.headers["content-security-policy"].to_str().unwrap().contains("style-src 'sha256-"));
    let pdf = browser.get("/publication/letter/letter.pdf").await;
    assert_eq!(pdf.headers["content-type"], "application/pdf");
    assert!(pdf.text.starts_with("%PDF-"));
    let stale = browser.post("/publication/letter/release", &[("digest", "0")]).await;
    assert_eq!(stale.status, StatusCode::BAD_REQUEST);
    let digest = between(&page, "name=\"digest\" value=\"", "\"").to_owned();
    let to = browser.post("/publication/letter/release", &[("digest", &digest)]).await.goes_to();
    assert!(browser.page(&to).await.contains("as of entry"));
    assert_eq!(std::fs::read_dir(browser.site.workspace.out()).unwrap().count(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_ledger_is_verified_from_its_page() {
    let browser = Browser::inside().await;
    assert!(browser.page("/ledger").await.contains("Not verified since"));
    assert_eq!(browser.post("/ledger/verify", &[]).await.goes_to(), "/ledger");
    assert!(browser.page("/ledger").await.contains("every page, chain, signature"));
    let past = browser
        .site
        .workspace
        .ledger
        .read(&ledger::View::new(ledger::Cleared::to(Level::Public)).at(AsOf::Position(1)));
    assert!(past.is_ok());
}
