"""The health of the data in one sentence and five numbers."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
from dash import html
from dash.development.base_component import Component

from dash_app.components.kpi_card import kpi_card
from dash_app.filters import day_text
from dash_app.formats import count, plural, rate

#: Key of a definition -> its text.
Means = Callable[[str], str]


def headline(run: pd.Series, conformance: pd.DataFrame, beyond: pd.DataFrame, unusual: pd.DataFrame) -> html.P:
    """What wants a hand, or that nothing does."""
    refused, gone = conformance["files_refused"].sum(), conformance["files_missing"].sum()
    wants = [
        *([f"{plural(refused, 'file')} refused"] if refused else []),
        *([f"{plural(gone, 'file')} gone after the load"] if gone else []),
        *([f"{plural(run['warnings'], 'test')} warned"] if run["warnings"] else []),
        *([f"{plural(beyond['rows_beyond'].sum(), 'row')} too late for the facts"] if len(beyond) else []),
        *([f"{plural(unusual['activity_date'].nunique(), 'day')} with unusual numbers"] if len(unusual) else []),
    ]
    text = f"To look at: {', '.join(wants)}." if wants else "Everything that was delivered is in the facts."
    return html.P(text, className="headline")


def kpi_cards(
    run: pd.Series, conformance: pd.DataFrame, lateness: pd.DataFrame, beyond: pd.DataFrame, means: Means
) -> html.Div:
    """Frames of ``queries.health``."""
    rows, bad = conformance["row_count"].sum(), conformance["rows_quarantined"].sum()
    refused = conformance["files_refused"].sum()
    landed = lateness[["rows_on_time", "rows_late", "rows_beyond"]].to_numpy().sum()
    late = lateness[["rows_late", "rows_beyond"]].to_numpy().sum()
    cards: list[Component] = [
        kpi_card(
            "kpi-run", "Last run", day_text(run["published_at"]), means("health_run"),
            note=f"at {run['published_at']:%H:%M} UTC; "
            f"{'all days' if run['full_refresh'] else 'days from ' + str(run['window_start'].date())} built, "
            f"{plural(run['models'], 'table')}",
        ),
        kpi_card(
            "kpi-tests", "Tests passed", count(run["tests"] - run["warnings"]), means("health_tests"),
            note=f"of {count(run['tests'])}; {count(run['warnings'])} warned",
        ),
        kpi_card(
            "kpi-files", "Files delivered", count(conformance["files"].sum()), means("health_deliveries"),
            note=f"{count(refused)} refused",
        ),
        kpi_card(
            "kpi-quarantine", "Rows in quarantine", count(bad), means("health_conformance"),
            note=rate(bad, rows, "rows"),
        ),
        kpi_card(
            "kpi-late", "Rows that came late", count(late), means("health_lateness"),
            note=f"{rate(late, landed, 'rows')}; {count(beyond['rows_beyond'].sum())} not in the facts",
        ),
    ]  # fmt: skip
    return html.Div(cards, className="kpis")
