//! How many: a named count, with its definition, unit, window, standard, bounds, position, and the list behind it.
//!
//! **Must never** show a number without its definition, window, unit and position; add or average numbers of different
//! units; estimate what is missing (SDG 16.10.1 metadata: missing values are never estimated); or judge a number that
//! somebody else published: it says what each counts differently, and leaves it there.
//!
//! # The rules
//!
//! **Whose eyes.** A figure is computed with its own clearance and standard, not its reader's: whoever may see it sees the
//! same number, and the same position and definition give the same bytes for ever. [`view`] gives that view.
//!
//! **What counts.** Acts whose type is one of `acts` and whose victim was one of `victimGroups` *in this act*, narrower terms
//! included: status holds for an event, not for a lifetime (Declaration A/RES/53/144, art. 1: it is told by what one does).
//!
//! **Certain and possible.** The lower bound counts what is certain, the upper bound also what is possible. The preferred
//! account decides whether a thing is certain, unless an independent account that stands puts it outside: then it is only
//! possible, because a figure must not settle a dispute that the record leaves open. Likewise it is possible when the
//! preferred account is outside and an independent one inside. An account is independent unless the same voice in the same
//! root source says both: a copy's slip is no second account. To settle a dispute, assess the wrong account as false.
//! - *date:* every day that it allows lies in the window → certain; some day → possible. An act without a date takes its
//!   incident's, but is never certain by it: a charge follows its arrest. Without either it is left out and told
//!   ([`Figure::undated`]): nothing ties it to the window.
//! - *place:* an act without a place has its incident's. Not known at all, or known only more broadly: possible.
//! - *type, group:* a term broader than what is asked (deprivation of liberty, for arrest) → possible.
//! - *victim:* where independent accounts name different victims, each is possible.
//!
//! **Persons** are counted once, however often it was done to them, and by judgements: judged the same → one; judged
//! unsure → the lower bound counts one (a chain of unsure pairs: one), the upper bound each.
//!
//! **Acts** are counted apart. Two acts of one kind against one person that may have been on one day, by any independent
//! account, may be one act told twice: the lower bound counts one, the upper bound two. That they are recorded under two
//! incidents is no proof, because a vague report is given an incident of its own for want of knowing better; acts or
//! incidents that are judged different are two. A victim whom nobody knows may be anybody.
//!
//! **Groups** are never counted together with their named members. Members who have an act of their own that counts are the
//! named ones; the rest of the group's size is unnamed.
//! - *persons:* the unnamed may be people who are named elsewhere on the list, so they raise only the upper bound; but a
//!   group that is certain and larger than all the named together raises the lower bound to its size.
//! - *acts, upper bound:* an act against a group of n is n acts, less those that are certainly told one by one: of each
//!   member one, in the same incident. An act is taken off one group at most.
//! - *acts, lower bound:* also less those that may be told one by one. An act of the kind that may have been on the day may
//!   be a named member's, if the victim is or may be that member; or an unnamed member's, if the victim is none of the named.
//!   Each named member takes up one act and the unnamed as many as they are, each of another person; an act is one group's at
//!   most. What is taken off is the most that these places can hold together, all groups considered (a maximum flow), so that
//!   nothing is in the lower bound that is not certain. Three unnamed of six arrested on 13 August, and somebody else arrested
//!   "in August": at least six arrests, at most seven. To settle it, judge the two acts, or their incidents, different.
//! - Two groups of one occasion may be the same people under two descriptions, unless they are judged different and nobody is
//!   known to be in both: the lower bound of acts takes groups of which no two may overlap, the upper bound all.
//! - Naming a member never raises an upper bound, as long as the group has room; more names than the stated size make as many
//!   possible as there are names.
//! - Where independent accounts give a group different sizes, the lower bound takes the least and the upper the greatest; a
//!   rounded size allows what rounds to it.
//! - A group of unknown size has no upper bound, and neither has the figure: “at least”.
//!
//! **Erasure** wins over reproducibility: claims that were destroyed are gone from the number, and [`Figure::gone`] says how
//! many there were, to those who may know that.
#![forbid(unsafe_code)]

mod against;
mod bounds;
mod compute;
mod deed;
mod definition;
mod error;
mod figure;
mod fit;
mod item;
mod json;
mod links;
mod published;

pub use against::{Against, Held, Where, against};
pub use bounds::Bounds;
pub use compute::compute;
pub use definition::{Definition, Title, Unit, load, view};
pub use error::Error;
pub use figure::{Count, Figure};
pub use item::{CountedAct, CountedGroup, Item};
pub use published::Published;
