//! Lists of every format and fault go in, whole or not at all, and come out again.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod again;
mod common;
mod demonstration;
mod faults;
mod formats;
mod hidden;
mod proposed;
mod systems;
