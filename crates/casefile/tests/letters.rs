//! From a case file to a figure and a letter, and what an export tells of those who are not in its view.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use std::fs;

use casefile::Options;
use common::{Desk, all, files, manual_in, write};
use ledger::{AsOf, Clearance, Cleared, Define, Item, Level, View};
use publishing::{Composed, Draft};
use schema::EntityId;

const FIGURE: &str = "reporters-arrested-2021";

/// The letter as whoever publishes it composes it.
fn letter(desk: &Desk, name: &str) -> Composed {
    let reader = desk.workspace.ledger.read(&View::public()).unwrap();
    let definition = reader.definition("publication", name).unwrap().unwrap();
    let mut draft = Draft::parse(&definition.text).unwrap();
    draft.recorded = Some(definition.position);
    publishing::compose_from(&desk.workspace.ledger, &draft, AsOf::Now).unwrap()
}

fn manual(desk: &Desk) -> std::path::PathBuf {
    let folder = desk.path("in");
    manual_in(&folder);
    desk.import(&folder, &[], Options::default());
    folder
}

#[test]
fn the_manual_s_figure_counts_and_its_letter_leaves_nothing_open() {
    let desk = Desk::new();
    manual(&desk);
    let reader = desk.workspace.ledger.read(&View::public()).unwrap();
    let definition = figures::load(&reader, FIGURE).unwrap();
    let figure = figures::compute(&reader, &definition).unwrap();
    assert_eq!((figure.lower, figure.upper, figure.published.len()), (1, Some(1), 1), "{}", figure.words());
    let letter = letter(&desk, "letter-1");
    assert_eq!((letter.unresolved.len(), letter.changes.len()), (0, 0), "{:?} {:?}", letter.unresolved, letter.changes);
    let page = publishing::fragment(&letter);
    for said in ["Dara Example", "2 March 2021", "1 person"] {
        assert!(page.contains(said), "{said}: {page}");
    }
}

#[test]
fn a_figure_that_changed_since_the_draft_is_marked() {
    let desk = Desk::new();
    let folder = manual(&desk);
    let more = "entities:\n  vanna-example: {schema: Person, clearance: public}\n  act-2: {schema: Act, clearance: public}\n\
                sources:\n  - source: second-note\n    clearance: public\n    claims:\n      - about: act-2\n        \
                no-words: test\n        says: {type: arrest, date: 2021-04-01, victim: vanna-example, victimGroup: journalist}\n";
    write(&folder, &[("more.yaml", more)]);
    desk.import(&folder, &[], Options::default());
    let marked = letter(&desk, "letter-1");
    let changes: Vec<_> = marked.changes.iter().map(|c| (c.drafted.as_str(), c.now.as_str())).collect();
    assert_eq!(changes, [("1 person", "2 persons")]);
    assert!(publishing::fragment(&marked).contains("[changed since the draft, which said 1 person]"));

    let draft = folder.join("letters/letter-1.md");
    let text = fs::read_to_string(&draft).unwrap();
    fs::write(&draft, text.replace("we count", "we now count")).unwrap();
    desk.import(&folder, &[], Options::default());
    assert_eq!(letter(&desk, "letter-1").changes, []);
}

/// A letter that refers to each of these, and a figure that is set beside them.
fn referring(folder: &std::path::Path, name: &str, keys: [&str; 3]) {
    let [person, source, figure] = keys;
    let front = format!(
        "---\npublication: {name}\ntitle: T\ndate: 2021-07-01\nsignatories: [{person}, press-union]\n\
         annex: {{title: Cases, entities: [{person}]}}\nclearance: internal\n---\n"
    );
    let body = format!(
        "[[name:{person}]] and [[fact:{person}.name|drafted Somebody]], [[cite:{source}|what she said]] [[cite:union-note]]\n\
         [[figure:{figure}|drafted 14..20]] [[figure:{FIGURE}]].\n"
    );
    let yaml = format!(
        "figures:\n  - {{figure: f-{name}, title: T, definition: D, unit: persons, acts: [arrest], window: 2021, \
         standard: all-allegations, clearance: internal, sources: [{source}], published: [count-union, {person}]}}\n\
         publications:\n  - {{publication: {name}, file: {name}.md}}\n"
    );
    write(folder, &[(&format!("{name}.md"), &(front + &body)), (&format!("{name}.yaml"), &yaml)]);
}

#[test]
fn an_export_names_nothing_that_its_reader_may_not_see() {
    let desk = Desk::new();
    let folder = desk.path("in");
    manual_in(&folder);
    let hidden = "figures:\n  - {figure: hidden-figure, title: T, definition: D, unit: persons, acts: [arrest], window: 2021, \
                  standard: all-allegations, clearance: restricted:sources}\n";
    write(&folder, &[("hidden.yaml", hidden)]);
    referring(&folder, "letter-h", ["sok-example", "call-sok", "hidden-figure"]);
    desk.import(&folder, &[], Options::default());
    // The same, of what never was: by id, and by key.
    let (never, id) =
        (EntityId::from_bytes([5; 16]).to_string(), |key| EntityId::derive("river-press", key).to_string());
    let reader = desk.workspace.ledger.read(&all()).unwrap();
    let mut copies = Vec::new();
    for (copy, names) in [("letter-i", [&*never, &*never, "no-figure"]), ("letter-k", ["sok-example", "nobody", "no"])]
    {
        for (kind, prefix) in [("figure", "f-"), ("publication", "")] {
            let original = reader.definition(kind, &format!("{prefix}letter-h")).unwrap().unwrap();
            let mut text = original.text.replace("letter-h", copy).replace("hidden-figure", names[2]);
            for (key, name) in [("sok-example", names[0]), ("call-sok", names[1])] {
                assert!(text.contains(&id(key)));
                text = text.replace(&id(key), name);
            }
            let name = format!("{prefix}{copy}");
            copies.push(Item::Define(Define { kind: kind.into(), name, text, clearance: Clearance::internal() }));
        }
    }
    drop(reader);
    desk.workspace.ledger.append(&desk.workspace.owner(), copies).unwrap();

    let (out, report) = desk.export(&View::new(Cleared::to(Level::Internal)), "out");
    let written: String =
        files(&out).iter().map(|(name, bytes)| format!("{name}\n{}", String::from_utf8_lossy(bytes))).collect();
    let (sok, call) = (id("sok-example"), id("call-sok"));
    let told = written.clone() + &report.to_string();
    for named in
        ["sok-example", "call-sok", "hidden-figure", "what she said", "Somebody", "14..20", &sok, &call, &never]
    {
        assert!(!told.contains(named), "{named}:\n{told}");
    }
    for name in ["letter-h", "letter-i", "letter-k"] {
        let letter = fs::read_to_string(out.join(format!("letters/{name}.md"))).unwrap();
        let gone = "[[name:not-in-this-view]]";
        assert!(
            letter.contains(&format!("{gone} and {gone}, {gone} [[cite:union-note]]\n{gone} [[figure:{FIGURE}]].")),
            "{letter}"
        );
        for front in ["signatories: [not-in-this-view, press-union]", "entities: [not-in-this-view]"] {
            assert!(letter.contains(front), "{letter}");
        }
        assert_eq!(
            letter.replace(name, "x"),
            fs::read_to_string(out.join("letters/letter-h.md")).unwrap().replace("letter-h", "x")
        );
        let counted =
            report.notices.iter().filter(|notice| notice.contains(name)).map(|notice| notice.replace(name, "x"));
        assert_eq!(
            counted.collect::<Vec<_>>(),
            ["figure f-x: 2 references left out", "letter x: 6 references left out"]
        );
    }
    assert!(written.contains("count-union"), "what may be seen stays");

    // It goes in elsewhere, is told there as open, and comes out the same.
    let second = Desk::new();
    second.import(&out, &[], Options::default());
    assert_eq!(files(&second.export(&all(), "again").0), files(&out));
    let who_sees_all = desk.export(&all(), "all").0;
    let whole = fs::read_to_string(who_sees_all.join("letters/letter-h.md")).unwrap();
    assert!(
        whole.contains("[[cite:call-sok|what she said]]") && whole.contains("[[figure:hidden-figure|drafted 14..20]]"),
        "{whole}"
    );
    // A key in a definition that was not written for a case file means whoever has that key.
    let whole = fs::read_to_string(who_sees_all.join("letters/letter-k.md")).unwrap();
    assert!(whole.contains("[[name:sok-example]]") && whole.contains("[[name:not-in-this-view]]"), "{whole}");
}
