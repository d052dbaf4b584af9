"""Names and addresses of people: two pools from Faker, combined by position."""

from __future__ import annotations

from dataclasses import dataclass

from faker import Faker

from include.generator.config import SimulationConfig
from include.generator.streams import stream

FIRST_NAME_COUNT = 400
LAST_NAME_COUNT = 600
DOMAINS = ("gmail.com", "yahoo.com", "hotmail.com", "outlook.com", "icloud.com", "example.org")
DOMAIN_SHARES = (0.52, 0.16, 0.10, 0.09, 0.08, 0.05)
GMAIL = 0


@dataclass(frozen=True)
class Names:
    """Pools of names; a name may occur twice in a pool, as in life."""

    first: tuple[str, ...]
    last: tuple[str, ...]


def make_names(config: SimulationConfig) -> Names:
    """Pools that the seed alone decides."""
    fake = Faker("en_US")
    fake.seed_instance(int(stream(config.seed, "names").integers(2**31)))
    return Names(
        first=tuple(fake.first_name() for _ in range(FIRST_NAME_COUNT)),
        last=tuple(fake.last_name() for _ in range(LAST_NAME_COUNT)),
    )
