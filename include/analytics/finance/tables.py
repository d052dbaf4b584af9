"""Tables in, tables out: what the Python models of dbt call. Dates of the frames are datetime64, money is USD."""

from __future__ import annotations

from datetime import date, datetime

import pandas as pd
import pyarrow as pa

from include.analytics.finance.backtest import MOST_ORIGINS, RIVALS, backtest, best_model, scored
from include.analytics.finance.forecast import day_table, path_table, pipeline_forecast
from include.analytics.finance.known import ForecastTables, known_at
from include.analytics.finance.paths import simulate
from include.scenarios.scenario import FIGURES

_TEXT, _DATE, _WHOLE, _REAL = pa.string(), pa.date32(), pa.int64(), pa.float64()
_FIGURES = dict.fromkeys(FIGURES, _REAL)
#: Columns and types, so that a table without rows has them too.
BACKTEST = pa.schema(
    {"origin_date": _DATE, "model": _TEXT, "measure": _TEXT, "horizon_days": _WHOLE, **_FIGURES, "actual": _REAL}
)
SCORES = pa.schema(
    {"model": _TEXT, "measure": _TEXT}
    | dict.fromkeys(("horizon_days", "origins", "forecasts"), _WHOLE)
    | dict.fromkeys(("wape", "bias"), _REAL)
    | dict.fromkeys(("covered_80", "covered_95"), _WHOLE)
    | {"interval_score": _REAL, "rank": _WHOLE}
)
FORECAST = pa.schema(
    {"as_of_date": _DATE, "forecast_date": _DATE, "measure": _TEXT, "horizon_day": _WHOLE, "is_total": pa.bool_()}
    | _FIGURES
    | {"model": _TEXT}
)


def forecast_tables(
    referrals: pd.DataFrame,
    sides: pd.DataFrame,
    entries: pd.DataFrame,
    signups: pd.DataFrame,
    bonus: pd.DataFrame,
    due: pd.DataFrame | None = None,
    liability: pd.DataFrame | None = None,
) -> ForecastTables:
    """The inputs in one order of rows, whatever order the database gave; ``liability`` is fct_liability_day."""
    owed = None
    if liability is not None:
        ordered = liability.sort_values("activity_date")["liability_usd"]
        owed = float(ordered.iloc[-1]) if len(ordered) else 0.0
    return ForecastTables(
        _ordered(referrals), _ordered(sides), _ordered(entries), _ordered(signups), _ordered(bonus),
        None if due is None else _ordered(due), owed,
    )  # fmt: skip


def _ordered(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.sort_values(list(frame.columns), ignore_index=True)


def as_of_date(as_of: pd.DataFrame) -> date:
    """The day that begins at T, from int_as_of."""
    moment: datetime = pd.Timestamp(as_of["as_of"].iloc[0]).to_pydatetime()
    return moment.date()


def backtest_table(
    tables: ForecastTables, liability: pd.DataFrame, as_of: pd.DataFrame, most: int = MOST_ORIGINS
) -> pa.Table:
    """int_forecast_backtest: one row per origin, model, measure and horizon."""
    return _table(backtest(tables, liability.sort_values("activity_date"), as_of_date(as_of), most), BACKTEST)


def score_table(results: pd.DataFrame) -> pa.Table:
    """int_forecast_score: one row per model, measure and horizon; see ``backtest.scored``."""
    keys = ["origin_date", "model", "measure", "horizon_days"]
    return _table(scored(results.sort_values(keys, ignore_index=True)), SCORES)


def paths_table(tables: ForecastTables, as_of: pd.DataFrame) -> pa.Table:
    """int_forecast_path: one row per simulated future and horizon."""
    return pa.Table.from_pandas(path_table(simulate(known_at(tables, as_of_date(as_of)))), preserve_index=False)


def published_table(tables: ForecastTables, scores: pd.DataFrame, as_of: pd.DataFrame) -> pa.Table:
    """int_reward_forecast: one row per measure and day ahead, and per measure and horizon (is_total).

    The model with the best pooled interval score speaks; the pipeline's while no origin has settled.
    """
    known = known_at(tables, as_of_date(as_of))
    best = best_model(scores)
    forecast = RIVALS[best](known) if best is not None and best in RIVALS else pipeline_forecast(known)
    days = day_table(forecast, known).assign(is_total=False)
    totals = forecast.totals.rename(columns={"horizon_days": "horizon_day"}).assign(
        is_total=True, model=forecast.model, as_of_date=known.origin
    )
    totals["forecast_date"] = [known.origin + pd.Timedelta(days=int(ahead) - 1) for ahead in totals["horizon_day"]]
    return _table(pd.concat([days, totals], ignore_index=True), FORECAST)


def _table(frame: pd.DataFrame, schema: pa.Schema) -> pa.Table:
    return pa.Table.from_pandas(frame[schema.names], schema=schema, preserve_index=False)
