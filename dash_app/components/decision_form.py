"""The form in which a reviewer decides about a case."""

from __future__ import annotations

import dash_bootstrap_components as dbc
from dash import dcc, html
from dash.development.base_component import Component

from dash_app.access.gate import may_decide, who
from dash_app.components.aria import aria
from dash_app.components.review_queue import pending_badge
from dash_app.filters import short
from include.reviews.decision import REASON_MOST, REVIEWER_MOST, Decision

CASE, VERDICT, REASON, REVIEWER = "trust-form-case", "trust-verdict", "trust-reason", "trust-reviewer"
SUBMIT, MESSAGE = "trust-decide", "trust-message"
NOT_YOURS = "Decisions are for other groups than yours. Ask whoever runs this app."

_ABUSE = {
    "confirmed": "Confirmed: it is abuse",
    "cleared": "Cleared: nothing wrong",
    "held": "Held: wait for more",
}
_MISTAKE = _ABUSE | {"confirmed": "Confirmed: it is a mistake"}


def decision_area(case_id: str, case_kind: str, waiting: Decision | None, is_just_taken: bool) -> list[Component]:
    """What is pending, and the form: decision, reason and name. ``is_just_taken``: a moment ago, on this page.

    What was typed stays until it is decided, whatever is drawn anew meanwhile.
    """
    told: list[Component] = []
    if waiting:
        by = f" “{waiting.reason}” ({waiting.reviewer})"
        told = [html.P([*pending_badge(waiting), by], className="pending-line")]
    return [*told, _form(case_id, case_kind, waiting, is_just_taken)]


def _form(case_id: str, case_kind: str, waiting: Decision | None, is_just_taken: bool) -> html.Div:
    if not may_decide():
        return html.Div(html.P(NOT_YOURS), className="decision-form")
    names = _ABUSE if case_kind == "abuse" else _MISTAKE
    # A new key once a decision is pending: the next one starts empty.
    typed = f"{case_id}|{waiting.decided_at.isoformat() if waiting else ''}|{waiting.reason if waiting else ''}"
    kept = {"persistence": typed, "persistence_type": "session"}
    return html.Div(
        [
            dcc.Store(id=CASE, data=case_id),
            html.H3("Decide" if waiting is None else "Decide otherwise", className="part-title"),
            html.Fieldset(
                [
                    html.Legend("Decision", className="filter-label"),
                    dbc.RadioItems(
                        id=VERDICT,
                        options=[{"label": label, "value": verdict} for verdict, label in names.items()],
                        inline=True,
                        **kept,
                    ),
                ],
                className="filter",
            ),
            html.Label("Reason", htmlFor=REASON, className="filter-label"),
            dbc.Textarea(id=REASON, maxlength=REASON_MOST, rows=2, placeholder="What decided it", size="sm", **kept),
            html.Div(
                [
                    html.Div(
                        [
                            html.Label("Your name", htmlFor=REVIEWER, className="filter-label"),
                            _name(),
                        ],
                        className="filter",
                    ),
                    html.Button("Record the decision", id=SUBMIT, type="button", className="btn btn-sm decide"),
                ],
                className="graph-controls mt-2",
            ),
            html.Div([taken(waiting)] if waiting and is_just_taken else [], id=MESSAGE, role="status"),
        ],
        className="decision-form",
        role="group",
        **aria(label=f"Decision about {case_id}"),
    )


def _name() -> dbc.Input:
    """Who decides: whoever has logged in, else what is typed, and kept for the next time."""
    known = who()
    kept = {"persistence": True, "persistence_type": "local"} if known is None else {"value": known, "readonly": True}
    return dbc.Input(id=REVIEWER, type="text", maxlength=REVIEWER_MOST, autocomplete="name", size="sm", **kept)


def refused(reason: str) -> dbc.Alert:
    """Why nothing was decided."""
    return dbc.Alert(reason, color="warning", className="notice mt-2 mb-0")


def taken(decision: Decision) -> dbc.Alert:
    """The decision as it was written."""
    text = f"Recorded: {decision.case_id} {decision.decision}, “{short(decision.reason)}”. Pending until the next run."
    return dbc.Alert(text, color="success", className="notice mt-2 mb-0")
