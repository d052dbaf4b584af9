"""Past days whose published figures change from one publication to the next: logged before the new one is shown."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

#: Headline figures by table: its day column, and each measure with the expression that adds it up over a day.
HEADLINES: dict[str, tuple[str, dict[str, str]]] = {
    "fct_liability_day": (
        "activity_date",
        {
            name: f"sum({name})"
            for name in ("awarded_usd", "redeemed_usd", "withheld_usd", "unpaid_usd", "liability_usd")
        },
    ),
    "fct_school_day": ("activity_date", {name: f"sum({name})" for name in ("amount_raised_usd", "purchases")}),
    "fct_user_day": (
        "activity_date",
        {"active_users": "count(*) filter (is_active)", "scans_completed": "sum(scans_completed)"},
    ),
}


def record_restatements(con: DuckDBPyConnection, build_id: str, shown: Path) -> None:
    """Log in ops.restatements each day before the last T whose headline in gold differs from the snapshot ``shown``.

    Run again for a build it replaces what it logged, and what a build logged whose publication was killed. Nothing is
    logged for the first publication, nor for a table that either of the two does not have; a day without rows counts
    as 0.
    """
    con.execute(
        "delete from ops.restatements where build_id = ? or build_id not in (select build_id from ops.publications)",
        [build_id],
    )
    if not shown.exists():
        return
    con.execute(f"attach '{str(shown.resolve()).replace(chr(39), chr(39) * 2)}' as shown (read_only)")
    try:
        for table, (day, measures) in HEADLINES.items():
            if all(_has(con, database, table) for database in ("shown", "current_database()")):
                totals = ", ".join(f"cast({total} as decimal(18, 2)) as {name}" for name, total in measures.items())
                con.execute(
                    _CHANGES.format(table=table, day=day, totals=totals, measures=", ".join(measures)),
                    [table, build_id],
                )
        con.execute(_WHY.format(policy=_policy_changed(con)), [build_id])
    finally:
        con.execute("detach shown")


_CHANGES = """
with before as (
    unpivot (select {day} as day, {totals} from shown.gold.{table} group by {day})
    on {measures} into name measure value value
),

after as (
    unpivot (select {day} as day, {totals} from gold.{table} group by {day})
    on {measures} into name measure value value
)

insert into ops.restatements
select
    builds.build_id,
    builds.as_of,
    last.as_of,
    day,
    $1,
    measure,
    coalesce(before.value, 0),
    coalesce(after.value, 0),
    'correction'
from before
full outer join after using (day, measure)
cross join shown.ops.snapshot as last
inner join ops.builds as builds on builds.build_id = $2
where day < last.as_of::date and coalesce(before.value, 0) <> coalesce(after.value, 0)
"""

# The first that applies: other rules, a reprocess, late rows that landed between the two and reach back that far; what
# is left was corrected at the source or delivered again.
_WHY = """
update ops.restatements as changed
set why = case
    when {policy} then 'policy'
    when builds.mode = 'reprocess' or builds.full_refresh then 'reprocess'
    when exists (
        select 1
        from ops.lateness as late
        where
            late.load_id > (select covered_load_id from ops.builds inner join shown.ops.snapshot using (build_id))
            and least(late.earliest_late_day, late.earliest_beyond_day) <= changed.activity_date
    ) then 'late rows'
    else 'correction'
end
from ops.builds as builds
where builds.build_id = changed.build_id and changed.build_id = $1
"""


def _has(con: DuckDBPyConnection, database: str, table: str) -> bool:
    name = database if database.endswith("()") else f"'{database}'"
    return bool(
        con.execute(
            f"select 1 from duckdb_tables() where database_name = {name} and schema_name = 'gold' and table_name = ?",
            [table],
        ).fetchone()
    )


def _policy_changed(con: DuckDBPyConnection) -> str:
    """SQL: whether the rules in force differ; false where a snapshot does not say which they were."""
    if not all(_has(con, database, "fct_policy_option") for database in ("shown", "current_database()")):
        return "false"
    rules = "(select (window_hours, qualifying) from {}.fct_policy_option where is_in_force limit 1)"
    return f"{rules.format('shown.gold')} is distinct from {rules.format('gold')}"
