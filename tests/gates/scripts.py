#!/usr/bin/env python3
"""Fails where a script of the repository is broken: syntax, shellcheck's warnings, or no --help.

A script is an executable file that begins with #! and bash, sh or python3. Each must print its usage and end with 0
when it is called with --help, within 10 seconds. Files ending in .sh that are sourced are checked for syntax only.
shellcheck is used where it is installed (without SC1007, which dislikes "local a= b=").

Example: tests/gates/scripts.py
"""

import argparse
import ast
import os
import re
import shutil
import subprocess
import sys

FOLDERS = [".ci", "deploy", "tests", "benchmarks", "engine", "projections", "connectors", "proto"]
HELP_SECONDS = 10


def scripts(root):
    """(path, language, executable) of each script."""
    for top in FOLDERS:
        for folder, folders, names in os.walk(os.path.join(root, top)):
            folders[:] = sorted(f for f in folders if f not in ("build", "__pycache__", "node_modules", ".kafka"))
            for name in sorted(names):
                full = os.path.join(folder, name)
                with open(full, "rb") as file:
                    first = file.readline(200)
                executable = os.access(full, os.X_OK)
                found = re.match(rb"#!.*\b(bash|sh|python3)\b", first)
                if name.endswith((".py", ".sh")) or found:
                    language = found.group(1).decode() if found else ("python3" if name.endswith(".py") else "bash")
                    yield os.path.relpath(full, root), language, executable and bool(found)


def run(words, root):
    done = subprocess.run(words, cwd=root, capture_output=True, text=True, stdin=subprocess.DEVNULL,
                          timeout=HELP_SECONDS)
    return done.returncode, done.stdout, done.stderr


def problems(root, path, language, executable, shellcheck):
    full = os.path.join(root, path)
    if language == "python3":
        try:
            with open(full, encoding="utf-8") as file:
                ast.parse(file.read(), path)
        except SyntaxError as error:
            yield f"{path}:{error.lineno}: syntax: {error.msg}"
            return
    else:
        code, _, said = run([language, "-n", full], root)
        if code != 0:
            line = re.search(r"line (\d+): (.*)", said)
            yield f"{path}:{line.group(1) if line else 1}: syntax: {line.group(2) if line else said.strip()}"
            return
        if shellcheck:
            _, said, _ = run([shellcheck, "--severity=warning", "--exclude=SC1007", "--format=gcc", "--shell=bash", path], root)
            yield from said.splitlines()
    if executable:
        try:
            code, said, _ = run([full, "--help"], root)
            if code != 0 or not re.search(r"usage|\b" + re.escape(os.path.basename(path)) + r"\b", said, re.I):
                yield f"{path}:1: help: --help must print how it is used and end with 0 (it ended with {code})"
        except subprocess.TimeoutExpired:
            yield f"{path}:1: help: --help did not end in {HELP_SECONDS} s"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    here = os.path.dirname(os.path.abspath(__file__))
    parser.add_argument("--root", default=os.path.join(here, "..", ".."), help="the tree to read")
    root = os.path.abspath(parser.parse_args().root)
    shellcheck = shutil.which("shellcheck")
    count, bad = 0, 0
    for path, language, executable in scripts(root):
        count += 1
        for problem in problems(root, path, language, executable, shellcheck):
            bad += 1
            print(problem)
    if count == 0:
        print("scripts: found none; is --root right?")
        return 2
    print(f"scripts: {count} scripts, {bad} problems" + ("" if shellcheck else " (shellcheck is not installed)"))
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
