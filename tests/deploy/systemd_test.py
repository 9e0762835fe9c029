#!/usr/bin/env python3
"""The systemd unit: well-formed, locked up, and told that the program is ready and alive."""
import os
import re
import socket
import subprocess
import unittest

from program import DOLEN, ROOT, ProgramTest

UNIT = ROOT / "deploy/systemd/dolen.service"


class Systemd(ProgramTest):
    def test_the_unit_is_well_formed_and_gives_the_program_no_more_than_it_needs(self):
        text = UNIT.read_text().replace("/usr/local/bin/dolen", "/bin/true")
        (self.folder / UNIT.name).write_text(text)
        run = subprocess.run(["systemd-analyze", "verify", UNIT.name], cwd=self.folder, capture_output=True, text=True, timeout=60)
        self.assertEqual("", run.stdout + run.stderr)
        run = subprocess.run(["systemd-analyze", "security", "--offline=true", UNIT.name], cwd=self.folder,
                             capture_output=True, text=True, timeout=60)
        exposure = float(re.search(r"exposure level for \S+: ([0-9.]+)", run.stdout).group(1))
        self.assertLess(exposure, 1.5)

    def test_it_says_that_it_is_ready_alive_and_stopping(self):
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
            manager.bind(str(self.folder / "notify"))
            manager.settimeout(30)
            server = subprocess.Popen([DOLEN, "serve"], cwd=self.folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                      env={**os.environ, "NOTIFY_SOCKET": str(self.folder / "notify"), "WATCHDOG_USEC": "400000"})
            try:
                said = [manager.recv(100).decode().strip() for _ in range(4)]
                self.assertEqual(["READY=1", "WATCHDOG=1", "WATCHDOG=1", "WATCHDOG=1"], said)
                server.terminate()
                while manager.recv(100).decode().strip() != "STOPPING=1":
                    pass
                self.assertEqual(0, server.wait(timeout=60))
            finally:
                server.kill()
                server.wait()


if __name__ == "__main__":
    unittest.main()
