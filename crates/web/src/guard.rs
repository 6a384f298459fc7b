//! At the door: which host is asked, which site asks, and what every answer carries.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::Site;

/// No script, no frame, nothing from elsewhere. Pages that bring a policy of their own say so: letters, and those with our script.
pub const POLICY: &str = "default-src 'none'; style-src 'self'; font-src 'self'; form-action 'self'; img-src 'self'; \
                          frame-ancestors 'none'; base-uri 'none'";

/// The same, and our own script, which may ask this site only: on pages where documents are reviewed and their words claimed.
pub const POLICY_WITH_SCRIPT: &str = "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; font-src 'self'; \
                                      form-action 'self'; img-src 'self'; frame-ancestors 'none'; base-uri 'none'";

pub async fn guard(State(site): State<Arc<Site>>, request: Request<Body>, next: Next) -> Response {
    let refusal = if !host_is_ours(request.headers(), site.hosts()) {
        Some("This address is not one that the program answers to. Use the address that it printed when it started.")
    } else if request.method() == Method::POST && comes_from_elsewhere(request.headers()) {
        Some("This form was sent from another site's page, so nothing was recorded.")
    } else {
        None
    };
    let mut response = match refusal {
        Some(why) => {
            (StatusCode::FORBIDDEN, [(header::CONTENT_TYPE, "text/plain; charset=utf-8")], why).into_response()
        }
        None => next.run(request).await,
    };
    let headers = response.headers_mut();
    for (name, value) in [
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::CACHE_CONTROL, "no-store"),
        (header::X_FRAME_OPTIONS, "DENY"),
    ] {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    headers.insert("cross-origin-opener-policy", HeaderValue::from_static("same-origin"));
    headers.insert("cross-origin-resource-policy", HeaderValue::from_static("same-origin"));
    response
}

/// A page elsewhere can make its own name resolve to this machine; its requests still carry that name (DNS rebinding).
fn host_is_ours(headers: &HeaderMap, hosts: &[String]) -> bool {
    let Some(host) = headers.get(header::HOST).and_then(|host| host.to_str().ok()) else { return false };
    let name = match host.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((address, _)) => address,
        None => host.rsplit_once(':').map_or(host, |(name, _)| name),
    };
    hosts.iter().any(|ours| ours.eq_ignore_ascii_case(name))
}

/// Our pages send no referrer, so a browser may call their origin "null"; `Sec-Fetch-Site` then tells what it is. Browsers that
/// send neither are left to the form's token.
fn comes_from_elsewhere(headers: &HeaderMap) -> bool {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(site) = text("sec-fetch-site") {
        return site != "same-origin" && site != "none";
    }
    match (text("origin"), text("host")) {
        (None | Some("null"), _) => false,
        (Some(origin), Some(host)) => origin.split_once("://").map(|(_, rest)| rest) != Some(host),
        (Some(_), None) => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(name, value)| (header::HeaderName::from_static(name), HeaderValue::from_static(value)))
            .collect()
    }

    #[test]
    fn another_name_for_this_machine_is_refused() {
        let hosts = ["localhost".to_owned(), "127.0.0.1".into(), "::1".into()];
        for ours in ["localhost:7070", "127.0.0.1", "[::1]:7070", "LOCALHOST"] {
            assert!(host_is_ours(&headers(&[("host", ours)]), &hosts), "{ours}");
        }
        for other in ["evil.example", "127.0.0.1.evil.example:7070", ""] {
            assert!(!host_is_ours(&headers(&[("host", other)]), &hosts), "{other}");
        }
        assert!(!host_is_ours(&HeaderMap::new(), &hosts));
    }

    #[test]
    fn another_site_s_form_is_refused() {
        assert!(comes_from_elsewhere(&headers(&[("sec-fetch-site", "cross-site")])));
        assert!(comes_from_elsewhere(&headers(&[("sec-fetch-site", "same-site")])));
        assert!(comes_from_elsewhere(&headers(&[("origin", "http://evil.example"), ("host", "127.0.0.1:7070")])));
        assert!(!comes_from_elsewhere(&headers(&[("origin", "http://127.0.0.1:7070"), ("host", "127.0.0.1:7070")])));
        assert!(!comes_from_elsewhere(&headers(&[("origin", "null"), ("sec-fetch-site", "same-origin")])));
    }
}
