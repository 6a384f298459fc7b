//! In which order questions are best asked: `cargo run --release -p matching --example questions -- PERSONS.csv…`.
//!
//! Each file is made by the generator of persons (columns `rec_id, list_id, given_name, family_name, sex, dob, place, event_date,
//! entity_id`), so that the truth is known. Its lists go into a ledger, a reviewer who never errs answers, and it is counted after how
//! many answers the figure, persons once each, is within 2 % of the truth: in our order, by score, and at random; pair by pair, and
//! with groups asked about whole. An answer about a group is one keystroke where all are one, and one for each who is another.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use figures::Figure;
use ledger::{
    Account, AccountId, Author, Claim, Clearance, Cleared, Define, EntityItem, Genesis, Item, Judge, Ledger, Level,
    Reader, Settings, SigningKey, Verdict, View,
};
use matching::{Asked, Question, Questions, Stakes};
use schema::{EntityId, Kind, Registry, Value};

const FIGURE: &str = "figure: arrests\ntitle: {en: Arrested}\ndefinition: People who were arrested.\nunit: persons\n\
    acts: [arrest]\nwindow: 1900-01-01/2100-01-01\nstandard: all-allegations\nclearance: public\n";
/// Near enough to the truth.
const NEAR: f64 = 0.02;

#[derive(Clone, Copy, PartialEq)]
enum Order {
    Ours,
    Groups,
    Score,
    Random,
}

struct World {
    ledger: Ledger,
    author: Author,
    /// Whom each record is of, in truth.
    truth: BTreeMap<EntityId, String>,
    _folder: tempfile::TempDir,
}

fn world(path: &str) -> World {
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
    let genesis = Genesis { workspace: [4; 16], name: "simulated".into(), program: "questions".into() };
    let ledger = Ledger::create(settings, genesis, owner).unwrap();
    let public = Clearance::public;
    let entity =
        |id, schema: &str| Item::Entity(EntityItem { id, schema: schema.into(), clearance: public(), key: None });
    let mut truth = BTreeMap::new();
    let text = std::fs::read_to_string(path).unwrap();
    let mut lines = text.lines();
    let header: Vec<&str> = lines.next().unwrap().split(',').collect();
    let mut lists: BTreeSet<EntityId> = BTreeSet::new();
    let mut items = Vec::new();
    for line in lines {
        let cells: Vec<&str> = line.split(',').collect();
        let cell = |name: &str| cells[header.iter().position(|known| *known == name).unwrap()];
        let (person, act) = (EntityId::derive("person", cell("rec_id")), EntityId::derive("act", cell("rec_id")));
        let list = EntityId::derive("list", cell("list_id"));
        if lists.insert(list) {
            items.push(entity(list, "Document"));
        }
        truth.insert(person, cell("entity_id").to_owned());
        items.extend([entity(person, "Person"), entity(act, "Act")]);
        let mut say = |about, property: &str, value: Value| {
            let mut claim = Claim::new(about, property, &value, list);
            claim.clearance = public();
            claim.no_words = Some("simulated".into());
            items.push(Item::Claim(claim));
        };
        let read = |kind, text: &str| (!text.is_empty()).then(|| Value::parse(kind, text, None).ok()).flatten();
        let name = format!("{} {}", cell("given_name"), cell("family_name"));
        let sex = match cell("sex") {
            "M" => "sex:male",
            "F" => "sex:female",
            _ => "",
        };
        for (property, value) in [
            ("name", read(Kind::Name, name.trim())),
            ("gender", read(Kind::Term, sex)),
            ("birthDate", read(Kind::Date, cell("dob"))),
        ] {
            value.into_iter().for_each(|value| say(person, property, value));
        }
        for (property, value) in [
            ("type", read(Kind::Term, "acts:arrest")),
            ("victim", Some(Value::Entity(person))),
            ("date", read(Kind::Date, cell("event_date"))),
            ("place", read(Kind::Place, cell("place"))),
        ] {
            value.into_iter().for_each(|value| say(act, property, value));
        }
    }
    items.push(Item::Define(Define {
        kind: "figure".into(),
        name: "arrests".into(),
        text: FIGURE.into(),
        clearance: public(),
    }));
    ledger.append(&author, items).unwrap();
    World { ledger, author, truth, _folder: folder }
}

fn figure(world: &World, reader: &Reader<'_>) -> Figure {
    let definition = figures::load(reader, "arrests").unwrap();
    figures::compute(&world.ledger.read(&figures::view(reader, &definition).unwrap()).unwrap(), &definition).unwrap()
}

/// What a run came to.
struct Run {
    questions: usize,
    judgements: usize,
    at_ten: f64,
    slowest: Duration,
}

fn run(path: &str, order: Order) -> Run {
    let world = world(path);
    let view = View::new(Cleared::to(Level::Restricted));
    let mut questions = Questions::default();
    questions.follow(&world.ledger.read(&view).unwrap()).unwrap();
    let reader = world.ledger.read(&view).unwrap();
    let first = figure(&world, &reader);
    let counted: Vec<EntityId> = first.items.iter().map(|item| item.entity).collect();
    let aim = counted.iter().map(|id| &world.truth[id]).collect::<BTreeSet<_>>().len() as f64;
    let stakes = Stakes::of(&[&first]);
    assert!(aim > 0.0, "nobody is counted: {first:?}");
    drop(reader);
    let same = |a: &EntityId, b: &EntityId| world.truth[a] == world.truth[b];
    let mut random = 2020_u64;
    let mut done = Run { questions: 0, judgements: 0, at_ten: 0.0, slowest: Duration::ZERO };
    loop {
        let begun = Instant::now();
        let reader = world.ledger.read(&view).unwrap();
        questions.follow(&reader).unwrap();
        let now = counted.iter().map(|id| reader.shown_as(*id)).collect::<BTreeSet<_>>().len() as f64;
        if now <= aim * (1.0 + NEAR) {
            // What was followed is what a figure made anew says.
            assert_eq!(figure(&world, &reader).items.len() as f64, now);
            return done;
        }
        if done.questions * 10 <= world.truth.len() {
            done.at_ten = now / aim - 1.0;
        }
        let stakes = stakes.shown_by(&reader);
        let mut pairs = |by: Order| -> Option<Question> {
            let mut open = questions.open_with(&reader, &stakes).unwrap();
            open.retain(|question| question.standing == matching::Standing::Open);
            match by {
                Order::Score => open.sort_by(|x, y| y.weight.total_cmp(&x.weight)),
                Order::Random if !open.is_empty() => {
                    random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                    let at = (random >> 33) as usize % open.len();
                    open.swap(0, at);
                }
                _ => {}
            }
            open.into_iter().next()
        };
        let (judged, asked) = match order {
            Order::Groups => match questions.asked(&reader, &stakes).unwrap().into_iter().next() {
                Some(Asked::Several(set)) => {
                    let first = &set.members[0];
                    // The greatest number who are one; the others are others.
                    let mut who: BTreeMap<&String, Vec<EntityId>> = BTreeMap::new();
                    set.members.iter().for_each(|id| who.entry(&world.truth[id]).or_default().push(*id));
                    let most = who.values().max_by_key(|ids| ids.len()).unwrap_or_else(|| panic!("{first}")).clone();
                    let others: Vec<EntityId> = set.members.iter().filter(|id| !most.contains(id)).copied().collect();
                    let mut judged: Vec<(EntityId, EntityId, Verdict)> = Vec::new();
                    for other in &others {
                        judged.extend(
                            set.members
                                .iter()
                                .filter(|id| !same(id, other))
                                .map(|id| (*other, *id, Verdict::Different)),
                        );
                    }
                    judged.extend(questions.joining(&reader, &most).into_iter().map(|(a, b)| (a, b, Verdict::Same)));
                    (judged, others.len() + usize::from(most.len() > 1))
                }
                Some(Asked::Pair(pair)) => (answer(&pair, &same), 1),
                None => (Vec::new(), 0),
            },
            order => pairs(order).map_or((Vec::new(), 0), |pair| (answer(&pair, &same), 1)),
        };
        done.slowest = done.slowest.max(begun.elapsed());
        if asked == 0 {
            println!("  nothing left to ask at {:.1} % above the truth", (now / aim - 1.0) * 100.0);
            return done;
        }
        done.questions += asked;
        done.judgements += judged.len();
        let items = judged.into_iter().map(|(a, b, verdict)| {
            Item::Judge(Judge { a, b, verdict, reason: "the truth is known".into(), origin: None })
        });
        drop(reader);
        world.ledger.append(&world.author, items.collect()).unwrap();
    }
}

fn answer(pair: &Question, same: &impl Fn(&EntityId, &EntityId) -> bool) -> Vec<(EntityId, EntityId, Verdict)> {
    let verdict = if same(&pair.a, &pair.b) { Verdict::Same } else { Verdict::Different };
    vec![(pair.a, pair.b, verdict)]
}

fn main() {
    for path in std::env::args().skip(1) {
        println!("{path}");
        for (order, name) in [
            (Order::Groups, "ours, groups whole"),
            (Order::Ours, "ours, pair by pair"),
            (Order::Score, "by score"),
            (Order::Random, "at random"),
        ] {
            let run = run(&path, order);
            println!(
                "  {name:<20} {:>5} answers ({} judgements) until within 2 %; {:.1} % above after one answer in ten records; slowest {:.0?}",
                run.questions,
                run.judgements,
                run.at_ten * 100.0,
                run.slowest
            );
        }
    }
}
