#!/usr/bin/env python3
"""The program on a real Kafka (DOLEN_TEST_KAFKA=host:port) says what it says on the local log."""
import json
import os
import pathlib
import shutil
import subprocess
import unittest
import uuid

import notify_test
from program import BOOK_FLAGS, BOOKS, ROOT, STORY, ProgramTest, event

KAFKA = os.environ.get("DOLEN_TEST_KAFKA")
DATA = ROOT.parent / "shared/data"
REAL_LOGS = {"sepsis": "sepsis.csv.gz", "helpdesk_it": "helpdesk.csv.gz",
             "bpic2013_closed_problems": "bpic2013_closed_problems.csv.gz"}


@unittest.skipUnless(KAFKA, "DOLEN_TEST_KAFKA names no broker; tests/run kafka starts one")
class OnKafka(ProgramTest):
    def setUp(self):
        super().setUp()
        self.place = [f"--kafka={KAFKA}", f"--prefix=test-{uuid.uuid4().hex[:12]}"]

    def replayed(self, *arguments):
        lines = self.lines("replay", "--format=json", *arguments)
        # Child keys are random, and alert ids come from them.
        changes = [{key: value for key, value in line.items() if key != "alert_id"} for line in lines[:-1]]
        return changes, lines[-1]

    def test_a_replay_says_the_same_as_on_the_local_log(self):
        local = self.replayed(*BOOK_FLAGS, *STORY)
        self.assertGreater(len(local[0]), 30)
        self.assertEqual(local, self.replayed(*self.place, *BOOK_FLAGS, *STORY))

    @unittest.skipUnless(DATA.exists(), "no ../shared/data beside this repository")
    def test_the_real_logs_say_the_same_as_on_the_local_log_and_are_rebuilt_byte_for_byte(self):
        for name, file in REAL_LOGS.items():
            with self.subTest(name):
                folder = ROOT / "tests/real_logs" / name
                log = [f"--mapping={folder}/mapping.textproto", str(DATA / name / file)]
                book = f"--book={folder}/book.textproto"
                self.assertEqual(self.replayed(book, *log), self.replayed(self.place[0], book, *log))  # a prefix of its own
                self.dolen("book", "publish", *self.place, "--partitions=3", f"{folder}/book.textproto")
                self.dolen("import", *self.place, *log)
        for line in self.lines("store", "verify", "--rebuild", "--format=json", *self.place):
            self.assertTrue(line["same"], line)

    def test_an_import_can_be_asked_about_and_rebuilt_byte_for_byte(self):
        self.dolen("book", "publish", *self.place, "--partitions=3", *BOOKS)
        summary = json.loads(self.dolen("import", "--format=json", *self.place, *STORY).stdout.splitlines()[-1])["summary"]
        self.assertEqual(64, summary["admitted"])
        again = json.loads(self.dolen("import", "--format=json", *self.place, *STORY).stdout.splitlines()[-1])["summary"]
        self.assertEqual(64, again["duplicates"])
        told = self.lines("timeline", *self.place, "--child=nhs:9990000018", "--format=json")[0]
        self.assertEqual(17, len(told["events"]))
        known = self.lines("timeline", *self.place, "--child=nhs:9990000018", "--known-to=camhs_dyffryn", "--format=json")[0]
        self.assertEqual(["referral_made", "referral_declined"], [e["event"] for e in known["events"]])
        # Where only the secret is at hand, the answer comes from temporary stores.
        (self.folder / "elsewhere").mkdir()
        shutil.copy(self.folder / "dolen-data/secret", self.folder / "elsewhere/secret")
        self.assertEqual(told["events"], self.lines("timeline", *self.place, "--data=elsewhere",
                                                    "--child=nhs:9990000018", "--format=json")[0]["events"])
        self.assertEqual(["secret"], [path.name for path in (self.folder / "elsewhere").iterdir()])
        # What if: from the stores, and where there are none, from the ledger.
        (self.folder / "draft.textproto").write_text(pathlib.Path(BOOKS[1]).read_text().replace("working_days: 5", "working_days: 2"))
        simulated = self.dolen("simulate", *self.place, "--format=json", "--book=draft.textproto").stdout
        self.assertGreater(len(simulated.splitlines()), 5)
        self.assertEqual(simulated, self.dolen("simulate", *self.place, "--data=none", "--format=json",
                                               "--book=draft.textproto").stdout)
        self.assertFalse((self.folder / "none").exists())
        for line in self.lines("store", "verify", "--rebuild", "--format=json", *self.place):
            self.assertTrue(line["same"], line)
        self.dolen("log", "verify", *self.place)

    def test_topics_made_by_create_topics_are_those_that_serve_wants(self):
        # It once made as many partitions of quarantine as of the ledger, and no serve would start on them.
        subprocess.run([ROOT / "deploy/kafka/create-topics", f"--bootstrap={KAFKA}", self.place[1], "--agency=ysgol_y_bont",
                        "--partitions=3"], check=True, stdout=subprocess.DEVNULL, stdin=subprocess.DEVNULL, timeout=300)
        self.serve(*self.place)
        (self.folder / "a.json").write_text(json.dumps(event("a")))
        self.dolen("publish", *self.place, "a.json")
        timeline = ["timeline", *self.place, "--child=nhs:9990000018", "--format=json"]
        self.until(lambda: '"event_id":"a"' in self.dolen(*timeline).stdout)

    def test_what_agencies_publish_is_served_told_and_cleared(self):
        self.dolen("book", "publish", *self.place, "--partitions=3", *BOOKS)
        self.serve(*self.place)
        (self.folder / "a.json").write_text(json.dumps(event("a")))
        self.dolen("publish", *self.place, "a.json")
        self.until(lambda: len(self.lines("alerts", "--format=json", *self.place)) == 2)
        (self.folder / "b.json").write_text(json.dumps(event(
            "b", kind="KIND_REFERRAL_ACCEPTED", agency="llais_charity", matter={"agency": "ysgol_y_bont", "id": "13"})))
        self.dolen("publish", *self.place, "b.json")
        self.until(lambda: self.lines("alerts", "--format=json", *self.place) == [])

    def test_an_on_call_system_answers_an_alert_through_its_own_topic(self):
        self.dolen("book", "publish", *self.place, "--partitions=3", *BOOKS)
        self.serve(*self.place)
        (self.folder / "a.json").write_text(json.dumps(event("a")))
        self.dolen("publish", *self.place, "a.json")
        alerts = lambda: self.lines("alerts", "--format=json", *self.place)
        self.until(lambda: len(alerts()) == 2)
        alert = alerts()[0]
        text = (f'action_id: "page 7" alert_id: "{alert["alert_id"]}" child: "{alert["child"]}" kind: KIND_ACKNOWLEDGED '
                'by: "sian"')
        action = subprocess.run(["protoc", f"-I{ROOT}/proto", "--encode=dolen.alert.v1.Action", "dolen/alert/v1/action.proto"],
                                input=text.encode(), capture_output=True, check=True).stdout
        (self.folder / "action").write_bytes(action)
        topic = self.place[1].split("=")[1] + ".actions.v1"
        for file in ("action", "action", "a.json"):  # the second changes nothing, the third is no action
            subprocess.run(["kcat", "-P", "-b", KAFKA, "-t", topic, file], cwd=self.folder, check=True,
                           stdin=subprocess.DEVNULL, timeout=60)
        self.until(lambda: {a["state"] for a in alerts()} == {"acknowledged"})
        quarantined = lambda: self.lines("quarantine", "list", "--format=json", *self.place)
        self.until(lambda: [q["reason"] for q in quarantined()] == ["malformed"])
        trail = self.lines("alerts", "show", alert["alert_id"], "--format=json", *self.place)[0]["trail"]
        self.assertEqual(["sian"], [line["action"]["by"] for line in trail if "action" in line])


@unittest.skipUnless(KAFKA, "DOLEN_TEST_KAFKA names no broker; tests/run kafka starts one")
class NotifyOnKafka(notify_test.Receives):
    def test_each_alert_leaves_once_over_a_restart(self):
        place = [f"--kafka={KAFKA}", f"--prefix=test-{uuid.uuid4().hex[:12]}"]
        self.dolen("book", "publish", *place, "--partitions=3", *BOOKS)
        server = self.serve(*place, "--routing=routing.textproto")
        (self.folder / "a.json").write_text(json.dumps(event("a")))
        self.dolen("publish", *place, "a.json")
        self.until(lambda: len(self.got()) == 2)
        receipts = lambda: [line for alert in self.lines("alerts", "--format=json", *place) for line in
                            self.lines("alerts", "show", alert["alert_id"], "--format=json", *place)[0]["trail"]
                            if "receipt" in line]
        self.until(lambda: len(receipts()) == 2)
        self.stop(server)
        self.serve(*place, "--routing=routing.textproto")
        self.dolen("alerts", "ack", "--all", "--by=sian", *place)
        self.until(lambda: len(self.got()) == 4)
        self.assertEqual(["page", "page", "answered", "answered"], [one["data"]["kind"] for one in self.got()])


if __name__ == "__main__":
    unittest.main()
