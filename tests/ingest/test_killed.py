"""A load killed at any moment and run again gives what an undisturbed load gives."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.ingest.landed import DAY, EVENT, PURCHASE, USER, Landing

LOADER = """
import sys
from datetime import date
from pathlib import Path
from include.ingest.load import load_days
from include.settings import Paths
print("start", flush=True)
load_days(date.fromisoformat(sys.argv[2]), date.fromisoformat(sys.argv[3]), Paths(Path(sys.argv[1])))
"""
DAYS = [DAY + timedelta(days=number) for number in range(4)]
TABLES = ["users", "purchases", "events", "quarantine", "superseded"]


def deliver(landing: Landing, first_version: bool) -> None:
    for ds in DAYS:
        landing.put("users", f"{USER}\n" + "".join(f"{n},u{n}@b.c,2026-01-01,parent\n" for n in range(300)), ds)
        rows = (f"{ds}-{n},{n},install,{ds}\n" for n in range(2000 if first_version else 1500))
        landing.put("events", f"{EVENT}\n{''.join(rows)}bad,x,install,{ds}\n", ds)
        landing.put("purchases", f"{PURCHASE}\n" + "".join(f"{ds}-{n},{n},1,1,1,1,{ds}\n" for n in range(500)), ds)
        landing.complete(ds)


def contents(landing: Landing) -> dict[str, list[tuple[Any, ...]]]:
    found = {
        table: landing.rows(f"select columns(* exclude (_loaded_at)) from raw.{table} order by all")
        for table in TABLES[:4]
    }
    found["superseded"] = landing.rows("from raw.superseded order by all")
    found["files"] = landing.rows(
        "select table_name, ds, file_name, sha256, row_count, rows_loaded, rows_quarantined, load_id, state"
        " from ops.landing_files order by all"
    )
    found["days"] = landing.rows("select ds, load_id from ops.landing_days order by all")
    found["lateness"] = landing.rows("from ops.lateness order by all")
    return found


def load_and_kill(landing: Landing, after_seconds: float) -> bool:
    """Start a load in a process of its own and kill it; False when it had ended before."""
    process = subprocess.Popen(
        [sys.executable, "-c", LOADER, str(landing.paths.root), str(DAYS[0]), str(DAYS[-1])],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "start\n"
    time.sleep(after_seconds)
    was_running = process.poll() is None
    process.kill()
    process.communicate()
    return was_running


@pytest.mark.slow
def test_a_load_killed_at_some_moments_and_run_again_is_as_if_undisturbed(tmp_path: Path):
    assert killed_and_run_again(tmp_path, rounds=2) >= 1


@pytest.mark.extended
def test_a_load_killed_at_any_moment_and_run_again_is_as_if_undisturbed(tmp_path: Path):
    assert killed_and_run_again(tmp_path, rounds=15) >= 8


def killed_and_run_again(tmp_path: Path, rounds: int) -> int:
    """Kill the first load and the load of the changed files in each round; returns how many were still running."""
    undisturbed = Landing(tmp_path / "undisturbed")
    deliver(undisturbed, first_version=True)
    started = time.monotonic()
    undisturbed.load(DAYS[0], DAYS[-1])
    seconds = time.monotonic() - started
    deliver(undisturbed, first_version=False)
    undisturbed.load(DAYS[0], DAYS[-1])

    random_moment = random.Random(7)
    killed = 0
    for number in range(rounds):
        landing = Landing(tmp_path / f"killed-{number}")
        for first_version in (True, False):
            deliver(landing, first_version)
            killed += load_and_kill(landing, random_moment.uniform(0.05, 1.2 * seconds))
            landing.load(DAYS[0], DAYS[-1])
        assert contents(landing) == contents(undisturbed)
    return killed
