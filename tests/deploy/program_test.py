#!/usr/bin/env python3
"""The program `dolen` as its users meet it, on the local log."""
import csv
import datetime
import json
import pathlib
import random
import re
import socket
import subprocess
import unittest
import urllib.request

from program import BOOK_FLAGS, BOOKS, DOLEN, STORY, ProgramTest, event

VERBS = ["serve", "demo", "replay", "import", "publish", "timeline", "alerts", "alerts show", "alerts ack",
         "alerts snooze", "alerts assign", "alerts resolve", "alerts note", "alerts link", "quarantine", "quarantine list",
         "quarantine show", "quarantine retry", "quarantine set-aside", "book", "book check", "book explain", "book diff",
         "book test", "book publish", "simulate", "log", "log verify", "store", "store verify", "routing", "routing check", "routing status",
         "routing send-again", "revision", "revision show",
         "revision release", "backfill", "backfill list", "backfill end", "doctor"]


class Usage(ProgramTest):
    def test_every_verb_has_help_with_an_example(self):
        for verb in VERBS:
            help_text = self.dolen(*verb.split(), "--help").stdout
            self.assertIn("Example:", help_text, verb)

    def test_wrong_usage_exits_2(self):
        self.dolen(expect=2)
        self.dolen("no-such-verb", expect=2)
        self.dolen("timeline", expect=2)
        self.dolen("timeline", "--child=nhs", expect=2)
        self.dolen("replay", "--book=x", "--until=yesterday", "f.csv", expect=2)
        self.dolen("alerts", "--format=xml", expect=2)

    def test_asking_where_nothing_is_exits_1_and_says_what_to_do(self):
        run = self.dolen("alerts", expect=1)
        self.assertIn("dolen serve", run.stderr)
        self.assertFalse((self.folder / "dolen-data").exists(), "asking must not make an installation")

    def test_a_bad_book_is_refused_with_file_line_and_field(self):
        text = pathlib.Path(BOOKS[1]).read_text().replace("working_days: 5", "wroking_days: 5", 1)
        (self.folder / "bad.textproto").write_text(text)
        run = self.dolen("book", "check", "bad.textproto", expect=1)
        line = 1 + text[:text.index("wroking")].count("\n")
        self.assertRegex(run.stdout, rf"bad\.textproto:{line}:\d+: error")
        self.dolen("book", "publish", "bad.textproto", expect=2)
        self.dolen("book", "check", *BOOKS)

    def test_the_demo_ends_by_itself_without_a_terminal(self):
        out = self.dolen("demo", "--days-per-second=1000").stdout
        self.assertIn("!!", out)
        self.assertIn("withdrawn", out)
        self.assertIn("Child nhs:9990000018", out)


class DemoInABrowser(ProgramTest):
    def open(self):
        """The demonstration's address, once its story is told."""
        (self.folder / "pages").mkdir()
        (self.folder / "pages/index.html").write_text("the page")
        demo = subprocess.Popen([DOLEN, "demo", "--listen=0", "--dashboard=pages", "--days-per-second=100000"],
                                cwd=self.folder, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                                stdin=subprocess.DEVNULL, text=True)
        self.addCleanup(self.stop, demo)
        for line in demo.stdout:
            if "in a browser: http://" in line:
                return demo, line.split()[-1]
        self.fail("it told no address")

    def ask(self, url, body=None, headers=None):
        request = urllib.request.Request(url, None if body is None else json.dumps(body).encode(),
                                         {"content-type": "application/json", **(headers or {})})
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.read().decode()

    def test_it_goes_on_today_for_people_who_are_made_up_and_ends_when_told(self):
        demo, url = self.open()
        self.assertEqual("the page", self.ask(url + "/"))
        people = json.loads(self.ask(url + "/v1/sign-in"))
        self.assertEqual("development", people["kind"])
        for person in people["people"]:
            self.ask(url + "/v1/sign-in/development", {"id": person["id"]})
        token = json.loads(self.ask(url + "/v1/sign-in/development", {"id": "sian"}))["access_token"]
        work = json.loads(self.ask(url + "/v1/worklist", None, {"authorization": f"Bearer {token}",
                                                                "dolen-purpose": "supervision"}))
        now = datetime.datetime.now(datetime.timezone.utc)
        at = datetime.datetime.fromisoformat(work["at"].replace("Z", "+00:00"))
        self.assertLess(abs(now - at), datetime.timedelta(minutes=1))
        interview = next(one for one in work["items"] if one["rule"] == "W-MISS-RHI")
        due = datetime.datetime.fromisoformat(interview["due"].replace("Z", "+00:00"))
        self.assertLess(due - now, datetime.timedelta(minutes=6), "a deadline passes before the reader's eyes")
        demo.terminate()
        self.assertEqual(0, demo.wait(timeout=60))

    def test_what_is_missing_is_said_before_the_story(self):
        run = self.dolen("demo", "--listen=0", "--dashboard=nowhere", expect=1)
        self.assertIn("deploy/build-dashboard", run.stderr)
        self.assertEqual("", run.stdout)
        (self.folder / "pages").mkdir()
        (self.folder / "pages/index.html").write_text("the page")
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            run = self.dolen("demo", f"--listen={taken.getsockname()[1]}", "--dashboard=pages", expect=3)
        self.assertEqual("", run.stdout)


class Publishing(ProgramTest):
    def publish(self, *events, expect=0, extra=()):
        (self.folder / "events.json").write_text(json.dumps(list(events)))
        return self.dolen("publish", *extra, "events.json", expect=expect)

    def test_what_admission_would_refuse_is_not_sent(self):
        run = self.publish(event("a"), event("b", kind="KIND_UNSPECIFIED"), expect=1)
        self.assertIn("event 1: unknown_kind: open.kind", run.stderr)
        self.assertIn("nothing was sent", run.stderr)

    def test_a_running_serve_and_a_folder_of_ones_own_answer_alike(self):
        self.publish(event("a"), event("b", kind="KIND_REFERRAL_ACCEPTED", agency="llais_charity",
                                       matter={"agency": "ysgol_y_bont", "id": "13"}))
        self.dolen("book", "publish", *BOOKS)
        ask = ("timeline", "--child=nhs:9990000018", "--format=json")
        alone = self.lines(*ask)[0]
        self.assertEqual(["referral_made", "referral_accepted"], [e["event"] for e in alone["events"]])
        server = self.serve()
        served = self.lines(*ask)[0]
        self.assertEqual(alone["events"], served["events"])
        self.assertEqual(alone["clocks"][0]["clock"], served["clocks"][0]["clock"])
        self.dolen("serve", expect=3)  # one serves already
        self.dolen("store", "verify", expect=3)  # it reads the folder
        self.publish(event("c", kind="KIND_CHILD_VOICE_RECORDED"))
        self.until(lambda: len(self.lines(*ask)[0]["events"]) == 3)
        self.stop(server)
        self.dolen("store", "verify", "--rebuild")

    def test_an_unknown_child_is_a_plain_no(self):
        self.publish(event("a"))
        run = self.dolen("timeline", "--child=nhs:9990000026", expect=1)
        self.assertNotIn("9990000026", run.stderr, "an identifier in an error line")

    def test_an_overdue_step_raises_one_alert_that_is_cleared_by_the_step(self):
        self.dolen("book", "publish", *BOOKS)
        self.serve()
        self.publish(event("a"))  # due in January 2026, long past
        self.until(lambda: {a["level"] for a in self.lines("alerts", "--format=json")} == {"overdue", "unanswered"})
        self.publish(event("b", kind="KIND_REFERRAL_DECLINED", agency="llais_charity", reason="full",
                           matter={"agency": "ysgol_y_bont", "id": "13"},
                           occurred={"instant": "2026-02-12T09:00:00Z"}))
        self.until(lambda: self.lines("alerts", "--format=json") == [])
        told = self.lines("timeline", "--child=nhs:9990000018", "--format=json")[0]["alerts"]
        self.assertEqual({("overdue", "cleared"), ("unanswered", "cleared")}, {(a["level"], a["state"]) for a in told})

    def test_the_socket_and_the_secret_belong_to_the_operator_alone(self):
        self.serve()
        for name in ("dolen.sock", "secret"):
            self.assertEqual(0o600, (self.folder / "dolen-data" / name).stat().st_mode & 0o777, name)
        self.assertEqual(0o700, (self.folder / "dolen-data").stat().st_mode & 0o777)

    def test_a_missing_secret_is_not_made_anew(self):
        self.publish(event("a"))
        (self.folder / "dolen-data/secret").unlink()
        self.assertIn("secret", self.dolen("doctor", expect=3).stderr)


class Files(ProgramTest):
    def summary(self, *arguments):
        return self.lines("import", "--format=json", *arguments)[-1]["summary"]

    def assertAddsUp(self, s):
        self.assertEqual(s["read"], s["filtered"] + s["admitted"] + s["duplicates"] + s["conflicts"] + s["quarantined"])

    def test_importing_twice_adds_nothing_and_pages_nobody(self):
        self.dolen("book", "publish", *BOOKS)
        first, second = self.summary(*STORY), self.summary(*STORY)
        self.assertAddsUp(first)
        self.assertAddsUp(second)
        self.assertEqual((64, 0), (first["admitted"], first["duplicates"]))
        self.assertEqual((0, 64), (second["admitted"], second["duplicates"]))
        # A number may be asked for as it is written on paper.
        self.assertEqual(*[self.lines("timeline", f"--child=nhs:{number}", "--format=json")[0]["events"]
                           for number in ("9990000018", "999 000 0018")])
        self.serve()
        self.until(lambda: self.lines("doctor", "--format=json")[0]["records"] > 0)
        self.assertEqual([], self.lines("alerts", "--format=json"))

    def test_a_bad_row_names_file_line_and_column_and_the_rest_goes_on(self):
        rows = pathlib.Path(STORY[1]).read_text().splitlines()
        rows[5] = rows[5].replace("2026-", "soon-", 2)
        (self.folder / "story.csv").write_text("\n".join(rows) + "\n")
        run = self.dolen("import", "--format=json", STORY[0], "story.csv")
        s = json.loads(run.stdout.splitlines()[-1])["summary"]
        self.assertAddsUp(s)
        self.assertEqual((63, 1), (s["admitted"], s["quarantined"]))
        self.assertRegex(run.stderr, r"story\.csv:6: column \d+: bad_time")
        listed = self.lines("quarantine", "list", "--format=json")
        self.assertEqual("bad_time", listed[0]["reason"])
        self.assertIn("story.csv:6", listed[0]["place"])

    def test_any_order_of_delivery_with_duplicates_gives_the_same_clocks(self):
        """Purity, through the whole program."""
        with open(STORY[1], newline="") as file:
            header, *rows = list(csv.reader(file))
        children = sorted({row[3] for row in rows})
        seen = []
        for seed in range(3):
            order = list(rows)
            random.Random(seed).shuffle(order)
            name = f"shuffled-{seed}.csv"
            with open(self.folder / name, "w", newline="") as file:
                csv.writer(file, lineterminator="\n").writerows([header] + order)
            data = f"--data=data-{seed}"
            self.dolen("book", "publish", data, *BOOKS)
            self.dolen("import", data, STORY[0], name)
            self.dolen("import", data, STORY[0], name)
            seen.append([{key: value for key, value in
                          self.lines("timeline", data, f"--child=nhs:{child}", "--format=json")[0].items()
                          if key == "clocks"} for child in children])
            self.dolen("store", "verify", "--rebuild", data)
        self.assertEqual(seen[0], seen[1])
        self.assertEqual(seen[0], seen[2])
        self.assertGreater(sum(len(one["clocks"]) for one in seen[0]), 20)

    def test_replay_says_each_change_in_order_and_ends_with_a_summary(self):
        lines = self.lines("replay", *BOOK_FLAGS, "--format=json", *STORY)
        changes, summary = lines[:-1], lines[-1]["summary"]
        self.assertAddsUp(summary)
        self.assertEqual(64, summary["admitted"])
        order = [(c["at"], c["child"], c["matter"], c["clock"], c["level"]) for c in changes]
        self.assertEqual(sorted(order), order)
        for change in changes:
            self.assertRegex(change["alert_id"], r"^[0-9a-f]{32}$")
            self.assertRegex(change["due"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$")
        for rule, counts in summary["clocks"].items():
            self.assertEqual(counts["started"], sum(v for k, v in counts.items() if k != "started"), rule)
        owen = [(c["level"], c["state"]) for c in changes if c["matter"] == "13"]
        self.assertEqual([("due_soon", "raised"), ("due_soon", "cleared"), ("overdue", "raised"), ("due_soon", "withdrawn"),
                          ("overdue", "withdrawn")], owen)

    def test_replay_until_leaves_later_rows_unread(self):
        summary = self.lines("replay", *BOOK_FLAGS, "--format=json", "--until=2026-01-12T12:00:00Z", *STORY)[-1]["summary"]
        with open(STORY[1], newline="") as file:
            expected = sum(1 for row in csv.DictReader(file) if row["recorded"] <= "2026-01-12 12:00")
        self.assertEqual(expected, summary["read"])

    def test_a_kept_replay_can_be_asked_and_is_whole(self):
        self.dolen("replay", *BOOK_FLAGS, "--data=kept", *STORY)
        told = self.lines("timeline", "--data=kept", "--child=nhs:9990000018", "--format=json")[0]
        self.assertEqual(17, len(told["events"]))
        self.dolen("log", "verify", "--data=kept")
        self.dolen("store", "verify", "--rebuild", "--data=kept")
        self.dolen("replay", *BOOK_FLAGS, "--data=kept", *STORY, expect=3)


class Past(ProgramTest):
    """What was true at a time, on what was known by a time, and could be known to an agency."""
    MALI, OWEN = "9990000018", "9990000042"

    def setUp(self):
        super().setUp()
        self.dolen("replay", *BOOK_FLAGS, "--data=dolen-data", *STORY)

    def timeline(self, child, *past):
        return self.lines("timeline", f"--child=nhs:{child}", "--format=json", *past)[0]

    def text(self, child, *past):
        return self.dolen("timeline", f"--child=nhs:{child}", *past).stdout

    def events(self, *arguments):
        return [e["event"] for e in self.timeline(*arguments)["events"]]

    def states(self, *arguments):
        return {c["rule"]: (c["state"], c["open"]) for c in self.timeline(*arguments)["clocks"]}

    def test_an_acceptance_told_late_was_true_then_and_not_known_then(self):
        known = self.timeline(self.OWEN, "--known-at=2026-01-20")
        self.assertEqual(["referral_made"], [e["event"] for e in known["events"]])
        self.assertEqual({"DEMO-ANSWER": ("overdue", True)}, self.states(self.OWEN, "--known-at=2026-01-20"))
        self.assertEqual({"DEMO-ANSWER": ("in_time", False)}, self.states(self.OWEN, "--as-of=2026-01-20"))
        self.assertEqual(["referral_made", "referral_accepted"], self.events(self.OWEN, "--as-of=2026-01-20"))
        self.assertEqual("2026-01-20T23:59:59.999999Z", known["known_at"])
        self.assertEqual(known["known_at"], known["at"])
        self.assertNotIn("as_of", known)
        self.assertIsNone(known["alerts"], "what was told then is not kept")
        # Both: what was known at K of what was true at T.
        self.assertEqual({"DEMO-ANSWER": ("running", True)},
                         self.states(self.OWEN, "--as-of=2026-01-19T23:59:59Z", "--known-at=2026-01-20"))

    def test_an_agency_could_know_its_own_matters_from_when_they_were_recorded(self):
        self.assertEqual([], self.events(self.MALI, "--known-to=camhs_dyffryn", "--known-at=2026-01-21"))
        self.assertEqual(["referral_made"], self.events(self.MALI, "--known-to=camhs_dyffryn", "--known-at=2026-01-22"))
        self.assertEqual(["referral_made", "referral_declined"], self.events(self.MALI, "--known-to=camhs_dyffryn"))
        self.assertEqual(["referral_made", "referral_accepted", "appointment_attended"],
                         self.events(self.MALI, "--known-to=llais_charity"))
        self.assertEqual([], self.events(self.MALI, "--known-to=heddlu_dyffryn"))
        self.assertEqual({"DEMO-ANSWER"}, set(self.states(self.MALI, "--known-to=camhs_dyffryn")))
        self.assertEqual(17, len(self.events(self.MALI, "--known-to=gwynfryn_council")))

    def test_before_anything_was_published_there_were_no_clocks(self):
        before = self.timeline(self.MALI, "--known-at=2020-01-01T00:00:00Z")
        self.assertEqual(([], [], []), (before["events"], before["clocks"], before["holders"]))

    def test_text_says_which_past_it_is_and_what_is_open(self):
        text = self.text(self.MALI, "--known-to=camhs_dyffryn", "--known-at=2026-01-26T12:00:00Z")
        self.assertIn("Child nhs:9990000018, as of 2026-01-26T12:00:00Z, as camhs_dyffryn could know it, "
                      "known at 2026-01-26T12:00:00Z\n", text)
        self.assertRegex(text, r"Open clocks:\n +2026-01-30T00:00:00Z +camhs_dyffryn +running: Referral answered")
        self.assertNotIn("ALERT", text)
        self.assertIn("recorded so far: up to 2026-02-20T10:00:00Z", self.text(self.MALI, "--as-of=2026-03-01"))
        self.assertIn("ALERT", self.text(self.MALI))

    def test_holders_are_those_of_then(self):
        child = "9990000085"
        self.assertEqual([], self.timeline(child, "--as-of=2026-02-04T10:29:59Z")["holders"])
        holder = {"part": "", "agency": "dyffryn_health", "since": "2026-02-04T10:30:00Z", "by": "handover"}
        self.assertEqual([holder], self.timeline(child, "--as-of=2026-02-04T10:30:00Z")["holders"])
        self.assertEqual([holder], self.timeline(child)["holders"])
        self.assertRegex(self.text(child), r"Holders:\n +2026-02-04T10:30:00Z +dyffryn_health +all, by handover")

    def test_what_cannot_be_asked_is_said(self):
        for past, said in [("--as-of=yesterday", "as-of"), ("--known-at=2026-02-30", "known-at"),
                           ("--known-to=camhs_dyfryn", "camhs_dyfryn")]:
            run = self.dolen("timeline", f"--child=nhs:{self.MALI}", past, expect=2)
            self.assertIn(said, run.stderr)
            self.assertEqual("", run.stdout)

    def test_a_running_serve_answers_alike(self):
        asks = [("--as-of=2026-01-25",), ("--known-at=2026-01-26",), ("--known-to=camhs_dyffryn", "--as-of=2026-01-25")]
        alone = [self.timeline(self.MALI, *ask) for ask in asks]
        self.serve()
        served = [self.timeline(self.MALI, *ask) for ask in asks]
        for one, other in zip(alone, served):
            self.assertEqual(*[{k: v for k, v in t.items() if k != "reached"} for t in (one, other)])


class Notes(ProgramTest):
    def test_a_contradiction_stands_at_its_event_until_it_is_corrected(self):
        matter = {"agency": "ysgol_y_bont", "id": "13"}
        made = event("made", occurred={"instant": "2026-01-12T09:00:00Z"}, published="2026-01-12T09:00:00Z")
        accepted = event("accepted", kind="KIND_REFERRAL_ACCEPTED", agency="llais_charity", matter=matter,
                         occurred={"instant": "2026-01-11T09:00:00Z"}, published="2026-01-12T10:00:00Z")
        del accepted["open"]["toAgency"]
        (self.folder / "events.json").write_text(json.dumps([made, accepted]))
        self.dolen("publish", "events.json")
        ask = ("timeline", "--child=nhs:9990000018")
        told = {e["event_id"]: e.get("notes", []) for e in self.lines(*ask, "--format=json")[0]["events"]}
        self.assertEqual([], told["made"])
        self.assertEqual("accepted_before_made", told["accepted"][0]["code"])
        self.assertEqual({"agency": "ysgol_y_bont", "event_id": "made"}, told["accepted"][0]["against"])
        self.assertEqual({"en", "cy"}, set(told["accepted"][0]["title"]))
        self.assertRegex(self.dolen(*ask).stdout, r"referral_accepted.*\n +NOTE accepted before the request was made "
                                                  r"\(against made of ysgol_y_bont\) \[accepted_before_made\]")
        # Then nothing had been made yet that it could contradict.
        then = self.lines(*ask, "--format=json", "--as-of=2026-01-11T12:00:00Z")[0]["events"]
        self.assertEqual([("accepted", False)], [(e["event_id"], "notes" in e) for e in then])
        mend = event("mend", kind="KIND_CORRECTION", occurred={"instant": "2026-01-10T09:00:00Z"},
                     published="2026-01-13T09:00:00Z",
                     corrects={"agency": "ysgol_y_bont", "eventId": "made", "kind": "KIND_REFERRAL_MADE"})
        (self.folder / "mend.json").write_text(json.dumps([mend]))
        self.dolen("publish", "mend.json")
        self.assertNotIn("NOTE", self.dolen(*ask).stdout)


class Damage(ProgramTest):
    def test_a_store_that_is_removed_is_folded_again_and_tells_nothing_twice(self):
        self.dolen("replay", *BOOK_FLAGS, "--data=kept", *STORY)
        verify = lambda: self.dolen("store", "verify", "--data=kept", "--format=json").stdout
        ends = lambda: re.findall(r"alerts\.v1/\d+: offsets 0 to (\d+)", self.dolen("log", "verify", "--data=kept").stdout)
        before, told = verify(), ends()
        for shard in range(4):
            subprocess.run(["rm", "-r", str(self.folder / f"kept/shard-{shard}")], check=True)
        self.dolen("doctor", "--data=kept")  # opens and folds
        self.assertEqual(before, verify())
        self.assertEqual(told, ends())


if __name__ == "__main__":
    unittest.main()
