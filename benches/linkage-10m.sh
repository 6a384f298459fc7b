#!/bin/bash
# Ten million persons in one file: the generator at 1,000,000 rows with the seeds 1 to 10, one after
# the other, with the seed before the ids of records, persons and incidents, so that they stay distinct.
#
#   benches/linkage-10m.sh OUT.csv GENERATOR
#
# OUT.csv takes about 850 MB of disk, and 85 MB more while it is made; the generator 1 to 2 GB of memory.
# Then, for instance: /usr/bin/time -v target/release/examples/link OUT.csv --truth-column entity_id
set -euo pipefail
out=${1:?file to write} generator=${2:?path of gen_persons.py}
part=$out.part
trap 'rm -f "$part"' EXIT
: > "$out"
for seed in 1 2 3 4 5 6 7 8 9 10; do
  python3 "$generator" --rows 1000000 --seed "$seed" --out "$part" >&2
  # rec_id, list_id, given_name, family_name, sex, dob, place, event_date, entity_id, incident_id
  awk -F, -v OFS=, -v seed="$seed" '
    NF != 10 { print "line " FNR " has " NF " cells" > "/dev/stderr"; exit 1 }
    NR == 1 { if (seed == 1) print; next }
    { $1 = seed "-" $1; $9 = seed "-" $9; $10 = seed "-" $10; print }' "$part" >> "$out"
done
