"""A referral tree as far as it is opened: the picture, the way to its root, and the same people as a list."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd
from dash import dcc
from dash.development.base_component import Component

from dash_app.components.network_graph import HIGH, WIDE, Legend, edge, node, picture, sizes
from dash_app.components.states import nothing
from dash_app.components.table import Columns, table
from dash_app.components.template import PALETTES, Theme
from dash_app.formats import count, plural, usd
from dash_app.network_view import NOT_VISIBLE, NetworkView

#: The id of a user, or of a case -> the address of this view with it in the middle.
Address = Callable[[Any], str]

#: Neighbours are so far apart when there is room for it, px; below ``_CROWDED`` their labels stand in three rows.
_APART, _CROWDED, _ROWS = 110, 52, 3
_GENERATIONS_NAMED = 5
_TRUST = {
    "none": "no review case",
    "open": "case open",
    "held": "case held",
    "confirmed": "fraud confirmed",
    "cleared": "case cleared",
    NOT_VISIBLE: "not visible to you",
}
_TYPES = ("parent", "teacher", "supporter")
_COLUMNS: Columns = {
    "link": ("User", None),
    "name": ("Name", None),
    "user_type": ("Type", None),
    "school": ("School", None),
    "brought_by": ("Brought by", None),
    "generation": ("Generation", count),
    "direct_referrals": ("Referred", count),
    "hidden_referrals": ("Of these not drawn", count),
    "descendants": ("Users below", count),
    "raised_usd": ("Raised with all below", usd),
    "trust_said": ("Trust", None),
}


def tree_area(
    rows: pd.DataFrame, view: NetworkView, address: Address, canvas_id: str, csv: Component, theme: Theme
) -> list[Component]:
    """The tree round the user chosen, or a sentence. Needs ``queries.referral_tree.tree``."""
    if rows.empty and view.user is None:
        return [nothing("Nobody has referred anybody yet, so there is no tree to draw.")]
    if rows.empty:
        return [nothing(f"There is no user {view.user}. Find another, or start again.")]
    records = rows.to_dict("records")
    user = rows.loc[rows["is_chosen"], "user_id"].iloc[0]
    shades, named = _shades(records, view.colour, theme)
    title = f"Referral tree round user {user}"
    twin = rows.assign(
        link=pd.Series([dcc.Link(str(row["user_id"]), href=address(row["user_id"])) for row in records], dtype=object),
        brought_by=[_number(row["parent_user_id"]) for row in records],
        trust_said=rows["trust"].map(_TRUST),
    )
    captions = [_path(records, address), _caption(records[0]["users_in_tree"], len(records))]
    drawn = _elements(records, view, shades)
    return picture(canvas_id, title, captions, csv, drawn, named, table(twin, _COLUMNS, title), theme)


def _elements(records: list[dict], view: NetworkView, shades: list[str]) -> list[dict[str, Any]]:
    diameters = sizes([row[view.size] for row in records])
    drawn: list[dict[str, Any]] = []
    for row, at, size, shade in zip(records, _places(records), diameters, shades, strict=True):
        more = row["hidden_referrals"]
        label = f"{row['user_id']} +{count(more)}" if more else str(row["user_id"])
        classes = " ".join([*(["more"] if more else []), *(["chosen"] if row["is_chosen"] else [])])
        drawn.append(node(row["user_id"], label, at, size, shade, _says(row), classes))
    on_path = {row["user_id"] for row in records if row["is_on_path"]}
    for row in records:
        if not pd.isna(row["parent_user_id"]):
            on_it = row["user_id"] in on_path
            drawn.append(edge(int(row["parent_user_id"]), row["user_id"], 4 if on_it else 2, "path" if on_it else ""))
    return drawn


def _places(records: list[dict]) -> list[tuple[float, float]]:
    """Places in px: as wide as there is room for, generations as far apart as fill the height."""
    left, right = min(row["x"] for row in records), max(row["x"] for row in records)
    apart = min(_APART, WIDE / (right - left)) if right > left else _APART
    deepest = max(row["generation"] for row in records)
    below = min(130.0, HIGH / deepest) if deepest else 0.0
    found, of_generation = [], dict.fromkeys(range(deepest + 1), 0)
    for row in records:
        lowered = (of_generation[row["generation"]] % _ROWS) * 22 if apart < _CROWDED and row["generation"] else 0
        of_generation[row["generation"]] += 1
        found.append((row["x"] * apart, row["generation"] * below + lowered))
    return found


def _shades(records: list[dict], colour: str, theme: Theme) -> tuple[list[str], Legend]:
    palette = PALETTES[theme]
    if colour == "generation":
        capped = [min(row["generation"], _GENERATIONS_NAMED) for row in records]
        names = {n: f"generation {n}" if n < _GENERATIONS_NAMED else f"{n} and deeper" for n in sorted({*capped})}
        names |= {0: "root"} if 0 in names else {}
        return [palette.kinds[n] for n in capped], [(palette.kinds[n], name) for n, name in names.items()]
    if colour == "trust":
        shades = (palette.muted, palette.kinds[2], palette.kinds[3], palette.alarm, palette.kinds[1], palette.muted)
        by_state = dict(zip(_TRUST, shades, strict=True))
        there = {row["trust"] for row in records}
        return (
            [by_state[row["trust"]] for row in records],
            [(by_state[state], name) for state, name in _TRUST.items() if state in there],
        )
    values = [row[colour] if isinstance(row[colour], str) else "not known" for row in records]
    order = _TYPES if colour == "user_type" else pd.Series(values).value_counts(sort=True).index
    by_value = dict(zip((v for v in order if v != "no school"), palette.kinds, strict=False))
    named = [(shade, value) for value, shade in by_value.items() if value in values]
    others = any(value not in by_value for value in values)
    return [by_value.get(value, palette.muted) for value in values], named + [
        (palette.muted, "others, or none")
    ] * others


def _says(row: dict) -> str:
    return (
        f"User {row['user_id']}, {row['name']}: {row['user_type'] or 'type not known'}, {row['school']}, generation "
        f"{row['generation']}. Referred {plural(row['direct_referrals'], 'user')}, {count(row['descendants'])} below "
        f"in all generations; raised {usd(row['raised_usd'])} with them. Trust: {_TRUST[row['trust']]}."
    )


def _path(records: list[dict], address: Address) -> list[Component | str]:
    steps = sorted((row for row in records if row["is_on_path"]), key=lambda row: row["generation"])
    if len(steps) == 1:
        return [f"User {steps[0]['user_id']} is the root of this tree: nobody referred them."]
    links: list[Component | str] = ["From the root: "]
    for row in steps:
        links += [dcc.Link(f"{row['user_id']}", href=address(row["user_id"])), " → "]
    return links[:-1]


def _caption(there: int, drawn: int) -> str:
    if there == 1:
        return "This user stands alone: nobody referred them, and nobody came by them."
    if there == drawn:
        return f"All {count(there)} users of the tree are drawn."
    return (
        f"{count(drawn)} of the {count(there)} users in the tree are drawn, {count(there - drawn)} are left out. Click "
        "a user with “+” to open their referrals, again to close them."
    )


def _number(value: Any) -> str:
    return "-" if pd.isna(value) else str(int(value))
