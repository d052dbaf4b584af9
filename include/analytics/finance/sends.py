"""Simulated invitations: people invite by their age, some friends apply, and become people who invite."""

from __future__ import annotations

import numpy as np

from include.analytics.finance.development import from_pending, timing
from include.analytics.finance.draws import draw_counts, draw_levels
from include.analytics.finance.known import Known
from include.analytics.finance.volume import by_age, exposures, fit_volume, joined_by_day

#: People who come by invitation from the origin on, at most, beside the people known then (or SMALL_PROGRAMME). Where
#: each seems to bring more than one, as after a few days of history, a simulated future would grow without end.
MOST_GROWTH = 10.0
SMALL_PROGRAMME = 100.0


def simulate_sends(rng: np.random.Generator, known: Known, to_apply: np.ndarray, days: int) -> np.ndarray:
    """Invitations a day from the origin on, (paths, days); ``to_apply``: hazards by age of invitation (paths, ages)."""
    paths = len(to_apply)
    fit = fit_volume(known)
    applies = timing(to_apply)[0]
    ahead = exposures(np.concatenate([joined_by_day(known), np.zeros(days)]))[known.days :] @ fit.rate
    rate = by_age(fit.rate, days)
    sends_level, strangers_level = (
        draw_levels(rng, level, paths, days) * level.season.on(known.origin, days)
        for level in (fit.sends, fit.strangers)
    )
    daily_strangers = np.maximum(known.signups - known.joined_by_referral, 0.0).mean()
    joins = draw_counts(rng, strangers_level * daily_strangers, fit.strangers.dispersion)
    joins += from_pending(known.apply.pending, to_apply, days)
    sends = np.zeros((paths, days))
    room = np.full((paths, 1), MOST_GROWTH * max(joined_by_day(known).sum(), SMALL_PROGRAMME))
    for day in range(days):
        base = ahead[day] + joins[:, : day + 1] @ rate[day::-1]
        sends[:, day] = draw_counts(rng, sends_level[:, day] * base, fit.sends.dispersion)
        reach = min(days - day, applies.shape[1])
        brought = sends[:, day : day + 1] * applies[:, :reach]  # same day included
        brought *= np.minimum(room / np.maximum(brought.sum(axis=1, keepdims=True), 1.0), 1.0)
        room = np.maximum(room - brought.sum(axis=1, keepdims=True), 0.0)
        joins[:, day : day + reach] += brought
    return sends
