"""Which early behaviours go with a later outcome, among users who are alike otherwise: stratified odds ratios."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd
from statsmodels.stats.contingency_tables import StratifiedTable
from statsmodels.stats.multitest import multipletests

#: Expected share of false ones among the associations that are called.
FALSE_DISCOVERY_RATE = 0.10
#: Fewer users on either side of a candidate say too little to be tested.
LEAST_USERS = 20

STRATA = ("cohort_month", "marketing_channel", "user_type")


@dataclass(frozen=True)
class Question:
    """An outcome, the behaviours that may drive it, and those of them that every other one is compared within.

    What is compared within is chosen by what the programme is, not by what turned out: the two qualifying actions are
    its purpose and most other early behaviours come along with them. See docs/decisions/0014-fair-drivers.md.
    """

    outcome: str
    candidates: tuple[str, ...]
    compared_within: tuple[str, ...]


QUESTIONS = (
    Question(
        "retained",
        (
            "linked_school", "scanned_receipt", "added_payment", "viewed_incentive", "sent_invite",
            "opened_on_three_days", "uses_ios", "is_verified",
        ),
        ("linked_school", "scanned_receipt"),
    ),
    Question(
        "activated",
        ("completed_onboarding", "added_payment", "viewed_incentive", "sent_invite", "uses_ios", "is_verified"),
        ("completed_onboarding",),
    ),
)  # fmt: skip

COLUMNS = [
    "outcome", "candidate", "users_with", "reached_with", "users_without", "reached_without",
    "crude_odds_ratio", "crude_odds_ratio_low", "crude_odds_ratio_high",
    "informative_users", "odds_ratio", "odds_ratio_low", "odds_ratio_high", "p_value", "p_value_adjusted",
    "is_associated",
]  # fmt: skip


@dataclass(frozen=True)
class Association:
    """A pooled odds ratio with its 95 % interval and p-value, and how many users had anything to say about it."""

    odds_ratio: float
    low: float
    high: float
    p_value: float
    informative_users: int


UNKNOWN = Association(math.nan, math.nan, math.nan, math.nan, 0)


def drivers(behaviours: pd.DataFrame) -> pd.DataFrame:
    """One row per outcome and candidate, in the order of ``QUESTIONS``; columns ``COLUMNS``.

    ``behaviours`` has one row per outcome and user: the columns of ``STRATA``, has_outcome, and one of booleans per
    candidate. The crude odds ratio compares within the strata alone; the other within the qualifying actions too.
    ``is_associated`` keeps the false discovery rate over the candidates of one outcome; it is missing without a test.
    """
    tables = [_of_question(question, behaviours) for question in QUESTIONS]
    return pd.concat(tables, ignore_index=True)[COLUMNS]


def _of_question(question: Question, behaviours: pd.DataFrame) -> pd.DataFrame:
    users = behaviours[behaviours["outcome"] == question.outcome].sort_values("user_id")
    users = users.assign(group=users.groupby(list(STRATA), dropna=False).ngroup())  # once, for all candidates
    rows = []
    for candidate in question.candidates:
        did, reached = users[candidate].to_numpy(bool), users["has_outcome"].to_numpy(bool)
        within = [name for name in question.compared_within if name != candidate]
        crude = association(users, candidate, ("group",))
        adjusted = association(users, candidate, ("group", *within))
        rows.append(
            {
                "outcome": question.outcome,
                "candidate": candidate,
                "users_with": int(did.sum()),
                "reached_with": int((did & reached).sum()),
                "users_without": int((~did).sum()),
                "reached_without": int((~did & reached).sum()),
                "crude_odds_ratio": crude.odds_ratio,
                "crude_odds_ratio_low": crude.low,
                "crude_odds_ratio_high": crude.high,
                "informative_users": adjusted.informative_users,
                "odds_ratio": adjusted.odds_ratio,
                "odds_ratio_low": adjusted.low,
                "odds_ratio_high": adjusted.high,
                "p_value": adjusted.p_value,
            }
        )
    table = pd.DataFrame(rows)
    tested = table["p_value"].notna().to_numpy()
    table["p_value_adjusted"] = np.nan
    table["is_associated"] = pd.Series([None] * len(table), dtype="boolean")
    if tested.any():
        # Benjamini and Yekutieli 2001: behaviours of the same users go together, and not always in one direction
        called, adjusted_p, _, _ = multipletests(
            table.loc[tested, "p_value"], alpha=FALSE_DISCOVERY_RATE, method="fdr_by"
        )
        table.loc[tested, "p_value_adjusted"] = adjusted_p
        table.loc[tested, "is_associated"] = called
    return table.round(9)


def association(users: pd.DataFrame, candidate: str, strata: tuple[str, ...]) -> Association:
    """The Mantel-Haenszel odds ratio of the outcome, with and without the candidate, within the strata.

    Interval after Robins, Breslow and Greenland (1986), test without continuity correction. A stratum in which all or
    none did it, or all or none reached the outcome, says nothing and is left out; unknown when none is left, or with
    fewer than ``LEAST_USERS`` users on either side.
    """
    did = users[candidate].to_numpy(bool)
    if min(did.sum(), (~did).sum()) < LEAST_USERS:
        return UNKNOWN
    stratum = users.groupby(list(strata), sort=True, dropna=False).ngroup().to_numpy()
    reached = users["has_outcome"].to_numpy(bool)
    # cell order of a stratum's table: did and reached, did and not, did not and reached, did not and not
    cell = 2 * ~did + ~reached
    counts = np.bincount(4 * stratum + cell, minlength=4 * (stratum.max() + 1)).reshape(-1, 2, 2)
    says_something = (counts.sum(axis=1) > 0).all(axis=1) & (counts.sum(axis=2) > 0).all(axis=1)
    informative = counts[says_something]
    # without a pair of unlike users on both diagonals the ratio is 0, infinite or undefined
    if not len(informative) or min((informative[:, 0, 0] * informative[:, 1, 1]).sum(),
                                   (informative[:, 0, 1] * informative[:, 1, 0]).sum()) == 0:  # fmt: skip
        return UNKNOWN
    pooled = StratifiedTable(np.moveaxis(informative, 0, 2).astype(float))
    low, high = pooled.oddsratio_pooled_confint()
    p_value = pooled.test_null_odds(correction=False).pvalue
    return Association(float(pooled.oddsratio_pooled), float(low), float(high), float(p_value), int(informative.sum()))
