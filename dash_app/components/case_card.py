"""One case: what was seen in sentences, its people, its rows, and the form to decide."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pandas as pd
from dash import html
from dash.development.base_component import Component

from dash_app.components.figure_card import csv_link, figure_card
from dash_app.components.states import nothing
from dash_app.components.table import Columns, table
from dash_app.components.trust_words import evidence, name, outcome
from dash_app.filters import day_text
from dash_app.formats import count, moment, plural, usd

AREA, DECISION, CANVAS, FACTS = "trust-case-area", "trust-decision", "trust-canvas", "trust-facts"

_ID = "trust-case"
_SENTENCES_SHOWN = 6
_LISTED = 12
_SIGNALS: Columns = {
    "what": ("Signal", None),
    "about": ("About", None),
    "score": ("Points", count),
    "amount_at_risk_usd": ("At risk", usd),
    "at": ("Complete", None),
    "seen": ("What was seen", None),
}
_REFERRALS: Columns = {
    "referral_id": ("Referral", None),
    "referrer_user_id": ("Referrer", None),
    "referred": ("Referred", None),
    "channel": ("Channel", None),
    "sent": ("Sent", None),
    "applied": ("Applied", None),
    "ending": ("How it stands", None),
    "award_state": ("Award", None),
    "paid_usd": ("Paid, not withheld", usd),
}


def no_case(case_id: str | None, means: str) -> html.Section:
    """Nothing is chosen, or a case that is not there."""
    text = "Choose a case in the queue." if case_id is None else f"There is no case {case_id} in the newest build."
    return figure_card(_ID, "Case", means, nothing(text))


def case_card(
    case: pd.Series,
    signals: pd.DataFrame,
    referrals: pd.DataFrame,
    people: Sequence[Component],
    decision: Sequence[Component],
    means: str,
    signals_csv: str,
    referrals_csv: str,
) -> html.Section:
    """Needs ``queries.trust_case`` case, signals and referrals; ``people`` is what the people graph drew, ``decision``
    the form with what is pending.
    """
    title = f"Case {case['case_id']}: {usd(case['amount_at_risk_usd'])} at risk"
    content = html.Div(
        [
            html.P(_state(case), className="figure-caption"),
            html.Ul(_sentences(signals), className="evidence"),
            html.P(id=FACTS, className="figure-caption facts", role="status"),
            html.Div([*people]),
            _rows(f"{_ID}-signals", "Signals", _told_signals(signals), _SIGNALS, signals_csv),
            _rows(f"{_ID}-referrals", "Referrals", _told_referrals(referrals), _REFERRALS, referrals_csv),
            html.Div([*decision], id=DECISION),
        ]
    )
    return figure_card(_ID, title, means, content)


def _state(case: pd.Series) -> str:
    who = f"{plural(case['users'], 'person', 'people')}, " if case["users"] else ""
    seen = f"first seen {day_text(case['first_detected_at'])}, last {day_text(case['last_detected_at'])}"
    said = "Open. "
    if case["state"] != "open":
        why = case["decision_reason"] or "no reason given"
        news = "Evidence came since: look again. " if case["has_news_since_decision"] else ""
        said = f"{case['state'].capitalize()} {day_text(case['decided_at'])}: “{why}”. {news}"
    score = f"Score {case['score']} of 100 ({case['severity']}), so {usd(case['expected_loss_usd'])} expected loss."
    return f"{said}{who}{plural(case['referrals'], 'referral')}; {seen}. {score} "


def _sentences(signals: pd.DataFrame) -> list[html.Li]:
    lines = [
        html.Li(
            [
                html.Strong(f"{name(row['signal_type'])} ({row['score']} points): "),
                evidence(row["signal_type"], row["evidence_json"]),
            ]
        )
        for row in signals.head(_SENTENCES_SHOWN).to_dict("records")
    ]
    more = len(signals) - _SENTENCES_SHOWN
    return [*lines, *([html.Li(f"{plural(more, 'more signal')} in the table of signals.")] if more > 0 else [])]


def _rows(part_id: str, title: str, rows: pd.DataFrame, columns: Columns, csv_href: str) -> html.Div:
    summary = html.Summary(f"{title} as table ({count(len(rows))})")
    details = html.Details([summary, table(rows, columns, title, _LISTED)], className="twin", id=f"{part_id}-table")
    return html.Div([details, csv_link(part_id, title, csv_href)], className="figure-head")


def _told_signals(signals: pd.DataFrame) -> pd.DataFrame:
    records = signals.to_dict("records")
    return signals.assign(
        what=signals["signal_type"].map(name),
        about=[f"{row['entity_type']} {row['entity_id']}" for row in records],
        at=signals["detected_at"].map(moment),
        seen=[evidence(row["signal_type"], row["evidence_json"]) for row in records],
    )


def _told_referrals(referrals: pd.DataFrame) -> pd.DataFrame:
    return referrals.assign(
        referred=[_or_dash(user, lambda known: str(int(known))) for user in referrals["referred_user_id"]],
        sent=[_or_dash(at, day_text) for at in referrals["sent_at"]],
        applied=[_or_dash(at, day_text) for at in referrals["applied_at"]],
        channel=referrals["channel"].str.replace("_", " "),
        ending=referrals["rule_outcome"].map(outcome),
    )


def _or_dash(value: Any, write: Callable[[Any], str]) -> str:
    return "-" if pd.isna(value) else write(value)
