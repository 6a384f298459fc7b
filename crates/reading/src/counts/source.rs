//! Who gives a number: the speaker, or whoever recorded it.

use super::Context;
use super::counting::Counting;
use crate::discourse::Sentence;
use crate::lexicon::Flags;
use crate::phrase::NpKind;
use crate::roles::Subject;
use crate::sayings::Attribution;

/// The verb of recording before a number: “LICADHO documented 19 arrests”.
pub(super) fn recorder(s: &Sentence, token: usize, counting: &Counting) -> Option<usize> {
    (0..token).rev().take(12).take_while(|&i| !matches!(s.norm(i), ";" | "”" | "“")).find(|&i| {
        counting.has("records", s.norm(i))
            // “information we have received concerning the arrest of”
            && !matches!(s.norm(i + 1), "concerning" | "about" | "regarding" | "on" | "by" | "from")
            && !(i > 0 && s.tokens[i - 1].is(Flags::DETERMINER.with(Flags::POSSESSIVE)))
            && matches!(s.subject(crate::verb::group(&s.tokens, i).start), Subject::Item(_))
    })
}

pub(super) fn asserter(
    sentences: &[Sentence],
    i: usize,
    token: usize,
    said: &[Attribution],
    context: &Context<'_>,
    counting: &Counting,
) -> Option<String> {
    let s = &sentences[i];
    // The innermost: of “A says that …; B puts it at six” the one who stands nearer.
    if let Some(a) = said.iter().rev().filter(|a| a.said.contains(&token)).max_by_key(|a| a.from) {
        return Some(a.speaker.clone());
    }
    let record = recorder(s, token, counting)?;
    let Subject::Item(k) = s.subject(crate::verb::group(&s.tokens, record).start) else { return None };
    let it = s.items.get(k)?;
    let np = s.np(k)?;
    // “Our members recorded 83 arrests”: the document's own voice.
    if (it.start.saturating_sub(1)..it.end).any(|i| matches!(s.norm(i), "our" | "my" | "we")) {
        return None;
    }
    match &np.kind {
        NpKind::Person(n) | NpKind::Organisation(n) => Some(n.clone()),
        NpKind::Common => {
            let words = s.words(&context.reading.text, np.described.max(it.start), it.end);
            // “The network has recorded”: the one that was named before.
            let before = np.definite && !words.contains(' ');
            let named =
                before.then(|| crate::sayings::body_before(sentences, i, &np.head, &context.reading.text)).flatten();
            Some(named.unwrap_or(words))
        }
        _ => None,
    }
}
