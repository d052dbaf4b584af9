"""The network view in five numbers."""

from __future__ import annotations

import pandas as pd
from dash import html

from dash_app.components.kpi_card import kpi_card
from dash_app.components.referral_kpis import Means
from dash_app.filters import Filters, day_text
from dash_app.formats import FEW, Change, count, plural

FACTORS = {
    "inviter_share": "users who invite",
    "invitations_per_inviter": "invitations of each of them",
    "application_rate": "codes applied",
    "eligibility_rate": "codes that become eligible",
}


def kpi_cards(
    k: pd.DataFrame, on_record: pd.DataFrame, change: pd.DataFrame, pairs: pd.DataFrame, filters: Filters, means: Means
) -> html.Div:
    """Frames of ``queries.network``: k, on_record, change and next_generation."""
    windows = {row["window_days"]: row for row in k.to_dict("records")}
    cards = [
        *(_k_card(days, windows.get(days), means("k")) for days in (60, 30, 90)),
        _change_card(change, means("k_change")),
        _growth_card(pairs, means("next_generation")),
    ]
    parts = [
        html.P(_headline(windows.get(60), pairs, filters), className="headline mb-3"),
        html.Div(cards, className="kpis"),
        html.P(_fine_print(on_record), className="fine-print"),
    ]
    return html.Div(parts)


def k_text(k: float, low: float, high: float, users: float) -> str:
    """K, or its interval where it rests on fewer than 20 users."""
    return f"{low:.2f} to {high:.2f}" if users < FEW else f"{k:.2f}"


def _headline(of_60: dict | None, pairs: pd.DataFrame, filters: Filters) -> str:
    if of_60 is None or of_60["mature_users"] < FEW:
        return "Too few users have had 60 days to say how many new users each of them brings."
    low, high = 100 * of_60["k_low"], 100 * of_60["k_high"]
    who = f"{filters.user_type or 'user'}s"
    said = f"100 {who} bring {100 * of_60['k']:.0f} new users within 60 days ({low:.0f} to {high:.0f})"
    if pairs.empty or filters.user_type:  # growth per generation is of everybody
        return f"{said}."
    grows = pairs["programme_r"].iloc[0]
    if grows >= 1:
        return f"{said}. Each generation is larger than the one before: referrals carry growth by themselves."
    return f"{said}. Referrals add to growth and do not carry it: for that each generation would have to be as large."


def _k_card(days: int, row: dict | None, means: str) -> html.Section:
    name = f"K in {days} days"
    if row is None or not row["mature_users"]:
        return kpi_card(f"kpi-k-{days}", name, "-", means, note=f"no user has had {days} days yet")
    made_of = f"{count(row['offspring'])} new users by {count(row['mature_users'])} mature ones"
    few = ": too few for one number" if row["mature_users"] < FEW else f"; {row['k_low']:.2f} to {row['k_high']:.2f}"
    value = k_text(row["k"], row["k_low"], row["k_high"], row["mature_users"])
    return kpi_card(f"kpi-k-{days}", name, value, means, note=made_of + few)


def _change_card(change: pd.DataFrame, means: str) -> html.Section:
    card_id, name = "kpi-k-change", "Latest K in 60 days"
    if change.empty:
        return kpi_card(card_id, name, "-", means, note="no two groups of signups are mature and on record yet")
    now = change.iloc[0]
    difference = now["k"] - now["previous_k"]
    direction = "same" if round(difference, 2) == 0 else "up" if difference > 0 else "down"
    broke = change.loc[change["is_where_it_broke"].astype(bool), "factor"]
    why = f"; it broke at {FACTORS[broke.iloc[0]]}" if len(broke) else ""
    said = Change(direction, f"{abs(difference):.2f} {direction} from {now['previous_k']:.2f}")
    if direction == "same":
        said = Change("same", "the same as before")
    note = f"{cohort_text(now['cohort_grain'], now['cohort_start'])}, {plural(now['mature_users'], 'user')}{why}"
    return kpi_card(card_id, name, f"{now['k']:.2f}", means, said, note)


def _growth_card(pairs: pd.DataFrame, means: str) -> html.Section:
    card_id, name = "kpi-next-generation", "Growth per generation"
    if pairs.empty:
        return kpi_card(card_id, name, "-", means, note="nobody is mature yet")
    grows = pairs["programme_r"].iloc[0]
    needs = (
        "of everybody; from 1 on growth carries itself"
        if grows >= 1
        else "of everybody; below 1 each generation is smaller than the one before"
    )
    return kpi_card(card_id, name, f"{grows:.2f}", means, note=needs)


def cohort_text(grain: str, starts: pd.Timestamp) -> str:
    """A cohort of signups in words."""
    return f"signed up in {starts:%B %Y}" if grain == "month" else f"signed up in the week of {day_text(starts)}"


def _fine_print(on_record: pd.DataFrame) -> str:
    mature = "Mature users have had the window, and seven days for late data. The range is the 95 % interval."
    if on_record.empty or not on_record["mature_users"].iloc[0]:
        return mature
    row = on_record.iloc[0]
    return (
        f"{mature} Users from before the records count with what is on record of them, which is too little: K in 60 "
        f"days of the {count(row['mature_users'])} who signed up since is {row['k']:.2f} ({count(row['offspring'])} "
        "new users)."
    )
