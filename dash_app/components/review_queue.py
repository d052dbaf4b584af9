"""The queue of review cases: what to look at first, page by page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import dash_bootstrap_components as dbc
import pandas as pd
from dash import html
from dash.development.base_component import Component

from dash_app.components.aria import aria
from dash_app.components.figure_card import csv_link, figure_card
from dash_app.components.states import nothing
from dash_app.components.table import Columns, table
from dash_app.components.trust_words import reasons
from dash_app.filters import day_text
from dash_app.formats import count, plural, usd
from dash_app.trust_view import KINDS, STATUSES, TrustView
from include.reviews.decision import Decision

STATUS, KIND, AREA = "trust-status", "trust-kind", "trust-queue-area"
#: Types of the ids of buttons that open a case and turn to a page, and of what says that a decision is pending.
OPEN, TURN, BADGE = "trust-open", "trust-turn", "trust-badge"
PAGE_SIZE = 8

_ID, _TITLE = "trust-queue", "Review queue: the greatest expected loss first"
_STATUSES = {
    "open": "Open",
    "news": "Decided, new evidence",
    "held": "Held",
    "confirmed": "Confirmed",
    "cleared": "Cleared",
    "all": "All",
}
_KINDS = {"all": "All", "abuse": "Abuse", "payment_error": "Mistakes in the ledger"}
_COLUMNS: Columns = {
    "case_id": ("Case", None),
    "state": ("State", None),
    "why": ("Signals", None),
    "score": ("Score", count),
    "users": ("People", count),
    "referrals": ("Referrals", count),
    "amount_at_risk_usd": ("At risk", usd),
    "expected_loss_usd": ("Expected loss", usd),
    "first": ("First seen", None),
}


def queue_card(view: TrustView, area: Sequence[Component], means: str) -> html.Section:
    """The choices, which keep their place while the list below them changes."""
    choices = html.Div(
        [
            _choice("Status", STATUS, STATUSES, _STATUSES, view.status),
            _choice("Kind", KIND, KINDS, _KINDS, view.kind),
        ],
        className="graph-controls mb-2",
        role="group",
        **aria(label="Which cases"),
    )
    return figure_card(_ID, _TITLE, means, html.Div([choices, html.Div([*area], id=AREA)]))


def queue_area(
    rows: pd.DataFrame, view: TrustView, chosen: str | None, waiting: Mapping[str, Decision], csv_href: str
) -> list[Component]:
    """One page of the queue. Needs ``queries.trust.queue``; ``waiting``: pending decisions by case."""
    if rows.empty:
        return [nothing(f"No case is here: {_STATUSES[view.status].lower()}, kind {_KINDS[view.kind].lower()}.")]
    pages = -(-len(rows) // PAGE_SIZE)
    page = min(view.page, pages)
    first = (page - 1) * PAGE_SIZE
    shown = rows.iloc[first : first + PAGE_SIZE]
    items = [html.Li(_item(row, row["case_id"] == chosen, waiting)) for row in shown.to_dict("records")]
    told = shown.assign(
        why=shown["reasons"].map(reasons),
        first=shown["first_detected_at"].map(day_text),
    )
    range_text = f"{first + 1} to {first + len(shown)} of {plural(len(rows), 'case')}"
    return [
        html.Div(
            [html.P(range_text, className="figure-caption"), csv_link(_ID, _TITLE, csv_href)], className="figure-head"
        ),
        html.Ol(items, className="queue", start=str(first + 1)),
        html.Div([_turn("Previous", page - 1, page > 1), _turn("Next", page + 1, page < pages)], className="turns"),
        html.Details(
            [html.Summary("Show as table"), table(told, _COLUMNS, _TITLE)], className="twin", id=f"{_ID}-table"
        ),
    ]


def pending_badge(decision: Decision | None) -> list[html.Span]:
    """What waits for the next run, if anything."""
    if decision is None:
        return []
    return [html.Span(f"{decision.decision}, pending until the next run", className="badge-pending")]


def _item(row: dict, is_chosen: bool, waiting: Mapping[str, Decision]) -> html.Button:
    state = "" if row["state"] == "open" else f" · {row['state']}"
    state += " · new evidence since" if row["has_news_since_decision"] else ""
    people = plural(row["users"], "person", "people") if row["users"] else "the ledger alone"
    return html.Button(
        [
            html.Span(
                [
                    html.Span(row["case_id"], className="queue-case"),
                    html.Span(usd(row["amount_at_risk_usd"]), className="bar-number"),
                ],
                className="bar-text",
            ),
            html.Span(reasons(row["reasons"]), className="queue-why"),
            html.Span(
                f"Score {row['score']} ({row['severity']}) · {people}, {plural(row['referrals'], 'referral')}{state}",
                className="bar-detail",
            ),
            html.Span(pending_badge(waiting.get(row["case_id"])), id={"type": BADGE, "case": row["case_id"]}),
        ],
        id={"type": OPEN, "case": row["case_id"]},
        type="button",
        className="queue-item chosen" if is_chosen else "queue-item",
        **aria(current="true" if is_chosen else "false"),
    )


def _turn(text: str, page: int, is_there: bool) -> html.Button:
    return html.Button(
        text,
        id={"type": TURN, "page": page},
        type="button",
        disabled=not is_there,
        className="btn btn-sm btn-link filter-reset",
    )


def _choice(text: str, control_id: str, values: Sequence[str], names: Mapping[str, str], value: str) -> html.Div:
    options = [{"label": names[choice], "value": choice} for choice in values]
    select = dbc.Select(id=control_id, options=options, value=value, size="sm")
    return html.Div([html.Label(text, htmlFor=control_id, className="filter-label"), select], className="filter")
