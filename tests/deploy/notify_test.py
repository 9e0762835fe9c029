#!/usr/bin/env python3
"""Alerts that leave the program: through the routing file to a webhook, once, with nothing personal in them."""
import base64
import http.server
import json
import threading
import unittest

from program import BOOKS, ROOT, ProgramTest, event


class Receiver(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        self.server.got.append((dict(self.headers), body))
        self.send_response(self.server.status)
        self.end_headers()

    def log_message(self, *_):
        pass


class Receives(ProgramTest):
    """A webhook "desk" that keeps what it gets, and a routing file that leads everything there."""

    def setUp(self):
        super().setUp()
        self.receiver = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
        self.receiver.got, self.receiver.status = [], 204
        threading.Thread(target=self.receiver.serve_forever, daemon=True).start()
        self.addCleanup(self.receiver.server_close)
        self.addCleanup(self.receiver.shutdown)
        (self.folder / "secret.txt").write_text("whsec_" + base64.b64encode(b"0" * 32).decode() + "\n")
        (self.folder / "routing.textproto").write_text(f"""
            public_url: "https://dolen.example.org"
            destination {{ name: "desk" webhook {{ url: "http://127.0.0.1:{self.receiver.server_port}/hook"
                                                 secret_file: "{self.folder}/secret.txt" }} }}
            route {{ to: "desk" }}""")

    def got(self):
        return [json.loads(body) for _, body in self.receiver.got]


class Notify(Receives):
    def publish(self, *events):
        for i, one in enumerate(events):
            (self.folder / f"e{i}.json").write_text(json.dumps(one))
            self.dolen("publish", f"e{i}.json")

    def outcomes(self, alert):
        trail = self.lines("alerts", "show", alert, "--format=json")[0]["trail"]
        return [(line["receipt"]["number"], line["receipt"]["outcome"]) for line in trail if "receipt" in line]

    def begin(self):
        self.dolen("book", "publish", *BOOKS)
        server = self.serve("--routing=routing.textproto")
        told = event("a", family="The Joneses of Heol Fawr")
        told["private"]["text"] = "Told his teacher in confidence"
        self.publish(told)
        self.until(lambda: len(self.got()) == 2)
        return server

    def test_each_alert_leaves_once_over_restarts_and_its_end_follows(self):
        server = self.begin()
        alerts = {a["level"]: a["alert_id"] for a in self.lines("alerts", "--format=json")}
        for alert in alerts.values():
            self.until(lambda alert=alert: self.outcomes(alert) == [(1, "delivered")])
        self.stop(server)
        self.serve("--routing=routing.textproto")
        self.dolen("alerts", "ack", alerts["overdue"], "--by=sian")
        self.until(lambda: len(self.got()) == 4)
        self.publish(event("b", kind="KIND_REFERRAL_DECLINED", agency="llais_charity", reason="full",
                           matter={"agency": "ysgol_y_bont", "id": "13"}, occurred={"instant": "2026-02-12T09:00:00Z"}))
        self.until(lambda: len(self.got()) == 6)
        self.assertEqual(6, len({headers["webhook-id"] for headers, _ in self.receiver.got}), "each message is another")
        self.until(lambda: self.outcomes(alerts["overdue"]) == [(1, "delivered"), (2, "delivered"), (3, "delivered")])
        status = self.lines("routing", "status", "--format=json")[0]
        self.assertEqual((0, 0, 4), (status["waiting"], status["dead"], status["taken"]))

    def test_late_truth_reaches_whoever_was_told(self):
        self.begin()
        self.publish(event("b", kind="KIND_REFERRAL_ACCEPTED", agency="llais_charity",
                           matter={"agency": "ysgol_y_bont", "id": "13"}, occurred={"instant": "2026-01-13T09:00:00Z"}))
        self.until(lambda: len(self.got()) == 4)
        self.assertEqual(["ended", "ended"], [one["data"]["kind"] for one in self.got()[2:]])
        self.assertEqual({"withdrawn"}, {one["data"]["alerts"][0]["state"] for one in self.got()[2:]})
        self.assertEqual({one["subject"] for one in self.got()[:2]}, {one["subject"] for one in self.got()[2:]})

    def test_nothing_personal_leaves(self):
        self.begin()
        self.dolen("alerts", "note", self.lines("alerts", "--format=json")[0]["alert_id"], "--note=phoned Mrs Jones", "--by=sian")
        self.dolen("alerts", "ack", "--all", "--note=Sam is safe", "--by=sian")
        self.until(lambda: len(self.got()) == 4)
        sent = b"\n".join(body for _, body in self.receiver.got).decode()
        for needle in ("9990000018", "999 000 0018", "confidence", "Jones", "Heol", "Sam", "sian"):
            self.assertNotIn(needle, sent)
        self.assertIn("https://dolen.example.org/alerts/", sent)

    def test_what_could_not_be_delivered_is_listed_and_sent_again(self):
        self.receiver.status = 410
        self.dolen("book", "publish", *BOOKS)
        self.serve("--routing=routing.textproto")
        self.publish(event("a"))
        self.until(lambda: self.lines("routing", "status", "--format=json")[0]["dead"] == 2)
        doctor = self.lines("doctor", "--format=json", expect=1)[0]
        self.assertIn("undelivered_desk", [finding["code"] for finding in doctor["findings"]])
        self.receiver.status = 200
        self.dolen("routing", "send-again", "desk")
        self.until(lambda: self.lines("routing", "status", "--format=json")[0]["dead"] == 0)
        self.dolen("routing", "send-again", "pigeon", expect=1)

    def test_doctor_tries_each_destination_and_says_what_came_back(self):
        self.assertIn("took the test", self.dolen("doctor", "--destinations=routing.textproto").stdout)
        self.receiver.status = 500
        self.assertIn("500", self.dolen("doctor", "--destinations=routing.textproto", expect=1).stdout)

    def test_a_routing_file_with_mistakes_is_refused_with_their_lines(self):
        (self.folder / "bad.textproto").write_text('destination { name: "log" log_line {} }\nroute { to: "lgo" }\n')
        self.assertIn("bad.textproto:2:", self.dolen("routing", "check", "bad.textproto", expect=1).stdout)
        self.assertIn("lgo", self.dolen("serve", "--routing=bad.textproto", expect=2).stderr)
        self.assertIn("no errors", self.dolen("routing", "check", "routing.textproto").stdout)


if __name__ == "__main__":
    unittest.main()
