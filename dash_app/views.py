"""The views of the app, six and the health of their data: where they are and which filters they follow."""

from __future__ import annotations

from typing import NamedTuple

from dash_app.filters import NARROWINGS


class View(NamedTuple):
    """One entry of the navigation."""

    name: str
    path: str
    title: str
    short: str
    #: Those of ``filters.NARROWINGS`` that its figures follow; all follow the period.
    narrowed_by: tuple[str, ...] = ()


VIEWS = {
    view.name: view
    for view in (
        View("executive", "/", "Executive Overview", "Executive", narrowed_by=NARROWINGS),
        View("product", "/product", "Product", "Product", narrowed_by=("user_type",)),
        View("referral", "/referral-program", "Referral Program", "Referrals", narrowed_by=("user_type",)),
        View("finance", "/finance-forecast", "Finance Forecast", "Finance"),
        View("network", "/network-effects", "Network Effects", "Network", narrowed_by=("user_type", "state")),
        View("trust", "/trust-safety", "Trust & Safety", "Trust"),
        View("health", "/data-health", "Data Health", "Health"),
    )
}
