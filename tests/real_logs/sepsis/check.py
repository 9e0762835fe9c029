#!/usr/bin/env python3
"""Sepsis: first "ER Sepsis Triage" to first "IV Antibiotics" within one hour, case by case."""

import collections
import csv
import datetime as dt
import gzip
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
import compare


def expect(path):
    cases, rows, end = collections.defaultdict(list), 0, None
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter=";"):
            rows += 1
            when = dt.datetime.strptime(row["Complete Timestamp"], "%Y/%m/%d %H:%M:%S.%f").replace(tzinfo=compare.UTC)
            cases[row["Case ID"]].append((when, row["Activity"]))
            end = when if end is None else max(end, when)
    clocks = []
    for case, events in cases.items():
        start, stop = compare.first_to_first(events, {"ER Sepsis Triage"}, {"IV Antibiotics"})
        if start is not None:
            clocks.append(compare.Case(case, case, start, stop, start + dt.timedelta(hours=1)))
    numbers = {"read": rows, "filtered": 0, "admitted": rows, "duplicates": 0, "conflicts": 0, "quarantined": 0,
               "children": len(cases)}
    return {"sepsis-antibiotics": clocks}, end, numbers, {"sepsis-antibiotics": dt.timedelta(minutes=15)}


if __name__ == "__main__":
    sys.exit(compare.main("sepsis", ["sepsis/sepsis.csv.gz"], expect))
