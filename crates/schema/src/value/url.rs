//! An address on the web, or a mail address.

use std::fmt;

use url::Url;

use crate::value::{Kind, ValueError};

/// An `http`, `https` or `mailto` address, normalised as the WHATWG URL standard says
/// (scheme and host in lower case, international hosts in Punycode, dots resolved).
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct WebUrl(String);

impl WebUrl {
    /// Reads an address.
    ///
    /// # Errors
    /// When it is none, has another scheme (`javascript:`, `file:`…), or carries a user name or
    /// password, which would be kept and shown.
    pub fn parse(text: &str) -> Result<Self, ValueError> {
        const HINT: &str = "Write the whole address, such as https://example.org/page.";
        let refuse = |problem: String, hint: &str| ValueError::new(Kind::Url, text, problem, hint);
        let url = Url::parse(text.trim()).map_err(|e| refuse(format!("this is not an address ({e})"), HINT))?;
        match url.scheme() {
            "http" | "https" => {}
            "mailto" if url.path().contains('@') => {}
            "mailto" => {
                return Err(refuse(
                    "there is no mail address after mailto:".to_owned(),
                    "Write mailto:name@example.org.",
                ));
            }
            other => {
                return Err(refuse(
                    format!("addresses that begin with {other}: are not kept"),
                    "Only http, https and mailto are.",
                ));
            }
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(refuse(
                "it carries a user name or a password".to_owned(),
                "Take out what stands between // and @.",
            ));
        }
        let normal = url.to_string();
        // Normalising twice must change nothing; the few shapes for which it does are refused.
        match Url::parse(&normal) {
            Ok(again) if again.as_str() == normal => Ok(Self(normal)),
            _ => Err(refuse("this address has no settled form".to_owned(), HINT)),
        }
    }

    /// The normalised address.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The host, `www.` dropped: what a short citation shows. Empty for mail addresses.
    #[must_use]
    pub fn host(&self) -> String {
        Url::parse(&self.0)
            .ok()
            .and_then(|u| u.host_str().map(str::to_owned))
            .map(|h| h.strip_prefix("www.").map(str::to_owned).unwrap_or(h))
            .unwrap_or_default()
    }
}

impl fmt::Display for WebUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn normalised() {
        let url = WebUrl::parse(" HTTPS://Mail.LICADHO-Cambodia.org:443/a/../flashnews.php?perm=300 ");
        let url = url.unwrap();
        assert_eq!(url.as_str(), "https://mail.licadho-cambodia.org/flashnews.php?perm=300");
        assert_eq!(url.host(), "mail.licadho-cambodia.org");
    }

    #[test]
    fn what_could_harm_a_reader_is_refused() {
        for bad in [
            "javascript:alert(1)",
            "file:///etc/passwd",
            "data:text/html,x",
            "https://name:secret@example.org/",
            "mailto:nobody",
            "example.org",
        ] {
            assert!(WebUrl::parse(bad).is_err(), "{bad}");
        }
    }
}
