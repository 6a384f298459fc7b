//! Files on the disk that say nothing: what they hold, what they are called, and that they were not changed.
//!
//! The index of what testimony says is as secret as the testimony. Its files are sealed in chunks, under names that only the key can
//! tell, so that a seized disk yields nothing, and whatever was changed, cut off or put in another's place is found when it is read.

mod cache;
mod directory;
mod file;

pub(crate) use cache::Cache;
pub(crate) use directory::SealedDirectory;
pub(crate) use file::derive;
