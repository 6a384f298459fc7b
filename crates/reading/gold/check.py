#!/usr/bin/env python3
"""Checks the gold set: shapes, vocabularies, offsets. Exit 0: all well; 1: something is wrong, and each fault is named.

    python3 check.py            check
    python3 check.py --stats    check, and count kinds and types by folder
"""
import collections
import json
import pathlib
import re
import sys

HERE = pathlib.Path(__file__).resolve().parent
ACTS = """arrest detention charge indictment conviction sentence acquittal release bail summons physical-assault killing
enforced-disappearance torture threat harassment surveillance raid dispersal travel-ban deportation eviction dismissal
licence-revocation website-block party-disqualification party-dissolution registration-denial censorship defamation-suit""".split()
UNITS = """persons families groups communities media-outlets parties arrests detentions charges convictions threats cases
hearings incidents places-in-prison communications signatories other""".split()
KINDS = """news-report agency-report blog-post opinion-piece press-release government-press-release organisation-press-release
flash-news statement joint-statement oral-statement open-letter letter appeal report country-report newsletter resolution
court-record interview-record dataset other""".split()
KEYS = {
    "act": "type victim date place agent provisions sentence asserter quote start end relevance",
    "count": "unit min max population window asserter quote start end",
    "saying": "asserter role quote start end",
    "request": "addressee quote start end",
    "citation": "ref quote start end",
    "signatory": "name quote start end",
}
KEYS = {kind: {"kind", *keys.split()} for kind, keys in KEYS.items()}
DAY = r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?[~?%]?"
DATE = re.compile(rf"^({DAY}|(\.\.|{DAY})/(\.\.|{DAY}))$")


def faults_of(path):
    """All that is wrong with one coding, as sentences."""
    text = path.with_suffix(".txt").read_bytes().decode("utf-8")
    coding = json.loads(path.read_text(encoding="utf-8"))
    found = []

    def need(true, what):
        if not true:
            found.append(what)

    def span(low, high, where):
        need(all(v is None or (isinstance(v, int) and v >= 0) for v in (low, high)), f"{where}: bounds are not whole numbers")
        need(low is None or high is None or low <= high, f"{where}: min is above max")

    def line(value, where, may_be_null=True):
        need((value is None and may_be_null) or (isinstance(value, str) and value.strip() == value and value not in ("", "-")), f"{where}: not a text")

    need("\r" not in text and "\ufeff" not in text, "the text has carriage returns or a byte order mark")
    need(set(coding) == {"document", "proposals"}, "top keys are document, proposals")
    head = coding["document"]
    need(set(head) == {"title", "published", "language", "kind"}, "document: keys")
    need(head["title"] is None or head["title"] in text, "document: the title is not in the text")
    need(head["published"] is None or DATE.match(head["published"]), "document: published is no date")
    need(head["kind"] in KINDS, f"document: kind {head['kind']!r}")
    seen = set()
    for number, p in enumerate(coding["proposals"], 1):
        where = f"proposal {number} ({p.get('kind')}, {p.get('quote', '')[:40]!r})"
        if p.get("kind") not in KEYS:
            found.append(f"{where}: kind")
            continue
        need(set(p) == KEYS[p["kind"]], f"{where}: keys differ by {set(p) ^ KEYS[p['kind']]}")
        need(p["quote"] != "" and text[p["start"]:p["end"]] == p["quote"], f"{where}: the offsets do not give the quote")
        need(p["quote"] == p["quote"].strip() and "\n\n" not in p["quote"], f"{where}: the quote has loose ends")
        same = json.dumps({k: v for k, v in p.items()}, sort_keys=True)
        need(same not in seen, f"{where}: twice")
        seen.add(same)
        if p["kind"] == "act":
            need(p["type"] in ACTS, f"{where}: type {p['type']!r}")
            victim = p["victim"]
            need(set(victim) == {"name", "group", "is"} and victim["is"] in ("person", "organisation"), f"{where}: victim")
            need((victim["name"] is None) != (victim["group"] is None), f"{where}: a name or a group")
            if victim["group"]:
                need(set(victim["group"]) == {"min", "max", "description"}, f"{where}: group")
                span(victim["group"]["min"], victim["group"]["max"], where)
            need(victim["name"] is None or victim["name"] in text, f"{where}: the victim's name is not in the text")
            need(p["date"] is None or DATE.match(p["date"]), f"{where}: date {p['date']!r}")
            need((p["sentence"] is not None) == (p["type"] == "sentence"), f"{where}: sentence")
            if p["sentence"]:
                need(set(p["sentence"]) == {"months", "to_serve_months", "fine"}, f"{where}: sentence keys")
                months, serve, fine = p["sentence"]["months"], p["sentence"]["to_serve_months"], p["sentence"]["fine"]
                need(serve is None or (months is not None and serve <= months), f"{where}: to serve more than the term")
                need(fine is None or re.match(r"^\d+ [A-Z]{3}$", fine), f"{where}: fine {fine!r}")
            need(isinstance(p["provisions"], list) and all(isinstance(x, str) and x for x in p["provisions"]), f"{where}: provisions")
            need(p["relevance"] in ("high", "low"), f"{where}: relevance")
            for key in ("place", "agent", "asserter"):
                line(p[key], f"{where}: {key}")
        elif p["kind"] == "count":
            need(p["unit"] in UNITS, f"{where}: unit {p['unit']!r}")
            need(p["min"] is not None or p["max"] is not None, f"{where}: no bound")
            span(p["min"], p["max"], where)
            need(p["window"] is None or DATE.match(p["window"]), f"{where}: window {p['window']!r}")
        elif p["kind"] == "saying":
            line(p["asserter"], f"{where}: asserter", False)
            line(p["role"], f"{where}: role")
        elif p["kind"] == "request":
            line(p["addressee"], f"{where}: addressee")
        else:
            line(p["ref" if p["kind"] == "citation" else "name"], where, False)
    return found, coding


def main():
    bad = documents = 0
    tally = collections.defaultdict(collections.Counter)
    for folder in ("dev", "held"):
        texts = {p.stem for p in (HERE / folder).glob("*.txt")}
        codings = {p.stem for p in (HERE / folder).glob("*.json")}
        for name in sorted(texts ^ codings):
            print(f"{folder}/{name}: the text or the coding is missing")
            bad += 1
        for name in sorted(texts & codings):
            documents += 1
            try:
                found, coding = faults_of(HERE / folder / f"{name}.json")
            except (ValueError, KeyError, TypeError) as error:
                found, coding = [f"cannot be read: {error!r}"], {"proposals": []}
            for fault in found:
                print(f"{folder}/{name}: {fault}")
            bad += len(found)
            for p in coding["proposals"]:
                tally[folder][p["kind"]] += 1
                if p["kind"] == "act":
                    tally[folder]["act: " + p["type"]] += 1
    print(f"{documents} documents, {bad} faults")
    if "--stats" in sys.argv:
        for row in list(KEYS) + ["act: " + a for a in ACTS]:
            print(f"  {row:32} {tally['dev'][row]:5} dev {tally['held'][row]:5} held")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
