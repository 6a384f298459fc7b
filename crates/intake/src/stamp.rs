//! Time stamps over the ledger (RFC 3161): asked for with a file, attached from a file, checked without a network.
//!
//! What is stamped is the signed checkpoint: the token's imprint is its SHA-256, so that anybody can check the token with other
//! programs (`openssl ts -verify -data CHECKPOINT -in TOKEN`), and everything below the checkpoint is dated with it.

use ledger::{Author, Item, Reader, Stamp};
use sha2::{Digest, Sha256};
use workspace::Workspace;

use crate::Error;

/// What an authority is to be asked: the request, and the checkpoint that it is over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// DER `TimeStampReq`.
    pub query: Vec<u8>,
    pub checkpoint: String,
    pub position: u64,
}

/// A request over the ledger as it stands.
///
/// # Errors
/// As the ledger says.
pub fn request(workspace: &Workspace) -> Result<Request, Error> {
    let checkpoint = workspace.ledger.checkpoint()?;
    let position = workspace.ledger.open_checkpoint(&checkpoint)?.size;
    let digest: [u8; 32] = Sha256::digest(checkpoint.as_bytes()).into();
    let mut nonce = [0; 8];
    getrandom::fill(&mut nonce)
        .map_err(|error| Error::wrong(format!("no randomness from the operating system: {error}"), "try again"))?;
    Ok(Request { query: evidence::timestamp::request(&digest, Some(u64::from_be_bytes(nonce))), checkpoint, position })
}

/// Takes an authority's answer: checks that it is over a checkpoint of this ledger, and keeps it.
///
/// # Errors
/// When the authority refused, the token does not hold, or it is over something else.
pub fn attach(
    workspace: &Workspace,
    author: &Author,
    reader: &Reader<'_>,
    answer: &[u8],
    anchors: Option<&[u8]>,
) -> Result<StampReport, Error> {
    let token = evidence::timestamp::token(answer)?;
    let said = evidence::timestamp::read(&token)?;
    let digest: [u8; 32] = said.digest.as_slice().try_into().map_err(|_| {
        Error::wrong(
            format!("the token is over a {} digest, and checkpoints are stamped by SHA-256", said.digest_algorithm),
            "ask the authority with the file that `timestamp request` writes",
        )
    })?;
    let verified = evidence::timestamp::verify(&token, &digest, anchors)?;
    if reader.stamps()?.iter().any(|(stamp, _)| stamp.token == token) {
        return Err(Error::wrong(
            "this token is attached already",
            "`timestamp verify` lists the stamps that there are",
        ));
    }
    let Some((position, checkpoint)) = workspace.ledger.checkpoint_of(&digest)? else {
        return Err(Error::wrong(
            "the token is over none of this ledger’s checkpoints",
            "attach it to the workspace whose `timestamp request` asked for it",
        ));
    };
    let stamp = Stamp {
        position,
        checkpoint,
        token,
        time: verified.token.time.clone(),
        authority: verified.token.authority.clone(),
    };
    let receipt = workspace.ledger.append(author, vec![Item::Stamp(stamp)])?;
    Ok(StampReport { position, attached_at: receipt.position, result: Ok(verified) })
}

/// A time stamp and whether it holds.
#[derive(Debug)]
pub struct StampReport {
    /// Entries that it dates.
    pub position: u64,
    /// The entry that keeps it.
    pub attached_at: u64,
    pub result: Result<evidence::timestamp::Verified, Error>,
}

/// Checks every time stamp of the ledger: that its checkpoint is this ledger's, and that the token holds; with `anchors` (PEM), also that
/// the authority is one of those trusted.
///
/// # Errors
/// As the ledger says; a stamp that does not hold is in the reports.
pub fn verify_stamps(
    workspace: &Workspace,
    reader: &Reader<'_>,
    anchors: Option<&[u8]>,
) -> Result<Vec<StampReport>, Error> {
    let mut reports = Vec::new();
    for (stamp, attached_at) in reader.stamps()? {
        let digest: [u8; 32] = Sha256::digest(stamp.checkpoint.as_bytes()).into();
        let ours = match workspace.ledger.open_checkpoint(&stamp.checkpoint) {
            Ok(checkpoint) => reader.root_at(checkpoint.size)? == Some(checkpoint.root),
            Err(_) => false,
        };
        let result = if ours {
            evidence::timestamp::verify(&stamp.token, &digest, anchors).map_err(Error::from)
        } else {
            Err(Error::wrong("its checkpoint is none of this ledger’s", "restore the ledger from a copy"))
        };
        reports.push(StampReport { position: stamp.position, attached_at, result });
    }
    Ok(reports)
}
