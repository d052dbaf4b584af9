"""How late the rows of each load were: ``ds - date(event time)`` in days, kept per load in ``ops.lateness``."""

from __future__ import annotations

from duckdb import DuckDBPyConnection

from include.contracts import TABLES, TableContract, contract
from include.ingest.days import span

DAYS_HEALED = 7

#: Up to so many new keys are looked up in the history. Beyond, all keys are counted instead: slower on a long history,
#: but DuckDB can do it on disk, while a lookup of so many beside their count does not fit the memory of a load.
KEYS_LOOKED_UP = 2_000_000


def record_lateness(con: DuckDBPyConnection) -> list[str]:
    """Measure every load that has not been measured yet; returns a warning per table with rows beyond the window.

    A row delivered again counts from the earliest event day of its versions up to then. Runs once after all days of a
    call, and catches up on loads whose process was killed before it came to this.
    """
    warnings = []
    for name in TABLES:
        table = contract(name)
        if table.landing == "append":
            warnings += _record(con, table)
    return warnings


def _record(con: DuckDBPyConnection, table: TableContract) -> list[str]:
    event_time = next(column.name for column in table.columns if column.is_event_time)
    (key,) = table.key
    con.execute(
        f"""
        create or replace temp table pending as
        select load_id, ds
        from ops.loads
        where load_id not in (select load_id from ops.lateness where table_name = '{table.name}')
        """
    )
    _find_delivered_again(con, table.name, key)
    measured = con.execute(
        f"""
        insert into ops.lateness by name
        with versions as (
            select
                _ds as ds,
                cast({event_time} as date) as own_day,
                min(own_day) over (
                    partition by {key} order by _ds, _file, _line rows between unbounded preceding and current row
                ) as first_day
            from raw.{table.name}
            where {key} in (select {key} from delivered_again)
            union all
            select _ds as ds, cast({event_time} as date) as own_day, own_day as first_day
            from raw.{table.name}
            where _ds in (select ds from pending) and {key} not in (select {key} from delivered_again)
        ),
        aged as (select *, ds - first_day as days_late from versions where ds in (select ds from pending))
        select
            '{table.name}' as table_name,
            pending.ds,
            pending.load_id,
            count(*) filter (where days_late <= 0) as rows_on_time,
            count(*) filter (where days_late between 1 and {DAYS_HEALED}) as rows_late,
            count(*) filter (where days_late > {DAYS_HEALED}) as rows_beyond,
            count(*) filter (where own_day > pending.ds) as rows_future,
            min(first_day) filter (where days_late between 1 and {DAYS_HEALED}) as earliest_late_day,
            min(first_day) filter (where days_late > {DAYS_HEALED}) as earliest_beyond_day
        from pending
        left join aged on pending.ds = aged.ds
        group by pending.ds, pending.load_id
        returning ds, rows_beyond, earliest_beyond_day
        """
    ).fetchall()
    con.execute("drop table pending")
    con.execute("drop table delivered_again")
    beyond = sorted((ds, rows, earliest) for ds, rows, earliest in measured if rows)
    if not beyond:
        return []
    newest = con.execute("select max(ds) from ops.landing_days").fetchall()[0][0]
    earliest_day = min(earliest for _, _, earliest in beyond)
    return [
        f"{sum(rows for _, rows, _ in beyond):,} rows of {table.name} landed more than {DAYS_HEALED} days late "
        f"({span(beyond[0][0], beyond[-1][0])}, the earliest of {earliest_day}); they are kept. Bring them into the "
        f"facts: python -m include.pipeline reprocess --start {earliest_day} --end {newest}"
    ]


def _find_delivered_again(con: DuckDBPyConnection, table_name: str, key: str) -> None:
    """Fill the temporary table ``delivered_again`` with every key of the pending loads that ``raw`` holds repeatedly.

    Keys of other loads may be in it too.
    """
    of_pending = f"from raw.{table_name} where _ds in (select ds from pending)"
    if con.execute(f"select count(*) > {KEYS_LOOKED_UP} {of_pending}").fetchall()[0][0]:
        # By their hashes, which take half the memory; of two keys with one hash both are looked at, for nothing.
        hashes = f"select hash({key}) as key_hash from raw.{table_name} group by key_hash having count(*) > 1"
        again = f"select distinct {key} from raw.{table_name} where hash({key}) in ({hashes})"
    else:
        of_these = f"where {key} in (select {key} {of_pending})"
        again = f"select {key} from raw.{table_name} {of_these} group by {key} having count(*) > 1"
    con.execute(f"create or replace temp table delivered_again as {again}")
