//! How long each method takes on published tables:
//!
//!     cargo bench -p estimates --bench estimates
//!
//! Five lists: victims of modern slavery in the United Kingdom (Silverman 2014); six: the same with PF and NCA apart. Aims:
//! dga ≤ 1 s for five lists and ≤ 10 s for six; 10,000 draws of the latent-class sampler on five lists ≤ 10 s.

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use estimates::{Method, Options, Table, estimate};

const FIVE: &str = "LA,NG,PFNCA,GO,GP,count\n1,0,0,0,0,54\n0,1,0,0,0,463\n0,0,1,0,0,995\n0,0,0,1,0,695\n0,0,0,0,1,316\n\
1,1,0,0,0,15\n1,0,1,0,0,19\n1,0,0,1,0,3\n0,1,1,0,0,62\n0,1,0,1,0,19\n0,1,0,0,1,1\n0,0,1,1,0,76\n0,0,1,0,1,11\n0,0,0,1,1,8\n\
1,1,1,0,0,1\n1,1,0,1,0,1\n0,1,1,1,0,4\n1,1,1,1,0,1\n";

const SIX: &str = "LA,NG,PF,GO,GP,NCA,count\n1,0,0,0,0,0,54\n0,1,0,0,0,0,463\n0,0,1,0,0,0,907\n0,0,0,1,0,0,695\n\
0,0,0,0,1,0,316\n0,0,0,0,0,1,57\n1,1,0,0,0,0,15\n1,0,1,0,0,0,19\n1,0,0,1,0,0,3\n0,1,1,0,0,0,56\n0,1,0,1,0,0,19\n\
0,1,0,0,1,0,1\n0,1,0,0,0,1,3\n0,0,1,1,0,0,69\n0,0,1,0,1,0,10\n0,0,1,0,0,1,31\n0,0,0,1,1,0,8\n0,0,0,1,0,1,6\n0,0,0,0,1,1,1\n\
1,1,1,0,0,0,1\n1,1,0,1,0,0,1\n0,1,1,1,0,0,4\n0,1,1,0,0,1,3\n0,0,1,1,0,1,1\n1,1,1,1,0,0,1\n";

fn methods(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("estimates");
    group.sample_size(10);
    for (name, csv) in [("five lists", FIVE), ("six lists", SIX)] {
        let Ok(table) = Table::read(csv.as_bytes()) else { return };
        for method in Method::ALL {
            let options = Options::of(&[method]);
            group.bench_function(format!("{} {name}", method.name()), |bencher| {
                bencher.iter(|| estimate(black_box(&table), &options));
            });
        }
    }
    group.finish();
}

criterion_group!(benches, methods);
criterion_main!(benches);
