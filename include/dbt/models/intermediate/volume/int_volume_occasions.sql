-- Grain: one row per activity_date on which the American year makes less (lowest_share) or more (highest_share) than the usual volume likely. Of
-- several occasions on one day the widest share holds.
with days as (select distinct activity_date from {{ ref('int_volume_days') }}),

matched as (
    select
        days.activity_date,
        occasions.kind
    from days
    inner join {{ ref('us_occasions') }} as occasions
        on
            extract(month from days.activity_date) = occasions.month
            and extract(day from days.activity_date) between occasions.first_day and occasions.last_day
            and coalesce(nullif(occasions.weekday, ''), {{ weekday_name('days.activity_date') }}) = {{ weekday_name('days.activity_date') }}
),

shares as (
    select
        activity_date,
        case kind
            when 'holiday' then {{ threshold('holiday_lowest') }}
            when 'long_weekend' then {{ threshold('long_weekend_lowest') }}
            when 'winter_break' then {{ threshold('winter_break_lowest') }}
            when 'school_year_end' then {{ threshold('school_year_end_lowest') }}
            else 1
        end as lowest_share,
        case kind
            when 'new_year' then {{ threshold('new_year_highest') }}
            when 'back_to_school' then {{ threshold('back_to_school_highest') }}
            else 1
        end as highest_share
    from matched
)

select
    activity_date,
    cast(min(lowest_share) as double) as lowest_share,
    cast(max(highest_share) as double) as highest_share
from shares
group by activity_date
