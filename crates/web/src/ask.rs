//! What a request brings: whose session, which address, what was asked or typed.

use std::sync::Arc;

use axum::extract::{FromRequest, FromRequestParts, RawForm, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use axum::response::Response;

use crate::Site;
use crate::page::enter;
use crate::problem::{Problem, unreadable};
use crate::routes::LONGEST_FORM;
use crate::session::Session;

/// Name–value pairs in the order in which they came; a name may come more than once.
#[derive(Clone, Debug, Default)]
pub struct Pairs(Vec<(String, String)>);

impl Pairs {
    #[must_use]
    pub fn parse(encoded: &[u8]) -> Self {
        Pairs(
            url::form_urlencoded::parse(encoded).map(|(name, value)| (name.into_owned(), value.into_owned())).collect(),
        )
    }

    /// The first of that name, trimmed; empty when there is none.
    #[must_use]
    pub fn get(&self, name: &str) -> &str {
        self.0.iter().find(|(given, _)| given == name).map_or("", |(_, value)| value.trim())
    }

    /// The first of that name as it was typed, line ends as `\n`; empty when there is none.
    #[must_use]
    pub fn raw(&self, name: &str) -> String {
        self.0
            .iter()
            .find(|(given, _)| given == name)
            .map_or_else(String::new, |(_, value)| value.replace("\r\n", "\n"))
    }

    /// `None` when it is missing or empty.
    #[must_use]
    pub fn some(&self, name: &str) -> Option<&str> {
        Some(self.get(name)).filter(|value| !value.is_empty())
    }

    /// Everything of that name, in the order in which it came.
    #[must_use]
    pub fn all(&self, name: &str) -> Vec<&str> {
        self.0
            .iter()
            .filter(|(given, value)| given == name && !value.is_empty())
            .map(|(_, value)| value.trim())
            .collect()
    }

    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(given, _)| given == name)
    }

    #[must_use]
    pub fn number(&self, name: &str) -> Option<u64> {
        self.get(name).parse().ok()
    }

    pub fn set(&mut self, name: &str, value: &str) {
        self.0.retain(|(given, _)| given != name);
        self.0.push((name.into(), value.into()));
    }

    /// These pairs with some replaced, as a query; what is empty is left out.
    #[must_use]
    pub fn with(&self, changes: &[(&str, &str)]) -> String {
        let mut all = self.clone();
        for (name, value) in changes {
            all.set(name, value);
        }
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        for (name, value) in all.0.iter().filter(|(_, value)| !value.is_empty()) {
            query.append_pair(name, value);
        }
        query.finish()
    }
}

/// A request of somebody who is signed in.
#[derive(Clone, Debug)]
pub struct Ask {
    pub session: Session,
    pub cookie: String,
    /// Path and query: where a form leads back to.
    pub address: String,
    pub query: Pairs,
    /// The data twin is asked for: the address ends in `.json`.
    pub json: bool,
}

impl FromRequestParts<Arc<Site>> for Ask {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, site: &Arc<Site>) -> Result<Self, Response> {
        let path = parts.uri.path().to_owned();
        let json = path.ends_with(".json");
        let cookie = cookie(&parts.headers, site.cookie_name());
        site.brought.tidy();
        let session = cookie.as_deref().and_then(|cookie| site.sessions().find(cookie));
        let (Some(cookie), Some(session)) = (cookie, session) else {
            return Err(enter::signed_out(json));
        };
        let query = Pairs::parse(parts.uri.query().unwrap_or_default().as_bytes());
        let address = parts.uri.path_and_query().map_or(path, ToString::to_string);
        Ok(Ask { session, cookie, address, query, json })
    }
}

/// A form of somebody who is signed in, sent from one of that session's pages.
#[derive(Clone, Debug)]
pub struct Sent {
    pub ask: Ask,
    pub typed: Pairs,
}

impl FromRequest<Arc<Site>> for Sent {
    type Rejection = Response;

    async fn from_request(request: Request, site: &Arc<Site>) -> Result<Self, Response> {
        let (mut parts, body) = request.into_parts();
        let ask = Ask::from_request_parts(&mut parts, site).await?;
        let request = Request::from_parts(parts, body);
        let RawForm(bytes) = RawForm::from_request(request, site)
            .await
            .map_err(|rejection| enter::refused(&unreadable(rejection, LONGEST_FORM)))?;
        let typed = Pairs::parse(&bytes);
        if !ask.session.owns(typed.get("token")) {
            return Err(enter::refused(&Problem::Foreign));
        }
        Ok(Sent { ask, typed })
    }
}

fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(given, _)| *given == name)
        .map(|(_, value)| value.to_owned())
}

/// A path of this site, never an address elsewhere.
#[must_use]
pub fn local(address: &str) -> &str {
    let fine = address.starts_with('/')
        && !address.starts_with("//")
        && !address.contains(|c: char| c == '\\' || c.is_control());
    if fine { address } else { "/" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_way_back_never_leads_elsewhere() {
        assert_eq!(local("/entity/x?y=1"), "/entity/x?y=1");
        for evil in ["//evil.example", "https://evil.example", "/\\evil.example", "", "/\nSet-Cookie: x"] {
            assert_eq!(local(evil), "/", "{evil}");
        }
    }

    #[test]
    fn what_was_typed_comes_back() {
        let typed = Pairs::parse(b"a=1&b=+x%0D%0Ay+&a=2");
        assert_eq!((typed.get("a"), typed.get("b"), typed.get("c")), ("1", "x\r\ny", ""));
        assert_eq!(typed.raw("b"), " x\ny ");
        assert_eq!(typed.with(&[("a", ""), ("b", "é&")]), "b=%C3%A9%26");
    }
}
