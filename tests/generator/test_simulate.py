"""Landing files of simulated days: what they depend on, and that they keep the landing contract."""

import csv
import hashlib
import json
import os
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from include.contracts import contract
from include.generator import ConfigurationError, SimulationConfig
from include.generator.deliveries import Deliveries
from include.generator.delivery import landing_delays
from include.generator.incidents import plan_incidents
from include.generator.landing import LandingDayTakenError
from include.generator.seasons import to_date
from include.generator.simulate import write_days
from include.generator.world import World
from include.settings import PROJECT_ROOT, Paths

START, END = date(2026, 1, 1), date(2026, 1, 24)  # long enough for rows that land three weeks late
SMALL = SimulationConfig(users=120, seed=7, epoch=START, redelivery_rate=0.05, very_late_rate=0.05)


def fingerprints(root: Path) -> dict[str, str]:
    """Checksum of every landing file by its path below the landing folder."""
    landing = root / "landing"
    return {
        file.relative_to(landing).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in landing.rglob("*")
        if file.is_file()
    }


def advanced(config: SimulationConfig, day: int) -> World:
    world = World(config)
    world.advance(day)
    return world


def days() -> list[date]:
    return [START + timedelta(days=number) for number in range((END - START).days + 1)]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("whole")
    write_days(START, END, SMALL, Paths(root))
    return root


def read(root: Path, table: str, day: date | None = None) -> list[dict[str, str]]:
    rows: list[dict[str, str]] = []
    for file in sorted((root / "landing" / table).glob(f"ds={day or '*'}/*.csv")):
        with file.open(newline="", encoding="utf-8") as handle:
            rows += [{**row, "ds": file.parent.name[3:]} for row in csv.DictReader(handle)]
    return rows


class TestTheSameWorldGivesTheSameBytes:
    def test_days_made_one_by_one_from_last_to_first_equal_the_range(self, whole: Path, tmp_path: Path) -> None:
        for day in reversed(days()):
            write_days(day, day, SMALL, Paths(tmp_path))
        assert len(fingerprints(whole)) > 100
        assert fingerprints(tmp_path) == fingerprints(whole)

    def test_so_do_days_with_incidents_and_the_days_after_them(self) -> None:
        config = SimulationConfig(users=80, seed=7, epoch=START)
        kinds = ("half_volume", "doubled_feed", "missing_day")
        begun = [plan_incidents(config).of(kind)[0].first_day for kind in kinds]
        wanted = sorted({day for first in begun for day in (first, first + 1)})
        in_order = Deliveries(advanced(config, wanted[-1]))
        of_the_range = {day: in_order.day(day) for day in wanted}
        assert len(wanted) == 6
        for day in wanted:
            assert Deliveries(advanced(config, day)).day(day) == of_the_range[day], to_date(day)

    def test_days_in_parquet_made_one_by_one_equal_the_range(self, tmp_path: Path) -> None:
        config = replace(SMALL, users=60, file_format="parquet")
        first = START + timedelta(days=10)
        write_days(START, first + timedelta(days=5), config, Paths(tmp_path / "range"))
        for number in reversed(range(6)):
            write_days(
                first + timedelta(days=number), first + timedelta(days=number), config, Paths(tmp_path / "single")
            )
        made_alone = {
            path: digest for path, digest in fingerprints(tmp_path / "single").items() if "base-0" not in path
        }
        whole = fingerprints(tmp_path / "range")
        parts = [path for path in made_alone if not path.startswith("_SUCCESS")]
        assert len(parts) > 25
        assert {path: made_alone[path] for path in parts} == {path: whole[path] for path in parts}

    def test_a_single_day_in_an_empty_folder_equals_that_day_of_the_range(self, whole: Path, tmp_path: Path) -> None:
        write_days(END, END, SMALL, Paths(tmp_path))
        of_day = {path: digest for path, digest in fingerprints(whole).items() if f"ds={END}" in path}
        assert of_day.items() <= fingerprints(tmp_path).items()

    def test_another_process_with_another_hash_seed_writes_the_same(self, whole: Path, tmp_path: Path) -> None:
        command = [sys.executable, "-m", "include.generator", "--start", str(START), "--end", str(END)]
        options = ["--users", "120", "--seed", "7", "--epoch", str(START)]
        config = SimulationConfig(users=120, seed=7, epoch=START)
        write_days(START, END, config, Paths(tmp_path / "here"))
        environment = {**os.environ, "CARTON_DATA_DIR": str(tmp_path / "there"), "PYTHONHASHSEED": "99"}
        subprocess.run(command + options, cwd=PROJECT_ROOT, env=environment, check=True, capture_output=True)
        assert fingerprints(tmp_path / "there") == fingerprints(tmp_path / "here")
        assert fingerprints(whole) != fingerprints(tmp_path / "here")  # the fault rates differ: bytes can differ

    def test_writing_again_changes_nothing(self, whole: Path) -> None:
        before = fingerprints(whole)
        write_days(START, START, SMALL, Paths(whole))
        assert fingerprints(whole) == before

    def test_another_seed_is_another_world(self, whole: Path, tmp_path: Path) -> None:
        write_days(START, START, SimulationConfig(users=120, seed=8, epoch=START), Paths(tmp_path))
        name = f"users/ds={START}/part-0.csv"
        assert fingerprints(tmp_path)[name] != fingerprints(whole)[name]


class TestALandingDay:
    def test_the_manifest_lists_every_file_with_rows_bytes_and_checksum(self, whole: Path) -> None:
        listed = {}
        for day in days():
            manifest = json.loads((whole / f"landing/_SUCCESS/ds={day}").read_text())
            assert manifest.keys() == {"files"}
            for entry in manifest["files"]:
                file = whole / "landing" / entry["path"]
                assert file.stat().st_size == entry["bytes"]
                assert len(file.read_text().splitlines()) == entry["rows"] + 1
                listed[entry["path"]] = entry["sha256"]
        files = {path: digest for path, digest in fingerprints(whole).items() if not path.startswith("_SUCCESS")}
        assert listed == files

    @pytest.mark.parametrize(
        "table", ["schools", "users", "products", "purchases", "referrals", "events", "acquisition_spend"]
    )
    def test_columns_are_the_contracts(self, whole: Path, table: str) -> None:
        rows = read(whole, table)
        assert [name for name in rows[0] if name != "ds"] == list(contract(table).column_names)

    def test_only_new_or_changed_people_land(self, whole: Path) -> None:
        first = read(whole, "users", START)
        later = [row for row in read(whole, "users") if row["ds"] > str(START)]
        assert len(first) > 40
        assert 0 < len(later) < 2 * len(first)
        assert max(Counter((row["ds"], row["user_id"]) for row in later).values()) == 1

    def test_parquet_holds_the_same_rows_as_csv(self, whole: Path, tmp_path: Path) -> None:
        config = SimulationConfig(**{**SMALL.__dict__, "file_format": "parquet"})
        write_days(END, END, config, Paths(tmp_path))
        events = pq.read_table(tmp_path / f"landing/events/ds={END}/part-0.parquet").to_pylist()
        assert [row["event_id"] for row in events] == [row["event_id"] for row in read(whole, "events", END)]
        assert str(events[0]["event_at"]) == read(whole, "events", END)[0]["event_at"]

    def test_changing_the_format_leaves_no_file_of_the_other_format(self, tmp_path: Path) -> None:
        write_days(START, START, SMALL, Paths(tmp_path))
        write_days(START, START, SimulationConfig(**{**SMALL.__dict__, "file_format": "parquet"}), Paths(tmp_path))
        assert {file.suffix for file in (tmp_path / "landing").glob("*/ds=*/*")} == {".parquet"}


class TestDelivery:
    def test_late_rows_keep_their_id_and_land_once_redelivered_ones_twice(self, whole: Path) -> None:
        delays: dict[str, list[int]] = {}
        for row in read(whole, "events"):
            if not row["event_id"].startswith("bad-"):
                lag = date.fromisoformat(row["ds"]) - date.fromisoformat(row["event_at"][:10])
                delays.setdefault(row["event_id"], []).append(lag.days)
        assert {len(lags) for lags in delays.values()} == {1, 2}
        assert all(lags[0] == 0 and 1 <= lags[1] <= 7 for lags in delays.values() if len(lags) == 2)
        assert max(lags[-1] for lags in delays.values()) > 7
        assert min(lags[0] for lags in delays.values()) == 0
        assert max(lags[0] for event_id, lags in delays.items() if event_id.startswith("life-")) > 0

    def test_19_of_20_rows_are_on_time_and_one_in_200_comes_after_the_window(self) -> None:
        delay, again = landing_delays(np.random.default_rng(1), SimulationConfig(), 200_000)
        assert (delay == 0).mean() == pytest.approx(0.95, abs=0.003)
        assert ((delay >= 1) & (delay <= 7)).mean() == pytest.approx(0.045, abs=0.003)
        assert (delay > 7).mean() == pytest.approx(0.005, abs=0.001)
        assert not ((delay > 0) & (again > 0)).any()

    def test_malformed_rows_are_extra_and_below_the_limit(self, tmp_path: Path) -> None:
        config = SimulationConfig(users=400, seed=7, epoch=START, malformed_rate=0.5)
        write_days(START, START, config, Paths(tmp_path))
        rows = read(tmp_path, "events")
        bad = [row for row in rows if row["event_id"].startswith("bad-")]
        assert 0 < len(bad) <= 0.02 * len(rows)
        ids = {row["event_id"] for row in rows}
        assert all(row["event_id"].removeprefix("bad-") in ids for row in bad)


class TestWhereAWorldBegins:
    def test_a_delivery_from_the_middle_is_preceded_by_the_people_who_were_there(self, tmp_path: Path) -> None:
        day = date(2026, 1, 20)
        write_days(day, day, SMALL, Paths(tmp_path))
        known = {row["user_id"] for row in read(tmp_path, "users")}
        base = json.loads((tmp_path / "landing/_SUCCESS/ds=2026-01-19").read_text())["files"]
        assert [entry["path"].split("/")[0] for entry in base] == ["products", "schools", "users"]
        # Somebody who installs today may sign up tomorrow.
        acting = {row["user_id"] for row in read(tmp_path, "events") if row["event_type"] != "install"}
        assert acting - {""} <= known

    def test_without_an_epoch_the_folder_goes_on_with_the_world_it_holds(self, whole: Path, tmp_path: Path) -> None:
        december = SimulationConfig(users=50, epoch=date(2025, 12, 30))
        write_days(date(2025, 12, 30), date(2025, 12, 31), december, Paths(tmp_path / "a"))
        write_days(date(2026, 1, 1), date(2026, 1, 1), SimulationConfig(users=50), Paths(tmp_path / "a"))
        write_days(date(2025, 12, 30), date(2026, 1, 1), december, Paths(tmp_path / "b"))
        assert fingerprints(tmp_path / "a") == fingerprints(tmp_path / "b")

    def test_a_day_before_the_epoch_is_an_error_that_names_both(self, tmp_path: Path) -> None:
        with pytest.raises(ConfigurationError, match=r"2025-12-31 lies before the epoch 2026-01-01.*--epoch"):
            write_days(date(2025, 12, 31), START, SMALL, Paths(tmp_path))

    def test_a_day_that_another_source_delivered_is_left_alone(self, tmp_path: Path) -> None:
        real = tmp_path / f"landing/events/ds={START}/from-the-app.csv"
        real.parent.mkdir(parents=True)
        real.write_text("event_id,user_id,event_type,event_at\n")
        with pytest.raises(LandingDayTakenError, match="from-the-app"):
            write_days(START, START, SMALL, Paths(tmp_path))
        assert list((tmp_path / "landing").rglob("*.csv")) == [real]


def test_an_error_on_the_command_line_is_one_message_and_exit_code_1(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "include.generator", "--start", "2026-01-02", "--end", "2026-01-01"]
    environment = {**os.environ, "CARTON_DATA_DIR": str(tmp_path)}
    run = subprocess.run(command, cwd=PROJECT_ROOT, env=environment, capture_output=True, text=True)
    assert run.returncode == 1
    assert run.stderr == "error: --end 2026-01-01 lies before --start 2026-01-02: swap them.\n"


class TestTheTruth:
    def test_no_part_of_the_pipeline_or_the_app_knows_its_folder(self) -> None:
        may_know = {PROJECT_ROOT / "include/settings.py", *(PROJECT_ROOT / "include/generator").rglob("*.py")}
        read = [file for room in ("include", "dags", "dash_app") for file in (PROJECT_ROOT / room).rglob("*.py")]
        assert len(read) > 40
        knows = [file for file in read if ".truth" in file.read_text(encoding="utf-8") and file not in may_know]
        # Evaluations compare with the truth; they say so by their name.
        assert [file.name for file in knows if "evaluat" not in file.as_posix()] == []

    def test_an_earlier_day_does_not_shorten_it(self, whole: Path) -> None:
        before = (whole / "truth/world.json").read_text()
        write_days(START, START, SMALL, Paths(whole))
        assert json.loads(before)["through"] == str(END)
        assert (whole / "truth/world.json").read_text() == before


def test_rows_that_are_not_malformed_on_purpose_keep_the_contract(whole: Path) -> None:
    for table in ("schools", "users", "products", "purchases", "referrals", "events", "acquisition_spend"):
        for row in read(whole, table):
            if row.get("event_id", row.get("purchase_id", "")).startswith("bad-"):
                continue
            for column in contract(table).columns:
                value = row[column.name]
                assert value or not column.required, (table, column.name, row)
                assert not value or not column.enum or value in column.enum, (table, column.name, row)
                assert not value or column.minimum is None or float(value) >= column.minimum
                assert not column.is_json_object or isinstance(json.loads(value or "{}"), dict)
