"""Scenarios as a pure function of published tables: fct_forecast_path, fct_reward_forecast_total, fct_policy_option.

The forecast itself takes its totals from here, so that a scenario without changes equals it to the cent.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from include.errors import CartonCapsError

MEASURES = ("awards_usd", "redemptions_usd", "liability_usd")
HORIZONS = (30, 60, 90)
SIDES = ("referrer", "referred")
#: Columns of a forecast, each with the share of futures below it; ``expected`` is the mean.
QUANTILES = {"lower_80": 0.1, "upper_80": 0.9, "lower_95": 0.025, "upper_95": 0.975}
FIGURES = ("expected", *QUANTILES)
_SEED = 20260102


class ScenarioError(CartonCapsError):
    """A lever that cannot be pulled; the message names it and the values it takes."""


@dataclass(frozen=True)
class Levers:
    """What is changed; the defaults change nothing.

    ``conversion_factor`` multiplies the conversion of invitations sent from T on (1.2: a fifth more), and
    ``conversion_points`` is added to it in percentage points. ``volume_factor`` multiplies those invitations,
    ``redemption_factor`` every redemption. A bonus in USD per side holds for all that falls due after T; None keeps
    what is expected. ``window_hours`` and ``qualifying`` are rules of the programme, as fct_policy_option lists them.
    """

    conversion_factor: float = 1.0
    conversion_points: float = 0.0
    volume_factor: float = 1.0
    redemption_factor: float = 1.0
    referrer_bonus_usd: float | None = None
    referred_bonus_usd: float | None = None
    window_hours: int | None = None
    qualifying: str | None = None

    def __post_init__(self) -> None:
        for name in ("conversion_factor", "volume_factor", "redemption_factor"):
            if not 0 <= getattr(self, name) <= 10:
                raise ScenarioError(f"{name} is {getattr(self, name)}: give a factor from 0 to 10; 1 changes nothing.")
        for name in ("referrer_bonus_usd", "referred_bonus_usd"):
            bonus = getattr(self, name)
            if bonus is not None and not 0 <= bonus <= 1000:
                raise ScenarioError(f"{name} is {bonus}: give USD from 0 to 1000, or nothing to keep the bonus.")


NO_CHANGE = Levers()


def totals(paths: pd.DataFrame, levers: Levers = NO_CHANGE, options: pd.DataFrame | None = None) -> pd.DataFrame:
    """One row per measure and horizon: the totals of the simulated futures under ``levers``.

    ``paths`` is fct_forecast_path; ``options`` is fct_policy_option, wanted for rules and percentage points. Columns:
    measure, horizon_days, expected, lower_80, upper_80, lower_95, upper_95; USD, rounded to the cent. Awards and
    redemptions are totals over the horizon, the liability is what is owed at its end.

    Raises:
        ScenarioError: a rule that ``options`` does not list, or points without a known conversion.
    """
    rows = []
    for horizon in HORIZONS:
        of_horizon = paths[paths["horizon_days"] == horizon]
        for measure, values in outcomes(of_horizon, levers, options).items():
            rows.append({"measure": measure, "horizon_days": horizon, **figures(values)})
    return pd.DataFrame(rows, columns=["measure", "horizon_days", *FIGURES])


def figures(values: np.ndarray) -> dict[str, float]:
    """Mean and intervals of simulated totals, rounded to the cent; 0 without any."""
    if not len(values):
        return dict.fromkeys(FIGURES, 0.0)
    found = {"expected": values.mean(), **{name: np.quantile(values, share) for name, share in QUANTILES.items()}}
    return {name: round(float(value), 2) for name, value in found.items()}


def scenario(
    paths: pd.DataFrame, published: pd.DataFrame, options: pd.DataFrame, levers: Levers = NO_CHANGE
) -> pd.DataFrame:
    """The published totals under ``levers``: rows and columns as ``totals``.

    Where a rival is published, because it scores better, its totals move by the factor by which the pipeline model's
    do. ``published`` is fct_reward_forecast_total.
    """
    base, changed = totals(paths), totals(paths, levers, options)
    keys = ["measure", "horizon_days"]
    of_published = base[keys].merge(published, on=keys, how="left", validate="one_to_one")
    result = base[keys].copy()
    for name in FIGURES:
        before, after = base[name].to_numpy(float), changed[name].to_numpy(float)
        shown = of_published[name].to_numpy(float)
        factor = np.divide(after, before, out=np.ones_like(after), where=before != 0)
        result[name] = np.round(np.where(before != 0, shown * factor, shown + after), 2)
    return result


def chance_above(
    budget_usd: float,
    paths: pd.DataFrame,
    published: pd.DataFrame,
    options: pd.DataFrame,
    levers: Levers = NO_CHANGE,
    measure: str = "awards_usd",
    horizon: int = 90,
) -> float:
    """The share of futures in which the measure's total over the horizon is above the budget, 0 to 1."""
    of_horizon = paths[paths["horizon_days"] == horizon]
    if of_horizon.empty:
        return 0.0
    ours = outcomes(of_horizon, NO_CHANGE, options)[measure].mean()
    shown = published[(published["measure"] == measure) & (published["horizon_days"] == horizon)]["expected"]
    factor = float(shown.iloc[0]) / ours if len(shown) and round(float(ours), 2) else 1.0
    return float(np.mean(outcomes(of_horizon, levers, options)[measure] * factor > budget_usd))


def break_even_bonus(
    paths: pd.DataFrame,
    options: pd.DataFrame,
    levers: Levers,
    horizon: int = 90,
    total_usd: float | None = None,
) -> float | None:
    """The bonus, one amount for both sides, at which the scenario's expected awards are ``total_usd``.

    Without ``total_usd`` they are to equal those of the forecast without changes: what a better conversion would have
    to save per bonus to cost nothing. None when the awards already due exceed the total, or nothing new is awarded.
    """
    of_horizon = paths[paths["horizon_days"] == horizon]
    if of_horizon.empty:
        return None
    target = outcomes(of_horizon, NO_CHANGE, options)["awards_usd"].mean() if total_usd is None else total_usd
    factor = _send_factor(of_horizon, levers, options)
    due = sum(of_horizon[f"due_{side}_usd"].mean() for side in SIDES)
    awards = 0.0
    for side in SIDES:
        price = of_horizon[f"price_{side}_usd"].to_numpy(float)
        usd = of_horizon[f"pipeline_{side}_usd"] + of_horizon[f"new_{side}_usd"].to_numpy(float) * factor
        awards += float(np.divide(usd, price, out=np.zeros_like(price), where=price > 0).mean())
    if awards <= 0 or target < due:
        return None
    return round(float((target - due) / awards), 2)


def outcomes(paths: pd.DataFrame, levers: Levers, options: pd.DataFrame | None) -> dict[str, np.ndarray]:
    """Totals of each future by measure, shape (paths,), of the rows of one horizon."""
    factor = _send_factor(paths, levers, options)
    before, after = np.zeros(len(paths)), np.zeros(len(paths))
    for side in SIDES:
        due, pipeline, new = (paths[f"{source}_{side}_usd"].to_numpy(float) for source in ("due", "pipeline", "new"))
        price = paths[f"price_{side}_usd"].to_numpy(float)
        bonus = getattr(levers, f"{side}_bonus_usd")
        worth = (
            np.ones(len(paths)) if bonus is None else np.divide(bonus, price, out=np.zeros_like(price), where=price > 0)
        )
        before += due + pipeline + new
        after += due + (pipeline + new * factor) * worth
    grows = np.divide(after, before, out=np.ones_like(after), where=before > 0)
    spent = (paths["redeemed_outstanding_usd"] + paths["redeemed_future_usd"].to_numpy(float) * grows) * np.float64(
        levers.redemption_factor
    )
    withheld = paths["withheld_outstanding_usd"] + paths["withheld_future_usd"].to_numpy(float) * grows
    unpaid = paths["unpaid_gained_usd"].to_numpy(float) * grows - paths["unpaid_settled_usd"].to_numpy(float)
    liability = paths["liability_start_usd"].to_numpy(float) + after - spent - withheld + unpaid
    return {"awards_usd": after, "redemptions_usd": spent.to_numpy(float), "liability_usd": liability.to_numpy(float)}


def _send_factor(paths: pd.DataFrame, levers: Levers, options: pd.DataFrame | None) -> np.ndarray:
    """What invitations sent from T on bring beside the forecast, per future."""
    factor = np.full(len(paths), levers.conversion_factor * levers.volume_factor)
    if levers.conversion_points:
        current = _option(options, None, None)
        rate = current["eligible_referrals"] / current["referrals"] if current["referrals"] else 0.0
        if rate <= 0:
            raise ScenarioError(
                "conversion_points needs a known conversion, and no mature referral has been eligible yet: "
                "give conversion_factor instead."
            )
        factor = factor * max(rate + levers.conversion_points / 100, 0.0) / rate
    if levers.window_hours is not None or levers.qualifying is not None:
        option = _option(options, levers.window_hours, levers.qualifying)
        factor = factor * _rule_factor(len(paths), _option(options, None, None), option)
    return factor


def _option(options: pd.DataFrame | None, window_hours: int | None, qualifying: str | None) -> pd.Series:
    """The row of fct_policy_option with those rules; None stands for the rule in force."""
    if options is None or options.empty:
        raise ScenarioError("Rules and percentage points need fct_policy_option, which is empty: build it first.")
    current = options[options["is_in_force"]].iloc[0]
    hours = current["window_hours"] if window_hours is None else window_hours
    action = current["qualifying"] if qualifying is None else qualifying
    found = options[(options["window_hours"] == hours) & (options["qualifying"] == action)]
    if found.empty:
        known = ", ".join(f"{row.window_hours} h {row.qualifying}" for row in options.itertuples())
        raise ScenarioError(f"No option with {hours} h and {action}: choose from {known}.")
    return found.iloc[0]


def _rule_factor(paths: int, current: pd.Series, option: pd.Series) -> np.ndarray:
    """Eligible referrals under other rules beside those in force, per future: gamma draws of what is won and lost."""
    kept, won, lost = (
        float(option["eligible_in_both"]),
        float(option["eligible_referrals"] - option["eligible_in_both"]),
        float(current["eligible_referrals"] - option["eligible_in_both"]),
    )
    if won == 0 and lost == 0:
        return np.ones(paths)
    rng = np.random.default_rng(_SEED)
    draws = {name: rng.gamma(value + 0.5, size=paths) for name, value in (("kept", kept), ("won", won), ("lost", lost))}
    won_draw = draws["won"] if won else np.zeros(paths)
    lost_draw = draws["lost"] if lost else np.zeros(paths)
    return np.asarray((draws["kept"] + won_draw) / (draws["kept"] + lost_draw))
