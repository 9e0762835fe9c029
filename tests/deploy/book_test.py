#!/usr/bin/env python3
"""`dolen book explain | diff | test | check` as a board meets them."""
import json
import pathlib
import re
import unittest

from program import BOOKS, ROOT, ProgramTest

CALENDARS, DEMO = BOOKS


class Reading(ProgramTest):
    def book(self, *replaced, name="draft.textproto", add=""):
        """The demo book with texts replaced, in this test's folder."""
        text = pathlib.Path(DEMO).read_text()
        for old, new in replaced:
            self.assertIn(old, text)
            text = text.replace(old, new, 1)
        (self.folder / name).write_text(text + add)
        return name


class Explain(Reading):
    def test_a_rule_without_one_of_its_languages_fails_the_check_but_not_outside_wales(self):
        text = pathlib.Path(BOOKS[1]).read_text()
        no_welsh = re.sub(r'    cy: "Hysbysiad ysgrifenedig[^\n]*\n', "", text)
        self.assertNotEqual(text, no_welsh)
        (self.folder / "b.textproto").write_text(no_welsh)
        self.assertIn("error: rule[0].title: the rule has no Welsh title", self.dolen("book", "check", "b.textproto",
                                                                                      expect=1).stdout)
        (self.folder / "b.textproto").write_text(no_welsh.replace('id: "W-RPT-CONFIRM"',
                                                                  'id: "W-RPT-CONFIRM" scope: "nation:england"'))
        self.assertIn("warning: rule[0].title: the rule has no Welsh title", self.dolen("book", "check", "b.textproto").stdout)

    def test_a_rule_is_a_page_in_both_languages_with_worked_dates(self):
        out = self.dolen("book", "explain", DEMO, f"--with={CALENDARS}", "--rule=W-RPT-DECIDE",
                         "--from=2026-04-02 16:30").stdout
        welsh, english = out.split("\n\n")[:2]
        self.assertIn("to be reviewed", welsh)
        self.assertIn("1 diwrnod gwaith", welsh)
        self.assertIn("dydd olaf mewn pryd: Mawrth 2026-04-07", welsh)
        self.assertNotIn("to be reviewed", english)
        self.assertIn("closed in calendar wales", english)
        self.assertIn("last day in time: Tuesday 2026-04-07", english)

    def test_every_rule_of_a_book_has_a_page(self):
        pages = self.lines("book", "explain", DEMO, "--lang=en", "--format=json")
        self.assertEqual(10, len(pages))  # the book's own and nine
        self.assertTrue(all(not page["draft"] and page["items"] for page in pages))

    def test_without_a_start_the_example_is_of_today(self):
        out = self.dolen("book", "explain", DEMO, "--rule=W-RPT-CONFIRM", "--lang=en").stdout
        self.assertRegex(out, r"start: [A-Z][a-z]+day \d{4}-\d\d-\d\d 09:00")

    def test_another_agency_keeps_another_calendar(self):
        draft = self.book(('accountable: "asked"', 'accountable: "asked" scope: "nation:wales" scope: "nation:scotland"'),
                          add='agency { id: "alba" kind: "council" nation: "scotland" }')
        last = lambda *more: [line for line in self.dolen(
            "book", "explain", draft, f"--with={CALENDARS}", "--rule=DEMO-ANSWER", "--lang=en", "--from=2026-04-02",
            *more).stdout.splitlines() if "last day" in line and ":" in line][-1]
        self.assertIn("Monday 2026-04-13", last())
        self.assertIn("Friday 2026-04-10", last("--agency=alba"))

    def example(self, *arguments):
        out = self.dolen("book", "explain", *arguments, "--lang=en", "--from=2026-04-02").stdout
        return [line.strip() for line in out.split("Worked example:", 1)[1].splitlines() if line.strip()]

    def test_a_national_book_names_no_agency_and_is_worked_out_for_a_nation(self):
        wales = f"{ROOT}/deploy/books/wales/reports-and-first-decisions.textproto"
        decide = [wales, "--rule=W-RPT-DECIDE", f"--with={CALENDARS}"]
        lines = self.example(*decide, "--nation=wales")
        self.assertEqual("nation: wales", lines[0])
        self.assertIn("last day in time: Tuesday 2026-04-07", lines)
        self.assertIn("last day in time: Monday 2026-04-06", self.example(*decide, "--nation=scotland"))
        run = self.dolen("book", "explain", *decide, "--nation=mars", expect=2)
        self.assertIn("northern_ireland", run.stderr)
        self.dolen("book", "explain", *decide, "--nation=wales", "--agency=a", expect=2)

    def test_without_a_calendar_the_example_says_what_would_give_it_one(self):
        wales = f"{ROOT}/deploy/books/wales/reports-and-first-decisions.textproto"
        decide = [wales, "--rule=W-RPT-DECIDE"]
        self.assertIn("--with=FILE", self.example(*decide)[-1])
        hint = "--nation, one of: england, northern_ireland, scotland, wales"
        self.assertIn(hint, self.example(*decide, f"--with={CALENDARS}")[-1])
        self.assertIn(hint, self.example(*decide, f"--with={CALENDARS}", "--agency=nobody")[-1])
        # It is there, and does not reach so far.
        far = self.dolen("book", "explain", *decide, f"--with={CALENDARS}", "--nation=wales", "--from=2040-01-02").stdout
        self.assertIn("no guess", far.strip().splitlines()[-1])
        # No nation has school days.
        schools = f"{ROOT}/deploy/books/wales/police-and-schools.textproto"
        self.assertIn("--with=FILE", self.example(schools, "--rule=W-ALN-SCH", f"--with={CALENDARS}", "--nation=wales")[-1])

    def test_the_only_nation_there_is_needs_no_flag(self):
        (self.folder / "wales.textproto").write_text(
            'id: "c" version: "1" zone: "Europe/London" '
            'calendar { id: "c" nation: "wales" from: "2026-01-01" to: "2027-01-01" closed { from: "2026-04-03" } }')
        wales = f"{ROOT}/deploy/books/wales/reports-and-first-decisions.textproto"
        lines = self.example(wales, "--rule=W-RPT-DECIDE", "--with=wales.textproto")
        self.assertEqual("nation: wales", lines[0])
        self.assertIn("last day in time: Monday 2026-04-06", lines)
        draft = self.book(('accountable: "asked"', 'accountable: "asked" scope: "nation:scotland"'))
        lines = self.example(draft, "--rule=DEMO-ANSWER", f"--with={CALENDARS}")
        self.assertEqual("nation: scotland", lines[0])

    def test_a_book_with_errors_is_explained_without_examples(self):
        run = self.dolen("book", "explain", f"{ROOT}/tests/engine/pathway/explain_book.textproto", expect=1)
        self.assertIn("75 years", run.stdout)
        self.assertIn("none while the book has errors", run.stdout)
        self.assertIn(": error: ", run.stderr)

    def test_wrong_usage_says_what_to_write(self):
        self.assertIn("W-CORE-1", self.dolen("book", "explain", DEMO, "--rule=W-CORE", expect=1).stderr)
        self.assertIn("2026-04-02", self.dolen("book", "explain", DEMO, "--from=Easter", expect=2).stderr)
        self.assertIn("cannot be read", self.dolen("book", "explain", "none.textproto", expect=2).stderr)
        self.dolen("book", "explain", DEMO, "--lang=fr", expect=2)
        (self.folder / "odd.textproto").write_text("rulez {}")
        self.assertIn("odd.textproto:1:1: error", self.dolen("book", "explain", "odd.textproto", expect=2).stderr)


class Diff(Reading):
    def test_no_change_exits_0_and_changes_exit_1_in_words(self):
        self.assertEqual("", self.dolen("book", "diff", DEMO, DEMO).stdout)
        draft = self.book(("limit { allow { working_days: 7 } }", "limit { allow { working_days: 5 } }"),
                          ('version: "2026-01"', 'version: "2026-04"'))
        run = self.dolen("book", "diff", DEMO, draft, expect=1)
        self.assertEqual(["book: version: 2026-01 -> 2026-04",
                          "rule W-RPT-ACK: limit 1, allow: 7 working days -> 5 working days"], run.stdout.splitlines())
        last = self.lines("book", "diff", DEMO, draft, "--format=json", expect=1)[-1]
        self.assertEqual({"what": "changed", "subject": "rule W-RPT-ACK", "field": "limit 1, allow",
                          "before": "7 working days", "after": "5 working days"}, last)

    def test_calendars_differ_by_days(self):
        text = pathlib.Path(CALENDARS).read_text()
        (self.folder / "c.textproto").write_text(text.replace('closed { from: "2026-05-25" }', "", 1))
        run = self.dolen("book", "diff", CALENDARS, "c.textproto", expect=1)
        self.assertEqual("calendar england: closed: removed: 2026-05-25\n", run.stdout)

    def test_trouble_exits_2(self):
        self.dolen("book", "diff", DEMO, "none.textproto", expect=2)
        self.dolen("book", "diff", DEMO, expect=2)


class Test(Reading):
    def test_the_cases_of_the_demo_book_hold(self):
        run = self.dolen("book", "test", DEMO, f"--with={CALENDARS}")
        self.assertGreater(len(run.stdout.splitlines()), 15)
        self.assertTrue(all(": ok: " in line for line in run.stdout.splitlines()), run.stdout)

    def test_the_book_beside_it_is_one_file_and_not_those_that_follow(self):
        alone, twice = [self.dolen("book", "test", "--with", CALENDARS, *[DEMO] * n).stdout for n in (1, 2)]
        self.assertEqual(2 * alone, twice)

    def test_a_case_that_fails_says_what_came_and_exits_1(self):
        draft = self.book(("W-RPT-DECIDE last 2026-04-07", "W-RPT-DECIDE last 2026-04-06"))
        run = self.dolen("book", "test", draft, f"--with={CALENDARS}", expect=1)
        failed = [line for line in run.stdout.splitlines() if ": ok: " not in line]
        self.assertEqual(1, len(failed))
        self.assertRegex(failed[0], r"^draft\.textproto:\d+: FAILED: W-RPT-DECIDE: expected last 2026-04-06, got last "
                                    r"2026-04-07 \(2026-04-02 16:30 report_received -> ")
        number = int(failed[0].split(":")[1])
        self.assertIn("last 2026-04-06", (self.folder / draft).read_text().splitlines()[number - 1])
        results = self.lines("book", "test", draft, f"--with={CALENDARS}", "--format=json", expect=1)
        self.assertEqual([number], [case["line"] for case in results if not case["ok"]])

    def test_a_changed_rule_makes_its_cases_fail(self):
        draft = self.book(("limit { allow { calendar_days: 28 } }", "limit { allow { calendar_days: 27 } }"))
        run = self.dolen("book", "test", draft, f"--with={CALENDARS}", expect=1)
        self.assertIn("expected last 2026-03-02, got last 2026-03-01; W-LPMHSS-A: expected state in_time, got late",
                      run.stdout)

    def test_without_its_calendar_a_case_says_how_to_give_one(self):
        self.assertIn("--with=FILE", self.dolen("book", "test", DEMO, expect=1).stdout)

    def test_a_book_without_cases_says_so(self):
        self.assertIn("no cases", self.dolen("book", "test", CALENDARS).stdout)

    def test_a_book_with_errors_is_not_run(self):
        draft = self.book(('accountable: "starter"', 'accountable: "someone"'))
        self.assertIn("accountable", self.dolen("book", "test", draft, expect=2).stderr)


class Check(Reading):
    def test_warnings_name_the_place_and_exit_0(self):
        draft = self.book(add='agency { id: "x" }\nexample: "2026-03-02 report_recieved -> W-RPT-DECIDE none"\n')
        lines = len((self.folder / draft).read_text().splitlines())
        run = self.dolen("book", "check", draft)
        self.assertIn(f"draft.textproto:{lines}:1: warning: example[", run.stdout)
        self.assertIn("perhaps report_received is meant", run.stdout)

    def test_calendars_of_a_book_beside_count_as_known(self):
        self.assertRegex(self.dolen("book", "check", DEMO).stdout, "working days need a calendar.*--with=FILE")
        for finding in self.lines("book", "check", DEMO, "--format=json"):
            self.assertIn("--with=FILE", finding["sentence"])
        self.assertNotIn("warning", self.dolen("book", "check", DEMO, f"--with={CALENDARS}").stdout)
        self.assertIn("cannot be read", self.dolen("book", "check", DEMO, "--with=none.textproto", expect=2).stderr)

    def test_json_findings_are_one_to_a_line(self):
        for line in self.dolen("book", "check", "--format=json", DEMO).stdout.splitlines():
            self.assertIn("sentence", json.loads(line))


if __name__ == "__main__":
    unittest.main()
