"""How good the reward forecast is: ``python -m include.pipeline evaluate forecast``.

A world is simulated, loaded and built; every model forecasts from what had landed by each of its past Mondays, and is
held to what came. The bar: at 30, 60 and 90 days the pipeline model has a pooled interval score no worse than that of
its best rival.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from typing import Any

import pandas as pd
from statsmodels.stats.proportion import proportion_confint

from include.analytics.finance.backtest import RIVALS, backtest, scored
from include.analytics.finance.tables import as_of_date, forecast_tables
from include.evaluate.built import built_world
from include.settings import Paths
from include.warehouse import connect

log = logging.getLogger("carton_caps")

#: One large world: it takes as long to make as all the others of an evaluation together.
REPORTED_SEEDS = (101,)
USERS, DAYS = 20_000, 1_000
#: Two years of origins, four weeks apart; a daily build has half of them.
MOST_ORIGINS = 26
HORIZONS = (30, 60, 90)


def evaluate(
    paths: Paths, seeds: Iterable[int] = REPORTED_SEEDS, users: int = USERS, days: int = DAYS, most: int = MOST_ORIGINS
) -> str:
    """Run the evaluation; returns the report, also in ``evaluate/forecast.md``, each forecast in ``.csv``."""
    folder = paths.root / "evaluate"
    folder.mkdir(parents=True, exist_ok=True)
    worlds = []
    for seed in seeds:
        log.info("simulate, load and build %d users and %d days of seed %d", users, days, seed)
        worlds.append(backtest_of(built_world(seed, paths, users, days), most).assign(world=f"seed-{seed}"))
    results = pd.concat(worlds, ignore_index=True)
    results.to_csv(folder / "forecast.csv", index=False)
    text = report(results, users, days)
    (folder / "forecast.md").write_text(text + "\n", encoding="utf-8")
    return text


def backtest_of(world: Paths, most: int = MOST_ORIGINS) -> pd.DataFrame:
    """The backtest of a built world; columns as ``include.analytics.finance.backtest.COLUMNS``."""
    with connect(world, read_only=True) as con:
        tables = {
            name: con.execute(f"select * from silver.{table}").df()
            for name, table in (
                ("referrals", "int_forecast_referrals"),
                ("sides", "int_forecast_sides"),
                ("entries", "int_forecast_entries"),
                ("signups", "int_forecast_signups"),
                ("bonus", "int_bonus_periods"),
            )
        }
        liability = con.execute("select * from gold.fct_liability_day").df()
        as_of = con.execute("select * from silver.int_as_of").df()
    return backtest(forecast_tables(**tables), liability, as_of_date(as_of), most)


def report(results: pd.DataFrame, users: int, days: int) -> str:
    """The result as a Markdown page; ``results`` are backtests of one or more worlds, told apart by ``world``."""
    scores = pd.concat(
        [scored(mine).assign(world=world) for world, mine in results.groupby("world", sort=True)], ignore_index=True
    )
    pooled = _pooled(scores)
    lines = [
        "# The reward forecast against what anyone could forecast without a model",
        "",
        f"{users:,} users, {days:,} days, {', '.join(sorted(results['world'].unique()))}. Every forecast is made from "
        "what had landed by its origin.",
        "Interval score: width and misses of the 80 % and the 95 % interval over the mean outcome, meaned over awards, "
        "redemptions and liability; lower is better.",
        "",
        "| horizon | model | origins | interval score | WAPE | bias | inside 80 % | inside 95 % |",
        "|---|---|---|---|---|---|---|---|",
    ]
    verdicts = []
    for horizon in HORIZONS:
        of_horizon = pooled[pooled["horizon_days"] == horizon].sort_values(["interval_score", "model"])
        if of_horizon.empty:
            verdicts.append(f"- {horizon} days: no outcome has settled.")
            continue
        lines += [_row(row) for row in of_horizon.to_dict("records")]
        by_model = of_horizon.set_index("model")["interval_score"]
        ours, rivals = by_model["pipeline"], by_model.drop("pipeline")
        known = rivals[rivals.index.isin(RIVALS)]
        verdict = "meets the bar" if known.empty or ours <= known.min() else "MISSES the bar: the rival is published"
        against = "no rival" if known.empty else f"{known.min():.3f} of {known.idxmin()}"
        verdicts.append(f"- {horizon} days: {ours:.3f} against {against}; {verdict}.")
    return "\n".join([*lines, "", *verdicts])


def _pooled(scores: pd.DataFrame) -> pd.DataFrame:
    """One row per horizon and model over all measures and worlds; worlds weigh by their forecasts."""
    over_measures = scores[(scores["measure"] == "all") & (scores["horizon_days"] > 0)]
    weighed = over_measures.assign(
        **{name: over_measures[name] * over_measures["forecasts"] for name in ("interval_score", "wape", "bias")}
    )
    summed = weighed.groupby(["horizon_days", "model"], as_index=False)[
        ["origins", "forecasts", "covered_80", "covered_95", "interval_score", "wape", "bias"]
    ].sum()
    for name in ("interval_score", "wape", "bias"):
        summed[name] /= summed["forecasts"]
    return summed


def _row(row: dict[Any, Any]) -> str:
    shares = []
    for level in (80, 95):
        inside, forecasts = row[f"covered_{level}"], row["forecasts"]
        low, high = proportion_confint(inside, forecasts, method="wilson")
        shares.append(f"{inside}/{forecasts} ({low:.0%} to {high:.0%})")
    return (
        f"| {row['horizon_days']} | {row['model']} | {row['origins']} | {row['interval_score']:.3f} |"
        f" {row['wape']:.1%} | {row['bias']:+.1%} | {shares[0]} | {shares[1]} |"
    )
