//! Pairs in a stream: each pair of rows that shares a block is taken once, at the first rule that
//! gives it, compared, and handed on. No list of pairs is ever kept.

use std::sync::atomic::{AtomicUsize, Ordering};

use crate::block::{Blocks, Keys, LANES, MOST_RULES};
use crate::compare::{Comparer, Local, Scratch};
use crate::rng::mix;
use crate::table::Table;

/// Pairs compared in one go.
const BATCH: usize = 1024;
/// About so many rows are gathered at once.
const ROWS: usize = 2048;
/// About so many pairs make a piece of work.
const PIECE: u64 = 1 << 18;

/// Everything that a pass over the pairs reads.
#[derive(Clone, Copy)]
pub struct Plan<'a> {
    /// The rows.
    pub table: &'a Table,
    /// How they are compared.
    pub comparer: &'a Comparer,
    /// Keys of the rules.
    pub keys: &'a Keys,
    /// Blocks of the rules.
    pub blocks: &'a [Blocks],
    /// How many threads work.
    pub threads: usize,
}

/// A piece of work: some blocks of a rule; or, of one large block, some rows against the later.
#[derive(Clone, Copy)]
struct Piece {
    rule: usize,
    from: u32,
    to: u32,
    rows: (u32, u32),
}

/// Pairs with their levels, as handed on.
pub struct Batch<'a> {
    /// Rule that gave them.
    pub rule: usize,
    /// Rows of the pairs.
    pub rows: &'a [(u32, u32)],
    /// For each comparison the level of each pair.
    pub levels: &'a [Vec<u8>],
}

fn pieces(plan: &Plan<'_>) -> Vec<Piece> {
    let mut out = Vec::new();
    for (rule, blocks) in plan.blocks.iter().enumerate() {
        let count = blocks.starts.len() - 1;
        let mut b = 0;
        while b < count {
            let (mut pairs, mut rows, from) = (0u64, 0usize, b);
            while b < count {
                let n = u64::from(blocks.starts[b + 1] - blocks.starts[b]);
                if b > from && (pairs + n * (n - 1) / 2 > PIECE || rows + n as usize > ROWS) {
                    break;
                }
                pairs += n * (n - 1) / 2;
                rows += n as usize;
                b += 1;
            }
            if b == from + 1 && pairs > 2 * PIECE {
                let n = blocks.starts[b] - blocks.starts[from];
                let step = (u64::from(n) * PIECE / pairs).max(1) as u32;
                let mut i = 0;
                while i < n {
                    let to = (i + step).min(n);
                    out.push(Piece { rule, from: from as u32, to: b as u32, rows: (i, to) });
                    i = to;
                }
            } else {
                out.push(Piece { rule, from: from as u32, to: b as u32, rows: (0, u32::MAX) });
            }
        }
    }
    out
}

/// Goes over all pairs, or over a sample of about one in `one_in`.
/// `start` makes a thread's own state, `each` takes a batch, `done` what a piece of work left.
/// The results come back in the order of the work, whichever thread did it.
pub fn stream<S, R: Send>(
    plan: &Plan<'_>,
    one_in: u64,
    start: impl Fn() -> S + Sync,
    each: impl Fn(&mut S, &Batch<'_>) + Sync,
    done: impl Fn(&mut S) -> Option<R> + Sync,
) -> (Vec<S>, Vec<R>)
where
    S: Send,
{
    let pieces = pieces(plan);
    let next = AtomicUsize::new(0);
    let mut results = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..plan.threads.max(1))
            .map(|_| {
                scope.spawn(|| {
                    let mut state = start();
                    let mut out: Vec<(usize, R)> = Vec::new();
                    let mut worker = Worker::new(plan);
                    loop {
                        let n = next.fetch_add(1, Ordering::Relaxed);
                        let Some(piece) = pieces.get(n) else { break };
                        worker.piece(plan, piece, one_in, &mut |batch| each(&mut state, batch));
                        if let Some(result) = done(&mut state) {
                            out.push((n, result));
                        }
                    }
                    (state, out)
                })
            })
            .collect();
        workers.into_iter().filter_map(|w| w.join().ok()).collect::<Vec<_>>()
    });
    let mut all: Vec<(usize, R)> = results.iter_mut().flat_map(|(_, out)| std::mem::take(out)).collect();
    all.sort_by_key(|(n, _)| *n);
    (results.into_iter().map(|(s, _)| s).collect(), all.into_iter().map(|(_, r)| r).collect())
}

struct Worker {
    local: Local,
    scratch: Scratch,
    keys: Vec<[u32; MOST_RULES]>,
    sources: Vec<u8>,
    slots: Vec<u32>,
    /// Blocks of the piece that are looked at.
    taken: Vec<(usize, usize)>,
    gathered: u32,
    wanted: Vec<u32>,
    pairs: Vec<(u32, u32)>,
    rows: Vec<(u32, u32)>,
    levels: Vec<Vec<u8>>,
}

impl Worker {
    fn new(plan: &Plan<'_>) -> Self {
        Self {
            local: Local::default(),
            scratch: Scratch::default(),
            keys: Vec::new(),
            sources: Vec::new(),
            slots: Vec::new(),
            taken: Vec::new(),
            gathered: 0,
            wanted: Vec::new(),
            pairs: Vec::with_capacity(BATCH),
            rows: Vec::with_capacity(BATCH),
            levels: vec![Vec::with_capacity(BATCH); plan.comparer.comparisons.len()],
        }
    }

    fn piece(&mut self, plan: &Plan<'_>, piece: &Piece, one_in: u64, each: &mut dyn FnMut(&Batch<'_>)) {
        let blocks = &plan.blocks[piece.rule];
        let base = blocks.starts[piece.from as usize] as usize;
        let end = blocks.starts[piece.to as usize] as usize;
        let rows = &blocks.rows[base..end];
        // Rows are gathered when a pair needs them: of many blocks all pairs were taken by earlier rules.
        plan.comparer.clear(&mut self.local);
        self.slots.clear();
        self.slots.resize(rows.len(), u32::MAX);
        self.gathered = 0;
        self.keys.resize(rows.len().max(self.keys.len()), [0; MOST_RULES]);
        self.taken.clear();
        self.sources.clear();
        if plan.table.across_only {
            self.sources.extend(rows.iter().map(|&r| plan.table.sources[r as usize]));
        }
        for b in piece.from as usize..piece.to as usize {
            let (s, e) = (blocks.starts[b] as usize - base, blocks.starts[b + 1] as usize - base);
            // In training a sample is enough: of small blocks some, of large ones some rows of each.
            let small = e - s <= 64;
            if small && one_in > 1 && !mix(u64::from(rows[s]) << 8 ^ piece.rule as u64).is_multiple_of(one_in) {
                continue;
            }
            self.taken.push((s, e));
        }
        for run in self.taken.chunk_by(|x, y| x.1 == y.0) {
            let (s, e) = (run[0].0, run[run.len() - 1].1);
            earlier_keys(plan.keys, piece.rule, s, &rows[s..e], &mut self.keys[s..e]);
        }
        let lanes = piece.rule.div_ceil(LANES) * LANES;
        let taken = std::mem::take(&mut self.taken);
        for &(s, e) in &taken {
            let small = e - s <= 64;
            let last = (e - 1).min(s.saturating_add(piece.rows.1 as usize));
            for i in s + piece.rows.0 as usize..last {
                if !small && one_in > 1 && !mix(u64::from(rows[i])).is_multiple_of(one_in) {
                    continue;
                }
                let own = self.keys[i];
                for j in i + 1..e {
                    let other = &self.keys[j];
                    let mut earlier = [false; LANES];
                    for (x, y) in own[..lanes].chunks_exact(LANES).zip(other[..lanes].chunks_exact(LANES)) {
                        for ((to, x), y) in earlier.iter_mut().zip(x).zip(y) {
                            *to |= x == y;
                        }
                    }
                    if earlier != [false; LANES] || plan.table.across_only && self.sources[i] == self.sources[j] {
                        continue;
                    }
                    let slots = (self.slot(i, rows[i]), self.slot(j, rows[j]));
                    self.pairs.push(slots);
                    self.rows.push((rows[i], rows[j]));
                    if self.pairs.len() == BATCH {
                        self.flush(plan, piece.rule, each);
                    }
                }
            }
        }
        self.taken = taken;
        self.flush(plan, piece.rule, each);
    }

    /// Where a row stands among those gathered; one that does not yet is put down for it.
    #[inline]
    fn slot(&mut self, i: usize, row: u32) -> u32 {
        if self.slots[i] == u32::MAX {
            self.slots[i] = self.gathered;
            self.gathered += 1;
            self.wanted.push(row);
        }
        self.slots[i]
    }

    fn flush(&mut self, plan: &Plan<'_>, rule: usize, each: &mut dyn FnMut(&Batch<'_>)) {
        if self.pairs.is_empty() {
            return;
        }
        plan.comparer.gather(&self.wanted, &mut self.local);
        self.wanted.clear();
        plan.comparer.levels(&self.local, &self.pairs, &mut self.scratch, &mut self.levels);
        each(&Batch { rule, rows: &self.rows, levels: &self.levels });
        self.pairs.clear();
        self.rows.clear();
    }
}

/// The keys that rows have by the rules before `rule`; what is missing becomes a number that no
/// other row has. First they are only copied: so the keys of many rows are fetched from far memory
/// at the same time, which a branch on one of them would end.
fn earlier_keys(keys: &Keys, rule: usize, first: usize, rows: &[u32], to: &mut [[u32; MOST_RULES]]) {
    let lanes = rule.div_ceil(LANES) * LANES;
    if lanes == 0 {
        return;
    }
    for (&row, own) in rows.iter().zip(to.iter_mut()) {
        for (to, from) in own[..lanes].chunks_exact_mut(LANES).zip(keys.of(row).chunks_exact(LANES)) {
            to.copy_from_slice(from);
        }
    }
    for (n, own) in (first as u32..).zip(to) {
        for key in &mut own[..rule] {
            *key = if *key == 0 { n } else { *key };
        }
        own[rule..lanes].fill(n);
    }
}

/// Levels of given pairs of rows, for a sample or for a few.
pub fn levels_of(comparer: &Comparer, pairs: &[(u32, u32)], each: &mut dyn FnMut(&Batch<'_>)) {
    let (mut local, mut scratch) = (Local::default(), Scratch::default());
    let mut levels = vec![Vec::new(); comparer.comparisons.len()];
    for chunk in pairs.chunks(BATCH) {
        let rows: Vec<u32> = chunk.iter().flat_map(|&(a, b)| [a, b]).collect();
        comparer.clear(&mut local);
        comparer.gather(&rows, &mut local);
        let places: Vec<(u32, u32)> = (0..chunk.len() as u32).map(|i| (2 * i, 2 * i + 1)).collect();
        comparer.levels(&local, &places, &mut scratch, &mut levels);
        each(&Batch { rule: usize::MAX, rows: chunk, levels: &levels });
    }
}
