-- Grain: one row per activity_date and metric: what happened that day beside what is usual for its weekday. Usual is the median of the same weekday
-- in the six weeks before: the tested day is never in its own baseline, and up to two odd days in it do not move it. Speaks after 28 days of history.
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
),

bounded as (
    select
        *,
        -- a feed that is all but gone is unusual whatever the scatter: in a young, growing world six weeks differ so much that the band reaches zero
        greatest(
            expected - {{ band }} * scatter,
            case when expected >= 20 then 0.25 * expected when expected >= 10 then 1 else 0 end
        ) as lower,
        expected + {{ band }} * scatter as upper
    from scattered
)

select
    days.activity_date,
    days.metric,
    days.actual,
    bounded.expected,
    bounded.lower,
    bounded.upper,
    (days.actual - bounded.expected) / bounded.scatter as score,
    coalesce(days.actual < bounded.lower or days.actual > bounded.upper, false) as is_anomaly,
    days.history_days
from days
left join bounded on days.activity_date = bounded.activity_date and days.metric = bounded.metric
