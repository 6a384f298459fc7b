//! What is told of an act, and whether two acts that are told of may be one.

use std::cmp::{max, min};

use schema::{Date, EntityId, Term};

use super::{Band, Bounds};
use crate::links::Links;

/// An act as far as counting needs to know it. Where independent accounts differ, all that they say.
#[derive(Clone, Debug)]
pub(crate) struct Told {
    pub id: EntityId,
    pub certain: bool,
    /// Several when accounts differ on who it was; none when it is not known.
    pub victims: Vec<EntityId>,
    /// When it was done to a group.
    pub band: Option<Band>,
    pub kinds: Vec<Term>,
    /// Its own; none when it is not known.
    pub dates: Vec<Date>,
    pub incidents: Vec<EntityId>,
}

impl Told {
    /// How many acts it stands for.
    pub(super) fn size(&self) -> Bounds {
        let Some(band) = &self.band else { return Bounds { lower: 1, upper: Some(1) } };
        // More names than the stated size: each of them is possible.
        Bounds { lower: band.size.lower, upper: band.size.upper.map(|size| size.max(super::count(band.members.len()))) }
    }

    /// Whether accounts differ on who it was.
    pub(super) fn is_disputed(&self) -> bool {
        self.victims.len() > 1
    }

    /// Days from the first to the last on which it may have been; the more, the less is known.
    pub(super) fn vagueness(&self) -> i64 {
        let mut hull: Option<(i64, i64)> = None;
        for date in &self.dates {
            let (Some(first), Some(last)) = date.possible_range() else { return i64::MAX };
            let (first, last) = (first.number(), last.number());
            hull = Some(hull.map_or((first, last), |(from, to)| (min(from, first), max(to, last))));
        }
        hull.map_or(i64::MAX, |(first, last)| last.saturating_sub(first))
    }
}

/// Whether two acts may be one, by judgements and by the vocabulary of types.
#[derive(Clone, Copy)]
pub(crate) struct Same<'a> {
    pub links: &'a Links,
    /// Whether one type is the other or below it.
    pub kin: &'a dyn Fn(&Term, &Term) -> bool,
}

impl Same<'_> {
    /// Whether two acts against one victim each may be one act told twice.
    pub(super) fn may_be_one(self, a: &Told, b: &Told) -> bool {
        let links = self.links;
        let one_victim = either(&a.victims, &b.victims, |x, y| links.one(*x) == links.one(*y));
        self.may_meet(a, b, one_victim)
    }

    /// Whether two acts against groups may have somebody's act in common.
    pub(super) fn may_overlap(self, a: &Told, b: &Told) -> bool {
        let apart = match (&a.band, &b.band) {
            _ if a.is_disputed() || b.is_disputed() => false,
            // Judged to be two groups, and yet one person is known to be in both: that person's act may be one.
            (Some(a), Some(b)) => self.links.different(a.group, b.group) && a.members.is_disjoint(&b.members),
            _ => false,
        };
        self.may_meet(a, b, !apart)
    }

    /// Whether an act against one victim may be among those told of a group together: the victim a member who is named.
    pub(super) fn may_be_of(self, single: &Told, group: &Told, member: EntityId) -> bool {
        let named = single.victims.iter().any(|victim| self.links.one(*victim) == self.links.one(member));
        self.may_meet(single, group, named || single.victims.is_empty())
    }

    /// The same, the victim one of those who are not named.
    pub(super) fn may_be_unnamed_of(self, single: &Told, group: &Told) -> bool {
        let Some(band) = &group.band else { return false };
        let other = group.is_disputed() || single.victims.iter().any(|victim| !band.members.contains(victim));
        self.may_meet(single, group, other || single.victims.is_empty())
    }

    /// The member of the group whose act is certainly among those told of the group: in the same incident, and in no
    /// account of another day or type.
    pub(crate) fn surely_of(self, single: &Told, group: &Told) -> Option<EntityId> {
        let (Some(band), [victim]) = (&group.band, single.victims.as_slice()) else { return None };
        if group.is_disputed() {
            return None;
        }
        let together = matches!((single.incidents.as_slice(), group.incidents.as_slice()), ([a], [b]) if a == b);
        let dates = single.dates.iter().all(|a| group.dates.iter().all(|b| a.possibly_within(b)));
        let kinds = single.kinds.iter().all(|a| group.kinds.iter().all(|b| (self.kin)(a, b)));
        let one = together && dates && kinds && !self.links.different(single.id, group.id);
        (one && band.members.contains(victim)).then_some(*victim)
    }

    fn may_meet(self, a: &Told, b: &Told, same_people: bool) -> bool {
        let links = self.links;
        !links.different(a.id, b.id) && (links.one(a.id) == links.one(b.id) || (same_people && self.one_occasion(a, b)))
    }

    /// Whether two acts are of one kind and may have been on one day. That they are recorded under two incidents is no
    /// proof: a report that is vague has one of its own for want of knowing better. Incidents judged different are two.
    fn one_occasion(self, a: &Told, b: &Told) -> bool {
        let dates = either(&a.dates, &b.dates, |a, b| a.possibly_within(b));
        let incidents = either(&a.incidents, &b.incidents, |a, b| !self.links.different(*a, *b));
        dates && incidents && either(&a.kinds, &b.kinds, |a, b| (self.kin)(a, b))
    }
}

/// Whether it holds of any two, or one side is not known.
fn either<T>(a: &[T], b: &[T], holds: impl Fn(&T, &T) -> bool) -> bool {
    a.is_empty() || b.is_empty() || a.iter().any(|a| b.iter().any(|b| holds(a, b)))
}
