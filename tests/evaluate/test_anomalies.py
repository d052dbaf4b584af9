"""The whole evaluation on one tiny world: simulated, loaded, judged by the SQL of gold, counted again by hand."""

from __future__ import annotations

import csv
from datetime import date, timedelta
from pathlib import Path

import pytest

from include.evaluate.anomalies import evaluate, months, outcome, report
from include.evaluate.detectors import methods
from include.evaluate.scoring import SEEN_IN, Incident
from include.evaluate.worlds import EPOCHS, SILENT_DAYS, World, make_world
from include.settings import Paths

pytestmark = [pytest.mark.slow, pytest.mark.extended]
DAYS, USERS = 102, 150  # the feed of this world is doubled on the last day but one


def speaks_of(incident: Incident, day: date, metric: str) -> bool:
    """Whether an alarm is a hit, in plain words."""
    is_in_time = incident.first_day <= day <= incident.last_day + timedelta(days=1)
    return is_in_time and any(
        metric.startswith(name) if name.endswith(".") else metric == name for name in SEEN_IN[incident.kind]
    )


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    return make_world(1, DAYS, tmp_path_factory.mktemp("world"), USERS)


def test_a_day_is_seen_as_it_was_that_evening(world: World):
    known = world.known
    assert (known["activity_date"] <= known["day"]).all()
    assert set(known["day"]) == {
        EPOCHS[0] + timedelta(days=number) for number in range(SILENT_DAYS, DAYS)
    }  # no method speaks earlier
    newest = known[(known["metric"] == "events") & (known["day"] == known["activity_date"])].set_index("day")["actual"]
    later = known[(known["metric"] == "events") & (known["day"] == world.last_day)].set_index("activity_date")["actual"]
    both = newest.to_frame("then").join(later.rename("later"), how="inner")
    assert (both["then"] <= both["later"]).all()
    assert (both["then"] < both["later"]).any(), "late rows land later: a world without them would prove nothing"


def test_alarms_are_counted_as_by_hand(world: World, tmp_path: Path):
    ours, counts, *rivals = methods([world], tmp_path)
    assert len(rivals) == 3
    result = outcome(ours, [world], [world])
    assert result.tuned_to is not None
    assert result.on_reported is not None
    threshold = result.tuned_to
    alarms = [(row.day, row.metric) for row in ours.scores.itertuples() if row.is_certain or abs(row.score) > threshold]
    by_hand = {
        incident: [(day - incident.first_day).days for day, metric in alarms if speaks_of(incident, day, metric)]
        for incident in world.incidents
    }
    assert dict(result.on_reported.days_to_detection) == {
        incident: min(days, default=None) for incident, days in by_hand.items()
    }
    assert {incident.kind for incident, days in by_hand.items() if 0 in days} >= {"doubled_feed"}
    false = [alarm for alarm in alarms if not any(speaks_of(incident, *alarm) for incident in world.incidents)]
    assert result.on_reported.false_alarms == len(false)
    assert result.on_reported.false_alarms_a_month <= 1
    assert result.on_reported.false_alarms_a_month == pytest.approx(
        result.on_reported.false_alarms / ((DAYS - SILENT_DAYS) / 365.25 * 12)
    )
    assert months([world]) == pytest.approx((DAYS - SILENT_DAYS) / 365.25 * 12)
    assert f"| {counts.name}" in report([result, outcome(counts, [world], [world])], [world], [world])


def test_the_report_and_the_curve_are_kept(tmp_path: Path):
    text = evaluate(Paths(tmp_path), tuning=[1], reported=[101], days=45, users=60)
    assert (tmp_path / "evaluate" / "anomalies.md").read_text("utf-8") == text + "\n"
    assert "Tuned on seed-1" in text
    assert "reported on seed-101" in text
    with (tmp_path / "evaluate" / "anomalies.csv").open(newline="", encoding="utf-8") as file:
        methods_of_curve = {row["method"] for row in csv.DictReader(file)}
    assert len(methods_of_curve) == 5
    assert not (tmp_path / "evaluate" / "scratch").exists()
