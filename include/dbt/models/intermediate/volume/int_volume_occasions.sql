{% set shares = [
    ('holiday', 'lowest'), ('long_weekend', 'lowest'), ('winter_break', 'lowest'), ('new_year', 'highest'), ('school_year_end', 'lowest'),
    ('back_to_school', 'highest'),
] %}
-- Grain: one row per activity_date on which the American year makes less (lowest_share) or more (highest_share) than the usual volume likely. Of several
-- occasions on one day the widest share holds.
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
)

select
    activity_date,
    cast(
        min(case
            {%- for kind, share in shares if share == 'lowest' %}
            when kind = '{{ kind }}' then {{ threshold(kind ~ '_lowest') }}
            {%- endfor %}
            else 1
        end) as double
    ) as lowest_share,
    cast(
        max(case
            {%- for kind, share in shares if share == 'highest' %}
            when kind = '{{ kind }}' then {{ threshold(kind ~ '_highest') }}
            {%- endfor %}
            else 1
        end) as double
    ) as highest_share
from matched
group by activity_date
