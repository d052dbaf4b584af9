-- Grain: one row per activity_date and metric, from the first day of the metric to the day before T without a hole: a feed that did not come is a
-- zero, not a missing row. Zeros are filled in for the last 400 days only, so that one stray row of 2016 does not make ten years of them.
with counts as (select * from {{ ref('int_volume_counts') }}),

metrics as (
    select
        metric,
        min(activity_date) as first_activity_date
    from counts
    group by metric
),

days as (
    select {{ every_day(days_after('cast(' ~ as_of() ~ ' as date)', -400), days_after('cast(' ~ as_of() ~ ' as date)', -1)) }} as calendar_date
),

expected_days as (
    select
        days.calendar_date as activity_date,
        metrics.metric
    from metrics
    inner join days on metrics.first_activity_date <= days.calendar_date
    union
    select
        activity_date,
        metric
    from counts
)

select
    expected_days.activity_date,
    expected_days.metric,
    coalesce(counts.actual, 0) as actual,
    coalesce(counts.repeated, 0) as repeated,
    {{ days_between('metrics.first_activity_date', 'expected_days.activity_date') }} as history_days
from expected_days
inner join metrics on expected_days.metric = metrics.metric
left join counts on expected_days.activity_date = counts.activity_date and expected_days.metric = counts.metric
