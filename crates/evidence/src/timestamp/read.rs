//! The parts of a token: CMS `SignedData` (RFC 5652 §5.1) around `TSTInfo` (RFC 3161 §2.4.2).

use super::{Token, WHAT, certificate};
use crate::Error;
use crate::der::{Element, Reader, dotted, tag};
use crate::hashing::hex;

const SIGNED_DATA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x02];
pub(super) const TST_INFO: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x10, 0x01, 0x04];

/// Which certificate the signer says is his.
pub(super) enum SignerName<'a> {
    Issuer { issuer: &'a [u8], serial: &'a [u8] },
    KeyIdentifier(&'a [u8]),
}

pub(super) struct Parts<'a> {
    /// The DER of `TSTInfo`, which is what is signed.
    pub content: &'a [u8],
    /// DER of each enclosed certificate.
    pub certificates: Vec<&'a [u8]>,
    pub signer: SignerName<'a>,
    /// Identifier of the digest that the signature is over.
    pub signature_digest: &'a [u8],
    /// The signed attributes: type and values.
    pub attributes: Vec<(&'a [u8], Element<'a>)>,
    pub policy: &'a [u8],
    pub digest_algorithm: &'a [u8],
    pub digest: &'a [u8],
    pub serial: &'a [u8],
    pub time: Time,
    pub nonce: Option<&'a [u8]>,
    named: Option<&'a [u8]>,
}

pub(super) fn parts(token: &[u8]) -> Result<Parts<'_>, Error> {
    let mut outer = Reader::new(token, WHAT);
    let mut info = outer.inside(tag::SEQUENCE, "the message")?;
    outer.end()?;
    if info.expect(tag::OID, "the message's type")?.body != SIGNED_DATA {
        return Err(info.error("it is no signed message"));
    }
    let mut explicit = info.inside(tag::context(0), "the signed message")?;
    info.end()?;
    let mut signed = explicit.inside(tag::SEQUENCE, "the signed message")?;
    explicit.end()?;
    signed.expect(tag::INTEGER, "the version")?;
    signed.expect(tag::SET, "the digest algorithms")?;
    let mut enclosed = signed.inside(tag::SEQUENCE, "the content")?;
    if enclosed.expect(tag::OID, "the content's type")?.body != TST_INFO {
        return Err(enclosed.error("what is signed is no time-stamp"));
    }
    let mut explicit = enclosed.inside(tag::context(0), "the content")?;
    enclosed.end()?;
    let content = explicit.expect(tag::OCTETS, "the content")?.body;
    explicit.end()?;
    let mut certificates = Vec::new();
    if let Some(set) = signed.optional(tag::context(0))? {
        let mut set = signed.of(set);
        while !set.is_empty() {
            let one = set.any()?;
            if one.tag == tag::SEQUENCE {
                certificates.push(one.whole);
            }
            if certificates.len() > 64 {
                return Err(set.error("it encloses more than 64 certificates"));
            }
        }
    }
    signed.optional(tag::context(1))?;
    let mut signers = signed.inside(tag::SET, "the signer")?;
    signed.end()?;
    let mut signer = signers.inside(tag::SEQUENCE, "the signer")?;
    if !signers.is_empty() {
        return Err(signers.error("it has more than one signer"));
    }
    let (name, signature_digest, attributes) = signer_info(&mut signer)?;
    let mut parts = Parts {
        content,
        certificates,
        signer: name,
        signature_digest,
        attributes,
        policy: &[],
        digest_algorithm: &[],
        digest: &[],
        serial: &[],
        time: Time::default(),
        nonce: None,
        named: None,
    };
    stamp(content, &mut parts)?;
    Ok(parts)
}

type Signer<'a> = (SignerName<'a>, &'a [u8], Vec<(&'a [u8], Element<'a>)>);

/// `SignerInfo` (RFC 5652 §5.3).
fn signer_info<'a>(signer: &mut Reader<'a>) -> Result<Signer<'a>, Error> {
    signer.expect(tag::INTEGER, "the signer's version")?;
    let name = match signer.any()? {
        Element { tag: 0x80, body, .. } => SignerName::KeyIdentifier(body),
        element @ Element { tag: tag::SEQUENCE, .. } => {
            let mut name = signer.of(element);
            let issuer = name.expect(tag::SEQUENCE, "the issuer")?.whole;
            let serial = name.expect(tag::INTEGER, "the certificate's number")?.body;
            SignerName::Issuer { issuer, serial }
        }
        _ => return Err(signer.error("the signer is named in an unknown way")),
    };
    let mut digest = signer.inside(tag::SEQUENCE, "the signature's digest")?;
    let digest = digest.expect(tag::OID, "the signature's digest")?.body;
    let mut set = signer.inside(tag::context(0), "the signed attributes")?;
    let mut attributes = Vec::new();
    while !set.is_empty() {
        let mut attribute = set.inside(tag::SEQUENCE, "a signed attribute")?;
        let kind = attribute.expect(tag::OID, "a signed attribute's type")?.body;
        let values = attribute.expect(tag::SET, "a signed attribute's value")?;
        attribute.end()?;
        if attributes.iter().any(|(other, _)| *other == kind) {
            return Err(set.error("a signed attribute is there twice"));
        }
        attributes.push((kind, values));
    }
    signer.expect(tag::SEQUENCE, "the signature's algorithm")?;
    signer.expect(tag::OCTETS, "the signature")?;
    signer.optional(tag::context(1))?;
    signer.end()?;
    Ok((name, digest, attributes))
}

/// `TSTInfo`.
fn stamp<'a>(content: &'a [u8], parts: &mut Parts<'a>) -> Result<(), Error> {
    let mut outer = Reader::new(content, WHAT);
    let mut info = outer.inside(tag::SEQUENCE, "the time-stamp")?;
    outer.end()?;
    if info.expect(tag::INTEGER, "the time-stamp's version")?.body != [1] {
        return Err(info.error("it is of a version that is not known"));
    }
    parts.policy = info.expect(tag::OID, "the policy")?.body;
    let mut imprint = info.inside(tag::SEQUENCE, "the digest")?;
    let mut algorithm = imprint.inside(tag::SEQUENCE, "the digest's algorithm")?;
    parts.digest_algorithm = algorithm.expect(tag::OID, "the digest's algorithm")?.body;
    parts.digest = imprint.expect(tag::OCTETS, "the digest")?.body;
    parts.serial = info.expect(tag::INTEGER, "the number")?.body;
    let time = info.expect(tag::TIME, "the time")?.body;
    parts.time = Time::parse(time).ok_or_else(|| info.error("its time is no time in UTC"))?;
    info.optional(tag::SEQUENCE)?; // how accurate the clock is
    info.optional(tag::BOOLEAN)?; // whether tokens can be put in order by their times
    parts.nonce = info.optional(tag::INTEGER)?.map(|nonce| nonce.body);
    if let Some(named) = info.optional(tag::context(0))? {
        let mut named = info.of(named);
        parts.named = named.optional(tag::context(4))?.map(|directory| directory.body);
    }
    info.optional(tag::context(1))?;
    info.end()
}

impl Parts<'_> {
    pub fn token(&self) -> Result<Token, Error> {
        let signer = self.certificates.iter().copied().find(|der| certificate::is_of(der, &self.signer));
        Ok(Token {
            time: self.time.written(),
            digest_algorithm: digest_name(self.digest_algorithm)
                .map_or_else(|| dotted(self.digest_algorithm), str::to_owned),
            digest: self.digest.to_vec(),
            serial: hex(self.serial),
            policy: dotted(self.policy),
            authority: signer
                .and_then(certificate::subject)
                .or_else(|| self.named.and_then(certificate::name))
                .filter(|name| !name.is_empty()),
            nonce: self.nonce.and_then(|body| {
                let body = body.strip_prefix(&[0]).unwrap_or(body);
                (body.len() <= 8).then(|| body.iter().fold(0, |n, byte| n << 8 | u64::from(*byte)))
            }),
        })
    }
}

/// Identifiers of NIST's digests (2.16.840.1.101.3.4.2) and SHA-1.
pub(super) fn digest_name(identifier: &[u8]) -> Option<&'static str> {
    if identifier == [0x2b, 0x0e, 0x03, 0x02, 0x1a] {
        return Some("sha1");
    }
    match identifier.strip_prefix(&[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02])? {
        [1] => Some("sha256"),
        [2] => Some("sha384"),
        [3] => Some("sha512"),
        [8] => Some("sha3-256"),
        [9] => Some("sha3-384"),
        [10] => Some("sha3-512"),
        _ => None,
    }
}

/// A moment in UTC.
#[derive(Default)]
pub(super) struct Time {
    /// Year, month, day, hour, minute, second.
    fields: [u32; 6],
    fraction: String,
}

impl Time {
    /// `GeneralizedTime` as RFC 3161 §2.4.2 has it: `YYYYMMDDhhmmss[.s…]Z`.
    fn parse(body: &[u8]) -> Option<Time> {
        let text = std::str::from_utf8(body).ok()?.strip_suffix('Z')?;
        let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
        let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        if whole.len() != 14 || !digits(whole) || !digits(fraction) || fraction.len() > 9 || text.ends_with('.') {
            return None;
        }
        let part = |from: usize, to: usize| whole[from..to].parse::<u32>().ok();
        let fields = [part(0, 4)?, part(4, 6)?, part(6, 8)?, part(8, 10)?, part(10, 12)?, part(12, 14)?];
        let [year, month, day, hour, minute, second] = fields;
        let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
        let days = match month {
            2 if leap => 29,
            2 => 28,
            4 | 6 | 9 | 11 => 30,
            1..=12 => 31,
            _ => return None,
        };
        // A leap second is written as 60.
        let right = (1..=days).contains(&day) && hour < 24 && minute < 60 && second <= 60;
        right.then(|| Time { fields, fraction: fraction.to_owned() })
    }

    pub fn written(&self) -> String {
        let [year, month, day, hour, minute, second] = self.fields;
        let dot = if self.fraction.is_empty() { "" } else { "." };
        format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}{dot}{}Z", self.fraction)
    }

    /// Seconds since 1970-01-01T00:00:00Z. Days from the civil calendar by H. Hinnant's `days_from_civil`.
    pub fn seconds(&self) -> i64 {
        let [year, month, day, hour, minute, second] = self.fields.map(i64::from);
        let year = if month <= 2 { year - 1 } else { year };
        let era = year.div_euclid(400);
        let of_era = year.rem_euclid(400);
        let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
        let days = era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468;
        days * 86_400 + hour * 3_600 + minute * 60 + second
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_strict() {
        let time = Time::parse(b"20240229235959.25Z").unwrap();
        assert_eq!(time.written(), "2024-02-29T23:59:59.25Z");
        assert_eq!(time.seconds(), 1_709_251_199);
        assert_eq!(Time::parse(b"19700101000000Z").unwrap().seconds(), 0);
        for wrong in [
            "20230229000000Z",
            "20240101000000",
            "20240101000000+0100",
            "20241301000000Z",
            "2024010100000Z",
            "20240101000000.Z",
            "20240101240000Z",
        ] {
            assert!(Time::parse(wrong.as_bytes()).is_none(), "{wrong}");
        }
    }
}
