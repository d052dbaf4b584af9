"""Schools and the referrals between them: the picture, and the same as a list of flows."""

from __future__ import annotations

from typing import Any

import pandas as pd
from dash.development.base_component import Component

from dash_app.components.network_graph import HIGH, WIDE, Legend, edge, node, picture, sizes
from dash_app.components.states import nothing
from dash_app.components.table import Columns, table
from dash_app.components.template import PALETTES, Theme
from dash_app.formats import FEW, count, plural
from dash_app.network_view import NetworkView
from dash_app.queries.school_network import FLOWS_DRAWN

#: From these probabilities on a school's K is called above or below that of the programme.
_ABOVE, _BELOW = 0.9, 0.1
#: So many of the largest have their name; the others have it once one zooms in.
_NAMED = 12
_GROWTH = {
    "above": "K above the programme's",
    "unclear": "not clearly above or below",
    "below": "K below the programme's",
    "few": "too few mature members",
}
_COLUMNS: Columns = {
    "from_school": ("From members of", None),
    "to_school": ("To members of", None),
    "referrals": ("Referrals", count),
    "referrals_28d": ("In the last 28 days", count),
    "referrers": ("Different referrers", count),
    "inside": ("Inside one school", None),
}


def school_area(
    rows: pd.DataFrame, flows: pd.DataFrame, view: NetworkView, canvas_id: str, csv: Component, theme: Theme
) -> list[Component]:
    """Schools as points, referrals between them as arrows. Needs ``queries.school_network`` schools and flows."""
    if rows.empty:
        return [nothing("No school has brought a member to another one yet, or none has this id.")]
    records = rows.to_dict("records")
    shades, named = _shades(records, view.colour, theme)
    there = {row["school_id"] for row in records}
    between = flows[
        ~flows["is_within_school"] & flows["from_school_id"].isin(there) & flows["to_school_id"].isin(there)
    ].head(FLOWS_DRAWN)
    title = "Referrals between schools"
    twin = flows.assign(inside=["yes" if inside else "no" for inside in flows["is_within_school"]])
    drawn = _elements(records, between, view, shades)
    captions = [_caption(rows, between, flows, view)]
    return picture(canvas_id, title, captions, csv, drawn, named, table(twin, _COLUMNS, title), theme)


def _elements(records: list[dict], flows: pd.DataFrame, view: NetworkView, shades: list[str]) -> list[dict[str, Any]]:
    diameters = sizes([row[view.size] for row in records])
    named = sorted(diameters, reverse=True)[:_NAMED][-1]
    drawn = [
        node(
            row["school_id"],
            row["school"],
            (row["x"] * WIDE / 2, -row["y"] * HIGH / 2),
            size,
            shade,
            _says(row),
            "chosen" if row["school_id"] == view.school else "minor" if size < named else "",
        )
        for row, size, shade in zip(records, diameters, shades, strict=True)
    ]
    most = max(flows["referrals"], default=1)
    for row in flows.to_dict("records"):
        width = 1 + 4 * row["referrals"] / most
        drawn.append(edge(row["from_school_id"], row["to_school_id"], width, "flow"))
    return drawn


def _shades(records: list[dict], colour: str, theme: Theme) -> tuple[list[str], Legend]:
    palette = PALETTES[theme]
    if colour == "growth":
        shades = dict(zip(_GROWTH, (palette.kinds[1], palette.kinds[4], palette.kinds[2], palette.muted), strict=True))
        kinds = [_growth(row) for row in records]
        return [shades[kind] for kind in kinds], [(shades[kind], _GROWTH[kind]) for kind in _GROWTH if kind in kinds]
    named = len(palette.kinds)
    there = sorted({row["community"] for row in records if row["community"] <= named})
    entries = [(palette.kinds[number - 1], f"community {number}") for number in there]
    if any(row["community"] > named for row in records):
        entries.append((palette.muted, "smaller communities"))
    return [
        palette.kinds[row["community"] - 1] if row["community"] <= named else palette.muted for row in records
    ], entries


def _growth(row: dict) -> str:
    probability = row["probability_above_programme"]
    if row["mature_members"] < FEW or pd.isna(probability):
        return "few"
    return "above" if probability >= _ABOVE else "below" if probability <= _BELOW else "unclear"


def _says(row: dict) -> str:
    k = "not known" if pd.isna(row["k_60_shrunk"]) else f"{row['k_60_shrunk']:.2f}"
    return (
        f"{row['school']}: {plural(row['members'], 'member')}, {plural(row['referrals_out'], 'referral')} by them, of "
        f"these {count(row['exported_referrals'])} to other schools; {count(row['imported_referrals'])} came in from "
        f"others. K in 60 days, drawn towards the mean: {k} ({_GROWTH[_growth(row)]})."
    )


def _caption(rows: pd.DataFrame, between: pd.DataFrame, flows: pd.DataFrame, view: NetworkView) -> str:
    there = int(rows["schools_there"].iloc[0])
    every = int(rows["all_schools"].iloc[0])
    left_out = f"; {plural(every - len(rows), 'school')} left out" if every > len(rows) else ""
    pairs = int((~flows["is_within_school"] & (flows["from_school_id"] != -1) & (flows["to_school_id"] != -1)).sum())
    lines = f"{count(len(between))} of {count(pairs)} pairs" if len(between) < pairs else f"all {count(pairs)} pairs"
    shown = (
        f"{count(len(rows))} of {count(every)} schools that exchange referrals and {lines} of them are drawn{left_out}."
    )
    if view.school is not None:
        chosen = rows.loc[rows["school_id"] == view.school, "school"]
        name = chosen.iloc[0] if len(chosen) else f"school {view.school}"
        return f"{name} and its {plural(there - 1, 'partner')}. {shown} Click the school again to see all."
    return f"{shown} Click a school to see it with its partners alone."
