"""A referral programme made of known rates, as the tables that the forecast reads."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd

from include.analytics.finance.known import ForecastTables

FIRST = date(2024, 11, 4)  # so that spring, the time without a season, is forecast
APPLIES, COMPLETES, AWARDED, REDEEMED = 0.3, 0.8, 0.95, 0.6
BONUS = pd.DataFrame(
    {
        "reward_type": ["referrer_bonus", "referred_bonus"],
        "effective_from": pd.to_datetime(["2000-01-01", "2000-01-01"]),
        "amount_usd": [5.0, 5.0],
    }
)
NO_REFERRALS = pd.DataFrame(
    {
        name: pd.Series(dtype="datetime64[us]")
        for name in (
            "sent_date",
            "known_date",
            "sender_signup_date",
            "applied_date",
            "applied_known_date",
            "completed_date",
            "completed_known_date",
        )
    }
    | {"referrals": pd.Series(dtype="int64")}
)
NO_SIDES = pd.DataFrame(
    {"reward_type": pd.Series(dtype=object), "is_award": pd.Series(dtype=bool), "sides": pd.Series(dtype="int64")}
    | {
        name: pd.Series(dtype="datetime64[us]")
        for name in (
            "completed_date",
            "completed_known_date",
            "closed_date",
            "closed_known_date",
            "other_awarded_known_date",
        )
    }
)
NO_ENTRIES = pd.DataFrame(
    {"entry_type": pd.Series(dtype=object), "reward_type": pd.Series(dtype=object)}
    | {name: pd.Series(dtype="datetime64[us]") for name in ("entry_date", "known_date", "award_date")}
    | {"entries": pd.Series(dtype="int64"), "amount_usd": pd.Series(dtype=float)}
)
NO_SIGNUPS = pd.DataFrame(
    {name: pd.Series(dtype="datetime64[us]") for name in ("signup_date", "known_date")}
    | {"users": pd.Series(dtype="int64")}
)
EMPTY = ForecastTables(NO_REFERRALS, NO_SIDES, NO_ENTRIES, NO_SIGNUPS, BONUS)


def programme(seed: int, days: int, newcomers: float = 20.0, invites: float = 1.5) -> ForecastTables:
    """``newcomers`` people sign up a day and send ``invites`` invitations each over some 20 days; steady, seasonless.

    A twentieth of all rows lands one to seven days late.
    """
    rng = np.random.default_rng(seed)
    people = rng.poisson(newcomers, days)
    signup = np.repeat(np.arange(days), people)
    sender = np.repeat(signup, rng.poisson(invites, len(signup)))
    sent = sender + np.floor(rng.exponential(20.0, len(sender))).astype(int)
    n = len(sent)
    applied = np.where(rng.random(n) < APPLIES, sent + rng.geometric(0.6, n) - 1, -1)
    completed = np.where((applied >= 0) & (rng.random(n) < COMPLETES), applied + rng.geometric(0.5, n) - 1, -1)

    def landed(day: np.ndarray) -> np.ndarray:
        late = np.where(rng.random(len(day)) < 0.05, rng.integers(1, 8, len(day)), 0)
        return np.where(day >= 0, day + late, -1)

    known = landed(sent)
    applied_known = np.where(applied >= 0, np.maximum(landed(applied), known), -1)
    completed_known = np.where(completed >= 0, np.maximum(landed(completed), applied_known), -1)
    referrals = pd.DataFrame(
        {
            "sent_date": dates(sent),
            "known_date": dates(known),
            "sender_signup_date": dates(sender),
            "applied_date": dates(applied),
            "applied_known_date": dates(applied_known),
            "completed_date": dates(completed),
            "completed_known_date": dates(completed_known),
            "referrals": 1,
        }
    )
    done, done_known = completed[completed >= 0], completed_known[completed >= 0]
    closed = {
        side: np.where(rng.random(len(done)) < AWARDED, done + rng.geometric(0.7, len(done)) - 1, -1) for side in (0, 1)
    }
    closed_known = {side: landed(closed[side]) for side in (0, 1)}
    sides, entries = [], []
    for side, name in enumerate(("referrer_bonus", "referred_bonus")):
        sides.append(
            pd.DataFrame(
                {
                    "reward_type": name,
                    "completed_date": dates(done),
                    "completed_known_date": dates(done_known),
                    "closed_date": dates(closed[side]),
                    "closed_known_date": dates(closed_known[side]),
                    "is_award": closed[side] >= 0,
                    "other_awarded_known_date": dates(closed_known[1 - side]),
                    "sides": 1,
                }
            )
        )
        paid = closed[side] >= 0
        award, award_known = closed[side][paid], closed_known[side][paid]
        spent = np.where(
            rng.random(len(award)) < REDEEMED, award + np.floor(rng.exponential(25.0, len(award))).astype(int), -1
        )
        spent_known = np.maximum(landed(spent), np.where(spent >= 0, award_known, -1))
        entries.append(_entries("awarded", name, award, award_known, award))
        entries.append(_entries("redeemed", name, spent[spent >= 0], spent_known[spent >= 0], award[spent >= 0]))
    by_day = pd.DataFrame(
        {"signup_date": dates(np.arange(days)), "known_date": dates(np.arange(days)), "users": people}
    )
    return ForecastTables(
        referrals, pd.concat(sides, ignore_index=True), pd.concat(entries, ignore_index=True), by_day, BONUS
    )


def _entries(kind: str, side: str, day: np.ndarray, known: np.ndarray, award: np.ndarray) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "entry_type": kind,
            "reward_type": side,
            "entry_date": dates(day),
            "known_date": dates(known),
            "award_date": dates(award),
            "entries": 1,
            "amount_usd": 5.0,
        }
    )


def dates(number: np.ndarray) -> pd.Series:
    """Days since FIRST as dates; missing when negative."""
    day = np.datetime64(FIRST, "us") + np.asarray(number).astype("timedelta64[D]").astype("timedelta64[us]")
    return pd.Series(np.where(np.asarray(number) >= 0, day, np.datetime64("NaT")).astype("datetime64[us]"))


def day(number: int) -> date:
    """The day so many days after FIRST."""
    return FIRST + timedelta(days=number)


def liability(tables: ForecastTables, days: int) -> pd.DataFrame:
    """fct_liability_day of the programme, without what is due and unpaid."""
    at = pd.to_datetime([day(number) for number in range(days)])
    entries = tables.entries

    def daily(kind: str) -> np.ndarray:
        chosen = entries[entries["entry_type"] == kind].groupby("entry_date")["amount_usd"].sum()
        return chosen.reindex(at, fill_value=0.0).to_numpy()

    frame = pd.DataFrame({"activity_date": at, "awarded_usd": daily("awarded"), "redeemed_usd": daily("redeemed")})
    frame["liability_usd"] = (frame["awarded_usd"] - frame["redeemed_usd"]).cumsum()
    return frame
