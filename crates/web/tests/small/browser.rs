//! What a browser does with the pages: it asks, and sends forms.

use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode, header};
use tempfile::TempDir;
use tower::ServiceExt;
use web::Site;
use workspace::Workspace;

pub struct Browser {
    _folder: TempDir,
    pub site: Arc<Site>,
    pub router: Router,
    pub cookie: String,
}

pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub text: String,
}

impl Answer {
    pub fn goes_to(&self) -> String {
        assert_eq!(self.status, StatusCode::SEE_OTHER, "{}", self.text);
        self.headers[header::LOCATION].to_str().unwrap().to_owned()
    }
}

impl Browser {
    /// A small workspace, not signed in.
    pub fn outside() -> Browser {
        Browser::over(super::fill)
    }

    /// A workspace with what `fill` records, not signed in.
    pub fn over(fill: impl FnOnce(&Workspace)) -> Browser {
        let folder = tempfile::tempdir().unwrap();
        let workspace = super::open(folder.path());
        fill(&workspace);
        let site = Arc::new(Site::new(Arc::new(workspace)));
        let router = web::router(Arc::clone(&site));
        Browser { _folder: folder, site, router, cookie: String::new() }
    }

    /// The same, signed in as its owner.
    pub async fn inside() -> Browser {
        Browser::outside().signed_in().await
    }

    /// With the owner's session.
    pub async fn signed_in(self) -> Browser {
        let mut browser = self;
        let link = browser.site.sign_in_link("").unwrap();
        let entered = browser.get(&link).await;
        let cookie = entered.headers[header::SET_COOKIE].to_str().unwrap();
        assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"), "{cookie}");
        browser.cookie = cookie.split(';').next().unwrap().to_owned();
        browser
    }

    pub async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (status, headers) = (response.status(), response.headers().clone());
        let bytes = to_bytes(response.into_body(), 64 << 20).await.unwrap();
        Answer { status, headers, text: String::from_utf8_lossy(&bytes).into_owned() }
    }

    pub fn request(&self, address: &str) -> axum::http::request::Builder {
        Request::builder().uri(address).header("host", "127.0.0.1:7070").header("cookie", &self.cookie)
    }

    pub async fn get(&self, address: &str) -> Answer {
        self.send(self.request(address).body(Body::empty()).unwrap()).await
    }

    /// A page that is there.
    pub async fn page(&self, address: &str) -> String {
        let answer = self.get(address).await;
        assert_eq!(answer.status, StatusCode::OK, "{address}: {}", answer.text);
        answer.text
    }

    pub async fn post(&self, address: &str, fields: &[(&str, &str)]) -> Answer {
        let token = self.token().await;
        let mut body = form(fields);
        body.push_str(&format!("&token={token}"));
        self.post_raw(address, body, &[("sec-fetch-site", "same-origin")]).await
    }

    pub async fn post_raw(&self, address: &str, body: String, headers: &[(&str, &str)]) -> Answer {
        let mut request =
            self.request(address).method("POST").header("content-type", "application/x-www-form-urlencoded");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.send(request.body(Body::from(body)).unwrap()).await
    }

    pub async fn token(&self) -> String {
        let page = self.get("/view").await.text;
        page.split_once("name=\"token\" value=\"").unwrap().1.split('"').next().unwrap().to_owned()
    }

    pub async fn look(&self, level: &str, as_of: &str) {
        let chosen = self
            .post("/view", &[("level", level), ("as-of", as_of), ("standard", "all-allegations"), ("back", "/people")])
            .await;
        assert_eq!(chosen.goes_to(), "/people");
    }

    pub fn position(&self) -> u64 {
        self.site.workspace.ledger.position().unwrap()
    }
}

pub fn form(fields: &[(&str, &str)]) -> String {
    url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish()
}

pub fn without_token(page: &str) -> String {
    let mut pieces = page.split("name=\"token\" value=\"");
    let first = pieces.next().unwrap_or_default().to_owned();
    pieces.fold(first, |text, piece| text + piece.split_once('"').map_or(piece, |(_, rest)| rest))
}

pub fn between<'a>(text: &'a str, before: &str, after: &str) -> &'a str {
    text.split_once(before).unwrap_or_else(|| panic!("no {before} in {text}")).1.split(after).next().unwrap()
}
