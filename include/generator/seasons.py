"""When things happen: weekday, school year and holidays across days, and the hour within a day. UTC throughout."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np

DAY_SECONDS = 86_400
UNIX_EPOCH = date(1970, 1, 1)

WEEKDAY_FACTOR = (0.94, 0.92, 0.94, 0.97, 1.00, 1.16, 1.07)  # Monday first: people shop on Saturday
MONTH_FACTOR = (1.02, 1.00, 1.00, 0.98, 0.97, 0.78, 0.70, 1.18, 1.22, 1.08, 1.00, 0.92)  # January first
HOLIDAYS = {(1, 1): 0.60, (7, 4): 0.65, (12, 24): 0.70, (12, 25): 0.45, (12, 31): 0.75}
THANKSGIVING_FACTOR, LONG_WEEKEND_FACTOR = 0.55, 0.80
SENDING_MONTH_FACTOR = (0.80, 0.75, 0.75, 0.75, 0.70, 0.55, 0.60, 1.00, 1.00, 0.85, 0.75, 0.65)  # kept share of invites
# Hours 0 to 23 UTC: an American evening is the small hours, an American morning the afternoon.
HOUR_WEIGHT = (9, 8, 7, 5, 3, 2, 1, 1, 1, 1, 2, 3, 5, 6, 6, 6, 6, 7, 7, 7, 8, 9, 10, 10)
PROMOTION_FACTOR_PERCENT = 80  # of the list price, for one product in six in any week
PROMOTION_TURNS = 6
RELEASE_EVERY_DAYS = 28


def day_number(day: date) -> int:
    """Days since 1970-01-01."""
    return (day - UNIX_EPOCH).days


def to_date(number: int) -> date:
    """The inverse of day_number."""
    return UNIX_EPOCH + timedelta(days=int(number))


def activity_factor(day: int) -> float:
    """How busy the day is; about 1 on the average day of a year."""
    moment = to_date(day)
    holiday = HOLIDAYS.get((moment.month, moment.day), 1.0) * _moving_holiday(moment)
    return WEEKDAY_FACTOR[moment.weekday()] * MONTH_FACTOR[moment.month - 1] * holiday


def _moving_holiday(moment: date) -> float:
    """Thanksgiving, and Memorial and Labor Day."""
    if moment.month == 11 and moment.weekday() == 3 and 22 <= moment.day <= 28:
        return THANKSGIVING_FACTOR
    last_of_may = moment.month == 5 and moment.day > 24
    first_of_september = moment.month == 9 and moment.day <= 7
    return LONG_WEEKEND_FACTOR if moment.weekday() == 0 and (last_of_may or first_of_september) else 1.0


def kept_invites(sent_at: np.ndarray) -> np.ndarray:
    """The share of intended invitations that are really sent, by month; shape of ``sent_at`` (seconds)."""
    months = sent_at.astype("datetime64[s]").astype("datetime64[M]").astype(int) % 12
    return np.array(SENDING_MONTH_FACTOR)[months]


def seconds_of_day(rng: np.random.Generator, count: int) -> np.ndarray:
    """Moments within a day by the hourly profile, in seconds from 0 to 86,399."""
    edges = np.concatenate(([0.0], np.cumsum(HOUR_WEIGHT) / sum(HOUR_WEIGHT)))
    hours = np.interp(rng.random(count), edges, np.arange(25))
    return np.minimum((hours * 3600).astype(np.int64), DAY_SECONDS - 1)


def app_version(day: int) -> str:
    """The version most people run that day: one release every 28 days."""
    release = day // RELEASE_EVERY_DAYS
    return f"{release // 100}.{release % 100}.0"


def promotion_turn(day: np.ndarray) -> np.ndarray:
    """Which of PROMOTION_TURNS groups of products is on promotion; changes weekly."""
    return day // 7 % PROMOTION_TURNS


def is_promoted(product_ids: np.ndarray, day: np.ndarray | int) -> np.ndarray:
    """Whether each product is on promotion that day."""
    return (product_ids + day // 7) % PROMOTION_TURNS == 0
