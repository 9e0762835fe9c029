#!/usr/bin/env python3
"""The walks in the documents are true: their files are written, their commands run, their answers compared.

In a document, ```textproto NAME``` (or yaml, or json) is a file that the reader saves under that name, and ```console``` holds commands
(after "$ ") with what they answer. A line "..." stands for any lines. Of one document all commands run in one bash, in
an empty folder with `deploy` and `build` in it as in a fresh clone after deploy/demo.
"""
import os
import pathlib
import re
import subprocess
import unittest

from program import DOLEN, ROOT, ProgramTest

WALK = "docs/writing-a-pathway-book.md"
MARK = "\x1e"  # before each answer; no program writes it


class Block:
    """A fenced block: what stands after the fence, its lines, and the number of the first of them."""

    def __init__(self, info, line):
        self.info, self.line, self.lines = info.split(), line, []


def blocks(text):
    found, inside = [], None
    for number, line in enumerate(text.splitlines(), 1):
        if inside is None and line.startswith("```"):
            inside = Block(line[3:], number + 1)
        elif inside is not None and line.startswith("```"):
            found.append(inside)
            inside = None
        elif inside is not None:
            inside.lines.append(line)
    if inside is not None:
        raise ValueError(f"line {inside.line - 1}: this fence is never closed")
    return found


def commands(block):
    """Each command of a console block: its line, its text, and the (line, text) of what it answers."""
    told = []
    for number, line in enumerate(block.lines, block.line):
        if line.startswith("$ "):
            told.append((number, line[2:], []))
        elif not told:
            raise ValueError(f"line {number}: an answer before any command")
        else:
            told[-1][2].append((number, line.rstrip()))
    return told


def difference(expected, got):
    """Where the answer is not as written: (line in the document, sentence), or None."""
    if not expected or not got:
        wanted = [line for line in expected if line[1] != "..."]
        if wanted:
            return wanted[0][0], f"expected {wanted[0][1]!r}, but nothing more is answered"
        return None if expected or not got else (0, f"answered too: {got[0]!r}")
    number, line = expected[0]
    if line != "...":
        return difference(expected[1:], got[1:]) if line == got[0] else (number, f"expected {line!r}, got {got[0]!r}")
    if len(expected) == 1:
        return None
    # The lines up to the next "..." are looked for together.
    rest = expected[1:]
    run = next((i for i, after in enumerate(rest) if after[1] == "..."), len(rest))
    for i in range(len(got) - run + 1):
        if [after[1] for after in rest[:run]] == got[i:i + run]:
            at_end = difference(rest[run:], got[i + run:])
            if at_end is None:
                return None
            if run < len(rest):
                return at_end
    return rest[0][0], f"expected {rest[0][1]!r} and what follows it, found nowhere in what is answered"


def wrong_in(text, folder):
    """Writes the files, runs the commands, and says what is not as the document says: [(line, sentence)]."""
    run, script = [], []
    for number, block in enumerate(blocks(text), 1):
        if len(block.info) == 2 and block.info[0] in ("textproto", "yaml", "json"):
            (folder / block.info[1]).write_text("\n".join(block.lines) + "\n")
        elif block.info[:1] == ["console"]:
            for command in commands(block):
                script.append(f"printf '\\036'\n{command[1]}\n")
                run.append((number, *command))
    bash = subprocess.run(["bash", "-c", "".join(script)], cwd=folder, stdin=subprocess.DEVNULL, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=600)
    answers = bash.stdout.split(MARK)[1:]
    if len(answers) < len(run):
        number, line, command, _ = run[max(len(answers) - 1, 0)]
        return [(line, f"block {number}: bash came no further than: {command}: {bash.stdout[-300:]!r}")]
    wrong = []
    for (number, line, command, expected), answer in zip(run, answers):
        got = [got_line.rstrip() for got_line in answer.splitlines()]
        # Empty lines at either end carry nothing.
        while got and not got[-1]:
            got.pop()
        found = difference(expected, got)
        if found:
            wrong.append((found[0] or line, f"block {number}, after \"$ {command}\": {found[1]}"))
    return wrong


class Clone(ProgramTest):
    def setUp(self):
        super().setUp()
        (self.folder / "deploy").symlink_to(ROOT / "deploy")
        (self.folder / "build/release").mkdir(parents=True)
        (self.folder / "build/release/dolen").symlink_to(pathlib.Path(DOLEN).resolve())


class Walk(Clone):
    def true(self, document):
        wrong = wrong_in((ROOT / document).read_text(), self.folder)
        self.assertEqual([], wrong, "".join(f"\n{document}:{line}: {sentence}" for line, sentence in wrong))

    def test_the_walk_of_writing_a_book_is_true(self):
        self.true(WALK)

    def test_every_other_document_with_commands_is_true(self):
        for document in documents_with_commands():
            if document != WALK:
                with self.subTest(document):
                    self.true(document)

    def test_the_walk_needs_nothing_but_the_readme_to_be_found(self):
        self.assertIn(f"]({WALK})", (ROOT / "README.md").read_text())


def documents_with_commands():
    # What npm brought along is others'.
    found = [path.relative_to(ROOT) for path in ROOT.rglob("*.md") if "node_modules" not in path.parts]
    return sorted(str(path) for path in found
                  if path.parts[0] not in ("build", ".git") and "```console" in (ROOT / path).read_text())


class AWrongDocument(Clone):
    """What is said of documents that are not true; without it the walk could rot unseen."""

    def wrong(self, *lines):
        return wrong_in("\n".join(lines), self.folder)

    def says(self, line, sentence, document):
        wrong = self.wrong(*document)
        self.assertEqual([line], [found[0] for found in wrong], wrong)
        self.assertIn(sentence, wrong[0][1])

    def test_one_changed_figure_in_the_walk_is_found(self):
        text = (ROOT / WALK).read_text()
        number = next(i for i, line in enumerate(text.splitlines(), 1) if "3 started, 3 in_time" in line)
        wrong = wrong_in(text.replace("3 started, 3 in_time", "3 started, 2 in_time"), self.folder)
        self.assertEqual(1, len(wrong), wrong)
        self.assertRegex(wrong[0][1], r"^block \d+, after \"\$ dolen replay ")
        self.assertLessEqual(abs(number - wrong[0][0]), 1, wrong)

    def test_a_changed_file_is_found_by_what_the_commands_answer(self):
        text = (ROOT / WALK).read_text()
        self.assertTrue(wrong_in(text.replace("hours: 48", "hours: 72"), self.folder))

    def test_another_answer_is_said_with_block_and_line(self):
        self.says(8, "block 2, after \"$ echo two\": expected 'three', got 'two'",
                  ["```console", "$ echo one", "one", "```", "", "```console", "$ echo two", "three", "```"])

    def test_too_much_or_too_little_is_said(self):
        self.says(2, "answered too: 'one'", ["```console", "$ echo one", "```"])
        self.says(4, "nothing more is answered", ["```console", "$ echo one", "one", "two", "```"])

    def test_a_command_that_is_not_there_is_said(self):
        self.says(2, "answered too", ["```console", "$ dolen-nonsense", "```"])

    def test_a_shell_that_ends_early_is_said(self):
        self.says(2, "bash came no further", ["```console", "$ exit 3", "$ echo one", "one", "```"])

    def test_dots_stand_for_lines_and_not_for_what_is_missing(self):
        five = "$ printf '%s\\n' 1 2 3 4 5"
        self.assertEqual([], self.wrong("```console", five, "...", "2", "...", "5", "```"))
        self.assertEqual([], self.wrong("```console", five, "1", "...", "```"))
        self.assertEqual([], self.wrong("```console", five, "1", "2", "3", "4", "5", "...", "```"))
        self.says(4, "expected '6'", ["```console", five, "...", "6", "```"])
        self.says(4, "expected '2' and what follows", ["```console", five, "...", "2", "4", "...", "```"])

    def test_commands_of_one_document_share_a_shell(self):
        self.assertEqual([], self.wrong("```console", "$ SAID=here", "$ cd build", "```", "```console", "$ echo $SAID",
                                        "here", "$ ls", "release", "```"))

    def test_an_open_fence_is_refused(self):
        with self.assertRaisesRegex(ValueError, "line 1: this fence"):
            self.wrong("```console", "$ echo one")


if __name__ == "__main__":
    unittest.main()
