#!/usr/bin/env python3
"""Census: 15 working days from the start of each section 47 to the conference, beside the InitialCPCtarget that the
file states; once with England's calendar, once with one that closes at weekends only."""

import argparse
import collections
import datetime as dt
import json
import os
import sys
import xml.etree.ElementTree as ET

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
import compare

FILES = ["CIN2rows.xml", "CIN_Census_2021.xml", "CIN_Census_2021_copy.xml", "CIN_Census_2021_no_assessment_factors.xml",
         "CIN_Census_2024.xml", "CIN_Census_2026.xml", "CIN_header_issues_100.xml", "CIN_la_issues_2887Q.xml",
         "liia_cin-2022.xml"]
ZONE = "Europe/London"

# element -> what it says, with the elements that stand beside it as fields
PLAIN = {
    "CINdetails": [("CINreferralDate", "referral_received", ("ReferralSource", "PrimaryNeedCode")),
                   ("DateOfInitialCPC", "initial_conference_held", ()),
                   ("CINclosureDate", "referral_completed", ("ReasonForClosure",))],
    "Assessments": [("AssessmentActualStartDate", "assessment_started", ()),
                    ("AssessmentInternalReviewDate", "assessment_reviewed", ()),
                    ("AssessmentAuthorisationDate", "assessment_authorised", ())],
    "CINPlanDates": [("CINPlanStartDate", "cin_plan_started", ()), ("CINPlanEndDate", "cin_plan_ended", ())],
    "Section47": [("S47ActualStartDate", "s47_started", ("InitialCPCtarget",)),
                  ("DateOfInitialCPC", "initial_conference_held", ())],
    "ChildProtectionPlans": [("CPPstartDate", "registered", ("InitialCategoryOfAbuse",)),
                             ("CPPendDate", "deregistered", ("LatestCategoryOfAbuse",)),
                             ("Reviews/CPPreviewDate", "review_conference_held", ())],
}


def events_of(path):
    """Every date of every child as (child, matter, referral, what, date, fields), and how many header faults."""
    root = ET.parse(path).getroot()
    agency = "la_" + root.findtext("Header/Source/LEA")
    bad = 0 if root.findtext("Header/CollectionDetails/ReferenceDate").endswith("-03-31") else 1
    found = []
    for child in root.findall("Children/Child"):
        number = child.findtext("ChildIdentifiers/LAchildID")
        seen = collections.Counter()

        def matter(prefix, day):
            seen[prefix, day] += 1
            return f"{prefix}-{day}" + (f"-{seen[prefix, day]}" if seen[prefix, day] > 1 else "")

        for details in child.findall("CINdetails"):
            referral = matter("cin", details.findtext("CINreferralDate"))
            for module, steps in PLAIN.items():
                for node in [details] if module == "CINdetails" else details.findall(module):
                    own = {"Section47": "s47", "ChildProtectionPlans": "cpp"}.get(module)
                    name = matter(own, node.findtext(steps[0][0])) if own else referral
                    for element, what, beside in steps:
                        for date in node.findall(element):
                            fields = tuple(node.findtext(other) for other in beside)
                            found.append((agency + ":" + number, name, referral if own else "", what, date.text, fields))
    return found, bad


def midnight(day):
    return dt.datetime.combine(day, dt.time(), compare.zoneinfo.ZoneInfo(ZONE)).astimezone(compare.UTC)


def expect(paths):
    """Distinct events of all files (alike in two files: once; alike in one file: as often as there), read and bad."""
    most, read, quarantined = collections.Counter(), 0, 0
    for path in paths:
        found, bad = events_of(path)
        quarantined += bad
        read += len(found) + bad
        for event, number in collections.Counter(found).items():
            most[event] = max(most[event], number)
    admitted = sum(most.values())
    numbers = {"read": read, "filtered": 0, "admitted": admitted, "duplicates": read - quarantined - admitted,
               "conflicts": 0, "quarantined": quarantined, "children": len({event[0] for event in most})}
    return sorted(most), numbers


def clocks_of(events, counted):
    clocks, targets = [], {}
    for child, matter, _, what, date, fields in events:
        if what != "s47_started":
            continue
        start = midnight(dt.date.fromisoformat(date))
        stops = [midnight(dt.date.fromisoformat(e[4])) for e in events
                 if e[:2] == (child, matter) and e[3] == "initial_conference_held"]
        stops = sorted(stop for stop in stops if stop >= start)
        clocks.append(compare.Case(child, matter, start, stops[0] if stops else None,
                                   compare.day_due(start, 15, ZONE, counted)))
        if fields[0]:
            targets[matter] = dt.date.fromisoformat(fields[0])
    return clocks, targets


def calendars(data):
    with open(os.path.join(data, "uk_bank_holidays", "bank-holidays.json"), encoding="utf-8") as file:
        holidays = {dt.date.fromisoformat(e["date"]) for e in json.load(file)["england-and-wales"]["events"]}

    def england(day):
        if not dt.date(2012, 1, 1) <= day <= dt.date(2028, 12, 31):
            return None
        return day.weekday() < 5 and day not in holidays

    return {"book.textproto": england, "book_weekends.textproto": compare.weekday}, holidays


def last_day(due):
    return (due.astimezone(compare.zoneinfo.ZoneInfo(ZONE)) - dt.timedelta(hours=12)).date()


def table(book, clocks, targets, holidays, said):
    """One line for each enquiry with a target; `said`: what the program stated as due, or None where it did not run."""
    for clock in clocks:
        target = targets.get(clock.matter)
        if target is None:
            continue
        due = clock.due if said is None else said.get((compare.bare(clock.child), clock.matter))
        start = clock.start.astimezone(compare.zoneinfo.ZoneInfo(ZONE)).date()
        if due is None:
            last, why = "no_calendar", "the enquiry began before the calendar's first year"
        else:
            last = last_day(due)
            between = sorted(day for day in holidays if start < day <= last and day.weekday() < 5)
            why = "" if last == target else "the target does not heed the bank holidays: " + ", ".join(map(str, between))
        print(f"  {book:24} {clock.matter:16} target {target}  last day in time {last}  {why or 'the same'}")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dolen", help="the program; without it only the expected figures are printed")
    parser.add_argument("--data", default=os.path.join(compare.HERE, "..", "..", "..", "shared", "data"))
    parser.add_argument("--extra", action="append", default=[], help="passed on to dolen replay")
    args = parser.parse_args()
    paths = [os.path.join(args.data, "uk_cin_census_fake", name) for name in FILES]
    if not all(os.path.exists(path) for path in paths):
        print(f"census: skipped, {paths[0]} is not there")
        return 0
    events, numbers = expect(paths)
    end = midnight(max(dt.date.fromisoformat(event[4]) for event in events))
    print(f"census: ends {compare.text(end)}; " + ", ".join(f"{key} {number}" for key, number in numbers.items()))
    books, holidays = calendars(args.data)
    good = True
    for book, counted in books.items():
        clocks, targets = clocks_of(events, counted)
        print(f"  E-ICPC, {book}: " + ", ".join(f"{k} {v}" for k, v in compare.counts(clocks, end).items() if v))
        if not args.dolen:
            table(book, clocks, targets, holidays, None)
            continue
        transitions, summary = compare.replay(args.dolen, os.path.join(compare.HERE, "census", book), None, paths,
                                              args.extra)
        said = {(compare.bare(t["child"]), compare.bare(t["matter"])): compare.read_instant(t["due"])
                for t in transitions if t["rule"] == "E-ICPC" and t["state"] == "raised"}
        table(book, clocks, targets, holidays, said)
        check = compare.Check(f"census, {book}")
        for key, number in numbers.items():
            check.equal(f"summary {key}", number, summary.get(key))
        compare.compare_rule(check, "E-ICPC", clocks, end, transitions, summary, dt.timedelta(days=365))
        compare.compare_order(check, transitions)
        good = check.finish() and good
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
