#!/usr/bin/env python3
"""Backfills and upgrades, with the real program on the local log."""
import datetime
import json
import os
import random
import subprocess
import time
import unittest

from program import BOOK_FLAGS, BOOKS, ROOT, STORY, ProgramTest

STORE_REVISION = os.environ.get("STORE_REVISION", str(ROOT / "build/release/tests/deploy/dolen_store_revision"))

MAPPING = """id: "ten-years"
zone: "Etc/UTC"
event {
  child { issuer: "nhs" value { column: "nhs" } }
  matter { agency { column: "agency" } id { column: "matter" } }
  is { column: "what" }
  agency { column: "agency" }
  occurred { column: "occurred" format: "%Y-%m-%d %H:%M:%S" }
}
"""
# One minute from "started" to "finished": so short that a test can wait for what is still ahead.
BOOK = """id: "minutes"
version: "1"
owner: "a test"
zone: "Etc/UTC"
agency { id: "alpha" kind: "council" nation: "wales" }
rule {
  id: "MINUTE"
  start { is: "started" }
  stop { is: "finished" }
  limit { allow { minutes: 1 } }
  accountable: "starter"
  level { name: "overdue" }
  title { cy: "Munud" en: "A minute" }
  source { title: "a test" paragraph: "1" }
  weight: LOCAL
}
"""


def utc(seconds_ago):
    then = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(seconds=seconds_ago)
    return then.strftime("%Y-%m-%d %H:%M:%S")


def nhs(number):
    """A number of the range that is never issued (999...), with its check digit; or the next that has one."""
    while True:
        digits = f"999{number:06d}"
        check = 11 - sum((10 - i) * int(d) for i, d in enumerate(digits)) % 11
        if check != 10:
            return digits + str(check % 11)
        number += 500000


class Backfills(ProgramTest):
    def setUp(self):
        super().setUp()
        (self.folder / "mapping.textproto").write_text(MAPPING)
        (self.folder / "book.textproto").write_text(BOOK)
        self.dolen("book", "publish", "book.textproto")

    def write(self, name, rows):
        lines = ["nhs,agency,matter,what,occurred"] + [",".join(row) for row in rows]
        (self.folder / name).write_text("\n".join(lines) + "\n")

    def rows_of_ten_years(self):
        """2,000 children: most finished, many too late or never, all of it past."""
        chance = random.Random(7)
        rows = []
        for number in range(2000):
            begun = chance.randrange(3600, 10 * 365 * 86400)
            rows.append((nhs(number), "alpha", f"m{number}", "started", utc(begun)))
            if number % 3:
                rows.append((nhs(number), "alpha", f"m{number}", "finished", utc(begun - (20 if number % 3 == 1 else 600))))
        return rows

    def run_import(self, file, *more):
        return self.lines("import", "--format=json", "--mapping=mapping.textproto", *more, file)[-1]["summary"]

    def backfills(self):
        return {one["backfill"]: one for one in self.lines("backfill", "list", "--format=json")}

    def alerts(self):
        return self.lines("alerts", "--format=json", "--limit=10000")

    def told(self):
        self.dolen("log", "verify")
        return [json.loads(line) for line in self.dolen("log", "verify", "--format=json").stdout.splitlines()
                if ".alerts." in line]

    def test_ten_years_page_nobody_for_the_past_and_what_is_ahead_works(self):
        server = self.serve()
        rows = self.rows_of_ten_years()
        running = [(nhs(300000 + i), "alpha", f"r{i}", "started", utc(35)) for i in range(5)]
        self.write("history.csv", rows + running)
        summary = self.run_import("history.csv", "--name=history", "--by=anna")
        self.assertEqual((0, len(rows) + 5), (summary["quarantined"], summary["admitted"]))
        one = self.backfills()["history"]
        self.assertEqual((False, len(rows) + 5, "anna", "anna"), (one["open"], one["events"], one["by"], one["ended_by"]))
        self.assertEqual([], self.alerts(), "due is 25 s ahead")
        self.until(lambda: len(self.alerts()) == 5, seconds=90)
        self.assertEqual({f"r{i}" for i in range(5)}, {alert["matter"].rpartition(":")[2] for alert in self.alerts()})
        time.sleep(2)
        self.assertEqual(5, len(self.alerts()))
        self.stop(server)
        self.assertEqual(5, sum(one["records"] for one in self.told()), "nothing else was ever told")
        self.dolen("store", "verify", "--rebuild")

    def test_a_backfill_that_broke_off_is_ended_by_a_person_and_the_other_goes_on(self):
        """Clocks are muted by the backfill that brought them, whichever others are open."""
        self.serve()
        self.write("one.csv", [(nhs(1), "alpha", "one", "started", utc(40))])
        self.write("two.csv", [(nhs(2), "alpha", "two", "started", utc(40)), ("bad",)])
        self.write("both.csv", [(nhs(3), "alpha", "three", "started", utc(3600))])
        self.run_import("both.csv", "--name=first")
        # An import that breaks off: its second file is not there.
        run = self.dolen("import", "--mapping=mapping.textproto", "--name=second", "two.csv", "missing.csv", expect=1)
        self.assertIn("dolen backfill end second", run.stderr)
        self.assertEqual({"first": False, "second": True}, {name: b["open"] for name, b in self.backfills().items()})
        self.assertIn("open", self.dolen("backfill", "list").stdout)
        self.run_import("one.csv", "--name=third")
        # What the third brought falls due after its end and is told, although the second is still open.
        self.until(lambda: [a["matter"].rpartition(":")[2] for a in self.alerts()] == ["one"], seconds=90)
        self.dolen("backfill", "end", "second", "--by=ben")
        self.assertEqual("ben", self.backfills()["second"]["ended_by"])
        time.sleep(2)
        self.assertEqual(1, len(self.alerts()), "what fell due while its own backfill was open pages nobody")
        self.dolen("backfill", "end", "second", expect=1)
        self.assertIn("dolen backfill list", self.dolen("backfill", "end", "unknown", expect=1).stderr)


class Upgrades(ProgramTest):
    def test_where_nothing_is_held_back_show_says_so_and_release_does_nothing(self):
        server = self.serve()
        self.assertIn("Nothing is held back", self.dolen("revision", "show").stdout)
        self.assertEqual("", self.dolen("revision", "show", "--format=json").stdout)
        self.dolen("revision", "release", "--quiet", "--by=anna")
        self.stop(server)
        self.dolen("revision", "release")
        self.dolen("store", "verify", "--rebuild")


class StoresOfAnotherRelease(ProgramTest):
    """What the rows mean is known to the release that wrote them; others refuse them, or fold the ledger again."""
    SIMULATE = ["simulate", "--data=kept", f"--book={BOOKS[1]}"]
    VERIFY = ["store", "verify", "--data=kept"]
    TIMELINE = ["timeline", "--data=kept", "--child=nhs:9990000018"]

    def setUp(self):
        super().setUp()
        self.dolen("replay", *BOOK_FLAGS, "--data=kept", *STORY)

    def stores_of(self, revision, shards=range(4)):
        for shard in shards:
            subprocess.run([STORE_REVISION, self.folder / f"kept/shard-{shard}", str(revision)], check=True)

    def test_an_older_store_is_neither_simulated_nor_verified_nor_touched(self):
        whole = {verb[0]: self.dolen(*verb).stdout for verb in (self.SIMULATE, self.VERIFY)}
        self.stores_of(1, shards=[2])
        for verb in (self.SIMULATE, self.VERIFY, self.VERIFY + ["--rebuild"], self.SIMULATE):
            run = self.dolen(*verb, expect=3)
            self.assertEqual("", run.stdout)
            self.assertRegex(run.stderr, r"^dolen: store kept/shard-2 was made by an older release \(fold revision 1, "
                                         r"this one has \d+\): it must be folded again from the ledger .*dolen doctor")
        self.assertIn("64 events", self.dolen("doctor", "--data=kept", expect=1).stdout, "the story is long past")
        self.assertEqual(whole, {verb[0]: self.dolen(*verb).stdout for verb in (self.SIMULATE, self.VERIFY)})

    def test_questions_have_an_older_store_folded_again_and_answer_as_before(self):
        for verb in (self.TIMELINE, ["alerts", "--data=kept"], ["backfill", "list", "--data=kept"],
                     ["quarantine", "list", "--data=kept"], ["revision", "show", "--data=kept"]):
            whole = self.dolen(*verb).stdout
            self.stores_of(1)
            self.assertEqual(whole, self.dolen(*verb).stdout, verb)
            self.dolen(*self.VERIFY, "--rebuild")

    def test_a_newer_store_is_refused_by_all_that_read_it(self):
        (self.folder / "mapping.textproto").write_text(MAPPING)
        (self.folder / "rows.csv").write_text("nhs,agency,matter,what,occurred\n")
        self.stores_of(99)
        for verb in (self.SIMULATE, self.VERIFY, self.VERIFY + ["--rebuild"], self.TIMELINE,
                     self.TIMELINE + ["--as-of=2026-02-01"], ["alerts", "--data=kept"], ["quarantine", "list", "--data=kept"],
                     ["doctor", "--data=kept"], ["revision", "show", "--data=kept"], ["revision", "release", "--data=kept"],
                     ["backfill", "list", "--data=kept"], ["book", "publish", "--data=kept", BOOKS[0]],
                     ["import", "--data=kept", "--mapping=mapping.textproto", "rows.csv"], ["serve", "--data=kept"]):
            run = self.dolen(*verb, expect=3)
            self.assertEqual("", run.stdout, verb)
            self.assertRegex(run.stderr, r"dolen: store kept/shard-0 was made by a newer release \(fold revision 99, this "
                                         r"one has \d+\): install that release again", verb)


if __name__ == "__main__":
    unittest.main()
