//! Packages that other tools made: each document in one becomes a source of its own, derived from the package, which is kept whole.

use evidence::package::{Kind, Package, Piece};
use ledger::ObjectHash;
use schema::EntityId;

use crate::Error;
use crate::about::Given;
use crate::add::{Added, Arriving, Content, Intake};

/// The package in these bytes, if they are one. An e-mail or a saved page is a document with attachments, and read as such.
pub(crate) fn open(bytes: &[u8], file_name: &str) -> Result<Option<Package>, Error> {
    let package = evidence::package::open(bytes, file_name, &evidence::Limits::default())?;
    Ok(package.filter(|package| !matches!(package.kind, Kind::Mhtml | Kind::Email)))
}

impl Intake<'_> {
    /// The package itself, then what it holds. What of it does not hold together is a warning, never a silence.
    pub(crate) fn add_package(
        &self,
        arriving: Arriving,
        bytes: Vec<u8>,
        hash: ObjectHash,
        package: Package,
    ) -> Result<Added, Error> {
        let mut whole = arriving.clone();
        whole.metadata.extend(package.about.iter().cloned());
        if whole.given.title.is_none() {
            whole.given.title = Some(format!("{} ({})", arriving.file_name, kind_name(package.kind)));
        }
        let mut added = self.add_document(whole, bytes, hash)?;
        // Its own bytes have no words for a reader; what is inside has.
        added.warnings.retain(|warning| !warning.starts_with("its words could not be read"));
        let mut broken: Vec<String> =
            package.findings.iter().map(|finding| format!("{}: {}", finding.place, finding.problem)).collect();
        for piece in package.pieces {
            for stated in piece.stated.iter().filter(|stated| stated.holds == Some(false)) {
                broken.push(format!("{}: its {} is not the one that is stated for it", piece.name, stated.algorithm));
            }
            if !piece.main {
                continue;
            }
            let name = piece.name.clone();
            match self.add_piece(&arriving, added.id, piece) {
                Ok(inside) => added.inside.push(inside),
                Err(error) => broken.push(format!("{name}: {error}")),
            }
        }
        added.warnings.append(&mut broken);
        Ok(added)
    }

    /// One document of a package, with what the package says of it.
    fn add_piece(&self, whole: &Arriving, parent: EntityId, piece: Piece) -> Result<Added, Error> {
        let mut metadata = piece.about;
        for stated in &piece.stated {
            let holds = match stated.holds {
                Some(true) => "holds",
                Some(false) => "does not hold",
                None => "not checked: the bytes are not here",
            };
            metadata.push((format!("{} stated", stated.algorithm), format!("{} ({holds})", stated.hex)));
        }
        if let Some(captured) = &piece.captured {
            metadata.push(("captured".into(), captured.clone()));
        }
        let part = Arriving {
            file_name: piece.name,
            given: Given { url: piece.url.or_else(|| whole.given.url.clone()), ..Given::default() },
            method: match &piece.captured {
                Some(captured) => format!("captured {captured}, taken out of {}", whole.file_name),
                None => format!("taken out of {}", whole.file_name),
            },
            derived_from: Some(parent),
            metadata,
            content: Content::Bytes(Vec::new()),
            ..whole.clone()
        };
        if piece.bytes.is_empty() {
            return self.add_described(&part);
        }
        self.add(Arriving { content: Content::Bytes(piece.bytes), ..part })
    }
}

fn kind_name(kind: Kind) -> &'static str {
    match kind {
        Kind::Warc => "web archive, WARC",
        Kind::Wacz => "web archive, WACZ",
        Kind::AutoArchiver => "list of an auto-archiver",
        Kind::ProofMode => "ProofMode bundle",
        Kind::Mhtml => "saved page",
        Kind::Email => "e-mail",
    }
}

/// Whether a way of acquiring says that a document was taken out of another, which was added with it.
#[must_use]
pub fn taken_out(method: &str) -> bool {
    method.starts_with("attached to ") || method.contains("taken out of ")
}
