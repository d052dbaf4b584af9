-- Grain: one row per window_days, cohort_grain, cohort_start, segment, segment_value and factor: the change of K from the cohort before it, split by
-- factor with log-mean weights, without remainder (Ang 2005, the additive LMDI-I). Only cohorts whose users are all mature and on record, with 20 of
-- them at least. A K of zero is the limit of that split: all of the change belongs to the first factor that is zero.
with cohorts as (
    select
        *,
        lag(cohort_start) over earlier as previous_cohort_start,
        lag(k) over earlier as previous_k,
        lag(inviter_share) over earlier as previous_inviter_share,
        lag(invitations_per_inviter) over earlier as previous_invitations_per_inviter,
        lag(application_rate) over earlier as previous_application_rate,
        lag(eligibility_rate) over earlier as previous_eligibility_rate
    from {{ ref('fct_k') }}
    where cohort_grain <> 'all' and is_mature and is_observed and mature_users >= 20
    window earlier as (partition by window_days, cohort_grain, segment, segment_value order by cohort_start)
),

factors as (
    {%- for factor in ['inviter_share', 'invitations_per_inviter', 'application_rate', 'eligibility_rate'] %}
        select
            window_days,
            cohort_grain,
            cohort_start,
            segment,
            segment_value,
            previous_cohort_start,
            previous_k,
            k,
            {{ loop.index }} as factor_number,
            '{{ factor }}' as factor,
            previous_{{ factor }} as previous_value,
            {{ factor }} as value
        from cohorts
        where previous_cohort_start is not null
        {% if not loop.last %} union all {% endif %}
    {%- endfor %}
),

weighted as (
    select
        *,
        min(case when value = 0 or previous_value = 0 then factor_number end) over one_change as first_zero_factor
    from factors
    window one_change as (partition by window_days, cohort_grain, cohort_start, segment, segment_value)
),

split as (
    select
        *,
        case
            when k = previous_k and (k = 0 or value = previous_value) then 0
            when k = 0 or previous_k = 0 then case when factor_number = first_zero_factor then k - previous_k else 0 end
            when k = previous_k then k * ln(value / previous_value)
            else (k - previous_k) / ln(k / previous_k) * ln(value / previous_value)
        end as contribution
    from weighted
)

select
    window_days,
    cohort_grain,
    cohort_start,
    previous_cohort_start,
    segment,
    segment_value,
    cast(factor_number as integer) as factor_number,
    factor,
    previous_value,
    value,
    previous_k,
    k,
    round(contribution, 9) as contribution,
    k < previous_k
    and row_number() over (
        partition by window_days, cohort_grain, cohort_start, segment, segment_value order by round(contribution, 9), factor_number
    ) = 1 as is_where_it_broke
from split
