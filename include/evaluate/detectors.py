"""The methods that are compared. Each gives a signed score to every world, day and metric from the same counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from include.alerts.thresholds import threshold
from include.build import run_dbt
from include.evaluate.worlds import World
from include.settings import Paths
from include.warehouse import connect

WINDOW_DAYS = 14
VOLUME_MODELS = ("us_occasions", "int_volume_occasions", "int_volume_usual", "fct_volume_day")


@dataclass(frozen=True)
class Method:
    """One way to call a day unusual: its scores, the threshold it comes with, and those it is tried at.

    ``scores``: one row per world, day and metric, columns world, day, metric, score, is_certain.
    """

    name: str
    scores: pd.DataFrame
    shipped: float
    thresholds: tuple[float, ...]

    def of(self, worlds: Sequence[World]) -> pd.DataFrame:
        """The scores of some worlds."""
        return self.scores[self.scores["world"].isin([world.name for world in worlds])]


def methods(worlds: Sequence[World], scratch: Path) -> list[Method]:
    """Ours, ours without what files say, and three rivals."""
    counts = _ours(worlds, scratch)
    files = pd.concat([world.file_alarms for world in worlds]).assign(score=np.nan, is_certain=True)
    steps = tuple(np.round(np.arange(1.0, 12.01, 0.1), 1))
    band = threshold("band")
    return [
        Method("ours", pd.concat([counts, files], ignore_index=True), band, steps),
        Method("ours, counts alone", counts, band, steps),
        *rivals(pd.concat([world.known for world in worlds])),
    ]


def rivals(known: pd.DataFrame) -> list[Method]:
    """What is common: a day against the day before, and a plain z-score over 14 days, with the tested day or without.

    A change from zero has no percentage and a window without scatter no z-score: neither is an alarm.
    """
    days_before = (pd.to_datetime(known["day"]) - pd.to_datetime(known["activity_date"])).dt.days
    recent = known.assign(days_before=days_before)[days_before <= WINDOW_DAYS]
    wide = recent.pivot_table(index=["world", "day", "metric"], columns="days_before", values="actual")
    wide = wide.reindex(columns=range(WINDOW_DAYS + 1))
    today, yesterday = wide[0], wide[1]

    def z_score(window: pd.DataFrame) -> pd.Series:
        is_whole = window.notna().all(axis=1)
        scatter = window.std(axis=1, ddof=1).replace(0, np.nan)
        return ((today - window.mean(axis=1)) / scatter).where(is_whole)

    def method(name: str, score: pd.Series, shipped: float, thresholds: np.ndarray) -> Method:
        scores = score.rename("score").reset_index().assign(is_certain=False)
        return Method(name, scores, shipped, tuple(np.round(thresholds, 2)))

    return [
        method("day over day", today / yesterday.replace(0, np.nan) - 1, 0.5, np.geomspace(0.1, 400, 80)),
        method("z-score, tested day inside", z_score(wide[range(WINDOW_DAYS)]), 3.0, np.arange(1.0, 3.5, 0.05)),
        method("z-score, tested day outside", z_score(wide[range(1, WINDOW_DAYS + 1)]), 3.0, np.arange(1.0, 20, 0.1)),
    ]


def _ours(worlds: Sequence[World], scratch: Path) -> pd.DataFrame:
    """The scores of ``fct_volume_day``, built by dbt from the counts: the SQL that also makes gold.

    Every day of every world is a metric of its own there, with the counts known that evening; only the day itself has
    enough history to be judged.
    """
    paths = Paths(scratch)
    known = pd.concat([world.known for world in worlds])
    with connect(paths) as con:
        con.register("known", known)
        con.execute(
            "create or replace table silver.int_volume_days as select activity_date::date as activity_date,"
            " concat_ws('|', world, day::date, metric) as metric, actual, repeated,"
            " case when activity_date::date = day::date then history_days else 0 end as history_days from known"
        )
    run_dbt({}, paths, select=VOLUME_MODELS)
    with connect(paths, read_only=True) as con:
        judged = con.execute(
            "select split_part(metric, '|', 1) as world, split_part(metric, '|', 2)::date as day,"
            " split_part(metric, '|', 3) as metric, if(score > 0, score / ?, score) as score,"
            " coalesce(rule not in ('outside_range'), false) as is_certain"
            " from gold.fct_volume_day where activity_date = split_part(metric, '|', 2)::date",
            [threshold("surge_factor")],
        ).df()
    judged["day"] = judged["day"].dt.date
    return judged
