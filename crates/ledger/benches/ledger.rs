//! Small measurements to compare a change with what was before: `cargo bench -p ledger --bench ledger`. The figures for a large ledger
//! come from `--bench report`.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use std::hint::black_box;
use std::path::Path;
use std::time::Duration;

use common::{BATCH, Generator, Random, SEED, entities, entity, fill};
use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use ledger::{Account, AccountId, Author, CardFilter, Cleared, Genesis, Ledger, Level, Settings, SigningKey, View};
use schema::Registry;

const CLAIMS: u64 = 20_000;

fn create(folder: &Path) -> (Ledger, Author) {
    let settings = Settings {
        database: folder.join("ledger.db"),
        index: folder.join("index.db"),
        key: [5; 32],
        index_key: [6; 32],
        signing: SigningKey::from_seed(&[7; 32]),
        registry: Registry::builtin().expect("the schemata load"),
    };
    let genesis = Genesis { workspace: [1; 16], name: "Measured".into(), program: "bench".into() };
    let owner =
        Account { id: AccountId::named("owner"), name: "owner".into(), level: Level::Restricted, teams: vec![] };
    let author = Author::new(owner.id);
    (Ledger::create(settings, genesis, owner).expect("a new ledger"), author)
}

fn append(criterion: &mut Criterion) {
    let folder = tempfile::tempdir().expect("a folder");
    let (ledger, author) = create(folder.path());
    let registry = ledger.registry().clone();
    let mut generator = Generator::new(&registry, SEED);
    let mut group = criterion.benchmark_group("append");
    group.throughput(Throughput::Elements(BATCH)).sample_size(20).measurement_time(Duration::from_secs(8));
    group.bench_function("an entry of 1,000 claims", |bencher| {
        bencher.iter_batched(
            || generator.batch().expect("items"),
            |items| ledger.append(&author, items).expect("taken"),
            BatchSize::PerIteration,
        );
    });
    group.finish();
}

fn read(criterion: &mut Criterion) {
    let folder = tempfile::tempdir().expect("a folder");
    let (ledger, author) = create(folder.path());
    fill(&ledger, &author, CLAIMS, |_| {}).expect("the items are taken");
    let mut random = Random::new(SEED);
    criterion.bench_function("the view of an entity", |bencher| {
        bencher.iter(|| {
            let id = entity(random.below(entities(CLAIMS)));
            let reader = ledger.read(&View::new(Cleared::to(Level::Internal))).expect("a reader");
            black_box((reader.record(id).expect("an answer"), reader.related(id).expect("an answer")))
        });
    });
    for (name, text) in [("list and facets", ""), ("list and facets, by a word", "sok")] {
        let filter = CardFilter { schemata: vec!["*".into()], text: text.into(), limit: 50, ..CardFilter::default() };
        criterion.bench_function(name, |bencher| {
            bencher.iter(|| {
                let reader = ledger.read(&View::public()).expect("a reader");
                black_box((reader.list(&filter).expect("a list"), reader.facets(&filter).expect("facets")))
            });
        });
    }
    let mut group = criterion.benchmark_group("verify");
    group.throughput(Throughput::Elements(CLAIMS)).sample_size(10);
    group.bench_function("20,000 claims", |bencher| {
        bencher.iter(|| assert!(ledger.verify(&mut |_, _| {}).expect("it runs").ok()))
    });
    group.finish();
}

criterion_group!(benches, append, read);
criterion_main!(benches);
