-- Grain: one row per cohort_week of sending and channel, with `all`. Rebuilt: small, and maturity moves with T.
-- Conversion: eligible within 30 days of sending, over sends mature for 30.
with steps as (
    select
        cohort_week,
        {{ group_label('channel') }} as channel,
        is_mature,
        has_become_eligible
    from {{ ref('int_referral_steps') }}
),

in_channels as (
    select * from steps
    union all
    select
        cohort_week,
        'all' as channel,
        is_mature,
        has_become_eligible
    from steps
),

counted as (
    select
        cohort_week,
        channel,
        count(*) as sent,
        sum(case when is_mature then 1 else 0 end) as mature_sent,
        sum(case when is_mature and has_become_eligible then 1 else 0 end) as eligible
    from in_channels
    group by cohort_week, channel
)

select
    cohort_week,
    channel,
    cast(sent as bigint) as sent,
    cast(mature_sent as bigint) as mature_sent,
    cast(eligible as bigint) as eligible,
    {{ rate('eligible', 'mature_sent') }} as conversion,
    {{ wilson_low('eligible', 'mature_sent') }} as conversion_low,
    {{ wilson_high('eligible', 'mature_sent') }} as conversion_high,
    mature_sent = sent as is_mature
from counted
