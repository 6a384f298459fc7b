//! What other crates, case files and pages rely on: these schemata have these properties, of
//! these kinds. A change here is a change of format: say so in the changelog.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use schema::{Cardinality, Kind, Registry};

/// Schema, what it extends, its own properties: `name kind [vocabulary or range] one|many`.
#[rustfmt::skip]
const PROMISED: &[(&str, &str, &str)] = &[
    ("Thing", "", "\
        name name many; alias name many; summary text many; identifier identifier many; sourceUrl url many; \
        note text many"),
    ("LegalEntity", "Thing", "\
        country term places many; address text many; website url many"),
    ("Person", "LegalEntity", "\
        title text many; gender term sex many; birthDate date many; deathDate date many; \
        nationality text many; occupation text many; position text many; \
        affiliation entity Organization many; health text many"),
    ("Group", "LegalEntity", "\
        size count one; member entity Person many"),
    ("Organization", "LegalEntity", "\
        legalStatus text many; founded date many"),
    ("PublicBody", "Organization", "\
        level term body-levels many; court term courts many"),
    ("MediaOutlet", "Organization", "\
        licenceStatus text many"),
    ("PoliticalParty", "Organization", "\
        leader entity Person many"),
    ("Place", "Thing", "\
        area term places many; within entity Place many; point place many"),
    ("Event", "Thing", "\
        title text many; date date one; place place one; account text many; \
        argument term state-arguments many; response term responses many"),
    ("Incident", "Event", "\
        kind term incident-kinds many; violationStatus term violation-status many; \
        follows entity Incident many; involved entity LegalEntity many"),
    ("Act", "Event", "\
        incident entity Incident one; type term acts one; victim entity Person|Group|Organization one; \
        perpetrator entity LegalEntity many; perpetratorType term perpetrator-types many; \
        witness entity Person many; statedReason text many; method text many; \
        attribution term attribution many; victimStatus term victim-status many; \
        victimGroup term victim-groups many; victimAge count many; detentionType term detention many; \
        sdgCategory term sdg-16-10-1 many; proceeding entity Proceeding many"),
    ("Proceeding", "Thing", "\
        title text many; defendant entity LegalEntity many; court entity PublicBody one; charge text many; \
        provision entity Provision many; complainant entity LegalEntity many; judge name one; \
        lawyer name many; caseNumber identifier many; account text many; \
        argument term state-arguments many"),
    ("ProceedingStep", "Event", "\
        proceeding entity Proceeding one; type term proceeding-steps one; \
        defendant entity LegalEntity many; court entity PublicBody many; verdict term verdicts one; \
        sentence sentence one; fine money one; damages money one; provision entity Provision many; \
        charge text many; result text one; execution text one"),
    ("Law", "Thing", "\
        title text many; shortTitle text many; adopted date many; promulgated date many; inForce date many"),
    ("Provision", "Thing", "\
        law entity Law one; article text one; offence text many; minimumTerm duration many; \
        maximumTerm duration many; minimumFine money many; maximumFine money many"),
    ("Document", "Thing", "\
        title text many; kind term document-kinds many; author name many; \
        publisher entity LegalEntity many; published date one; language term languages many; \
        derivedFrom entity Document many; fileName text many; cites text many; \
        signatory entity LegalEntity many"),
    ("Interview", "Document", "\
        interviewee entity Person many; interviewer name many; consent text many"),
    ("Communication", "Document", "\
        communicationType term communication-types many; caseNumber identifier many; \
        sender entity LegalEntity many; recipient entity LegalEntity many; sentOn date many; \
        replyDue date many; concerns entity Thing many"),
    ("Reply", "Document", "\
        communication entity Communication many; receivedOn date many; \
        character term reply-characters many; argument term state-arguments many"),
    ("Mandate", "Thing", "\
        holder entity Person many; body entity PublicBody many; established date many; term date many; \
        resolution identifier many"),
    ("Session", "Event", "\
        body entity PublicBody many; number text many"),
    ("BenchmarkSet", "Thing", "\
        title text many; symbol identifier many; issuer entity Thing many; issued date one; \
        presented date one; number count many"),
    ("Benchmark", "Thing", "\
        set entity BenchmarkSet one; number count one; text text many; horizon text many; theme text many"),
    ("Assessment", "Thing", "\
        benchmark entity Benchmark many; set entity BenchmarkSet many; assessor entity LegalEntity many; \
        date date many; rating term rating-scales one; justification text many"),
    ("ReportedCount", "Thing", "\
        title text many; count count one; unit term counting-units one; population text many; \
        victimGroup term victim-groups many; actType term acts many; category term rating-scales many; \
        window date one; asOf date many; publishedBy entity LegalEntity one; of entity Thing many"),
    ("Statement", "Thing", "\
        title text many; speaker entity LegalEntity one; role text many; words text many; saidOn date one; \
        about entity Thing many; argument term state-arguments many"),
    ("Request", "Thing", "\
        title text many; by entity LegalEntity many; addressee entity LegalEntity many; text text many; \
        madeOn date one"),
    ("Intervention", "Event", "\
        intervener entity LegalEntity many; type term interventions many; incident entity Incident many; \
        requested text many; impact term impact many"),
    ("Relationship", "Thing", "\
        subject entity LegalEntity many; object entity LegalEntity many; type term relationships many; \
        date date many; role text many"),
    ("Publication", "Document", "\
        addressee text many; subject text many; released date many"),
];

#[test]
fn every_promised_property_is_there() {
    let registry = Registry::builtin().expect("the builtin data load");
    let mut missing = Vec::new();
    for (schema, parent, properties) in PROMISED {
        if registry.schema(schema).is_none() {
            missing.push(format!("schema {schema}"));
            continue;
        }
        if !parent.is_empty() && !registry.is_a(schema, parent) {
            missing.push(format!("{schema} is a {parent}"));
        }
        for line in properties.split("; ") {
            let words: Vec<&str> = line.split_whitespace().collect();
            let (name, kind) = (words[0], words[1].parse::<Kind>().unwrap());
            let one = words.last() == Some(&"one");
            let Ok(property) = registry.property(schema, name) else {
                missing.push(format!("{schema}.{name}"));
                continue;
            };
            let reference = match kind {
                Kind::Term => property.vocabulary.clone().unwrap_or_default(),
                Kind::Entity => property.range.join("|"),
                _ => String::new(),
            };
            let promised = if matches!(kind, Kind::Term | Kind::Entity) { words[2] } else { "" };
            if property.kind != kind || (property.cardinality == Cardinality::One) != one || reference != promised {
                missing.push(format!(
                    "{schema}.{name}: {line}; is {} {reference} {:?}",
                    property.kind, property.cardinality
                ));
            }
        }
    }
    assert!(missing.is_empty(), "{}", missing.join("\n"));
}

#[test]
fn parts_are_marked() {
    let registry = Registry::builtin().expect("the builtin data load");
    for (schema, property) in [
        ("Act", "incident"),
        ("ProceedingStep", "proceeding"),
        ("Provision", "law"),
        ("Reply", "communication"),
        ("Benchmark", "set"),
    ] {
        assert!(registry.property(schema, property).unwrap().part, "{schema}.{property}");
    }
}

#[test]
fn the_ladder_and_its_vocabulary_agree() {
    let registry = Registry::builtin().expect("the builtin data load");
    let ladder = registry.vocabulary("verification").unwrap();
    for state in schema::Verification::ALL {
        assert!(ladder.get(state.as_str()).is_some(), "{state}");
    }
}
