//! Whether a token's signature holds, is the signer's, and the signer's certificate is fit for it.

use openssl::asn1::Asn1Time;
use openssl::cms::{CMSOptions, CmsContentInfo};
use openssl::error::ErrorStack;
use openssl::stack::Stack;
use openssl::x509::store::X509StoreBuilder;
use openssl::x509::verify::{X509VerifyFlags, X509VerifyParam};
use openssl::x509::{X509, X509PurposeId, X509StoreContext};

use super::read::{Parts, SignerName, TST_INFO, digest_name};
use super::{Chain, certificate};
use crate::Error;
use crate::der::{Element, Reader, tag};
use crate::hashing::{algorithm, digest};

const CONTENT_TYPE: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x03];
const MESSAGE_DIGEST: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x04];
const SIGNING_CERTIFICATE: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x10, 0x02, 0x0c];
const SIGNING_CERTIFICATE_V2: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x10, 0x02, 0x2f];

pub(super) fn no(why: impl Into<String>) -> Error {
    Error::DoesNotHold { what: "the time-stamp", why: why.into() }
}

fn failed(doing: &str, stack: &ErrorStack) -> Error {
    let reason = stack.errors().iter().rev().find_map(|error| error.reason()).unwrap_or("no reason given");
    no(format!("{doing}: {reason}"))
}

pub(super) fn signature(token: &[u8], parts: &Parts<'_>, anchors: Option<&[u8]>) -> Result<Chain, Error> {
    let anchors = anchors.map(anchored).transpose()?.unwrap_or_default();
    // The signer's certificate may be left out of the token and be known to whoever verifies.
    let held: Vec<Vec<u8>> = anchors.iter().filter_map(|anchor| anchor.to_der().ok()).collect();
    let enclosed = parts.certificates.iter().copied();
    let signer = enclosed
        .chain(held.iter().map(Vec::as_slice))
        .find(|der| certificate::is_of(der, &parts.signer))
        .ok_or_else(|| no("the signer's certificate is not enclosed; ask for a token with certReq, or give the certificate among those to trust"))?;
    attributes(parts, signer)?;
    let fields = certificate::fields(signer).ok_or_else(|| no("the signer's certificate cannot be read"))?;
    if !fields.for_stamping_alone() {
        return Err(no("the signer's certificate is not one for time-stamping alone"));
    }
    let signer = X509::from_der(signer).map_err(|error| failed("the signer's certificate cannot be read", &error))?;
    let time = parts.time.seconds();
    let moment = Asn1Time::from_unix(time).map_err(|error| failed("its time cannot be compared", &error))?;
    if *signer.not_before() > *moment || *signer.not_after() < *moment {
        return Err(no("the signer's certificate was not valid at the token's time"));
    }
    signed(token, parts, &signer)?;
    if anchors.is_empty() {
        return Ok(Chain::NotAsked);
    }
    chain(parts, &signer, anchors, time)?;
    Ok(Chain::Trusted)
}

fn anchored(pem: &[u8]) -> Result<Vec<X509>, Error> {
    let certificates = X509::stack_from_pem(pem).unwrap_or_default();
    if certificates.is_empty() {
        return Err(Error::broken(
            "file of trusted certificates",
            "the whole of it",
            "it holds no certificate in PEM form",
        ));
    }
    Ok(certificates)
}

/// RFC 5652 §11.1 and §11.2 (content type, digest), RFC 5035 and RFC 3161 §2.4.1 (the signer's certificate).
fn attributes(parts: &Parts<'_>, signer: &[u8]) -> Result<(), Error> {
    let one = |kind: &[u8]| -> Option<Element<'_>> {
        let (_, values) = parts.attributes.iter().find(|(other, _)| *other == kind)?;
        let mut values = Reader::new(values.body, super::WHAT);
        let value = values.any().ok()?;
        values.is_empty().then_some(value)
    };
    let content_type = one(CONTENT_TYPE).ok_or_else(|| no("the signature does not cover the content's type"))?;
    if content_type.tag != tag::OID || content_type.body != TST_INFO {
        return Err(no("the signature is for content of another type"));
    }
    let name = digest_name(parts.signature_digest).filter(|name| *name != "sha1");
    let (_, over) = name.and_then(algorithm).ok_or_else(|| {
        no("its signature is over a digest that proves nothing any more (SHA-1, MD5) or that is not known here")
    })?;
    let stated = one(MESSAGE_DIGEST).ok_or_else(|| no("the signature does not cover the content"))?;
    if stated.tag != tag::OCTETS || stated.body.is_empty() || stated.body != digest(over, parts.content) {
        return Err(no("its content was changed after it was signed"));
    }
    let mut named = false;
    for (kind, default) in [(SIGNING_CERTIFICATE_V2, "sha256"), (SIGNING_CERTIFICATE, "sha1")] {
        let Some(value) = one(kind) else { continue };
        named = true;
        if !names(value, default, signer, &parts.signer).unwrap_or(false) {
            return Err(no("the signature names another certificate than the signer's"));
        }
    }
    if named { Ok(()) } else { Err(no("the signature does not name the signer's certificate")) }
}

/// Whether the first `ESSCertID` or `ESSCertIDv2` of a `SigningCertificate` is of this certificate.
fn names(value: Element<'_>, default: &str, certificate: &[u8], signer: &SignerName<'_>) -> Result<bool, Error> {
    if value.tag != tag::SEQUENCE {
        return Ok(false);
    }
    let mut list = Reader::new(value.body, super::WHAT).inside(tag::SEQUENCE, "the signing certificates")?;
    let mut first = list.inside(tag::SEQUENCE, "the signing certificate")?;
    let mut over = default;
    // Version 2 alone may begin with an algorithm.
    if default == "sha256"
        && let Some(named) = first.optional(tag::SEQUENCE)?
    {
        let identifier = first.of(named).expect(tag::OID, "the digest's algorithm")?;
        over = match digest_name(identifier.body) {
            Some(name) => name,
            None => return Ok(false),
        };
    }
    let hash = first.expect(tag::OCTETS, "the certificate's digest")?.body;
    let Some((_, over)) = algorithm(over) else { return Ok(false) };
    if hash.is_empty() || hash != digest(over, certificate) {
        return Ok(false);
    }
    // IssuerSerial ::= SEQUENCE { GeneralNames, serial }, where it is given.
    if let (Some(given), SignerName::Issuer { issuer, serial }) = (first.optional(tag::SEQUENCE)?, signer) {
        let mut given = first.of(given);
        let mut general = given.inside(tag::SEQUENCE, "the issuer")?;
        let directory = general.expect(tag::context(4), "the issuer")?;
        let number = given.expect(tag::INTEGER, "the certificate's number")?;
        return Ok(directory.body == *issuer && number.body == *serial);
    }
    Ok(true)
}

/// The signature itself, with this certificate's key and no other.
fn signed(token: &[u8], parts: &Parts<'_>, signer: &X509) -> Result<(), Error> {
    let verify = || -> Result<Vec<u8>, ErrorStack> {
        let mut message = CmsContentInfo::from_der(token)?;
        let mut only = Stack::new()?;
        only.push(signer.clone())?;
        let mut content = Vec::new();
        let options = CMSOptions::NO_SIGNER_CERT_VERIFY | CMSOptions::NOINTERN | CMSOptions::BINARY;
        message.verify(Some(&only), None, None, Some(&mut content), options)?;
        Ok(content)
    };
    let content = verify().map_err(|error| failed("its signature is not the signer's", &error))?;
    if content == parts.content { Ok(()) } else { Err(no("its content can be read in two ways")) }
}

/// From the signer's certificate to one of the anchors, through those enclosed, at the token's time.
fn chain(parts: &Parts<'_>, signer: &X509, anchors: Vec<X509>, time: i64) -> Result<(), Error> {
    let check = || -> Result<Result<(), String>, ErrorStack> {
        let mut parameters = X509VerifyParam::new()?;
        parameters.set_time(time);
        parameters.set_purpose(X509PurposeId::TIMESTAMP_SIGN)?;
        // An anchor need not be a root: who trusts the authority's own certificate trusts it.
        parameters.set_flags(X509VerifyFlags::PARTIAL_CHAIN)?;
        let mut store = X509StoreBuilder::new()?;
        store.set_param(&parameters)?;
        for anchor in anchors {
            store.add_cert(anchor)?;
        }
        let store = store.build();
        let mut others = Stack::new()?;
        for der in &parts.certificates {
            if let Ok(certificate) = X509::from_der(der) {
                others.push(certificate)?;
            }
        }
        X509StoreContext::new()?.init(&store, signer, &others, |context| {
            Ok(if context.verify_cert()? { Ok(()) } else { Err(context.error().error_string().to_owned()) })
        })
    };
    match check() {
        Ok(Ok(())) => Ok(()),
        Ok(Err(reason)) => Err(no(format!("its signer is not vouched for by the certificates to trust: {reason}"))),
        Err(error) => Err(failed("its signer could not be checked against the certificates to trust", &error)),
    }
}
