//! Laws that hold whatever is in the ledger.

use proptest::prelude::*;

use crate::world::{DEFINITION, World};
use ledger::Verdict;

/// Windows, each within the next.
const WINDOWS: [&str; 4] = ["2020-08-10/2020-08-20", "2020-07-31/2020-09-10", "2020", "2019/2021"];
const DATES: [&str; 6] = ["2020-08-13", "2020-08", "2020-09-07", "2020", "2020-10-05", "2020-08-20~"];

#[derive(Debug, Clone)]
struct Drawn {
    victim: usize,
    date: usize,
    second: Option<usize>,
    incident: Option<usize>,
}

fn acts() -> impl Strategy<Value = Vec<Drawn>> {
    let act =
        (0usize..7, 0usize..DATES.len(), proptest::option::of(0usize..DATES.len()), proptest::option::of(0usize..2))
            .prop_map(|(victim, date, second, incident)| Drawn { victim, date, second, incident });
    proptest::collection::vec(act, 1..7)
}

/// Five persons, and two groups of which some are members.
fn populate(world: &World, acts: &[Drawn], members: &[(usize, usize)], unsure: &[(usize, usize)]) {
    world.tell("second: Document\nv5: Group\nv5.size: 4..6\nv6: Group\nv6.size: 2\ni0: Incident\ni1: Incident");
    (0..5).for_each(|n| {
        world.tell(&format!("v{n}: Person\nv{n}.name: v{n}"));
    });
    for (group, member) in members {
        world.tell(&format!("v{}.member: v{member}", 5 + group));
    }
    for (a, b) in unsure.iter().filter(|(a, b)| a != b) {
        world.judge(&format!("v{a}"), &format!("v{b}"), Verdict::Unsure);
    }
    for (n, Drawn { victim, date, second, incident }) in acts.iter().enumerate() {
        world.arrest(&format!("x{n}"), &format!("v{victim}"), DATES[*date]);
        if let Some(second) = second {
            world.tell(&format!("@second x{n}.date: {}", DATES[*second]));
        }
        if let Some(incident) = incident {
            world.tell(&format!("x{n}.incident: i{incident}"));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn bounds_are_in_order_a_wider_window_never_lowers_the_upper_and_the_unrelated_changes_nothing(
        acts in acts(),
        members in proptest::collection::vec((0usize..2, 0usize..5), 0..4),
        unsure in proptest::collection::vec((0usize..5, 0usize..5), 0..3),
    ) {
        let world = World::new();
        populate(&world, &acts, &members, &unsure);
        let mut before = [Some(0), Some(0)];
        for window in WINDOWS {
            let counted = world.counted(&DEFINITION.replace("2020-07-31/2020-09-10", window));
            for ((lower, upper), before) in counted.into_iter().zip(&mut before) {
                prop_assert!(upper.is_none_or(|upper| lower <= upper));
                prop_assert!(before.is_none_or(|before| upper.is_none_or(|upper| upper >= before)));
                prop_assert!(before.is_some() || upper.is_none());
                *before = upper;
            }
        }
        let then = world.figure(DEFINITION);
        world.tell("u: Act\nu.type: acts:charge\nu.victim: v0\nu.date: 2020-08-13\nu.victimGroup: victim-groups:human-rights-defender");
        world.tell("w: Person\nw.name: w");
        world.arrest("w-arrest", "w", "2018-01-01");
        let now = world.figure(DEFINITION);
        prop_assert_eq!((now.lower, now.upper, &now.also, &now.items, &now.groups), (then.lower, then.upper, &then.also, &then.items, &then.groups));
    }
}
