//! One walk over every line of a letter, in the order of printing.

use crate::model::{Annex, Block, Inline, Line};

/// Hands each line of the body and of the annex to `see`, in the order in which they are printed.
pub fn each_line(body: &mut [Block], annex: Option<&mut Annex>, see: &mut dyn FnMut(&mut Line)) {
    blocks(body, see);
    for case in annex.into_iter().flat_map(|annex| &mut annex.cases) {
        case.lines.iter_mut().for_each(|entry| see(&mut entry.value));
        for step in &mut case.steps {
            step.outcome.iter_mut().for_each(&mut *see);
            see(&mut step.notes);
        }
        case.disagreements.iter_mut().for_each(&mut *see);
    }
}

fn blocks(all: &mut [Block], see: &mut dyn FnMut(&mut Line)) {
    for block in all {
        match block {
            Block::Heading { inlines, .. } | Block::Paragraph { inlines } => see(inlines),
            Block::List { items, .. } => items.iter_mut().for_each(|item| blocks(item, see)),
            Block::Quote { blocks: inner } => blocks(inner, see),
            Block::Table { head, rows, .. } => head.iter_mut().chain(rows.iter_mut().flatten()).for_each(&mut *see),
            Block::Code { .. } | Block::Rule => {}
        }
    }
}

/// Shows each inline of a line, and those inside it, in order.
pub fn each_inline(line: &mut [Inline], see: &mut dyn FnMut(&mut Inline)) {
    for inline in line {
        see(inline);
        if let Inline::Emphasis { children } | Inline::Strong { children } | Inline::Link { children, .. } = inline {
            each_inline(children, see);
        }
    }
}
