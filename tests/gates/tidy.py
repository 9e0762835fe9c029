#!/usr/bin/env python3
"""Runs clang-tidy 14 with the checks of .clang-tidy over the sources, the most recently changed first.

A file takes about 5 CPU seconds, so the gate has a budget: when it is used up, the remaining files are counted and
left for the next run (a file is always looked at when it has just changed; --budget 0 looks at all). What was clean
is remembered in BUILD/tidy-cache until the file, a header, a contract, its command or .clang-tidy changes.

Needs a configured build with the C++ made from proto/ (tests/run gates sees to that). A source that no target
compiles fails too. Exit 0 clean, 1 not, 2 wrong usage, 77 where clang-tidy 14 is not installed.

Example: tests/gates/tidy.py
         tests/gates/tidy.py --budget 0 engine/child/draw.cc
"""

import argparse
import concurrent.futures
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import time

ROOMS = ["engine", "projections", "connectors", "deploy", "tests", "benchmarks"]
BUDGET_SECONDS = 200  # of wall time: CI's share for this gate


def find_tool():
    for name in ("clang-tidy-14", "clang-tidy"):
        if shutil.which(name):
            said = subprocess.run([name, "--version"], capture_output=True, text=True).stdout
            if re.search(r"version 14\.", said):
                return name
    return None


def sources(root, suffixes):
    for room in ROOMS:
        for folder, folders, names in os.walk(os.path.join(root, room)):
            folders[:] = sorted(set(folders) - {"node_modules"})  # of the dashboard, once it was built
            for name in sorted(names):
                if name.endswith(suffixes):
                    yield os.path.relpath(os.path.join(folder, name), root)


def commands(root, build):
    """Source, relative to root -> its compile command."""
    with open(os.path.join(build, "compile_commands.json"), encoding="utf-8") as file:
        entries = json.load(file)
    found = {}
    for entry in entries:
        path = os.path.relpath(os.path.join(entry["directory"], entry["file"]), root)
        if path.split("/")[0] in ROOMS:
            found[path] = entry.get("command") or " ".join(entry["arguments"])
    return found


def newest_first(root, paths):
    """Uncommitted files first, then by their last commit; without git, by the time of the file."""
    rank = {}

    def git(*words):
        done = subprocess.run(["git", "-C", root, *words], capture_output=True, text=True)
        return done.stdout.split("\n") if done.returncode == 0 else []

    for line in git("status", "--porcelain", "--untracked-files=all"):
        rank.setdefault(line[3:], len(rank))
    for line in git("log", "--name-only", "--format=", "-n", "2000"):
        rank.setdefault(line, len(rank))
    return sorted(paths, key=lambda p: (rank.get(p, len(rank)), -os.path.getmtime(os.path.join(root, p)), p))


def digest_of_shared(root, build):
    """Of everything that can change the verdict on any file: the checks, our headers, the contracts."""
    digest = hashlib.sha256()
    shared = [".clang-tidy", *sources(root, (".h",))]
    for folder, folders, names in os.walk(os.path.join(root, "proto")):
        folders.sort()
        shared += [os.path.relpath(os.path.join(folder, n), root) for n in sorted(names) if n.endswith(".proto")]
    for path in shared:
        digest.update(path.encode())
        with open(os.path.join(root, path), "rb") as file:
            digest.update(file.read())
    return digest.hexdigest()


def check(tool, root, build, path):
    done = subprocess.run([tool, "-p", build, "--quiet", "--warnings-as-errors=*",
                           "--extra-arg=-Wno-unknown-warning-option", path], cwd=root,
                          capture_output=True, text=True)
    said = "\n".join(line for line in done.stdout.splitlines() if line.strip()).replace(root + "/", "")
    if done.returncode != 0 and not said:
        said = done.stderr.strip()
    return done.returncode, said


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    here = os.path.dirname(os.path.abspath(__file__))
    parser.add_argument("--root", default=os.path.join(here, "..", ".."), help="the tree to read")
    parser.add_argument("--build", help="a configured build folder (default: ROOT/build/release)")
    parser.add_argument("--budget", type=float, default=BUDGET_SECONDS,
                        help=f"seconds after which no further file is begun; 0: no limit (default {BUDGET_SECONDS})")
    parser.add_argument("files", nargs="*", help="only these sources, relative to the root")
    args = parser.parse_args()
    root = os.path.abspath(args.root)
    build = os.path.abspath(args.build or os.path.join(root, "build", "release"))
    tool = find_tool()
    if not tool:
        print("tidy: skipped, clang-tidy 14 is not installed here")
        return 77
    if not os.path.exists(os.path.join(build, "compile_commands.json")):
        print(f"tidy: {build} is not configured; run cmake --preset release first")
        return 2
    compiled = commands(root, build)
    orphans = [] if args.files else [path for path in sources(root, (".cc",)) if path not in compiled]
    for path in orphans:
        print(f"{path}:1: is compiled by no target")
    paths = newest_first(root, args.files or [p for p in compiled if os.path.exists(os.path.join(root, p))])
    unknown = [path for path in paths if path not in compiled]
    if unknown or not paths:
        print(f"tidy: not in {build}: {' '.join(unknown) or 'any source of the rooms'}")
        return 2
    return run(tool, root, build, paths, compiled, args.budget, len(orphans))


def run(tool, root, build, paths, compiled, budget, bad):
    cache = os.path.join(build, "tidy-cache")
    os.makedirs(cache, exist_ok=True)
    shared = digest_of_shared(root, build)
    began = time.monotonic()

    def one(path):
        with open(os.path.join(root, path), "rb") as file:
            key = hashlib.sha256("\0".join([shared, path, compiled[path]]).encode() + file.read()).hexdigest()
        stamp = os.path.join(cache, key)
        if os.path.exists(stamp):
            return path, 0, "", True
        if budget and time.monotonic() - began > budget:
            return path, None, "", False
        code, said = check(tool, root, build, path)
        if code == 0:
            open(stamp, "w").close()
        return path, code, said, False

    looked, known, left = 0, 0, 0
    with concurrent.futures.ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        for path, code, said, cached in pool.map(one, paths):
            known += cached
            left += code is None
            looked += code is not None and not cached
            if code:
                bad += 1
                print(f"tidy: {path} is not clean:\n{said}", flush=True)
    print(f"tidy: {looked} files looked at, {known} known to be clean, {left} left for another run (the budget), "
          f"{bad} not clean; {time.monotonic() - began:.0f} s")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
