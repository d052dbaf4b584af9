"""Whether the planted drivers of retention are found, and the planted null ones not: ``evaluate drivers``."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from include.analytics.product.drivers import FALSE_DISCOVERY_RATE
from include.evaluate.built import DEFAULT_USERS, REPORTED_ON, TUNED_ON, built_world
from include.settings import Paths
from include.warehouse import connect

#: The planted drivers by the simulator's names, and what gold calls them.
CANDIDATES = {
    "linked_school_in_first_week": "linked_school",
    "scanned_receipt_in_first_week": "scanned_receipt",
    "added_payment_in_first_week": "added_payment",
    "uses_ios": "uses_ios",
    "is_verified": "is_verified",
}


@dataclass(frozen=True)
class Judged:
    """A planted driver of one world, as gold judges it; ``is_associated`` is None when there was no test."""

    seed: int
    candidate: str
    is_true: bool
    crude_odds_ratio: float | None
    odds_ratio: float | None
    low: float | None
    high: float | None
    p_value: float | None
    is_associated: bool | None


def evaluate(
    paths: Paths,
    tuning: Iterable[int] = TUNED_ON,
    reported: Iterable[int] = REPORTED_ON,
    users: int = DEFAULT_USERS,
) -> str:
    """Judge the planted drivers in every world; returns the report, which is also in ``evaluate/drivers.md``."""
    worlds = {"Tuned on": list(tuning), "Reported on": list(reported)}
    judged = {
        name: [each for seed in seeds for each in judged_in(built_world(seed, paths, users), seed)]
        for name, seeds in worlds.items()
    }
    lines = [
        "# Drivers of retention",
        "",
        f"Calls keep a false discovery rate of {FALSE_DISCOVERY_RATE:.0%} in a world.",
    ]
    for name, of_worlds in judged.items():
        seeds = ", ".join(str(seed) for seed in worlds[name])
        lines += ["", f"## {name} seeds {seeds}", "", *summary(of_worlds), "", *table(of_worlds)]
    text = "\n".join(lines)
    (paths.root / "evaluate" / "drivers.md").write_text(text + "\n", encoding="utf-8")
    return text


def judged_in(world: Paths, seed: int) -> list[Judged]:
    """The planted drivers of one world, in the simulator's order."""
    planted = json.loads((world.truth / "effects.json").read_text("utf-8"))["drivers"]
    with connect(world, read_only=True) as con:
        found = {
            row[0]: row[1:]
            for row in con.execute(
                "select candidate, crude_odds_ratio, odds_ratio, odds_ratio_low, odds_ratio_high, p_value,"
                " is_associated from gold.fct_driver where outcome = 'retained'"
            ).fetchall()
        }
    return [
        Judged(seed, CANDIDATES[each["name"]], each["is_true"], *found[CANDIDATES[each["name"]]]) for each in planted
    ]


def summary(judged: Sequence[Judged]) -> list[str]:
    """How many true ones were found, how many null ones called, and the share of false calls."""
    true = [each for each in judged if each.is_true]
    null = [each for each in judged if not each.is_true]
    found, false = (sum(bool(each.is_associated) for each in group) for group in (true, null))
    called = found + false
    return [
        f"- true drivers found: {found} of {len(true)}",
        f"- null drivers called: {false} of {len(null)}",
        f"- false among calls of planted drivers: {f'{false / called:.1%}' if called else 'no call'}",
    ]


def table(judged: Sequence[Judged]) -> list[str]:
    """One line per planted driver and world."""
    lines = [
        "| driver | planted as | seed | crude odds ratio | odds ratio | 95 % interval | p | called |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for each in sorted(judged, key=lambda one: (not one.is_true, one.candidate, one.seed)):
        called = {None: "not tested", True: "yes", False: "no"}[each.is_associated]
        figures = [_figure(value) for value in (each.crude_odds_ratio, each.odds_ratio, each.low, each.high)]
        lines.append(
            f"| {each.candidate} | {'true' if each.is_true else 'null'} | {each.seed} | {figures[0]} | {figures[1]} |"
            f" {figures[2]} to {figures[3]} | {'-' if each.p_value is None else f'{each.p_value:.4f}'} | {called} |"
        )
    return lines


def _figure(value: float | None) -> str:
    return "-" if value is None else f"{value:.2f}"
