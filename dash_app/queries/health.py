"""How the newest build was made: what was delivered, what its tests said, what wants a hand."""

from __future__ import annotations

import pandas as pd

from dash_app.filters import Bounds, Filters
from dash_app.queries.snapshot import Snapshot

_RUN = """
select
    build_id,
    as_of,
    mode,
    window_start,
    window_end,
    full_refresh,
    built_at,
    published_at,
    (select count(*) from ops.node_results where resource_type = 'model') as models,
    (select count(*) from ops.node_results where resource_type = 'test') as tests,
    (select count(*) from ops.node_results where resource_type = 'test' and status = 'warn') as warnings
from ops.snapshot
"""

_WARNINGS = """
select split_part(unique_id, '.', 3) as test, failures, message
from ops.node_results
where resource_type = 'test' and status <> 'pass'
order by failures desc, test
"""

_CONFORMANCE = """
select
    table_name,
    count(*) as files,
    count(*) filter (where state = 'refused') as files_refused,
    count(missing_since) as files_missing,
    coalesce(sum(row_count), 0)::bigint as row_count,
    sum(rows_loaded)::bigint as rows_loaded,
    sum(rows_quarantined)::bigint as rows_quarantined,
    max(ds) as newest_day
from ops.landing_files
where ds between $start and $end
group by table_name
order by rows_quarantined desc, table_name
"""

_DELIVERIES = """
select
    ds,
    table_name,
    file_name,
    case when missing_since is not null then 'gone' when state = 'refused' then 'refused' else 'loaded' end
        as state,
    row_count,
    rows_loaded,
    rows_quarantined,
    bytes,
    sha256,
    loaded_at,
    coalesce(reason, '') as reason
from ops.landing_files
where ds between $start and $end
order by missing_since is null and landing_files.state = 'loaded', ds desc, table_name, file_name
"""

_LATENESS = """
select
    ds,
    sum(rows_on_time)::bigint as rows_on_time,
    sum(rows_late)::bigint as rows_late,
    sum(rows_beyond)::bigint as rows_beyond
from ops.lateness_by_day
where ds between $start and $end
group by ds
order by ds
"""

_BEYOND = """
select table_name, min(ds) as first_ds, max(ds) as last_ds, sum(rows_beyond)::bigint as rows_beyond, command
from ops.beyond_window
where not is_in_facts
group by table_name, command
order by rows_beyond desc, command, table_name
"""

_DRIFT = """
select table_name, column_name, ds, file_name
from ops.schema_drift
order by ds desc, table_name, column_name
"""

_UNUSUAL = """
select activity_date, metric, actual, expected, lower, upper, rule
from gold.fct_volume_day
where is_anomaly and activity_date between $start and $end
order by activity_date desc, metric
"""


def run(snapshot: Snapshot) -> pd.Series:
    """The build that is shown: build_id, as_of, mode, its window, built_at, published_at (UTC), and counts of its
    models, tests and warnings.
    """
    return snapshot.read(_RUN).iloc[0]


def warnings(snapshot: Snapshot) -> pd.DataFrame:
    """One row per test that did not pass: test, failures (rows), message. They did not stop the publication."""
    return snapshot.read(_WARNINGS)


def conformance(snapshot: Snapshot, filters: Filters, _bounds: Bounds) -> pd.DataFrame:
    """One row per landing table, of the landing days of the period: files, files_refused, files_missing, row_count,
    rows_loaded, rows_quarantined, newest_day. The most quarantined first.
    """
    return snapshot.read(_CONFORMANCE, _period(filters))


def deliveries(snapshot: Snapshot, filters: Filters, _bounds: Bounds) -> pd.DataFrame:
    """One row per delivered file of the period with its receipt: day, table, file, state, rows, bytes, SHA-256, when it
    was loaded, why it was refused. What is refused or has gone comes first, then the newest.
    """
    return snapshot.read(_DELIVERIES, _period(filters))


def lateness(snapshot: Snapshot, filters: Filters, _bounds: Bounds) -> pd.DataFrame:
    """One row per landing day: rows_on_time, rows_late (up to 7 days), rows_beyond (later) of events and purchases."""
    return snapshot.read(_LATENESS, _period(filters))


def beyond(snapshot: Snapshot) -> pd.DataFrame:
    """One row per table and command that brings late rows into the facts: first_ds, last_ds, rows_beyond, command."""
    return snapshot.read(_BEYOND)


def drift(snapshot: Snapshot) -> pd.DataFrame:
    """One row per column that was delivered and no contract names: table_name, column_name, and the landing day (ds)
    and file that had it first. No rows from a build that did not publish them yet.
    """
    if not snapshot.has("ops.schema_drift"):
        return pd.DataFrame({"table_name": [], "column_name": [], "ds": [], "file_name": []})
    return snapshot.read(_DRIFT)


def unusual(snapshot: Snapshot, filters: Filters, _bounds: Bounds) -> pd.DataFrame:
    """One row per day of the period and metric that was unusual: actual, expected, lower, upper, rule."""
    return snapshot.read(_UNUSUAL, _period(filters))


def _period(filters: Filters) -> dict[str, object]:
    return {"start": filters.start, "end": filters.end}
