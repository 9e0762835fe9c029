#!/usr/bin/env python3
"""The rules for Prometheus and the dashboard: right by themselves, and about numbers that there are."""
import json
import re
import subprocess
import unittest
import urllib.request

from program import ROOT, ProgramTest, free_port

RULES = ROOT / "deploy/prometheus/dolen.rules.yml"
DASHBOARD = ROOT / "deploy/grafana/dolen.json"


def promtool(*arguments):
    return subprocess.run(["promtool", *arguments], capture_output=True, text=True, timeout=60, cwd=RULES.parent)


class Prometheus(ProgramTest):
    def test_rules_are_well_formed_and_fire_when_they_must(self):
        for arguments in (("check", "rules", RULES.name), ("test", "rules", "dolen.rules.test.yml")):
            run = promtool(*arguments)
            self.assertEqual(0, run.returncode, run.stdout + run.stderr)

    def test_a_rule_that_asks_too_late_is_found(self):
        late = self.folder / "late"
        late.mkdir()
        (late / RULES.name).write_text(RULES.read_text().replace("for: 1m", "for: 30m"))
        (late / "t.yml").write_text((RULES.parent / "dolen.rules.test.yml").read_text())
        run = subprocess.run(["promtool", "test", "rules", "t.yml"], cwd=late, capture_output=True, text=True, timeout=60)
        self.assertNotEqual(0, run.returncode)

    def test_every_number_that_rules_and_dashboard_ask_for_is_said(self):
        port = free_port()
        (self.folder / "routing.textproto").write_text('destination { name: "log" log_line {} }\nroute { to: "log" }\n')
        self.serve(f"--listen={port}", "--routing=routing.textproto")
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=30) as answer:
            scrape = answer.read().decode()
        run = subprocess.run(["promtool", "check", "metrics"], input=scrape, capture_output=True, text=True, timeout=60)
        self.assertEqual(0, run.returncode, run.stdout + run.stderr)
        said = set(re.findall(r"^(dolen_\w+)", scrape, re.M)) | {"dolen_alarm"}  # no alarm stands
        asked = set(re.findall(r"\bdolen_\w+", RULES.read_text() + DASHBOARD.read_text()))
        self.assertEqual(set(), {name for name in asked - said if name != "dolen_alarm"})
        panels = json.loads(DASHBOARD.read_text())["panels"]
        self.assertEqual(len(panels), len({panel["id"] for panel in panels}))


if __name__ == "__main__":
    unittest.main()
