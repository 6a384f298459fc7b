//! Where a page of results ended, as a token that says nothing and cannot be made by anybody else.

use std::cmp::Reverse;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{KeyInit, XChaCha20Poly1305, XNonce};

use crate::Error;
use crate::query::Query;
use crate::run::Place;

const NONCE: usize = 24;

/// What a token belongs to: the question, what is chosen, and for whom.
fn belongs(query: &Query, audience: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut put = |text: &str| {
        bytes.extend((text.len() as u64).to_le_bytes());
        bytes.extend(text.as_bytes());
    };
    put(audience);
    put(&query.text);
    for (facet, value) in &query.chosen {
        put(facet.as_str());
        put(value);
    }
    bytes
}

pub(crate) fn seal(
    key: &[u8; 32],
    query: &Query,
    audience: &str,
    (Reverse(score), id): Place,
) -> Result<String, Error> {
    let mut token = vec![0; NONCE];
    getrandom::fill(&mut token).map_err(|error| Error::Index(error.to_string()))?;
    let nonce = nonce(&token).ok_or(Error::Cursor)?;
    let plain = [&score.to_be_bytes()[..], &id.to_be_bytes()].concat();
    let payload = Payload { msg: &plain, aad: &belongs(query, audience) };
    let sealed = XChaCha20Poly1305::new(key.into()).encrypt(&nonce, payload).map_err(|_| Error::Cursor)?;
    token.extend(sealed);
    Ok(URL_SAFE_NO_PAD.encode(token))
}

pub(crate) fn open(key: &[u8; 32], query: &Query, audience: &str, token: &str) -> Result<Place, Error> {
    let token = URL_SAFE_NO_PAD.decode(token).map_err(|_| Error::Cursor)?;
    let (Some(nonce), Some(sealed)) = (nonce(&token), token.get(NONCE..)) else { return Err(Error::Cursor) };
    let payload = Payload { msg: sealed, aad: &belongs(query, audience) };
    let plain = XChaCha20Poly1305::new(key.into()).decrypt(&nonce, payload).map_err(|_| Error::Cursor)?;
    let (score, id) = plain.split_first_chunk::<4>().ok_or(Error::Cursor)?;
    let id: [u8; 16] = id.try_into().map_err(|_| Error::Cursor)?;
    Ok((Reverse(u32::from_be_bytes(*score)), u128::from_be_bytes(id)))
}

fn nonce(token: &[u8]) -> Option<XNonce> {
    token.first_chunk::<NONCE>().map(|nonce| XNonce::from(*nonce))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_token_is_for_one_question_of_one_audience() {
        let (key, query) = ([7; 32], Query { text: "arrest".into(), ..Query::default() });
        let place = (Reverse(1200), 42_u128 << 70);
        let token = seal(&key, &query, "public", place).unwrap();
        assert_eq!(open(&key, &query, "public", &token).unwrap(), place);
        assert!(open(&key, &query, "internal", &token).is_err());
        assert!(open(&[8; 32], &query, "public", &token).is_err());
        assert!(open(&key, &Query { text: "arrests".into(), ..Query::default() }, "public", &token).is_err());
        for wrong in ["", "AAAA", "é", &token[1..]] {
            assert!(open(&key, &query, "public", wrong).is_err(), "{wrong}");
        }
    }
}
