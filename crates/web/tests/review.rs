//! Review and claiming words, through the door that a browser uses and without any script.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod small;

use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode, header};
use ledger::Level;
use reading::{Act, Person, Proposal, Proposer, Quote, Relevance, Saying, Sentence, Victim};
use review::Desk;
use small::{NOTE, id};
use tempfile::TempDir;
use tower::ServiceExt;
use web::Site;

/// Proposes the same of every text that has the words.
struct Fixed;

fn at(text: &str, words: &str) -> Option<Quote> {
    let start = text[..text.find(words)?].chars().count();
    Some(Quote { quote: words.into(), start, end: start + words.chars().count() })
}

impl Proposer for Fixed {
    fn propose(&self, reading: &reading::Reading) -> Result<Vec<Proposal>, reading::Error> {
        let act = |act_type: &str, date: &str, words: &str| {
            Some(Act {
                act_type: act_type.into(),
                victim: Victim { name: Some("Rong Chhun".into()), group: None, is: Person::Person },
                date: Some(date.into()),
                place: None,
                agent: None,
                provisions: Vec::new(),
                sentence: None,
                asserter: (act_type == "arrest").then(|| "LICADHO".into()),
                at: at(&reading.text, words)?,
                relevance: Relevance::High,
            })
        };
        let sentence = Some(Sentence { months: Some(24.0), to_serve_months: None, fine: None });
        let proposals = [
            act("arrest", "2020-07-31", "Rong Chhun was arrested at his home on 31 July 2020").map(Proposal::Act),
            act("conviction", "2021-08-18", "A court convicted him of incitement on 18 August 2021").map(Proposal::Act),
            act("sentence", "2021-08-18", "sentenced him to 24 months")
                .map(|act| Proposal::Act(Act { sentence, ..act })),
            at(&reading.text, "<b>bold words</b>").map(|at| {
                Proposal::Saying(Saying { asserter: "<script>alert(1)</script>".into(), role: Some("<b>".into()), at })
            }),
        ];
        Ok(proposals.into_iter().flatten().collect())
    }
}

struct Browser {
    _folder: TempDir,
    site: Arc<Site>,
    router: Router,
    cookie: String,
}

struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    text: String,
}

impl Answer {
    fn goes_to(&self) -> String {
        assert_eq!(self.status, StatusCode::SEE_OTHER, "{}", self.text);
        self.headers[header::LOCATION].to_str().unwrap().to_owned()
    }
}

impl Browser {
    async fn inside() -> Browser {
        let folder = tempfile::tempdir().unwrap();
        let workspace = small::open(folder.path());
        small::fill(&workspace);
        let site = Arc::new(Site::new(Arc::new(workspace)).proposing_with(Desk::new(Box::new(Fixed), "fixed 1")));
        let router = web::router(Arc::clone(&site));
        let mut browser = Browser { _folder: folder, site, router, cookie: String::new() };
        let link = browser.site.sign_in_link("").unwrap();
        let entered = browser.get(&link).await;
        browser.cookie = entered.headers[header::SET_COOKIE].to_str().unwrap().split(';').next().unwrap().to_owned();
        browser
    }

    async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (status, headers) = (response.status(), response.headers().clone());
        let bytes = to_bytes(response.into_body(), 64 << 20).await.unwrap();
        Answer { status, headers, text: String::from_utf8_lossy(&bytes).into_owned() }
    }

    async fn get(&self, address: &str) -> Answer {
        let address = address.split('#').next().unwrap();
        let request = Request::builder().uri(address).header("host", "127.0.0.1:7070").header("cookie", &self.cookie);
        self.send(request.body(Body::empty()).unwrap()).await
    }

    async fn page(&self, address: &str) -> String {
        let answer = self.get(address).await;
        assert_eq!(answer.status, StatusCode::OK, "{address}: {}", answer.text);
        answer.text
    }

    async fn post(&self, address: &str, fields: &[(&str, &str)]) -> Answer {
        let token = self.get("/view").await.text;
        let token = between(&token, "name=\"token\" value=\"", "\"").to_owned();
        let mut body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        body.push_str(&format!("&token={token}"));
        let request = Request::builder()
            .uri(address)
            .method("POST")
            .header("host", "127.0.0.1:7070")
            .header("cookie", &self.cookie)
            .header("content-type", "application/x-www-form-urlencoded")
            .header("sec-fetch-site", "same-origin");
        self.send(request.body(Body::from(body)).unwrap()).await
    }

    async fn look(&self, level: &str) {
        self.post("/view", &[("level", level), ("as-of", ""), ("standard", "all-allegations"), ("back", "/")])
            .await
            .goes_to();
    }

    fn position(&self) -> u64 {
        self.site.workspace.ledger.position().unwrap()
    }
}

fn between<'a>(text: &'a str, before: &str, after: &str) -> &'a str {
    text.split_once(before).unwrap_or_else(|| panic!("no {before} in {text}")).1.split(after).next().unwrap()
}

fn review() -> String {
    format!("/source/{}/review", id("note"))
}

/// The fields of the form in hand, as a browser would send them untouched.
fn form(page: &str) -> Vec<(String, String)> {
    let form = between(page, "class=\"decide\">", "</form>");
    let unescape = |text: &str| {
        text.replace("&#39;", "'")
            .replace("&quot;", "\"")
            .replace("&lt;", "<")
            .replace("&gt;", ">")
            .replace("&amp;", "&")
    };
    let unescape = |text: &str| {
        unescape(text).replace("&#60;", "<").replace("&#62;", ">").replace("&#34;", "\"").replace("&#38;", "&")
    };
    let mut fields = Vec::new();
    for tag in form.split('<').skip(1) {
        let attribute = |name: &str| {
            tag.split_once(&format!(" {name}=\"")).map(|(_, rest)| unescape(rest.split('"').next().unwrap()))
        };
        let Some(name) = attribute("name") else {
            if tag.starts_with("option")
                && tag.contains(" selected")
                && let Some((_, value)) = fields.last_mut()
            {
                *value = attribute("value").unwrap_or_default();
            }
            continue;
        };
        if tag.starts_with("input") && (!tag.contains("type=\"radio\"") || tag.contains(" checked")) {
            fields.push((name, attribute("value").unwrap_or_default()));
        } else if tag.starts_with("select") {
            fields.push((name, String::new()));
        } else if tag.starts_with("textarea") {
            fields.push((name, unescape(tag.split_once(">\n").map_or("", |(_, text)| text))));
        }
    }
    fields
}

fn with<'a>(fields: &'a [(String, String)], more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let mut all: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    for (name, value) in more {
        all.retain(|(known, _)| known != name);
        all.push((name, value));
    }
    all
}

#[tokio::test(flavor = "multi_thread")]
async fn a_document_is_reviewed_by_plain_forms() {
    let browser = Browser::inside().await;
    let list = browser.page("/review").await;
    assert!(list.contains(&format!("href=\"{}\"", review())) && list.contains("<b>4</b> open"), "{list}");
    let page = browser.page(&review()).await;
    assert!(page.contains("<b>0 of 4</b> decided"), "{page}");
    assert!(page.contains("<mark class=\"now\">Rong Chhun was arrested at his home on 31 July 2020</mark>"), "{page}");
    assert!(
        page.contains("type=\"radio\" name=\"victim-as\"") && page.contains("named so in this document"),
        "he is known: {page}"
    );
    let before = browser.position();
    let to = browser.post(&review(), &with(&form(&page), &[("do", "accept")])).await.goes_to();
    assert!(to.contains("#c-") && to.contains("&last="), "{to}");
    assert_eq!(browser.position(), before + 2, "the claims, and the decision on them");
    let page = browser.page(&to).await;
    assert!(
        page.contains("<b>1 of 4</b> decided") && page.contains("<mark class=\"now\">A court convicted him"),
        "{page}"
    );
    let anchor = to.split('#').nth(1).unwrap();
    assert!(page.contains(&format!("id=\"{anchor}\"")), "its words are where the address leads: {anchor}");
    let rong = browser.page(&format!("/entity/{}", id("rong"))).await;
    assert!(rong.contains("Arrest"), "{rong}");
    let people: serde_json::Value = serde_json::from_str(&browser.page("/people.json?q=chhun").await).unwrap();
    assert_eq!(people["total"], 1, "nobody is made twice");
    // Rejected, with a reason; undone; rejected without.
    let to =
        browser.post(&review(), &with(&form(&page), &[("do", "reject"), ("reason", "told twice")])).await.goes_to();
    let page = browser.page(&to).await;
    assert!(page.contains("<b>2 of 4</b>") && page.contains("rejected"));
    let data: serde_json::Value = serde_json::from_str(&browser.page(&format!("{}.json", review())).await).unwrap();
    assert_eq!(data["proposals"][1]["reason"], "told twice");
    let undone = browser.post(&review(), &[("do", "undo")]).await.goes_to();
    assert!(browser.page(&undone).await.contains("<b>1 of 4</b>"));
    let undone = browser.post(&review(), &[("do", "undo")]).await.goes_to();
    assert!(browser.page(&undone).await.contains("<b>0 of 4</b>"));
    let nothing = browser.post(&review(), &[("do", "undo")]).await;
    assert_eq!(nothing.status, StatusCode::BAD_REQUEST);
    assert!(nothing.text.contains("You have decided nothing"), "{}", nothing.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_edited_is_changed_and_what_is_wrong_comes_back() {
    let browser = Browser::inside().await;
    let page = browser.page(&review()).await;
    let fields = form(&page);
    let before = browser.position();
    let wrong = browser
        .post(&review(), &with(&fields, &[("do", "accept"), ("date", "31 February 2020"), ("place", "His home")]))
        .await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", wrong.text);
    assert_eq!(browser.position(), before);
    assert!(
        wrong.text.contains("id=\"e-date\"")
            && wrong.text.contains("31 February 2020")
            && wrong.text.contains("His home")
    );
    assert!(wrong.text.contains("role=\"alert\"") && wrong.text.contains("<mark class=\"now\">"));
    let again = form(&wrong.text);
    let to = browser.post(&review(), &with(&again, &[("do", "accept"), ("date", "July 2020")])).await.goes_to();
    let data: serde_json::Value = serde_json::from_str(&browser.page(&format!("{}.json", review())).await).unwrap();
    assert_eq!(data["proposals"][0]["state"], "changed", "{to}");
    // Another name is typed: who it is, is looked up again before anything is recorded.
    let page = browser.page(&to).await;
    let fields = form(&page);
    let other = browser.post(&review(), &with(&fields, &[("do", "accept"), ("victim", "Sar Kanika")])).await;
    assert_eq!(other.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(other.text.contains("Say whom you mean now"), "{}", other.text);
    let looked = browser
        .post(&review(), &with(&fields, &[("do", "look"), ("victim", "Sar Kanika"), ("victim-as", "new")]))
        .await;
    assert_eq!(looked.status, StatusCode::OK);
    let to = browser.post(&review(), &with(&form(&looked.text), &[("do", "accept")])).await.goes_to();
    assert!(browser.page("/people").await.contains("Sar Kanika"), "{to}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_decision_of_somebody_else_is_shown_and_not_repeated() {
    let browser = Browser::inside().await;
    let page = browser.page(&review()).await;
    let fields = form(&page);
    browser.post(&review(), &with(&fields, &[("do", "accept")])).await.goes_to();
    let position = browser.position();
    let to = browser.post(&review(), &with(&fields, &[("do", "accept")])).await.goes_to();
    assert_eq!(browser.position(), position, "nothing is doubled");
    let page = browser.page(&to).await;
    assert!(page.contains("<span class=\"state verified\">accepted</span> by Tester on"), "{page}");
    let unknown = browser.post(&review(), &[("do", "accept"), ("key", "0")]).await;
    assert_eq!(unknown.status, StatusCode::BAD_REQUEST);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_end_says_what_was_recorded_and_leads_on() {
    let browser = Browser::inside().await;
    let mut page = browser.page(&review()).await;
    for _ in 0..3 {
        let to = browser.post(&review(), &with(&form(&page), &[("do", "accept")])).await.goes_to();
        page = browser.page(&to).await;
    }
    // What is hostile in the document is text here as everywhere.
    assert!(
        !page.contains("<script>") && page.contains("&#60;script&#62;") || page.contains("&lt;script&gt;"),
        "{page}"
    );
    assert!(page.contains("<mark class=\"now\">&lt;b&gt;bold words&lt;/b&gt;</mark>"), "{page}");
    let to = browser.post(&review(), &with(&form(&page), &[("do", "reject")])).await.goes_to();
    let page = browser.page(&to).await;
    assert!(page.contains("All 4 are decided") && page.contains("<dt>Rejected</dt><dd>1</dd>"), "{page}");
    let next = browser.get(&format!("/review?next=1&after-document={}", id("note"))).await;
    assert_eq!(next.status, StatusCode::OK, "no other document has anything open");
    assert!(next.text.contains("All is decided here"), "{}", next.text);
    let rc1 = browser.page(&format!("/entity/{}", id("rc1"))).await;
    assert!(rc1.contains("24 months") && rc1.contains("class=\"steps\""), "his case has its sentence: {rc1}");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_not_see_a_source_gets_the_same_answer_as_of_none() {
    let browser = Browser::inside().await;
    let secret = small_source(&browser);
    let never = id("never").to_string();
    assert!(browser.page(&format!("/source/{secret}/review")).await.contains("0 of 1"));
    let claim = |id: &str| format!("/source/{id}/claim?start=0&end=4");
    assert!(browser.page(&claim(&secret)).await.contains("“Rong”"));
    browser.look("public").await;
    for address in ["review", "review.json", "claim"] {
        let mut hidden = browser.get(&format!("/source/{secret}/{address}")).await;
        let mut none = browser.get(&format!("/source/{never}/{address}")).await;
        assert_eq!((hidden.status, none.status), (StatusCode::NOT_FOUND, StatusCode::NOT_FOUND), "{address}");
        hidden.text = without_token(&hidden.text.replace(&secret, "X"));
        none.text = without_token(&none.text.replace(&never, "X"));
        assert_eq!(hidden.text, none.text, "{address}: to the letter");
    }
    let posted = browser.post(&format!("/source/{secret}/review"), &[("do", "accept"), ("key", "0")]).await;
    assert_eq!(posted.status, StatusCode::NOT_FOUND);
    assert!(!browser.page("/review").await.contains(&secret));
    let person = browser.get(&format!("/entity/{}/review", id("rong"))).await;
    assert_eq!(person.status, StatusCode::NOT_FOUND);
    assert_eq!(browser.get(&format!("/source/{}/review", id("rong"))).await.status, StatusCode::NOT_FOUND, "no source");
}

/// A restricted document; its id.
fn small_source(browser: &Browser) -> String {
    let workspace = &browser.site.workspace;
    let id = schema::EntityId::derive("review", "secret");
    let mut source = workspace::NewSource::new(id, "Document");
    source.clearance = Level::Restricted.into();
    let text = "Rong Chhun was arrested at his home on 31 July 2020.\n";
    source.bytes = Some(workspace::NewObject::bytes("secret.txt", "text/plain", text.as_bytes().to_vec()));
    workspace.add_source(&workspace.owner(), source, Vec::new()).unwrap();
    id.to_string()
}

fn without_token(page: &str) -> String {
    let mut pieces = page.split("name=\"token\" value=\"");
    let first = pieces.next().unwrap_or_default().to_owned();
    pieces.fold(first, |text, piece| text + piece.split_once('"').map_or(piece, |(_, rest)| rest))
}

#[tokio::test(flavor = "multi_thread")]
async fn words_of_a_document_become_a_claim() {
    let browser = Browser::inside().await;
    let claim = format!("/source/{}/claim", id("note"));
    let words = "at his home";
    let start = NOTE[..NOTE.find(words).unwrap()].chars().count();
    // With their place, as our script sends them.
    let placed = browser.page(&format!("{claim}?start={start}&end={}", start + words.len())).await;
    assert!(placed.contains("“at his home”") && placed.contains("name=\"start\""), "{placed}");
    // By themselves: they must occur, and once, or it is said which.
    let absent = browser.get(&format!("{claim}?words=nowhere&about=Rong+Chhun")).await;
    assert_eq!(absent.status, StatusCode::UNPROCESSABLE_ENTITY);
    let twice = browser.get(&format!("{claim}?words=him&about=Rong+Chhun")).await;
    assert!(twice.text.contains("2 times") && twice.text.contains("name=\"occurrence\""), "{}", twice.text);
    let second = browser.page(&format!("{claim}?words=him&occurrence=2&about=Rong+Chhun")).await;
    assert!(second.contains("name=\"property\"") && second.contains("value=\"him\""), "{second}");
    let nobody = browser.get(&format!("{claim}?words=at+his+home&about=Nobody")).await;
    assert!(nobody.text.contains("Nothing here is called"), "{}", nobody.text);
    // Recorded, and marked where the words stand.
    let fields = [
        ("words", words),
        ("about", "Rong Chhun"),
        ("property", "address"),
        ("value", "his home"),
        ("clearance", "public"),
        ("is", ""),
    ];
    let to = browser.post(&claim, &fields).await.goes_to();
    let page = browser.page(&to).await;
    let anchor = to.split('#').nth(1).unwrap();
    assert!(page.contains(&format!("id=\"{anchor}\"><mark>at his home</mark>")), "{page}");
    let wrong = browser.post(&claim, &with(&[], &[("words", words), ("about", "Rong Chhun"), ("value", "x")])).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    let new = [
        ("words", "LICADHO reports"),
        ("about", "A new union"),
        ("is", "Organization"),
        ("property", "name"),
        ("value", "A new union"),
        ("clearance", "public"),
    ];
    let to = browser.post(&claim, &new).await.goes_to();
    assert!(browser.page(&to).await.contains("A new union"));
    // Offsets are those of the text, said in the page for who selects.
    let source = browser.page(&format!("/source/{}", id("note"))).await;
    let first = NOTE.find("LICADHO").unwrap();
    assert!(source.contains(&format!("<p data-at=\"{first}\">")), "{source}");
}
