"""Simulated worlds with labelled incidents, and what was known about each of their days on the day itself."""

from __future__ import annotations

import csv
import tempfile
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import pandas as pd

from include.alerts.checks.files import missing_tables, tables_delivered_twice
from include.evaluate.scoring import FILE_MISSING, FILE_TWICE, Incident
from include.generator.config import SimulationConfig
from include.generator.simulate import write_days
from include.ingest.load import load_days
from include.settings import Paths
from include.warehouse import connect

#: Worlds begin at different times of the year, so that holidays, the summer and the start of school come at every age.
EPOCHS = (date(2025, 1, 1), date(2025, 3, 15), date(2025, 6, 1), date(2025, 8, 15), date(2025, 11, 1))
#: No method speaks before; no world has an incident before.
SILENT_DAYS = 28
HISTORY_DAYS = 42

# Grain: metric, activity_date and the day on which rows of it landed. A row counts from its first landing on.
_LANDINGS = """
    with events as (
        select any_value(event_type) as event_type, any_value(user_id) as user_id, min(event_at) as moment,
            any_value(struct_pack(referral_id, scan := metadata_json ->> '$.scan_id')) as content, min(_ds) as ds, event_id as id
        from raw.events group by event_id
    ),
    purchases as (
        select min(purchased_at) as moment, any_value(struct_pack(user_id, product_id, quantity, price_paid)) as content,
            min(_ds) as ds, purchase_id as id
        from raw.purchases group by purchase_id
    ),
    told as (
        select event_type, moment::date as activity_date, ds,
            row_number() over (partition by event_type, user_id, moment, content order by ds, id) > 1 as is_repeated
        from events
    ),
    bought as (
        select moment::date as activity_date, ds,
            row_number() over (partition by moment, content order by ds, id) > 1 as is_repeated
        from purchases
    ),
    users as (
        select min(created_at)::date as activity_date, arg_min(marketing_channel is null, _ds) as is_without, min(_ds) as ds
        from raw.users group by user_id having min(created_at) >= (select min(moment) from events)
    )
    select 'events' as metric, activity_date, ds, count(*) as actual, count_if(is_repeated) as repeated from told group by all
    union all
    select 'events.' || event_type, activity_date, ds, count(*), count_if(is_repeated) from told group by all
    union all
    select 'rewards_awarded', activity_date, ds, count(*), 0 from told where event_type = 'reward_awarded' group by all
    union all
    select 'purchases', activity_date, ds, count(*), count_if(is_repeated) from bought group by all
    union all
    select 'referrals_sent', min(sent_at)::date as activity_date, min(_ds) as ds, 1, 0
    from raw.referrals group by referral_id
    union all
    select 'signups', activity_date, ds, count(*), 0 from users group by all
    union all
    select 'signups.without_channel', activity_date, ds, count_if(is_without), 0 from users group by all
"""

# Grain: the day on which it was known, metric, activity_date: what had landed by the end of that day.
_KNOWN = f"""
    with landings as ({_LANDINGS}),
    days as (select unnest(generate_series($first::timestamp, $last::timestamp, interval 1 day))::date as day),
    metrics as (
        select day, metric, min(activity_date) as first_seen
        from days inner join landings on ds <= day and activity_date <= day group by all
    ),
    grid as (
        select day, metric, first_seen,
            unnest(generate_series(
                greatest(first_seen, day - {HISTORY_DAYS})::timestamp, day::timestamp, interval 1 day
            ))::date as activity_date
        from metrics
    ),
    counted as (
        select day, metric, activity_date, sum(actual) as actual, sum(repeated) as repeated
        from days inner join landings on ds <= day and activity_date between day - {HISTORY_DAYS} and day group by all
    )
    select day, metric, activity_date, coalesce(actual, 0)::bigint as actual, coalesce(repeated, 0)::bigint as repeated,
        (activity_date - first_seen)::integer as history_days
    from grid left join counted using (day, metric, activity_date)
    order by all
"""  # noqa: S608 - constants only


@dataclass(frozen=True)
class World:
    """One world as its pipeline saw it, day by day.

    ``known`` has one row per day, metric and activity_date up to that day: columns world, day, metric, activity_date,
    actual, repeated, history_days. ``file_alarms`` has the columns world, day, metric.
    """

    name: str
    first_day: date
    last_day: date
    incidents: tuple[Incident, ...]
    known: pd.DataFrame
    file_alarms: pd.DataFrame

    @property
    def judged_days(self) -> int:
        """Days on which a method could have spoken."""
        return (self.last_day - self.first_day).days + 1


def make_world(seed: int, days: int, scratch: Path, users: int | None = None) -> World:
    """Simulate ``days`` days of the world of that seed, load them, and look at each day as of its evening."""
    epoch = EPOCHS[(seed - 1) % len(EPOCHS)]
    config = SimulationConfig(seed=seed, epoch=epoch, file_format="parquet")
    if users is not None:
        config = SimulationConfig(seed=seed, epoch=epoch, file_format="parquet", users=users)
    first, last = epoch + timedelta(days=SILENT_DAYS), epoch + timedelta(days=days - 1)
    name = f"seed-{seed}"
    with tempfile.TemporaryDirectory(dir=scratch, prefix=name) as folder:
        paths = Paths(Path(folder))
        write_days(epoch, last, config, paths)
        load_days(epoch, last, paths)
        with connect(paths, read_only=True) as con:
            known = con.execute(_KNOWN, {"first": first, "last": last}).df()
            file_alarms = [
                (name, day, prefix + table)
                for day in (first + timedelta(days=number) for number in range((last - first).days + 1))
                for prefix, tables in (
                    (FILE_MISSING, missing_tables(con, day)),
                    (FILE_TWICE, tables_delivered_twice(con, day)),
                )
                for table in tables
            ]
        incidents = _incidents(name, paths.truth / "incidents.csv")
    known.insert(0, "world", name)
    for column in ("day", "activity_date"):
        known[column] = known[column].dt.date
    return World(
        name, first, last, incidents, known, pd.DataFrame(file_alarms, columns=["world", "day", "metric"])
    )


def _incidents(world: str, file: Path) -> tuple[Incident, ...]:
    with file.open(newline="", encoding="utf-8") as labels:
        return tuple(
            Incident(world, row["kind"], date.fromisoformat(row["start"]), date.fromisoformat(row["end"]))
            for row in csv.DictReader(labels)
        )
