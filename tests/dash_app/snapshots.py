"""Small published snapshots for the tests: the gold DDL, rows typed in by the test, and the swap of the link."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import yaml

from include.build import DBT_PROJECT
from include.scenarios.scenario import totals
from include.settings import Paths

Row = Mapping[str, Any]

#: Table of gold -> column -> type, as the contracts of the marts have them. A row names what matters to the test, the
#: rest is null.
GOLD: dict[str, dict[str, str]] = {
    model["name"]: {column["name"]: column["data_type"] for column in model["columns"]}
    for file in sorted((DBT_PROJECT / "models" / "marts").rglob("_*.yml"))
    for model in yaml.safe_load(file.read_text("utf-8")).get("models", [])
}
_OPS = """
create table ops.snapshot (
    build_id varchar, as_of timestamp, mode varchar, window_start date, window_end date, full_refresh boolean,
    built_at timestamp, published_at timestamp
);
create table ops.column_docs (table_name varchar, column_name varchar, description varchar);
create table ops.landing_days (ds date, load_id bigint, loaded_at timestamp);
create table ops.landing_files (
    table_name varchar, ds date, file_name varchar, bytes bigint, sha256 varchar, row_count bigint, rows_loaded bigint,
    rows_quarantined bigint, loaded_at timestamp, state varchar, reason varchar, missing_since timestamp
);
create table ops.lateness_by_day (
    table_name varchar, ds date, rows_on_time bigint, rows_late bigint, rows_beyond bigint
);
create table ops.schema_drift (
    table_name varchar, column_name varchar, ds date, file_name varchar, load_id bigint
);
create table ops.beyond_window (
    table_name varchar, ds date, rows_beyond bigint, command varchar, is_in_facts boolean
);
create table ops.node_results (
    unique_id varchar, resource_type varchar, status varchar, failures bigint, message varchar
);
create table ops.restatements (
    build_id varchar, as_of timestamp, previous_as_of timestamp, activity_date date, table_name varchar,
    measure varchar, value_from decimal(18, 2), value_to decimal(18, 2), why varchar
);
"""


def publish(
    root: Path, rows: Mapping[str, Sequence[Row]], last_day: date, build_id: str = "b1", without: Sequence[str] = ()
) -> Path:
    """Write ``gold-<build_id>.duckdb`` below ``root`` and point the link at it, as the publisher does.

    Tables are of gold, or of ops where their name says so. ``without`` names gold tables that this build does not have
    yet.
    """
    paths = Paths(root)
    paths.serving.mkdir(parents=True, exist_ok=True)
    file = paths.serving / f"gold-{build_id}.duckdb"
    as_of = datetime.combine(last_day + timedelta(days=1), datetime.min.time())
    file.write_bytes(_without_rows(tuple(without)))
    with duckdb.connect(str(file)) as con:
        con.execute(
            "insert into ops.snapshot values (?, ?, 'run', ?, ?, false, ?, ?)",
            [build_id, as_of, last_day - timedelta(days=7), last_day, as_of, as_of],
        )
        con.execute(
            "insert into ops.column_docs values ('fct_purchase', 'amount_raised_usd', 'What the purchase raised, USD.')"
        )
        for name, typed_in in rows.items():
            table = name if name.startswith("ops.") else f"gold.{name}"
            for row in typed_in:
                con.execute(
                    f"insert into {table} ({', '.join(row)}) values ({', '.join('?' * len(row))})", [*row.values()]
                )
        con.execute("checkpoint")
    link_to(paths, file)
    return file


@cache
def _without_rows(without: tuple[str, ...]) -> bytes:
    """A snapshot file with all tables but these: most of a test's time would go into making them again."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "empty.duckdb"
        with duckdb.connect(str(file)) as con:
            con.execute("create schema gold; create schema ops;" + _OPS)
            for table, columns in GOLD.items():
                if table not in without:
                    con.execute(f"create table gold.{table} ({', '.join(f'{c} {t}' for c, t in columns.items())})")
            con.execute("checkpoint")
        return file.read_bytes()


def link_to(paths: Paths, file: Path) -> None:
    """Swap the link that readers resolve."""
    staged = paths.serving / f".current.{os.getpid()}"
    staged.symlink_to(file.name)
    staged.replace(paths.current)


def user(user_id: int, signed_up: date, school_id: int = -1, user_type: str = "parent", **more: Any) -> Row:
    """A row of dim_user."""
    return {
        "user_id": user_id, "user_type": user_type, "school_id": school_id, "signup_date": signed_up,
        "display_name": f"User {user_id}", "is_verified": True, "marketing_channel": "organic",
    } | more  # fmt: skip


def school(school_id: int, name: str, state: str | None, city: str | None = "Springfield") -> Row:
    """A row of dim_school."""
    return {"school_id": school_id, "name": name, "city": city, "state": state}


def purchase(purchase_id: str, user_id: int, school_id: int, day: date, raised: str) -> Row:
    """A row of fct_purchase that raised so many USD."""
    return {
        "purchase_id": purchase_id, "user_id": user_id, "school_id": school_id, "purchase_date": day,
        "amount_raised_usd": raised,
    }  # fmt: skip


def active_day(user_id: int, day: date, contributing: bool = False) -> Row:
    """A row of fct_user_day of an active user."""
    return {"user_id": user_id, "activity_date": day, "is_active": True, "is_contributing": contributing}


def referral(referral_id: int, sent: date, source_status: str = "sent", school_id: int = -1, **more: Any) -> Row:
    """A row of fct_referral."""
    return {
        "referral_id": referral_id, "referrer_user_id": 1, "source_status": source_status,
        "referrer_school_id": school_id, "referrer_user_type": "parent",
        "sent_at": datetime.combine(sent, datetime.min.time()),
    } | more  # fmt: skip


def onboarding_week(
    week: date, users: int, started: int, completed: int, qualified: int, is_mature: bool = True, **group: Any
) -> list[Row]:
    """The three rows of fct_onboarding_step of one group of people."""
    who = {
        "cohort_week": week, "platform": "ios", "app_version": "7.1.0", "marketing_channel": "organic",
        "user_type": "parent", "users": users, "mature_users": users, "is_observed": True,
    } | group  # fmt: skip
    reached = (users, started, completed, qualified)
    steps = ("onboarding_started", "onboarding_completed", "qualified")
    return [
        who
        | {"step_number": number, "step": step, "reached_previous_users": reached[number - 1]}
        | {"reached_users": reached[number], "is_mature": is_mature or number < len(steps)}
        for number, step in enumerate(steps, start=1)
    ]


def scan_week(
    week: date, platform: str, attempts: int, completed: int, lost_usd: str = "0", is_mature: bool = True
) -> Row:
    """A row of fct_scan_funnel_week, all of whose attempts were submitted."""
    return {
        "week_start": week, "platform": platform, "app_version": "7.1.0", "attempts": attempts,
        "mature_attempts": attempts, "submitted_attempts": attempts, "completed_attempts": completed,
        "failed_attempts": attempts - completed, "abandoned_attempts": 0, "followed_attempts": 0,
        "lost_for_good_usd": lost_usd, "is_mature": is_mature,
    }  # fmt: skip


def invitations(
    week: date, channel: str, sent: int, clicked: int, applied: int, eligible: int, is_mature: bool = True, **more: Any
) -> Row:
    """A row of fct_referral_funnel_week in which everybody who applied a code had installed and was onboarded."""
    return {
        "cohort_week": week, "channel": channel, "referrer_user_type": "parent", "sent": sent,
        "mature_sent": sent if is_mature else 0, "clicked": clicked, "installed": applied, "applied": applied,
        "applied_without_click": 0, "onboarded": applied, "qualified": applied, "eligible": eligible,
        "awarded": eligible, "is_mature": is_mature,
    } | more  # fmt: skip


def tree_of(parents: Mapping[int, int | None], placed: bool = True, **cascade: Any) -> dict[str, list[Row]]:
    """The rows of one referral tree: user -> who brought them, the root first and parents before their children.

    ``placed``: the build has computed places, as it does for trees of three users or more.
    """
    root, *_ = parents
    depth = {root: 0}
    for who, above in parents.items():
        if above is not None:
            depth[who] = depth[above] + 1
    below = {who: sum(_is_below(other, who, parents) for other in parents) for who in parents}
    return {
        "fct_cascade": [{"root_user_id": root, "users": len(parents), "signup_date": date(2025, 6, 1)} | cascade],
        "fct_network_effects_user": [
            {
                "user_id": who, "root_user_id": root, "depth": depth[who], "descendants": below[who],
                "direct_referrals": sum(above == who for above in parents.values()),
                "subtree_amount_raised_usd": 1 + below[who],
            }
            for who in parents
        ],
        "fct_network_edge": [
            {"referral_id": who, "referrer_user_id": above, "referred_user_id": who, "is_left_out": False}
            for who, above in parents.items() if above is not None
        ],
        "fct_network_position": [
            {
                "user_id": who, "root_user_id": root, "parent_user_id": above, "depth": depth[who],
                "descendants": below[who], "x": float(order), "y": float(depth[who]), "drawing_order": order,
            }
            for order, (who, above) in enumerate(parents.items(), start=1) if placed
        ],
    }  # fmt: skip


def together(*parts: Mapping[str, Sequence[Row]]) -> dict[str, list[Row]]:
    """The rows of several snapshots in one."""
    return {table: [row for part in parts for row in part.get(table, ())] for part in parts for table in part}


def _is_below(who: int | None, above: int, parents: Mapping[int, int | None]) -> bool:
    while who is not None and (who := parents[who]) is not None:
        if who == above:
            return True
    return False


def k_cohort(
    mature: int, inviters: int, invitations: int, applications: int, offspring: int, window: int = 60, **more: Any
) -> Row:
    """A row of fct_k, of everybody unless ``more`` says of whom, with an interval half as wide as K on either side."""
    k = offspring / mature
    return {
        "window_days": window, "cohort_grain": "all", "segment": "all", "segment_value": "all", "users": mature,
        "mature_users": mature, "inviters": inviters, "invitations": invitations, "applications": applications,
        "offspring": offspring, "k": k, "k_low": k / 2, "k_high": 1.5 * k, "inviter_share": inviters / mature,
        "invitations_per_inviter": invitations / inviters, "application_rate": applications / invitations,
        "eligibility_rate": offspring / applications, "is_observed": True, "is_mature": True,
    } | more  # fmt: skip


def k_factors(grain: str, starts: date, before: date, broke: str | None, **contributions: float) -> list[Row]:
    """The four rows of fct_k_change of one cohort."""
    return [
        {
            "window_days": 60, "cohort_grain": grain, "cohort_start": starts, "previous_cohort_start": before,
            "segment": "all", "segment_value": "all", "factor_number": number, "factor": factor, "previous_value": 0.5,
            "value": 0.4, "contribution": contribution, "is_where_it_broke": factor == broke,
        }
        for number, (factor, contribution) in enumerate(contributions.items(), start=1)
    ]  # fmt: skip


def school_score(school_id: int, members: int, mature: int, offspring: int, rank: int | None, **more: Any) -> Row:
    """A row of fct_school_scorecard of a programme whose K is 0.2."""
    return {
        "school_id": school_id, "members": members, "mature_members": mature, "offspring": offspring,
        "k_60": offspring / mature, "k_60_low": 0.1, "k_60_high": 0.9, "k_60_within": 0.1, "k_60_across": 0.1,
        "programme_k_60": 0.2, "k_60_shrunk": 0.3, "k_60_shrunk_low": 0.1, "k_60_shrunk_high": 0.6, "school_rank": rank,
        "probability_above_programme": 0.9, "members_referred": 3, "active_supporters": 2, "imported_referrals": 1,
        "exported_referrals": 1, "outbound_referrals": 4, "top_sender_referrals": 0, "top_sender_descendants": 0,
        "new_members_28d": 1, "new_members_prior_28d": 1,
    } | more  # fmt: skip


def school_place(school_id: int, x: float, y: float, community: int = 1) -> Row:
    """A row of fct_school_position."""
    return {"school_id": school_id, "x": x, "y": y, "community": community, "community_schools": 2}


def flow(sender: int, taker: int, referrals: int) -> Row:
    """A row of fct_school_flow."""
    return {
        "from_school_id": sender, "to_school_id": taker, "referrals": referrals, "referrals_28d": 0, "referrers": 1,
        "is_within_school": sender == taker != -1,
    }  # fmt: skip


def spreader(user_id: int, offspring: int, school_id: int = -1, user_type: str = "parent") -> Row:
    """A row of fct_super_spreader, of a hundred who were brought in all."""
    return {
        "window_days": 60, "user_id": user_id, "user_type": user_type, "school_id": school_id, "offspring": offspring,
        "expected_by_luck": 0.1, "all_offspring": 100, "offspring_share": offspring / 100, "luck_p_value": 1e-6,
        "luck_q_value": 1e-4, "offspring_days_1_to_30": offspring, "offspring_days_31_to_60": 0,
        "marketing_channel": "organic",
    }  # fmt: skip


def future(path: int, horizon: int, new_usd: float, price: float = 5.0, **more: Any) -> Row:
    """A row of fct_forecast_path: 100 USD a side due and 50 under way, so much more of new invitations, 40 redeemed."""
    nothing = ("withheld_outstanding_usd", "withheld_future_usd", "unpaid_gained_usd", "unpaid_settled_usd")
    sides = ("referrer", "referred")
    return {
        "path": path, "horizon_days": horizon, "new_referrals": 100, "redeemed_outstanding_usd": 30,
        "redeemed_future_usd": 10, "liability_start_usd": 500, **dict.fromkeys(nothing, 0),
        **{f"due_{side}_usd": 100 for side in sides}, **{f"pipeline_{side}_usd": 50 for side in sides},
        **{f"new_{side}_usd": new_usd for side in sides}, **{f"price_{side}_usd": price for side in sides},
    } | more  # fmt: skip


def forecast_of(rows: Sequence[Row], last_day: date) -> dict[str, list[Row]]:
    """The futures ``rows`` with the totals that a build publishes of them, and rules of which 72 hours let more in."""
    published = totals(pd.DataFrame(rows)).to_dict("records")
    begins = last_day + timedelta(days=1)
    of_rules = {(24, "scan_or_link"): 150, (48, "scan_or_link"): 200, (72, "scan_or_link"): 300}
    return {
        "fct_forecast_path": [*rows],
        "fct_reward_forecast_total": [
            {
                **row, "as_of_date": begins, "model": "pipeline",
                "last_date": last_day + timedelta(days=int(row["horizon_days"])),
            }
            for row in published
        ],
        "fct_policy_option": [
            {
                "window_hours": hours, "qualifying": action, "is_in_force": hours == 48, "referrals": 1000,
                "eligible_referrals": eligible, "eligible_in_both": min(eligible, 200), "conversion": eligible / 1000,
            }
            for (hours, action), eligible in of_rules.items()
        ],
    }  # fmt: skip


def restatement(day: date, measure: str, value_from: float, value_to: float, why: str, as_of: date) -> Row:
    """A row of ops.restatements, logged by the build of ``as_of``."""
    return {
        "build_id": f"b-{as_of}", "as_of": as_of, "activity_date": day, "table_name": "fct_liability_day",
        "measure": measure, "value_from": value_from, "value_to": value_to, "why": why,
    }  # fmt: skip


def growth_week(ends: date, opening: int, new: int, back: int, left: int, **more: Any) -> Row:
    """A row of fct_growth_period of a complete week of active users."""
    closing = opening + new + back - left
    return {
        "variant": "active", "window_days": 7, "period_start": ends - timedelta(days=6), "period_end": ends,
        "opening_users": opening, "new_users": new, "resurrected_users": back, "churned_users": left,
        "retained_users": opening - left, "closing_users": closing,
        "is_observed": True, "is_mature": True,
    } | more  # fmt: skip


def raised_period(ends: date, supporters: int, scans: int, usd: float, before: float, parts: Sequence[float],
                  **more: Any) -> Row:  # fmt: skip
    """A row of fct_raised_drivers of complete 28 days; ``parts`` of supporters, scans each and USD per scan."""
    return {
        "window_days": 28, "period_start": ends - timedelta(days=27), "period_end": ends, "supporters": supporters,
        "scans": scans, "raised_usd": usd, "scans_per_supporter": scans / supporters, "usd_per_scan": usd / scans,
        "raised_before_usd": before, "change_usd": usd - before, "change_by_supporters_usd": parts[0],
        "change_by_scans_each_usd": parts[1], "change_by_usd_per_scan_usd": parts[2], "is_observed": True,
        "is_mature": True,
    } | more  # fmt: skip


def aim(metric: str, target: float, valid_from: date = date(2000, 1, 1), valid_until: date | None = None) -> Row:
    """A row of fct_kpi_target."""
    return {
        "metric": metric, "target": target, "valid_from": valid_from, "valid_until": valid_until, "set_by": "the board",
        "counts_as": "level" if metric == "active_supporters" else "sum",
    }  # fmt: skip
