"""Days whose volume is unusual, as ``gold.fct_volume_day`` judges them."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from include.alerts.finding import Finding, Segment, Severity
from include.alerts.snapshot import newest_day

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

#: The whole of a kind of thing. When one of these is unusual its parts say why; a part alone touches fewer decisions.
LEADING_METRICS = ("events", "purchases", "referrals_sent", "rewards_awarded")
#: Event types that a leading metric counts as well: the same thing is not told twice.
SAME_AS = {
    "events.reward_awarded": "rewards_awarded",
    "events.invite_sent": "referrals_sent",
    "events.signup": "signups",
}
SEGMENTS_SHOWN = 5
#: Days of history beside a finding, for the small picture.
HISTORY_DAYS = 42

WORDS = {
    "events": "App events",
    "purchases": "Purchases",
    "referrals_sent": "Invitations sent",
    "rewards_awarded": "Rewards awarded",
    "signups": "New accounts",
    "signups.without_channel": "New accounts without a marketing channel",
}
ADVICE = {
    "nothing_arrived": "Nothing came. Look for the day's files in landing/, then ask the source.",
    "said_twice": "The feed repeats itself under new ids. Ask the source to stop and to name the ids to drop.",
    "remnant": "Nearly everything is missing. Look for cut or missing files of the day, then ask the source.",
    "appeared": "This did not happen before. Ask the source what changed on this day.",
    "outside_range": "Look at the parts that moved, and at releases, campaigns and feeds of the day.",
}

_ODD = """
    select metric, rule, actual, expected, lower, upper
    from gold.fct_volume_day
    where activity_date = ? and is_anomaly
    order by metric
"""
_HISTORY = """
    select activity_date, actual from gold.fct_volume_day
    where metric = ? and activity_date between ?::date - ? and ?::date
    order by activity_date
"""
_SEGMENTS = """
    select moved.dimension, coalesce(schools.name, moved.segment), moved.actual, moved.expected
    from gold.fct_volume_segment_day as moved
    left join gold.dim_school as schools
        on moved.dimension = 'school' and moved.segment = cast(schools.school_id as varchar)
    where moved.activity_date = ? and moved.metric = ? and moved.expected is not null
    order by abs(moved.actual - moved.expected) desc, moved.dimension, moved.segment
    limit ?
"""


def volume_findings(con: DuckDBPyConnection) -> list[Finding]:
    """One finding per unusual metric of the newest day."""
    day = newest_day(con)
    odd = con.execute(_ODD, [day]).fetchall()
    names = {row[0] for row in odd}
    return [_finding(con, day, *row) for row in odd if SAME_AS.get(row[0]) not in names]


def _finding(
    con: DuckDBPyConnection,
    day: date,
    metric: str,
    rule: str,
    actual: int,
    expected: float | None,
    lower: float | None,
    upper: float | None,
) -> Finding:
    history = con.execute(_HISTORY, [metric, day, HISTORY_DAYS - 1, day]).fetchall()
    segments = con.execute(_SEGMENTS, [day, metric, SEGMENTS_SHOWN]).fetchall()
    return Finding(
        key=f"volume:{metric}",
        severity=severity(metric, rule),
        title=f"{_words(metric)}: {actual:,}{_usual(lower, upper)}",
        day=day,
        advice=f"{ADVICE[rule]} Details: gold.fct_volume_day, metric {metric}.",
        actual=actual,
        expected=expected,
        lower=lower,
        upper=upper,
        history=tuple((of_day, float(count)) for of_day, count in history),
        segments=tuple(Segment(*segment) for segment in segments),
    )


def severity(metric: str, rule: str) -> Severity:
    """CRITICAL when a whole feed is unusual, or when a hard rule says that a part is gone or told twice; else WARNING.

    A part outside its usual range is more often people than a fault, and can wait for the next morning.
    """
    is_certain = rule in ("nothing_arrived", "said_twice", "remnant")
    return Severity.CRITICAL if metric in LEADING_METRICS or is_certain else Severity.WARNING


def _words(metric: str) -> str:
    return WORDS.get(metric) or metric.removeprefix("events.").replace("_", " ").capitalize()


def _usual(lower: float | None, upper: float | None) -> str:
    return "" if lower is None or upper is None else f", usually {lower:,.0f} to {upper:,.0f}"
