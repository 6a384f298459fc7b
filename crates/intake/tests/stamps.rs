//! Time stamps over the ledger, with `openssl ts` as the authority.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::fs;
use std::path::Path;
use std::process::Command;

use ledger::{Cleared, Level, View};
use workspace::{Options, Passphrase, Workspace};

fn run(folder: &Path, arguments: &[&str]) {
    let done = Command::new("openssl").current_dir(folder).args(arguments).output().expect("openssl is installed");
    assert!(done.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&done.stderr));
}

/// An authority of our own: its configuration, key and certificate.
fn authority(folder: &Path) {
    fs::write(
        folder.join("tsa.cnf"),
        "[req]\ndistinguished_name=dn\nprompt=no\nx509_extensions=ext\n[dn]\nCN=Test Time Stamping\n[ext]\n\
         basicConstraints=critical,CA:FALSE\nkeyUsage=critical,digitalSignature\nextendedKeyUsage=critical,timeStamping\n\
         [tsa]\ndefault_tsa=one\n[one]\nserial=serial\ncrypto_device=builtin\nsigner_cert=tsa.crt\nsigner_key=tsa.key\n\
         signer_digest=sha256\ndefault_policy=1.2.3.4.1\ndigests=sha256,sha384,sha512\nordering=yes\ntsa_name=yes\n\
         ess_cert_id_chain=no\ness_cert_id_alg=sha256\n",
    )
    .unwrap();
    fs::write(folder.join("serial"), "01\n").unwrap();
    run(
        folder,
        &[
            "req", "-x509", "-config", "tsa.cnf", "-newkey", "rsa:2048", "-nodes", "-days", "3650", "-keyout",
            "tsa.key", "-out", "tsa.crt",
        ],
    );
}

#[test]
fn a_ledger_is_dated_by_an_authority() {
    let folder = tempfile::tempdir().unwrap();
    let (desk, dir) = (folder.path().join("desk"), folder.path().join("w"));
    fs::create_dir(&desk).unwrap();
    authority(&desk);
    let passphrase = Passphrase::new("ordinary words that nobody guesses");
    let (workspace, _) = Workspace::create(&dir, "Test", "Analyst", &passphrase, Options::demonstration()).unwrap();
    let view = View::new(Cleared::to(Level::Restricted));

    let request = intake::request(&workspace).unwrap();
    fs::write(desk.join("q.tsq"), &request.query).unwrap();
    fs::write(desk.join("checkpoint"), &request.checkpoint).unwrap();
    run(&desk, &["ts", "-reply", "-config", "tsa.cnf", "-queryfile", "q.tsq", "-out", "a.tsr"]);
    // Any program can check the answer against the checkpoint.
    run(&desk, &["ts", "-verify", "-data", "checkpoint", "-in", "a.tsr", "-CAfile", "tsa.crt"]);

    // The ledger goes on meanwhile; the answer is over the checkpoint of then.
    workspace.account("Another", Level::Internal).unwrap();
    let answer = fs::read(desk.join("a.tsr")).unwrap();
    let trust = fs::read(desk.join("tsa.crt")).unwrap();
    let attach = |answer: &[u8], trust: Option<&[u8]>| {
        let reader = workspace.ledger.read(&view).unwrap();
        intake::attach(&workspace, &workspace.owner(), &reader, answer, trust)
    };
    let mut flipped = answer.clone();
    let middle = flipped.len() / 2;
    flipped[middle] ^= 1;
    assert!(attach(&flipped, Some(&trust)).is_err());
    assert!(attach(b"no token at all", None).is_err());
    let report = attach(&answer, Some(&trust)).unwrap();
    assert_eq!(report.position, request.position);
    assert!(attach(&answer, Some(&trust)).is_err(), "once is enough");

    let reader = workspace.ledger.read(&view).unwrap();
    let stamps = intake::verify_stamps(&workspace, &reader, Some(&trust)).unwrap();
    assert_eq!(stamps.len(), 1);
    let verified = stamps[0].result.as_ref().unwrap();
    assert_eq!(verified.chain, evidence::timestamp::Chain::Trusted);
    assert!(verified.token.authority.as_deref().unwrap().contains("Test Time Stamping"));
    assert_eq!(workspace.verify(&mut |_, _, _| {}).unwrap().stamps, 1);
    assert!(workspace.verify(&mut |_, _, _| {}).unwrap().ok());

    // Another workspace takes no token that is over this one.
    let (other, _) =
        Workspace::create(&folder.path().join("o"), "Other", "Analyst", &passphrase, Options::demonstration()).unwrap();
    let reader = other.ledger.read(&view).unwrap();
    let error = intake::attach(&other, &other.owner(), &reader, &answer, None).unwrap_err();
    assert!(error.to_string().contains("none of this ledger"), "{error}");
}
