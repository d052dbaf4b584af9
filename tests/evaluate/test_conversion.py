"""The comparison of conversion with the truth: pooling, relative errors, and what the report calls a miss."""

from __future__ import annotations

import pytest

from include.evaluate.conversion import Counts, compared, report

TRUE = {
    "seed 1": {"sms": Counts(20, 100), "email": Counts(10, 100)},
    "seed 2": {"sms": Counts(30, 100), "email": Counts(0, 0)},
}
MEASURED = {
    "seed 1": {"sms": Counts(20, 90), "email": Counts(10, 100), "unknown": Counts(1, 10)},
    "seed 2": {"sms": Counts(31, 100)},
}


def test_channels_are_pooled_over_worlds_and_worlds_over_channels():
    by_channel, by_world = compared(MEASURED, TRUE)
    assert [(row.name, row.measured, row.true) for row in by_channel] == [
        ("sms", Counts(51, 190), Counts(50, 200)),
        ("email", Counts(10, 100), Counts(10, 100)),
    ]
    assert [(row.name, row.measured, row.true) for row in by_world] == [
        ("seed 1", Counts(31, 200), Counts(30, 200)),  # an unknown channel is part of the whole
        ("seed 2", Counts(31, 100), Counts(30, 100)),
    ]
    assert by_channel[0].relative_error == pytest.approx((51 / 190) / (50 / 200) - 1)


def test_the_report_says_what_misses_the_bar():
    lines = report(MEASURED, TRUE).splitlines()
    assert "| sms | 26.84% (51/190) | 25.00% (50/200) | +7.4% | NO |" in lines
    assert "| seed 2 | 31.00% (31/100) | 30.00% (30/100) | +3.3% | yes |" in lines
