#!/usr/bin/env python3
"""What people on call do with alerts, by the program: ack, snooze, assign, resolve, note, and the trail."""
import datetime
import json
import unittest
import urllib.error
import urllib.parse
import urllib.request

from program import BOOKS, ProgramTest, event, free_port


def soon(hours):
    return (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(hours=hours)).strftime("%Y-%m-%dT%H:%M:%SZ")


class Alerts(ProgramTest):
    def begin(self, *flags):
        """An open alert "overdue" and one of a later level, "unanswered", of one clock."""
        self.dolen("book", "publish", *BOOKS)
        self.serve(*flags)
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

    def test_a_signed_link_shows_and_its_form_answers(self):
        port = free_port()
        alerts = self.begin(f"--listen={port}")
        get = lambda path: urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=30)
        self.assertEqual(b"ready\n", get("/readyz").read())
        numbers = get("/metrics").read().decode()
        self.assertIn('dolen_alert_lateness_seconds_count 2\n', numbers)
        self.assertIn("dolen_speaks 1\n", numbers)
        link = self.dolen("alerts", "link", alerts["overdue"]).stdout.strip()
        for _ in range(2):  # scanners of mail follow links: looking changes nothing
            page = get(link).read().decode()
        self.assertIn("Acknowledge", page)
        self.assertIn("lang=\"cy\"", page)
        self.assertNotIn("9990000018", page)
        self.assertEqual({"raised", "escalated"}, {a["state"] for a in self.open()})
        form = urllib.parse.urlencode({"did": "snoozed", "by": "Siân <b>", "note": "cyfarfod & wedyn", "hours": "3"})
        answer = urllib.request.urlopen(f"http://127.0.0.1:{port}{link}", data=form.encode(), timeout=30)
        self.assertEqual("no-referrer", answer.headers["referrer-policy"])
        page = answer.read().decode()  # led back to the page
        self.assertIn("Siân &lt;b&gt; snoozed", page)
        self.assertIn("cyfarfod &amp; wedyn", page)
        self.assertEqual({"snoozed"}, {a["state"] for a in self.open()})

    def test_a_link_that_nobody_signed_or_that_has_run_out_opens_nothing(self):
        port = free_port()
        alerts = self.begin(f"--listen={port}")
        link = self.dolen("alerts", "link", alerts["overdue"]).stdout.strip()
        other = link.replace(alerts["overdue"], alerts["unanswered"])
        for bad in (link[:-2] + "A=", other, link.split("?")[0], link.replace("until=", "until=9")):
            with self.assertRaises(urllib.error.HTTPError) as refused:
                urllib.request.urlopen(f"http://127.0.0.1:{port}{bad}", timeout=30)
            self.assertEqual(403, refused.exception.code, bad)
        with self.assertRaises(urllib.error.HTTPError) as refused:  # what the socket answers is not for TCP
            urllib.request.urlopen(f"http://127.0.0.1:{port}/v1/alerts", timeout=30)
        self.assertEqual(404, refused.exception.code)


if __name__ == "__main__":
    unittest.main()
