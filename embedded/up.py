"""``python -m embedded.up [--detach]``: everything after the environment exists, under one supervisor.

Checks the ports, starts PostgreSQL, prepares Airflow, builds the history at the first start, then runs the Procfile's
servers until Ctrl-C. A later start keeps the data and takes seconds.
"""

from __future__ import annotations

import argparse
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime
from typing import IO, NoReturn

from embedded import postgres, prepare
from embedded.airflow_env import ADMIN, airflow_env, installation_secrets
from embedded.places import HOST, Places, Ports
from embedded.processes import end, forget_sessions, left_over, remember_sessions
from embedded.running import held, live_mark, refuse_if_running
from embedded.servers import supervise, wait_until_live
from embedded.world import decide_world, load_world, refuse_another_source, save_world
from include.errors import CartonCapsError
from include.settings import PROJECT_ROOT, data_dir

LIVE_WITHIN_SECONDS = 180
ENDED_BY_SIGNAL = (0, 130, 143)  # how honcho reports Ctrl-C and SIGTERM


def main(arguments: list[str] | None = None) -> int:
    """The exit code: 0 after an orderly stop (detached: once live), 1 with a message on standard error otherwise."""
    parser = argparse.ArgumentParser(prog="python -m embedded.up", description="Start everything on this machine.")
    parser.add_argument("--detach", action="store_true", help="return once the pages answer; embedded.down ends it")
    options = parser.parse_args(arguments)
    places = Places(data_dir())
    try:
        ports = Ports.from_env()
        refuse_if_running(places)
        ports.check_free()
        if options.detach:
            return detach(places)
        with held(places):
            return run(places, ports)
    except CartonCapsError as error:
        print(f"\n{error}", file=sys.stderr, flush=True)
        return 1
    except KeyboardInterrupt:
        return 0


def run(places: Places, ports: Ports) -> int:
    """Prepare and run the servers until a signal comes; leaves no process behind, however it ends."""
    say = prepare.Progress()
    refuse_left_overs(places)
    signal.signal(signal.SIGTERM, _as_interrupt)  # so that the `finally` below runs for both signals
    say(f"Data are in {places.paths.root}")
    server = postgres.start(places)
    try:
        world = load_world(places) or decide_world(datetime.now(UTC).date(), places.paths.landing)
        refuse_another_source(world)
        save_world(places, world)
        env = airflow_env(places, ports, postgres.database_uri(server), world)
        prepare.prepare(places, world, env, say)
        say("Starting the servers")
        announcement = Announcement(places, ports)
        code = supervise(env, places.logs / "servers.log", when_started=announcement.make)
        if announcement.failed or code not in ENDED_BY_SIGNAL:
            why = announcement.failed or f"a server ended by itself with exit code {code}"
            log = places.logs / "servers.log"
            raise CartonCapsError(f"The servers were stopped: {why}. The end of {log}:\n{prepare.tail(log)}")
        return 0
    finally:
        say("Stopping")
        end([process for process in left_over(places) if process.name() != "postgres"])
        server.stop()
        forget_sessions(places)
        say("Stopped; the data stay")


class Announcement:
    """Says where everything is, once it answers; stops the servers when it does not answer in time."""

    def __init__(self, places: Places, ports: Ports) -> None:
        self.places = places
        self.ports = ports
        self.failed = ""

    def make(self) -> None:
        """Wait, then print addresses and log-in and leave the mark that a detached start waits for."""
        if missing := wait_until_live(self.ports, LIVE_WITHIN_SECONDS, lambda: remember_sessions(self.places)):
            self.failed = f"no answer within {LIVE_WITHIN_SECONDS} s from {'; '.join(missing)}"
            signal.raise_signal(signal.SIGTERM)
            return
        password = installation_secrets(self.places).admin_password
        print(
            f"\n"
            f"  Dashboard   http://{HOST}:{self.ports.dash}\n"
            f"  Airflow     http://{HOST}:{self.ports.airflow}    log in as {ADMIN}, password {password}\n"
            f"  Mails       {self.places.paths.mail}\n"
            f"  Logs        {self.places.logs / 'servers.log'}\n"
            f"\n"
            f"  Ctrl-C or `make stop` stops everything; the data stay.\n",
            flush=True,
        )
        live_mark(self.places).touch()


def detach(places: Places) -> int:
    """Start in the background and show its progress until it is live; 1 when it ends before that."""
    places.logs.mkdir(parents=True, exist_ok=True)
    live_mark(places).unlink(missing_ok=True)  # of a process that was killed
    log = places.logs / "up.log"
    log.touch()
    log.chmod(0o600)  # the log-in is printed into it
    with log.open("w") as output:
        child = subprocess.Popen(
            [sys.executable, "-m", "embedded.up"],
            cwd=PROJECT_ROOT,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    with log.open() as shown:
        while child.poll() is None and not live_mark(places).exists():
            _show_new(shown)
            time.sleep(0.2)
        _show_new(shown)
    if child.poll() is None:
        return 0
    print(f"The start failed with exit code {child.returncode}; all of it is in {log}", file=sys.stderr)
    return 1


def refuse_left_overs(places: Places) -> None:
    """Raise CartonCapsError when servers of an earlier start that was killed still run: they would share the data."""
    if strays := left_over(places):
        numbers = ", ".join(str(process.pid) for process in strays)
        raise CartonCapsError(
            f"Processes of an earlier start still use {places.paths.root}: {numbers}. "
            "End them with `make stop`, then start again."
        )


def _show_new(log: IO[str]) -> None:
    print(log.read(), end="", flush=True)


def _as_interrupt(*_: object) -> NoReturn:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
