//! Time-stamp tokens (RFC 3161, with RFC 5816): a request for one, what one says, and whether it holds.
//!
//! A token proves that the bytes with this digest existed when the authority's clock showed this time. It proves nothing
//! about who made them, and it is worth as much as the authority: [`verify`] judges that only against certificates that
//! its caller trusts, and says [`Chain::NotAsked`] where none were given.
//!
//! No network: the request is a file that a person carries to the authority (`application/timestamp-query`), and the
//! answer is a file again.

mod certificate;
mod read;
mod verify;

pub(crate) use certificate::in_words;

use serde::{Deserialize, Serialize};

use crate::Error;
use crate::der::{Reader, element, tag, unsigned};

pub(crate) const WHAT: &str = "time-stamp token";

/// What a token says. Only [`verify`] tells whether to believe it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Token {
    /// When, in RFC 3339, UTC, with the fraction of a second that the token has.
    pub time: String,
    /// `sha256`, `sha384`, …; the dotted identifier of one that has no name here.
    pub digest_algorithm: String,
    /// The digest that was stamped.
    pub digest: Vec<u8>,
    /// The authority's number of this token, hexadecimal.
    pub serial: String,
    /// The rules under which it was given: a dotted identifier that the authority explains.
    pub policy: String,
    /// Whom the signer's certificate names; if the token has none, whom the token itself names.
    pub authority: Option<String>,
    /// The number from the request; `None` also if it has more than 64 bits.
    pub nonce: Option<u64>,
}

/// Whether the signer's certificate leads to one that the caller trusts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Chain {
    /// It does, at the token's time, for the purpose of time-stamping.
    Trusted,
    /// No certificates to trust were given: anybody could have made this token.
    NotAsked,
}

/// A token that holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verified {
    pub token: Token,
    pub chain: Chain,
}

const SHA256: &[u8] = &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01];

/// A request for a token over a SHA-256 digest (DER `TimeStampReq`, RFC 3161 §2.4.1), which asks the authority to
/// enclose its certificate, without which the token could not be judged later. A nonce ties the answer to this request.
pub fn request(sha256: &[u8; 32], nonce: Option<u64>) -> Vec<u8> {
    let algorithm = element(tag::SEQUENCE, &[&element(tag::OID, &[SHA256]), &element(tag::NULL, &[])]);
    let imprint = element(tag::SEQUENCE, &[&algorithm, &element(tag::OCTETS, &[sha256])]);
    let nonce = nonce.map(unsigned).unwrap_or_default();
    element(tag::SEQUENCE, &[&unsigned(1), &imprint, &nonce, &element(tag::BOOLEAN, &[&[0xff]])])
}

/// The token in an authority's answer (`.tsr`), or a token that comes alone.
///
/// # Errors
/// [`Error::Refused`] with the authority's words if the answer is no; [`Error::Broken`] if it is neither.
pub fn token(response_or_token: &[u8]) -> Result<Vec<u8>, Error> {
    let mut outer = Reader::new(response_or_token, "time-stamp answer");
    let whole = outer.expect(tag::SEQUENCE, "a time-stamp answer or token")?;
    outer.end()?;
    let mut parts = outer.of(whole);
    if parts.peek() == Some(tag::OID) {
        read::parts(whole.whole)?;
        return Ok(whole.whole.to_vec());
    }
    let mut info = parts.inside(tag::SEQUENCE, "the status")?;
    let status = info.expect(tag::INTEGER, "the status")?.body;
    if !matches!(status, [0] | [1]) {
        return Err(refusal(status, info));
    }
    let token = parts.expect(tag::SEQUENCE, "the token")?;
    parts.end()?;
    read::parts(token.whole)?;
    Ok(token.whole.to_vec())
}

/// RFC 3161 §2.4.2: PKIStatus, PKIFreeText, PKIFailureInfo.
fn refusal(status: &[u8], mut info: Reader<'_>) -> Error {
    let mut texts: Vec<String> = Vec::new();
    if let Ok(Some(free)) = info.optional(tag::SEQUENCE) {
        let mut free = info.of(free);
        while let Ok(Some(text)) = free.optional(tag::UTF8) {
            texts.push(String::from_utf8_lossy(text.body).chars().take(500).collect());
        }
    }
    if let Ok(Some(bits)) = info.optional(tag::BIT_STRING) {
        let set = |bit: usize| bits.body.get(1 + bit / 8).is_some_and(|byte| byte & (0x80 >> (bit % 8)) != 0);
        let reasons = [
            (0, "it does not know the digest algorithm"),
            (2, "it does not allow this request"),
            (5, "it could not read the request"),
            (14, "its clock is not available"),
            (15, "it does not offer this policy"),
            (16, "it does not know an extension of the request"),
            (17, "it does not give what was asked beside the time"),
            (25, "it has failed"),
        ];
        texts.extend(reasons.into_iter().filter(|(bit, _)| set(*bit)).map(|(_, reason)| reason.to_owned()));
    }
    let status = match status {
        [2] => "it refuses",
        [3] => "it has not decided yet",
        [4] => "it warns that its certificate is about to be revoked",
        [5] => "its certificate has been revoked",
        _ => "it gives a status that the standard does not know",
    };
    Error::Refused { status, text: (!texts.is_empty()).then(|| texts.join("; ")) }
}

/// What a token says, unverified.
///
/// # Errors
/// [`Error::Broken`] if it is no token.
pub fn read(token: &[u8]) -> Result<Token, Error> {
    read::parts(token)?.token()
}

/// Whether a token proves that the bytes with this SHA-256 existed at its time.
///
/// Checked: the digest is the one stamped; there is one signer, whose signature over the content and signed attributes
/// holds; the attributes name the content's type, its digest, and the signer's certificate (ESSCertID or ESSCertIDv2);
/// that certificate is for time-stamping and nothing else, and was valid at the token's time; and, if `anchors` (PEM
/// certificates) are given, that it leads to one of them. Revocation is not asked, as there is no network.
///
/// # Errors
/// [`Error::DoesNotHold`] with the reason; [`Error::Broken`] if it is no token or the anchors are no certificates.
pub fn verify(token: &[u8], sha256: &[u8; 32], anchors: Option<&[u8]>) -> Result<Verified, Error> {
    let parts = read::parts(token)?;
    if parts.digest_algorithm != SHA256 {
        return Err(verify::no(format!("it was made over a {} digest, not SHA-256", parts.token()?.digest_algorithm)));
    }
    if parts.digest != sha256 {
        return Err(verify::no("it was made over other bytes"));
    }
    let chain = verify::signature(token, &parts, anchors)?;
    Ok(Verified { token: parts.token()?, chain })
}

/// For a token whose digest is of another algorithm (as in C2PA): the same, with the bytes themselves.
pub(crate) fn verify_over(token: &[u8], bytes: &[u8]) -> Result<Token, Error> {
    let parts = read::parts(token)?;
    let read = parts.token()?;
    let digest = crate::hashing::algorithm(&read.digest_algorithm)
        .map(|(_, algorithm)| crate::hashing::digest(algorithm, bytes))
        .ok_or_else(|| verify::no("its digest is of an algorithm that is not known here"))?;
    if digest.is_empty() || digest != parts.digest {
        return Err(verify::no("it was made over other bytes"));
    }
    verify::signature(token, &parts, None)?;
    Ok(read)
}
