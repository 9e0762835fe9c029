#!/usr/bin/env python3
"""What people on call do with alerts, by the program: ack, snooze, assign, resolve, note, and the trail."""
import datetime
import json
import unittest

from program import BOOKS, ProgramTest, event


def soon(hours):
    return (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(hours=hours)).strftime("%Y-%m-%dT%H:%M:%SZ")


class Alerts(ProgramTest):
    def begin(self):
        """An open alert "overdue" and one of a later level, "unanswered", of one clock."""
        self.dolen("book", "publish", *BOOKS)
        self.serve()
        (self.folder / "e.json").write_text(json.dumps(event("a")))
        self.dolen("publish", "e.json")
        self.until(lambda: len(self.open()) == 2)
        return {a["level"]: a["alert_id"] for a in self.open()}

    def open(self):
        return self.lines("alerts", "--format=json")

    def shown(self, alert):
        return self.lines("alerts", "show", alert, "--format=json")[0]

    def test_an_acknowledgement_is_at_all_levels_at_once_and_on_the_trail(self):
        alerts = self.begin()
        self.dolen("alerts", "ack", alerts["overdue"][:8], "--by=sian", "--note=calling the school")
        self.assertEqual({"acknowledged"}, {a["state"] for a in self.open()})
        shown = self.shown(alerts["overdue"][:8])
        self.assertEqual(["raised", "sian", "acknowledged"],
                         [line.get("change", {}).get("state") or line["action"]["by"] for line in shown["trail"]])
        self.assertEqual("calling the school", shown["trail"][1]["action"]["note"])
        self.assertGreater(shown["until"], soon(0))
        text = self.dolen("alerts", "show", alerts["overdue"][:8]).stdout
        self.assertIn("sian acknowledged: calling the school", text)

    def test_a_snooze_ends_when_it_was_asked_to_and_not_in_a_year(self):
        alerts = self.begin()
        late = self.dolen("alerts", "snooze", alerts["overdue"], f"--until={soon(24 * 365)}", "--note=leave", expect=2)
        self.assertIn("seven days", late.stderr)
        self.dolen("alerts", "snooze", alerts["overdue"], "--until=2h", "--note=meeting", "--by=sian")
        self.assertEqual({"snoozed"}, {a["state"] for a in self.open()})
        self.assertLess(abs(datetime.datetime.fromisoformat(self.open()[0]["until"].replace("Z", "+00:00"))
                            - datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(hours=2)),
                        datetime.timedelta(minutes=1))

    def test_all_that_fit_are_answered_at_once(self):
        self.begin()
        (self.folder / "e.json").write_text(json.dumps(event("b", child="9990000026",
                                                             matter={"agency": "ysgol_y_bont", "id": "14"})))
        self.dolen("publish", "e.json")
        self.until(lambda: len(self.open()) == 4)
        answer = self.lines("alerts", "assign", "--all", "--level=overdue", "--to=llais_charity/duty_team", "--by=sian",
                            "--format=json")
        self.assertEqual(2, len(answer))
        self.assertEqual({"llais_charity/duty_team"}, {a["assigned_to"] for a in self.open()})

    def test_what_makes_no_sense_is_refused_with_a_sentence_and_changes_nothing(self):
        alerts = self.begin()
        self.assertIn("no alert", self.dolen("alerts", "ack", "0000000000", expect=1).stderr)
        self.assertIn("at least", self.dolen("alerts", "ack", "12", expect=2).stderr)
        self.dolen("alerts", "ack", expect=2)
        self.dolen("alerts", "resolve", alerts["overdue"], expect=2)
        self.assertIn("AGENCY/TEAM", self.dolen("alerts", "assign", alerts["overdue"], "--to=a/Big Team", expect=2).stderr)
        self.assertEqual({"raised", "escalated"}, {a["state"] for a in self.open()})

    def test_it_also_works_while_nobody_serves(self):
        self.dolen("book", "publish", *BOOKS)
        server = self.serve()
        (self.folder / "e.json").write_text(json.dumps(event("a")))
        self.dolen("publish", "e.json")
        self.until(lambda: len(self.open()) == 2)
        self.stop(server)
        self.dolen("alerts", "resolve", self.open()[0]["alert_id"], "--note=agreed by phone", "--by=sian")
        self.assertEqual({"resolved"}, {a["state"] for a in self.open()})

    def test_a_note_changes_nothing_and_stays(self):
        alerts = self.begin()
        self.dolen("alerts", "note", alerts["overdue"], "--note=asked the GP", "--by=sian")
        self.assertEqual({"raised", "escalated"}, {a["state"] for a in self.open()})
        self.assertEqual("asked the GP", self.shown(alerts["overdue"])["trail"][-1]["action"]["note"])


if __name__ == "__main__":
    unittest.main()
