#!/usr/bin/env python3
"""Breaking the glass on a real `dolen serve`: one child opens to one person, and the guardian is told, once, without names."""
import json
import subprocess
import unittest
import urllib.error
import urllib.request

from notify_test import Receives
from program import BOOKS, DOLEN, event, free_port

ACCESS = """
guardian: "desk"
development {
  person { id: "sian" name: "Sian" agency: "llais_charity" role: "practitioner" }
  person { id: "huw" name: "Huw" agency: "heddlu_dyffryn" role: "practitioner" }
  person { id: "ann" name: "Ann" agency: "audit_office" role: "auditor" }
}
"""
REASON = "Found alone at night by the river"


class Emergency(Receives):
    def setUp(self):
        super().setUp()
        (self.folder / "access.textproto").write_text(ACCESS)
        self.dolen("book", "publish", *BOOKS)
        self.port = free_port()
        self.server = self.start()
        (self.folder / "told.json").write_text(json.dumps(event("a")))
        self.dolen("publish", "told.json")
        self.until(lambda: len(self.got()) == 2)  # its alerts, which are long due

    def start(self):
        return self.serve(f"--listen=127.0.0.1:{self.port}", "--access=access.textproto", "--routing=routing.textproto")

    def ask(self, path, body=None, person="huw", purpose="emergency"):
        """(status, answer) to a person who signs in first."""
        headers = {"content-type": "application/json", "dolen-purpose": purpose}
        if path != "/v1/sign-in/development":
            token = self.ask("/v1/sign-in/development", {"id": person})[1]["access_token"]
            headers["authorization"] = f"Bearer {token}"
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", data=body and json.dumps(body).encode(),
                                         headers=headers)
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as error:
            return error.code, json.load(error)

    def break_glass(self):
        status, answer = self.ask("/v1/emergencies", {"issuer": "nhs", "value": "9990000018", "reason": REASON})
        self.assertEqual(200, status, answer)
        return answer["child"]

    def notices(self):
        return [one for one in self.got() if one["data"]["kind"] == "emergency"]

    def alarms(self):
        doctor = subprocess.run([DOLEN, "doctor", "--format=json"], cwd=self.folder, capture_output=True, text=True, timeout=60)
        return [finding["code"] for finding in json.loads(doctor.stdout.splitlines()[0])["findings"]]

    def test_one_child_opens_and_the_guardian_is_told_once(self):
        child = self.break_glass()
        self.assertIsNotNone(self.ask(f"/v1/children/{child}/timeline")[1]["emergency_until"])
        self.assertEqual(404, self.ask(f"/v1/children/{child}/timeline", purpose="direct_work")[0])
        self.assertEqual(404, self.ask(f"/v1/children/{'0' * 32}/timeline")[0])
        self.until(lambda: len(self.notices()) == 1)
        sent = json.dumps(self.notices())
        for needle in ("9990000018", child, "huw", "Huw", "heddlu", "river"):
            self.assertNotIn(needle, sent)
        reads = self.ask("/v1/audit", person="ann", purpose="audit")[1]["items"]
        broken = [f"emergency-{read['number']}" for read in reads if read["emergency"] == REASON]
        self.assertEqual(broken, [self.notices()[0]["subject"]], "its place leads to the record")
        self.stop(self.server)
        self.server = self.start()
        self.break_glass()
        self.until(lambda: len(self.notices()) == 2)
        self.assertEqual(2, len({one["subject"] for one in self.notices()}), "the first is not told again")

    def test_a_guardian_who_cannot_be_told_is_an_alarm_until_they_were(self):
        self.receiver.status = 500
        self.break_glass()
        self.until(lambda: "guardian_not_told" in self.alarms())
        self.receiver.status = 204
        self.until(lambda: "guardian_not_told" not in self.alarms(), seconds=90)


if __name__ == "__main__":
    unittest.main()
