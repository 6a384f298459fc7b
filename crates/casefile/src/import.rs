//! Taking a case file into a workspace.
//!
//! One entry for the entities, then one for each source in the order of `published`, so that earlier positions of the ledger
//! show what was known then; then judgements, assessments, preferences, definitions. What the ledger has is left out by its
//! origin, so that a folder imported twice appends nothing, and an import that was broken off is finished by the next.

use std::collections::{BTreeSet, HashMap};

use ledger::{
    Assess, Author, Claim, Clearance, Cleared, Define, Digest, EntityItem, Item, Level, Prefer, Retract, Target, View,
};
use schema::EntityId;
use workspace::{NewObject, NewSource, Workspace};

use crate::emit::Yaml;
use crate::error::Error;
use crate::known::{Known, KnownClaim};
use crate::model::CaseFile;
use crate::originals::{Original, Originals, media_type};
use crate::plan::{Plan, PlannedSource};
use crate::report::Report;

/// How to import.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// Check everything, say what would be appended, append nothing.
    pub dry_run: bool,
    /// Retract the claims of this case file that are no longer in the folder; otherwise they are only reported.
    pub retract_missing: bool,
}

/// An entry takes at most this many items; the ledger's own bound is higher.
const MOST: usize = 50_000;

/// Imports a case file, recorded by `author`. `progress` is told sources done, sources in all, and what comes next.
///
/// # Errors
/// [`Error::Problems`] before anything is appended, when the case file does not hold together; otherwise as ledger and vault
/// say. What was appended by then stays, and importing again goes on from there.
pub fn import(
    workspace: &Workspace,
    author: &Author,
    case_file: &CaseFile,
    originals: &[Original],
    options: Options,
    progress: &mut dyn FnMut(usize, usize, &str),
) -> Result<Report, Error> {
    let registry = workspace.ledger.registry().clone();
    let given = Originals::new(originals);
    let plan = Plan::build(case_file, &registry, &given, true).map_err(Error::Problems)?;
    let known = Known::read(workspace, &plan)?;

    let mut report = Report { dry_run: options.dry_run, ..Report::default() };
    report.left_out.clone_from(&plan.left_out);
    report.notices.extend(case_file.notices.iter().chain(&plan.unused).map(ToString::to_string));
    let mut door = Door { workspace, author, dry_run: options.dry_run, entries: 0 };

    let new: Vec<&EntityItem> = plan.entities.iter().filter(|entity| !known.entities.contains(&entity.id)).collect();
    report.entities = new.len();
    let mut first: Vec<Item> = new.into_iter().cloned().map(Item::Entity).collect();
    first.push(Item::Define(head(case_file)));
    door.append("the entities", first)?;

    let total = plan.sources.len();
    for (done, source) in plan.sources.iter().enumerate() {
        progress(done, total, &source.key);
        take(&mut door, source, &known, &mut report)?;
    }
    unmatched(&mut door, case_file, originals, &mut report)?;
    progress(total, total, "judgements, assessments and definitions");

    report.decisions += door.append("the judgements", plan.judgements.iter().cloned().map(Item::Judge).collect())?;
    if options.dry_run {
        report.notices.push("judgements, assessments and preferences are not counted when nothing is recorded".into());
    } else {
        let now = Known::read(workspace, &plan)?;
        report.decisions += door.append("the assessments", assessments(&plan, &now.claims, &mut report.notices))?;
        report.decisions += door.append("the preferences", preferences(&plan, &now.claims, &mut report.notices))?;
    }
    report.decisions +=
        door.append("figures and letters", plan.definitions.iter().cloned().map(Item::Define).collect())?;

    missing(&mut door, case_file, &plan, options, &mut report)?;
    report.entries = door.entries;
    progress(total, total, "done");
    Ok(report)
}

/// The ledger's door, or a look at it.
struct Door<'a> {
    workspace: &'a Workspace,
    author: &'a Author,
    dry_run: bool,
    entries: usize,
}

impl Door<'_> {
    /// Appends what is new as one entry; says how many items that was.
    fn append(&mut self, what: &str, items: Vec<Item>) -> Result<usize, Error> {
        if self.dry_run || items.is_empty() {
            return Ok(0);
        }
        let mut appended = 0;
        for part in items.chunks(MOST) {
            let receipt = self
                .workspace
                .ledger
                .append_new(self.author, part.to_vec())
                .map_err(|error| Error::Refused { place: what.to_owned(), error })?;
            appended += receipt.claims.len();
            self.entries += usize::from(!receipt.claims.is_empty());
        }
        Ok(appended)
    }

    /// Adds a source by the door that forms use: its bytes into the vault, then one entry.
    fn add_source(&mut self, what: &str, source: NewSource<'_>, mut items: Vec<Item>) -> Result<(), Error> {
        if self.dry_run {
            return Ok(());
        }
        let rest = items.split_off(items.len().min(MOST));
        let receipt = self.workspace.add_source(self.author, source, items).map_err(|error| match error {
            workspace::Error::Ledger(error) => Error::Refused { place: what.to_owned(), error },
            other => Error::Workspace(other),
        })?;
        self.entries += usize::from(!receipt.claims.is_empty());
        self.append(what, rest)?;
        Ok(())
    }
}

/// One source: its bytes, its reliability, its claims.
fn take(door: &mut Door<'_>, source: &PlannedSource<'_>, known: &Known, report: &mut Report) -> Result<(), Error> {
    let mut items = Vec::new();
    let object = source.object.as_ref().filter(|object| !known.objects.contains(&(source.id, object.sha256)));
    let mut new = 0;
    for planned in &source.claims {
        match known.claims.get(&planned.origin) {
            None => {
                new += 1;
                items.push(Item::Claim(planned.claim.clone()));
            }
            Some(there) => {
                report.skipped += 1;
                report
                    .notices
                    .extend(differs(there, &planned.claim.clearance).map(|what| format!("{}: {what}", planned.at)));
            }
        }
    }
    items.extend(source.reliability.clone().map(Item::Assess));
    report.claims += new;
    report.sources += usize::from(new > 0);
    let what = format!("the source “{}”", source.key);
    let Some(object) = object else {
        door.append(&what, items)?;
        return Ok(());
    };
    let new = NewSource {
        key: Some(source.key.clone()),
        clearance: source.clearance.clone(),
        bytes: Some(NewObject::bytes(object.file_name, object.media_type, object.bytes.to_vec())),
        method: object.method.into(),
        ..NewSource::new(source.id, &source.schema)
    };
    door.add_source(&what, new, items)
}

/// What is to be said of a claim that the ledger has.
fn differs(there: &KnownClaim, clearance: &Clearance) -> Option<String> {
    if there.retracted {
        return Some("this claim was retracted in the ledger, and stays retracted".into());
    }
    (there.clearance != *clearance).then(|| {
        format!(
            "this claim is {} in the ledger and {clearance} here; the ledger’s holds: reclassify it there",
            there.clearance
        )
    })
}

fn assessments(plan: &Plan<'_>, claims: &HashMap<Digest, KnownClaim>, notices: &mut Vec<String>) -> Vec<Item> {
    let mut items = Vec::new();
    for planned in &plan.assessments {
        for origin in &planned.claims {
            let Some(claim) = claims.get(origin) else {
                notices.push(format!("{}: not recorded, because its claim is not in the ledger", planned.at));
                continue;
            };
            let mut assess = Assess {
                target: Target::Claim(claim.id),
                verification: planned.verification.clone(),
                standard: planned.standard.clone(),
                reliability: None,
                credibility: planned.credibility.clone(),
                reason: planned.reason.clone(),
                origin: None,
            };
            assess.origin = Some(crate::origin::of_assessment(&origin.0, &assess));
            items.push(Item::Assess(assess));
        }
    }
    items
}

fn preferences(plan: &Plan<'_>, claims: &HashMap<Digest, KnownClaim>, notices: &mut Vec<String>) -> Vec<Item> {
    let mut items = Vec::new();
    for planned in &plan.preferences {
        let Some(claim) = claims.get(&planned.claim) else {
            notices.push(format!("{}: not recorded, because its claim is not in the ledger", planned.at));
            continue;
        };
        let mut prefer = Prefer { claim: claim.id, reason: planned.reason.clone(), origin: None };
        prefer.origin = Some(crate::origin::of_preference(planned.claim, &prefer));
        items.push(Item::Prefer(prefer));
    }
    items
}

/// What the case file is called, kept so that it can be given back.
fn head(case_file: &CaseFile) -> Define {
    let text = Yaml::map([
        ("casefile", Some(Yaml::text(&case_file.name))),
        ("title", Some(Yaml::text(&case_file.title))),
        ("as", case_file.account.as_ref().map(Yaml::text)),
        ("clearance", case_file.clearance.as_ref().map(|clearance| Yaml::text(clearance.to_string()))),
    ]);
    Define {
        kind: "casefile".into(),
        name: case_file.name.clone(),
        text: text.render(),
        clearance: case_file.default_clearance(),
    }
}

/// Originals that no source asks for: they are kept as documents of which nothing is claimed yet.
fn unmatched(
    door: &mut Door<'_>,
    case_file: &CaseFile,
    originals: &[Original],
    report: &mut Report,
) -> Result<(), Error> {
    let wanted: BTreeSet<[u8; 32]> = case_file
        .sources
        .iter()
        .filter_map(|source| match &source.content {
            crate::model::Content::Original { sha256, .. } => Some(*sha256),
            _ => None,
        })
        .collect();
    for original in originals {
        let digest = original.digest();
        if wanted.contains(&digest.0) {
            continue;
        }
        let id = EntityId::derive("rapporteur/original", &digest.to_string());
        let ledger = &door.workspace.ledger;
        let known = ledger.read(&everything([]))?.schema_of(id)?.is_some();
        report.notices.push(format!(
            "{}: no source of the case file asks for this file; it is kept as a document of which nothing is claimed{}",
            original.name,
            if known { " (the ledger has it already)" } else { "" },
        ));
        if known {
            continue;
        }
        report.entities += 1;
        report.sources += 1;
        let mut items = Vec::new();
        if let Ok(title) = ledger.registry().parse("Document", "title", &original.name, None) {
            let claim = Claim {
                no_words: Some(crate::plan::BIBLIOGRAPHIC.into()),
                clearance: case_file.default_clearance(),
                ..Claim::new(id, "title", &title, id)
            };
            let origin = Some(crate::origin::of_claim(&claim, 1));
            items.push(Item::Claim(Claim { origin, ..claim }));
            report.claims += 1;
        }
        let new = NewSource {
            clearance: case_file.default_clearance(),
            bytes: Some(NewObject::bytes(&original.name, media_type(&original.name), original.bytes.clone())),
            method: "given with a case file".into(),
            ..NewSource::new(id, "Document")
        };
        door.add_source(&format!("the file {}", original.name), new, items)?;
    }
    Ok(())
}

/// Claims that came from this case file, stand, and are no longer in the folder.
fn missing(
    door: &mut Door<'_>,
    case_file: &CaseFile,
    plan: &Plan<'_>,
    options: Options,
    report: &mut Report,
) -> Result<(), Error> {
    let there: BTreeSet<Digest> = plan.claims().map(|claim| claim.origin).collect();
    // A source that is left out this time is in the folder all the same.
    let left_out: BTreeSet<EntityId> = case_file
        .sources
        .iter()
        .map(|source| source.id.unwrap_or_else(|| EntityId::derive(&case_file.name, &source.key)))
        .filter(|id| !plan.sources.iter().any(|source| source.id == *id))
        .collect();
    // The author's own view: what somebody may not see is not told by taking a line out of a folder.
    let view = crate::known::own_view(door.workspace, door.author)?;
    let mut retract = Vec::new();
    {
        let reader = door.workspace.ledger.read(&view)?;
        for source in reader.of_schema("Document")? {
            let Some(key) = reader.key_of(source)? else { continue };
            let ours = EntityId::derive(&case_file.name, &key) == source || plan.sources.iter().any(|s| s.id == source);
            if !ours || left_out.contains(&source) {
                continue;
            }
            for claim in reader.claims_in(source)? {
                let Some(origin) = claim.origin.filter(|_| claim.source == Some(source)) else { continue };
                let stands = matches!(claim.state, ledger::ClaimState::Stands | ledger::ClaimState::OutsideStandard);
                if !stands || there.contains(&origin) {
                    continue;
                }
                report.missing.push(format!(
                    "{}: {} of {} is “{}” ({})",
                    key,
                    claim.property,
                    reader.label(claim.entity)?,
                    claim.display,
                    claim.id
                ));
                retract.push(Item::Retract(Retract {
                    claim: claim.id,
                    reason: format!("no longer in the case file {}", case_file.name),
                    origin: None,
                }));
            }
        }
    }
    if options.retract_missing {
        report.retracted =
            if options.dry_run { retract.len() } else { door.append("what is no longer in the folder", retract)? };
    }
    Ok(())
}

/// The widest view there is, for looking up what the importer has in hand.
pub(crate) fn everything<'a>(teams: impl IntoIterator<Item = &'a str>) -> View {
    View::new(teams.into_iter().fold(Cleared::to(Level::Restricted), Cleared::with_team))
}
