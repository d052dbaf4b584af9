"""What was known at the start of a day: counts by day and age, from rows that had landed before it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from include.analytics.finance.life_table import SETTLING_DAYS, Development, life_table

#: Ages in days after which a referral takes no further step, and after which an award is no longer redeemed.
STEP_AGES = 60
REDEMPTION_AGES = 180
SIDES = ("referrer_bonus", "referred_bonus")
RECENT_AWARDS = 30  # of a side: what one award is worth now


@dataclass(frozen=True)
class ForecastTables:
    """The tables that the forecast reads, each the dbt model ``int_forecast_<field>``; dates are datetime64 columns.

    ``due`` is judged by all that is known at T: it is None for every other origin. ``bonus`` is ``int_bonus_periods``.
    """

    referrals: pd.DataFrame
    sides: pd.DataFrame
    entries: pd.DataFrame
    signups: pd.DataFrame
    bonus: pd.DataFrame
    due: pd.DataFrame | None = None
    liability_usd: float | None = None


@dataclass(frozen=True)
class Known:
    """All that a forecast made at ``origin`` (00:00 of that day) may use. Day arrays have shape (days,), oldest first.

    Money in USD. ``sends_by_age[d, a]`` counts invitations of day d by senders who had been exposed for a days.
    """

    origin: date
    signups: np.ndarray
    joined_by_referral: np.ndarray
    founders: int
    sends: np.ndarray
    sends_by_age: np.ndarray
    awarded_usd: np.ndarray
    redeemed_usd: np.ndarray
    withheld_usd: np.ndarray
    first_awards: np.ndarray
    awards: np.ndarray
    apply: Development
    complete: Development
    award: Development
    redeem: Development
    withhold: Development
    due: Development | None
    award_usd: dict[str, float]
    side_share: dict[str, float]
    stuck_share: float
    liability_usd: float
    bonus: pd.DataFrame

    @property
    def days(self) -> int:
        """Days of history."""
        return len(self.sends)


def known_at(tables: ForecastTables, origin: date) -> Known:
    """What had landed before ``origin``; an empty history gives arrays of length 0."""
    at = np.datetime64(origin, "D")
    referrals = _landed(tables.referrals, at, "known_date", "sent_date")
    sides = _landed(tables.sides, at, "completed_known_date", "completed_date")
    entries = _landed(tables.entries, at, "known_date", "entry_date")
    signups = _landed(tables.signups, at, "known_date", "signup_date")
    for step in ("applied", "completed"):
        _hide(referrals, at, f"{step}_known_date", f"{step}_date")
    _hide(sides, at, "closed_known_date", "closed_date")
    landings = [frame["known_date"].min() for frame in (referrals, entries, signups) if len(frame)]
    first = min(landings).to_datetime64().astype("datetime64[D]") if landings else at - np.timedelta64(1, "D")
    days = int((at - first).astype(int))

    def day_of(column: pd.Series) -> np.ndarray:
        """Positions in history; days before it are day 0, missing days -1."""
        values = column.to_numpy("datetime64[D]")
        missing = np.isnat(values)
        position = np.clip((np.where(missing, first, values) - first).astype(int), 0, max(days - 1, 0))
        return np.where(missing, -1, position)

    sent, count = day_of(referrals["sent_date"]), referrals["referrals"].to_numpy(float)
    applied, completed = day_of(referrals["applied_date"]), day_of(referrals["completed_date"])
    joined_on = day_of(signups["signup_date"])
    users = signups["users"].to_numpy(float)
    is_founder = signups["signup_date"].to_numpy("datetime64[D]") < first
    sender = day_of(referrals["sender_signup_date"])
    exposed_for = np.where(sender >= 0, sent - np.minimum(sender, sent), sent)
    side_count = sides["sides"].to_numpy(float)
    side_done, side_closed = day_of(sides["completed_date"]), day_of(sides["closed_date"])
    is_award = sides["is_award"].to_numpy(bool) & (side_closed >= 0)
    amount, number = entries["amount_usd"].to_numpy(float), entries["entries"].to_numpy(float)
    entry_day, award_day = day_of(entries["entry_date"]), day_of(entries["award_date"])
    kind = entries["entry_type"].to_numpy(str)
    awarded, redeemed, withheld = (kind == name for name in ("awarded", "redeemed", "withheld"))

    def by_day(position: np.ndarray, weight: np.ndarray) -> np.ndarray:
        # as floats: without any rows a count is whole
        return np.bincount(position[position >= 0], weight[position >= 0], minlength=days)[:days].astype(float)

    def money(chosen: np.ndarray, ages: int) -> Development:
        """Redemptions or withholdings, in USD, by age of the award they answer."""
        exposure = by_day(entry_day[awarded], amount[awarded])
        return life_table(
            days,
            ages,
            starts=np.concatenate([np.arange(days), award_day[chosen]]),
            ends=np.concatenate([np.full(days, -1), entry_day[chosen]]),
            weight=np.concatenate([exposure, amount[chosen]]),
            is_unit=np.concatenate([np.ones(days, bool), np.zeros(int(chosen.sum()), bool)]),
        )

    sends_by_age = np.zeros((days, days))
    np.add.at(sends_by_age, (sent, exposed_for), count)
    award = life_table(days, STEP_AGES, side_done, side_closed, side_count, ends_matter=is_award)
    due = _due_at(tables.due, day_of, days) if tables.due is not None else None
    stuck_sides, stuck_share = _stuck(sides, at, side_done, side_closed, is_award, side_count, days)
    prices = {side: _recent_amount(entries, awarded, side, tables.bonus, at) for side in SIDES}
    closing = amount[awarded].sum() - amount[redeemed].sum() - amount[withheld].sum()
    if tables.liability_usd is not None:
        liability = tables.liability_usd
    else:
        liability = closing + sum(stuck_sides[side] * bonus_on(tables.bonus, side, at) for side in SIDES)
    sides_awarded = {side: number[awarded & (entries["reward_type"].to_numpy(str) == side)].sum() for side in SIDES}
    total = sum(sides_awarded.values())
    return Known(
        origin=origin,
        signups=by_day(joined_on[~is_founder], users[~is_founder]),
        joined_by_referral=by_day(applied, count),
        founders=int(users[is_founder].sum()),
        sends=by_day(sent, count),
        sends_by_age=sends_by_age,
        awarded_usd=by_day(entry_day[awarded], amount[awarded]),
        redeemed_usd=by_day(entry_day[redeemed], amount[redeemed]),
        withheld_usd=by_day(entry_day[withheld], amount[withheld]),
        first_awards=by_day(side_closed[is_award], side_count[is_award]),
        awards=by_day(entry_day[awarded], number[awarded]),
        apply=life_table(days, STEP_AGES, sent, applied, count),
        complete=life_table(days, STEP_AGES, applied, completed, count),
        award=award,
        redeem=money(redeemed, REDEMPTION_AGES),
        withhold=money(withheld, STEP_AGES),
        due=due,
        award_usd=prices,
        side_share={side: sides_awarded[side] / total if total else 0.5 for side in SIDES},
        stuck_share=stuck_share,
        liability_usd=float(liability),
        bonus=tables.bonus,
    )


def _landed(frame: pd.DataFrame, at: np.datetime64, known: str, happened: str) -> pd.DataFrame:
    """The rows that had landed, and had happened, before ``at``."""
    return frame[(frame[known] < at) & (frame[happened] < at)].copy()


def _hide(frame: pd.DataFrame, at: np.datetime64, known: str, happened: str) -> None:
    """Forget what was not known before ``at`` yet."""
    frame.loc[~((frame[known] < at) & (frame[happened] < at)), happened] = pd.NaT


def _due_at(due: pd.DataFrame, day_of: Callable[[pd.Series], np.ndarray], days: int) -> Development:
    """Sides of eligible referrals, by age since they fell due."""
    closed = day_of(due["closed_date"])
    count = due["sides"].to_numpy(float)
    return life_table(
        days, STEP_AGES, day_of(due["eligible_date"]), closed, count, due["is_award"].to_numpy(bool) & (closed >= 0)
    )


def _stuck(
    sides: pd.DataFrame,
    at: np.datetime64,
    done: np.ndarray,
    closed: np.ndarray,
    is_award: np.ndarray,
    count: np.ndarray,
    days: int,
) -> tuple[dict[str, float], float]:
    """Unpaid sides whose other side has been paid, by side; and their number per award among settled referrals.

    A referral that was paid once was judged payable: its open side is owed. It is the one verdict that the ledger of a
    past day tells by itself.
    """
    old = done <= days - 1 - 2 * SETTLING_DAYS
    owed = (closed < 0) & (sides["other_awarded_known_date"] < at).to_numpy(bool) & old
    names = sides["reward_type"].to_numpy(str)
    awards = count[is_award & old].sum()
    share = count[owed].sum() / awards if awards else 0.0
    return {side: float(count[owed & (names == side)].sum()) for side in SIDES}, float(share)


def _recent_amount(
    entries: pd.DataFrame, awarded: np.ndarray, side: str, bonus: pd.DataFrame, at: np.datetime64
) -> float:
    """Mean USD of the last awards of a side; the bonus in force when there is none."""
    mine = entries[awarded & (entries["reward_type"].to_numpy(str) == side)]
    if mine.empty:
        return bonus_on(bonus, side, at)
    days = mine.groupby("entry_date")[["entries", "amount_usd"]].sum().sort_index(ascending=False)
    counted = days["entries"].astype(float).cumsum()
    recent = days[(counted.shift(fill_value=0.0) < RECENT_AWARDS)]
    return float(recent["amount_usd"].astype(float).sum() / recent["entries"].astype(float).sum())


def bonus_on(bonus: pd.DataFrame, side: str, at: np.datetime64) -> float:
    """USD of one bonus of that side in force at the start of a day; 5.00 where the seed says nothing."""
    return float(bonuses_on(bonus, side, np.array([at]))[0])


def bonuses_on(bonus: pd.DataFrame, side: str, days: np.ndarray) -> np.ndarray:
    """The same for many days, shape of ``days`` (datetime64)."""
    mine = bonus[bonus["reward_type"] == side].sort_values("effective_from")
    amounts = np.concatenate([[5.0], mine["amount_usd"].to_numpy(float)])
    begins = mine["effective_from"].to_numpy("datetime64[us]")
    return np.asarray(amounts[np.searchsorted(begins, days.astype("datetime64[us]"), side="right")])
