//! Lists whose one column holds the whole name, in whichever order, of people who were taken together with their relatives.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use linkage::{Kind, Linkage, Settings, Table};

const ONSETS: [&str; 10] = ["S", "Ch", "K", "R", "V", "L", "Th", "M", "P", "N"];
const RIMES: [&str; 10] = ["okha", "anny", "eakna", "orn", "iseth", "uong", "ary", "itha", "ealy", "opheap"];

/// A number below `below`, of a kind and a case: the same on every machine.
fn drawn(kind: u64, case: usize, below: u64) -> u64 {
    let mut x = kind.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ (case as u64).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ x >> 31).wrapping_mul(0x94d0_49bb_1331_11eb);
    (x ^ x >> 29) % below
}

/// Two lists of 1,500 people, three relatives at a time: one place, one day, one family name. The second list turns every other name
/// round, and knows half the dates of birth.
fn lists() -> (Table, Vec<usize>) {
    let mut table = Table::new(&[
        ("name", Kind::Name),
        ("born", Kind::Birth),
        ("place", Kind::Place),
        ("taken", Kind::Event),
        ("list", Kind::List),
    ]);
    let mut person = Vec::new();
    for list in ["A", "B"] {
        for n in 0..1500 {
            let group = n / 3;
            let pick = |from: &[&'static str; 10], kind, case| from[drawn(kind, case, 10) as usize];
            let family =
                format!("{}{}", pick(&ONSETS, 1, group), ["ok", "im", "en", "ang"][drawn(2, group, 4) as usize]);
            let given = format!("{}{}", pick(&ONSETS, 3, n), pick(&RIMES, 4, n));
            let name =
                if list == "B" && n % 2 == 0 { format!("{given} {family}") } else { format!("{family} {given}") };
            let day = |kind, case| format!("{:02}-{:02}", 1 + drawn(kind, case, 12), 1 + drawn(kind + 1, case, 28));
            let born = format!("{}-{}", 1950 + drawn(5, n, 50), day(6, n));
            let born = if list == "B" && n % 4 < 2 { String::new() } else { born };
            let taken = format!("{}-{}", 2010 + drawn(8, group, 10), day(9, group));
            table.push(&[&name, &born, &format!("Village {}", drawn(11, group, 40)), &taken, list]).unwrap();
            person.push(n);
        }
    }
    (table, person)
}

#[test]
fn whole_names_are_found_in_either_order_and_relatives_stay_apart() {
    let (table, person) = lists();
    let linkage = Linkage::train(&table, &Settings::default()).unwrap();
    let links = linkage.candidates(0.5);
    let found = links.iter().filter(|link| person[link.a as usize] == person[link.b as usize]).count();
    assert!(found >= 1_425, "{found} of 1,500 are found");
    assert!(links.len() - found <= 45, "{} pairs are not one person", links.len() - found);
}

#[test]
fn m_beside_h_is_a_woman() {
    let mut table = Table::new(&[("nombre", Kind::Name), ("sexo", Kind::Sex)]);
    for (name, sex) in [("Ana María Rojas", "M"), ("Ana Maria Rojas", "mujer"), ("Juan Paz", "H"), ("Juan Paz", "M")] {
        table.push(&[name, sex]).unwrap();
    }
    let linkage = Linkage::train(&table, &Settings::default()).unwrap();
    let sex = |a, b| linkage.score(a, b).explanation.into_iter().find(|e| e.comparison == "sex").unwrap().level;
    assert!(
        sex(0, 1).starts_with("the same sex") && sex(2, 3).starts_with("another sex"),
        "{} {}",
        sex(0, 1),
        sex(2, 3)
    );
}

#[test]
fn a_column_of_names_alone_can_be_compared() {
    let mut table = Table::new(&[("Name", Kind::Name)]);
    for name in ["Rong Chhun", "Chhun Rong", "រ៉ុង ឈុន", "Kem Sokha", "Mean Prommony"] {
        table.push(&[name]).unwrap();
    }
    let linkage = Linkage::train(&table, &Settings::default()).unwrap();
    let p = |a, b| linkage.score(a, b).probability;
    assert!(
        p(0, 1) > 0.6 && p(0, 2) > 0.6 && p(0, 3) < 0.1 && p(3, 4) < 0.1,
        "{} {} {} {}",
        p(0, 1),
        p(0, 2),
        p(0, 3),
        p(3, 4)
    );
}
