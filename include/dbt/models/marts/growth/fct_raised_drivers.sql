-- Grain: one row per window_days (7, 28) and period_end, the Sunday that ends a whole week: money raised as supporters x scans each x dollars per
-- scan, and the change from the period before, split among the three without a rest. Rebuilt: a late purchase moves the periods around it.
-- The split weighs the logarithm of each factor's growth with the logarithmic mean of the two amounts (Ang, LMDI I, 2005). Where a factor is zero in
-- one of the periods there is no logarithm, and the whole change belongs to the first factor that is zero, in the order of the tree: without
-- supporters there are no scans, without scans no dollars per scan.
with by_day as (
    select
        cast(completed_at as date) as activity_date,
        count(*) as scans,
        0 as raised_usd
    from {{ ref('fct_scan_attempt') }}
    where completed_at is not null
    group by cast(completed_at as date)
    union all
    select
        activity_date,
        0 as scans,
        sum(amount_raised_usd) as raised_usd
    from {{ ref('fct_school_day') }}
    group by activity_date
),

periods as (
    select
        growth.window_days,
        growth.period_start,
        growth.period_end,
        growth.closing_users as supporters,
        growth.is_observed,
        growth.is_mature,
        coalesce(sum(by_day.scans), 0) as scans,
        cast(coalesce(sum(by_day.raised_usd), 0) as decimal(18, 6)) as raised_usd
    from {{ ref('fct_growth_period') }} as growth
    left join by_day on by_day.activity_date between growth.period_start and growth.period_end
    where growth.variant = 'contributing'
    group by growth.window_days, growth.period_start, growth.period_end, growth.closing_users, growth.is_observed, growth.is_mature
),

compared as (
    select
        periods.*,
        coalesce(before.supporters, 0) as supporters_before,
        coalesce(before.scans, 0) as scans_before,
        coalesce(before.raised_usd, 0) as raised_before_usd
    from periods
    left join periods as before
        on periods.window_days = before.window_days and {{ days_after('periods.period_start', -1) }} = before.period_end
),

changed as (
    select
        *,
        cast(raised_usd - raised_before_usd as double) as change_usd,
        case
            when supporters = 0 or supporters_before = 0 then 'supporters'
            when scans = 0 or scans_before = 0 then 'scans_each'
            when raised_usd = 0 or raised_before_usd = 0 then 'usd_per_scan'
        end as zero_factor
    from compared
),

weighed as (
    select
        *,
        case
            when zero_factor is null and raised_usd = raised_before_usd then cast(raised_usd as double)
            when zero_factor is null then change_usd / ln(cast(raised_usd as double) / cast(raised_before_usd as double))
        end as log_mean_usd
    from changed
)

select
    window_days,
    period_start,
    period_end,
    cast(supporters as bigint) as supporters,
    cast(scans as bigint) as scans,
    raised_usd,
    {{ rate('scans', 'supporters') }} as scans_per_supporter,
    {{ rate('raised_usd', 'scans') }} as usd_per_scan,
    cast(raised_before_usd as decimal(18, 6)) as raised_before_usd,
    cast(raised_usd - raised_before_usd as decimal(18, 6)) as change_usd,
    round(
        case
            when zero_factor is null then log_mean_usd * ln(cast(supporters as double) / supporters_before)
            when zero_factor = 'supporters' then change_usd
            else 0
        end,
        6
    ) as change_by_supporters_usd,
    round(
        case
            when zero_factor is null
                then log_mean_usd * ln(cast(scans as double) / supporters * supporters_before / scans_before)
            when zero_factor = 'scans_each' then change_usd
            else 0
        end,
        6
    ) as change_by_scans_each_usd,
    round(
        case
            when zero_factor is null
                then log_mean_usd * ln(cast(raised_usd as double) / scans * scans_before / cast(raised_before_usd as double))
            when zero_factor = 'usd_per_scan' then change_usd
            else 0
        end,
        6
    ) as change_by_usd_per_scan_usd,
    zero_factor,
    is_observed,
    is_mature
from weighed
