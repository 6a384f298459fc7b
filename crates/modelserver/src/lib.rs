//! What would a language model on this machine read in a document?
//!
//! **Must never** send a word off this machine, nor believe the model: what it answers passes the same checks as what the rules
//! propose, and a quote, a name or an article that is not in the text is dropped.
//!
//! It speaks the chat-completions protocol that llama.cpp, Ollama, vLLM and others serve. It is off unless a workspace's
//! `config.toml` names a server; which documents may be sent to it is limited there by clearance.
//!
//! A model does not give the same answer twice, so nothing rests on it: a person decides on each proposal, and the ledger says which
//! program proposed it.
#![forbid(unsafe_code)]

mod answer;
mod server;

pub use server::{ModelServer, Together};

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("“{address}” is no address of a model server on this machine")]
    Address { address: String },
    #[error("the model server at {address} did not answer: {problem}")]
    NoAnswer { address: String, problem: String },
}
