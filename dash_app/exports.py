"""Every figure as a CSV file: ``/export/<figure>.csv`` with the filters of the page in its query string."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple
from urllib.parse import urlencode

import pandas as pd
from flask import Flask, Response, request

from dash_app import network_view, scenario_view
from dash_app.filters import Bounds, Filters, parse
from dash_app.queries import (
    executive,
    finance,
    growth,
    network,
    product,
    referral,
    referral_tree,
    restatements,
    scenario,
    school_network,
    spreading,
    to_date,
)
from dash_app.queries.coverage import bounds
from dash_app.queries.snapshot import NoSnapshot, QueryTookTooLong, Snapshot, current
from include.scenarios.scenario import ScenarioError

#: A spreadsheet takes a cell that starts so for a formula, and a school may be named by anybody.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")

Query = Callable[[Snapshot, Filters, Bounds], pd.DataFrame]


class _Asked(NamedTuple):
    """A file that a link asks for; ``notices`` say what of the link cannot be followed."""

    notices: list[str]
    name: str
    rows: Callable[[], pd.DataFrame]


def _whatever_the_filters(query: Callable[[Snapshot], pd.DataFrame]) -> Query:
    return lambda snapshot, _filters, _bounds: query(snapshot)


FIGURES: dict[str, Query] = {
    "executive-kpis": lambda *asked: executive.kpis(*asked).rename_axis("measure").rename("value").reset_index(),
    "executive-targets": growth.targets,
    "executive-growth": growth.accounts,
    "executive-drivers": growth.drivers,
    "executive-trend": executive.trend,
    "executive-schools": executive.schools,
    "executive-states": executive.states,
    "product-onboarding": product.onboarding,
    "product-onboarding-by": product.onboarding_by,
    "product-first-action": product.first_action,
    "product-opportunity": product.opportunity,
    "product-scans": product.scan_weeks,
    "product-failures": product.failures,
    "product-drivers": product.drivers,
    "product-retention": product.retention,
    "referral-funnel": referral.funnel,
    "referral-channels": referral.channels,
    "referral-cohorts": referral.cohorts,
    "referral-endings": referral.endings,
    "referral-windows": referral.hours,
    "referral-latency": referral.latencies,
    "finance-forecast": finance.forecast,
    "finance-totals": finance.totals,
    "finance-scores": finance.scores,
    "finance-flows": finance.flows,
    "finance-costs": finance.costs,
    "finance-roll-forward": finance.roll_forward,
    "finance-restatements": restatements.restated,
    "network-chain": network.k,
    "network-change": network.change,
    "network-generations": network.generations,
    "network-pairs": network.next_generation,
    "network-reproduction": network.reproduction,
    "network-spreaders": spreading.spreaders,
    "network-offspring": spreading.offspring,
    "network-cascades": spreading.cascades,
    "network-scorecard": school_network.scorecard,
    "trust-suspicious": _whatever_the_filters(to_date.suspicious),
}

#: Kind of graph -> what it draws; its file is of the graph that the link chooses, whatever the filters.
GRAPHS: dict[str, Callable[[Snapshot, network_view.NetworkView], pd.DataFrame]] = {
    "tree": referral_tree.tree,
    "schools": school_network.flows,
}
DRAWN = "network-drawn"
SCENARIO = "finance-scenario"


def href(figure: str, filters: Filters | None = None) -> str:
    """The address of a figure's file under the filters that are shown."""
    if figure not in FIGURES:
        raise KeyError(f"{figure} has no export. Add it to FIGURES in dash_app/exports.py.")
    query = urlencode(filters.to_params()) if filters else ""
    return f"/export/{figure}.csv" + (f"?{query}" if query else "")


def drawn_href(view: network_view.NetworkView) -> str:
    """The address of the file of what a graph draws."""
    query = urlencode(view.to_params())
    return f"/export/{DRAWN}.csv" + (f"?{query}" if query else "")


def scenario_href(view: scenario_view.ScenarioView) -> str:
    """The address of the file of a scenario beside the forecast."""
    query = urlencode(view.to_params())
    return f"/export/{SCENARIO}.csv" + (f"?{query}" if query else "")


def to_csv(rows: pd.DataFrame) -> str:
    """RFC 4180, raw numbers, ISO days; text that a spreadsheet would run is led by an apostrophe."""
    safe = rows.copy()
    for name in safe.select_dtypes(include="object"):
        safe[name] = safe[name].map(_harmless)
    return str(safe.to_csv(index=False, lineterminator="\r\n", date_format="%Y-%m-%d"))


def register(server: Flask) -> None:
    """Add the route to the server."""
    server.add_url_rule("/export/<figure>.csv", "export", _export)
    server.add_url_rule(f"/export/{DRAWN}.csv", "export_drawn", _export_drawn)
    server.add_url_rule(f"/export/{SCENARIO}.csv", "export_scenario", _export_scenario)


def _export(figure: str) -> Response:
    query = FIGURES.get(figure)
    if query is None:
        return _words(f"There is no export of this name. There are: {', '.join((*FIGURES, DRAWN, SCENARIO))}.", 404)

    def asked(snapshot: Snapshot) -> _Asked:
        covered = bounds(snapshot)
        filters, notices = parse(request.args, covered)
        return _Asked(notices, _file_name(figure, filters), lambda: query(snapshot, filters, covered))

    return _file(asked)


def _export_drawn() -> Response:
    def asked(snapshot: Snapshot) -> _Asked:
        view, notices = network_view.parse(request.args)
        return _Asked(notices, f"network-{view.graph}.csv", lambda: GRAPHS[view.graph](snapshot, view))

    return _file(asked)


def _export_scenario() -> Response:
    def asked(snapshot: Snapshot) -> _Asked:
        view, notices = scenario_view.parse(request.args)
        return _Asked(notices, f"{SCENARIO}.csv", lambda: scenario.for_export(snapshot, view))

    return _file(asked)


def _file(asked: Callable[[Snapshot], _Asked]) -> Response:
    try:
        file = asked(current())
        if file.notices:  # a file must not quietly hold something else than was asked for
            return _words(" ".join(file.notices), 400)
        text = to_csv(file.rows())
    except NoSnapshot as error:
        return _words(f"Nothing has been published yet: {error}.", 503)
    except QueryTookTooLong as error:
        return _words(str(error), 503)
    except ScenarioError as error:
        return _words(str(error), 400)
    return Response(
        text,
        mimetype="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{file.name}"'},
    )


def _file_name(figure: str, filters: Filters) -> str:
    narrowed: Mapping[str, Any] = {"user_type": filters.user_type, "state": filters.state}
    extra = "".join(f"_{value}" for value in narrowed.values() if value)
    return f"{figure}_{filters.start}_{filters.end}{extra}.csv"


def _harmless(cell: object) -> object:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA_STARTS) else cell


def _words(text: str, status: int) -> Response:
    return Response(text + "\n", status=status, mimetype="text/plain; charset=utf-8")
