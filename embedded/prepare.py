"""What must be there before the servers start: the dbt manifest, Airflow's database and, the first time, a history."""

from __future__ import annotations

import subprocess
import sys
import time
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import IO

from embedded.manifest import ensure_manifest
from embedded.places import Places
from embedded.world import World, save_world
from include.errors import CartonCapsError
from include.settings import PROJECT_ROOT


class Progress:
    """Prints one line per step with the seconds since the start."""

    def __init__(self) -> None:
        self.begun = time.monotonic()

    def __call__(self, message: str) -> None:
        """Print one step."""
        print(f"[{time.monotonic() - self.begun:4.0f} s] {message}", flush=True)


def prepare(places: Places, world: World, env: dict[str, str], say: Progress) -> None:
    """Make what is missing; nothing when all of it is there.

    Raises CartonCapsError with the last words of the step that failed.
    """
    ensure_manifest(env)
    # Airflow's database takes one core for ten seconds and the history mostly the other: side by side.
    with metadata_setup(places, env, say):
        if not world.bootstrapped:
            bootstrap(places, world, env, say)


class metadata_setup:  # noqa: N801 - reads as a clause of a with statement
    """Prepares Airflow's database beside the block, and waits for it at the block's end."""

    def __init__(self, places: Places, env: dict[str, str], say: Progress) -> None:
        self.log = places.logs / "metadata.log"
        self.mark = places.airflow_home / "prepared"
        # A new Airflow brings new migrations, another port moves the mail connection.
        self.wanted = f"airflow {version('apache-airflow-core')}, mail port {env['CARTON_SMTP_PORT']}\n"
        self.env = env
        self.say = say
        self.process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> None:
        if self.mark.exists() and self.mark.read_text() == self.wanted:
            return
        self.say("Preparing Airflow's database")
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("w") as output:
            self.process = _module("embedded.metadata", env=self.env, output=output)

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if self.process is None or kind:
            return
        if self.process.wait():
            raise CartonCapsError(f"Airflow's database could not be prepared. The end of {self.log}:\n{tail(self.log)}")
        self.mark.write_text(self.wanted)
        self.say("Airflow's database is ready")


def bootstrap(places: Places, world: World, env: dict[str, str], say: Progress) -> None:
    """Simulate, or take what has landed; load, build and publish it, up to the day before the scheduler's first.

    Raises CartonCapsError when the pipeline fails; the next start repeats the same days.
    """
    if world.epoch > world.bootstrap_end:
        say(f"First start: nothing has landed before {world.start_date}, so there is no history to build")
        save_world(places, replace(world, bootstrapped=True))
        return
    whose = "what has landed" if world.source == "landing" else f"the history of {world.users} users"
    say(f"First start: {whose} from {world.epoch} to {world.bootstrap_end}")
    period = ["--start", world.epoch.isoformat(), "--end", world.bootstrap_end.isoformat()]
    if _module("include.pipeline", "run", *period, env=env).wait():
        raise CartonCapsError(
            "The history could not be built; the reason is above. Start again to repeat it: what landed is kept. "
            f"To begin anew, move {places.paths.root} away."
        )
    save_world(places, replace(world, bootstrapped=True))
    say("The history is published")


def tail(log: Path, lines: int = 40) -> str:
    """The last lines of a log."""
    return "\n".join(log.read_text(errors="replace").splitlines()[-lines:])


def _module(name: str, *arguments: str, env: dict[str, str], output: IO[str] | None = None) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", name, *arguments]
    errors = subprocess.STDOUT if output else None
    return subprocess.Popen(command, cwd=PROJECT_ROOT, env=env, stdout=output, stderr=errors)
