//! From a draft and a reader to a letter.

use ledger::{AsOf, Ledger, Reader};

use crate::Error;
use crate::draft::{Draft, Drafted};
use crate::marks::settled;
use crate::model::{Annex, Block, Composed, Inline, Run};
use crate::resolve::Composer;
use crate::runs::runs;

/// The letter as of this moment of the ledger: in the draft's own view, each figure in its own.
///
/// # Errors
/// As [`compose`].
pub fn compose_from(ledger: &Ledger, draft: &Draft, as_of: AsOf) -> Result<Composed, Error> {
    let reader = ledger.read(&draft.view().at(as_of))?;
    composed(&reader, Some(ledger), draft)
}

/// Resolves everything that the draft leaves open, through this reader. A figure of another clearance or standard than the
/// letter's cannot be computed through it and stays unresolved; [`compose_from`] computes it in its own view.
///
/// A reference that cannot be answered does not stop the letter: it is printed as “[not resolved: …]” and listed in
/// [`Composed::unresolved`], with its line; so it is for the caller to decide whether such a letter may be released.
///
/// # Errors
/// [`Error::Clearance`] and [`Error::Standard`] when the reader's view is not the one that the draft asks for
/// ([`Draft::view`] gives it); errors of the ledger.
pub fn compose(reader: &Reader<'_>, draft: &Draft) -> Result<Composed, Error> {
    composed(reader, None, draft)
}

fn composed(reader: &Reader<'_>, ledger: Option<&Ledger>, draft: &Draft) -> Result<Composed, Error> {
    let needed = draft.cleared();
    if *reader.cleared() != needed {
        return Err(Error::Clearance { letter: draft.name.clone(), needed, given: reader.cleared().clone() });
    }
    if reader.view().standard != draft.standard {
        return Err(Error::Standard {
            letter: draft.name.clone(),
            needed: draft.standard.clone(),
            given: reader.view().standard.clone(),
        });
    }
    let own = draft.language.language().to_string();
    let mut composer = Composer::new(reader, ledger, &own);
    let mut blocks = composer.blocks(&draft.body)?;
    let mut signatories = Vec::new();
    for signatory in &draft.signatories {
        match composer.entity(&signatory.entity)? {
            Some(id) => signatories.push(composer.label(id)?),
            None => {
                composer.unresolved(&signatory.entity, signatory.line, "nothing of that name is in this view");
                signatories.push(runs(&format!("[not resolved: {}]", signatory.entity), &own));
            }
        }
    }
    let mut cases = Vec::new();
    for named in &draft.annex {
        let case = match composer.entity(&named.entity)? {
            Some(id) => composer.case(id)?,
            None => None,
        };
        match case {
            Some(case) => cases.push(case),
            None => composer.unresolved(&named.entity, named.line, "nothing of that name is in this view"),
        }
    }
    let text = |text: &Option<String>| -> Vec<Run> { text.as_deref().map(|text| runs(text, &own)).unwrap_or_default() };
    let standard = reader.standard();
    let mut annex = (!cases.is_empty()).then(|| Annex { title: runs(&draft.annex_title, &own), cases });
    let (notes, found) = composer.finish();
    let notes = notes.number(reader, &own, &mut blocks, annex.as_mut())?;
    Composed {
        name: draft.name.clone(),
        kind: draft.kind.clone(),
        language: draft.language.as_str().to_string(),
        title: runs(&draft.title, &own),
        date: draft.date.canonical(),
        date_words: draft.date.display(reader.registry(), &own),
        place: text(&draft.place),
        from: text(&draft.from),
        to: draft.to.iter().map(|to| runs(to, &own)).collect(),
        subject: text(&draft.subject),
        salutation: text(&draft.salutation),
        closing: text(&draft.closing),
        disclaimer: text(&draft.disclaimer),
        signatories,
        blocks,
        notes,
        annex,
        made: found.made,
        changes: found.changes,
        unresolved: found.unresolved,
        position: reader.position(),
        recorded: reader.recorded_at().map(|time| time.date()),
        clearance: draft.clearance.to_string(),
        standard: draft.standard.clone(),
        standard_label: standard.label.get(&own).to_string(),
        digest: String::new(),
    }
    .sealed()
}

impl Composer<'_, '_> {
    fn blocks(&mut self, blocks: &[Block<Drafted>]) -> Result<Vec<Block>, Error> {
        blocks.iter().map(|block| self.block(block)).collect()
    }

    fn block(&mut self, block: &Block<Drafted>) -> Result<Block, Error> {
        Ok(match block {
            Block::Heading { level, inlines } => Block::Heading { level: *level, inlines: self.line(inlines)? },
            Block::Paragraph { inlines } => Block::Paragraph { inlines: self.line(inlines)? },
            Block::List { start, tight, items } => Block::List {
                start: *start,
                tight: *tight,
                items: items.iter().map(|item| self.blocks(item)).collect::<Result<_, _>>()?,
            },
            Block::Quote { blocks } => Block::Quote { blocks: self.blocks(blocks)? },
            Block::Table { align, head, rows } => Block::Table {
                align: align.clone(),
                head: head.iter().map(|cell| self.line(cell)).collect::<Result<_, _>>()?,
                rows: rows
                    .iter()
                    .map(|row| row.iter().map(|cell| self.line(cell)).collect::<Result<_, _>>())
                    .collect::<Result<_, _>>()?,
            },
            Block::Code { text } => Block::Code { text: text.clone() },
            Block::Rule => Block::Rule,
        })
    }

    fn line(&mut self, inlines: &[Drafted]) -> Result<Vec<Inline>, Error> {
        let mut out = Vec::with_capacity(inlines.len());
        for inline in inlines {
            match inline {
                Drafted::Text(text) => out.push(Inline::Text { runs: runs(text, self.own()) }),
                Drafted::Emphasis(children) => out.push(Inline::Emphasis { children: self.line(children)? }),
                Drafted::Strong(children) => out.push(Inline::Strong { children: self.line(children)? }),
                Drafted::Link { url, children } => {
                    out.push(Inline::Link { url: url.clone(), children: self.line(children)? })
                }
                Drafted::Code(text) => out.push(Inline::Code { text: text.clone() }),
                Drafted::Break => out.push(Inline::Break),
                Drafted::Reference(reference) => out.extend(self.reference(reference)?),
            }
        }
        Ok(settled(out))
    }
}
