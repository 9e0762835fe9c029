#!/usr/bin/env python3
"""Holds the API of a real `dolen serve` against deploy/api/openapi.json with schemathesis: no 5xx that says "broken", no
status, content type, header or body that the contract does not name.

A server on loopback holds the demo's story; somebody in each role and nobody at all ask generated questions: those of
the contract's edges once, and so many more for each role. Whoever asks gets real children and alerts in most cases
(hooks.py). The same cases are generated in every run; keys differ, and so does some of what they meet. In the end each
question must have been answered with 200, and a contract that is made wrong on purpose must be found wrong, or the check
itself is broken.

Streams (text/event-stream) are left out, since schemathesis waits for the end of an answer: tests/deploy/api/feed_test.cc
holds theirs. schemathesis comes from PyPI into build/tools/contract, once, in the versions of requirements.txt.

  tests/deploy/contract/check.py [--dolen build/release/dolen] [--cases 15]
"""
import argparse
import collections
import concurrent.futures
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[2]
sys.path.insert(0, str(HERE.parent))
from program import free_port  # noqa: E402 beside this folder
CONTRACT = ROOT / "deploy/api/openapi.json"
TOOLS = ROOT / "build/tools/contract"
CHECKS = ("not_a_server_error,status_code_conformance,content_type_conformance,response_headers_conformance,"
          "response_schema_conformance")
PURPOSES = {
    "sian": ["direct_work", "safeguarding", "emergency"],
    "aled": ["direct_work", "supervision", "subject_request", "learning"],
    "bethan": ["learning"],
    "carys": ["audit", "subject_request"],
    "dewi": ["operations"],
    "nobody": ["direct_work"],
}
NUMBERS = ["9990000018", "9990000026"]  # children of the story whom Sian's agency knows
LATE_REPORTS = 20
SERVER_SECONDS = 60
RUN_SECONDS = 300


def install():
    """The program `schemathesis`, from PyPI unless it is there in the versions asked for."""
    wanted = (HERE / "requirements.txt").read_text(encoding="utf-8")
    stamp = TOOLS / "requirements.txt"
    if not stamp.exists() or stamp.read_text(encoding="utf-8") != wanted:
        print("contract: fetching schemathesis from PyPI into build/tools/contract", flush=True)
        shutil.rmtree(TOOLS, ignore_errors=True)
        subprocess.run([sys.executable, "-m", "venv", str(TOOLS)], check=True)
        fetched = subprocess.run([str(TOOLS / "bin/pip"), "install", "--quiet", "--disable-pip-version-check",
                                  "--only-binary=:all:", "-r", str(HERE / "requirements.txt")], check=False)
        if fetched.returncode != 0:
            sys.exit("contract: schemathesis cannot be fetched from PyPI (see above), and without it the API cannot be "
                     "held against its contract; this is a failure, not a skip")
        stamp.write_text(wanted, encoding="utf-8")
    return TOOLS / "bin/schemathesis"


def more_of_the_story():
    """Reports to Sian's agency that nobody acknowledged, so that there are alerts to do something with."""
    lines = (ROOT / "deploy/story/story.csv").read_text(encoding="utf-8").splitlines()
    report = next(line for line in lines if ",R-105,written_report_sent," in line)
    return "\n".join([lines[0]] + [report.replace("R-105", f"R-9{n:02}") for n in range(LATE_REPORTS)]) + "\n"


class Installation:
    """A `dolen serve` with the demo's story, stopped by its own process id."""

    def __init__(self, dolen, folder):
        self.folder = folder
        self.url = f"http://127.0.0.1:{free_port()}"
        books = [f"--book={ROOT}/deploy/books/{name}.textproto" for name in ("uk-calendars", "demo")]
        self.log = open(folder / "serve.log", "w", encoding="utf-8")
        self.process = subprocess.Popen(
            [dolen, "serve", f"--listen={self.url.rpartition(':')[2]}", f"--access={HERE}/access.textproto", *books],
            cwd=folder, stdout=subprocess.PIPE, stderr=self.log, stdin=subprocess.DEVNULL, text=True)
        if "dolen serves" not in self.process.stdout.readline():
            sys.exit(f"contract: dolen serve did not start\n{(folder / 'serve.log').read_text(encoding='utf-8')[-3000:]}")
        (folder / "more.csv").write_text(more_of_the_story(), encoding="utf-8")
        subprocess.run([dolen, "import", "--live", "--by=sian", f"--mapping={ROOT}/deploy/story/mapping.textproto",
                        f"{ROOT}/deploy/story/story.csv", "more.csv"], cwd=folder, check=True, stdout=subprocess.DEVNULL)

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(timeout=SERVER_SECONDS)
        self.log.close()
        return code

    def ask(self, path, token=None, purpose="direct_work", body=None):
        headers = {"dolen-purpose": purpose, "content-type": "application/json"}
        if token:
            headers["authorization"] = f"Bearer {token}"
        request = urllib.request.Request(self.url + path, headers=headers, data=body and json.dumps(body).encode())
        with urllib.request.urlopen(request, timeout=SERVER_SECONDS) as answer:
            return json.load(answer)

    def token(self, person):
        return self.ask("/v1/sign-in/development", body={"id": person})["access_token"]

    def world(self):
        """Real children and alerts for the cases; waits until the alerts of the story are told."""
        token = self.token("sian")
        children = [self.ask("/v1/children/find", token, body={"issuer": "nhs", "value": one})["child"] for one in NUMBERS]
        end = time.monotonic() + SERVER_SECONDS
        alerts = []
        while len(alerts) < LATE_REPORTS and time.monotonic() < end:
            alerts = [one["alert_id"] for one in self.ask(f"/v1/alerts?limit={LATE_REPORTS}", token)["items"]]
            time.sleep(0.2)
        if len(alerts) < LATE_REPORTS:
            sys.exit("contract: the story's alerts were not told")
        return {"children": children, "alerts": alerts[:3], "numbers": NUMBERS}


def schemathesis(program, contract, installation, folder, name, flags, token, world):
    """One run; (exit code, what it said)."""
    mine = folder / f"run-{name}"
    mine.mkdir()
    (mine / "world.json").write_text(json.dumps({**world, "purposes": PURPOSES.get(name, ["direct_work"])}), encoding="utf-8")
    environment = {**os.environ, "SCHEMATHESIS_HOOKS": "hooks", "PYTHONPATH": str(HERE), "PYTHONDONTWRITEBYTECODE": "1",
                   "CONTRACT_WORLD": str(mine / "world.json"), "CONTRACT_SEEN": str(mine / "seen.txt")}
    command = [program, "run", contract, "--url", installation.url, "--checks", CHECKS, "--exclude-path-regex", "/stream$",
               "--generation-deterministic", "--no-shrink", "--continue-on-failure", "--no-color", "--warnings", "off",
               "--request-timeout", "20", *flags]
    if token:
        command += ["--header", f"Authorization: Bearer {token}"]
    ran = subprocess.run([str(one) for one in command], cwd=mine, env=environment, stdin=subprocess.DEVNULL, text=True,
                         stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=RUN_SECONDS, check=False)
    return ran.returncode, "\n".join(line[:400] for line in ran.stdout.splitlines())


def planted(folder):
    """The contract with three lies in it: a status left out, a member of another type, a type of content."""
    contract = json.loads(CONTRACT.read_text(encoding="utf-8"))
    del contract["paths"]["/v1/children/{child}/timeline"]["get"]["responses"]["404"]
    contract["components"]["schemas"]["Me"]["properties"]["subject"] = {"type": "integer"}
    answer = contract["paths"]["/v1/rules"]["get"]["responses"]["200"]
    answer["content"] = {"application/xml": answer["content"]["application/json"]}
    path = folder / "planted.json"
    path.write_text(json.dumps(contract), encoding="utf-8")
    return path


def seen_in(folder):
    seen = collections.Counter()
    for file in folder.glob("run-*/seen.txt"):
        seen.update(file.read_text(encoding="utf-8").splitlines())
    return seen


def never_good(seen):
    """Questions that nobody got an answer to."""
    for path, methods in json.loads(CONTRACT.read_text(encoding="utf-8"))["paths"].items():
        for method in methods:
            if not path.endswith("/stream") and not seen[f"{method.upper()} {path} 200"]:
                yield f"{method.upper()} {path}"


def check(arguments, program, installation, folder):
    world = installation.world()
    tokens = {person: installation.token(person) for person in PURPOSES if person != "nobody"}
    jobs = {}
    with concurrent.futures.ThreadPoolExecutor(max_workers=2) as pool:
        for person in PURPOSES:
            phases = "examples,coverage,fuzzing" if person == "sian" else "examples,fuzzing"
            flags = ["--phases", phases, "--max-examples", arguments.cases]
            jobs[person] = pool.submit(schemathesis, program, CONTRACT, installation, folder, person, flags,
                                       tokens.get(person), world)
        told = {person: job.result() for person, job in jobs.items()}
    wrong = 0
    for person, (code, said) in told.items():
        if code != 0:
            wrong += 1
            print(f"---- as {person}\n{said}\n")
    seen = seen_in(folder)
    for missing in never_good(seen):
        wrong += 1
        print(f"contract: nobody got a 200 of {missing}: the cases do not reach it")
    flags = ["--phases", "coverage,fuzzing", "--max-examples", "10"]
    flags += [f"--include-path={path}" for path in ("/v1/children/{child}/timeline", "/v1/me", "/v1/rules")]
    _, said = schemathesis(program, planted(folder), installation, folder, "planted", flags, tokens["sian"], world)
    for lie in ("Undocumented status code", "Response violates schema", "Undocumented Content-Type"):
        if lie not in said:
            wrong += 1
            print(f"contract: a lie in the contract was not found ({lie}); the check is broken\n{said}")
    if installation.process.poll() is not None:
        wrong += 1
        print(f"contract: the server ended by itself with {installation.process.returncode}")
    statuses = collections.Counter()
    for line, count in seen.items():
        statuses[line.rpartition(" ")[2]] += count
    print(f"contract: {sum(seen.values())} answers as the contract says:", ", ".join(
        f"{count} of {status}" for status, count in sorted(statuses.items())) if not wrong else f"no, {wrong} wrong")
    return 1 if wrong else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--dolen", default=str(ROOT / "build/release/dolen"))
    parser.add_argument("--cases", default="15", help="generated cases for each question and role")
    parser.add_argument("--keep", action="store_true", help="keep the folder with what was asked")
    arguments = parser.parse_args()
    program = install()
    folder = pathlib.Path(tempfile.mkdtemp(prefix="dolen-contract-"))
    installation = Installation(os.path.abspath(arguments.dolen), folder)
    try:
        return check(arguments, program, installation, folder)
    finally:
        installation.stop()
        if arguments.keep:
            print(f"contract: kept {folder}")
        else:
            shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
