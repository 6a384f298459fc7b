//! From a draft and a reader to a letter.

use ledger::{AsOf, Ledger, Reader};

use crate::Error;
use crate::draft::{Draft, Drafted};
use crate::marks::settled;
use crate::model::{Annex, Block, Composed, Inline, Run};
use crate::resolve::Composer;
use crate::runs::runs;
use crate::seen::UNSEEN;

/// The letter as of this moment of the ledger: in the draft's own view, each figure in its own. With [`Draft::recorded`], what
/// differs from its value at that position is marked and listed as a change, where the draft itself does not say what it was.
///
/// # Errors
/// As [`compose`].
pub fn compose_from(ledger: &Ledger, draft: &Draft, as_of: AsOf) -> Result<Composed, Error> {
    let reader = ledger.read(&draft.view().at(as_of))?;
    let then = match draft.recorded {
        Some(position) if position < reader.position() => {
            Some(ledger.read(&draft.view().at(AsOf::Position(position)))?)
        }
        _ => None,
    };
    composed(&reader, Some(ledger), then.as_ref(), draft)
}

/// Resolves everything that the draft leaves open, through this reader. A figure of another clearance or standard than the
/// letter's cannot be computed through it and stays unresolved, and only a value that the draft gives itself can be found changed;
/// [`compose_from`] does both.
///
/// A reference that cannot be answered does not stop the letter: it is printed as “[not resolved: …]” and listed in
/// [`Composed::unresolved`], with its line; so it is for the caller to decide whether such a letter may be released. What is
/// hidden from the letter's readers is told like what never was: neither is named.
///
/// # Errors
/// [`Error::Clearance`] and [`Error::Standard`] when the reader's view is not the one that the draft asks for
/// ([`Draft::view`] gives it); errors of the ledger.
pub fn compose(reader: &Reader<'_>, draft: &Draft) -> Result<Composed, Error> {
    composed(reader, None, None, draft)
}

fn composed<'l>(
    reader: &Reader<'l>,
    ledger: Option<&Ledger>,
    then: Option<&Reader<'l>>,
    draft: &Draft,
) -> Result<Composed, Error> {
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
    let mut composer = Composer::new(reader, ledger, then, &own);
    let mut blocks = composer.blocks(&draft.body)?;
    let mut signatories = Vec::new();
    for signatory in &draft.signatories {
        match composer.entity(&signatory.entity)? {
            Some(id) => signatories.push(composer.label(id)?),
            None => {
                composer.unseen(signatory.line);
                signatories.push(runs(&format!("[not resolved: {UNSEEN}]"), &own));
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
            None => composer.unseen(named.line),
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
