"""What the first start decides once and every later start keeps: who delivers days, and who owns which day."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from pathlib import Path

from embedded.places import Places
from include.errors import CartonCapsError
from include.settings_list import default, given, value


@dataclass(frozen=True)
class World:
    """What one data root is about.

    ``epoch`` is the first day of the world and of the bootstrap; the bootstrap ends the day before ``start_date``,
    the first day that the scheduler owns. ``bootstrapped`` says whether that history has been published. ``source`` is
    ``landing`` where real files land and nothing may be simulated.
    """

    epoch: date
    start_date: date
    users: int
    bootstrapped: bool = False
    source: str = default("CARTON_SOURCE")

    @property
    def bootstrap_end(self) -> date:
        """The last day of the bootstrap."""
        return self.start_date - timedelta(days=1)


def decide_world(today: date, landing: Path) -> World:
    """A new world whose history ends yesterday: CARTON_BOOTSTRAP_DAYS days for CARTON_USERS users.

    Where CARTON_SOURCE is ``landing``, the history is what has landed in ``landing``, and the scheduler owns the days
    after it, or from CARTON_START_DATE on.

    Raises CartonCapsError when a variable has no value that it can have.
    """
    source = value("CARTON_SOURCE")
    if source == "landing":
        return _landed_world(today, landing)
    if source != "simulator":
        raise CartonCapsError(f"CARTON_SOURCE is {source!r}: give simulator, or landing where real files land.")
    days = _positive("CARTON_BOOTSTRAP_DAYS")
    return World(epoch=today - timedelta(days=days), start_date=today, users=_positive("CARTON_USERS"))


def load_world(places: Places) -> World | None:
    """The world of this data root, or None before its first start.

    Raises CartonCapsError when the file is not readable as what ``save_world`` writes.
    """
    if not places.world.exists():
        return None
    try:
        known = json.loads(places.world.read_text())
        return World(
            epoch=date.fromisoformat(known["epoch"]),
            start_date=date.fromisoformat(known["start_date"]),
            users=int(known["users"]),
            bootstrapped=bool(known["bootstrapped"]),
            source=str(known.get("source", default("CARTON_SOURCE"))),
        )
    except (ValueError, KeyError, TypeError) as error:
        raise CartonCapsError(
            f"{places.world} is damaged ({error}). It should hold epoch, start_date, users and bootstrapped. "
            "Mend it by hand, or move the whole data folder away to begin with a new world."
        ) from error


def save_world(places: Places, world: World) -> None:
    """Keep the world; a start that is interrupted leaves the old file or the new one."""
    places.paths.root.mkdir(parents=True, exist_ok=True)
    unfinished = places.world.with_suffix(".part")
    unfinished.write_text(json.dumps(asdict(world), default=date.isoformat, indent=2) + "\n")
    unfinished.replace(places.world)


def refuse_another_source(world: World) -> None:
    """Raise CartonCapsError when CARTON_SOURCE asks for another source than the one that the root began with."""
    asked = given("CARTON_SOURCE")
    if asked and asked != world.source:
        raise CartonCapsError(
            f"CARTON_SOURCE is {asked}, and this data root began with {world.source}: simulated and real people share "
            f"ids. Name another folder in CARTON_DATA_DIR for {asked}, or unset CARTON_SOURCE to go on with this one."
        )


def _landed_world(today: date, landing: Path) -> World:
    landed = sorted(date.fromisoformat(mark.name.removeprefix("ds=")) for mark in (landing / "_SUCCESS").glob("ds=*"))
    after = landed[-1] + timedelta(days=1) if landed else today
    asked = given("CARTON_START_DATE")
    try:
        start = date.fromisoformat(asked) if asked else after
    except ValueError as error:
        raise CartonCapsError(f"CARTON_START_DATE is {asked!r}: give a day, such as {after}.") from error
    return World(landed[0] if landed else start, start, _positive("CARTON_USERS"), source="landing")


def _positive(variable: str) -> int:
    text = value(variable)
    if not text.isdigit() or int(text) < 1:
        raise CartonCapsError(f"{variable} is {text!r}: give a whole number of at least 1.")
    return int(text)
