"""How near K comes to the simulator's truth, and where the school is ranked whose growth really compounds.

``python -m include.pipeline evaluate network``
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from include.evaluate.built import DEFAULT_USERS, REPORTED_ON, built_world
from include.settings import Paths
from include.warehouse import connect

MOST_RELATIVE_ERROR = 0.1

_K = (
    "select offspring, mature_users from gold.fct_k where window_days = 60 and cohort_grain = 'all' and segment = 'all'"
)
_GENUINE_K = """
    select coalesce(sum(places.k_60), 0), count(places.k_60)
    from gold.fct_network_effects_user as places
    inner join read_csv(?) as accounts on places.user_id = accounts.user_id
    where not accounts.is_abusive
"""
_SCHOOL = """
    select
        planted.school_rank,
        planted.probability_above_programme,
        planted.k_60_shrunk,
        planted.programme_k_60,
        planted.top_sender_share,
        (select count(school_rank) from gold.fct_school_scorecard) as ranked
    from gold.fct_school_scorecard as planted
    where planted.school_id = ?
"""


@dataclass(frozen=True)
class K:
    """Offspring within 60 days, and the mature users who could have had some."""

    offspring: int
    mature_users: int

    @property
    def value(self) -> float:
        """K; 0 without users."""
        return self.offspring / self.mature_users if self.mature_users else 0.0

    def __str__(self) -> str:
        return f"{self.value:.4f} ({self.offspring}/{self.mature_users})"


@dataclass(frozen=True)
class Compared:
    """One world: K as gold has it and as it is, of everybody and without abuse, and the planted school's place."""

    world: str
    measured: K
    true: K
    genuine_measured: K
    genuine_true: K
    school_id: int
    school_rank: int | None
    ranked_schools: int
    probability: float | None
    school_k: float
    programme_k: float
    top_sender_share: float


def evaluate(paths: Paths, reported: Iterable[int] = REPORTED_ON, users: int = DEFAULT_USERS) -> str:
    """Compare the worlds of these seeds; returns the report, which is also in ``evaluate/network.md``."""
    text = report([compared(f"seed {seed}", built_world(seed, paths, users)) for seed in reported])
    (paths.root / "evaluate" / "network.md").write_text(text + "\n", encoding="utf-8")
    return text


def compared(name: str, world: Paths) -> Compared:
    """Hold one built world against its truth. K without abuse is of the accounts that the truth calls honest."""
    truth: dict[str, Any] = json.loads((world.truth / "effects.json").read_text("utf-8"))
    planted = truth["compounding_school"]["school_id"]
    with connect(world, read_only=True) as con:
        ((offspring, mature_users),) = con.execute(_K).fetchall()
        (genuine,) = con.execute(_GENUINE_K, [str(world.truth / "accounts.csv")]).fetchall()
        ((rank, probability, school_k, programme_k, top_sender_share, ranked),) = con.execute(
            _SCHOOL, [planted]
        ).fetchall()
    return Compared(
        world=name,
        measured=K(offspring, mature_users),
        true=_true_k(truth["k_60"]),
        genuine_measured=K(int(genuine[0]), genuine[1]),
        genuine_true=_true_k(truth["k_60_genuine"]),
        school_id=planted,
        school_rank=rank,
        ranked_schools=ranked,
        probability=probability,
        school_k=school_k,
        programme_k=programme_k,
        top_sender_share=top_sender_share or 0.0,
    )


def _true_k(effect: dict[str, float]) -> K:
    return K(int(effect["numerator"]), int(effect["denominator"]))


def relative_error(measured: K, true: K) -> float:
    """Measured over true, less 1; 0 when both are 0."""
    if true.value == 0:
        return 0.0 if measured.value == 0 else float("inf")
    return measured.value / true.value - 1


def report(worlds: Sequence[Compared]) -> str:
    """The result as a Markdown page."""
    first = sum(world.school_rank == 1 for world in worlds)
    return "\n".join(
        [
            "# Networks against the truth",
            "",
            f"K_60: offspring within 60 days over users mature for 60. Bar: within {MOST_RELATIVE_ERROR:.0%} of the "
            "truth, relative, in every world.",
            "",
            *_table([(world.world, world.measured, world.true) for world in worlds]),
            "",
            "The same without the accounts that are really abusive, as if every case had been decided rightly.",
            "",
            *_table([(world.world, world.genuine_measured, world.genuine_true) for world in worlds]),
            "",
            f"The school whose growth really compounds is ranked first in {first} of {len(worlds)} worlds.",
            "",
            "| world | school | rank | P(K above programme) | shrunken K_60 | programme K_60 | share of top sender |",
            "|---|---|---|---|---|---|---|",
            *(_school_row(world) for world in worlds),
        ]
    )


def _table(rows: Sequence[tuple[str, K, K]]) -> list[str]:
    lines = ["| world | measured | true | relative error | within the bar |", "|---|---|---|---|---|"]
    for name, measured, true in rows:
        error = relative_error(measured, true)
        verdict = "yes" if abs(error) <= MOST_RELATIVE_ERROR else "NO"
        lines.append(f"| {name} | {measured} | {true} | {error:+.1%} | {verdict} |")
    return lines


def _school_row(world: Compared) -> str:
    rank = "not ranked" if world.school_rank is None else f"{world.school_rank} of {world.ranked_schools}"
    probability = "-" if world.probability is None else f"{world.probability:.3f}"
    return (
        f"| {world.world} | {world.school_id} | {rank} | {probability} | {world.school_k:.3f} "
        f"| {world.programme_k:.3f} | {world.top_sender_share:.0%} |"
    )
