//! How does a file become a source?
//!
//! **Must never** alter an original, or lose a file because its words could not be read: what cannot be read is kept all the same,
//! and said.
//!
//! In the order in which data flows: a file ([`Arriving`]) is told from its bytes; a child process reads its words under limits
//! ([`Readers`]); what it says of itself becomes claims; the original, its text and the text's structure become objects of one
//! source, in one entry ([`Intake::add`]). Packages of other tools (WARC, WACZ, ProofMode…) become a source for each
//! document in them, derived from the package. [`opened`] gives a source's words back as they were read.
#![forbid(unsafe_code)]

mod about;
mod add;
mod again;
mod error;
mod many;
mod opened;
mod original;
mod package;
mod readers;
mod stamp;

pub use about::Given;
pub use add::{Added, Arriving, Content, Intake};
pub use again::{ReadAgain, place, read_again};
pub use error::Error;
pub use many::{Many, Outcome, Progress, files_in};
pub use opened::{Opened, opened, reading_from, reading_of};
pub use original::{GivenOut, give_out};
pub use package::taken_out;
pub use readers::Readers;
pub use stamp::{Request, StampReport, attach, request, verify_stamps};
