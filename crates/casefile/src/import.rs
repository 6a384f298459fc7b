//! Taking a case file into a workspace, whole or not at all.
//!
//! The objects go into the vault first; then one transaction of the ledger takes one entry for the entities, one for each source in
//! the order of `published`, so that earlier positions of the ledger show what was known then, and those for judgements,
//! assessments, preferences, definitions. An import that fails, is cancelled or is killed leaves none of them. What the ledger has
//! is left out by its origin, so that a folder imported twice appends nothing.

use std::collections::{BTreeSet, HashMap, HashSet};

use ledger::{Assess, Author, Claim, Define, Digest, EntityItem, Item, Prefer, Retract, Target, View};
use schema::EntityId;
use vault::Stored;
use workspace::{Addition, NewSource, Workspace};

use crate::door::{Door, Object, Open};
use crate::emit::Yaml;
use crate::error::Error;
use crate::known::{self, Known, KnownClaim};
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

/// Imports a case file, recorded by `author`. `progress` is told sources done, sources in all, and what comes next.
///
/// # Errors
/// [`Error::Problems`] when the case file does not hold together; otherwise as ledger and vault say. Whatever it is, and if
/// `progress` panics, nothing was appended, and no object is left in the vault.
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
    let in_hand = known::in_hand(case_file, &plan);
    let objects = known::objects(&workspace.ledger.read(&known::everything())?)?;
    let strays = strays(case_file, originals);
    let mut import = Import { case_file, plan, strays, in_hand, objects, options, author, progress };
    if options.dry_run {
        return import.run(Door { workspace, open: None, entries: 0 });
    }
    let mut addition = workspace.addition()?;
    let stored = import.put(&mut addition)?;
    let report = workspace.ledger.append_all_with(author, |transaction| {
        import.run(Door { workspace, open: Some(Open { transaction, addition: &mut addition, stored }), entries: 0 })
    })?;
    addition.finish();
    Ok(report)
}

/// What is to be taken in, and for whom.
struct Import<'a, 'p> {
    case_file: &'a CaseFile,
    plan: Plan<'a>,
    strays: Vec<Stray<'a>>,
    in_hand: View,
    /// Sources and objects that the ledger speaks of.
    objects: HashSet<(EntityId, Digest)>,
    options: Options,
    author: &'a Author,
    progress: &'p mut dyn FnMut(usize, usize, &str),
}

impl Import<'_, '_> {
    /// Puts into the vault what the ledger does not speak of yet. That takes longest, and nobody has to wait for it.
    fn put(&self, addition: &mut Addition<'_>) -> Result<HashMap<Digest, Stored>, Error> {
        let planned = self.plan.sources.iter().filter_map(|source| {
            let object = source.object.as_ref()?;
            Some((source.id, object.sha256, object.bytes))
        });
        let strays = self.strays.iter().map(|stray| (stray.id, stray.sha256, stray.original.bytes.as_slice()));
        let mut stored = HashMap::new();
        for (source, sha256, bytes) in planned.chain(strays) {
            if !self.objects.contains(&(source, sha256)) && !stored.contains_key(&sha256) {
                stored.insert(sha256, addition.put(bytes)?);
            }
        }
        Ok(stored)
    }

    fn run(&mut self, mut door: Door<'_, '_, '_>) -> Result<Report, Error> {
        let door = &mut door;
        let plan = &self.plan;
        let reader = door.read(&self.in_hand)?;
        let known = Known::read(&reader, plan)?;
        let mut report = Report { dry_run: self.options.dry_run, ..Report::default() };
        report.left_out.clone_from(&plan.left_out);
        report.notices.extend(self.case_file.notices.iter().chain(&plan.unused).map(ToString::to_string));
        report.notices.extend(known::unattended(&reader, self.case_file, plan)?);
        drop(reader);

        let new: Vec<&EntityItem> =
            plan.entities.iter().filter(|entity| !known.entities.contains(&entity.id)).collect();
        report.entities = new.len();
        let mut first: Vec<Item> = new.into_iter().cloned().map(Item::Entity).collect();
        first.push(Item::Define(head(self.case_file)));
        door.append("the entities", first)?;

        let total = plan.sources.len();
        for (done, source) in plan.sources.iter().enumerate() {
            (self.progress)(done, total, &source.key);
            take(door, source, &known, &self.objects, &mut report)?;
        }
        unmatched(door, self.case_file, &self.strays, &self.in_hand, &mut report)?;
        (self.progress)(total, total, "judgements, assessments and definitions");

        report.decisions +=
            door.append("the judgements", plan.judgements.iter().cloned().map(Item::Judge).collect())?;
        if self.options.dry_run {
            report
                .notices
                .push("judgements, assessments and preferences are not counted when nothing is recorded".into());
        } else {
            let now = Known::read(&door.read(&self.in_hand)?, plan)?;
            report.decisions += door.append("the assessments", assessments(plan, &now.claims, &mut report.notices))?;
            report.decisions += door.append("the preferences", preferences(plan, &now.claims, &mut report.notices))?;
        }
        report.decisions +=
            door.append("figures and letters", plan.definitions.iter().cloned().map(Item::Define).collect())?;

        missing(door, self.case_file, plan, self.author, self.options, &mut report)?;
        report.entries = door.entries;
        (self.progress)(total, total, "done");
        Ok(report)
    }
}

/// One source: its bytes, its reliability, its claims.
fn take(
    door: &mut Door<'_, '_, '_>,
    source: &PlannedSource<'_>,
    known: &Known,
    objects: &HashSet<(EntityId, Digest)>,
    report: &mut Report,
) -> Result<(), Error> {
    let mut items = Vec::new();
    let object = source.object.as_ref().filter(|object| !objects.contains(&(source.id, object.sha256)));
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
        method: object.method.into(),
        ..NewSource::new(source.id, &source.schema)
    };
    let object = Object {
        sha256: object.sha256,
        file_name: object.file_name,
        media_type: object.media_type,
        bytes: object.bytes,
    };
    door.add_source(&what, new, object, items)
}

/// What is to be said of a claim that the ledger has.
fn differs(there: &KnownClaim, clearance: &ledger::Clearance) -> Option<String> {
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

/// An original that no source asks for.
struct Stray<'a> {
    original: &'a Original,
    sha256: Digest,
    id: EntityId,
}

fn strays<'a>(case_file: &CaseFile, originals: &'a [Original]) -> Vec<Stray<'a>> {
    let wanted: BTreeSet<[u8; 32]> = case_file
        .sources
        .iter()
        .filter_map(|source| match &source.content {
            crate::model::Content::Original { sha256, .. } => Some(*sha256),
            _ => None,
        })
        .collect();
    let all = originals.iter().map(|original| (original, original.digest()));
    all.filter(|(_, sha256)| !wanted.contains(&sha256.0))
        .map(|(original, sha256)| {
            let id = EntityId::derive("rapporteur/original", &sha256.to_string());
            Stray { original, sha256, id }
        })
        .collect()
}

/// Originals that no source asks for: they are kept as documents of which nothing is claimed yet.
fn unmatched(
    door: &mut Door<'_, '_, '_>,
    case_file: &CaseFile,
    strays: &[Stray<'_>],
    in_hand: &View,
    report: &mut Report,
) -> Result<(), Error> {
    for Stray { original, sha256, id } in strays {
        let known = door.read(in_hand)?.schema_of(*id)?.is_some();
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
        if let Ok(title) = door.workspace.ledger.registry().parse("Document", "title", &original.name, None) {
            let claim = Claim {
                no_words: Some(crate::plan::BIBLIOGRAPHIC.into()),
                clearance: case_file.default_clearance(),
                ..Claim::new(*id, "title", &title, *id)
            };
            let origin = Some(crate::origin::of_claim(&claim, 1));
            items.push(Item::Claim(Claim { origin, ..claim }));
            report.claims += 1;
        }
        let new = NewSource {
            clearance: case_file.default_clearance(),
            method: "given with a case file".into(),
            ..NewSource::new(*id, "Document")
        };
        let object = Object {
            sha256: *sha256,
            file_name: &original.name,
            media_type: media_type(&original.name),
            bytes: &original.bytes,
        };
        door.add_source(&format!("the file {}", original.name), new, object, items)?;
    }
    Ok(())
}

/// Claims that came from this case file, stand, and are no longer in the folder.
fn missing(
    door: &mut Door<'_, '_, '_>,
    case_file: &CaseFile,
    plan: &Plan<'_>,
    author: &Author,
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
    let view = known::own_view(&door.read(&View::public())?, author)?;
    let mut retract = Vec::new();
    {
        let reader = door.read(&view)?;
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
