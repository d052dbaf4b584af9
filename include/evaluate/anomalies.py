"""How well unusual days are found: ``python -m include.pipeline evaluate anomalies``.

Worlds with labelled incidents are simulated and loaded; every method judges every day by what had landed that evening.
Each method is tuned on one set of worlds to at most one false alarm a month over all metrics, and reported on another.
"""

from __future__ import annotations

import csv
import logging
import shutil
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from include.evaluate.detectors import Method, methods
from include.evaluate.scoring import DAYS_OF_MONTH, SEEN_IN, Incident, Score, labelled, score, tuned
from include.evaluate.worlds import DEFAULT_USERS, World, make_world
from include.settings import Paths

log = logging.getLogger("carton_caps")

TUNING_SEEDS = range(1, 6)
REPORTED_SEEDS = range(101, 106)
DAYS = 180
MOST_FALSE_ALARMS_A_MONTH = 1.0


@dataclass(frozen=True)
class Outcome:
    """One method: as it ships, and as tuned (None where no threshold is quiet enough), both on the reported worlds."""

    method: Method
    tuned_to: float | None
    on_tuning: Score | None
    on_reported: Score | None
    as_shipped: Score


def evaluate(
    paths: Paths,
    tuning: Iterable[int] = TUNING_SEEDS,
    reported: Iterable[int] = REPORTED_SEEDS,
    days: int = DAYS,
    users: int = DEFAULT_USERS,
) -> str:
    """Run the evaluation; returns the report, which is also in ``evaluate/anomalies.md``, the curve in ``.csv``."""
    folder = paths.root / "evaluate"
    scratch = folder / "scratch"
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir(parents=True)
    try:
        tuning_worlds, reported_worlds = (
            [_world(seed, days, scratch, users) for seed in seeds] for seeds in (tuning, reported)
        )
        compared = methods([*tuning_worlds, *reported_worlds], scratch)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    outcomes = [outcome(method, tuning_worlds, reported_worlds) for method in compared]
    _write_curve(folder / "anomalies.csv", compared, reported_worlds)
    text = report(outcomes, tuning_worlds, reported_worlds)
    (folder / "anomalies.md").write_text(text + "\n", encoding="utf-8")
    return text


def _world(seed: int, days: int, scratch: Path, users: int) -> World:
    log.info("simulate and load %d days of seed %d", days, seed)
    return make_world(seed, days, scratch, users)


def months(worlds: Sequence[World]) -> float:
    """Months of judged days, added up over the worlds."""
    return sum(world.judged_days for world in worlds) / DAYS_OF_MONTH


def outcome(method: Method, tuning: Sequence[World], reported: Sequence[World]) -> Outcome:
    """Tune on some worlds, judge on others."""
    to_tune, to_report = (labelled(method.of(worlds), _incidents(worlds)) for worlds in (tuning, reported))
    best = tuned(to_tune, method.thresholds, _incidents(tuning), months(tuning), MOST_FALSE_ALARMS_A_MONTH)
    return Outcome(
        method,
        best,
        None if best is None else score(to_tune, best, _incidents(tuning), months(tuning)),
        None if best is None else score(to_report, best, _incidents(reported), months(reported)),
        score(to_report, method.shipped, _incidents(reported), months(reported)),
    )


def _incidents(worlds: Sequence[World]) -> list[Incident]:
    return [incident for world in worlds for incident in world.incidents]


def report(outcomes: Sequence[Outcome], tuning: Sequence[World], reported: Sequence[World]) -> str:
    """The result as a Markdown page."""
    kinds = [kind for kind in SEEN_IN if any(one.kind == kind for world in reported for one in world.incidents)]
    lines = [
        "# Unusual days: what is found, and at what price",
        "",
        f"Tuned on {_names(tuning)} to at most {MOST_FALSE_ALARMS_A_MONTH:g} false alarm a month over all metrics; "
        f"reported on {_names(reported)}.",
        f"{months(reported):.1f} reported months, {len(_incidents(reported))} incidents. One metric on one day is one "
        "alarm. An alarm is a hit when it speaks of a metric that",
        "the incident touches, on a day of the incident or on the day after. Everything else is false, on holidays and "
        "at the turns of the school year too.",
        "",
        *_table(
            ["tuned", "threshold", "recall", "false alarms a month", "days to detection", "recall when tuning", *kinds],
            [_tuned_row(one, kinds) for one in outcomes],
        ),
        "",
        *_table(
            ["as it ships", "threshold", "recall", "false alarms a month", "days to detection", *kinds],
            [
                [
                    one.method.name,
                    f"{one.as_shipped.threshold:g}",
                    *_figures(one.as_shipped),
                    *_kinds(one.as_shipped, kinds),
                ]
                for one in outcomes
            ],
        ),
    ]
    return "\n".join(lines)


def _tuned_row(one: Outcome, kinds: Sequence[str]) -> list[str]:
    if one.on_reported is None or one.on_tuning is None:
        return [one.method.name, "none is quiet enough", *["-"] * (4 + len(kinds))]
    tuning = f"{one.on_tuning.recall:.0%} at {one.on_tuning.false_alarms_a_month:.2f}"
    return [
        one.method.name,
        f"{one.tuned_to:g}",
        *_figures(one.on_reported),
        tuning,
        *_kinds(one.on_reported, kinds),
    ]


def _figures(result: Score) -> list[str]:
    days = "-" if result.mean_days is None else f"{result.mean_days:.1f}"
    recall = f"{result.recall:.0%} ({result.found}/{len(result.days_to_detection)})"
    return [recall, f"{result.false_alarms_a_month:.2f}", days]


def _kinds(result: Score, kinds: Sequence[str]) -> list[str]:
    return [result.found_of(kind) for kind in kinds]


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    widths = [max(len(row[column]) for row in [head, *rows]) for column in range(len(head))]
    lines = [" | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in [head, *rows]]
    rule = "|".join("-" * (width + 2) for width in widths)
    return [f"| {lines[0]} |", f"|{rule}|", *(f"| {line} |" for line in lines[1:])]


def _names(worlds: Sequence[World]) -> str:
    return ", ".join(world.name for world in worlds)


def _write_curve(file: Path, compared: Sequence[Method], worlds: Sequence[World]) -> None:
    """The trade-off of every method on the reported worlds: one row per method and threshold."""
    incidents = _incidents(worlds)
    with file.open("w", newline="", encoding="utf-8") as target:
        rows = csv.writer(target)
        rows.writerow(["method", "threshold", "recall", "false_alarms_a_month", "mean_days_to_detection"])
        for method in compared:
            scores = labelled(method.of(worlds), incidents)
            for threshold in method.thresholds:
                result = score(scores, threshold, incidents, months(worlds))
                days = "" if result.mean_days is None else f"{result.mean_days:.2f}"
                rows.writerow(
                    [method.name, threshold, f"{result.recall:.4f}", f"{result.false_alarms_a_month:.4f}", days]
                )
