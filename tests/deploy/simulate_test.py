#!/usr/bin/env python3
"""`dolen simulate`: what is said is compared with what this file works out by itself, from the events and the calendars as
text. Only the arithmetic of the rules that are tried is here: calendar and working days, first start, first stop."""
import csv
import datetime
import json
import pathlib
import random
import re
import unittest
from collections import Counter
from zoneinfo import ZoneInfo

from program import BOOK_FLAGS, BOOKS, ROOT, STORY, ProgramTest, event

LONDON, UTC = ZoneInfo("Europe/London"), datetime.timezone.utc
DAY = datetime.timedelta(days=1)
NEVER = datetime.datetime.max.replace(tzinfo=UTC)
SCOTLAND = (ROOT / "deploy/books/scotland.textproto").read_text()


def closed_days(nation):
    text = pathlib.Path(BOOKS[0]).read_text()
    block = re.search(r'calendar \{\s+id: "%s"(.*?)\n\}' % nation, text, re.S).group(1)
    return {datetime.date.fromisoformat(day) for day in re.findall(r'closed \{ from: "([\d-]+)" \}', block)}


def step(day, unit, closed):
    """The nth day after `day`, before it where negative; unit is ("calendar" or "working", n)."""
    kind, n = unit
    if kind == "calendar":
        return day + n * DAY
    towards = DAY if n > 0 else -DAY
    while n:
        day += towards
        if day.weekday() < 5 and day not in closed:
            n -= 1 if n > 0 else -1
    return day


def nhs_numbers(count):
    """Numbers of the range that is never issued, with their check digits."""
    found = []
    for nine in range(999000100, 999000100 + 2 * count):
        check = (11 - sum(int(digit) * (10 - i) for i, digit in enumerate(str(nine))) % 11) % 11
        if check != 10:
            found.append(f"{nine}{check}")
    return found[:count]


def end_of(day):
    return datetime.datetime.combine(day + DAY, datetime.time(), LONDON).astimezone(UTC)


def instant(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))


class Limit:
    """A limit in days with its levels, each so many days from the last day in time."""

    def __init__(self, allow, levels, closed):
        self.allow, self.levels, self.closed = allow, levels, closed

    def clock(self, start, stop, cancel, at):
        """Of instants, stop and cancel NEVER where there is none: state, due, minutes late and levels told at `at`."""
        last = step(start.astimezone(LONDON).date(), self.allow, self.closed)
        due, close = end_of(last), min(stop, cancel)
        if close > at:
            state = "overdue" if due <= at else "running"
        elif close >= due:
            state = "late"
        else:
            state = "in_time" if stop <= cancel else "cancelled"
        late = max(datetime.timedelta(), min(close, at) - due)
        told = set()
        for name, unit in self.levels.items():
            begin = max(start, end_of(step(last, unit, self.closed)))
            end = min(close, due) if unit[1] < 0 else close
            if begin < end and begin <= at:
                told.add(name)
        return {"state": state, "due": due, "late": late // datetime.timedelta(minutes=1), "told": told}


class Simulate(ProgramTest):
    def simulate(self, *arguments, data="kept"):
        lines = self.lines("simulate", f"--data={data}", "--format=json", "--list=100000", *arguments)
        return lines[:-1], lines[-1]["summary"]

    def demo(self, *changes):
        """The demo book, changed; the path of its file."""
        text = pathlib.Path(BOOKS[1]).read_text()
        for rule, old, new in changes:
            place = text.index(f'id: "{rule}"')
            text = text[:place] + text[place:].replace(old, new, 1)
        (self.folder / "draft.textproto").write_text(text)
        return "draft.textproto"

    def said(self, standing):
        """What is compared of a clock."""
        if standing is None:
            return None
        return {"state": standing["state"], "due": instant(standing["due"]), "late": standing["late_minutes"],
                "told": set(standing["raised"]) | set(standing["escalated"])}

    def assertSays(self, expected, lines, summary):
        """`expected`: (child, clock) -> (before, after), of all clocks of the rules that are tried."""
        changed = {key: pair for key, pair in expected.items() if pair[0] != pair[1]}
        said = {(line["identifiers"][0].split(":")[1], line["clock"]): (self.said(line["before"]), self.said(line["after"]))
                for line in lines}
        self.assertEqual(changed, said)
        self.assertEqual(len(changed), summary["all"]["changed"]["clocks"])
        self.assertEqual(len({child for child, _ in changed}), summary["all"]["changed"]["children"])
        sides = lambda pair: tuple("absent" if one is None else one["state"] for one in pair)
        moves, children = Counter(), {}
        for (child, _), pair in changed.items():
            if sides(pair)[0] != sides(pair)[1]:
                moves[sides(pair)] += 1
                children.setdefault(sides(pair), set()).add(child)
        self.assertEqual({key: (count, len(children[key])) for key, count in moves.items()},
                         {(m["from"], m["to"]): (m["clocks"], m["children"]) for m in summary["all"]["moves"]})
        late = lambda side: sum(pair[side]["late"] for pair in expected.values() if pair[side])
        for side, name in enumerate(("before", "after")):
            self.assertEqual(late(side), sum(summary["rules"][rule]["late_minutes"][name]
                                             for rule in {clock.split("/")[0] for _, clock in expected}))


class Story(Simulate):
    """The demo's story with one limit changed."""

    def setUp(self):
        super().setUp()
        self.dolen("replay", *BOOK_FLAGS, "--data=kept", *STORY)

    def answers(self, days, at, judged=lambda day: True):
        """DEMO-ANSWER by a limit of 5 working days, and of `days` for the starts that are judged: worked out."""
        levels = {"due_soon": ("working", -1), "overdue": ("working", 0), "unanswered": ("working", 5)}
        closed, matters = closed_days("wales"), {}
        with open(STORY[1], newline="") as file:
            for row in csv.DictReader(file):
                time = datetime.datetime.fromisoformat(row["occurred"]).replace(tzinfo=LONDON).astimezone(UTC)
                matters.setdefault((row["nhs"], row["matter_agency"], row["matter"]), []).append((time, row["what"]))
        expected = {}
        for (child, agency, matter), events in matters.items():
            starts = [time for time, what in events if what == "referral_made"]
            if not starts:
                continue
            start = min(starts)
            first = lambda *names: min([t for t, what in events if what in names and t >= start], default=NEVER)
            times = (start, first("referral_accepted", "referral_declined", "referral_redirected"),
                     first("referral_withdrawn"), at)
            before = Limit(("working", 5), levels, closed).clock(*times)
            after = Limit(("working", days), levels, closed).clock(*times)
            expected[child, f"DEMO-ANSWER/{agency}:{matter}"] = (
                before, after if judged(start.astimezone(LONDON).date()) else before)
        return expected

    def test_one_limit_changed_is_what_the_days_say(self):
        for days in (2, 3, 8):
            draft = self.demo(("DEMO-ANSWER", "working_days: 5", f"working_days: {days}"))
            lines, summary = self.simulate(f"--book={draft}", "--children")
            expected = self.answers(days, instant(summary["at"]))
            self.assertEqual(6, len(expected))
            self.assertSays(expected, lines, summary)
            self.assertEqual(64, summary["events"])
            unchanged = [rule for rule, one in summary["rules"].items() if one["changed"]["clocks"] == 0]
            self.assertEqual(8, len(unchanged))
            told = Counter(level for _, after in expected.values() for level in after["told"])
            rule = summary["rules"]["DEMO-ANSWER"]
            self.assertEqual(dict(told), {level: counts["after"] for how in ("raised", "escalated")
                                          for level, counts in rule[how].items() if counts["after"]})
            moved = sorted((before["due"] - after["due"]) // datetime.timedelta(minutes=1)
                           for before, after in expected.values())
            which = "due_earlier" if days < 5 else "due_later"
            self.assertEqual({"clocks": 6, "median_minutes": abs(moved[2] + moved[3]) // 2,
                              "max_minutes": max(abs(moved[0]), abs(moved[-1]))}, rule[which])

    def test_a_draft_judges_the_days_it_is_asked_for(self):
        draft = self.demo(("DEMO-ANSWER", "working_days: 5", "working_days: 3"))
        first, last = datetime.date(2026, 1, 13), datetime.date(2026, 1, 27)
        lines, summary = self.simulate(f"--book={draft}", "--children", f"--from={first}", f"--to={last}")
        expected = self.answers(3, instant(summary["at"]), lambda day: first <= day < last)
        self.assertTrue(0 < len(lines) < 6)
        self.assertSays(expected, lines, summary)

    def test_at_an_earlier_time_what_came_later_has_not_happened(self):
        draft = self.demo(("DEMO-ANSWER", "working_days: 5", "working_days: 3"))
        at = "2026-01-16T12:00:00Z"
        lines, summary = self.simulate(f"--book={draft}", "--children", f"--at={at}")
        self.assertEqual(at, summary["at"])
        started = {key: pair for key, pair in self.answers(3, instant(at)).items()
                   if pair[0]["due"] < instant("2026-01-24T00:00:00Z")}
        self.assertIn("running", {before["state"] for before, _ in started.values()})
        self.assertSays(started, lines, summary)

    def test_the_book_in_force_changes_nothing(self):
        lines, summary = self.simulate(*BOOK_FLAGS)
        self.assertEqual([], lines)
        self.assertEqual(0, summary["all"]["changed"]["clocks"])
        self.assertEqual(summary["children"]["late_before"], summary["children"]["late_after"])
        self.assertIn("No clock stands otherwise (26 clocks)", self.dolen("simulate", "--data=kept", *BOOK_FLAGS).stdout)

    def test_two_drafts_and_a_holiday_in_the_calendar(self):
        """Without any change of a rule: 13 January is closed, so every clock in working days over it is due later."""
        text = pathlib.Path(BOOKS[0]).read_text()
        place = text.index('id: "wales"')
        text = text[:place] + text[place:].replace("closed {", 'closed { from: "2026-01-13" }\n  closed {', 1)
        (self.folder / "days.textproto").write_text(text)
        lines, summary = self.simulate("--book=days.textproto", f"--book={BOOKS[1]}")
        self.assertEqual(["uk-calendars", "demo"], [draft["book"] for draft in summary["drafts"]])
        self.assertGreater(len(lines), 3)
        for line in lines:
            self.assertGreater(line["due_moved_minutes"], 0, line)
            self.assertLess(line["before"]["due"][:10], "2026-02-01")
        self.assertEqual(0, summary["rules"]["W-RPT-CONFIRM"]["changed"]["clocks"], "hours look at no calendar")

    def test_more_threads_say_the_same_and_children_have_no_names_unless_asked_for(self):
        draft = self.demo(("DEMO-ANSWER", "working_days: 5", "working_days: 3"))
        ask = ("simulate", "--data=kept", f"--book={draft}")
        one, four = [self.dolen(*ask, "--format=json", f"--threads={n}").stdout for n in (1, 4)]
        self.assertEqual(one, four)
        for out in (one, self.dolen(*ask).stdout):
            self.assertNotIn("99900000", out)
        self.assertIn("nhs:9990000042", self.dolen(*ask, "--children").stdout)
        listed = self.lines(*ask, "--format=json", "--list=2")
        self.assertEqual(3, len(listed))
        self.assertEqual(2, listed[-1]["summary"]["listed"])

    def test_wrong_usage_and_wrong_drafts_exit_2(self):
        for flags in (["--from=soon"], ["--from=2026-02-01", "--to=2026-02-01"], ["--at=2026-02-01"], ["--threads=0"],
                      ["--book=none.textproto"]):
            self.dolen("simulate", "--data=kept", f"--book={BOOKS[1]}", *flags, expect=2)
        self.dolen("simulate", "--data=kept", expect=2)
        draft = self.demo(("DEMO-ANSWER", 'accountable: "asked"', 'accountable: "someone"'))
        self.assertRegex(self.dolen("simulate", "--data=kept", f"--book={draft}", expect=2).stderr,
                         r"draft\.textproto:\d+:\d+: error: .*accountable")
        self.assertIn("--data", self.dolen("simulate", f"--book={BOOKS[1]}", expect=1).stderr)
        self.assertFalse((self.folder / "dolen-data").exists(), "asking must not make an installation")

    def test_a_store_that_is_missing_is_an_error_and_not_a_smaller_answer(self):
        (self.folder / "kept/shard-3").rename(self.folder / "away")
        self.assertIn("does not belong", self.dolen("simulate", "--data=kept", f"--book={BOOKS[1]}", expect=3).stderr)


class BesideServe(Simulate):
    def test_a_running_serve_goes_on_and_nothing_is_touched(self):
        self.dolen("book", "publish", *BOOKS)
        server = self.serve()
        send = lambda *events: ((self.folder / "e.json").write_text(json.dumps(list(events))),
                                self.dolen("publish", "e.json"))
        send(*[event(f"e{i}", child=number, matter={"agency": "ysgol_y_bont", "id": str(i)})
               for i, number in enumerate(nhs_numbers(30))])
        folded = lambda: self.lines("doctor", "--format=json")[0]["events"]
        self.until(lambda: folded() == 30)
        # All of January's are long past by now; only their due times move.
        draft = self.demo(("DEMO-ANSWER", "working_days: 5", "working_days: 3"))
        lines, summary = self.simulate(f"--book={draft}", data="dolen-data")
        self.assertEqual((30, 30), (summary["events"], summary["children"]["all"]))
        self.assertEqual({-4 * 24 * 60}, {line["due_moved_minutes"] for line in lines})
        self.assertEqual(30, len(lines))
        self.assertEqual({"overdue"}, {line[side]["state"] for line in lines for side in ("before", "after")})
        send(event("last"))
        self.until(lambda: folded() == 31)
        # Nobody hears of the draft: what is open is due by the book in force.
        self.assertEqual({"2026-01-20T00:00:00Z"}, {a["due"] for a in self.lines("alerts", "--format=json")})
        self.stop(server)
        self.dolen("store", "verify", "--rebuild")


class Scotland(Simulate):
    """The guidance of 2014 went on in this history; what if that of 2021 had been followed from its day?"""
    NEW = datetime.date(2021, 1, 1)
    MAPPING = '''id: "made-up" zone: "Europe/London"
event {
  child { issuer: "chi" value { column: "child" } }
  matter { agency { column: "agency" } id { column: "matter" } }
  is { column: "what" } agency { column: "agency" }
  occurred { column: "at" format: "%Y-%m-%d %H:%M" }
}'''

    def history(self):
        """(child, matter) -> [(instant, what)], over seven years; steps are missing now and then."""
        chance = random.Random(2014)
        matters = {}
        for number in range(160):
            day = datetime.date(2016, 1, 4) + chance.randrange(2500) * DAY
            if number % 4 == 0:
                day = datetime.date(2020, 11, 20) + chance.randrange(60) * DAY  # around the change
            events = []
            for what, days, there in (("concern_notified", 0, 0.9), ("investigation_progressed", 6, 0.9),
                                      ("investigation_ended_without_meeting", 12, 0.1),
                                      ("planning_meeting_held", 22, 0.85), ("planning_meeting_record_received", 14, 0.8),
                                      ("not_registered", 2, 0.1), ("core_group_held", 6, 0.8),
                                      ("change_or_concern_identified", 9, 0.4), ("chair_told", 3, 0.8)):
                if chance.random() < there:
                    day += chance.randrange(days + 8) * DAY if days else days * DAY
                    time = datetime.datetime.combine(day, datetime.time(9 + chance.randrange(8), chance.randrange(60)), LONDON)
                    events.append((time.astimezone(UTC), what))
            matters[f"chi{number // 2:04}", f"M{number}"] = events
        return matters

    def clocks(self, events, at, by_date, old_goes_on):
        """rule -> clock of one matter: by the versions of 2014 alone, or by date."""
        closed = closed_days("scotland")
        levels = lambda unit, n: {"due_soon": (unit, -n), "overdue": (unit, 0)}
        meeting, ended = "planning_meeting_held", ["investigation_ended_without_meeting"]
        registered = ["not_registered", "deregistered"]
        old = {"S-CPPM": ("concern_notified", meeting, ended, Limit(("calendar", 21), levels("calendar", 5), closed)),
               "S-CPPM-REC": (meeting, "planning_meeting_record_received", [],
                              Limit(("calendar", 15), levels("calendar", 3), closed)),
               "S-CORE": (meeting, "core_group_held", registered,
                          Limit(("calendar", 15), levels("calendar", 3), closed))}
        new = {"S-CPPM": ("investigation_progressed", meeting, ended,
                          Limit(("calendar", 28), levels("calendar", 7), closed)),
               "S-CPPM-REC": (meeting, "planning_meeting_record_received", [],
                              Limit(("working", 10), levels("working", 2), closed)),
               "S-CORE": (meeting, "core_group_held", registered, Limit(("working", 15), levels("working", 3), closed)),
               "S-CORE-CHG": ("change_or_concern_identified", "chair_told", [],
                              Limit(("calendar", 3), levels("calendar", 1), closed))}
        found = {}
        for rules, is_new in ((old, False), (new, True)):
            if is_new and not by_date:
                continue
            for rule, (begins, stops, cancels, limit) in rules.items():
                start = min([t for t, what in events if what == begins], default=None)
                if start is None or (start.astimezone(LONDON).date() >= self.NEW) != is_new and (by_date or not old_goes_on):
                    continue
                first = lambda names: min([t for t, what in events if what in names and t >= start], default=NEVER)
                clock = limit.clock(start, first([stops]), first(cancels), at)
                # Of two versions with a start each, the earlier start stands.
                if rule not in found or start < found[rule][0]:
                    found[rule] = (start, clock)
        return {rule: clock for rule, (_, clock) in found.items()}

    def book_of_2014(self, goes_on):
        head, *rules = SCOTLAND.split("\nrule {")
        old = [rule for rule in rules if 'valid_to: "2021-01-01"' in rule]
        self.assertEqual(3, len(old))
        if goes_on:
            old = [re.sub(r"\n  valid_to: .*", "", rule) for rule in old]
        (self.folder / "old.textproto").write_text("\nrule {".join([head, *old]))

    def compare(self, goes_on):
        (self.folder / "here.textproto").write_text(
            'id: "here" version: "1" owner: "made up" zone: "Europe/London"\n'
            'agency { id: "ardal_council" kind: "council" nation: "scotland" }\n')
        (self.folder / "mapping.textproto").write_text(self.MAPPING)
        self.book_of_2014(goes_on)
        matters = self.history()
        rows = sorted([time.astimezone(LONDON).strftime("%Y-%m-%d %H:%M"), child, matter, what]
                      for (child, matter), events in matters.items() for time, what in events)
        with open(self.folder / "log.csv", "w", newline="") as file:
            csv.writer(file).writerows([["at", "child", "matter", "what", "agency"], *[row + ["ardal_council"] for row in rows]])
        self.dolen("replay", "--data=kept", f"--book={BOOKS[0]}", "--book=here.textproto", "--book=old.textproto",
                   "--mapping=mapping.textproto", "log.csv")
        lines, summary = self.simulate(f"--book={ROOT}/deploy/books/scotland.textproto", "--children")
        at, expected = instant(summary["at"]), {}
        for (child, matter), events in matters.items():
            before = self.clocks(events, at, by_date=False, old_goes_on=goes_on)
            after = self.clocks(events, at, by_date=True, old_goes_on=goes_on)
            for rule in {*before, *after}:
                expected[child, f"{rule}/ardal_council:{matter}"] = (before.get(rule), after.get(rule))
        for line in lines:  # which event started a clock of its own is told by a hash
            line["clock"] = "/".join(line["clock"].split("/")[:2])
        self.assertSays(expected, lines, summary)
        return expected, summary

    def test_the_versions_by_date_where_the_old_ones_went_on(self):
        expected, summary = self.compare(goes_on=True)
        kinds = Counter("appears" if before is None else "disappears" if after is None else
                        "same" if before == after else
                        "moves" if before["state"] == after["state"] else "changes side"
                        for before, after in expected.values())
        for kind in ("appears", "disappears", "same", "moves", "changes side"):
            self.assertGreater(kinds[kind], 1, kinds)
        self.assertEqual({"ardal_council"}, set(summary["agencies"]))

    def test_the_versions_by_date_where_the_old_ones_ended(self):
        expected, _ = self.compare(goes_on=False)
        self.assertGreater(sum(before is None for before, _ in expected.values()), 50)
        self.assertTrue(all(before is None or before == after for before, after in expected.values()))


if __name__ == "__main__":
    unittest.main()
