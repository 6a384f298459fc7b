//! Figures on small ledgers: each test is one rule of the crate's page.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod laws;
mod world;

use figures::{Definition, Error};
use ledger::{AsOf, Clearance, Cleared, Item, Level, Retract, Verdict, View};
use world::{DEFINITION, World, claim, id};

#[test]
fn two_arrests_of_one_person_are_one_person() {
    let world = World::new();
    world.arrested("lavy", "2020-08-13");
    world.arrest("lavy-again", "lavy", "2020-09-07");
    world.arrested("chhun", "2020-07-31");
    let figure = world.figure(DEFINITION);
    assert_eq!(figure.words(), "2 persons");
    assert_eq!(figure.also[0].words(), "3 arrests");
    let labels: Vec<&str> = figure.items.iter().map(|item| item.label.as_str()).collect();
    assert_eq!(labels, ["chhun", "lavy"], "in the order of the dates");
    assert_eq!(figure.items[1].acts.len(), 2);
    // Each act rests on four claims: type, victim, group and date.
    assert_eq!(figure.items[1].claims.len(), 8);
    assert!(figure.items[1].certain);
}

#[test]
fn the_window_holds_both_its_days() {
    let world = World::new();
    for (key, date) in [("a", "2020-07-30"), ("b", "2020-07-31"), ("c", "2020-09-10"), ("d", "2020-09-11")] {
        world.arrested(key, date);
    }
    let labels: Vec<String> = world.figure(DEFINITION).items.into_iter().map(|item| item.label).collect();
    assert_eq!(labels, ["b", "c"]);
}

#[test]
fn a_possible_date_raises_the_upper_bound_only() {
    let world = World::new();
    world.arrested("sure", "2020-08");
    world.arrested("perhaps", "2020-09");
    let figure = world.figure(DEFINITION);
    assert_eq!(figure.words(), "at least 1 and at most 2 persons");
    let perhaps = &figure.items[1];
    assert!(!perhaps.certain);
    assert_eq!(perhaps.reason, "possible: the window may or may not hold September 2020");
}

#[test]
fn an_independent_account_outside_makes_it_only_possible_but_a_copy_s_slip_does_not() {
    let world = World::new();
    world.tell("copy: Document\nother: Document\ncopy.derivedFrom: note");
    world.arrested("a", "2020-09-10");
    world.tell("@copy a-arrest.date: 2020-09-11");
    assert_eq!(world.counted(DEFINITION)[0], (1, Some(1)), "a copy is no account of its own");
    world.tell("@other a-arrest.date: 2020-09-12");
    let figure = world.figure(DEFINITION);
    assert_eq!((figure.lower, figure.upper), (0, Some(1)));
    assert_eq!(figure.items[0].reason, "possible: another account gives 12 September 2020");
    // Every account of the date is part of what it rests on.
    assert_eq!(figure.items[0].claims.len(), 6);
}

#[test]
fn a_wrong_account_is_settled_by_assessing_it() {
    let world = World::new();
    world.tell("other: Document");
    world.arrested("a", "2020-09-10");
    let claims = world.tell("@other a-arrest.date: 2020-09-12");
    assert_eq!(world.counted(DEFINITION)[0], (0, Some(1)));
    world.assess(claims[0], "false");
    assert_eq!(world.counted(DEFINITION)[0], (1, Some(1)));
}

#[test]
fn what_the_victim_was_holds_for_the_act() {
    let world = World::new();
    world.arrested("theary", "2020-08-13");
    world.tell("sophorn: Person\nx: Act\nx.type: acts:arrest\nx.victim: sophorn\nx.date: 2020-08-14\nx.victimGroup: victim-groups:political-opposition");
    // Narrower than a defender; and the same person at another time as something else.
    world.tell("ratha: Person\ny: Act\ny.type: acts:arrest\ny.victim: ratha\ny.date: 2020-09-03\ny.victimGroup: victim-groups:environmental-defender");
    world.tell("z: Act\nz.type: acts:charge\nz.victim: sophorn\nz.date: 2020-08-14\nz.victimGroup: victim-groups:human-rights-defender");
    assert_eq!(world.counted(DEFINITION), [(2, Some(2)), (2, Some(2))]);
    let anybody = DEFINITION.replace("victimGroups: [human-rights-defender]\n", "");
    assert_eq!(world.counted(&anybody)[0], (3, Some(3)));
}

#[test]
fn places_go_by_their_hierarchy() {
    let world = World::new();
    let texts = [("a", "[KH-12]"), ("b", "[KH]"), ("c", "[TH]"), ("d", "the embassy")];
    for (key, place) in texts {
        world.arrested(key, "2020-08-13");
        world.tell(&format!("{key}-arrest.place: {place}"));
    }
    world.arrested("e", "2020-08-13");
    // An act without a place has its incident's.
    world.arrested("f", "2020-08-13");
    world.tell("rally: Incident\nrally.place: [KH-12]\nf-arrest.incident: rally");
    let labels = |place: &str, certain: bool| -> Vec<String> {
        let figure = world.figure(&format!("{DEFINITION}place: {place}\n"));
        figure.items.into_iter().filter(|item| item.certain == certain).map(|item| item.label).collect()
    };
    assert_eq!(labels("KH", true), ["a", "b", "f"]);
    assert_eq!(labels("KH", false), ["d", "e"]);
    assert_eq!(labels("KH-12", true), ["a", "f"]);
    assert_eq!(labels("KH-12", false), ["b", "d", "e"]);
}

#[test]
fn a_group_is_never_counted_with_its_named_members() {
    let world = World::new();
    world.tell("six: Group\nsix.name: six youths\nsix.size: 6\nrally: Incident");
    world.arrest("six-arrest", "six", "2020-08-13");
    world.tell("six-arrest.incident: rally");
    assert_eq!(world.counted(DEFINITION), [(6, Some(6)), (6, Some(6))]);
    for key in ["daravy", "vannak"] {
        world.arrested(key, "2020-08-13");
        world.tell(&format!("six.member: {key}\n{key}-arrest.incident: rally"));
    }
    assert_eq!(world.counted(DEFINITION), [(6, Some(6)), (6, Some(6))]);
    // Five more, elsewhere: the four unnamed may be among them as persons, but not their arrests.
    for n in 0..5 {
        world.arrested(&format!("other-{n}"), "2020-09-07");
    }
    assert_eq!(world.counted(DEFINITION), [(7, Some(11)), (11, Some(11))]);
    let figure = world.figure(DEFINITION);
    let [group] = figure.groups.as_slice() else { panic!("one group") };
    assert_eq!((group.label.as_str(), group.named, group.unnamed.upper), ("six youths", 2, Some(4)));
    assert_eq!(figure.items.len(), 7, "a group is no line of the list");
}

#[test]
fn a_group_of_unknown_size_leaves_no_upper_bound() {
    let world = World::new();
    world.tell("some: Group\nsome.size: 3..");
    world.arrest("some-arrest", "some", "2020-08-13");
    assert_eq!(world.figure(DEFINITION).words(), "at least 3 persons");
}

#[test]
fn the_same_person_under_two_names_is_one_and_an_unsure_pair_one_or_two() {
    let world = World::new();
    world.arrested("thou", "2020-08-13");
    world.arrested("inn-thou", "2020-09-01");
    assert_eq!(world.counted(DEFINITION)[0], (2, Some(2)));
    world.judge("thou", "inn-thou", Verdict::Unsure);
    assert_eq!(world.counted(DEFINITION), [(1, Some(2)), (2, Some(2))]);
    assert!(world.figure(DEFINITION).items[0].reason.contains("may be the same person"));
    world.judge("thou", "inn-thou", Verdict::Same);
    assert_eq!(world.counted(DEFINITION), [(1, Some(1)), (2, Some(2))]);
    world.judge("thou", "inn-thou", Verdict::Different);
    assert_eq!(world.counted(DEFINITION)[0], (2, Some(2)));
}

#[test]
fn an_act_without_a_date_is_left_out_and_told_unless_its_incident_has_one() {
    let world = World::new();
    world.tell(
        "a: Person\nx: Act\nx.type: acts:arrest\nx.victim: a\nx.victimGroup: victim-groups:human-rights-defender",
    );
    let figure = world.figure(DEFINITION);
    assert_eq!((figure.upper, figure.undated), (Some(0), 1));
    world.tell("rally: Incident\nrally.date: 2020-08-13\nx.incident: rally");
    let figure = world.figure(DEFINITION);
    assert_eq!((figure.lower, figure.upper, figure.undated), (0, Some(1), 0));
    assert!(figure.items[0].reason.contains("its own date is not known"));
}

#[test]
fn the_figure_s_own_standard_decides_what_counts() {
    let world = World::new();
    world.arrested("a", "2020-08-13");
    let strict = DEFINITION.replace("all-allegations", "corroborated");
    assert_eq!(world.figure(&strict).words(), "no persons");
    let claims = world.figure(DEFINITION).items[0].claims.clone();
    claims.into_iter().for_each(|claim| world.assess(claim, "corroborated"));
    assert_eq!(world.figure(&strict).words(), "1 person");
}

#[test]
fn whoever_may_see_it_sees_the_same_and_nobody_else_sees_it() {
    let world = World::new();
    world.arrested("a", "2020-08-13");
    world.arrested("secret", "2020-08-14");
    let secret = Item::Classify(ledger::Classify {
        target: ledger::Target::Entity(id("secret")),
        clearance: Clearance::internal(),
        reason: "asked for".into(),
    });
    world.append(vec![secret]);
    world.define(DEFINITION);
    let inside = world.reader(Level::Internal);
    let definition = figures::load(&inside, "arrests").unwrap();
    assert!(matches!(figures::compute(&inside, &definition), Err(Error::View { .. })));
    let reader = world.ledger.read(&figures::view(&inside, &definition).unwrap()).unwrap();
    let figure = figures::compute(&reader, &definition).unwrap();
    // The act is public and its victim is not: somebody was arrested, who may be anybody.
    assert_eq!((figure.lower, figure.upper, figure.items.len()), (1, Some(2), 1));
    assert!(!figure.json().contains("secret"));
    let internal = Definition::parse(&DEFINITION.replace("public", "internal")).unwrap();
    assert!(matches!(figures::view(&world.reader(Level::Public), &internal), Err(Error::Clearance { .. })));
}

#[test]
fn destroyed_claims_are_gone_and_told_to_those_inside() {
    let world = World::new();
    world.arrested("a", "2020-08-13");
    let claim = world.tell("a-arrest.date: 2020-08-13")[0];
    let internal = DEFINITION.replace("public", "internal");
    assert_eq!(world.figure(&internal).gone, 0);
    world.ledger.erase(&world.author, claim, "consent withdrawn").unwrap();
    assert_eq!((world.figure(&internal).gone, world.figure(&internal).lower), (1, 1));
    // That something was destroyed is for those inside.
    assert_eq!(world.figure(DEFINITION).gone, 0);
}

#[test]
fn what_others_published_stands_beside_it() {
    let world = World::new();
    world.tell("experts: Organization\nexperts.name: UN experts\nlicadho: Organization\nlicadho.name: LICADHO");
    world.tell(
        "un: ReportedCount\nun.count: at least 21\nun.unit: counting-units:persons\nun.window: 2020-08-16/2020-11-16\nun.publishedBy: experts\n\
         un.actType: acts:threat\nun.actType: acts:arrest\nun.actType: acts:detention\nun.victimGroup: victim-groups:human-rights-defender",
    );
    world.tell(
        "l: ReportedCount\nl.count: 19\nl.unit: counting-units:arrests\nl.window: 2020-07-31/2020-09-10\nl.publishedBy: licadho\n\
         l.actType: acts:arrest\nl.victimGroup: victim-groups:human-rights-defender\nl.population: human rights defenders and activists",
    );
    let text = format!("{DEFINITION}published: [{}, {}, {}]\n", id("l"), id("un"), id("not-there"));
    let figure = world.figure(&text);
    let told: Vec<_> = figure.published.iter().map(|p| (p.asserter.as_str(), p.lower, p.upper, p.differs())).collect();
    assert_eq!(
        told,
        [
            ("LICADHO", Some(19), Some(19), "unit: arrests, not persons; population, in their words: human rights defenders and activists".into()),
            (
                "UN experts",
                Some(21),
                None,
                "types of acts: detention and threat too; window: 16 August 2020 to 16 November 2020, 26 days in common with ours".into()
            ),
        ]
    );
}

#[test]
fn the_same_position_and_definition_give_the_same_bytes_for_ever() {
    let world = World::new();
    world.arrested("a", "2020-08-13");
    world.arrested("b", "2020-09");
    let position = world.ledger.position().unwrap();
    let then = world.figure(DEFINITION);
    assert_eq!(world.figure(DEFINITION).json(), then.json());
    world.arrested("c", "2020-08-14");
    world.judge("a", "b", Verdict::Same);
    assert_eq!(world.figure_at(DEFINITION, AsOf::Position(position)).json(), then.json());
    assert_ne!(world.figure(DEFINITION).digest, then.digest);
}

#[test]
fn the_json_has_its_shape_and_its_digest_can_be_checked() {
    let world = World::new();
    world.arrested("a", "2020-08-13");
    let figure = world.figure(DEFINITION);
    let json = figure.json();
    let keys: Vec<&str> =
        json.lines().filter_map(|line| line.strip_prefix("  \"")?.split_once('"').map(|(key, _)| key)).collect();
    assert_eq!(
        keys,
        [
            "name",
            "title",
            "definition",
            "unit",
            "acts",
            "victimGroups",
            "window",
            "place",
            "standard",
            "clearance",
            "position",
            "digest",
            "lower",
            "upper",
            "also",
            "items",
            "groups",
            "published",
            "sources",
            "sourceNote",
            "undated",
            "gone"
        ]
    );
    let read: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(read["items"][0]["entity"], id("a").to_string());
    assert_eq!(read["items"][0]["claims"].as_array().unwrap().len(), 4);
    assert_eq!(read["also"][0], serde_json::json!({"unit": "acts", "lower": 1, "upper": 1}));
    assert!(!figure.canonical().unwrap().contains("digest"));
    assert_eq!(read["digest"], figure.digest.to_string());
}

#[test]
fn a_retracted_claim_and_a_disputed_victim() {
    let world = World::new();
    world.tell("other: Document\nb: Person\nb.name: B");
    world.arrested("a", "2020-08-13");
    let claims = world.tell("@other a-arrest.victim: b");
    let figure = world.figure(DEFINITION);
    assert_eq!((figure.lower, figure.upper), (0, Some(2)));
    assert_eq!((figure.also[0].lower, figure.also[0].upper), (1, Some(1)), "that there was an arrest is not in doubt");
    world.append(vec![Item::Retract(Retract { claim: claims[0], reason: "a slip".into(), origin: None })]);
    assert_eq!(world.counted(DEFINITION)[0], (1, Some(1)));
}

#[test]
fn a_definition_that_names_what_there_is_not_says_so() {
    let world = World::new();
    let wrong = |text: &str| {
        let definition = Definition::parse(text).unwrap();
        let reader = world.ledger.read(&View::public()).unwrap();
        figures::compute(&reader, &definition).unwrap_err()
    };
    let error = wrong(&DEFINITION.replace("acts: [arrest]", "acts: [arest]"));
    assert_eq!(error.to_string(), "the definition of the figure “arrests”: the vocabulary acts has no term “arest”");
    assert_eq!(error.hint(), Some("Did you mean “arrest”?"));
    world.define(DEFINITION);
    let error = figures::load(&world.reader(Level::Public), "arests").unwrap_err();
    assert_eq!(error.to_string(), "there is no figure “arests” in this view");
    assert_eq!(error.hint(), Some("Did you mean “arrests”?"));
}

#[test]
fn a_figure_of_acts_lists_acts() {
    let world = World::new();
    world.arrested("lavy", "2020-08-13");
    world.arrest("lavy-again", "lavy", "2020-09-07");
    let figure = world.figure(&DEFINITION.replace("unit: persons\nalso: [acts]", "unit: acts\nalso: [persons]"));
    assert_eq!((figure.words().as_str(), figure.also[0].words().as_str()), ("2 arrests", "1 person"));
    let entities: Vec<_> = figure.items.iter().map(|item| item.entity).collect();
    assert_eq!(entities, [id("lavy-arrest"), id("lavy-again")]);
}

#[test]
fn a_claim_outside_the_figure_s_clearance_changes_nothing_in_it() {
    let world = World::new();
    world.arrested("a", "2020-08-13");
    let before = world.figure(DEFINITION);
    let Item::Claim(mut hidden) = claim(world.ledger.registry(), "a-arrest", "date", "2021-01-01", "note") else {
        panic!("a claim")
    };
    hidden.clearance = Clearance::restricted("legal");
    world.append(vec![Item::Claim(hidden)]);
    let after = world.figure(DEFINITION);
    assert_eq!((after.lower, after.upper, &after.items), (before.lower, before.upper, &before.items));
    let team = Definition::parse(&DEFINITION.replace("clearance: public", "clearance: restricted:legal")).unwrap();
    assert_eq!(team.cleared(), Cleared::to(Level::Internal).with_team("legal"));
}

/// The case of August 2020: six arrested on a known day, three of them named, and somebody arrested “in August”.
#[test]
fn an_arrest_of_that_month_may_be_that_of_an_unnamed_member() {
    let world = World::new();
    world.tell("six: Group\nsix.name: six youths\nsix.size: 6\nrally: Incident\nprotest: Incident\nother: Document");
    world.arrest("six-arrest", "six", "2020-08-13");
    world.tell("six-arrest.incident: rally");
    for key in ["daravy", "vannak", "lavy"] {
        world.arrested(key, "2020-08-13");
        world.tell(&format!("six.member: {key}\n{key}-arrest.incident: rally"));
    }
    world.arrested("kanika", "2020-08");
    world.tell("kanika-arrest.incident: protest");
    assert_eq!(world.counted(DEFINITION), [(6, Some(7)), (6, Some(7))]);
    // One independent account of the very day changes nothing; a judgement that the two are different does.
    world.tell("@other kanika-arrest.date: 2020-08-13");
    assert_eq!(world.counted(DEFINITION)[1], (6, Some(7)));
    world.judge("rally", "protest", Verdict::Different);
    assert_eq!(world.counted(DEFINITION)[1], (7, Some(7)));
}
