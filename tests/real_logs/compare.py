"""What the checks of the real logs share: a naive model of one clock, and the comparison with `dolen replay`.

Nothing here knows the engine: cases are computed from the raw files with Python's standard library alone, by the
definitions of the rule model (first start by occurrence; first stop at or after it; a due instant is half-open).
"""

import argparse
import collections
import datetime as dt
import json
import os
import subprocess
import sys
import zoneinfo

UTC = dt.timezone.utc
STATES = ("started", "in_time", "late", "overdue", "running", "no_calendar")
HERE = os.path.dirname(os.path.abspath(__file__))


class Case:
    """One started clock: start, stop (or None) and due (or None: no calendar) as aware datetimes."""

    def __init__(self, child, matter, start, stop, due):
        self.child, self.matter = child, matter
        self.start, self.stop, self.due = start, stop, due

    def state(self, end):
        if self.due is None:
            return "no_calendar"
        if self.stop is not None:
            return "in_time" if self.stop < self.due else "late"
        return "overdue" if end >= self.due else "running"

    def overdue_alert(self, end):
        """Whether overdue was said: open after all rows of the due instant, and that instant was reached."""
        return self.due is not None and self.due <= end and (self.stop is None or self.stop > self.due)


def first_to_first(events, starts, stops):
    """events: (time, name) of one case. The first start, and the first stop at or after it; None where there is none."""
    times = sorted(t for t, name in events if name in starts)
    if not times:
        return None, None
    after = sorted(t for t, name in events if name in stops and t >= times[0])
    return times[0], after[0] if after else None


def day_due(start, amount, zone, counted):
    """First instant after the nth counted day after the start's day; None where `counted` does not know a day."""
    zone = zoneinfo.ZoneInfo(zone)
    day = start.astimezone(zone).date()
    if counted(day) is None:
        return None
    while amount > 0:
        day += dt.timedelta(days=1)
        known = counted(day)
        if known is None:
            return None
        amount -= known
    return dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), zone).astimezone(UTC)


def weekday(day):
    return day.weekday() < 5


def text(instant):
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S") + (
        (".%06d" % instant.microsecond).rstrip("0") if instant.microsecond else "") + "Z"


def read_instant(value):
    return dt.datetime.fromisoformat(value.replace("Z", "+00:00"))


def bare(name):
    """An identifier without its issuer and without blanks: "helpdesk:Case 1" and "Case1" are one."""
    return name.rsplit(":", 1)[-1].rsplit("/", 1)[-1].replace(" ", "")


class Check:
    """Collects differences; prints the first few of each kind."""

    def __init__(self, name):
        self.name, self.differences, self.compared = name, [], 0

    def equal(self, what, expected, got):
        self.compared += 1
        if expected != got:
            self.differences.append(f"{what}: expected {expected}, got {got}")

    def finish(self):
        for line in self.differences[:30]:
            print(f"  {line}")
        if len(self.differences) > 30:
            print(f"  ... and {len(self.differences) - 30} more")
        verdict = "differs" if self.differences else "agrees"
        print(f"{self.name}: {verdict} ({self.compared} comparisons, {len(self.differences)} differences)")
        return not self.differences


def replay(dolen, book, mapping, files, extra=()):
    """Runs `dolen replay`; returns its transitions and its summary."""
    command = [dolen, "replay", "--book=" + book, "--format=json", *extra]
    if mapping:
        command.append("--mapping=" + mapping)
    done = subprocess.run(command + list(files), capture_output=True, text=True, timeout=600)
    if done.returncode != 0:
        sys.exit(f"{' '.join(command)} ended with {done.returncode}:\n{done.stderr}")
    return parse(done.stdout.splitlines())


def parse(lines):
    objects = [json.loads(line) for line in lines if line.strip()]
    if not objects or "summary" not in objects[-1]:
        sys.exit("the last line of the replay is not a summary")
    return objects[:-1], objects[-1]["summary"]


def counts(cases, end):
    tally = collections.Counter(case.state(end) for case in cases)
    tally["started"] = len(cases)
    return {state: tally[state] for state in STATES}


def compare_rule(check, rule, cases, end, transitions, summary, soon=None):
    """cases: all started clocks of `rule`. soon: how long before due the level due_soon comes true (None: no such
    level)."""
    got = summary["clocks"].get(rule, {})
    for state, number in counts(cases, end).items():
        check.equal(f"{rule}: {state}", number, got.get(state, 0))
    said = collections.defaultdict(list)
    for t in transitions:
        if t["rule"] == rule:
            said[(bare(t["child"]), bare(t["matter"]), t["level"], t["state"])].append(t)
    for case in cases:
        expected = {}  # (level, state) -> at; all carry the same due
        if case.overdue_alert(end):
            expected[("overdue", "raised")] = case.due
            if case.stop is not None:
                expected[("overdue", "cleared")] = case.stop
        if soon is not None and case.due is not None:
            at = max(case.start, case.due - soon)
            if at <= end and at < case.due and (case.stop is None or case.stop > at):
                expected[("due_soon", "raised")] = at
        levels = [("overdue", "raised"), ("overdue", "cleared"), ("overdue", "amended"), ("overdue", "withdrawn")]
        if soon is not None:
            levels += [("due_soon", "raised"), ("due_soon", "amended")]
        for level, state in levels:
            where = f"{rule}, {case.child}, {case.matter}: {level} {state}"
            lines = said.pop((bare(case.child), bare(case.matter), level, state), [])
            at = expected.get((level, state))
            check.equal(where, [] if at is None else [text(at)], [text(read_instant(t["at"])) for t in lines])
            for t in lines:
                check.equal(where + ", due", text(case.due), text(read_instant(t["due"])))
    for key, lines in said.items():  # alerts of clocks that never started, or twice
        if key[2] == "overdue" or key[3] == "raised":
            check.equal(f"{rule}: alert that nothing explains", None, (key, lines[0]["at"]))


def compare_order(check, transitions):
    keys = [(read_instant(t["at"]), t["child"], t["matter"], t["clock"], t["level"]) for t in transitions]
    check.equal("lines are sorted by at, child, matter, clock, level", sorted(keys), keys)


def main(log, files, expect):
    """The command line of a check. `expect(data)` gives {rule: cases}, the end, {summary key: number} and
    {rule: timedelta of due_soon}."""
    parser = argparse.ArgumentParser(description=f"Compares `dolen replay` of {log} with an independent computation.")
    parser.add_argument("--dolen", help="the program; without it only the expected figures are printed")
    parser.add_argument("--data", default=os.path.join(HERE, "..", "..", "..", "shared", "data"),
                        help="folder that holds the logs")
    parser.add_argument("--output", help="output of a replay that has run already; - is standard input")
    parser.add_argument("--extra", action="append", default=[], help="passed on to dolen replay")
    args = parser.parse_args()
    paths = [os.path.join(args.data, file) for file in files]
    if not all(os.path.exists(path) for path in paths):
        print(f"{log}: skipped, {paths[0]} is not there")
        return 0
    rules, end, numbers, soon = expect(*paths)
    print(f"{log}: ends {text(end)}; " + ", ".join(f"{key} {number}" for key, number in numbers.items()))
    for rule, cases in rules.items():
        print(f"  {rule}: " + ", ".join(f"{k} {v}" for k, v in counts(cases, end).items() if v))
    folder = os.path.join(HERE, log)
    if args.output:
        lines = sys.stdin if args.output == "-" else open(args.output, encoding="utf-8")
        transitions, summary = parse(lines)
    elif args.dolen:
        transitions, summary = replay(args.dolen, os.path.join(folder, "book.textproto"),
                                      os.path.join(folder, "mapping.textproto"), paths, args.extra)
    else:
        return 0
    check = Check(log)
    for key, number in numbers.items():
        check.equal(f"summary {key}", number, summary.get(key))
    for rule, cases in rules.items():
        compare_rule(check, rule, cases, end, transitions, summary, soon.get(rule))
    compare_order(check, transitions)
    return 0 if check.finish() else 1
