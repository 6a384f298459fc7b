//! Pairs of a small ledger: who is asked about, what an answer does, and that a hidden person makes no difference.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use figures::Figure;
use ledger::{
    Account, AccountId, Author, Claim, Clearance, Cleared, Define, EntityItem, Genesis, Item, Judge, Ledger, Level,
    Reader, Settings, SigningKey, Verdict, View,
};
use matching::{Comparison, Questions, Sides, Standing, bands, effect};
use schema::{EntityId, Kind, Registry, Value};
use tempfile::TempDir;

const FIGURE: &str = "figure: arrests\ntitle: {en: Arrested, km: ចាប់}\ndefinition: People who were arrested.\nunit: persons\n\
    acts: [arrest]\nwindow: 2020-07-31/2020-09-10\nstandard: all-allegations\nclearance: public\n";

struct World {
    ledger: Ledger,
    author: Author,
    _folder: TempDir,
}

fn id(key: &str) -> EntityId {
    EntityId::derive("test", key)
}

impl World {
    fn new() -> World {
        let folder = tempfile::tempdir().unwrap();
        let owner =
            Account { id: AccountId::named("owner"), name: "Owner".into(), level: Level::Restricted, teams: vec![] };
        let author = Author::new(owner.id);
        let settings = Settings {
            database: folder.path().join("ledger.db"),
            index: folder.path().join("index.db"),
            key: [1; 32],
            index_key: [2; 32],
            signing: SigningKey::from_seed(&[3; 32]),
            registry: Registry::builtin().unwrap(),
        };
        let genesis = Genesis { workspace: [4; 16], name: "test".into(), program: "test".into() };
        let world = World { ledger: Ledger::create(settings, genesis, owner).unwrap(), author, _folder: folder };
        world.entity("list-a", "Document", &Clearance::public());
        world.entity("list-b", "Document", &Clearance::public());
        world
    }

    fn append(&self, items: Vec<Item>) {
        self.ledger.append(&self.author, items).unwrap();
    }

    fn entity(&self, key: &str, schema: &str, clearance: &Clearance) {
        let item = EntityItem { id: id(key), schema: schema.into(), clearance: clearance.clone(), key: None };
        self.append(vec![Item::Entity(item)]);
    }

    fn say(&self, key: &str, property: &str, kind: Kind, text: &str, source: &str, clearance: &Clearance) {
        let value =
            if kind == Kind::Entity { Value::Entity(id(text)) } else { Value::parse(kind, text, None).unwrap() };
        let mut claim = Claim::new(id(key), property, &value, id(source));
        claim.clearance = clearance.clone();
        claim.no_words = Some("a test".into());
        self.append(vec![Item::Claim(claim)]);
    }

    /// Somebody on a list, arrested on a day.
    fn row(&self, key: &str, name: &str, date: &str, source: &str, clearance: &Clearance) {
        let act = format!("{key}-arrest");
        self.entity(key, "Person", clearance);
        self.say(key, "name", Kind::Name, name, source, clearance);
        self.entity(&act, "Act", clearance);
        self.say(&act, "type", Kind::Term, "acts:arrest", source, clearance);
        self.say(&act, "victim", Kind::Entity, key, source, clearance);
        self.say(&act, "date", Kind::Date, date, source, clearance);
        self.say(&act, "place", Kind::Place, "Phnom Penh [KH-12]", source, clearance);
    }

    fn judge(&self, a: &str, b: &str, verdict: Verdict) {
        let judge = Judge { a: id(a), b: id(b), verdict, reason: "compared".into(), origin: None };
        self.append(vec![Item::Judge(judge)]);
    }

    fn reader(&self, level: Level) -> Reader<'_> {
        self.ledger.read(&View::new(Cleared::to(level))).unwrap()
    }

    fn figure(&self) -> Figure {
        let reader = self.reader(Level::Public);
        let definition = figures::load(&reader, "arrests").unwrap();
        figures::compute(&self.ledger.read(&figures::view(&reader, &definition).unwrap()).unwrap(), &definition)
            .unwrap()
    }
}

/// Two lists of six: four people stand on both, in other spellings; two on each are alone.
fn two_lists() -> World {
    let world = World::new();
    let public = Clearance::public();
    let both = [
        ("Rong Chhun", "Rong Chhun", "2020-07-31"),
        ("Chhim Sithar", "Sithor Chhim", "2020-08-13"),
        ("Tha Lavy", "Tha Lavy", "2020-09-07"),
        ("Phoung Keorasmey", "Phuon Keoreaksmey", "2020-09-03"),
    ];
    for (n, (a, b, date)) in both.iter().enumerate() {
        world.row(&format!("a{n}"), a, date, "list-a", &public);
        world.row(&format!("b{n}"), b, date, "list-b", &public);
    }
    for (key, name, source) in [
        ("a8", "Thun Ratha", "list-a"),
        ("a9", "Det Huor", "list-a"),
        ("b8", "Sun Ratha", "list-b"),
        ("b9", "Heng Huy", "list-b"),
    ] {
        world.row(key, name, "2020-09-03", source, &public);
    }
    let text = FIGURE.to_owned();
    world.append(vec![Item::Define(Define { kind: "figure".into(), name: "arrests".into(), text, clearance: public })]);
    world
}

fn likely(world: &World, level: Level) -> Vec<(EntityId, EntityId)> {
    let reader = world.reader(level);
    let mut questions = Questions::default();
    questions.follow(&reader).unwrap();
    let open = questions.open(&reader, &[]).unwrap();
    let mut pairs: Vec<_> =
        open.iter().filter(|q| q.probability >= 0.5).map(|q| (q.a.min(q.b), q.a.max(q.b))).collect();
    pairs.sort_unstable();
    pairs
}

fn pair(a: &str, b: &str) -> (EntityId, EntityId) {
    (id(a).min(id(b)), id(a).max(id(b)))
}

#[test]
fn who_stands_on_both_lists_is_asked_about_and_look_alikes_are_not() {
    let world = two_lists();
    let found = likely(&world, Level::Public);
    for n in 0..4 {
        assert!(found.contains(&pair(&format!("a{n}"), &format!("b{n}"))), "pair {n}: {found:?}");
    }
    assert!(!found.contains(&pair("a8", "b8")), "Thun Ratha is not Sun Ratha");
    assert!(!found.contains(&pair("a9", "b9")), "Det Huor is not Heng Huy");
}

#[test]
fn an_answer_settles_its_question_and_can_be_taken_back() {
    let world = two_lists();
    let mut questions = Questions::default();
    let asked = |questions: &mut Questions| {
        let reader = world.reader(Level::Public);
        questions.follow(&reader).unwrap();
        let standing = questions.pair(&reader, id("a0"), id("b0")).unwrap().unwrap().standing;
        let open = questions.open(&reader, &[]).unwrap();
        (standing, open.iter().any(|q| pair("a0", "b0") == (q.a.min(q.b), q.a.max(q.b))))
    };
    assert_eq!(asked(&mut questions), (Standing::Open, true));
    for (verdict, standing, open) in [
        (Verdict::Same, Standing::Same, false),
        (Verdict::Withdrawn, Standing::Open, true),
        (Verdict::Different, Standing::Different, false),
        (Verdict::Unsure, Standing::Unsure, true),
    ] {
        world.judge("a0", "b0", verdict);
        assert_eq!(asked(&mut questions), (standing, open), "{verdict:?}");
    }
}

#[test]
fn what_an_answer_would_do_is_what_it_does_and_leaves_no_trace() {
    let world = two_lists();
    let reader = world.reader(Level::Restricted);
    let before = world.ledger.position().unwrap();
    let told = effect(&world.ledger, &world.author, &reader, &[(id("a0"), id("b0"))], Verdict::Same).unwrap();
    assert_eq!(world.ledger.position().unwrap(), before, "the trial is taken back");
    let now = world.figure();
    world.judge("a0", "b0", Verdict::Same);
    let then = world.figure();
    let [effect] = told.as_slice() else { panic!("one figure changes: {told:?}") };
    assert_eq!(effect.bounds, [(now.lower, now.upper), (then.lower, then.upper)]);
    assert_eq!(then.lower + 1, now.lower);
}

#[test]
fn a_hidden_person_makes_no_difference() {
    let with = two_lists();
    with.row("hidden", "Tha Lavy", "2020-09-07", "list-a", &Clearance::internal());
    with.row("hidden2", "Chhim Sithar", "2020-08-13", "list-b", &Clearance::internal());
    let without = two_lists();
    assert_eq!(likely(&with, Level::Public), likely(&without, Level::Public));
    let score = |world: &World| {
        let reader = world.reader(Level::Public);
        let mut questions = Questions::default();
        questions.follow(&reader).unwrap();
        let pair = questions.pair(&reader, id("a2"), id("b2")).unwrap().unwrap();
        (pair.weight, questions.people().len())
    };
    assert_eq!(score(&with), score(&without), "not even the parameters");
    assert!(likely(&with, Level::Internal).contains(&pair("hidden", "b2")), "those who may see it are asked");
}

#[test]
fn the_sides_show_differences_first() {
    let world = two_lists();
    world.say("a0", "birthDate", Kind::Date, "1969", "list-a", &Clearance::public());
    world.say("b0", "birthDate", Kind::Date, "1971", "list-b", &Clearance::public());
    let reader = world.reader(Level::Public);
    let mut questions = Questions::default();
    questions.follow(&reader).unwrap();
    let sides = Sides::of(&reader, questions.people(), &[id("a0"), id("b0")]).unwrap();
    assert_eq!(sides.rows.first().unwrap().comparison, Comparison::Differ);
    assert_eq!(sides.rows.first().unwrap().label, "Date of birth");
    assert!(sides.rows.iter().any(|row| row.comparison == Comparison::Agree && row.label == "Name"));
    assert!(sides.rows.windows(2).all(|rows| rows[0].comparison <= rows[1].comparison));
}

#[test]
fn what_is_recorded_later_is_followed() {
    let world = two_lists();
    let mut questions = Questions::default();
    questions.follow(&world.reader(Level::Public)).unwrap();
    world.row("c0", "Rong Chhun", "2020-07-31", "list-b", &Clearance::public());
    world.judge("a2", "b2", Verdict::Same);
    let reader = world.reader(Level::Public);
    questions.follow(&reader).unwrap();
    let mut anew = Questions::default();
    anew.follow(&reader).unwrap();
    let told = |questions: &Questions| -> Vec<_> {
        questions.open(&reader, &[]).unwrap().iter().map(|q| (q.a, q.b, q.weight.to_bits())).collect()
    };
    assert_eq!(told(&questions), told(&anew), "followed or made anew, it is the same");
    assert!(told(&questions).iter().any(|(a, b, _)| *a == id("c0") || *b == id("c0")));
}

#[test]
fn a_group_meets_the_names_that_may_be_its() {
    let world = two_lists();
    let public = Clearance::public();
    world.entity("three", "Group", &public);
    world.say("three", "size", Kind::Count, "5", "list-a", &public);
    world.entity("three-arrest", "Act", &public);
    for (property, kind, text) in [
        ("type", Kind::Term, "acts:arrest"),
        ("victim", Kind::Entity, "three"),
        ("date", Kind::Date, "2020-09-03"),
        ("place", Kind::Place, "Phnom Penh [KH-12]"),
    ] {
        world.say("three-arrest", property, kind, text, "list-a", &public);
    }
    let reader = world.reader(Level::Public);
    let mut questions = Questions::default();
    questions.follow(&reader).unwrap();
    let found = bands(&reader, &questions).unwrap();
    let [band] = found.as_slice() else { panic!("one group: {found:?}") };
    let names: Vec<&str> = band.candidates.iter().filter(|one| one.firm).map(|one| one.label.as_str()).collect();
    assert!(names.contains(&"Phoung Keorasmey") && names.contains(&"Thun Ratha"), "{names:?}");
    assert!(!names.contains(&"Rong Chhun"), "another day: {names:?}");

    // Once she is a member, her other record is asked about before it is called another member.
    world.say("three", "member", Kind::Entity, "a3", "list-a", &public);
    let reader = world.reader(Level::Public);
    questions.follow(&reader).unwrap();
    let found = bands(&reader, &questions).unwrap();
    let other = found[0].candidates.iter().find(|one| one.person == id("b3")).unwrap();
    let (a, b) = other.perhaps.unwrap();
    assert_eq!((a.min(b), a.max(b)), pair("a3", "b3"));
    assert!(found[0].candidates.iter().any(|one| one.perhaps.is_none()));
}

/// Two lists, and a third that has the one everybody knows, and somebody who is like only one of the two.
fn three_lists() -> World {
    let world = two_lists();
    let public = Clearance::public();
    world.entity("list-c", "Document", &public);
    world.row("c0", "Rong Chhun", "2020-07-31", "list-c", &public);
    world.row("d0", "Rong Chhun", "2020-07-31", "list-c", &public);
    world
}

fn asked(world: &World, level: Level) -> (Questions, Vec<matching::Asked>) {
    let reader = world.reader(level);
    let mut questions = Questions::default();
    questions.follow(&reader).unwrap();
    let asked = questions.asked(&reader, &matching::Stakes::default()).unwrap();
    (questions, asked)
}

fn sets(world: &World) -> Vec<matching::Set> {
    let sets = asked(world, Level::Public).1.into_iter();
    sets.filter_map(|asked| if let matching::Asked::Several(set) = asked { Some(set) } else { None }).collect()
}

#[test]
fn three_or_more_are_asked_about_once_and_one_answer_settles_them() {
    let world = three_lists();
    let [set] = sets(&world).try_into().unwrap();
    let mut four = ["a0", "b0", "c0", "d0"].map(id);
    four.sort_unstable();
    assert_eq!(set.members, four);
    assert_eq!((set.ties.len(), set.needed().count()), (6, 3), "four records, and three judgements make them one");
    let within =
        |asked: &matching::Asked| matches!(asked, matching::Asked::Pair(_)) && four.iter().any(|id| asked.holds(*id));
    assert!(!asked(&world, Level::Public).1.iter().any(within), "no pair of the group is asked about beside it");
    for tie in set.needed() {
        let judge = Judge { a: tie.a, b: tie.b, verdict: Verdict::Same, reason: "compared".into(), origin: None };
        world.append(vec![Item::Judge(judge)]);
    }
    assert!(sets(&world).is_empty());
    let reader = world.reader(Level::Public);
    assert_eq!(reader.one_with(id("a0")).unwrap(), four);
}

#[test]
fn who_is_told_apart_or_cannot_be_told_leaves_the_group() {
    for verdict in [Verdict::Different, Verdict::Unsure] {
        let world = three_lists();
        for other in ["a0", "b0", "c0"] {
            world.judge("d0", other, verdict);
        }
        let [set] = sets(&world).try_into().unwrap();
        assert!(!set.members.contains(&id("d0")), "{verdict:?}");
        // Two that are left are a pair.
        world.judge("a0", "b0", Verdict::Same);
        assert!(sets(&world).is_empty(), "{verdict:?}");
    }
}

#[test]
fn a_refused_judgement_tells_nothing_of_a_hidden_one() {
    let world = two_lists();
    let low = Account { id: AccountId::named("guest"), name: "Guest".into(), level: Level::Public, teams: vec![] };
    let guest = Author::new(low.id);
    world.append(vec![Item::Account(low)]);
    world.row("hidden", "Rong Chhun", "2020-07-31", "list-a", &Clearance::internal());
    world.judge("a0", "hidden", Verdict::Same);
    world.judge("hidden", "b0", Verdict::Different);
    let same = || {
        vec![Item::Judge(Judge { a: id("a0"), b: id("b0"), verdict: Verdict::Same, reason: "x".into(), origin: None })]
    };
    let refused = world.ledger.append(&world.author, same()).unwrap_err();
    assert!(refused.to_string().contains("judged different"), "the owner, who sees all, is told: {refused}");
    world.ledger.append(&guest, same()).unwrap();
    let one = |level| world.reader(level).shown_as(id("a0")) == world.reader(level).shown_as(id("b0"));
    assert!(one(Level::Public), "as on a ledger that never had the hidden one");
    assert!(!one(Level::Restricted), "who sees both keeps them apart: different wins");
}

/// Whatever is hidden, and however it is judged: who may not see it is asked the same questions, with the same scores and groups.
#[test]
fn hidden_things_and_judgements_on_them_change_nothing_for_who_may_not_see_them() {
    let told = |world: &World| {
        let (questions, asked) = asked(world, Level::Public);
        let reader = world.reader(Level::Public);
        let bands = bands(&reader, &questions).unwrap();
        let pairs = [("a0", "b0"), ("a8", "b8"), ("a9", "b9")];
        let pairs = pairs.map(|(a, b)| {
            questions.pair(&reader, id(a), id(b)).unwrap().map(|pair| (pair.standing, pair.weight.to_bits()))
        });
        format!("{asked:?} {bands:?} {pairs:?} {:?} {}", questions.learnt(), questions.judged())
    };
    let without = told(&three_lists());
    let mut random = 7_u64;
    let mut one_of = |many: u64| {
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (random >> 33) % many
    };
    for round in 0..3 {
        let world = three_lists();
        let names = ["Rong Chhun", "Sithor Chhim", "Thun Ratha", "Tha Lavy"];
        let seen = ["a0", "b0", "c0", "a1", "b1", "a8", "b9"];
        for n in 0..3 {
            let hidden = if one_of(2) == 0 { Clearance::internal() } else { Clearance::restricted("legal") };
            let key = format!("hidden{n}");
            world.row(&key, names[one_of(4) as usize], "2020-07-31", "list-a", &hidden);
            for verdict in [Verdict::Same, Verdict::Different] {
                world.judge(&key, seen[one_of(7) as usize], verdict);
            }
            world.say(seen[one_of(7) as usize], "alias", Kind::Name, names[one_of(4) as usize], "list-b", &hidden);
        }
        assert_eq!(told(&world), without, "round {round}");
    }
}
