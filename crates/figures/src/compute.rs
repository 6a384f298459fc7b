//! From a definition and a reader to a figure.

use ledger::{Digest, Reader, View};
use schema::{Registry, Term, Value};

use crate::bounds::{self, Same};
use crate::deed::{Known, gather, gone};
use crate::item::{self, Victims};
use crate::links::Links;
use crate::{Bounds, Count, Definition, Error, Figure, Unit, published, view};

/// Counts what the definition asks for, at the reader's position.
///
/// The reader's view must be the one that the figure asks for ([`view`] gives it): so a figure never depends on who asks.
///
/// # Errors
/// [`Error::Clearance`] when the reader may see less than the figure rests on, [`Error::View`] when the reader may see more
/// or another standard holds; [`Error::Definition`] when a term of the definition does not exist; errors of the ledger.
pub fn compute(reader: &Reader<'_>, definition: &Definition) -> Result<Figure, Error> {
    let needed = view(reader, definition)?;
    if *reader.cleared() != needed.cleared || reader.view().standard != needed.standard {
        let words = |view: &View| format!("{}, under {}", view.cleared, view.standard);
        return Err(Error::View {
            figure: definition.name.clone(),
            needed: words(&needed),
            given: words(reader.view()),
        });
    }
    check(reader.registry(), definition)?;
    count(reader, definition)
}

fn count(reader: &Reader<'_>, definition: &Definition) -> Result<Figure, Error> {
    let registry = reader.registry();
    let links = Links::of(reader)?;
    let mut known = Known::new(reader);
    let gathered = gather(reader, definition, &mut known)?;
    let deeds = &gathered.deeds;
    let victims = Victims::of(deeds, &mut known)?;
    let kin = |a: &Term, b: &Term| registry.narrower_or_equal(a, b) || registry.narrower_or_equal(b, a);
    let number = |unit: Unit| -> Count {
        let bounds: Bounds = match unit {
            Unit::Persons => bounds::persons(&victims.named, &victims.bands, victims.unknown, &links),
            Unit::Acts => {
                let told: Vec<_> = deeds.iter().map(|deed| deed.told.clone()).collect();
                bounds::acts(&told, &links, &kin)
            }
        };
        Count::of(unit.as_str(), bounds, nouns(registry, unit, &definition.acts))
    };
    let own = number(definition.unit);
    let mut destroyed = gathered.gone;
    for (band, _) in &victims.bands {
        destroyed += gone(reader, band.group)?;
    }
    let mut sources = Vec::new();
    for id in &definition.sources {
        if let Some(label) = reader.label_opt(*id)? {
            sources.push((*id, label));
        }
    }
    Figure {
        name: definition.name.clone(),
        title: definition.title.clone(),
        definition: definition.definition.clone(),
        unit: own.unit.clone(),
        acts: codes(&definition.acts),
        victim_groups: codes(&definition.victim_groups),
        window: Value::Date(definition.window).canonical(),
        place: definition.place.as_ref().map(|place| place.code.clone()),
        standard: definition.standard.clone(),
        clearance: definition.clearance.clone(),
        position: reader.position(),
        digest: Digest([0; 32]),
        lower: own.lower,
        upper: own.upper,
        count: own,
        also: definition.also.iter().map(|unit| number(*unit)).collect(),
        items: item::items(reader, definition.unit, deeds, &victims, &links, &mut known)?,
        groups: item::groups(definition.unit, deeds, &victims, &mut known, Same { links: &links, kin: &kin })?,
        published: published::beside(reader, definition)?,
        sources,
        source_note: definition.source_note.clone(),
        undated: gathered.undated,
        gone: destroyed,
    }
    .sealed()
}

fn codes(terms: &[Term]) -> Vec<String> {
    terms.iter().map(|term| term.code.clone()).collect()
}

/// What one and several are called. Where one type of act alone is counted and the vocabulary of units knows its plural, so:
/// arrests.
fn nouns(registry: &Registry, unit: Unit, acts: &[Term]) -> (String, String) {
    let label =
        |vocabulary: &str, code: &str| Some(registry.vocabulary(vocabulary)?.get(code)?.label.en.to_lowercase());
    if let (Unit::Acts, [only]) = (unit, acts)
        && let (Some(one), Some(many)) =
            (label("acts", &only.code), label("counting-units", &format!("{}s", only.code)))
    {
        return (one, many);
    }
    match unit {
        Unit::Persons => ("person".into(), "persons".into()),
        Unit::Acts => ("act".into(), "acts".into()),
    }
}

/// Whether there is everything that the definition names.
fn check(registry: &Registry, definition: &Definition) -> Result<(), Error> {
    let wrong = |what: String, hint: String| Err(Error::Definition { figure: definition.name.clone(), what, hint });
    for term in definition.acts.iter().chain(&definition.victim_groups).chain(&definition.place) {
        if registry.term(term).is_none() {
            let codes =
                registry.vocabulary(&term.vocabulary).map(|known| known.terms.iter().map(|term| term.code.as_str()));
            let near = codes.and_then(|codes| schema::nearest(&term.code, codes).map(str::to_owned));
            let hint = near
                .map_or_else(|| "Choose a code of that vocabulary.".into(), |near| format!("Did you mean “{near}”?"));
            return wrong(format!("the vocabulary {} has no term “{}”", term.vocabulary, term.code), hint);
        }
    }
    if definition.window.is_uncertain() {
        return wrong(
            "an uncertain window holds nothing for certain".into(),
            "Take the “?” or “%” off its days.".into(),
        );
    }
    Ok(())
}
