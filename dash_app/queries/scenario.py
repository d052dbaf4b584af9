"""The scenario lab: published futures out of gold, what include.scenarios makes of them, beside the forecast."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

import pandas as pd

from dash_app.queries.snapshot import Snapshot
from dash_app.scenario_view import BASE, ScenarioView
from include.scenarios.scenario import FIGURES, MEASURES, break_even_bonus, chance_above, scenario

_KEYS = ["measure", "horizon_days"]

_PATHS = "select * from gold.fct_forecast_path order by horizon_days, path"

_PUBLISHED = """
select measure, horizon_days, as_of_date, last_date, expected::double as expected, lower_80::double as lower_80,
    upper_80::double as upper_80, lower_95::double as lower_95, upper_95::double as upper_95
from gold.fct_reward_forecast_total
order by measure, horizon_days
"""

_OPTIONS = "select * from gold.fct_policy_option order by window_hours, qualifying"


class Futures(NamedTuple):
    """What a scenario is computed from: fct_forecast_path, fct_reward_forecast_total, fct_policy_option."""

    paths: pd.DataFrame
    published: pd.DataFrame
    options: pd.DataFrame

    @property
    def is_known(self) -> bool:
        """Whether there is a forecast to change."""
        return not (self.paths.empty or self.published.empty or self.options.empty)

    def price(self, side: str) -> float:
        """What one award of ``side``, `referrer` or `referred`, is expected to be, USD; 0 without a forecast."""
        return float(self.paths[f"price_{side}_usd"].mean()) if len(self.paths) else 0.0

    @property
    def in_force(self) -> pd.Series:
        """The row of the rules in force. Needs ``is_known``."""
        return self.options[self.options["is_in_force"]].iloc[0]

    @property
    def begins(self) -> date:
        """The first day that is forecast. Needs ``is_known``."""
        return pd.Timestamp(self.published["as_of_date"].iloc[0]).date()

    @property
    def owed_now_usd(self) -> float:
        """What is owed at T, where every future begins."""
        return float(self.paths["liability_start_usd"].mean())


def futures(snapshot: Snapshot) -> Futures:
    """All three tables as the build published them."""
    paths = snapshot.read(_PATHS).astype(float)
    return Futures(paths, snapshot.read(_PUBLISHED), snapshot.read(_OPTIONS))


def beside_base(given: Futures, view: ScenarioView) -> pd.DataFrame:
    """One row per measure (awards, redemptions, liability) and horizon: the scenario beside the forecast.

    Columns: measure, horizon_days, as_of_date, last_date; expected and its intervals of the scenario, the same of the
    forecast with ``base_`` before their names; difference_usd = expected - base_expected, difference_share of
    base_expected (null where that is 0). No rows without a forecast.

    Raises:
        ScenarioError: a lever that this build cannot answer; the message says which.
    """
    columns = [*_KEYS, "as_of_date", "last_date", *FIGURES, *(f"base_{name}" for name in FIGURES)]
    if not given.is_known:
        return pd.DataFrame(columns=[*columns, "difference_usd", "difference_share"])
    changed = scenario(given.paths, given.published, given.options, view.to_levers())
    base = given.published.rename(columns={name: f"base_{name}" for name in FIGURES})
    rows = changed.merge(base, on=_KEYS, validate="one_to_one")[columns]
    place = dict(zip(MEASURES, range(len(MEASURES)), strict=True))
    rows = rows.sort_values(_KEYS, key=lambda key: key.map(place) if key.name == "measure" else key, ignore_index=True)
    rows["difference_usd"] = (rows["expected"] - rows["base_expected"]).round(2)
    rows["difference_share"] = rows["difference_usd"] / rows["base_expected"].where(rows["base_expected"] != 0)
    return rows


def bonus_that_costs_the_same(given: Futures, view: ScenarioView) -> float | None:
    """The bonus, USD for each side, at which the awards of 90 days cost as much as in the forecast.

    None when there is none, or when nothing moves how many awards there are.

    Raises:
        ScenarioError: as ``beside_base``.
    """
    moved = view.conversion or view.points or view.invitations or view.window or view.qualifying
    if not moved or not given.is_known:
        return None
    return break_even_bonus(given.paths, given.options, view.to_levers())


def over_budget(given: Futures, view: ScenarioView) -> tuple[float, float] | None:
    """Shares of futures, 0 to 1, in which awards of 90 days cost more than the budget: of the scenario and the base.

    None without a budget or a forecast.

    Raises:
        ScenarioError: as ``beside_base``.
    """
    if view.budget is None or not given.is_known:
        return None
    of = (view.budget, given.paths, given.published, given.options)
    return chance_above(*of, view.to_levers()), chance_above(*of)


def for_export(snapshot: Snapshot, view: ScenarioView = BASE) -> pd.DataFrame:
    """``beside_base`` out of a snapshot."""
    return beside_base(futures(snapshot), view)
