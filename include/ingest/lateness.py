"""How late the rows of each load were: ``ds - date(event time)`` in days, kept per load in ``ops.lateness``."""

from __future__ import annotations

from duckdb import DuckDBPyConnection

from include.contracts import TABLES, TableContract, contract

DAYS_HEALED = 7


def record_lateness(con: DuckDBPyConnection) -> list[str]:
    """Measure every load that has not been measured yet; returns a warning per table and day beyond the window.

    Runs once after all days of a call, and catches up on loads whose process was killed before it came to this.
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
    # the versions that landed before a row: by the same order in which the newest landed wins
    found = con.execute(
        f"""
        insert into ops.lateness by name
        with pending as (
            select load_id, ds
            from ops.loads
            where load_id not in (select load_id from ops.lateness where table_name = '{table.name}')
        ),
        landed as (
            select rows.{key} as id, rows._ds, rows._file, rows._line, cast(rows.{event_time} as date) as event_day
            from raw.{table.name} as rows
            where rows._ds in (select ds from pending)
        ),
        before as (
            select landed.id, landed._ds, landed._file, landed._line, min(cast(earlier.{event_time} as date)) as event_day
            from landed
            inner join raw.{table.name} as earlier
                on landed.id = earlier.{key}
                and (earlier._ds, earlier._file, earlier._line) < (landed._ds, landed._file, landed._line)
            group by all
        ),
        aged as (
            select
                landed._ds as ds,
                landed.event_day as own_day,
                least(landed.event_day, before.event_day) as first_day,
                landed._ds - least(landed.event_day, before.event_day) as days_late
            from landed
            left join before
                on landed.id = before.id and landed._ds = before._ds and landed._file = before._file and landed._line = before._line
        )
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
    return [
        f"{table.name}:{ds}: {rows:,} rows are more than {DAYS_HEALED} days late, the earliest of {earliest}; they are kept. "
        f"Bring them into the facts: python -m include.pipeline reprocess --start {earliest} --end {ds}"
        for ds, rows, earliest in sorted(found)
        if rows
    ]
