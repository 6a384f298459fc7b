//! What is appended: the list itself before its first row, the rows in batches, and the import as such after the last.

use ledger::{Claim, Digest, EntityItem, Item, Locator};
use schema::{EntityId, Name, Term, Text, Value};
use sha2::Digest as _;
use workspace::{NewObject, NewSource};

use super::{Out, Session};
use crate::error::Error;
use crate::record::Import;
use crate::rows::Row;

/// Bytes of a row that are quoted with each claim.
const LONGEST_QUOTE: usize = 4_000;

impl Session<'_, '_, '_> {
    pub(super) fn quote(&self, row: &Row) -> Locator {
        let mut exact = row.raw.as_str();
        if exact.len() > LONGEST_QUOTE {
            let end = (0..=LONGEST_QUOTE).rev().find(|at| exact.is_char_boundary(*at)).unwrap_or(0);
            exact = &exact[..end];
        }
        let span = row.span.map(|(start, _)| (start, start + exact.chars().count() as u64));
        Locator {
            exact: exact.to_owned(),
            start: span.map(|(start, _)| start),
            end: span.map(|(_, end)| end),
            text_of: span.map(|_| Digest(self.file.sha256)),
            ..Locator::default()
        }
    }

    pub(super) fn claim(&self, entity: EntityId, property: &str, value: &Value, quote: &Locator, row: &Row) -> Claim {
        Claim {
            locator: Some(quote.clone()),
            asserter: self.by.as_ref().map(|by| by.id),
            clearance: self.options.clearance.clone(),
            note: Some(format!("row {}", row.number)),
            ..Claim::new(entity, property, value, self.document)
        }
    }

    /// Appends what is gathered; before the first of it, the list itself.
    pub(super) fn flush(&mut self, out: &mut Out<'_, '_, '_>) -> Result<(), Error> {
        if out.items.is_empty() || out.writing.is_none() || self.is_doomed() {
            out.items.clear();
            return Ok(());
        }
        if !out.begun {
            out.begun = true;
            self.begin(out)?;
        }
        let items = std::mem::take(&mut out.items);
        let Some((transaction, _)) = out.writing.as_mut() else { return Ok(()) };
        let receipt = transaction.append(items)?;
        out.noted(&receipt);
        Ok(())
    }

    /// The organisation, the document, the file's bytes.
    pub(super) fn begin(&mut self, out: &mut Out<'_, '_, '_>) -> Result<(), Error> {
        let clearance = self.options.clearance.clone();
        let mut named = Vec::new();
        let Some((transaction, addition)) = out.writing.as_mut() else { return Ok(()) };
        let mut receipts = Vec::new();
        if let Some(by) = self.by.as_ref().filter(|by| by.new) {
            let schema = "Organization".to_owned();
            let entity = EntityItem { id: by.id, schema, clearance: clearance.clone(), key: None };
            receipts.push(transaction.append_new(vec![Item::Entity(entity)])?);
            let name = Name::new(&by.name, None).map_err(ledger::Error::Value)?;
            named.push(Item::Claim(Claim {
                no_words: Some("named by whoever imported its list".into()),
                clearance: clearance.clone(),
                origin: Some(origin("rapporteur/list/organisation/v1", &by.name)),
                ..Claim::new(by.id, "name", &Value::Name(name), self.document)
            }));
        }
        let mut about = vec![
            ("title".to_owned(), Value::Text(Text::new(&self.options.list, None).map_err(ledger::Error::Value)?)),
            ("kind".to_owned(), Value::Term(Term::new("document-kinds", "dataset").map_err(ledger::Error::Value)?)),
        ];
        about.extend(self.by.as_ref().map(|by| ("publisher".to_owned(), Value::Entity(by.id))));
        let bytes = self.file.bytes().map_err(|source| Error::Io {
            doing: "reading",
            path: self.file.name.clone().into(),
            source,
        })?;
        let source = NewSource {
            clearance,
            about,
            bytes: Some(NewObject::reader(&self.file.name, self.file.media_type, bytes)),
            method: "import of a list".into(),
            origin: Some(origin("rapporteur/list/about/v1", &self.document.to_string())),
            ..NewSource::new(self.document, "Document")
        };
        receipts.push(addition.append(transaction, source, named)?);
        receipts.iter().for_each(|receipt| out.noted(receipt));
        if !self.workspace.vault.contains(&self.file.sha256)? {
            return Err(Error::file(&self.file.name, "the file changed while it was read", "import it again"));
        }
        Ok(())
    }

    /// The table of rows, and the import itself.
    pub(super) fn end(&mut self, out: &mut Out<'_, '_, '_>) -> Result<(), Error> {
        if !out.begun {
            return Ok(());
        }
        let rows = std::mem::take(&mut out.rows.bytes);
        let (from, to) =
            (out.entries.first().map_or(0, |entry| entry.0), out.entries.last().map_or(0, |entry| entry.0));
        let feed: String = out
            .entries
            .first()
            .map(|(_, feed)| feed.iter().map(|byte| format!("{byte:02x}")).collect())
            .unwrap_or_default();
        let Some((transaction, addition)) = out.writing.as_mut() else { return Ok(()) };
        let object = Digest(sha2::Sha256::digest(&rows).into());
        let import = Import {
            id: out.import.clone(),
            list: self.options.list.clone(),
            document: self.document.to_string(),
            by: self.by.as_ref().map(|by| by.name.clone()),
            asserter: self.by.as_ref().map(|by| by.id.to_string()),
            file: self.file.name.clone(),
            sha256: Digest(self.file.sha256).to_string(),
            rows_object: Some(object.to_string()),
            at: time::OffsetDateTime::now_utc()
                .format(&time::format_description::well_known::Rfc3339)
                .unwrap_or_default(),
            mapping: self.mapping.write(),
            schema: self.mapping.entities.first().map(|entity| entity.schema.clone()).unwrap_or_default(),
            rows: self.report.rows,
            rows_taken: self.report.rows_whole + self.report.rows_in_part,
            entities: self.report.entities.values().sum(),
            claims: self.report.claims,
            retracted: self.report.retracted,
            cells_refused: self.report.cells_refused,
            feed,
            from,
            to,
            again: Vec::new(),
            undone: None,
            position: 0,
        };
        let define = import.define(self.options.clearance.clone())?;
        let source = NewSource {
            clearance: self.options.clearance.clone(),
            bytes: Some(NewObject::bytes(
                &format!("rows of import {}", out.import),
                "application/x-rapporteur-rows",
                rows,
            )),
            method: "made by the import of the list".into(),
            ..NewSource::new(self.document, "Document")
        };
        let receipt = addition.append(transaction, source, vec![Item::Define(define)])?;
        out.noted(&receipt);
        self.report.import = Some(out.import.clone());
        self.report.position = Some(out.position);
        Ok(())
    }
}

fn origin(prefix: &str, text: &str) -> Digest {
    Digest(sha2::Sha256::new_with_prefix(prefix.as_bytes()).chain_update(text.as_bytes()).finalize().into())
}
