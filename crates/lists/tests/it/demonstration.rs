//! The three organisations' lists of the demonstration: what they share before and after a person judges.

use std::ops::ControlFlow;
use std::path::Path;

use ledger::{Item, Judge, Verdict, View};
use lists::{FileRules, ListFile, Lists, Mapping, Options, Overlap, Unpacker, knows};

use super::common::*;

fn import_all(workspace: &workspace::Workspace) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../casefiles/cambodia/lists");
    for list in ["licadho", "observatory", "vod"] {
        let map = std::fs::read_to_string(folder.join(list).join("MAP.toml")).unwrap();
        let mapping = Mapping::read(&map, "MAP.toml").unwrap();
        let file = ListFile::open(&folder.join(list).join("list.csv"), &mapping.file, &Unpacker::here()).unwrap();
        let options = Options::new(&mapping, None, None).unwrap();
        let report = lists::import(
            workspace,
            &workspace.owner(),
            &file,
            &mapping,
            &options,
            &mut |_| ControlFlow::Continue(()),
            None,
        );
        let report = report.unwrap_or_else(|error| panic!("{list}: {error}"));
        assert!(report.is_whole() && report.unmapped.is_empty(), "{}", report.to_text(50));
    }
}

#[test]
fn three_lists_of_the_wave_of_2020() {
    let (_folder, workspace) = workspace();
    import_all(&workspace);
    let lists = Lists::read(&workspace, &View::public(), "Person").unwrap();
    let told: Vec<(&str, u64, u64)> =
        lists.lists.iter().map(|list| (list.by.as_deref().unwrap(), list.rows, list.entities)).collect();
    assert_eq!(told, [("LICADHO", 10, 10), ("OMCT/FIDH Observatory", 6, 6), ("VOD English", 8, 8)]);
    assert_eq!(lists.documented(), 24);

    let reading = workspace.ledger.read(&View::public()).unwrap();
    let named = |name: &str| -> Vec<schema::EntityId> {
        reading.of_schema("Person").unwrap().into_iter().filter(|id| values(&reading, *id, "name") == [name]).collect()
    };
    let same = [
        (named("Tha Lavy"), "the same man in all three"),
        (
            named("Phoung Keorasmey").into_iter().chain(named("Phuon Keoreaksmey")).collect(),
            "two spellings of one name",
        ),
    ];
    let mut judgements = Vec::new();
    for (ids, reason) in &same {
        for pair in ids.windows(2) {
            judgements.push(Item::Judge(Judge {
                a: pair[0],
                b: pair[1],
                verdict: Verdict::Same,
                reason: (*reason).into(),
                origin: None,
            }));
        }
    }
    assert_eq!(judgements.len(), 3);
    drop(reading);
    workspace.ledger.append(&workspace.owner(), judgements).unwrap();
    let lists = Lists::read(&workspace, &View::public(), "Person").unwrap();
    assert_eq!(lists.documented(), 21);
    assert!(lists.overlaps().contains(&Overlap { lists: vec![0, 1, 2], count: 1 }));
    assert!(lists.overlaps().contains(&Overlap { lists: vec![0, 2], count: 1 }));
    let lavy = lists.on(&[0, 1, 2])[0];
    let reading = workspace.ledger.read(&View::public()).unwrap();
    assert_eq!(knows(&reading, lavy).unwrap().len(), 3);
    let keoraksmey = lists.on(&[0, 2])[0];
    let mut spellings: Vec<String> =
        knows(&reading, keoraksmey).unwrap().into_iter().flat_map(|known| known.spellings).collect();
    spellings.sort();
    assert_eq!(spellings, ["Phoung Keorasmey", "Phuon Keoraksmey", "Phuon Keoreaksmey"]);
    let table = lists.table();
    assert!(table.lines().next().unwrap().ends_with(",count") && table.contains("\n1,1,1,1\n"), "{table}");
    // A month stays a month.
    let dates: Vec<String> = people(&workspace).into_values().flatten().collect();
    assert!(dates.contains(&"2020-09".to_owned()) && dates.contains(&"2020-09-03".to_owned()));
}

#[test]
fn the_demonstration_s_lists_are_proposed_much_as_they_are_mapped() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../casefiles/cambodia/lists");
    let registry = schema::Registry::builtin().unwrap();
    for list in ["licadho", "observatory", "vod"] {
        let file =
            ListFile::open(&folder.join(list).join("list.csv"), &FileRules::default(), &Unpacker::here()).unwrap();
        let proposal = Mapping::propose(&file, &registry).unwrap();
        let toml = proposal.mapping.write();
        assert!(toml.contains("value = \"arrest\"") && toml.contains("entity = \"person\""), "{list}\n{toml}");
    }
}
