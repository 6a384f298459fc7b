//! What is asked of somebody directly: “please write to the embassy”, “@DOJ_PH, drop the charges!”.

use super::ask::{Ask, Reader};
use crate::lexicon::Flags;

impl Reader<'_> {
    /// “@DOJ_PH, drop the charges!”, “Give us back my brother,” said the sister: in what somebody says, or to
    /// somebody by name.
    pub(super) fn imperative(&self, spoken: bool) -> Option<Ask> {
        let s = self.s;
        let mut k = 0;
        // “6/7”
        while k < 4
            && self
                .token(k)
                .is_some_and(|t| t.norm.starts_with(|c: char| c.is_ascii_digit()) || t.norm == "/" || t.norm == ".")
        {
            k += 1;
        }
        let mut addressee = None;
        if self.norm(k) == "@" || self.norm(k).starts_with('@') {
            let comma = (k + 1..(k + 7).min(s.tokens.len())).find(|&i| matches!(self.norm(i), "," | ":"))?;
            addressee = Some(s.words(self.text, k, comma));
            k = comma + 1;
        } else if spoken && matches!(self.norm(k), "“" | "\"") {
            k += 1;
        } else {
            return None;
        }
        if !self.cues.has("imperatives", self.norm(k))
            || self.token(k + 1).is_none_or(|t| !t.is_word() || t.is(Flags::MODAL.with(Flags::BE)))
        {
            return None;
        }
        let to = (k + 1..s.tokens.len())
            .find(|&i| {
                matches!(self.norm(i), ";" | "”" | "\"" | "!" | "—") || self.norm(i) == "." && i + 1 >= s.tokens.len()
            })
            .unwrap_or(s.tokens.len());
        Some(Ask { addressee, from: k, to, opens_list: false })
    }

    /// “please write to the embassy”, “would be grateful if the holders corrected”
    pub(super) fn polite(&self, k: usize, after: usize) -> Option<Ask> {
        let next = self.token(after)?;
        let conditional = self.norm(after - 1) == "if";
        let comes = next.is_word()
            && !matches!(
                next.norm.as_str(),
                "see"
                    | "find"
                    | "note"
                    | "visit"
                    | "contact"
                    | "click"
                    | "accept"
                    | "refer"
                    | "read"
                    | "subscribe"
                    | "donate"
                    | "share"
                    | "follow"
                    | "email"
                    | "call"
                    | "attribute"
                    | "credit"
            );
        let from = if conditional { 0 } else { k };
        let last = self.s.tokens.len().saturating_sub(1);
        if self.norm(last) == ":" {
            return comes.then_some(Ask { addressee: None, from, to: last, opens_list: true });
        }
        (comes || conditional).then(|| Ask { addressee: None, from, to: self.clause_end(after), opens_list: false })
    }
}
