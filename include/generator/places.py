"""Schools: where the money goes. Made once from the seed; real state and zip ranges, invented towns."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from faker import Faker

from include.generator.config import SimulationConfig
from include.generator.seasons import DAY_SECONDS
from include.generator.streams import stream

USERS_PER_SCHOOL = 60
MILITARY_SHARE = 0.02
COMPOUNDING_ROOM = 3.0  # times the members of an average school: no town has more families than that
COMPOUNDING_ROOM_SHARE = 0.08  # and never more than this share of a small world
NO_SCHOOL = -1
SIZE_SPREAD = 0.9  # sigma of the lognormal pull of a school
# Residents in hundred thousands (census of 2020), the weight with which a school lies in a state.
RESIDENTS = {
    "AL": 50, "AK": 7, "AZ": 72, "AR": 30, "CA": 395, "CO": 58, "CT": 36, "DE": 10, "DC": 7, "FL": 215, "GA": 107,
    "HI": 15, "ID": 18, "IL": 128, "IN": 68, "IA": 32, "KS": 29, "KY": 45, "LA": 47, "ME": 14, "MD": 62, "MA": 70,
    "MI": 101, "MN": 57, "MS": 30, "MO": 62, "MT": 11, "NE": 20, "NV": 31, "NH": 14, "NJ": 93, "NM": 21, "NY": 202,
    "NC": 104, "ND": 8, "OH": 118, "OK": 40, "OR": 42, "PA": 130, "RI": 11, "SC": 51, "SD": 9, "TN": 69, "TX": 291,
    "UT": 33, "VT": 6, "VA": 86, "WA": 77, "WV": 18, "WI": 59, "WY": 6,
}  # fmt: skip
MILITARY_ZIP = {"AA": (34000, 34099), "AE": (9000, 9899), "AP": (96200, 96699)}
LEVELS = ("Elementary School", "Primary School", "Middle School", "Academy", "High School", "Charter School")
LEVEL_SHARES = (0.48, 0.12, 0.18, 0.08, 0.10, 0.04)


@dataclass(frozen=True)
class Schools:
    """One entry per school; ``school_id`` is the position + 1."""

    name: tuple[str, ...]
    address: tuple[str, ...]
    city: tuple[str, ...]
    state: tuple[str, ...]
    zip_code: tuple[str, ...]
    created_at: np.ndarray  # seconds
    pull: np.ndarray  # share of newcomers; sums to 1
    compounding: int  # position of the school whose growth compounds; NO_SCHOOL when there is none
    room: float  # members from which on its people invite no more than others

    def is_compounding(self, school: np.ndarray) -> np.ndarray:
        """Which of these positions are the compounding school's."""
        return school == self.compounding

    def eagerness(self, school: np.ndarray, members: int, factor: float) -> np.ndarray:
        """The factor on invitations of people of these schools, when the compounding one has ``members``."""
        left = max(0.0, 1.0 - members / self.room)
        return np.where(self.is_compounding(school), 1.0 + (factor - 1.0) * left, 1.0)

    def __len__(self) -> int:
        return len(self.name)


def make_schools(config: SimulationConfig, epoch_day: int) -> Schools:
    """About one school per 60 users, at least 3; the first lies in DC and the second has an APO address."""
    rng = stream(config.seed, "schools")
    fake = Faker("en_US")
    fake.seed_instance(int(rng.integers(2**31)))
    count = max(3, round(config.users / USERS_PER_SCHOOL))
    shares = np.array(list(RESIDENTS.values()), dtype=float)
    states = rng.choice(list(RESIDENTS), size=count, p=shares / shares.sum()).tolist()
    military = rng.random(count) < MILITARY_SHARE
    states[0], military[0], military[1] = "DC", False, True
    levels = rng.choice(LEVELS, size=count, p=LEVEL_SHARES)
    rows: list[tuple[str, str, str, str, str]] = []
    for state, is_military, level in zip(states, military, levels, strict=True):
        name = f"{fake.last_name()} {level}"
        if is_military:
            state = "AE" if not rows or len(rows) == 1 else str(rng.choice(list(MILITARY_ZIP)))
            zip_code = f"{rng.integers(*MILITARY_ZIP[state], endpoint=True):05d}"
            address = f"PSC {rng.integers(1000, 9999)}, Box {rng.integers(1000, 9999)}, APO {state} {zip_code}"
            rows.append((name, address, "APO", state, zip_code))
        else:
            city, zip_code = fake.city(), fake.zipcode_in_state(state).zfill(5)
            rows.append((name, f"{fake.street_address()}, {city}, {state} {zip_code}", city, state, zip_code))
    names, addresses, cities, state_codes, zip_codes = zip(*rows, strict=True)
    pull = rng.lognormal(0.0, SIZE_SPREAD, count)
    age = rng.integers(200, 2000, count) * DAY_SECONDS + rng.integers(0, DAY_SECONDS, count)
    return Schools(
        name=names,
        address=addresses,
        city=cities,
        state=state_codes,
        zip_code=zip_codes,
        created_at=epoch_day * DAY_SECONDS - age,
        pull=pull / pull.sum(),
        # An ordinary school: it outgrows others by its people's invitations, not by a greater pull.
        compounding=int(np.argmin(np.abs(pull - pull.mean()))) if config.compounding_school_factor > 1 else NO_SCHOOL,
        room=min(COMPOUNDING_ROOM * USERS_PER_SCHOOL, COMPOUNDING_ROOM_SHARE * config.users),
    )
