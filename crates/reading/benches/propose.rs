//! How fast proposals are made: KB of text per second on one core (aim: 200 KB/s and more).
//!
//!     cargo bench -p reading --bench propose
//!
//! The text is generated from a seed: sentences of the genres that the field reads, with the names,
//! numbers and dates drawn anew each time, so that nothing can be answered from a cache.

use std::fmt::Write as _;
use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use reading::{Proposer, Rules, read_text};

const SEED: u64 = 0x2b1d_5eed_0c0f_fee5;

/// Xorshift (Marsaglia 2003): the same text on every machine.
struct Draw(u64);

impl Draw {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, n: u64) -> u64 {
        self.next() % n
    }

    fn of<'a>(&mut self, list: &[&'a str]) -> &'a str {
        let n = u64::try_from(list.len()).unwrap_or(1);
        usize::try_from(self.below(n)).ok().and_then(|i| list.get(i)).copied().unwrap_or_default()
    }
}

const FAMILY: [&str; 8] = ["Sok", "Chan", "Keo", "Nhem", "Prum", "Long", "Meas", "Heng"];
const GIVEN: [&str; 8] = ["Dara", "Sreymom", "Vanna", "Bopha", "Piseth", "Rachana", "Sopheak", "Kunthea"];
const DAYS: [&str; 5] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday"];
const MONTHS: [&str; 6] = ["January", "March", "May", "July", "September", "November"];
const ROLES: [&str; 5] = ["unionist", "journalist", "land rights activist", "youth organiser", "environmentalist"];
const ACTS: [&str; 6] = [
    "was arrested by military police",
    "was charged with incitement under articles 494 and 495 of the Criminal Code",
    "was sentenced to two years in prison, of which eight months were suspended",
    "was released on bail",
    "has been held in Prey Sar prison",
    "was beaten by security guards",
];

/// A document of about so many bytes.
fn document(bytes: usize, draw: &mut Draw) -> String {
    let mut out = String::from("Courts keep critics busy\n\nPHNOM PENH, 14 November 2022\n\n");
    while out.len() < bytes {
        let name = format!("{} {}", draw.of(&FAMILY), draw.of(&GIVEN));
        let (day, month, number) = (draw.of(&DAYS), draw.of(&MONTHS), 2 + draw.below(400));
        let role = draw.of(&ROLES);
        let act = draw.of(&ACTS);
        let date = 1 + draw.below(28);
        let _ = match draw.below(6) {
            0 => write!(out, "The {role} {name}, {}, {act} in Kandal province on {day}. ", 18 + draw.below(60)),
            1 => write!(
                out,
                "On {date} {month} 2021, {number} workers gathered outside the ministry, and {name} {act}. "
            ),
            2 => write!(
                out,
                "“We have seen at least {number} cases since {month},” said {name}, director of the Rural Network. "
            ),
            3 => write!(out, "The network urged the Government to drop all charges and to release {name} at once.\n\n"),
            4 => write!(
                out,
                "Police spokesman {name} denied that anybody was hurt, and said that {number} people had left the site. "
            ),
            _ => write!(
                out,
                "It was not clear on {day} why he had been summoned; the Law on Trade Unions says nothing of it.\n\n"
            ),
        };
    }
    out
}

fn propose(c: &mut Criterion) {
    let Ok(rules) = Rules::new() else { return };
    let mut draw = Draw(SEED);
    let mut group = c.benchmark_group("propose");
    group.sample_size(20);
    for size in [4_000, 40_000] {
        let text = document(size, &mut draw);
        group.throughput(Throughput::Bytes(u64::try_from(text.len()).unwrap_or(u64::MAX)));
        group.bench_with_input(BenchmarkId::from_parameter(format!("{} KB", size / 1000)), &text, |b, text| {
            b.iter(|| {
                let reading = read_text(black_box(text.as_bytes()), "bench.txt");
                reading.and_then(|r| rules.propose(&r)).map(|p| p.len())
            });
        });
    }
    group.finish();
}

criterion_group!(benches, propose);
criterion_main!(benches);
