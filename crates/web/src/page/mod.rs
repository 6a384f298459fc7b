//! One file a kind of page: what it shows, as a struct; how, in the template of the same name.

pub mod against;
pub mod brought;
pub mod claim;
pub mod claims;
pub mod enter;
pub mod entity;
pub mod estimate;
pub mod figure;
pub mod groups;
pub mod history;
pub mod ledger;
pub mod letter;
pub mod library;
pub mod listing;
pub mod lists;
pub mod problem;
pub mod publication;
pub mod review;
pub mod reviews;
pub mod same;
pub mod search;
pub mod source;
pub mod told;
pub mod view;
