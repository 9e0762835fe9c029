#!/usr/bin/env python3
"""Help desk: taken in charge within 4 hours, resolved within 5 working days (weekends only, Europe/Rome)."""

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
        for row in csv.DictReader(file):
            rows += 1
            when = dt.datetime.fromisoformat(row["time:timestamp"])
            cases[row["case_id"]].append((when, row["concept:name"]))
            end = when if end is None else max(end, when)
    take, resolve = [], []
    for case, events in cases.items():
        start, stop = compare.first_to_first(events, {"Assign seriousness", "Insert ticket"}, {"Take in charge ticket"})
        if start is not None:
            take.append(compare.Case(case, case, start, stop, start + dt.timedelta(hours=4)))
        start, stop = compare.first_to_first(events, {"Take in charge ticket"}, {"Resolve ticket"})
        if start is not None:
            due = compare.day_due(start, 5, "Europe/Rome", compare.weekday)
            resolve.append(compare.Case(case, case, start, stop, due))
    numbers = {"read": rows, "filtered": 0, "admitted": rows, "duplicates": 0, "conflicts": 0, "quarantined": 0,
               "children": len(cases)}
    return ({"helpdesk-take-in-charge": take, "helpdesk-resolve": resolve}, end, numbers,
            {"helpdesk-take-in-charge": dt.timedelta(minutes=30)})


if __name__ == "__main__":
    sys.exit(compare.main("helpdesk_it", ["helpdesk_it/helpdesk.csv.gz"], expect))
