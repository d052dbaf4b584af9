"""The people of a case, who invited whom and what they share: the picture, and the same people as a list."""

from __future__ import annotations

from typing import Any

import pandas as pd
from dash.development.base_component import Component

from dash_app.components.network_graph import Legend, edge, node, picture, places, sizes, tie_looks
from dash_app.components.states import nothing
from dash_app.components.table import Columns, table
from dash_app.components.template import PALETTES, Theme
from dash_app.filters import day_text
from dash_app.formats import count, plural

TIES = {"device": "share a device", "payment": "share a payment method", "email": "share a mailbox"}
_LISTED = 12
_ROLES = {"both": "invites, and was invited", "invites": "invites", "invited": "was invited", "other": "neither"}
_COLUMNS: Columns = {
    "user_id": ("User", None),
    "user_type": ("Type", None),
    "since": ("Since", None),
    "invited": ("Invited here", count),
    "active_days": ("Active days", count),
    "scans": ("Receipts scanned", count),
    "seen": ("Last active", None),
    "shares": ("Shares with", None),
}


def people_area(people: pd.DataFrame, ties: pd.DataFrame, canvas_id: str, csv: Component, theme: Theme) -> list[Any]:
    """At most as many people as ``people`` has. Needs ``queries.trust_case`` people and ties."""
    if people.empty:
        return [nothing("Nobody is known in this case.")]
    records = people.to_dict("records")
    shared = _shared(ties)
    roles = [_role(row) for row in records]
    palette = PALETTES[theme]
    shades = dict(zip(_ROLES, (palette.kinds[3], palette.alarm, palette.people, palette.muted), strict=True))
    ids = [row["user_id"] for row in records]
    pairs = [*zip(ties["low_user_id"].tolist(), ties["high_user_id"].tolist(), strict=True)]
    nodes = [
        node(row["user_id"], str(row["user_id"]), at, size, shades[role], _says(row, role, shared), "")
        for row, role, at, size in zip(
            records, roles, places(ids, pairs, wide=1.6), sizes([row["invited"] for row in records]), strict=True
        )
    ]
    lines = [
        edge(one, other, 2, "flow" if kind == "referral" else kind, f":{kind}")
        for (one, other), kind in zip(pairs, ties["kind"], strict=True)
    ]
    named: Legend = [(shades[role], said) for role, said in _ROLES.items() if role in roles] + [
        (colour, TIES[kind]) for kind, (colour, _) in tie_looks(theme).items() if kind in set(ties["kind"])
    ]
    twin = people.assign(
        since=[_day(row["signup_date"]) for row in records],
        seen=[_day(row["last_active"]) for row in records],
        shares=[shared.get(row["user_id"], "-") for row in records],
    )
    title = "People of the case"
    return picture(
        canvas_id, title, [_caption(records)], csv, nodes + lines, named, table(twin, _COLUMNS, title, _LISTED), theme
    )


def _shared(ties: pd.DataFrame) -> dict[int, str]:
    found: dict[int, dict[str, list[int]]] = {}
    for row in ties[ties["kind"] != "referral"].to_dict("records"):
        for one, other in ((row["low_user_id"], row["high_user_id"]), (row["high_user_id"], row["low_user_id"])):
            found.setdefault(one, {}).setdefault(row["kind"], []).append(other)
    nouns = {kind: text.removeprefix("share ") for kind, text in TIES.items()}
    return {
        user: "; ".join(f"{nouns[kind]} with {_users(others)}" for kind, others in kinds.items())
        for user, kinds in found.items()
    }


def _users(ids: list[int]) -> str:
    more = f" and {len(ids) - 5} more" if len(ids) > 5 else ""
    return ", ".join(str(user) for user in ids[:5]) + more


def _role(row: dict) -> str:
    if row["invited"]:
        return "both" if row["invited_by"] else "invites"
    return "invited" if row["invited_by"] else "other"


def _says(row: dict, role: str, shared: dict[int, str]) -> str:
    last = _day(row["last_active"])
    seen = f"active on {plural(row['active_days'], 'day')}, last {last}" if row["active_days"] else "never active"
    invited = f" Invited {count(row['invited'])} in this case." if row["invited"] else ""
    shares = f" Shares {shared[row['user_id']]}." if row["user_id"] in shared else ""
    kind = row["user_type"] if isinstance(row["user_type"], str) else "not in users"
    return (
        f"User {row['user_id']}: {kind}, signed up {_day(row['signup_date'])}, {seen}, "
        f"{plural(row['scans'], 'receipt')} scanned; {_ROLES[role]}.{invited}{shares}"
    )


def _caption(records: list[dict]) -> str:
    there, drawn = records[0]["people"], len(records)
    left_out = f" {count(drawn)} of {count(there)} people are drawn; the file has all." if drawn < there else ""
    return f"An arrow is an invitation. Click a person for what is known of them.{left_out}"


def _day(day: Any) -> str:
    return "-" if pd.isna(day) else day_text(day)
