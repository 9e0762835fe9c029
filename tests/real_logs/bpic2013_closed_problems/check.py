#!/usr/bin/env python3
"""Closed problems: queued to taken on within 24 hours, taken on to closed within 20 working days (weekends only,
Europe/Stockholm)."""

import collections
import csv
import datetime as dt
import gzip
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
import compare


def expect(path):
    cases, rows, filtered, end = collections.defaultdict(list), 0, 0, None
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            rows += 1
            if row["concept:name"] == "Unmatched":
                filtered += 1
                continue
            when = dt.datetime.fromisoformat(row["time:timestamp"])
            cases[row["case_id"]].append((when, (row["concept:name"], row["lifecycle:transition"])))
            end = when if end is None else max(end, when)
    taken, closed = [], []
    progress, assigned = ("Accepted", "In Progress"), ("Accepted", "Assigned")
    done = {("Completed", "Closed"), ("Completed", "Cancelled")}
    for case, events in cases.items():
        start, stop = compare.first_to_first(events, {("Queued", "Awaiting Assignment")}, {progress, assigned})
        if start is not None:
            taken.append(compare.Case(case, case, start, stop, start + dt.timedelta(hours=24)))
        start, stop = compare.first_to_first(events, {progress}, done)
        if start is not None:
            due = compare.day_due(start, 20, "Europe/Stockholm", compare.weekday)
            closed.append(compare.Case(case, case, start, stop, due))
    numbers = {"read": rows, "filtered": filtered, "admitted": rows - filtered, "duplicates": 0, "conflicts": 0,
               "quarantined": 0, "children": len(cases)}
    return ({"problem-taken-on": taken, "problem-closed": closed}, end, numbers,
            {"problem-taken-on": dt.timedelta(hours=2)})


if __name__ == "__main__":
    sys.exit(compare.main("bpic2013_closed_problems", ["bpic2013_closed_problems/bpic2013_closed_problems.csv.gz"],
                          expect))
