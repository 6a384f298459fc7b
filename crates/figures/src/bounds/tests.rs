#![allow(clippy::unwrap_used)]
use super::*;
use proptest::prelude::*;

fn id(n: u8) -> EntityId {
    EntityId::from_bytes([n; 16])
}

fn arrest() -> Term {
    Term::new("acts", "arrest").unwrap()
}

fn same_kind(a: &Term, b: &Term) -> bool {
    a == b
}

fn single(n: u8, victim: u8, date: &str, incident: Option<u8>) -> Told {
    Told {
        id: id(n),
        certain: true,
        victims: vec![id(victim)],
        band: None,
        kind: arrest(),
        date: (!date.is_empty()).then(|| Date::parse(date).unwrap()),
        incident: incident.map(id),
    }
}

fn band(group: u8, lower: u64, upper: Option<u64>, members: &[u8]) -> Band {
    Band { group: id(group), size: Bounds { lower, upper }, members: members.iter().map(|n| id(*n)).collect() }
}

fn against(n: u8, band: Band, date: &str, incident: Option<u8>) -> Told {
    Told { victims: vec![band.group], band: Some(band), ..single(n, 0, date, incident) }
}

fn counted(told: &[Told]) -> (u64, Option<u64>) {
    let bounds = acts(told, &Links::default(), &same_kind);
    (bounds.lower, bounds.upper)
}

fn people(named: &[(u8, bool)], bands: &[(Band, bool)], links: &Links) -> (u64, Option<u64>) {
    let named = named.iter().map(|(n, certain)| (id(*n), *certain)).collect();
    let bounds = persons(&named, bands, 0, links);
    (bounds.lower, bounds.upper)
}

#[test]
fn the_unnamed_of_a_group_raise_the_upper_bound_only() {
    let six = (band(50, 6, Some(6), &[1, 2]), true);
    assert_eq!(people(&[(1, true), (2, true)], &[], &Links::default()), (2, Some(2)));
    // Six with two named: four unnamed. The group is larger than all the named, so there were at least six.
    assert_eq!(people(&[(1, true), (2, true)], std::slice::from_ref(&six), &Links::default()), (6, Some(6)));
    // With seven others by name, the four may be among them.
    let many: Vec<(u8, bool)> = (1..10).map(|n| (n, true)).collect();
    assert_eq!(people(&many, std::slice::from_ref(&six), &Links::default()), (9, Some(13)));
    // A group that is only possible raises nothing that is certain.
    assert_eq!(people(&[(1, true)], &[(six.0, false)], &Links::default()), (1, Some(6)));
}

#[test]
fn a_group_of_unknown_size_has_no_upper_bound() {
    assert_eq!(people(&[(1, true)], &[(band(50, 1, None, &[]), true)], &Links::default()), (1, None));
}

#[test]
fn an_unsure_pair_is_one_or_two() {
    let links = Links::from_pairs([(id(1), id(2))], []);
    assert_eq!(people(&[(1, true), (2, true), (3, true)], &[], &links), (2, Some(3)));
}

#[test]
fn two_arrests_of_one_person_are_two_unless_they_may_be_one_told_twice() {
    assert_eq!(counted(&[single(10, 1, "2020-08-13", None), single(11, 1, "2020-09-07", None)]), (2, Some(2)));
    assert_eq!(counted(&[single(10, 1, "2020-08-13", None), single(11, 1, "2020-08", None)]), (1, Some(2)));
    // Known to be of different incidents: two.
    assert_eq!(counted(&[single(10, 1, "2020-08-13", Some(90)), single(11, 1, "2020-08", Some(91))]), (2, Some(2)));
    assert_eq!(counted(&[single(10, 1, "2020-08-13", None), single(11, 2, "2020-08-13", None)]), (2, Some(2)));
}

#[test]
fn an_act_against_six_is_six_acts_less_those_told_one_by_one() {
    let six = || band(50, 6, Some(6), &[1, 2]);
    let both = [single(10, 1, "2020-08-13", Some(90)), single(11, 2, "2020-08-13", Some(90))];
    let [a, b] = both;
    assert_eq!(counted(&[a.clone(), b.clone(), against(12, six(), "2020-08-13", Some(90))]), (6, Some(6)));
    // Whether somebody who is not known to be a member is one of the six: perhaps.
    let other = single(13, 3, "2020-08-13", Some(90));
    assert_eq!(counted(&[a.clone(), b.clone(), other, against(12, six(), "2020-08-13", Some(90))]), (6, Some(7)));
    // Without an incident nobody knows whether a member's arrest is the same; on another day it is not.
    assert_eq!(counted(&[single(10, 1, "2020-08-13", None), against(12, six(), "2020-08-13", Some(90))]), (6, Some(7)));
    assert_eq!(counted(&[single(10, 1, "2020-09-07", None), against(12, six(), "2020-08-13", Some(90))]), (7, Some(7)));
}

#[test]
fn two_groups_of_one_occasion_may_be_the_same_people() {
    let ten = against(20, band(50, 10, Some(10), &[]), "2023-06-29", None);
    let eight = against(21, band(51, 8, Some(8), &[]), "2023-06-29", None);
    assert_eq!(counted(&[ten.clone(), eight.clone()]), (10, Some(18)));
    let judged = Links::from_pairs([], [(id(50), id(51))]);
    assert_eq!(acts(&[ten, eight], &judged, &same_kind).lower, 18);
}

/// Victim or group, incident, certain, against a group, least size, more than that, members, date.
type Drawn = (u8, u8, bool, bool, u64, u64, BTreeSet<u8>, usize);

fn tell(at: usize, (victim, incident, certain, grouped, lower, more, members, date): Drawn) -> Told {
    let date = ["2020-08-13", "2020-08", "2020-09-07", ""][date];
    let incident = (incident > 0).then_some(90 + incident);
    let n = 100 + u8::try_from(at).unwrap();
    let members: Vec<u8> = members.into_iter().collect();
    let told = if grouped {
        against(n, band(50 + victim, lower, (more < 3).then_some(lower + more), &members), date, incident)
    } else {
        single(n, victim, date, incident)
    };
    Told { certain, ..told }
}

fn any_told() -> impl Strategy<Value = Vec<Told>> {
    let members = proptest::collection::btree_set(0u8..6, 0..4);
    let one = (0u8..6, 0u8..5, any::<bool>(), any::<bool>(), 1u64..6, 0u64..4, members, 0usize..4);
    proptest::collection::vec(one, 0..9)
        .prop_map(|drawn| drawn.into_iter().enumerate().map(|(at, drawn)| tell(at, drawn)).collect())
}

fn not_lower(before: Option<u64>, after: Option<u64>) -> bool {
    before.is_none_or(|before| after.is_none_or(|after| after >= before)) && (before.is_some() || after.is_none())
}

proptest! {
    #[test]
    fn the_lower_bound_of_acts_never_passes_the_upper(told in any_told(), unsure in proptest::collection::vec((0u8..6, 0u8..6), 0..4)) {
        let links = Links::from_pairs(unsure.into_iter().map(|(a, b)| (id(a), id(b))), []);
        let bounds = acts(&told, &links, &same_kind);
        prop_assert!(bounds.upper.is_none_or(|upper| bounds.lower <= upper), "{bounds:?}");
    }

    #[test]
    fn one_more_act_never_lowers_the_upper_bound(told in any_told()) {
        let mut before = Some(0);
        for n in 0..=told.len() {
            let upper = acts(&told[..n], &Links::default(), &same_kind).upper;
            prop_assert!(not_lower(before, upper), "{before:?} {upper:?}");
            before = upper;
        }
    }

    #[test]
    fn persons_have_bounds_in_order_and_more_never_lower_the_upper(
        named in proptest::collection::btree_map(0u8..8, proptest::bool::ANY, 0..8),
        drawn in proptest::collection::vec((1u64..9, 0u64..4, proptest::collection::btree_set(0u8..8, 0..5), proptest::bool::ANY), 0..4),
        unsure in proptest::collection::vec((0u8..8, 0u8..8), 0..4),
    ) {
        let links = Links::from_pairs(unsure.into_iter().map(|(a, b)| (id(a), id(b))), []);
        let named: Vec<(u8, bool)> = named.into_iter().collect();
        let bands: Vec<(Band, bool)> = drawn.into_iter().enumerate().map(|(at, (lower, more, members, certain))| {
            let members: Vec<u8> = members.into_iter().collect();
            (band(50 + u8::try_from(at).unwrap(), lower, (more < 3).then_some(lower + more), &members), certain)
        }).collect();
        let (lower, upper) = people(&named, &bands, &links);
        prop_assert!(upper.is_none_or(|upper| lower <= upper));
        for n in 0..named.len() {
            prop_assert!(not_lower(people(&named[..n], &bands, &links).1, upper));
        }
        for n in 0..bands.len() {
            prop_assert!(not_lower(people(&named, &bands[..n], &links).1, upper));
        }
    }
}
