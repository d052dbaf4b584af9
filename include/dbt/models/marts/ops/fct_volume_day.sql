-- Grain: one row per activity_date and metric: what happened that day beside what is usual for its weekday. Usual is the median of the same weekday
-- in the six weeks before: the tested day is never in its own baseline, and up to two odd days in it do not move it. Speaks after 28 days of history.
-- A feed that is all but gone is unusual whatever the scatter: in a young, growing world six weeks differ so much that the band reaches zero.
-- Rebuilt: a late row changes the baseline of six later weeks.
{% set weeks = 6 %}
{% set least_history_days = 28 %}
{% set band = 4 %} {# widths of the usual scatter that are still usual: of 10,000 quiet days fewer than one lies outside a normal one #}
with days as (select * from {{ ref('int_volume_days') }}),

earlier as (
    select
        days.activity_date,
        days.metric,
        before.actual
    from days
    inner join days as before
        on
            days.metric = before.metric
            and {{ days_after('days.activity_date', -7 * weeks) }} <= before.activity_date
            and days.activity_date > before.activity_date
            and {{ days_between('before.activity_date', 'days.activity_date') }} % 7 = 0
    where days.history_days >= {{ least_history_days }}
),

usual as (
    select
        activity_date,
        metric,
        cast(median(actual) as double) as expected
    from earlier
    group by activity_date, metric
),

scattered as (
    select
        usual.activity_date,
        usual.metric,
        usual.expected,
        -- the scatter seen (1.4826 makes a median deviation comparable with a standard deviation), but never less than that of pure counting, nor
        -- less than 8 %: six weeks can look steadier than they are
        greatest(1.4826 * median(abs(earlier.actual - usual.expected)), sqrt(usual.expected), 0.08 * usual.expected, 1.0) as scatter
    from usual
    inner join earlier on usual.activity_date = earlier.activity_date and usual.metric = earlier.metric
    group by usual.activity_date, usual.metric, usual.expected
)

select
    days.activity_date,
    days.metric,
    days.actual,
    scattered.expected,
    greatest(scattered.expected - {{ band }} * scattered.scatter, 0) as lower,
    scattered.expected + {{ band }} * scattered.scatter as upper,
    (days.actual - scattered.expected) / scattered.scatter as score,
    coalesce(
        abs(days.actual - scattered.expected) > {{ band }} * scattered.scatter
        or (days.actual = 0 and scattered.expected >= 10)
        or (days.actual <= 0.25 * scattered.expected and scattered.expected >= 20), -- by counting alone: once in a million days
        false
    ) as is_anomaly,
    days.history_days
from days
left join scattered on days.activity_date = scattered.activity_date and days.metric = scattered.metric
