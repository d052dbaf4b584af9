"""Hard rules about files, from what the loads recorded: a table that did not come, and one that came twice."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from include.alerts.thresholds import threshold

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_MISSING = """
    with days as (select ds from ops.landing_days where ds < $day order by ds desc limit $days),
    delivered as (select distinct table_name, ds from ops.landing_files where ds <= $day and state = 'loaded')
    select table_name
    from delivered
    where ds in (from days)
    group by table_name
    having count(*) >= $share * $days and table_name not in (select table_name from delivered where ds = $day)
    order by table_name
"""
_TWICE = """
    select distinct newer.table_name
    from ops.landing_files as newer
    inner join ops.landing_files as older
        on newer.table_name = older.table_name and newer.sha256 = older.sha256
        and (newer.ds, newer.file_name) > (older.ds, older.file_name)
    where newer.ds = $day and newer.state = 'loaded' and newer.row_count > 0
    order by 1
"""


def missing_tables(con: DuckDBPyConnection, day: date) -> list[str]:
    """Tables that come on nearly every day and did not on this one; none while there are too few days to say."""
    days, share = int(threshold("file_history_days")), threshold("file_usual_share")
    return [table for (table,) in con.execute(_MISSING, {"day": day, "days": days, "share": share}).fetchall()]


def tables_delivered_twice(con: DuckDBPyConnection, day: date) -> list[str]:
    """Tables of which a file of this day has, byte for byte, the content of another one."""
    return [table for (table,) in con.execute(_TWICE, {"day": day}).fetchall()]
