#!/usr/bin/env python3
"""The comparison itself: passes on a right output, and fails on each way in which one may be wrong."""

import copy
import datetime as dt
import os
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import compare

HOUR = dt.timedelta(hours=1)
T0 = dt.datetime(2026, 3, 2, 9, tzinfo=compare.UTC)
END = T0 + 10 * HOUR


def case(name, stop):
    return compare.Case(name, name, T0, stop, T0 + HOUR)


CASES = [case("in time", T0 + HOUR / 4), case("at due", T0 + HOUR), case("late", T0 + 2 * HOUR), case("never", None)]


def line(name, level, state, at):
    return {"rule": "R", "clock": "R", "child": "case:" + name.replace(" ", ""), "matter": "x:" + name, "level": level,
            "state": state, "due": compare.text(T0 + HOUR), "at": compare.text(at)}


TRANSITIONS = [line("at due", "due_soon", "raised", T0 + HOUR / 2), line("late", "due_soon", "raised", T0 + HOUR / 2),
               line("never", "due_soon", "raised", T0 + HOUR / 2), line("late", "overdue", "raised", T0 + HOUR),
               line("never", "overdue", "raised", T0 + HOUR), line("late", "overdue", "cleared", T0 + 2 * HOUR)]
SUMMARY = {"clocks": {"R": {"started": 4, "in_time": 1, "late": 2, "overdue": 1, "running": 0}}}


def differences(transitions, summary):
    check = compare.Check("test")
    compare.compare_rule(check, "R", CASES, END, transitions, summary, HOUR / 2)
    compare.compare_order(check, transitions)
    return check.differences


class CompareTest(unittest.TestCase):
    def test_right_output_agrees(self):
        self.assertEqual([], differences(TRANSITIONS, SUMMARY))

    def test_each_missing_line_is_a_difference(self):
        for i in range(len(TRANSITIONS)):
            self.assertTrue(differences(TRANSITIONS[:i] + TRANSITIONS[i + 1:], SUMMARY), i)

    def test_each_line_said_twice_is_a_difference(self):
        for i in range(len(TRANSITIONS)):
            self.assertTrue(differences(TRANSITIONS[:i] + [TRANSITIONS[i]] + TRANSITIONS[i:], SUMMARY), i)

    def test_each_wrong_time_is_a_difference(self):
        for i in range(len(TRANSITIONS)):
            for field in ("at", "due"):
                wrong = copy.deepcopy(TRANSITIONS)
                wrong[i][field] = compare.text(compare.read_instant(wrong[i][field]) + dt.timedelta(seconds=1))
                self.assertTrue(differences(wrong, SUMMARY), (i, field))

    def test_each_wrong_count_is_a_difference(self):
        for state in SUMMARY["clocks"]["R"]:
            wrong = copy.deepcopy(SUMMARY)
            wrong["clocks"]["R"][state] += 1
            self.assertTrue(differences(TRANSITIONS, wrong), state)

    def test_an_alert_of_a_case_in_time_is_a_difference(self):
        self.assertTrue(differences(TRANSITIONS + [line("in time", "overdue", "raised", T0 + HOUR)], SUMMARY))
        self.assertTrue(differences(TRANSITIONS + [line("unknown", "overdue", "raised", T0 + HOUR)], SUMMARY))
        # A stop at the due instant is late, yet its row is folded before the tick: nobody is told.
        self.assertTrue(differences(TRANSITIONS + [line("at due", "overdue", "raised", T0 + HOUR)], SUMMARY))

    def test_lines_out_of_order_are_a_difference(self):
        self.assertTrue(differences(TRANSITIONS[::-1], SUMMARY))

    def test_first_start_and_first_stop_at_or_after_it(self):
        events = [(T0 + 2 * HOUR, "stop"), (T0, "stop"), (T0 + HOUR, "start"), (T0 + 3 * HOUR, "start")]
        self.assertEqual((T0 + HOUR, T0 + 2 * HOUR), compare.first_to_first(events, {"start"}, {"stop"}))
        self.assertEqual((T0, T0), compare.first_to_first([(T0, "start"), (T0, "stop")], {"start"}, {"stop"}))
        self.assertEqual((None, None), compare.first_to_first([(T0, "stop")], {"start"}, {"stop"}))

    def test_days_are_civil_days_of_the_zone(self):
        friday = dt.datetime(2026, 3, 27, 23, 30, tzinfo=compare.UTC)  # 30 minutes before midnight in London
        self.assertEqual("2026-03-30T23:00:00Z", compare.text(compare.day_due(friday, 1, "Europe/London", compare.weekday)))
        # Already Saturday in Stockholm: day 0 is not counted, Monday is day 1.
        self.assertEqual("2026-03-30T22:00:00Z",
                         compare.text(compare.day_due(friday, 1, "Europe/Stockholm", compare.weekday)))


if __name__ == "__main__":
    unittest.main()
