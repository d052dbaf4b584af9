"""What the first start decides once and every later start keeps: the simulated world and who owns which day."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import date, timedelta

from embedded.places import Places
from include.errors import CartonCapsError
from include.settings_list import value


@dataclass(frozen=True)
class World:
    """The simulated world of one data root.

    ``epoch`` is the first day of the world and of the bootstrap; the bootstrap ends the day before ``start_date``,
    the first day that the scheduler owns. ``bootstrapped`` says whether that history has been published.
    """

    epoch: date
    start_date: date
    users: int
    bootstrapped: bool = False

    @property
    def bootstrap_end(self) -> date:
        """The last day of the bootstrap."""
        return self.start_date - timedelta(days=1)


def decide_world(today: date) -> World:
    """A new world whose history ends yesterday: CARTON_BOOTSTRAP_DAYS days for CARTON_USERS users.

    Raises CartonCapsError when one of the two is not a positive number.
    """
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


def _positive(variable: str) -> int:
    text = value(variable)
    if not text.isdigit() or int(text) < 1:
        raise CartonCapsError(f"{variable} is {text!r}: give a whole number of at least 1.")
    return int(text)
