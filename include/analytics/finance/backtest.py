"""The rolling-origin backtest: every model forecasts from what had landed by past origins, and is held to what came."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd

from include.analytics.finance.forecast import Forecast, pipeline_forecast
from include.analytics.finance.known import ForecastTables, Known, known_at
from include.analytics.finance.life_table import SETTLING_DAYS
from include.analytics.finance.rivals import LEAST_DAYS, auto_ets, last_days, seasonal_naive
from include.scenarios.scenario import FIGURES, HORIZONS

#: Every model but the pipeline's, in the order in which equals are preferred.
RIVALS: Mapping[str, Callable[[Known], Forecast]] = {
    "last_days": last_days,
    "seasonal_naive": seasonal_naive,
    "auto_ets": auto_ets,
}
LEAST_HISTORY_DAYS = 56
#: Origins lie on Mondays counted from this one, as far apart as ENOUGH_ORIGINS allows: 28 days, so that horizons of 30
#: hardly overlap, 14 or 7. A fixed calendar keeps an origin's forecast the same from day to day.
FIRST_MONDAY = date(2018, 1, 1)
SPACINGS = (28, 14, 7)
ENOUGH_ORIGINS = 10
MOST_ORIGINS = 13
#: The column of fct_liability_day that holds a measure's days.
FLOWS = {"awards_usd": "awarded_usd", "redemptions_usd": "redeemed_usd"}
COLUMNS = ["origin_date", "model", "measure", "horizon_days", *FIGURES, "actual"]


def origins(first_day: date, as_of: date, most: int = MOST_ORIGINS) -> list[date]:
    """The newest Mondays that have enough history before them and a settled outcome for the shortest horizon."""
    earliest = first_day + timedelta(days=LEAST_HISTORY_DAYS)
    latest = as_of - timedelta(days=HORIZONS[0] + SETTLING_DAYS)
    found: list[date] = []
    for spacing in SPACINGS:
        skipped = (latest - FIRST_MONDAY).days // spacing
        newest = FIRST_MONDAY + timedelta(days=skipped * spacing)
        found = []
        while newest >= earliest and len(found) < most:
            found.append(newest)
            newest -= timedelta(days=spacing)
        if len(found) >= ENOUGH_ORIGINS:
            break
    return found[::-1]


def backtest(tables: ForecastTables, actual: pd.DataFrame, as_of: date, most: int = MOST_ORIGINS) -> pd.DataFrame:
    """One row per origin, model, measure and horizon that had settled by ``as_of``; columns as COLUMNS, USD.

    ``actual`` is fct_liability_day. The models get ``tables`` as they were known at the origin, and nothing judged
    later: ``due`` and ``liability_usd`` are left out.
    """
    landings = [frame["known_date"].min() for frame in (tables.referrals, tables.entries, tables.signups) if len(frame)]
    if not landings:
        return pd.DataFrame(columns=COLUMNS)
    past = ForecastTables(tables.referrals, tables.sides, tables.entries, tables.signups, tables.bonus)
    days = actual.set_index(pd.to_datetime(actual["activity_date"]))
    rows = []
    for origin in origins(min(landings).date(), as_of, most):
        known = known_at(past, origin)
        for forecast in forecasts(known):
            settled = forecast.totals[
                [origin + timedelta(days=h + SETTLING_DAYS) <= as_of for h in forecast.totals["horizon_days"]]
            ]
            for row in settled.to_dict("records"):
                outcome = _outcome(days, origin, row["measure"], row["horizon_days"])
                rows.append({"origin_date": origin, "model": _name(forecast), **row, "actual": outcome})
    return pd.DataFrame(rows, columns=COLUMNS)


def forecasts(known: Known) -> list[Forecast]:
    """The pipeline model's forecast and the rivals', from one knowledge; rivals only with four weeks of history."""
    chosen = [rival(known) for rival in RIVALS.values()] if known.days >= LEAST_DAYS and known.awards.any() else []
    return [pipeline_forecast(known), *chosen]


def _name(forecast: Forecast) -> str:
    """A model keeps its name through a short history."""
    return "pipeline" if forecast.model.startswith("pipeline") else forecast.model


def _outcome(days: pd.DataFrame, origin: date, measure: str, horizon: int) -> float:
    """What came: the sum of the days from the origin, or what was owed in the last evening; 0 for days without rows."""
    last = pd.Timestamp(origin + timedelta(days=horizon - 1))
    if measure == "liability_usd":
        earlier = days.loc[:last, measure]
        return float(earlier.iloc[-1]) if len(earlier) else 0.0
    return round(float(days.loc[pd.Timestamp(origin) : last, FLOWS[measure]].sum()), 2)


def scored(results: pd.DataFrame) -> pd.DataFrame:
    """One row per model, measure and horizon, and per model over everything (measure and horizon ``all``, 0).

    Columns: model, measure, horizon_days, origins, forecasts, wape, bias, covered_80, covered_95, interval_score,
    rank. The interval score (Gneiting and Raftery 2007, of the 80 % and the 95 % interval, meaned) is relative to the
    mean absolute outcome of its measure and horizon, so that pooling weighs them alike; lower is better.
    """
    scale = results.groupby(["measure", "horizon_days"])["actual"].transform(lambda values: values.abs().mean())
    points = results.assign(
        scale=scale.where(scale > 0, 1.0),
        error=results["expected"] - results["actual"],
        covered_80=results["actual"].between(results["lower_80"], results["upper_80"]),
        covered_95=results["actual"].between(results["lower_95"], results["upper_95"]),
    )
    points["score"] = (interval_score(points, 80) + interval_score(points, 95)) / 2 / points["scale"]
    points["relative_error"] = points["error"] / points["scale"]
    points["relative_actual"] = points["actual"] / points["scale"]
    rows = []
    for (measure, horizon), group in _pools(points):
        pool: list[dict[str, Any]] = []
        for model, mine in group.groupby("model", sort=True):
            actual = mine["relative_actual"].abs().sum()
            pool.append(
                {
                    "model": model,
                    "measure": measure,
                    "horizon_days": horizon,
                    "origins": mine["origin_date"].nunique(),
                    "forecasts": len(mine),
                    "wape": mine["relative_error"].abs().sum() / actual if actual else np.nan,
                    "bias": mine["relative_error"].sum() / mine["relative_actual"].sum() if actual else np.nan,
                    "covered_80": int(mine["covered_80"].sum()),
                    "covered_95": int(mine["covered_95"].sum()),
                    "interval_score": mine["score"].mean(),
                }
            )
        pool.sort(key=lambda row: (round(float(row["interval_score"]), 9), row["model"]))
        rows += [row | {"rank": place} for place, row in enumerate(pool, start=1)]
    columns = [
        "model", "measure", "horizon_days", "origins", "forecasts", "wape", "bias", "covered_80", "covered_95",
        "interval_score", "rank",
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=columns).round(9)


def interval_score(points: pd.DataFrame, level: int) -> pd.Series:
    """Width of the interval plus 2 / alpha times the distance of the outcome from it."""
    lower, upper, actual = points[f"lower_{level}"], points[f"upper_{level}"], points["actual"]
    missed = (lower - actual).clip(lower=0) + (actual - upper).clip(lower=0)
    return (upper - lower) + 2 / (1 - level / 100) * missed


def _pools(points: pd.DataFrame) -> Iterator[tuple[tuple[Any, ...], pd.DataFrame]]:
    """Each measure and horizon alone, each horizon over all measures, and everything."""
    yield from points.groupby(["measure", "horizon_days"], sort=True)
    yield from ((("all", horizon), group) for horizon, group in points.groupby("horizon_days", sort=True))
    if len(points):
        yield ("all", 0), points


def best_model(scores: pd.DataFrame) -> str | None:
    """The model with the lowest pooled interval score; None before any origin has settled."""
    everything = scores[(scores["measure"] == "all") & (scores["horizon_days"] == 0)]
    return None if everything.empty else str(everything.sort_values("rank")["model"].iloc[0])
