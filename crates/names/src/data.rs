//! The data files of names, read once: each rule of them can be read, and changed, by somebody who knows names and no Rust.

use std::sync::OnceLock;

use schema::yaml::{self, DataError, Node};

use super::alike::Costs;
use super::nickname::Nicknames;
use super::place::Kinds;
use super::script::Scripts;
use super::skeleton::Skeleton;
use super::sound::Sounds;
use super::titles::Titles;

/// Everything that the functions of this module look up.
pub(super) struct Tables {
    pub sounds: Sounds,
    pub skeleton: Skeleton,
    pub costs: Costs,
    pub nicknames: Nicknames,
    pub places: Kinds,
    pub titles: Titles,
    pub scripts: Scripts,
}

/// The files, as they were when this was compiled.
const FILES: [(&str, &str); 14] = [
    ("romanisation.yaml", include_str!("../data/romanisation.yaml")),
    ("skeleton.yaml", include_str!("../data/skeleton.yaml")),
    ("alike.yaml", include_str!("../data/alike.yaml")),
    ("nicknames.yaml", include_str!("../data/nicknames.yaml")),
    ("places.yaml", include_str!("../data/places.yaml")),
    ("titles.yaml", include_str!("../data/titles.yaml")),
    ("scripts/arabic.yaml", include_str!("../data/scripts/arabic.yaml")),
    ("scripts/burmese.yaml", include_str!("../data/scripts/burmese.yaml")),
    ("scripts/cyrillic.yaml", include_str!("../data/scripts/cyrillic.yaml")),
    ("scripts/indic.yaml", include_str!("../data/scripts/indic.yaml")),
    ("scripts/khmer.yaml", include_str!("../data/scripts/khmer.yaml")),
    ("scripts/lao.yaml", include_str!("../data/scripts/lao.yaml")),
    ("scripts/others.yaml", include_str!("../data/scripts/others.yaml")),
    ("scripts/thai.yaml", include_str!("../data/scripts/thai.yaml")),
];

fn file(name: &str) -> Result<Node, DataError> {
    let text = FILES.iter().find(|(file, _)| *file == name).map_or("", |(_, text)| *text);
    yaml::parse(name, text)
}

fn load() -> Result<Tables, DataError> {
    Ok(Tables {
        sounds: Sounds::read(&file("romanisation.yaml")?)?,
        skeleton: Skeleton::read(&file("skeleton.yaml")?)?,
        costs: Costs::read(&file("alike.yaml")?)?,
        nicknames: Nicknames::read(&file("nicknames.yaml")?)?,
        places: Kinds::read(&file("places.yaml")?)?,
        titles: Titles::read(&file("titles.yaml")?)?,
        scripts: Scripts::read(|script| file(&format!("scripts/{script}.yaml")))?,
    })
}

fn loaded() -> &'static Result<Tables, DataError> {
    static TABLES: OnceLock<Result<Tables, DataError>> = OnceLock::new();
    TABLES.get_or_init(load)
}

/// The tables; `None` when a file among those compiled in cannot be read, which [`super::check`] says and a test refuses.
pub(super) fn tables() -> Option<&'static Tables> {
    loaded().as_ref().ok()
}

/// Whether the data files that were compiled in hold together.
///
/// # Errors
/// The first fault: its file, line and what to do.
pub fn check() -> Result<(), DataError> {
    loaded().as_ref().map(|_| ()).map_err(Clone::clone)
}
