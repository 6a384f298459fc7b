//! The signature: COSE_Sign1 (RFC 9052) with a certificate chain (RFC 9360), as C2PA 2.2 §13.2 has it.

use openssl::bn::BigNum;
use openssl::ecdsa::EcdsaSig;
use openssl::hash::MessageDigest;
use openssl::pkey::{Id, PKey, Public};
use openssl::rsa::Padding;
use openssl::sign::{RsaPssSaltlen, Verifier};
use openssl::x509::X509;

use super::cbor::{Value, parse};
use crate::timestamp;

pub(super) struct Signature {
    pub subject: Option<String>,
    pub time: Option<String>,
    /// Why it does not hold, if so.
    pub problem: Option<String>,
    /// Why there is a time-stamp and no time.
    pub clock: Option<String>,
}

/// # Errors
/// In words, if it cannot be read.
pub(super) fn verify(bytes: &[u8], claim: &[u8]) -> Result<Signature, String> {
    let read = parse(bytes).map_err(|problem| format!("its signature cannot be read: {problem}"))?;
    let Value::Array(parts) = &read else { return Err("its signature cannot be read".into()) };
    let [Value::Bytes(protected), unprotected, payload, Value::Bytes(signature)] = parts.as_slice() else {
        return Err("its signature cannot be read".into());
    };
    if payload.bytes().is_some_and(|payload| payload != claim) {
        return Err("its signature is over another claim".into());
    }
    let head = parse(protected).map_err(|problem| format!("its signature cannot be read: {problem}"))?;
    let algorithm = head.at(1).and_then(Value::number).ok_or("its signature does not say of which kind it is")?;
    let chain = [&head, unprotected].into_iter().find_map(|map| map.at(33).or_else(|| map.get("x5chain")));
    let first = match chain {
        Some(Value::Array(list)) => list.first().and_then(Value::bytes),
        Some(value) => value.bytes(),
        None => None,
    };
    let certificate =
        first.and_then(|der| X509::from_der(der).ok()).ok_or("its signature comes without the signer's certificate")?;
    let key = certificate.public_key().map_err(|_| "the signer's key cannot be read")?;
    let subject = Some(timestamp::in_words(certificate.subject_name())).filter(|name| !name.is_empty());
    let holds = holds(algorithm, &key, &structure("Signature1", protected, claim), signature);
    let problem = match holds {
        Ok(true) => None,
        Ok(false) => Some("its signature does not hold: the claim was changed, or another key signed it".to_owned()),
        Err(problem) => Some(problem),
    };
    let (time, clock) = stamped(unprotected, protected, claim, signature);
    Ok(Signature { subject, time, problem, clock })
}

/// RFC 9052 §4.4: what is signed.
fn structure(context: &str, protected: &[u8], payload: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut encoder = minicbor::Encoder::new(&mut out);
    // Writing to a Vec cannot fail.
    let written = encoder
        .array(4)
        .and_then(|e| e.str(context))
        .and_then(|e| e.bytes(protected))
        .and_then(|e| e.bytes(&[]))
        .and_then(|e| e.bytes(payload))
        .is_ok();
    if written { out } else { Vec::new() }
}

fn holds(algorithm: i64, key: &PKey<Public>, message: &[u8], signature: &[u8]) -> Result<bool, String> {
    let failed = |_| "its signature could not be checked".to_owned();
    let wrong_key = || "its signature is of another kind than the signer's key".to_owned();
    let digest = match algorithm {
        -7 | -37 => Some(MessageDigest::sha256()),
        -35 | -38 => Some(MessageDigest::sha384()),
        -36 | -39 => Some(MessageDigest::sha512()),
        -8 | -19 => None,
        other => return Err(format!("its signature is of a kind that is not allowed ({other})")),
    };
    match (algorithm, digest) {
        (-7 | -35 | -36, Some(digest)) => {
            if key.id() != Id::EC || signature.is_empty() || !signature.len().is_multiple_of(2) {
                return Err(wrong_key());
            }
            // Two numbers side by side, which OpenSSL wants in DER.
            let (r, s) = signature.split_at(signature.len() / 2);
            let der = BigNum::from_slice(r)
                .and_then(|r| EcdsaSig::from_private_components(r, BigNum::from_slice(s)?))
                .and_then(|both| both.to_der())
                .map_err(failed)?;
            let mut verifier = Verifier::new(digest, key).map_err(failed)?;
            Ok(verifier.verify_oneshot(&der, message).unwrap_or(false))
        }
        (_, Some(digest)) => {
            if !matches!(key.id(), Id::RSA | Id::RSA_PSS) || key.bits() < 2048 {
                return Err(wrong_key());
            }
            let mut verifier = Verifier::new(digest, key).map_err(failed)?;
            verifier.set_rsa_padding(Padding::PKCS1_PSS).map_err(failed)?;
            verifier.set_rsa_pss_saltlen(RsaPssSaltlen::DIGEST_LENGTH).map_err(failed)?;
            verifier.set_rsa_mgf1_md(digest).map_err(failed)?;
            Ok(verifier.verify_oneshot(signature, message).unwrap_or(false))
        }
        (_, None) => {
            if key.id() != Id::ED25519 {
                return Err(wrong_key());
            }
            let mut verifier = Verifier::new_without_digest(key).map_err(failed)?;
            Ok(verifier.verify_oneshot(signature, message).unwrap_or(false))
        }
    }
}

/// The time-stamp: `sigTst` is over the claim, `sigTst2` over the signature (C2PA 2.2 §10.3.2.5).
fn stamped(
    unprotected: &Value<'_>,
    protected: &[u8],
    claim: &[u8],
    signature: &[u8],
) -> (Option<String>, Option<String>) {
    let Some(stamps) = unprotected.get("sigTst2").or_else(|| unprotected.get("sigTst")) else { return (None, None) };
    let token = match stamps.get("tstTokens") {
        Some(Value::Array(list)) => list.first().and_then(|one| one.get("val")).and_then(Value::bytes),
        _ => None,
    };
    let mut wrapped = Vec::new();
    let mut encoder = minicbor::Encoder::new(&mut wrapped);
    let _ = encoder.bytes(signature).is_ok();
    let messages = [
        structure("CounterSignature", protected, claim),
        structure("CounterSignature", protected, &wrapped),
        structure("CounterSignature", protected, signature),
        wrapped.clone(),
    ];
    let checked = token.ok_or_else(|| "it cannot be read".to_owned()).and_then(|token| {
        let token = timestamp::token(token).map_err(|error| error.to_string())?;
        let mut last = String::new();
        for message in &messages {
            match timestamp::verify_over(&token, message) {
                Ok(token) => return Ok(token.time),
                Err(error) => last = error.to_string(),
            }
        }
        Err(last)
    });
    match checked {
        Ok(time) => (Some(time), None),
        Err(problem) => (None, Some(format!("the time-stamp of its signature could not be confirmed: {problem}"))),
    }
}
