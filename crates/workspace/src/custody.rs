//! What happens to objects after they were acquired: they are looked at, given out, sealed, and destroyed when their giver no
//! longer consents (OHCHR and UC Berkeley, *Berkeley Protocol on Digital Open Source Investigations*, HR/PUB/20/2: chain of custody).

use ledger::{Author, Custody, CustodyEvent, Erase, Item, ObjectHash, ObjectView, Reader, Receipt};
use schema::EntityId;

use crate::Error;
use crate::workspace::Workspace;

/// What was destroyed when a consent was withdrawn.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Withdrawn {
    /// Objects whose bytes are gone from the disk.
    pub objects: usize,
    /// Objects that stay, because another source has the same bytes: withdraw that too, if its giver is the same.
    pub kept: usize,
    /// Claims whose words are gone from the ledger.
    pub claims: usize,
    /// The entry that says so.
    pub position: u64,
}

impl Workspace {
    /// Destroys an object: says so in the ledger, with the reason, then destroys its file.
    ///
    /// # Errors
    /// As ledger and vault say. If the file could not be destroyed after the ledger said so, `verify` names it.
    pub fn destroy_object(&self, author: &Author, object: ObjectHash, reason: &str) -> Result<Receipt, Error> {
        let _alone = self.lock_objects(true)?;
        let reader = self.ledger.read(&self.keepers_view()?)?;
        // The same bytes may have come from several sources: each one's chain of custody ends here.
        let ends: Vec<Item> = reader
            .objects()?
            .iter()
            .filter(|view| view.object == object && !is_destroyed(view))
            .map(|view| Item::Custody(Custody::new(object, CustodyEvent::Destroyed, view.source, reason)))
            .collect();
        drop(reader);
        if ends.is_empty() {
            return Err(Error::wrong(
                format!("there is no object {object} to destroy"),
                "an object is named by the SHA-256 of its bytes; what is destroyed already stays destroyed",
            ));
        }
        let receipt = self.ledger.append(author, ends)?;
        self.vault.destroy(&object.0)?;
        Ok(receipt)
    }

    /// Records what happened to an object of a source: viewed, exported, transferred, sealed, hashed, verified. The last two are only
    /// recorded when the object is as it was.
    ///
    /// # Errors
    /// When the source has no such object, when the event is one that has a door of its own (it is acquired with
    /// [`Workspace::add_source`], destroyed with [`Workspace::destroy_object`]), or when the object is damaged.
    pub fn record_custody(&self, author: &Author, custody: Custody) -> Result<Receipt, Error> {
        use CustodyEvent as E;
        match custody.event {
            E::Acquired | E::Destroyed | E::ConsentWithdrawn => {
                return Err(Error::wrong(
                    format!("“{}” is not recorded by hand", custody.event.as_str()),
                    "`add` acquires, `withdraw` destroys; both say so in the ledger themselves",
                ));
            }
            E::Hashed | E::Verified => self.vault.verify(&custody.object.0)?,
            E::Exported | E::Transferred if custody.recipient.as_deref().is_none_or(|whom| whom.trim().is_empty()) => {
                return Err(Error::wrong(
                    format!("{} to whom?", custody.event.as_str()),
                    "say who has it now: --to WHOM",
                ));
            }
            E::Viewed | E::Exported | E::Transferred | E::Sealed => {}
        }
        let reader = self.ledger.read(&self.keepers_view()?)?;
        let known = reader
            .objects()?
            .into_iter()
            .any(|view| view.object == custody.object && view.source == custody.source && !is_destroyed(&view));
        drop(reader);
        if !known {
            return Err(Error::wrong(
                format!("there is no object {} of that source", custody.object),
                "`rapporteur custody DOCUMENT` lists a document’s objects",
            ));
        }
        Ok(self.ledger.append(author, vec![Item::Custody(custody)])?)
    }

    /// The giver of a source no longer consents: its bytes and everything made from them are destroyed, and the words of every
    /// claim that rests on it, with what the chain of custody told of the file. Their commitments stay, so that the ledger still
    /// proves that nothing else was changed.
    ///
    /// Copies elsewhere (backups, exports, what was published) are not touched.
    ///
    /// # Errors
    /// When there is nothing of this source left to destroy; as ledger and vault say.
    pub fn withdraw_consent(&self, author: &Author, source: EntityId, reason: &str) -> Result<Withdrawn, Error> {
        let _alone = self.lock_objects(true)?;
        let reader = self.ledger.read(&self.keepers_view()?)?;
        let all = reader.objects()?;
        let own: Vec<ObjectHash> = all
            .iter()
            .filter(|view| view.source == Some(source) && !is_destroyed(view))
            .map(|view| view.object)
            .collect();
        // The same bytes may have come from somebody else too, who still consents.
        let shared = |object: &ObjectHash| {
            all.iter().any(|view| view.object == *object && view.source != Some(source) && !is_destroyed(view))
        };
        let gone: Vec<ObjectHash> = own.iter().copied().filter(|object| !shared(object)).collect();
        let claims: Vec<_> = reader
            .claims_in(source)?
            .into_iter()
            .filter(|claim| !matches!(claim.state, ledger::ClaimState::Erased { .. }))
            .map(|claim| claim.id)
            .collect();
        let mut links = reader.custody_items(source)?;
        // Why a proposal was rejected, and which words it was about, are words of the source too.
        links.extend(reader.all_decisions_in(source)?.into_iter().map(|decided| decided.id));
        drop(reader);
        if own.is_empty() && claims.is_empty() {
            return Err(Error::wrong(
                "there is nothing of this source left to destroy",
                "its bytes and the words of its claims are gone already, or it never had any",
            ));
        }
        let mut items: Vec<Item> =
            claims.iter().chain(&links).map(|item| Item::Erase(Erase { item: *item, reason: reason.into() })).collect();
        for object in &own {
            for event in [CustodyEvent::ConsentWithdrawn, CustodyEvent::Destroyed] {
                items.push(Item::Custody(Custody::new(*object, event, Some(source), reason)));
            }
        }
        let receipt = self.ledger.append(author, items)?;
        for object in &gone {
            self.vault.destroy(&object.0)?;
        }
        Ok(Withdrawn {
            objects: gone.len(),
            kept: own.len() - gone.len(),
            claims: claims.len(),
            position: receipt.position,
        })
    }

    /// Adds an object that was made from another of the same source: a redaction, a translation, a transcript, a copy without
    /// metadata. Nothing is added when it is the same bytes, or there already.
    ///
    /// # Errors
    /// When the source has no such object; as vault and ledger say.
    pub fn add_derived(
        &self,
        author: &Author,
        source: EntityId,
        from: ObjectHash,
        derived: crate::Derived,
    ) -> Result<(), Error> {
        let mut addition = self.addition()?;
        let stored = addition.put(&derived.bytes)?;
        let object = ledger::Digest(stored.sha256);
        let reader = self.ledger.read(&self.keepers_view()?)?;
        let own = reader.objects_of(source)?;
        drop(reader);
        let here = |object: ObjectHash| own.iter().any(|view| view.object == object && !is_destroyed(view));
        if !here(from) {
            return Err(Error::wrong(format!("there is no object {from} of that source"), "derive from what is there"));
        }
        if !here(object) {
            let custody = Custody {
                method: Some("derived".into()),
                file_name: Some(derived.file_name),
                media_type: Some(derived.media_type),
                size: Some(stored.size),
                sha3_512: Some(stored.sha3_512.to_vec()),
                derived_from: Some(from),
                operation: Some(derived.operation),
                ..Custody::new(object, CustodyEvent::Acquired, Some(source), "made from the original")
            };
            self.ledger.append(author, vec![Item::Custody(custody)])?;
        }
        addition.finish();
        Ok(())
    }

    /// The objects of a source that are still there.
    ///
    /// # Errors
    /// As the ledger says.
    pub fn objects_here(&self, reader: &Reader<'_>, source: EntityId) -> Result<Vec<ObjectView>, Error> {
        Ok(reader.objects_of(source)?.into_iter().filter(|view| !is_destroyed(view)).collect())
    }
}

/// Whether the last that is known of the object's whereabouts is that it was destroyed.
#[must_use]
pub fn is_destroyed(view: &ObjectView) -> bool {
    let mut backwards = view.custody.iter().rev().map(|(custody, _, _)| custody.event);
    let last = backwards.find(|event| matches!(event, CustodyEvent::Acquired | CustodyEvent::Destroyed));
    last == Some(CustodyEvent::Destroyed)
}
