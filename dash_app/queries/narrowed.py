"""The facts that the filters leave, as CTEs: what the executive view counts and the rows behind it.

A filter that is not set leaves no trace in the SQL: at 25 million events each condition on millions of rows takes a
tenth of a second, and most questions set none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from dash_app.filters import Filters


class _Fact(NamedTuple):
    table: str
    user: str | None
    """Column of whom it belongs to; type and channel of users who are not in dim_user match nothing."""
    school: str | None
    """Column of its school; None: the user's."""


_FACTS = {
    "purchases": _Fact("fct_purchase", "user_id", "school_id"),
    "users": _Fact("dim_user", "user_id", "school_id"),
    "user_days": _Fact("fct_user_day", "user_id", None),
    # as they were when the invitation was sent
    "referrals": _Fact("fct_referral", "referrer_user_id", "referrer_school_id"),
    "schools": _Fact("dim_school", None, "school_id"),
}
_OF_USERS = {"user_type": "user_type = $user_type", "channel": "marketing_channel = $channel"}
_OF_SCHOOLS = {"state": "upper(state) = $state", "school": "school_id = $school"}
_CONFIRMED = "select entity_id from gold.fct_fraud_filter where decision = 'confirmed' and $fraud = 'out'"


def facts(filters: Filters, *names: str) -> str:
    """CTEs of ``names``, each with all columns of its table and the rows that ``filters`` leave, of any period.

    Names: purchases, users, user_days, referrals, schools.
    """
    return ",\n".join(f"{name} as ({_fact(name, filters)})" for name in names)


def narrowing(filters: Filters) -> dict[str, Any]:
    """The parameters of these facts, with the period as ``start`` and ``end``."""
    return {"start": filters.start, "end": filters.end} | filters.narrowed_to


def bound(sql: str, params: dict[str, Any]) -> dict[str, Any]:
    """Those of ``params`` that ``sql`` names: DuckDB refuses others."""
    named = set(re.findall(r"\$(\w+)", sql))
    return {name: value for name, value in params.items() if name in named}


def _fact(name: str, filters: Filters) -> str:
    conditions = [*_conditions(name, {key for key, value in filters.narrowed_to.items() if value is not None})]
    return f"select * from gold.{_FACTS[name].table} where {' and '.join(conditions) or 'true'}"


def _conditions(name: str, chosen: set[str]) -> Iterator[str]:
    _, user, school = _FACTS[name]
    of_users = _chosen(_OF_USERS, chosen)
    if name == "referrals" and "user_type" in chosen:
        yield "referrer_user_type = $user_type"
        of_users = _chosen(_OF_USERS, chosen - {"user_type"})
    schools = f"(select school_id from gold.dim_school where {' and '.join(_chosen(_OF_SCHOOLS, chosen))})"
    if chosen & {*_OF_SCHOOLS} and school is None:
        of_users.append(f"school_id in {schools}")
    elif chosen & {*_OF_SCHOOLS}:
        yield f"{school} in {schools}"
    if of_users and user:
        yield f"{user} in (select user_id from gold.dim_user where {' and '.join(of_users)})"
    if "fraud" in chosen and user:
        yield f"{user} not in ({_CONFIRMED} and entity_type = 'user')"
    if "fraud" in chosen and name == "referrals":
        yield f"referral_id not in ({_CONFIRMED} and entity_type = 'referral')"
        yield f"(referred_user_id is null or referred_user_id not in ({_CONFIRMED} and entity_type = 'user'))"


def _chosen(conditions: dict[str, str], chosen: set[str]) -> list[str]:
    return [condition for name, condition in conditions.items() if name in chosen]
