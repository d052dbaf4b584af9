"""How unusual somebody's numbers are among people of the same type, and which of many such findings to believe."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.stats import binom, false_discovery_control, nbinom, poisson

#: Others of one type and week from whom a mean and a spread can be taken; with fewer all weeks of the type are one.
FEWEST_OTHERS = 20
#: Who is this unlikely in a first pass does not tell what is usual in the second (nor does one honest person in 100).
STANDS_OUT = 0.01
#: Smallest digits differ between machines; a chance of 1e-12 is none.
DIGITS = 12


def newcomer_odds(weeks: pd.DataFrame) -> pd.DataFrame:
    """The chance of so many newcomers from one week's invitations, for everyone who brought any.

    ``weeks`` has one row per referrer and week: referrer_user_id, user_type, cohort_week, newcomers (1 or more). Those
    beyond the first are compared with a negative binomial distribution whose mean and variance are those of the *other*
    referrers of that type and week (by moments; a Poisson distribution when they scatter no more than that), so that
    nobody hides behind their own burst. Back-to-school weeks are judged by back-to-school weeks. Who stands out in a
    first pass does not count as one of the others in the second: bursts do not hide each other.

    Returns referrer_user_id, cohort_week, newcomers, expected_newcomers, chance (of so many or more) and
    chance_after_all, the same after Benjamini and Hochberg's correction among all referrers of that week; ordered.
    """
    rows = weeks.sort_values(["referrer_user_id", "cohort_week"], ignore_index=True)
    beyond = rows["newcomers"].astype(float) - 1
    counts = pd.Series(True, index=rows.index)
    others, chance = pd.DataFrame(), pd.Series(dtype=float)
    for _ in range(2):
        by_week = _others(beyond, counts, [rows["user_type"], rows["cohort_week"]])
        by_type = _others(beyond, counts, [rows["user_type"]])
        others = by_week.where(by_week["count"] >= FEWEST_OTHERS, by_type)
        chance = pd.Series(upper_tail(beyond, others["mean"], others["variance"]), index=rows.index, dtype=float)
        counts = chance > STANDS_OUT
    return pd.DataFrame(
        {
            "referrer_user_id": rows["referrer_user_id"],
            "cohort_week": rows["cohort_week"],
            "newcomers": rows["newcomers"],
            "expected_newcomers": (1 + others["mean"]).round(DIGITS),
            "chance": chance.round(DIGITS),
            "chance_after_all": chance.groupby(rows["cohort_week"]).transform(believable).round(DIGITS),
        }
    )


def silence_odds(referrers: pd.DataFrame) -> pd.DataFrame:
    """The chance of so many silent newcomers below one referrer.

    ``referrers`` has one row per referrer: referrer_user_id, user_type, newcomers, silent_newcomers. Compared with a
    binomial distribution whose share is that of the *other* referrers' newcomers of that type. Referrers who stand out
    in a first pass do not count as others in the second: a few rings would make silence look usual.

    Returns the columns given and usual_share, chance and chance_after_all (Benjamini and Hochberg, among all
    referrers); ordered by referrer_user_id.
    """
    rows = referrers.sort_values("referrer_user_id", ignore_index=True)
    counts = rows["newcomers"].astype(float), rows["silent_newcomers"].astype(float)
    is_usual = pd.Series(True, index=rows.index)
    share = chance = pd.Series(dtype=float)
    for _ in range(2):
        newcomers, silent = (
            column.where(is_usual, 0).groupby(rows["user_type"]).transform("sum") - column.where(is_usual, 0)
            for column in counts
        )
        share = (silent + 1) / (newcomers + 2)  # Laplace: nobody known makes one half, not nothing
        chance = pd.Series(binom.sf(counts[1] - 1, counts[0], share), index=rows.index, dtype=float)
        is_usual = chance > STANDS_OUT
    return rows.assign(
        usual_share=share.round(DIGITS), chance=chance.round(DIGITS), chance_after_all=believable(chance).round(DIGITS)
    )


def upper_tail(count: pd.Series, mean: pd.Series, variance: pd.Series) -> np.ndarray:
    """P(X >= count): negative binomial by moments, size = mean^2 / (variance - mean); Poisson if not overdispersed."""
    spreads = variance > mean
    size = (mean**2 / (variance - mean)).where(spreads, 1.0)
    overdispersed = nbinom.sf(count - 1, size, (mean / variance).where(spreads, 0.5))
    return np.where(spreads, overdispersed, poisson.sf(count - 1, mean))


def believable(chances: pd.Series) -> pd.Series:
    """Benjamini-Hochberg adjusted chances: those at or below q hold at most a share q of false ones, on average."""
    if chances.empty:
        return chances
    return pd.Series(false_discovery_control(chances.clip(0, 1)), index=chances.index)


def _others(values: pd.Series, counts: pd.Series, groups: list[pd.Series]) -> pd.DataFrame:
    """Per row: count, mean and variance of the other counting rows of its group.

    Mean and variance are drawn towards one more row of value 1, so that none is 0 where nobody else is known.
    """
    counted = counts.astype(float)
    moments = [counted, values * counted, values**2 * counted]
    count, total, squares = (moment.groupby(groups).transform("sum") - moment for moment in moments)
    mean = (total + 1) / (count + 1)
    variance = ((squares + 1) / (count + 1) - mean**2).clip(lower=0)
    return pd.DataFrame({"count": count, "mean": mean, "variance": variance})
