"""Runs the real program for the tests of this folder. Standard library only."""
import json
import os
import pathlib
import shutil
import socket
import subprocess
import tempfile
import time
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
DOLEN = os.environ.get("DOLEN", str(ROOT / "build/release/dolen"))
STORY = [f"--mapping={ROOT}/deploy/story/mapping.textproto", f"{ROOT}/deploy/story/story.csv"]
BOOKS = [f"{ROOT}/deploy/books/uk-calendars.textproto", f"{ROOT}/deploy/books/demo.textproto"]
BOOK_FLAGS = [f"--book={book}" for book in BOOKS]


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


class ProgramTest(unittest.TestCase):
    """Each test has a folder of its own, thrown away afterwards."""

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="dolen-test-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)

    def dolen(self, *arguments, expect=0, timeout=300):
        run = subprocess.run([DOLEN, *arguments], cwd=self.folder, capture_output=True, text=True, timeout=timeout,
                             stdin=subprocess.DEVNULL)
        self.assertEqual(run.returncode, expect, f"dolen {' '.join(arguments)}\n{run.stdout[-3000:]}{run.stderr[-3000:]}")
        return run

    def lines(self, *arguments, expect=0):
        return [json.loads(line) for line in self.dolen(*arguments, expect=expect).stdout.splitlines()]

    def serve(self, *arguments):
        """A running `dolen serve`; stopped by its own process id at the end of the test."""
        server = subprocess.Popen([DOLEN, "serve", *arguments], cwd=self.folder, stdout=subprocess.PIPE,
                                  stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL, text=True)
        self.addCleanup(self.stop, server)
        self.assertIn("dolen serves", server.stdout.readline())
        return server

    def stop(self, server):
        if server.poll() is None:
            server.terminate()
            server.wait(timeout=60)
        server.stdout.close()

    def until(self, true, seconds=30):
        """Asks until the answer is true; the engine folds in threads of its own."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if true():
                return
            time.sleep(0.05)
        self.fail(f"not within {seconds} s")


def event(event_id, child="9990000018", agency="ysgol_y_bont", **open_part):
    """A good event as `dolen publish` takes it."""
    part = {"eventId": event_id, "agency": agency, "occurred": {"instant": "2026-01-12T09:00:00Z"},
            "kind": "KIND_REFERRAL_MADE", "matter": {"agency": agency, "id": "13"}, "toAgency": "llais_charity"}
    part.update(open_part)
    return {"contract": 1, "open": part, "private": {"child": [{"issuer": "nhs", "value": child}], "text": "made up"}}
