#!/usr/bin/env python3
"""Purity on the real logs: whatever order the rows come in, and however often, each child has the same clocks, and the store is the
ledger folded again, byte for byte. Skips where the data is not there.

  tests/real_logs/order_test.py [-k LOG]
"""
import csv
import gzip
import http.client
import json
import os
import pathlib
import random
import shutil
import socket
import subprocess
import tempfile
import unittest
import urllib.parse

HERE = pathlib.Path(__file__).resolve().parent
DOLEN = os.environ.get("DOLEN", str(HERE.parents[1] / "build/release/dolen"))
DATA = HERE.parents[1].parent / "shared/data"
# The file of a log, and the column of its cases.
LOGS = {"sepsis": ("sepsis.csv.gz", "Case ID"), "helpdesk_it": ("helpdesk.csv.gz", "case_id"),
        "bpic2013_closed_problems": ("bpic2013_closed_problems.csv.gz", "case_id")}
SEED = 20261125


class Socket(http.client.HTTPConnection):
    """The API of a running `dolen serve`."""

    def __init__(self, path):
        super().__init__("localhost", timeout=60)
        self.path = str(path)

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.connect(self.path)


class OrderTest(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="dolen-order-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)

    def dolen(self, *arguments):
        run = subprocess.run([DOLEN, *arguments], cwd=self.folder, capture_output=True, text=True, timeout=300,
                             stdin=subprocess.DEVNULL)
        self.assertEqual(run.returncode, 0, f"dolen {' '.join(arguments)}\n{run.stdout[-2000:]}{run.stderr[-2000:]}")
        return run.stdout

    def imported(self, log, data, files):
        """The clocks of each child after these files, one after another."""
        self.dolen("book", "publish", f"--data={data}", str(HERE / log / "book.textproto"))
        summaries = [json.loads(self.dolen("import", f"--data={data}", "--format=json",
                                           f"--mapping={HERE / log / 'mapping.textproto'}", name).splitlines()[-1])["summary"]
                     for name in files]
        for later in summaries[1:]:
            self.assertEqual((0, summaries[0]["admitted"]), (later["admitted"], later["duplicates"]), "the same rows again")
        self.dolen("store", "verify", "--rebuild", f"--data={data}")
        return self.clocks(data)

    def clocks(self, data):
        server = subprocess.Popen([DOLEN, "serve", f"--data={data}"], cwd=self.folder, stdout=subprocess.PIPE,
                                  stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL, text=True)
        connection = Socket(self.folder / data / "dolen.sock")
        try:
            self.assertIn("dolen serves", server.stdout.readline())
            seen = {}
            for child in self.children:
                connection.request("GET", f"/v1/children/case/{urllib.parse.quote(child, safe='')}/timeline?format=json")
                answer = connection.getresponse()
                body = answer.read()
                self.assertEqual(200, answer.status, body[:300])
                timeline = json.loads(body)
                seen[child] = (timeline["clocks"], sorted(event["event_id"] for event in timeline["events"]))
            return seen
        finally:
            connection.close()
            server.terminate()
            server.wait(timeout=60)
            server.stdout.close()

    def check(self, log):
        file, column = LOGS[log]
        path = DATA / log / file
        if not path.exists():
            self.skipTest(f"no {path}")
        with gzip.open(path, "rt", newline="", encoding="utf-8-sig") as opened:
            separator = ";" if ";" in opened.readline() else ","
            opened.seek(0)
            header, *rows = csv.reader(opened, delimiter=separator)
        self.children = sorted({row[header.index(column)] for row in rows})
        names = []
        for seed in (SEED, SEED + 1):
            order = list(rows)
            random.Random(seed).shuffle(order)
            names.append(f"shuffled-{seed}.csv")
            with open(self.folder / names[-1], "w", newline="", encoding="utf-8") as out:
                csv.writer(out, delimiter=separator, lineterminator="\n").writerows([header] + order)
        straight = self.imported(log, "straight", [str(path)])
        shuffled = self.imported(log, "shuffled", names)
        self.assertGreater(sum(len(clocks) for clocks, _ in straight.values()), 500)
        for child in self.children:
            self.assertEqual(straight[child], shuffled[child], f"{log}: child {child}")

    def test_sepsis(self):
        self.check("sepsis")

    def test_helpdesk_it(self):
        self.check("helpdesk_it")

    def test_bpic2013_closed_problems(self):
        self.check("bpic2013_closed_problems")


if __name__ == "__main__":
    unittest.main()
