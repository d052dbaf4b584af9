{% set weeks = threshold('history_weeks') %}
-- Grain: one row per activity_date and metric with enough history: what is usual for it, known from the days before alone. Medians throughout, so
-- that up to two odd weeks do not move it: the weekday's share of a week, the level of the last week and of four weeks, and the scatter between days.
with offsets as (select {{ every_number(1, 7 * weeks) }} as days_before),

-- Each earlier day by its own date: a range of dates would be held against every day of the history, which takes the square of its length.
past as (
    select
        days.activity_date,
        days.metric,
        before.actual,
        offsets.days_before,
        cast(floor((offsets.days_before - 1) / 7) as integer) as week_before,
        offsets.days_before % 7 as weekday_slot -- 0: the weekday of the tested day
    from {{ ref('int_volume_days') }} as days
    inner join offsets on offsets.days_before <= 7 * floor(days.history_days / 7) -- whole weeks
    inner join {{ ref('int_volume_days') }} as before
        on days.metric = before.metric and before.activity_date = {{ days_after('days.activity_date', '-offsets.days_before') }}
    where days.history_days >= {{ threshold('least_history_days') }}
),

weeks as (
    select
        activity_date,
        metric,
        week_before,
        cast(median(actual) as double) as week_level
    from past
    group by activity_date, metric, week_before
),

sureness as (
    select
        activity_date,
        metric,
        -- how much of a seen pattern to believe: the spread of weekdays against the scatter of a median of so few counts
        power({{ threshold('weekday_spread') }}, 2)
        / (
            power({{ threshold('weekday_spread') }}, 2)
            + 1.57 / (count(*) * greatest(coalesce(median(nullif(week_level, 0)), 0), 0.3)) -- 1.57: a median scatters by pi / 2 more than a mean
        ) as pattern_weight
    from weeks
    group by activity_date, metric
),

patterns as (
    select
        past.activity_date,
        past.metric,
        past.weekday_slot,
        greatest(
            1 + min(sureness.pattern_weight) * (coalesce(median(past.actual / nullif(weeks.week_level, 0)), 1) - 1),
            0.05
        ) as weekday_share
    from past
    inner join weeks on past.activity_date = weeks.activity_date and past.metric = weeks.metric and past.week_before = weeks.week_before
    inner join sureness on past.activity_date = sureness.activity_date and past.metric = sureness.metric
    group by past.activity_date, past.metric, past.weekday_slot
),

measured as (
    select
        past.activity_date,
        past.metric,
        past.days_before,
        past.actual,
        past.weekday_slot,
        patterns.weekday_share,
        past.actual / patterns.weekday_share as level,
        abs({{ count_distance('past.actual', 'patterns.weekday_share * weeks.week_level') }}) as distance
    from past
    inner join weeks on past.activity_date = weeks.activity_date and past.metric = weeks.metric and past.week_before = weeks.week_before
    inner join patterns
        on past.activity_date = patterns.activity_date and past.metric = patterns.metric and past.weekday_slot = patterns.weekday_slot
)

select
    activity_date,
    metric,
    max(case when weekday_slot = 0 then weekday_share end) as weekday_share,
    median(case when days_before <= {{ threshold('near_days') }} then level end) as near_level,
    median(case when days_before <= {{ threshold('far_days') }} then level end) as far_level,
    greatest(1.4826 * median(distance), 1.0) as spread, -- 1.4826: a median deviation beside a standard deviation; 1 is the scatter of pure counting
    coalesce(min(case when actual > 0 then days_before end), max(days_before) + 1) - 1 as silent_days_before,
    cast(sum(case when days_before < 7 then actual else 0 end) as bigint) as rows_of_week,
    cast(sum(case when days_before between 7 and 34 then actual else 0 end) as bigint) as rows_of_weeks_before
from measured
group by activity_date, metric
