//! A list through the door that a browser uses: brought, looked at, taken in, seen, taken back; and hidden from whom it is not for.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod small;

use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode, header};
use tempfile::TempDir;
use tower::ServiceExt;
use web::Site;

const LICADHO: &str = "No,Full name,Sex,Arrest date,Place\n1,Rong Chhun,M,2020-07-31,Phnom Penh\n2,Sar Kanika,F,2020-08,Phnom Penh\n\
                       3,Ton Nimol,M,not a date at all,Phnom Penh\n";
const OTHER: &str = "id;name;arrest date\nA;Rong Chhun;31/07/2020\nB;Hun Vannak;13/08/2020\n";

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
        let router = web::router(Arc::clone(&site));
        let mut browser = Browser { _folder: folder, site, router, cookie: String::new() };
        let link = browser.site.sign_in_link("").unwrap();
        let request = browser.request(&link).body(Body::empty()).unwrap();
        let entered = browser.router.clone().oneshot(request).await.unwrap();
        let cookie = entered.headers()[header::SET_COOKIE].to_str().unwrap();
        browser.cookie = cookie.split(';').next().unwrap().to_owned();
        browser
    }

    fn request(&self, address: &str) -> axum::http::request::Builder {
        Request::builder().uri(address).header("host", "127.0.0.1:7070").header("cookie", &self.cookie)
    }

    /// (status, where it goes to, the page)
    async fn send(&self, request: Request<Body>) -> (StatusCode, String, String) {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let to = response.headers().get(header::LOCATION).map(|to| to.to_str().unwrap().to_owned()).unwrap_or_default();
        let status = response.status();
        let bytes = to_bytes(response.into_body(), 64 << 20).await.unwrap();
        (status, to, String::from_utf8_lossy(&bytes).into_owned())
    }

    async fn get(&self, address: &str) -> (StatusCode, String) {
        let (status, _, text) = self.send(self.request(address).body(Body::empty()).unwrap()).await;
        (status, text)
    }

    async fn page(&self, address: &str) -> String {
        let (status, text) = self.get(address).await;
        assert_eq!(status, StatusCode::OK, "{address}: {text}");
        text
    }

    async fn token(&self) -> String {
        let page = self.page("/view").await;
        page.split_once("name=\"token\" value=\"").unwrap().1.split('"').next().unwrap().to_owned()
    }

    async fn post(&self, address: &str, fields: &[(&str, &str)]) -> (StatusCode, String, String) {
        let token = self.token().await;
        let mut body = url::form_urlencoded::Serializer::new(String::new());
        body.extend_pairs(fields).append_pair("token", &token);
        let request = self
            .request(address)
            .method("POST")
            .header("sec-fetch-site", "same-origin")
            .header("content-type", "application/x-www-form-urlencoded");
        self.send(request.body(Body::from(body.finish())).unwrap()).await
    }

    /// The first step: the address of the second.
    async fn bring(&self, file: &str, text: &str, fields: &[(&str, &str)]) -> (StatusCode, String, String) {
        let token = self.token().await;
        let mut body = format!("--b\r\ncontent-disposition: form-data; name=\"token\"\r\n\r\n{token}\r\n");
        for (name, value) in fields {
            body.push_str(&format!("--b\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"));
        }
        body.push_str(&format!(
            "--b\r\ncontent-disposition: form-data; name=\"files\"; filename=\"{file}\"\r\ncontent-type: text/csv\r\n\r\n{text}\r\n--b--\r\n"
        ));
        let request = self
            .request("/lists/add")
            .method("POST")
            .header("sec-fetch-site", "same-origin")
            .header("content-type", "multipart/form-data; boundary=b");
        self.send(request.body(Body::from(body)).unwrap()).await
    }

    async fn look(&self, level: &str) {
        let fields = [("level", level), ("as-of", ""), ("standard", "all-allegations"), ("back", "/lists")];
        assert_eq!(self.post("/view", &fields).await.0, StatusCode::SEE_OTHER);
    }
}

/// What a form on a page would send as it stands.
fn filled(page: &str) -> Vec<(String, String)> {
    let mut fields = Vec::new();
    let unescaped = |text: &str| {
        let pairs = [
            ("&lt;", "<"),
            ("&gt;", ">"),
            ("&quot;", "\""),
            ("&#39;", "'"),
            ("&#34;", "\""),
            ("&#60;", "<"),
            ("&#62;", ">"),
            ("&amp;", "&"),
            ("&#38;", "&"),
        ];
        pairs.iter().fold(text.to_owned(), |text, (from, to)| text.replace(from, to))
    };
    for select in page.split("<select ").skip(1) {
        let Some(name) = select.split("name=\"").nth(1).and_then(|rest| rest.split('"').next()) else { continue };
        let options = select.split("</select>").next().unwrap();
        let chosen = options.split("<option ").skip(1).find(|option| option.contains(" selected"));
        let value = chosen.and_then(|option| option.split("value=\"").nth(1)?.split('"').next()).unwrap_or_default();
        fields.push((name.to_owned(), value.to_owned()));
    }
    for input in page.split("<input ").skip(1) {
        let tag = input.split('>').next().unwrap();
        let part =
            |key: &str| tag.split(&format!("{key}=\"")).nth(1).and_then(|rest| rest.split('"').next()).map(unescaped);
        if let (Some(name), Some(value)) = (part("name"), part("value")) {
            fields.push((name, value));
        }
    }
    for area in page.split("<textarea ").skip(1) {
        let name = area.split("name=\"").nth(1).unwrap().split('"').next().unwrap();
        let text = area.split_once(">\n").unwrap().1.split("</textarea>").next().unwrap();
        fields.push((name.to_owned(), unescaped(text)));
    }
    let ours = ["list", "by", "dates", "act", "toml"];
    fields.retain(|(name, _)| ours.contains(&name.as_str()) || name.starts_with('c'));
    fields
}

/// Sends the second step's form as it stands, with some of it changed.
async fn press(
    browser: &Browser,
    address: &str,
    button: &str,
    changes: &[(&str, &str)],
) -> (StatusCode, String, String) {
    let page = browser.page(address).await;
    let mut fields = filled(&page);
    for (name, value) in changes {
        fields.retain(|(known, _)| known != name);
        fields.push(((*name).to_owned(), (*value).to_owned()));
    }
    let mut all: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    all.push(("do", button));
    browser.post(address, &all).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_is_brought_looked_at_taken_in_and_taken_back() {
    let browser = Browser::inside().await;
    assert!(browser.page("/lists").await.contains("No list has come in yet"));
    let before = browser.site.workspace.ledger.position().unwrap();
    let (status, step, text) = browser
        .bring("arrests.csv", LICADHO, &[("list", "LICADHO, 2020"), ("by", "LICADHO"), ("clearance", "internal")])
        .await;
    assert_eq!(status, StatusCode::SEE_OTHER, "{text}");
    let page = browser.page(&step).await;
    for seen in
        ["Full name", "Rong Chhun", "value=\"person:name\" selected", "value=\"act:date\" selected", "31 July 2020"]
    {
        assert!(page.contains(seen), "{seen}: {page}");
    }
    assert!(page.len() < 100_000, "{} bytes", page.len());

    // A bad cell: everything was asked for, so nothing is recorded; then what is good.
    let (status, to, text) = press(&browser, &step, "dry", &[]).await;
    assert_eq!((status, to.as_str()), (StatusCode::SEE_OTHER, step.as_str()), "{text}");
    assert!(browser.page(&step).await.contains("not a date at all"));
    press(&browser, &step, "take", &[]).await;
    let page = browser.page(&step).await;
    assert!(page.contains("Nothing was recorded: not everything can be taken") && page.contains("take-good"), "{page}");
    assert_eq!(browser.site.workspace.ledger.position().unwrap(), before, "nothing was recorded so far");
    let rows = browser.page(&format!("{step}/rows/0.csv")).await;
    assert!(rows.contains("Ton Nimol") && !rows.contains("Sar Kanika"), "{rows}");
    assert_eq!(browser.post(&step, &[("do", "take-good")]).await.0, StatusCode::SEE_OTHER);
    let page = browser.page(&step).await;
    assert!(page.contains("Recorded") && page.contains("Ton Nimol") || page.contains("not a date at all"), "{page}");

    // What the file was, the program no longer holds; the list is there.
    let lists = browser.page("/lists").await;
    assert!(lists.contains("LICADHO, 2020"), "{lists}");
    let list = lists.split("<th scope=\"row\"><a href=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let page = browser.page(&list).await;
    assert!(page.contains("Sar Kanika") && page.contains("3 persons"), "{page}");
    browser.page(&format!("{list}.json")).await;
    let links = page.split("<a href=\"/entity/").skip(1);
    let person =
        links.filter_map(|link| link.split_once('"')).find(|(_, rest)| rest.starts_with(">Sar Kanika<")).unwrap().0;
    let person = browser.page(&format!("/entity/{person}")).await;
    assert!(person.contains("On lists") && person.contains("data-label=\"Row\">3<"), "{person}");

    // A second list with the same headings as before would be taken alike; this one has its own.
    let (_, step, _) = browser.bring("other.csv", OTHER, &[("clearance", "internal")]).await;
    let (status, _, text) = press(&browser, &step, "take", &[]).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(text.contains("Give the list a name"), "{text}");
    press(&browser, &step, "take", &[("list", "Another list"), ("by", "A second house")]).await;
    let page = browser.page(&step).await;
    assert!(page.contains("See the list"), "{page}");
    let page = browser.page("/lists").await;
    assert!(page.contains("<svg class=\"upset\"") && page.contains("5 persons on 2 lists"), "{page}");
    assert!(browser.page("/estimate").await.contains("Two lists are not enough"));
    // Divided: each in one stratum, of whom it is not known in their own, and no sum where one is refused.
    let divided = browser.page("/estimate?by=year").await;
    assert!(divided.contains("Divided by year of the first act") && divided.contains(">2020</th>"), "{divided}");
    assert!(divided.contains(">Not known</th>"), "{divided}");
    let divided = browser.page("/estimate?by=sex").await;
    assert!(
        divided.contains(">Man</th>") && divided.contains(">Woman</th>") && divided.contains("All together"),
        "{divided}"
    );
    assert!(divided.contains("cannot be estimated (") && divided.contains("so neither can the sum"), "{divided}");
    assert!(browser.page("/estimate.json?by=sex").await.contains("\"divided\""));
    assert!(browser.page("/lists.json").await.contains("\"overlaps\""));

    // The same headings again: the mapping is remembered.
    let (_, step, _) = browser.bring("again.csv", OTHER, &[("clearance", "internal")]).await;
    assert!(browser.page(&step).await.contains("The columns are taken as they were in Another list"));

    // Taken back, with a reason.
    let undo = page.split("href=\"/lists/undo/").nth(1).unwrap().split('"').next().unwrap();
    let undo = format!("/lists/undo/{undo}");
    assert_eq!(browser.post(&undo, &[("reason", "")]).await.0, StatusCode::UNPROCESSABLE_ENTITY);
    let (status, to, text) = browser.post(&undo, &[("reason", "the wrong file")]).await;
    assert_eq!(status, StatusCode::SEE_OTHER, "{text}");
    let page = browser.page(&to).await;
    assert!(page.contains("The import is taken back") && page.contains("the wrong file"), "{page}");
    assert!(page.contains("Nobody stands on it"), "{page}");
    assert_ne!(browser.post(&undo, &[("reason", "again")]).await.0, StatusCode::SEE_OTHER);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_that_is_not_for_the_reader_leaves_no_trace() {
    let browser = Browser::inside().await;
    browser.look("public").await;
    let before: Vec<String> = pages(&browser).await;
    browser.look("restricted").await;
    let named = [("list", "A secret list"), ("by", "A hidden house"), ("clearance", "restricted")];
    let (_, step, _) = browser.bring("secret.csv", "id;name\nA;Nobody Atall\nB;Someone Else\n", &named).await;
    press(&browser, &step, "take", &[("clearance", "restricted")]).await;
    let page = browser.page("/lists").await;
    assert!(page.contains("A secret list"), "{page}");
    let list = page.split("<th scope=\"row\"><a href=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let undo = format!("/lists/undo/{}", page.split("href=\"/lists/undo/").nth(1).unwrap().split('"').next().unwrap());
    browser.look("public").await;
    let after = pages(&browser).await;
    assert_eq!(before, after);
    for address in [&list, &undo, "/lists/A%20secret%20list"] {
        assert_eq!(browser.get(address).await.0, StatusCode::NOT_FOUND, "{address}");
    }
    // Who brings a list of the same name, by a house of the same name, is not told that there is one.
    let named = [("list", "a SECRET list"), ("by", "another house"), ("clearance", "public")];
    let (_, step, _) = browser.bring("mine.csv", "id;name\nA;Somebody New\n", &named).await;
    let page = browser.page(&step).await;
    assert!(!page.contains("there already") && !page.contains("hidden house"), "{page}");
}

/// Pages that tell of lists, without what differs each time: the token, and the ledger's position, which every entry moves.
async fn pages(browser: &Browser) -> Vec<String> {
    let mut all = Vec::new();
    for address in ["/lists", "/lists.json", "/estimate", "/people"] {
        let page = browser.page(address).await;
        let lines = page.lines().filter(|line| {
            !line.contains("name=\"token\"") && !line.contains("entry") && !line.contains("\"position\"")
        });
        all.push(lines.collect::<Vec<_>>().join("\n"));
    }
    all
}

#[tokio::test(flavor = "multi_thread")]
async fn a_table_of_one_s_own_is_estimated() {
    let browser = Browser::inside().await;
    let table = "A,B,C,count\n1,0,0,60\n0,1,0,49\n1,1,0,4\n0,0,1,247\n1,0,1,112\n0,1,1,142\n1,1,1,12\n";
    let (status, _, page) = browser.post("/estimate", &[("table", table)]).await;
    assert_eq!(status, StatusCode::OK);
    assert!(page.contains("626") && page.contains("731 (694–786") && page.contains("<svg"), "{page}");
    // Divided by a column: the strata in rows, and their sum from sums of draws.
    let mut both = "who,A,B,C,count\n".to_owned();
    for line in table.lines().skip(1) {
        both += &format!("women,{line}\nmen,{line}\n");
    }
    let (_, _, page) = browser.post("/estimate", &[("table", &both), ("column", "who")]).await;
    assert!(page.contains("Divided by who") && page.contains(">women</th>") && page.contains("1,252"), "{page}");
    let rows = page.split("id=\"divided\"").nth(1).unwrap();
    assert_eq!(rows.matches("<b>731</b>").count(), 2, "{rows}");
    let (_, _, page) = browser.post("/estimate", &[("table", table), ("column", "place")]).await;
    assert!(page.contains("No column is called `place`. The columns are: A, B, C, count."), "{page}");
    let (_, _, page) = browser.post("/estimate", &[("table", "A,B\n1,0\n")]).await;
    assert!(page.contains("No column is called `count`"), "{page}");
}
