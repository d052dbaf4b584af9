"""What anyone could forecast without a model of the programme: the rivals that the pipeline model has to beat.

Each forecasts daily awards, redemptions and the daily change of what is owed, from days as known at the origin.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from include.analytics.finance.forecast import Forecast, from_paths
from include.analytics.finance.known import Known
from include.analytics.finance.paths import HORIZON_DAYS
from include.scenarios.scenario import HORIZONS, MEASURES

#: Days of the past in, HORIZON_DAYS of the future out.
Repetition = Callable[[np.ndarray], np.ndarray]

PATHS = 300
SEED = 20260103
WEEK = 7
#: The automatic model costs with its history, and daily counts of half a year ago say little beside a weekly season.
FITTED_DAYS = 182
LEAST_DAYS = 4 * WEEK
DEFAULT_ERROR = 0.5  # of a total, as a share, while no total of the past can be compared with another


def series(known: Known) -> dict[str, np.ndarray]:
    """Daily awards, redemptions and change of what is owed, USD, as known at the origin."""
    change = known.awarded_usd - known.redeemed_usd - known.withheld_usd
    return dict(zip(MEASURES, (known.awarded_usd, known.redeemed_usd, change), strict=True))


def last_days(known: Known) -> Forecast:
    """The total of the next h days is that of the last h days: the past in a mirror."""
    return _repeated("last_days", known, lambda past: _fitted(past[::-1], HORIZON_DAYS), WEEK * 4)


def seasonal_naive(known: Known) -> Forecast:
    """Each day ahead repeats its weekday of the last seven days."""
    return _repeated("seasonal_naive", known, lambda past: np.resize(_fitted(past[-WEEK:], WEEK), HORIZON_DAYS), WEEK)


def auto_ets(known: Known) -> Forecast:
    """statsforecast's AutoETS with a week's season on each daily series; totals from its own simulated paths."""
    from statsforecast.models import AutoETS  # takes seconds to import

    futures = {}
    for place, (measure, past) in enumerate(series(known).items()):
        if np.ptp(past[-FITTED_DAYS:]) == 0:  # nothing to fit: AutoETS knows a constant and cannot simulate it
            futures[measure] = np.full((PATHS, HORIZON_DAYS), float(past[-1]))
            continue
        seed = SEED + known.origin.toordinal() * len(MEASURES) + place
        fitted = AutoETS(season_length=WEEK).fit(past[-FITTED_DAYS:].astype(float))
        futures[measure] = np.nan_to_num(np.asarray(fitted.simulate(h=HORIZON_DAYS, n_paths=PATHS, seed=seed), float))
    return from_paths("auto_ets", _levelled(futures, known))


def _fitted(past: np.ndarray, days: int) -> np.ndarray:
    """The first ``days`` values; what is missing is the mean."""
    filled = np.full(days, past.mean() if len(past) else 0.0)
    filled[: min(days, len(past))] = past[:days]
    return filled


def _repeated(model: str, known: Known, ahead: Repetition, least: int) -> Forecast:
    """A repetition of the past, with intervals as wide as its own errors on the totals of the past.

    A future is the repetition plus an error: a level for the whole horizon and a scatter by day, both normal, sized so
    that totals of 30 and of 7 days err as they have erred.
    """
    rng = np.random.default_rng([SEED, known.origin.toordinal(), least])
    futures = {}
    for measure, past in series(known).items():
        expected = ahead(past)
        level, scatter = _errors(past, ahead, least)
        shift = rng.normal(0.0, level, (PATHS, 1)) * np.sqrt(np.arange(1, HORIZON_DAYS + 1) / HORIZON_DAYS)
        futures[measure] = expected + shift + rng.normal(0.0, scatter, (PATHS, HORIZON_DAYS))
    return from_paths(model, _levelled(futures, known))


def _errors(past: np.ndarray, ahead: Repetition, least: int) -> tuple[float, float]:
    """Standard deviations, USD a day: of the level after 90 days, and of single days."""
    origins = range(len(past) - HORIZONS[0], least - 1, -WEEK)
    errors = [
        (past[origin : origin + HORIZONS[0]].sum() - ahead(past[:origin])[: HORIZONS[0]].sum()) / HORIZONS[0]
        for origin in origins
    ]
    scatter = float(np.std(past[-HORIZON_DAYS:])) if len(past) > 1 else 0.0
    if len(errors) < 3:
        return DEFAULT_ERROR * float(np.abs(past).mean() if len(past) else 0.0), scatter
    monthly = float(np.sqrt(np.mean(np.square(errors))))
    return monthly * float(np.sqrt(HORIZON_DAYS / HORIZONS[0])), scatter


def _levelled(futures: dict[str, np.ndarray], known: Known) -> dict[str, np.ndarray]:
    """Changes of what is owed, added up from what is owed at the origin."""
    return futures | {"liability_usd": known.liability_usd + np.cumsum(futures["liability_usd"], axis=1)}
