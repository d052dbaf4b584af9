"""A forecast by any model: 90 days and the totals of 30, 60 and 90, with intervals; and the tables that hold it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

import numpy as np
import pandas as pd

from include.analytics.finance.known import Known
from include.analytics.finance.paths import HORIZON_DAYS, Paths, simulate
from include.scenarios.scenario import FIGURES, HORIZONS, MEASURES, QUANTILES, SIDES, figures, totals

#: With less history the model knows little more than its assumptions: its name says so.
SHORT_HISTORY_DAYS = 60


@dataclass(frozen=True)
class Forecast:
    """``daily`` has per measure the figures (FIGURES) of each day, shape (5, HORIZON_DAYS); ``totals`` one row per
    measure and horizon, columns as ``include.scenarios.scenario.totals``. USD."""

    model: str
    daily: Mapping[str, np.ndarray]
    totals: pd.DataFrame


def path_table(paths: Paths) -> pd.DataFrame:
    """One row per simulated future and horizon: the totals of its components, what scenarios are computed from. USD."""
    frames = []
    for horizon in HORIZONS:
        columns: dict[str, np.ndarray] = {"new_referrals": paths.sends[:, :horizon].sum(axis=1)}
        for source in ("due", "pipeline", "new"):
            for side in SIDES:
                flow = getattr(paths, source)[f"{side}_bonus"]
                columns[f"{source}_{side}_usd"] = flow[:, :horizon].sum(axis=1)
        for name in ("redeemed_outstanding", "redeemed_future", "withheld_outstanding", "withheld_future"):
            columns[f"{name}_usd"] = getattr(paths, name)[:, :horizon].sum(axis=1)
        for name in ("unpaid_gained", "unpaid_settled"):
            columns[f"{name}_usd"] = getattr(paths, name)[:, horizon - 1]
        columns["liability_start_usd"] = np.full(len(paths.sends), paths.liability_start)
        for side in SIDES:
            columns[f"price_{side}_usd"] = np.full(len(paths.sends), paths.price[f"{side}_bonus"][:horizon].mean())
        frame = pd.DataFrame({name: np.round(values, 4) for name, values in columns.items()})
        frame.insert(0, "horizon_days", horizon)
        frame.insert(0, "path", np.arange(len(frame)))
        frames.append(frame)
    return pd.concat(frames, ignore_index=True)


def pipeline_forecast(known: Known) -> Forecast:
    """The pipeline model's forecast from what was known; ``pipeline_short_history`` below SHORT_HISTORY_DAYS."""
    paths = simulate(known)
    name = "pipeline" if known.days >= SHORT_HISTORY_DAYS else "pipeline_short_history"
    daily = {"awards_usd": paths.awards, "redemptions_usd": paths.redemptions, "liability_usd": paths.liability}
    return from_paths(name, daily, totals(path_table(paths)))


def from_paths(model: str, daily: Mapping[str, np.ndarray], all_totals: pd.DataFrame | None = None) -> Forecast:
    """A forecast from simulated days by measure, (paths, HORIZON_DAYS); totals are those of the same futures."""
    summary = {}
    for measure, values in daily.items():
        rows = [values.mean(axis=0), *(np.quantile(values, share, axis=0) for share in QUANTILES.values())]
        # a normal error can fall below what is possible
        summary[measure] = np.round(np.maximum(np.stack(rows), 0.0), 2)
    if all_totals is None:
        all_totals = pd.DataFrame(
            [
                {"measure": measure, "horizon_days": horizon, **figures(total_of(measure, values, horizon))}
                for horizon in HORIZONS
                for measure, values in daily.items()
            ]
        )
        all_totals[list(FIGURES)] = all_totals[list(FIGURES)].clip(lower=0.0)
    return Forecast(model, summary, all_totals)


def total_of(measure: str, values: np.ndarray, horizon: int) -> np.ndarray:
    """The total of a horizon, of days in the last axis: a sum, or what is owed at its end."""
    return values[..., horizon - 1] if measure == "liability_usd" else values[..., :horizon].sum(axis=-1)


def day_table(forecast: Forecast, known: Known) -> pd.DataFrame:
    """One row per measure and day ahead: as_of_date, forecast_date, measure, horizon_day, FIGURES, model. USD."""
    frames = []
    for measure in MEASURES:
        frame = pd.DataFrame(dict(zip(FIGURES, forecast.daily[measure], strict=True)))
        frame.insert(0, "horizon_day", np.arange(1, HORIZON_DAYS + 1))
        frame.insert(0, "measure", measure)
        frame.insert(0, "forecast_date", [known.origin + timedelta(days=ahead) for ahead in range(HORIZON_DAYS)])
        frame.insert(0, "as_of_date", known.origin)
        frames.append(frame.assign(model=forecast.model))
    return pd.concat(frames, ignore_index=True)
