//! What is wrong is said with file, line and a way out; all of it at once.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use casefile::CaseFile;
use common::{problems, told};
use proptest::prelude::*;

const HEAD: (&str, &str) = ("casefile.yaml", "casefile: test\ntitle: Test\n");

/// The problems of one source file beside a sound head, a sound entity and a sound text.
fn of(source: &str) -> Vec<(usize, String)> {
    let files = [
        HEAD,
        ("entities.yaml", "entities:\n  ann: Person\n  pub: Organization\n  arrest-1: Act\n"),
        ("notes/a.md", "Ann was arrested in May.\nAnn was released.\n"),
        ("s.yaml", source),
    ];
    problems(&files).into_iter().inspect(|p| assert_eq!(p.file, "s.yaml", "{p}")).map(|p| (p.line, p.what)).collect()
}

fn one(source: &str) -> (usize, String) {
    let found = of(source);
    assert_eq!(found.len(), 1, "{found:?}");
    found.into_iter().next().unwrap()
}

const SOURCE: &str = "sources:\n  - source: note\n    text: notes/a.md\n    about: {title: Note}\n    claims:\n";

fn claim(lines: &str) -> String {
    format!("{SOURCE}      - {}\n", lines.replace('\n', "\n        "))
}

#[test]
fn a_sound_file_has_no_problems() {
    assert_eq!(of(&claim("about: ann\nwords: was arrested in May\nsays: {name: Ann}")), []);
    assert_eq!(of(&claim("about: ann\nwords: Ann\noccurrence: 2\nsays: {name: Ann}")), []);
    assert_eq!(of(&claim("about: arrest-1\nspan: [0, 16]\nsays: {type: arrest, victim: ann, date: 2020-05}")), []);
    assert_eq!(of(&claim("about: ann\nno-words: seen on a photograph\nsays: {occupation: {en: nurse}}")), []);
}

#[test]
fn each_mistake_has_its_line() {
    let cases = [
        ("about: bob\nno-words: x\nsays: {name: Bob}", 6, "“bob” is not declared"),
        ("about: ann\nwords: was acquitted\nsays: {name: Ann}", 6, "do not occur"),
        ("about: ann\nwords: Ann was\nsays: {name: Ann}", 6, "occur 2 times"),
        ("about: ann\nspan: [5, 500]\nsays: {name: Ann}", 6, "is not in the text"),
        ("about: ann\nno-words: x\nsays: {nam: Ann}", 8, "nam"),
        ("about: ann\nno-words: x\nsays:\n  name: Ann\n  birthDate: 2021-02-30", 10, "February 2021"),
        ("about: arrest-1\nno-words: x\nsays: {type: tickling}", 8, "tickling"),
        ("about: arrest-1\nno-words: x\nsays: {victim: note}", 8, "takes a Person"),
        ("about: ann\nno-words: x\nsays: {birthDate: {en: 1980}}", 8, "has no language"),
        ("about: ann\nsays: {name: Ann}", 6, "needs the words"),
        ("about: ann\nno-words: x\nwords: Ann\nsays: {name: Ann}", 6, "given together"),
        ("about: ann\nno-words: x\nasserter: arrest-1\nsays: {name: Ann}", 8, "says nothing"),
        ("about: ann\nno-words: x\ncredibility: 9\nsays: {name: Ann}", 6, "no term of information-credibility"),
        ("about: ann\nno-words: x\nclearance: secret\nsays: {name: Ann}", 8, "is no clearance"),
        ("about: ann\nno-words: x\nsay: {name: Ann}", 8, "unknown key “say”"),
        ("about: ann\nno-words: x\nsays: {occupation: {en: nurse, of a kind}}", 8, "no text for the language"),
    ];
    for (lines, line, words) in cases {
        let found = of(&claim(lines));
        assert!(found.iter().any(|(at, what)| *at == line && what.contains(words)), "{lines}\n{found:?}");
    }
}

#[test]
fn the_same_said_twice_is_told() {
    let both = format!(
        "{}      - about: ann\n        no-words: x\n        says: {{name: Ann}}\n",
        claim("about: ann\nno-words: x\nsays: {name: Ann}")
    );
    assert!(one(&both).1.contains("claimed twice"));
}

#[test]
fn sources_say_where_their_text_is() {
    assert!(one("sources: [{source: note, text: notes/b.md}]").1.contains("cannot be read"));
    assert!(one("sources: [{source: note, text: ../b.md}]").1.contains("leads out of"));
    assert!(one("sources: [{source: note, schema: Person}]").1.contains("is no source"));
    assert!(one("sources: [{source: note, original: {sha256: abc, name: a.txt}}]").1.contains("SHA-256"));
    assert!(one("sources: [{source: ann}]").1.contains("declared twice"));
    assert!(one("sources: [{source: Note}]").1.contains("cannot be a key"));
    assert!(one("sources: [{source: note, reliability: B}]").1.contains("because"));
}

#[test]
fn decisions_refer_to_claims() {
    let sound = claim("about: ann\nno-words: x\nsays: {name: Ann}");
    let with = |more: &str| of(&format!("{sound}{more}\n"));
    assert_eq!(with("preferences: [{about: ann, property: name, value: Ann, because: x}]"), []);
    assert!(
        with("preferences: [{about: ann, property: name, value: Anne, because: x}]")[0].1.contains("no claim says")
    );
    assert!(
        with("assessments: [{about: ann, property: alias, status: verified, because: x}]")[0]
            .1
            .contains("nothing is claimed")
    );
    assert!(with("assessments: [{about: ann, property: name, status: sure, because: x}]")[0].1.contains("sure"));
    assert!(
        with("assessments: [{about: ann, property: name, status: verified, standard: x, because: x}]")[0]
            .1
            .contains("standard")
    );
    assert!(with("judgements: [{same: [ann, pub], because: x}]")[0].1.contains("never the same"));
    assert!(with("judgements: [{same: [ann], because: x}]")[0].1.contains("two entities"));
    assert!(with("judgements: [{same: [ann, pub]}]")[0].1.contains("because"));
}

#[test]
fn figures_and_letters_refer_to_what_is_there() {
    let figure = "figures:\n  - {figure: f, title: F, definition: d, unit: persons, window: 2020, acts: [tickling], published: [bob]}\n";
    let found = of(figure);
    assert!(
        found.iter().any(|(_, what)| what.contains("tickling")) && found.iter().any(|(_, what)| what.contains("bob")),
        "{found:?}"
    );

    let letter = "---\npublication: l\nsignatories: [bob]\n---\nOne.\n[[cite:ann]] [[fact:ann.nam]]\n[[figure:g]] [[name:carl]]\n";
    let files = [
        HEAD,
        ("entities.yaml", "entities: {ann: Person}\npublications: [{publication: l, file: l.md}]\n"),
        ("l.md", letter),
    ];
    let found: Vec<(usize, String)> = problems(&files).into_iter().map(|p| (p.line, p.what)).collect();
    let said = |line: usize, words: &str| found.iter().any(|(at, what)| *at == line && what.contains(words));
    assert!(
        said(3, "bob") && said(6, "no source") && said(6, "nam") && said(7, "no figure") && said(7, "carl"),
        "{found:?}"
    );
}

#[test]
fn all_files_are_read_before_anything_is_said() {
    let found =
        problems(&[HEAD, ("a.yaml", "entities: [\n"), ("b.yaml", "colour: red\n"), ("c/d.yaml", "title: Again\n")]);
    assert_eq!(
        found.iter().map(|p| p.file.as_str()).collect::<Vec<_>>(),
        ["a.yaml", "b.yaml", "c/d.yaml"],
        "{}",
        told(&found)
    );
    assert!(problems(&[]).iter().any(|p| p.what.contains("no YAML file")));
    assert!(problems(&[("a.yaml", "entities: {ann: Person}\n")])[0].what.contains("what this case file is called"));
    assert!(
        problems(&[HEAD, ("b.yaml", "casefile: other\ntitle: Other\n")])
            .iter()
            .any(|p| p.what.contains("named a second time"))
    );
}

#[test]
fn a_folder_that_is_not_there_is_told() {
    let missing = CaseFile::read(std::path::Path::new("/nowhere/at/all")).unwrap_err();
    assert!(missing[0].what.contains("cannot be read"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn no_text_breaks_the_reading(text in "(.|\n){0,200}") {
        let _ = problems(&[HEAD, ("a.yaml", &text)]);
    }

    #[test]
    fn no_yaml_of_the_right_shape_breaks_it(
        key in "[a-z-]{0,6}", schema in "Person|Act|Document|X|", property in "name|date|victim|type|published|", value in "(.|\n){0,30}",
        span in any::<(u64, u64)>(), top in "sources|entities|judgements|assessments|preferences|figures|publications", nested in "[\\[\\]{}:, a-z0-9-]{0,40}",
    ) {
        let quoted = value.replace('\\', "\\\\").replace('"', "\\\"");
        let source = format!(
            "sources:\n  - source: {key}\n    schema: {schema}\n    text: t.md\n    claims:\n      - about: {key}\n        span: [{}, {}]\n        says: {{{property}: \"{quoted}\"}}\n      - about: {key}\n        words: \"{quoted}\"\n        says: {{{property}: x}}\n",
            span.0, span.1
        );
        let _ = problems(&[HEAD, ("t.md", &value), ("a.yaml", &source), ("b.yaml", &format!("{top}: {nested}\n"))]);
        let _ = problems(&[HEAD, ("b.yaml", "publications: [{publication: l, file: l.md}]\n"), ("l.md", &format!("---\npublication: l\n---\n[[{value}]] [[fact:{nested}]]"))]);
    }
}
