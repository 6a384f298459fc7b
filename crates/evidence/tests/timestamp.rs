//! Tokens of a real authority (`openssl ts`), and what must not pass for one.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use evidence::Error;
use evidence::timestamp::{Chain, read, request, token, verify};

const DIGEST: [u8; 32] = [7; 32];

/// An authority with its own root, in a folder of its own.
struct Authority {
    folder: tempfile::TempDir,
}

fn openssl(folder: &Path, arguments: &[&str]) {
    let output =
        Command::new("openssl").args(arguments).current_dir(folder).output().expect("the openssl command is installed");
    assert!(output.status.success(), "openssl {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
}

impl Authority {
    fn new(key: &[&str], digest: &str, usage: &str) -> Authority {
        let authority = Authority { folder: tempfile::tempdir().unwrap() };
        let folder = authority.folder.path();
        fs::write(folder.join("serial"), "0A11\n").unwrap();
        fs::write(
            folder.join("ts.cnf"),
            format!(
                "[ tsa ]\ndefault_tsa = tsa1\n[ tsa1 ]\ndir = .\nserial = ./serial\ncrypto_device = builtin\nsigner_digest = {digest}\n\
                 default_policy = 1.3.6.1.4.1.99999.1\ndigests = sha256, sha384, sha512\naccuracy = secs:1\nordering = no\ntsa_name = yes\n\
                 ess_cert_id_chain = no\ness_cert_id_alg = {}\nclock_precision_digits = 3\n[ v3 ]\nbasicConstraints = CA:FALSE\n{usage}\n\
                 [ ca ]\nbasicConstraints = critical,CA:TRUE\nkeyUsage = critical,keyCertSign\n[ req ]\ndistinguished_name = dn\n[ dn ]\n",
                if digest == "sha256" { "sha1" } else { "sha256" }
            ),
        )
        .unwrap();
        for name in ["root", "tsa"] {
            let mut arguments = vec!["genpkey", "-out", if name == "root" { "root.key" } else { "tsa.key" }];
            arguments.extend(key);
            openssl(folder, &arguments);
        }
        openssl(
            folder,
            &[
                "req",
                "-x509",
                "-new",
                "-key",
                "root.key",
                "-subj",
                "/CN=Test Root",
                "-days",
                "30",
                "-config",
                "ts.cnf",
                "-extensions",
                "ca",
                "-out",
                "root.pem",
            ],
        );
        openssl(
            folder,
            &[
                "req",
                "-new",
                "-key",
                "tsa.key",
                "-subj",
                "/C=KH/O=Test Clock/CN=Clock One",
                "-config",
                "ts.cnf",
                "-out",
                "tsa.csr",
            ],
        );
        openssl(
            folder,
            &[
                "x509",
                "-req",
                "-in",
                "tsa.csr",
                "-CA",
                "root.pem",
                "-CAkey",
                "root.key",
                "-set_serial",
                "77",
                "-days",
                "20",
                "-extfile",
                "ts.cnf",
                "-extensions",
                "v3",
                "-out",
                "tsa.pem",
            ],
        );
        authority
    }

    fn usual() -> Authority {
        Authority::new(
            &["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"],
            "sha256",
            "extendedKeyUsage = critical,timeStamping",
        )
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Carries a request to the authority.
    fn answer(&self, request: &[u8]) -> Vec<u8> {
        fs::write(self.path("q.tsq"), request).unwrap();
        openssl(
            self.folder.path(),
            &[
                "ts",
                "-reply",
                "-queryfile",
                "q.tsq",
                "-config",
                "ts.cnf",
                "-inkey",
                "tsa.key",
                "-signer",
                "tsa.pem",
                "-out",
                "a.tsr",
            ],
        );
        fs::read(self.path("a.tsr")).unwrap()
    }

    fn root(&self) -> Vec<u8> {
        fs::read(self.path("root.pem")).unwrap()
    }
}

fn why(error: Error) -> String {
    match error {
        Error::DoesNotHold { why, .. } => why,
        other => panic!("{other}"),
    }
}

#[test]
fn a_token_is_asked_for_given_and_holds() {
    let authority = Authority::usual();
    let answer = authority.answer(&request(&DIGEST, Some(0x1234_5678_9abc_def0)));
    let token = token(&answer).unwrap();
    assert_eq!(evidence::timestamp::token(&token).unwrap(), token, "a token alone is taken too");
    let said = read(&token).unwrap();
    assert_eq!(said.digest, DIGEST);
    assert_eq!(said.digest_algorithm, "sha256");
    assert_eq!(said.policy, "1.3.6.1.4.1.99999.1");
    assert_eq!(said.serial, "0a12");
    assert_eq!(said.nonce, Some(0x1234_5678_9abc_def0));
    assert_eq!(said.authority.as_deref(), Some("Clock One, Test Clock, KH"));
    assert!(said.time.starts_with("20") && said.time.ends_with('Z'), "{}", said.time);
    let verified = verify(&token, &DIGEST, None).unwrap();
    assert_eq!((verified.chain, &verified.token), (Chain::NotAsked, &said));
    assert_eq!(verify(&token, &DIGEST, Some(&authority.root())).unwrap().chain, Chain::Trusted);
    // Who trusts the authority's own certificate needs no root.
    let own = fs::read(authority.path("tsa.pem")).unwrap();
    assert_eq!(verify(&token, &DIGEST, Some(&own)).unwrap().chain, Chain::Trusted);
}

#[test]
fn every_usual_key_and_digest_holds() {
    let usage = "keyUsage = critical,digitalSignature\nextendedKeyUsage = critical,timeStamping";
    let keys: [&[&str]; 3] = [
        &["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"],
        &["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"],
        &["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-384"],
    ];
    for (key, digest) in keys.into_iter().zip(["sha512", "sha384", "sha256"]) {
        let authority = Authority::new(key, digest, usage);
        let token = token(&authority.answer(&request(&DIGEST, None))).unwrap();
        assert_eq!(read(&token).unwrap().nonce, None);
        let verified = verify(&token, &DIGEST, Some(&authority.root()))
            .unwrap_or_else(|error| panic!("{key:?} {digest}: {error}"));
        assert_eq!(verified.chain, Chain::Trusted);
    }
}

#[test]
fn other_bytes_another_root_and_another_purpose_do_not_hold() {
    let authority = Authority::usual();
    let given = token(&authority.answer(&request(&DIGEST, None))).unwrap();
    assert_eq!(why(verify(&given, &[8; 32], None).unwrap_err()), "it was made over other bytes");
    let foreign = Authority::usual();
    let error = why(verify(&given, &DIGEST, Some(&foreign.root())).unwrap_err());
    assert!(error.starts_with("its signer is not vouched for"), "{error}");
    assert!(matches!(verify(&given, &DIGEST, Some(b"no PEM")), Err(Error::Broken { .. })));
    assert!(matches!(verify(&given, &DIGEST, Some(b"")), Err(Error::Broken { .. })));
}

#[test]
fn a_certificate_for_other_things_too_is_refused() {
    // `openssl ts` will not sign with such a certificate, so the message is signed as any CMS message is.
    let authority = Authority::new(
        &["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"],
        "sha256",
        "extendedKeyUsage = critical,timeStamping",
    );
    let certify = |usage: &str, name: &str| {
        let cnf = fs::read_to_string(authority.path("ts.cnf")).unwrap();
        fs::write(authority.path("other.cnf"), format!("{cnf}\n[ other ]\nbasicConstraints = CA:FALSE\n{usage}\n"))
            .unwrap();
        openssl(
            authority.folder.path(),
            &[
                "x509",
                "-req",
                "-in",
                "tsa.csr",
                "-CA",
                "root.pem",
                "-CAkey",
                "root.key",
                "-set_serial",
                "78",
                "-days",
                "20",
                "-extfile",
                "other.cnf",
                "-extensions",
                "other",
                "-out",
                name,
            ],
        );
    };
    let right = "extendedKeyUsage = critical,timeStamping";
    let wrong = [
        ("extendedKeyUsage = timeStamping", "1.pem"),
        ("extendedKeyUsage = critical,timeStamping,codeSigning", "2.pem"),
        ("extendedKeyUsage = critical,codeSigning", "3.pem"),
        ("keyUsage = digitalSignature", "4.pem"),
    ];
    // Before the token: a certificate that begins a second after it does not hold for it.
    certify(right, "right.pem");
    wrong.iter().for_each(|(usage, name)| certify(usage, name));
    let good = token(&authority.answer(&request(&DIGEST, None))).unwrap();
    fs::write(authority.path("good.der"), &good).unwrap();
    openssl(
        authority.folder.path(),
        &["cms", "-verify", "-noverify", "-inform", "DER", "-in", "good.der", "-out", "info.der", "-binary"],
    );
    let resign = |certificate: &str| {
        openssl(
            authority.folder.path(),
            &[
                "cms",
                "-sign",
                "-cades",
                "-binary",
                "-nodetach",
                "-econtent_type",
                "1.2.840.113549.1.9.16.1.4",
                "-in",
                "info.der",
                "-signer",
                certificate,
                "-inkey",
                "tsa.key",
                "-outform",
                "DER",
                "-out",
                "other.der",
                "-nosmimecap",
            ],
        );
        fs::read(authority.path("other.der")).unwrap()
    };
    verify(&resign("right.pem"), &DIGEST, Some(&authority.root())).expect("the way of signing is not what is refused");
    for (usage, name) in wrong {
        let error = why(verify(&resign(name), &DIGEST, None).unwrap_err());
        assert_eq!(error, "the signer's certificate is not one for time-stamping alone", "{usage}");
    }
}

#[test]
fn no_flipped_bit_changes_what_a_token_that_holds_says() {
    let authority = Authority::usual();
    let given = token(&authority.answer(&request(&DIGEST, Some(5)))).unwrap();
    let said = read(&given).unwrap();
    let root = authority.root();
    let (mut held, mut refused) = (0, 0);
    for at in 0..given.len() {
        for bit in [0, 3, 7] {
            let mut flipped = given.clone();
            flipped[at] ^= 1 << bit;
            for anchors in [None, Some(&root[..])] {
                match verify(&flipped, &DIGEST, anchors) {
                    Ok(verified) => {
                        held += 1;
                        assert_eq!(verified.token, said, "byte {at}, bit {bit}");
                    }
                    Err(_) => refused += 1,
                }
            }
        }
    }
    assert!(held * 20 < refused, "{held} of {} flips went unnoticed (in what is not signed)", held + refused);
}

#[test]
fn a_token_cut_short_or_added_to_is_none() {
    let authority = Authority::usual();
    let answer = authority.answer(&request(&DIGEST, None));
    let given = token(&answer).unwrap();
    for length in 0..given.len() {
        assert!(read(&given[..length]).is_err());
    }
    assert!(read(&[&given[..], &[0]].concat()).is_err());
    assert!(token(&[&answer[..], &[0]].concat()).is_err());
}

#[test]
fn a_refusal_is_told_in_words() {
    let authority = Authority::usual();
    let mut unknown = request(&DIGEST, None);
    let at =
        unknown.windows(9).position(|bytes| bytes == [0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01]).unwrap();
    unknown[at + 8] = 0x08; // SHA3-256, which the authority's configuration does not list
    let error = token(&authority.answer(&unknown)).unwrap_err();
    assert!(matches!(error, Error::Refused { .. }));
    let text = error.to_string();
    assert!(text.contains("it refuses") && text.contains("digest algorithm"), "{text}");
}

#[test]
fn the_request_is_one_that_the_command_reads() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("q.tsq"), request(&DIGEST, Some(255))).unwrap();
    let output = Command::new("openssl")
        .args(["ts", "-query", "-in", "q.tsq", "-text"])
        .current_dir(folder.path())
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(
        text.contains("Certificate required: yes") && text.contains("Nonce: 0xFF") && text.contains("sha256"),
        "{text}"
    );
}
