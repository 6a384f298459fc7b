//! Giving an original out of the workspace: as it is, or a copy without its metadata; either way it is said in the chain of custody.

use ledger::{Author, Custody, CustodyEvent, ObjectHash, Reader};
use schema::EntityId;
use sha2::{Digest, Sha256};
use workspace::{Derived, Workspace};

use crate::Error;

/// The longest object that is taken into memory to be given out.
const LONGEST: u64 = 512 * 1024 * 1024;

/// Bytes that leave the workspace.
#[derive(Clone, Debug)]
pub struct GivenOut {
    pub bytes: Vec<u8>,
    pub file_name: String,
    pub media_type: String,
    /// SHA-256 of these bytes.
    pub sha256: ObjectHash,
    /// Fields of metadata that were taken out.
    pub removed: usize,
}

/// Gives a source's original out, for somebody and a reason; `stripped`: a copy without what the file says of its maker, its
/// camera and its place, which is kept as an object of its own.
///
/// # Errors
/// When the source has no original here, it cannot be stripped (its format is not known: nothing is given out then), or
/// nobody and nothing is said to give it for.
pub fn give_out(
    workspace: &Workspace,
    author: &Author,
    reader: &Reader<'_>,
    source: EntityId,
    to: &str,
    reason: &str,
    stripped: bool,
) -> Result<GivenOut, Error> {
    if to.trim().is_empty() || reason.trim().is_empty() {
        return Err(Error::wrong("an original leaves for somebody and for a reason", "say to whom and why"));
    }
    let views = workspace.objects_here(reader, source)?;
    let original = views.iter().find(|view| view.acquired().is_some_and(|custody| custody.derived_from.is_none()));
    let Some((view, custody)) = original.and_then(|view| Some((view, view.acquired()?))) else {
        return Err(Error::wrong(
            "there is no original of this source here",
            "it was recorded without its bytes, or they were destroyed",
        ));
    };
    let bytes = workspace.vault.read_bytes(&view.object.0, LONGEST)?;
    let file_name = custody.file_name.clone().unwrap_or_else(|| "original".into());
    let media_type = custody.media_type.clone().unwrap_or_else(|| "application/octet-stream".into());
    let mut event = Custody::new(view.object, CustodyEvent::Exported, Some(source), reason);
    event.recipient = Some(to.trim().into());
    if !stripped {
        workspace.record_custody(author, event)?;
        return Ok(GivenOut { bytes, file_name, media_type, sha256: view.object, removed: 0 });
    }
    let clean = evidence::metadata::strip(&bytes)?;
    let sha256 = ledger::Digest(Sha256::digest(&clean.bytes).into());
    let copy = Derived {
        bytes: clean.bytes.clone(),
        file_name: file_name.clone(),
        media_type: media_type.clone(),
        operation: format!("metadata taken out ({} fields)", clean.removed.len()),
    };
    workspace.add_derived(author, source, view.object, copy)?;
    let mut event = Custody { object: sha256, ..event };
    event.operation = Some("copy without metadata".into());
    if sha256 == view.object {
        // Nothing had to be taken out: it is the original that leaves.
        event.operation = None;
    }
    workspace.record_custody(author, event)?;
    Ok(GivenOut { bytes: clean.bytes, file_name, media_type, sha256, removed: clean.removed.len() })
}
