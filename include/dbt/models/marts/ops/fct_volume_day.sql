{% set scatter = "sqrt(power(usual.spread, 2) + power(" ~ threshold('model_error') ~ ", 2) * greatest({}, 1))" %}
-- Grain: one row per activity_date and metric: what happened that day beside what is usual for it. Hard rules first (nothing came, said twice, a
-- remnant, never seen before), then the usual range: a day is outside when it fits neither the level of the last week nor that of four weeks, with
-- its weekday and what the year allows. The tested day is never in its own baseline. Rebuilt: a late row changes the baseline of six later weeks.
with levels as (
    select
        usual.*,
        coalesce(occasions.lowest_share, 1) as lowest_share,
        usual.weekday_share * usual.near_level as expected,
        coalesce(occasions.lowest_share, 1) * usual.weekday_share * least(usual.near_level, usual.far_level) as lowest,
        coalesce(occasions.highest_share, 1) * usual.weekday_share * greatest(usual.near_level, usual.far_level) as highest
    from {{ ref('int_volume_usual') }} as usual
    left join {{ ref('int_volume_occasions') }} as occasions on usual.activity_date = occasions.activity_date
),

scattered as (
    select
        usual.*,
        {{ scatter.format('usual.lowest') }} as scatter_below,
        {{ scatter.format('usual.highest') }} as scatter_above
    from levels as usual
),

bounded as (
    select
        *,
        power(greatest(sqrt(lowest + 0.375) - {{ threshold('band') }} * scatter_below / 2, sqrt(0.375)), 2) - 0.375 as lower,
        power(sqrt(highest + 0.375) + {{ threshold('band') }} * {{ threshold('surge_factor') }} * scatter_above / 2, 2) - 0.375 as upper
    from scattered
),

judged as (
    select
        days.activity_date,
        days.metric,
        days.actual,
        days.repeated,
        days.history_days,
        bounded.expected,
        bounded.lower,
        bounded.upper,
        case
            when days.actual < bounded.lowest then {{ count_distance('days.actual', 'bounded.lowest') }} / bounded.scatter_below
            when days.actual > bounded.highest then {{ count_distance('days.actual', 'bounded.highest') }} / bounded.scatter_above
            when bounded.expected is not null then 0
        end as score,
        case
            when
                days.actual = 0
                and (bounded.silent_days_before + 1) * bounded.lowest_share * bounded.far_level >= {{ threshold('nothing_expected') }}
                then 'nothing_arrived'
            when
                days.repeated >= {{ threshold('repeated_rows') }}
                and days.repeated >= {{ threshold('repeated_share') }} * days.actual
                then 'said_twice'
            when
                bounded.lowest >= {{ threshold('remnant_expected') }}
                and days.actual < {{ threshold('remnant_share') }} * bounded.lowest
                then 'remnant'
            when
                days.actual > 0
                and days.history_days >= 35
                and bounded.rows_of_weeks_before = 0
                and bounded.rows_of_week + days.actual >= {{ threshold('appeared_rows') }}
                then 'appeared'
            when days.actual < bounded.lower or days.actual > bounded.upper then 'outside_range'
        end as rule
    from {{ ref('int_volume_days') }} as days
    left join bounded on days.activity_date = bounded.activity_date and days.metric = bounded.metric
)

select
    activity_date,
    metric,
    actual,
    expected,
    lower,
    upper,
    score,
    rule is not null as is_anomaly,
    rule,
    repeated,
    history_days
from judged
