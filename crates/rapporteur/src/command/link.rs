//! Same or different, on plain files: without a workspace, for an analyst alone.

use std::process::ExitCode;

use linkage::files::{LinkOptions, link};

use crate::arguments::{Common, Link};
use crate::command::judge;
use crate::failure::Failure;
use crate::text;

pub fn run(common: &Common, asked: &Link) -> Result<ExitCode, Failure> {
    if asked.files.is_empty() {
        return judge::open_pairs(common);
    }
    let options = LinkOptions {
        inputs: asked.files.clone(),
        settings: asked.settings.clone(),
        id: asked.id.clone(),
        truth: asked.truth_column.clone(),
        out: asked.out.clone(),
        pairs: asked.pairs.clone(),
        threads: asked.threads.unwrap_or(0),
        ..LinkOptions::default()
    };
    let linked = link(&options).map_err(|error| Failure::new(error.to_string(), "nothing was written"))?;
    if common.json {
        text::json(&linked.json())?;
    } else {
        text::json(&linked.json())?;
    }
    Ok(ExitCode::SUCCESS)
}
