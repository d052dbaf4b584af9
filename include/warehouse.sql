-- The tables of raw and ops that do not follow from a landing contract; those that do are there before.
-- Runs at every opening for writing: keep it cheap and repeatable.
create schema if not exists silver;
create schema if not exists gold;
create schema if not exists ops;

-- Grain: one row per landed record that broke its contract, and one (line null) per refused file.
create table if not exists raw.quarantine (
    table_name varchar not null,
    ds date not null,
    file_name varchar not null,
    line bigint, -- physical line on which the record starts, header is 1; Parquet: row number; whole file: null
    reasons varchar not null, -- joined by '; '
    raw_row varchar, -- the record as it came
    _load_id bigint not null,
    _loaded_at timestamp not null
);

-- Grain: one row per raw row that a changed file replaced. Values of row_json are texts, read back by a cast to the column's type.
create table if not exists raw.superseded (
    table_name varchar not null,
    ds date not null,
    file_name varchar not null,
    line bigint,
    row_json json not null,
    superseded_by_load_id bigint not null
);

-- Grain: one row per loaded landing day, with its newest load.
create table if not exists ops.landing_days (ds date not null, load_id bigint not null, loaded_at timestamp not null);

-- Grain: one row per load, that is per transaction: the history behind landing_days.
create table if not exists ops.loads (
    load_id bigint not null,
    ds date not null,
    loaded_at timestamp not null,
    files bigint not null,
    rows_loaded bigint not null,
    rows_quarantined bigint not null
);

-- Grain: one row per landing file ever taken or refused, in its newest state.
create table if not exists ops.landing_files (
    table_name varchar not null,
    ds date not null,
    file_name varchar not null,
    bytes bigint not null,
    sha256 varchar not null,
    modified_ns bigint not null, -- to notice a change in an old day without reading its files
    row_count bigint, -- null for a refused file
    rows_loaded bigint not null,
    rows_quarantined bigint not null,
    load_id bigint not null,
    loaded_at timestamp not null,
    state varchar not null, -- loaded | refused
    reason varchar, -- why it was refused
    missing_since timestamp -- when a load first noticed that the file had gone
);

-- Grain: one row per column that files carry and no contract names, where it was first seen.
create table if not exists ops.schema_drift (
    table_name varchar not null,
    column_name varchar not null,
    ds date not null,
    file_name varchar not null,
    load_id bigint not null
);

-- Grain: one row per table and landing day that an operator let pass; counts for loads up to load_id.
create table if not exists ops.accepted_quarantine (
    table_name varchar not null,
    ds date not null,
    load_id bigint not null,
    reason varchar not null,
    accepted_as varchar not null, -- TABLE:DS or all
    accepted_at timestamp not null
);

-- Grain: one row per load and append-only table: how late its rows were, in days after the day of the event.
create table if not exists ops.lateness (
    table_name varchar not null,
    ds date not null,
    load_id bigint not null,
    rows_on_time bigint not null,
    rows_late bigint not null, -- 1 to 7 days: healed by the daily run
    rows_beyond bigint not null, -- more than 7 days: wants a reprocess
    rows_future bigint not null, -- of a day after the landing day: in no table before T has passed them
    earliest_late_day date,
    earliest_beyond_day date
);

-- Grain: one row per older landing day whose files no longer are what was loaded, or were never loaded; as of the newest load_days.
create table if not exists ops.changed_days (ds date not null, files varchar not null, command varchar not null, noticed_at timestamp not null);

-- Grain: one row per planned build.
create table if not exists ops.builds (
    build_id varchar not null,
    mode varchar not null, -- run | reprocess
    window_start date not null,
    window_end date not null,
    as_of timestamp not null,
    previous_as_of timestamp not null,
    covered_load_id bigint not null,
    base_load_id bigint not null,
    full_refresh boolean not null,
    planned_at timestamp not null
);

-- Grain: one row per planned build since there is a choice: what builds its core. Older builds, without a row, are DuckDB's.
create table if not exists ops.build_engines (build_id varchar not null, engine varchar not null);

-- Grain: one row per start of dbt for a build: the newest says which build last worked on gold. Written by dbt's own hooks.
create table if not exists ops.dbt_runs (build_id varchar not null, started_at timestamp not null);

-- Grain: one row per build and dbt node; written by dbt's own hooks.
create table if not exists ops.build_nodes (
    build_id varchar not null,
    unique_id varchar not null,
    resource_type varchar,
    status varchar,
    failures bigint,
    message varchar,
    execution_seconds double,
    finished_at timestamp
);

-- Grain: one row per alert mail that reached somebody; copied from the mail queue by the next load.
create table if not exists ops.alerts_sent (
    message_id varchar not null,
    kind varchar not null, -- anomalies | digest | run | deadline | watch
    subject varchar not null,
    queued_at timestamp not null,
    sent_at timestamp not null, -- when the first address was reached
    addresses_reached bigint not null,
    addresses_waiting bigint not null
);

-- Grain: one row per publication.
create table if not exists ops.publications (
    build_id varchar not null,
    file_name varchar not null,
    published_at timestamp not null,
    as_of timestamp not null
);

-- Grain: one row per build, day, table and measure: a figure of a past day that the build's publication changed.
create table if not exists ops.restatements (
    build_id varchar not null,
    as_of timestamp not null,
    previous_as_of timestamp not null, -- T of the publication that it replaces
    activity_date date not null,
    table_name varchar not null,
    measure varchar not null,
    value_from decimal(18, 2) not null,
    value_to decimal(18, 2) not null,
    why varchar not null -- policy | reprocess | late rows | correction
);

-- Grain: one row per as_of_date, forecast_date and measure: every published gold.fct_reward_forecast_day, one per T.
create table if not exists ops.reward_forecast_day (
    as_of_date date not null,
    forecast_date date not null,
    measure varchar not null,
    horizon_day integer not null,
    expected decimal(18, 2) not null,
    lower_80 decimal(18, 2) not null,
    upper_80 decimal(18, 2) not null,
    lower_95 decimal(18, 2) not null,
    upper_95 decimal(18, 2) not null,
    model varchar not null
);

-- Grain: one row per as_of_date, measure and horizon_days: every published gold.fct_reward_forecast_total, one per T.
create table if not exists ops.reward_forecast_total (
    as_of_date date not null,
    measure varchar not null,
    horizon_days integer not null,
    last_date date not null,
    expected decimal(18, 2) not null,
    lower_80 decimal(18, 2) not null,
    upper_80 decimal(18, 2) not null,
    lower_95 decimal(18, 2) not null,
    upper_95 decimal(18, 2) not null,
    model varchar not null
);

-- Grain: one row per table and landing day too broken to publish: a refused file, or more than 5 % of at least 20 rows in quarantine.
create or replace view ops.gate as
select
    table_name,
    ds,
    max(load_id) as load_id,
    coalesce(sum(row_count), 0)::bigint as row_count,
    sum(rows_quarantined)::bigint as rows_quarantined,
    count(*) filter (where state = 'refused') as refused_files,
    string_agg(file_name || ': ' || reason, '; ' order by file_name) filter (where state = 'refused') as refusals
from ops.landing_files
where not (state = 'refused' and missing_since is not null)
group by table_name, ds
having
    count(*) filter (where state = 'refused') > 0
    or (coalesce(sum(row_count), 0) >= 20 and sum(rows_quarantined) * 20 > sum(row_count));

-- Grain: one row per append-only table and loaded landing day: the lateness of its newest load.
create or replace view ops.lateness_by_day as
from ops.lateness
qualify row_number() over (partition by table_name, ds order by load_id desc) = 1;

-- Grain: one row per append-only table and landing day with rows 1 to 7 days late.
create or replace view ops.late_rows as
select
    table_name,
    ds,
    load_id,
    rows_late,
    earliest_late_day
from ops.lateness_by_day
where rows_late > 0;

-- Grain: one row per build whose every node has a good result.
create or replace view ops.good_builds as
select
    builds.*
from ops.builds as builds
inner join ops.build_nodes as nodes on builds.build_id = nodes.build_id
group by all
having bool_and(nodes.status in ('success', 'pass', 'warn'));

-- Grain: one row per append-only table and landing day with rows more than 7 days late, the command that brings them into the facts, and whether a
-- build since then has done so.
create or replace view ops.beyond_window as
select
    table_name,
    ds,
    load_id,
    rows_beyond,
    earliest_beyond_day,
    printf('python -m include.pipeline reprocess --start %s --end %s', earliest_beyond_day::varchar, (select max(ds) from ops.landing_days)::varchar) as command,
    exists (
        select 1
        from ops.good_builds as builds
        where
            builds.covered_load_id >= lateness.load_id
            and (builds.full_refresh or builds.window_start <= lateness.earliest_beyond_day)
    ) as is_in_facts
from ops.lateness_by_day as lateness
where rows_beyond > 0;
