#![allow(clippy::unwrap_used, clippy::panic)]
use super::*;

fn builtin() -> Arc<Registry> {
    match Registry::builtin() {
        Ok(registry) => registry,
        Err(errors) => {
            let all: Vec<String> = errors.iter().map(ToString::to_string).collect();
            panic!("{}", all.join("\n"));
        }
    }
}

fn extended(yaml: &str) -> Result<Registry, String> {
    Registry::with_extensions(&[("own.yaml".to_owned(), yaml.to_owned())])
        .map_err(|errors| errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))
}

#[test]
fn the_builtin_data_load() {
    let registry = builtin();
    assert!(registry.schemata().count() >= 25);
    assert!(registry.vocabularies().count() >= 30);
    let standards: Vec<&str> = registry.standards().iter().map(|s| s.name.as_str()).collect();
    assert_eq!(standards, ["all-allegations", "corroborated", "reasonable-grounds"]);
}

#[test]
fn properties_are_inherited() {
    let registry = builtin();
    assert!(registry.is_a("Act", "Event"));
    assert!(registry.is_a("Act", "Act"));
    assert!(!registry.is_a("Event", "Act"));
    assert_eq!(registry.property("Act", "date").unwrap().declared_in, "Event");
    assert!(registry.schema("Interview").unwrap().is_source);
    let own = registry.properties("Act")[0];
    assert_eq!(own.declared_in, "Act");
    assert!(
        registry.inverse("Person").iter().any(|(schema, property)| schema.name == "Act" && property.name == "victim")
    );
}

#[test]
fn an_unknown_name_gets_the_nearest() {
    let registry = builtin();
    assert_eq!(
        registry.property("Act", "victm").unwrap_err().to_string(),
        "Act has no property “victm”. Did you mean “victim”?"
    );
    assert_eq!(
        registry.property("Persn", "name").unwrap_err().to_string(),
        "there is no schema “Persn”. Did you mean “Person”?"
    );
}

#[test]
fn a_term_is_found_by_whatever_people_type() {
    let registry = builtin();
    for written in ["arrest", "acts:arrest", "Arrest", "ARREST"] {
        assert_eq!(registry.parse("Act", "type", written, None).unwrap().canonical(), "acts:arrest", "{written}");
    }
    let error = registry.parse("Act", "type", "arest", None).unwrap_err();
    assert!(error.to_string().contains("Did you mean"), "{error}");
    assert!(registry.parse("Act", "type", "sex:female", None).is_err());
    let arrest = Term::new("acts", "arrest").unwrap();
    let broader = Term::new("acts", "deprivation-of-liberty").unwrap();
    assert!(registry.narrower_or_equal(&arrest, &broader));
    assert!(!registry.narrower_or_equal(&broader, &arrest));
    assert_eq!(registry.agreement(&Value::Term(broader), &Value::Term(arrest)), Agreement::LessPrecise);
}

#[test]
fn a_place_gets_the_area_that_it_names() {
    let registry = builtin();
    let parse = |text: &str| registry.parse("Event", "place", text, None);
    assert_eq!(parse("Phnom Penh").unwrap().canonical(), "Phnom Penh [KH-12]");
    assert_eq!(parse("Wat Botum Park").unwrap().canonical(), "Wat Botum Park");
    assert!(parse("[KH-99]").is_err());
    let place = parse("Wat Botum Park [KH-12]").unwrap();
    assert_eq!(place.display(&registry, "en"), "Wat Botum Park, Phnom Penh");
}

#[test]
fn a_value_of_another_kind_is_refused() {
    let registry = builtin();
    let date = registry.parse("Act", "date", "31 July 2020", None).unwrap();
    assert!(registry.check("Act", "date", &date).is_ok());
    assert!(registry.check("Act", "type", &date).is_err());
    assert_eq!(
        registry.parse("Act", "date", "2021-02-30", None).unwrap_err().to_string(),
        "Act.date: 2021-02-30: February 2021 has 28 days. Write a day from 01 to 28, or 2021-02 \
         if the day is not known."
    );
}

#[test]
fn a_workspace_adds_its_own() {
    let registry = extended(
        "vocabulary: acts\namends: true\nterms:\n  - {code: night-raid, label: {en: Night raid}, \
         broader: arrest}\n",
    )
    .unwrap();
    let raid = Term::new("acts", "night-raid").unwrap();
    let arrest = Term::new("acts", "arrest").unwrap();
    assert!(registry.narrower_or_equal(&raid, &arrest));

    let registry =
        extended("schema: Person\namends: true\nproperties:\n  shoeSize: {label: {en: Shoe size}, kind: count}\n")
            .unwrap();
    assert!(registry.property("Person", "shoeSize").is_ok());
}

#[test]
fn every_fault_has_its_line() {
    let errors = extended(
        "schema: Vessel\nlabel: {en: Vessel}\nplural: {en: Vessels}\nextends: [Thing]\n\
         caption: [nam]\ncolour: red\nproperties:\n  flag:\n    label: {en: Flag}\n    kind: term\n    \
         vocabulary: flags\n  owner: {label: {en: Owner}, kind: entity, range: [Persn]}\n  \
         speed: {label: {en: Speed}, kind: velocity}\n",
    )
    .unwrap_err();
    for part in [
        "own.yaml:6:1: colour: unknown key “colour”",
        "own.yaml:13:",
        "“velocity” is not a kind of value",
        "there is no vocabulary flags",
        "own.yaml:12:10: properties.owner: there is no schema Persn. Did you mean “Person”?",
        "it shows “nam”, which is no property of Vessel. Did you mean “name”?",
    ] {
        assert!(errors.contains(part), "{part}\n--\n{errors}");
    }
    assert!(extended("schema: Act\nlabel: {en: A}\nplural: {en: A}\n").is_err());
    assert!(extended("colour: red\n").is_err());
    let circle = extended("schema: A\nlabel: {en: A}\nplural: {en: A}\nextends: [A]\n");
    assert!(circle.unwrap_err().contains("A extends itself"));
}
