//! The Merkle tree over the entries (RFC 6962 §2.1) and its checkpoint (C2SP tlog-checkpoint, signed-note).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::{Signature, Signer, Verifier, VerifyingKey};
use sha2::{Digest as _, Sha256};

use crate::Error;
use crate::entry::SigningKey;
use crate::id::Digest;

/// The hash of a leaf: SHA-256 of `0x00` and the leaf's bytes.
#[must_use]
pub fn leaf(bytes: &[u8]) -> Digest {
    Digest(Sha256::new().chain_update([0]).chain_update(bytes).finalize().into())
}

/// The hash of an inner node: SHA-256 of `0x01`, the left and the right child.
#[must_use]
pub fn node(left: &Digest, right: &Digest) -> Digest {
    Digest(Sha256::new().chain_update([1]).chain_update(left.0).chain_update(right.0).finalize().into())
}

/// The right edge of a growing tree: one perfect subtree for each bit set in its size, the largest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Frontier {
    size: u64,
    subtrees: Vec<Digest>,
}

impl Frontier {
    #[must_use]
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Adds a leaf: merges as many subtrees as the size has trailing ones.
    pub fn push(&mut self, leaf: Digest) {
        let mut hash = leaf;
        for _ in 0..self.size.trailing_ones() {
            if let Some(left) = self.subtrees.pop() {
                hash = node(&left, &hash);
            }
        }
        self.subtrees.push(hash);
        self.size += 1;
    }

    /// The root of the tree so far; of an empty tree, the hash of nothing.
    #[must_use]
    pub fn root(&self) -> Digest {
        let mut smaller = self.subtrees.iter().rev();
        let Some(last) = smaller.next() else { return Digest(Sha256::digest([]).into()) };
        smaller.fold(*last, |right, left| node(left, &right))
    }

    /// Size and subtrees as bytes.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = self.size.to_be_bytes().to_vec();
        self.subtrees.iter().for_each(|hash| bytes.extend_from_slice(&hash.0));
        bytes
    }

    /// Reads [`Frontier::to_bytes`]; `None` when the number of subtrees does not fit the size.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (size, hashes) = bytes.split_at_checked(8)?;
        let size = u64::from_be_bytes(size.try_into().ok()?);
        let subtrees: Vec<Digest> =
            hashes.chunks(32).map(|hash| hash.try_into().map(Digest)).collect::<Result<_, _>>().ok()?;
        (subtrees.len() == size.count_ones() as usize).then_some(Frontier { size, subtrees })
    }
}

/// The root over these leaf hashes.
#[must_use]
pub fn root(leaves: &[Digest]) -> Digest {
    let mut frontier = Frontier::default();
    leaves.iter().for_each(|leaf| frontier.push(*leaf));
    frontier.root()
}

/// The audit path (RFC 6962 §2.1.1) of leaf `index` in the tree over `leaves`: nearest sibling first. `None` when there is no such leaf.
#[must_use]
pub fn inclusion_proof(leaves: &[Digest], index: usize) -> Option<Vec<Digest>> {
    if index >= leaves.len() {
        return None;
    }
    let mut path = Vec::new();
    let (mut from, mut to) = (0, leaves.len());
    while to - from > 1 {
        let middle = from + largest_power_below(to - from);
        if index < middle {
            path.push(root(&leaves[middle..to]));
            to = middle;
        } else {
            path.push(root(&leaves[from..middle]));
            from = middle;
        }
    }
    path.reverse();
    Some(path)
}

/// Whether `path` leads from leaf `index` to the `root` of a tree of `size` leaves.
#[must_use]
pub fn proves(leaf: &Digest, index: u64, size: u64, path: &[Digest], root: &Digest) -> bool {
    if index >= size {
        return false;
    }
    let (mut at, mut last, mut hash) = (index, size - 1, *leaf);
    for sibling in path {
        if last == 0 {
            return false;
        }
        if at & 1 == 1 || at == last {
            hash = node(sibling, &hash);
            while at & 1 == 0 && at != 0 {
                at >>= 1;
                last >>= 1;
            }
        } else {
            hash = node(&hash, sibling);
        }
        at >>= 1;
        last >>= 1;
    }
    last == 0 && hash == *root
}

fn largest_power_below(count: usize) -> usize {
    1 << (usize::BITS - 1 - (count - 1).leading_zeros())
}

/// The C2SP checkpoint of a tree: origin, size and root, signed as a note by the feed that wrote the last entry.
#[must_use]
pub fn sign_checkpoint(origin: &str, frontier: &Frontier, key: &SigningKey) -> String {
    let body = format!("{origin}\n{}\n{}\n", frontier.size(), STANDARD.encode(frontier.root().0));
    let signature = key.inner().sign(body.as_bytes());
    let mut blob = key_hash(origin, key.inner().verifying_key().as_bytes()).to_vec();
    blob.extend_from_slice(&signature.to_bytes());
    format!("{body}\n— {origin} {}\n", STANDARD.encode(blob))
}

/// What a checkpoint says, once its signature is checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    pub size: u64,
    pub root: Digest,
}

/// Reads a signed checkpoint.
///
/// # Errors
/// When the text is no checkpoint, is another workspace's, or the signature is not this key's.
pub fn open_checkpoint(note: &str, origin: &str, key: &VerifyingKey) -> Result<Checkpoint, Error> {
    let wrong = |problem: &str| Error::Damaged { place: "the checkpoint".into(), problem: problem.into() };
    let (body, signatures) = note.split_once("\n\n").ok_or_else(|| wrong("it is no signed note"))?;
    let body = format!("{body}\n");
    let mut lines = body.lines();
    if lines.next() != Some(origin) {
        return Err(wrong("it is of another workspace"));
    }
    let size = lines.next().and_then(|line| line.parse().ok()).ok_or_else(|| wrong("it has no size"))?;
    let root = lines
        .next()
        .and_then(|line| STANDARD.decode(line).ok())
        .and_then(|bytes| bytes.try_into().ok())
        .map(Digest)
        .ok_or_else(|| wrong("it has no root"))?;
    let signed = signatures.lines().any(|line| {
        let Some(blob) = line.strip_prefix(&format!("— {origin} ")).and_then(|text| STANDARD.decode(text).ok())
        else {
            return false;
        };
        let Some((hash, signature)) = blob.split_at_checked(4) else { return false };
        let Ok(signature) = Signature::from_slice(signature) else { return false };
        hash == key_hash(origin, key.as_bytes()) && key.verify(body.as_bytes(), &signature).is_ok()
    });
    if signed { Ok(Checkpoint { size, root }) } else { Err(wrong("its signature is not this workspace’s")) }
}

/// The first four bytes of SHA-256 over name, newline, algorithm 0x01 (Ed25519) and public key: C2SP signed-note.
fn key_hash(name: &str, key: &[u8; 32]) -> [u8; 4] {
    let digest: [u8; 32] =
        Sha256::new().chain_update(name).chain_update([b'\n', 1]).chain_update(key).finalize().into();
    [digest[0], digest[1], digest[2], digest[3]]
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::id::unhex;
    use proptest::prelude::*;

    /// The test tree of Certificate Transparency (RFC 6962's reference implementation): leaves and roots by size.
    const LEAVES: [&str; 8] =
        ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"];
    const ROOTS: [(usize, &str); 5] = [
        (0, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        (1, "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"),
        (2, "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"),
        (3, "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77"),
        (8, "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"),
    ];

    #[test]
    fn roots_are_those_of_rfc_6962() {
        let leaves: Vec<Digest> = LEAVES.iter().map(|text| leaf(&unhex(text).unwrap())).collect();
        for (size, expected) in ROOTS {
            assert_eq!(root(&leaves[..size]).to_string(), expected, "tree of {size}");
        }
    }

    proptest! {
        #[test]
        fn a_proof_proves_its_leaf_and_no_other(size in 1usize..70, index in 0usize..70, other in 0usize..70) {
            let leaves: Vec<Digest> = (0..size).map(|n| leaf(&n.to_be_bytes())).collect();
            let index = index % size;
            let other = other % size;
            let path = inclusion_proof(&leaves, index).unwrap();
            let tree = root(&leaves);
            prop_assert!(proves(&leaves[index], index as u64, size as u64, &path, &tree));
            if other != index {
                prop_assert!(!proves(&leaves[other], index as u64, size as u64, &path, &tree));
            }
            let mut frontier = Frontier::default();
            leaves.iter().for_each(|leaf| frontier.push(*leaf));
            prop_assert_eq!(Frontier::from_bytes(&frontier.to_bytes()).unwrap().root(), tree);
        }
    }

    #[test]
    fn a_checkpoint_is_believed_only_with_its_signature() {
        let key = SigningKey::from_seed(&[7; 32]);
        let mut frontier = Frontier::default();
        frontier.push(leaf(b"entry"));
        let note = sign_checkpoint("rapporteur/demo", &frontier, &key);
        let read = |note: &str| open_checkpoint(note, "rapporteur/demo", &key.inner().verifying_key());
        assert_eq!(read(&note).unwrap(), Checkpoint { size: 1, root: frontier.root() });
        assert!(read(&note.replace("\n1\n", "\n2\n")).is_err());
        assert!(
            open_checkpoint(&note, "rapporteur/demo", &SigningKey::from_seed(&[8; 32]).inner().verifying_key())
                .is_err()
        );
    }
}
