"""Incidents: where they are placed, and what each does to what lands, compared with the same world without them."""

import json
from datetime import date
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from include.generator import SimulationConfig
from include.generator import happenings as ev
from include.generator.channels import CHANNEL_NAMES
from include.generator.config import INCIDENT_KINDS
from include.generator.deliveries import Deliveries
from include.generator.incidents import Incident, plan_incidents
from include.generator.records import user_rows
from include.generator.seasons import DAY_SECONDS, to_date
from include.generator.simulate import write_days
from include.generator.world import World
from include.settings import Paths

EPOCH = date(2026, 1, 1)
DISTURBED = SimulationConfig(users=600, seed=7, epoch=EPOCH, malformed_rate=0.0)
CALM = SimulationConfig(users=600, seed=7, epoch=EPOCH, malformed_rate=0.0, incidents=())
LAST_DAY = 185  # days after the epoch: every kind has happened


def of_kind(kind: str) -> Incident:
    return plan_incidents(DISTURBED).of(kind)[0]


def advanced(config: SimulationConfig) -> Deliveries:
    world = World(config)
    world.advance(world.epoch_day + LAST_DAY)
    return Deliveries(world)


@pytest.fixture(scope="module")
def disturbed() -> Deliveries:
    return advanced(DISTURBED)


@pytest.fixture(scope="module")
def calm() -> Deliveries:
    return advanced(CALM)


def events_on(deliveries: Deliveries, day: int) -> pd.DataFrame:
    return deliveries.day(day)["events"].to_pandas()


def ids(rows: pd.DataFrame) -> set[str]:
    return set(rows.event_id)


class TestPlacement:
    @pytest.mark.parametrize("seed", range(40))
    def test_each_kind_comes_once_in_180_days_after_35_quiet_ones_and_never_beside_another(self, seed: int) -> None:
        config = SimulationConfig(seed=seed, epoch=EPOCH)
        begin = World(SimulationConfig(users=1, epoch=EPOCH)).epoch_day
        first = [incident for incident in plan_incidents(config) if incident.first_day < begin + 180]
        assert sorted(incident.kind for incident in first) == sorted(INCIDENT_KINDS)
        assert all(begin + 35 <= incident.first_day <= incident.last_day < begin + 180 for incident in first)
        assert all(one.last_day + 1 < other.first_day for one, other in pairwise(first))

    def test_switching_a_kind_off_leaves_the_others_where_they_are(self) -> None:
        everything = plan_incidents(DISTURBED)
        some = plan_incidents(SimulationConfig(users=600, seed=7, epoch=EPOCH, incidents=("award_stop",)))
        assert list(some) == everything.of("award_stop")

    def test_another_seed_moves_them(self) -> None:
        assert list(plan_incidents(SimulationConfig(seed=1, epoch=EPOCH))) != list(plan_incidents(DISTURBED))


class TestVolume:
    def test_on_an_ordinary_day_both_worlds_deliver_the_same(self, disturbed: Deliveries, calm: Deliveries) -> None:
        day = disturbed.world.epoch_day + 20
        assert disturbed.day(day)["events"] == calm.day(day)["events"]

    def test_on_a_day_of_half_volume_half_of_the_phones_are_silent(
        self, disturbed: Deliveries, calm: Deliveries
    ) -> None:
        day = of_kind("half_volume").first_day
        here, there = events_on(disturbed, day), events_on(calm, day)
        assert ids(here) < ids(there)
        of_the_day = f"e{to_date(day):%Y%m%d}0-"
        told = [rows.event_id.str.startswith(of_the_day).sum() for rows in (here, there)]
        assert told[0] / told[1] == pytest.approx(0.5, abs=0.12)
        purchases = [len(deliveries.day(day)["purchases"]) for deliveries in (disturbed, calm)]
        assert purchases[0] / purchases[1] == pytest.approx(0.5, abs=0.2)

    def test_a_doubled_feed_repeats_daily_use_under_new_ids(self, disturbed: Deliveries, calm: Deliveries) -> None:
        day = of_kind("doubled_feed").first_day
        here, there = events_on(disturbed, day), events_on(calm, day)
        twins = here[here.event_id.str.startswith("twin-")]
        assert len(here) == len(there) + len(twins)
        assert len(twins) > 0.8 * len(there)
        assert here.event_id.is_unique
        originals = (
            here.set_index("event_id").loc[list(twins.event_id.str.removeprefix("twin-"))].reset_index(drop=True)
        )
        pd.testing.assert_frame_equal(originals, twins.drop(columns="event_id").reset_index(drop=True))
        assert not twins.event_type.str.startswith("reward_").any()

    def test_a_doubled_file_is_the_same_content_under_another_name(self, tmp_path: Path) -> None:
        day = to_date(of_kind("doubled_file").first_day)
        write_days(day, day, DISTURBED, Paths(tmp_path))
        files = json.loads((tmp_path / f"landing/_SUCCESS/ds={day}").read_text())["files"]
        for table in ("events", "purchases"):
            entries = {entry["path"].rsplit("/")[-1]: entry for entry in files if entry["path"].startswith(table)}
            assert sorted(entries) == ["part-0-again.csv", "part-0.csv"]
            assert entries["part-0.csv"]["sha256"] == entries["part-0-again.csv"]["sha256"]
        assert len([entry for entry in files if entry["path"].startswith("users")]) == 1
        write_days(day, day, CALM, Paths(tmp_path))
        assert not list((tmp_path / "landing").rglob("part-0-again*"))

    def test_on_a_missing_day_no_file_comes_and_only_the_servers_rows_follow(
        self, disturbed: Deliveries, calm: Deliveries
    ) -> None:
        day = of_kind("missing_day").first_day
        assert {"events", "purchases"}.isdisjoint(disturbed.day(day))
        assert "acquisition_spend" in disturbed.day(day)
        lost, next_day, ordinary = events_on(calm, day), events_on(disturbed, day + 1), events_on(calm, day + 1)
        came = ids(next_day) - ids(ordinary)
        one_time = {event_id for event_id in ids(lost) if event_id.startswith("life-")}
        assert one_time
        assert one_time <= came | ids(ordinary)
        of_the_day = lost[(lost.event_at.dt.date == to_date(day)) & ~lost.event_id.isin(one_time)]
        assert len(of_the_day) > 100
        assert ids(of_the_day).isdisjoint(came)


class TestTheWorld:
    def test_a_broken_release_fails_most_scans_on_one_platform_until_it_is_repaired(
        self, disturbed: Deliveries
    ) -> None:
        incident = of_kind("broken_release")
        days = range(incident.first_day - 6, incident.last_day + 7)
        rows = pd.concat([events_on(disturbed, day) for day in days], ignore_index=True)
        rows["day"] = rows.event_at.dt.as_unit("s").astype("int64") // DAY_SECONDS
        rows["platform"] = rows.metadata_json.str.extract(r'"platform":"(\w+)"')
        rows["version"] = rows.metadata_json.str.extract(r'"app_version":"[\d.]+\.(\d)"')
        rows = rows[rows.day.between(incident.first_day - 6, incident.last_day + 6)]
        rows["phase"] = np.select(
            [rows.day < incident.first_day, rows.day <= incident.last_day], ["before", "broken"], "after"
        )
        ended = rows[rows.event_type.isin(["receipt_scan_completed", "receipt_scan_failed"])]
        is_completed = ended.event_type == "receipt_scan_completed"
        in_trouble = (ended.platform == "android") & (ended.phase == "broken")
        assert is_completed[in_trouble].mean() == pytest.approx(0.35, abs=0.12)
        assert is_completed[~in_trouble].groupby([ended.platform, ended.phase]).mean().min() > 0.75
        android = rows[rows.platform == "android"]
        assert set(android[android.phase == "broken"].version) == {"1"}
        assert "1" not in set(android[android.phase != "broken"].version)
        assert set(rows[rows.platform == "ios"].version) == {"0"}

    def test_while_attribution_is_lost_one_channel_is_empty_in_the_records(self, disturbed: Deliveries) -> None:
        incident, world = of_kind("lost_attribution"), disturbed.world
        day = world.people["created_at"] // DAY_SECONDS
        during = np.flatnonzero((day >= incident.first_day) & (day <= incident.last_day))
        said = user_rows(world, during, incident.last_day + 10)["marketing_channel"].to_pylist()
        really = [CHANNEL_NAMES[code] for code in world.people["channel"][during]]
        lost = CHANNEL_NAMES[incident.channel]
        assert lost in really
        assert said == [None if channel == lost else channel for channel in really]
        before = np.flatnonzero(day < incident.first_day)
        assert None not in user_rows(world, before, incident.last_day + 10)["marketing_channel"].to_pylist()

    def test_a_stopped_award_job_pays_nothing_and_catches_up_within_six_hours(
        self, disturbed: Deliveries, calm: Deliveries
    ) -> None:
        stop = of_kind("award_stop")
        begin, end = stop.first_day * DAY_SECONDS, (stop.last_day + 1) * DAY_SECONDS

        def awards(deliveries: Deliveries, first: int, last: int) -> int:
            events = deliveries.world.events
            return int(((events["type"] == ev.REWARD_AWARDED) & (events["at"] >= first) & (events["at"] < last)).sum())

        assert awards(disturbed, begin, end) == 0
        held_up = awards(calm, begin, end)
        assert held_up > 0
        backlog = end + 6 * 3600
        assert awards(disturbed, end, backlog) == awards(calm, end, backlog) + held_up
