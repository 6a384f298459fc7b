#!/usr/bin/env python3
"""Makes of gen_persons.py's file one as organisations keep it: a single column for the name, family or given name first by chance.

    whole_names.py IN.csv OUT.csv [SEED]      then: link OUT.csv --truth-column entity_id
"""
import csv
import random
import sys

chance = random.Random(int(sys.argv[3]) if len(sys.argv) > 3 else 3)
columns = ["sex", "dob", "place", "event_date"]
with open(sys.argv[1], newline="") as source, open(sys.argv[2], "w", newline="") as target:
    out = csv.writer(target)
    out.writerow(["rec_id", "name", *columns, "entity_id"])
    for row in csv.DictReader(source):
        parts = [row["given_name"], row["family_name"]]
        if chance.random() < 0.5:
            parts.reverse()
        out.writerow([row["rec_id"], " ".join(parts).strip(), *(row[c] for c in columns), row["entity_id"]])
