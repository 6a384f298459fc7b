#![allow(clippy::unwrap_used)]
use super::*;
use proptest::prelude::*;
use schema::{Date, Term};

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
        kinds: vec![arrest()],
        dates: date.split_whitespace().map(|date| Date::parse(date).unwrap()).collect(),
        incidents: incident.map(id).into_iter().collect(),
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
    // Under two incidents: perhaps the vague one was put apart for want of knowing. Judged to be two: two.
    let apart = [single(10, 1, "2020-08-13", Some(90)), single(11, 1, "2020-08", Some(91))];
    assert_eq!(counted(&apart), (1, Some(2)));
    assert_eq!(acts(&apart, &Links::from_pairs([], [(id(90), id(91))]), &same_kind).lower, 2);
    // Two days are two arrests, whatever a third that is vague may be.
    let three = [single(10, 1, "2020", None), single(11, 1, "2020-08-13", None), single(12, 1, "2020-09-07", None)];
    assert_eq!(counted(&three), (2, Some(3)));
    // Another account of the second puts it on the day of the first.
    assert_eq!(
        counted(&[single(10, 1, "2020-08-13", None), single(11, 1, "2020-08-14 2020-08-13", None)]),
        (1, Some(2))
    );
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

/// Six youths were arrested on 13 August 2020, three of them named; Sar Kanika in August, under an incident of her own.
#[test]
fn a_vague_act_may_be_that_of_an_unnamed_member() {
    let six = |members: &[u8]| against(20, band(50, 6, Some(6), members), "2020-08-13", Some(90));
    let named = |n: u8| single(n, n, "2020-08-13", Some(90));
    let kanika = single(10, 9, "2020-08", Some(91));
    let told = |members: &[u8], kanika: Told| {
        let mut told: Vec<Told> = members.iter().map(|n| named(*n)).collect();
        told.extend([six(members), kanika]);
        told
    };
    assert_eq!(counted(&told(&[1, 2, 3], kanika.clone())), (6, Some(7)));
    // All six have names, and she is none of them.
    assert_eq!(counted(&told(&[1, 2, 3, 4, 5, 6], kanika.clone())), (7, Some(7)));
    // Known to be another day, in every account; or judged to be another act, or another occasion.
    assert_eq!(counted(&told(&[1, 2, 3], single(10, 9, "2020-08-07", Some(91)))), (7, Some(7)));
    assert_eq!(counted(&told(&[1, 2, 3], single(10, 9, "2020-08-07 2020-08-13", Some(91)))), (6, Some(7)));
    for two in [(id(10), id(20)), (id(90), id(91))] {
        let judged = Links::from_pairs([], [two]);
        assert_eq!(acts(&told(&[1, 2, 3], kanika.clone()), &judged, &same_kind).lower, 7);
    }
    // Under one more name she may be a member who is named.
    let unsure = Links::from_pairs([(id(9), id(6))], []);
    let all = told(&[1, 2, 3, 4, 5, 6], kanika);
    assert_eq!(acts(&all, &unsure, &same_kind).lower, 6);
}

#[test]
fn the_unnamed_of_a_group_are_no_more_acts_than_their_number() {
    let five = |n, group, date| against(n, band(group, 5, Some(5), &[1, 2, 3]), date, None);
    let vague = |count: u8| (0..count).map(|n| single(10 + n, 60 + n, "2020-08", None)).collect::<Vec<_>>();
    let with = |singles: Vec<Told>, groups: &[Told]| counted(&[singles, groups.to_vec()].concat());
    // Two unnamed of one group, four vague acts: two of them are others.
    assert_eq!(with(vague(4), &[five(30, 50, "2020-08-13")]), (7, Some(9)));
    // Two groups on two days take four; none is in both.
    assert_eq!(with(vague(4), &[five(30, 50, "2020-08-13"), five(31, 51, "2020-08-20")]), (10, Some(14)));
    assert_eq!(with(vague(5), &[five(30, 50, "2020-08-13"), five(31, 51, "2020-08-20")]), (11, Some(15)));
    // One person is one of a group, though arrested on two days of its month.
    let twice = vec![single(10, 60, "2020-08-05", None), single(11, 60, "2020-08-20", None)];
    assert_eq!(with(twice, &[five(30, 50, "2020-08")]), (6, Some(7)));
}

#[test]
fn a_vague_group_takes_nothing_from_those_whose_days_are_known() {
    let on = |n: u8, size, date| against(n, band(n + 20, size, Some(size), &[]), date, None);
    assert_eq!(counted(&[on(20, 6, "2020-08-13"), on(21, 3, "2020-08"), on(22, 6, "2020-08-20")]), (12, Some(15)));
    assert_eq!(counted(&[on(20, 6, "2020-08-13"), on(21, 30, "2020-08"), on(22, 6, "2020-08-20")]), (30, Some(42)));
}

#[test]
fn a_person_known_to_be_in_two_groups_may_have_been_taken_once() {
    let ten = against(20, band(50, 10, Some(10), &[1]), "2023-06-29", None);
    let eight = against(21, band(51, 8, Some(8), &[1]), "2023-06-29", None);
    let judged = Links::from_pairs([], [(id(50), id(51))]);
    assert_eq!(acts(&[ten, eight], &judged, &same_kind).lower, 10);
}

#[test]
fn a_member_s_second_act_in_one_incident_is_no_other_member_s() {
    let two = against(20, band(50, 2, Some(2), &[1]), "2020-08", Some(90));
    let twice = [single(10, 1, "2020-08-05", Some(90)), single(11, 1, "2020-08-20", Some(90)), two];
    assert_eq!(counted(&twice), (3, Some(3)));
}

#[test]
fn an_act_of_which_nobody_knows_the_victim_may_be_any() {
    let unknown = |n| Told { victims: vec![], ..single(n, 0, "2020-08-13", None) };
    assert_eq!(counted(&[unknown(10), unknown(11), single(12, 1, "2020-08-13", None)]), (1, Some(3)));
    assert_eq!(counted(&[unknown(10), against(20, band(50, 6, Some(6), &[1]), "2020-08", None)]), (6, Some(7)));
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

/// What happened: who was arrested on which day of August 2020, nobody twice on one day.
type Happened = Vec<(u8, u32)>;

/// What a record tells of it: which acts (one, or several people's together), how vaguely, how many of its people it names,
/// and how wrongly it may count them.
#[derive(Debug, Clone)]
struct Report {
    picked: Vec<usize>,
    grouped: bool,
    vague: bool,
    named: usize,
    slack: (u64, u64),
    certain: bool,
    together: bool,
}

fn report() -> impl Strategy<Value = Report> {
    let flags = (any::<bool>(), any::<bool>(), proptest::bool::weighted(0.8), any::<bool>());
    (proptest::collection::vec(0usize..12, 1..6), flags, 0usize..6, (0u64..2, 0u64..3)).prop_map(
        |(picked, (grouped, vague, certain, together), named, slack)| Report {
            picked,
            grouped,
            vague,
            named,
            slack,
            certain,
            together,
        },
    )
}

/// The records, and for each the acts that it is of.
fn tell_of(happened: &Happened, reports: &[Report]) -> Vec<(Told, BTreeSet<usize>)> {
    let mut told = Vec::new();
    let day = |at: usize, vague: bool| if vague { "2020-08".into() } else { format!("2020-08-{:02}", happened[at].1) };
    for (n, report) in (0u8..).zip(reports) {
        let first = report.picked[0] % happened.len();
        if !report.grouped {
            let one = single(100 + 8 * n, happened[first].0, &day(first, report.vague), Some(60 + n));
            told.push((Told { certain: report.certain, ..one }, BTreeSet::from([first])));
            continue;
        }
        // People taken together: each once, on one day unless the report is of the month.
        let mut of: BTreeMap<u8, usize> = BTreeMap::new();
        for at in report.picked.iter().map(|at| at % happened.len()) {
            if report.vague || happened[at].1 == happened[first].1 {
                of.entry(happened[at].0).or_insert(at);
            }
        }
        let size = count(of.len());
        let members: Vec<u8> = of.keys().copied().take(report.named).collect();
        let sized = band(30 + n, size.saturating_sub(report.slack.0).max(1), Some(size + report.slack.1), &members);
        let group = against(100 + 8 * n, sized, &day(first, report.vague), Some(60 + n));
        told.push((Told { certain: report.certain, ..group }, of.values().copied().collect()));
        if report.together {
            for (k, member) in (1u8..).zip(&members) {
                let at = of[member];
                told.push((single(100 + 8 * n + k, *member, &day(at, false), Some(60 + n)), BTreeSet::from([at])));
            }
        }
    }
    told
}

fn a_month() -> impl Strategy<Value = (Happened, Vec<Report>)> {
    let happened = proptest::collection::btree_set((0u8..6, 10u32..14), 1..9);
    (happened.prop_map(|acts| acts.into_iter().collect()), proptest::collection::vec(report(), 1..7))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    /// The law behind all others: what really happened lies between the bounds, however it is told.
    #[test]
    fn what_happened_lies_between_the_bounds((happened, reports) in a_month()) {
        let told = tell_of(&happened, &reports);
        let happened = |certain: bool| {
            let of = told.iter().filter(|(told, _)| told.certain || !certain).flat_map(|(_, of)| of);
            count(of.collect::<BTreeSet<_>>().len())
        };
        let told: Vec<Told> = told.iter().map(|(told, _)| told.clone()).collect();
        let (lower, upper) = counted(&told);
        prop_assert!(lower <= happened(true), "at least {lower}, but {} happened: {told:#?}", happened(true));
        prop_assert!(upper.is_none_or(|upper| happened(false) <= upper), "at most {upper:?}, but {}", happened(false));
    }

    #[test]
    fn naming_a_member_never_raises_the_upper_bound(told in any_told(), group in 0usize..9, member in 0u8..6) {
        let groups: Vec<usize> = (0..told.len()).filter(|at| told[*at].band.is_some()).collect();
        prop_assume!(!groups.is_empty());
        let mut named = told.clone();
        let band = named[groups[group % groups.len()]].band.as_mut().unwrap();
        // A name more than the stated size says that the size is wrong, and then one more is possible.
        prop_assume!(band.size.upper.is_none_or(|size| count(band.members.len()) < size));
        band.members.insert(id(member));
        prop_assert!(not_lower(counted(&named).1, counted(&told).1), "{:?} {:?}", counted(&told), counted(&named));
    }

    #[test]
    fn the_order_in_which_acts_are_told_changes_no_upper_bound(told in any_told()) {
        let back: Vec<Told> = told.iter().rev().cloned().collect();
        prop_assert_eq!(counted(&told).1, counted(&back).1);
    }

    #[test]
    fn naming_a_person_of_a_group_never_raises_the_upper_bound(
        named in proptest::collection::btree_map(0u8..8, proptest::bool::ANY, 0..8),
        members in proptest::collection::btree_set(0u8..8, 0..5),
        (room, member) in (1u64..4, 0u8..8),
    ) {
        let named: Vec<(u8, bool)> = named.into_iter().collect();
        let size = count(members.len()) + room;
        let group = |members: &BTreeSet<u8>| (band(50, size, Some(size), &members.iter().copied().collect::<Vec<_>>()), true);
        let mut more = members.clone();
        more.insert(member);
        let upper = |members| people(&named, &[group(members)], &Links::default()).1;
        prop_assert!(not_lower(upper(&more), upper(&members)));
    }
}
