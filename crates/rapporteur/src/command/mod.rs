//! One file a command.

pub mod account;
pub mod add;
pub mod casefile;
pub mod claims;
pub mod custody;
pub mod demo;
pub mod doctor;
pub mod erase;
pub mod estimate;
pub mod figure;
pub mod init;
pub mod judge;
pub mod link;
pub mod lists;
pub mod propose;
pub mod publish;
pub mod search;
pub mod serve;
pub mod show;
pub mod timestamp;
pub mod verify;
