"""The arithmetic of an evaluation, on a month that can be counted by hand."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from include.evaluate.scoring import Incident, Score, labelled, score, tuned

HALF = Incident("a", "half_volume", date(2026, 3, 10), date(2026, 3, 10))
STOP = Incident("a", "award_stop", date(2026, 3, 20), date(2026, 3, 22))
TWICE = Incident("a", "doubled_file", date(2026, 3, 28), date(2026, 3, 28))
INCIDENTS = [HALF, STOP, TWICE]
MONTHS = 2.0


def scored(*rows: tuple[int, str, float | None], world: str = "a", is_certain: bool = False) -> pd.DataFrame:
    """Rows of March 2026: day, metric, score."""
    frame = pd.DataFrame(
        [(world, date(2026, 3, day), metric, value, is_certain) for day, metric, value in rows],
        columns=["world", "day", "metric", "score", "is_certain"],
    )
    return frame.astype({"score": float})


def judge(scores: pd.DataFrame, threshold: float = 4.0) -> Score:
    return score(labelled(scores, INCIDENTS), threshold, INCIDENTS, MONTHS)


def test_an_incident_is_found_on_its_first_alarm_and_the_days_until_then_are_counted():
    result = judge(scored((10, "events", -9), (21, "rewards_awarded", -5), (22, "rewards_awarded", -6)))
    assert dict(result.days_to_detection) == {HALF: 0, STOP: 1, TWICE: None}
    assert result.found == 2
    assert result.recall == pytest.approx(2 / 3)
    assert result.mean_days == 0.5
    assert result.false_alarms == 0
    assert result.found_of("award_stop") == "1/1"
    assert result.found_of("doubled_file") == "0/1"


def test_the_day_after_still_belongs_to_an_incident_and_the_next_one_does_not():
    assert dict(judge(scored((23, "rewards_awarded", 7))).days_to_detection)[STOP] == 3
    late = judge(scored((24, "rewards_awarded", 7)))
    assert (late.found, late.false_alarms) == (0, 1)


def test_an_alarm_about_something_else_is_false_on_a_labelled_day_too():
    result = judge(scored((10, "signups", 8), (20, "purchases", -8), (28, "events", 9)))
    assert (result.found, result.false_alarms, result.false_alarms_a_month) == (0, 3, 1.5)


def test_one_metric_on_one_day_is_one_false_alarm():
    result = judge(scored((1, "events", 5), (1, "purchases", 5), (2, "events", -5)))
    assert result.false_alarms == 3


def test_the_other_world_has_other_incidents():
    result = judge(scored((10, "events", -9), world="b"))
    assert (result.found, result.false_alarms) == (0, 1)


def test_a_score_on_the_threshold_or_none_at_all_is_no_alarm_and_a_certain_one_always_is():
    assert judge(scored((10, "events", -4.0), (11, "events", None))).found == 0
    certain = judge(scored((28, "file_twice.events", None), is_certain=True))
    assert dict(certain.days_to_detection)[TWICE] == 0


def test_the_lowest_threshold_that_is_quiet_enough_is_chosen():
    scores = labelled(scored((1, "events", 3), (2, "events", 5), (3, "events", 7), (10, "events", -9)), INCIDENTS)
    assert tuned(scores, [6.0, 2.0, 4.0], INCIDENTS, months=2.0) == 4.0  # two false alarms in two months
    assert tuned(scores, [6.0, 2.0, 4.0], INCIDENTS, months=1.0) == 6.0
    assert tuned(scores, [2.0], INCIDENTS, months=1.0) is None
