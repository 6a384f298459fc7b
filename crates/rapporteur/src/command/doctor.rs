//! How the workspace and this machine are doing.

use std::process::ExitCode;

use serde_json::json;

use crate::arguments::Common;
use crate::failure::Failure;
use crate::{open, text};

pub fn run(common: &Common) -> Result<ExitCode, Failure> {
    let mut lines: Vec<(String, String)> =
        vec![("program".into(), concat!("rapporteur ", env!("CARGO_PKG_VERSION")).into())];
    let registry = schema::Registry::builtin().map_err(|errors| {
        Failure::new(
            format!(
                "the program’s own schemata do not load: {}",
                errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
            ),
            "report this as a defect",
        )
    })?;
    lines.push((
        "schemata".into(),
        format!(
            "{} schemata, {} vocabularies, {} standards",
            registry.schemata().count(),
            registry.vocabularies().count(),
            registry.standards().len()
        ),
    ));
    if common.workspace.is_some() {
        let workspace = open::workspace(common)?;
        let view = open::view(common, &workspace)?;
        let reader = workspace.ledger.read(&view)?;
        let facets = reader.facets(&ledger::CardFilter { schemata: vec!["*".into()], ..Default::default() })?;
        lines.push((
            "workspace".into(),
            format!("{} ({}), format {}", workspace.name(), workspace.dir().display(), workspace.config().version()),
        ));
        lines.push((
            "demonstration".into(),
            if workspace.config().is_demonstration() { "yes: its passphrase lies beside it" } else { "no" }.into(),
        ));
        lines.push((
            "ledger".into(),
            format!("{} entries, {} entities in this view ({})", reader.position(), facets.total, reader.cleared()),
        ));
        lines.push(("feed".into(), workspace.ledger.feed().to_string()));
        lines.push(("objects".into(), format!("{} in this view", reader.objects()?.len())));
        lines.push(("checkpoint".into(), workspace.ledger.checkpoint()?.lines().take(3).collect::<Vec<_>>().join(" ")));
    } else {
        lines.push(("workspace".into(), "none given: use --workspace DIR".into()));
    }
    if common.json {
        let object: serde_json::Map<String, serde_json::Value> =
            lines.into_iter().map(|(name, value)| (name, json!(value))).collect();
        text::json(&object.into())?;
    } else {
        text::out(&lines.iter().map(|(name, value)| format!("{name:<14}{value}")).collect::<Vec<_>>().join("\n"))?;
    }
    Ok(ExitCode::SUCCESS)
}
