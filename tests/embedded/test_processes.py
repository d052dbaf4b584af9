from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from embedded.places import Places
from embedded.processes import end, forget_sessions, left_over, remember_sessions
from embedded.running import RunsAlreadyError, held, refuse_if_running, running_pid
from include.settings import PROJECT_ROOT, Paths

HOLD = """
import sys, time
from pathlib import Path
from embedded.places import Places
from embedded.running import held
from include.settings import Paths
with held(Places(Paths(Path(sys.argv[1])))):
    print("held", flush=True)
    time.sleep(60)
"""


@pytest.fixture
def places(tmp_path: Path) -> Places:
    return Places(Paths(tmp_path))


def test_a_process_left_behind_is_found_and_ended_and_a_stranger_is_spared(places: Places):
    home = {**os.environ, "AIRFLOW_HOME": str(places.airflow_home)}
    sleep = [sys.executable, "-c", "import time; time.sleep(60)"]
    stray = subprocess.Popen(sleep, env=home, start_new_session=True)
    stranger = subprocess.Popen(sleep)
    try:
        _until(lambda: [process.pid for process in left_over(places)] == [stray.pid])
        end(left_over(places))
        assert stray.poll() is not None
        assert left_over(places) == []
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_a_second_start_is_refused_with_the_process_that_runs_and_the_way_to_end_it(places: Places):
    assert running_pid(places) is None
    holder = _hold(places)
    try:
        with pytest.raises(RunsAlreadyError, match=f"process {holder.pid}.*make stop"):
            refuse_if_running(places)
        with pytest.raises(RunsAlreadyError), held(places):
            pass
    finally:
        holder.kill()
        holder.wait()


def test_a_killed_start_leaves_no_lock(places: Places):
    holder = _hold(places)
    holder.kill()
    holder.wait()
    assert running_pid(places) is None
    with held(places):
        assert running_pid(places) == os.getpid()
    assert running_pid(places) is None


def _hold(places: Places) -> subprocess.Popen[str]:
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(places.paths.root)], cwd=PROJECT_ROOT, stdout=subprocess.PIPE, text=True
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    return holder


def _until(condition, seconds: float = 10) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.05)


TITLED = "import setproctitle, time; setproctitle.setproctitle('retitled'); time.sleep(60)"


def test_a_server_that_overwrote_its_title_and_environment_is_found_by_its_session(places: Places):
    server = subprocess.Popen(
        [sys.executable, "-c", TITLED],
        env={**os.environ, "AIRFLOW_HOME": str(places.airflow_home)},
        start_new_session=True,
    )
    try:
        _until(lambda: "retitled" in psutil.Process(server.pid).cmdline())
        assert left_over(places) == []
        remember_sessions(places)  # of every descendant of this test run; other tests may have some
        assert server.pid in [process.pid for process in left_over(places)]
        forget_sessions(places)
        assert left_over(places) == []
    finally:
        server.kill()
        server.wait()


def test_a_session_number_that_another_program_has_now_is_not_ours(places: Places):
    stranger = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"], start_new_session=True)
    try:
        places.run.mkdir()
        (places.run / "sessions.json").write_text(f'{{"{stranger.pid}": 1000000.0}}')
        assert left_over(places) == []
    finally:
        stranger.kill()
        stranger.wait()
