"""Every figure as a CSV file: ``/export/<figure>.csv`` with the filters of the page in its query string."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, NamedTuple
from urllib.parse import urlencode

import pandas as pd
from flask import Flask, Response, request

from dash_app import network_view, scenario_view, trust_view
from dash_app.access.gate import may_see_trust
from dash_app.filters import Bounds, Filters, parse
from dash_app.queries import (
    executive,
    finance,
    growth,
    health,
    network,
    product,
    referral,
    referral_tree,
    restatements,
    rows,
    scenario,
    school_network,
    spreading,
    trust,
    trust_case,
    trust_signals,
)
from dash_app.queries.coverage import bounds
from dash_app.queries.rows import BEHIND, TooManyRows
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
    "referral-schools": referral.schools,
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
    "health-conformance": health.conformance,
    "health-deliveries": health.deliveries,
    "health-lateness": health.lateness,
    "health-beyond": _whatever_the_filters(health.beyond),
    "health-warnings": _whatever_the_filters(health.warnings),
    "health-drift": _whatever_the_filters(health.drift),
    "health-unusual": health.unusual,
    "network-chain": network.k,
    "network-change": network.change,
    "network-generations": network.generations,
    "network-pairs": network.next_generation,
    "network-reproduction": network.reproduction,
    "network-spreaders": spreading.spreaders,
    "network-offspring": spreading.offspring,
    "network-cascades": spreading.cascades,
    "network-scorecard": school_network.scorecard,
    "trust-types": trust_signals.by_type,
    "trust-weeks": trust_signals.by_week,
    "trust-clusters": _whatever_the_filters(trust_signals.clusters),
    "trust-overdue": _whatever_the_filters(trust.overdue),
    "trust-rules": _whatever_the_filters(trust.rules),
}


def rows_of(name: str) -> str:
    """The file with the rows behind a number, see ``queries.rows``."""
    return f"{name}-rows"


def _rows_behind(name: str) -> Query:
    return lambda snapshot, filters, _bounds: rows.for_export(name, snapshot, filters)


FIGURES |= {rows_of(name): _rows_behind(name) for name in BEHIND}

#: Kind of graph -> what it draws.
GRAPHS: dict[str, Callable[[Snapshot, network_view.NetworkView], pd.DataFrame]] = {
    "tree": lambda snapshot, view: referral_tree.tree(snapshot, view, may_see_trust()),
    "schools": school_network.flows,
}
DRAWN = "network-drawn"
SCENARIO = "finance-scenario"


_View = network_view.NetworkView | scenario_view.ScenarioView | trust_view.TrustView


class _Chosen(NamedTuple):
    """A file that follows a view's own choices, whatever the filters."""

    parse: Callable[[object], tuple[Any, list[str]]]
    rows: Callable[[Snapshot, Any], pd.DataFrame]
    name: Callable[[Any], str]


def _of_case(query: Callable[[Snapshot, str], pd.DataFrame], name: str) -> _Chosen:
    return _Chosen(
        trust_view.parse,
        lambda snapshot, view: query(snapshot, view.case or ""),
        lambda view: f"trust-{name}_{view.case or 'no-case'}",
    )


CHOSEN: dict[str, _Chosen] = {
    DRAWN: _Chosen(
        network_view.parse,
        lambda snapshot, view: GRAPHS[view.graph](snapshot, view),
        lambda view: f"network-{view.graph}",
    ),
    SCENARIO: _Chosen(scenario_view.parse, scenario.for_export, lambda _view: SCENARIO),
    "trust-queue": _Chosen(trust_view.parse, trust.queue, lambda view: f"trust-queue_{view.status}_{view.kind}"),
    "trust-case-signals": _of_case(trust_case.signals, "signals"),
    "trust-case-referrals": _of_case(trust_case.referrals, "referrals"),
    "trust-case-people": _of_case(trust_case.people, "people"),
}


def href(figure: str, filters: Filters | None = None) -> str:
    """The address of a figure's file under the filters that are shown."""
    if figure not in FIGURES:
        raise KeyError(f"{figure} has no export. Add it to FIGURES in dash_app/exports.py.")
    query = urlencode(filters.to_params()) if filters else ""
    return f"/export/{figure}.csv" + (f"?{query}" if query else "")


def chosen_href(figure: str, view: _View) -> str:
    """The address of the file of what a view has chosen."""
    query = urlencode(view.to_params())
    return f"/export/{figure}.csv" + (f"?{query}" if query else "")


def to_csv(rows: pd.DataFrame) -> str:
    """RFC 4180, raw numbers, ISO days; text that a spreadsheet would run is led by an apostrophe."""
    safe = rows.copy()
    for name in safe.select_dtypes(include="object"):
        safe[name] = safe[name].map(_harmless)
    return str(safe.to_csv(index=False, lineterminator="\r\n", date_format="%Y-%m-%d"))


def register(server: Flask) -> None:
    """Add the route to the server."""
    server.add_url_rule("/export/<figure>.csv", "export", _export)


def _export(figure: str) -> Response:
    chosen, query = CHOSEN.get(figure), FIGURES.get(figure)
    if chosen:
        return _export_chosen(chosen)
    if query is None:
        return words(f"There is no export of this name. There are: {', '.join((*FIGURES, *CHOSEN))}.", 404)

    def asked(snapshot: Snapshot) -> _Asked:
        covered = bounds(snapshot)
        filters, notices = parse(request.args, covered)
        return _Asked(notices, _file_name(figure, filters), lambda: query(snapshot, filters, covered))

    return _file(asked)


def _export_chosen(chosen: _Chosen) -> Response:
    def asked(snapshot: Snapshot) -> _Asked:
        view, notices = chosen.parse(request.args)
        return _Asked(notices, f"{chosen.name(view)}.csv", lambda: chosen.rows(snapshot, view))

    return _file(asked)


def _file(asked: Callable[[Snapshot], _Asked]) -> Response:
    try:
        file = asked(current())
        if file.notices:  # a file must not quietly hold something else than was asked for
            return words(" ".join(file.notices), 400)
        text = to_csv(file.rows())
    except NoSnapshot as error:
        return words(f"Nothing has been published yet: {error}.", 503)
    except QueryTookTooLong as error:
        return words(str(error), 503)
    except (ScenarioError, TooManyRows) as error:
        return words(str(error), 400)
    return Response(
        text,
        mimetype="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{file.name}"'},
    )


def _file_name(figure: str, filters: Filters) -> str:
    told = "".join(
        f"_{name}-{value}" if name in ("school", "fraud") else f"_{value}"
        for name, value in filters.narrowed_to.items()
        if value is not None
    )
    extra = re.sub(r"[^\w-]", "", told, flags=re.ASCII)  # a channel may be named anything
    return f"{figure}_{filters.start}_{filters.end}{extra}.csv"


def _harmless(cell: object) -> object:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA_STARTS) else cell


def words(text: str, status: int) -> Response:
    """An answer in a sentence."""
    return Response(text + "\n", status=status, mimetype="text/plain; charset=utf-8")
