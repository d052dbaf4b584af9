"""Rewards that have been pending for more than 48 hours, split by whom they wait for."""

from __future__ import annotations

from statistics import median
from typing import TYPE_CHECKING

from include.alerts.finding import Finding, Segment, Severity
from include.alerts.snapshot import newest_day
from include.alerts.thresholds import threshold

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

USUAL_DAYS = 28

_PENDING = """
    select waiting_on, activity_date, rewards, amount_usd
    from gold.fct_reward_pending_day
    where activity_date <= ?
    order by waiting_on, activity_date
"""


def reward_findings(con: DuckDBPyConnection) -> list[Finding]:
    """One finding while a reward is late by the system's doing, or held; waiting on the user alone is nobody's fault.

    Critical when many more are late than lately: then awarding stands still.
    """
    day = newest_day(con)
    history: dict[str, list[tuple]] = {"system": [], "held": [], "user": []}
    for waiting_on, *row in con.execute(_PENDING, [day]).fetchall():
        history[waiting_on].append(tuple(row))
    if not history["system"]:
        return []
    now = {waiting_on: rows[-1][1] for waiting_on, rows in history.items()}
    if not now["system"] and not now["held"]:
        return []
    before = [rewards for _, rewards, _ in history["system"][:-1][-USUAL_DAYS:]]
    usual = median(before) if before else 0.0
    late_usd = history["system"][-1][2]
    if now["system"] > usual + threshold("pending_jump"):
        severity = Severity.CRITICAL
    else:
        severity = Severity.WARNING if now["system"] else Severity.INFO
    return [
        Finding(
            key="rewards_pending",
            severity=severity,
            title=f"{sum(now.values()):,} rewards pending for more than 48 hours: {now['system']:,} late by the system "
            f"(USD {late_usd:,.2f}), {now['held']:,} held, {now['user']:,} waiting on the user",
            day=day,
            advice="Award what is late: gold.fct_referral with award_state 'overdue', oldest eligible_at first. "
            "Decide what is held: the Trust & Safety page.",
            actual=now["system"],
            expected=usual,
            upper=usual + threshold("pending_jump"),
            history=tuple((of_day, float(rewards)) for of_day, rewards, _ in history["system"]),
            segments=tuple(
                Segment("waiting on", waiting_on, now[waiting_on], _usual(history[waiting_on]))
                for waiting_on in sorted(now, key=lambda name: -now[name])
            ),
            page="/finance-forecast",
        )
    ]


def _usual(rows: list[tuple]) -> float:
    before = [rewards for _, rewards, _ in rows[:-1][-USUAL_DAYS:]]
    return float(median(before)) if before else 0.0
