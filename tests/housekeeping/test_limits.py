from __future__ import annotations

from pathlib import Path

import pytest

from include.housekeeping.errors import HousekeepingError
from include.housekeeping.limits import LIMITS_FILE, load_limits


def changed(tmp_path: Path, old: str, new: str) -> Path:
    text = LIMITS_FILE.read_text()
    assert old in text
    file = tmp_path / "limits.yaml"
    file.write_text(text.replace(old, new, 1))
    return file


def test_the_limits_in_force_keep_what_the_daily_run_reads():
    limits = load_limits()
    assert limits.landing_days > 30
    assert limits.backups_kept >= 2
    assert {kind.below for kind in limits.old_files} >= {"airflow/logs", "dbt/logs", "mail"}


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("value: 180", "value: 7", "the daily run reads the last 7 landing days again"),
        ("value: 5", "value: 0", "value of backups_kept in limits.yaml is 0: give a whole number above 0"),
        ("days: 30", "days: many", "days of airflow/logs in limits.yaml is 'many'"),
        ("  reason: Backups are made", "  why: Backups are made", "backup_age_hours in limits.yaml has no reason"),
        ("airflow_history_days:", "something_else:", "lacks 'airflow_history_days'"),
    ],
)
def test_a_limit_that_makes_no_sense_is_refused_with_its_name(tmp_path: Path, old: str, new: str, message: str):
    with pytest.raises(HousekeepingError, match=message):
        load_limits(changed(tmp_path, old, new))
