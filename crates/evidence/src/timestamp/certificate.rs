//! As much of a certificate (RFC 5280) as says whose it is and what it is for.

use openssl::nid::Nid;
use openssl::x509::{X509, X509NameRef};

use super::read::SignerName;
use crate::der::{Reader, tag};

/// `TBSCertificate` fields that a signer is found by, and the extensions.
pub(super) struct Fields<'a> {
    serial: &'a [u8],
    issuer: &'a [u8],
    extensions: Vec<(&'a [u8], bool, &'a [u8])>,
}

pub(super) fn fields(der: &[u8]) -> Option<Fields<'_>> {
    let mut outer = Reader::new(der, "certificate");
    let mut certificate = outer.inside(tag::SEQUENCE, "it").ok()?;
    outer.end().ok()?;
    let mut tbs = certificate.inside(tag::SEQUENCE, "its content").ok()?;
    tbs.optional(tag::context(0)).ok()?;
    let serial = tbs.expect(tag::INTEGER, "its number").ok()?.body;
    tbs.expect(tag::SEQUENCE, "its algorithm").ok()?;
    let issuer = tbs.expect(tag::SEQUENCE, "its issuer").ok()?.whole;
    tbs.expect(tag::SEQUENCE, "its time").ok()?;
    tbs.expect(tag::SEQUENCE, "its subject").ok()?;
    tbs.expect(tag::SEQUENCE, "its key").ok()?;
    let mut extensions = Vec::new();
    while !tbs.is_empty() {
        let field = tbs.any().ok()?;
        if field.tag != tag::context(3) {
            continue;
        }
        let mut list = tbs.of(field).inside(tag::SEQUENCE, "its extensions").ok()?;
        while !list.is_empty() {
            let mut one = list.inside(tag::SEQUENCE, "an extension").ok()?;
            let kind = one.expect(tag::OID, "an extension's type").ok()?.body;
            let critical = one.optional(tag::BOOLEAN).ok()?.is_some_and(|flag| flag.body == [0xff]);
            let value = one.expect(tag::OCTETS, "an extension's value").ok()?.body;
            extensions.push((kind, critical, value));
        }
    }
    Some(Fields { serial, issuer, extensions })
}

impl<'a> Fields<'a> {
    /// An extension by the last number of its identifier under 2.5.29: whether it is critical, and its value.
    fn extension(&self, number: u8) -> Option<(bool, &'a [u8])> {
        self.extensions
            .iter()
            .find(|(kind, ..)| *kind == [0x55, 0x1d, number])
            .map(|(_, critical, value)| (*critical, *value))
    }

    /// RFC 3161 §2.3: the extended key usage is critical and is time-stamping alone.
    pub fn for_stamping_alone(&self) -> bool {
        let Some((true, value)) = self.extension(37) else { return false };
        // SEQUENCE { 1.3.6.1.5.5.7.3.8 }
        value == [0x30, 0x0a, 0x06, 0x08, 0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x08]
    }

    pub fn is(&self, name: &SignerName<'_>) -> bool {
        match name {
            SignerName::Issuer { issuer, serial } => self.issuer == *issuer && self.serial == *serial,
            SignerName::KeyIdentifier(identifier) => self.extension(14).is_some_and(|(_, value)| {
                Reader::new(value, "certificate").expect(tag::OCTETS, "it").is_ok_and(|key| key.body == *identifier)
            }),
        }
    }
}

pub(super) fn is_of(der: &[u8], name: &SignerName<'_>) -> bool {
    fields(der).is_some_and(|fields| fields.is(name))
}

/// The subject in words.
pub(super) fn subject(der: &[u8]) -> Option<String> {
    X509::from_der(der).ok().map(|certificate| in_words(certificate.subject_name()))
}

/// A bare DER name in words.
pub(super) fn name(der: &[u8]) -> Option<String> {
    openssl::x509::X509Name::from_der(der).ok().map(|name| in_words(&name))
}

/// `Common name, Organisation, Country`; all the parts that there are of these, from the most particular.
pub(crate) fn in_words(name: &X509NameRef) -> String {
    let parts = [Nid::COMMONNAME, Nid::ORGANIZATIONALUNITNAME, Nid::ORGANIZATIONNAME, Nid::COUNTRYNAME];
    let mut words: Vec<String> = Vec::new();
    for entry in parts.into_iter().flat_map(|nid| name.entries_by_nid(nid)) {
        if let Ok(text) = entry.data().to_string()
            && !text.trim().is_empty()
            && !words.contains(&text)
        {
            words.push(text.chars().filter(|c| !c.is_control()).take(200).collect());
        }
    }
    words.join(", ")
}
