#!/bin/sh
# Builds the fuzz targets and runs them: ./run.sh [seconds] [target…]
# cargo-fuzz is not needed: the flags below are what it passes, and stable Rust has them.
# A finding is written to fuzz/findings/; run the same target with that file as its argument to see it again.
set -eu
cd "$(dirname "$0")"
seconds=${1:-60}
[ $# -gt 0 ] && shift
targets=${*:-$(sed -n 's/^name = "\(.*\)"$/\1/p' Cargo.toml | grep -v '^fuzz$')}
host=$(rustc -vV | sed -n 's/^host: //p')
export CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-$PWD/../target/fuzz}"
export RUSTC_BOOTSTRAP=1
export RUSTFLAGS="-Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table -Cllvm-args=-sanitizer-coverage-trace-compares --cfg fuzzing"
bins=
for target in $targets; do bins="$bins --bin $target"; done
# shellcheck disable=SC2086
cargo build --release --target "$host" $bins
mkdir -p findings
failed=
for target in $targets; do
  mkdir -p "corpus/$target" "$CARGO_TARGET_DIR/grown/$target"
  echo "== $target, $seconds s"
  # What it learns goes beside the build; the corpus in the repository stays small.
  "$CARGO_TARGET_DIR/$host/release/$target" "$CARGO_TARGET_DIR/grown/$target" "corpus/$target" \
    -max_total_time="$seconds" -timeout=20 -rss_limit_mb=2048 -max_len=65536 \
    -artifact_prefix="findings/$target-" -print_final_stats=1 -verbosity=0 || failed="$failed $target"
done
[ -z "$failed" ] || { echo "findings in:$failed (see fuzz/findings)"; exit 1; }
