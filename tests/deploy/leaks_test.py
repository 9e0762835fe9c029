#!/usr/bin/env python3
"""No personal data leaves: all that each kind of destination is sent of the demo's children, against every number, matter and
free text of theirs."""
import csv
import email
import email.policy
import json
import pathlib
import socket
import subprocess
import unittest

from aiosmtpd.controller import Controller

import notify_test
from program import BOOKS, DOLEN, ROOT, STORY


class Mailbox:
    def __init__(self):
        self.mails = []

    async def handle_DATA(self, _server, _session, envelope):
        self.mails.append(envelope.content)
        return "250 OK"


def texts_of(raw):
    """A mail with all of its parts, decoded."""
    mail = email.message_from_bytes(raw, policy=email.policy.default)
    return [str(mail.items())] + [part.get_content() for part in mail.walk() if part.get_content_maintype() == "text"]


class Leaks(notify_test.Receives):
    def setUp(self):
        super().setUp()
        self.mailbox = Mailbox()
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            mail_port = free.getsockname()[1]
        controller = Controller(self.mailbox, hostname="127.0.0.1", port=mail_port)
        controller.start()
        self.addCleanup(controller.stop)
        url = f"http://127.0.0.1:{self.receiver.server_port}"
        (self.folder / "key.txt").write_text("0123456789abcdef0123456789abcdef\n")
        (self.folder / "routing.textproto").write_text(f"""
            public_url: "https://dolen.example.org"
            destination {{ name: "desk" webhook {{ url: "{url}/hook" secret_file: "{self.folder}/secret.txt" }} most_in_hour: 1000 }}
            destination {{ name: "monitor" alertmanager {{ url: "{url}/am" }} most_in_hour: 1000 }}
            destination {{ name: "pager" pagerduty {{ url: "{url}/pd" routing_key_file: "{self.folder}/key.txt" }}
                          most_in_hour: 1000 }}
            destination {{ name: "post" mail {{ server: "smtp://127.0.0.1:{mail_port}" from: "dolen@example.org"
                          to: "duty@example.org" without_tls: true }} most_in_hour: 1000 }}
            destination {{ name: "lines" log_line {{}} most_in_hour: 1000 }}
            route {{ to: "desk" to: "monitor" to: "pager" to: "post" to: "lines" }}""")

    def settled(self):
        status = self.lines("routing", "status", "--format=json")
        return all(one["taken"] > 0 and one["waiting"] == 0 for one in status)

    def test_of_all_children_of_the_demo_nothing_personal_leaves(self):
        self.dolen("book", "publish", *BOOKS)
        with open(self.folder / "serve.log", "wb") as log:
            server = subprocess.Popen([DOLEN, "serve", "--routing=routing.textproto"], cwd=self.folder, stderr=log,
                                      stdout=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True)
            self.addCleanup(self.stop, server)
            self.assertIn("dolen serves", server.stdout.readline())
            # The first half of the story, in which steps are missing; the rest, which ends many of them, comes later.
            half = pathlib.Path(STORY[1]).read_text(encoding="utf-8").splitlines(keepends=True)[:30]
            (self.folder / "half.csv").write_text("".join(half), encoding="utf-8")
            self.dolen("import", "--live", "--by=sian", STORY[0], "half.csv")
            self.until(lambda: len(self.lines("alerts", "--format=json")) > 8)
            self.until(self.settled, seconds=90)
            self.dolen("alerts", "snooze", "--all", "--until=2h", "--by=Siân Puw", "--note=phoned the school about Osian")
            self.until(self.settled, seconds=90)
            self.dolen("import", "--live", "--by=sian", *STORY)
            self.until(lambda: any(b'"ended"' in body for _, body in self.receiver.got))
            self.until(self.settled, seconds=90)
        sent = [body.decode() for _, body in self.receiver.got] + [json.dumps(headers) for headers, _ in self.receiver.got]
        mails = [text for raw in self.mailbox.mails for text in texts_of(raw)]
        # The search sees what there is to see: what may leave is found in each kind of it.
        log = (self.folder / "serve.log").read_text()
        alert = json.loads(next(body for _, body in self.receiver.got if b"specversion" in body))["subject"]
        for place in ("\n".join(sent), "\n".join(mails), log):
            self.assertIn(alert, place)
        everything = "\n".join(sent + mails + [log])
        self.assertGreater(len(self.receiver.got), 12)
        self.assertGreater(len(self.mailbox.mails), 3)
        with open(STORY[1], newline="", encoding="utf-8") as story:
            rows = list(csv.DictReader(story))
        needles = {row["nhs"] for row in rows} | {row["text"] for row in rows if row["text"]}
        needles |= {f'{n[:3]} {n[3:6]} {n[6:]}' for n in {row["nhs"] for row in rows}}
        needles |= {row["matter"] for row in rows if len(row["matter"]) > 3}
        needles |= {"Siân Puw", "Puw", "Osian", "phoned"}
        self.assertGreater(len(needles), 20)
        self.assertEqual([], sorted(needle for needle in needles if needle in everything))


if __name__ == "__main__":
    unittest.main()
