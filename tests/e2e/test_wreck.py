"""A machine that goes down in the middle of a build: everything is started again and the run goes on."""

from __future__ import annotations

from contextlib import suppress

import psutil
import pytest

from embedded.processes import left_over
from embedded.running import running_pid
from tests.e2e.conftest import Installation
from tests.support.airflow_api import until
from tests.support.gold import assert_same_gold

pytestmark = [pytest.mark.slow, pytest.mark.extended, pytest.mark.timeout(1800)]

DAILY, BUILD = "carton_caps_daily", "dbt.build"


def test_after_a_power_cut_in_a_build_the_old_snapshot_serves_and_the_run_goes_on(
    installation: Installation,
):
    run_id = installation.finished_run(DAILY, lambda run: run["run_type"] == "scheduled")["dag_run_id"]
    before = installation.places.paths.current.resolve()
    mails = len(installation.failure_mails(run_id))
    installation.clear(DAILY, run_id, BUILD)
    installation.builder(run_id)
    psutil.Process(running_pid(installation.places)).kill()  # first, or it would see to an orderly end
    while everything := left_over(installation.places):
        for process in everything:
            with suppress(psutil.NoSuchProcess):
                process.kill()
    assert installation.places.paths.current.resolve() == before

    started = installation.module("embedded.up", "--detach")
    assert started.returncode == 0, f"{started.stdout}\n{started.stderr}\n{installation.server_log()}"
    ended = installation.finished_run(DAILY, lambda run: run["dag_run_id"] == run_id)
    if ended["state"] == "failed":  # after a quick restart; after a slow one the scheduler repeats the lost task itself
        until(lambda: len(installation.failure_mails(run_id)) > mails, 60, installation.server_log)
        installation.clear(DAILY, run_id, BUILD)
        ended = installation.finished_run(DAILY, lambda run: run["dag_run_id"] == run_id)
    assert ended["state"] == "success", installation.tasks(DAILY, run_id)
    assert_same_gold(installation.places.paths.current.resolve(), before)
