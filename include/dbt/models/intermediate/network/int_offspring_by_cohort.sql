-- Grain: one row per window_days, cohort_grain (`all`, `week`, `month`), cohort_start, segment and segment_value: sums over users. Only mature users
-- are in the sums of invitations and offspring. Cells are summed first: users are many, cells are few.
with cells as (
    select
        window_days,
        cohort_week,
        cohort_month,
        user_type,
        marketing_channel,
        acquired_via,
        case when is_observed then 'on record' else 'before the records' end as signup_time,
        count(*) as users,
        sum(case when is_mature then 1 else 0 end) as mature_users,
        sum(case when is_mature and invitations > 0 then 1 else 0 end) as inviters,
        sum(case when is_mature then invitations else 0 end) as invitations,
        sum(case when is_mature then applications else 0 end) as applications,
        sum(case when is_mature then offspring else 0 end) as offspring,
        sum(case when is_mature then offspring * offspring else 0 end) as offspring_squared,
        sum(case when is_observed then 0 else 1 end) as unobserved_users
    from {{ ref('int_offspring') }}
    group by window_days, cohort_week, cohort_month, user_type, marketing_channel, acquired_via, is_observed
),

in_segments as (
    {%- for segment in ['all', 'user_type', 'marketing_channel', 'acquired_via', 'signup_time'] %}
        select
            *,
            '{{ segment }}' as segment,
            {{ "'all'" if segment == 'all' else segment }} as segment_value
        from cells
        {% if not loop.last %} union all {% endif %}
    {%- endfor %}
),

in_cohorts as (
    {%- for grain, start in [('all', 'cast(null as date)'), ('week', 'cohort_week'), ('month', 'cohort_month')] %}
        select
            *,
            '{{ grain }}' as cohort_grain,
            {{ start }} as cohort_start
        from in_segments
        {% if not loop.last %} union all {% endif %}
    {%- endfor %}
)

select
    window_days,
    cohort_grain,
    cohort_start,
    segment,
    segment_value,
    sum(users) as users,
    sum(mature_users) as mature_users,
    sum(inviters) as inviters,
    sum(invitations) as invitations,
    sum(applications) as applications,
    sum(offspring) as offspring,
    sum(offspring_squared) as offspring_squared,
    sum(unobserved_users) as unobserved_users
from in_cohorts
group by window_days, cohort_grain, cohort_start, segment, segment_value
