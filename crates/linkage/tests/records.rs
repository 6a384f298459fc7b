//! Records of a program: small tables, judgements, explanations.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use linkage::{Judged, Kind, Linkage, Settings, Table};

fn wave() -> Table {
    let mut table = Table::new(&[
        ("name", Kind::Name),
        ("born", Kind::Birth),
        ("sex", Kind::Sex),
        ("place", Kind::Place),
        ("arrested", Kind::Event),
        ("list", Kind::List),
    ]);
    // Three lists of one wave of arrests; the comment is the person.
    for row in [
        ["Rong Chhun", "1969", "m", "Phnom Penh", "2020-07-31", "A"], // 0
        ["Chhun Rong", "1969-02", "m", "Phnom Penh", "2020-07-31", "B"], // 0
        ["Sar Kanika", "", "m", "Phnom Penh", "2020-08-07", "A"],     // 1
        ["Sor Kanika", "", "m", "Phnom Penh", "2020-08-07", "B"],     // 1
        ["Ton Nimol", "1992", "m", "Phnom Penh", "2020-08-06", "A"],  // 2
        ["Ton Mimol", "1992", "", "Phnom Penh", "2020-08", "C"],      // 2
        ["Thun Ratha", "1991", "m", "Phnom Penh", "2020-09-03", "A"], // 3
        ["Sun Ratha", "1999", "f", "Phnom Penh", "2021-06-16", "B"],  // 4
        ["Long Kunthea", "1998", "f", "Phnom Penh", "2020-09-03", "A"], // 5
        ["Long Kunthea", "", "f", "Phnom Penh", "2020-09-03", "C"],   // 5
        ["Phuong Keorasmey", "2001", "f", "Phnom Penh", "2020-09-03", "A"], // 6
        ["Phuong Keoreaksmey", "2001", "f", "Phnom Penh", "2020-09-03", "B"], // 6
        ["Det Huor", "", "m", "Koh Kong", "2020-09-10", "A"],         // 7
        ["Heng Huy", "", "m", "Koh Kong", "2020-09-10", "B"],         // 8
        ["Chhoeun Daravy", "1990", "f", "Phnom Penh", "2020-08-13", "A"], // 9
        ["Choeurn Daravy", "1990-03-04", "f", "Phnom Penh", "2020-08-13", "B"], // 9
        ["Kea Sokun", "1998", "m", "Battambang", "2020-09-04", "A"],  // 10
        ["Hun Vannak", "1986", "m", "Phnom Penh", "2020-08-13", "A"], // 11
        ["Tha Lavy", "", "m", "Phnom Penh", "2020-08-13", "A"],       // 12
        ["Eng Malai", "", "f", "Phnom Penh", "2020-09-06", "A"],      // 13
    ] {
        table.push(&row).unwrap();
    }
    table
}

#[test]
fn a_table_of_twenty_gets_sensible_scores() {
    let table = wave();
    let linkage = Linkage::train(&table, &Settings::default()).unwrap();
    let p = |a, b| linkage.score(a, b).probability;
    let all: Vec<String> =
        [(0, 1), (2, 3), (4, 5), (8, 9), (10, 11), (14, 15), (6, 7), (12, 13), (6, 8), (10, 8), (14, 17)]
            .iter()
            .map(|&(a, b)| format!("{} / {}: {:.4}", table.cell(a, 0), table.cell(b, 0), p(a, b)))
            .collect();
    let all = all.join("\n");
    for (a, b) in [(0, 1), (2, 3), (4, 5), (8, 9), (10, 11), (14, 15)] {
        assert!(p(a, b) > 0.4, "{a} and {b} may well be one person\n{all}");
    }
    for (a, b) in [(6, 7), (12, 13), (6, 8), (10, 8), (14, 17), (0, 19)] {
        assert!(p(a, b) < 0.2, "{a} and {b} are not one person\n{all}");
    }
}

#[test]
fn the_waterfall_sums_to_the_weight_and_is_symmetric() {
    let table = wave();
    let linkage = Linkage::train(&table, &Settings::default()).unwrap();
    for a in 0..table.rows() as u32 {
        for b in a + 1..table.rows() as u32 {
            let (x, y) = (linkage.score(a, b), linkage.score(b, a));
            assert!((x.weight - y.weight).abs() < 1e-9);
            let sum: f64 = x.explanation.iter().map(|e| e.weight).sum();
            assert!((sum - x.weight).abs() < 1e-6, "{sum} {}", x.weight);
        }
    }
}

#[test]
fn judgements_bind_and_contradictions_are_told() {
    let table = wave();
    let linkage = Linkage::train(&table, &Settings::default()).unwrap();
    let links = linkage.candidates(0.01);
    let threshold = linkage.threshold(&links);
    let free = linkage.cluster(&links, threshold, Judged::default()).unwrap();
    assert_eq!(free.of[8], free.of[9]);
    let judged = Judged { same: &[(6, 7), (7, 19)], different: &[(8, 9)] };
    let bound = linkage.cluster(&links, threshold, judged).unwrap();
    assert_ne!(bound.of[8], bound.of[9]);
    assert_eq!((bound.of[6], bound.of[7]), (bound.of[7], bound.of[19]));
    let against = Judged { same: &[(1, 2), (2, 3)], different: &[(3, 1)] };
    let error = linkage.cluster(&links, threshold, against).unwrap_err().to_string();
    assert!(error.contains("judged different"), "{error}");
}

#[test]
fn a_model_is_kept_and_read_again() {
    let table = wave();
    let linkage = Linkage::train(&table, &Settings::default()).unwrap();
    let text = serde_json::to_string(&linkage.model().saved()).unwrap();
    let again = Linkage::with_model(&table, &Settings::default(), &serde_json::from_str(&text).unwrap()).unwrap();
    assert!((again.score(0, 1).weight - linkage.score(0, 1).weight).abs() < 1e-9);
}

#[test]
fn a_block_that_is_too_big_is_named() {
    let table = wave();
    let settings = Settings::parse("max_block_pairs = 10\nrules = [\"place\"]").unwrap();
    let error = Linkage::train(&table, &settings).err().unwrap().to_string();
    assert!(error.contains("“place”") && error.contains("Phnom Penh") && error.contains("max_block_pairs"), "{error}");
}

#[test]
fn a_shared_family_name_and_a_day_say_little() {
    let mut table = wave();
    for (name, list) in [("Chhim Sithar", "A"), ("Chhim Sokhorn", "B"), ("Chhim Sokha", "A"), ("Chhim Sitha", "B")] {
        table.push(&[name, "", "", "Phnom Penh", "2020-09-03", list]).unwrap();
    }
    let linkage = Linkage::train(&table, &Settings::default()).unwrap();
    let name = |a, b| linkage.score(a, b).explanation.into_iter().find(|e| e.comparison == "name").unwrap();
    let shared = name(20, 21);
    assert!(shared.level.contains("another contradicts") && shared.weight < 0.5, "{shared:?}");
    let p = |a, b| linkage.score(a, b).probability;
    assert!(p(20, 21) < 0.05 && p(20, 23) > 0.3, "{} {}", p(20, 21), p(20, 23));
}

#[test]
fn labels_say_what_the_weight_says() {
    let table = wave();
    let linkage = Linkage::train(&table, &Settings::default()).unwrap();
    let name = linkage.score(8, 9).explanation.into_iter().find(|e| e.comparison == "name").unwrap();
    let what = "of twenty rows no name is known to be common";
    assert!(name.level == "name the same" && name.weight > 6.0, "{what}: {name:?}");
    let all = linkage.score(8, 9).explanation;
    assert!(all.iter().all(|e| !e.level.contains("common") && !e.level.contains("busy")), "{all:?}");
}

#[test]
fn people_with_two_names_do_not_teach_that_a_shared_family_name_is_one_person() {
    let mut table = wave();
    // Six people, each on two lists under two names, and known to be one by birth, place and day.
    let families = ["Chhim", "Sok", "Seng", "Long", "Yim", "Kong"];
    for (n, family) in families.iter().enumerate() {
        for (given, list) in [("Sokhorn", "A"), ("Narith", "B"), ("Bopha", "C")] {
            let born = format!("198{n}-03-1{n}");
            let day = format!("2020-10-1{n}");
            table.push(&[&format!("{family} {given}"), &born, "m", "Kampot", &day, list]).unwrap();
        }
    }
    table.push(&["Chea Sithar", "", "", "", "", "A"]).unwrap();
    table.push(&["Chea Vannak", "", "", "", "", "B"]).unwrap();
    let linkage = Linkage::train(&table, &Settings::default()).unwrap();
    let scored = linkage.score(table.rows() as u32 - 2, table.rows() as u32 - 1);
    let name = scored.explanation.iter().find(|e| e.comparison == "name").unwrap();
    assert!(name.level.contains("another contradicts") && name.weight < 0.01, "{name:?}");
}
