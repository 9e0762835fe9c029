#!/usr/bin/env python3
"""Census: E-ICPC of the England book that Dolen ships (15 working days from the start of the section 47 enquiries to the
conference), beside the InitialCPCtarget that the files state; once with England's calendar, once with one that closes at
weekends only. Every enquiry of every file is listed, with why it has no target or another date than its target."""

import argparse
import collections
import datetime as dt
import json
import os
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
import compare

FILES = ["CIN2rows.xml", "CIN_Census_2021.xml", "CIN_Census_2021_copy.xml", "CIN_Census_2021_no_assessment_factors.xml",
         "CIN_Census_2024.xml", "CIN_Census_2026.xml", "CIN_header_issues_100.xml", "CIN_la_issues_2887Q.xml",
         "liia_cin-2022.xml"]
ZONE = "Europe/London"
FOLDER = os.path.dirname(os.path.abspath(__file__))
BOOKS = os.path.join(compare.HERE, "..", "..", "deploy", "books")
# name -> the book that holds the calendar
CALENDARS = {"England's calendar": os.path.join(BOOKS, "uk-calendars.textproto"),
             "weekends only": os.path.join(FOLDER, "weekends.textproto")}

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

    return dict(zip(CALENDARS, (england, compare.weekday))), holidays


def last_day(due):
    return (due.astimezone(compare.zoneinfo.ZoneInfo(ZONE)) - dt.timedelta(hours=12)).date()


def start_day(clock):
    return clock.start.astimezone(compare.zoneinfo.ZoneInfo(ZONE)).date()


def replay(dolen, calendar, paths, extra):
    """As compare.replay, with the books of an installation; also what the timelines state as E-ICPC: {(child, matter):
    due or None}."""
    with tempfile.TemporaryDirectory() as folder:
        data = os.path.join(folder, "data")
        books = [f"--book={book}" for book in (os.path.join(BOOKS, "england.textproto"),
                                               os.path.join(FOLDER, "installation.textproto"))]
        transitions, summary = compare.replay(dolen, calendar, None, paths, [*books, f"--data={data}", *extra])
        stated = {}
        for child in sorted({event[0] for path in paths for event in events_of(path)[0]}):
            shown = subprocess.run([dolen, "timeline", f"--data={data}", f"--child={child}", "--format=json"],
                                   capture_output=True, text=True, timeout=60, check=True)
            for clock in json.loads(shown.stdout)["clocks"]:
                if clock["rule"] == "E-ICPC":
                    due = clock.get("due")
                    key = child, compare.bare(clock["matter"])
                    stated[key] = compare.read_instant(due) if due else None
    return transitions, summary, stated


def why(clock, target, due, holidays):
    """The last day in time in words, and why it is not the target."""
    if due is None:
        return "no_calendar", f"it began before {min(holidays).year}, where the list of bank holidays begins"
    last = last_day(due)
    if target is None:
        return last, "the file states no target"
    if last == target:
        return last, "the same"
    between = sorted(day for day in holidays if start_day(clock) < day <= last and day.weekday() < 5)
    return last, "the target does not heed the bank holidays: " + ", ".join(map(str, between))


def enquiries_of(path):
    """(start, target or None) of each enquiry of a file, and what else is to be said of the file."""
    root = ET.parse(path).getroot()
    found = [(node.findtext("S47ActualStartDate"), node.findtext("InitialCPCtarget")) for node in root.iter("Section47")]
    notes = []
    if events_of(path)[1]:
        notes.append("its reference date is not 31 March; the header is quarantined, the children are read")
    if not found:
        notes.append("no section 47 enquiry")
    return found, notes


def table(name, clocks, targets, stated, holidays):
    """One line for each distinct enquiry. Returns how many have a target and meet it, and how many have one."""
    met = asked = 0
    for clock in sorted(clocks, key=lambda each: (each.child, each.matter)):
        target = targets.get(clock.matter)
        due = clock.due if stated is None else stated.get((clock.child, clock.matter))
        last, because = why(clock, target, due, holidays)
        asked += target is not None
        met += target is not None and last == target
        print(f"  {name:18} {clock.matter:16} target {str(target or '-'):10}  last day in time {last}  {because}")
    return met, asked


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
    for path in paths:
        found, notes = enquiries_of(path)
        said = [f"{start} target {target or '-'}" for start, target in found] + notes
        print(f"  {os.path.basename(path):42} {'; '.join(said)}")
    counted_by, holidays = calendars(args.data)
    good = True
    for name, counted in counted_by.items():
        clocks, targets = clocks_of(events, counted)
        print(f"  E-ICPC, {name}: " + ", ".join(f"{k} {v}" for k, v in compare.counts(clocks, end).items() if v))
        if not args.dolen:
            table(name, clocks, targets, None, holidays)
            continue
        transitions, summary, stated = replay(args.dolen, CALENDARS[name], paths, args.extra)
        met, asked = table(name, clocks, targets, stated, holidays)
        check = compare.Check(f"census, {name}")
        for key, number in numbers.items():
            check.equal(f"summary {key}", number, summary.get(key))
        for clock in clocks:
            check.equal(f"E-ICPC, {clock.child}, {clock.matter}: due", clock.due,
                        stated.get((clock.child, clock.matter), "no clock"))
        if name == "weekends only":
            check.equal("targets reproduced, of those that the files state", asked, met)
        compare.compare_rule(check, "E-ICPC", clocks, end, transitions, summary)
        compare.compare_order(check, transitions)
        good = check.finish() and good
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
