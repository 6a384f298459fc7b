//! Giving it back: what a reader may see of a workspace, as a case file that makes the same records again.
//!
//! Claims stand in their sources in the order in which they were recorded; sources and entities stand in the order of their
//! keys; so the same ledger gives the same bytes. What is retracted, destroyed or outside the reader's view is not written, and not named
//! where a figure or a draft refers to it.

mod decisions;
mod folder;
mod names;
mod sources;

use std::collections::BTreeSet;
use std::path::Path;

use ledger::{Clearance, Reader};
use schema::EntityId;
use schema::yaml;
use workspace::Workspace;

use crate::emit::Yaml;
use crate::error::Error;
use crate::report::Report;
use folder::Folder;
use names::Names;

/// What every file of an export begins with.
const HEAD: &str = "# Exported by Rapporteur.\n";

/// Writes a case file into `out`, an empty or missing folder.
///
/// # Errors
/// When the folder is not empty or cannot be written (then nothing of it stays), or as ledger and vault say.
pub fn export(reader: &Reader<'_>, workspace: &Workspace, out: &Path) -> Result<Report, Error> {
    let mut export = Export {
        reader,
        workspace,
        head: Head::read(reader, workspace)?,
        names: Names::default(),
        figures: BTreeSet::new(),
        folder: Folder::begin(out)?,
        report: Report::default(),
    };
    let (entities, sources) = export.seen()?;
    export.names = Names::give(reader, &export.head.name, entities.iter().chain(&sources).copied())?;
    export.write_head()?;
    export.write_entities(&entities)?;
    let mut claims = Vec::new();
    let mut ordered: Vec<EntityId> = sources.into_iter().collect();
    ordered.sort_by(|a, b| export.names.key(*a).cmp(&export.names.key(*b)));
    for source in ordered {
        claims.extend(export.write_source(source)?);
    }
    export.write_judgements()?;
    export.write_assessments(&claims)?;
    export.write_preferences(&entities, &claims)?;
    export.write_figures()?;
    export.write_publications()?;
    export.folder.finish()?;
    Ok(export.report)
}

struct Export<'a> {
    reader: &'a Reader<'a>,
    workspace: &'a Workspace,
    head: Head,
    names: Names,
    /// Names of the figures that are written.
    figures: BTreeSet<String>,
    folder: Folder,
    report: Report,
}

/// `casefile:`, `title:`, `as:`, `clearance:`.
struct Head {
    name: String,
    title: String,
    account: Option<String>,
    clearance: Option<Clearance>,
}

impl Head {
    /// As the workspace's first case file had it; a workspace that came from none is named after itself.
    fn read(reader: &Reader<'_>, workspace: &Workspace) -> Result<Head, Error> {
        let mut known = reader.definitions("casefile")?;
        known.sort_by_key(|definition| definition.position);
        let own = known.first().and_then(|definition| {
            let node = yaml::parse("casefile.yaml", &definition.text).ok()?;
            let text = |key: &str| node.get(key).and_then(|node| node.str().ok()).map(str::to_owned);
            Some(Head {
                name: definition.name.clone(),
                title: text("title")?,
                account: text("as"),
                clearance: text("clearance").and_then(|text| text.parse().ok()),
            })
        });
        let title = workspace.name().to_owned();
        let fallback = || Head {
            name: names::slug(&title).unwrap_or_else(|| "workspace".into()),
            title: title.clone(),
            account: None,
            clearance: None,
        };
        Ok(own.unwrap_or_else(fallback))
    }

    fn default_clearance(&self) -> Clearance {
        self.clearance.clone().unwrap_or_else(Clearance::internal)
    }

    /// A clearance to be written: none, if it is the one that holds anyway.
    fn unless_default(&self, clearance: &Clearance) -> Option<Yaml> {
        (*clearance != self.default_clearance()).then(|| Yaml::text(clearance.to_string()))
    }
}

impl Export<'_> {
    /// Every entity of the view, and apart from them those that are sources.
    fn seen(&self) -> Result<(BTreeSet<EntityId>, BTreeSet<EntityId>), Error> {
        let mut all = BTreeSet::new();
        for schema in self.reader.registry().schemata().filter(|schema| !schema.is_abstract) {
            for id in self.reader.of_schema(&schema.name)? {
                all.insert(id);
            }
        }
        // Those judged the same are one on every page, and apart in a case file: the judgement says the rest.
        for (judge, _) in self.reader.judgements()? {
            all.extend([judge.a, judge.b]);
        }
        let mut entities = BTreeSet::new();
        let mut sources = BTreeSet::new();
        for id in all {
            let Some(schema) = self.reader.schema_of(id)? else { continue };
            match self.reader.registry().schema(&schema) {
                Some(schema) if schema.is_source => sources.insert(id),
                _ => entities.insert(id),
            };
        }
        Ok((entities, sources))
    }

    fn write(&mut self, path: &str, yaml: &Yaml) -> Result<(), Error> {
        self.folder.write(path, format!("{HEAD}{}", yaml.render()).as_bytes())
    }

    fn write_head(&mut self) -> Result<(), Error> {
        let head = Yaml::map([
            ("casefile", Some(Yaml::text(&self.head.name))),
            ("title", Some(Yaml::text(&self.head.title))),
            ("as", self.head.account.as_ref().map(Yaml::text)),
            ("clearance", self.head.clearance.as_ref().map(|clearance| Yaml::text(clearance.to_string()))),
        ]);
        self.write("casefile.yaml", &head)
    }

    /// `key: Schema`, in the order of the keys.
    fn write_entities(&mut self, entities: &BTreeSet<EntityId>) -> Result<(), Error> {
        let mut pairs = Vec::with_capacity(entities.len());
        for id in entities {
            let (Some(key), Some(schema)) = (self.names.key(*id), self.reader.schema_of(*id)?) else { continue };
            let clearance = self.clearance_of(*id)?.and_then(|clearance| self.head.unless_default(&clearance));
            let id = self.names.explicit(*id).then(|| Yaml::text(id.to_string()));
            let declared = if clearance.is_none() && id.is_none() {
                Yaml::text(schema)
            } else {
                Yaml::map([("schema", Some(Yaml::text(schema))), ("clearance", clearance), ("id", id)])
            };
            pairs.push((key.to_owned(), declared));
        }
        pairs.sort_by(|a, b| a.0.cmp(&b.0));
        self.report.entities += pairs.len();
        if pairs.is_empty() {
            return Ok(());
        }
        self.write("entities.yaml", &Yaml::Map(vec![("entities".into(), Yaml::Map(pairs))]))
    }

    fn clearance_of(&self, id: EntityId) -> Result<Option<Clearance>, Error> {
        Ok(self.reader.clearance_of(id)?)
    }

    /// A list under one key, in a file of that name; no file for an empty list.
    fn write_list(&mut self, key: &str, list: Vec<Yaml>) -> Result<(), Error> {
        if list.is_empty() {
            return Ok(());
        }
        self.report.decisions += list.len();
        self.write(&format!("{key}.yaml"), &Yaml::Map(vec![(key.to_owned(), Yaml::List(list))]))
    }
}
