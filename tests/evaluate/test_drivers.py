"""The summary of judged drivers: found, falsely called, and those that were not tested."""

from __future__ import annotations

from include.evaluate.drivers import Judged, summary, table


def judged(candidate: str, is_true: bool, is_associated: bool | None) -> Judged:
    return Judged(101, candidate, is_true, 1.5, 1.25, 1.0, 1.75, 0.04, is_associated)


WORLD = [
    judged("linked_school", True, True),
    judged("scanned_receipt", True, False),
    judged("uses_ios", False, True),
    judged("is_verified", False, None),
]


def test_the_summary_counts_true_ones_found_and_null_ones_called():
    assert summary(WORLD) == [
        "- true drivers found: 1 of 2",
        "- null drivers called: 1 of 2",
        "- false among calls of planted drivers: 50.0%",
    ]


def test_without_a_call_there_is_no_false_one():
    assert summary([judged("uses_ios", False, None)])[-1] == "- false among calls of planted drivers: no call"


def test_the_table_puts_true_ones_first_and_says_what_was_not_tested():
    lines = table(WORLD)
    assert lines[2].startswith("| linked_school | true | 101 | 1.50 | 1.25 | 1.00 to 1.75 | 0.0400 | yes |")
    assert lines[-2].endswith("| not tested |")
